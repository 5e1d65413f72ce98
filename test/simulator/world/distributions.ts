/**
 * How long something takes, as a distribution of milliseconds.
 *
 * Logarithm and exponential are computed here from the four operations alone, which every machine
 * rounds alike: Math.log and Math.exp may differ in the last bit from one version of V8 to the next,
 * and a single bit would make another world of the same seed.
 */
import type { Chance } from './chance.ts'

export type Distribution =
  | { kind: 'constant', ms: number }
  | { kind: 'uniform', fromMs: number, toMs: number }
  | { kind: 'normal', meanMs: number, deviationMs: number }
  /** Half of all are shorter than the median; `sigma` is the deviation of the natural logarithm. */
  | { kind: 'lognormal', medianMs: number, sigma: number }
  /** Heavy-tailed: the smaller `shape`, the heavier. */
  | { kind: 'pareto', minimumMs: number, shape: number }
  /** Measured values: drawn between neighbours, so that the quantiles are theirs. */
  | { kind: 'empirical', sortedMs: readonly number[] }

/** No single wait is longer: a draw from a heavy tail must not outlast the world. */
const drawMsMax = 60_000

/** Milliseconds, at least 0. */
export function drawMs (distribution: Distribution, chance: Chance): number {
  return Math.min(drawMsMax, Math.max(0, unbounded(distribution, chance)))
}

function unbounded (distribution: Distribution, chance: Chance): number {
  switch (distribution.kind) {
    case 'constant': return distribution.ms
    case 'uniform': return chance.between(distribution.fromMs, distribution.toMs)
    case 'normal': return distribution.meanMs + distribution.deviationMs * standardNormal(chance)
    case 'lognormal': return distribution.medianMs * exponential(distribution.sigma * standardNormal(chance))
    case 'pareto': return distribution.minimumMs * exponential(-logarithm(1 - chance.float()) / distribution.shape)
    case 'empirical': return quantile(distribution.sortedMs, chance.float())
  }
}

function quantile (sortedMs: readonly number[], at: number): number {
  if (sortedMs.length === 0) throw new Error('An empirical distribution needs at least one value.')
  const place = at * (sortedMs.length - 1)
  const below = Math.floor(place)
  const [low, high] = [sortedMs[below]!, sortedMs[Math.min(below + 1, sortedMs.length - 1)]!]
  return low + (high - low) * (place - below)
}

/** Twelve uniform draws have variance 1; their tails end at 6, which no schedule notices. */
function standardNormal (chance: Chance): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += chance.float()
  return sum
}

const ln2 = 0.6931471805599453

/** e to the power of `x`, for |x| below some hundreds. */
export function exponential (x: number): number {
  const halvings = Math.round(x / ln2)
  const rest = x - halvings * ln2
  let term = 1
  let sum = 1
  for (let n = 1; n < 20; n++) {
    term *= rest / n
    sum += term
  }
  return sum * 2 ** halvings
}

/** Natural logarithm of `x` > 0. */
export function logarithm (x: number): number {
  let mantissa = x
  let doublings = 0
  for (; mantissa > 1.5; mantissa /= 2) doublings++
  for (; mantissa < 0.75; mantissa *= 2) doublings--
  const ratio = (mantissa - 1) / (mantissa + 1)
  const square = ratio * ratio
  let power = ratio
  let sum = 0
  for (let n = 1; n < 40; n += 2) {
    sum += power / n
    power *= square
  }
  return 2 * sum + doublings * ln2
}
