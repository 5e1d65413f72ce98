/**
 * The two primitives that a relay needs, on Node's own crypto: hashes name what it stores, and
 * signatures prove who owns a mailbox. It has nothing to open and no key to open it with.
 *
 * Not here: which signatures are valid (protocol/suites/strict-keys.ts).
 */
import { createPublicKey, hash, verify } from 'node:crypto'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { strictVerify } from '../../protocol/suites/strict-keys.ts'

/** Owners prove themselves once a stream, so keys are imported as they come. */
export const nativeSuite: Pick<CryptoSuite, 'sha256' | 'verify'> = {
  sha256: (bytes) => {
    const digest = hash('sha256', bytes, 'buffer')
    return new Uint8Array(digest.buffer, digest.byteOffset, digest.length)
  },
  verify: strictVerify((publicKey, message, signature) => {
    const x = Buffer.from(publicKey).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verify(null, message, key, signature)
  })
}
