/**
 * Which public keys and signatures are valid, the same on every backend (spec 00 §Signatures).
 *
 * Libraries disagree about odd Ed25519 signatures. Where a signature decides what a group of
 * devices believes, disagreement splits the group: so each backend's check stands behind this one.
 * Not here: the curve arithmetic of a backend.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { CryptoError } from '../errors.ts'

/** Keys are admitted once and remembered, since finding the order of a point costs a millisecond. */
const admittedKeysMax = 4096
const admittedKeys = new Map<string, boolean>()

const identityPoint = Uint8Array.of(1, ...new Uint8Array(31))

/** A backend's own check of a signature, for an admitted key and a well-formed signature. */
export type SignatureCheck = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** The predicate of the specification, on top of a backend's check. */
export function strictVerify (check: SignatureCheck): SignatureCheck {
  return (publicKey, message, signature) => {
    if (signature.length !== 64 || publicKey.length !== 32 || !isAdmitted(publicKey)) return false
    // R = identity: the case left in which backends differ once the key is of prime order.
    if (startsWith(signature, identityPoint)) return false
    return check(publicKey, message, signature)
  }
}

/** Canonically encoded, of prime order: not small, without a torsion component. */
function isAdmitted (publicKey: Uint8Array): boolean {
  const name = keyName(publicKey)
  const known = admittedKeys.get(name)
  if (known !== undefined) return known
  const admitted = isPrimeOrder(publicKey)
  rememberBounded(admittedKeys, name, admitted, admittedKeysMax)
  return admitted
}

/** Whether 32 bytes are the canonical encoding of an Ed25519 point of prime order. */
export function isPrimeOrder (encoded: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(encoded, false)
    return !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    // The library throws for bytes that are no point: for the predicate that is the answer 'no'.
    return false
  }
}

/** CryptoError INVALID_KEY unless `publicKey` is 32 bytes that encode u < p with the top bit clear. */
export function assertX25519Canonical (publicKey: Uint8Array): void {
  if (publicKey.length !== 32) throw new CryptoError('INVALID_KEY')
  const top = publicKey[31]!
  if (top < 0x7f) return
  let isLarge = top > 0x7f || publicKey[0]! >= 0xed
  for (let i = 1; i < 31 && top === 0x7f; i++) isLarge &&= publicKey[i] === 0xff
  if (isLarge) throw new CryptoError('INVALID_KEY')
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
