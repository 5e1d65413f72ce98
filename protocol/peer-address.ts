/**
 * A peer and where it may be dialled, as people give it: a multiaddr that ends in /p2p/ and a peer id.
 *
 * Only Ed25519 peer ids are known, whose key is in the id itself. Dials nothing.
 */
import { CODE_P2P, multiaddr } from '@multiformats/multiaddr'
import { base58 } from '@scure/base'
import { concat } from './bytes.ts'
import { UsageError } from './errors.ts'

/** Identity multihash of the protobuf of an Ed25519 public key. */
const peerIdPrefix = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
/** A circuit through a relay with two certificate hashes fits. */
export const multiaddrCharactersMax = 512

/** Base58 text of the peer id of a 32-byte Ed25519 key. */
export function formatPeerId (peerKey: Uint8Array): string {
  return base58.encode(concat(peerIdPrefix, peerKey))
}

/** The 32-byte Ed25519 key. UsageError where the text is no such peer id. */
export function parsePeerId (text: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = base58.decode(text)
  } catch (cause) {
    throw new UsageError('USAGE', 'That is no peer id.', { cause })
  }
  if (bytes.length !== 38 || peerIdPrefix.some((byte, index) => bytes[index] !== byte)) {
    throw new UsageError('USAGE', 'The peer id is not that of an Ed25519 key.')
  }
  return bytes.slice(peerIdPrefix.length)
}

/** `/…/p2p/PEERID`; the multiaddr comes back without its last part. UsageError. */
export function parsePeerAddress (text: string): { peerKey: Uint8Array, multiaddrs: string[] } {
  const trimmed = text.trim()
  if (trimmed.length > multiaddrCharactersMax) throw new UsageError('USAGE', 'That multiaddr is too long.')
  let address
  try {
    address = multiaddr(trimmed)
  } catch (cause) {
    throw new UsageError('USAGE', 'That is no multiaddr.', { cause })
  }
  const last = address.getComponents().at(-1)
  if (last?.code !== CODE_P2P || last.value === undefined) {
    throw new UsageError('USAGE', 'The multiaddr does not end with /p2p/ and a peer id.')
  }
  const rest = address.decapsulateCode(CODE_P2P).toString()
  return { peerKey: parsePeerId(last.value), multiaddrs: rest === '' || rest === '/' ? [] : [rest] }
}

/** One multiaddr of a peer, ending in its peer id. */
export function formatPeerAddress (peerKey: Uint8Array, address: string): string {
  const suffix = `/p2p/${formatPeerId(peerKey)}`
  return address.endsWith(suffix) ? address : `${address}${suffix}`
}
