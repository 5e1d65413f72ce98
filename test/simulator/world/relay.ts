/**
 * A relay on a simulated machine: the real core (relay/core) on the real mailbox store, whose tree
 * lies on a simulated disk.
 */
import type { CryptoSuite } from '../../../protocol/suite.ts'
import { formatPeerAddress } from '../../../protocol/peer-address.ts'
import { mailboxLimitsDefault } from '../../../relay/core/limits.ts'
import type { MailboxId, MailboxLimits, MailboxStore } from '../../../relay/core/ports.ts'
import { Relay as RelayCore } from '../../../relay/core/relay.ts'
import { levelMailboxStore } from '../../../relay/store/level-mailbox-store.ts'
import { Chance } from './chance.ts'
import { observedLog, type Directory } from './client.ts'
import { relayTree } from './databases.ts'
import { tailOf } from './disk.ts'
import type { Fabric } from './fabric.ts'
import { textOf } from './image.ts'
import type { Machine } from './machine.ts'
import type { Observer } from './observer.ts'
import type { Life, Timeline } from './timeline.ts'

export interface RelayParts {
  seed: string
  timeline: Timeline
  fabric: Fabric
  directory: Directory
  suite: CryptoSuite
  observer: Observer
  peerKey: Uint8Array
  limits: Partial<MailboxLimits>
}

/** Every so many deposits the mailbox is asked how full it is. */
const depositsPerLook = 8
/** And at each deposit, where the limit may be reached. */
const tightEnvelopes = 100

export class Relay {
  readonly machine: Machine
  readonly limits: MailboxLimits
  readonly #parts: RelayParts
  /** Undefined while its program does not serve. */
  core: RelayCore | undefined
  store: MailboxStore | undefined
  #deposits = 0

  constructor (machine: Machine, parts: RelayParts) {
    this.machine = machine
    this.#parts = parts
    this.limits = { ...mailboxLimitsDefault, ...parts.limits }
    parts.directory.register(machine.name, parts.peerKey)
  }

  get name (): string { return this.machine.name }

  /** With its peer id. */
  get address (): string { return formatPeerAddress(this.#parts.peerKey, this.#parts.directory.addressOf(this.name)) }

  async run (life: Life): Promise<void> {
    const { seed, fabric, directory, suite, observer, peerKey } = this.#parts
    const clock = this.machine.clock.of(life)
    const log = observedLog(observer, life)
    this.core = undefined
    this.store = undefined
    const store = levelMailboxStore({
      directory: '', clock, suite, limits: this.limits, log, createTree: () => relayTree(this.machine.disk, life)
    })
    await store.open()
    const random = new Chance(`${seed} ${life.node} life ${life.number}`)
    this.store = store
    const observed = this.#observedStore(store, life)
    this.core = new RelayCore({ store: observed, discovery: undefined, clock, random, log, suite, peerKey }, {
      mailboxLimits: this.limits,
      // As its program does: it says so and ends with an error, and is started again.
      onFailure: error => { this.machine.failed(life, error.code) }
    })
    const { core } = this
    fabric.listen(life, (from, stream) => {
      core.accept({ peerKey: directory.peerKeyOf(from.node), origin: from.node, stream })
    })
  }

  #observedStore (store: MailboxStore, life: Life): MailboxStore {
    const { observer } = this.#parts
    const { disk } = this.machine
    const clock = this.machine.clock.of(life)
    const ackedThrough = new Map<string, string>()
    /** Given out in this life and not acked, by mailbox, in order. */
    const givenOut = new Map<string, Map<string, Uint8Array>>()
    const observed = new Proxy(store, {
      get: (target, name) => {
        const own = overrides[name as keyof MailboxStore]
        if (own !== undefined) return own
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) as unknown : value
      }
    })
    const overrides: Partial<MailboxStore> = {
      deposit: async request => {
        const result = await store.deposit(request)
        if (!life.isAlive || result.status === 'refused') return result
        observer.stored(this.name, request.envelope, disk.isDurable(tailOf(request.envelope)), result.status === 'duplicate')
        const isTight = this.limits.mailboxEnvelopesMax < tightEnvelopes
        if (++this.#deposits % depositsPerLook === 0 || isTight) this.#look(store, result.mailbox)
        return result
      },
      ackThrough: async (mailbox, cursor) => {
        const key = textOf(mailbox)
        const through = textOf(cursor)
        const waiting = givenOut.get(key)
        for (const [at, envelope] of waiting ?? []) {
          if (at > through) continue
          waiting!.delete(at)
          observer.acked(this.name, envelope)
        }
        const count = await store.ackThrough(mailbox, cursor)
        if (through > (ackedThrough.get(key) ?? '')) ackedThrough.set(key, through)
        return count
      },
      page: async (mailbox, options) => {
        const acked = ackedThrough.get(textOf(mailbox)) ?? ''
        const page = await store.page(mailbox, options)
        const now = clock.now()
        const waiting = givenOut.get(textOf(mailbox)) ?? new Map<string, Uint8Array>()
        givenOut.set(textOf(mailbox), waiting)
        // A new stream: what the one before lost on its way is given again, or is hidden by a relay that lies.
        if (options.after === undefined) waiting.clear()
        for (const { cursor, receivedAt, envelope } of page.envelopes) {
          waiting.set(textOf(cursor), envelope)
          if (textOf(cursor) <= acked) observer.strayPage(this.name, 'acked')
          if (receivedAt + this.limits.retentionMs < now - pageMsMax) observer.strayPage(this.name, 'expired')
        }
        return page
      }
    }
    return observed
  }

  #look (store: MailboxStore, mailbox: MailboxId): void {
    store.usage(mailbox).then(usage => { this.#parts.observer.usage(this.name, usage) }, () => {
      // The disk failed meanwhile, which its program has heard by itself.
    })
  }
}

/** An envelope may expire while its page is being read. */
const pageMsMax = 60_000
