/**
 * The two primitives that a relay needs, on Node's own crypto: hashes name what it stores, and
 * signatures prove who owns a mailbox. It has nothing to open and no key to open it with.
 *
 * Not here: which signatures are valid (protocol/suites/strict-keys.ts).
 */
import { createPublicKey, hash, verify } from 'node:crypto'
import { fromHex, toHex } from '../../protocol/bytes.ts'
import type { Log } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { strictVerify } from '../../protocol/suites/strict-keys.ts'

export type RelaySuite = Pick<CryptoSuite, 'sha256' | 'verify'>

/** Owners prove themselves once a stream, so keys are imported as they come. */
const fastSuite: RelaySuite = {
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

/** `candidate`, or the reference where it gives anything else than that gave. */
export function nativeSuite (log: Log, candidate: RelaySuite = fastSuite): RelaySuite {
  const failed = selfTest(candidate)
  if (failed === undefined) return candidate
  log.error('suiteSelfTestFailed', { failed, instead: nobleSuite.name })
  return nobleSuite
}

/** What the reference gave for the bytes 0 … 63, signed by the key whose seed is 1 … 32. */
const text = new Uint8Array(64).map((_, i) => i)
const digest = 'fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108'
const signer = fromHex('79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664')!
const signature = fromHex('8777362894f75e698ce291d2cef94c318ccd91c5cd86914dd00f3628cee0ff43' +
  '9ffe961bf4117d997dd700eedab0668de4dadf0f755a2853da0e83169bc01d02')!

/** Name of the primitive that differs or throws. */
function selfTest (candidate: RelaySuite): keyof RelaySuite | undefined {
  const checks: { [Name in keyof RelaySuite]: () => boolean } = {
    sha256: () => toHex(candidate.sha256(text)) === digest,
    verify: () => candidate.verify(signer, text, signature) && !candidate.verify(signer, text.with(9, 0), signature)
  }
  for (const name of ['sha256', 'verify'] as const) {
    try {
      if (!checks[name]()) return name
    } catch {
      // A primitive that is missing in this Node is as good as one that is wrong.
      return name
    }
  }
  return undefined
}
