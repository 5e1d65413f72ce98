/**
 * Whether a contact is who this account's owner believes: safety numbers, what was verified, and what
 * happens when a contact's identity changes.
 *
 * A rotation that was committed to is news and nothing more. Anything else that contradicts what was
 * known is an alarm: sending stops until the person decides, and what comes meanwhile is marked.
 */
import { equal, toHex as hex } from '../../protocol/bytes.ts'
import { CryptoError, UsageError } from '../../protocol/errors.ts'
import { acceptsSuccessor, openManifest, type VerifiedManifest } from '../../protocol/manifest.ts'
import type { Clock, Log } from '../../protocol/ports.ts'
import {
  fingerprintOf, formatSafetyScan, groupedDigits, matchesSafetyNumber, readSafetyNumber, safetyDigits,
  type AccountIdentity
} from '../../protocol/safety-number.ts'
import type { Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { Device } from '../../protocol/wire/restante.js'
import type { SafetyNumberView } from './api.ts'
import { shownName } from './contact-record.ts'
import type { Ledger } from './ledger.ts'
import { identityMachine } from './machines.ts'
import type { Notices } from './notices.ts'
import type { ContactRecord } from './records.js'
import { identityStates, isIdentityForked, sessionKey, type State } from './state.ts'

export interface VerificationPorts { clock: Clock, log: Log, suite: CryptoSuite }
export interface VerificationParts {
  notices: Notices
  /** After a commit: the contact may be written to again, or no more. */
  routesChanged: (contact: string) => void
  /** Inside a step: the session that is sent in is another. */
  sessionReady: (contact: string) => void
}

export type Verdict = 'first' | ReturnType<typeof acceptsSuccessor> | 'refused'

/** Fingerprints kept, the account's own among them. */
const fingerprintsMax = 256
const none = new Uint8Array(0)
const notPresented = { presented: none, presentedSession: none, presentedUpdate: none, presentedSeen: [] }

export class Verification {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: VerificationPorts
  readonly #parts: VerificationParts
  /** By account id: they never change. What is being computed is awaited by all who ask. */
  readonly #fingerprints = new Map<string, Promise<Uint8Array>>()

  constructor (state: State, ledger: Ledger, ports: VerificationPorts, parts: VerificationParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  // -- safety numbers

  /** UsageError IDENTITY_UNKNOWN before the contact's keys are here. */
  async safetyNumber (contact: string): Promise<SafetyNumberView> {
    const { own, theirs } = await this.#fingerprintsOf(contact)
    return {
      number: groupedDigits(safetyDigits(own, theirs)),
      qr: formatSafetyScan(own, theirs),
      verified: isVerified(this.#known(contact))
    }
  }

  /**
   * CryptoError SAFETY_NUMBER_MISMATCH; UsageError IDENTITY_CHANGED while there is an alarm, and where a presented
   * identity was taken, until its owner rotates. Then nothing has changed.
   */
  async verify (contact: string, number: string): Promise<void> {
    const read = readSafetyNumber(number)
    const { own, theirs } = await this.#fingerprintsOf(contact)
    if (!matchesSafetyNumber(read, own, theirs)) throw new CryptoError('SAFETY_NUMBER_MISMATCH')
    await this.#ledger.step(() => {
      const record = this.#known(contact)
      // The number is that of the account, and does not tell which of two histories is the contact's: it would match
      // over the telephone with the true one, and what is written goes to the other.
      if (isIdentityForked(record)) throw new UsageError('IDENTITY_CHANGED')
      if (isTakenUnproved(record)) {
        throw new UsageError('IDENTITY_CHANGED',
          'Another identity of this contact was taken, and has the same number: only a rotation of its key proves whose it is.')
      }
      const { hash } = openManifest(this.#ports.suite, record.manifest)
      this.#state.contacts.put(contact, {
        ...record, verifiedAt: this.#ports.clock.now(), verifiedManifest: hash
      })
      this.#tell(contact)
    })
  }

  async #fingerprintsOf (contact: string): Promise<{ own: Uint8Array, theirs: Uint8Array }> {
    const { record: { manifest } } = this.#state.account!
    const known = this.#known(contact)
    if (known.manifest.length === 0) throw new UsageError('IDENTITY_UNKNOWN')
    const { suite } = this.#ports
    const own = this.#fingerprint(openManifest(suite, manifest))
    const theirs = this.#fingerprint(openManifest(suite, known.manifest))
    return { own: await own, theirs: await theirs }
  }

  async #fingerprint (identity: AccountIdentity): Promise<Uint8Array> {
    const id = hex(identity.account)
    const known = this.#fingerprints.get(id)
    if (known !== undefined) return await known
    const { clock } = this.#ports
    const computed = fingerprintOf(identity, async () => {
      await new Promise<void>(resolve => { clock.setTimer(0, resolve) })
    })
    for (const oldest of this.#fingerprints.keys()) {
      if (this.#fingerprints.size < fingerprintsMax) break
      this.#fingerprints.delete(oldest)
    }
    this.#fingerprints.set(id, computed)
    return await computed
  }

  // -- what contacts say of themselves, inside steps

  /**
   * What a manifest of this contact, valid by itself, means beside the one that is known. `record` is
   * to be kept, whatever the verdict. refused: the person has decided against this very one.
   */
  judge (record: ContactRecord, next: VerifiedManifest): { verdict: Verdict, record: ContactRecord } {
    if (record.manifest.length === 0) return { verdict: 'first', record: { ...record, manifest: next.signed } }
    const verdict = this.#verdict(openManifest(this.#ports.suite, record.manifest), next)
    switch (verdict) {
      case 'same':
      case 'older':
        return { verdict, record }
      case 'newer':
        return { verdict, record: this.#withManifest(record, next) }
      case 'rotated': {
        // Only the owner has the phrase: it settles what was contradictory before.
        const settled = this.#withManifest(
          { ...record, ...notPresented, ...(isTakenUnproved(record) ? { verifiedManifest: none } : {}) }, next)
        return { verdict, record: this.#move(settled, 'rotatedByOwner') }
      }
      case 'fork': {
        if (equal(next.hash, record.refusedManifest)) return { verdict: 'refused', record }
        this.#ports.log.warn('manifest-forked')
        return { verdict, record: this.#move({ ...record, presented: next.signed }, 'contradicted') }
      }
    }
  }

  /** A device joins by a device that is known: a list that keeps none of those is somebody else's, or anew. */
  #verdict (current: VerifiedManifest, next: VerifiedManifest): ReturnType<typeof acceptsSuccessor> {
    const verdict = acceptsSuccessor(this.#ports.suite, current, next)
    const keepsOne = current.devices.some(device => hasDevice(next, device))
    return verdict === 'newer' && !keepsOne ? 'fork' : verdict
  }

  /** Sessions of devices that are no longer the contact's end: nothing is sent in them, and nothing heard. */
  #withManifest (record: ContactRecord, manifest: VerifiedManifest): ContactRecord {
    const contact = hex(record.account)
    const isCurrent = (key: Uint8Array): boolean => manifest.devices.some(one => equal(one.exchangeKey, key))
    const ended = record.sessionDevices.filter(one => !isCurrent(one.exchangeKey))
    for (const { session } of ended) this.#state.sessions.delete(sessionKey(contact, session))
    const sessionDevices = record.sessionDevices.filter(one => !ended.includes(one))
    const changed = { ...record, manifest: manifest.signed, manifestChanged: true, sessionDevices }
    if (!ended.some(one => equal(one.session, record.activeSession))) return changed
    const left = this.#state.sessionsOf(contact).at(-1)
    if (left !== undefined) this.#parts.sessionReady(contact)
    return { ...changed, activeSession: left?.id ?? none }
  }

  /**
   * Whether a handshake by `device`, shown with `next`, may begin a session. A device that the newest
   * manifest does not have was revoked, whatever an older one says of it.
   */
  isDeviceCurrent (record: ContactRecord, verdict: Verdict, device: Device): boolean {
    if (verdict === 'refused') return false
    if (verdict !== 'older') return true
    return hasDevice(openManifest(this.#ports.suite, record.manifest), device)
  }

  /** Whether another device of the contact is the one that is written to. */
  isFurtherDevice (record: ContactRecord, device: Device): boolean {
    const active = record.sessionDevices.find(one => equal(one.session, record.activeSession))
    return active !== undefined && !equal(active.exchangeKey, device.exchangeKey)
  }

  /** Whether `session` was begun by whoever contradicts what was known. */
  isPresented (contact: string, session: Pick<Session, 'id'>): boolean {
    return equal(this.#known(contact).presentedSession, session.id)
  }

  // -- decided by this account's owner, inside a step

  /** UsageError USAGE where there is nothing to decide in this way. */
  accept (contact: string, identity: 'known' | 'presented'): void {
    const record = this.#known(contact)
    const before = identityStates[record.identity]!
    if (identity === 'presented' && before !== 'forked') {
      throw new UsageError('USAGE', 'No other identity of this contact was presented.')
    }
    if (before === 'unchanged') return
    const settled = { ...record, ...notPresented }
    if (before === 'rotated') {
      this.#put(contact, this.#move(settled, 'decidedByUser'))
      return
    }
    const presented = openManifest(this.#ports.suite, record.presented)
    if (identity === 'known') {
      this.#state.sessions.delete(sessionKey(contact, record.presentedSession))
      this.#put(contact, this.#move({ ...settled, refusedManifest: presented.hash }, 'decidedByUser'))
      return
    }
    const changed = this.#withManifest({
      ...settled,
      refusedManifest: none,
      verifiedAt: 0,
      verifiedManifest: presented.hash,
      routesSequence: 0
    }, presented)
    // Another device: it counts from the beginning.
    const conversation = this.#state.conversations.get(contact)
    if (record.presentedSession.length > 0 && conversation !== undefined) {
      this.#state.conversations.put(contact, {
        ...conversation, seen: record.presentedSeen
      })
      changed.activeSession = record.presentedSession
      this.#parts.sessionReady(contact)
    }
    this.#put(contact, this.#move(changed, 'decidedByUser'))
  }

  // -- pieces

  #move (record: ContactRecord, event: 'rotatedByOwner' | 'contradicted' | 'decidedByUser'): ContactRecord {
    const contact = hex(record.account)
    const before = identityStates[record.identity]!
    const next = identityMachine.next(before, event)
    if (next !== before || event === 'rotatedByOwner') this.#tell(contact)
    if ((next === 'forked') !== (before === 'forked')) {
      this.#ledger.effect(() => { this.#parts.routesChanged(contact) })
    }
    return { ...record, identity: identityStates.indexOf(next) }
  }

  #known (contact: string): ContactRecord {
    const record = this.#state.contacts.get(contact)
    if (record === undefined) throw new UsageError('UNKNOWN_CONTACT')
    return record
  }

  #put (contact: string, record: ContactRecord): void { this.#state.contacts.put(contact, record) }

  #tell (contact: string): void {
    const contactId = this.#state.bech32Of(contact)
    this.#ledger.effect(() => {
      const record = this.#state.contacts.get(contact)
      if (record === undefined) return
      this.#parts.notices.tell({
        type: 'contact.identity',
        contactId,
        name: shownName(record),
        identity: identityStates[record.identity]!,
        verified: isVerified(record)
      })
    })
  }
}

function hasDevice (manifest: VerifiedManifest, device: Device): boolean {
  return manifest.devices.some(known => equal(known.id, device.id) &&
    equal(known.exchangeKey, device.exchangeKey) && equal(known.signingKey, device.signingKey))
}

/** The person took a presented identity, which no number can verify, and no rotation came since: no time, and yet a hash. */
function isTakenUnproved ({ verifiedAt, verifiedManifest }: Pick<ContactRecord, 'verifiedAt' | 'verifiedManifest'>): boolean {
  return verifiedAt === 0 && verifiedManifest.length > 0
}

/** New devices and rotated keys leave it as it is; what contradicts the known identity suspends it. */
export function isVerified (record: Pick<ContactRecord, 'verifiedAt' | 'identity'>): boolean {
  return record.verifiedAt > 0 && !isIdentityForked(record)
}
