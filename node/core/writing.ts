/**
 * What this account's person does in a conversation: writes, answers, reacts, edits, deletes. Each is durable,
 * and on its way, when the call resolves.
 */
import { toHex as hex, unhex, utf8 } from '../../protocol/bytes.ts'
import { encodeChange, encodeWords, isEmoji, wordsOf, type Change } from '../../protocol/content.ts'
import { UsageError } from '../../protocol/errors.ts'
import { emojiBytesMax, textBytesMax } from '../../protocol/limits.ts'
import type { Clock } from '../../protocol/ports.ts'
import { looksOf } from './annotations.ts'
import type { Changes } from './changes.ts'
import type { Contacts } from './contacts.ts'
import type { Ledger } from './ledger.ts'
import type { Found, Lookup, MessageRows } from './message-rows.ts'
import type { Notices } from './notices.ts'
import { ownMessageRow } from './own-messages.ts'
import type { Renewals } from './renewals.ts'
import type { Sealing } from './sealing.ts'
import { contactStates, isIdentityForked, type State } from './state.ts'

export interface WritingParts {
  changes: Changes, contacts: Contacts, notices: Notices, renewals: Renewals, rows: MessageRows, sealing: Sealing
}

export class Writing {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #parts: WritingParts

  constructor (state: State, ledger: Ledger, clock: Clock, parts: WritingParts) {
    this.#state = state
    this.#ledger = ledger
    this.#clock = clock
    this.#parts = parts
  }

  async text (contact: string, given: string, replyTo: string | undefined): Promise<string> {
    const text = checkText(given)
    const to = replyTo === undefined ? undefined : idOf(replyTo)
    return await this.#write(contact, known => {
      if (to !== undefined && this.#find(contact, to, known) === undefined) return ''
      this.#mayWrite(contact)
      return this.#queue(contact, encodeWords({ text, replyTo: to }))
    })
  }

  async react (contact: string, messageId: string, emoji: string | undefined): Promise<void> {
    if (emoji !== undefined && !isEmoji(emoji)) throw new UsageError('USAGE', `emoji: exactly one, at most ${emojiBytesMax} bytes of UTF-8`)
    await this.#change(contact, { type: 'reaction', to: idOf(messageId), emoji: emoji ?? '' }, found => {
      if (looksOf(found.annotation, authorOf(found)).deleted) throw new UsageError('MESSAGE_DELETED')
      return (found.annotation?.own?.emoji ?? '') !== (emoji ?? '')
    })
  }

  async edit (contact: string, messageId: string, given: string): Promise<void> {
    const text = checkText(given)
    await this.#change(contact, { type: 'edit', to: idOf(messageId), text }, found => {
      if (found.own === undefined) throw new UsageError('NOT_OWN_MESSAGE')
      const looks = looksOf(found.annotation, 'own')
      if (looks.deleted) throw new UsageError('MESSAGE_DELETED')
      const { kind, payload } = found.own.record
      return (looks.text ?? wordsOf(kind, payload)?.text) !== text
    })
  }

  async delete (contact: string, messageId: string, forEveryone: boolean): Promise<void> {
    const id = idOf(messageId)
    if (!forEveryone) {
      await this.#parts.rows.with(known => {
        const found = this.#find(contact, id, known)
        if (found !== undefined) this.#parts.changes.remove(contact, id, found)
      })
      return
    }
    await this.#change(contact, { type: 'deletion', to: id }, found => {
      if (found.own === undefined) throw new UsageError('NOT_OWN_MESSAGE')
      return !looksOf(found.annotation, 'own').deleted
    })
  }

  /** `isNews`: false where it says what is so already; throws where it may not be said. */
  async #change (contact: string, change: Change, isNews: (found: Found) => boolean): Promise<void> {
    await this.#write(contact, known => {
      const found = this.#find(contact, change.to, known)
      if (found === undefined || !isNews(found)) return
      this.#mayWrite(contact)
      const { kind, payload } = encodeChange(change)
      this.#parts.changes.said(contact, change, this.#parts.sealing.queue(contact, kind, payload), found)
    })
  }

  async #write<R> (contact: string, step: (known: Lookup) => R): Promise<R> {
    const result = await this.#parts.rows.with(step)
    if (this.#parts.sealing.activeSession(contact) === undefined) await this.#ledger.step(() => { this.#parts.renewals.wanted(contact) })
    return result
  }

  /** Undefined: not looked up yet, and the step is run again. Throws UNKNOWN_MESSAGE. */
  #find (contact: string, id: Uint8Array, known: Lookup): Found | undefined {
    const record = this.#state.contacts.get(contact)
    if (record === undefined) throw new UsageError('UNKNOWN_CONTACT')
    const found = known.found(record.account, id)
    if (found === undefined) return undefined
    const isHere = found.own !== undefined || found.theirs !== undefined
    if (!isHere || found.annotation?.removed === true) throw new UsageError('UNKNOWN_MESSAGE')
    return found
  }

  #mayWrite (contact: string): void {
    const record = this.#state.contacts.get(contact)
    if (record === undefined) throw new UsageError('UNKNOWN_CONTACT')
    if (contactStates[record.state] === 'blocked') throw new UsageError('CONTACT_BLOCKED')
    if (isIdentityForked(record)) throw new UsageError('IDENTITY_CHANGED')
    if (record.failure !== '') throw new UsageError('INVITE_EXPIRED')
    // Whoever answers a stranger accepts him.
    if (contactStates[record.state] === 'request') this.#parts.contacts.accept(contact)
  }

  #queue (contact: string, { kind, payload }: { kind: number, payload: Uint8Array }): string {
    const account = this.#state.account!
    const content = this.#parts.sealing.queue(contact, kind, payload)
    const now = this.#clock.now()
    const conversation = this.#parts.sealing.conversation(contact)
    this.#parts.rows.put(conversation.account, ownMessageRow({ own: account.account, contact: conversation.account }, content, now))
    this.#state.conversations.put(contact, { ...conversation, lastMessageAt: now })
    const messageId = hex(content.id)
    this.#ledger.effect(() => {
      const to = this.#state.bech32Of(contact)
      const of = this.#state.contacts.get(contact)?.routes.filter(route => !route.device).length ?? 0
      this.#parts.notices.tell({ type: 'message.state', messageId, to, state: 'queued', way: undefined, storedBy: 0, of, until: undefined, reason: undefined })
    })
    return messageId
  }
}

/** Whose text it is: of an id that both gave, this account's (spec 06 §Changes). */
function authorOf (found: Found): 'own' | 'theirs' { return found.own === undefined ? 'theirs' : 'own' }

function idOf (messageId: string): Uint8Array {
  if (!/^[0-9a-f]{32}$/.test(messageId)) throw new UsageError('UNKNOWN_MESSAGE')
  return unhex(messageId)
}

function checkText (given: string): string {
  // A lone surrogate is no UTF-8, and the recipient would refuse the whole envelope.
  const text = given.toWellFormed()
  if (text === '') throw new UsageError('USAGE', 'An empty text is not sent.')
  // Every UTF-16 unit is at most three bytes: most texts need no counting.
  if (text.length > textBytesMax / 3 && utf8(text).length > textBytesMax) throw new UsageError('TEXT_TOO_LARGE')
  return text
}
