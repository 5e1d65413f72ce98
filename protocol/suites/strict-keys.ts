/**
 * Which public keys and signatures are valid, the same on every backend (spec 00 §Signatures).
 *
 * Libraries disagree about odd Ed25519 signatures. Where a signature decides what a group of
 * devices believes, disagreement splits the group: so each backend's check stands behind this one.
 * Not here: the curve arithmetic of a backend.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { CryptoError } from '../errors.ts'

/** Keys are admitted once and remembered, since finding the order of a point costs up to a millisecond. */
const admittedKeysMax = 4096

const identityPoint = Uint8Array.of(1, ...new Uint8Array(31))

/** A backend's own check of a signature, for an admitted key and a well-formed signature. */
export type SignatureCheck = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** Whether 32 bytes are the canonical encoding of an Ed25519 point of prime order. */
export type OrderCheck = (encoded: Uint8Array) => boolean

/** The predicate of the specification, on top of a backend's check. */
export function strictVerify (check: SignatureCheck, hasPrimeOrder: OrderCheck = isPrimeOrder): SignatureCheck {
  const admittedKeys = new Map<string, boolean>()

  /** Canonically encoded, of prime order: not small, without a torsion component. */
  function isAdmitted (publicKey: Uint8Array): boolean {
    const name = keyName(publicKey)
    const known = admittedKeys.get(name)
    if (known !== undefined) return known
    const admitted = hasPrimeOrder(publicKey)
    rememberBounded(admittedKeys, name, admitted, admittedKeysMax)
    return admitted
  }

  return (publicKey, message, signature) => {
    if (signature.length !== 64 || publicKey.length !== 32 || !isAdmitted(publicKey)) return false
    // R = identity: the case left in which backends differ once the key is of prime order.
    if (startsWith(signature, identityPoint)) return false
    return check(publicKey, message, signature)
  }
}

/** By the definition: [L]P is the identity, and P is not. */
export function isPrimeOrder (encoded: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(encoded, false)
    return !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    // The library throws for bytes that are no point: for the predicate that is the answer 'no'.
    return false
  }
}

/** 5L - 1, L being the prime order of the group: an X25519 scalar that clamping leaves as it is. */
export const orderScalar: Uint8Array = Uint8Array.of(
  0xa0, 0x23, 0xcd, 0xd0, 0x83, 0xef, 0x5b, 0xb8, 0x2f, 0x10, 0xd6, 0x2e, 0x59, 0xe1, 0x5a, 0x68,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x50)

/**
 * The same by one X25519, which a native backend has ready: `multiply` gives X25519(5L - 1, u), and undefined
 * where that is zero.
 *
 * Write P = Q + T, with Q of order L and T of an order that divides 8. Since 8 divides 5L - 1, that multiple of
 * P is -Q, and has the u of Q. It is the u of P only where Q = P or Q = -P, and so only where there is no T. A y of
 * no point gives a u of the twist, whose order has no divisor in common with 5L or 5L - 2, so that no u comes
 * back. (test/protocol/suites.test.ts holds it against the definition.)
 */
export function primeOrderBy (multiply: (u: Uint8Array) => Uint8Array | undefined): OrderCheck {
  const { Fp } = ed25519.Point
  return (encoded) => {
    if (encoded.length !== 32) return false
    // The sign of x is no matter: it makes -P of P.
    const y = encoded.slice()
    y[31]! &= 0x7f
    if (!isBelowPrime(y) || startsWith(y, identityPoint)) return false
    const value = Fp.fromBytes(y)
    const u = Fp.toBytes(Fp.mul(Fp.add(Fp.ONE, value), Fp.inv(Fp.sub(Fp.ONE, value))))
    const multiple = multiply(u)
    return multiple !== undefined && startsWith(multiple, u)
  }
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

function startsWith (bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, i) => bytes[i] === byte)
}
