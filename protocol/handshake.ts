/**
 * PQXDH with a sealed initiator (spec 05 §Handshake): X25519 and ML-KEM-768 together, so that
 * recorded traffic stays closed while either holds, and the initiator's identity readable by the
 * recipient alone.
 *
 * The initiator signs nothing: what is said in a session can be denied. Not here: prekey bundles
 * (bundle.ts) and what follows the handshake (ratchet.ts).
 */
import type { BundlePrivates, VerifiedBundle } from './bundle.ts'
import { concat, draw, emptyBytes, equal, lengthPrefixed, u16be } from './bytes.ts'
import { CryptoError, WireError } from './errors.ts'
import type { DeviceKeys } from './identity.ts'
import { labels } from './labels.ts'
import { deviceIdBytes } from './limits.ts'
import { openManifest } from './manifest.ts'
import type { VerifiedManifest } from './manifest.ts'
import type { Random } from './ports.ts'
import type { RatchetKeys } from './ratchet.ts'
import type { CryptoSuite, X25519Private } from './suite.ts'
import type { Device } from './wire/restante.js'

/** The suite number of bundles and transcripts: X25519, ML-KEM-768, HKDF-SHA-256, ChaCha20-Poly1305. */
export const handshakeSuite = 1
/** First byte of an inner that starts with a handshake prefix. */
const handshakeKind = 1
/** First byte of an inner that is a ratchet message alone. */
export const messageKind = 2

export const prekeyIdBytes = 8
const ephemeralAt = 1 + prekeyIdBytes
const ciphertextAt = ephemeralAt + 32
const sealedLengthAt = ciphertextAt + 1088
const sealedAt = sealedLengthAt + 2

/** What both sides know after it. */
export interface HandshakeKeys extends RatchetKeys {
  /** T1, 32 bytes: names the session, and differs where anything of the transcript does. */
  id: Uint8Array
}

/**
 * `prefix` opens every inner until the peer has answered. Draws 32 bytes for the ephemeral key, then
 * 32 for the encapsulation. CryptoError INVALID_KEY where the bundle's keys are weak.
 */
export function initiateHandshake (
  suite: CryptoSuite, random: Random,
  { device, manifest, bundle }: { device: DeviceKeys, manifest: Uint8Array, bundle: VerifiedBundle }
): { keys: HandshakeKeys, prefix: Uint8Array } {
  const ephemeral = suite.x25519Private(draw(random, 32))
  const { ciphertext, secret } = suite.encapsulate(bundle.kemPrekey, draw(random, 32))
  const oneTime = bundle.oneTimePrekey

  const transcript = hashBundle(suite, bundle.signed, oneTime, ephemeral.publicKey, ciphertext)
  const firstSecret = concat(
    suite.x25519(ephemeral, bundle.prekey),
    oneTime === undefined ? emptyBytes : suite.x25519(ephemeral, oneTime),
    secret)
  const certificate = concat(manifest, device.id)
  const { key, nonce } = deriveSeal(suite, transcript, firstSecret)
  const sealed = suite.seal(key, nonce, certificate, transcript)
  // The length field is 16 bits, and the largest envelope would have no room anyway.
  if (sealed.length > 0xffff) throw new WireError('FIELD_TOO_LARGE', `manifest: ${manifest.length} bytes`)

  const keys = deriveKeys(suite, transcript, certificate, sealed, concat(
    suite.x25519(device.exchange, bundle.prekey),
    suite.x25519(ephemeral, bundle.device.exchangeKey),
    firstSecret))
  const prefix = concat(Uint8Array.of(handshakeKind), bundle.prekeyId, ephemeral.publicKey, ciphertext,
    u16be(sealed.length), sealed)
  return { keys, prefix }
}

/**
 * Only CryptoError: PREKEY_UNKNOWN where `privates` are not those of the prefix, INVALID_KEY and
 * INVALID_SIGNATURE for bad keys and manifests, else AUTHENTICATION_FAILED. That the initiator holds
 * the keys of its manifest shows only when its first message opens with the keys returned. `prekey`: of
 * `privates`, ready for the ratchet.
 */
export function acceptHandshake (
  suite: CryptoSuite,
  { device, privates, prefix }: { device: DeviceKeys, privates: BundlePrivates, prefix: Uint8Array }
): { keys: HandshakeKeys, peer: VerifiedManifest, peerDevice: Device, prekey: X25519Private } {
  if (!equal(prefix.subarray(1, ephemeralAt), privates.prekeyId)) throw new CryptoError('PREKEY_UNKNOWN')
  const ephemeral = prefix.subarray(ephemeralAt, ciphertextAt)
  const ciphertext = prefix.subarray(ciphertextAt, sealedLengthAt)
  const sealed = prefix.subarray(sealedAt)

  const prekey = suite.x25519Private(privates.prekeySeed)
  const oneTime = privates.oneTimeSeed === undefined ? undefined : suite.x25519Private(privates.oneTimeSeed)
  const transcript = hashBundle(suite, privates.signed, oneTime?.publicKey, ephemeral, ciphertext)
  const firstSecret = concat(
    suite.x25519(prekey, ephemeral),
    oneTime === undefined ? emptyBytes : suite.x25519(oneTime, ephemeral),
    suite.decapsulate(suite.kemPrivate(privates.kemSeed), ciphertext))
  const { key, nonce } = deriveSeal(suite, transcript, firstSecret)
  const certificate = suite.open(key, nonce, sealed, transcript)
  if (certificate === undefined) throw new CryptoError('AUTHENTICATION_FAILED')

  const { peer, peerDevice } = openCertificate(suite, certificate)
  const keys = deriveKeys(suite, transcript, certificate, sealed, concat(
    suite.x25519(prekey, peerDevice.exchangeKey),
    suite.x25519(device.exchange, ephemeral),
    firstSecret))
  return { keys, peer, peerDevice, prekey }
}

/** The handshake at the start of an inner of kind 1, kind byte included; undefined where there is none. */
export function readHandshakePrefix (inner: Uint8Array): Uint8Array | undefined {
  if (inner[0] !== handshakeKind || inner.length < sealedAt) return undefined
  const sealedBytes = (inner[sealedLengthAt]! << 8) | inner[sealedLengthAt + 1]!
  return inner.length < sealedAt + sealedBytes ? undefined : inner.subarray(0, sealedAt + sealedBytes)
}

/** The 8 bytes that name the prekey bundle a handshake was made for; undefined where `inner` is none. */
export function readPrekeyId (inner: Uint8Array): Uint8Array | undefined {
  return readHandshakePrefix(inner)?.slice(1, ephemeralAt)
}

/** 32 bytes, the same in all messages of one initiation and in no other; undefined where `inner` is none. */
export function handshakeTag (inner: Uint8Array): Uint8Array | undefined {
  return readHandshakePrefix(inner)?.slice(ephemeralAt, ciphertextAt)
}

/** T0. */
function hashBundle (
  suite: CryptoSuite, signed: Uint8Array, oneTimePrekey: Uint8Array | undefined,
  ephemeral: Uint8Array, ciphertext: Uint8Array
): Uint8Array {
  return suite.sha256(concat(labels.handshakeBundle,
    lengthPrefixed(u16be(handshakeSuite), signed, oneTimePrekey ?? emptyBytes, ephemeral, ciphertext)))
}

function deriveSeal (
  suite: CryptoSuite, transcript: Uint8Array, firstSecret: Uint8Array
): { key: Uint8Array, nonce: Uint8Array } {
  const okm = suite.hkdf(transcript, firstSecret, labels.handshakeSeal, 44)
  return { key: okm.subarray(0, 32), nonce: okm.subarray(32, 44) }
}

/** T1 and what is derived under it. The 32 bytes of ones keep the input apart from any X25519 secret. */
function deriveKeys (
  suite: CryptoSuite, transcript: Uint8Array, certificate: Uint8Array, sealed: Uint8Array, secrets: Uint8Array
): HandshakeKeys {
  const id = suite.sha256(concat(labels.handshakeInitiator, transcript, lengthPrefixed(certificate, sealed)))
  const okm = suite.hkdf(id, concat(new Uint8Array(32).fill(0xff), secrets), labels.handshakeKeys, 128)
  return {
    id,
    root: okm.slice(0, 32),
    initiatorHeaderKey: okm.slice(32, 64),
    acceptorHeaderKey: okm.slice(64, 96),
    pqRoot: okm.slice(96, 128)
  }
}

function openCertificate (
  suite: CryptoSuite, certificate: Uint8Array
): { peer: VerifiedManifest, peerDevice: Device } {
  const manifestBytes = certificate.length - deviceIdBytes
  if (manifestBytes < 0) throw new CryptoError('AUTHENTICATION_FAILED')
  const id = certificate.slice(manifestBytes)
  const peer = openPeerManifest(suite, certificate.slice(0, manifestBytes))
  const peerDevice = peer.devices.find((device) => equal(device.id, id))
  if (peerDevice === undefined) throw new CryptoError('AUTHENTICATION_FAILED')
  return { peer, peerDevice }
}

function openPeerManifest (suite: CryptoSuite, signed: Uint8Array): VerifiedManifest {
  try {
    return openManifest(suite, signed)
  } catch (cause) {
    // Inside a seal, malformed bytes are not the fault of whoever passed the envelope on.
    if (cause instanceof WireError) throw new CryptoError('AUTHENTICATION_FAILED', undefined, { cause })
    throw cause
  }
}
