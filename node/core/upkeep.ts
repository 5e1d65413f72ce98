/** What ends with time: sessions that nobody uses, and the memory of what was removed. */
import { toHex as hex } from '../../protocol/bytes.ts'
import { codeOf } from '../../protocol/errors.ts'
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import type { ClockTrust } from './clock-trust.ts'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import type { Renewals } from './renewals.ts'
import type { Sessions } from './sessions.ts'
import type { State } from './state.ts'

export interface UpkeepParts { clockTrust: ClockTrust, renewals: Renewals, sessions: Sessions }

export class Upkeep {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: { clock: Clock, log: Log }
  readonly #parts: UpkeepParts
  #timer: Timer | undefined

  constructor (state: State, ledger: Ledger, ports: { clock: Clock, log: Log }, parts: UpkeepParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  start (): void {
    this.#sweep()
    this.#timer = this.#ports.clock.setTimer(defaults.upkeepMs, () => { this.start() })
  }

  stop (): void { this.#timer?.cancel() }

  #sweep (): void {
    if (!this.#parts.clockTrust.isTrusted()) return
    const now = this.#ports.clock.now()
    this.#ledger.step(() => {
      for (const { account } of this.#state.contacts.values()) {
        const contact = hex(account)
        if (this.#parts.sessions.expire(contact, now)) this.#parts.renewals.wanted(contact)
      }
      for (const [contact, conversation] of this.#state.conversationEntries()) {
        if (conversation.removedIds.length === 0 || now - conversation.removedAt < defaults.removedIdsKeptMs) continue
        this.#state.conversations.put(contact, { ...conversation, removedIds: new Uint8Array(0) })
      }
    }, false).catch((error: unknown) => { this.#ports.log.warn('upkeep-failed', { code: codeOf(error) }) })
  }
}
