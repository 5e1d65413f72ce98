/**
 * Envelopes that come in, whatever the way: opened, freed of duplicates, put in order, stored, and
 * only then acknowledged.
 *
 * Transport delivers at least once. Used-up message keys, and counters of what is stored, make it
 * exactly once for the person; ratchet, message and duplicates' index change in one commit.
 */
import { splitBody } from '../../protocol/body.ts'
import { concat, equal, toHex as hex } from '../../protocol/bytes.ts'
import { unwrapEnvelope } from '../../protocol/envelope.ts'
import { CryptoError, RemoteError, WireError } from '../../protocol/errors.ts'
import { labels } from '../../protocol/labels.ts'
import { contentKinds, messageIdBytes } from '../../protocol/limits.ts'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import { decrypt, handshakeTag, type Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { decode } from '../../protocol/wire/decode.ts'
import { Content, ContactUpdate, Receipt, Text } from '../../protocol/wire/restante.js'
import type { Way } from './api.ts'
import type { Contacts } from './contacts.ts'
import * as defaults from './defaults.ts'
import type { Gaps } from './gaps.ts'
import type { Ledger } from './ledger.ts'
import type { Notices } from './notices.ts'
import type { Outbox } from './outbox.ts'
import { comparePositions, encodePosition, receivedPosition, type Position } from './position.ts'
import { indexKey } from './history.ts'
import { add, contains, greatest } from './ranges.ts'
import type { Receipts } from './receipts.ts'
import { MessageRecord, type ConversationRecord, type HeadRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { contactStates, isIdentityForked, sessionKey, type Recipient, type State } from './state.ts'
import type { Verification } from './verification.ts'

export interface InboxPorts { clock: Clock, random: Random, log: Log, suite: CryptoSuite }
export interface InboxParts {
  contacts: Contacts
  outbox: Outbox
  gaps: Gaps
  receipts: Receipts
  sealing: Sealing
  notices: Notices
  verification: Verification
}

export class Inbox {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: InboxPorts
  readonly #parts: InboxParts

  constructor (state: State, ledger: Ledger, ports: InboxPorts, parts: InboxParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  /**
   * Resolves when the envelope's contents are durable here, or were before. Rejects with RemoteError
   * UNKNOWN_ADDRESS, CryptoError or WireError where nothing of it is of use, and with StoreError.
   */
  async receive (addressHash: Uint8Array, envelope: Uint8Array, way: Way): Promise<{ isDuplicate: boolean }> {
    return await this.#ledger.step(() => {
      const recipient = this.#state.recipient(addressHash)
      if (recipient === undefined) throw new RemoteError('UNKNOWN_ADDRESS')
      const inner = unwrapEnvelope(this.#ports.suite, recipient.grant, envelope)
      if (inner === undefined) throw new CryptoError('AUTHENTICATION_FAILED')
      try {
        this.#open(recipient, inner, way)
        return { isDuplicate: false }
      } catch (error) {
        if (!(error instanceof CryptoError) || error.code !== 'REPLAYED') throw error
        // Its contents are stored; the receipt for them was perhaps lost.
        if (recipient.kind === 'contact' && way === 'relay') this.#parts.receipts.due(recipient.contact)
        return { isDuplicate: true }
      }
    })
  }

  #open (recipient: Recipient, inner: Uint8Array, way: Way): void {
    const tag = handshakeTag(inner)
    if (tag !== undefined) {
      this.#openHandshake(recipient, inner, tag, way)
      return
    }
    // At an invite's address only those who are not contacts yet are heard.
    if (recipient.kind === 'invite') throw new CryptoError('AUTHENTICATION_FAILED')
    const { contact } = recipient
    const active = this.#parts.sealing.activeSession(contact)
    const sessions = this.#state.sessionsOf(contact)
    const ordered = active === undefined ? sessions : [active, ...sessions.filter(session => session !== active)]
    for (const session of ordered) {
      const opened = this.#tryOpen(session, inner)
      if (opened === undefined) continue
      this.#accepted(contact, session, opened, way)
      return
    }
    throw new CryptoError('AUTHENTICATION_FAILED')
  }

  #tryOpen (session: Session, inner: Uint8Array): { session: Session, content: Uint8Array } | undefined {
    try {
      return decrypt(this.#ports.suite, this.#ports.random, session, inner)
    } catch (error) {
      if (error instanceof CryptoError && error.code === 'AUTHENTICATION_FAILED') return undefined
      throw error
    }
  }

  #openHandshake (recipient: Recipient, inner: Uint8Array, tag: Uint8Array, way: Way): void {
    const known = this.#state.sessionOfHandshake(tag)
    if (known === undefined) {
      const { contact, content, session } = this.#parts.contacts.knocked(recipient, inner)
      this.#apply(contact, session, content, way)
      return
    }
    const { contact, session } = known
    // An invite's address stays open when one of those who came by it is blocked.
    if (contactStates[this.#state.contacts.get(contact)!.state] === 'blocked') throw new RemoteError('UNKNOWN_ADDRESS')
    this.#accepted(contact, session, decrypt(this.#ports.suite, this.#ports.random, session, inner), way)
  }

  #accepted (contact: string, before: Session, opened: { session: Session, content: Uint8Array }, way: Way): void {
    const account = this.#state.contacts.get(contact)!.account
    this.#state.sessions.put(sessionKey(contact, opened.session.id), { account, session: opened.session })
    if (!before.confirmed) this.#parts.contacts.confirmed(contact, opened.session)
    this.#apply(contact, opened.session, opened.content, way)
  }

  #apply (contact: string, session: Session, content: Uint8Array, way: Way): void {
    const contents = splitBody(content).map(bytes => ({ bytes, one: decode(Content, bytes, 'content') }))
    for (const { one } of contents) checkContent(one)
    // Once he is accepted, he hears what is missing and sends it again.
    const isStranger = contactStates[this.#state.contacts.get(contact)!.state] === 'request'
    if (isStranger && this.#parts.sealing.conversation(contact).unread >= defaults.requestMessagesMax) throw new RemoteError('QUOTA')
    // Its numbers are its own: those of the known identity would be used up by it.
    const isPresented = this.#parts.verification.isPresented(contact, session)
    let isNew = false
    let isReceiptDue = false
    for (const { one, bytes } of contents) {
      if (one.counter === 0) {
        if (one.kind === contentKinds.receipt) this.#applyReceipt(contact, decode(Receipt, one.payload, 'receipt'))
        continue
      }
      isReceiptDue = !isPresented
      const conversation = this.#parts.sealing.conversation(contact)
      const record = this.#state.contacts.get(contact)!
      const seenBefore = isPresented ? record.presentedSeen : conversation.seen
      const isFirst = !contains(seenBefore, one.counter)
      if (isFirst) {
        isNew = true
        const seen = [...add(seenBefore, one.counter)]
        // To join ranges over the limit would be to say, in a receipt, that what is missing between them came.
        if (seen.length > defaults.rangesMax) throw new CryptoError('TOO_FAR_AHEAD')
        if (isPresented) this.#state.contacts.put(contact, { ...record, presentedSeen: seen })
        else this.#number(contact, conversation, seen, one, bytes)
      }
      if (one.kind === contentKinds.contactUpdate) {
        this.#parts.contacts.updated(contact, decode(ContactUpdate, one.payload, 'contactUpdate'), session, isFirst)
      } else if (isFirst) {
        this.#store(contact, conversation, one)
      }
    }
    // Directly, the answer to the deposit says it; by relay, or where an answer may have been lost, a receipt must.
    if (isReceiptDue && (way === 'relay' || !isNew)) this.#parts.receipts.due(contact)
    if (isNew) this.#parts.contacts.heardFrom(contact, session)
  }

  #number (
    contact: string, conversation: ConversationRecord, seen: ConversationRecord['seen'], content: Content, bytes: Uint8Array
  ): void {
    this.#checkChain(conversation, content)
    this.#state.conversations.put(contact, { ...conversation, seen, ...this.#chain(conversation, content, bytes) })
  }

  /** `conversation`: as it was before this content was numbered. */
  #store (contact: string, conversation: ConversationRecord, content: Content): void {
    const now = this.#ports.clock.now()
    const parents = conversation.heads.filter(head => content.parents.some(parent => equal(parent, head.id)))
    const { theirLast } = conversation
    const isLate = content.counter < greatest(conversation.seen)
    const claimed = { ms: content.clockMs, logical: content.clockLogical }
    const position = receivedPosition(claimed, theirLast === undefined || isLate ? parents : [...parents, theirLast], now, theirLast)
    const last: Position = { ms: conversation.clockMs, logical: conversation.clockLogical }
    const isNewest = comparePositions(position, last) > 0
    const sentAt = content.sentAt === 0 ? content.clockMs : content.sentAt
    const identityInDoubt = isIdentityForked(this.#state.contacts.get(contact)!)
    const record: MessageRecord = {
      id: content.id,
      own: false,
      counter: content.counter,
      kind: content.kind,
      payload: content.payload,
      sentAt,
      receivedAt: now,
      late: isLate,
      identityInDoubt
    }
    const { account } = conversation
    const order = encodePosition(position, account, content.counter)
    this.#ledger.write('message', concat(account, order), MessageRecord.encode(record))
    this.#ledger.write('messageIndex', indexKey(account, record), concat(account, order))
    this.#state.conversations.put(contact, {
      ...this.#parts.sealing.conversation(contact),
      unread: conversation.unread + 1,
      lastMessageAt: now,
      heads: mergeHeads(conversation.heads, content, position),
      ...(isLate ? {} : { theirLast: position }),
      ...(isNewest ? { clockMs: position.ms, clockLogical: position.logical } : {})
    })
    if (contactStates[this.#state.contacts.get(contact)!.state] === 'blocked') return
    const text = content.kind === contentKinds.text ? decode(Text, content.payload, 'text').text : ''
    const from = this.#state.bech32Of(contact)
    this.#ledger.effect(() => {
      this.#parts.notices.tell({
        type: 'message.received', messageId: hex(content.id), from, text, sentAt, receivedAt: now, identityInDoubt
      })
    })
  }

  /** The hash of the newest content in sequence, against which the next one is checked. */
  #chain (conversation: ConversationRecord, content: Content, bytes: Uint8Array): Partial<ConversationRecord> {
    if (content.counter <= conversation.theirPreviousCounter) return {}
    const hash = this.#ports.suite.sha256(concat(labels.contentChain, bytes))
    return { theirPrevious: hash.subarray(0, 16), theirPreviousCounter: content.counter }
  }

  /** A device that tells two stories (a rolled-back or cloned one) is noticed here; what it wrote is shown all the same. */
  #checkChain (conversation: ConversationRecord, content: Content): void {
    if (content.counter !== conversation.theirPreviousCounter + 1 || content.counter === 1) return
    if (!equal(content.previous, conversation.theirPrevious)) this.#ports.log.warn('history-forked')
  }

  #applyReceipt (contact: string, receipt: Receipt): void {
    const conversation = this.#parts.sealing.conversation(contact)
    const delivered = receipt.delivered.filter(range => range.first > 0 && range.first <= range.last)
    this.#parts.outbox.receiptArrived(contact, delivered)
    this.#parts.gaps.receiptArrived(contact, delivered)
    const readByPeer = Math.min(receipt.readThrough, conversation.counter)
    if (readByPeer <= conversation.readByPeer) return
    this.#state.conversations.put(contact, { ...this.#parts.sealing.conversation(contact), readByPeer })
    this.#parts.receipts.readByPeer(contact, conversation.readByPeer, readByPeer)
  }
}

/** Before anything is changed, so that a hostile content changes nothing. */
function checkContent (content: Content): void {
  if (content.counter === 0) return
  if (content.id.length !== messageIdBytes) throw new WireError('MALFORMED', `content.id: ${content.id.length} bytes, exactly ${messageIdBytes}`)
  if (!Number.isSafeInteger(content.counter) || !Number.isSafeInteger(content.clockMs) || !Number.isSafeInteger(content.sentAt)) {
    throw new WireError('MALFORMED', 'content: a number over 2^53')
  }
  if (content.kind === contentKinds.text) decode(Text, content.payload, 'text')
  if (content.kind === contentKinds.contactUpdate) decode(ContactUpdate, content.payload, 'contactUpdate')
}

function mergeHeads (heads: HeadRecord[], content: Content, position: Position): HeadRecord[] {
  const kept = heads.filter(head => head.own || !isBefore(head, position))
    .filter(head => !content.parents.some(parent => equal(parent, head.id)))
  // A copy: the id is a view into all that came with it.
  return [...kept, { id: content.id.slice(), ...position, own: false }].slice(-defaults.headsMax)
}

/** Their newer message stands for their older ones. */
function isBefore (head: HeadRecord, position: Position): boolean {
  return comparePositions(head, position) < 0
}
