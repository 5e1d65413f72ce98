/**
 * Ed25519 keys that are blinded by a factor: a public key that nobody links to the one behind it, and
 * signatures under it (spec 02 §Descriptor). No platform has this ready, so that every backend uses this one.
 *
 * Not here: what a factor is made of.
 */
import type { EdwardsPoint } from '@noble/curves/abstract/edwards.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat } from '../bytes.ts'
import { CryptoError } from '../errors.ts'
import type { Blinding, CryptoSuite } from '../suite.ts'

const { Fn, BASE } = ed25519.Point

/** h·A, 32 bytes. CryptoError INVALID_KEY where `publicKey` is none. */
export function blindPublic (publicKey: Uint8Array, factor: Uint8Array): Uint8Array {
  return pointOf(publicKey).multiply(toScalar(factor)).toBytes()
}

/** Of prime order: relays would know a torsion component again in each period, and so link them. */
function pointOf (publicKey: Uint8Array): EdwardsPoint {
  try {
    const point = ed25519.Point.fromBytes(publicKey, false)
    if (!point.isSmallOrder() && point.isTorsionFree()) return point
  } catch {
    // The library throws for bytes that are no point: that is the answer here as well.
  }
  throw new CryptoError('INVALID_KEY')
}

/** As RFC 8032 has it, with the scalar h·a and a prefix of its own. `seed`: 32 bytes. */
export function signBlindedBy (
  hkdf: CryptoSuite['hkdf'], seed: Uint8Array, { factor, noncePrefixSalt }: Blinding, message: Uint8Array
): Uint8Array {
  const { scalar, prefix } = ed25519.utils.getExtendedPublicKey(seed)
  const blinded = toScalar(scalar * toScalar(factor))
  const publicKey = BASE.multiply(blinded).toBytes()
  // The key's own prefix, with two scalars and one message, would give one nonce twice: the two
  // signatures together would then give the key away.
  const blindedPrefix = hkdf(noncePrefixSalt, prefix, publicKey, 32)
  const nonce = toScalar(sha512(concat(blindedPrefix, message)))
  const commitment = BASE.multiply(nonce).toBytes()
  const challenge = toScalar(sha512(concat(commitment, publicKey, message)))
  return concat(commitment, Fn.toBytes(toScalar(nonce + challenge * blinded)))
}

/** Modulo the group order; bytes are little-endian. */
export function toScalar (value: Uint8Array | bigint): bigint {
  if (typeof value === 'bigint') return value % Fn.ORDER
  let sum = 0n
  for (let i = value.length - 1; i >= 0; i--) sum = sum << 8n | BigInt(value[i]!)
  return sum % Fn.ORDER
}
