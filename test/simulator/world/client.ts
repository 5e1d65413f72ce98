/**
 * A client on a simulated machine: the real engine (node/core) with its real store, on ports that
 * the world gives. What its person does is not here (run/workload.ts).
 */
import type { Clock, Log, LogFields, Random } from '../../../protocol/ports.ts'
import type { CryptoSuite } from '../../../protocol/suite.ts'
import { toHex } from '../../../protocol/bytes.ts'
import { UnreachableError } from '../../../protocol/errors.ts'
import type { MessengerApi } from '../../../node/core/api.ts'
import { openMessenger } from '../../../node/core/messenger.ts'
import type { Link, Network, Store } from '../../../node/core/ports.ts'
import { openStore } from '../../../node/store/store.ts'
import { Chance } from './chance.ts'
import { profileLevel, profileVault } from './databases.ts'
import type { Fabric } from './fabric.ts'
import type { Machine } from './machine.ts'
import { mentionsIn } from './mentions.ts'
import type { Observer } from './observer.ts'
import type { Life, Timeline } from './timeline.ts'

/** Which host has which peer key, and where it says to be. */
export class Directory {
  readonly #hostOf = new Map<string, string>()
  readonly #keyOf = new Map<string, Uint8Array>()
  readonly #versions = new Map<string, number>()

  register (host: string, peerKey: Uint8Array): void {
    this.#hostOf.set(toHex(peerKey), host)
    this.#keyOf.set(host, peerKey)
  }

  hostOf (peerKey: Uint8Array): string | undefined { return this.#hostOf.get(toHex(peerKey)) }
  peerKeyOf (host: string): Uint8Array { return this.#keyOf.get(host)! }

  /** Where the host is now; what it said before it moved leads nowhere. */
  addressOf (host: string): string { return `/dns4/${host}-${this.#versions.get(host) ?? 0}.test/tcp/1` }
  move (host: string): void { this.#versions.set(host, (this.#versions.get(host) ?? 0) + 1) }
}

export interface ClientParts {
  seed: string
  timeline: Timeline
  fabric: Fabric
  directory: Directory
  suite: CryptoSuite
  /** For the disk, whose seals never leave. */
  storeSuite: CryptoSuite
  observer: Observer
  dataKey: Uint8Array
  relays: string[]
  /** Others can dial it. */
  isReachable: boolean
}

export class Client {
  readonly machine: Machine
  readonly #parts: ClientParts
  #served: { api: MessengerApi, life: Life } | undefined
  #moved: (() => void) | undefined
  /** Messages in writes that were not answered. */
  readonly #unsure = new Set<number>()

  constructor (machine: Machine, parts: ClientParts) {
    this.machine = machine
    this.#parts = parts
  }

  get name (): string { return this.machine.name }

  /** Undefined while its program does not serve. */
  get api (): MessengerApi | undefined { return this.#served?.life.isAlive === true ? this.#served.api : undefined }

  /** It has another network address from now on. */
  move (): void {
    this.#parts.directory.move(this.name)
    this.#moved?.()
  }

  /** Alters its profile behind its program, which must not run meanwhile. */
  async alter (use: (store: Store) => Promise<void>): Promise<void> {
    const life: Life = { node: this.name, number: 0, isAlive: true, isPaused: false, timers: 0 }
    const { store } = await this.#open(life)
    await use(store)
    await store.close()
    life.isAlive = false
  }

  async #open (life: Life): Promise<{ store: Store, clock: Clock, random: Random, log: Log }> {
    const { seed, storeSuite: suite, observer, dataKey } = this.#parts
    const { disk } = this.machine
    const clock = this.machine.clock.of(life)
    const random = new Chance(`${seed} ${life.node} life ${life.number}`)
    const log = observedLog(observer, life)
    const store = await openStore({ level: profileLevel(disk, life), vault: profileVault(disk, life), dataKey, suite, random, clock, log })
    return { store, clock, random, log }
  }

  async run (life: Life): Promise<void> {
    const { suite, observer, relays } = this.#parts
    const { store, clock, random, log } = await this.#open(life)
    await this.#lookForUnsure(store)
    const messenger = await openMessenger({
      store: this.#observedStore(store, life), clock, random, log, suite,
      network: async peerSeed => this.#network(life, suite.ed25519Private(peerSeed).publicKey)
    })
    if (messenger.account() === undefined) await messenger.createAccount({ name: this.name, relays })
    messenger.listen(notification => {
      if (!life.isAlive) return
      observer.notified(this.name, notification)
      // The host program says so and ends; a service manager starts it again.
      if (notification.type === 'failed') this.machine.failed(life, notification.code)
    })
    await messenger.start()
    if (life.isAlive) this.#served = { api: messenger, life }
  }

  #network (life: Life, peerKey: Uint8Array): Network {
    const { fabric, directory, isReachable } = this.#parts
    let onLink: ((link: Link) => void) | undefined
    directory.register(this.name, peerKey)
    fabric.listen(life, (from, stream) => {
      if (isReachable && onLink !== undefined) onLink({ peerKey: directory.peerKeyOf(from.node), direct: true, stream })
      else stream.abort(new UnreachableError('NO_ROUTE'))
    })
    return {
      peerKey,
      addresses: () => isReachable ? [directory.addressOf(this.name)] : [],
      dial: async (peer, timeoutMs) => {
        const host = directory.hostOf(peer.peerKey)
        const isThere = host !== undefined && peer.multiaddrs.includes(directory.addressOf(host))
        if (!isThere) throw new UnreachableError('NO_ROUTE')
        const stream = await fabric.dial(life, host, timeoutMs)
        return { peerKey: peer.peerKey, direct: true, stream }
      },
      onLink: listener => { onLink = listener },
      onAddressesChanged: listener => { this.#moved = () => { if (life.isAlive) listener() } },
      listenThrough: () => {},
      stop: async () => { fabric.stopListening(life) }
    }
  }

  /** A program that was killed in a write does not know what became of it; the next one finds out. */
  async #lookForUnsure (store: Store): Promise<void> {
    if (this.#unsure.size === 0) return
    const found = (await store.scan('message')).flatMap(({ value }) => mentionsIn(value)).filter(message => this.#unsure.has(message))
    this.#unsure.clear()
    if (found.length > 0) this.#parts.observer.kept(this.name, found)
  }

  #observedStore (store: Store, life: Life): Store {
    return {
      ...store,
      batch: async (writes, options) => {
        const messages = writes.flatMap(({ table, value }) => table === 'message' && value !== undefined ? mentionsIn(value) : [])
        for (const message of messages) this.#unsure.add(message)
        await store.batch(writes, options)
        for (const message of messages) this.#unsure.delete(message)
        if (messages.length > 0 && options.durable && life.isAlive) this.#parts.observer.kept(this.name, messages)
      }
    }
  }
}

export function observedLog (observer: Observer, life: Life): Log {
  const at = (level: string) => (event: string, fields: LogFields = {}): void => {
    if (life.isAlive) observer.logged(life.node, level, event, fields)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
