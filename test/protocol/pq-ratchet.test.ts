import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { concat, emptyBytes, toHex, u32be, utf8 } from '../../protocol/bytes.ts'
import { padContent } from '../../protocol/padding.ts'
import type { Random } from '../../protocol/ports.ts'
import {
  ciphertextUnits, gather, keyUnits, noKeyUnits, noProgress, RecordWriter
} from '../../protocol/pq-parts.ts'
import type { UnitsRecord } from '../../protocol/pq-parts.ts'
import { answerMachine, offerMachine, pqRatchet } from '../../protocol/pq-ratchet.ts'
import type { PqState } from '../../protocol/pq-ratchet.ts'
import { sealPlaintext } from '../../protocol/ratchet.ts'
import { contentCapacity, encodeSession, encrypt, initiate } from '../../protocol/session.ts'
import { sessionOf, stateOf } from '../../protocol/session-state.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { Interleaving, openingOf, operations } from '../support/interleaving.ts'
import { bothSuites, createParty, native, publish } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { converse, refuses, Side } from '../support/sides.ts'

const isSoak = process.env.RESTANTE_SOAK === '1'
const pqOf = (side: Side): PqState => stateOf(side.session).ratchet.pq

/** `side` with another state of the post-quantum ratchet: what a peer that lies might keep. */
function withPq (side: Side, pq: PqState): Side {
  const state = stateOf(side.session)
  const random = seededRandom('liar')
  return new Side(side.suite, random, sessionOf({ ...state, ratchet: { ...state.ratchet, pq } }))
}

class Corrupt extends Error {}
const corrupt = (): Error => new Corrupt()

/** Truncated, continued, of another state, of the other side's epochs, or with impossible counts. */
function refusesAltered (bytes: Uint8Array, isInitiator: boolean): void {
  const refuse = (altered: Uint8Array, ofInitiator = isInitiator): void => {
    assert.throws(() => pqRatchet.decode(native, altered, ofInitiator, corrupt), Corrupt)
  }
  for (let length = 0; length < bytes.length; length++) refuse(bytes.subarray(0, length))
  refuse(concat(bytes, Uint8Array.of(0)))
  for (const state of [5, 255]) refuse(bytes.with(0, state))
  refuse(bytes, !isInitiator)
  refuse(bytes.with(4, bytes[4]! ^ 1))
  refuse(bytes.slice().fill(0, 1, 5))
}

/** Turn by turn, each message delivered, until `isDone`. */
function talkUntil (a: Side, b: Side, isDone: () => boolean): number {
  for (let messages = 0; messages < 60; messages++) {
    if (isDone()) return messages
    const [from, to] = messages % 2 === 0 ? [a, b] : [b, a]
    to.receive(from.send('turn'))
  }
  throw new Error('It never comes to that.')
}

describe('the post-quantum ratchet', () => {
  for (const [aSuite, bSuite, runs] of [
    [native, native, isSoak ? 10_000 : 2000],
    [nobleSuite, native, isSoak ? 500 : 25],
    [nobleSuite, nobleSuite, isSoak ? 500 : 25]
  ] as const) {
    it(`opens what arrives of any of ${runs} sequences, ${aSuite.name} to ${bSuite.name}`, function () {
      this.timeout(isSoak ? 3_600_000 : 300_000)
      const opening = openingOf(aSuite, bSuite, seededRandom('opening'))
      fc.assert(fc.property(operations, fc.nat(), (sequence, seed) => {
        const random = seededRandom(`interleaving ${seed}`)
        new Interleaving(aSuite, bSuite, opening, random).run(sequence, seed % 4 === 0)
      }), { numRuns: runs })
    })
  }

  it('agrees on an epoch of either side, between any two suites', () => {
    for (const aSuite of bothSuites) {
      for (const bSuite of bothSuites) {
        const { a, b } = converse(seededRandom('epochs'), aSuite, bSuite)
        talkUntil(a, b, () => pqRatchet.sendingEpoch(pqOf(a)) === 3 && pqRatchet.sendingEpoch(pqOf(b)) === 2)
        assert.equal(b.receive(a.send('still')), 'still')
        assert.equal(pqRatchet.receivingEpoch(pqOf(b)), 3)
      }
    }
  })

  it('adds no byte to a message, and leaves the content all the room it had', () => {
    const { a, b } = converse(seededRandom('no byte'))
    assert.equal(contentCapacity(a.session, 1024), 899)
    for (const length of [899, 898, 860, 855, 100, 0]) {
      const content = 'x'.repeat(length)
      const inner = a.send(content)
      assert.equal(inner.length + 28, 1024)
      assert.equal(b.receive(inner), content)
      a.receive(b.send('turn'))
    }
  })

  it('waits while contents fill their buckets, and goes on when there is room again', () => {
    const { a, b } = converse(seededRandom('no room'))
    const full = 'x'.repeat(899)
    for (let turn = 0; turn < 5; turn++) {
      b.receive(a.send(full))
      a.receive(b.send(full))
    }
    assert.equal(pqOf(a).offer.state, 'ready')
    b.receive(a.send('short'))
    assert.equal(pqOf(a).offer.state, 'offering')
    for (let turn = 0; turn < 5; turn++) {
      a.receive(b.send(full))
      b.receive(a.send(full))
    }
    assert.equal(pqOf(b).answer.state, 'collecting')
    talkUntil(a, b, () => pqRatchet.sendingEpoch(pqOf(a)) > 0)
  })

  it('begins nothing before the other side was heard', () => {
    const random = seededRandom('not heard')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { bundle } = publish(b)
    const first = encrypt(native, random, initiate(native, random, { ...a, bundle }), utf8('hello'), 4096)
    assert.equal(stateOf(first.session).ratchet.pq.offer.state, 'quiet')
  })

  it('has both halves of an epoch in one message each where the bucket is large', () => {
    const { a, b } = converse(seededRandom('large'))
    b.receive(a.send('key', 2048))
    assert.equal(pqOf(b).answer.state, 'answering')
    a.receive(b.send('ciphertext', 2048))
    assert.equal(pqRatchet.sendingEpoch(pqOf(a)), 1)
    b.receive(a.send('mixed in'))
    assert.equal(pqRatchet.receivingEpoch(pqOf(b)), 1)
  })

  it('can have a key of each side under way, for who does not take turns', () => {
    const { a, b } = converse(seededRandom('both at once'))
    // The turn of a side shows in the epochs alone, which its peer does not see.
    const outOfTurn = (side: Side): void => {
      const pq = pqOf(side)
      if (pq.offer.state !== 'ready') return
      const composed = pqRatchet.compose(native, seededRandom('key'),
        { ...pq, answer: { state: 'listening', epoch: 99, root: pq.answer.root } }, new Uint8Array(200))
      side.session = withPq(side, { offer: composed.offer, answer: pq.answer }).session
    }
    talkUntil(a, b, () => {
      outOfTurn(b)
      return pqRatchet.sendingEpoch(pqOf(a)) >= 5 && pqRatchet.sendingEpoch(pqOf(b)) >= 4
    })
  })

  it('sends again what was lost, from the first unit that is not acknowledged', () => {
    const { a, b } = converse(seededRandom('lost'))
    a.send('lost, and the first half of the key')
    b.receive(a.send('the second half, at once'))
    const { answer } = pqOf(b)
    assert.ok(answer.state === 'collecting' && answer.key[0] === undefined && answer.key[36] !== undefined)
    a.receive(b.send('nothing before the first half'))
    b.receive(a.send('the first half'))
    assert.equal(pqOf(b).answer.state, 'answering')
    const first = b.send('lost, and the first half of the ciphertext')
    a.receive(b.send('the second half'))
    a.receive(b.send('the first half again'))
    assert.equal(pqOf(a).offer.state, 'agreed')
    a.receive(first)
    // The key was complete in a chain that had begun before: it is mixed in at the next step.
    assert.equal(pqRatchet.sendingEpoch(pqOf(a)), 0)
    b.receive(a.send('the step of b'))
    a.receive(b.send('the step of a'))
    assert.equal(pqRatchet.sendingEpoch(pqOf(a)), 1)
    assert.equal(b.receive(a.send('mixed in')), 'mixed in')
  })

  it('keeps no private key, coins or secret that it has used', () => {
    const drawn: Uint8Array[] = []
    const inner = seededRandom('erased')
    const random: Random = {
      bytes: (length) => {
        const bytes = inner.bytes(length)
        if (length >= 32) drawn.push(bytes)
        return bytes
      }
    }
    const { a, b } = converse(random)
    talkUntil(a, b, () => pqOf(a).offer.state === 'offering')
    const seed = drawn.findLast((bytes) => bytes.length === 64)!
    const holds = (side: Side, secret: Uint8Array): boolean =>
      toHex(encodeSession(side.session)).includes(toHex(secret))
    assert.ok(holds(a, seed))
    talkUntil(a, b, () => pqOf(b).answer.state === 'answering')
    const { answer } = pqOf(b)
    assert.ok(answer.state === 'answering')
    talkUntil(a, b, () => pqRatchet.receivingEpoch(pqOf(b)) === 1)
    assert.ok(!holds(a, seed) && !holds(a, answer.secret) && !holds(b, answer.secret))
    // Of all that was drawn only the ratchet keys of now are left, and the next key's seed at b.
    const left = drawn.filter((bytes) => holds(a, bytes) || holds(b, bytes))
    assert.ok(left.length <= 3, `${left.length} of ${drawn.length}`)
  })

  it('gives a liar nothing but the end of his own session', () => {
    const { a, b } = converse(seededRandom('liar'))
    // An altered key: he can't know what is encapsulated to it.
    const key = native.kemPrivate(seededRandom('another').bytes(64))
    b.receive(a.send('the first half'))
    const { offer, answer } = pqOf(a)
    assert.ok(offer.state === 'offering')
    const liar = withPq(a, { offer: { ...offer, key }, answer })
    b.receive(liar.send('the second half of another key'))
    assert.equal(pqOf(b).answer.state, 'answering')
    a.session = withPq(liar, { offer, answer }).session
    a.receive(b.send('one'))
    b.receive(a.send('two'))
    a.receive(b.send('three'))
    assert.equal(pqRatchet.sendingEpoch(pqOf(a)), 1)
    const before = encodeSession(b.session)
    refuses('AUTHENTICATION_FAILED', () => b.receive(a.send('under a secret that b does not have')))
    assert.deepEqual(encodeSession(b.session), before)
  })

  it('refuses an epoch in a header that it can not know, and keeps its state', () => {
    const { a, b } = converse(seededRandom('unknown epoch'))
    b.receive(a.send('turn'))
    a.receive(b.send('turn'))
    const before = encodeSession(b.session)
    for (const epoch of [3, 4, 5, 0xffff_ffff]) {
      const { answer, offer: { root } } = pqOf(a)
      const liar = withPq(a, { offer: { state: 'ready', epoch, root }, answer })
      refuses('AUTHENTICATION_FAILED', () => b.receive(liar.send('x', 1024)))
    }
    assert.deepEqual(encodeSession(b.session), before)
  })

  it('refuses free bytes that no honest peer writes, in whatever state it is', function () {
    this.timeout(60_000)
    const { a, b } = converse(seededRandom('records'))
    const unit = new Uint8Array(32).fill(7)
    const record = (kind: number, epoch: number, counts: number[], ...units: Uint8Array[]): Uint8Array =>
      concat(Uint8Array.of(kind), u32be(epoch), Uint8Array.from(counts), ...units)
    for (let message = 0; message < 40; message++) {
      const [from, to] = message % 2 === 0 ? [a, b] : [b, a]
      const { offer, answer } = pqOf(from)
      const lies = [
        Uint8Array.of(5), Uint8Array.of(255, 0, 0, 0, 1, 0), Uint8Array.of(1), Uint8Array.of(3, 0, 0, 0, 1),
        record(1, offer.epoch, [0]), record(1, offer.epoch, [0, 0]), record(1, offer.epoch, [0, 2], unit),
        record(1, offer.epoch, [36, 2], unit, unit), record(1, offer.epoch, [255, 1], unit),
        record(1, 0, [0, 1], unit), record(1, offer.epoch + 2, [0, 1], unit),
        record(1, answer.epoch, [0, 1], unit),
        record(2, answer.epoch, [33, 2], unit, unit), record(2, answer.epoch + 2, [0, 1], unit),
        record(2, 0, [0, 1], unit), record(2, offer.epoch, [0, 1], unit),
        record(3, answer.epoch, [38]), record(3, answer.epoch + 2, [1]), record(3, offer.epoch, [1]),
        record(4, offer.epoch, [35]), record(4, offer.epoch + 2, [1]), record(4, 0xffff_ffff, [0])
      ]
      if (pqOf(to).answer.state === 'listening') lies.push(record(4, pqOf(to).answer.epoch, [1]))
      if (pqOf(to).offer.state === 'ready') {
        lies.push(record(2, pqOf(to).offer.epoch, [0, 1], unit), record(3, pqOf(to).offer.epoch, [0]))
      }
      if (pqOf(to).answer.state === 'listening') {
        lies.push(record(1, pqOf(to).answer.epoch, [0, 37], new Uint8Array(37 * 32).fill(255)))
      }
      const { ratchet, association } = stateOf(from.session)
      const before = encodeSession(to.session)
      for (const lie of lies) {
        const plaintext = padContent(emptyBytes, 4 + lie.length, lie)
        const sealed = sealPlaintext(native, seededRandom('lie'), ratchet, plaintext, association)
        const inner = concat(Uint8Array.of(2), sealed.sealedHeader, sealed.sealedBody)
        refuses('AUTHENTICATION_FAILED', () => to.receive(inner))
      }
      assert.deepEqual(encodeSession(to.session), before)
      to.receive(from.send('x'.repeat(400)))
    }
    assert.ok(pqOf(a).offer.epoch > 3)
  })

  it('never replaces a unit that it has', () => {
    const record = (first: number, byte: number): UnitsRecord =>
      ({ kind: 'key', epoch: 1, first, bytes: new Uint8Array(64).fill(byte) })
    const gathered = gather(noKeyUnits, record(3, 1))
    assert.equal(gather(gathered, record(3, 2)), gathered)
    const after = gather(gathered, record(2, 2))
    assert.deepEqual([2, 3, 4, 5].map((unit) => after[unit]?.[0]), [2, 1, 1, undefined])
    assert.equal(noKeyUnits.findIndex((unit) => unit !== undefined), -1)
  })

  it('is quietly deaf to what it has, and to what is over', () => {
    const { a, b } = converse(seededRandom('over'))
    const late: Uint8Array[] = []
    for (let turn = 0; turn < 14; turn++) {
      const [from, to] = turn % 2 === 0 ? [a, b] : [b, a]
      const repeated = from.send('late')
      if (turn > 8) late.push(repeated)
      to.receive(from.send('in time'))
    }
    // Keys, ciphertexts and acks of epochs that are over, each once more and out of order.
    for (const [index, inner] of late.entries()) {
      const to = (index + 9) % 2 === 0 ? b : a
      const before = [pqOf(a).offer.epoch, pqOf(b).offer.epoch]
      assert.equal(to.receive(inner), 'late')
      assert.deepEqual([pqOf(a).offer.epoch, pqOf(b).offer.epoch], before)
    }
    talkUntil(a, b, () => pqRatchet.sendingEpoch(pqOf(a)) >= 5)
  })

  it('is the same after it was kept and read back, in every state of either machine', () => {
    const seen = new Set<string>()
    const { a, b } = converse(seededRandom('kept'))
    for (let turn = 0; turn < 30; turn++) {
      const [from, to] = turn % 2 === 0 ? [a, b] : [b, a]
      // The last message is the first to arrive, so that parts are complete within a chain too.
      const inners = Array.from({ length: 1 + turn % 3 }, () => from.send('x'.repeat(500)))
      for (const inner of inners.toReversed()) {
        to.receive(inner)
        for (const [side, isInitiator] of [[a, true], [b, false]] as const) {
          const pq = pqOf(side)
          const bytes = pqRatchet.encode(pq)
          for (const suite of bothSuites) {
            assert.deepEqual(pqRatchet.encode(pqRatchet.decode(suite, bytes, isInitiator, corrupt)), bytes)
          }
          const states = `${pq.offer.state} ${pq.answer.state}`
          if (!seen.has(states)) refusesAltered(bytes, isInitiator)
          seen.add(states)
        }
      }
    }
    for (const state of [offerMachine, answerMachine].flatMap(({ transitions }) => Object.keys(transitions))) {
      assert.ok(state === 'quiet' || [...seen].some((states) => states.includes(state)), state)
    }
  })

  it('has the budget that its specification says', () => {
    const path = new URL('../../protocol/spec/05-handshake-and-ratchet.md', import.meta.url)
    const said = (row: string): string => {
      const found = readFileSync(path, 'utf8').split('\n').find((line) => line.startsWith(`| ${row} |`))
      return found?.split('|')[2]?.trim() ?? `no row: ${row}`
    }
    const { a } = converse(seededRandom('budget'))
    const free = contentCapacity(a.session, 1024)
    const unitsBeside = (contentBytes: number): number => new RecordWriter(new Uint8Array(free - contentBytes)).unitsFree
    assert.equal(said('content and records'), String(free))
    for (const bytes of [60, 256]) {
      assert.equal(said(`units beside a content of ${bytes} bytes, no ack`), String(unitsBeside(bytes)))
    }
    const longest = (isEnough: (contentBytes: number) => boolean): string =>
      String(Array.from({ length: free }, (_, bytes) => bytes).findLast(isEnough))
    assert.equal(said('longest content beside which a unit fits'), longest((bytes) => unitsBeside(bytes) > 0))
    assert.equal(said('longest content with which ek, and ct with an ack, take two messages each'),
      longest((bytes) => 2 * unitsBeside(bytes) >= keyUnits && 2 * unitsBeside(bytes + 6) >= ciphertextUnits))
    const wholeRecord = (kind: 'key' | 'ciphertext', units: number): number => {
      const writer = new RecordWriter(new Uint8Array(4096))
      writer.units(kind, 1, new Uint8Array(units * 32), noProgress)
      return writer.bytes().length
    }
    const numbers = said('record 1 or 2 with all its units').replaceAll(',', '').match(/\d+/g)!.map(Number)
    assert.deepEqual(numbers, [wholeRecord('key', keyUnits), wholeRecord('ciphertext', ciphertextUnits)])
  })

  it('has tables in which every state leads somewhere and is led to', () => {
    for (const { initial, transitions } of [offerMachine, answerMachine]) {
      const table: Record<string, Record<string, string>> = transitions
      const ends = Object.values(table).flatMap((events) => Object.values(events))
      const states = Object.keys(table)
      assert.deepEqual(states.filter((state) => state !== initial && !ends.includes(state)), [])
      assert.deepEqual(ends.filter((state) => !states.includes(state)), [])
    }
  })
})
