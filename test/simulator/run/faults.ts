/**
 * Faults as they are carried out in a world, and the heal, which takes back all that can be.
 */
import { Misdeeds } from '../scenario/play/misdeeds.ts'
import { Chance } from '../world/chance.ts'
import type { Disk } from '../world/disk.ts'
import type { Rule } from '../world/fabric.ts'
import type { World } from '../world/world.ts'
import type { Fault, Plan, Shape } from './plan.ts'

export class Faults {
  readonly #world: World
  readonly #plan: Plan
  readonly #rules = new Set<Rule>()
  readonly #snapshots = new Map<string, Snapshot>()
  /** As the clients' backups have them. */
  readonly #backups = new Map<string, Snapshot>()
  readonly #misdeeds = new Map<string, Misdeeds>()
  /** Clients that will never come back. */
  readonly gone = new Set<string>()
  #isHealed = false

  constructor (world: World, plan: Plan) {
    this.#world = world
    this.#plan = plan
    // What a relay that is set back comes to have again.
    for (const name of world.relays.keys()) this.#snapshots.set(name, world.machine(name).disk.snapshot())
    for (const fault of plan.faults) {
      if (fault.kind === 'misdeed' && !this.#misdeeds.has(fault.node)) this.#watchOver(fault.node)
      if (fault.kind !== 'restored') continue
      const { node, backupMs } = fault
      world.timeline.in(backupMs, `backup of ${node}`, () => { this.#backups.set(node, world.machine(node).disk.snapshot()) })
    }
  }

  begin (fault: Fault, index: number): void {
    const world = this.#world
    const chance = new Chance(`fault ${this.#plan.seed} ${fault.kind} ${fault.atMs}`)
    const later = (ms: number, run: () => void): void => {
      world.timeline.in(ms, `fault ${index} ends`, () => { if (!this.#isHealed) run() })
    }
    switch (fault.kind) {
      case 'partition': this.#partition(fault, chance, later); return
      case 'crash': world.crash(fault.node, fault.how, fault.backMs); return
      case 'crash-at-write': this.#crashAtWrite(fault); return
      case 'pause': {
        const machine = world.machine(fault.node)
        machine.pause()
        later(fault.forMs, () => { machine.goOn() })
        return
      }
      case 'clock': world.machine(fault.node).clock.jump(fault.byMs); return
      case 'disk': {
        const { faults } = world.machine(fault.node).disk
        if (fault.what === 'writes-fail') faults.writesFail = true
        else if (fault.what === 'full') faults.isFull = true
        else if (fault.what === 'reads-fail') faults.readsFail = true
        else faults.slowness = 50
        later(fault.forMs, () => { Object.assign(faults, wellDisk) })
        return
      }
      case 'move': world.clients.get(fault.node)!.move(); return
      case 'relay-lost': this.#relayLost(fault, chance); return
      case 'gone':
        world.crash(fault.node, 'powerLost', undefined)
        this.gone.add(fault.node)
        return
      // The people's own doing.
      case 'first-meeting': return
      case 'misdeed': {
        const misdeeds = this.#misdeeds.get(fault.node)!
        misdeeds.begin(fault.what)
        later(fault.forMs, () => { misdeeds.end(fault.what) })
        return
      }
      case 'restored':
        world.crash(fault.node, 'powerLost', fault.backMs)
        world.machine(fault.node).disk.restore(this.#backups.get(fault.node)!)
    }
  }

  /** Everything that can be well again is. */
  heal (): void {
    const world = this.#world
    this.#isHealed = true
    for (const rule of this.#rules) world.fabric.heal(rule)
    Object.assign(world.fabric.dialFaults, { failureRate: 0, halfOpenRate: 0 })
    world.fabric.calm()
    for (const misdeeds of this.#misdeeds.values()) misdeeds.endAll()
    for (const machine of world.machines()) {
      Object.assign(machine.disk.faults, wellDisk)
      machine.disk.crashesAt = undefined
      machine.goOn()
      machine.boot()
    }
  }

  // -- pieces

  /** The store of each of its lives can be bent. */
  #watchOver (relay: string): void {
    const misdeeds = new Misdeeds(new Chance(`misdeeds ${this.#plan.seed} ${relay}`))
    this.#misdeeds.set(relay, misdeeds)
    const machine = this.#world.machine(relay)
    const heard = machine.onLife
    machine.onLife = (life, event, why) => {
      heard?.(life, event, why)
      const store = this.#world.relays.get(relay)?.store
      if (event === 'serves' && store !== undefined) misdeeds.bend(store)
    }
  }

  #cut (rule: Rule, forMs: number, later: (ms: number, run: () => void) => void): void {
    this.#rules.add(rule)
    this.#world.fabric.cut(rule)
    later(forMs, () => { this.#world.fabric.heal(rule) })
  }

  #partition (
    fault: Fault & { kind: 'partition' }, chance: Chance, later: (ms: number, run: () => void) => void
  ): void {
    const { shape, forMs, isRefusing } = fault
    if (shape === 'flap') {
      const blocks = blocksOf('halves', this.#world, chance)
      const periodMs = Math.max(200, forMs / (2 + chance.below(6)))
      for (let at = 0; at < forMs; at += periodMs) {
        later(at, () => { this.#cut({ blocks, isRefusing }, periodMs / 2, later) })
      }
      return
    }
    if (shape === 'swizzle') {
      // Cut off one after another, and let back in the reverse order.
      const names = chance.sample(this.#world.names, 2 + chance.below(5))
      const stepMs = forMs / (2 * names.length)
      names.forEach((name, i) => {
        later(i * stepMs, () => {
          this.#cut({ blocks: (from, to) => from === name || to === name, isRefusing }, 2 * (names.length - i) * stepMs, later)
        })
      })
      return
    }
    this.#cut({ blocks: blocksOf(shape, this.#world, chance), isRefusing }, forMs, later)
  }

  #crashAtWrite (fault: Fault & { kind: 'crash-at-write' }): void {
    const { disk } = this.#world.machine(fault.node)
    const at = disk.writes + fault.write
    disk.crashesAt = write => write === at ? fault.moment : undefined
    disk.onCrashPoint = () => { this.#world.crash(fault.node, 'powerLost', fault.backMs) }
  }

  #relayLost (fault: Fault & { kind: 'relay-lost' }, chance: Chance): void {
    const world = this.#world
    const { disk } = world.machine(fault.node)
    if (fault.what === 'bitflip') {
      // Its operator hears of it from the store, and begins anew where it can't be opened any more.
      for (let i = 1 + chance.below(3); i > 0; i--) disk.flipBit()
      world.crash(fault.node, 'powerLost', fault.backMs)
      return
    }
    world.crash(fault.node, 'powerLost', fault.backMs)
    if (fault.what === 'wipe') disk.wipe()
    else disk.restore(this.#snapshots.get(fault.node)!)
  }
}

type Snapshot = ReturnType<Disk['snapshot']>

const wellDisk = { writesFail: false, isFull: false, readsFail: false, slowness: 1 }

type Blocks = Rule['blocks']

function blocksOf (shape: Exclude<Shape, 'flap' | 'swizzle'>, world: World, chance: Chance): Blocks {
  const names = chance.sample(world.names, world.names.length)
  const placeOf = new Map(names.map((name, place) => [name, place]))
  const place = (name: string): number => placeOf.get(name)!
  const half = names.length >>> 1
  switch (shape) {
    case 'halves': return (from, to) => place(from) < half !== place(to) < half
    case 'isolate': return (from, to) => place(from) === 0 || place(to) === 0
    case 'one-way': return (from, to) => place(from) < half && place(to) >= half
    // One node sees both halves.
    case 'bridge': return (from, to) => place(from) !== 0 && place(to) !== 0 && place(from) < half !== place(to) < half
    // Each sees a majority of the ring, and none the whole of it.
    case 'ring': return (from, to) => {
      const distance = Math.abs(place(from) - place(to))
      return Math.min(distance, names.length - distance) > names.length / 4
    }
    case 'relays': return (from, to) => world.relays.has(from) !== world.relays.has(to)
  }
}
