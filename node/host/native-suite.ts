/**
 * The primitives on Node's own crypto, many times faster than the reference where curves and
 * lattices are concerned.
 *
 * Node's encapsulation takes no randomness from outside, and without that no run can be repeated from a
 * seed. So whoever asks for the suite says which one to have: Node's, which draws its own coins, or the
 * reference's. All of ML-KEM is the reference's where this Node has none.
 *
 * Not here: which public keys and signatures are valid (protocol/suites/strict-keys.ts).
 */
import nodeCrypto, {
  createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, createSecretKey, diffieHellman, hash,
  sign, verify
} from 'node:crypto'
import type { DecipherChaCha20Poly1305, KeyObject } from 'node:crypto'
import { equal } from '../../protocol/bytes.ts'
import { CryptoError } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import type { CryptoSuite, Ed25519Private, KemPrivate, PrivateKey, X25519Private } from '../../protocol/suite.ts'
import { assertSeed, nobleSuite } from '../../protocol/suites/noble.ts'
import { failedSelfTest, selfTested } from '../../protocol/suites/self-test.ts'
import { knownCiphertext } from './known-ciphertext.ts'
import { assertX25519Canonical, keyName, rememberBounded, strictVerify } from '../../protocol/suites/strict-keys.ts'

type Curve = 'X25519' | 'Ed25519'

/** Signers as Node wants them: importing one costs a tenth of what verifying does, and they come again. */
const signersMax = 1024
const signers = new Map<string, KeyObject>()
/** Peers' keys: a ratchet key serves two agreements, one right after the other, and never again. */
const recentPeers: Array<{ publicKey: Uint8Array, key: KeyObject }> = []
const recentPeersMax = 4

/** JWK asks for the public half too and does not look at it. */
const dummyPublic = base64url(new Uint8Array(32))

/** Private fields, so that neither printing nor JSON shows the seed. */
class NativePrivate implements PrivateKey {
  readonly #seed: Uint8Array
  readonly #handle: KeyObject
  #publicKey: Uint8Array | undefined

  constructor (seed: Uint8Array, curve: Curve) {
    this.#seed = seed.slice()
    this.#handle = importPrivate(seed, curve)
  }

  get publicKey (): Uint8Array {
    this.#publicKey ??= exportPublic(this.#handle, 32)
    return this.#publicKey
  }

  exportSeed (): Uint8Array {
    return this.#seed.slice()
  }

  /** Of any backend's handle, if slowly for another's. */
  static handleOf (key: PrivateKey, curve: Curve): KeyObject {
    return #handle in key ? key.#handle : new NativePrivate(key.exportSeed(), curve).#handle
  }
}

function x25519Private (seed: Uint8Array): X25519Private {
  assertSeed(seed, 32)
  return new NativePrivate(seed, 'X25519')
}

function x25519 (privateKey: X25519Private, publicKey: Uint8Array): Uint8Array {
  assertX25519Canonical(publicKey)
  const handle = NativePrivate.handleOf(privateKey, 'X25519')
  try {
    return plain(diffieHellman({ privateKey: handle, publicKey: importPeer(publicKey) }))
  } catch (cause) {
    // Low order: the shared secret would be zero for everybody.
    throw new CryptoError('INVALID_KEY', undefined, { cause })
  }
}

function ed25519Private (seed: Uint8Array): Ed25519Private {
  assertSeed(seed, 32)
  return new NativePrivate(seed, 'Ed25519')
}

function signMessage (privateKey: Ed25519Private, message: Uint8Array): Uint8Array {
  return plain(sign(null, message, NativePrivate.handleOf(privateKey, 'Ed25519')))
}

/** PKCS #8 of an ML-KEM-768 key up to its 64-byte seed (RFC 9935, the seed alone). */
const kemSeedPrefix = Uint8Array.from(
  [0x30, 0x54, 2, 1, 0, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4, 2, 4, 0x42, 0x80, 0x40])
/** SPKI of an ML-KEM-768 public key up to its bytes. */
const kemPublicPrefix = Uint8Array.from(
  [0x30, 0x82, 4, 0xb2, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4, 2, 3, 0x82, 4, 0xa1, 0])
const kemPublicBytes = 1184
const kemCiphertextBytes = 1088

class NativeKemPrivate implements KemPrivate {
  readonly #seed: Uint8Array
  #handle: KeyObject | undefined
  #publicKey: Uint8Array | undefined

  constructor (seed: Uint8Array) {
    this.#seed = seed.slice()
  }

  /** Expanded on first use: most prekeys are never used. */
  get #imported (): KeyObject {
    this.#handle ??= withoutStacks(() => createPrivateKey(
      { key: Buffer.concat([kemSeedPrefix, this.#seed]), format: 'der', type: 'pkcs8' }))
    return this.#handle
  }

  get publicKey (): Uint8Array {
    this.#publicKey ??= exportPublic(this.#imported, kemPublicBytes)
    return this.#publicKey
  }

  exportSeed (): Uint8Array {
    return this.#seed.slice()
  }

  /** Of any backend's handle, if slowly for another's. */
  static handleOf (key: KemPrivate): KeyObject {
    return #seed in key ? key.#imported : new NativeKemPrivate(key.exportSeed()).#imported
  }
}

function kemPrivate (seed: Uint8Array): KemPrivate {
  assertSeed(seed, 64)
  return new NativeKemPrivate(seed)
}

function decapsulate (privateKey: KemPrivate, ciphertext: Uint8Array): Uint8Array {
  if (ciphertext.length !== kemCiphertextBytes) throw new CryptoError('AUTHENTICATION_FAILED')
  return plain(nodeCrypto.decapsulate(NativeKemPrivate.handleOf(privateKey), ciphertext))
}

/** With coins of the library's own: those that are given are not used. The import checks the key (FIPS 203 §7.2). */
function encapsulateByNode (publicKey: Uint8Array): { ciphertext: Uint8Array, secret: Uint8Array } {
  if (publicKey.length !== kemPublicBytes) throw new CryptoError('INVALID_KEY')
  try {
    const key = withoutStacks(() => createPublicKey(
      { key: Buffer.concat([kemPublicPrefix, publicKey]), format: 'der', type: 'spki' }))
    const { ciphertext, sharedKey } = nodeCrypto.encapsulate(key)
    return { ciphertext: plain(ciphertext), secret: plain(sharedKey) }
  } catch (cause) {
    throw new CryptoError('INVALID_KEY', undefined, { cause })
  }
}

const blockBytes = 64
const digestBytes = 32
/** Of the two hashes of an HMAC, so that a short one allocates nothing but its result. */
const innerScratch = new Uint8Array(4096)
const outerScratch = new Uint8Array(blockBytes + digestBytes)

/**
 * HMAC by two one-shot hashes. Node's Hmac objects, and digests given as Buffers, cost several
 * times what the hashing does; a string of 32 one-byte characters costs next to nothing.
 */
function hmac (key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const length = blockBytes + bytes.length
  const inner = length > innerScratch.length ? new Uint8Array(length) : innerScratch.subarray(0, length)
  padKey(key, inner)
  inner.set(bytes, blockBytes)
  const mac = new Uint8Array(digestBytes)
  writeDigest(finishHmac(inner), mac, 0)
  return mac
}

/** The first blocks of both hashes, which only depend on the key. */
function padKey (key: Uint8Array, inner: Uint8Array): void {
  const blockKey = key.length > blockBytes ? sha256(key) : key
  for (let i = 0; i < blockKey.length; i++) {
    const byte = blockKey[i]!
    inner[i] = byte ^ 0x36
    outerScratch[i] = byte ^ 0x5c
  }
  inner.fill(0x36, blockKey.length, blockBytes)
  outerScratch.fill(0x5c, blockKey.length, blockBytes)
}

/** The MAC under the key that was padded last, as a string of 32 one-byte characters. */
function finishHmac (inner: Uint8Array): string {
  writeDigest(hash('sha256', inner, 'binary'), outerScratch, blockBytes)
  return hash('sha256', outerScratch, 'binary')
}

/** Of `characters`, what there is room for. */
function writeDigest (characters: string, target: Uint8Array, at: number): void {
  const end = Math.min(digestBytes, target.length - at)
  for (let i = 0; i < end; i++) target[at + i] = characters.charCodeAt(i)
}

function sha256 (bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(digestBytes)
  writeDigest(hash('sha256', bytes, 'binary'), digest, 0)
  return digest
}

/** RFC 5869 §2.3, block by block in one piece of memory: block before ‖ info ‖ counter. */
function expand (prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > 255 * digestBytes) throw new CryptoError('INVALID_KEY', `HKDF gives no ${length} bytes.`)
  const okm = new Uint8Array(length)
  const infoAt = blockBytes + digestBytes
  const bytes = infoAt + info.length + 1
  const inner = bytes > innerScratch.length ? new Uint8Array(bytes) : innerScratch.subarray(0, bytes)
  // The first block has none before it.
  const first = inner.subarray(digestBytes)
  padKey(prk, first)
  inner.set(info, infoAt)
  inner[bytes - 1] = 1
  writeDigest(finishHmac(first), okm, 0)
  if (length <= digestBytes) return okm
  padKey(prk, inner)
  for (let at = digestBytes; at < length; at += digestBytes) {
    inner.set(okm.subarray(at - digestBytes, at), blockBytes)
    inner[bytes - 1]!++
    writeDigest(finishHmac(inner), okm, at)
  }
  return okm
}

const cipher = 'chacha20-poly1305'
const tagBytes = 16
const tagOption = { authTagLength: tagBytes }

// Keys as KeyObjects: given bytes, Node tries them as two other kinds of key first, and catches an
// error each time, which costs four times what the sealing does.
function seal (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const sealing = createCipheriv(cipher, createSecretKey(key), nonce, tagOption)
  sealing.setAAD(aad, { plaintextLength: plaintext.length })
  const sealed = new Uint8Array(plaintext.length + tagBytes)
  sealed.set(sealing.update(plaintext), 0)
  sealing.final()
  sealed.set(sealing.getAuthTag(), plaintext.length)
  return sealed
}

function open (
  key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array
): Uint8Array | undefined {
  const length = sealed.length - tagBytes
  if (length < 0) return undefined
  const opening = createDecipheriv(cipher, createSecretKey(key), nonce, tagOption)
  opening.setAAD(aad, { plaintextLength: length })
  opening.setAuthTag(sealed.subarray(length))
  const plaintext = opening.update(sealed.subarray(0, length))
  return isTagRight(opening) ? plain(plaintext) : undefined
}

/** `final` does nothing but compare the tag. */
function isTagRight (opening: DecipherChaCha20Poly1305): boolean {
  return withoutStacks(() => {
    try {
      opening.final()
      return true
    } catch {
      return false
    }
  })
}

const exportsRaw = canExportRaw()

const fastSuite: CryptoSuite = {
  name: 'native',
  sha256,
  hmac,
  hkdf: (salt, ikm, info, length) => expand(hmac(salt, ikm), info, length),
  expand,
  seal,
  open,
  x25519Private,
  x25519,
  ed25519Private,
  sign: signMessage,
  verify: strictVerify((publicKey, message, signature) =>
    verify(null, message, importSigner(publicKey), signature)),
  blindPublic: nobleSuite.blindPublic,
  signBlinded: nobleSuite.signBlinded,
  kemPrivate,
  encapsulate: nobleSuite.encapsulate,
  decapsulate
}

/** Not imported by name: where it is missing, this module would not load. ML-KEM alone is newer than the oldest
 * Node that this runs on. */
function withKemOf (suite: CryptoSuite, drawsOwnCoins: boolean, log: Log): CryptoSuite {
  if (typeof nodeCrypto.decapsulate !== 'function') {
    log.info('suiteLacks', { suite: suite.name, what: 'ML-KEM', instead: nobleSuite.name })
    return { ...suite, kemPrivate: nobleSuite.kemPrivate, decapsulate: nobleSuite.decapsulate }
  }
  return drawsOwnCoins ? { ...suite, encapsulate: encapsulateByNode } : suite
}

/**
 * The fast suite, or the reference where the Node that runs this computes anything else than it.
 * `drawsOwnCoins`: encapsulations are Node's, twenty times as fast, and draw their own coins instead of
 * using those that they are given, so that what is made of them can't be repeated from a seed.
 */
export function nativeSuite (log: Log, { drawsOwnCoins = false } = {}): CryptoSuite {
  return chooseSuite(withKemOf(fastSuite, drawsOwnCoins, log), log)
}

/** `candidate`, if it passes the self-test against the reference, or else that. Throws CryptoError CRYPTO_BROKEN. */
export function chooseSuite (candidate: CryptoSuite, log: Log): CryptoSuite {
  const failed = failedSelfTest(candidate, { encapsulate: nobleSuite.encapsulate, ciphertext: knownCiphertext })
  if (failed === undefined) return candidate
  log.error('suiteSelfTestFailed', { suite: candidate.name, failed, instead: nobleSuite.name })
  return selfTested(nobleSuite)
}

function importPrivate (seed: Uint8Array, curve: Curve): KeyObject {
  const jwk = { kty: 'OKP', crv: curve, d: base64url(seed), x: dummyPublic }
  return withoutStacks(() => createPrivateKey({ key: jwk, format: 'jwk' }))
}

function importPublic (publicKey: Uint8Array, curve: Curve): KeyObject {
  const jwk = { kty: 'OKP', crv: curve, x: base64url(publicKey) }
  return withoutStacks(() => createPublicKey({ key: jwk, format: 'jwk' }))
}

function importSigner (publicKey: Uint8Array): KeyObject {
  const name = keyName(publicKey)
  let key = signers.get(name)
  if (key === undefined) {
    key = importPublic(publicKey, 'Ed25519')
    rememberBounded(signers, name, key, signersMax)
  }
  return key
}

function importPeer (publicKey: Uint8Array): KeyObject {
  for (const recent of recentPeers) if (equal(recent.publicKey, publicKey)) return recent.key
  const key = importPublic(publicKey, 'X25519')
  if (recentPeers.length === recentPeersMax) recentPeers.shift()
  recentPeers.push({ publicKey: publicKey.slice(), key })
  return key
}

/** Raw, where this Node can, in a twentieth of the time of DER, whose last bytes are the same. */
function exportPublic (privateKey: KeyObject, bytes: number): Uint8Array {
  const key = createPublicKey(privateKey)
  return plain(exportsRaw ? key.export({ format: 'raw-public' }) : exportDer(key).subarray(-bytes))
}

function exportDer (key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' })
}

/** Since Node 24.15. */
function canExportRaw (): boolean {
  return withoutStacks(() => {
    const key = createPublicKey(importPrivate(new Uint8Array(32).fill(1), 'X25519'))
    try {
      return key.export({ format: 'raw-public' }).equals(exportDer(key).subarray(-32))
    } catch {
      return false
    }
  })
}

/** For imports: what Node throws and catches within one makes half of its cost by its stack. */
function withoutStacks<Result> (run: () => Result): Result {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    Error.stackTraceLimit = limit
  }
}

function base64url (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')
}

/** Node gives Buffers; everywhere else bytes are plain, and compared and printed as such. */
function plain (bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
