/**
 * How sure a difference is: confidence intervals by resampling (bootstrap), which ask nothing of the
 * distribution. The same data always give the same interval.
 */
import { mean, quantileSorted, sampleWithReplacement } from 'simple-statistics'
import { Chance } from '../world/chance.ts'

export interface Interval { estimate: number, low: number, high: number }

const resamples = 1000
const confidence = 0.95

/** The mean of values, with its interval; undefined of nothing. */
export function meanInterval (values: readonly number[], name = 'mean'): Interval | undefined {
  if (values.length === 0) return undefined
  const chance = new Chance(`bootstrap ${name} ${values.length}`)
  const all = [...values]
  return interval(mean(all), () => mean(sampleWithReplacement(all, all.length, () => chance.float())))
}

/** How much greater the statistic is of `b` than of `a`; undefined where one of them is empty. */
export function differenceInterval (a: readonly number[], b: readonly number[], statistic: (values: number[]) => number, name = 'difference'): Interval | undefined {
  if (a.length === 0 || b.length === 0) return undefined
  const chance = new Chance(`bootstrap ${name} ${a.length} ${b.length}`)
  const [before, after] = [[...a], [...b]]
  const drawn = (values: number[]): number => statistic(sampleWithReplacement(values, values.length, () => chance.float()))
  return interval(statistic(after) - statistic(before), () => drawn(after) - drawn(before))
}

function interval (estimate: number, again: () => number): Interval {
  const estimates = Array.from({ length: resamples }, again).sort((one, other) => one - other)
  const [low, high] = [(1 - confidence) / 2, (1 + confidence) / 2].map(part => quantileSorted(estimates, part))
  return { estimate, low: low!, high: high! }
}
