/**
 * Which public keys and signatures are valid, the same on every backend (spec 00 §Signatures).
 *
 * Libraries disagree about odd Ed25519 signatures. Where a signature decides what a group of
 * devices believes, disagreement splits the group: so each backend's check stands behind this one.
 * Not here: the curve arithmetic of a backend.
 */
import { equal, unhex } from '../bytes.ts'
import { CryptoError } from '../errors.ts'

/** A backend's own check of a signature by the exact equation, without the cofactor; refuses S from L on. */
export type SignatureCheck = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** The predicate of the specification, on top of a backend's check. */
export function strictVerify (check: SignatureCheck): SignatureCheck {
  return (publicKey, message, signature) =>
    signature.length === 64 && publicKey.length === 32 &&
    isAdmissible(publicKey) && isAdmissible(signature.subarray(0, 32)) && check(publicKey, message, signature)
}

/**
 * The y of all points whose order divides 8. Under a key that is one of them anybody makes signatures, each of
 * which is good for one message in eight at least, and so was of nobody's making.
 */
const smallOrders = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'
].map(unhex)

/**
 * Of 32 bytes: a canonical y, and none of a small order. That they are a point at all is left to the check, which
 * has to decode a key, and compares R as bytes.
 */
function isAdmissible (encoded: Uint8Array): boolean {
  const top = encoded[31]!
  // The sign of x is no matter. Of the two y whose x is 0, and so has no other sign, both are of small order.
  const y = top < 0x80 ? encoded : encoded.with(31, top & 0x7f)
  return isBelowPrime(y) && !smallOrders.some((small) => equal(small, y))
}

/** CryptoError INVALID_KEY unless `publicKey` is 32 bytes that encode u < p with the top bit clear. */
export function assertX25519Canonical (publicKey: Uint8Array): void {
  if (publicKey.length !== 32 || !isBelowPrime(publicKey)) throw new CryptoError('INVALID_KEY')
}

/** Of 32 bytes, little-endian: below 2^255 - 19. */
function isBelowPrime (bytes: Uint8Array): boolean {
  const top = bytes[31]!
  if (top < 0x7f) return true
  let isLarge = top > 0x7f || bytes[0]! >= 0xed
  for (let i = 1; i < 31 && top === 0x7f; i++) isLarge &&= bytes[i] === 0xff
  return !isLarge
}

/** A Map key for 32 public bytes: one char code each. */
export function keyName (publicKey: Uint8Array): string {
  return String.fromCharCode(...publicKey)
}

/** First in, first out: an attacker who sends many keys makes us slower, never larger. */
export function rememberBounded<V> (cache: Map<string, V>, name: string, value: V, entriesMax: number): void {
  if (cache.size >= entriesMax) {
    const oldest = cache.keys().next()
    if (!oldest.done) cache.delete(oldest.value)
  }
  cache.set(name, value)
}
