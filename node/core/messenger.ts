/**
 * The facade over the engine: puts its machines together and offers what api.ts promises. No policy
 * of its own.
 */
import { parseAccountId } from '../../protocol/account-id.ts'
import { toHex as hex } from '../../protocol/bytes.ts'
import { UnreachableError, UsageError } from '../../protocol/errors.ts'
import { parseInvite } from '../../protocol/invite.ts'
import { OwnKeys } from './account-keys.ts'
import { checkName, newAccountRecord, parseRelays } from './new-account.ts'
import { Acknowledgements } from './acknowledgements.ts'
import { Announcements } from './announcements.ts'
import type {
  AccountView, ConnectionView, ContactView, DeliveryView, MessageDetails, MessageView, MessengerApi, Notification, SafetyNumberView
} from './api.ts'
import { Changes } from './changes.ts'
import { ClockTrust } from './clock-trust.ts'
import { shownName } from './contact-record.ts'
import { Contacts } from './contacts.ts'
import * as defaults from './defaults.ts'
import { answerRequest } from './device-requests.ts'
import { Gaps } from './gaps.ts'
import { History } from './history.ts'
import { Inbox } from './inbox.ts'
import { Introductions, routesOf } from './introductions.ts'
import { Invites } from './invites.ts'
import { Ledger } from './ledger.ts'
import { Links, type PeerView } from './links.ts'
import { Mailboxes } from './mailboxes.ts'
import { MessageRows } from './message-rows.ts'
import { Notices } from './notices.ts'
import { Outbox } from './outbox.ts'
import { ScopedClock } from './scoped-clock.ts'
import type { Network, Ports } from './ports.ts'
import { Receipts } from './receipts.ts'
import { Renewals } from './renewals.ts'
import { Sealing } from './sealing.ts'
import { Sessions } from './sessions.ts'
import { Taken } from './taken.ts'
import { openAccount, State } from './state.ts'
import { Typing } from './typing.ts'
import { Verification } from './verification.ts'
import { Upkeep } from './upkeep.ts'
import { accountView, connectionView, contactView } from './views.ts'
import { Writing } from './writing.ts'

/** How long `createInvite` waits for a first relay, ms. */
const publishWaitMs = 8_000

export interface MessengerOptions {
  /** False: by relays only. Contacts are not told where this device is, and theirs are not dialled. */
  isDirect?: boolean
}

/** Loads a profile. Nothing is sent or received before `start`. Throws StoreError. */
export async function openMessenger (ports: Ports, options: MessengerOptions = {}): Promise<MessengerApi> {
  const messenger = new Messenger(ports, options)
  await messenger.load()
  return messenger
}

class Messenger implements MessengerApi {
  readonly #ports: Ports
  readonly #clock: ScopedClock
  readonly #isDirect: boolean
  readonly #notices: Notices
  readonly #ledger: Ledger
  readonly #state: State
  readonly #sealing: Sealing
  readonly #outbox: Outbox
  readonly #gaps: Gaps
  readonly #receipts: Receipts
  readonly #ownKeys: OwnKeys
  readonly #verification: Verification
  readonly #announcements: Announcements
  readonly #sessions: Sessions
  readonly #renewals: Renewals
  readonly #upkeep: Upkeep
  readonly #contacts: Contacts
  readonly #taken: Taken
  readonly #inbox: Inbox
  readonly #invites: Invites
  readonly #mailboxes: Mailboxes
  readonly #introductions: Introductions
  readonly #history: History
  readonly #changes: Changes
  readonly #writing: Writing
  readonly #typing: Typing
  #network: Network | undefined
  #links: Links | undefined
  #phase: 'loaded' | 'starting' | 'running' | 'stopped' = 'loaded'

  constructor (ports: Ports, { isDirect = true }: MessengerOptions) {
    const { random, log, suite, store } = ports
    const clock = new ScopedClock(ports.clock)
    this.#clock = clock
    const clockTrust = new ClockTrust(clock)
    const links = (): Links | undefined => this.#links
    this.#ports = ports
    this.#isDirect = isDirect
    this.#notices = new Notices(log)
    this.#ledger = new Ledger(store, log, error => {
      this.#notices.tell({ type: 'failed', code: error.code, message: error.message })
    })
    this.#state = new State(suite, this.#ledger)
    const rows = new MessageRows(this.#ledger, store)
    this.#history = new History(this.#state, store, rows)
    this.#sealing = new Sealing(this.#state, this.#ledger, rows, { clock, random }, {
      onSealed: outbound => { this.#outbox.sealed(outbound) },
      onReceiptGone: contact => { this.#receipts.resume(contact) }
    })
    this.#outbox = new Outbox(this.#state, this.#ledger, links, this.#notices, { clock, clockTrust, log, suite, isDirect }, {
      onReceiptGone: contact => { this.#receipts.resume(contact) }
    })
    this.#receipts = new Receipts(this.#state, this.#ledger, this.#sealing, this.#notices, { clock, random, log, store })
    this.#ownKeys = new OwnKeys(this.#state, this.#ledger, { clock, log, suite }, this.#notices)
    // By a clock that goes on to the end: whoever asked for a number at the last moment gets it.
    this.#verification = new Verification(this.#state, this.#ledger, { clock: ports.clock, log, suite }, {
      notices: this.#notices,
      routesChanged: contact => { this.#outbox.routesChanged(contact) },
      sessionReady: contact => { this.#sealing.sessionReady(contact) }
    })
    this.#invites = new Invites(this.#state, this.#ledger, { clock, clockTrust, random, suite })
    this.#announcements = new Announcements(this.#state, this.#ledger, { random, suite }, {
      invites: this.#invites,
      sealing: this.#sealing,
      ownDevice: () => this.#ownDevice(),
      mailboxesChanged: () => { this.#mailboxes.sync() }
    })
    this.#sessions = new Sessions(this.#state, this.#ledger, clock, {
      sealing: this.#sealing, routesChanged: contact => { this.#outbox.routesChanged(contact) }
    })
    this.#renewals = new Renewals(this.#state, this.#ledger, { clock, log }, {
      notices: this.#notices,
      sealing: this.#sealing,
      announcements: this.#announcements,
      offerPrekeys: contact => {
        this.#invites.offerReset(this.#state.contacts.get(contact)!.account)
        this.#ledger.effect(() => { this.#mailboxes.sync() })
      },
      renew: contact => { this.#contacts.renew(contact) },
      search: contact => { this.#introductions.begin(contact) }
    })
    this.#upkeep = new Upkeep(this.#state, this.#ledger, { clock, log }, {
      clockTrust, renewals: this.#renewals, sessions: this.#sessions
    })
    this.#contacts = new Contacts(this.#state, this.#ledger, { clock, random, log, suite }, {
      announcements: this.#announcements,
      invites: this.#invites,
      sealing: this.#sealing,
      sessions: this.#sessions,
      renewals: this.#renewals,
      outbox: this.#outbox,
      receipts: this.#receipts,
      notices: this.#notices,
      verification: this.#verification,
      ownKeys: this.#ownKeys
    })
    this.#gaps = new Gaps(this.#state, this.#ledger, { sealing: this.#sealing, outbox: this.#outbox }, { clock, log })
    this.#taken = new Taken(this.#state, this.#ledger)
    const acknowledgements = new Acknowledgements(this.#state, this.#ledger, { clock, log }, {
      gaps: this.#gaps,
      outbox: this.#outbox,
      receipts: this.#receipts,
      sealing: this.#sealing,
      wasSetBack: contact => { this.#contacts.wasSetBack(contact) }
    })
    this.#changes = new Changes(this.#state, this.#ledger, log, {
      rows, sealing: this.#sealing, history: this.#history, notices: this.#notices
    })
    this.#writing = new Writing(this.#state, this.#ledger, clock, {
      changes: this.#changes, contacts: this.#contacts, notices: this.#notices, renewals: this.#renewals, rows, sealing: this.#sealing
    })
    this.#typing = new Typing(this.#state, this.#ledger, { clock, log, suite }, { sealing: this.#sealing, notices: this.#notices, links })
    this.#inbox = new Inbox(this.#state, this.#ledger, { clock, random, log, suite }, {
      acknowledgements,
      changes: this.#changes,
      contacts: this.#contacts,
      receipts: this.#receipts,
      sealing: this.#sealing,
      notices: this.#notices,
      renewals: this.#renewals,
      rows,
      taken: this.#taken,
      typing: this.#typing,
      verification: this.#verification
    })
    this.#mailboxes = new Mailboxes(this.#state, this.#ledger, { clock, log, suite }, {
      inbox: this.#inbox, invites: this.#invites, links, onSubscribed: () => { this.#introductions.subscribed() }
    })
    this.#introductions = new Introductions(this.#state, this.#ledger, { clock, log, suite, isDirect }, {
      contacts: this.#contacts, links, ownLinks: () => this.#mailboxes.subscribed()
    })
  }

  async load (): Promise<void> {
    await this.#state.load(this.#ports.store)
    this.#taken.load()
  }

  // -- account

  account (): AccountView | undefined {
    const account = this.#state.account
    return account === undefined ? undefined : accountView(account)
  }

  async createAccount (options: { name: string, relays: string[] }): Promise<AccountView> {
    const name = checkName(options.name, 'name')
    const relays = parseRelays(options.relays)
    const { suite, random, clock } = this.#ports
    if (this.#state.account !== undefined) throw new UsageError('ACCOUNT_EXISTS')
    const record = newAccountRecord({ suite, random }, { name, relays, now: clock.now() })
    await this.#ledger.step(() => {
      if (this.#state.account !== undefined) throw new UsageError('ACCOUNT_EXISTS')
      this.#state.accounts.put('account', openAccount(suite, record))
      for (const relay of relays) {
        const mailbox = { peerKey: relay.peerKey, ownerSeed: random.bytes(32), closing: [], withdrawing: [] }
        this.#state.mailboxes.put(hex(relay.peerKey), mailbox)
      }
      this.#invites.refresh()
    })
    return this.account()!
  }

  async recoveryPhrase (): Promise<string> { return this.#ownKeys.phrase() }

  async forgetRecoveryPhrase (phrase: string): Promise<void> {
    await this.#ledger.step(() => { this.#ownKeys.forgetPhrase(phrase) })
  }

  async rotateKey (phrase: string): Promise<AccountView> {
    this.#requireAccount()
    await this.#ledger.step(() => {
      this.#ownKeys.rotate(phrase)
      this.#invites.manifestChanged()
      this.#announcements.tellEveryone()
    })
    this.#mailboxes.sync()
    return this.account()!
  }

  // -- life

  async start (): Promise<void> {
    if (this.#phase !== 'loaded') throw new UsageError('USAGE', 'It was started before.')
    const account = this.#state.account
    if (account === undefined) throw new UsageError('NO_ACCOUNT')
    this.#phase = 'starting'
    const { random, log, suite } = this.#ports
    const network = await this.#ports.network(account.record.peerSeed)
    if (!this.#isStarting()) {
      await network.stop()
      throw new UnreachableError('STOPPED')
    }
    this.#network = network
    this.#links = new Links({ network, clock: this.#clock, random, log }, {
      onRequest: (_link, frame) => answerRequest(suite, { inbox: this.#inbox, invites: this.#invites }, frame),
      onPush: (link, push) => { this.#mailboxes.pushed(link, push) },
      onUp: link => {
        this.#mailboxes.linkUp(link)
        this.#introductions.linkUp(link)
        this.#outbox.linkUp(link)
      },
      onDown: link => { this.#mailboxes.linkDown(link) },
      onWaiting: peerKey => { this.#outbox.peerWaiting(peerKey) },
      onState: view => { this.#tellConnection(view) }
    })
    await this.#ledger.step(() => {
      this.#invites.refresh()
      this.#announcements.announce()
    })
    if (!this.#isStarting()) throw new UnreachableError('STOPPED')
    const listenThroughRelays = (): void => { if (this.#isDirect) network.listenThrough(account.record.relays) }
    network.onAddressesChanged(() => {
      this.#ledger.step(() => { this.#announcements.announce() }).catch((error: unknown) => {
        log.warn('announce-failed', { error: error instanceof Error ? error.message : 'unknown' })
      })
      listenThroughRelays()
    })
    listenThroughRelays()
    this.#phase = 'running'
    this.#receipts.start()
    this.#mailboxes.start()
    this.#outbox.start()
    this.#introductions.start()
    this.#renewals.start()
    this.#upkeep.start()
  }

  wake (): void { this.#links?.wake(defaults.wakeTimeoutMs) }

  /** False: `stop` came meanwhile, and what is opened after it would never be closed. */
  #isStarting (): boolean { return this.#phase === 'starting' }

  async stop (graceMs = 5_000): Promise<void> {
    if (this.#phase === 'stopped') return
    const wasRunning = this.#phase === 'running'
    this.#phase = 'stopped'
    const { clock, log } = this.#ports
    if (wasRunning && this.#ledger.failure === undefined) {
      await this.#receipts.flush().catch((error: unknown) => {
        log.debug('flush-failed', { error: error instanceof Error ? error.message : 'unknown' })
      })
      const deadline = clock.monotonic() + graceMs
      while (this.#outbox.inFlight > 0 && clock.monotonic() < deadline) {
        await new Promise<void>(resolve => { clock.setTimer(10, resolve) })
      }
    }
    this.#receipts.stop()
    this.#introductions.stop()
    this.#renewals.stop()
    this.#upkeep.stop()
    this.#mailboxes.stop()
    this.#outbox.stop()
    this.#gaps.stop()
    this.#links?.stop()
    this.#clock.end()
    await this.#network?.stop()
    await this.#ledger.settled()
    await this.#changes.told()
    await this.#ports.store.close()
  }

  // -- contacts

  async createInvite (
    options: { reusable?: boolean, expiresInSeconds?: number }
  ): Promise<{ invite: string, published: boolean, expiresAt: number | undefined }> {
    this.#requireAccount()
    const seconds = options.expiresInSeconds
    if (seconds !== undefined && !(seconds > 0 && seconds <= 366 * 86_400)) {
      throw new UsageError('USAGE', 'expiresInSeconds: more than 0, at most a year')
    }
    const expiresInMs = seconds === undefined ? defaults.inviteLifetimeMs : seconds * 1000
    const made = await this.#ledger.step(() =>
      this.#invites.create({ reusable: options.reusable === true, expiresInMs }, this.#ownDevice()))
    this.#mailboxes.sync()
    const byDevice = this.#state.invites.get(made.id)?.byDevice === true
    const published = byDevice || (this.#phase === 'running' && await this.#mailboxes.published(made.id, publishWaitMs))
    return { invite: made.invite, published, expiresAt: made.expiresAt }
  }

  async addContact (options: { invite: string, name?: string }): Promise<{ contactId: string }> {
    this.#requireAccount()
    const name = options.name === undefined || options.name === '' ? '' : checkName(options.name, 'name')
    const text = options.invite.trim()
    const contact = await this.#ledger.step(() => {
      if (text.startsWith('restante1')) {
        return this.#contacts.add({ account: parseAccountId(text), secret: undefined, routes: [], expiresAt: 0, reusable: false }, name)
      }
      const invite = parseInvite(text)
      if (invite.expiresAt !== undefined && invite.expiresAt <= this.#ports.clock.now()) throw new UsageError('INVITE_EXPIRED')
      const routes = routesOf(this.#ports.suite, invite)
      return this.#contacts.add({ ...invite, routes, expiresAt: invite.expiresAt ?? 0 }, name)
    })
    this.#introductions.begin(contact)
    return { contactId: this.#state.bech32Of(contact) }
  }

  contacts (): ContactView[] {
    return [...this.#state.contacts.values()].map(record => contactView(this.#state, record))
  }

  async acceptContact (contactId: string): Promise<void> {
    const contact = this.#contact(contactId)
    await this.#ledger.step(() => { this.#contacts.accept(contact) })
  }

  async blockContact (contactId: string): Promise<void> {
    const contact = this.#contact(contactId)
    await this.#ledger.step(() => { this.#contacts.block(contact) })
  }

  async removeContact (contactId: string): Promise<void> {
    const contact = this.#contact(contactId)
    const { rows, theirs } = await this.#history.rowsOf(this.#state.contacts.get(contact)!.account)
    await this.#ledger.step(() => {
      this.#contacts.remove(contact, theirs)
      for (const { table, key } of rows) this.#ledger.write(table, key, undefined)
    })
  }

  async safetyNumber (contactId: string): Promise<SafetyNumberView> {
    return await this.#verification.safetyNumber(this.#contact(contactId))
  }

  async verifyContact (contactId: string, number: string): Promise<void> {
    await this.#verification.verify(this.#contact(contactId), number)
  }

  async acceptIdentity (contactId: string, identity: 'known' | 'presented'): Promise<void> {
    const contact = this.#contact(contactId)
    await this.#ledger.step(() => { this.#contacts.acceptIdentity(contact, identity) })
  }

  resolveContact (idOrName: string): string {
    if (this.#state.contactOfBech32(idOrName) !== undefined) return idOrName
    const named = [...this.#state.contacts.values()].filter(record => shownName(record) === idOrName)
    if (named.length > 1) throw new UsageError('AMBIGUOUS_CONTACT')
    if (named.length === 0) throw new UsageError('UNKNOWN_CONTACT')
    return this.#state.bech32Of(hex(named[0]!.account))
  }

  // -- messages

  async sendText (options: { to: string, text: string, replyTo?: string | undefined }): Promise<{ messageId: string }> {
    const contact = this.#contact(options.to)
    const messageId = await this.#writing.text(contact, options.text, options.replyTo)
    this.#typing.sent(contact)
    return { messageId }
  }

  async typing (options: { to: string, active: boolean }): Promise<void> {
    await this.#typing.say(this.#contact(options.to), options.active)
  }

  async react (options: { with: string, messageId: string, emoji: string | undefined }): Promise<void> {
    await this.#writing.react(this.#contact(options.with), options.messageId, options.emoji)
  }

  async edit (options: { with: string, messageId: string, text: string }): Promise<void> {
    await this.#writing.edit(this.#contact(options.with), options.messageId, options.text)
  }

  async deleteMessage (options: { with: string, messageId: string, forEveryone: boolean }): Promise<void> {
    await this.#writing.delete(this.#contact(options.with), options.messageId, options.forEveryone)
  }

  async details (messageId: string): Promise<MessageDetails> { return await this.#history.details(messageId) }

  async messages (options: { with: string, limit?: number, before?: string }): Promise<MessageView[]> {
    return await this.#history.list(this.#contact(options.with), options)
  }

  async delivery (messageId: string): Promise<DeliveryView | undefined> { return await this.#history.delivery(messageId) }

  async markRead (options: { with: string, upTo: string }): Promise<void> {
    const contact = this.#contact(options.with)
    const { key } = await this.#history.find(options.upTo, contact)
    const unreadBefore = this.#state.conversations.get(contact)?.unread ?? 0
    const { through, unread } = await this.#history.readPoint(contact, key)
    await this.#ledger.step(() => {
      const conversation = this.#sealing.conversation(contact)
      const arrivedMeanwhile = Math.max(0, conversation.unread - unreadBefore)
      const readThrough = Math.max(conversation.readThrough, through)
      if (readThrough === conversation.readThrough && conversation.unread === 0) return
      this.#state.conversations.put(contact, { ...conversation, readThrough, unread: unread + arrivedMeanwhile })
      this.#receipts.due(contact)
    })
  }

  // -- what is going on

  connections (): ConnectionView[] { return (this.#links?.views() ?? []).flatMap(view => this.#connection(view) ?? []) }

  listen (listener: (notification: Notification) => void): () => void { return this.#notices.listen(listener) }

  // -- pieces

  #ownDevice (): { peerKey: Uint8Array, multiaddrs: string[] } | undefined {
    if (this.#network === undefined) return undefined
    const { peerKey } = this.#network
    if (!this.#isDirect) return { peerKey, multiaddrs: [] }
    // None at all: what this device was reached by is gone for now. Whoever heard so would drop the way, and
    // with it a connection that may be open. What was told stays told, until there is something newer.
    const found = this.#network.addresses().slice(0, 16)
    return { peerKey, multiaddrs: found.length > 0 ? found : this.#state.account?.record.announced ?? [] }
  }

  #contact (contactId: string): string {
    const contact = this.#state.contactOfBech32(contactId)
    if (contact === undefined) throw new UsageError('UNKNOWN_CONTACT')
    return contact
  }

  #requireAccount (): void { if (this.#state.account === undefined) throw new UsageError('NO_ACCOUNT') }

  #tellConnection (view: PeerView): void {
    const connection = this.#connection(view)
    if (connection !== undefined) this.#notices.tell({ type: 'connection.state', ...connection })
  }

  #connection (view: PeerView): ConnectionView | undefined {
    return connectionView(this.#state, view, this.#ports.clock.monotonic())
  }
}
