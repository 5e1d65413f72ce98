/**
 * Draws from the distributions of scenarios. Logarithm and exponential are the laboratory's own, so
 * that every machine draws the same.
 */
import type { Chance } from '../world/chance.ts'
import { exponential, logarithm } from '../world/distributions.ts'
import type { Distribution } from './model.ts'

const redrawsMax = 100

export function draw (distribution: Distribution, chance: Chance): number {
  switch (distribution.kind) {
    case 'constant': return distribution.value
    case 'uniform': return chance.between(distribution.from, distribution.to)
    case 'normal': {
      const { mean, deviation, isSigned } = distribution
      for (let tries = 0; tries < redrawsMax; tries++) {
        const value = mean + deviation * standardNormal(chance)
        if (isSigned || value >= 0) return value
      }
      return 0
    }
    case 'lognormal': return distribution.median * exponential(distribution.sigma * standardNormal(chance))
    case 'pareto': return distribution.min * exponential(standardExponential(chance) / distribution.shape)
    case 'exponential': return distribution.mean * standardExponential(chance)
    case 'weibull': {
      const hazard = standardExponential(chance)
      return hazard <= 0 ? 0 : distribution.scale * exponential(logarithm(hazard) / distribution.shape)
    }
    case 'empirical': {
      const { values, upTo } = distribution
      const wanted = chance.float() * (upTo[upTo.length - 1] ?? 0)
      return values[upTo.findIndex(total => wanted < total)] ?? values[values.length - 1] ?? 0
    }
  }
}

/** Mean 1. */
export function standardExponential (chance: Chance): number {
  return -logarithm(1 - chance.float())
}

/** Twelve uniform draws have variance 1; beyond six deviations there is nothing. */
function standardNormal (chance: Chance): number {
  let sum = -6
  for (let count = 0; count < 12; count++) sum += chance.float()
  return sum
}

/** Half the nearest cosine of a turn would do for day and night: a triangle wave, 1 at 0 and -1 at a half. */
export function dayWave (turn: number): number {
  const part = turn - Math.floor(turn)
  return 1 - 4 * Math.min(part, 1 - part)
}
