/**
 * Any interleaving of what can happen to two sides of a session, beside a model of who may still
 * open what: messages are sent, dropped, delivered late, twice and damaged, and either side crashes
 * and comes back with what it committed last.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { utf8 } from '../../protocol/bytes.ts'
import { receivingChainsMax } from '../../protocol/limits.ts'
import type { Random } from '../../protocol/ports.ts'
import { pqRatchet } from '../../protocol/pq-ratchet.ts'
import {
  accept, contentCapacity, decodeSession, decrypt, encodeSession, encrypt, handshakeTag, initiate
} from '../../protocol/session.ts'
import type { Session } from '../../protocol/session.ts'
import { stateOf } from '../../protocol/session-state.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { createParty, publish } from './parties.ts'
import { refuses } from './sides.ts'

export interface Operation { kind: string, pick: number }

/** Twice as much is delivered as is sent, so that much is delivered again; the rest is dropped. */
export const operations = fc.array(fc.record({
  kind: fc.constantFrom(
    'sendA', 'sendB', 'deliver', 'deliver', 'deliver', 'deliverLate', 'damage',
    'crash', 'crashSending', 'crashReceiving'),
  pick: fc.nat()
}), { minLength: 10, maxLength: 70 })

type Name = 'a' | 'b'
interface End { suite: CryptoSuite, session: Session }
interface Flying { from: Name, chain: number, content: string, inner: Uint8Array, isOpened: boolean }

/** A first inner and what opens it, made once for a pair of suites: sessions are never altered. */
export interface Opening {
  a: Session
  accept: (random: Random, inner: Uint8Array) => { session: Session, content: Uint8Array }
}

export function openingOf (aSuite: CryptoSuite, bSuite: CryptoSuite, random: Random): Opening {
  const [a, b] = [createParty(aSuite, random), createParty(bSuite, random)]
  const { privates, bundle } = publish(b)
  return {
    a: initiate(aSuite, random, { ...a, bundle }),
    accept: (random, inner) => accept(bSuite, random, { device: b.device, privates, inner })
  }
}

/** All that is kept of a session: no sequence of messages makes it larger. */
const sessionBytesMax = 5000
const skippedKeyBytes = 36

export class Interleaving {
  readonly #random: Random
  readonly #opening: Opening
  readonly #bSuite: CryptoSuite
  readonly #ends: { a: End, b: End | undefined }
  readonly #flying: Flying[] = []
  readonly #sendingChain = { a: 0, b: 0 }
  readonly #newestReceived = { a: -1, b: -1 }
  #epochs = { a: 0, b: 0 }

  constructor (aSuite: CryptoSuite, bSuite: CryptoSuite, opening: Opening, random: Random) {
    this.#random = random
    this.#opening = opening
    this.#bSuite = bSuite
    this.#ends = { a: { suite: aSuite, session: opening.a }, b: undefined }
  }

  /** `isSettled`: whether both sides' keys have to be renewed after it, which takes some messages more. */
  run (sequence: Operation[], isSettled: boolean): void {
    for (const [index, operation] of sequence.entries()) this.#step(index, operation)
    if (isSettled) this.#settle(sequence.length)
  }

  #step (index: number, { kind, pick }: Operation): void {
    switch (kind) {
      case 'sendA': this.#send('a', `message ${index}`, pick); break
      case 'sendB': this.#send('b', `message ${index}`, pick); break
      case 'crash': this.#restore(pick % 2 === 0 ? 'a' : 'b'); break
      // Both: what was computed is lost, and nothing of it has left the device.
      case 'crashSending': this.#crashSending(pick % 2 === 0 ? 'a' : 'b'); break
      case 'crashReceiving': this.#deliver(pick, 8, 'uncommitted'); break
      case 'damage': this.#deliver(pick, 8, 'damaged'); break
      case 'deliverLate': this.#deliver(pick, Infinity, 'whole'); break
      default: this.#deliver(pick, 8, 'whole')
    }
    for (const end of Object.values(this.#ends)) if (end !== undefined) assertBounds(end.session)
  }

  #send (from: Name, content: string, pick: number): void {
    const end = this.#ends[from]
    if (end === undefined) return
    // Of every size, so that keys and ciphertexts come in all manners of pieces.
    const bytes = utf8(content.padEnd(pick % 700))
    const bucket = [1024, 2048, 4096].find((size) => contentCapacity(end.session, size) >= bytes.length)!
    const { session, inner } = encrypt(end.suite, this.#random, end.session, bytes, bucket)
    assert.equal(inner.length, bucket - 28)
    end.session = session
    assert.equal(handshakeTag(inner) !== undefined, from === 'a' && this.#newestReceived.a < 0)
    this.#flying.push({ from, chain: this.#sendingChain[from], content, inner, isOpened: false })
  }

  #restore (name: Name): void {
    const end = this.#ends[name]
    if (end !== undefined) end.session = decodeSession(end.suite, encodeSession(end.session))
  }

  #crashSending (name: Name): void {
    const end = this.#ends[name]
    if (end === undefined) return
    encrypt(end.suite, this.#random, end.session, utf8('never leaves'), 2048)
    this.#restore(name)
  }

  #deliver (pick: number, window: number, how: 'whole' | 'damaged' | 'uncommitted'): void {
    const near = window === Infinity ? this.#flying : this.#flying.slice(-window)
    const message = near[pick % near.length]
    if (message === undefined) return
    const to = message.from === 'a' ? 'b' : 'a'
    const end = this.#ends[to]
    if (end === undefined) {
      if (how !== 'whole') return
      const { session, content } = this.#opening.accept(this.#random, message.inner)
      this.#ends.b = { suite: this.#bSuite, session }
      this.#opened(message, to, content)
      return
    }
    const before = encodeSession(end.session)
    if (how === 'damaged') {
      const at = pick % message.inner.length
      const damaged = message.inner.with(at, message.inner[at]! ^ (1 << (pick % 8)))
      assert.throws(() => decrypt(end.suite, this.#random, end.session, damaged), { name: 'CryptoError' })
    } else {
      const isForgotten = this.#newestReceived[to] - message.chain >= receivingChainsMax
      if (isForgotten || message.isOpened) {
        const code = isForgotten ? 'AUTHENTICATION_FAILED' : 'REPLAYED'
        refuses(code, () => decrypt(end.suite, this.#random, end.session, message.inner))
      } else {
        const { session, content } = decrypt(end.suite, this.#random, end.session, message.inner)
        if (how === 'whole') {
          end.session = session
          this.#opened(message, to, content)
          return
        }
        end.session = decodeSession(end.suite, before)
      }
    }
    assert.deepEqual(encodeSession(end.session), before)
  }

  #opened (message: Flying, to: Name, content: Uint8Array): void {
    assert.equal(new TextDecoder().decode(content).trimEnd(), message.content)
    message.isOpened = true
    this.#assertEpochs()
    if (message.chain <= this.#newestReceived[to]) return
    this.#newestReceived[to] = message.chain
    // The acceptor's first chain begins with what it opens first; it had none before.
    if (to === 'a' || message.chain > 0) this.#sendingChain[to]++
  }

  /** Neither side is ahead of what the other can know, and none goes back. */
  #assertEpochs (): void {
    const { a, b } = this.#ends
    if (b === undefined) return
    const [aPq, bPq] = [stateOf(a.session).ratchet.pq, stateOf(b.session).ratchet.pq]
    for (const [sender, receiver] of [[aPq, bPq], [bPq, aPq]] as const) {
      assert.ok(pqRatchet.receivingEpoch(receiver) <= pqRatchet.sendingEpoch(sender))
    }
    const now = { a: pqRatchet.sendingEpoch(aPq), b: pqRatchet.sendingEpoch(bPq) }
    assert.ok(now.a >= this.#epochs.a && now.b >= this.#epochs.b)
    this.#epochs = now
  }

  /** Whatever happened before, once messages arrive again both sides' keys are renewed. */
  #settle (index: number): void {
    const before = { ...this.#epochs }
    for (let turn = 0; turn < 26; turn++) {
      const from = turn % 2 === 0 ? 'a' : 'b'
      this.#send(from, `message ${index + turn}`, 200)
      this.#deliver(0, 1, 'whole')
    }
    assert.ok(this.#epochs.a > before.a && this.#epochs.b > before.b,
      `epochs ${JSON.stringify(before)} and then ${JSON.stringify(this.#epochs)}`)
  }
}

function assertBounds (session: Session): void {
  const { receiving, former } = stateOf(session).ratchet
  const skipped = former.reduce((sum, chain) => sum + chain.skipped.length, receiving?.skipped.length ?? 0)
  assert.ok(former.length < receivingChainsMax)
  assert.ok(encodeSession(session).length <= sessionBytesMax + skipped * skippedKeyBytes)
}
