/**
 * Plays a plan with real programs: real libp2p, cryptography and disks, in real processes and in the time of a
 * clock on the wall. What people write and which faults hold is the plan's; what comes of it is not the same
 * twice. Everything that it makes on this machine is gone when it resolves or rejects.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunRecord } from '../report/records.ts'
import type { Effect, FaultWindow, Plan } from '../scenario/plan.ts'
import { Weather } from '../scenario/play/weather.ts'
import { Chance } from '../world/chance.ts'
import type { Rule } from '../world/fabric.ts'
import type { Ground } from './ground.ts'
import { loopbackGround } from './loopback-ground.ts'
import { namespaceGround } from './namespace-ground.ts'
import { assertPlayable } from './playable.ts'
import { Processes } from './processes.ts'
import { RealClient, RealRelay } from './real-nodes.ts'
import { RealWitness, violationsOf } from './real-witness.ts'
import type { RealWorld } from './world-kind.ts'

export interface PlayRealOptions {
  world: RealWorld
  /** How many times shorter the plan is than its scenario. */
  shorten: number
  /** Called now and then with the part of the time that is over, from 0 to 1; true: end it here. */
  onProgress?: ((part: number) => boolean) | undefined
  /** Called once with what runs, before the time begins: for those who look on. */
  onBegin?: ((running: { folder: string, pids: number[] }) => void) | undefined
}

const probeAfterMs = 5_000
const settleStepMs = 250
/** Steps of settling between two looks at what senders were told. */
const lookEvery = 8
const lookOutMs = 100
const samplesWanted = 240
const sampleMsMin = 500
const startingAtOnce = 4
const introducedMsMax = 90_000

/** Rejects with UsageError where the plan, or this machine, can't. */
export async function playReal (plan: Plan, options: PlayRealOptions): Promise<RunRecord> {
  const real = { ...plan, suite: 'real' as const }
  assertPlayable(real, options.world)
  const processes = new Processes()
  let ground: Ground | undefined
  try {
    const witness = new RealWitness()
    const weather = new Weather(real)
    ground = await (options.world === 'libp2p' ? loopbackGround : namespaceGround)({
      plan: real, weather, processes,
      onDial: (from, to) => { witness.dialled(from, to) },
      onSent: (from, to, bytes) => { witness.outside(`the way from ${from} to ${to}`, bytes) }
    })
    return await new RealPerformance(real, options, { processes, ground, witness }).run()
  } finally {
    await processes.close()
    await ground?.close()
  }
}

type Ports = ConstructorParameters<typeof RealRelay>[1]

class RealPerformance {
  readonly #plan: Plan
  readonly #options: PlayRealOptions
  readonly #ports: Ports
  readonly #relays: RealRelay[]
  readonly #clients: RealClient[]
  readonly #rules = new Map<FaultWindow, Rule>()
  readonly #reading: Chance
  readonly #later = new Set<NodeJS.Timeout>()
  /** Clients that never come back. */
  readonly #gone = new Set<string>()
  #isStopped = false
  #wireBytesBefore = 0
  #part = 0

  constructor (plan: Plan, options: PlayRealOptions, ports: Ports) {
    this.#plan = plan
    this.#options = options
    this.#ports = ports
    this.#reading = new Chance(`reading ${plan.seed}`)
    this.#relays = plan.nodes.filter(({ kind }) => kind === 'relay').map(node => new RealRelay(node, ports))
    this.#clients = plan.nodes.filter(({ kind }) => kind === 'client').map(node => new RealClient(node, ports))
  }

  async run (): Promise<RunRecord> {
    const plan = this.#plan
    const { witness, ground, processes } = this.#ports
    await this.#begin()
    this.#options.onBegin?.({ folder: processes.folder, pids: processes.pids })
    witness.begin()
    this.#wireBytesBefore = await ground.wireBytes()
    const sampling = this.#sampleEvery(Math.max(sampleMsMin, Math.ceil(plan.durationMs / samplesWanted)))
    await this.#goOn()
    witness.put('world', { type: 'info', f: 'heal', value: { gone: [...this.#gone] } })
    const isSettled = !this.#isStopped && await this.#settle()
    clearInterval(sampling)
    await this.#sample()
    await this.#end(isSettled)
    const history = witness.history()
    return {
      plan, history, samples: witness.samples, probes: witness.probes, violations: violationsOf(plan, history), isWhole: !this.#isStopped,
      traceHash: '', events: history.length, virtualMs: witness.nowMs,
      reality: { world: ground.world, shorten: this.#options.shorten, notes: this.#notes() }
    }
  }

  // -- before the time begins

  /** Programs, accounts, and people who know each other. */
  async #begin (): Promise<void> {
    await each(this.#relays, async relay => { await relay.start() })
    const addressOf = new Map(this.#relays.map(relay => [relay.name, relay.address]))
    const accounts = new Map<string, string>()
    await each(this.#clients, async client => {
      await client.start()
      const relays = client.node.relays.flatMap(relay => addressOf.get(relay) ?? [])
      accounts.set(client.name, (await client.call('account.create', { name: client.name, relays })).accountId)
    })
    for (const client of this.#clients) {
      client.accounts = accounts
      client.contacts = this.#plan.contacts.flatMap(([a, b]) => a === client.name ? b : b === client.name ? a : [])
      client.onReceived = (messageId, from) => { this.#mayRead(client, messageId, from) }
    }
    for (const [a, b] of this.#plan.contacts) {
      if (this.#lookOut()) return
      const { invite } = await this.#client(b).call('invite.create', {})
      await this.#client(a).call('contact.add', { invite, name: b })
    }
    const deadline = performance.now() + introducedMsMax
    for (const client of this.#clients) {
      while (!this.#lookOut() && client.contacts.some(other => !client.accepted.has(accounts.get(other) ?? ''))) {
        if (performance.now() > deadline) throw new Error(`${client.name} did not come to know everybody in time.`)
        await sleep(lookOutMs)
      }
      client.hear()
    }
  }

  // -- the time itself

  async #goOn (): Promise<void> {
    const { durationMs, messages, windows } = this.#plan
    const events: Array<{ atMs: number, run: () => void }> = [
      ...messages.map(({ atMs, from, to, bytes }) => ({ atMs, run: () => { this.#client(from).write({ to, bytes, isProbe: false }) } })),
      ...windows.flatMap(window => [
        { atMs: window.fromMs, run: () => { void this.#windowBegins(window) } },
        ...window.untilMs === undefined ? [] : [{ atMs: window.untilMs, run: () => { void this.#windowEnds(window) } }]
      ])
    ].sort((a, b) => a.atMs - b.atMs)
    for (const { atMs, run } of events) {
      await this.#until(atMs)
      if (this.#isStopped) return
      run()
    }
    await this.#until(durationMs)
    for (const node of [...this.#clients, ...this.#relays]) await node.idle()
  }

  async #until (ms: number): Promise<void> {
    const { witness } = this.#ports
    while (!this.#isStopped && witness.nowMs < ms) {
      this.#part = Math.min(1, witness.nowMs / this.#plan.durationMs)
      if (this.#lookOut()) return
      await sleep(Math.min(lookOutMs, Math.max(1, ms - witness.nowMs)))
    }
  }

  /** True once somebody wishes that it ends. */
  #lookOut (): boolean {
    this.#isStopped ||= this.#options.onProgress?.(this.#part) === true
    return this.#isStopped
  }

  async #windowBegins (window: FaultWindow): Promise<void> {
    const { effect } = window
    const isForever = window.untilMs === undefined
    const rule = ruleOf(effect)
    if (rule !== undefined) {
      this.#rules.set(window, rule)
      await this.#ports.ground.cut(rule).catch((error: unknown) => { this.#failed(window, error) })
    }
    // It holds from here on.
    this.#ports.witness.window(window, 'begins')
    if (effect.kind === 'slow') this.#ports.ground.slow(effect, 'begins')
    if (effect.kind === 'crash' || effect.kind === 'away') {
      for (const node of this.#nodes(effect.nodes)) {
        node.takeDown(effect.kind === 'crash' ? 'killed' : 'stopped', isForever)
        if (isForever && node instanceof RealClient) this.#gone.add(node.name)
      }
    }
    if (effect.kind === 'pause') for (const node of this.#nodes(effect.nodes)) node.pause()
  }

  async #windowEnds (window: FaultWindow): Promise<void> {
    const { effect } = window
    this.#ports.witness.window(window, 'ends')
    const rule = this.#rules.get(window)
    if (rule !== undefined) await this.#ports.ground.heal(rule).catch((error: unknown) => { this.#failed(window, error) })
    if (effect.kind === 'slow') this.#ports.ground.slow(effect, 'ends')
    if (effect.kind === 'crash' || effect.kind === 'away') for (const node of this.#nodes(effect.nodes)) node.bringUp()
    if (effect.kind === 'pause') for (const node of this.#nodes(effect.nodes)) node.goOn()
  }

  #failed ({ words }: FaultWindow, error: unknown): void {
    this.#ports.witness.alarm('world', 'I12', `'${words}' could not be done: ${error instanceof Error ? error.message : 'unknown'}`)
  }

  #mayRead (client: RealClient, messageId: string, from: string): void {
    const { reads } = this.#plan
    if (reads === 0 || !this.#reading.happens(reads)) return
    const timer = setTimeout(() => {
      this.#later.delete(timer)
      client.call('message.markRead', { with: from, upTo: messageId }).catch(() => {
        // The program ended meanwhile: it is read another time.
      })
    }, this.#reading.between(10, 5_000))
    this.#later.add(timer)
  }

  #sampleEvery (ms: number): NodeJS.Timeout { return setInterval(() => { void this.#sample() }, ms) }

  async #sample (): Promise<void> {
    const { ground, witness } = this.#ports
    witness.sample(await ground.wireBytes().catch(() => this.#wireBytesBefore) - this.#wireBytesBefore)
  }

  // -- and what comes after it

  /** True when everything owed has arrived and everybody knows, before the time to settle is over. */
  async #settle (): Promise<boolean> {
    const { witness } = this.#ports
    const endMs = this.#plan.durationMs + this.#plan.settleMs
    if (this.#plan.isProbed) {
      await this.#until(Math.min(endMs, witness.nowMs + probeAfterMs))
      for (const [a, b] of this.#plan.contacts) {
        if (this.#gone.has(a) || this.#gone.has(b)) continue
        this.#client(a).write({ to: b, bytes: 0, isProbe: true })
        this.#client(b).write({ to: a, bytes: 0, isProbe: true })
      }
    }
    for (let step = 1; witness.nowMs < endMs && !this.#isStopped; step++) {
      await this.#until(witness.nowMs + settleStepMs)
      if (witness.outstanding(this.#gone) > 0 || this.#clients.some(client => !client.isAbandoned && !client.serves)) continue
      const unconfirmed = witness.unconfirmed(this.#gone)
      if (unconfirmed.length === 0) return true
      // A tick that was told while nobody listened is in the list.
      if (step % lookEvery === 0) for (const [from, to] of unconfirmed) witness.found(from, await this.#client(from).conversation(to).catch(() => []))
    }
    return false
  }

  async #end (isSettled: boolean): Promise<void> {
    const { witness, processes } = this.#ports
    for (const timer of this.#later) clearTimeout(timer)
    for (const node of [...this.#clients, ...this.#relays]) {
      node.release()
      await node.idle()
    }
    for (const [a, b] of this.#plan.contacts) {
      await this.#look(a, b)
      await this.#look(b, a)
    }
    await Promise.all(this.#clients.map(async client => { await client.finish() }))
    await Promise.all(this.#relays.map(async relay => { await relay.finish() }))
    for (const relay of this.#relays) {
      for (const file of readdirSync(join(processes.folder, relay.name), { recursive: true, withFileTypes: true })) {
        if (file.isFile()) witness.outside(`the disk of ${relay.name}`, readFileSync(join(file.parentPath, file.name)))
      }
    }
    // What timers and streams are left inside of a program shows in that it ends when it is asked to.
    witness.put('world', { type: 'info', f: 'end', value: { isSettled, timers: 0, streams: 0 } })
  }

  async #look (name: string, other: string): Promise<void> {
    const client = this.#client(name)
    if (!client.serves) return
    try {
      this.#ports.witness.listed(name, other, await client.conversation(other))
    } catch (error) {
      this.#ports.witness.alarm(name, 'I12', `${name} did not show its conversation with ${other}: ${error instanceof Error ? error.message : 'unknown'}`)
    }
  }

  #notes (): string[] {
    const { shorten } = this.#options
    return [
      ...this.#ports.ground.notes,
      ...shorten === 1 ? [] : [`All times of the file are ${shorten} times shorter; latencies, and the program's own waits, are not.`],
      'Not to be seen, and so not judged: whether relays have on disk what a tick \'stored\' says, keys used twice (I7), quotas (I8), what a relay hands out again (I9), and how often an envelope leaves (I10).'
    ]
  }

  #client (name: string): RealClient { return this.#clients.find(client => client.name === name)! }
  #nodes (names: readonly string[]): Array<RealClient | RealRelay> { return [...this.#clients, ...this.#relays].filter(({ name }) => names.includes(name)) }
}

/** Undefined: it is not about ways that are cut. */
function ruleOf (effect: Effect): Rule | undefined {
  if (effect.kind !== 'cut' && effect.kind !== 'stall') return undefined
  const blocks = effect.kind === 'cut' ? effect.blocks : [{ from: effect.sides[0], to: effect.sides[1] }, { from: effect.sides[1], to: effect.sides[0] }]
  return {
    blocks: (from, to) => blocks.some(block => block.from.includes(from) && block.to.includes(to)),
    isRefusing: effect.kind === 'cut' && effect.how === 'refuse'
  }
}

/** A few at a time: the start of a program takes a whole core for a second. */
async function each<T> (items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  await Promise.all(Array.from({ length: startingAtOnce }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }))
}
