/**
 * Where a messenger may take connections: on TCP, and nowhere else.
 *
 * libp2p's WebSocket listener ends the process at one malformed frame, which any stranger can send
 * before any handshake: nobody listens to the socket's error event. Dialling by WebSocket is safe.
 */
import { isIPv4, isIPv6 } from 'node:net'

/** For the person whose address is refused. */
export const listenRule =
  'A messenger takes connections on TCP only: /ip4/0.0.0.0/tcp/4010, or with ip6, dns4 or dns6.'

/** Whether `text` is a multiaddr of a host and a TCP port, and nothing above. */
export function isListenAddress (text: string): boolean {
  const [, kind, host, port] = /^\/(ip4|ip6|dns4|dns6)\/([^/]+)\/tcp\/(\d{1,5})$/.exec(text) ?? []
  if (host === undefined || Number(port) > 65_535) return false
  if (kind === 'ip4') return isIPv4(host)
  return kind !== 'ip6' || isIPv6(host)
}
