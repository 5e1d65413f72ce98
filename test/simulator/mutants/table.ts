/**
 * Hunts planted bugs and says which checker found which, after how many schedules.
 */
import type { Invariant, Violation } from '../check/history.ts'
import { smallTopology, topologyOf } from '../run/established.ts'
import type { FaultKind } from '../run/plan.ts'
import { establishedWorld, runSchedule, type Outcome, type ScheduleOptions } from '../run/schedule.ts'
import { loadMutant } from './load.ts'
import type { Mutant } from './mutants.ts'

export interface Hunt {
  mutant: Mutant
  /** Undefined: it survived. */
  killed: { seed: number, schedules: number, by: Invariant, text: string } | undefined
  /** What checkers say of the program as it is, in the schedule that killed: they would find it in anything. */
  falseAlarms: string[]
  cpuMs: number
}

/**
 * Schedules from `firstSeed` until one of the checkers that should find it does. Where a kind of fault is to show
 * it, the schedule is played without these faults as well: what is found there is no merit of theirs, and the hunt
 * goes on.
 */
export async function hunt (mutant: Mutant, firstSeed: number, schedulesMax = mutant.schedulesMax): Promise<Hunt> {
  const laboratory = await loadMutant(mutant)
  const { suite, fault } = mutant
  const kinds = kindsOf(mutant)
  const topology = mutant.topology === undefined ? smallTopology : topologyOf(...mutant.topology)
  // By the program as it is: a planted bug is to be found in what follows, and not to end everything before it began.
  const established = await establishedWorld(topology, suite)
  const options: ScheduleOptions = { established, topology, ...(suite === undefined ? {} : { suite }), ...(kinds === undefined ? {} : { kinds }) }
  const cpu = process.cpuUsage()
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage(cpu)
    return Math.round((user + system) / 1000)
  }
  const findingOf = ({ violations }: Outcome): Violation | undefined => violations.find(({ invariant }) => mutant.killedBy.includes(invariant))
  for (let i = 0; i < schedulesMax; i++) {
    const seed = firstSeed + i
    const outcome = await laboratory.runSchedule(seed, options)
    const found = findingOf(outcome)
    if (found === undefined) continue
    const withoutFaults = outcome.plan.faults.flatMap(({ kind }, index) => kind === fault ? index : [])
    if (fault !== undefined && findingOf(await laboratory.runSchedule(seed, { ...options, withoutFaults })) !== undefined) continue
    const unaltered = await runSchedule(seed, options)
    const falseAlarms = unaltered.violations.map(({ invariant, text }) => `${invariant}: ${text}`)
    return { mutant, killed: { seed, schedules: i + 1, by: found.invariant, text: found.text }, falseAlarms, cpuMs: cpuMs() }
  }
  return { mutant, killed: undefined, falseAlarms: [], cpuMs: cpuMs() }
}

/** Undefined: all that the seed draws. */
export function kindsOf ({ fault, kinds }: Mutant): readonly FaultKind[] | undefined {
  return kinds ?? (fault === undefined ? undefined : [fault])
}

/** Found by what it is for, where the program as it is passes. */
export function isWellHunted ({ killed, falseAlarms }: Hunt): boolean { return killed !== undefined && falseAlarms.length === 0 }

export function tableOf (hunts: readonly Hunt[]): string {
  const rows = hunts.map(({ mutant, killed, falseAlarms, cpuMs }) => killed === undefined
    ? [mutant.name, 'SURVIVED', '', mutant.fault ?? '', `${mutant.schedulesMax}`, '', `${cpuMs}`]
    : [mutant.name, falseAlarms.length > 0 ? 'FALSE ALARM' : 'killed', killed.by, mutant.fault ?? '', `${killed.schedules}`, `${killed.seed}`, `${cpuMs}`])
  const table = [['planted bug', 'fate', 'by', 'fault', 'schedules', 'seed', 'CPU ms'], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
  return table.map(row => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n')
}
