/** Attacks on a session that is under way. The numbers are those of docs/threat-model.md. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { concat, emptyBytes, equal, toHex, utf8 } from '../../protocol/bytes.ts'
import { deriveGrant, unwrapEnvelope, wrapEnvelope } from '../../protocol/envelope.ts'
import { CryptoError } from '../../protocol/errors.ts'
import { envelopeBuckets, receivingChainsMax, skippedPerSessionMax } from '../../protocol/limits.ts'
import type { Random } from '../../protocol/ports.ts'
import { contentCapacity, decodeSession, decrypt, encodeSession, encrypt } from '../../protocol/session.ts'
import type { Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { sessionOf, stateOf } from '../../protocol/session-state.ts'
import { joinContents } from '../../protocol/body.ts'
import { Content, Receipt, Text } from '../../protocol/wire/restante.js'
import { countingSuite } from '../support/counting-suite.ts'
import { breakSuite, Eavesdropper } from '../support/eavesdropper.ts'
import { readWithDump } from '../support/memory-dump.ts'
import { bothSuites, native } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { converse, refuses, Side } from '../support/sides.ts'

const noRandom: Random = { bytes: () => { throw new Error('nothing is drawn here') } }

/** The session with the number of its next message set to `next`. */
function jumped (session: Session, next: number): Session {
  const state = stateOf(session)
  const sending = { ...state.ratchet.sending!, next }
  return sessionOf({ ...state, ratchet: { ...state.ratchet, sending } })
}

function skippedKeys (session: Session): number {
  const { receiving, former } = stateOf(session).ratchet
  return [receiving, ...former].reduce((sum, chain) => sum + (chain?.skipped.length ?? 0), 0)
}

describe('attacks on a session', function () {
  this.timeout(60_000)

  it('S01: who records everything and then takes the device reads nothing that was read on it before', () => {
    const { a, b } = converse(seededRandom('S01'))
    const recorded: Uint8Array[] = []
    for (let turn = 0; turn < 2; turn++) {
      for (let n = 0; n < 2; n++) {
        const inner = a.send(`secret ${turn} ${n}`)
        const before = encodeSession(b.session)
        // In the middle of a chain its key is there: the same attack, one message earlier, succeeds.
        if (n === 1) assert.ok(readWithDump(native, before, b.session.id, inner) !== undefined, 'control')
        b.receive(inner)
        recorded.push(inner)
      }
      const answer = b.send(`answer ${turn}`)
      a.receive(answer)
      recorded.push(answer)
    }
    for (const side of [a, b]) {
      const dump = encodeSession(side.session)
      for (const inner of recorded) {
        assert.equal(readWithDump(native, dump, side.session.id, inner), undefined)
        assert.throws(() => side.clone().receive(inner), CryptoError)
      }
    }
  })

  it('S02: who had a copy of a device reads on for one round trip, and no further', () => {
    // ML-KEM is broken for this thief, so that it is Diffie-Hellman alone which shuts him out.
    const broken = breakSuite(native)
    const { a, b } = converse(seededRandom('S02'), broken.suite, broken.suite)
    const { own } = stateOf(a.session).ratchet
    /** What the stolen key gives, and zeros where it gives nothing. */
    const agreed = (one: Uint8Array, other: Uint8Array): Uint8Array => {
      if (equal(one, own.publicKey)) return native.x25519(own, other)
      return equal(other, own.publicKey) ? native.x25519(own, one) : new Uint8Array(32)
    }
    const thief = new Eavesdropper({ ...broken, agreed }, native, a.session, true)
    const control = new Eavesdropper(broken, native, a.session, true)
    const readable: boolean[] = []
    for (let message = 0; message < 10; message++) {
      const [from, to, speaker] = message % 2 === 0 ? [b, a, 'peer'] as const : [a, b, 'victim'] as const
      const inner = from.send(`message ${message}`)
      const read = thief.read(speaker, inner)
      assert.deepEqual(control.read(speaker, inner), utf8(`message ${message}`), 'with every agreement he reads it all')
      readable.push(read !== undefined && equal(read, utf8(`message ${message}`)))
      to.receive(inner)
    }
    // The key that was stolen is used in two more chains; A's next one is the first that he never had.
    assert.deepEqual(readable, [true, true, true, ...Array<boolean>(7).fill(false)])
  })

  it('S04: a message that is delivered twice is refused the second time, also after a restart', () => {
    const { a, b } = converse(seededRandom('S04'))
    const inner = a.send('once')
    assert.equal(b.receive(inner), 'once')
    const before = encodeSession(b.session)
    refuses('REPLAYED', () => b.receive(inner))
    b.session = decodeSession(native, before)
    refuses('REPLAYED', () => b.receive(inner))
    assert.equal(b.receive(a.send('twice')), 'twice')
  })

  it('S05: messages that are dropped, held back and reordered are read as they come, whatever the order', () => {
    fc.assert(fc.property(
      fc.shuffledSubarray(Array.from({ length: 10 }, (_, i) => i)), fc.integer({ min: 1, max: 9 }), fc.nat(),
      (order, turnAt, salt) => {
        const { a, b } = converse(seededRandom(`S05 ${salt}`))
        const sent = Array.from({ length: 10 }, (_, i) => {
          // A change of direction in between, so that two chains are mixed up.
          if (i === turnAt) a.receive(b.send('turn'))
          return a.send(`message ${i}`)
        })
        for (const i of order) assert.equal(b.receive(sent[i]!), `message ${i}`)
        for (const i of order) refuses('REPLAYED', () => b.receive(sent[i]!))
      }), { numRuns: 60 })
  })

  it('S06: an envelope of a stranger costs seven trials at most, and no key derivation', () => {
    const { a, b } = converse(seededRandom('S06'))
    for (let turn = 0; turn < 2 * receivingChainsMax; turn++) {
      b.receive(a.send('a'))
      a.receive(b.send('b'))
    }
    const random = seededRandom('S06 garbage')
    const grant = deriveGrant(native, random.bytes(32))
    for (const bucket of envelopeBuckets) {
      // Who doesn't know the address: one trial.
      const stranger = countingSuite(native)
      assert.equal(unwrapEnvelope(stranger.suite, grant, random.bytes(bucket)), undefined)
      assert.deepEqual([stranger.counts.opens, stranger.counts.derivations], [1, 0])
      // Who knows it, as another sender at the same address would.
      const inner = concat(Uint8Array.of(2), random.bytes(bucket - 29))
      const envelope = wrapEnvelope(native, grant, inner)
      const { suite, counts } = countingSuite(native)
      const unwrapped = unwrapEnvelope(suite, grant, envelope)!
      refuses('AUTHENTICATION_FAILED', () => decrypt(suite, noRandom, b.session, unwrapped))
      assert.equal(counts.opens, 1 + receivingChainsMax + 1)
      assert.ok(counts.opens <= 7)
      assert.deepEqual([counts.derivations, counts.agreements], [0, 0])
    }
  })

  it('S06: a peer that claims to have skipped 2^31 messages is refused, and no session keeps more than 2,000 keys', () => {
    const { a, b } = converse(seededRandom('S06 skipped'))
    b.receive(a.send('first'))
    for (const number of [1002, 2 ** 31, 2 ** 32 - 2]) {
      const { inner } = encrypt(native, seededRandom('far'), jumped(a.session, number), utf8('far'), 1024)
      const { suite, counts } = countingSuite(native)
      refuses('TOO_FAR_AHEAD', () => decrypt(suite, noRandom, b.session, inner))
      assert.deepEqual([counts.derivations, counts.agreements], [0, 0])
    }
    for (let chain = 0; chain < 4; chain++) {
      // Its own receiving key of that number is derived honestly, message by message.
      for (let n = 0; n < 900; n++) a.send('lost')
      b.receive(a.send(`after a gap ${chain}`))
      assert.ok(skippedKeys(b.session) <= skippedPerSessionMax)
      a.receive(b.send('turn'))
    }
    assert.equal(skippedKeys(b.session), skippedPerSessionMax, 'the bound was reached')
    assert.equal(b.receive(a.send('still alive')), 'still alive')
  })

  it('S07: a message that fails to open changes not one byte of the state', () => {
    const { a, b } = converse(seededRandom('S07'))
    a.send('lost')
    b.receive(a.send('skips one'))
    a.send('lost too')
    // One that skips in the chain that is open, and one that closes it and begins another.
    for (const turns of [false, true]) {
      if (turns) {
        a.receive(b.send('turn'))
        a.send('lost as well')
      }
      const inner = a.send('whole')
      const before = encodeSession(b.session)
      fc.assert(fc.property(fc.nat(inner.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        assert.throws(() => b.receive(inner.with(at, inner[at]! ^ mask)), CryptoError)
        assert.deepEqual(encodeSession(b.session), before)
      }), { numRuns: 400 })
      assert.equal(b.receive(inner), 'whole')
      assert.notDeepEqual(encodeSession(b.session), before)
    }
  })

  it('S23: an envelope has the size of a bucket, and a receipt that of a short text', () => {
    const random = seededRandom('S23')
    const grant = deriveGrant(native, random.bytes(32))
    const { a } = converse(random)
    const sizeOf = (content: Uint8Array): number => {
      const bucket = envelopeBuckets.find((bytes) => contentCapacity(a.session, bytes) >= content.length)!
      return wrapEnvelope(native, grant, encrypt(native, random, a.session, content, bucket).inner).length
    }
    const sizes = new Set<number>()
    for (let length = 0; length <= contentCapacity(a.session, 4096); length += 7) sizes.add(sizeOf(new Uint8Array(length)))
    assert.deepEqual([...sizes], [1024, 2048, 4096])
    const none = new Uint8Array(0)
    const content = (kind: number, payload: Uint8Array): Uint8Array => joinContents([Content.encode({
      id: random.bytes(16), counter: 1, clockMs: 1, clockLogical: 0, sentAt: 0, parents: [], previous: none, kind, payload,
      conversation: none
    })])
    const receipt = content(2, Receipt.encode({ delivered: [{ first: 1, last: 900 }], readThrough: 900 }))
    const text = content(1, Text.encode({ text: 'See you at eight, in front of the old station.' }))
    assert.equal(sizeOf(receipt), sizeOf(text))
  })

  /**
   * What a device and a copy of its state seal, each for itself: by a suite that notes every message key
   * that it expands, and every key and nonce that it seals under.
   */
  function diverge (suite: CryptoSuite): { pads: string[], alike: number[] } {
    const pads: string[] = []
    const messageKeys: string[] = []
    const recording: CryptoSuite = {
      ...suite,
      expand: (prk, info, length) => {
        messageKeys.push(toHex(prk))
        return suite.expand(prk, info, length)
      },
      seal: (key, nonce, plaintext, aad) => {
        pads.push(`${toHex(key)} ${toHex(nonce)}`)
        return suite.seal(key, nonce, plaintext, aad)
      }
    }
    const { a, b } = converse(seededRandom('S26'), recording, suite)
    b.receive(a.send('first of its chain'))
    const copy = a.clone()
    pads.length = 0
    // At once, in the middle of its chain, and after both took the same step.
    const alike: number[] = []
    for (const turn of [emptyBytes, b.send('turn')]) {
      if (turn.length > 0) for (const side of [a, copy]) side.receive(turn)
      messageKeys.length = 0
      for (let n = 0; n < 3; n++) {
        const [one, other] = [`the device writes ${n}`.padEnd(300, 'x'), `and its copy ${n}`.padEnd(300, 'y')]
        const [mine, theirs] = [a.send(one).subarray(77 + 4), copy.send(other).subarray(77 + 4)]
        // Of a two-time pad what is left of both ciphertexts is what is left of both texts.
        const [left, right] = [utf8(one), utf8(other)]
        alike.push(left.filter((byte, i) => (mine[i]! ^ theirs[i]!) === (byte ^ right[i]!)).length)
      }
      if (turn.length === 0) {
        const came = messageKeys.filter((key, i) => messageKeys.indexOf(key) < i)
        assert.equal(came.length, 3, 'the copy comes to the message keys of the device')
      }
    }
    return { pads, alike }
  }

  it('S26: a device and a copy of its state seal nothing twice under one key and nonce, though they come to the same message keys', () => {
    for (const suite of bothSuites) {
      const { pads, alike } = diverge(suite)
      // A header and a body each, of three messages twice on both.
      assert.equal(pads.length, 24)
      assert.equal(new Set(pads).size, 24)
      // One in 256 by chance.
      assert.ok(Math.max(...alike) < 12, `${alike.join()} of 300 bytes cancel out`)
      // The same without the header nonce: what the watch would see, and what the attacker would read.
      const withoutNonce = { ...suite, expand: (prk: Uint8Array, info: Uint8Array, length: number) => suite.expand(prk, info.subarray(0, -12), length) }
      const control = diverge(withoutNonce)
      assert.equal(new Set(control.pads).size, 21, 'control')
      assert.deepEqual(control.alike.slice(0, 3), [300, 300, 300], 'control')
      // A step heals it: each drew another ratchet key.
      assert.ok(Math.max(...control.alike.slice(3)) < 12)
    }
  })

  it('S34: a source of randomness that fails stops the step, and a repeated one gives no key twice', () => {
    const { a, b } = converse(seededRandom('S34'))
    const weak: Random[] = [
      { bytes: () => new Uint8Array(0) },
      { bytes: (length) => new Uint8Array(length) },
      { bytes: (length) => seededRandom('short').bytes(length - 1) }
    ]
    for (const random of weak) {
      refuses('RANDOMNESS_FAILED', () => encrypt(native, random, a.session, utf8('x'), 1024))
    }
    // The same randomness for two messages: another key each, so that no nonce meets its key again.
    const twice = (): Random => seededRandom('stuck')
    const one = encrypt(native, twice(), a.session, utf8('same'), 1024)
    const two = encrypt(native, twice(), one.session, utf8('same'), 1024)
    assert.notDeepEqual(one.inner.subarray(77), two.inner.subarray(77))
    assert.equal(b.receive(one.inner), 'same')
    assert.equal(b.receive(two.inner), 'same')
  })

  it('S35: every message that does not open fails in the same words, wherever it is damaged', () => {
    for (const suite of bothSuites) {
      const { a, b } = converse(seededRandom('S35'), suite, suite)
      b.receive(a.send('first'))
      const inner = a.send('second')
      const other = converse(seededRandom('S35 elsewhere')).a
      const damaged = [...[1, 12, 13, 40, 76, 77, 200, inner.length - 1].map((at) => inner.with(at, inner[at]! ^ 1)),
        inner.subarray(0, 50), concat(inner, Uint8Array.of(0)), b.clone().send('reflected'), other.send('elsewhere')]
      const words = damaged.map((bytes) => {
        try {
          new Side(suite, noRandom, b.session).receive(bytes)
        } catch (error) {
          assert.ok(error instanceof CryptoError)
          return `${error.name} ${error.code} ${error.message}`
        }
        return 'opened'
      })
      assert.equal(new Set(words).size, 1, words.join('; '))
      assert.match(words[0]!, /AUTHENTICATION_FAILED/)
    }
  })
})
