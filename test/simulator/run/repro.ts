/**
 * The one line that repeats a failure, and the smallest schedule that still fails: faults and
 * messages are left out, half of them at first and one by one in the end, as long as what is left
 * breaks the same invariant.
 */
import type { Violation } from '../check/history.ts'
import { runSchedule, type Outcome, type ScheduleOptions } from './schedule.ts'

export interface Smallest { withoutFaults: number[], withoutSends: number[], violations: Violation[], runs: number }

export function reproLine (seed: number, options: Pick<ScheduleOptions, 'withoutFaults' | 'withoutSends' | 'suite'> & { mutant?: string } = {}): string {
  const list = (name: string, indexes: readonly number[] | undefined): string =>
    indexes === undefined || indexes.length === 0 ? '' : ` --${name} ${indexes.join(',')}`
  const suite = options.suite === 'real' ? ' --real' : ''
  const mutant = options.mutant === undefined ? '' : ` --mutant ${options.mutant}`
  return `node test/simulator/explore.ts --seed ${seed}${suite}${mutant}` +
    `${list('without-faults', options.withoutFaults)}${list('without-sends', options.withoutSends)}`
}

/** `runsMax`: schedules that the search may take. */
export async function shrink (failed: Outcome, options: ScheduleOptions = {}, runsMax = 200): Promise<Smallest> {
  const broken = new Set(failed.violations.map(({ invariant }) => invariant))
  const best: Smallest = {
    withoutFaults: [...options.withoutFaults ?? []], withoutSends: [...options.withoutSends ?? []], violations: failed.violations, runs: 0
  }
  const failsWithout = async (faults: number[], sends: number[]): Promise<boolean> => {
    if (best.runs >= runsMax) return false
    best.runs++
    const { violations } = await runSchedule(failed.seed, { ...options, withoutFaults: faults, withoutSends: sends })
    if (!violations.some(({ invariant }) => broken.has(invariant))) return false
    Object.assign(best, { withoutFaults: faults, withoutSends: sends, violations })
    return true
  }
  for (const [count, field] of [[failed.plan.faults.length, 'withoutFaults'], [failed.plan.sends.length, 'withoutSends']] as const) {
    for (let size = Math.ceil(count / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < count; at += size) {
        const more = Array.from({ length: Math.min(size, count - at) }, (_, i) => at + i).filter(i => !best[field].includes(i))
        if (more.length === 0) continue
        const without = [...best[field], ...more].sort((a, b) => a - b)
        await (field === 'withoutFaults' ? failsWithout(without, best.withoutSends) : failsWithout(best.withoutFaults, without))
      }
    }
  }
  return best
}
