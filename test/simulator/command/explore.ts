/**
 * `simulate explore`: random schedules, in processes of their own, until time is over. Each draws its own world, rates and
 * faults; of each that breaks an invariant the smallest part that still does is told, with the line that repeats it.
 */
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { scheduleJobs, seedsEnd } from '../run/exploration-jobs.ts'
import type { ExplorationAnswer, ExplorationJob, Found } from '../run/exploration-jobs.ts'
import { runSchedule } from '../run/schedule.ts'
import { Progress } from './progress.ts'
import { exits } from './surroundings.ts'
import type { Exit, Surroundings } from './surroundings.ts'
import { inWorkers } from './workers.ts'

export interface ExploreOptions {
  minutes: number
  /** The first seed; one by chance otherwise. */
  seed?: number | undefined
  jobs?: number | undefined
}

export interface OnlyOptions { withoutFaults: number[], withoutSends: number[] }

/** What `explore` in run/ says, as people type it here. */
export const commandOf = (repro: string): string => repro.replace(/^node test\/simulator\/explore\.ts --seed/, 'restante simulate explore --only')

export async function explore (options: ExploreOptions, { output, signal }: Surroundings): Promise<Exit> {
  const firstSeed = options.seed ?? randomInt(1, seedsEnd)
  const { minutes, jobs = availableParallelism() } = options
  output.result({ event: 'begins', seed: firstSeed }, `From seed ${firstSeed}.`)
  const progress = new Progress(output)
  const startedAt = performance.now()
  const part = (): number => Math.min(1, (performance.now() - startedAt) / (minutes * 60_000))
  const sum = { schedules: 0, events: 0, virtualMs: 0, cpuMs: 0 }
  const found: Found[] = []
  const broken: string[] = []
  const plan = scheduleJobs(firstSeed)
  await inWorkers<ExplorationJob, ExplorationAnswer>({
    next: () => part() >= 1 ? undefined : plan.next().value as ExplorationJob | undefined,
    count: jobs,
    signal,
    take: answer => {
      for (const name of ['schedules', 'events', 'virtualMs', 'cpuMs'] as const) sum[name] += answer[name]
      output.result({ event: 'explored', ...sum })
      for (const one of answer.found) {
        found.push(one)
        progress.clear()
        const repro = commandOf(one.repro)
        output.result({ event: 'violated', ...one, repro }, [`✗ ${one.what}`, ...one.texts.map(text => `  ${text}`), `  ${repro}`].join('\n'))
      }
      progress.show(part(), `${sum.schedules} schedules, ${found.length} violated`)
    },
    died: (job, how) => {
      const what = job.kind === 'schedules' ? `seeds ${job.firstSeed} to ${job.firstSeed + job.count - 1}` : job.kind
      broken.push(what)
      output.note(`${what}: ${how}`)
    }
  })
  progress.clear()
  const seconds = Math.max(1, sum.cpuMs) / 1000
  const words = `${sum.schedules} schedules${signal.aborted ? ' (it was stopped)' : ''}, ${found.length} violated; ` +
    `${(sum.virtualMs / 3_600_000).toFixed(1)} h of simulated time, ${(sum.schedules / seconds).toFixed(1)} schedules a second of one core.`
  output.result({ event: 'end', seed: firstSeed, ...sum, violated: found.length, broken: broken.length, isWhole: !signal.aborted }, words)
  return found.length === 0 && broken.length === 0 ? exits.asExpected : exits.failed
}

/** One schedule again, or what is left of it. */
export async function exploreOnly (seed: number, options: OnlyOptions, { output }: Surroundings): Promise<Exit> {
  const { violations, events, virtualMs, traceHash } = await runSchedule(seed, { ...options, hasStacks: true })
  for (const { invariant, text } of violations) output.result({ event: 'violated', invariant, text }, `✗ ${invariant}: ${text}`)
  output.result({ event: 'end', seed, violated: violations.length, events, virtualMs, traceHash },
    `seed ${seed}: ${events} events in ${Math.round(virtualMs / 1000)} s of the world, trace ${traceHash}, ${violations.length} violations.`)
  return violations.length === 0 ? exits.asExpected : exits.failed
}
