import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import { chooseSuite, nativeSuite } from '../../node/host/native-suite.ts'
import { concat, equal, toHex, utf8 } from '../../protocol/bytes.ts'
import { CryptoError } from '../../protocol/errors.ts'
import type { CryptoSuite, PrivateKey } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { selfTested } from '../../protocol/suites/self-test.ts'
import { strictVerify } from '../../protocol/suites/strict-keys.ts'
import { nativeSuite as nativeSuiteOfRelay } from '../../relay/host/native-suite.ts'
import { keptLog } from '../support/kept-log.ts'
import { bothSuites, native } from '../support/parties.ts'
import { bytesOf, itAgreesWith, itAgreesWithWycheproof, wycheproofFiles } from '../support/published-vectors.ts'
import { seededRandom } from '../support/seeded-random.ts'

const relaySuite = nativeSuiteOfRelay(keptLog())
/** As the product has it: what it encapsulates can't be repeated. */
const ownCoins = nativeSuite(keptLog(), { drawsOwnCoins: true })

const refusesKey = (run: () => unknown): void => {
  assert.throws(run, (error) => error instanceof CryptoError && error.code === 'INVALID_KEY')
}

/** The field prime of Curve25519, little-endian. */
const prime = bytesOf(`ed${'ff'.repeat(30)}7f`)

function isCanonical (u: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    if (u[i] !== prime[i]) return u[i]! < prime[i]!
  }
  return false
}

for (const suite of bothSuites) {
  describe(`the ${suite.name} suite`, () => {
    itAgreesWithWycheproof('x25519_test.json', 'agrees on X25519 secrets, and refuses weak and non-canonical keys',
      (groups) => {
        let refused = 0
        for (const test of groups.flatMap((group) => group.tests)) {
          const publicKey = bytesOf(test['public'])
          const privateKey = suite.x25519Private(bytesOf(test['private']))
          const shared = bytesOf(test['shared'])
          if (!isCanonical(publicKey) || shared.every((byte) => byte === 0)) {
            refusesKey(() => suite.x25519(privateKey, publicKey))
            refused++
          } else {
            assert.deepEqual(suite.x25519(privateKey, publicKey), shared, `tcId ${test.tcId}`)
          }
        }
        assert.ok(refused > 31)
      })

    itAgreesWithWycheproof('ed25519_test.json', 'verifies Ed25519 as Wycheproof does', (groups) => {
      for (const group of groups) {
        const publicKey = bytesOf((group['publicKey'] as { pk: string }).pk)
        for (const test of group.tests) {
          const accepted = suite.verify(publicKey, bytesOf(test['msg']), bytesOf(test['sig']))
          assert.equal(accepted, test.result === 'valid', `tcId ${test.tcId}`)
        }
      }
    })

    itAgreesWithWycheproof('chacha20_poly1305_test.json', 'seals and opens ChaCha20-Poly1305', (groups) => {
      for (const test of groups.flatMap((group) => group.tests)) {
        const [key, nonce, aad] = [bytesOf(test['key']), bytesOf(test['iv']), bytesOf(test['aad'])]
        if (nonce.length !== 12) continue
        const sealed = bytesOf(`${String(test['ct'])}${String(test['tag'])}`)
        const opened = suite.open(key, nonce, sealed, aad)
        if (test.result === 'valid') {
          assert.deepEqual(opened, bytesOf(test['msg']), `tcId ${test.tcId}`)
          assert.deepEqual(suite.seal(key, nonce, bytesOf(test['msg']), aad), sealed, `tcId ${test.tcId}`)
        } else {
          assert.equal(opened, undefined, `tcId ${test.tcId}`)
        }
      }
    })

    itAgreesWithWycheproof('hmac_sha256_test.json', 'computes HMAC-SHA-256 for keys of all lengths', (groups) => {
      for (const test of groups.flatMap((group) => group.tests)) {
        const tag = bytesOf(test['tag'])
        const computed = suite.hmac(bytesOf(test['key']), bytesOf(test['msg'])).subarray(0, tag.length)
        assert.equal(equal(computed, tag), test.result === 'valid', `tcId ${test.tcId}`)
      }
    })

    itAgreesWithWycheproof('hkdf_sha256_test.json', 'derives HKDF-SHA-256, extract and expand', (groups) => {
      for (const test of groups.flatMap((group) => group.tests)) {
        const [salt, ikm, info] = [bytesOf(test['salt']), bytesOf(test['ikm']), bytesOf(test['info'])]
        const derive = (): Uint8Array => suite.hkdf(salt, ikm, info, Number(test['size']))
        if (test.result === 'valid') assert.deepEqual(derive(), bytesOf(test['okm']), `tcId ${test.tcId}`)
        else assert.throws(derive, `tcId ${test.tcId}`)
      }
    })
  })
}

for (const suite of bothSuites) describe(`ML-KEM-768 of the ${suite.name} suite`, () => {
  itAgreesWithWycheproof('mlkem_768_keygen_seed_test.json', 'makes the key of a seed', (groups) => {
    for (const test of groups.flatMap((group) => group.tests)) {
      const { publicKey } = suite.kemPrivate(bytesOf(test['seed']))
      assert.deepEqual(publicKey, bytesOf(test['ek']), `tcId ${test.tcId}`)
    }
  })

  itAgreesWithWycheproof('mlkem_768_encaps_test.json', 'encapsulates, and refuses malformed keys', (groups) => {
    for (const test of groups.flatMap((group) => group.tests)) {
      const encapsulate = (): unknown => suite.encapsulate(bytesOf(test['ek']), bytesOf(test['m']))
      if (test.result === 'valid') {
        const expected = { ciphertext: bytesOf(test['c']), secret: bytesOf(test['K']) }
        assert.deepEqual(encapsulate(), expected, `tcId ${test.tcId}`)
      } else {
        refusesKey(encapsulate)
        refusesKey(() => ownCoins.encapsulate(bytesOf(test['ek']), bytesOf(test['m'])))
      }
    }
  })

  itAgreesWithWycheproof('mlkem_768_test.json', 'decapsulates, with implicit rejection', (groups) => {
    for (const test of groups.flatMap((group) => group.tests)) {
      const decapsulate = (): Uint8Array =>
        suite.decapsulate(suite.kemPrivate(bytesOf(test['seed'])), bytesOf(test['c']))
      if (test.result === 'valid') assert.deepEqual(decapsulate(), bytesOf(test['K']), `tcId ${test.tcId}`)
      else assert.throws(decapsulate, CryptoError, `tcId ${test.tcId}`)
    }
  })
})

describe('the one Ed25519 predicate (S11)', () => {
  itAgreesWith('cctv/ed25519vectors.json', 'accepts the same edge cases on every backend', (parsed) => {
    const cases = parsed as Array<{ number: number, key: string, sig: string, msg: string, flags: string[] | null }>
    // What implementations differ in. A component of small order alone is nothing odd, where the equation is exact.
    const odd = new Set(['non_canonical_A', 'non_canonical_R', 'low_order_A', 'low_order_R', 'low_order_residue'])
    const found = { accepted: 0, refused: 0, withComponents: 0 }
    for (const { number, key, sig, msg, flags } of cases) {
      const flagged = flags ?? []
      const expected = !flagged.some((flag) => odd.has(flag))
      const verdicts = [...bothSuites, relaySuite].map(({ verify }) => verify(bytesOf(key), utf8(msg), bytesOf(sig)))
      assert.deepEqual(verdicts, [expected, expected, expected], `case ${number}: ${flagged.join()}`)
      found[expected ? 'accepted' : 'refused']++
      if (expected && flagged.includes('low_order_component_A')) found.withComponents++
    }
    assert.ok(found.withComponents > 5 && found.accepted > found.withComponents && found.refused > 500, JSON.stringify(found))
  })

  it('refuses all keys and all R of small order, in every encoding, whatever the backend says', () => {
    const accepting = strictVerify(() => true)
    const { publicKey } = native.ed25519Private(new Uint8Array(32).fill(3))
    const prime = 2n ** 255n - 19n
    const encodings = new Set<string>()
    for (const hex of ED25519_TORSION_SUBGROUP) {
      const y = BigInt(`0x${toHex(bytesOf(hex).toReversed())}`) & (2n ** 255n - 1n)
      for (const same of [y, y + prime].filter((one) => one < 2n ** 255n)) {
        for (const sign of [0n, 1n]) encodings.add((same | sign << 255n).toString(16).padStart(64, '0'))
      }
    }
    assert.equal(encodings.size, 14)
    for (const bigEndian of encodings) {
      const encoded = bytesOf(bigEndian).toReversed()
      for (const one of [1, 2, 19]) {
        const response = new Uint8Array(32).fill(one, 0, 31)
        assert.ok(!accepting(encoded, publicKey, concat(publicKey, response)), `key ${bigEndian}`)
        assert.ok(!accepting(publicKey, publicKey, concat(encoded, response)), `R ${bigEndian}`)
      }
    }
  })

  it('stands in front of a backend that would accept anything', () => {
    const verify = strictVerify(() => true)
    const { publicKey } = native.ed25519Private(new Uint8Array(32).fill(3))
    const signature = new Uint8Array(64).fill(5)
    assert.ok(verify(publicKey, publicKey, signature))
    const identity = Uint8Array.of(1, ...new Uint8Array(63))
    assert.ok(!verify(publicKey, publicKey, identity), 'R is the identity')
    assert.ok(!verify(identity.subarray(0, 32), publicKey, signature), 'the key is the identity')
    assert.ok(!verify(new Uint8Array(32).fill(0xff), publicKey, signature), 'the key is not canonical')
  })

  it('accepts honest signatures of either backend on all of them, and no altered one', () => {
    const random = seededRandom('honest signatures')
    for (let i = 0; i < 15; i++) {
      const seed = random.bytes(32)
      const message = random.bytes(i * 7)
      const signatures = bothSuites.map((suite) => suite.sign(suite.ed25519Private(seed), message))
      assert.deepEqual(signatures[0], signatures[1])
      const signature = signatures[0]!
      const { publicKey } = native.ed25519Private(seed)
      for (const { verify } of [...bothSuites, relaySuite]) {
        assert.ok(verify(publicKey, message, signature))
        assert.ok(!verify(publicKey, message, signature.with(i, signature[i]! ^ 1)))
        assert.ok(!verify(publicKey, message, signature.with(63 - i, signature[63 - i]! ^ 1)))
        assert.ok(!verify(publicKey, message, signature.subarray(0, 63)))
        assert.ok(!verify(publicKey.subarray(1), message, signature))
      }
    }
  })
})

describe('the published vectors', () => {
  /** Those of primitives that the protocol does not have. */
  const unused: Record<string, string> = {
    'aes_gcm_test.json': 'no suite has it: run where it is used, in a browser (test/browser/published-vectors.test.ts)',
    'xchacha20_poly1305_test.json': 'nonces are derived, or drawn under a key of one chain or one descriptor: 12 bytes are enough',
    'mlkem_768_semi_expanded_decaps_test.json': 'private keys are seeds, and no suite takes an expanded one'
  }

  it('are all run, but for primitives that are not used here', () => {
    const source = readFileSync(import.meta.filename, 'utf8')
    const run = [...source.matchAll(/itAgreesWithWycheproof\('([\w.]+)'/g)].map(([, file]) => file!)
    assert.ok(run.length >= 8)
    assert.deepEqual(wycheproofFiles().filter((file) => !run.includes(file) && !(file in unused)), [])
  })
})

describe('suites', () => {
  const random = seededRandom('suites')
  const sealedBy = (suite: CryptoSuite): string => {
    const [key, text] = [new Uint8Array(32).fill(7), new Uint8Array(5000).fill(1)]
    const own = suite.x25519Private(key)
    return toHex(suite.sha256(text)) + toHex(suite.hmac(new Uint8Array(100).fill(9), text)) + toHex(own.publicKey) +
      toHex(suite.x25519(own, nobleSuite.x25519Private(text.subarray(0, 32)).publicKey)) +
      toHex(suite.expand(key, utf8('info'), 100)) + toHex(suite.seal(key, key.subarray(0, 12), text, key))
  }

  it('give the same bytes', () => {
    assert.equal(native.name, 'native')
    assert.equal(sealedBy(native), sealedBy(nobleSuite))
  })

  it('take the private keys of one another', () => {
    const peer = native.x25519Private(random.bytes(32)).publicKey
    for (const [one, other] of [[nobleSuite, native], [native, nobleSuite]] as const) {
      const key = one.x25519Private(random.bytes(32))
      assert.deepEqual(other.x25519(key, peer), one.x25519(key, peer))
      const signing = one.ed25519Private(random.bytes(32))
      assert.deepEqual(other.sign(signing, peer), one.sign(signing, peer))
    }
  })

  it('return plain byte arrays that share no memory with their inputs', () => {
    for (const suite of bothSuites) {
      const seed = random.bytes(32)
      const key = suite.x25519Private(seed)
      const before = key.exportSeed()
      seed.fill(0)
      key.exportSeed().fill(1)
      assert.deepEqual(key.exportSeed(), before)
      for (const bytes of [key.publicKey, suite.sha256(seed), suite.hmac(seed, seed), suite.expand(seed, seed, 40)]) {
        assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype)
      }
    }
  })

  it('open nothing that is shorter than a tag', () => {
    for (const suite of bothSuites) {
      const key = random.bytes(32)
      assert.equal(suite.open(key, key.subarray(0, 12), new Uint8Array(15), key), undefined)
    }
  })

  it('refuse seeds and ciphertexts of another length', () => {
    for (const suite of bothSuites) {
      refusesKey(() => suite.x25519Private(random.bytes(31)))
      refusesKey(() => suite.ed25519Private(random.bytes(33)))
      refusesKey(() => suite.kemPrivate(random.bytes(32)))
      refusesKey(() => suite.encapsulate(random.bytes(1184).fill(255), random.bytes(32)))
      refusesKey(() => suite.encapsulate(random.bytes(32), random.bytes(32)))
      assert.throws(() => suite.decapsulate(suite.kemPrivate(random.bytes(64)), random.bytes(1087)), CryptoError)
    }
  })

  it('show no seed of a private key when it is printed', () => {
    for (const suite of bothSuites) {
      const keys: PrivateKey[] = [
        suite.x25519Private(random.bytes(32)),
        suite.ed25519Private(random.bytes(32)),
        suite.kemPrivate(random.bytes(64))
      ]
      for (const key of keys) {
        assert.equal(key.publicKey.length >= 32, true)
        const seed = key.exportSeed()
        const printed = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key)
        assert.ok(!printed.includes(toHex(seed)) && !printed.includes(seed.subarray(0, 8).join(', ')), printed)
      }
    }
  })

  it('decapsulate alike, also what was sealed to another key or altered', () => {
    for (let i = 0; i < 5; i++) {
      const seed = random.bytes(64)
      const { ciphertext, secret } = nobleSuite.encapsulate(native.kemPrivate(seed).publicKey, random.bytes(32))
      assert.deepEqual(native.decapsulate(native.kemPrivate(seed), ciphertext), secret)
      assert.deepEqual(native.decapsulate(nobleSuite.kemPrivate(seed), ciphertext), secret)
      assert.deepEqual(nobleSuite.decapsulate(native.kemPrivate(seed), ciphertext), secret)
      for (const other of [ciphertext.with(i, ciphertext[i]! ^ 1), random.bytes(1088)]) {
        const rejected = native.decapsulate(native.kemPrivate(seed), other)
        assert.notDeepEqual(rejected, secret)
        assert.deepEqual(rejected, nobleSuite.decapsulate(nobleSuite.kemPrivate(seed), other))
      }
    }
  })

  it('encapsulate with coins of their own where they may, and what any suite decapsulates', () => {
    assert.equal(ownCoins.name, 'native')
    assert.notEqual(ownCoins.encapsulate, native.encapsulate)
    const [seed, coins] = [random.bytes(64), random.bytes(32)]
    const key = nobleSuite.kemPrivate(seed)
    const made = Array.from({ length: 4 }, () => ownCoins.encapsulate(key.publicKey, coins))
    assert.equal(new Set(made.map(({ secret }) => toHex(secret))).size, 4, 'the coins that were given are not used')
    for (const { ciphertext, secret } of made) {
      assert.deepEqual([Object.getPrototypeOf(ciphertext), Object.getPrototypeOf(secret)], [Uint8Array.prototype, Uint8Array.prototype])
      for (const suite of bothSuites) assert.deepEqual(suite.decapsulate(suite.kemPrivate(seed), ciphertext), secret)
    }
    for (const length of [0, 1183, 1185]) refusesKey(() => ownCoins.encapsulate(random.bytes(length), coins))
  })

  it('with coins of their own fall back to the reference where a secret is not that of its ciphertext', () => {
    const log = keptLog()
    const wrong = (publicKey: Uint8Array, coins: Uint8Array): ReturnType<CryptoSuite['encapsulate']> =>
      ({ ...ownCoins.encapsulate(publicKey, coins), secret: nobleSuite.sha256(coins) })
    assert.equal(chooseSuite({ ...ownCoins, encapsulate: wrong }, log), nobleSuite)
    assert.deepEqual(log.lines.map(({ fields }) => fields['failed']), ['encapsulate'])
    assert.equal(chooseSuite(ownCoins, keptLog()), ownCoins)
  })

  it('hold the self-test against what the reference computes', () => {
    const log = keptLog()
    // Not the very function of the reference, which the self-test trusts.
    const copy = { ...nobleSuite, encapsulate: (...given: Parameters<CryptoSuite['encapsulate']>) => nobleSuite.encapsulate(...given) }
    assert.equal(chooseSuite(copy, log), copy)
    assert.deepEqual(log.lines, [])
  })

  /** Blinding is the reference's in every backend, and there is nothing to hold it against. */
  const wrong: { [Name in keyof Omit<CryptoSuite, 'name' | 'blindPublic' | 'signBlinded'>]: CryptoSuite[Name] } = {
    sha256: (bytes) => nobleSuite.sha256(bytes.subarray(1)),
    hmac: (key, bytes) => nobleSuite.hmac(key.subarray(0, 64), bytes),
    hkdf: (salt, ikm, info, length) => nobleSuite.hkdf(ikm, salt, info, length),
    expand: (prk, info, length) => nobleSuite.expand(prk, info, length + 32).subarray(32),
    seal: (key, nonce, plaintext) => nobleSuite.seal(key, nonce, plaintext, new Uint8Array(0)),
    // Opens everything that is whole, whatever it is bound to.
    open: (key, nonce, sealed, aad) => nobleSuite.open(key, nonce, sealed, aad) ?? sealed.subarray(16),
    x25519Private: (seed) => nobleSuite.x25519Private(seed.toReversed()),
    x25519: (_key, publicKey) => publicKey,
    ed25519Private: (seed) => nobleSuite.ed25519Private(seed.toReversed()),
    sign: (key, message) => nobleSuite.sign(key, message.subarray(1)),
    verify: () => true,
    kemPrivate: (seed) => nobleSuite.kemPrivate(seed.toReversed()),
    encapsulate: (publicKey) => nobleSuite.encapsulate(publicKey, new Uint8Array(32)),
    // Without implicit rejection.
    decapsulate: (_key, ciphertext) => nobleSuite.sha256(ciphertext)
  }
  /** Made by one primitive, noticed where its key is used. */
  const noticedAs: Partial<Record<string, string>> = { x25519Private: 'x25519', ed25519Private: 'sign' }

  for (const name of Object.keys(wrong) as Array<keyof typeof wrong>) {
    it(`fall back to the reference, and say so, where ${name} is wrong, throws or is missing`, () => {
      const fail = (): never => { throw new Error('not supported') }
      for (const primitive of [wrong[name], fail, undefined]) {
        const log = keptLog()
        const candidate = { ...native, [name]: primitive } as CryptoSuite
        assert.equal(chooseSuite(candidate, log), nobleSuite)
        assert.deepEqual(log.lines.map(({ level, event, fields }) => [level, event, fields['failed'], fields['instead']]),
          [['error', 'suiteSelfTestFailed', noticedAs[name] ?? name, 'noble']])
      }
    })
  }

  it('stop at once where the reference itself computes wrong: there is no other', () => {
    assert.equal(selfTested(nobleSuite), nobleSuite)
    // What is encapsulated is opened at once.
    const noticed: typeof noticedAs = { ...noticedAs, decapsulate: 'encapsulate' }
    for (const [name, primitive] of Object.entries(wrong)) {
      assert.throws(() => selfTested({ ...nobleSuite, [name]: primitive }), (error: unknown) => {
        assert.ok(error instanceof CryptoError)
        assert.deepEqual([error.code, error.message], ['CRYPTO_BROKEN', `What is computed here for ${noticed[name] ?? name} is wrong.`])
        return true
      })
    }
    // Encapsulations that are another each time can't be held against anything, here where all else can.
    assert.throws(() => selfTested(ownCoins), /encapsulate/)
  })

  it('of a relay fall back to the reference as well', () => {
    assert.notEqual(relaySuite.sha256, nobleSuite.sha256)
    const fail = (): never => { throw new Error('not supported') }
    const broken = [
      ['sha256', { sha256: fail }], ['sha256', { sha256: wrong.sha256 }],
      ['verify', { verify: fail }], ['verify', { verify: () => true }], ['verify', { verify: () => false }]
    ] as const
    for (const [name, primitive] of broken) {
      const log = keptLog()
      assert.equal(nativeSuiteOfRelay(log, { ...relaySuite, ...primitive }), nobleSuite)
      assert.deepEqual(log.lines.map(({ event, fields }) => [event, fields['failed']]), [['suiteSelfTestFailed', name]])
    }
    const log = keptLog()
    assert.equal(nativeSuiteOfRelay(log, nobleSuite), nobleSuite)
    assert.deepEqual(log.lines, [])
  })

  it('are used as they are where all primitives are right', () => {
    const log = keptLog()
    assert.equal(chooseSuite(native, log), native)
    assert.deepEqual(log.lines, [])
  })
})
