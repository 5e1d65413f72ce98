/**
 * When a session is begun anew because the two no longer share one: a side lost its state, or was set back
 * to an older one. Decides when; introductions.ts finds prekeys, and contacts.ts begins.
 *
 * Only what the contact's own keys can have made is evidence, so that no relay, and nobody who watches,
 * causes one. How often is bounded and kept, so that a contact who sends rubbish costs little.
 */
import { equal, toHex as hex } from '../../protocol/bytes.ts'
import { codeOf } from '../../protocol/errors.ts'
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import type { Session } from '../../protocol/session.ts'
import type { Announcements } from './announcements.ts'
import { shownName } from './contact-record.ts'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import type { Notices } from './notices.ts'
import type { ContactRecord, RenewalRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { contactStates, isIdentityForked, type State } from './state.ts'

export interface RenewalsPorts { clock: Clock, log: Log }
export interface RenewalsParts {
  announcements: Announcements
  notices: Notices
  sealing: Sealing
  /** Inside a step: own prekeys for this contact are published anew; a relay may have those of a state that is lost. */
  offerPrekeys: (contact: string) => void
  /** Inside a step: the contact's prekeys are looked for. */
  renew: (contact: string) => void
  /** After a commit. */
  search: (contact: string) => void
}

/**
 * proof: nobody but a contact whose state is another than ours could cause it. hint: what is old, or was overtaken,
 * looks the same, so the contact is asked first.
 */
export type Evidence = 'proof' | 'hint'

const noRenewal: RenewalRecord = {
  suspectedAt: 0, triedAt: 0, tries: 0, confirmedAt: 0, noticedAt: 0, searching: false, byReset: false
}

export class Renewals {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: RenewalsPorts
  readonly #parts: RenewalsParts
  readonly #timers = new Map<string, Timer>()
  /** Contacts of whom it is proved: what can still be opened in the session changes nothing. */
  readonly #proved = new Set<string>()
  #isRunning = false

  constructor (state: State, ledger: Ledger, ports: RenewalsPorts, parts: RenewalsParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  start (): void {
    this.#isRunning = true
    for (const record of this.#state.contacts.values()) {
      const contact = hex(record.account)
      if (renewalOf(record).suspectedAt > 0) this.#later(contact, defaults.renewalProbeMs)
      else if (contactStates[record.state] === 'accepted') this.#run(this.#ledger.step(() => { this.#without(contact) }))
      else this.#run(this.#ledger.step(() => { this.wanted(contact) }))
    }
  }

  stop (): void {
    this.#isRunning = false
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  /** Inside a step: something says that the two don't share the session in use. */
  suspect (contact: string, evidence: Evidence): void {
    const record = this.#state.contacts.get(contact)
    if (record === undefined || !isRenewable(record) || isSearching(record)) return
    const renewal = renewalOf(record)
    const isKnown = renewal.suspectedAt > 0
    if (isKnown && evidence === 'hint') return
    if (!isKnown) {
      this.#change(contact, { suspectedAt: this.#ports.clock.now() })
      this.#parts.offerPrekeys(contact)
      // It is numbered, so that a contact who has this session answers it.
      if (evidence === 'hint') this.#parts.announcements.tellWhereKnown(contact)
    }
    if (evidence === 'proof') this.#proved.add(contact)
    const canAnswer = this.#parts.sealing.activeSession(contact) !== undefined
    const waitMs = evidence === 'hint' && canAnswer ? defaults.renewalProbeMs : 0
    this.#ledger.effect(() => { this.#later(contact, waitMs) })
  }

  /** Inside a step: something new was opened in `session`. */
  heard (contact: string, session: Session): void {
    const record = this.#state.contacts.get(contact)!
    if (renewalOf(record).suspectedAt === 0 || this.#proved.has(contact) || !equal(session.id, record.activeSession)) return
    // It is shared after all, and what spoke against it was old.
    this.#change(contact, { suspectedAt: 0 })
    this.#ledger.effect(() => { this.#cancel(contact) })
  }

  /** Inside a step: the other side uses a session that one of the two began in place of another. */
  confirmed (contact: string): void {
    const now = this.#ports.clock.now()
    const { noticedAt } = renewalOf(this.#state.contacts.get(contact)!)
    // Both may have begun one, and each more than one: to the person it is one thing.
    const isNews = noticedAt === 0 || Math.abs(now - noticedAt) >= defaults.resetNoticeMsMin
    this.#change(contact, { suspectedAt: 0, tries: 0, confirmedAt: now, ...(isNews ? { noticedAt: now } : {}) })
    const contactId = this.#state.bech32Of(contact)
    this.#ledger.effect(() => {
      this.#cancel(contact)
      this.#proved.delete(contact)
      const record = this.#state.contacts.get(contact)
      if (isNews && record !== undefined) {
        this.#parts.notices.tell({ type: 'session.reset', contactId, name: shownName(record), at: now })
      }
    })
  }

  /** Inside a step: no prekeys of this contact could be found. */
  failed (contact: string): void {
    if (!this.#isWithoutSession(contact)) return
    this.#change(contact, { suspectedAt: this.#ports.clock.now() })
    this.#ledger.effect(() => { this.#later(contact, 0) })
  }

  /** Inside a step: where something waits for this contact, there is to be a session to send it in. */
  wanted (contact: string): void {
    if (this.#state.outboundCount(contact) > 0) this.#without(contact)
  }

  #without (contact: string): void {
    if (this.#isWithoutSession(contact)) this.suspect(contact, 'proof')
  }

  #isWithoutSession (contact: string): boolean {
    const record = this.#state.contacts.get(contact)
    return record !== undefined && isRenewable(record) && this.#parts.sealing.activeSession(contact) === undefined
  }

  #later (contact: string, waitMs: number): void {
    const record = this.#state.contacts.get(contact)
    if (!this.#isRunning || record === undefined) return
    const delay = Math.max(waitMs, this.#pauseMs(renewalOf(record)))
    this.#timers.get(contact)?.cancel()
    this.#timers.set(contact, this.#ports.clock.setTimer(delay, () => {
      this.#timers.delete(contact)
      this.#run(this.#begin(contact))
    }))
  }

  /** Of the time since the last one; a clock that went back makes nobody wait for years. */
  #pauseMs ({ triedAt, tries }: RenewalRecord): number {
    if (triedAt === 0) return 0
    const pause = Math.min(defaults.renewalPauseMsMax, defaults.renewalPauseMsMin * 2 ** Math.max(0, tries - 1))
    const elapsed = this.#ports.clock.now() - triedAt
    return elapsed < 0 ? pause : Math.max(0, pause - elapsed)
  }

  async #begin (contact: string): Promise<void> {
    const isBegun = await this.#ledger.step(() => {
      const record = this.#state.contacts.get(contact)
      if (record === undefined || !isRenewable(record) || isSearching(record)) return false
      const { suspectedAt, tries } = renewalOf(record)
      if (suspectedAt === 0) return false
      this.#ports.log.info('session-renewal', { tries })
      this.#proved.delete(contact)
      this.#change(contact, { suspectedAt: 0, triedAt: this.#ports.clock.now(), tries: tries + 1 })
      this.#parts.renew(contact)
      return true
    })
    if (isBegun) this.#parts.search(contact)
  }

  #cancel (contact: string): void {
    this.#timers.get(contact)?.cancel()
    this.#timers.delete(contact)
  }

  #change (contact: string, changes: Partial<RenewalRecord>): void {
    const record = this.#state.contacts.get(contact)!
    this.#state.contacts.put(contact, { ...record, renewal: { ...renewalOf(record), ...changes } })
  }

  #run (work: Promise<void>): void {
    work.catch((error: unknown) => { this.#ports.log.warn('renewal-failed', { code: codeOf(error) }) })
  }
}

export function renewalOf (record: Pick<ContactRecord, 'renewal'>): RenewalRecord { return record.renewal ?? noRenewal }

/** Prekeys of this contact are being looked for. */
function isSearching (record: ContactRecord): boolean { return record.lookup || record.inviteSecret.length > 0 || record.inviteRoutes.length > 0 }

/** Strangers, and who is blocked, get nothing; and to a contradicted identity nothing is sent. */
function isRenewable (record: ContactRecord): boolean {
  const state = contactStates[record.state]
  return (state === 'accepted' || state === 'invited') && !isIdentityForked(record) && record.failure === ''
}
