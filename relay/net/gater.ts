/**
 * Which connections a relay takes, makes and relays. Spec 03 §Limits.
 *
 * libp2p bounds connections in total; this bounds what one network neighbourhood may hold, and
 * keeps a relay from dialling into its operator's own network because a stranger told it to.
 */
import type { Connection, ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import { isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../protocol/ports.ts'
import { originOf } from './origin.ts'

export interface GaterOptions {
  clock: Clock
  connectionsPerOriginMax: number
  reservationsPerOriginMax: number
  /** Connections that one origin may open at once; then one more each `acceptRefillMs`. */
  acceptBurst: number
  acceptRefillMs: number
  /** Whether private addresses may be dialled: where the relay's own peers are at such. */
  dialsPrivate: boolean
  /** Peers that hold a reservation, and the connections of a peer. */
  reservedPeers: () => Iterable<PeerId>
  connectionsOf: (peer: PeerId) => Connection[]
}

interface Origin { connections: number, tokens: number, at: number }

export function relayGater (options: GaterOptions): ConnectionGater {
  const origins = new Map<string, Origin>()

  function isDenied (connection: MultiaddrConnection): boolean {
    const name = originOf(connection.remoteAddr)
    if (name === '') return false
    const now = options.clock.monotonic()
    const origin = origins.get(name) ?? { connections: 0, tokens: options.acceptBurst, at: now }
    origins.set(name, origin)
    origin.tokens = Math.min(options.acceptBurst, origin.tokens + (now - origin.at) / options.acceptRefillMs)
    origin.at = now
    if (origin.tokens < 1 || origin.connections >= options.connectionsPerOriginMax) return true
    origin.tokens--
    origin.connections++
    connection.addEventListener('close', () => { origin.connections-- }, { once: true })
    if (origins.size > 10_000) forgetQuiet(origins, now - options.acceptBurst * options.acceptRefillMs)
    return false
  }

  function holdsMany (source: PeerId): boolean {
    const origin = originOfPeer(source)
    if (origin === '') return false
    let held = 0
    for (const peer of options.reservedPeers()) {
      if (!peer.equals(source) && originOfPeer(peer) === origin) held++
    }
    return held >= options.reservationsPerOriginMax
  }

  function originOfPeer (peer: PeerId): string {
    const [connection] = options.connectionsOf(peer)
    return connection == null ? '' : originOf(connection.remoteAddr)
  }

  return {
    denyInboundConnection: isDenied,
    denyDialMultiaddr: (address: Multiaddr) => {
      if (address.toString().includes('/p2p-circuit')) return true
      return !options.dialsPrivate && isPrivate(address)
    },
    denyInboundRelayReservation: holdsMany
  }
}

/** Origins with no connection and a full allowance again are as if never seen. */
function forgetQuiet (origins: Map<string, Origin>, before: number): void {
  for (const [name, origin] of origins) {
    if (origin.connections <= 0 && origin.at < before) origins.delete(name)
  }
}
