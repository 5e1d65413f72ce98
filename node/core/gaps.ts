/**
 * Messages that a relay took and the recipient has not, though later ones arrived: the relay lost
 * them, keeps them back, or the recipient could not open them. The same bytes would be no news to
 * that relay, so they are sealed anew and offered again.
 *
 * Messages after which nothing arrived are the outbox's, which deposits them again after hours.
 */
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import { codeOf } from '../../protocol/errors.ts'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import type { Outbox } from './outbox.ts'
import { containsAll, greatest, type Ranges } from './ranges.ts'
import type { Sealing } from './sealing.ts'
import type { State } from './state.ts'

interface Gap {
  /** Outbound ids, as they were when the timer was set. */
  ids: string[]
  /** Rounds that brought nothing. */
  vain: number
  timer: Timer | undefined
}

export class Gaps {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #parts: { sealing: Sealing, outbox: Outbox }
  readonly #ports: { clock: Clock, log: Log }
  readonly #gaps = new Map<string, Gap>()

  constructor (state: State, ledger: Ledger, parts: { sealing: Sealing, outbox: Outbox }, ports: { clock: Clock, log: Log }) {
    this.#state = state
    this.#ledger = ledger
    this.#parts = parts
    this.#ports = ports
  }

  stop (): void {
    for (const gap of this.#gaps.values()) gap.timer?.cancel()
    this.#gaps.clear()
  }

  /** Inside a step, when the outbox knows of the receipt. */
  receiptArrived (contact: string, delivered: Ranges): void {
    const last = greatest(delivered)
    const ids: string[] = []
    for (const { id, first, last: end, record } of this.#state.outboundOf(contact)) {
      const isMissing = first > 0 && end < last && record.storedAt.length > 0 && !containsAll(delivered, first, end)
      if (isMissing) ids.push(id)
      if (ids.length === defaults.resealedAtOnceMax) break
    }
    this.#ledger.effect(() => { this.#watch(contact, ids) })
  }

  /** A backlog on its way looks like a gap for a while: only what stays is one. */
  #watch (contact: string, ids: string[]): void {
    const gap = this.#gaps.get(contact) ?? { ids, vain: 0, timer: undefined }
    if (ids.length === 0) {
      gap.timer?.cancel()
      this.#gaps.delete(contact)
      return
    }
    this.#gaps.set(contact, gap)
    const isSmaller = gap.ids.some(id => this.#state.outbox.get(id) === undefined)
    if (gap.timer !== undefined && !isSmaller) return
    if (isSmaller) gap.vain = 0
    gap.timer?.cancel()
    gap.ids = ids
    gap.timer = this.#ports.clock.setTimer(Math.min(defaults.redepositAfterMs, defaults.gapMs * 2 ** gap.vain), () => {
      gap.timer = undefined
      this.#fill(contact, gap).catch((error: unknown) => { this.#ports.log.debug('gap-not-filled', { code: codeOf(error) }) })
    })
  }

  async #fill (contact: string, gap: Gap): Promise<void> {
    const ids = gap.ids.filter(id => this.#state.outbox.get(id) !== undefined)
    if (ids.length === 0) return
    gap.vain++
    this.#ports.log.info('gap', { envelopes: ids.length })
    await this.#ledger.step(() => {
      for (const id of ids) this.#parts.sealing.reseal(id)
      this.#ledger.effect(() => { for (const id of ids) this.#parts.outbox.offerAgain(id) })
    })
    if (this.#gaps.get(contact) === gap && gap.timer === undefined) this.#watch(contact, ids)
  }
}
