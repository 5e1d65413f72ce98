import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { concat, equal, toHex, u32be, utf8 } from '../../protocol/bytes.ts'
import { CryptoError, StoreError } from '../../protocol/errors.ts'
import { receivingChainsMax } from '../../protocol/limits.ts'
import type { Random } from '../../protocol/ports.ts'
import type { PqState } from '../../protocol/pq-ratchet.ts'
import { ratchetDecrypt, ratchetEncrypt, startAcceptor, startInitiator } from '../../protocol/ratchet.ts'
import type { RatchetState, SendingChain } from '../../protocol/ratchet.ts'
import { decodeSession, decrypt, encodeSession, encrypt } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { bothSuites, connect, native } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { converse, refuses, Side } from '../support/sides.ts'


const noRandom: Random = { bytes: () => { throw new Error('nothing is drawn here') } }
const noAssociation = new Uint8Array(0)
const oneByte = { content: utf8('x'), paddedBytes: 5 }

/** `suite`, and how often it opened a seal or derived anything. */
function countDerivations (suite: CryptoSuite): {
  suite: CryptoSuite, opens: () => number, derivations: () => number
} {
  const calls = { open: 0, derive: 0 }
  const counted = <Args extends unknown[], Result>(
    kind: keyof typeof calls, run: (...args: Args) => Result
  ) => (...args: Args): Result => {
    calls[kind]++
    return run(...args)
  }
  return {
    suite: {
      ...suite,
      open: counted('open', suite.open),
      hmac: counted('derive', suite.hmac),
      hkdf: counted('derive', suite.hkdf),
      expand: counted('derive', suite.expand),
      x25519: counted('derive', suite.x25519),
      sha256: counted('derive', suite.sha256)
    },
    opens: () => calls.open,
    derivations: () => calls.derive
  }
}

/** Two bare ratchets, whose states a test may bend. */
function startRatchets (): { alice: RatchetState, bob: RatchetState } {
  const random = seededRandom('bare ratchets')
  const keys = {
    root: random.bytes(32),
    initiatorHeaderKey: random.bytes(32),
    acceptorHeaderKey: random.bytes(32),
    pqRoot: random.bytes(32)
  }
  const prekey = native.x25519Private(random.bytes(32))
  return { alice: startInitiator(native, random, keys, prekey.publicKey), bob: startAcceptor(keys, prekey) }
}

/** A state whose headers say `epoch - 2`, or what else `epoch` comes to. */
function atEpoch ({ pq }: RatchetState, epoch: number): PqState {
  return { ...pq, offer: { state: 'ready', epoch, root: pq.offer.root } }
}

/** A message whose header is right and says `number`, whatever its place in the chain. */
function inChainAt (state: RatchetState, number: number): Uint8Array {
  const sending: SendingChain = { ...state.sending!, next: number }
  const random = seededRandom(`number ${number}`)
  const sent = ratchetEncrypt(native, random, { ...state, sending }, oneByte, noAssociation)
  return concat(sent.sealedHeader, sent.sealedBody)
}

describe('the ratchet', () => {
  it('carries a conversation between any two suites, a new key with each change of direction', () => {
    for (const aSuite of bothSuites) {
      for (const bSuite of bothSuites) {
        const { a, b } = converse(seededRandom('conversation'), aSuite, bSuite)
        for (let turn = 0; turn < 4; turn++) {
          for (let n = 0; n < 3; n++) assert.equal(b.receive(a.send(`a ${turn} ${n}`)), `a ${turn} ${n}`)
          for (let n = 0; n < 2; n++) assert.equal(a.receive(b.send(`b ${turn} ${n}`)), `b ${turn} ${n}`)
        }
      }
    }
  })

  it('gives one suite and the other the same bytes', () => {
    const run = (suite: CryptoSuite): string => {
      const { a, b } = converse(seededRandom('same bytes'), suite, suite)
      const inners = [a.send('one'), a.send('two')]
      b.receive(inners[1]!)
      inners.push(b.send('three'))
      return [...inners, encodeSession(a.session), encodeSession(b.session)].map(toHex).join()
    }
    assert.equal(run(bothSuites[0]!), run(bothSuites[1]!))
  })

  it('refuses a replay, however old within the chains that are kept, and keeps its state', () => {
    const { a, b } = converse(seededRandom('replay'))
    const opened: Uint8Array[] = []
    for (let turn = 0; turn < receivingChainsMax; turn++) {
      for (let n = 0; n < 3; n++) {
        const inner = a.send(`${turn} ${n}`)
        b.receive(inner)
        opened.push(inner)
      }
      if (turn < receivingChainsMax - 1) a.receive(b.send('turn'))
    }
    const before = encodeSession(b.session)
    for (const inner of opened) refuses('REPLAYED', () => b.receive(inner))
    assert.deepEqual(encodeSession(b.session), before)
    b.session = decodeSession(native, before)
    for (const inner of opened) refuses('REPLAYED', () => b.receive(inner))
  })

  it('refuses a message with any byte of it altered, and keeps its state', () => {
    const { a, b } = converse(seededRandom('altered'))
    const left = a.send('left behind')
    b.receive(a.send('skips one'))
    a.receive(b.send('turn'))
    const inChain = a.send('in a new chain')
    for (const inner of [left, inChain]) {
      const before = encodeSession(b.session)
      for (let at = 0; at < inner.length; at++) {
        for (const bit of at < 110 ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
          refuses('AUTHENTICATION_FAILED', () => b.receive(inner.with(at, inner[at]! ^ (1 << bit))))
        }
      }
      for (const length of [0, 1, 2, 92, 93, inner.length - 1]) {
        refuses('AUTHENTICATION_FAILED', () => b.receive(inner.subarray(0, length)))
      }
      refuses('AUTHENTICATION_FAILED', () => b.receive(concat(inner, Uint8Array.of(0))))
      assert.deepEqual(encodeSession(b.session), before)
    }
    assert.equal(b.receive(left), 'left behind')
    assert.equal(b.receive(inChain), 'in a new chain')
  })

  it('refuses messages of its own, and of another session', () => {
    const random = seededRandom('reflected')
    const { a, b } = converse(random)
    const other = converse(random)
    refuses('AUTHENTICATION_FAILED', () => a.receive(a.send('mine')))
    refuses('AUTHENTICATION_FAILED', () => b.receive(other.a.send('elsewhere')))
  })

  it('costs a stranger six header trials and not one key derivation', () => {
    const { a, b } = converse(seededRandom('trials'))
    for (let turn = 0; turn < 2 * receivingChainsMax; turn++) {
      b.receive(a.send('a'))
      a.receive(b.send('b'))
    }
    const counted = countDerivations(native)
    const garbage = concat(Uint8Array.of(2), seededRandom('garbage').bytes(995))
    refuses('AUTHENTICATION_FAILED', () => decrypt(counted.suite, noRandom, b.session, garbage))
    assert.deepEqual([counted.opens(), counted.derivations()], [receivingChainsMax + 1, 0])
  })

  it('derives nothing for a header that would skip too much, though its peer sealed it', () => {
    const { alice, bob } = startRatchets()
    const far = inChainAt(alice, 1001)
    const counted = countDerivations(native)
    refuses('TOO_FAR_AHEAD', () => ratchetDecrypt(counted.suite, noRandom, bob, far, noAssociation))
    assert.equal(counted.derivations(), 0)
  })

  it('refuses a peer that contradicts its own headers, and keeps its state', () => {
    const random = seededRandom('contradictions')
    const { alice, bob } = startRatchets()
    const send = (state: RatchetState): { state: RatchetState, message: Uint8Array } => {
      const { state: next, sealedHeader, sealedBody } = ratchetEncrypt(native, random, state, oneByte, noAssociation)
      return { state: next, message: concat(sealedHeader, sealedBody) }
    }
    const receive = (state: RatchetState, message: Uint8Array): RatchetState =>
      ratchetDecrypt(native, random, state, message, noAssociation).state
    const wrong = (state: RatchetState, message: Uint8Array): void =>
      refuses('AUTHENTICATION_FAILED', () => receive(state, message))

    const one = send(alice)
    const bobOne = receive(bob, one.message)
    // Another ratchet key in the same chain.
    wrong(bobOne, send({ ...one.state, own: native.x25519Private(random.bytes(32)) }).message)
    // A post-quantum epoch that was not agreed upon, in the same chain.
    wrong(bobOne, send({ ...one.state, pq: atEpoch(one.state, 3) }).message)

    const answer = send(bobOne)
    const aliceTwo = receive(one.state, answer.message)
    // It says that the chain before was shorter than what was received of it.
    wrong(answer.state, send({ ...aliceTwo, previousLength: 0 }).message)
    // A post-quantum epoch that was not agreed upon, in a new one.
    for (const epoch of [3, 4, 5, 7]) wrong(answer.state, send({ ...aliceTwo, pq: atEpoch(aliceTwo, epoch) }).message)
    // A ratchet key of low order: every secret with it is the same.
    const zero = { publicKey: new Uint8Array(32), exportSeed: () => new Uint8Array(32) }
    wrong(answer.state, send({ ...aliceTwo, own: zero }).message)

    const bobTwo = receive(answer.state, send(aliceTwo).message)
    // A message in a chain that was said to have ended before it.
    wrong(bobTwo, inChainAt(one.state, 1))
    refuses('REPLAYED', () => receive(bobTwo, one.message))
  })

  it('ends a chain before its numbers repeat', () => {
    const { alice } = startRatchets()
    const sending: SendingChain = { ...alice.sending!, next: 0xffff_ffff }
    refuses('TOO_FAR_AHEAD', () => ratchetEncrypt(native, noRandom, { ...alice, sending }, oneByte, noAssociation))
  })

  it('skips a thousand messages of a chain and not one more', function () {
    this.timeout(60_000)
    const { a, b } = converse(seededRandom('skip bound'))
    b.receive(a.send('number 0'))
    const sent = Array.from({ length: 1002 }, (_, i) => a.send(`number ${i + 1}`))
    const before = encodeSession(b.session)
    refuses('TOO_FAR_AHEAD', () => b.receive(sent[1001]!))
    assert.deepEqual(encodeSession(b.session), before)
    assert.equal(b.receive(sent[1000]!), 'number 1001')
    assert.equal(b.receive(sent[1001]!), 'number 1002')
    assert.equal(b.receive(sent[0]!), 'number 1')
    refuses('REPLAYED', () => b.receive(sent[1000]!))
  })

  it('holds to the bound across a change of direction, in the chain that was left and in the new one', function () {
    this.timeout(60_000)
    for (const [left, fresh, code] of [[1001, 0, 'TOO_FAR_AHEAD'], [1000, 1001, 'TOO_FAR_AHEAD'], [1000, 1000, '']]) {
      const { a, b } = converse(seededRandom('skip bound at a turn'))
      b.receive(a.send('begins the chain'))
      for (let i = 0; i < Number(left); i++) a.send('lost')
      a.receive(b.send('turn'))
      for (let i = 0; i < Number(fresh); i++) a.send('lost')
      const inner = a.send('arrives')
      const before = encodeSession(b.session)
      if (code === '') {
        assert.equal(b.receive(inner), 'arrives')
      } else {
        refuses('TOO_FAR_AHEAD', () => b.receive(inner))
        assert.deepEqual(encodeSession(b.session), before)
      }
    }
  })

  it('keeps two thousand skipped keys and forgets the oldest', function () {
    this.timeout(60_000)
    const { a, b } = converse(seededRandom('skipped keys'))
    const sent: Uint8Array[] = []
    for (let block = 0; block < 3; block++) {
      for (let n = 0; n < 1000; n++) sent.push(a.send(`${block} ${n}`))
      if (block === 1) {
        b.receive(a.send('reaches the end'))
        a.receive(b.send('turn'))
      } else {
        b.receive(a.send('reaches the end'))
      }
    }
    assert.equal(b.receive(sent[2999]!), '2 999')
    assert.equal(b.receive(sent[1000]!), '1 0')
    refuses('REPLAYED', () => b.receive(sent[999]!))
    assert.deepEqual(encodeSession(b.clone().session), encodeSession(b.session))
    assert.ok(encodeSession(b.session).length < 2000 * 36 + 2000)
  })

  it('keeps nothing that opens what was opened before (forward secrecy)', () => {
    const { a, b } = converse(seededRandom('forward secrecy'))
    const opened: Uint8Array[] = []
    for (let turn = 0; turn < 3; turn++) {
      for (let n = 0; n < 3; n++) {
        const inner = a.send(`${turn} ${n}`)
        b.receive(inner)
        opened.push(inner)
      }
      a.receive(b.send('turn'))
    }
    for (const thief of [a.clone(), b.clone()]) {
      for (const inner of opened) assert.throws(() => thief.receive(inner), CryptoError)
    }
  })

  it('shuts out who stole its state, once both have spoken again (healing)', () => {
    const { a, b } = converse(seededRandom('healing'))
    const thief = b.clone()
    const next = a.send('read by the thief')
    assert.equal(thief.receive(next), 'read by the thief')
    b.receive(next)
    a.receive(b.send('a new key of b'))
    b.receive(a.send('a new key of a'))
    a.receive(b.send('both new'))
    refuses('AUTHENTICATION_FAILED', () => thief.receive(a.send('not read')))
  })

  it('does not reuse a message key where randomness repeats', () => {
    const random = seededRandom('repeating')
    const { a } = converse(random)
    const repeat: Random = { bytes: (length) => new Uint8Array(length).fill(7) }
    const one = encrypt(native, repeat, a.session, utf8('same'), 1024)
    const two = encrypt(native, repeat, one.session, utf8('same'), 1024)
    assert.ok(!equal(one.inner.subarray(77, 109), two.inner.subarray(77, 109)))
  })

  it('sends nothing where randomness fails', () => {
    const { a } = converse(seededRandom('no randomness'))
    const before = encodeSession(a.session)
    for (const bytes of [() => new Uint8Array(4), (length: number) => new Uint8Array(length)]) {
      refuses('RANDOMNESS_FAILED', () => encrypt(native, { bytes }, a.session, utf8('x'), 1024))
    }
    assert.deepEqual(encodeSession(a.session), before)
  })
})

describe('a session', () => {
  it('is the same after it was kept and read back, at every stage', () => {
    const random = seededRandom('kept')
    const { aSession, bSession } = connect(native, native, random)
    const a = new Side(native, random, aSession)
    const b = new Side(native, random, bSession)
    const stages = [aSession, bSession]
    for (let turn = 0; turn < 7; turn++) {
      const lost = b.send('lost')
      a.receive(b.send('arrives'))
      if (turn % 2 === 0) a.receive(lost)
      b.receive(a.send('answer', 2048))
      stages.push(a.session, b.session)
    }
    for (const session of stages) {
      const encoded = encodeSession(session)
      for (const suite of bothSuites) assert.deepEqual(encodeSession(decodeSession(suite, encoded)), encoded)
      const { id, initiator, confirmed, handshakeTag: tag } = decodeSession(native, encoded)
      assert.deepEqual({ id, initiator, confirmed, tag }, {
        id: session.id, initiator: session.initiator, confirmed: session.confirmed, tag: session.handshakeTag
      })
    }
  })

  it('is not read from bytes that are truncated, continued, or in another order', () => {
    const { a, b } = converse(seededRandom('corrupt'))
    for (let n = 0; n < 3; n++) a.send('lost')
    b.receive(a.send('arrives'))
    const encoded = encodeSession(b.session)
    const corrupt = (bytes: Uint8Array): void => {
      assert.throws(() => decodeSession(native, bytes),
        (error) => error instanceof StoreError && error.code === 'STORE_CORRUPT')
    }
    for (let length = 1; length < encoded.length; length++) corrupt(encoded.subarray(0, length))
    corrupt(concat(encoded, Uint8Array.of(0)))
    corrupt(encoded.with(1, encoded[1]! | 16))
    corrupt(encoded.with(-1, receivingChainsMax))
    assert.throws(() => decodeSession(native, encoded.with(0, 3)),
      (error) => error instanceof StoreError && error.code === 'STORE_TOO_NEW')
    // The three skipped keys, each u32 number ‖ key, then the count of former chains and the former one.
    const numbers = toHex(encoded).lastIndexOf(toHex(concat(u32be(4), u32be(3)))) / 2 + 8
    assert.deepEqual([...encoded.subarray(numbers, numbers + 4)], [0, 0, 0, 0])
    corrupt(encoded.with(numbers + 3, 1))
    corrupt(encoded.with(numbers + 72 + 3, 4))
  })

  it('shows no secret when it is printed', () => {
    const { a, b } = converse(seededRandom('printed'))
    for (let n = 0; n < 3; n++) a.send('lost')
    b.receive(a.send('arrives'))
    for (const { session } of [a, b]) {
      const encoded = encodeSession(session)
      const shown = inspect(session, { depth: 9, showHidden: true }) + JSON.stringify(session)
      const bytesShown = [...shown.matchAll(/\b\d{1,3}\b/g)].map(([digits]) => Number(digits))
        .map((byte) => byte.toString(16).padStart(2, '0')).join('')
      assert.ok(bytesShown.includes(toHex(session.id)), 'this test would not see a byte array')
      // Version, flags, id, tag and the empty prefix are no secret.
      for (let at = 70; at + 8 <= encoded.length; at++) {
        const secret = encoded.subarray(at, at + 8)
        if (new Set(secret).size < 6) continue
        assert.ok(!bytesShown.includes(toHex(secret)) && !shown.includes(toHex(secret)), `bytes from ${at}`)
      }
    }
  })
})
