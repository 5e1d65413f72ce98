/**
 * The self-test of a suite, before anything is trusted to it: fixed inputs, and hashes of what the reference computed
 * of them when this was written. test/protocol/suites.test.ts holds them against the reference.
 */
import { concat, emptyBytes, equal, toHex } from '../bytes.ts'
import { CryptoError } from '../errors.ts'
import type { CryptoSuite } from '../suite.ts'

/** SHA-256 of what each test gives, hex. */
const knownAnswers = {
  sha256: '7728ae2f2c36e2aaafbe79ca14c87ae2f89e7c88c4390ecbbf82dce88706958d',
  hmac: 'c346c15e636fe288187c63a4d15c6af2c2118bad74ad73f3819ff20f24821d3c',
  hkdf: '816b69d1828aaf321f14b96be871e6574f4200bb1d63dfc23a4fcd0f050c406a',
  expand: 'ad66d2580000e7b6d786010c985c9c5f314a168a92ce24091d88dced5b42c147',
  seal: '950e7e8471c7017804f132742905d9ad31076587c9521580683fde1667fbef4e',
  open: '7728ae2f2c36e2aaafbe79ca14c87ae2f89e7c88c4390ecbbf82dce88706958d',
  x25519: '2dc15ab1127ab377861c5657313c2563dd4d6d895ec13d1dbb49053c07f44b19',
  sign: '1a01e04afe51e71f7bc5cb2cc0a7c83dbdc7744f47cd9a3a6495d5a6cdb423e7',
  verify: '47dc540c94ceb704a23875c11273e16bb0b8a87aed84de911f2133568115f254',
  kemPrivate: '0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9',
  encapsulate: '1fad879eabc0f07f4704504ec1206cecdca943c094dbb5bca96f86ade67533ea',
  decapsulate: '8dfd6f9fd1510d36051a97dd00d1af08925ed8807b94ef271d13e64efd2fdb0c'
}

/** So that a start need not compute the slowest of all: what an `encapsulate` that needs no test gives. */
export interface KnownEncapsulation { encapsulate: CryptoSuite['encapsulate'], ciphertext: Uint8Array }

/**
 * Name of the first primitive that gives anything else than the reference did for fixed inputs, or throws.
 * In this order: later ones take what earlier ones made. Without `known`, encapsulations must follow from their coins.
 */
export function failedSelfTest (candidate: CryptoSuite, known?: KnownEncapsulation): string | undefined {
  for (const [name, outputs] of Object.entries(selfTests)) {
    try {
      if (toHex(candidate.sha256(outputs(candidate, known))) !== knownAnswers[name as keyof typeof selfTests]) return name
    } catch {
      // A primitive that is missing is as good as one that is wrong.
      return name
    }
  }
  return undefined
}

/** `suite`, for which there is no other to fall back on. Throws CryptoError CRYPTO_BROKEN. */
export function selfTested (suite: CryptoSuite): CryptoSuite {
  const failed = failedSelfTest(suite)
  if (failed !== undefined) throw new CryptoError('CRYPTO_BROKEN', `What is computed here for ${failed} is wrong.`)
  return suite
}

const a = new Uint8Array(32).map((_, i) => i + 1)
const b = new Uint8Array(32).map((_, i) => 7 * i + 3)
const text = new Uint8Array(300).map((_, i) => i)
const nonce = text.subarray(0, 12)
const kemSeed = text.subarray(0, 64)

const selfTests = {
  // The answer is its hash.
  sha256: () => text,
  hmac: (suite) => concat(suite.hmac(a, text), suite.hmac(text, a)),
  hkdf: (suite) => suite.hkdf(a, text, b, 77),
  expand: (suite) => suite.expand(a, b, 44),
  seal: (suite) => suite.seal(a, nonce, text, b),
  open: (suite) => {
    const sealed = suite.seal(a, nonce, text, b)
    const refused = [suite.open(a, nonce, sealed.with(3, sealed[3]! ^ 1), b), suite.open(a, nonce, sealed, a)]
    return concat(suite.open(a, nonce, sealed, b) ?? emptyBytes, ...refused.map(bytes => bytes ?? emptyBytes))
  },
  x25519: (suite) => {
    const peer = suite.x25519Private(b).publicKey
    return concat(suite.x25519Private(a).publicKey, peer, suite.x25519(suite.x25519Private(a), peer))
  },
  sign: (suite) => concat(suite.ed25519Private(a).publicKey, suite.sign(suite.ed25519Private(a), text)),
  verify: (suite) => {
    const { publicKey } = suite.ed25519Private(a)
    const signature = suite.sign(suite.ed25519Private(a), text)
    const tried = [signature, signature.with(40, signature[40]! ^ 1)]
    return Uint8Array.from(tried, (one) => Number(suite.verify(publicKey, text, one)))
  },
  kemPrivate: (suite) => suite.kemPrivate(kemSeed).publicKey,
  encapsulate: (suite, known) => {
    if (known?.encapsulate === suite.encapsulate) return known.ciphertext
    const key = suite.kemPrivate(kemSeed)
    const [one, other] = [suite.encapsulate(key.publicKey, b), suite.encapsulate(key.publicKey, b)]
    if (!equal(one.secret, suite.decapsulate(key, one.ciphertext))) return one.secret
    // With coins of its own each is another one, and its secret the recipient's: more can't be asked.
    return known === undefined || equal(one.ciphertext, other.ciphertext) ? one.ciphertext : known.ciphertext
  },
  decapsulate: (suite, known) => {
    const key = suite.kemPrivate(kemSeed)
    const ciphertext = known?.ciphertext ?? suite.encapsulate(key.publicKey, b).ciphertext
    // The altered one too: it gives a secret of its own, the same everywhere.
    const altered = ciphertext.with(9, ciphertext[9]! ^ 1)
    return concat(suite.decapsulate(key, ciphertext), suite.decapsulate(key, altered))
  }
} satisfies Record<string, (suite: CryptoSuite, known: KnownEncapsulation | undefined) => Uint8Array>
