/**
 * The suite for large simulations: of the sizes of the real one, strict about keys, understood by
 * the engines, and out of the product's reach.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chooseSuite } from '../../node/host/native-suite.ts'
import { concat, utf8 } from '../../protocol/bytes.ts'
import { CryptoError, InternalError } from '../../protocol/errors.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { root, sourceFiles } from '../house/files.ts'
import { breachesOf } from '../house/rules.ts'
import { keptLog } from '../support/kept-log.ts'
import { native } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { eventually, SmallWorld } from '../support/small-world.ts'
import { transparentSuite } from './transparent-suite.ts'
import type { TransparentSuite } from './transparent-suite.ts'

const random = seededRandom('transparent')
const make = (hasForgers = false): TransparentSuite => transparentSuite({ base: native, hasForgers })
const [text, aad] = [utf8('a message'), utf8('a header')]

describe('the transparent suite', () => {
  it('gives what the real one gives, in the same sizes', () => {
    const sizes = (suite: CryptoSuite): number[] => {
      const [a, b] = [suite.x25519Private(random.bytes(32)), suite.x25519Private(random.bytes(32))]
      const signer = suite.ed25519Private(random.bytes(32))
      const kem = suite.kemPrivate(random.bytes(64))
      const { ciphertext, secret } = suite.encapsulate(kem.publicKey, random.bytes(32))
      const [key, nonce] = [random.bytes(32), random.bytes(12)]
      const sealed = suite.seal(key, nonce, text, aad)
      const signature = suite.sign(signer, text)
      assert.deepEqual(suite.x25519(a, b.publicKey), suite.x25519(b, a.publicKey))
      assert.deepEqual(suite.decapsulate(kem, ciphertext), secret)
      assert.deepEqual(suite.open(key, nonce, sealed, aad), text)
      assert.ok(suite.verify(signer.publicKey, text, signature))
      return [a.publicKey, a.exportSeed(), suite.x25519(a, b.publicKey), signer.publicKey, signer.exportSeed(),
        signature, kem.publicKey, kem.exportSeed(), ciphertext, secret, sealed].map(({ length }) => length)
    }
    assert.deepEqual(sizes(make()), sizes(nobleSuite))
  })

  it('gives different secrets for different keys, and the same for keys that were stored', () => {
    const suite = make()
    const seeds = Array.from({ length: 3 }, () => random.bytes(32))
    const [a, b, c] = seeds.map(suite.x25519Private) as [PrivateOf, PrivateOf, PrivateOf]
    assert.notDeepEqual(suite.x25519(a, b.publicKey), suite.x25519(a, c.publicKey))
    assert.deepEqual(suite.x25519(suite.x25519Private(a.exportSeed()), b.publicKey), suite.x25519(a, b.publicKey))
    assert.notDeepEqual(suite.encapsulate(suite.kemPrivate(random.bytes(64)).publicKey, random.bytes(32)).secret,
      suite.encapsulate(suite.kemPrivate(random.bytes(64)).publicKey, random.bytes(32)).secret)
  })

  it('refuses as the real one does what may come from outside', () => {
    const suite = make()
    const [key, nonce] = [random.bytes(32), random.bytes(12)]
    const sealed = suite.seal(key, nonce, text, aad)
    assert.equal(suite.open(random.bytes(32), nonce, sealed, aad), undefined, 'a trial with another key')
    for (let at = 0; at < sealed.length; at++) {
      assert.equal(suite.open(key, nonce, sealed.with(at, sealed[at]! ^ 1), aad), undefined, `byte ${at}`)
    }
    assert.equal(suite.open(key, nonce, sealed.subarray(0, 15), aad), undefined)
    const own = suite.x25519Private(random.bytes(32))
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(255), random.bytes(31)]) {
      assert.throws(() => suite.x25519(own, bad), CryptoError)
    }
    const signer = suite.ed25519Private(random.bytes(32))
    const signature = suite.sign(signer, text)
    for (const bad of [signature.with(0, signature[0]! ^ 1), signature.with(63, signature[63]! ^ 1), signature.subarray(1)]) {
      assert.ok(!suite.verify(signer.publicKey, text, bad))
    }
    assert.ok(!suite.verify(signer.publicKey, aad, signature))
    assert.ok(!suite.verify(suite.ed25519Private(random.bytes(32)).publicKey, text, signature))
    assert.throws(() => suite.encapsulate(random.bytes(1184), random.bytes(32)), CryptoError)
    const kem = suite.kemPrivate(random.bytes(64))
    const { ciphertext, secret } = suite.encapsulate(kem.publicKey, random.bytes(32))
    const rejected = suite.decapsulate(kem, ciphertext.with(900, ciphertext[900]! ^ 1))
    assert.notDeepEqual(rejected, secret)
    assert.throws(() => suite.decapsulate(kem, ciphertext.subarray(1)), CryptoError)
    assert.throws(() => suite.kemPrivate(random.bytes(32)), CryptoError)
    assert.deepEqual(suite.misuses, [])
  })

  it('signs under blinded keys, each of which verifies with its own factor and key alone', () => {
    const suite = make()
    const [signer, other] = [suite.ed25519Private(random.bytes(32)), suite.ed25519Private(random.bytes(32))]
    const [factor, noncePrefixSalt] = [random.bytes(64), text]
    const blinded = suite.blindPublic(signer.publicKey, factor)
    const signature = suite.signBlinded(signer, { factor, noncePrefixSalt }, text)
    assert.ok(suite.verify(blinded, text, signature))
    for (const key of [signer.publicKey, suite.blindPublic(signer.publicKey, random.bytes(64)), suite.blindPublic(other.publicKey, factor)]) {
      assert.ok(!suite.verify(key, text, signature))
    }
    assert.ok(!suite.verify(blinded, aad, signature))
    assert.ok(!suite.verify(blinded, text, suite.sign(signer, text)))
    assert.throws(() => suite.blindPublic(signer.publicKey.subarray(1), factor), CryptoError)
    assert.deepEqual(suite.misuses, [])
  })

  const [key, nonce, seed] = [random.bytes(32), random.bytes(12), random.bytes(32)]
  /** `forged`: somebody outside could bring it about, so it counts only in a world without forgers. */
  const misused: Array<[what: string, found: RegExp, forged: boolean, run: (suite: TransparentSuite) => unknown]> = [
    ['a key and nonce for two texts', /two different things/, false, suite => {
      suite.seal(key, nonce, text, aad)
      return suite.seal(key, nonce, aad, aad)
    }],
    ['a key and nonce for two headers', /two different things/, false, suite => {
      suite.seal(key, nonce, text, aad)
      return suite.seal(key, nonce, text, text)
    }],
    ['a key that is too short', /a key of 31 bytes/, false, suite => suite.seal(key.subarray(1), nonce, text, aad)],
    ['a nonce that is too long', /a nonce of 24 bytes/, false, suite => suite.open(key, concat(nonce, nonce), text, aad)],
    ['a key of zeros', /a key of zeros/, false, suite => suite.seal(new Uint8Array(32), nonce, text, aad)],
    ['a seed of zeros', /a seed of zeros/, false, suite => suite.x25519Private(new Uint8Array(32))],
    ['one seed for two algorithms', /a seed of x25519 used for ed25519/, false, suite => {
      suite.x25519Private(seed)
      return suite.ed25519Private(seed)
    }],
    ['a signing key to agree with', /a private key of ed25519 used for x25519/, false, suite =>
      suite.x25519(suite.ed25519Private(seed) as never, suite.x25519Private(key).publicKey)],
    ['an agreeing key to sign with', /a private key of x25519 used for ed25519/, false, suite =>
      suite.sign(suite.x25519Private(seed) as never, text)],
    ['a key of another suite', /of another suite/, false, suite => suite.sign(nobleSuite.ed25519Private(seed), text)],
    ['coins for two encapsulations', /coins/, false, suite => {
      suite.encapsulate(suite.kemPrivate(concat(key, seed)).publicKey, key)
      return suite.encapsulate(suite.kemPrivate(concat(seed, key)).publicKey, key)
    }],
    ['another nonce to open than to seal', /another nonce/, true, suite =>
      suite.open(key, nonce.toReversed(), suite.seal(key, nonce, text, aad), aad)],
    ['another header to open than to seal', /other associated data/, true, suite =>
      suite.open(key, nonce, suite.seal(key, nonce, text, aad), text)],
    ['a key to agree with itself', /itself/, true, suite => suite.x25519(suite.x25519Private(seed), suite.x25519Private(seed).publicKey)],
    ['an agreeing key to verify with', /a public key of x25519 used for ed25519/, true, suite =>
      suite.verify(suite.x25519Private(seed).publicKey, text, new Uint8Array(64))],
    ['another key to decapsulate with', /another key than its own/, true, suite => {
      const { ciphertext } = suite.encapsulate(suite.kemPrivate(concat(key, seed)).publicKey, key)
      return suite.decapsulate(suite.kemPrivate(concat(seed, key)), ciphertext)
    }]
  ]
  for (const [what, found, isForged, run] of misused) {
    it(`throws at ${what}, and keeps it`, () => {
      const suite = make()
      assert.throws(() => run(suite), (error) => error instanceof InternalError && found.test(error.message))
      assert.equal(suite.misuses.length, 1)
      assert.match(suite.misuses[0]!, found)
      const among = make(true)
      if (isForged) {
        run(among)
        assert.deepEqual(among.misuses, [])
      } else {
        assert.throws(() => run(among), InternalError)
      }
    })
  }

  it('takes the same sealing again for a retry, and another one after a crash', () => {
    const suite = make()
    assert.deepEqual(suite.seal(key, nonce, text, aad), suite.seal(key, nonce, text, aad))
    suite.forgetSeals()
    suite.seal(key, nonce, aad, aad)
    assert.deepEqual(suite.misuses, [])
  })

  it('remembers a bounded number of things', () => {
    const suite = transparentSuite({ base: native, rememberedMax: 10 })
    suite.seal(key, nonce, text, aad)
    for (let i = 0; i < 10; i++) suite.seal(random.bytes(32), nonce, text, aad)
    suite.seal(key, nonce, aad, aad)
    assert.deepEqual(suite.misuses, [])
  })

  it('carries two engines and a relay: invite, messages both ways, receipts, straight and by the relay', async function () {
    this.timeout(60_000)
    const suite = make()
    const world = new SmallWorld({ seed: `transparent ${process.env.RESTANTE_SEED}`, suite })
    const seen: Uint8Array[] = []
    world.onBytes = bytes => { seen.push(bytes) }
    try {
      const relay = await world.relay()
      const profiles = [world.profile(), world.profile()]
      const people = await Promise.all(['Alice', 'Bob'].map(async (name, i) => {
        const person = await world.open(profiles[i]!)
        await person.createAccount({ name, relays: [relay.address] })
        await person.start()
        return person
      }))
      const [alice, bob] = people as [typeof people[0], typeof people[0]]
      const { invite } = await bob.createInvite({})
      await alice.addContact({ invite, name: 'Bob' })
      await eventually(() => bob.contacts().length === 1, 'Bob has Alice')
      const other = (person: typeof alice): string => person.contacts()[0]!.contactId
      const texts = async (person: typeof alice): Promise<string[]> =>
        (await person.messages({ with: other(person), limit: 100 })).map(message => message.text)
      for (let i = 0; i < 5; i++) {
        await alice.sendText({ to: other(alice), text: `question ${i}` })
        await eventually(async () => (await texts(bob)).includes(`question ${i}`), `question ${i}`)
        await bob.sendText({ to: other(bob), text: `answer ${i}` })
        await eventually(async () => (await texts(alice)).includes(`answer ${i}`), `answer ${i}`)
      }
      await eventually(async () => (await alice.messages({ with: other(alice), limit: 100 }))
        .every(({ own, delivery }) => !own || delivery?.state === 'delivered'), 'receipts')
      await bob.stop(0)
      await alice.sendText({ to: other(alice), text: 'while you are away' })
      await eventually(async () => (await alice.messages({ with: other(alice), limit: 1 }))[0]?.delivery?.state === 'stored', 'stored')
      const back = await world.open(profiles[1]!)
      await back.start()
      await eventually(async () => (await texts(back)).includes('while you are away'), 'fetched from the relay')
      assert.deepEqual(suite.misuses, [])
      for (const person of [alice, back]) await person.stop(0)
    } finally {
      world.end()
    }
    assert.ok(seen.some(bytes => Buffer.from(bytes).includes('question')), 'it is transparent indeed')
  })

  it('is out of the reach of the product: nothing outside of tests names it, and no start would take it', () => {
    const product = sourceFiles().filter(path => !path.startsWith('test/'))
    assert.ok(product.length > 50)
    const naming = (what: RegExp): string[] => product.filter(path => what.test(readFileSync(join(root, path), 'utf8')))
    assert.deepEqual(naming(/transparent/i), [])
    // The command of the laboratory hands its options over, and opens no profile.
    const command = 'node/host/commands/simulate.ts'
    assert.deepEqual(naming(/test\/simulator/i), [command])
    assert.doesNotMatch(readFileSync(join(root, command), 'utf8'), /profile\.ts|connect\.ts|core\/messenger|native-suite/)
    const [breach] = breachesOf('node/host/service.ts', "import { transparentSuite } from '../../test/simulator/transparent-suite.ts'")
    assert.match(breach ?? '', /test/)
    const log = keptLog()
    assert.equal(chooseSuite(make(), log), nobleSuite)
    assert.deepEqual(log.lines.map(({ event, fields }) => [event, fields['suite']]), [['suiteSelfTestFailed', 'transparent']])
  })
})

type PrivateOf = ReturnType<TransparentSuite['x25519Private']>
