/**
 * `simulate sweep`: many seeds and values, in processes of their own. Every result is written when it is
 * there, so that what was done stays if it is stopped.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../../../protocol/errors.ts'
import { expectationKinds } from '../scenario/model.ts'
import { loadScenario } from '../scenario/load.ts'
import { compareReport, summaryTable } from '../report/sweep-report.ts'
import { writeWhole } from '../report/write-run.ts'
import type { RunResult } from '../report/write-run.ts'
import { readScenario } from './files.ts'
import { gridPoints, gridRuns, parseAxis, parseSeeds, showPoint } from './grid.ts'
import type { GridRun } from './grid.ts'
import { wholeRun } from './perform.ts'
import { Progress } from './progress.ts'
import { exits } from './surroundings.ts'
import type { Exit, Surroundings } from './surroundings.ts'
import type { WorkerAnswer, WorkerJob } from './worker.ts'
import { inWorkers } from './workers.ts'

export interface SweepOptions {
  seeds: string
  grid?: string[] | undefined
  jobs?: number | undefined
  out?: string | undefined
  scale?: number | undefined
}

interface Sweep {
  results: RunResult[]
  broken: Array<{ run: GridRun, error: string }>
}

export async function sweep (file: string, options: SweepOptions, surroundings: Surroundings): Promise<Exit> {
  const { output, version, signal } = surroundings
  const axes = (options.grid ?? []).map(parseAxis)
  const runs = gridRuns(parseSeeds(options.seeds), axes)
  const scenario = readScenario(file)
  // A value that can't be is found before the first run, and not after an hour.
  for (const overrides of gridPoints(axes)) loadScenario(scenario, { overrides })
  const { out } = options
  const resultsFile = out === undefined ? undefined : join(out, 'results.jsonl')
  if (out !== undefined) {
    mkdirSync(out, { recursive: true })
    writeFileSync(join(out, 'results.jsonl'), '')
  }
  const jobs = runs.map((run, number): WorkerJob => ({
    number,
    request: { ...wholeRun, version, scenario, overrides: run.overrides, seed: run.seed, scale: options.scale ?? 1 },
    failedFolder: out === undefined ? undefined : join(out, 'failed', String(number))
  }))
  const progress = new Progress(output)
  const done: Sweep = { results: [], broken: [] }
  const waiting = [...jobs]
  const take = (answer: WorkerAnswer): void => {
    if ('error' in answer) {
      if (answer.isUsage) throw new UsageError('USAGE', answer.error)
      done.broken.push({ run: runs[answer.number]!, error: answer.error })
    } else {
      done.results.push(answer.result)
      if (resultsFile !== undefined) appendFileSync(resultsFile, `${JSON.stringify(answer.result)}\n`)
      output.result({ event: 'run', ...withoutLatencies(answer.result) })
    }
    const over = done.results.length + done.broken.length
    const failed = done.results.filter(({ isAsExpected }) => !isAsExpected).length + done.broken.length
    progress.show(over / jobs.length, `${over} of ${jobs.length} runs, ${failed} failed`)
  }
  await inWorkers<WorkerJob, WorkerAnswer>({
    next: () => waiting.shift(),
    count: Math.min(options.jobs ?? availableParallelism(), jobs.length),
    signal,
    take,
    died: ({ number }, error) => { take({ number, error, isUsage: false }) }
  })
  progress.clear()
  if (out !== undefined) writeSummary(out, done.results, version)
  return tell(done, jobs.length, options, surroundings)
}

function tell ({ results, broken }: Sweep, wanted: number, { out }: SweepOptions, { output }: Surroundings): Exit {
  const failed = results.filter(({ isAsExpected }) => !isAsExpected)
  for (const line of summaryTable(results)) output.result({}, output.json ? undefined : line)
  for (const { seed, parameters, verdicts } of failed.slice(0, failedShownMax)) {
    const [first] = verdicts.filter(({ isMet }) => !isMet)
    output.note(`seed ${seed}, ${showPoint(parameters)}: ${first?.name} ${first?.actual}, expected ${first?.expected}`)
  }
  for (const { run, error } of broken.slice(0, failedShownMax)) output.note(`seed ${run.seed}, ${showPoint(run.overrides)}: ${error}`)
  const over = results.length + broken.length
  const isWhole = over === wanted
  const words = `${over} of ${wanted} runs${isWhole ? '' : ' (it was stopped)'}, ${failed.length} not as expected, ${broken.length} broken.` +
    (out === undefined ? '' : ` ${join(out, 'report.html')} compares them.`)
  output.result({ event: 'end', runs: over, wanted, failed: failed.length, broken: broken.length, out }, words)
  return isWhole && failed.length === 0 && broken.length === 0 ? exits.asExpected : exits.failed
}

const failedShownMax = 10

function withoutLatencies ({ latenciesMs: _latenciesMs, ...rest }: RunResult): object { return rest }

/** In the order of seeds and points, whatever order they were done in: the same sweep has the same bytes. */
function writeSummary (out: string, results: RunResult[], version: string): void {
  results.sort((a, b) => a.seed - b.seed || showPoint(a.parameters).localeCompare(showPoint(b.parameters), 'en', { numeric: true }))
  writeWhole(join(out, 'results.jsonl'), results.map(result => `${JSON.stringify(result)}\n`).join(''))
  const fields = Object.keys(results[0]?.parameters ?? {})
  const names = Object.keys(expectationKinds) as Array<keyof typeof expectationKinds>
  const quoted = (text: string): string => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  const rows = results.map(({ seed, parameters, isAsExpected, measures, sent, deliveredCount }) =>
    [seed, ...fields.map(field => quoted(parameters[field] ?? '')), isAsExpected, sent, deliveredCount, ...names.map(name => measures[name] ?? '')].join(','))
  writeWhole(join(out, 'runs.csv'), [['seed', ...fields.map(quoted), 'as_expected', 'sent', 'delivered_count', ...names].join(','), ...rows, ''].join('\n'))
  writeWhole(join(out, 'report.html'), compareReport(results, version))
}
