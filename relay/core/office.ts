/**
 * What all links of one relay share: the store, the allowances, the listeners, and whether the
 * relay still takes requests. Handlers (requests.ts) see the relay through it.
 */
import { codeOf, StoreError } from '../../protocol/errors.ts'
import { Allowances } from './allowance.ts'
import type { RelayLimits } from './limits.ts'
import { next, officeMachine } from './machines.ts'
import type { OfficeState } from './machines.ts'
import type { MailboxLimits, RelayPorts } from './ports.ts'
import { Listeners } from './wake.ts'

export class Office {
  readonly ports: RelayPorts
  readonly limits: RelayLimits
  readonly mailboxLimits: MailboxLimits
  readonly allowances: Allowances
  readonly listeners: Listeners
  /** Envelope bytes that wait for their commit. */
  pendingDepositBytes = 0
  /** Questions to other relays under way. */
  lookupsInFlight = 0
  deposits = 0
  state: OfficeState = officeMachine.initial
  readonly #onFailure: (error: StoreError) => void

  constructor (ports: RelayPorts, o: {
    limits: RelayLimits, mailboxLimits: MailboxLimits, onFailure: (error: StoreError) => void
  }) {
    this.ports = ports
    this.limits = o.limits
    this.mailboxLimits = o.mailboxLimits
    this.allowances = new Allowances(ports.clock, o.limits)
    this.listeners = new Listeners(o.limits.subscriptionsPerMailboxMax)
    this.#onFailure = o.onFailure
  }

  /** Takes note of what a handler or a sweep threw: a failed disk ends the relay. */
  noteError (error: unknown): void {
    if (!(error instanceof StoreError)) return
    if (this.state === 'failed') return
    this.state = next(officeMachine, this.state, 'diskFailed')
    this.ports.log.error('storeFailed', { code: codeOf(error) })
    this.#onFailure(error)
  }

  /** When to come back; spread, so that those who were sent away don't return together. */
  retryAfterMs (): number {
    const [random = 0] = this.ports.random.bytes(1)
    return 500 + random * 8
  }
}
