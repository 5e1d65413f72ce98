/**
 * Contacts: how someone becomes one, how sessions with it begin, and how one stops being one. What it
 * hears of this account is in announcements.ts. Changes happen inside steps.
 */
import { bundleLocation, decodeBundlePrivates, resetRouteSecret, type BundlePrivates, type VerifiedBundle } from '../../protocol/bundle.ts'
import { concat, equal, toHex as hex } from '../../protocol/bytes.ts'
import { CryptoError, RemoteError, RestanteError, UsageError } from '../../protocol/errors.ts'
import { openManifest } from '../../protocol/manifest.ts'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import { accept, initiate, readPrekeyId, type Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { decode } from '../../protocol/wire/decode.ts'
import { ContactUpdate } from '../../protocol/wire/restante.js'
import type { OwnKeys } from './account-keys.ts'
import type { Announcements } from './announcements.ts'
import type { ContactState } from './api.ts'
import { cleanName, isUsableRoute, newContact, notSearched, shownName } from './contact-record.ts'
import * as defaults from './defaults.ts'
import { inviteIdOf, type Invites } from './invites.ts'
import type { Ledger } from './ledger.ts'
import { contactMachine } from './machines.ts'
import type { Notices } from './notices.ts'
import type { Outbox } from './outbox.ts'
import type { ContactRecord, GrantRecord, InviteRecord, RouteRecord } from './records.js'
import type { Receipts } from './receipts.ts'
import { renewalOf, type Renewals } from './renewals.ts'
import type { Sealing } from './sealing.ts'
import type { Sessions } from './sessions.ts'
import { contactStates, routeSecretOf, sessionKey, type Account, type Recipient, type State } from './state.ts'
import type { Verdict, Verification } from './verification.ts'

export interface ContactsPorts { clock: Clock, random: Random, log: Log, suite: CryptoSuite }

export interface ContactsParts {
  announcements: Announcements
  invites: Invites
  sealing: Sealing
  sessions: Sessions
  renewals: Renewals
  outbox: Outbox
  receipts: Receipts
  notices: Notices
  verification: Verification
  ownKeys: OwnKeys
}

/** Of the id of a message that was removed. */
export const removedIdBytes = 8

/** An invite, or only an account id (`secret` undefined), which has to be looked up. */
interface Target { account: Uint8Array, secret: Uint8Array | undefined, routes: RouteRecord[], expiresAt: number, reusable: boolean }
type ContactEvent = Parameters<typeof contactMachine.next>[1]

export class Contacts {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: ContactsPorts
  readonly #parts: ContactsParts

  constructor (state: State, ledger: Ledger, ports: ContactsPorts, parts: ContactsParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  // -- added by this account's owner

  add (target: Target, name: string): string {
    const own = this.#account()
    if (equal(target.account, own.account)) throw new UsageError('INVITE_OWN')
    const contact = hex(target.account)
    const known = this.#state.contacts.get(contact)
    const isStranger = known !== undefined && contactStates[known.state] === 'request'
    const record: ContactRecord = {
      ...(known ?? this.#newContact(target.account)),
      name: name === '' ? known?.name ?? '' : name,
      routes: known !== undefined && known.routes.length > 0 ? known.routes : target.routes
    }
    const oneTimeInvite = target.secret === undefined || target.reusable ? new Uint8Array(0) : inviteIdOf(this.#ports.suite, target.secret)
    // A one-time invite begins one session: what was said in another, with a second relay's copy of its prekeys, nobody could open.
    const isSpent = oneTimeInvite.length > 0 && known !== undefined && equal(known.oneTimeInvite, oneTimeInvite) &&
      this.#parts.sealing.activeSession(contact) !== undefined
    // Who knocked a moment ago has a session. Anybody else may have removed this account, and its session.
    if (!isStranger && !isSpent) {
      record.oneTimeInvite = oneTimeInvite
      record.inviteSecret = target.secret ?? new Uint8Array(0)
      record.inviteRoutes = target.routes
      record.inviteExpiresAt = target.expiresAt
      record.lookup = target.secret === undefined
      record.renewing = known !== undefined && this.#parts.sealing.activeSession(contact) !== undefined
      record.failure = ''
    }
    this.#put(contact, this.#parts.announcements.withGrants(record, []))
    this.#move(contact, this.#state.contacts.get(contact)!, 'addedByUser', known === undefined ? 'unknown' : undefined)
    if (isStranger || (known !== undefined && contactStates[known.state] === 'blocked')) this.#welcome(contact)
    return contact
  }

  /** The descriptor of a contact that was added by account id. */
  found (contact: string, secret: Uint8Array, routes: RouteRecord[]): void {
    const record = this.#state.contacts.get(contact)
    if (record === undefined || !record.lookup) return
    const current = record.renewing ? record.routes : routes
    this.#put(contact, { ...record, lookup: false, inviteSecret: secret, inviteRoutes: routes, routes: current })
  }

  /** The bundle behind the invite is here: the session begins, and with it whatever waits for this contact. */
  introduced (contact: string, bundle: VerifiedBundle): void {
    const record = this.#state.contacts.get(contact)
    if (record === undefined || record.inviteSecret.length === 0) return
    const { verdict, record: judged } = this.#parts.verification.judge(record, bundle.manifest)
    // A relay may keep an old bundle, and a thief of the key may have published one of his own.
    if (verdict === 'fork' || !this.#parts.verification.isDeviceCurrent(judged, verdict, bundle.device)) {
      this.#put(contact, judged)
      this.unreachable(contact, 'INVITE_INVALID')
      return
    }
    const { searching, byReset } = renewalOf(record)
    const introduced = {
      ...judged, ...notSearched, ...endOfSearch(record), routes: record.renewing && !byReset ? record.inviteRoutes : record.routes, theirName: cleanName(bundle.name)
    }
    const { device, record: own } = this.#account()
    const session = initiate(this.#ports.suite, this.#ports.random, { device, manifest: own.manifest, bundle })
    this.#put(contact, introduced)
    this.#parts.sessions.begin(contact, session, bundle.device, {
      weak: bundle.oneTimePrekey === undefined, renewal: searching, isReceivingOnly: false
    })
    // Which of its contents are here is the first that a contact who was set back must hear.
    if (searching) this.#parts.receipts.now(contact)
    this.#parts.announcements.tell(contact)
    this.#tell(contact)
  }

  /** Prekeys for another session with this contact are looked for: its own ones, or those that anybody finds. */
  renew (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    const { resetSecret } = record
    const routes = resetSecret.length === 0
      ? []
      : record.routes.map(route => ({ ...route, secret: resetRouteSecret(this.#ports.suite, resetSecret, route.peerKey) }))
    const byReset = routes.length > 0
    this.#put(contact, {
      ...record,
      renewing: true,
      inviteSecret: byReset ? resetSecret : new Uint8Array(0),
      inviteRoutes: routes,
      inviteExpiresAt: 0,
      lookup: !byReset,
      renewal: { ...renewalOf(record), searching: true, byReset }
    })
  }

  /** The contact's own prekeys are nowhere: those behind its descriptor are looked up. */
  lookUp (contact: string): void {
    const record = this.#state.contacts.get(contact)
    if (record === undefined || !renewalOf(record).searching) return
    this.#put(contact, {
      ...record, inviteSecret: new Uint8Array(0), inviteRoutes: [], lookup: true, renewal: { ...renewalOf(record), byReset: false }
    })
  }

  /** The invite can't be used any more; nothing will ever reach this contact by it. */
  unreachable (contact: string, reason: 'INVITE_EXPIRED' | 'INVITE_INVALID'): void {
    const record = this.#state.contacts.get(contact)
    if (record === undefined || record.inviteSecret.length === 0) return
    // The session that there was before is as good as it was.
    this.#put(contact, { ...record, ...notSearched, ...endOfSearch(record), oneTimeInvite: new Uint8Array(0), failure: record.renewing ? '' : reason })
    if (!record.renewing) this.#parts.outbox.contactGone(contact, reason)
    else this.#parts.renewals.failed(contact)
  }

  // -- heard of from outside

  /** A first message, at the address of an invite. Throws CryptoError and has changed nothing. */
  knocked (recipient: Recipient, inner: Uint8Array): { contact: string, session: Session, content: Uint8Array } {
    const { suite, random } = this.#ports
    const { device, account } = this.#account()
    const prekeyId = readPrekeyId(inner)?.slice()
    const found = prekeyId && this.#prekeys(recipient, prekeyId)
    if (found === undefined) throw new CryptoError('PREKEY_UNKNOWN')
    const { invite, privates } = found
    const { session, peer, peerDevice, content } = accept(suite, random, { device, privates, inner })
    const tag = hex(session.handshakeTag)
    // Its session is gone, so this says nothing of whether its content ever was here: it is no duplicate.
    if (this.#state.handshakes.get(tag) !== undefined) throw new CryptoError('PREKEY_UNKNOWN')
    if (equal(peer.account, account)) throw new CryptoError('AUTHENTICATION_FAILED')
    const contact = hex(peer.account)
    // At a contact's address nobody else is heard, and its prekeys serve nobody else.
    if (recipient.kind === 'contact' && recipient.contact !== contact) throw new CryptoError('AUTHENTICATION_FAILED')
    const known = this.#state.contacts.get(contact)
    // Who is blocked learns nothing of it.
    if (known !== undefined && contactStates[known.state] === 'blocked') throw new RemoteError('UNKNOWN_ADDRESS')
    // Account ids cost nothing to make, and each request costs a contact and a session here.
    if (known === undefined && invite.reusable && this.#requests() >= defaults.requestsMax) throw new RemoteError('QUOTA')
    const { verdict, record: judged } =
      this.#parts.verification.judge(known ?? this.#newContact(peer.account), peer)
    if (!this.#parts.verification.isDeviceCurrent(judged, verdict, peerDevice)) {
      throw new CryptoError('AUTHENTICATION_FAILED')
    }
    const isForked = verdict === 'fork'
    // One device of a contact is written to: the one that is, for as long as its owner's list has it.
    const isFurther = this.#parts.verification.isFurtherDevice(judged, peerDevice)
    const isReset = invite.contact.length > 0
    const inherited = invite.reusable || isReset ? [] : this.#spendInvite(invite)
    const record = this.#parts.announcements.withGrants(judged, inherited)
    this.#put(contact, isForked
      ? { ...record, presentedSession: session.id, presentedUpdate: new Uint8Array(0), presentedSeen: [] }
      : { ...record, ...notSearched, ...endOfSearch(record), failure: '' })
    if (isReset) this.#parts.invites.spendReset(peer.account)
    else if (invite.reusable) this.#state.handshakes.put(tag, { tag: session.handshakeTag, prekeyId: privates.prekeyId })
    else this.#state.invites.delete(hex(invite.id))
    // By an invite it was the contact's owner who began anew.
    const isRenewal = isReset || (invite.request && known !== undefined && contactStates[known.state] === 'accepted')
    this.#parts.sessions.begin(contact, session, peerDevice, {
      weak: privates.oneTimeSeed === undefined, renewal: isRenewal, isReceivingOnly: isForked || isFurther
    })
    const event = invite.reusable || isReset ? 'knocked' : 'knockedByOneTimeInvite'
    this.#move(contact, this.#state.contacts.get(contact)!, event, known === undefined ? 'unknown' : undefined)
    if (isRenewal && !isForked && !isFurther) this.#parts.renewals.confirmed(contact)
    if (contactStates[this.#state.contacts.get(contact)!.state] === 'accepted') {
      this.#parts.announcements.tell(contact)
      if (isRenewal) this.#parts.receipts.due(contact)
    }
    return { contact, session, content }
  }

  /** Prekeys that may be used at this address. */
  #prekeys (recipient: Recipient, prekeyId: Uint8Array): { invite: InviteRecord, privates: BundlePrivates } | undefined {
    const invites = recipient.kind === 'invite'
      ? [this.#state.invites.get(recipient.invite)]
      : [this.#parts.invites.resetFor(recipient.contact), this.#parts.invites.request]
    for (const invite of invites) {
      const privates = invite?.privates.map(decodeBundlePrivates).find(one => equal(one.prekeyId, prekeyId))
      if (invite !== undefined && privates !== undefined) return { invite, privates }
    }
    return undefined
  }

  #requests (): number {
    let count = 0
    for (const { state } of this.#state.contacts.values()) if (contactStates[state] === 'request') count++
    return count
  }

  /** The other side has answered in a session that this side began. */
  confirmed (contact: string, session: Session): void {
    if (this.#parts.sessions.confirmed(contact, session)) this.#parts.renewals.confirmed(contact)
  }

  /** Something was opened; `isNew`: contents that were not here. */
  heardFrom (contact: string, session: Session, isNew: boolean): void {
    if (this.#parts.verification.isPresented(contact, session)) return
    this.#parts.sessions.heard(contact, session, isNew)
    this.#parts.renewals.heard(contact, session)
    if (!isNew) return
    const record = this.#state.contacts.get(contact)!
    if (contactStates[record.state] === 'invited') this.#move(contact, record, 'answered')
  }

  /** What they say of themselves. `isNew` false: its number was used before. */
  updated (contact: string, update: ContactUpdate, session: Session, isNew: boolean): void {
    const record = this.#state.contacts.get(contact)!
    this.#parts.ownKeys.shown(update.yourManifest)
    // Whatever its numbers: who stole the key could have used them up, and a rotation must get through.
    const { verdict, record: judged } = this.#judge(record, update.manifest)
    if (this.#parts.verification.isPresented(contact, session)) {
      this.#put(contact, { ...judged, presentedUpdate: ContactUpdate.encode(update) })
      return
    }
    // Who was set back says it under numbers that are used up, and hears of that only where there is a way to him.
    const isNewer = record.routes.length === 0 || (isNew && update.sequence > record.routesSequence)
    // Whoever contradicts what is known doesn't lead what waits for this contact elsewhere.
    if (isNewer && verdict !== 'fork' && verdict !== 'refused') this.#take(contact, judged, update)
    else this.#put(contact, judged)
    // They hear which manifest is known here: a false one shows to its owner so.
    if (judged.manifest !== record.manifest) this.#parts.announcements.tellWhereKnown(contact)
  }

  /** The person decides whose the contact is; what is said of where to find the presented one holds then. */
  acceptIdentity (contact: string, identity: 'known' | 'presented'): void {
    const { presentedUpdate } = this.#state.contacts.get(contact)!
    this.#parts.verification.accept(contact, identity)
    if (identity === 'known') return
    const record = this.#state.contacts.get(contact)!
    if (presentedUpdate.length > 0) this.#take(contact, record, decode(ContactUpdate, presentedUpdate, 'contactUpdate'))
    this.#parts.announcements.tellWhereKnown(contact)
  }

  #take (contact: string, record: ContactRecord, update: ContactUpdate): void {
    const routes = update.routes.filter(isUsableRoute).map(route => ({ ...route, secret: route.secret.slice(), peerKey: route.peerKey.slice() }))
    const resetSecret = update.resetSecret.length === 32 ? update.resetSecret.slice() : record.resetSecret
    this.#put(contact, { ...record, routes, routesSequence: Math.max(record.routesSequence, update.sequence), theirName: cleanName(update.name), resetSecret })
    this.#ledger.effect(() => { this.#parts.outbox.routesChanged(contact) })
    if (record.theirName !== update.name) this.#tell(contact)
  }

  /** A manifest out of an update; empty: unchanged. */
  #judge (record: ContactRecord, manifest: Uint8Array): { verdict: Verdict, record: ContactRecord } {
    const unchanged = { verdict: 'same' as const, record }
    if (manifest.length === 0) return unchanged
    try {
      const next = openManifest(this.#ports.suite, manifest.slice())
      return equal(next.account, record.account) ? this.#parts.verification.judge(record, next) : unchanged
    } catch (error) {
      if (!(error instanceof RestanteError)) throw error
      this.#ports.log.warn('manifest-refused', { code: error.code })
      return unchanged
    }
  }

  // -- decided by this account's owner

  accept (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    const before = contactStates[record.state]
    this.#move(contact, record, 'acceptedByUser')
    if (before !== 'accepted' && before !== 'invited') this.#welcome(contact)
  }

  /** Someone who was not heard, or not answered, now is. */
  #welcome (contact: string): void {
    this.#parts.announcements.reopen(this.#state.contacts.get(contact)!)
    if (this.#parts.sealing.activeSession(contact) !== undefined) {
      this.#parts.announcements.tell(contact)
      this.#parts.receipts.due(contact)
    }
    this.#ledger.effect(() => { this.#parts.outbox.routesChanged(contact) })
  }

  block (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    this.#parts.announcements.close(record)
    this.#parts.outbox.contactGone(contact, 'CONTACT_BLOCKED')
    this.#move(contact, record, 'blockedByUser')
  }

  /** `ids`: of messages of theirs that are deleted with it, oldest first. */
  remove (contact: string, ids: Uint8Array[]): void {
    const record = this.#state.contacts.get(contact)!
    this.#parts.announcements.close(record)
    for (const outbound of [...this.#state.outboundOf(contact)]) this.#state.outbox.delete(outbound.id)
    this.#ledger.effect(() => { this.#parts.outbox.routesChanged(contact) })
    for (const session of this.#state.sessionsOf(contact)) this.#state.sessions.delete(sessionKey(contact, session.id))
    // Only numbers stay: did they begin anew, the other side would take what is new for what it has.
    this.#state.conversations.put(contact, {
      ...this.#parts.sealing.conversation(contact),
      heads: [],
      unread: 0,
      receiptDue: false,
      lastMessageAt: 0,
      // Nor must what was deleted come back, where the other side was set back and sends it again.
      removedIds: concat(...ids.slice(-defaults.removedIdsMax).map(id => id.subarray(0, removedIdBytes))),
      removedAt: this.#ports.clock.now(),
      awaited: new Uint8Array(0),
      formerSentUpdate: record.sentUpdate,
      formerRoutesSequence: record.routesSequence
    })
    this.#state.contacts.delete(contact)
  }

  // -- this profile was set back

  /** What it said of itself bears numbers that it gives again, and its sessions are older than what was sent in them. */
  wasSetBack (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    // Each update had a number of its own, so that none had a higher sequence than that.
    const sentUpdate = Math.max(record.sentUpdate, this.#parts.sealing.conversation(contact).floor)
    this.#put(contact, { ...record, sentUpdate })
    this.#parts.sessions.retire(contact)
    if (this.#parts.sealing.activeSession(contact) === undefined) this.#parts.renewals.suspect(contact, 'proof')
    else this.#parts.announcements.tellWhereKnown(contact)
  }

  // -- pieces

  /** A one-time invite's addresses become those of whoever used it, and its bundle is withdrawn. */
  #spendInvite (invite: InviteRecord): GrantRecord[] {
    const { suite } = this.#ports
    return invite.routes.map(route => {
      const secret = routeSecretOf(suite, invite, route.peerKey)
      if (invite.publishedAt.some(peerKey => equal(peerKey, route.peerKey))) {
        this.#parts.announcements.withdraw(route.peerKey, bundleLocation(suite, secret))
      }
      return { device: invite.byDevice, peerKey: invite.byDevice ? new Uint8Array(0) : route.peerKey, secret, inherited: true }
    })
  }

  #move (contact: string, record: ContactRecord, event: ContactEvent, from?: 'unknown'): void {
    const before = from ?? contactStates[record.state]!
    const next = contactMachine.next(before, event) as ContactState
    if (next === before) return
    this.#put(contact, { ...record, state: contactStates.indexOf(next) })
    this.#tell(contact)
  }

  #put (contact: string, record: ContactRecord): void { this.#state.contacts.put(contact, record) }

  #tell (contact: string): void {
    const contactId = this.#state.bech32Of(contact)
    this.#ledger.effect(() => {
      const record = this.#state.contacts.get(contact)
      if (record === undefined) return
      this.#parts.notices.tell({
        type: 'contact.state', contactId, name: shownName(record), state: contactStates[record.state]!
      })
    })
  }

  #newContact (account: Uint8Array): ContactRecord {
    const former = this.#state.conversations.get(hex(account))
    return {
      ...newContact(account, this.#ports.clock.now()),
      sentUpdate: former?.formerSentUpdate ?? 0,
      routesSequence: former?.formerRoutesSequence ?? 0
    }
  }

  #account (): Account {
    const account = this.#state.account
    if (account === undefined) throw new UsageError('NO_ACCOUNT')
    return account
  }
}

function endOfSearch (record: ContactRecord): Pick<ContactRecord, 'renewal'> {
  return record.renewal === undefined ? {} : { renewal: { ...record.renewal, searching: false, byReset: false } }
}
