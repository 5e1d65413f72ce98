/**
 * Contacts: how someone becomes one, what each side tells the other about itself, and how one stops
 * being one. Changes happen inside steps.
 */
import { bundleLocation, decodeBundlePrivates, inviteRouteSecret, type VerifiedBundle } from '../../protocol/bundle.ts'
import { compare, equal, toHex as hex } from '../../protocol/bytes.ts'
import { deriveGrant } from '../../protocol/envelope.ts'
import { CryptoError, RemoteError, RestanteError, UsageError } from '../../protocol/errors.ts'
import { contentKinds } from '../../protocol/limits.ts'
import { openManifest } from '../../protocol/manifest.ts'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import { accept, initiate, readPrekeyId, type Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { decode } from '../../protocol/wire/decode.ts'
import { ContactUpdate } from '../../protocol/wire/restante.js'
import type { OwnKeys } from './account-keys.ts'
import type { ContactState } from './api.ts'
import { cleanName, isUsableRoute, newContact, notSearched, shownName, withDevice } from './contact-record.ts'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import { contactMachine } from './machines.ts'
import type { Notices } from './notices.ts'
import type { Outbox } from './outbox.ts'
import type { ContactRecord, GrantRecord, InviteRecord, RouteRecord } from './records.js'
import type { Receipts } from './receipts.ts'
import type { Sealing } from './sealing.ts'
import { contactStates, sessionKey, type Account, type Recipient, type State } from './state.ts'
import type { Verdict, Verification } from './verification.ts'

export interface ContactsPorts { clock: Clock, random: Random, log: Log, suite: CryptoSuite }

export interface ContactsParts {
  sealing: Sealing
  outbox: Outbox
  receipts: Receipts
  notices: Notices
  verification: Verification
  ownKeys: OwnKeys
  /** Where others may dial this device, and its peer key. Undefined before the network is up. */
  ownDevice: () => { peerKey: Uint8Array, multiaddrs: string[] } | undefined
  /** After a commit: the addresses that shall be open at own relays are others. */
  addressesChanged: () => void
}

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

  /** An invite, or only an account id (`secret` undefined), which has to be looked up. */
  add (target: { account: Uint8Array, secret: Uint8Array | undefined, routes: RouteRecord[], expiresAt: number }, name: string): string {
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
    // Who knocked a moment ago has a session. Anybody else may have removed this account, and its session.
    if (!isStranger) {
      record.inviteSecret = target.secret ?? new Uint8Array(0)
      record.inviteRoutes = target.routes
      record.inviteExpiresAt = target.expiresAt
      record.lookup = target.secret === undefined
      record.renewing = known !== undefined && this.#parts.sealing.activeSession(contact) !== undefined
      record.failure = ''
    }
    this.#put(contact, this.#withGrants(record, []))
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
    const introduced = {
      ...judged, ...notSearched, routes: record.renewing ? record.inviteRoutes : record.routes, theirName: cleanName(bundle.name)
    }
    const { device, record: own } = this.#account()
    const session = initiate(this.#ports.suite, this.#ports.random, { device, manifest: own.manifest, bundle })
    this.#state.sessions.put(sessionKey(contact, session.id), { account: record.account, session })
    this.#put(contact, withDevice({ ...introduced, activeSession: session.id }, session, bundle.device))
    this.#sendUpdate(contact)
    this.#parts.sealing.sessionReady(contact)
    this.#ledger.effect(() => { this.#parts.outbox.routesChanged(contact) })
    this.#tell(contact)
  }

  /** The invite can't be used any more; nothing will ever reach this contact by it. */
  unreachable (contact: string, reason: 'INVITE_EXPIRED' | 'INVITE_INVALID'): void {
    const record = this.#state.contacts.get(contact)
    if (record === undefined || record.inviteSecret.length === 0) return
    // The session that there was before is as good as it was.
    this.#put(contact, { ...record, ...notSearched, failure: record.renewing ? '' : reason })
    if (!record.renewing) this.#parts.outbox.contactGone(contact, reason)
  }

  // -- heard of from outside

  /** A first message, at the address of an invite. Throws CryptoError and has changed nothing. */
  knocked (recipient: Recipient, inner: Uint8Array): { contact: string, session: Session, content: Uint8Array } {
    const { suite, random } = this.#ports
    const { device, account } = this.#account()
    const invite = recipient.kind === 'invite' ? this.#state.invites.get(recipient.invite) : undefined
    const prekeyId = readPrekeyId(inner)?.slice()
    if (invite === undefined || prekeyId === undefined) throw new CryptoError('PREKEY_UNKNOWN')
    const privates = invite.privates.map(decodeBundlePrivates).find(one => equal(one.prekeyId, prekeyId))
    if (privates === undefined) throw new CryptoError('PREKEY_UNKNOWN')
    const { session, peer, peerDevice, content } = accept(suite, random, { device, privates, inner })
    const tag = hex(session.handshakeTag)
    // Its session is gone, so this says nothing of whether its content ever was here: it is no duplicate.
    if (this.#state.handshakes.get(tag) !== undefined) throw new CryptoError('PREKEY_UNKNOWN')
    if (equal(peer.account, account)) throw new CryptoError('AUTHENTICATION_FAILED')
    const contact = hex(peer.account)
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
    const inherited = invite.reusable ? [] : this.#spendInvite(invite)
    const record = withDevice(this.#withGrants(judged, inherited), session, peerDevice)
    this.#put(contact, isForked
      ? { ...record, presentedSession: session.id, presentedUpdate: new Uint8Array(0), presentedSeen: [] }
      : { ...record, ...notSearched, failure: '' })
    if (invite.reusable) this.#state.handshakes.put(tag, { tag: session.handshakeTag, prekeyId })
    else this.#state.invites.delete(hex(invite.id))
    this.#adopt(contact, session, isForked || isFurther)
    const event = invite.reusable ? 'knocked' : 'knockedByOneTimeInvite'
    this.#move(contact, this.#state.contacts.get(contact)!, event, known === undefined ? 'unknown' : undefined)
    if (contactStates[this.#state.contacts.get(contact)!.state] === 'accepted') this.#sendUpdate(contact)
    return { contact, session, content }
  }

  #requests (): number {
    let count = 0
    for (const { state } of this.#state.contacts.values()) if (contactStates[state] === 'request') count++
    return count
  }

  /** The other side has answered in a session that this side began. */
  confirmed (contact: string, session: Session): void {
    const record = this.#state.contacts.get(contact)!
    const active = this.#parts.sealing.activeSession(contact)
    if (active !== undefined && (active.confirmed || equal(active.id, session.id))) return
    this.#put(contact, { ...record, activeSession: session.id })
    this.#parts.sealing.sessionReady(contact)
  }

  /** Something new of them was opened. */
  heardFrom (contact: string, session: Session): void {
    const record = this.#state.contacts.get(contact)!
    const active = this.#parts.sealing.activeSession(contact)
    if (this.#parts.verification.isPresented(contact, session)) return
    if (active === undefined || (!active.confirmed && session.confirmed && !equal(active.id, session.id))) {
      this.#put(contact, { ...record, activeSession: session.id })
      this.#parts.sealing.sessionReady(contact)
    }
    if (contactStates[record.state] === 'invited') this.#move(contact, this.#state.contacts.get(contact)!, 'answered')
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
    // Whoever contradicts what is known doesn't lead what waits for this contact elsewhere.
    const isTaken = isNew && update.sequence > record.routesSequence && verdict !== 'fork' && verdict !== 'refused'
    if (isTaken) this.#take(contact, judged, update)
    else this.#put(contact, judged)
    // They hear which manifest is known here: a false one shows to its owner so.
    if (judged.manifest !== record.manifest) this.#sendUpdateWhereKnown(contact)
  }

  /** The person decides whose the contact is; what is said of where to find the presented one holds then. */
  acceptIdentity (contact: string, identity: 'known' | 'presented'): void {
    const { presentedUpdate } = this.#state.contacts.get(contact)!
    this.#parts.verification.accept(contact, identity)
    if (identity === 'known') return
    const record = this.#state.contacts.get(contact)!
    if (presentedUpdate.length > 0) this.#take(contact, record, decode(ContactUpdate, presentedUpdate, 'contactUpdate'))
    this.#sendUpdateWhereKnown(contact)
  }

  #take (contact: string, record: ContactRecord, update: ContactUpdate): void {
    const routes = update.routes.filter(isUsableRoute).map(route => ({ ...route, secret: route.secret.slice(), peerKey: route.peerKey.slice() }))
    this.#put(contact, { ...record, routes, routesSequence: update.sequence, theirName: cleanName(update.name) })
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
    this.#reopen(this.#state.contacts.get(contact)!)
    if (this.#parts.sealing.activeSession(contact) !== undefined) {
      this.#sendUpdate(contact)
      this.#parts.receipts.due(contact)
    }
    this.#ledger.effect(() => { this.#parts.outbox.routesChanged(contact) })
  }

  block (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    this.#close(record)
    this.#parts.outbox.contactGone(contact, 'CONTACT_BLOCKED')
    this.#move(contact, record, 'blockedByUser')
  }

  remove (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    this.#close(record)
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
      formerSentUpdate: record.sentUpdate,
      formerRoutesSequence: record.routesSequence
    })
    this.#state.contacts.delete(contact)
  }

  // -- what contacts hear about this account

  /** Tells every contact where this device and its mailboxes are now, if that has changed. */
  announce (): void {
    const account = this.#account()
    const device = this.#parts.ownDevice()
    if (device === undefined) return
    const announced = [...device.multiaddrs].sort()
    if (announced.length === account.record.announced.length && announced.every((one, i) => one === account.record.announced[i])) return
    this.#state.accounts.put('account', {
      ...account, record: { ...account.record, announced }
    })
    this.tellEveryone()
  }

  /** What this account says of itself is another. */
  tellEveryone (): void {
    for (const record of this.#state.contacts.values()) this.#sendUpdateWhereKnown(hex(record.account))
  }

  #sendUpdateWhereKnown (contact: string): void {
    const state = contactStates[this.#state.contacts.get(contact)!.state]
    if (state !== 'accepted' && state !== 'invited') return
    if (this.#parts.sealing.activeSession(contact) !== undefined) this.#sendUpdate(contact)
  }

  #sendUpdate (contact: string): void {
    const account = this.#account()
    const record = this.#withGrants(this.#state.contacts.get(contact)!, [])
    // The sequence is each contact's own, so that no one learns how many others there are.
    const sequence = record.sentUpdate + 1
    this.#put(contact, { ...record, sentUpdate: sequence })
    const device = this.#parts.ownDevice()
    const routes = record.grants.flatMap((grant): RouteRecord[] => {
      if (grant.device) return device === undefined || device.multiaddrs.length === 0 ? [] : [{ ...device, device: true, secret: grant.secret }]
      const relay = account.record.relays.find(one => equal(one.peerKey, grant.peerKey))
      return relay === undefined ? [] : [{ device: false, peerKey: relay.peerKey, multiaddrs: relay.multiaddrs, secret: grant.secret }]
    })
    this.#parts.sealing.queue(contact, contentKinds.contactUpdate, ContactUpdate.encode({
      sequence,
      name: account.record.name,
      manifest: account.record.manifest,
      routes,
      // The first one is bound into the handshake.
      yourManifest: record.manifestChanged ? record.manifest : new Uint8Array(0)
    }))
  }

  /** This profile was set back: what it said of itself bears numbers that it gives again. */
  wasSetBack (contact: string): void {
    const record = this.#state.contacts.get(contact)!
    // Each update had a number of its own, so that none had a higher sequence than that.
    const sentUpdate = Math.max(record.sentUpdate, this.#parts.sealing.conversation(contact).floor)
    this.#put(contact, { ...record, sentUpdate })
    this.#sendUpdateWhereKnown(contact)
  }

  // -- pieces

  /** Adds an address at each own relay, and at this device, where there is none yet. */
  #withGrants (record: ContactRecord, inherited: GrantRecord[]): ContactRecord {
    const grants = [...record.grants, ...inherited]
    const { relays } = this.#account().record
    for (const { peerKey } of relays) {
      if (grants.some(grant => !grant.device && equal(grant.peerKey, peerKey))) continue
      grants.push({ device: false, peerKey, secret: this.#ports.random.bytes(32), inherited: false })
    }
    if (!grants.some(grant => grant.device)) {
      grants.push({ device: true, peerKey: new Uint8Array(0), secret: this.#ports.random.bytes(32), inherited: false })
    }
    if (grants.length === record.grants.length) return record
    this.#ledger.effect(() => { this.#parts.addressesChanged() })
    return { ...record, grants }
  }

  /** A one-time invite's addresses become those of whoever used it, and its bundle is withdrawn. */
  #spendInvite (invite: InviteRecord): GrantRecord[] {
    const { suite } = this.#ports
    return invite.routes.map((route, index) => {
      const secret = inviteRouteSecret(suite, invite.secret, index)
      if (invite.publishedAt.some(peerKey => equal(peerKey, route.peerKey))) {
        this.#atMailbox(route.peerKey, { withdrawing: bundleLocation(suite, secret) })
      }
      return { device: invite.byDevice, peerKey: invite.byDevice ? new Uint8Array(0) : route.peerKey, secret, inherited: true }
    })
  }

  /** `isReceivingOnly`: it is heard, and nothing is sent in it. */
  #adopt (contact: string, session: Session, isReceivingOnly: boolean): void {
    const record = this.#state.contacts.get(contact)!
    this.#state.sessions.put(sessionKey(contact, session.id), { account: record.account, session })
    const active = this.#parts.sealing.activeSession(contact)
    // Both began at once: the lower id is sent in, by both, and the other still receives.
    const yields = active?.initiator === true && !active.confirmed && compare(active.id, session.id) < 0
    if (!yields && !isReceivingOnly) {
      this.#put(contact, { ...record, activeSession: session.id })
      this.#parts.sealing.sessionReady(contact)
    }
    const others = this.#state.sessionsOf(contact).filter(one => !equal(one.id, this.#state.contacts.get(contact)!.activeSession))
    for (const old of others.slice(0, Math.max(0, others.length + 1 - defaults.sessionsPerContactMax))) {
      this.#state.sessions.delete(sessionKey(contact, old.id))
    }
  }

  #close (record: ContactRecord): void {
    for (const grant of record.grants) {
      if (!grant.device) this.#atMailbox(grant.peerKey, { closing: deriveGrant(this.#ports.suite, grant.secret).addressHash })
    }
    this.#ledger.effect(() => { this.#parts.addressesChanged() })
  }

  #reopen (record: ContactRecord): void {
    for (const grant of record.grants) {
      const mailbox = this.#state.mailboxes.get(hex(grant.peerKey))
      if (mailbox === undefined) continue
      const { addressHash } = deriveGrant(this.#ports.suite, grant.secret)
      this.#state.mailboxes.put(hex(grant.peerKey), { ...mailbox, closing: mailbox.closing.filter(one => !equal(one, addressHash)) })
    }
    this.#ledger.effect(() => { this.#parts.addressesChanged() })
  }

  #atMailbox (peerKey: Uint8Array, change: { closing?: Uint8Array, withdrawing?: Uint8Array }): void {
    const mailbox = this.#state.mailboxes.get(hex(peerKey))
    if (mailbox === undefined) return
    this.#state.mailboxes.put(hex(peerKey), {
      ...mailbox,
      closing: change.closing === undefined ? mailbox.closing : [...mailbox.closing, change.closing],
      withdrawing: change.withdrawing === undefined ? mailbox.withdrawing : [...mailbox.withdrawing, change.withdrawing]
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
