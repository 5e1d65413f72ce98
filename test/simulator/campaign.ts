/**
 * What each change has to pass: the seeds that found something once, random schedules, and a power cut at every
 * point of the core scenarios, in two processes.
 *
 *     node test/simulator/campaign.ts [--schedules 10000] [--crash-points 50000] [--jobs 2] [--seed SEED]
 *     node test/simulator/campaign.ts --crash SCENARIO --at NODE/MOMENT/NUMBER --seed SEED [--history FILE]
 *
 * Seeds follow from the commit, so that each tries others, and trying one again is the same: `--seed` or RESTANTE_SEED
 * for another. The exit code is 1 where something was violated.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { toJsonLines } from './check/history.ts'
import { inWorkers } from './command/workers.ts'
import { campaignSeed } from './run/campaign-seed.ts'
import { parseCut, runCore, scenarioOf } from './run/crash-enumeration.ts'
import { crashJobs, scheduleJobs } from './run/exploration-jobs.ts'
import type { ExplorationAnswer, ExplorationJob } from './run/exploration-jobs.ts'

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '10000' }, 'crash-points': { type: 'string', default: '50000' }, jobs: { type: 'string', default: '2' },
    seed: { type: 'string' }, crash: { type: 'string' }, at: { type: 'string' }, history: { type: 'string' }
  }
})
const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const secondsPerLine = 20

async function repeat (name: string, at: string, seed: number): Promise<boolean> {
  const { violations, history, events, traceHash } = await runCore(scenarioOf(name), seed, parseCut(at))
  if (values.history !== undefined) writeFileSync(values.history, toJsonLines(history))
  for (const { invariant, text } of violations) say(`  ✘ ${invariant}: ${text}`)
  say(`${name}, ${at}, seed ${seed}: ${events} events, trace ${traceHash}, ${violations.length} violations`)
  return violations.length === 0
}

/** Crash points and schedules in turn, so that both are well under way whenever it is stopped. */
function * jobsOf (seed: number, schedules: number, isEnough: () => boolean): Generator<ExplorationJob> {
  yield { kind: 'regressions' }
  const random = scheduleJobs(seed, schedules)
  const cuts = crashJobs(seed)
  for (let isMore = true; isMore;) {
    isMore = false
    const next = random.next()
    if (next.done !== true) {
      yield next.value
      isMore = true
    }
    if (isEnough()) continue
    yield cuts.next().value as ExplorationJob
    isMore = true
  }
}

async function campaign (): Promise<boolean> {
  const { seed, origin } = campaignSeed(values.seed)
  const [schedules, pointsMin] = [Number(values.schedules), Number(values['crash-points'])]
  say(`seed ${seed} (${origin}): ${schedules} schedules and at least ${pointsMin} crash points`)
  const startedAt = performance.now()
  const sum = { schedules: 0, points: 0, events: 0, virtualMs: 0, cpuMs: 0 }
  let failures = 0
  let toldAt = startedAt
  const tell = (): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    say(`  ${seconds} s: ${sum.schedules} schedules, ${sum.points} crash points, ${failures} violated; ${(sum.cpuMs / 1000).toFixed(0)} s of processors`)
  }
  const jobs = jobsOf(seed, schedules, () => sum.points >= pointsMin)
  await inWorkers<ExplorationJob, ExplorationAnswer>({
    next: () => jobs.next().value as ExplorationJob | undefined,
    count: Number(values.jobs),
    signal: new AbortController().signal,
    take: answer => {
      for (const name of ['schedules', 'points', 'events', 'virtualMs', 'cpuMs'] as const) sum[name] += answer[name]
      for (const { what, texts, repro } of answer.found) {
        failures++
        say([`  ✘ ${what}`, ...texts.map(text => `      ${text}`), `      ${repro}`].join('\n'))
      }
      if (performance.now() - toldAt < secondsPerLine * 1000) return
      toldAt = performance.now()
      tell()
    },
    died: (job, how) => {
      failures++
      say(`  ✘ ${JSON.stringify(job)}: ${how}`)
    }
  })
  tell()
  return failures === 0 && sum.schedules >= schedules && sum.points >= pointsMin
}

const isWell = values.crash === undefined ? await campaign() : await repeat(values.crash, values.at ?? '', Number(values.seed))
process.exitCode = isWell ? 0 : 1
