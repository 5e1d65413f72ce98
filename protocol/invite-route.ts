/**
 * Routes as invites and descriptors carry them: small enough for a QR code and for a fixed size.
 *
 * Multiaddrs travel in binary and without the peer id, which the route names anyway; the secret of
 * the address at a route is derived from the invite's (bundle.ts). Spec 02 §Routes.
 */
import { multiaddr } from '@multiformats/multiaddr'
import { UsageError, WireError } from './errors.ts'
import { formatPeerId } from './peer-address.ts'
import { expectAtMost, expectLength } from './wire/decode.ts'
import type { InviteRoute as WireRoute } from './wire/restante.js'

/** Binary multiaddrs longer than this are for nobody: names and hashes fit in it. */
const multiaddrBytesMax = 255
const multiaddrsPerRouteMax = 8

export interface InviteRoute {
  /** The recipient's own device, not a relay. */
  device: boolean
  /** 32-byte Ed25519 key of the libp2p peer id. */
  peerKey: Uint8Array
  /** At most eight, without the `/p2p/…` of the route's own peer. */
  multiaddrs: string[]
}

/** UsageError USAGE where a multiaddr is none, too long, or one too many. */
export function encodeRoute (route: InviteRoute): WireRoute {
  const wrong = (cause?: unknown): UsageError =>
    new UsageError('USAGE', 'A route has a peer key and at most eight valid multiaddrs.', { cause })
  if (route.peerKey.length !== 32 || route.multiaddrs.length > multiaddrsPerRouteMax) throw wrong()
  const ownPeer = `/p2p/${formatPeerId(route.peerKey)}`
  const multiaddrs = route.multiaddrs.map(text => {
    let bytes: Uint8Array
    try {
      bytes = multiaddr(text.endsWith(ownPeer) ? text.slice(0, -ownPeer.length) : text).bytes
    } catch (cause) {
      throw wrong(cause)
    }
    if (bytes.length === 0 || bytes.length > multiaddrBytesMax) throw wrong()
    return bytes
  })
  return { device: route.device, peerKey: route.peerKey, multiaddrs }
}

/** WireError where it is malformed. Multiaddrs of kinds that are not known here are left out. */
export function decodeRoute (route: WireRoute, path: string): InviteRoute {
  expectLength(route.peerKey, 32, `${path}.peerKey`)
  return {
    device: route.device,
    peerKey: route.peerKey.slice(),
    multiaddrs: route.multiaddrs.flatMap(bytes => readMultiaddr(bytes, `${path}.multiaddrs`))
  }
}

function readMultiaddr (bytes: Uint8Array, path: string): string[] {
  if (bytes.length === 0) throw new WireError('MALFORMED', `${path}: an empty one`)
  expectAtMost(bytes, multiaddrBytesMax, path)
  try {
    return [multiaddr(bytes).toString()]
  } catch {
    // A newer version knows more transports: the others still lead there.
    return []
  }
}
