/**
 * The sessions with one contact's devices: which is sent in, which still receive, and when each ends.
 * What they do is in protocol/session.ts, and how one begins in contacts.ts.
 *
 * Of a device's sessions one at most is sent in and five still receive. An old one costs nothing but
 * trial openings, and what is under way in it would be lost without.
 */
import { compare, equal, toHex as hex } from '../../protocol/bytes.ts'
import type { Clock } from '../../protocol/ports.ts'
import type { Session } from '../../protocol/session.ts'
import type { Device } from '../../protocol/wire/restante.js'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import type { ContactRecord, SessionDeviceRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { sessionKey, type State } from './state.ts'

export interface SessionsParts {
  sealing: Sealing
  /** After a commit: what waits may go out at once, whatever was refused before. */
  routesChanged: (contact: string) => void
}

export class Sessions {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #parts: SessionsParts
  /** Ids of those that began since the start: what is known of them here can't be older than they are. */
  readonly #begun = new Set<string>()

  constructor (state: State, ledger: Ledger, clock: Clock, parts: SessionsParts) {
    this.#state = state
    this.#ledger = ledger
    this.#clock = clock
    this.#parts = parts
  }

  /**
   * Inside a step: a session with `device` begins. weak: without a one-time prekey. renewal: by itself,
   * in place of another. isReceivingOnly: it is heard, and nothing is sent in it.
   */
  begin (
    contact: string, session: Session, device: Device, o: { weak: boolean, renewal: boolean, isReceivingOnly: boolean }
  ): void {
    const record = this.#state.contacts.get(contact)!
    const now = this.#clock.now()
    const entry: SessionDeviceRecord = {
      session: session.id,
      exchangeKey: device.exchangeKey.slice(),
      // Later than all others, whatever the clock says.
      beganAt: Math.max(now, ...record.sessionDevices.map(({ beganAt }) => beganAt + 1)),
      heardAt: session.initiator ? 0 : now,
      weak: o.weak,
      retired: false,
      renewal: o.renewal
    }
    const id = hex(session.id)
    this.#begun.add(id)
    this.#ledger.undoable(() => { this.#begun.delete(id) })
    this.#state.sessions.put(sessionKey(contact, session.id), { account: record.account, session })
    this.#put(contact, { ...record, sessionDevices: [...record.sessionDevices, entry] })
    const active = this.#parts.sealing.activeSession(contact)
    // Both began at once: the lower id is sent in, by both, and the other still receives.
    const yields = !session.initiator && active?.initiator === true && !active.confirmed && compare(active.id, session.id) < 0
    if (!yields && !o.isReceivingOnly) this.#sendIn(contact, session.id)
    this.#makeRoom(contact, device.exchangeKey)
  }

  /** Inside a step: the other side has answered in a session that this side began. True: it was a renewal. */
  confirmed (contact: string, session: Session): boolean {
    const entry = this.#entry(contact, session.id)
    // The answer was sealed with a key that was drawn for it: who takes the prekeys now doesn't get at what follows.
    if (entry?.weak === true) this.#change(contact, session.id, { weak: false })
    const active = this.#parts.sealing.activeSession(contact)
    const isSettled = active !== undefined && (active.confirmed || equal(active.id, session.id))
    if (!isSettled && entry?.retired !== true) this.#sendIn(contact, session.id)
    return entry?.renewal === true
  }

  /** Inside a step: something was opened in it. `isNew`: contents that were not here. */
  heard (contact: string, session: Session, isNew: boolean): void {
    this.#noteHeard(contact, session)
    const entry = this.#entry(contact, session.id)
    if (!isNew || entry?.retired === true) return
    const active = this.#parts.sealing.activeSession(contact)
    if (active !== undefined && (active.confirmed || !session.confirmed || equal(active.id, session.id))) return
    const activeEntry = active && this.#entry(contact, active.id)
    // What a renewal takes the place of is not gone back to by what was under way before it.
    if (activeEntry?.renewal === true && (entry?.beganAt ?? 0) < activeEntry.beganAt) return
    this.#sendIn(contact, session.id)
  }

  /** Inside a step: this profile was set back, and with it the sessions that it had. Nothing is sent in those any more. */
  retire (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    const sessionDevices = record.sessionDevices.map(entry => this.#begun.has(hex(entry.session)) ? entry : { ...entry, retired: true })
    this.#put(contact, { ...record, sessionDevices })
    const isActive = sessionDevices.some(entry => !entry.retired && equal(entry.session, record.activeSession))
    if (isActive) return
    const left = sessionDevices.findLast(entry => !entry.retired)
    if (left !== undefined) this.#sendIn(contact, left.session)
    else this.#put(contact, { ...this.#state.contacts.get(contact)!, activeSession: new Uint8Array(0) })
  }

  /**
   * Inside a step: ends what nobody answered, or was heard in, for 30 days. True: nothing is left that
   * could be sent in.
   */
  expire (contact: string, now: number): boolean {
    const { activeSession, sessionDevices } = this.#state.contacts.get(contact)!
    const isOld = (at: number): boolean => now - at >= defaults.sessionLifetimeMs
    let endedActive = false
    for (const entry of sessionDevices) {
      const session = this.#state.sessions.get(sessionKey(contact, entry.session))?.session
      const isActive = equal(entry.session, activeSession)
      const isUnanswered = session !== undefined && session.initiator && !session.confirmed
      const hasEnded = isActive ? isUnanswered && isOld(entry.beganAt) : isOld(Math.max(entry.beganAt, entry.heardAt))
      if (!hasEnded) continue
      this.#end(contact, entry)
      endedActive ||= isActive
    }
    if (!endedActive) return false
    this.#put(contact, { ...this.#state.contacts.get(contact)!, activeSession: new Uint8Array(0) })
    return true
  }

  /** Who was heard from longest ago gives way, never what is sent in. */
  #makeRoom (contact: string, exchangeKey: Uint8Array): void {
    const { activeSession, sessionDevices } = this.#state.contacts.get(contact)!
    const receiving = sessionDevices.filter(entry => equal(entry.exchangeKey, exchangeKey) && !equal(entry.session, activeSession))
    for (const entry of receiving.slice(0, Math.max(0, receiving.length - defaults.receivingSessionsMax))) this.#end(contact, entry)
  }

  #end (contact: string, { session }: SessionDeviceRecord): void {
    this.#state.sessions.delete(sessionKey(contact, session))
    const record = this.#state.contacts.get(contact)!
    this.#put(contact, { ...record, sessionDevices: record.sessionDevices.filter(entry => !equal(entry.session, session)) })
  }

  #sendIn (contact: string, session: Uint8Array): void {
    this.#put(contact, { ...this.#state.contacts.get(contact)!, activeSession: session })
    this.#parts.sealing.sessionReady(contact)
    this.#ledger.effect(() => { this.#parts.routesChanged(contact) })
  }

  /** The order of the list is that in which they were heard; the time is kept to the hour, so as not to write it each time. */
  #noteHeard (contact: string, { id }: Session): void {
    const record = this.#state.contacts.get(contact)!
    const now = this.#clock.now()
    const last = record.sessionDevices.at(-1)
    if (last !== undefined && equal(last.session, id) && Math.abs(now - last.heardAt) < defaults.sessionHeardMs) return
    const entry = this.#entry(contact, id)
    if (entry === undefined) return
    const others = record.sessionDevices.filter(one => one !== entry)
    this.#put(contact, { ...record, sessionDevices: [...others, { ...entry, heardAt: now }] })
  }

  #change (contact: string, session: Uint8Array, changes: Partial<SessionDeviceRecord>): void {
    const record = this.#state.contacts.get(contact)!
    const sessionDevices = record.sessionDevices.map(entry => equal(entry.session, session) ? { ...entry, ...changes } : entry)
    this.#put(contact, { ...record, sessionDevices })
  }

  #entry (contact: string, session: Uint8Array): SessionDeviceRecord | undefined {
    return this.#state.contacts.get(contact)?.sessionDevices.find(entry => equal(entry.session, session))
  }

  #put (contact: string, record: ContactRecord): void { this.#state.contacts.put(contact, record) }
}
