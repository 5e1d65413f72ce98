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
import { changeOf, checkPayload, isChange, wordsOf } from '../../protocol/content.ts'
import { CryptoError, RemoteError, WireError } from '../../protocol/errors.ts'
import { contentKinds, messageIdBytes } from '../../protocol/limits.ts'
import type { Clock, Log } from '../../protocol/ports.ts'
import type { Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { decode } from '../../protocol/wire/decode.ts'
import { Content, ContactUpdate, Receipt, Typing } from '../../protocol/wire/restante.js'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Way } from './api.ts'
import { looksOf, wasTaken } from './annotations.ts'
import type { Changes } from './changes.ts'
import { removedIdBytes, type Contacts } from './contacts.ts'
import * as defaults from './defaults.ts'
import { wayNumber } from './delivery.ts'
import type { Ledger } from './ledger.ts'
import type { Lookup, MessageRows } from './message-rows.ts'
import type { Notices } from './notices.ts'
import { contentHash } from './own-chain.ts'
import { comparePositions, encodePosition, receivedPosition, type Position } from './position.ts'
import { contains, greatest } from './ranges.ts'
import type { Receipts } from './receipts.ts'
import type { MessageRecord, ConversationRecord, HeadRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { withContent, type SeenRanges } from './seen-ranges.ts'
import { contactStates, isIdentityForked, type State } from './state.ts'
import type { Typing as TypingOfContacts } from './typing.ts'
import type { Verification } from './verification.ts'

export interface ArrivalsPorts { clock: Clock, log: Log, suite: CryptoSuite }
export interface ArrivalsParts {
  acknowledgements: Acknowledgements
  changes: Changes
  contacts: Contacts
  notices: Notices
  receipts: Receipts
  rows: MessageRows
  sealing: Sealing
  typing: TypingOfContacts
  verification: Verification
}

const none = new Uint8Array(0)

interface Arriving { contact: string, session: Session, way: Way, known: Lookup, isPresented: boolean }
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
   * Inside a step of MessageRows.with. isRefused: a part of it was; isNumbered: it has contents that are
   * acknowledged. Throws CryptoError TOO_FAR_AHEAD, RemoteError QUOTA and WireError.
   */
  take (contact: string, session: Session, body: Uint8Array, way: Way, known: Lookup): { isRefused: boolean, isNumbered: boolean } {
    const contents = splitBody(body).map(bytes => ({ bytes, one: decode(Content, bytes, 'content') }))
    for (const { one } of contents) checkContent(one)
    // Once he is accepted, he hears what is missing and sends it again.
    const isStranger = contactStates[this.#state.contacts.get(contact)!.state] === 'request'
    if (isStranger && this.#parts.sealing.conversation(contact).unread >= defaults.requestMessagesMax) throw new RemoteError('QUOTA')
    // Its numbers are its own: those of the known identity would be used up by it.
    const isPresented = this.#parts.verification.isPresented(contact, session)
    const arriving: Arriving = { contact, session, way, known, isPresented }
    const fates = new Set<Fate>()
    for (const { one, bytes } of contents) {
      if (one.counter > 0) fates.add(this.#takeNumbered(arriving, one, bytes))
      else if (one.kind === contentKinds.typing) this.#takeTyping(arriving, one.payload)
      // Nothing is sent to a presented identity that it could acknowledge.
      else if (one.kind === contentKinds.receipt && !isPresented) this.#parts.acknowledgements.arrived(contact, decode(Receipt, one.payload, 'receipt'))
    }
    known.assertComplete()
    // Directly, the answer to the deposit says it; by relay, or where an answer may have been lost, a receipt must.
    const isReceiptDue = fates.size > 0 && !isPresented && (way === 'relay' || fates.has('duplicate') || fates.has('refused'))
    if (isReceiptDue) this.#parts.receipts.due(contact)
    this.#parts.contacts.heardFrom(contact, session, fates.has('new'))
    return { isRefused: fates.has('refused'), isNumbered: fates.size > 0 }
  }

  /** By a relay it would come at any time, and say what is long over. */
  #takeTyping ({ contact, way, isPresented }: Arriving, payload: Uint8Array): void {
    const typing = decode(Typing, payload, 'typing')
    if (way === 'direct' && !isPresented) this.#parts.typing.heard(contact, typing)
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
    // What a contradicted identity says changes nothing of what the known one wrote.
    if (isChange(content.kind) && isPresented) return isFirst ? 'new' : 'duplicate'
    const isNew = isFirst && !content.again && !isGivenUp
    const isKnown = isChange(content.kind) ? this.#isChangeKnown(arriving, content) : !isNew && this.#isMessageKnown(arriving, content)
    if (!isKnown && !isFirst && !isGivenUp) return this.#refuse(arriving)
    if (!isKnown && isChange(content.kind)) this.#parts.changes.arrived(contact, content, known)
    else if (!isKnown) this.#store(arriving, conversation, content)
    return isFirst || !isKnown ? 'new' : 'duplicate'
  }

  /** True where it must be looked up first: the step ends then. */
  #isMessageKnown ({ contact, known }: Arriving, { id }: Content): boolean {
    const { account, removedIds } = this.#parts.sealing.conversation(contact)
    const found = known.found(account, id)
    return found === undefined || found.theirs !== undefined || isRemoved(removedIds, id)
  }

  /** The same for what says something of a message: its copies are told where that is kept. */
  #isChangeKnown ({ contact, known }: Arriving, { id, kind, payload }: Content): boolean {
    const { account } = this.#parts.sealing.conversation(contact)
    const found = known.found(account, changeOf(kind, payload)!.to)
    return found === undefined || (found.annotation !== undefined && wasTaken(found.annotation, id))
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
  #store ({ contact, way, known }: Arriving, conversation: ConversationRecord, content: Content): void {
    const { account } = conversation
    // Something was said of it before it came.
    const isAwaited = this.#parts.changes.isAwaited(contact, content.id)
    const found = isAwaited ? known.found(account, content.id) : undefined
    if (isAwaited && found === undefined) return
    const looks = looksOf(found?.annotation, 'theirs')
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
      payload: looks.deleted ? none : content.payload,
      sentAt,
      receivedAt: now,
      late: isLate,
      identityInDoubt,
      way: wayNumber(way),
      removed: false
    }
    this.#parts.rows.put(account, { key: concat(account, encodePosition(position, account, content.counter)), record })
    this.#state.conversations.put(contact, {
      ...this.#parts.sealing.conversation(contact),
      unread: conversation.unread + (looks.deleted ? 0 : 1),
      lastMessageAt: now,
      heads: mergeHeads(conversation.heads, content, position),
      ...(isLate ? {} : { theirLast: position }),
      ...(isNewest ? { clockMs: position.ms, clockLogical: position.logical } : {})
    })
    if (isAwaited) {
      this.#parts.changes.came(contact, content.id)
      this.#parts.changes.tell(contact, content.id)
    }
    if (contactStates[this.#state.contacts.get(contact)!.state] === 'blocked' || looks.deleted) return
    const words = wordsOf(content.kind, content.payload)
    const text = words === undefined ? '' : looks.text ?? words.text
    const replyTo = words?.replyTo && hex(words.replyTo)
    const from = this.#state.bech32Of(contact)
    this.#ledger.effect(() => {
      this.#parts.notices.tell({
        type: 'message.received', messageId: hex(content.id), from, text, replyTo, sentAt, receivedAt: now, identityInDoubt
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
  checkPayload(content.kind, content.payload)
  if (content.kind === contentKinds.contactUpdate) decode(ContactUpdate, content.payload, 'contactUpdate')
}

/** `removedIds`: of messages that were removed with their conversation, and must not come back as new. */
function isRemoved (removedIds: Uint8Array, id: Uint8Array): boolean {
  for (let at = 0; at < removedIds.length; at += removedIdBytes) {
    if (equal(removedIds.subarray(at, at + removedIdBytes), id.subarray(0, removedIdBytes))) return true
  }
  return false
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
