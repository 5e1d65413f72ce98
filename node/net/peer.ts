/**
 * Peers as the engine names them (a 32-byte Ed25519 key) and as libp2p does (a peer id, multiaddrs).
 *
 * Text with a peer id is protocol/peer-address.ts's. Dials nothing. What a peer says about its addresses is hostile until proven
 * otherwise: see candidates.ts for what of it is dialled.
 */
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { UsageError } from '../../protocol/errors.ts'
import { multiaddrCharactersMax } from '../../protocol/peer-address.ts'

/** `peerKey`: 32 bytes. Throws UsageError for any other length. */
export function peerIdFromKey (peerKey: Uint8Array): PeerId {
  if (peerKey.length !== 32) throw new UsageError('USAGE', `peer key: ${peerKey.length} bytes, not 32`)
  return peerIdFromPublicKey(publicKeyFromRaw(peerKey))
}

/** The 32-byte key. Throws UsageError for a peer whose identity is no Ed25519 key. */
export function keyFromPeerId (peerId: PeerId): Uint8Array {
  if (peerId.type !== 'Ed25519') throw new UsageError('USAGE', 'The peer id is not that of an Ed25519 key.')
  return Uint8Array.from(peerId.publicKey.raw)
}

/** Undefined where it is no peer id. */
export function parsePeerId (text: string): PeerId | undefined {
  try {
    return peerIdFromString(text)
  } catch {
    // As below.
    return undefined
  }
}

/** Undefined where it is too long or no multiaddr. */
export function parseMultiaddr (text: string): Multiaddr | undefined {
  if (text.length > multiaddrCharactersMax) return undefined
  try {
    return multiaddr(text)
  } catch {
    // The parser throws errors of many kinds; they all mean that this is no multiaddr.
    return undefined
  }
}
