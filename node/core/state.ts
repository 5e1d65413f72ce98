/**
 * What the engine knows, in memory and as it is on disk: one book for each table that is small, and
 * the indexes over them. History and delivery records stay on disk.
 */
import { concat, equal, toHex as hex, unhex } from '../../protocol/bytes.ts'
import { StoreError } from '../../protocol/errors.ts'
import { formatAccountId } from '../../protocol/account-id.ts'
import { deriveGrant, type Grant } from '../../protocol/envelope.ts'
import { bundleLocation, inviteRouteSecret, resetRouteSecret } from '../../protocol/bundle.ts'
import type { AccountKeys, DeviceKeys } from '../../protocol/identity.ts'
import { decodeSession, encodeSession, type Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { openManifest } from '../../protocol/manifest.ts'
import { splitBody } from '../../protocol/body.ts'
import { Content } from '../../protocol/wire/restante.js'
import { isMessage } from '../../protocol/content.ts'
import { Book, type Ledger } from './ledger.ts'
import { encodeCounter } from './position.ts'
import type { Store, Table } from './ports.ts'
import {
  AccountRecord, ContactRecord, ConversationRecord, HandshakeRecord, InviteRecord, MailboxRecord, OutboxRecord, TakenRecord
} from './records.js'

export interface Account {
  record: AccountRecord
  keys: Pick<AccountKeys, 'inception' | 'inceptionNext'>
  device: DeviceKeys
  /** The 32 bytes behind `accountId`. */
  account: Uint8Array
  accountId: string
}

export interface SessionEntry { account: Uint8Array, session: Session }

/** An outbound envelope: contents on their way to one contact. `id`: contact and sequence. */
export interface Outbound {
  id: string
  contact: string
  record: OutboxRecord
  /** Own counters that it carries; 0: a receipt only. */
  first: number
  last: number
  /** Messages that a person sees, hex. */
  messageIds: string[]
}

/** Whose mail comes in at an address. */
export type Recipient =
  | { kind: 'contact', contact: string, grant: Grant }
  | { kind: 'invite', invite: string, grant: Grant }

/** States of a contact; the number is what a record holds. */
export const contactStates = ['invited', 'request', 'accepted', 'blocked'] as const

/** What is known of a contact's identity; the number is what a record holds. */
export const identityStates = ['unchanged', 'rotated', 'forked'] as const

/** Nothing is sent to this contact until the person decides which identity is the contact's. */
export function isIdentityForked (contact: Pick<ContactRecord, 'identity'>): boolean {
  return identityStates[contact.identity] === 'forked'
}

export function outboundId (contact: string, sequence: number): string {
  return `${contact}:${sequence}`
}

function outboundOf (record: OutboxRecord, account: Uint8Array): Outbound {
  const contents = splitBody(record.body).map(bytes => Content.decode(bytes))
  const numbered = contents.filter(content => content.counter > 0)
  const contact = hex(account)
  return {
    id: outboundId(contact, record.sequence),
    contact,
    record,
    first: numbered[0]?.counter ?? 0,
    last: numbered[numbered.length - 1]?.counter ?? 0,
    messageIds: numbered.filter(content => isMessage(content.kind)).map(content => hex(content.id))
  }
}

export class State {
  readonly suite: CryptoSuite
  readonly accounts: Book<Account>
  readonly contacts: Book<ContactRecord>
  readonly conversations: Book<ConversationRecord>
  readonly sessions: Book<SessionEntry>
  readonly outbox: Book<Outbound>
  readonly invites: Book<InviteRecord>
  readonly mailboxes: Book<MailboxRecord>
  /** Accepted first messages of reusable invites: a relay that replays one makes no second session of it. */
  readonly handshakes: Book<HandshakeRecord>
  /** Between `load` and taken.ts, which keeps them. */
  takenPages: Array<{ account: Uint8Array, record: TakenRecord }> = []

  /** By hex of the address's hash. */
  readonly #recipients = new Map<string, Recipient>()
  /** Addresses of one contact or invite, to take them out again. */
  readonly #addressesOf = new Map<string, string[]>()
  readonly #outboxOf = new Map<string, Map<string, Outbound>>()
  /** Contacts whose envelopes are not in the order in which they were queued; and the newest of each. */
  readonly #disordered = new Set<string>()
  readonly #sequences = new Map<string, number>()
  readonly #receiptsOut = new Map<string, number>()
  readonly #sessionsOf = new Map<string, Map<string, Session>>()
  readonly #sessionByHandshake = new Map<string, { contact: string, id: string }>()
  readonly #contactByPeer = new Map<string, string>()
  readonly #contactByBech32 = new Map<string, string>()
  readonly #bech32 = new Map<string, string>()
  /** By location, hex: id of the invite; and the other way round. */
  readonly #handedOut = new Map<string, string>()
  readonly #locations = new Map<string, string>()
  #devicePeerKey: Uint8Array | undefined

  constructor (suite: CryptoSuite, ledger: Ledger) {
    this.suite = suite
    this.accounts = new Book<Account>({
      table: 'meta', key: () => accountKey, encode: account => AccountRecord.encode(account.record)
    }, ledger)
    this.contacts = new Book<ContactRecord>({
      table: 'contact',
      key: contact => contact.account,
      encode: contact => ContactRecord.encode(contact),
      indexed: (id, before, after) => { this.#indexContact(id, before, after) }
    }, ledger)
    this.conversations = new Book<ConversationRecord>({
      table: 'conversation',
      key: conversation => conversation.account,
      encode: conversation => ConversationRecord.encode(conversation)
    }, ledger)
    this.sessions = new Book<SessionEntry>({
      table: 'session',
      key: entry => concat(entry.account, entry.session.id),
      encode: entry => encodeSession(entry.session),
      indexed: (_id, before, after) => { this.#indexSession(before, after) }
    }, ledger)
    this.outbox = new Book<Outbound>({
      table: 'outbox',
      key: outbound => concat(this.contacts.get(outbound.contact)?.account ?? unhex(outbound.contact), encodeCounter(outbound.record.sequence)),
      encode: outbound => OutboxRecord.encode(outbound.record),
      indexed: (_id, before, after) => {
        index(this.#outboxOf, before?.contact, before?.id, after?.contact, after?.id, after)
        // A step that was undone puts back what it took out, in no order.
        if (before === undefined && after !== undefined && after.record.sequence < this.#newestSequence(after.contact)) this.#disordered.add(after.contact)
        if (after !== undefined) this.#sequences.set(after.contact, Math.max(after.record.sequence, this.#newestSequence(after.contact)))
        if (before?.first === 0) this.#countReceipt(before.contact, -1)
        if (after?.first === 0) this.#countReceipt(after.contact, 1)
      }
    }, ledger)
    this.invites = new Book<InviteRecord>({
      table: 'invite',
      key: invite => invite.id,
      encode: invite => InviteRecord.encode(invite),
      indexed: (id, _before, after) => {
        this.#indexHandedOut(id, after)
        // Prekeys that a contact has are used at its own addresses.
        if (after === undefined || after.contact.length === 0) this.#indexInvite(id, after)
      }
    }, ledger)
    this.mailboxes = new Book<MailboxRecord>({
      table: 'mailbox', key: mailbox => mailbox.peerKey, encode: mailbox => MailboxRecord.encode(mailbox)
    }, ledger)
    this.handshakes = new Book<HandshakeRecord>({
      table: 'handshake', key: handshake => handshake.tag, encode: handshake => HandshakeRecord.encode(handshake)
    }, ledger)
  }

  /** Of this device's libp2p identity. Only where there is an account. */
  get devicePeerKey (): Uint8Array {
    this.#devicePeerKey ??= this.suite.ed25519Private(this.account!.record.peerSeed).publicKey
    return this.#devicePeerKey
  }

  /** The invite, or the prekeys for a contact, whose bundle this device has for who knows the location. */
  inviteHandedOutAt (location: Uint8Array): InviteRecord | undefined {
    return this.invites.get(this.#handedOut.get(hex(location)) ?? '')
  }

  get account (): Account | undefined { return this.accounts.get('account') }

  recipient (addressHash: Uint8Array): Recipient | undefined { return this.#recipients.get(hex(addressHash)) }
  recipientsOf (owner: string): Recipient[] {
    return (this.#addressesOf.get(owner) ?? []).flatMap(address => this.#recipients.get(address) ?? [])
  }

  /** In the order in which they were queued. */
  outboundOf (contact: string): IterableIterator<Outbound> {
    const outbox = this.#outboxOf.get(contact)
    if (outbox !== undefined && this.#disordered.delete(contact)) {
      const sorted = [...outbox].sort(([, a], [, b]) => a.record.sequence - b.record.sequence)
      outbox.clear()
      for (const [id, outbound] of sorted) outbox.set(id, outbound)
    }
    return (outbox ?? emptyMap).values() as IterableIterator<Outbound>
  }

  outboundCount (contact: string): number { return this.#outboxOf.get(contact)?.size ?? 0 }
  /** Envelopes in the outbox that hold nothing but a receipt. */
  receiptsOut (contact: string): number { return this.#receiptsOut.get(contact) ?? 0 }
  contactsWithOutbound (): string[] { return [...this.#outboxOf.keys()] }

  sessionsOf (contact: string): Session[] { return [...(this.#sessionsOf.get(contact)?.values() ?? [])] }
  sessionOfHandshake (tag: Uint8Array): { contact: string, session: Session } | undefined {
    const found = this.#sessionByHandshake.get(hex(tag))
    const session = found && this.#sessionsOf.get(found.contact)?.get(found.id)
    return session === undefined ? undefined : { contact: found!.contact, session }
  }

  conversationEntries (): Array<[string, ConversationRecord]> {
    return [...this.conversations.values()].map(conversation => [hex(conversation.account), conversation])
  }

  contactOfPeer (peerKey: Uint8Array): string | undefined { return this.#contactByPeer.get(hex(peerKey)) }
  contactOfBech32 (contactId: string): string | undefined { return this.#contactByBech32.get(contactId) }
  bech32Of (contact: string): string { return this.#bech32.get(contact) ?? formatAccountId(unhex(contact)) }

  async load (store: Store): Promise<void> {
    const record = await store.get('meta', accountKey)
    if (record !== undefined) this.accounts.load('account', openAccount(this.suite, AccountRecord.decode(record)))
    // Contacts first: sessions and outbox refer to them.
    await this.#loadAll(store, 'contact', (_key, value) => {
      const contact = ContactRecord.decode(value)
      this.contacts.load(hex(contact.account), contact)
    })
    await this.#loadAll(store, 'conversation', (_key, value) => {
      const conversation = ConversationRecord.decode(value)
      this.conversations.load(hex(conversation.account), conversation)
    })
    await this.#loadAll(store, 'session', (key, value) => {
      const entry = { account: key.slice(0, 32), session: decodeSession(this.suite, value) }
      this.sessions.load(sessionKey(hex(entry.account), entry.session.id), entry)
    })
    const outbound: Outbound[] = []
    await this.#loadAll(store, 'outbox', (key, value) => {
      outbound.push(outboundOf(OutboxRecord.decode(value), key.slice(0, 32)))
    })
    outbound.sort((a, b) => a.record.sequence - b.record.sequence)
    for (const entry of outbound) this.outbox.load(entry.id, entry)
    await this.#loadAll(store, 'invite', (_key, value) => {
      const invite = InviteRecord.decode(value)
      this.invites.load(hex(invite.id), invite)
    })
    await this.#loadAll(store, 'mailbox', (_key, value) => {
      const mailbox = MailboxRecord.decode(value)
      this.mailboxes.load(hex(mailbox.peerKey), mailbox)
    })
    await this.#loadAll(store, 'handshake', (_key, value) => {
      const handshake = HandshakeRecord.decode(value)
      this.handshakes.load(hex(handshake.tag), handshake)
    })
    await this.#loadAll(store, 'taken', (key, value) => {
      this.takenPages.push({ account: key.slice(0, 32), record: TakenRecord.decode(value) })
    })
  }

  async #loadAll (store: Store, table: Table, load: (key: Uint8Array, value: Uint8Array) => void): Promise<void> {
    for (const { key, value } of await store.scan(table)) {
      try {
        load(key, value)
      } catch (error) {
        throw new StoreError('STORE_CORRUPT', `A record of table ${table} does not parse.`, { cause: error })
      }
    }
  }

  #indexContact (id: string, before: ContactRecord | undefined, after: ContactRecord | undefined): void {
    if (before?.grants !== after?.grants || before?.state !== after?.state) {
      this.#dropAddresses(id)
      if (after !== undefined && contactStates[after.state] !== 'blocked') {
        for (const { secret } of after.grants) {
          const grant = deriveGrant(this.suite, secret)
          this.#addAddress(id, { kind: 'contact', contact: id, grant })
        }
      }
    }
    if (before?.manifest !== after?.manifest) {
      for (const device of devicesOf(this.suite, before)) this.#contactByPeer.delete(hex(device.peerKey))
      for (const device of devicesOf(this.suite, after)) this.#contactByPeer.set(hex(device.peerKey), id)
    }
    if (after === undefined) {
      this.#contactByBech32.delete(this.bech32Of(id))
      this.#bech32.delete(id)
    } else if (!this.#bech32.has(id)) {
      const contactId = formatAccountId(after.account)
      this.#bech32.set(id, contactId)
      this.#contactByBech32.set(contactId, id)
    }
  }

  #indexInvite (id: string, after: InviteRecord | undefined): void {
    this.#dropAddresses(`invite:${id}`)
    for (let i = 0; after !== undefined && i < after.routes.length; i++) {
      const grant = deriveGrant(this.suite, inviteRouteSecret(this.suite, after.secret, i))
      this.#addAddress(`invite:${id}`, { kind: 'invite', invite: id, grant })
    }
  }

  /** What this device gives to whoever asks it. */
  #indexHandedOut (id: string, invite: InviteRecord | undefined): void {
    const former = this.#locations.get(id)
    const isHandedOut = invite !== undefined && (invite.byDevice || invite.contact.length > 0)
    const location = !isHandedOut
      ? undefined
      : former ?? hex(bundleLocation(this.suite, routeSecretOf(this.suite, invite, this.devicePeerKey)))
    if (location === former) return
    if (former !== undefined) this.#handedOut.delete(former)
    if (location === undefined) this.#locations.delete(id)
    else {
      this.#locations.set(id, location)
      this.#handedOut.set(location, id)
    }
  }

  #newestSequence (contact: string): number { return this.#sequences.get(contact) ?? 0 }

  #countReceipt (contact: string, by: number): void {
    const count = this.receiptsOut(contact) + by
    if (count === 0) this.#receiptsOut.delete(contact)
    else this.#receiptsOut.set(contact, count)
  }

  #addAddress (owner: string, recipient: Recipient): void {
    const address = hex(recipient.grant.addressHash)
    this.#recipients.set(address, recipient)
    const addresses = this.#addressesOf.get(owner)
    if (addresses === undefined) this.#addressesOf.set(owner, [address])
    else addresses.push(address)
  }

  #dropAddresses (owner: string): void {
    for (const address of this.#addressesOf.get(owner) ?? []) {
      const recipient = this.#recipients.get(address)
      // A one-time invite's addresses become its contact's: whoever holds it now keeps it.
      const holder = recipient?.kind === 'invite' ? `invite:${recipient.invite}` : recipient?.contact
      if (holder === owner) this.#recipients.delete(address)
    }
    this.#addressesOf.delete(owner)
  }

  #indexSession (before: SessionEntry | undefined, after: SessionEntry | undefined): void {
    const entry = after ?? before
    if (entry === undefined) return
    const contact = hex(entry.account)
    const id = hex(entry.session.id)
    if (after === undefined) this.#sessionByHandshake.delete(hex(entry.session.handshakeTag))
    else if (before === undefined) this.#sessionByHandshake.set(hex(entry.session.handshakeTag), { contact, id })
    index(this.#sessionsOf, before && contact, before && id, after && contact, after && id, after?.session)
  }
}

const accountKey = new TextEncoder().encode('account')

/** The secret of an invite, or of prekeys for a contact, at the relay or device with this key. */
export function routeSecretOf (suite: CryptoSuite, invite: InviteRecord, peerKey: Uint8Array): Uint8Array {
  if (invite.contact.length > 0) return resetRouteSecret(suite, invite.secret, peerKey)
  const index = invite.routes.findIndex(route => equal(route.peerKey, peerKey))
  return inviteRouteSecret(suite, invite.secret, Math.max(0, index))
}

export function sessionKey (contact: string, sessionId: Uint8Array): string {
  return `${contact}:${hex(sessionId)}`
}

export function openAccount (suite: CryptoSuite, record: AccountRecord): Account {
  const manifest = openManifest(suite, record.manifest)
  return {
    record,
    keys: { inception: suite.ed25519Private(record.inceptionSeed), inceptionNext: manifest.inceptionNext },
    device: {
      id: record.deviceId,
      signing: suite.ed25519Private(record.signingSeed),
      exchange: suite.x25519Private(record.exchangeSeed)
    },
    account: manifest.account,
    accountId: formatAccountId(manifest.account)
  }
}

const emptyMap = new Map<string, never>()

/** Moves an entry of a two-level index; empty inner maps are removed. */
function index<V> (
  outer: Map<string, Map<string, V>>, beforeOuter: string | undefined, beforeInner: string | undefined,
  afterOuter: string | undefined, afterInner: string | undefined, value: V | undefined
): void {
  if (afterOuter !== undefined && afterInner !== undefined && value !== undefined) {
    let inner = outer.get(afterOuter)
    if (inner === undefined) {
      inner = new Map()
      outer.set(afterOuter, inner)
    }
    inner.set(afterInner, value)
    return
  }
  if (beforeOuter === undefined || beforeInner === undefined) return
  const inner = outer.get(beforeOuter)
  inner?.delete(beforeInner)
  if (inner?.size === 0) outer.delete(beforeOuter)
}

function devicesOf (suite: CryptoSuite, contact: ContactRecord | undefined): Array<{ peerKey: Uint8Array }> {
  return contact === undefined || contact.manifest.length === 0 ? [] : openManifest(suite, contact.manifest).devices
}
