/**
 * From contents to outbound envelopes: what waits for one contact is packed together and sealed in
 * its session, inside the commit of the events that queued it.
 *
 * Packing is what makes bursts cheap: one ratchet step, one padding bucket and one deposit for all
 * that fits. Delivery of the envelopes is the outbox's.
 */
import { framedContentBytes, joinContents, splitBody } from '../../protocol/body.ts'
import { equal, toHex as hex } from '../../protocol/bytes.ts'
import { UsageError } from '../../protocol/errors.ts'
import { changeOf, isMessage } from '../../protocol/content.ts'
import { contentKinds, envelopeBuckets, messageIdBytes } from '../../protocol/limits.ts'
import type { Clock, Random } from '../../protocol/ports.ts'
import { contentCapacity, encrypt, type Session } from '../../protocol/session.ts'
import { Content } from '../../protocol/wire/restante.js'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import { contentHash, OwnChain } from './own-chain.ts'
import type { MessageRows } from './message-rows.ts'
import { ownMessageKey, ownMessageRow } from './own-messages.ts'
import { nextPosition } from './position.ts'
import type { ConversationRecord } from './records.js'
import { outboundId, sessionKey, type Outbound, type State } from './state.ts'

interface Waiting { bytes: Uint8Array, counter: number, messageId: string | undefined }

/** What a content says before it has a number. */
type Unnumbered = Omit<Content, 'counter' | 'previous' | 'voidFrom' | 'conversation'>

const none = new Uint8Array(0)

export interface SealingPorts { clock: Clock, random: Random }
export interface SealingListeners {
  onSealed: (outbound: Outbound) => void
  /** A receipt is not on its way by itself any more, and another may be due. */
  onReceiptGone: (contact: string) => void
}

export class Sealing {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #rows: MessageRows
  readonly #ports: SealingPorts
  readonly #listeners: SealingListeners
  readonly #waiting = new Map<string, Waiting[]>()
  /** Contacts whose stored contents are to be sealed in the session in use, if they are not. */
  readonly #ready = new Set<string>()
  readonly ownChain: OwnChain

  constructor (state: State, ledger: Ledger, rows: MessageRows, ports: SealingPorts, listeners: SealingListeners) {
    this.#state = state
    this.#ledger = ledger
    this.#rows = rows
    this.#ports = ports
    this.#listeners = listeners
    this.ownChain = new OwnChain(state)
    ledger.beforeCommit(() => { this.#sealAll() })
  }

  /** Inside a step: a numbered content for this contact, as it will be sent. */
  queue (contact: string, kind: number, payload: Uint8Array): Content {
    const { clock, random } = this.#ports
    const conversation = this.conversation(contact)
    const now = clock.now()
    const greatest = { ms: conversation.clockMs, logical: conversation.clockLogical }
    const position = nextPosition(greatest, now)
    const id = random.bytes(messageIdBytes)
    // The own message before is a parent without being named: `previous` binds it.
    const parents = conversation.heads.filter(head => !head.own).slice(-3).map(head => head.id)
    const sentAt = Math.floor(now) === position.ms ? 0 : Math.floor(now)
    const unnumbered = { id, clockMs: position.ms, clockLogical: position.logical, sentAt, parents, kind, payload, again: false }
    return this.#number(contact, unnumbered, {
      clockMs: position.ms,
      clockLogical: position.logical,
      heads: isMessage(kind) ? [{ id, ...position, own: true }] : conversation.heads
    })
  }

  /** Gives it the next number, and lets it wait. `changes`: what else it changes in the conversation. */
  #number (contact: string, unnumbered: Unnumbered, changes: Partial<ConversationRecord>): Content {
    const conversation = this.conversation(contact)
    const { voidFrom } = conversation
    const counter = conversation.counter + 1
    const content: Content = {
      ...unnumbered,
      counter,
      // What stands under the number before, if anything, is not of this history.
      previous: voidFrom > 0 ? none : conversation.previous,
      conversation: none,
      voidFrom
    }
    const bytes = Content.encode(content)
    const previous = contentHash(this.#state.suite, bytes)
    this.#state.conversations.put(contact, { ...conversation, ...changes, counter, previous, voidFrom: 0 })
    this.ownChain.note(contact, counter, previous)
    this.#add(contact, { bytes, counter, messageId: isMessage(content.kind) ? hex(content.id) : undefined })
    return content
  }

  /**
   * Inside a step: this profile was set back, and the recipient has contents under numbers that were
   * given twice. What waits gets new ones, above `floor`: `voidFrom` is the first of those below them
   * under which nothing will come any more. What is said of this account itself is left out, to be said anew.
   */
  renumber (contact: string, { floor, voidFrom }: { floor: number, voidFrom: number }): void {
    const stored = [...this.#state.outboundOf(contact)]
    const before = this.#waiting.get(contact)
    const contents = [...stored.flatMap(({ record }) => contentsOf(record.body)), ...(before ?? [])]
    for (const outbound of stored) this.#takeOut(outbound)
    this.#waiting.delete(contact)
    this.#ledger.undoable(() => {
      if (before === undefined) this.#waiting.delete(contact)
      else this.#waiting.set(contact, before)
    })
    this.ownChain.forget(contact)
    this.#state.conversations.put(contact, { ...this.conversation(contact), counter: floor, floor, voidFrom, previous: none })
    const parties = { own: this.#state.account!.account, contact: this.#state.contacts.get(contact)!.account }
    // The text of a message that was deleted before it was delivered stays in the outbox only.
    const withdrawn = new Set(contents.flatMap(({ bytes }) => withdrawnBy(Content.decode(bytes))))
    for (const { bytes } of contents) {
      const former = Content.decode(bytes)
      if (former.counter === 0 || former.kind === contentKinds.contactUpdate) continue
      const content = this.#number(contact, { ...former, again: true }, {})
      if (!isMessage(former.kind)) continue
      this.#rows.drop(ownMessageKey(parties, former))
      const at = former.sentAt === 0 ? former.clockMs : former.sentAt
      const isWithdrawn = withdrawn.has(hex(former.id))
      this.#rows.put(parties.contact, ownMessageRow(parties, isWithdrawn ? { ...content, payload: none } : content, at))
    }
  }

  /** Inside a step: a content without a number, which nobody acknowledges. */
  queueReceipt (contact: string, payload: Uint8Array): void {
    const bytes = Content.encode({ kind: contentKinds.receipt, payload })
    this.#add(contact, { bytes, counter: 0, messageId: undefined })
  }

  /**
   * Inside a step: the inner of a content without a number that is sent now or never, and kept nowhere. Undefined: no
   * session in which both have spoken.
   */
  sealAside (contact: string, kind: number, payload: Uint8Array): Uint8Array | undefined {
    const { suite, sessions, contacts } = this.#state
    const session = this.activeSession(contact)
    if (session === undefined || (session.initiator && !session.confirmed)) return undefined
    const body = joinContents([Content.encode({ kind, payload })])
    const sealed = encrypt(suite, this.#ports.random, session, body, bucketFor(session, body.length))
    sessions.put(sessionKey(contact, session.id), { account: contacts.get(contact)!.account, session: sealed.session })
    return sealed.inner
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
        this.#takeOut(outbound)
      }
      // Receipts first, and a new one in place of those that waited: who was set back must hear what is here.
      const waiting = this.#waiting.get(contact) ?? []
      const receipts = waiting.filter(isReceipt)
      const numbered = [...unsealed, ...waiting].filter(one => !isReceipt(one))
      const all = [...(receipts.length > 0 ? receipts : unsealed.filter(isReceipt)), ...numbered]
      if (all.length > 0) this.#waiting.set(contact, all)
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

  #takeOut ({ id, contact, first }: Outbound): void {
    this.#state.outbox.delete(id)
    if (first === 0) this.#ledger.effect(() => { this.#listeners.onReceiptGone(contact) })
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
    if (!session.initiator) this.#strengthen(contact, session)
  }

  /**
   * What was sealed here brings the other side a ratchet key that was drawn for it: prekeys that more
   * than one session was begun with protect nothing that follows.
   */
  #strengthen (contact: string, { id }: Session): void {
    const record = this.#state.contacts.get(contact)!
    if (!record.sessionDevices.some(entry => entry.weak && equal(entry.session, id))) return
    const sessionDevices = record.sessionDevices.map(entry => equal(entry.session, id) ? { ...entry, weak: false } : entry)
    this.#state.contacts.put(contact, { ...record, sessionDevices })
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
    if (inner.length > 0) this.#ledger.effect(() => { this.#listeners.onSealed(outbound) })
  }
}

function emptyConversation (account: Uint8Array): ConversationRecord {
  return {
    account,
    counter: 0,
    previous: none,
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
    formerSentUpdate: 0,
    formerRoutesSequence: 0,
    floor: 0,
    voidFrom: 0,
    taken: none,
    takenPages: 0,
    removedIds: none,
    removedAt: 0,
    theirFloor: 0,
    awaited: none
  }
}

function withdrawnBy ({ kind, payload }: Content): string[] {
  return kind === contentKinds.deletion ? [hex(changeOf(kind, payload)!.to)] : []
}

function isReceipt (waiting: Waiting): boolean { return waiting.counter === 0 }

function contentsOf (body: Uint8Array): Waiting[] {
  return splitBody(body).map(bytes => {
    const { counter, kind, id } = Content.decode(bytes)
    return { bytes, counter, messageId: counter > 0 && isMessage(kind) ? hex(id) : undefined }
  })
}

function bucketFor (session: Session, length: number): number {
  for (const bucket of envelopeBuckets) if (contentCapacity(session, bucket) >= length) return bucket
  throw new UsageError('TEXT_TOO_LARGE')
}
