/**
 * Plays a plan: the real engines in a simulated world, what the people of the plan write, its faults
 * with their heal, and then the time in which everything that is owed must arrive. The whole of it
 * follows from the plan.
 */
import type { CryptoSuite } from '../../../../protocol/suite.ts'
import { nobleSuite } from '../../../../protocol/suites/noble.ts'
import { nativeSuite } from '../../../../node/host/native-suite.ts'
import { check } from '../../check/checkers.ts'
import type { Entry, Violation } from '../../check/history.ts'
import type { RunRecord } from '../../report/records.ts'
import { establish } from '../../run/established.ts'
import type { Established, Topology } from '../../run/established.ts'
import { People } from '../../run/people.ts'
import { transparentSuite } from '../../transparent-suite.ts'
import { asTask } from '../../world/microtasks.ts'
import { withRejections } from '../../world/rejections.ts'
import { World } from '../../world/world.ts'
import type { FaultWindow, Plan } from '../plan.ts'
import { Interventions } from './interventions.ts'
import { Weather } from './weather.ts'
import { Witness } from './witness.ts'
import { Writers } from './writers.ts'

export interface PlayOptions {
  /** Called now and then with the part of the time that is over, from 0 to 1; true: end it here. */
  onProgress?: (part: number) => boolean
}

const settleStepMs = 500
const probeAfterMs = 5_000
const samplesWanted = 240
const sampleMsMin = 250
/** Pieces in which the world goes on: in between signals are heard, and progress is told. */
const slices = 2000
const silentLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Violations that only say that something did not arrive: not owed where something stays cut for ever. */
const arrivals = new Set(['I1', 'I2', 'I13'])
const establishedMax = 4
const establishedWorlds = new Map<string, Promise<Established>>()

export async function play (plan: Plan, options: PlayOptions = {}): Promise<RunRecord> {
  const suite = suiteOf(plan.suite)
  const began = await establishedOf(plan, suite)
  const unheard: unknown[] = []
  const performance = new Performance(plan, suite, began, options)
  const record = await withRejections(unheard, async () => await performance.run())
  return performance.closed(record, unheard)
}

function suiteOf (kind: Plan['suite']): CryptoSuite {
  const base = nativeSuite(silentLog)
  if (kind === 'real') return base
  return transparentSuite({ base: { ...base, sha256: base.sha256, verify: nobleSuite.verify }, hasForgers: true })
}

/** People who know each other, by the world in which they met: runs of one scenario begin from the same one. */
async function establishedOf (plan: Plan, suite: CryptoSuite): Promise<Established> {
  const clients = plan.nodes.filter(({ kind }) => kind === 'client')
  const relaysOf = new Map(clients.map(({ name, relays }) => [name, relays]))
  const relays = plan.nodes.filter(({ kind }) => kind === 'relay').map(({ name }) => name)
  const topology: Topology = {
    clients: clients.map(({ name }) => name), relays, pairs: plan.contacts, relaysOf: name => relaysOf.get(name) ?? []
  }
  const key = JSON.stringify([plan.suite, relays, [...relaysOf], plan.contacts])
  const known = establishedWorlds.get(key)
  if (known !== undefined) return await known
  const [oldest] = establishedWorlds.keys()
  if (establishedWorlds.size >= establishedMax && oldest !== undefined) establishedWorlds.delete(oldest)
  const made = establish(topology, suite)
  establishedWorlds.set(key, made)
  return await made
}

class Performance {
  readonly #plan: Plan
  readonly #options: PlayOptions
  readonly #witness = new Witness()
  readonly #world: World
  readonly #interventions: Interventions
  readonly #writers: Writers
  readonly #people: People
  #isStopped = false

  constructor (plan: Plan, suite: CryptoSuite, began: Established, options: PlayOptions) {
    this.#plan = plan
    this.#options = options
    const witness = this.#witness
    const weather = new Weather(plan)
    const world = new World({
      seed: String(plan.seed), suite, observer: witness, epochMs: began.epochMs, eventsMax: Infinity,
      path: (from, to, chance) => weather.path(from, to, chance)
    })
    this.#world = world
    witness.watch(world)
    for (const kind of ['relay', 'client'] as const) {
      for (const { name, kind: own, skewMs, drift, relays, isReachable } of plan.nodes) {
        if (own !== kind) continue
        const disk = began.disks.get(name)
        const machine = { name, skewMs, drift, image: disk?.image, ...(disk?.vault === undefined ? {} : { vault: disk.vault }) }
        if (kind === 'relay') world.addRelay(machine)
        else world.addClient({ ...machine, relays, isReachable })
      }
    }
    this.#interventions = new Interventions(world, plan, weather, witness)
    this.#writers = new Writers(world, witness, began.accountOf)
    this.#people = new People(world, witness, began.accountOf, plan.seed)
    world.lineage.onKeyReuse = messages => { witness.alarm('world', 'I7', `a key and nonce sealed two bodies, one with messages ${messages.join()}`) }
    for (const machine of world.machines()) {
      const heard = machine.onLife
      machine.onLife = (life, event, why) => {
        heard?.(life, event, why)
        this.#writers.life(machine.name, life, event)
        this.#interventions.life(machine.name, event)
      }
    }
  }

  async run (): Promise<RunRecord> {
    const plan = this.#plan
    const world = this.#world
    const witness = this.#witness
    const { timeline } = world
    await asTask(() => { this.#begin() })
    await this.#goOn()
    witness.put('world', { type: 'info', f: 'heal', value: { gone: [...this.#interventions.gone] } })
    if (plan.isProbed) timeline.in(probeAfterMs, 'probe', () => { this.#probe() })
    const isSettled = !this.#isStopped && await this.#settle()
    await this.#end(isSettled)
    const { trace } = timeline
    return {
      plan, history: witness.history, samples: witness.samples, probes: witness.probes, violations: [], isWhole: !this.#isStopped,
      traceHash: trace.hash, events: trace.events, virtualMs: world.nowMs
    }
  }

  #begin (): void {
    const plan = this.#plan
    const world = this.#world
    const witness = this.#witness
    const { timeline } = world
    const notified = witness.notified.bind(witness)
    witness.notified = (client, notification) => {
      notified(client, notification)
      if (notification.type === 'message.received') this.#people.mayRead(client, notification.messageId, notification.from, plan.reads)
    }
    world.bootAll()
    for (const { id, atMs, from, to, bytes } of plan.messages) {
      timeline.in(atMs, `send ${id}`, () => { this.#writers.write({ from, to, bytes, isProbe: false }) })
    }
    for (const window of plan.windows) this.#schedule(window)
    this.#sampleEvery(Math.max(sampleMsMin, Math.ceil((plan.durationMs + plan.settleMs) / samplesWanted)))
  }

  closed (record: RunRecord, unheard: unknown[]): RunRecord {
    for (const error of unheard) {
      this.#witness.alarm('world', 'I12', `a rejection that nobody heard: ${error instanceof Error ? error.message : 'unknown'}`)
    }
    return { ...record, violations: violationsOf(record) }
  }

  #schedule (window: FaultWindow): void {
    const { timeline } = this.#world
    timeline.in(window.fromMs, `${window.id} begins`, () => {
      this.#witness.window(window, 'begins')
      this.#interventions.begin(window)
    })
    const { untilMs, effect } = window
    if (untilMs === undefined) return
    timeline.in(untilMs, `${window.id} ends`, () => {
      this.#witness.window(window, 'ends')
      this.#interventions.end(window)
      if (effect.kind === 'pause') for (const name of effect.nodes) this.#writers.wake(name)
    })
  }

  /** Up to the end of the plan, in pieces, so that somebody may look on and stop it. */
  async #goOn (): Promise<void> {
    const { durationMs } = this.#plan
    for (let slice = 1; slice <= slices && !this.#isStopped; slice++) {
      await this.#until(durationMs * slice / slices)
      this.#isStopped = this.#options.onProgress?.(slice / slices) === true
    }
  }

  /** A task of the event loop for each step: only there are promises drained as they should be. */
  async #until (ms: number): Promise<void> { await asTask(() => { this.#world.timeline.runUntil(ms) }) }

  #sampleEvery (ms: number): void {
    const sample = (): void => {
      void this.#witness.sample()
      this.#world.timeline.in(ms, 'sample', sample)
    }
    this.#world.timeline.in(0, 'sample', sample)
  }

  #probe (): void {
    const { gone } = this.#interventions
    for (const [a, b] of this.#plan.contacts) {
      if (gone.has(a) || gone.has(b)) continue
      this.#writers.write({ from: a, to: b, bytes: 0, isProbe: true })
      this.#writers.write({ from: b, to: a, bytes: 0, isProbe: true })
    }
  }

  /** True when everything owed has arrived and everybody knows, before the time to settle is over. */
  async #settle (): Promise<boolean> {
    const { timeline } = this.#world
    const { gone } = this.#interventions
    const endMs = this.#plan.durationMs + this.#plan.settleMs
    await this.#until(Math.min(endMs, timeline.nowMs + probeAfterMs + 2 * settleStepMs))
    for (let step = 0; timeline.nowMs < endMs; step++) {
      const unconfirmed = this.#witness.unconfirmed(gone)
      if (this.#witness.outstanding(gone).length === 0 && this.#allServe()) {
        if (unconfirmed.length === 0) return true
        if (step % 10 === 9) await this.#await(() => this.#people.askForTicks(unconfirmed))
      }
      await this.#until(Math.min(endMs, timeline.nowMs + settleStepMs))
    }
    return false
  }

  #allServe (): boolean {
    return [...this.#world.clients.values()].every(({ machine, api }) => machine.isAbandoned || (machine.life !== undefined && api !== undefined))
  }

  async #end (isSettled: boolean): Promise<void> {
    const world = this.#world
    const witness = this.#witness
    await this.#await(() => witness.sample())
    await this.#await(() => this.#writers.lookAtAll(this.#plan.contacts))
    for (const [message, count] of world.lineage.attemptsOf) witness.put('world', { type: 'info', f: 'attempts', value: { message, count } })
    const lives = world.machines().flatMap(machine => machine.life ?? [])
    await this.#await(async () => await Promise.all([...world.clients.values()].map(async ({ api, machine }) => { if (machine.life !== undefined) await api?.stop(1_000) })))
    await this.#await(async () => await Promise.all([...world.relays.values()].map(async ({ core, store, machine }) => {
      if (machine.life === undefined) return
      await core?.drain()
      await store?.close()
    })))
    await this.#until(world.nowMs + 1_000)
    const timers = lives.reduce((sum, life) => sum + life.timers, 0)
    const streams = world.names.reduce((sum, name) => sum + world.fabric.openStreams(name), 0)
    witness.put('world', { type: 'info', f: 'end', value: { isSettled, timers, streams } })
  }

  /** Lets the world go on until `work` is done. */
  async #await (work: () => Promise<unknown>): Promise<void> {
    const { timeline } = this.#world
    let isDone = false
    let failure: unknown
    await asTask(() => {
      work().catch((error: unknown) => { failure = error }).finally(() => { isDone = true })
      const endMs = timeline.nowMs + 60_000
      while (!isDone && timeline.nowMs < endMs) timeline.runUntil(timeline.nowMs + 20)
    })
    if (!isDone) this.#witness.alarm('world', 'I13', 'a question of the end was not answered within a minute')
    if (failure !== undefined) this.#witness.alarm('world', 'I12', `a question of the end failed: ${failure instanceof Error ? failure.message : 'unknown'}`)
  }
}

function violationsOf ({ plan, history }: RunRecord): Violation[] {
  const isCutForever = plan.windows.some(({ untilMs, effect }) =>
    untilMs === undefined && (effect.kind === 'cut' || effect.kind === 'stall' || effect.kind === 'pause'))
  return check(history as readonly Entry[]).filter(({ invariant }) => !isCutForever || !arrivals.has(invariant))
}
