/** Reading what was written: messages of a conversation with their states, oldest first. */
import { concat, toHex as hex, unhex } from '../../protocol/bytes.ts'
import { StoreError, UsageError } from '../../protocol/errors.ts'
import { contentKinds } from '../../protocol/limits.ts'
import { Text } from '../../protocol/wire/restante.js'
import type { DeliveryView, MessageView } from './api.ts'
import * as defaults from './defaults.ts'
import { countersPerEnvelopeMax, deliveryKey, deliveryView, openDelivery, relayRoutes, type KeptDelivery } from './delivery.ts'
import type { Entry, Store } from './ports.ts'
import { missingBelow } from './ranges.ts'
import { MessageRecord, type ConversationRecord } from './records.js'
import type { Outbound, State } from './state.ts'

const queued: DeliveryView = { state: 'queued', way: undefined, storedBy: 0, of: 0, until: undefined, reason: undefined }

export interface Found { contact: string, key: Uint8Array, record: MessageRecord }

export class History {
  readonly #state: State
  readonly #store: Store

  constructor (state: State, store: Store) {
    this.#state = state
    this.#store = store
  }

  async list (contact: string, options: { limit?: number, before?: string }): Promise<MessageView[]> {
    const limit = options.limit ?? defaults.listLimit
    if (!Number.isInteger(limit) || limit < 1 || limit > defaults.listLimitMax) {
      throw new UsageError('USAGE', `limit: a whole number from 1 to ${defaults.listLimitMax}`)
    }
    const { account } = this.#state.contacts.get(contact)!
    const before = options.before === undefined ? undefined : (await this.find(options.before, contact)).key
    const entries = await this.#store.scan('message', {
      scope: account, gte: account, lt: before ?? scopeEnd(account), reverse: true, limit
    })
    const records = entries.map(entry => MessageRecord.decode(entry.value)).reverse()
    const own = records.filter(record => record.own).map(record => record.counter)
    const kept = own.length === 0 ? [] : await this.#deliveries(account, Math.min(...own), Math.max(...own))
    const pending = [...this.#state.outboundOf(contact)]
    return records.map(record => this.#view(contact, record, pending, kept))
  }

  async delivery (messageId: string): Promise<DeliveryView | undefined> {
    const { contact, record } = await this.find(messageId)
    if (!record.own) return undefined
    const kept = await this.#deliveries(this.#state.contacts.get(contact)!.account, record.counter, record.counter)
    return this.#delivery(contact, record, [...this.#state.outboundOf(contact)], kept)
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
    const unread = after.filter(({ value }) => !MessageRecord.decode(value).own).length
    return { through, unread }
  }

  /** Rows of a conversation, for its deletion, and the ids of the other's messages in it, oldest first. */
  async rowsOf (account: Uint8Array): Promise<{
    rows: Array<{ table: 'message' | 'messageIndex' | 'delivery', key: Uint8Array }>, theirs: Uint8Array[]
  }> {
    const entries = await this.#store.scan('message', { scope: account, gte: account, lt: scopeEnd(account) })
    const messages = entries.map(({ key, value }) => ({ key, record: MessageRecord.decode(value) }))
    const deliveries = await this.#store.scan('delivery', { scope: account, gte: account, lt: scopeEnd(account) })
    return {
      rows: [
        ...messages.flatMap(({ key, record }) => [
          { table: 'message' as const, key }, { table: 'messageIndex' as const, key: indexKey(account, record) }
        ]),
        ...deliveries.map(({ key }) => ({ table: 'delivery' as const, key }))
      ],
      theirs: messages.flatMap(({ record }) => record.own ? [] : [record.id])
    }
  }

  async #deliveries (account: Uint8Array, first: number, last: number): Promise<KeptDelivery[]> {
    const entries = await this.#store.scan('delivery', {
      scope: account, gte: deliveryKey(account, first), lt: deliveryKey(account, last + countersPerEnvelopeMax)
    })
    return entries.map(entry => openDelivery(entry.value))
  }

  #view (contact: string, record: MessageRecord, pending: Outbound[], kept: KeptDelivery[]): MessageView {
    const isText = record.kind === contentKinds.text
    return {
      messageId: hex(record.id),
      with: this.#state.bech32Of(contact),
      own: record.own,
      text: isText ? Text.decode(record.payload).text : '',
      needsNewerVersion: !isText,
      replyTo: undefined,
      reactions: [],
      editedAt: undefined,
      deleted: false,
      sentAt: record.sentAt,
      receivedAt: record.receivedAt,
      late: record.late,
      missingBefore: record.own ? 0 : this.#missing(this.#state.conversations.get(contact), record.counter),
      identityInDoubt: record.identityInDoubt,
      delivery: record.own ? this.#delivery(contact, record, pending, kept) : undefined
    }
  }

  #missing (conversation: ConversationRecord | undefined, counter: number): number {
    return conversation === undefined ? 0 : missingBelow(conversation.seen, counter)
  }

  #delivery (contact: string, record: MessageRecord, pending: Outbound[], kept: KeptDelivery[]): DeliveryView {
    const { counter } = record
    const isIn = (range: { first: number, last: number }): boolean => range.first <= counter && counter <= range.last
    const readByPeer = this.#state.conversations.get(contact)?.readByPeer ?? 0
    const done = kept.find(isIn)
    if (done !== undefined) {
      return done.view.state === 'delivered' && counter <= readByPeer ? { ...done.view, state: 'read' } : done.view
    }
    const relays = relayRoutes(this.#state.contacts.get(contact)).length
    const outbound = pending.find(isIn)
    return outbound === undefined ? { ...queued, of: relays } : deliveryView(outbound, relays)
  }
}

function scopeEnd (account: Uint8Array): Uint8Array { return concat(account, new Uint8Array(25).fill(0xff)) }

/**
 * Where the index keeps a message. Of `account`'s messages the ids are its own choice: one that repeats
 * the id of a message of this account, or of somebody else, must not take its place.
 */
export function indexKey (account: Uint8Array | undefined, { id, own }: Pick<MessageRecord, 'id' | 'own'>): Uint8Array {
  return own || account === undefined ? id : concat(account, id)
}
