/**
 * Receipts: what the other side learns of its messages. Cumulative, batched and delayed by chance,
 * to contacts only: a receipt that answers at once, or answers strangers, tells when a person is there.
 */
import { toHex as hex, unhex } from '../../protocol/bytes.ts'
import type { Clock, Log, Random, Timer } from '../../protocol/ports.ts'
import { Receipt } from '../../protocol/wire/restante.js'
import * as defaults from './defaults.ts'
import { countersPerEnvelopeMax, deliveryKey, openDelivery, type KeptDelivery } from './delivery.ts'
import type { Ledger } from './ledger.ts'
import type { Notices } from './notices.ts'
import type { Store } from './ports.ts'
import { MessageRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { contactStates, type State } from './state.ts'

export interface ReceiptsPorts { clock: Clock, random: Random, log: Log, store: Store }

export class Receipts {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #sealing: Sealing
  readonly #notices: Notices
  readonly #ports: ReceiptsPorts
  readonly #timers = new Map<string, Timer>()
  /** Contacts of whom nothing but copies came since the last receipt. */
  readonly #owedForCopies = new Set<string>()
  /** When a copy may be answered next, monotonic ms, and how long it is from there to the one after. */
  readonly #pauses = new Map<string, { until: number, nextMs: number }>()
  #isRunning = false

  constructor (state: State, ledger: Ledger, sealing: Sealing, notices: Notices, ports: ReceiptsPorts) {
    this.#state = state
    this.#ledger = ledger
    this.#sealing = sealing
    this.#notices = notices
    this.#ports = ports
  }

  start (): void {
    this.#isRunning = true
    for (const [contact, conversation] of this.#state.conversationEntries()) {
      if (conversation.receiptDue) this.#later(contact)
    }
  }

  /** Sends at once what is due. */
  async flush (): Promise<void> {
    const due = [...this.#timers.keys()]
    for (const contact of due) await this.#send(contact)
  }

  stop (): void {
    this.#isRunning = false
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  /** Inside a step: this contact shall hear what is stored and read here. */
  due (contact: string): void {
    const conversation = this.#sealing.conversation(contact)
    if (!conversation.receiptDue) this.#state.conversations.put(contact, { ...conversation, receiptDue: true })
    this.#ledger.effect(() => {
      this.#pauses.delete(contact)
      if (this.#owedForCopies.delete(contact)) {
        this.#timers.get(contact)?.cancel()
        this.#timers.delete(contact)
      }
      this.#later(contact)
    })
  }

  /**
   * Inside a step: a copy of something came, perhaps because its receipt was lost. The first is answered as
   * anything is, and others less and less often: a relay that hands everything out again with each receipt
   * would have two people answer each other's for as long as it likes.
   */
  dueForCopy (contact: string): void {
    const conversation = this.#sealing.conversation(contact)
    const isFirst = !conversation.receiptDue
    if (isFirst) this.#state.conversations.put(contact, { ...conversation, receiptDue: true })
    this.#ledger.effect(() => {
      if (isFirst) this.#owedForCopies.add(contact)
      this.#later(contact)
    })
  }

  /** A receipt is out of the outbox, and another may be due. */
  resume (contact: string): void {
    if (this.#state.conversations.get(contact)?.receiptDue === true) this.#later(contact)
  }

  /** Inside a step: own messages after counter `from` up to `to` were read; tells listeners which. */
  readByPeer (contact: string, from: number, to: number): void {
    this.#ledger.effect(() => {
      this.#tellRead(contact, from, to).catch((error: unknown) => {
        this.#ports.log.warn('read-notice-failed', { error: error instanceof Error ? error.message : 'unknown' })
      })
    })
  }

  #later (contact: string): void {
    if (!this.#isRunning || this.#timers.has(contact)) return
    const chance = this.#ports.random.bytes(1)[0]! / 256
    const pauseMs = this.#owedForCopies.has(contact) ? (this.#pauses.get(contact)?.until ?? 0) - this.#ports.clock.monotonic() : 0
    const delay = Math.round(Math.max(pauseMs, defaults.receiptDelayMs) + chance * defaults.receiptDelayMs)
    this.#timers.set(contact, this.#ports.clock.setTimer(delay, () => {
      this.#send(contact).catch((error: unknown) => {
        this.#ports.log.debug('receipt-failed', { error: error instanceof Error ? error.message : 'unknown' })
      })
    }))
  }

  async #send (contact: string): Promise<void> {
    this.#timers.get(contact)?.cancel()
    this.#timers.delete(contact)
    await this.#ledger.step(() => {
      const record = this.#state.contacts.get(contact)
      const conversation = this.#state.conversations.get(contact)
      if (record === undefined || conversation === undefined || !conversation.receiptDue) return
      // One at a time: it is cumulative, and who sends but can't be reached would have them pile up.
      if (this.#state.receiptsOut(contact) > 0) return
      this.now(contact)
    })
  }

  /** Inside a step: without delay, whatever else is under way. It stays due where it can't be sent: on acceptance it is. */
  now (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    if (contactStates[record.state] !== 'accepted' || this.#sealing.activeSession(contact) === undefined) return
    const conversation = this.#sealing.conversation(contact)
    this.#state.conversations.put(contact, { ...conversation, receiptDue: false })
    this.#ledger.effect(() => { this.#pause(contact) })
    const delivered = conversation.seen.slice(-defaults.rangesMax)
    const chains = delivered.map(({ chain }) => chain)
    this.#sealing.queueReceipt(contact, Receipt.encode({ delivered, readThrough: conversation.readThrough, chains }))
  }

  #pause (contact: string): void {
    if (!this.#owedForCopies.delete(contact)) return
    const ms = this.#pauses.get(contact)?.nextMs ?? defaults.copyReceiptMsMin
    this.#pauses.set(contact, { until: this.#ports.clock.monotonic() + ms, nextMs: Math.min(2 * ms, defaults.copyReceiptMsMax) })
  }

  async #tellRead (contact: string, from: number, to: number): Promise<void> {
    const account = this.#state.contacts.get(contact)?.account
    if (account === undefined || !this.#notices.hasListeners) return
    const entries = await this.#ports.store.scan('delivery', {
      scope: account, gte: deliveryKey(account, from + 1), lt: deliveryKey(account, to + countersPerEnvelopeMax)
    })
    for (const { value } of entries) {
      const delivery = openDelivery(value)
      if (delivery.first > to || delivery.view.state !== 'delivered') continue
      const read = { ...delivery.view, state: 'read' as const }
      for (const messageId of await this.#within(delivery, from, to)) {
        this.#notices.tell({ type: 'message.state', messageId, to: this.#state.bech32Of(contact), ...read })
      }
    }
  }

  /** Messages of one envelope with counters after `from` up to `to`: a person may read a part of them. */
  async #within ({ first, last, messageIds }: KeptDelivery, from: number, to: number): Promise<string[]> {
    if (first > from && last <= to) return messageIds
    const entries = await this.#ports.store.follow('messageIndex', messageIds.map(unhex))
    return entries.flatMap(entry => {
      if (entry === undefined) return []
      const { counter, id } = MessageRecord.decode(entry.value)
      return counter > from && counter <= to ? [hex(id)] : []
    })
  }
}
