/**
 * Hunts planted bugs and says which checker found which, after how many schedules.
 */
import type { Invariant } from '../check/history.ts'
import { smallTopology, topologyOf } from '../run/established.ts'
import { establishedWorld } from '../run/schedule.ts'
import { loadMutant } from './load.ts'
import type { Mutant } from './mutants.ts'

export interface Hunt {
  mutant: Mutant
  /** Undefined: it survived. */
  killed: { seed: number, schedules: number, by: Invariant, text: string } | undefined
  cpuMs: number
}

/** Schedules from `firstSeed` until one of the checkers that should find it does. */
export async function hunt (mutant: Mutant, firstSeed: number, schedulesMax = mutant.schedulesMax): Promise<Hunt> {
  const laboratory = await loadMutant(mutant)
  const { suite, kinds } = mutant
  const topology = mutant.topology === undefined ? smallTopology : topologyOf(...mutant.topology)
  // By the program as it is: a planted bug is to be found in what follows, and not to end everything before it began.
  const established = await establishedWorld(topology, suite)
  const options = { established, topology, ...(suite === undefined ? {} : { suite }), ...(kinds === undefined ? {} : { kinds }) }
  const cpu = process.cpuUsage()
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage(cpu)
    return Math.round((user + system) / 1000)
  }
  for (let i = 0; i < schedulesMax; i++) {
    const seed = firstSeed + i
    const { violations } = await laboratory.runSchedule(seed, options)
    const found = violations.find(({ invariant }) => mutant.killedBy.includes(invariant))
    if (found !== undefined) return { mutant, killed: { seed, schedules: i + 1, by: found.invariant, text: found.text }, cpuMs: cpuMs() }
  }
  return { mutant, killed: undefined, cpuMs: cpuMs() }
}

export function tableOf (hunts: readonly Hunt[]): string {
  const rows = hunts.map(({ mutant, killed, cpuMs }) => killed === undefined
    ? [mutant.name, 'SURVIVED', '', `${mutant.schedulesMax}`, '', `${cpuMs}`]
    : [mutant.name, 'killed', killed.by, `${killed.schedules}`, `${killed.seed}`, `${cpuMs}`])
  const table = [['planted bug', 'fate', 'by', 'schedules', 'seed', 'CPU ms'], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
  return table.map(row => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n')
}
