/**
 * Frozen vectors of the ratchet, the post-quantum one with it, from seeded randomness: a
 * conversation step by step, and what either side must refuse.
 */
import { concat, emptyBytes, toHex, u32be, utf8 } from '../../protocol/bytes.ts'
import { padContent } from '../../protocol/padding.ts'
import type { Random } from '../../protocol/ports.ts'
import { pqRatchet } from '../../protocol/pq-ratchet.ts'
import {
  ratchetDecrypt, ratchetEncrypt, sealPlaintext, startAcceptor, startInitiator
} from '../../protocol/ratchet.ts'
import type { RatchetState } from '../../protocol/ratchet.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { seededRandom } from '../support/seeded-random.ts'

const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, bytes.at(at)! ^ 1)

/** Randomness that writes down what was drawn, each draw apart. */
export function recorded (random: Random): Random & { draws: string[] } {
  const draws: string[] = []
  return {
    draws,
    bytes: (length) => {
      const bytes = random.bytes(length)
      draws.push(toHex(bytes))
      return bytes
    }
  }
}

type SideName = 'initiator' | 'acceptor'

/** A conversation with losses and turns, and after it what must be refused. */
export function ratchetVectors (suite: CryptoSuite): object {
  const random = seededRandom('restante vectors: ratchet')
  const keys = {
    root: random.bytes(32), initiatorHeaderKey: random.bytes(32),
    acceptorHeaderKey: random.bytes(32), pqRoot: random.bytes(32)
  }
  const association = random.bytes(32)
  const prekeySeed = random.bytes(32)
  const prekey = suite.x25519Private(prekeySeed)
  const start = recorded(random)
  const states: Record<SideName, RatchetState> = {
    initiator: startInitiator(suite, start, keys, prekey.publicKey),
    acceptor: startAcceptor(keys, prekey)
  }
  const sent: Uint8Array[] = []
  const steps: unknown[] = []
  const send = (side: SideName, paddedBytes = 64): void => {
    const drawn = recorded(random)
    const content = utf8(`message ${sent.length}`)
    const { state, sealedHeader, sealedBody } =
      ratchetEncrypt(suite, drawn, states[side], { content, paddedBytes }, association)
    states[side] = state
    const message = concat(sealedHeader, sealedBody)
    sent.push(message)
    steps.push({
      step: 'send', side, draws: drawn.draws, content: toHex(content), paddedBytes, message: toHex(message),
      ...pqOf(state)
    })
  }
  const receive = (side: SideName, index: number): void => {
    const drawn = recorded(random)
    states[side] = ratchetDecrypt(suite, drawn, states[side], sent[index]!, association).state
    steps.push({
      step: 'receive', side, draws: drawn.draws, message: toHex(sent[index]!),
      content: toHex(utf8(`message ${index}`)), outcome: 'ok', ...pqOf(states[side])
    })
  }
  /** States of both lanes, and the last epochs that were mixed in. */
  const pqOf = ({ pq }: RatchetState): object => ({
    offer: pq.offer.state, answer: pq.answer.state,
    sendingEpoch: pqRatchet.sendingEpoch(pq), receivingEpoch: pqRatchet.receivingEpoch(pq),
    pq: toHex(suite.sha256(pqRatchet.encode(pq)))
  })
  const refuse = (side: SideName, name: string, message: Uint8Array, outcome: string): void => {
    steps.push({ step: 'receive', side, name, message: toHex(message), outcome })
  }

  /** The initiator's next message, with other free bytes than it would have. */
  const refuseLies = (): void => {
    const { offer, answer } = states.initiator.pq
    const record = (kind: number, epoch: number, ...rest: number[]): Uint8Array =>
      concat(Uint8Array.of(kind), u32be(epoch), Uint8Array.from(rest))
    const unit = new Array<number>(32).fill(7)
    const lies: Array<[string, Uint8Array]> = [
      ['record of an unknown kind', record(5, 1, 0)],
      ['record cut short', record(1, offer.epoch, 0, 1, 7)],
      ['no units', record(1, offer.epoch, 0, 0)],
      ['key beyond its end', record(1, offer.epoch, 37, 1, ...unit)],
      ['ciphertext beyond its end', record(2, answer.epoch, 34, 1, ...unit)],
      ['key of an epoch to come', record(1, offer.epoch + 2, 0, 1, ...unit)],
      ['key of an epoch of the other side', record(1, answer.epoch, 0, 1, ...unit)],
      ['ciphertext of an epoch to come', record(2, answer.epoch + 2, 0, 1, ...unit)],
      ['ack of a key beyond its end', record(3, answer.epoch, 38)],
      ['ack of a key of an epoch to come', record(3, answer.epoch + 2, 1)],
      ['ack of a ciphertext of an epoch to come', record(4, offer.epoch + 2, 1)],
      ['epoch 0', record(1, 0, 0, 1, ...unit)],
      ['malformed key', record(1, offer.epoch, 0, 37, ...new Array<number>(37 * 32).fill(0xff))]
    ]
    for (const [name, following] of lies) {
      const plaintext = padContent(emptyBytes, 4 + following.length, following)
      const lie = sealPlaintext(suite, random, states.initiator, plaintext, association)
      refuse('acceptor', name, concat(lie.sealedHeader, lie.sealedBody), 'AUTHENTICATION_FAILED')
    }
  }

  for (let n = 0; n < 3; n++) send('initiator')
  receive('acceptor', 1)
  receive('acceptor', 0)
  refuse('acceptor', 'replayed', sent[0]!, 'REPLAYED')
  refuse('acceptor', 'header altered', flipped(sent[2]!, 20), 'AUTHENTICATION_FAILED')
  send('acceptor')
  send('acceptor')
  receive('initiator', 4)
  send('initiator')
  receive('acceptor', 5)
  receive('acceptor', 2)
  receive('initiator', 3)
  refuse('acceptor', 'replayed of a chain that was left', sent[1]!, 'REPLAYED')
  refuse('acceptor', 'body altered', flipped(sent[5]!, -1), 'REPLAYED')
  refuse('initiator', 'reflected', sent[5]!, 'AUTHENTICATION_FAILED')
  send('acceptor')
  refuse('initiator', 'body altered, header whole', flipped(sent[6]!, -1), 'AUTHENTICATION_FAILED')
  refuse('initiator', 'truncated', sent[6]!.subarray(0, 91), 'AUTHENTICATION_FAILED')
  receive('initiator', 6)

  // Two epochs of the post-quantum ratchet, one of each side, with what is lost and overtaken.
  for (let turn = 0; turn < 18; turn++) {
    const [from, to]: SideName[] = turn % 2 === 0 ? ['initiator', 'acceptor'] : ['acceptor', 'initiator']
    const first = sent.length
    for (let n = 0; n < 3; n++) send(from!, 500)
    for (const arrives of [[0, 1, 2], [0], [2, 0]][turn % 3]!) receive(to!, first + arrives)
  }
  refuseLies()

  let far = states.initiator
  let message = new Uint8Array(0)
  for (let n = 0; n <= 1001; n++) {
    const step = ratchetEncrypt(suite, random, far, { content: utf8('far'), paddedBytes: 64 }, association)
    far = step.state
    message = concat(step.sealedHeader, step.sealedBody) as typeof message
  }
  refuse('acceptor', 'a thousand and one keys skipped', message, 'TOO_FAR_AHEAD')
  return {
    association: toHex(association),
    root: toHex(keys.root),
    initiatorHeaderKey: toHex(keys.initiatorHeaderKey),
    acceptorHeaderKey: toHex(keys.acceptorHeaderKey),
    pqRoot: toHex(keys.pqRoot),
    prekeySeed: toHex(prekeySeed),
    initiatorDraws: start.draws,
    steps
  }
}
