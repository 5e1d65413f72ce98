/**
 * The primitives in pure JavaScript: the reference that every other backend is held against, and
 * the one that works wherever the protocol does (spec 00 §Primitives).
 *
 * Not here: which public keys and signatures are valid (strict-keys.ts).
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { expand, hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { concat, equal } from '../bytes.ts'
import { CryptoError } from '../errors.ts'
import type { CryptoSuite, Ed25519Private, KemPrivate, PrivateKey, X25519Private } from '../suite.ts'
import { blindPublic, signBlindedBy, toScalar } from './blinded-keys.ts'
import { assertX25519Canonical, strictVerify } from './strict-keys.ts'

/** Private fields, so that neither printing nor JSON shows the seed. */
class NoblePrivate implements PrivateKey {
  readonly #seed: Uint8Array
  readonly #derive: (seed: Uint8Array) => Uint8Array
  #publicKey: Uint8Array | undefined

  constructor (seed: Uint8Array, derive: (seed: Uint8Array) => Uint8Array) {
    this.#seed = seed.slice()
    this.#derive = derive
  }

  /** Derived on first use: most restored keys only ever agree on a secret. */
  get publicKey (): Uint8Array {
    this.#publicKey ??= this.#derive(this.#seed)
    return this.#publicKey
  }

  exportSeed (): Uint8Array {
    return this.#seed.slice()
  }

  static seedOf (key: PrivateKey): Uint8Array {
    return #seed in key ? key.#seed : key.exportSeed()
  }
}

class NobleKemPrivate implements KemPrivate {
  readonly #seed: Uint8Array
  #keys: { publicKey: Uint8Array, secretKey: Uint8Array } | undefined

  constructor (seed: Uint8Array) {
    this.#seed = seed.slice()
  }

  get #expanded (): { publicKey: Uint8Array, secretKey: Uint8Array } {
    this.#keys ??= ml_kem768.keygen(this.#seed)
    return this.#keys
  }

  get publicKey (): Uint8Array {
    return this.#expanded.publicKey
  }

  exportSeed (): Uint8Array {
    return this.#seed.slice()
  }

  static secretKeyOf (key: KemPrivate): Uint8Array {
    return #seed in key ? key.#expanded.secretKey : ml_kem768.keygen(key.exportSeed()).secretKey
  }
}

/** Seeds are made by us alone: another length is a bug, or a record that was altered on disk. */
export function assertSeed (seed: Uint8Array, length: number): void {
  if (seed.length !== length) {
    throw new CryptoError('INVALID_KEY', `A seed of ${seed.length} bytes, not ${length}.`)
  }
}

/**
 * [S]B - [k]A encodes to R. Not the library's `verify`, whose equation is multiplied by the cofactor, as native
 * ones are not: keys and signatures with a torsion component would be valid here and not there.
 */
function isExact (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const { BASE, Fn } = ed25519.Point
  const commitment = signature.subarray(0, 32)
  const challenge = toScalar(sha512(concat(commitment, publicKey, message)))
  try {
    const key = ed25519.Point.fromBytes(publicKey, false)
    const response = Fn.fromBytes(signature.subarray(32))
    return equal(BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge)).toBytes(), commitment)
  } catch {
    // The library throws for bytes that are no point, and for an S from L on.
    return false
  }
}

const hkdfSha256: CryptoSuite['hkdf'] = (salt, ikm, info, length) => hkdf(sha256, ikm, salt, info, length)

export const nobleSuite: CryptoSuite = {
  name: 'noble',

  sha256: (bytes) => sha256(bytes),
  hmac: (key, bytes) => hmac(sha256, key, bytes),
  hkdf: hkdfSha256,
  expand: (prk, info, length) => expand(sha256, prk, info, length),

  seal: (key, nonce, plaintext, aad) => chacha20poly1305(key, nonce, aad).encrypt(plaintext),
  open: (key, nonce, sealed, aad) => {
    if (sealed.length < 16) return undefined
    try {
      return chacha20poly1305(key, nonce, aad).decrypt(sealed)
    } catch {
      // With key and nonce of the right size the library throws for a wrong tag only.
      return undefined
    }
  },

  x25519Private: (seed): X25519Private => {
    assertSeed(seed, 32)
    return new NoblePrivate(seed, x25519.getPublicKey)
  },
  x25519: (privateKey, publicKey) => {
    assertX25519Canonical(publicKey)
    try {
      return x25519.getSharedSecret(NoblePrivate.seedOf(privateKey), publicKey)
    } catch (cause) {
      // Low order: the shared secret would be zero for everybody.
      throw new CryptoError('INVALID_KEY', undefined, { cause })
    }
  },

  ed25519Private: (seed): Ed25519Private => {
    assertSeed(seed, 32)
    return new NoblePrivate(seed, ed25519.getPublicKey)
  },
  sign: (privateKey, message) => ed25519.sign(message, NoblePrivate.seedOf(privateKey)),
  verify: strictVerify(isExact),
  blindPublic,
  signBlinded: (privateKey, blinding, message) => signBlindedBy(hkdfSha256, NoblePrivate.seedOf(privateKey), blinding, message),

  kemPrivate: (seed) => {
    assertSeed(seed, 64)
    return new NobleKemPrivate(seed)
  },
  encapsulate: (publicKey, coins) => {
    assertSeed(coins, 32)
    try {
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, coins)
      return { ciphertext: cipherText, secret: sharedSecret }
    } catch (cause) {
      throw new CryptoError('INVALID_KEY', undefined, { cause })
    }
  },
  decapsulate: (privateKey, ciphertext) => {
    if (ciphertext.length !== 1088) throw new CryptoError('AUTHENTICATION_FAILED')
    return ml_kem768.decapsulate(ciphertext, NobleKemPrivate.secretKeyOf(privateKey))
  }
}
