/** Reading what was written: messages of a conversation with their states, oldest first. */
import { concat, equal, toHex as hex, unhex } from '../../protocol/bytes.ts'
import { StoreError, UsageError } from '../../protocol/errors.ts'
import { wordsOf } from '../../protocol/content.ts'
import { accountIdBytes, messageIdBytes } from '../../protocol/limits.ts'
import { looksOf } from './annotations.ts'
import type { DeliveryView, MessageDetails, MessageView } from './api.ts'
import * as defaults from './defaults.ts'
import { copiesOf, statesOf } from './details.ts'
import { countersPerEnvelopeMax, deliveryKey, deliveryView, openDelivery, relayRoutes, wayOf, type KeptDelivery } from './delivery.ts'
import { annotationKey, indexKey, type MessageRows } from './message-rows.ts'
import type { Entry, Store } from './ports.ts'
import { missingBetween } from './ranges.ts'
import { MessageRecord, ReadMarkRecord, type AnnotationRecord } from './records.js'
import type { Outbound, State } from './state.ts'

const queued: DeliveryView = { state: 'queued', way: undefined, storedBy: 0, of: 0, until: undefined, reason: undefined }

export interface Found { contact: string, key: Uint8Array, record: MessageRecord }

interface Listed { key: Uint8Array, record: MessageRecord, annotation: AnnotationRecord | undefined }

export class History {
  readonly #state: State
  readonly #store: Store
  readonly #rows: MessageRows

  constructor (state: State, store: Store, rows: MessageRows) {
    this.#state = state
    this.#store = store
    this.#rows = rows
  }

  async list (contact: string, options: { limit?: number, before?: string }): Promise<MessageView[]> {
    const limit = options.limit ?? defaults.listLimit
    if (!Number.isInteger(limit) || limit < 1 || limit > defaults.listLimitMax) {
      throw new UsageError('USAGE', `limit: a whole number from 1 to ${defaults.listLimitMax}`)
    }
    const { account } = this.#state.contacts.get(contact)!
    const before = options.before === undefined ? undefined : (await this.find(options.before, contact)).key
    const listed = await this.#last(account, before ?? scopeEnd(account), limit)
    const own = listed.map(({ record }) => record).filter(record => record.own).map(record => record.counter)
    const kept = own.length === 0 ? [] : await this.#deliveries(account, Math.min(...own), Math.max(...own))
    const pending = [...this.#state.outboundOf(contact)]
    const missing = await this.#missing(contact, listed)
    return listed.map(one => this.#view(contact, one, { pending, kept, missing: missing.get(one) ?? 0 }))
  }

  /** Oldest first; those that were deleted on this device are passed over. */
  async #last (account: Uint8Array, before: Uint8Array, limit: number): Promise<Listed[]> {
    const pages: Listed[][] = []
    let end = before
    for (let left = limit; left > 0;) {
      const entries = await this.#store.scan('message', { scope: account, gte: account, lt: end, reverse: true, limit: left })
      const records = entries.map(entry => MessageRecord.decode(entry.value))
      const annotations = await this.#rows.annotations(account, records.map(({ id }) => id))
      const page = records.map((record, i) => ({ key: entries[i]!.key, record, annotation: annotations[i] })).filter(one => !isRemoved(one))
      pages.unshift(page.reverse())
      if (entries.length < left) break
      left -= page.length
      end = entries[entries.length - 1]!.key
    }
    return pages.flat()
  }

  /** As `list` would have it. Undefined: it is not here any more. */
  async one (contact: string, messageId: string): Promise<MessageView | undefined> {
    const account = this.#state.contacts.get(contact)?.account
    const id = unhex(messageId)
    if (account === undefined) return undefined
    const [annotation] = await this.#rows.annotations(account, [id])
    const keys = [indexKey(undefined, { id, own: true }), indexKey(account, { id, own: false })]
    const rows = await this.#store.follow('messageIndex', keys)
    const entry = rows.find(row => row !== undefined && equal(row.key.subarray(0, account.length), account))
    if (entry === undefined) return undefined
    const { key } = entry
    const record = MessageRecord.decode(entry.value)
    const listed = { key, record, annotation }
    if (isRemoved(listed)) return undefined
    const kept = record.own ? await this.#deliveries(account, record.counter, record.counter) : []
    const missing = (await this.#missing(contact, [listed])).get(listed) ?? 0
    return this.#view(contact, listed, { pending: [...this.#state.outboundOf(contact)], kept, missing })
  }

  async delivery (messageId: string): Promise<DeliveryView | undefined> {
    const { contact, record } = await this.find(messageId)
    if (!record.own) return undefined
    const kept = await this.#deliveries(this.#state.contacts.get(contact)!.account, record.counter, record.counter)
    return this.#delivery(contact, record, [...this.#state.outboundOf(contact)], kept)
  }

  /** Throws UNKNOWN_MESSAGE. */
  async details (messageId: string): Promise<MessageDetails> {
    const { contact, key, record } = await this.find(messageId)
    const { account } = this.#state.contacts.get(contact)!
    const [annotation] = await this.#rows.annotations(account, [record.id])
    if (isRemoved({ key, record, annotation })) throw new UsageError('UNKNOWN_MESSAGE')
    const { own, counter, sentAt, receivedAt, way } = record
    const { editedAt } = looksOf(annotation, own ? 'own' : 'theirs')
    const common = { messageId, with: this.#state.bech32Of(contact), own, sentAt, receivedAt, editedAt }
    if (!own) return { ...common, arrivedBy: wayOf(way), states: [], relays: [] }
    const kept = await this.#deliveries(account, counter, counter)
    const pending = [...this.#state.outboundOf(contact)]
    const settled = kept.find(isIn(counter))
    const [mark] = await this.#store.scan('readMark', {
      scope: account, gte: deliveryKey(account, counter), lt: scopeEnd(account), limit: 1
    })
    const travelled = {
      queuedAt: sentAt,
      view: this.#delivery(contact, record, pending, kept),
      storedAt: (settled ?? pending.find(isIn(counter))?.record)?.storedAt ?? [],
      settledAt: settled?.at,
      readAt: mark && ReadMarkRecord.decode(mark.value).at
    }
    const relays = relayRoutes(this.#state.contacts.get(contact))
    return { ...common, arrivedBy: undefined, states: statesOf(travelled), relays: copiesOf(travelled, relays) }
  }

  /** Throws UNKNOWN_MESSAGE. Without `contact` any conversation is meant. */
  async find (messageId: string, contact?: string): Promise<Found> {
    if (!/^[0-9a-f]{32}$/.test(messageId)) throw new UsageError('UNKNOWN_MESSAGE')
    const id = unhex(messageId)
    const [own] = await this.#store.follow('messageIndex', [indexKey(undefined, { id, own: true })])
    const entry = own ?? await this.#findTheirs(id, contact)
    if (entry === undefined) throw new UsageError('UNKNOWN_MESSAGE')
    const { key, value } = entry
    const found = hex(key.subarray(0, 32))
    if (contact !== undefined && found !== contact) throw new UsageError('UNKNOWN_MESSAGE')
    const record = MessageRecord.decode(value)
    if (hex(record.id) !== messageId) throw new StoreError('STORE_CORRUPT', 'An index entry points to another message.')
    return { contact: found, key, record }
  }

  async #findTheirs (id: Uint8Array, contact: string | undefined): Promise<Entry | undefined> {
    const accounts = contact === undefined ? [...this.#state.contacts.values()].map(({ account }) => account) : [unhex(contact)]
    const keys = accounts.map(account => indexKey(account, { id, own: false }))
    return (await this.#store.follow('messageIndex', keys)).find(entry => entry !== undefined)
  }

  /** Counter of the newest message of theirs at or before `key`, and how many of theirs come after it. */
  async readPoint (contact: string, key: Uint8Array): Promise<{ through: number, unread: number }> {
    const { account } = this.#state.contacts.get(contact)!
    const end = concat(key, Uint8Array.of(0))
    let through = 0
    const before = await this.#store.scan('message', { scope: account, gte: account, lt: end, reverse: true, limit: 256 })
    for (const { value } of before) {
      const record = MessageRecord.decode(value)
      if (!record.own) through = Math.max(through, record.counter)
    }
    const after = await this.#store.scan('message', { scope: account, gte: end, lt: scopeEnd(account) })
    const unread = after.filter(({ value }) => {
      const { own, removed } = MessageRecord.decode(value)
      return !own && !removed
    }).length
    return { through, unread }
  }

  /** Rows of a conversation, for its deletion, and the ids of the other's messages in it, oldest first. */
  async rowsOf (account: Uint8Array): Promise<{
    rows: Array<{ table: 'message' | 'messageIndex' | 'annotation' | 'delivery' | 'readMark', key: Uint8Array }>, theirs: Uint8Array[]
  }> {
    const entries = await this.#store.scan('message', { scope: account, gte: account, lt: scopeEnd(account) })
    const messages = entries.map(({ key, value }) => ({ key, record: MessageRecord.decode(value) }))
    const deliveries = await this.#store.scan('delivery', { scope: account, gte: account, lt: scopeEnd(account) })
    const readMarks = await this.#store.scan('readMark', { scope: account, gte: account, lt: scopeEnd(account) })
    return {
      rows: [
        ...messages.flatMap(({ key, record }) => [
          { table: 'message' as const, key }, { table: 'messageIndex' as const, key: indexKey(account, record) },
          { table: 'annotation' as const, key: annotationKey(account, record.id) }
        ]),
        ...this.#awaited(account).map(id => ({ table: 'annotation' as const, key: annotationKey(account, id) })),
        ...deliveries.map(({ key }) => ({ table: 'delivery' as const, key })),
        ...readMarks.map(({ key }) => ({ table: 'readMark' as const, key }))
      ],
      theirs: messages.flatMap(({ record }) => record.own ? [] : [record.id])
    }
  }

  /** Ids of messages of which something was said before they came. */
  #awaited (account: Uint8Array): Uint8Array[] {
    const awaited = this.#state.conversations.get(hex(account))?.awaited ?? new Uint8Array(0)
    return Array.from({ length: awaited.length / messageIdBytes }, (_, i) => awaited.slice(i * messageIdBytes, (i + 1) * messageIdBytes))
  }

  async #deliveries (account: Uint8Array, first: number, last: number): Promise<KeptDelivery[]> {
    const entries = await this.#store.scan('delivery', {
      scope: account, gte: deliveryKey(account, first), lt: deliveryKey(account, last + countersPerEnvelopeMax)
    })
    return entries.map(entry => openDelivery(entry.value))
  }

  /**
   * How many of theirs are missing between each of their messages and the one before it, by their counters. What
   * they said of messages has counters as well, and is no message.
   */
  async #missing (contact: string, listed: Listed[]): Promise<Map<Listed, number>> {
    const seen = this.#state.conversations.get(contact)?.seen ?? []
    const theirs = listed.filter(({ record }) => !record.own).sort((a, b) => a.record.counter - b.record.counter)
    const missing = new Map<Listed, number>()
    // The common case: there is no gap at all.
    if (theirs.length === 0 || missingBetween(seen, 0, theirs[theirs.length - 1]!.record.counter) === 0) return missing
    let before = await this.#counterBefore(theirs[0]!)
    for (const one of theirs) {
      missing.set(one, missingBetween(seen, before, one.record.counter))
      before = one.record.counter
    }
    return missing
  }

  /** Of the message of theirs before it. 0: there is none. */
  async #counterBefore ({ key, record }: Listed): Promise<number> {
    const account = key.slice(0, accountIdBytes)
    for (let end = key; ;) {
      const page = await this.#store.scan('message', { scope: account, gte: account, lt: end, reverse: true, limit: defaults.listLimit })
      for (const { value } of page) {
        const { own, counter } = MessageRecord.decode(value)
        if (!own && counter < record.counter) return counter
      }
      if (page.length < defaults.listLimit) return 0
      end = page[page.length - 1]!.key
    }
  }

  #view (
    contact: string, { record, annotation }: Listed, { pending, kept, missing }: { pending: Outbound[], kept: KeptDelivery[], missing: number }
  ): MessageView {
    const looks = looksOf(annotation, record.own ? 'own' : 'theirs')
    const words = looks.deleted ? undefined : wordsOf(record.kind, record.payload)
    return {
      messageId: hex(record.id),
      with: this.#state.bech32Of(contact),
      own: record.own,
      text: words === undefined ? '' : looks.text ?? words.text,
      needsNewerVersion: words === undefined && !looks.deleted,
      replyTo: words?.replyTo && hex(words.replyTo),
      reactions: looks.reactions,
      editedAt: words === undefined ? undefined : looks.editedAt,
      deleted: looks.deleted,
      sentAt: record.sentAt,
      receivedAt: record.receivedAt,
      late: record.late,
      missingBefore: missing,
      identityInDoubt: record.identityInDoubt,
      delivery: record.own ? this.#delivery(contact, record, pending, kept) : undefined
    }
  }

  #delivery (contact: string, record: MessageRecord, pending: Outbound[], kept: KeptDelivery[]): DeliveryView {
    const { counter } = record
    const readByPeer = this.#state.conversations.get(contact)?.readByPeer ?? 0
    const done = kept.find(isIn(counter))
    if (done !== undefined) {
      return done.view.state === 'delivered' && counter <= readByPeer ? { ...done.view, state: 'read' } : done.view
    }
    const relays = relayRoutes(this.#state.contacts.get(contact)).length
    const outbound = pending.find(isIn(counter))
    return outbound === undefined ? { ...queued, of: relays } : deliveryView(outbound, relays)
  }
}

function isIn (counter: number): (range: { first: number, last: number }) => boolean {
  return ({ first, last }) => first <= counter && counter <= last
}

function scopeEnd (account: Uint8Array): Uint8Array { return concat(account, new Uint8Array(25).fill(0xff)) }

function isRemoved ({ record, annotation }: Listed): boolean { return record.removed || annotation?.removed === true }
