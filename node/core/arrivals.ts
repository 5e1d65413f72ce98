/**
 * Contents of an envelope that was opened: freed of duplicates, put in order, stored. All in one commit
 * with the session's step.
 *
 * A number that was given twice, or a content that doesn't follow the one before it, shows that its sender
 * was set back. It isn't taken: the receipt shows the sender which history is known here, and it
 * comes again under another number, where its id tells whether it was shown.
 */
import { splitBody } from '../../protocol/body.ts'
import { concat, equal, toHex as hex } from '../../protocol/bytes.ts'
import { CryptoError, RemoteError, WireError } from '../../protocol/errors.ts'
import { contentKinds, messageIdBytes } from '../../protocol/limits.ts'
import type { Clock, Log } from '../../protocol/ports.ts'
import type { Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { decode } from '../../protocol/wire/decode.ts'
import { Content, ContactUpdate, Receipt, Text } from '../../protocol/wire/restante.js'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Way } from './api.ts'
import type { Contacts } from './contacts.ts'
import * as defaults from './defaults.ts'
import { indexKey } from './history.ts'
import type { KnownIds } from './known-ids.ts'
import type { Ledger } from './ledger.ts'
import type { Notices } from './notices.ts'
import { contentHash } from './own-chain.ts'
import { comparePositions, encodePosition, receivedPosition, type Position } from './position.ts'
import { contains, greatest } from './ranges.ts'
import type { Receipts } from './receipts.ts'
import { MessageRecord, type ConversationRecord, type HeadRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { withContent, type SeenRanges } from './seen-ranges.ts'
import { contactStates, isIdentityForked, type State } from './state.ts'
import type { Verification } from './verification.ts'

export interface ArrivalsPorts { clock: Clock, log: Log, suite: CryptoSuite }
export interface ArrivalsParts {
  acknowledgements: Acknowledgements
  contacts: Contacts
  notices: Notices
  receipts: Receipts
  sealing: Sealing
  verification: Verification
  /** Inside a step: a message with this id is here now. */
  onStored: (id: Uint8Array) => void
}

interface Arriving { contact: string, session: Session, known: KnownIds, isPresented: boolean }
type Fate = 'new' | 'duplicate' | 'refused'

/** Of contacts who settle it, this is long enough; of one who doesn't, what is missing is missing. */
const disputeMsMax = 10 * 60_000

export class Arrivals {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: ArrivalsPorts
  readonly #parts: ArrivalsParts
  /** Until when, monotonic ms. */
  readonly #disputes = new Map<string, number>()

  constructor (state: State, ledger: Ledger, ports: ArrivalsPorts, parts: ArrivalsParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  /**
   * Inside a step. isRefused: a part of it was; isNumbered: it has contents that are acknowledged. Throws
   * IdsWanted where it must be known first whether messages are here, CryptoError TOO_FAR_AHEAD, RemoteError
   * QUOTA and WireError.
   */
  take (contact: string, session: Session, body: Uint8Array, way: Way, known: KnownIds): { isRefused: boolean, isNumbered: boolean } {
    const contents = splitBody(body).map(bytes => ({ bytes, one: decode(Content, bytes, 'content') }))
    for (const { one } of contents) checkContent(one)
    // Once he is accepted, he hears what is missing and sends it again.
    const isStranger = contactStates[this.#state.contacts.get(contact)!.state] === 'request'
    if (isStranger && this.#parts.sealing.conversation(contact).unread >= defaults.requestMessagesMax) throw new RemoteError('QUOTA')
    // Its numbers are its own: those of the known identity would be used up by it.
    const isPresented = this.#parts.verification.isPresented(contact, session)
    const arriving: Arriving = { contact, session, known, isPresented }
    const fates = new Set<Fate>()
    for (const { one, bytes } of contents) {
      if (one.counter > 0) fates.add(this.#takeNumbered(arriving, one, bytes))
      // Nothing is sent to a presented identity that it could acknowledge.
      else if (one.kind === contentKinds.receipt && !isPresented) this.#parts.acknowledgements.arrived(contact, decode(Receipt, one.payload, 'receipt'))
    }
    known.assertComplete(contact)
    // Directly, the answer to the deposit says it; by relay, or where an answer may have been lost, a receipt must.
    const isReceiptDue = fates.size > 0 && !isPresented && (way === 'relay' || fates.has('duplicate') || fates.has('refused'))
    if (isReceiptDue) this.#parts.receipts.due(contact)
    this.#parts.contacts.heardFrom(contact, session, fates.has('new'))
    return { isRefused: fates.has('refused'), isNumbered: fates.size > 0 }
  }

  #takeNumbered (arriving: Arriving, content: Content, bytes: Uint8Array): Fate {
    const { contact, session, known, isPresented } = arriving
    const conversation = this.#parts.sealing.conversation(contact)
    const record = this.#state.contacts.get(contact)!
    const seenBefore = isPresented ? record.presentedSeen : conversation.seen
    // Under a number that was given up, what is under way from before may still come.
    const isGivenUp = !isPresented && content.counter <= conversation.theirFloor
    const isFirst = !contains(seenBefore, content.counter)
    if (isFirst) {
      const isOutOfPlace = !isGivenUp && this.#isOutOfPlace(contact, seenBefore, content)
      const seen = isOutOfPlace ? undefined : withContent(seenBefore, content, contentHash(this.#ports.suite, bytes))
      if (seen === undefined && !isGivenUp) return this.#refuse(arriving)
      if (content.voidFrom > 0) this.#disputes.delete(contact)
      // To join ranges over the limit would be to say, in a receipt, that what is missing between them came.
      if (seen !== undefined && seen.length > defaults.rangesMax) throw new CryptoError('TOO_FAR_AHEAD')
      if (seen !== undefined && isPresented) this.#state.contacts.put(contact, { ...record, presentedSeen: seen })
      else if (seen !== undefined) this.#state.conversations.put(contact, { ...conversation, seen, theirFloor: floorAfter(conversation, content) })
    }
    if (content.kind === contentKinds.contactUpdate) {
      this.#parts.contacts.updated(contact, decode(ContactUpdate, content.payload, 'contactUpdate'), session, isFirst)
      return isFirst ? 'new' : 'duplicate'
    }
    const isKnown = isFirst && !content.again && !isGivenUp ? false : known.isKnown(content.id)
    if (!isKnown && !isFirst && !isGivenUp) return this.#refuse(arriving)
    if (!isKnown) this.#store(contact, conversation, content)
    return isFirst || !isKnown ? 'new' : 'duplicate'
  }

  /**
   * Numbers of this contact were given twice. Until it gives new ones, nothing is taken over a gap: what is missing
   * there will come under later numbers, and would be shown after what was written after it.
   */
  dispute (contact: string): void {
    this.#disputes.set(contact, this.#ports.clock.monotonic() + disputeMsMax)
  }

  #isOutOfPlace (contact: string, seen: SeenRanges, { counter, voidFrom }: Content): boolean {
    const until = this.#disputes.get(contact)
    if (until === undefined || voidFrom > 0) return false
    return until > this.#ports.clock.monotonic() && !contains(seen, counter - 1)
  }

  #refuse ({ contact, session }: Arriving): Fate {
    this.#ports.log.warn('history-forked')
    // What is under way in other sessions may be from before it was settled.
    if (equal(session.id, this.#state.contacts.get(contact)!.activeSession)) this.dispute(contact)
    return 'refused'
  }

  /** `conversation`: as it was before this content was numbered. */
  #store (contact: string, conversation: ConversationRecord, content: Content): void {
    const now = this.#ports.clock.now()
    const parents = conversation.heads.filter(head => content.parents.some(parent => equal(parent, head.id)))
    const { theirLast } = conversation
    const claimed = { ms: content.clockMs, logical: content.clockLogical }
    // One that was given another number stands where its clock says: it may have been written before those that came.
    const isOvertaken = content.counter < greatest(conversation.seen) || content.again
    const position = receivedPosition(claimed, theirLast === undefined || isOvertaken ? parents : [...parents, theirLast], now, theirLast)
    const isLate = isOvertaken && (!content.again || (theirLast !== undefined && comparePositions(position, theirLast) < 0))
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
    this.#parts.onStored(content.id)
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
        type: 'message.received', messageId: hex(content.id), from, text, replyTo: undefined, sentAt, receivedAt: now, identityInDoubt
      })
    })
  }
}

/** Before anything is changed, so that a hostile content changes nothing. */
function checkContent (content: Content): void {
  if (content.counter === 0) return
  if (content.id.length !== messageIdBytes) throw new WireError('MALFORMED', `content.id: ${content.id.length} bytes, exactly ${messageIdBytes}`)
  if (!Number.isSafeInteger(content.counter) || !Number.isSafeInteger(content.clockMs) || !Number.isSafeInteger(content.sentAt)) {
    throw new WireError('MALFORMED', 'content: a number over 2^53')
  }
  if (content.voidFrom > content.counter) throw new WireError('MALFORMED', 'content.voidFrom: above its counter')
  if (content.kind === contentKinds.text) decode(Text, content.payload, 'text')
  if (content.kind === contentKinds.contactUpdate) decode(ContactUpdate, content.payload, 'contactUpdate')
}

/** Whatever has a number anew had a lower one before. */
function floorAfter ({ theirFloor }: ConversationRecord, { again, counter, voidFrom }: Content): number {
  return again || voidFrom > 0 ? Math.max(theirFloor, counter - 1) : theirFloor
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
