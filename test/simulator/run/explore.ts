/**
 * Many schedules one after another, with what they found and how fast they went.
 */
import { reproLine, shrink } from './repro.ts'
import { runSchedule, type ScheduleOptions } from './schedule.ts'

export interface Failure { seed: number, texts: string[], repro: string }

export interface Exploration {
  schedules: number
  /** Each with the line that repeats its smallest schedule. */
  failures: Failure[]
  events: number
  virtualMs: number
  cpuMs: number
}

export interface ExploreOptions extends ScheduleOptions {
  firstSeed: number
  schedulesMax?: number
  /** Wall time after which no further one is begun. */
  msMax?: number
  failuresMax?: number
  mutant?: string
  onProgress?: (soFar: Exploration) => void
  onFailure?: (failure: Failure) => void
}

const schedulesPerProgress = 50

export async function explore (options: ExploreOptions): Promise<Exploration> {
  const { firstSeed, schedulesMax = Infinity, msMax = Infinity, failuresMax = 10, mutant, onProgress, onFailure, ...scheduleOptions } = options
  const found: Exploration = { schedules: 0, failures: [], events: 0, virtualMs: 0, cpuMs: 0 }
  const endAt = performance.now() + msMax
  for (let seed = firstSeed; found.schedules < schedulesMax && performance.now() < endAt && found.failures.length < failuresMax; seed++) {
    const cpu = process.cpuUsage()
    const outcome = await runSchedule(seed, scheduleOptions)
    const { user, system } = process.cpuUsage(cpu)
    found.schedules++
    found.cpuMs += (user + system) / 1000
    found.events += outcome.events
    found.virtualMs += outcome.virtualMs
    if (outcome.violations.length > 0) {
      const smallest = await shrink(outcome, scheduleOptions)
      const texts = smallest.violations.map(({ invariant, text }) => `${invariant}: ${text}`)
      const suite = scheduleOptions.suite ?? 'transparent'
      const failure = { seed, texts, repro: reproLine(seed, { ...smallest, suite, ...(mutant === undefined ? {} : { mutant }) }) }
      found.failures.push(failure)
      onFailure?.(failure)
    }
    if (found.schedules % schedulesPerProgress === 0) onProgress?.(found)
  }
  return found
}
