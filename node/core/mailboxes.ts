/**
 * The account's mailboxes at its own relays: created, their addresses opened and closed, bundles and
 * descriptor published, and what they hold taken in. An envelope is acked only after it is durable here.
 */
import { equal, toHex as hex } from '../../protocol/bytes.ts'
import { codeOf, RemoteError, RestanteError, UnreachableError } from '../../protocol/errors.ts'
import { mailboxIdOf, ownershipMessage } from '../../protocol/ownership.ts'
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { OwnerProof, Push } from '../../protocol/wire/restante.js'
import * as defaults from './defaults.ts'
import type { Inbox } from './inbox.ts'
import type { Invites } from './invites.ts'
import type { Ledger } from './ledger.ts'
import type { Links, OpenLink } from './links.ts'
import { mailboxMachine, type MailboxState } from './machines.ts'
import type { InviteRecord, PeerRecord } from './records.js'
import { contactStates, type State } from './state.ts'

interface Mailbox {
  readonly relay: PeerRecord
  readonly peer: string
  state: MailboxState
  link: OpenLink | undefined
  /** Hashes of addresses that are open there, hex. Known for this connection only: a relay may forget. */
  opened: Set<string>
  isSyncing: boolean
  isSyncDue: boolean
  timer: Timer | undefined
}

export interface MailboxesPorts { clock: Clock, log: Log, suite: CryptoSuite }
export interface MailboxesParts { inbox: Inbox, invites: Invites, links: () => Links | undefined, onSubscribed: (link: OpenLink) => void }

const refusedRetryMs = 30_000
/** How long an invite that one relay has waits for the others, ms. */
const otherRelaysMs = 2_000
const refreshMs = 15 * 60_000

export class Mailboxes {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: MailboxesPorts
  readonly #parts: MailboxesParts
  readonly #mailboxes = new Map<string, Mailbox>()
  #refreshTimer: Timer | undefined
  #publishWaiters: Array<() => void> = []
  #isStopped = false

  constructor (state: State, ledger: Ledger, ports: MailboxesPorts, parts: MailboxesParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  start (): void {
    for (const relay of this.#state.account?.record.relays ?? []) {
      const peer = hex(relay.peerKey)
      this.#mailboxes.set(peer, {
        relay, peer, state: mailboxMachine.initial, link: undefined, opened: new Set(), isSyncing: false, isSyncDue: false, timer: undefined
      })
      this.#parts.links()?.want(relay, 'relay')
    }
    this.#refreshLater()
  }

  stop (): void {
    this.#isStopped = true
    this.#refreshTimer?.cancel()
    for (const mailbox of this.#mailboxes.values()) mailbox.timer?.cancel()
    for (const resolve of this.#publishWaiters) resolve()
  }

  /** Links at which the mailbox is subscribed now. */
  subscribed (): OpenLink[] {
    return [...this.#mailboxes.values()].flatMap(mailbox => mailbox.state === 'subscribed' ? mailbox.link ?? [] : [])
  }

  linkUp (link: OpenLink): void {
    const mailbox = this.#mailboxes.get(link.peer)
    if (mailbox === undefined || mailbox.link !== undefined || link.hello?.relay !== true) return
    mailbox.link = link
    this.#attend(mailbox, link)
  }

  linkDown (link: OpenLink): void {
    const mailbox = this.#mailboxes.get(link.peer)
    if (mailbox === undefined || mailbox.link !== link) return
    mailbox.link = undefined
    mailbox.opened = new Set()
    mailbox.timer?.cancel()
    mailbox.state = mailboxMachine.next(mailbox.state, 'unlinked')
    const other = this.#parts.links()?.to(mailbox.relay.peerKey)
    if (other !== undefined && other !== link) this.linkUp(other)
  }

  /** Addresses or invites are others than before. */
  sync (): void {
    for (const mailbox of this.#mailboxes.values()) {
      if (mailbox.state === 'subscribed' && mailbox.link !== undefined) this.#syncLater(mailbox, mailbox.link)
    }
  }

  /**
   * Whether a relay has the invite's bundle. Resolves when all of its relays have, or, once one has,
   * when the others had a moment: whoever makes an invite may leave at once, and one relay's copy is no
   * first tick. False after `timeoutMs` without any.
   */
  async published (invite: string, timeoutMs: number): Promise<boolean> {
    const { clock } = this.#ports
    const relays = this.#state.invites.get(invite)?.routes.length ?? 0
    const publishedAt = (): number => this.#state.invites.get(invite)?.publishedAt.length ?? 0
    let deadline = clock.monotonic() + timeoutMs
    let hasOne = false
    while (publishedAt() < relays && clock.monotonic() < deadline && !this.#isStopped) {
      if (!hasOne && publishedAt() > 0) {
        hasOne = true
        deadline = Math.min(deadline, clock.monotonic() + otherRelaysMs)
      }
      await new Promise<void>(resolve => {
        const timer = clock.setTimer(deadline - clock.monotonic(), resolve)
        this.#publishWaiters.push(() => {
          timer.cancel()
          resolve()
        })
      })
    }
    return publishedAt() > 0
  }

  pushed (link: OpenLink, push: Push): void {
    const mailbox = this.#mailboxes.get(link.peer)
    if (mailbox === undefined || mailbox.link !== link) return
    if (push.refusedSome) this.#ports.log.warn('mailbox-was-full')
    const last = push.envelopes[push.envelopes.length - 1]
    if (last === undefined) return
    // The bytes are views into a network chunk, and the ack is sent later.
    const through = last.cursor.slice()
    const mailboxId = push.mailbox.slice()
    const received = push.envelopes.map(async one => await this.#parts.inbox.receive(one.addressHash, one.envelope, 'relay'))
    Promise.allSettled(received).then(async results => {
      for (const result of results) {
        // What can't be opened is dropped for good: its sender keeps it until a receipt comes, and seals it anew.
        if (result.status === 'rejected') this.#ports.log.info('envelope-dropped', { code: codeOf(result.reason) })
      }
      if (this.#ledger.failure !== undefined) return
      await link.channel.request({ ack: { mailbox: mailboxId, through } })
    }).catch((error: unknown) => {
      this.#ports.log.debug('ack-failed', { code: codeOf(error) })
      // Credit that is not given back would be the end of pushes here: a new stream begins with all of it.
      if (codeOf(error) === 'TIMED_OUT') link.channel.abort(new UnreachableError('TIMED_OUT'))
    })
  }

  #attend (mailbox: Mailbox, link: OpenLink): void {
    mailbox.state = mailboxMachine.next(mailbox.state, mailbox.state === 'refused' ? 'due' : 'linked')
    this.#establish(mailbox, link).catch((error: unknown) => {
      if (mailbox.link !== link || !mailboxMachine.allows(mailbox.state, 'refused')) return
      if (error instanceof UnreachableError && !link.channel.isOpen) return
      this.#ports.log.warn('mailbox-refused', { code: codeOf(error) })
      mailbox.state = mailboxMachine.next(mailbox.state, 'refused')
      const retryAfter = error instanceof RemoteError ? error.retryAfterMs ?? 0 : 0
      mailbox.timer = this.#ports.clock.setTimer(Math.max(refusedRetryMs, retryAfter), () => {
        if (mailbox.link === link && mailbox.state === 'refused') this.#attend(mailbox, link)
      })
    })
  }

  async #establish (mailbox: Mailbox, link: OpenLink): Promise<void> {
    const proof = this.#proof(mailbox, link)
    const answer = await link.channel.request({ createMailbox: { proof, work: new Uint8Array(0) } })
    if (!answer.duplicate) await this.#forgetPublished(mailbox.relay.peerKey)
    if (mailbox.link !== link) return
    mailbox.state = mailboxMachine.next(mailbox.state, 'created')
    await this.#bringUpToDate(mailbox, link)
    if (mailbox.link !== link) return
    await link.channel.request({ subscribe: { proof, after: new Uint8Array(0), credit: defaults.pushCreditBytes } })
    if (mailbox.link !== link) return
    mailbox.state = mailboxMachine.next(mailbox.state, 'opened')
    this.#parts.onSubscribed(link)
    this.#syncLater(mailbox, link)
    await this.#publishDescriptors(link)
  }

  #proof (mailbox: Mailbox, link: OpenLink): OwnerProof {
    const { suite } = this.#ports
    const owner = suite.ed25519Private(this.#state.mailboxes.get(mailbox.peer)!.ownerSeed)
    const account = this.#state.account!
    const message = ownershipMessage({
      relayKey: link.peerKey,
      clientKey: suite.ed25519Private(account.record.peerSeed).publicKey,
      relayNonce: link.hello!.nonce,
      clientNonce: link.nonce
    }, owner.publicKey)
    return { owner: owner.publicKey, signature: suite.sign(owner, message) }
  }

  /** The relay is new, or has lost everything. */
  async #forgetPublished (peerKey: Uint8Array): Promise<void> {
    await this.#ledger.step(() => {
      for (const invite of this.#state.invites.values()) {
        if (!invite.publishedAt.some(one => equal(one, peerKey))) continue
        this.#state.invites.put(hex(invite.id), { ...invite, publishedAt: invite.publishedAt.filter(one => !equal(one, peerKey)) })
      }
    })
  }

  #syncLater (mailbox: Mailbox, link: OpenLink): void {
    if (mailbox.isSyncing) {
      mailbox.isSyncDue = true
      return
    }
    this.#bringUpToDate(mailbox, link).catch((error: unknown) => {
      this.#ports.log.info('mailbox-sync-failed', { code: codeOf(error) })
      if (mailbox.link === link && link.channel.isOpen) this.#syncAgain(mailbox, link, refusedRetryMs)
    })
  }

  async #bringUpToDate (mailbox: Mailbox, link: OpenLink): Promise<void> {
    mailbox.isSyncing = true
    try {
      do {
        mailbox.isSyncDue = false
        const mailboxId = this.#mailboxId(mailbox)
        await this.#asFarAsAllowed(mailbox, link, [
          async () => { await this.#openAddresses(mailbox, link, mailboxId) },
          async () => { await this.#closeAddresses(mailbox, link, mailboxId) },
          async () => { await this.#publishBundles(mailbox, link, mailboxId) }
        ])
      } while (mailbox.isSyncDue && mailbox.link === link)
    } finally {
      mailbox.isSyncing = false
    }
  }

  /**
   * A refused address keeps no other from being opened, and nothing from being fetched: who knows one may
   * have opened it in a mailbox of his own, and a relay with another clock finds an invite expired.
   */
  async #asFarAsAllowed (mailbox: Mailbox, link: OpenLink, works: Array<() => Promise<void>>): Promise<void> {
    let retryAfterMs = Infinity
    for (const work of works) {
      try {
        await work()
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error
        this.#ports.log.warn('mailbox-sync-refused', { code: error.code })
        retryAfterMs = Math.min(retryAfterMs, error.retryAfterMs ?? Infinity)
      }
    }
    // The others are tried again with the next refresh.
    if (retryAfterMs !== Infinity) this.#syncAgain(mailbox, link, retryAfterMs)
  }

  #syncAgain (mailbox: Mailbox, link: OpenLink, delayMs: number): void {
    mailbox.timer?.cancel()
    mailbox.timer = this.#ports.clock.setTimer(delayMs, () => {
      if (mailbox.link === link && mailbox.state === 'subscribed') this.#syncLater(mailbox, link)
    })
  }

  #mailboxId (mailbox: Mailbox): Uint8Array {
    const { suite } = this.#ports
    const owner = suite.ed25519Private(this.#state.mailboxes.get(mailbox.peer)!.ownerSeed)
    return mailboxIdOf(suite, owner.publicKey)
  }

  async #openAddresses (mailbox: Mailbox, link: OpenLink, mailboxId: Uint8Array): Promise<void> {
    const requests: Array<Promise<unknown>> = []
    for (const { addressHash, envelopesMax, expiresAt } of this.#wantedAddresses(mailbox.relay.peerKey)) {
      const address = hex(addressHash)
      if (mailbox.opened.has(address)) continue
      requests.push(link.channel.request({ openAddress: { mailbox: mailboxId, addressHash, envelopesMax, expiresAt } })
        .then(() => { mailbox.opened.add(address) }))
    }
    await allOf(requests)
  }

  * #wantedAddresses (peerKey: Uint8Array): Generator<{ addressHash: Uint8Array, envelopesMax: number, expiresAt: number }> {
    const now = this.#ports.clock.now()
    for (const invite of this.#state.invites.values()) {
      const index = invite.routes.findIndex(route => equal(route.peerKey, peerKey))
      if (invite.byDevice || invite.contact.length > 0 || index < 0 || (invite.expiresAt !== 0 && invite.expiresAt <= now)) continue
      const recipient = this.#state.recipientsOf(`invite:${hex(invite.id)}`)[index]
      if (recipient === undefined) continue
      // Strangers may leave a few envelopes only where anybody can find the address.
      const envelopesMax = invite.request ? defaults.requestEnvelopesMax : 0
      yield { addressHash: recipient.grant.addressHash, envelopesMax, expiresAt: invite.expiresAt }
    }
    for (const contact of this.#state.contacts.values()) {
      if (contactStates[contact.state] === 'blocked') continue
      const recipients = this.#state.recipientsOf(hex(contact.account))
      for (const grant of contact.grants) {
        if (grant.device || !equal(grant.peerKey, peerKey)) continue
        const recipient = recipients.find(one => equal(one.grant.secret, grant.secret))
        if (recipient === undefined) continue
        yield { addressHash: recipient.grant.addressHash, envelopesMax: 0, expiresAt: 0 }
      }
    }
  }

  async #closeAddresses (mailbox: Mailbox, link: OpenLink, mailboxId: Uint8Array): Promise<void> {
    const record = this.#state.mailboxes.get(mailbox.peer)!
    if (record.closing.length === 0 && record.withdrawing.length === 0) return
    await allOf([
      ...record.closing.map(async addressHash => {
        await link.channel.request({ closeAddress: { mailbox: mailboxId, addressHash } })
        mailbox.opened.delete(hex(addressHash))
      }),
      ...record.withdrawing.map(async location => {
        await link.channel.request({
          publishBundle: { mailbox: mailboxId, location, sealed: new Uint8Array(0), oneTime: false, expiresAt: 0 }
        })
      })
    ])
    await this.#ledger.step(() => {
      const current = this.#state.mailboxes.get(mailbox.peer)!
      this.#state.mailboxes.put(mailbox.peer, {
        ...current,
        closing: current.closing.filter(one => !record.closing.includes(one)),
        withdrawing: current.withdrawing.filter(one => !record.withdrawing.includes(one))
      })
    }, false)
  }

  async #publishBundles (mailbox: Mailbox, link: OpenLink, mailboxId: Uint8Array): Promise<void> {
    const { peerKey } = mailbox.relay
    const now = this.#ports.clock.now()
    const wanted = [...this.#state.invites.values()].filter(invite => !invite.byDevice &&
      invite.routes.some(route => equal(route.peerKey, peerKey)) && this.#isOpenFor(mailbox, invite) &&
      (invite.expiresAt === 0 || invite.expiresAt > now) && !invite.publishedAt.some(one => equal(one, peerKey)))
    await allOf(wanted.map(async invite => { await this.#publishBundle(link, mailboxId, invite, peerKey) }))
  }

  /**
   * Not before what they lead to: an invite that was made since the addresses were opened would be found,
   * and say that it is published, while nothing can be left for it.
   */
  #isOpenFor (mailbox: Mailbox, invite: InviteRecord): boolean {
    if (invite.contact.length > 0) return true
    const index = invite.routes.findIndex(route => equal(route.peerKey, mailbox.relay.peerKey))
    const recipient = this.#state.recipientsOf(`invite:${hex(invite.id)}`)[index]
    return recipient !== undefined && mailbox.opened.has(hex(recipient.grant.addressHash))
  }

  async #publishBundle (link: OpenLink, mailbox: Uint8Array, invite: InviteRecord, peerKey: Uint8Array): Promise<void> {
    const { location, sealed } = this.#parts.invites.sealedBundle(invite, peerKey)
    // Not one-time at the relay: whoever takes it may crash before he used it, and asks again. Its
    // prekeys serve one handshake only, which is the owner's to enforce.
    await link.channel.request({ publishBundle: { mailbox, location, sealed, oneTime: false, expiresAt: invite.expiresAt } })
    await this.#ledger.step(() => {
      const current = this.#state.invites.get(hex(invite.id))
      if (current === undefined || current.rotatedAt !== invite.rotatedAt) return
      this.#state.invites.put(hex(invite.id), { ...current, publishedAt: [...current.publishedAt, peerKey] })
    }, false)
    const waiters = this.#publishWaiters
    this.#publishWaiters = []
    for (const resolve of waiters) resolve()
  }

  async #publishDescriptors (link: OpenLink): Promise<void> {
    for (const record of await this.#parts.invites.descriptors()) {
      try {
        await link.channel.request({ publishDescriptor: { record } })
      } catch (error) {
        // A relay may not offer it.
        if (!(error instanceof RestanteError)) throw error
        this.#ports.log.info('descriptor-refused', { code: error.code })
      }
    }
  }

  #refreshLater (): void {
    this.#refreshTimer = this.#ports.clock.setTimer(refreshMs, () => {
      this.#refresh().catch((error: unknown) => { this.#ports.log.warn('refresh-failed', { code: codeOf(error) }) })
      this.#refreshLater()
    })
  }

  async #refresh (): Promise<void> {
    await this.#ledger.step(() => { this.#parts.invites.refresh() })
    this.sync()
    for (const link of this.subscribed()) await this.#publishDescriptors(link)
  }
}


/** All are tried, whatever becomes of the others; the first failure is thrown at the end. */
async function allOf (requests: Array<Promise<unknown>>): Promise<void> {
  for (const result of await Promise.allSettled(requests)) if (result.status === 'rejected') throw result.reason
}
