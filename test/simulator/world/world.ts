/**
 * A world: clients and relays on machines, connected by a fabric, in a time of their own. The same
 * seed makes the same world, event by event.
 *
 * Which faults come when is not decided here, nor what people write, nor what is right.
 */
import type { CryptoSuite } from '../../../protocol/suite.ts'
import type { MailboxLimits } from '../../../relay/core/ports.ts'
import { Chance } from './chance.ts'
import { Client, Directory } from './client.ts'
import { Disk, type DiskOptions } from './disk.ts'
import { Fabric, pathDefault } from './fabric.ts'
import type { Image } from './image.ts'
import { Lineage } from './lineage.ts'
import { Machine, type Ending } from './machine.ts'
import { NodeClock } from './node-clock.ts'
import type { Observer } from './observer.ts'
import { Relay } from './relay.ts'
import { Timeline } from './timeline.ts'
import type { Path } from './wires.ts'

export interface WorldOptions {
  seed: string
  suite: CryptoSuite
  observer: Observer
  /** Wall time at which the world begins, ms since the epoch. */
  epochMs?: number
  path?: (from: string, to: string, chance: Chance) => Path
  eventsMax?: number
}

export interface MachineOptions {
  disk?: Partial<DiskOptions>
  skewMs?: number
  drift?: number
  /** What its disk holds at the beginning. */
  image?: Image
  vault?: Uint8Array
}

export interface ClientOptions extends MachineOptions {
  name: string
  /** Names of its own relays, at most three. */
  relays: string[]
  isReachable?: boolean
}

export interface RelayOptions extends MachineOptions {
  name: string
  limits?: Partial<MailboxLimits>
}

export const epochMsDefault = 1_800_000_000_000

export class World {
  readonly seed: string
  readonly timeline: Timeline
  readonly fabric: Fabric
  readonly lineage = new Lineage()
  readonly clients = new Map<string, Client>()
  readonly relays = new Map<string, Relay>()
  readonly #directory = new Directory()
  readonly #suite: CryptoSuite
  readonly #plainSuite: CryptoSuite
  readonly #observer: Observer
  readonly #epochMs: number

  constructor (options: WorldOptions) {
    const { seed, suite, observer, path } = options
    this.seed = seed
    this.timeline = new Timeline(options.eventsMax === undefined ? {} : { eventsMax: options.eventsMax })
    this.#plainSuite = suite
    this.#suite = this.lineage.watch(suite)
    this.#observer = observer
    this.#epochMs = options.epochMs ?? epochMsDefault
    const pathChance = (from: string, to: string): Chance => new Chance(`${seed} path ${from} ${to}`)
    this.fabric = new Fabric(this.timeline, new Chance(`${seed} fabric`),
      path === undefined ? () => ({ ...pathDefault }) : (from, to) => path(from, to, pathChance(from, to)))
  }

  get nowMs (): number { return this.timeline.nowMs }
  get names (): string[] { return [...this.clients.keys(), ...this.relays.keys()] }

  machine (name: string): Machine {
    const machine = this.clients.get(name)?.machine ?? this.relays.get(name)?.machine
    if (machine === undefined) throw new Error(`There is no machine ${name}.`)
    return machine
  }

  machines (): Machine[] { return this.names.map(name => this.machine(name)) }

  addRelay (options: RelayOptions): Relay {
    const { name, limits = {} } = options
    const machine = this.#machine(options, life => relay.run(life))
    // Its key is the same in every world, so that a world may go on from the disks of another.
    const { publicKey: peerKey } = this.#plainSuite.ed25519Private(new Chance(`key of ${name}`).bytes(32))
    const relay = new Relay(machine, {
      seed: this.seed, timeline: this.timeline, fabric: this.fabric, directory: this.#directory,
      suite: this.#plainSuite, observer: this.#observer, peerKey, limits
    })
    this.relays.set(name, relay)
    return relay
  }

  addClient (options: ClientOptions): Client {
    const { name, isReachable = true } = options
    const machine = this.#machine(options, life => client.run(life))
    const client = new Client(machine, {
      seed: this.seed, timeline: this.timeline, fabric: this.fabric, directory: this.#directory,
      suite: this.#suite, storeSuite: this.#plainSuite, observer: this.#observer,
      dataKey: new Chance(`data key of ${name}`).bytes(32),
      relays: options.relays.map(relay => this.relays.get(relay)!.address), isReachable
    })
    this.clients.set(name, client)
    return client
  }

  bootAll (): void { for (const machine of this.machines()) machine.boot() }

  /** Ends a program, or the whole machine's power, and lets it be started again in `backInMs`; undefined: never. */
  crash (name: string, how: Ending, backInMs: number | undefined): void {
    const machine = this.machine(name)
    machine.end(how, 'fault')
    if (backInMs === undefined) machine.isAbandoned = true
    else this.timeline.in(backInMs, `boot ${name}`, () => { machine.boot() })
  }

  #machine (options: MachineOptions & { name: string }, run: Client['run']): Machine {
    const { name, disk = {}, image, vault } = options
    const { timeline, fabric, seed } = this
    const chance = (purpose: string): Chance => new Chance(`${seed} ${name} ${purpose}`)
    const machine = new Machine({
      name,
      timeline,
      fabric,
      disk: new Disk(timeline, {
        ...disk, node: name, chance: chance('disk'),
        ...(image === undefined ? {} : { image }), ...(vault === undefined ? {} : { vault })
      }),
      clock: new NodeClock(timeline, { epochMs: this.#epochMs, skewMs: options.skewMs ?? 0, drift: options.drift ?? 0 }),
      chance: chance('machine'),
      program: run
    })
    machine.onLife = (life, event, why) => {
      timeline.trace.event(timeline.nowMs, `${event} ${name} ${why}`)
      this.#observer.life(life, event, why)
    }
    return machine
  }
}
