/**
 * Peers as the engine names them (a 32-byte Ed25519 key) and as libp2p does (a peer id, multiaddrs).
 *
 * Parses and prints; dials nothing. What a peer says about its addresses is hostile until proven
 * otherwise: see candidates.ts for what of it is dialled.
 */
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { CODE_P2P, multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { UsageError } from '../../protocol/errors.ts'
import type { PeerAddress } from '../core/ports.ts'

/** Characters of one multiaddr: a circuit through a webrtc-direct relay with two certificate hashes fits. */
export const multiaddrCharsMax = 512

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

/**
 * `/…/p2p/PEERID` as a person gives it. In the result the multiaddr stands without that last part.
 * Throws UsageError.
 */
export function parsePeerMultiaddr (text: string): PeerAddress {
  const address = parseMultiaddr(text.trim())
  if (address === undefined) throw new UsageError('USAGE', 'That is no multiaddr.')
  const last = address.getComponents().at(-1)
  if (last?.code !== CODE_P2P || last.value === undefined) {
    throw new UsageError('USAGE', 'The multiaddr does not end with /p2p/ and a peer id.')
  }
  const peerId = parsePeerId(last.value)
  if (peerId === undefined) throw new UsageError('USAGE', 'The multiaddr ends with something that is no peer id.')
  const peerKey = keyFromPeerId(peerId)
  const multiaddrs = [address.decapsulateCode(CODE_P2P).toString()].filter(rest => rest !== '/')
  return { peerKey, multiaddrs }
}

/** The reverse of parsePeerMultiaddr, for one of a peer's multiaddrs, with or without its peer id at the end. */
export function formatPeerMultiaddr (peerKey: Uint8Array, address: string): string {
  const peerId = peerIdFromKey(peerKey).toString()
  return address.endsWith(`/p2p/${peerId}`) ? address : `${address}/p2p/${peerId}`
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
  if (text.length > multiaddrCharsMax) return undefined
  try {
    return multiaddr(text)
  } catch {
    // The parser throws errors of many kinds; they all mean that this is no multiaddr.
    return undefined
  }
}
