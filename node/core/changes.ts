/**
 * What contents say of messages, put into effect: reactions, edits and deletions, the contact's and this
 * account's. Which wins is in annotations.ts; here is who may say it, and what is kept of a message
 * that isn't here yet.
 */
import { concat, equal, toHex as hex } from '../../protocol/bytes.ts'
import { changeOf, type Change } from '../../protocol/content.ts'
import { codeOf } from '../../protocol/errors.ts'
import { messageIdBytes } from '../../protocol/limits.ts'
import type { Log } from '../../protocol/ports.ts'
import type { Content } from '../../protocol/wire/restante.js'
import { emptyAnnotation, looksOf, withChange, withTaken, type Side } from './annotations.ts'
import * as defaults from './defaults.ts'
import type { History } from './history.ts'
import type { Ledger } from './ledger.ts'
import type { Found, Lookup, MessageRow, MessageRows } from './message-rows.ts'
import type { Notices } from './notices.ts'
import type { AnnotationRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { contactStates, type State } from './state.ts'

export interface ChangesParts { rows: MessageRows, sealing: Sealing, history: History, notices: Notices }

const none = new Uint8Array(0)

export class Changes {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #log: Log
  readonly #parts: ChangesParts
  /** One after the other: a view that was read earlier is told earlier. */
  #telling: Promise<void> = Promise.resolve()

  constructor (state: State, ledger: Ledger, log: Log, parts: ChangesParts) {
    this.#state = state
    this.#ledger = ledger
    this.#log = log
    this.#parts = parts
  }

  /** Inside a step: a change of the contact's that was not here before. Its target was looked up. */
  arrived (contact: string, content: Content, known: Lookup): void {
    const { account } = this.#parts.sealing.conversation(contact)
    const change = changeOf(content.kind, content.payload)!
    const found = known.found(account, change.to)!
    const target = found.theirs ?? found.own
    if (target === undefined) this.#await(contact, change.to)
    const before = found.annotation ?? emptyAnnotation(change.to.slice())
    // Whoever wrote no message of this id has no say over its text: it is this account's. And what was deleted
    // here gets no text again.
    const isHis = !before.removed && (change.type === 'reaction' || target === undefined || found.theirs !== undefined)
    const changed = isHis ? withChange(before, 'theirs', change, content) : before
    const after = withTaken(changed, content.id)
    this.#parts.rows.putAnnotation(account, after)
    if (changed === before || target === undefined) return
    if (change.type === 'deletion') this.#empty(account, found.theirs)
    this.tell(contact, change.to)
  }

  /** Inside a step: what this account says of a message that is here, in `content`. */
  said (contact: string, change: Change, content: Content, found: Found): void {
    const { account } = this.#parts.sealing.conversation(contact)
    const before = found.annotation ?? emptyAnnotation(change.to)
    this.#parts.rows.putAnnotation(account, withChange(before, 'own', change, content))
    if (change.type === 'deletion') this.#empty(account, found.own)
    this.tell(contact, change.to)
  }

  /** Inside a step: it is not listed on this device any more, and has no text. */
  remove (contact: string, id: Uint8Array, found: Found): void {
    const { account, unread, readThrough } = this.#parts.sealing.conversation(contact)
    const before = found.annotation ?? emptyAnnotation(id)
    this.#parts.rows.putAnnotation(account, { ...before, ...withoutTexts(before), removed: true })
    for (const row of [found.own, found.theirs]) {
      if (row === undefined || row.record.removed) continue
      this.#parts.rows.put(account, { key: row.key, record: { ...row.record, payload: none, removed: true } })
    }
    const { theirs } = found
    if (theirs !== undefined && !looksOf(before, 'theirs').deleted && theirs.record.counter > readThrough && unread > 0) {
      this.#state.conversations.put(contact, { ...this.#parts.sealing.conversation(contact), unread: unread - 1 })
    }
    const conversation = this.#state.bech32Of(contact)
    this.#ledger.effect(() => { this.#parts.notices.tell({ type: 'message.removed', messageId: hex(id), with: conversation }) })
  }

  /** After the commit: listeners hear how the message looks now. */
  tell (contact: string, id: Uint8Array): void {
    const record = this.#state.contacts.get(contact)
    if (record === undefined || contactStates[record.state] === 'blocked') return
    const messageId = hex(id)
    this.#ledger.effect(() => {
      if (!this.#parts.notices.hasListeners) return
      this.#telling = this.#telling.then(async () => {
        const message = await this.#parts.history.one(contact, messageId)
        if (message !== undefined) this.#parts.notices.tell({ type: 'message.changed', message })
      }).catch((error: unknown) => { this.#log.warn('change-notice-failed', { code: codeOf(error) }) })
    })
  }

  /** Resolves when what happened until now was told. */
  async told (): Promise<void> { await this.#telling }

  // -- messages that are not here yet

  isAwaited (contact: string, id: Uint8Array): boolean {
    return indexIn(this.#state.conversations.get(contact)?.awaited ?? none, id) >= 0
  }

  /** Inside a step: it is here now. */
  came (contact: string, id: Uint8Array): void {
    const conversation = this.#parts.sealing.conversation(contact)
    this.#state.conversations.put(contact, { ...conversation, awaited: without(conversation.awaited, indexIn(conversation.awaited, id)) })
  }

  /** So many: a contact could go on for ever about messages that never come. The one that was waited for longest gives way. */
  #await (contact: string, id: Uint8Array): void {
    const conversation = this.#parts.sealing.conversation(contact)
    if (indexIn(conversation.awaited, id) >= 0) return
    let awaited = concat(conversation.awaited, id)
    if (awaited.length > defaults.awaitedMax * messageIdBytes) {
      this.#parts.rows.dropAnnotation(conversation.account, awaited.slice(0, messageIdBytes))
      awaited = awaited.slice(messageIdBytes)
    }
    this.#state.conversations.put(contact, { ...conversation, awaited })
  }

  #empty (account: Uint8Array, row: MessageRow | undefined): void {
    if (row !== undefined) this.#parts.rows.put(account, { key: row.key, record: { ...row.record, payload: none } })
  }
}

function withoutTexts (annotation: AnnotationRecord): Partial<AnnotationRecord> {
  const sides = (['own', 'theirs'] as const).filter((side: Side) => annotation[side] !== undefined)
  return Object.fromEntries(sides.map(side => [side, { ...annotation[side], text: '', emoji: '' }]))
}

/** In a list of ids. -1: it is not in it. */
function indexIn (ids: Uint8Array, id: Uint8Array): number {
  for (let at = 0; at < ids.length; at += messageIdBytes) {
    if (equal(ids.subarray(at, at + messageIdBytes), id)) return at
  }
  return -1
}

function without (ids: Uint8Array, at: number): Uint8Array {
  return at < 0 ? ids : concat(ids.subarray(0, at), ids.subarray(at + messageIdBytes))
}
