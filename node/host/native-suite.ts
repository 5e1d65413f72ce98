/**
 * The primitives on Node's own crypto, many times faster than the reference where curves and
 * lattices are concerned. Encapsulation stays on the reference: Node's takes no randomness from
 * outside, and without that no run can be repeated from a seed. So does all of ML-KEM where this
 * Node has none.
 *
 * Not here: which public keys and signatures are valid (protocol/suites/strict-keys.ts).
 */
import nodeCrypto, {
  createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, createSecretKey, diffieHellman, hash,
  sign, verify
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { concat, emptyBytes, equal, toHex } from '../../protocol/bytes.ts'
import { CryptoError } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import type { CryptoSuite, Ed25519Private, KemPrivate, PrivateKey, X25519Private } from '../../protocol/suite.ts'
import { assertSeed, nobleSuite } from '../../protocol/suites/noble.ts'
import { knownAnswers, knownCiphertext } from './known-answers.ts'
import {
  assertX25519Canonical, keyName, rememberBounded, strictVerify
} from '../../protocol/suites/strict-keys.ts'

type Curve = 'X25519' | 'Ed25519'

/** Public keys as Node wants them; importing one costs as much as agreeing on a secret with it. */
const importedKeysMax = 1024
const importedKeys: Record<Curve, Map<string, KeyObject>> = { X25519: new Map(), Ed25519: new Map() }

/** JWK asks for the public half too and does not look at it. */
const dummyPublic = base64url(new Uint8Array(32))

/** Private fields, so that neither printing nor JSON shows the seed. */
class NativePrivate implements PrivateKey {
  readonly #seed: Uint8Array
  readonly #handle: KeyObject
  #publicKey: Uint8Array | undefined

  constructor (seed: Uint8Array, curve: Curve) {
    this.#seed = seed.slice()
    const jwk = { kty: 'OKP', crv: curve, d: base64url(seed), x: dummyPublic }
    this.#handle = withoutStacks(() => createPrivateKey({ key: jwk, format: 'jwk' }))
  }

  get publicKey (): Uint8Array {
    // The last 32 bytes of the DER are the raw key. Exporting JWK of a new key can hang in Node 20.
    this.#publicKey ??=
      plain(createPublicKey(this.#handle).export({ format: 'der', type: 'spki' }).subarray(-32))
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
    return plain(diffieHellman({ privateKey: handle, publicKey: importPublic('X25519', publicKey) }))
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
    const key = Buffer.from(concat(kemSeedPrefix, this.#seed))
    this.#handle ??= createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    return this.#handle
  }

  get publicKey (): Uint8Array {
    this.#publicKey ??=
      plain(createPublicKey(this.#imported).export({ format: 'der', type: 'spki' }).subarray(-kemPublicBytes))
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

const blockBytes = 64
const digestBytes = 32
/** Of the two hashes of an HMAC, so that a short one allocates nothing but its result. */
const innerScratch = Buffer.alloc(4096)
const outerScratch = Buffer.alloc(blockBytes + digestBytes)

/**
 * HMAC by two one-shot hashes. Node's Hmac objects, and digests given as Buffers, cost several
 * times what the hashing does; a string of 32 one-byte characters costs next to nothing.
 */
function hmac (key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const blockKey = key.length > blockBytes ? sha256(key) : key
  const innerBytes = blockBytes + bytes.length
  const inner = innerBytes > innerScratch.length
    ? Buffer.alloc(innerBytes)
    : innerScratch.subarray(0, innerBytes)
  for (let i = 0; i < blockKey.length; i++) {
    const byte = blockKey[i]!
    inner[i] = byte ^ 0x36
    outerScratch[i] = byte ^ 0x5c
  }
  inner.fill(0x36, blockKey.length, blockBytes)
  outerScratch.fill(0x5c, blockKey.length, blockBytes)
  inner.set(bytes, blockBytes)
  outerScratch.write(hash('sha256', inner, 'binary'), blockBytes, 'binary')
  return sha256(outerScratch)
}

function sha256 (bytes: Uint8Array): Uint8Array {
  const characters = hash('sha256', bytes, 'binary')
  const digest = new Uint8Array(digestBytes)
  for (let i = 0; i < digestBytes; i++) digest[i] = characters.charCodeAt(i)
  return digest
}

/** RFC 5869 §2.3. */
function expand (prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > 255 * 32) throw new CryptoError('INVALID_KEY', `HKDF gives no ${length} bytes.`)
  const okm = new Uint8Array(length)
  let block = emptyBytes
  for (let at = 0, counter = 1; at < length; at += 32, counter++) {
    block = hmac(prk, concat(block, info, Uint8Array.of(counter)))
    okm.set(block.subarray(0, Math.min(32, length - at)), at)
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
  try {
    opening.final()
  } catch {
    // `final` does nothing but compare the tag.
    return undefined
  }
  return plain(plaintext)
}

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
  verify: strictVerify((publicKey, message, signature) => {
    return verify(null, message, importPublic('Ed25519', publicKey), signature)
  }),
  kemPrivate,
  encapsulate: nobleSuite.encapsulate,
  decapsulate
}

/** Not imported by name: where it is missing, this module would not load. ML-KEM alone is newer than the oldest
 * Node that this runs on: its lack is no fault to be told of. */
function withKemOf (suite: CryptoSuite): CryptoSuite {
  if (typeof nodeCrypto.decapsulate === 'function') return suite
  return { ...suite, kemPrivate: nobleSuite.kemPrivate, decapsulate: nobleSuite.decapsulate }
}

/** The fast suite, or the reference where the Node that runs this computes anything else than it. */
export function nativeSuite (log: Log): CryptoSuite {
  return chooseSuite(withKemOf(fastSuite), log)
}

/** `candidate`, if it passes the self-test against the reference. */
export function chooseSuite (candidate: CryptoSuite, log: Log): CryptoSuite {
  const failed = selfTest(candidate)
  if (failed === undefined) return candidate
  log.error('suiteSelfTestFailed', { suite: candidate.name, failed, instead: nobleSuite.name })
  return nobleSuite
}

/**
 * Name of the first primitive that gives anything else than the reference did (known-answers.ts) for
 * fixed inputs, or throws. In this order: later ones take what earlier ones made.
 */
function selfTest (candidate: CryptoSuite): string | undefined {
  for (const [name, outputs] of Object.entries(selfTests)) {
    try {
      if (toHex(candidate.sha256(outputs(candidate))) !== knownAnswers[name as keyof typeof selfTests]) return name
    } catch {
      // A primitive that is missing in this Node is as good as one that is wrong.
      return name
    }
  }
  return undefined
}

const a = new Uint8Array(32).map((_, i) => i + 1)
const b = new Uint8Array(32).map((_, i) => 7 * i + 3)
const text = new Uint8Array(300).map((_, i) => i)
const nonce = text.subarray(0, 12)
const kemSeed = text.subarray(0, 64)

const selfTests = {
  // The answer is its hash.
  sha256: () => text,
  hmac: (suite) => concat(suite.hmac(a, text), suite.hmac(text, a)),
  hkdf: (suite) => suite.hkdf(a, text, b, 77),
  expand: (suite) => suite.expand(a, b, 44),
  seal: (suite) => suite.seal(a, nonce, text, b),
  open: (suite) => {
    const sealed = suite.seal(a, nonce, text, b)
    const refused = [suite.open(a, nonce, sealed.with(3, sealed[3]! ^ 1), b), suite.open(a, nonce, sealed, a)]
    return concat(suite.open(a, nonce, sealed, b) ?? emptyBytes, ...refused.map(bytes => bytes ?? emptyBytes))
  },
  x25519: (suite) => {
    const peer = suite.x25519Private(b).publicKey
    return concat(suite.x25519Private(a).publicKey, peer, suite.x25519(suite.x25519Private(a), peer))
  },
  sign: (suite) => concat(suite.ed25519Private(a).publicKey, suite.sign(suite.ed25519Private(a), text)),
  verify: (suite) => {
    const { publicKey } = suite.ed25519Private(a)
    const signature = suite.sign(suite.ed25519Private(a), text)
    const tried = [signature, signature.with(40, signature[40]! ^ 1)]
    return Uint8Array.from(tried, (one) => Number(suite.verify(publicKey, text, one)))
  },
  kemPrivate: (suite) => suite.kemPrivate(kemSeed).publicKey,
  encapsulate: (suite) => {
    // The reference itself needs no test, and takes longer than all the others together.
    if (suite.encapsulate === nobleSuite.encapsulate) return knownCiphertext
    const { ciphertext, secret } = suite.encapsulate(suite.kemPrivate(kemSeed).publicKey, b)
    return equal(secret, suite.decapsulate(suite.kemPrivate(kemSeed), ciphertext)) ? ciphertext : secret
  },
  decapsulate: (suite) => {
    const key = suite.kemPrivate(kemSeed)
    // The altered one too: it gives a secret of its own, the same everywhere.
    const altered = knownCiphertext.with(9, knownCiphertext[9]! ^ 1)
    return concat(suite.decapsulate(key, knownCiphertext), suite.decapsulate(key, altered))
  }
} satisfies Record<string, (suite: CryptoSuite) => Uint8Array>

function importPublic (curve: Curve, publicKey: Uint8Array): KeyObject {
  const cache = importedKeys[curve]
  const name = keyName(publicKey)
  let key = cache.get(name)
  if (key === undefined) {
    const jwk = { kty: 'OKP', crv: curve, x: base64url(publicKey) }
    key = withoutStacks(() => createPublicKey({ key: jwk, format: 'jwk' }))
    rememberBounded(cache, name, key, importedKeysMax)
  }
  return key
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
