/**
 * From contents to outbound envelopes: what waits for one contact is packed together and sealed in
 * its session, inside the commit of the events that queued it.
 *
 * Packing is what makes bursts cheap: one ratchet step, one padding bucket and one deposit for all
 * that fits. Delivery of the envelopes is the outbox's.
 */
import { framedContentBytes, joinContents, splitBody } from '../../protocol/body.ts'
import { concat, equal, toHex as hex } from '../../protocol/bytes.ts'
import { UsageError } from '../../protocol/errors.ts'
import { labels } from '../../protocol/labels.ts'
import { contentKinds, envelopeBuckets, messageIdBytes } from '../../protocol/limits.ts'
import type { Clock, Random } from '../../protocol/ports.ts'
import { contentCapacity, encrypt, type Session } from '../../protocol/session.ts'
import { Content } from '../../protocol/wire/restante.js'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import { nextPosition, type Position } from './position.ts'
import type { ConversationRecord } from './records.js'
import { outboundId, sessionKey, type Outbound, type State } from './state.ts'

interface Waiting { bytes: Uint8Array, counter: number, messageId: string | undefined }

export interface Queued { id: Uint8Array, counter: number, position: Position, conversation: ConversationRecord }

export interface SealingPorts { clock: Clock, random: Random }

export class Sealing {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: SealingPorts
  readonly #onSealed: (outbound: Outbound) => void
  readonly #waiting = new Map<string, Waiting[]>()
  /** Contacts whose stored contents are to be sealed in the session in use, if they are not. */
  readonly #ready = new Set<string>()

  constructor (state: State, ledger: Ledger, ports: SealingPorts, onSealed: (outbound: Outbound) => void) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#onSealed = onSealed
    ledger.beforeCommit(() => { this.#sealAll() })
  }

  /** Inside a step: a numbered content for this contact. Returns what its message record needs. */
  queue (contact: string, kind: number, payload: Uint8Array): Queued {
    const { clock, random } = this.#ports
    const conversation = this.conversation(contact)
    const now = clock.now()
    const greatest = { ms: conversation.clockMs, logical: conversation.clockLogical }
    const position = nextPosition(greatest, now)
    const id = random.bytes(messageIdBytes)
    const counter = conversation.counter + 1
    // The own message before is a parent without being named: `previous` binds it.
    const parents = conversation.heads.filter(head => !head.own).slice(-3).map(head => head.id)
    const bytes = Content.encode({
      id,
      counter,
      clockMs: position.ms,
      clockLogical: position.logical,
      sentAt: Math.floor(now) === position.ms ? 0 : Math.floor(now),
      parents,
      previous: conversation.previous,
      kind,
      payload,
      conversation: new Uint8Array(0)
    })
    const isShown = kind !== contentKinds.contactUpdate
    const next: ConversationRecord = {
      ...conversation,
      counter,
      previous: this.#state.suite.sha256(concat(labels.contentChain, bytes)).subarray(0, 16),
      clockMs: position.ms,
      clockLogical: position.logical,
      heads: isShown ? [{ id, ...position, own: true }] : conversation.heads
    }
    this.#state.conversations.put(contact, next)
    this.#add(contact, { bytes, counter, messageId: isShown ? hex(id) : undefined })
    return { id, counter, position, conversation: next }
  }

  /** Inside a step: a content without a number, which nobody acknowledges. */
  queueReceipt (contact: string, payload: Uint8Array): void {
    const bytes = Content.encode({
      id: new Uint8Array(0),
      counter: 0,
      clockMs: 0,
      clockLogical: 0,
      sentAt: 0,
      parents: [],
      previous: new Uint8Array(0),
      kind: contentKinds.receipt,
      payload,
      conversation: new Uint8Array(0)
    })
    this.#add(contact, { bytes, counter: 0, messageId: undefined })
  }

  /** Inside a step: a session exists now, or another is the one in use, in which everything that waits is sealed anew. */
  sessionReady (contact: string): void { this.#ready.add(contact) }

  /** Inside a step: an outbound envelope gets another seal, so that to a relay it is another. */
  reseal (id: string): void {
    const { suite, sessions, contacts, outbox } = this.#state
    const outbound = outbox.get(id)
    const session = outbound && this.activeSession(outbound.contact)
    if (outbound === undefined || session === undefined || outbound.record.inner.length === 0) return
    const { contact, record } = outbound
    const sealed = encrypt(suite, this.#ports.random, session, record.body, bucketFor(session, record.body.length))
    sessions.put(sessionKey(contact, session.id), { account: contacts.get(contact)!.account, session: sealed.session })
    outbox.put(id, { ...outbound, record: { ...record, inner: sealed.inner, session: session.id } })
  }

  conversation (contact: string): ConversationRecord {
    return this.#state.conversations.get(contact) ?? emptyConversation(this.#state.contacts.get(contact)!.account)
  }

  /** The session that is sent in. */
  activeSession (contact: string): Session | undefined {
    const active = this.#state.contacts.get(contact)?.activeSession
    return active === undefined || active.length === 0
      ? undefined
      : this.#state.sessions.get(sessionKey(contact, active))?.session
  }

  #add (contact: string, waiting: Waiting): void {
    const list = this.#waiting.get(contact) ?? []
    list.push(waiting)
    this.#waiting.set(contact, list)
    this.#ledger.undoable(() => {
      list.pop()
      if (list.length === 0) this.#waiting.delete(contact)
    })
  }

  #sealAll (): void {
    for (const contact of this.#ready) {
      const session = this.activeSession(contact)
      if (session === undefined) continue
      const stored = [...this.#state.outboundOf(contact)].filter(({ record }) => !equal(record.session, session.id))
      const unsealed: Waiting[] = []
      for (const outbound of stored) {
        unsealed.push(...contentsOf(outbound.record.body))
        this.#state.outbox.delete(outbound.id)
      }
      if (unsealed.length > 0) this.#waiting.set(contact, [...unsealed, ...(this.#waiting.get(contact) ?? [])])
    }
    this.#ready.clear()
    for (const [contact, waiting] of this.#waiting) {
      const session = this.activeSession(contact)
      if (this.#state.contacts.get(contact) === undefined) continue
      if (session === undefined) this.#keepUnsealed(contact, waiting)
      else this.#seal(contact, session, waiting)
    }
    this.#waiting.clear()
  }

  #keepUnsealed (contact: string, waiting: Waiting[]): void {
    for (const one of waiting) this.#put(contact, joinContents([one.bytes]), [one], new Uint8Array(0), new Uint8Array(0))
  }

  #seal (contact: string, first: Session, waiting: Waiting[]): void {
    const { random } = this.#ports
    const { suite, sessions, contacts } = this.#state
    const account = contacts.get(contact)!.account
    let session = first
    let start = 0
    while (start < waiting.length) {
      const capacity = contentCapacity(session, defaults.packedEnvelopeBytesMax)
      let end = start
      let length = 0
      while (end < waiting.length) {
        const added = framedContentBytes(waiting[end]!.bytes)
        if (end > start && length + added > capacity) break
        length += added
        end++
      }
      const packed = waiting.slice(start, end)
      const body = joinContents(packed.map(one => one.bytes))
      const bucket = bucketFor(session, body.length)
      const sealed = encrypt(suite, random, session, body, bucket)
      session = sealed.session
      this.#put(contact, body, packed, sealed.inner, session.id)
      start = end
    }
    sessions.put(sessionKey(contact, session.id), { account, session })
  }

  #put (contact: string, body: Uint8Array, packed: Waiting[], inner: Uint8Array, session: Uint8Array): void {
    const now = this.#ports.clock.now()
    const conversation = this.conversation(contact)
    const sequence = conversation.outboxSequence + 1
    this.#state.conversations.put(contact, { ...conversation, outboxSequence: sequence })
    const numbered = packed.filter(one => one.counter > 0)
    const outbound: Outbound = {
      id: outboundId(contact, sequence),
      contact,
      first: numbered[0]?.counter ?? 0,
      last: numbered[numbered.length - 1]?.counter ?? 0,
      messageIds: packed.flatMap(one => one.messageId ?? []),
      record: { sequence, body, inner, createdAt: now, expiresAt: now + defaults.outboxLifetimeMs, storedAt: [], session }
    }
    this.#state.outbox.put(outbound.id, outbound)
    if (inner.length > 0) this.#ledger.effect(() => { this.#onSealed(outbound) })
  }
}

function emptyConversation (account: Uint8Array): ConversationRecord {
  return {
    account,
    counter: 0,
    previous: new Uint8Array(0),
    seen: [],
    readByPeer: 0,
    readThrough: 0,
    clockMs: 0,
    clockLogical: 0,
    heads: [],
    unread: 0,
    receiptDue: false,
    lastMessageAt: 0,
    outboxSequence: 0,
    theirPrevious: new Uint8Array(0),
    theirPreviousCounter: 0,
    formerSentUpdate: 0,
    formerRoutesSequence: 0
  }
}

function contentsOf (body: Uint8Array): Waiting[] {
  return splitBody(body).map(bytes => {
    const { counter, kind, id } = Content.decode(bytes)
    return { bytes, counter, messageId: counter > 0 && kind !== contentKinds.contactUpdate ? hex(id) : undefined }
  })
}

function bucketFor (session: Session, length: number): number {
  for (const bucket of envelopeBuckets) if (contentCapacity(session, bucket) >= length) return bucket
  throw new UsageError('TEXT_TOO_LARGE')
}
