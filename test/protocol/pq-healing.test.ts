/**
 * What hybrid means, shown by attackers that run: one who stole a state and breaks X25519, and one
 * who recorded a handshake and breaks either half of it.
 */
import assert from 'node:assert/strict'
import { concat, toHex, utf8 } from '../../protocol/bytes.ts'
import { acceptHandshake, readHandshakePrefix } from '../../protocol/handshake.ts'
import { accept, encrypt, initiate } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { breakSuite, Eavesdropper } from '../support/eavesdropper.ts'
import { createParty, native, publish } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { converse } from '../support/sides.ts'
import { stealAll } from '../support/thefts.ts'

describe('healing against an attacker who breaks X25519 (S02)', () => {
  const mean = (numbers: number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length
  const say = (line: string): void => { process.stdout.write(`      ${line}\n`) }

  it('lets who stole a state and learns every DH output read to the end of an epoch, and no further', () => {
    const broken = breakSuite(native)
    const random = seededRandom('stolen')
    const { a, b } = converse(random, broken.suite, broken.suite)
    const thief = new Eavesdropper(broken, native, a.session)
    const control = new Eavesdropper(broken, native, a.session, true)
    let healedAfter: number | undefined
    for (let message = 0; message < 30; message++) {
      const isOfA = message % 2 === 0
      const inner = (isOfA ? a : b).send(`message ${message}`)
      const speaker = isOfA ? 'victim' : 'peer'
      const read = thief.read(speaker, inner)
      assert.ok(control.read(speaker, inner) !== undefined, 'with the KEM broken too he reads on')
      if (read === undefined) healedAfter ??= message
      else assert.ok(healedAfter === undefined, 'once he is shut out, he stays out');
      (isOfA ? b : a).receive(inner)
    }
    // The key that began after the theft takes two messages, its ciphertext two, each answered.
    assert.equal(healedAfter, 6)
  })

  it('comes within 8 messages on average in buckets of 1 KiB, in 12 wherever the theft falls', function () {
    this.timeout(120_000)
    for (const contentBytes of [60, 256]) {
      const { readBeforeHealing, controlFailures, unhealed } =
        stealAll(native, { burst: 1, contentBytes, messages: 72 })
      const [average, most] = [mean(readBeforeHealing), Math.max(...readBeforeHealing)]
      say(`contents of ${contentBytes} bytes, turn by turn: ${average.toFixed(1)} messages, at most ${most}`)
      assert.deepEqual([controlFailures, unhealed], [0, 0])
      assert.ok(average <= 8 && most <= 12, `${average}, ${most}`)
    }
  })

  it('takes as many turns, and so more messages, where they come in bursts', function () {
    this.timeout(120_000)
    for (const burst of [2, 5]) {
      const { readBeforeHealing, controlFailures, unhealed } =
        stealAll(native, { burst, contentBytes: 256, messages: 36 * burst })
      const [average, most] = [mean(readBeforeHealing), Math.max(...readBeforeHealing)]
      say(`contents of 256 bytes, ${burst} a turn: ${average.toFixed(1)} messages, at most ${most}`)
      assert.deepEqual([controlFailures, unhealed], [0, 0])
      assert.ok(most <= 10 * burst, `${most}`)
    }
  })
})

describe('a recorded handshake (S03)', () => {
  interface Known { keys: string[], real: string[] }

  /**
   * The keys that an attacker comes to by way of B's computation, with `guesses` in place of what is
   * not revealed to him. He is even given the plaintext under the first seal.
   */
  function attack (guesses: Partial<CryptoSuite>): Known {
    const random = seededRandom('harvested')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    const { inner } = encrypt(native, random, initiate(native, random, { ...a, bundle }), utf8('hello'), 2048)
    assert.deepEqual(accept(native, random, { device: b.device, privates, inner }).content, utf8('hello'))

    const recorded = { device: b.device, privates, prefix: readHandshakePrefix(inner)! }
    const certificate = concat(a.manifest, a.device.id)
    const real = acceptHandshake(native, recorded).keys
    const keys = acceptHandshake({ ...native, ...guesses, open: () => certificate }, recorded).keys
    assert.deepEqual(keys.id, real.id)
    const shown = ({ root, initiatorHeaderKey, acceptorHeaderKey, pqRoot }: typeof real): string[] =>
      [root, initiatorHeaderKey, acceptorHeaderKey, pqRoot].map(toHex)
    return { keys: shown(keys), real: shown(real) }
  }

  const guess = (): Uint8Array => new Uint8Array(32).fill(1)
  const knowsNone = ({ keys, real }: Known): boolean => keys.every((key) => !real.includes(key))

  it('opens to who learns all its secrets', () => {
    const { keys, real } = attack({})
    assert.deepEqual(keys, real)
  })

  it('stays closed to who learns every X25519 secret, and not the KEM secret', () => {
    assert.ok(knowsNone(attack({ decapsulate: guess })))
  })

  it('stays closed to who learns the KEM secret, and no X25519 secret', () => {
    assert.ok(knowsNone(attack({ x25519: guess })))
  })
})
