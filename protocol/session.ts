/**
 * Sessions between two devices: a handshake and then a ratchet, as the engine sees them (spec 05).
 *
 * Each function takes a session and returns another; nothing is altered where it throws. Not here:
 * which session to use for a contact, and the outer seal (envelope.ts).
 */
import type { BundlePrivates, VerifiedBundle } from './bundle.ts'
import { concat, emptyBytes, equal } from './bytes.ts'
import { wrapOverheadBytes } from './envelope.ts'
import { CryptoError, UsageError } from './errors.ts'
import {
  acceptHandshake, handshakeTag, initiateHandshake, messageKind, readHandshakePrefix
} from './handshake.ts'
import type { DeviceKeys } from './identity.ts'
import type { VerifiedManifest } from './manifest.ts'
import { isBucket, paddingPrefixBytes } from './padding.ts'
import type { Random } from './ports.ts'
import {
  ratchetDecrypt, ratchetEncrypt, ratchetOverheadBytes, startAcceptor, startInitiator
} from './ratchet.ts'
import { associationOf, sessionOf, stateOf } from './session-state.ts'
import type { Session, SessionState } from './session-state.ts'
import type { CryptoSuite } from './suite.ts'
import type { Device } from './wire/restante.js'

export { handshakeTag, readPrekeyId } from './handshake.ts'
export { decodeSession, encodeSession } from './session-state.ts'
export type { Session } from './session-state.ts'

const messagePrefix = Uint8Array.of(messageKind)

/**
 * A session to the device of `bundle`, in which messages may be encrypted at once. `manifest` is the
 * initiator's own, signed. Draws 96 bytes. CryptoError INVALID_KEY where the bundle's keys are weak.
 */
export function initiate (
  suite: CryptoSuite, random: Random, o: { device: DeviceKeys, manifest: Uint8Array, bundle: VerifiedBundle }
): Session {
  const { keys, prefix } = initiateHandshake(suite, random, o)
  return sessionOf({
    id: keys.id,
    initiator: true,
    confirmed: false,
    handshakeTag: handshakeTag(prefix)!,
    association: associationOf(suite, keys.id),
    prefix,
    ratchet: startInitiator(suite, random, keys, o.bundle.prekey)
  })
}

/**
 * Opens an inner of kind 1 that belongs to no session yet. `privates` are those that `readPrekeyId`
 * names; whether they have expired or were used up is the caller's to know. Draws as `decrypt` does. Only
 * CryptoError (see `acceptHandshake`); REPLAYED is not known here: a caller that accepted the same
 * `handshakeTag` before calls `decrypt` with that session instead.
 */
export function accept (
  suite: CryptoSuite, random: Random, o: { device: DeviceKeys, privates: BundlePrivates, inner: Uint8Array }
): { session: Session, peer: VerifiedManifest, peerDevice: Device, content: Uint8Array } {
  const { device, privates, inner } = o
  const prefix = readHandshakePrefix(inner)
  if (prefix === undefined) throw new CryptoError('AUTHENTICATION_FAILED')
  const { keys, peer, peerDevice, prekey } = acceptHandshake(suite, { device, privates, prefix })
  const state: SessionState = {
    id: keys.id,
    initiator: false,
    confirmed: true,
    handshakeTag: handshakeTag(prefix)!,
    association: associationOf(suite, keys.id),
    prefix: emptyBytes,
    ratchet: startAcceptor(keys, prekey)
  }
  const { session, content } = step(suite, random, state, inner.subarray(prefix.length), prefix)
  return { session, peer, peerDevice, content }
}

/**
 * `inner` is such that its envelope has `bucketBytes`. Until an initiator is confirmed, each inner
 * carries the handshake. Draws 12 bytes, and 64 before them where a post-quantum key is
 * begun. UsageError TEXT_TOO_LARGE where `content` does not fit.
 */
export function encrypt (
  suite: CryptoSuite, random: Random, session: Session, content: Uint8Array, bucketBytes: number
): { session: Session, inner: Uint8Array } {
  const state = stateOf(session)
  const opening = openingOf(state)
  const paddedBytes = contentCapacity(session, bucketBytes) + paddingPrefixBytes
  const { state: ratchet, sealedHeader, sealedBody } =
    ratchetEncrypt(suite, random, state.ratchet, { content, paddedBytes }, associate(state, opening))
  return { session: sessionOf({ ...state, ratchet }), inner: concat(opening, sealedHeader, sealedBody) }
}

/** Bytes of content that fit an envelope of `bucketBytes`; negative where not even none does. */
export function contentCapacity (session: Session, bucketBytes: number): number {
  if (!isBucket(bucketBytes)) throw new UsageError('USAGE', `No envelope has ${bucketBytes} bytes.`)
  const opening = openingOf(stateOf(session))
  return bucketBytes - wrapOverheadBytes - opening.length - ratchetOverheadBytes - paddingPrefixBytes
}

/**
 * Opens an inner of kind 2, or one of kind 1 with the handshake that began this session. Draws 32
 * bytes where a post-quantum key is complete with it, then 32 where the peer's ratchet key is new.
 * Only CryptoError: AUTHENTICATION_FAILED (it cannot be of this session, or is damaged), REPLAYED
 * (opened before), TOO_FAR_AHEAD.
 */
export function decrypt (
  suite: CryptoSuite, random: Random, session: Session, inner: Uint8Array
): { session: Session, content: Uint8Array } {
  const state = stateOf(session)
  if (inner[0] === messageKind) return step(suite, random, state, inner.subarray(1), messagePrefix)
  const prefix = readHandshakePrefix(inner)
  // Only an acceptor is sent handshakes in a session, and only the one that began it.
  if (prefix === undefined || state.initiator || !equal(handshakeTag(prefix)!, state.handshakeTag)) {
    throw new CryptoError('AUTHENTICATION_FAILED')
  }
  return step(suite, random, state, inner.subarray(prefix.length), prefix)
}

function step (
  suite: CryptoSuite, random: Random, state: SessionState, message: Uint8Array, opening: Uint8Array
): { session: Session, content: Uint8Array } {
  const { state: ratchet, content } =
    ratchetDecrypt(suite, random, state.ratchet, message, associate(state, opening))
  return { session: sessionOf({ ...state, ratchet, confirmed: true, prefix: emptyBytes }), content }
}

/**
 * The 12 random bytes that the ratchet message of `inner` begins with: those of two messages differ,
 * also where their sender's state was set back. Undefined where `inner` is none.
 */
export function headerNonce (inner: Uint8Array): Uint8Array | undefined {
  const at = inner[0] === messageKind ? messagePrefix.length : readHandshakePrefix(inner)?.length
  return at === undefined || inner.length < at + 12 ? undefined : inner.subarray(at, at + 12)
}

/** What an inner begins with. */
function openingOf (state: SessionState): Uint8Array {
  return state.prefix.length === 0 ? messagePrefix : state.prefix
}

/**
 * A repeated handshake is authenticated with the message it opens, for the ratchet alone would not
 * notice if it were altered.
 */
function associate (state: SessionState, opening: Uint8Array): Uint8Array {
  return opening === messagePrefix ? state.association : concat(state.association, opening)
}
