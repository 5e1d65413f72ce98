/**
 * A few nodes in one process: real engines, the real relay's core, real stores on memory-level, and
 * a network of memory streams that a test may cut. Time is real unless a clock is given.
 */
import { MemoryLevel } from 'memory-level'
import { toHex as hex } from '../../protocol/bytes.ts'
import { UnreachableError } from '../../protocol/errors.ts'
import { formatPeerAddress } from '../../protocol/peer-address.ts'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { MessengerApi, Notification } from '../../node/core/api.ts'
import { openMessenger } from '../../node/core/messenger.ts'
import { ScopedClock } from '../../node/core/scoped-clock.ts'
import type { Link, Network, Ports, Store } from '../../node/core/ports.ts'
import { nativeSuite } from '../../node/host/native-suite.ts'
import { systemClock } from '../../node/host/world.ts'
import { openStore } from '../../node/store/store.ts'
import { Relay } from '../../relay/core/relay.ts'
import { mailboxLimitsDefault } from '../../relay/core/limits.ts'
import type { MailboxLimits, MailboxStore } from '../../relay/core/ports.ts'
import { memoryMailboxStore } from '../../relay/store/memory-mailbox-store.ts'
import { memoryStreams, type MemoryStream } from './byte-streams.ts'
import { memoryVault, type MemoryVault } from './memory-vault.ts'
import { keptLog, type KeptLog } from './kept-log.ts'
import { seededRandom } from './seeded-random.ts'

interface Node {
  peerKey: Uint8Array
  accept: (link: Link) => void
}

export class SmallWorld {
  readonly clock: ScopedClock
  readonly random: Random
  readonly suite: CryptoSuite
  readonly #relaySuite: CryptoSuite
  readonly log: KeptLog
  readonly #nodes = new Map<string, Node>()
  readonly #streams = new Set<{ a: string, b: string, stream: MemoryStream }>()
  /** Pairs (sorted) between which nothing can be dialled. */
  readonly #cut = new Set<string>()
  /** Everything that crossed the network. */
  onBytes: ((bytes: Uint8Array) => void) | undefined

  constructor (options: { seed: string, clock?: Clock, suite?: CryptoSuite }) {
    this.clock = new ScopedClock(options.clock ?? systemClock)
    this.random = seededRandom(options.seed)
    this.log = keptLog()
    this.suite = options.suite ?? nativeSuite(this.log)
    // Of another make than the nodes', unless these are given one that no other understands.
    this.#relaySuite = options.suite ?? nobleSuite
  }

  /** No timer of any node is left. */
  end (): void { this.clock.end() }

  /** Ends the connections of two nodes, and lets no new ones be made. */
  cut (a: Uint8Array, b: Uint8Array): void {
    this.#cut.add(pair(hex(a), hex(b)))
    this.#abort(stream => pair(stream.a, stream.b) === pair(hex(a), hex(b)))
  }

  heal (a: Uint8Array, b: Uint8Array): void { this.#cut.delete(pair(hex(a), hex(b))) }

  /** `bend`: a relay that does not do what it should. */
  async relay (limits: Partial<MailboxLimits> = {}, bend: (store: MailboxStore) => MailboxStore = store => store): Promise<WorldRelay> {
    const peerKey = this.suite.ed25519Private(this.random.bytes(32)).publicKey
    const mailboxLimits = { ...mailboxLimitsDefault, ...limits }
    let store = memoryMailboxStore({ clock: this.clock, suite: this.#relaySuite, limits: mailboxLimits })
    await store.open()
    const ports = { store: bend(store), discovery: undefined, clock: this.clock, random: this.random, log: this.log, suite: this.#relaySuite, peerKey }
    let relay = new Relay(ports, { mailboxLimits, limits: generous })
    const id = hex(peerKey)
    const online = (): void => {
      this.#nodes.set(id, {
        peerKey, accept: link => { relay.accept({ peerKey: link.peerKey, origin: 'memory', stream: link.stream }) }
      })
    }
    online()
    return {
      peerKey,
      get store () { return store },
      address: formatPeerAddress(peerKey, `/dns4/${id.slice(0, 8)}.test/tcp/1`),
      stop: () => {
        this.#nodes.delete(id)
        this.#abort(stream => stream.a === id || stream.b === id)
      },
      wipe: async () => {
        store = memoryMailboxStore({ clock: this.clock, suite: this.#relaySuite, limits: mailboxLimits })
        await store.open()
        ports.store = bend(store)
      },
      start: () => {
        relay = new Relay(ports, { mailboxLimits, limits: generous })
        online()
      }
    }
  }

  /** A profile that can be opened and closed over and over. */
  profile (): Profile {
    const level = new MemoryLevel<Uint8Array, Uint8Array>({ keyEncoding: 'view', valueEncoding: 'view' })
    return { level, vault: memoryVault(), dataKey: this.random.bytes(32) }
  }

  /** What a copy of the folder at this moment would hold; a profile of its own. */
  async copyOf (profile: Profile): Promise<Profile> {
    const level = new MemoryLevel<Uint8Array, Uint8Array>({ keyEncoding: 'view', valueEncoding: 'view' })
    await profile.level.open()
    const entries = await profile.level.iterator().all()
    await level.open()
    await level.batch(entries.map(([key, value]) => ({ type: 'put' as const, key: key.slice(), value: value.slice() })))
    return { level, vault: memoryVault(profile.vault.content?.slice()), dataKey: profile.dataKey }
  }

  /** A stream of the mailbox protocol to one of the nodes, by somebody who is none of them. */
  async dial (peerKey: Uint8Array): Promise<{ clientKey: Uint8Array, link: Link }> {
    const network = this.#network(this.random.bytes(32))
    return { clientKey: network.peerKey, link: await network.dial({ peerKey, multiaddrs: [] }, 0) }
  }

  /** `bend`: a node of another make, or one whose disk, clock or network is bad. */
  async open (
    profile: Profile, wrap: (store: Store) => Store = store => store, bend: (ports: Ports) => Ports = ports => ports
  ): Promise<MessengerApi & { received: Notification[] }> {
    const store = await openStore({
      ...profile, suite: this.suite, random: this.random, clock: this.clock, log: this.log
    })
    const ports = {
      store: wrap(store),
      clock: this.clock,
      random: this.random,
      log: this.log as Log,
      suite: this.suite,
      network: async (peerSeed: Uint8Array) => this.#network(peerSeed)
    }
    const messenger = await openMessenger(bend(ports))
    const received: Notification[] = []
    messenger.listen(notification => { received.push(notification) })
    return Object.assign(messenger, { received })
  }

  #network (peerSeed: Uint8Array): Network {
    const peerKey = this.suite.ed25519Private(peerSeed).publicKey
    const id = hex(peerKey)
    let onLink: ((link: Link) => void) | undefined
    this.#nodes.set(id, { peerKey, accept: link => { onLink?.(link) } })
    return {
      peerKey,
      addresses: () => [`/dns4/${id.slice(0, 8)}.test/tcp/1`],
      dial: async peer => {
        const other = this.#nodes.get(hex(peer.peerKey))
        if (other === undefined || this.#cut.has(pair(id, hex(peer.peerKey)))) throw new UnreachableError('NO_ROUTE')
        const [mine, theirs] = memoryStreams({
          cut: bytes => {
            this.onBytes?.(bytes)
            return [bytes]
          }
        })
        for (const stream of [mine, theirs]) this.#streams.add({ a: id, b: hex(other.peerKey), stream })
        other.accept({ peerKey, direct: true, stream: theirs })
        return { peerKey: other.peerKey, direct: true, stream: mine }
      },
      onLink: listener => { onLink = listener },
      onAddressesChanged: () => {},
      listenThrough: () => {},
      stop: async () => {
        this.#nodes.delete(id)
        this.#abort(stream => stream.a === id || stream.b === id)
      }
    }
  }

  #abort (which: (stream: { a: string, b: string }) => boolean): void {
    for (const entry of this.#streams) {
      if (!which(entry)) continue
      this.#streams.delete(entry)
      entry.stream.abort(new Error('cut'))
    }
  }
}

export interface Profile { level: MemoryLevel<Uint8Array, Uint8Array>, vault: MemoryVault, dataKey: Uint8Array }

export interface WorldRelay {
  peerKey: Uint8Array
  store: ReturnType<typeof memoryMailboxStore>
  /** With peer id. */
  address: string
  stop: () => void
  start: () => void
  /** Between stop and start: it has lost everything that it kept. */
  wipe: () => Promise<void>
}

/** All nodes share one origin here. */
const generous = { linksPerOriginMax: 1000, linksPerPeerMax: 100 }

function pair (a: string, b: string): string { return a < b ? `${a} ${b}` : `${b} ${a}` }

/** Waits until `isTrue`, for at most `msMax`. */
export async function eventually (isTrue: () => boolean | Promise<boolean>, what: string, msMax = 10_000): Promise<void> {
  const deadline = Date.now() + msMax
  while (!await isTrue()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await new Promise(resolve => { setTimeout(resolve, 5) })
  }
}
