/**
 * The post-quantum ratchet (spec 05 §Post-quantum ratchet): fresh ML-KEM-768 secrets for the root
 * of a session, agreed upon in bytes of the buckets that would otherwise be zeros.
 *
 * Each side offers keys of its own, one at a time, and answers the other's. A step returns a new
 * state and leaves the given one as it is. Not here: how keys travel (pq-parts.ts), and when a secret enters the root (ratchet.ts), which knows `PqRatchet` alone.
 */
import { ByteReader, ByteWriter, concat, draw, emptyBytes, u32be } from './bytes.ts'
import { CryptoError } from './errors.ts'
import { labels } from './labels.ts'
import type { Random } from './ports.ts'
import {
  acknowledge, ciphertextUnits, countArrived, gather, keyUnits, noCiphertextUnits, noKeyUnits, noProgress,
  readGathered, readProgress, readRecords, RecordWriter, unitBytes, wholeOf, writeGathered, writeProgress
} from './pq-parts.ts'
import type { AckRecord, Gathered, Progress, UnitsRecord } from './pq-parts.ts'
import type { CryptoSuite, KemPrivate } from './suite.ts'

/** 32 bytes. */
type Secret = Uint8Array

/** What the ratchet asks of it. Another construction with these functions could take its place. */
export interface PqRatchet<State> {
  /** `root`: 32 bytes of the handshake. */
  start: (root: Uint8Array, isInitiator: boolean) => State
  /** Writes what it has to say into the `free` bytes of a message, which are zeros. Draws 0 or 64 bytes. */
  compose: (suite: CryptoSuite, random: Random, state: State, free: Uint8Array) => State
  /**
   * After the free bytes of a message that was authenticated. Draws 0 or 32 bytes. CryptoError
   * AUTHENTICATION_FAILED where they are nothing that an honest peer would write.
   */
  absorb: (suite: CryptoSuite, random: Random, state: State, bytes: Uint8Array) => State
  /** At our own Diffie-Hellman step: the secret to mix in, or nothing. */
  stepSending: (state: State) => { state: State, secret: Uint8Array }
  /** At the peer's, whose header says `epoch`. CryptoError AUTHENTICATION_FAILED where it can't say that. */
  stepReceiving: (state: State, epoch: number) => { state: State, secret: Uint8Array }
  /** What the headers of our chain say: the last of our epochs that was mixed in, 0 before the first. */
  sendingEpoch: (state: State) => number
  /** What the headers of the peer's chain say. */
  receivingEpoch: (state: State) => number
  encode: (state: State) => Uint8Array
  /** Throws `corrupt()` for anything that `encode` does not write. */
  decode: (suite: CryptoSuite, bytes: Uint8Array, isInitiator: boolean, corrupt: () => Error) => State
}

/** Our own keys. A side offers nothing before it has heard the other, for whom it might be in vain. */
export const offerMachine = {
  name: 'post-quantum offer',
  initial: 'quiet',
  transitions: {
    quiet: { heard: 'ready' },
    ready: { hadRoom: 'offering' },
    offering: { keyArrived: 'awaiting' },
    awaiting: { ciphertextArrived: 'agreed' },
    agreed: { mixedIn: 'ready' }
  }
} as const
const offerAfter = offerMachine.transitions

/** The peer's keys. */
export const answerMachine = {
  name: 'post-quantum answer',
  initial: 'listening',
  transitions: {
    listening: { keyBegan: 'collecting' },
    collecting: { keyArrived: 'answering' },
    answering: { ciphertextArrived: 'answered', peerMixedIn: 'listening' },
    answered: { peerMixedIn: 'listening' }
  }
} as const
const answerAfter = answerMachine.transitions

/** `epoch` is that of the offer under way, or of the next one. */
interface Lane {
  readonly epoch: number
  /** PQ, 32 bytes: of the last secret of this lane that was agreed upon. */
  readonly root: Secret
}

type Offer = Lane & (
  | { readonly state: 'quiet' | 'ready' }
  | { readonly state: 'offering', readonly key: KemPrivate, readonly progress: Progress }
  | { readonly state: 'awaiting', readonly key: KemPrivate, readonly ciphertext: Gathered }
  | { readonly state: 'agreed', readonly secret: Secret }
)

type Answer = Lane & (
  | { readonly state: 'listening' }
  | { readonly state: 'collecting', readonly key: Gathered }
  | {
    readonly state: 'answering', readonly secret: Secret
    readonly ciphertext: Uint8Array, readonly progress: Progress
  }
  | { readonly state: 'answered', readonly secret: Secret }
)

export interface PqState {
  readonly offer: Offer
  readonly answer: Answer
}

/** Epochs of the initiator's keys are odd, of the acceptor's even. */
const initiatorEpochFirst = 1
const acceptorEpochFirst = 2
const epochsBetween = 2

function start (root: Secret, isInitiator: boolean): PqState {
  const [own, peers] = isInitiator
    ? [initiatorEpochFirst, acceptorEpochFirst]
    : [acceptorEpochFirst, initiatorEpochFirst]
  return {
    offer: { state: offerMachine.initial, epoch: own, root },
    answer: { state: answerMachine.initial, epoch: peers, root }
  }
}

function compose (suite: CryptoSuite, random: Random, state: PqState, free: Uint8Array): PqState {
  let { offer, answer } = state
  const writer = new RecordWriter(free)
  const ack = ackOfOffer(offer)
  if (ack !== undefined) writer.ack(ack)
  if (answer.state === 'collecting') {
    writer.ack({ kind: 'keyAck', epoch: answer.epoch, units: countArrived(answer.key) })
  }

  const sendCiphertext = (): void => {
    if (answer.state !== 'answering') return
    const progress = writer.units('ciphertext', answer.epoch, answer.ciphertext, answer.progress)
    if (progress !== answer.progress) answer = { ...answer, progress }
  }
  const sendKey = (): void => {
    if (offer.state === 'ready' && isOurTurn(state) && writer.unitsFree > 0) {
      const key = suite.kemPrivate(draw(random, 64))
      offer = { ...offer, state: offerAfter.ready.hadRoom, key, progress: noProgress }
    }
    if (offer.state !== 'offering') return
    const progress = writer.units('key', offer.epoch, offer.key.publicKey, offer.progress)
    if (progress !== offer.progress) offer = { ...offer, progress }
  }
  // A ciphertext first, for it is the second half; but nothing is sent again before all was sent once.
  if (isSentOnce(answer) && !isSentOnce(offer)) {
    sendKey()
    sendCiphertext()
  } else {
    sendCiphertext()
    sendKey()
  }

  return offer === state.offer && answer === state.answer ? state : { offer, answer }
}

/**
 * Sides take turns, though either could offer at any time: two keys at once share the room of one,
 * which heals no sooner with ordinary texts and costs half as much again.
 */
function isOurTurn ({ offer, answer }: PqState): boolean {
  return offer.epoch < answer.epoch
}

function isSentOnce (lane: Offer | Answer): boolean {
  return 'progress' in lane && lane.progress.isRepeat
}

function ackOfOffer (offer: Offer): AckRecord | undefined {
  const { epoch } = offer
  if (offer.state === 'agreed') return { kind: 'ciphertextAck', epoch, units: ciphertextUnits }
  if (offer.state !== 'awaiting') return undefined
  const units = countArrived(offer.ciphertext)
  return units === 0 ? undefined : { kind: 'ciphertextAck', epoch, units }
}

function absorb (suite: CryptoSuite, random: Random, state: PqState, bytes: Uint8Array): PqState {
  let { offer, answer } = state
  if (offer.state === 'quiet') offer = { ...offer, state: offerAfter.quiet.heard }
  for (const record of readRecords(bytes)) {
    switch (record.kind) {
      case 'key': answer = takeKey(suite, random, answer, record); break
      case 'ciphertextAck': answer = takeCiphertextAck(answer, record); break
      case 'ciphertext': offer = takeCiphertext(suite, offer, record); break
      case 'keyAck': offer = takeKeyAck(offer, record); break
    }
  }
  return offer === state.offer && answer === state.answer ? state : { offer, answer }
}

/**
 * Whether a record of `epoch` is of an earlier one of the lane: overtaken, and of no more use. An
 * epoch that the lane has not come to, or that is the other lane's, is a lie.
 */
function isPast (lane: Lane, epoch: number): boolean {
  if (epoch === 0 || epoch > lane.epoch || (lane.epoch - epoch) % epochsBetween !== 0) {
    throw new CryptoError('AUTHENTICATION_FAILED')
  }
  return epoch < lane.epoch
}

function takeKey (suite: CryptoSuite, random: Random, answer: Answer, record: UnitsRecord): Answer {
  if (isPast(answer, record.epoch)) return answer
  const { epoch, root } = answer
  switch (answer.state) {
    case 'listening': {
      const collecting = { state: answerAfter.listening.keyBegan, epoch, root, key: noKeyUnits }
      return takeKey(suite, random, collecting, record)
    }
    case 'collecting': {
      const gathered = gather(answer.key, record)
      if (gathered === answer.key) return answer
      const key = wholeOf(gathered)
      if (key === undefined) return { ...answer, key: gathered }
      const { ciphertext, secret: shared } = encapsulate(suite, random, key)
      const state = answerAfter.collecting.keyArrived
      return { ...agree(suite, answer, shared, key, ciphertext), state, ciphertext, progress: noProgress }
    }
    default:
      return answer
  }
}

/** A malformed key can only come from the peer itself, and is told from a forgery to nobody. */
function encapsulate (
  suite: CryptoSuite, random: Random, key: Uint8Array
): { ciphertext: Uint8Array, secret: Uint8Array } {
  const coins = draw(random, 32)
  try {
    return suite.encapsulate(key, coins)
  } catch (cause) {
    throw new CryptoError('AUTHENTICATION_FAILED', undefined, { cause })
  }
}

function takeCiphertextAck (answer: Answer, { epoch, units }: AckRecord): Answer {
  if (isPast(answer, epoch)) return answer
  switch (answer.state) {
    case 'answering': {
      if (units === ciphertextUnits) {
        const { root, secret } = answer
        return { state: answerAfter.answering.ciphertextArrived, epoch, root, secret }
      }
      const progress = acknowledge(answer.progress, units)
      return progress === answer.progress ? answer : { ...answer, progress }
    }
    case 'answered':
      return answer
    default:
      // There is no ciphertext yet.
      throw new CryptoError('AUTHENTICATION_FAILED')
  }
}

function takeKeyAck (offer: Offer, { epoch, units }: AckRecord): Offer {
  if (isPast(offer, epoch)) return offer
  switch (offer.state) {
    case 'offering': {
      if (units === keyUnits) return keyArrived(offer)
      const progress = acknowledge(offer.progress, units)
      return progress === offer.progress ? offer : { ...offer, progress }
    }
    case 'awaiting': case 'agreed':
      return offer
    default:
      // There is no key yet.
      throw new CryptoError('AUTHENTICATION_FAILED')
  }
}

function keyArrived (
  { epoch, root, key }: Extract<Offer, { state: 'offering' }>
): Extract<Offer, { state: 'awaiting' }> {
  return { state: offerAfter.offering.keyArrived, epoch, root, key, ciphertext: noCiphertextUnits }
}

function takeCiphertext (suite: CryptoSuite, offer: Offer, record: UnitsRecord): Offer {
  if (isPast(offer, record.epoch)) return offer
  switch (offer.state) {
    case 'offering':
      // Who has a ciphertext had the whole key.
      return takeCiphertext(suite, keyArrived(offer), record)
    case 'awaiting': {
      const gathered = gather(offer.ciphertext, record)
      if (gathered === offer.ciphertext) return offer
      const ciphertext = wholeOf(gathered)
      if (ciphertext === undefined) return { ...offer, ciphertext: gathered }
      const shared = suite.decapsulate(offer.key, ciphertext)
      const state = offerAfter.awaiting.ciphertextArrived
      return { ...agree(suite, offer, shared, offer.key.publicKey, ciphertext), state }
    }
    case 'agreed':
      return offer
    default:
      throw new CryptoError('AUTHENTICATION_FAILED')
  }
}

/** PQ' and S of the epoch. With them the private key, or the coins, are of no more use, and go. */
function agree (
  suite: CryptoSuite, { epoch, root }: Lane, shared: Uint8Array, key: Uint8Array, ciphertext: Uint8Array
): Lane & { secret: Secret } {
  const info = concat(labels.ratchetPq, u32be(epoch), suite.sha256(key), suite.sha256(ciphertext))
  const okm = suite.hkdf(root, shared, info, 64)
  return { epoch, root: okm.slice(0, 32), secret: okm.slice(32, 64) }
}

function mixedEpoch (lane: Lane): number {
  return Math.max(0, lane.epoch - epochsBetween)
}

function stepSending (state: PqState): { state: PqState, secret: Uint8Array } {
  const { offer, answer } = state
  if (offer.state !== 'agreed') return { state, secret: emptyBytes }
  const { epoch, root, secret } = offer
  const mixed = { state: offerAfter.agreed.mixedIn, epoch: epoch + epochsBetween, root }
  return { state: { offer: mixed, answer }, secret }
}

function stepReceiving (state: PqState, epoch: number): { state: PqState, secret: Uint8Array } {
  const { offer, answer } = state
  if (epoch === mixedEpoch(answer)) return { state, secret: emptyBytes }
  if (epoch !== answer.epoch || (answer.state !== 'answering' && answer.state !== 'answered')) {
    throw new CryptoError('AUTHENTICATION_FAILED')
  }
  const mixed = {
    state: answerAfter[answer.state].peerMixedIn, epoch: epoch + epochsBetween, root: answer.root
  }
  return { state: { offer, answer: mixed }, secret: answer.secret }
}

const offerStates = ['quiet', 'ready', 'offering', 'awaiting', 'agreed'] as const
const answerStates = ['listening', 'collecting', 'answering', 'answered'] as const

/** Of a key, or of a ciphertext and its secret, and what else there is of both lanes. */
const stateWriter = new ByteWriter(2048)

/** Spec 05 §Session state. */
function encode ({ offer, answer }: PqState): Uint8Array {
  const writer = stateWriter.begin()
  writer.u8(offerStates.indexOf(offer.state))
  writeLane(writer, offer)
  if (offer.state === 'offering' || offer.state === 'awaiting') writer.bytes(offer.key.exportSeed())
  if (offer.state === 'offering') writeProgress(writer, offer.progress)
  if (offer.state === 'awaiting') writeGathered(writer, offer.ciphertext)
  if (offer.state === 'agreed') writer.bytes(offer.secret)
  writer.u8(answerStates.indexOf(answer.state))
  writeLane(writer, answer)
  if (answer.state === 'collecting') writeGathered(writer, answer.key)
  if (answer.state === 'answering' || answer.state === 'answered') writer.bytes(answer.secret)
  if (answer.state === 'answering') {
    writer.bytes(answer.ciphertext)
    writeProgress(writer, answer.progress)
  }
  return writer.take()
}

function writeLane (writer: ByteWriter, { epoch, root }: Lane): void {
  writer.u32(epoch)
  writer.bytes(root)
}

function decode (suite: CryptoSuite, bytes: Uint8Array, isInitiator: boolean, corrupt: () => Error): PqState {
  const reader = new ByteReader(bytes, corrupt)
  const own = isInitiator ? initiatorEpochFirst : acceptorEpochFirst
  const offer = readOffer(suite, reader, own, corrupt)
  const answer = readAnswer(reader, initiatorEpochFirst + acceptorEpochFirst - own, corrupt)
  reader.end()
  return { offer, answer }
}

function readLane (reader: ByteReader, epochFirst: number, corrupt: () => Error): Lane {
  const epoch = reader.u32()
  if (epoch < epochFirst || (epoch - epochFirst) % epochsBetween !== 0) throw corrupt()
  return { epoch, root: reader.take(32) }
}

function readOffer (suite: CryptoSuite, reader: ByteReader, epochFirst: number, corrupt: () => Error): Offer {
  const state = offerStates[reader.u8()]
  if (state === undefined) throw corrupt()
  const lane = readLane(reader, epochFirst, corrupt)
  const readKey = (): KemPrivate => suite.kemPrivate(reader.take(64))
  switch (state) {
    case 'quiet': case 'ready': return { ...lane, state }
    case 'offering':
      return { ...lane, state, key: readKey(), progress: readProgress(reader, keyUnits, corrupt) }
    case 'awaiting':
      return { ...lane, state, key: readKey(), ciphertext: readGathered(reader, ciphertextUnits, corrupt) }
    case 'agreed': return { ...lane, state, secret: reader.take(32) }
  }
}

function readAnswer (reader: ByteReader, epochFirst: number, corrupt: () => Error): Answer {
  const state = answerStates[reader.u8()]
  if (state === undefined) throw corrupt()
  const lane = readLane(reader, epochFirst, corrupt)
  switch (state) {
    case 'listening': return { ...lane, state }
    case 'collecting': return { ...lane, state, key: readGathered(reader, keyUnits, corrupt) }
    case 'answering':
      return {
        ...lane,
        state,
        secret: reader.take(32),
        ciphertext: reader.take(ciphertextUnits * unitBytes),
        progress: readProgress(reader, ciphertextUnits, corrupt)
      }
    case 'answered': return { ...lane, state, secret: reader.take(32) }
  }
}

/** The one that sessions use. */
export const pqRatchet: PqRatchet<PqState> = {
  start,
  compose,
  absorb,
  stepSending,
  stepReceiving,
  sendingEpoch: ({ offer }) => mixedEpoch(offer),
  receivingEpoch: ({ answer }) => mixedEpoch(answer),
  encode,
  decode
}
