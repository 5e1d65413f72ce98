/**
 * What a contact's receipt proves. It names contents by the hash of their chain, so that no number that
 * was given twice is taken for the content that bears it here; and where it contradicts what was
 * written here, this profile was set back: a restored folder, or a copy that somebody else used.
 */
import { equal } from '../../protocol/bytes.ts'
import type { Clock, Log } from '../../protocol/ports.ts'
import type { Receipt } from '../../protocol/wire/restante.js'
import { deliveryKey } from './delivery.ts'
import type { Gaps } from './gaps.ts'
import type { Ledger } from './ledger.ts'
import type { Outbox } from './outbox.ts'
import { chainBytes } from './own-chain.ts'
import type { Range } from './ranges.ts'
import { ReadMarkRecord } from './records.js'
import type { Receipts } from './receipts.ts'
import type { Sealing } from './sealing.ts'
import type { State } from './state.ts'

export interface AcknowledgementsPorts { clock: Clock, log: Log }
export interface AcknowledgementsParts {
  gaps: Gaps
  outbox: Outbox
  receipts: Receipts
  sealing: Sealing
  /** Inside a step: what this profile knows of its sessions with the contact is old. */
  wasSetBack: (contact: string) => void
}

/** Who claims to have more than this lies, and would use the numbers up. */
const counterMax = 2 ** 52
/** Only a hostile contact finds contradictions faster. */
const setBackMsMin = 10_000

export class Acknowledgements {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: AcknowledgementsPorts
  readonly #parts: AcknowledgementsParts
  /** When numbers were given anew, monotonic ms. */
  readonly #setBackAt = new Map<string, number>()

  constructor (state: State, ledger: Ledger, ports: AcknowledgementsPorts, parts: AcknowledgementsParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  /** Inside a step. */
  arrived (contact: string, receipt: Receipt): void {
    const { outbox, gaps, sealing, receipts } = this.#parts
    const { counter, readByPeer } = sealing.conversation(contact)
    const { delivered, verified, isContradicted } = this.#judge(contact, receipt)
    outbox.receiptArrived(contact, verified)
    if (isContradicted) this.#setBack(contact, delivered)
    gaps.receiptArrived(contact, isContradicted ? [] : delivered)
    const readThrough = Math.min(receipt.readThrough, counter)
    if (readThrough <= readByPeer) return
    this.#state.conversations.put(contact, { ...sealing.conversation(contact), readByPeer: readThrough })
    const { account } = this.#state.contacts.get(contact)!
    this.#ledger.write('readMark', deliveryKey(account, readThrough), ReadMarkRecord.encode({ at: this.#ports.clock.now() }))
    receipts.readByPeer(contact, readByPeer, readThrough)
  }

  /** verified: what is delivered. Neither verified nor contradicted: nothing is known of it here any more. */
  #judge (contact: string, receipt: Receipt): { delivered: Range[], verified: Range[], isContradicted: boolean } {
    const { counter, floor } = this.#parts.sealing.conversation(contact)
    const delivered: Range[] = []
    const verified: Range[] = []
    let isContradicted = false
    for (const [index, range] of receipt.delivered.entries()) {
      if (range.first < 1 || range.first > range.last || range.last > counterMax) continue
      delivered.push(range)
      if (range.last <= floor) continue
      const own = this.#parts.sealing.ownChain.hashAt(contact, range.last)
      const theirs = receipt.chains[index]
      if (range.last > counter) isContradicted = true
      else if (own === undefined || theirs?.length !== chainBytes) this.#ports.log.debug('receipt-unproved')
      else if (equal(own, theirs)) verified.push(range)
      else isContradicted = true
    }
    return { delivered, verified, isContradicted }
  }

  #setBack (contact: string, delivered: Range[]): void {
    const { sealing, receipts, wasSetBack } = this.#parts
    const now = this.#ports.clock.monotonic()
    const before = this.#setBackAt.get(contact) ?? -Infinity
    if (now < before + setBackMsMin) return
    this.#setBackAt.set(contact, now)
    this.#ledger.undoable(() => { this.#setBackAt.set(contact, before) })
    this.#ports.log.warn('set-back')
    const theirs = Math.max(...delivered.map(range => range.last))
    const floor = Math.max(theirs, sealing.conversation(contact).counter)
    sealing.renumber(contact, { floor, voidFrom: theirs + 1 })
    wasSetBack(contact)
    // One that waited in the outbox was left out.
    receipts.due(contact)
  }
}
