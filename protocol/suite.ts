/**
 * The cryptographic primitives, synchronous, behind one interface.
 *
 * Private keys are opaque handles: a backend may cache whatever makes them fast, and printing one
 * shows nothing. Implementations: suites/noble.ts (everywhere), node/host/native-suite.ts
 * (where randomness comes from the library itself, for encapsulation alone).
 */

export interface PrivateKey {
  readonly publicKey: Uint8Array
  /** The bytes that `suite.*Private` makes this handle of again. For storage, sealed, only. */
  exportSeed: () => Uint8Array
}

declare const algorithm: unique symbol
export interface X25519Private extends PrivateKey { readonly [algorithm]?: 'x25519' }
export interface Ed25519Private extends PrivateKey { readonly [algorithm]?: 'ed25519' }
export interface KemPrivate extends PrivateKey { readonly [algorithm]?: 'ml-kem-768' }

/** What makes another key of a signing key. */
export interface Blinding {
  /** 64 uniform bytes. Who knows them and the public key knows which key was blinded. */
  factor: Uint8Array
  /** A label: signatures under a blinded key draw their nonces from a prefix derived with it. */
  noncePrefixSalt: Uint8Array
}

export interface CryptoSuite {
  readonly name: string

  sha256: (bytes: Uint8Array) => Uint8Array
  hmac: (key: Uint8Array, bytes: Uint8Array) => Uint8Array
  /** HKDF-SHA-256, extract and expand. */
  hkdf: (salt: Uint8Array, ikm: Uint8Array, info: Uint8Array, length: number) => Uint8Array
  /** HKDF-Expand alone: `prk` is uniform already. */
  expand: (prk: Uint8Array, info: Uint8Array, length: number) => Uint8Array

  /** ChaCha20-Poly1305: key 32, nonce 12; returns ciphertext and 16-byte tag. */
  seal: (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array) => Uint8Array
  /** Undefined where the tag does not match: the one failure, whatever its cause. */
  open: (key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array) => Uint8Array | undefined

  /** Seed: 32 bytes. */
  x25519Private: (seed: Uint8Array) => X25519Private
  /** 32 bytes. Throws CryptoError INVALID_KEY for a non-canonical or low-order public key. */
  x25519: (privateKey: X25519Private, publicKey: Uint8Array) => Uint8Array

  /** Seed: 32 bytes. */
  ed25519Private: (seed: Uint8Array) => Ed25519Private
  sign: (privateKey: Ed25519Private, message: Uint8Array) => Uint8Array
  /** The one predicate of the specification (spec 00 §Signatures); never throws. */
  verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
  /** The blinded public key, 32 bytes, of an Ed25519 one. Throws CryptoError INVALID_KEY where it is none. */
  blindPublic: (publicKey: Uint8Array, factor: Blinding['factor']) => Uint8Array
  /** Verifies under `blindPublic` of the key. */
  signBlinded: (privateKey: Ed25519Private, blinding: Blinding, message: Uint8Array) => Uint8Array

  /** ML-KEM-768. Seed: 64 bytes (d, z). */
  kemPrivate: (seed: Uint8Array) => KemPrivate
  /**
   * `coins`: 32 random bytes. A backend whose library draws its own does not use them, and can't be
   * repeated from a seed. Throws CryptoError INVALID_KEY for a malformed key.
   */
  encapsulate: (publicKey: Uint8Array, coins: Uint8Array) => { ciphertext: Uint8Array, secret: Uint8Array }
  decapsulate: (privateKey: KemPrivate, ciphertext: Uint8Array) => Uint8Array
}
