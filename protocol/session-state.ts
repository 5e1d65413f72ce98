/**
 * What a session is, and how it is kept on disk (spec 05 §Session state).
 *
 * Secrets sit in a private field: printing a session, or JSON of it, shows no key. Not here: what
 * a session does (session.ts).
 */
import { ByteReader, ByteWriter, concat } from './bytes.ts'
import { StoreError } from './errors.ts'
import { labels } from './labels.ts'
import { envelopeBytesMax, receivingChainsMax, skippedPerSessionMax } from './limits.ts'
import { pq as pqRatchet } from './pq.ts'
import type { FormerChain, RatchetState, ReceivingChain, SendingChain, SkippedKey } from './ratchet.ts'
import type { CryptoSuite } from './suite.ts'

/** One session between two devices. Immutable: a step returns another. */
export interface Session {
  /** T1 of the handshake, 32 bytes. */
  readonly id: Uint8Array
  readonly initiator: boolean
  /** Whether something of the peer was decrypted in it: at the acceptor, always. */
  readonly confirmed: boolean
  /** What `handshakeTag` returns for the inners of its handshake. */
  readonly handshakeTag: Uint8Array
}

export interface SessionState {
  readonly id: Uint8Array
  readonly initiator: boolean
  readonly confirmed: boolean
  readonly handshakeTag: Uint8Array
  /** AD, 32 bytes: authenticated with each message. */
  readonly association: Uint8Array
  /** Opens each inner of an initiator that is not confirmed; empty otherwise. */
  readonly prefix: Uint8Array
  readonly ratchet: RatchetState
}

class KeptSession implements Session {
  readonly id: Uint8Array
  readonly initiator: boolean
  readonly confirmed: boolean
  readonly handshakeTag: Uint8Array
  readonly #state: SessionState

  constructor (state: SessionState) {
    this.id = state.id
    this.initiator = state.initiator
    this.confirmed = state.confirmed
    this.handshakeTag = state.handshakeTag
    this.#state = state
  }

  static stateOf (session: KeptSession): SessionState {
    return session.#state
  }
}

export function sessionOf (state: SessionState): Session {
  return new KeptSession(state)
}

export function stateOf (session: Session): SessionState {
  return KeptSession.stateOf(session as KeptSession)
}

export function associationOf (suite: CryptoSuite, id: Uint8Array): Uint8Array {
  return suite.sha256(concat(labels.sessionAssociation, id))
}

const formatVersion = 2
/** A key and a ciphertext at most, and what else there is of both lanes. */
const pqBytesMax = 4096
const initiatorFlag = 1
const confirmedFlag = 2
const sendingFlag = 4
const receivingFlag = 8

/** Twice what most sessions are: those with many skipped keys have more. */
const sessionWriter = new ByteWriter(4096)

/** Holds every secret of the session: for a sealed store only. */
export function encodeSession (session: Session): Uint8Array {
  const { id, initiator, confirmed, handshakeTag, prefix, ratchet } = stateOf(session)
  const { sending, receiving, former } = ratchet
  const pq = pqRatchet.encode(ratchet.pq)
  const writer = sessionWriter.begin()
  writer.u8(formatVersion)
  writer.u8((initiator ? initiatorFlag : 0) | (confirmed ? confirmedFlag : 0) |
    (sending === undefined ? 0 : sendingFlag) | (receiving === undefined ? 0 : receivingFlag))
  writer.bytes(id)
  writer.bytes(handshakeTag)
  writer.prefixed(prefix)
  writer.bytes(ratchet.root)
  writer.bytes(ratchet.own.exportSeed())
  writer.bytes(ratchet.peer)
  writer.u32(ratchet.previousLength)
  writer.bytes(ratchet.nextSendingHeaderKey)
  writer.bytes(ratchet.nextReceivingHeaderKey)
  writer.prefixed(pq)
  if (sending !== undefined) {
    writer.bytes(sending.headerKey)
    writer.bytes(sending.chainKey)
    writer.u32(sending.next)
  }
  if (receiving !== undefined) {
    writer.bytes(receiving.chainKey)
    writeChain(writer, receiving)
  }
  writer.u8(former.length)
  for (const chain of former) writeChain(writer, chain)
  return writer.take()
}

function writeChain (writer: ByteWriter, { headerKey, next, skipped }: FormerChain): void {
  writer.bytes(headerKey)
  writer.u32(next)
  writer.u32(skipped.length)
  for (const { number, key } of skipped) {
    writer.u32(number)
    writer.bytes(key)
  }
}

/** StoreError STORE_TOO_NEW for another version, STORE_CORRUPT for what `encodeSession` does not write. */
export function decodeSession (suite: CryptoSuite, bytes: Uint8Array): Session {
  const corrupt = (): StoreError => new StoreError('STORE_CORRUPT', 'A session that does not parse.')
  const reader = new ByteReader(bytes, corrupt)
  if (reader.u8() !== formatVersion) throw new StoreError('STORE_TOO_NEW', 'A session of another version.')
  const flags = reader.u8()
  if (flags > 15) throw corrupt()
  const id = reader.take(32)
  const head = {
    id,
    initiator: (flags & initiatorFlag) !== 0,
    confirmed: (flags & confirmedFlag) !== 0,
    handshakeTag: reader.take(32),
    association: associationOf(suite, id),
    prefix: reader.prefixed(envelopeBytesMax)
  }
  const keys = {
    root: reader.take(32),
    own: suite.x25519Private(reader.take(32)),
    peer: reader.take(32),
    previousLength: reader.u32(),
    nextSendingHeaderKey: reader.take(32),
    nextReceivingHeaderKey: reader.take(32),
    pq: pqRatchet.decode(suite, reader.prefixed(pqBytesMax), head.initiator, corrupt)
  }
  const sending: SendingChain | undefined = (flags & sendingFlag) === 0
    ? undefined
    : { headerKey: reader.take(32), chainKey: reader.take(32), next: reader.u32() }
  const receiving: ReceivingChain | undefined = (flags & receivingFlag) === 0
    ? undefined
    : { chainKey: reader.take(32), ...readChain(reader, corrupt) }
  const formerCount = reader.u8()
  if (formerCount >= receivingChainsMax) throw corrupt()
  const former = Array.from({ length: formerCount }, () => readChain(reader, corrupt))
  reader.end()
  return sessionOf({ ...head, ratchet: { ...keys, sending, receiving, former } })
}

function readChain (reader: ByteReader, corrupt: () => Error): FormerChain {
  const headerKey = reader.take(32)
  const next = reader.u32()
  const count = reader.u32()
  if (count > skippedPerSessionMax) throw corrupt()
  const skipped: SkippedKey[] = []
  let last = -1
  for (let i = 0; i < count; i++) {
    const number = reader.u32()
    if (number <= last || number >= next) throw corrupt()
    skipped.push({ number, key: reader.take(32) })
    last = number
  }
  return { headerKey, next, skipped }
}
