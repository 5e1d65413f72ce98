/**
 * An exploration cut into jobs, which processes share: schedules of consecutive seeds, and power cuts at the points of
 * a core scenario. What comes of a job follows from the job alone.
 */
import { coreScenarios } from './core-scenarios.ts'
import { enumerateCrashes, scenarioOf, showCut } from './crash-enumeration.ts'
import { explore } from './explore.ts'
import { regressionSeeds } from './regression-seeds.ts'

export type ExplorationJob =
  | { kind: 'schedules', firstSeed: number, count: number }
  /** `pointsMax`: all that there are, where it is left out. */
  | { kind: 'crashes', scenario: string, seed: number, pointsMax?: number }
  | { kind: 'regressions' }

/** `repro`: the command that repeats it. */
export interface Found { what: string, texts: string[], repro: string }

export interface ExplorationAnswer {
  schedules: number
  points: number
  events: number
  virtualMs: number
  cpuMs: number
  found: Found[]
}

export async function performExploration (job: ExplorationJob): Promise<ExplorationAnswer> {
  const cpu = process.cpuUsage()
  const answer: ExplorationAnswer = { schedules: 0, points: 0, events: 0, virtualMs: 0, cpuMs: 0, found: [] }
  const seeds = job.kind === 'regressions' ? regressionSeeds.map(({ seed }) => ({ firstSeed: seed, count: 1 })) : job.kind === 'schedules' ? [job] : []
  for (const { firstSeed, count } of seeds) {
    const { schedules, events, virtualMs, failures } = await explore({ firstSeed, schedulesMax: count, failuresMax: Infinity })
    answer.schedules += schedules
    answer.events += events
    answer.virtualMs += virtualMs
    for (const { seed, texts, repro } of failures) answer.found.push({ what: `seed ${seed}`, texts, repro })
  }
  if (job.kind === 'crashes') {
    const { scenario, seed, pointsMax } = job
    const { points, failures } = await enumerateCrashes(scenarioOf(scenario), seed, pointsMax === undefined ? {} : { pointsMax })
    answer.points += points
    for (const { cut, texts } of failures) {
      const place = showCut(cut)
      answer.found.push({ what: `${scenario}, ${place}, seed ${seed}`, texts, repro: `node test/simulator/campaign.ts --crash ${scenario} --at ${place} --seed ${seed}` })
    }
  }
  const { user, system } = process.cpuUsage(cpu)
  answer.cpuMs = (user + system) / 1000
  return answer
}

const schedulesPerJob = 20

/** Schedules from this seed on, without end. */
export function * scheduleJobs (firstSeed: number, count = Infinity): Generator<ExplorationJob> {
  for (let done = 0; done < count; done += schedulesPerJob) {
    yield { kind: 'schedules', firstSeed: (firstSeed + done) % seedsEnd, count: Math.min(schedulesPerJob, count - done) }
  }
}

/** Every point of every core scenario, of one seed after another. */
export function * crashJobs (firstSeed: number): Generator<ExplorationJob> {
  for (let seed = firstSeed; ; seed++) {
    for (const { name } of coreScenarios) yield { kind: 'crashes', scenario: name, seed: seed % seedsEnd }
  }
}

export const seedsEnd = 2 ** 31
