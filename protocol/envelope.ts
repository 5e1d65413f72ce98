/**
 * Grants, and the outer seal of an envelope (spec 04): what a relay stores is uniform bytes, another
 * copy at another relay shares none of them, and only someone with the grant can make an envelope
 * that costs its recipient more than one AEAD open.
 *
 * Not here: what is inside (session.ts), and where an envelope goes.
 */
import { concat } from './bytes.ts'
import { UsageError } from './errors.ts'
import { labels } from './labels.ts'
import { isBucket } from './padding.ts'
import type { CryptoSuite } from './suite.ts'

const nonceBytes = 12
const tagBytes = 16
/** Bytes of an envelope that are not its inner. */
export const wrapOverheadBytes = nonceBytes + tagBytes

/** What lets someone write to one address. */
export interface Grant {
  /** 32 bytes; all else follows from it. */
  secret: Uint8Array
  /** 32 bytes, shown to the relay with each deposit. */
  address: Uint8Array
  /** 32 bytes, all that the relay keeps. */
  addressHash: Uint8Array
  /** 32 bytes, never shown to a relay. */
  wrapKey: Uint8Array
}

export function deriveGrant (suite: CryptoSuite, secret: Uint8Array): Grant {
  if (secret.length !== 32) throw new UsageError('USAGE', `A grant secret of ${secret.length} bytes, not 32.`)
  const address = suite.expand(secret, labels.grantAddress, 32)
  return {
    secret,
    address,
    addressHash: hashAddress(suite, address),
    wrapKey: suite.expand(secret, labels.grantWrap, 32)
  }
}

export function hashAddress (suite: Pick<CryptoSuite, 'sha256'>, address: Uint8Array): Uint8Array {
  return suite.sha256(concat(labels.addressHash, address))
}

/**
 * The envelope of `inner`, whose length is a bucket less `wrapOverheadBytes`. The same grant and
 * inner give the same bytes, so that a relay recognises a retry.
 */
export function wrapEnvelope (suite: CryptoSuite, grant: Grant, inner: Uint8Array): Uint8Array {
  if (!isBucket(inner.length + wrapOverheadBytes)) {
    throw new UsageError('USAGE', `An inner of ${inner.length} bytes fills no bucket.`)
  }
  const nonce = deterministicNonce(suite, grant.wrapKey, labels.envelopeNonce, inner)
  return concat(nonce, suite.seal(grant.wrapKey, nonce, inner, labels.envelope))
}

/** Undefined: not the size of a bucket, or it does not open with this grant. */
export function unwrapEnvelope (
  suite: CryptoSuite, grant: Grant, envelope: Uint8Array
): Uint8Array | undefined {
  if (!isBucket(envelope.length)) return undefined
  const nonce = envelope.subarray(0, nonceBytes)
  return suite.open(grant.wrapKey, nonce, envelope.subarray(nonceBytes), labels.envelope)
}

/** A nonce that only the same plaintext repeats: a repeated seal reveals that it is one, and no more. */
export function deterministicNonce (
  suite: CryptoSuite, key: Uint8Array, label: Uint8Array, plaintext: Uint8Array
): Uint8Array {
  return suite.hmac(key, concat(label, plaintext)).subarray(0, nonceBytes)
}
