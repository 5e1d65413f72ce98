/**
 * One schedule: a world, what people do in it, the faults of its plan, then the heal, and the demand
 * that everything owed arrives. The whole of it follows from a seed.
 */
import type { CryptoSuite } from '../../../protocol/suite.ts'
import { nativeSuite } from '../../../node/host/native-suite.ts'
import { check, healToDeliveryMsMax } from '../check/checkers.ts'
import type { Entry, Violation } from '../check/history.ts'
import { transparentSuite, type TransparentSuite } from '../transparent-suite.ts'
import { mentionsIn } from '../world/mentions.ts'
import type { Machine } from '../world/machine.ts'
import { asTask } from '../world/microtasks.ts'
import { withRejections } from '../world/rejections.ts'
import { World } from '../world/world.ts'
import { establish, smallTopology, type Established, type Topology } from './established.ts'
import { Faults } from './faults.ts'
import { People } from './people.ts'
import { planOf, type FaultKind, type Plan } from './plan.ts'
import { Recorder } from './recorder.ts'

export interface ScheduleOptions {
  topology?: Topology
  /** transparent: fast, and strict about keys · real: for what must be seen encrypted. */
  suite?: 'transparent' | 'real'
  sendsMax?: number
  kinds?: readonly FaultKind[]
  /** Indexes of the plan's faults and sends that are left out. */
  withoutFaults?: readonly number[]
  withoutSends?: readonly number[]
  /** Errors know where they were made, which takes time; left out by default. */
  hasStacks?: boolean
  /** Called with every event. */
  onEvent?: (atMs: number, what: string) => void
  /** The disks to begin from, where they were made before. */
  established?: Established
  /** Changes the plan after it was drawn: for a scenario that is written and not drawn. */
  bend?: (plan: Plan) => void
  /** What people do besides writing, from the beginning. The schedule waits for it. */
  script?: (stage: Stage) => Promise<void>
  /** The power of one machine goes after the event of this number, from 1, and is back a little later. */
  crashAfter?: { node: string, event: number, backMs: number }
}

export interface Stage {
  world: World
  people: People
  accountOf: ReadonlyMap<string, string>
  /** Of the world's time. */
  sleep: (ms: number) => Promise<void>
}

export interface Outcome {
  seed: number
  plan: Plan
  /** Of everything that happened: the same for the same seed and options. */
  traceHash: string
  events: number
  virtualMs: number
  /** Events until everything was settled, as `crashAfter` counts them. */
  eventsBeforeEnd: number
  /** Writes to each machine's disk. */
  writes: Record<string, number>
  history: Entry[]
  violations: Violation[]
}

const settleStepMs = 500
/** To look at everything; a gap that is shown is waited for. */
const lookMsMax = 60 * 60_000
/** Longer than anything may take. */
const settleMsMax = healToDeliveryMsMax + 60_000
/**
 * After the heal whoever sees a message undelivered writes again, as people do: only then does a gap at
 * the end show. Who waits for nothing writes nothing, so that a link that died in silence stays so.
 */
const probeAfterMs = 5_000

/** Its rounds were drawn when the way was perhaps as slow as it can be. */
const lastDialMsMax = 180_000
const base = nativeSuite({ debug () {}, info () {}, warn () {}, error () {} })
const establishedWorlds = new Map<string, Promise<Established>>()

/** Never rejects for what the system under test does; that is a violation. */
export async function runSchedule (seed: number, options: ScheduleOptions = {}): Promise<Outcome> {
  const { topology = smallTopology, suite: kind = 'transparent' } = options
  const began = await beginningOf(seed, topology, kind, options)
  const unheard: unknown[] = []
  const { schedule, outcome } = await withRejections(unheard, async () => {
    const schedule = new Schedule(seed, began, topology, kind, options)
    const outcome = await asTask(() => options.hasStacks === true ? schedule.run() : withoutStacks(() => schedule.run()))
    return { schedule, outcome }
  })
  for (const error of unheard) schedule.recorder.alarm('world', 'I12', `a rejection that nobody heard: ${error instanceof Error ? error.message : 'unknown'}`)
  outcome.violations = check(outcome.history)
  return outcome
}

/** Refusals and dials that fail are errors, thousands in a schedule. */
function withoutStacks<T> (run: () => T): T {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function transparent (): TransparentSuite { return transparentSuite({ base, hasForgers: true }) }

/** Made once in a process for each topology and suite. */
export async function establishedWorld (topology: Topology = smallTopology, kind: 'transparent' | 'real' = 'transparent'): Promise<Established> {
  const key = `${kind} ${JSON.stringify([topology.clients, topology.relays, topology.pairs, topology.areStrangers, topology.withoutSessions])}`
  let established = establishedWorlds.get(key)
  if (established === undefined) {
    established = establish(topology, kind === 'real' ? base : transparent())
    establishedWorlds.set(key, established)
  }
  return await established
}

/** Without contacts, where they are to meet. */
async function beginningOf (seed: number, topology: Topology, kind: 'transparent' | 'real', options: ScheduleOptions): Promise<Established> {
  const { faults } = planOf(seed, { topology, ...(options.kinds === undefined ? {} : { kinds: options.kinds }) })
  if (faults.some(fault => fault.kind === 'first-meeting')) return await establishedWorld({ ...topology, areStrangers: true }, kind)
  return options.established ?? await establishedWorld(topology, kind)
}

class Schedule {
  readonly recorder = new Recorder()
  readonly #plan: Plan
  readonly #options: ScheduleOptions
  readonly #world: World
  readonly #people: People
  readonly #faults: Faults
  readonly #topology: Topology
  readonly #accountOf: ReadonlyMap<string, string>
  readonly #strict: TransparentSuite | undefined
  #events = 0
  #isScriptDone = true

  constructor (seed: number, began: Established, topology: Topology, kind: 'transparent' | 'real', options: ScheduleOptions) {
    const { recorder } = this
    const { sendsMax, kinds } = options
    this.#options = options
    this.#topology = topology
    this.#accountOf = began.accountOf
    this.#plan = planOf(seed, {
      topology, ...(sendsMax === undefined ? {} : { sendsMax }), ...(kinds === undefined ? {} : { kinds })
    })
    options.bend?.(this.#plan)
    const plan = this.#plan
    const strict = kind === 'real' ? undefined : transparent()
    const suite: CryptoSuite = strict ?? base
    this.#strict = strict
    const world = new World({
      seed: String(seed), suite, observer: recorder, epochMs: began.epochMs, path: () => ({ ...plan.links, slowness: 1 })
    })
    this.#world = world
    recorder.world = world
    for (const name of topology.withoutSessions ?? []) recorder.forgetful.add(name)
    if (options.onEvent !== undefined) world.timeline.trace.onEvent = options.onEvent
    const machineOf = (name: string): object => {
      const { image, vault } = began.disks.get(name)!
      return { name, disk: plan.disks, ...plan.clocks[name], image, ...(vault === undefined ? {} : { vault }) }
    }
    const limits = plan.mailboxEnvelopesMax === undefined ? {} : { mailboxEnvelopesMax: plan.mailboxEnvelopesMax }
    for (const name of topology.relays) world.addRelay({ name, ...machineOf(name), limits })
    for (const name of topology.clients) {
      world.addClient({ name, ...machineOf(name), relays: topology.relaysOf(name), isReachable: !plan.unreachable.includes(name) })
    }
    this.#faults = new Faults(world, plan)
    this.#people = new People(world, recorder, began.accountOf, seed)
    const life = recorder.life.bind(recorder)
    recorder.life = (one, event, why) => {
      life(one, event, why)
      // What was sealed and not committed is gone with the program, and its key may be used again.
      if (event === 'ended') this.#strict?.forgetSeals()
    }
    world.lineage.onKeyReuse = messages => { recorder.alarm('world', 'I7', `a key and nonce sealed two bodies, one with messages ${messages.join()}`) }
    if (kind === 'real') this.#watchForSecrets()
  }

  run (): Outcome {
    const { recorder } = this
    const world = this.#world
    const plan = this.#plan
    Object.assign(world.fabric.dialFaults, plan.dials)
    world.fabric.giveUpMs = plan.giveUpMs
    this.#countDials()
    const { crashAfter } = this.#options
    world.timeline.afterEvent = () => {
      if (++this.#events === crashAfter?.event) world.crash(crashAfter.node, 'powerLost', crashAfter.backMs)
    }
    world.bootAll()
    this.#play()
    const readRate = plan.readRate
    const notified = recorder.notified.bind(recorder)
    recorder.notified = (client, notification) => {
      notified(client, notification)
      if (notification.type === 'message.received') this.#people.mayRead(client, notification.messageId, notification.from, readRate)
    }
    plan.sends.forEach((send, i) => {
      if (this.#options.withoutSends?.includes(i) !== true) world.timeline.in(send.atMs, `send ${i}`, () => { this.#people.write(send) })
    })
    plan.faults.forEach((fault, i) => {
      if (this.#options.withoutFaults?.includes(i) === true) return
      world.timeline.in(fault.atMs, `fault ${i}`, () => {
        recorder.fault(i, fault.kind)
        if ((fault.kind === 'relay-lost' && fault.what !== 'wipe') || fault.kind === 'misdeed') recorder.suspects.add(fault.node)
        if (fault.kind === 'relay-lost' && fault.what === 'bitflip') recorder.damaged.add(fault.node)
        if (fault.kind === 'restored') recorder.restored(fault.node, fault.backupMs)
        if (fault.kind === 'first-meeting') void this.#people.meet(fault.inviter, fault.invited)
        this.#faults.begin(fault, i)
      })
    })
    world.timeline.in(plan.faultMs, 'heal', () => { this.#heal() })
    world.timeline.runUntil(plan.faultMs)
    const isSettled = this.#settle()
    const eventsBeforeEnd = this.#events
    this.#end(isSettled)
    const { trace } = world.timeline
    return {
      seed: plan.seed, plan, traceHash: trace.hash, events: trace.events, virtualMs: world.nowMs, eventsBeforeEnd,
      writes: Object.fromEntries(world.machines().map(({ name, disk }) => [name, disk.writes])),
      history: recorder.history, violations: []
    }
  }

  #play (): void {
    const { script } = this.#options
    if (script === undefined) return
    this.#isScriptDone = false
    const world = this.#world
    const sleep = async (ms: number): Promise<void> => {
      await new Promise<void>(resolve => { world.timeline.in(ms, 'script', resolve) })
    }
    script({ world, people: this.#people, accountOf: this.#accountOf, sleep }).then(
      () => { this.#isScriptDone = true },
      (error: unknown) => { this.recorder.alarm('world', 'I12', `the script failed: ${error instanceof Error ? error.message : 'unknown'}`) })
  }

  #heal (): void {
    const world = this.#world
    this.#faults.heal()
    this.recorder.put('world', { type: 'info', f: 'heal', value: { gone: [...this.#faults.gone] } })
    world.timeline.in(probeAfterMs, 'probe', () => {
      for (const [from, to] of this.recorder.waitingPairs(this.#faults.gone)) this.#people.write({ from, to, bytes: 0 })
    })
  }

  /** True when everything owed has arrived and everybody knows. */
  #settle (): boolean {
    const world = this.#world
    const { gone } = this.#faults
    const endMs = world.nowMs + settleMsMax
    world.timeline.runUntil(world.nowMs + probeAfterMs + 2 * settleStepMs)
    for (let step = 0; world.nowMs < endMs; step++) {
      const unconfirmed = this.recorder.unconfirmed(gone)
      if (this.#isScriptDone && this.recorder.isAllAnswered() && this.recorder.outstanding(gone).length === 0 && this.#allServe() && this.#people.areAcquainted(gone)) {
        if (unconfirmed.length === 0) return true
        if (step % 10 === 9) this.#await(this.#people.askForTicks(unconfirmed))
      }
      world.timeline.runUntil(world.nowMs + settleStepMs)
    }
    return false
  }

  #allServe (): boolean {
    return [...this.#world.clients.values()].every(({ machine, api }) => machine.isAbandoned || (machine.life !== undefined && api !== undefined))
  }

  #end (isSettled: boolean): void {
    const world = this.#world
    this.#await(this.#people.lookAtAll(), lookMsMax)
    for (const [message, count] of world.lineage.attemptsOf) {
      this.recorder.put('world', { type: 'info', f: 'attempts', value: { message, count } })
    }
    const counts = [...world.lineage.attemptsWithoutMessage.values()]
    this.recorder.put('world', { type: 'info', f: 'bare', value: { contents: counts.length, envelopesOfOne: Math.max(0, ...counts) } })
    const lives = world.machines().flatMap(machine => machine.life ?? [])
    this.#await(Promise.all([...world.clients.values()].map(async ({ api, machine }) => {
      await orEnded(machine, world, async () => { await api?.stop(1_000) })
    })))
    this.#await(Promise.all([...world.relays.values()].map(async ({ core, store, machine }) => {
      await orEnded(machine, world, async () => {
        await core?.drain()
        await store?.close()
      })
    })))
    const timers = lives.reduce((sum, life) => sum + (life.isAlive ? life.timers : 0), 0)
    // As long as a dial that was under way may take, which leaves a stream and no timer.
    world.timeline.runUntil(world.nowMs + lastDialMsMax)
    for (const misuse of this.#strict?.misuses ?? []) this.recorder.alarm('world', 'I7', misuse)
    const streams = world.names.reduce((sum, name) => sum + world.fabric.openStreams(name), 0)
    this.recorder.put('world', { type: 'info', f: 'end', value: { isSettled, timers, streams } })
  }

  /** Lets the world go on until `work` is done. */
  #await (work: Promise<unknown>, msMax = 60_000): void {
    let isDone = false
    let failure: unknown
    work.catch((error: unknown) => { failure = error }).finally(() => { isDone = true })
    const endMs = this.#world.nowMs + msMax
    while (!isDone && this.#world.nowMs < endMs) this.#world.timeline.runUntil(this.#world.nowMs + 20)
    if (!isDone) this.recorder.alarm('world', 'I13', 'a question of the end was not answered in time')
    if (failure !== undefined) this.recorder.alarm('world', 'I12', `a question of the end failed: ${failure instanceof Error ? failure.message : 'unknown'}`)
  }

  #countDials (): void {
    const counts = new Map<string, number>()
    this.#world.fabric.onDial = (from, to) => { counts.set(`${from} ${to}`, (counts.get(`${from} ${to}`) ?? 0) + 1) }
    const everySecond = (): void => {
      for (const [pair, count] of counts) {
        const [from, to] = pair.split(' ') as [string, string]
        this.recorder.put(from, { type: 'info', f: 'dials', value: { to, count } })
      }
      counts.clear()
      if (this.#world.nowMs < this.#plan.faultMs + 60_000) this.#world.timeline.in(1_000, 'counts dials', everySecond)
    }
    everySecond()
  }

  #watchForSecrets (): void {
    const { recorder } = this
    const names = this.#topology.clients
    const isSecret = (bytes: Uint8Array | string): boolean => {
      const text = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      return mentionsIn(text).length > 0 || names.some(name => text.includes(name)) || [...this.#accountOf.values()].some(id => text.includes(id))
    }
    recorder.secrets = isSecret
    this.#world.fabric.onSent = (from, _to, bytes) => { if (isSecret(bytes)) recorder.alarm(from, 'I6', `${from} sends a secret in clear`) }
  }
}

/** A program that ends by itself meanwhile never answers. */
async function orEnded (machine: Machine, world: World, work: () => Promise<void>): Promise<void> {
  const { life } = machine
  if (life === undefined) return
  let isDone = false
  const ended = async (): Promise<void> => {
    while (life.isAlive && !isDone) await new Promise<void>(resolve => { world.timeline.in(100, 'looks', resolve) })
  }
  await Promise.race([work().finally(() => { isDone = true }), ended()])
}
