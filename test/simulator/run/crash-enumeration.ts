/**
 * A power cut at every point of the core scenarios: after every event of the world, and before, during and
 * after every write, for each machine; each in a run of its own. What a random schedule meets once in ten
 * thousand, this meets every time.
 */
import type { CrashMoment } from '../world/disk.ts'
import { coreScenarios, type CoreScenario } from './core-scenarios.ts'
import { establishedWorld, runSchedule, type Outcome, type ScheduleOptions } from './schedule.ts'

/** After the event of this number, or around the write of this number to the machine's own disk, each from 1. */
export type Cut = { node: string } & ({ moment: 'event', event: number } | { moment: CrashMoment, write: number })

export interface Enumeration {
  points: number
  failures: Array<{ cut: Cut, texts: string[] }>
}

const moments: readonly CrashMoment[] = ['before', 'during', 'after']
const backMs = 700

export function scenarioOf (name: string): CoreScenario {
  const scenario = coreScenarios.find(one => one.name === name)
  if (scenario === undefined) throw new Error(`There is no core scenario ${name}; there are ${coreScenarios.map(one => one.name).join(', ')}.`)
  return scenario
}

/** As in `client1/event/57` or `relay1/during/3`. */
export function showCut (cut: Cut): string {
  return `${cut.node}/${cut.moment}/${cut.moment === 'event' ? cut.event : cut.write}`
}

export function parseCut (text: string): Cut {
  const [node, moment, number] = text.split('/')
  const at = Number(number)
  if (node === undefined || !Number.isInteger(at) || at < 1) throw new Error(`'${text}' is no point such as client1/event/57.`)
  if (moment === 'event') return { node, moment, event: at }
  const known = moments.find(one => one === moment)
  if (known === undefined) throw new Error(`'${moment}' is neither event, before, during nor after.`)
  return { node, moment: known, write: at }
}

async function optionsOf ({ topology, bend, script }: CoreScenario): Promise<ScheduleOptions> {
  return { topology, kinds: [], established: await establishedWorld(topology), bend, ...(script === undefined ? {} : { script }) }
}

/** `cut`: undefined for the scenario as it goes without one. */
export async function runCore (scenario: CoreScenario, seed: number, cut?: Cut, run: typeof runSchedule = runSchedule): Promise<Outcome> {
  const options = await optionsOf(scenario)
  if (cut === undefined) return await run(seed, options)
  if (cut.moment === 'event') return await run(seed, { ...options, crashAfter: { node: cut.node, event: cut.event, backMs } })
  const { node, moment, write } = cut
  return await run(seed, {
    ...options,
    bend: plan => {
      scenario.bend(plan)
      plan.faults = [...plan.faults, { kind: 'crash-at-write', atMs: 0, node, moment, write, backMs }]
    }
  })
}

/** Every point of this scenario, with this seed: as many as it has events and writes, for each machine. */
export async function cutsOf (scenario: CoreScenario, seed: number): Promise<Cut[]> {
  const whole = await runCore(scenario, seed)
  const { clients, relays } = scenario.topology
  const cuts: Cut[] = []
  for (const node of [...clients, ...relays]) {
    for (let event = 1; event <= whole.eventsBeforeEnd; event++) cuts.push({ node, moment: 'event', event })
    for (let write = 1; write <= whole.writes[node]!; write++) {
      for (const moment of moments) cuts.push({ node, moment, write })
    }
  }
  return cuts
}

export interface EnumerationOptions {
  /** Only so many, evenly spread, beginning with one by the seed; all of them otherwise. */
  pointsMax?: number
  isTried?: (cut: Cut) => boolean
  failuresMax?: number
  run?: typeof runSchedule
}

export async function enumerateCrashes (scenario: CoreScenario, seed: number, options: EnumerationOptions = {}): Promise<Enumeration> {
  const { pointsMax = Infinity, isTried = () => true, failuresMax = 10, run } = options
  const cuts = (await cutsOf(scenario, seed)).filter(isTried)
  const tried = Math.min(cuts.length, pointsMax)
  const first = seed % Math.max(1, Math.floor(cuts.length / tried))
  const found: Enumeration = { points: 0, failures: [] }
  for (let nth = 0; nth < tried && found.failures.length < failuresMax; nth++) {
    const cut = cuts[first + Math.floor(nth * cuts.length / tried)]!
    const { violations } = await runCore(scenario, seed, cut, run)
    found.points++
    if (violations.length > 0) found.failures.push({ cut, texts: violations.map(({ invariant, text }) => `${invariant}: ${text}`) })
  }
  return found
}
