/**
 * Carries the windows of a plan out in a world, and takes them back at their end. Windows overlap:
 * a node runs again when the last of those that keep it down has ended.
 */
import { Chance } from '../../world/chance.ts'
import type { Disk } from '../../world/disk.ts'
import type { Rule } from '../../world/fabric.ts'
import type { Ending } from '../../world/machine.ts'
import type { World } from '../../world/world.ts'
import type { DiskDamage, RelayMisdeed } from '../model.ts'
import type { Block, Effect, FaultWindow, Plan } from '../plan.ts'
import { Misdeeds } from './misdeeds.ts'
import type { Weather } from './weather.ts'
import type { Witness } from './witness.ts'

/** A clock that runs too fast gains at each of these. */
const driftStepMs = 60_000
/** A write comes sooner than this where the node is in use. */
const tearWaitMs = 1_000

export class Interventions {
  /** Clients that never come back. */
  readonly gone = new Set<string>()
  readonly #world: World
  readonly #weather: Weather
  readonly #witness: Witness
  readonly #down = new Map<string, number>()
  readonly #paused = new Map<string, number>()
  readonly #rules = new Map<FaultWindow, Rule>()
  readonly #misdeeds = new Map<string, Misdeeds>()
  readonly #snapshots = new Map<string, ReturnType<Disk['snapshot']>>()
  readonly #drifting = new Set<FaultWindow>()
  readonly #diskFaults = new Map<string, Effect[]>()
  readonly #over = new Set<FaultWindow>()

  constructor (world: World, plan: Plan, weather: Weather, witness: Witness) {
    this.#world = world
    this.#weather = weather
    this.#witness = witness
    for (const { effect } of plan.windows) {
      if (effect.kind === 'relay') {
        for (const name of effect.nodes) this.#misdeeds.set(name, new Misdeeds(new Chance(`${plan.seed} misdeeds ${name}`)))
      }
      // As it was when the scenario began.
      if (effect.kind === 'disk-damage' && effect.damage === 'roll-back') {
        for (const name of effect.nodes) this.#snapshots.set(name, world.machine(name).disk.snapshot())
      }
    }
    if (weather.hasUnwired) world.fabric.cut({ blocks: (from, to) => !weather.isWired(from, to), isRefusing: false })
    Object.assign(world.fabric.dialFaults, { failureRate: weather.dialFailure, halfOpenRate: weather.halfOpen })
  }

  /** A program began or serves: one that must not run is ended again, and a relay's store may be bent. */
  life (name: string, event: 'started' | 'serves' | 'ended'): void {
    if (event === 'started' && (this.#down.get(name) ?? 0) > 0) this.#world.machine(name).end('killed', 'fault')
    const store = this.#world.relays.get(name)?.store
    if (event === 'serves' && store !== undefined) this.#misdeeds.get(name)?.bend(store)
  }

  begin (window: FaultWindow): void {
    const { effect } = window
    const isForever = window.untilMs === undefined
    switch (effect.kind) {
      case 'cut': this.#cut(window, effect.blocks, effect.how === 'refuse'); return
      case 'stall': this.#cut(window, [{ from: effect.sides[0], to: effect.sides[1] }, { from: effect.sides[1], to: effect.sides[0] }], false); return
      case 'slow': this.#weather.begin(effect); return
      case 'crash':
      case 'away': this.#each(effect.nodes, name => { this.#takeDown(name, 'killed', isForever) }); return
      case 'crash-at-write': this.#each(effect.nodes, name => { this.#crashAtWrite(name, effect.write, isForever) }); return
      case 'disk-damage': this.#each(effect.nodes, name => { this.#damage(window, name, effect.damage) }); return
      case 'pause': this.#each(effect.nodes, name => { this.#pause(name) }); return
      case 'disk-error':
      case 'disk-full':
      case 'disk-slow': this.#each(effect.nodes, name => { this.#diskFaults.set(name, [...(this.#diskFaults.get(name) ?? []), effect]) }); this.#setDisks(effect.nodes); return
      case 'clock-jump': this.#each(effect.nodes, name => { this.#world.machine(name).clock.jump(effect.byMs) }); return
      case 'clock-drift': this.#drift(window, effect.nodes, effect.by); return
      case 'relay': this.#each(effect.nodes, name => { this.#misbehave(name, effect.misdeed) })
    }
  }

  /** Not called for what is never healed. */
  end (window: FaultWindow): void {
    const { effect } = window
    this.#over.add(window)
    switch (effect.kind) {
      case 'cut':
      case 'stall': {
        const rule = this.#rules.get(window)
        if (rule !== undefined) this.#world.fabric.heal(rule)
        return
      }
      case 'slow': this.#weather.end(effect); return
      case 'crash':
      case 'away':
      case 'disk-damage': this.#each(effect.nodes, name => { this.#bringUp(name) }); return
      case 'crash-at-write': this.#each(effect.nodes, name => {
        const { disk } = this.#world.machine(name)
        // It has not come to that write, or it is down since.
        if (disk.crashesAt === undefined) this.#bringUp(name)
        else disk.crashesAt = undefined
      }); return
      case 'pause': this.#each(effect.nodes, name => { this.#goOn(name) }); return
      case 'disk-error':
      case 'disk-full':
      case 'disk-slow':
        this.#each(effect.nodes, name => { this.#diskFaults.set(name, (this.#diskFaults.get(name) ?? []).filter(other => other !== effect)) })
        this.#setDisks(effect.nodes)
        return
      case 'clock-jump': this.#each(effect.nodes, name => { this.#world.machine(name).clock.jump(-effect.byMs) }); return
      case 'clock-drift': this.#drifting.delete(window); return
      case 'relay': {
        const { misdeed } = effect
        if (misdeed !== 'wipe') this.#each(effect.nodes, name => { this.#misdeeds.get(name)?.end(misdeed) })
      }
    }
  }

  // -- pieces

  #each (names: readonly string[], run: (name: string) => void): void { for (const name of names) run(name) }

  #cut (window: FaultWindow, blocks: Block[], isRefusing: boolean): void {
    const targets = new Map<string, Array<ReadonlySet<string>>>()
    for (const { from, to } of blocks) {
      const set = new Set(to)
      for (const name of from) targets.set(name, [...(targets.get(name) ?? []), set])
    }
    const rule: Rule = { blocks: (from, to) => targets.get(from)?.some(set => set.has(to)) === true, isRefusing }
    this.#rules.set(window, rule)
    this.#world.fabric.cut(rule)
  }

  #takeDown (name: string, how: Ending, isForever: boolean): void {
    const machine = this.#world.machine(name)
    this.#down.set(name, (this.#down.get(name) ?? 0) + 1)
    machine.end(how, 'fault')
    if (!isForever) return
    machine.isAbandoned = true
    if (this.#world.clients.has(name)) this.gone.add(name)
  }

  #bringUp (name: string): void {
    const left = (this.#down.get(name) ?? 1) - 1
    this.#down.set(name, left)
    if (left === 0) this.#world.machine(name).boot()
  }

  #crashAtWrite (name: string, write: number, isForever: boolean): void {
    const { disk } = this.#world.machine(name)
    const at = disk.writes + write
    disk.crashesAt = number => number >= at ? 'during' : undefined
    disk.onCrashPoint = () => {
      disk.crashesAt = undefined
      this.#takeDown(name, 'powerLost', isForever)
    }
  }

  #damage (window: FaultWindow, name: string, damage: DiskDamage): void {
    const isForever = window.untilMs === undefined
    const { disk } = this.#world.machine(name)
    // What its programs say of their own disk can't be held against them any more.
    if (damage === 'bit-flip' || damage === 'roll-back') this.#witness.suspects.add(name)
    if (damage === 'torn') {
      this.#tear(window, name)
      return
    }
    this.#takeDown(name, 'powerLost', isForever)
    if (damage === 'bit-flip') disk.flipBit()
    if (damage === 'wipe') disk.wipe()
    const snapshot = this.#snapshots.get(name)
    if (damage === 'roll-back' && snapshot !== undefined) disk.restore(snapshot)
  }

  /** The power goes in the middle of the next write, or now where nothing is being written. */
  #tear (window: FaultWindow, name: string): void {
    const { disk } = this.#world.machine(name)
    let isDown = false
    const fall = (): void => {
      if (isDown || this.#over.has(window)) return
      isDown = true
      disk.crashesAt = undefined
      this.#takeDown(name, 'powerLost', window.untilMs === undefined)
    }
    disk.crashesAt = () => 'during'
    disk.onCrashPoint = fall
    this.#world.timeline.in(tearWaitMs, `torn ${name}`, fall)
  }

  #pause (name: string): void {
    this.#paused.set(name, (this.#paused.get(name) ?? 0) + 1)
    this.#world.machine(name).pause()
  }

  #goOn (name: string): void {
    const left = (this.#paused.get(name) ?? 1) - 1
    this.#paused.set(name, left)
    if (left === 0) this.#world.machine(name).goOn()
  }

  #setDisks (names: readonly string[]): void {
    for (const name of names) {
      const effects = this.#diskFaults.get(name) ?? []
      let slowness = 1
      for (const effect of effects) if (effect.kind === 'disk-slow') slowness *= effect.factor
      Object.assign(this.#world.machine(name).disk.faults, {
        writesFail: effects.some(({ kind }) => kind === 'disk-error'), isFull: effects.some(({ kind }) => kind === 'disk-full'), slowness
      })
    }
  }

  #drift (window: FaultWindow, names: readonly string[], by: number): void {
    this.#drifting.add(window)
    const step = (): void => {
      if (!this.#drifting.has(window)) return
      this.#each(names, name => { this.#world.machine(name).clock.jump(by * driftStepMs) })
      this.#world.timeline.in(driftStepMs, 'clocks drift', step)
    }
    this.#world.timeline.in(driftStepMs, 'clocks drift', step)
  }

  #misbehave (name: string, misdeed: RelayMisdeed): void {
    this.#witness.suspects.add(name)
    if (misdeed !== 'wipe') {
      this.#misdeeds.get(name)?.begin(misdeed)
      return
    }
    const machine = this.#world.machine(name)
    machine.end('killed', 'fault')
    machine.disk.wipe()
    if ((this.#down.get(name) ?? 0) === 0) machine.boot()
  }
}
