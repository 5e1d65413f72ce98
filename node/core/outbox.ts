/**
 * Delivery of outbound envelopes: straight to the recipient's device where it is online, to the
 * relays where it is not or does not answer soon, again where a copy may have been lost, until the
 * recipient's own word ends it.
 *
 * A deposit is a deposit: device and relays take the same frame. Each address gets the envelope
 * wrapped anew, so copies share no byte; a retry at one address gives the same bytes, and is no second copy.
 */
import { toHex as hex } from '../../protocol/bytes.ts'
import { wrapEnvelope } from '../../protocol/envelope.ts'
import { RestanteError, RemoteError, type ErrorCode } from '../../protocol/errors.ts'
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { DeliveryView, Way } from './api.ts'
import type { ClockTrust } from './clock-trust.ts'
import * as defaults from './defaults.ts'
import { deliveryRow, deliveryView, isStoredByEnough, relayRoutes } from './delivery.ts'
import type { Ledger } from './ledger.ts'
import type { Links, OpenLink } from './links.ts'
import { deliveryMachine } from './machines.ts'
import type { Notices } from './notices.ts'
import { containsAll, type Ranges } from './ranges.ts'
import type { OutboxRecord, RouteRecord } from './records.js'
import { addressOf, giveBack, openQueue, putInOrder, type Queue } from './route-queue.ts'
import { contactStates, isIdentityForked, type Outbound, type State } from './state.ts'

export interface OutboxListeners {
  /** A receipt reached the other side, or a relay of his, or was given up. */
  onReceiptGone: (contact: string) => void
}
export interface OutboxPorts { clock: Clock, clockTrust: ClockTrust, log: Log, suite: CryptoSuite, isDirect: boolean }

const sweepMs = 10 * 60_000

export class Outbox {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #links: () => Links | undefined
  readonly #notices: Notices
  readonly #listeners: OutboxListeners
  readonly #ports: OutboxPorts
  readonly #queues = new Map<string, Queue[]>()
  /** Queues by the peer at which they deposit. */
  readonly #queuesAt = new Map<string, Set<Queue>>()
  #sweepTimer: Timer | undefined
  #inFlight = 0
  #isStopped = false

  constructor (state: State, ledger: Ledger, links: () => Links | undefined, notices: Notices, ports: OutboxPorts, listeners: OutboxListeners) {
    this.#state = state
    this.#ledger = ledger
    this.#links = links
    this.#notices = notices
    this.#listeners = listeners
    this.#ports = ports
  }

  get inFlight (): number { return this.#inFlight }

  start (): void {
    for (const contact of this.#state.contactsWithOutbound()) this.routesChanged(contact)
    this.#ports.clockTrust.isTrusted()
    this.#sweepLater()
  }

  stop (): void {
    this.#isStopped = true
    this.#sweepTimer?.cancel()
    for (const queues of this.#queues.values()) for (const queue of queues) queue.timer?.cancel()
  }

  /** A new envelope is durable. */
  sealed (outbound: Outbound): void {
    if (this.#links() === undefined || this.#isStopped) return
    const queues = this.#queues.get(outbound.contact) ?? this.#build(outbound.contact)
    this.#enqueue(outbound, queues)
    for (const queue of queues) this.#pump(queue)
  }

  /** The contact's routes are others, or it may be written to again. */
  routesChanged (contact: string): void {
    const links = this.#links()
    const peersBefore = (this.#queues.get(contact) ?? []).map(queue => queue.route.peerKey)
    this.#drop(contact)
    if (links === undefined || this.#isStopped) return
    const queues = this.#build(contact)
    for (const outbound of this.#state.outboundOf(contact)) {
      if (outbound.record.inner.length > 0) this.#enqueue(outbound, queues)
    }
    for (const queue of queues) this.#pump(queue)
    // Nobody would ever stop dialling where the contact no longer is.
    for (const peerKey of peersBefore) if (!this.#queuesAt.has(hex(peerKey))) links.release(peerKey)
  }

  /** It was sealed anew: what was deposited before is as good as lost. */
  offerAgain (id: string): void {
    const outbound = this.#state.outbox.get(id)
    if (outbound === undefined) return
    for (const queue of this.#queues.get(outbound.contact) ?? []) {
      queue.held.delete(id)
      giveBack(queue, id, 0)
      this.#pump(queue)
    }
  }

  linkUp (link: OpenLink): void {
    const now = this.#ports.clock.monotonic()
    for (const queue of this.#queuesAt.get(link.peer) ?? []) {
      if (queue.blockedUntil !== Infinity) queue.blockedUntil = 0
      // What relays hold is on its way already: it is offered directly only if no receipt comes soon.
      for (const id of queue.held) giveBack(queue, id, now + defaults.directFlushDelayMs)
      queue.held.clear()
      this.#pump(queue)
    }
  }

  /** The device cannot be dialled now: its relays need not wait any longer. */
  peerWaiting (peerKey: Uint8Array): void {
    for (const queue of this.#queuesAt.get(hex(peerKey)) ?? []) {
      if (queue.route.device) this.#hastenRelays(queue.contact)
    }
  }

  /** Inside a step: the recipient's receipt. */
  receiptArrived (contact: string, delivered: Ranges): void {
    for (const outbound of [...this.#state.outboundOf(contact)]) {
      if (outbound.first > 0 && containsAll(delivered, outbound.first, outbound.last)) this.#delivered(outbound, 'relay')
    }
  }

  /** Inside a step: nothing more is sent to this contact. */
  contactGone (contact: string, reason: ErrorCode): void {
    for (const outbound of [...this.#state.outboundOf(contact)]) this.#giveUp(outbound, 'refusedForGood', reason)
    this.#ledger.effect(() => { this.#drop(contact) })
  }

  // -- queues

  #build (contact: string): Queue[] {
    const record = this.#state.contacts.get(contact)
    if (record === undefined) return []
    const queues = contactStates[record.state] === 'blocked' || isIdentityForked(record)
      ? []
      : record.routes.filter(route => route.secret.length === 32 && (this.#ports.isDirect || !route.device)).map(route => this.#queue(contact, route))
    this.#queues.set(contact, queues)
    return queues
  }

  #queue (contact: string, route: RouteRecord): Queue {
    const queue = openQueue(this.#ports.suite, contact, route)
    const peer = hex(route.peerKey)
    const at = this.#queuesAt.get(peer)
    if (at === undefined) this.#queuesAt.set(peer, new Set([queue]))
    else at.add(queue)
    return queue
  }

  #drop (contact: string): void {
    for (const queue of this.#queues.get(contact) ?? []) {
      queue.timer?.cancel()
      queue.waiting.clear()
      queue.held.clear()
      const peer = hex(queue.route.peerKey)
      const at = this.#queuesAt.get(peer)
      at?.delete(queue)
      if (at?.size === 0) this.#queuesAt.delete(peer)
    }
    this.#queues.delete(contact)
  }

  #enqueue (outbound: Outbound, queues: Queue[]): void {
    const now = this.#ports.clock.monotonic()
    const isHeld = this.#isStored(outbound) && !queues.some(queue => queue.route.device && this.#links()?.to(queue.route.peerKey) !== undefined)
    const relaysAfter = isHeld ? now : now + this.#hedge(queues)
    for (const queue of queues) {
      if (isStoredAt(outbound.record, queue.route.peerKey)) continue
      if (queue.route.device && isHeld) queue.held.add(outbound.id)
      else queue.waiting.set(outbound.id, queue.route.device ? now : relaysAfter)
    }
  }

  /** How long relays wait for the direct way, ms. */
  #hedge (queues: Queue[]): number {
    const links = this.#links()
    const devices = queues.filter(queue => queue.route.device && queue.blockedUntil <= this.#ports.clock.monotonic())
    if (links === undefined || devices.length === 0) return 0
    if (devices.some(queue => links.to(queue.route.peerKey) !== undefined)) return defaults.directHedgeMs
    for (const queue of devices) {
      links.want(addressOf(queue.route), 'contact')
      if (links.isConnecting(queue.route.peerKey)) return defaults.dialHedgeMs
    }
    return 0
  }

  #hastenRelays (contact: string, only?: string): void {
    for (const queue of this.#queues.get(contact) ?? []) {
      if (queue.route.device) continue
      const hastened = only === undefined ? queue.waiting.keys() : [only].filter(id => queue.waiting.has(id))
      for (const id of hastened) queue.waiting.set(id, 0)
      this.#pump(queue)
    }
  }

  #pump (queue: Queue): void {
    const links = this.#links()
    if (links === undefined || this.#isStopped || queue.waiting.size === 0) return
    const now = this.#ports.clock.monotonic()
    if (queue.blockedUntil > now) {
      this.#pumpAt(queue, queue.blockedUntil)
      return
    }
    putInOrder(queue, id => this.#state.outbox.get(id)?.record.sequence ?? 0)
    const link = links.to(queue.route.peerKey)
    let next = Infinity
    for (const [id, notBefore] of queue.waiting) {
      if (notBefore > now) {
        next = Math.min(next, notBefore)
        // At a relay nothing overtakes: what it holds comes back in the order in which it came.
        if (!queue.route.device) break
        continue
      }
      const outbound = this.#state.outbox.get(id)
      if (outbound === undefined) {
        queue.waiting.delete(id)
        continue
      }
      if (link === undefined) {
        links.want(addressOf(queue.route), queue.route.device ? 'contact' : 'foreign-relay')
        break
      }
      if (link.depositsInFlight >= defaults.depositsInFlightMax) break
      queue.waiting.delete(id)
      this.#deposit(queue, link, outbound)
    }
    if (next !== Infinity) this.#pumpAt(queue, next)
  }

  /** Stops dialling a peer for which nothing waits. */
  #letGo (peerKey: Uint8Array): void {
    const queues = this.#queuesAt.get(hex(peerKey)) ?? []
    if (![...queues].some(queue => queue.waiting.size > 0)) this.#links()?.release(peerKey)
  }

  #pumpAt (queue: Queue, at: number): void {
    const { clock } = this.#ports
    queue.timer?.cancel()
    queue.timer = clock.setTimer(Math.max(1, at - clock.monotonic()), () => {
      queue.timer = undefined
      this.#pump(queue)
    })
  }

  // -- deposits

  #deposit (queue: Queue, link: OpenLink, outbound: Outbound): void {
    const envelope = wrapEnvelope(this.#ports.suite, queue.grant, outbound.record.inner)
    link.depositsInFlight++
    this.#inFlight++
    link.channel.request({ deposit: { address: queue.grant.address, envelope } }).then(
      async answer => {
        this.#answered(link)
        queue.refusals = 0
        queue.lastRefusal = undefined
        if (queue.route.device) await this.#ledger.step(() => { this.#delivered(outbound, 'direct') }, false)
        else await this.#ledger.step(() => { this.#stored(outbound.id, queue.route.peerKey, answer.until) }, false)
        this.#pump(queue)
      },
      (error: unknown) => {
        this.#answered(link)
        this.#failed(queue, outbound.id, error)
      }
    ).catch((error: unknown) => {
      // Only the store can fail here; the ledger has told already.
      this.#ports.log.debug('outbox-stopped', { error: error instanceof RestanteError ? error.code : 'INTERNAL' })
    })
  }

  #answered (link: OpenLink): void {
    link.depositsInFlight--
    this.#inFlight--
    if (link.depositsInFlight === Math.floor(defaults.depositsInFlightMax / 2)) {
      for (const queue of this.#queuesAt.get(link.peer) ?? []) this.#pump(queue)
    }
  }

  #failed (queue: Queue, id: string, error: unknown): void {
    const now = this.#ports.clock.monotonic()
    if (this.#isStopped || !this.#state.outbox.get(id)) return
    giveBack(queue, id, now)
    if (error instanceof RemoteError) {
      // What was under way together is refused together, and that is one refusal.
      if (queue.blockedUntil <= now) queue.refusals++
      queue.lastRefusal = error.code
      const backoff = Math.min(defaults.contactBackoffMsMax, defaults.backoffMsMin * defaults.backoffFactor ** queue.refusals)
      queue.blockedUntil = now + Math.max(backoff, error.retryAfterMs ?? 0)
      this.#ports.log.info('deposit-refused', { code: error.code, device: queue.route.device })
    }
    if (queue.route.device) this.#hastenRelays(queue.contact, id)
    this.#pump(queue)
  }

  // -- what became of it, inside steps

  #stored (id: string, peerKey: Uint8Array, until: number): void {
    const outbound = this.#state.outbox.get(id)
    if (outbound === undefined) return
    const { clock } = this.#ports
    const storedAt = [
      ...outbound.record.storedAt.filter(at => hex(at.peerKey) !== hex(peerKey)),
      { peerKey, until, at: clock.now() }
    ]
    const next: Outbound = { ...outbound, record: { ...outbound.record, storedAt } }
    const relays = relayRoutes(this.#state.contacts.get(outbound.contact)).length
    if (!isStoredByEnough(next.record, relays)) {
      this.#state.outbox.put(id, next)
      return
    }
    if (next.first === 0) {
      this.#remove(next)
      return
    }
    this.#state.outbox.put(id, next)
    this.#tell(next, deliveryView(next, relays))
    this.#ledger.effect(() => {
      for (const queue of this.#queues.get(outbound.contact) ?? []) {
        if (!queue.route.device || this.#links()?.to(queue.route.peerKey) !== undefined) continue
        if (queue.waiting.delete(id)) queue.held.add(id)
        this.#letGo(queue.route.peerKey)
      }
    })
  }

  #delivered (outbound: Outbound, way: Way): void {
    const current = this.#state.outbox.get(outbound.id)
    if (current === undefined) return
    this.#remove(current)
    if (current.first === 0) return
    this.#finish(current, { ...this.#viewOf(current), state: 'delivered', way })
  }

  #giveUp (outbound: Outbound, event: 'gaveUp' | 'refusedForGood', reason: ErrorCode | undefined): void {
    this.#remove(outbound)
    if (outbound.first === 0) return
    const view = this.#viewOf(outbound)
    this.#finish(outbound, { ...view, state: deliveryMachine.next(view.state, event), reason })
  }

  #viewOf (outbound: Outbound): DeliveryView {
    return deliveryView(outbound, relayRoutes(this.#state.contacts.get(outbound.contact)).length)
  }

  #finish (outbound: Outbound, view: DeliveryView): void {
    const account = this.#state.contacts.get(outbound.contact)?.account
    if (account !== undefined) {
      const { key, value } = deliveryRow(account, outbound, view, this.#ports.clock.now())
      this.#ledger.write('delivery', key, value)
    }
    this.#tell(outbound, view)
  }

  #remove (outbound: Outbound): void {
    this.#state.outbox.delete(outbound.id)
    this.#ledger.effect(() => {
      for (const queue of this.#queues.get(outbound.contact) ?? []) {
        queue.waiting.delete(outbound.id)
        queue.held.delete(outbound.id)
      }
      if (outbound.first === 0) this.#listeners.onReceiptGone(outbound.contact)
    })
  }

  #tell (outbound: Outbound, view: DeliveryView): void {
    const to = this.#state.bech32Of(outbound.contact)
    this.#ledger.effect(() => {
      for (const messageId of outbound.messageIds) this.#notices.tell({ type: 'message.state', messageId, to, ...view })
    })
  }

  #isStored (outbound: Outbound): boolean {
    const relays = relayRoutes(this.#state.contacts.get(outbound.contact)).length
    return isStoredByEnough(outbound.record, relays)
  }

  // -- time

  #sweepLater (): void {
    this.#sweepTimer = this.#ports.clock.setTimer(sweepMs, () => {
      this.#sweep().catch((error: unknown) => {
        this.#ports.log.warn('sweep-failed', { error: error instanceof RestanteError ? error.code : 'INTERNAL' })
      })
      this.#sweepLater()
    })
  }

  /** Gives up what is too old, and offers again what a relay may have lost since it said 'stored'. */
  async #sweep (): Promise<void> {
    const now = this.#ports.clock.now()
    const expired = this.#ports.clockTrust.isTrusted()
      ? [...this.#state.outbox.values()].filter(outbound => outbound.record.expiresAt <= now)
      : []
    if (expired.length > 0) {
      await this.#ledger.step(() => {
        for (const outbound of expired) {
          const refusals = (this.#queues.get(outbound.contact) ?? []).map(queue => queue.lastRefusal)
          const isRefused = refusals.length > 0 && refusals.every(code => code === 'UNKNOWN_ADDRESS')
          this.#giveUp(outbound, isRefused ? 'refusedForGood' : 'gaveUp', isRefused ? 'UNKNOWN_ADDRESS' : undefined)
        }
      })
    }
    for (const [contact, queues] of this.#queues) {
      for (const outbound of this.#state.outboundOf(contact)) {
        for (const queue of queues) {
          const at = outbound.record.storedAt.find(stored => hex(stored.peerKey) === hex(queue.route.peerKey))
          // Either way: a clock that went back may have been years ahead when it was stored.
          if (at !== undefined && Math.abs(now - at.at) >= defaults.redepositAfterMs) giveBack(queue, outbound.id, 0)
        }
      }
      for (const queue of queues) this.#pump(queue)
    }
    for (const queues of this.#queuesAt.values()) {
      const idle = [...queues].every(queue => !queue.route.device && queue.waiting.size === 0)
      if (idle) this.#links()?.release([...queues][0]!.route.peerKey, true)
    }
  }
}

function isStoredAt (record: OutboxRecord, peerKey: Uint8Array): boolean {
  return record.storedAt.some(stored => hex(stored.peerKey) === hex(peerKey))
}

