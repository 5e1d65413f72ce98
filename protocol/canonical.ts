/**
 * Signed messages: exact bytes, signed under a label, encoded in the one allowed way.
 *
 * What is signed is the payload as it came, never a re-encoding of it; that its encoding is the
 * canonical one is checked apart, so that one statement has one hash. Spec 01 §Signed messages.
 */
import { concat } from './bytes.ts'
import { CryptoError } from './errors.ts'
import type { CryptoSuite, Ed25519Private } from './suite.ts'
import { decodeCanonical, expectLength } from './wire/decode.ts'
import { Signed } from './wire/restante.js'

/** An encoded Signed: `payload` and the signature over label ‖ payload. */
export function sealSigned (
  suite: Pick<CryptoSuite, 'sign'>, key: Ed25519Private, label: Uint8Array, payload: Uint8Array
): Uint8Array {
  return Signed.encode({ payload, signature: suite.sign(key, concat(label, payload)) })
}

/** Both parts, not verified: the key is often named in the payload. WireError. */
export function openSigned (signed: Uint8Array, name: string): Signed {
  const parts = decodeCanonical(Signed, signed, name)
  expectLength(parts.signature, 64, `${name}.signature`)
  return parts
}

/** CryptoError INVALID_SIGNATURE where `key` (32 bytes) did not sign it under this label. */
export function verifySigned (
  suite: Pick<CryptoSuite, 'verify'>, key: Uint8Array, label: Uint8Array, signed: Signed, name: string
): void {
  if (!suite.verify(key, concat(label, signed.payload), signed.signature)) {
    throw new CryptoError('INVALID_SIGNATURE', `${name}: the signature does not match`)
  }
}
