/**
 * What contacts hear about this account: where it is reached, by which addresses of their own, and where
 * they find prekeys. The addresses are opened and closed here; at relays by mailboxes.ts.
 */
import { equal, toHex as hex } from '../../protocol/bytes.ts'
import { deriveGrant } from '../../protocol/envelope.ts'
import { UsageError } from '../../protocol/errors.ts'
import { contentKinds } from '../../protocol/limits.ts'
import type { Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { ContactUpdate } from '../../protocol/wire/restante.js'
import type { Invites } from './invites.ts'
import type { Ledger } from './ledger.ts'
import type { ContactRecord, GrantRecord, RouteRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { contactStates, type Account, type State } from './state.ts'

export interface AnnouncementsPorts { random: Random, suite: CryptoSuite }
export interface AnnouncementsParts {
  invites: Invites
  sealing: Sealing
  /** Where others may dial this device, and its peer key. Undefined before the network is up. */
  ownDevice: () => { peerKey: Uint8Array, multiaddrs: string[] } | undefined
  /** After a commit: the addresses that shall be open at own relays, or the bundles there, are others. */
  mailboxesChanged: () => void
}

export class Announcements {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: AnnouncementsPorts
  readonly #parts: AnnouncementsParts

  constructor (state: State, ledger: Ledger, ports: AnnouncementsPorts, parts: AnnouncementsParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  /** Inside a step: tells every contact where this device and its mailboxes are now, if that has changed. */
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

  /** Inside a step: what this account says of itself is another. */
  tellEveryone (): void {
    for (const record of this.#state.contacts.values()) this.tellWhereKnown(hex(record.account))
  }

  /** Inside a step: the same for one contact, if it is one that hears of this account. */
  tellWhereKnown (contact: string): void {
    const state = contactStates[this.#state.contacts.get(contact)!.state]
    if (state !== 'accepted' && state !== 'invited') return
    if (this.#parts.sealing.activeSession(contact) !== undefined) this.tell(contact)
  }

  /** Inside a step. */
  tell (contact: string): void {
    const account = this.#account()
    const record = this.withGrants(this.#state.contacts.get(contact)!, [])
    // The sequence is each contact's own, so that no one learns how many others there are.
    const sequence = record.sentUpdate + 1
    this.#state.contacts.put(contact, { ...record, sentUpdate: sequence })
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
      yourManifest: record.manifestChanged ? record.manifest : new Uint8Array(0),
      resetSecret: this.#parts.invites.resetSecretOf(record.account)
    }))
    this.#ledger.effect(() => { this.#parts.mailboxesChanged() })
  }

  /** Adds an address at each own relay, and at this device, where there is none yet. */
  withGrants (record: ContactRecord, inherited: GrantRecord[]): ContactRecord {
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
    this.#ledger.effect(() => { this.#parts.mailboxesChanged() })
    return { ...record, grants }
  }

  /** Inside a step: nothing of this contact is taken in any more, and it gets no prekeys. */
  close (record: ContactRecord): void {
    for (const grant of record.grants) {
      if (!grant.device) this.#atMailbox(grant.peerKey, { closing: deriveGrant(this.#ports.suite, grant.secret).addressHash })
    }
    for (const { peerKey, location } of this.#parts.invites.endReset(record.account)) this.withdraw(peerKey, location)
    this.#ledger.effect(() => { this.#parts.mailboxesChanged() })
  }

  /** Inside a step. */
  reopen (record: ContactRecord): void {
    for (const grant of record.grants) {
      const mailbox = this.#state.mailboxes.get(hex(grant.peerKey))
      if (mailbox === undefined) continue
      const { addressHash } = deriveGrant(this.#ports.suite, grant.secret)
      this.#state.mailboxes.put(hex(grant.peerKey), { ...mailbox, closing: mailbox.closing.filter(one => !equal(one, addressHash)) })
    }
    this.#ledger.effect(() => { this.#parts.mailboxesChanged() })
  }

  /** Inside a step: a bundle is no longer offered at this relay. */
  withdraw (peerKey: Uint8Array, location: Uint8Array): void { this.#atMailbox(peerKey, { withdrawing: location }) }

  #atMailbox (peerKey: Uint8Array, change: { closing?: Uint8Array, withdrawing?: Uint8Array }): void {
    const mailbox = this.#state.mailboxes.get(hex(peerKey))
    if (mailbox === undefined) return
    this.#state.mailboxes.put(hex(peerKey), {
      ...mailbox,
      closing: change.closing === undefined ? mailbox.closing : [...mailbox.closing, change.closing],
      withdrawing: change.withdrawing === undefined ? mailbox.withdrawing : [...mailbox.withdrawing, change.withdrawing]
    })
  }

  #account (): Account {
    const account = this.#state.account
    if (account === undefined) throw new UsageError('NO_ACCOUNT')
    return account
  }
}
