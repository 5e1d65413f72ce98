/**
 * `simulate run` and `simulate replay`: one run, told in a few lines and written to a folder.
 */
import { UsageError } from '../../../protocol/errors.ts'
import { showQuantity } from '../scenario/read-expectations.ts'
import type { Override } from '../scenario/override.ts'
import { loadScenario } from '../scenario/load.ts'
import { isUnseen } from '../real/world-kind.ts'
import type { RealWorld } from '../real/world-kind.ts'
import { writeRun } from '../report/write-run.ts'
import { readRepeatable, readScenario } from './files.ts'
import { filesOf, perform, reproOf, wholeRun } from './perform.ts'
import type { Run, RunRequest } from './perform.ts'
import { Progress } from './progress.ts'
import { exits } from './surroundings.ts'
import type { Exit, Surroundings } from './surroundings.ts'

export interface RunOptions {
  seed?: number | undefined
  out?: string | undefined
  scale?: number | undefined
  set?: Override[] | undefined
  /** Where it is played: undefined: in the simulated one. */
  world?: RealWorld | undefined
  /** In a real one: so many times shorter. */
  shorten?: number | undefined
}

export async function run (file: string, options: RunOptions, surroundings: Surroundings): Promise<Exit> {
  const overrides = options.set ?? []
  const scenario = readScenario(file, overrides)
  const seed = options.seed ?? loadScenario(scenario, { overrides }).seed
  const { world, shorten } = options
  if (world === undefined && shorten !== undefined) throw new UsageError('USAGE', '--shorten is for --world libp2p and netns: simulated time costs nothing.')
  const request: RunRequest = { ...wholeRun, version: surroundings.version, scenario, overrides, seed, scale: options.scale ?? 1, world, shorten }
  const { exit } = await runAndTell(request, options.out, surroundings)
  return exit
}

export async function replay (file: string, options: { out?: string | undefined }, surroundings: Surroundings): Promise<Exit> {
  const repro = readRepeatable(file)
  const { output, version } = surroundings
  if (repro.version !== version) output.note(`It was written by version ${repro.version}, and this is ${version}: it may be another run.`)
  const { run: again, exit } = await runAndTell({ ...repro, version }, options.out, surroundings)
  const isSame = again.record.traceHash === repro.traceHash
  const told = isSame ? 'It is the same run, event by event.' : `It is another run: its trace is ${again.record.traceHash}, and that of the file ${repro.traceHash}.`
  output.result({ event: 'replayed', isSame, traceHash: again.record.traceHash, expected: repro.traceHash }, told)
  return isSame ? exit : exits.failed
}

async function runAndTell (request: RunRequest, out: string | undefined, surroundings: Surroundings): Promise<{ run: Run, exit: Exit }> {
  const { output, signal } = surroundings
  output.result({ event: 'begins', scenario: request.scenario.file, seed: request.seed, world: request.world })
  const progress = new Progress(output)
  const run = await perform(request, part => {
    progress.show(part, request.scenario.file)
    return signal.aborted
  })
  progress.clear()
  if (out !== undefined) {
    writeRun(out, filesOf(request, run))
    output.note(`Written to ${out}: report.html, history.jsonl, metrics.csv, result.json, repro.json.`)
  }
  tellRun(request, run, out, surroundings)
  return { run, exit: run.isAsExpected && run.record.isWhole ? exits.asExpected : exits.failed }
}

function tellRun (request: RunRequest, run: Run, out: string | undefined, { output }: Surroundings): void {
  const { record, measures, verdicts, isAsExpected, scenario } = run
  const { values, sent, delivered } = measures
  for (const note of record.reality?.notes ?? []) output.note(note)
  const unjudged = scenario.expect.filter(({ measure }) => record.reality !== undefined && isUnseen(measure)).map(({ measure }) => measure)
  if (unjudged.length > 0) output.note(`Not to be seen of real programs, and not judged: ${unjudged.join(', ')}.`)
  for (const verdict of verdicts) {
    const mark = verdict.isMet ? output.style('green', '✓') : output.style('red', '✗')
    output.result({ event: 'expectation', ...verdict }, `${mark} ${verdict.name.padEnd(22)} ${verdict.actual} (expected ${verdict.expected})`)
  }
  for (const { invariant, text } of record.violations.slice(0, violationsShownMax)) {
    output.result({ event: 'violation', invariant, text }, `  ${invariant}: ${text}`)
  }
  const { failure, event } = reproOf(request, run)
  const median = showQuantity('duration', values.delivery_p50)
  const words = [
    `${scenario.name}, seed ${request.seed}: ${delivered} of ${sent} delivered, half of them within ${median}.`,
    ...(record.isWhole ? [] : ['It was ended before its time.']),
    ...(failure === undefined ? [] : [`${failure}${out === undefined ? '. Run it with --out DIR to see why.' : ''}`])
  ]
  output.result({
    event: 'end', scenario: scenario.name, seed: request.seed, isAsExpected, isWhole: record.isWhole, sent, delivered, failure, at: event,
    measures: values, traceHash: record.traceHash, events: record.events, virtualMs: record.virtualMs, out, world: request.world, notes: record.reality?.notes
  }, words.join('\n'))
}

const violationsShownMax = 10

/** `loss=0.01` */
export function parseSetting (text: string): Override {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError('USAGE', `'${text}' is no FIELD=VALUE, such as loss=0.01.`)
  return { field: text.slice(0, at).trim(), value: text.slice(at + 1).trim() }
}
