/**
 * The folder of a run: history.jsonl, metrics.csv, repro.json, result.json, report.html. Every file is
 * written under another name first, so that one that is there is whole.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectationKinds } from '../scenario/model.ts'
import type { Measure } from '../scenario/model.ts'
import type { Verdict } from './expectations.ts'
import type { Measures } from './measures.ts'
import type { RealWorld } from '../real/world-kind.ts'
import type { Repro, RunRecord } from './records.ts'
import { toHistoryLines, toMetricsCsv } from './records.ts'

/** What a sweep keeps of a run, and a comparison reads. */
export interface RunResult {
  scenario: string
  seed: number
  /** Values that the sweep varied, by field. */
  parameters: Record<string, string>
  isAsExpected: boolean
  verdicts: readonly Verdict[]
  /** null: there was nothing to measure. */
  measures: Record<Measure, number | null>
  sent: number
  deliveredCount: number
  /** Milliseconds, sorted; not all of very many. */
  latenciesMs: number[]
  traceHash: string
  /** undefined: simulated. */
  world?: RealWorld | undefined
  events: number
  virtualMs: number
}

const latenciesMax = 5_000

export function resultOf (record: RunRecord, measures: Measures, verdicts: readonly Verdict[], parameters: Record<string, string>): RunResult {
  const { latenciesMs } = measures
  const step = Math.max(1, latenciesMs.length / latenciesMax)
  const kept = Array.from({ length: Math.min(latenciesMs.length, latenciesMax) }, (_, at) => latenciesMs[Math.floor(at * step)] ?? 0)
  const names = Object.keys(expectationKinds) as Measure[]
  return {
    scenario: record.plan.scenario,
    seed: record.plan.seed,
    parameters,
    isAsExpected: verdicts.every(({ isMet }) => isMet),
    verdicts,
    measures: Object.fromEntries(names.map(name => [name, measures.values[name] ?? null])) as Record<Measure, number | null>,
    sent: measures.sent,
    deliveredCount: measures.delivered,
    latenciesMs: kept,
    traceHash: record.traceHash,
    world: record.reality?.world,
    events: record.events,
    virtualMs: record.virtualMs
  }
}

export interface RunFiles { record: RunRecord, result: RunResult, repro: Repro, report: string }

export function writeRun (folder: string, { record, result, repro, report }: RunFiles): void {
  mkdirSync(folder, { recursive: true })
  writeWhole(join(folder, 'history.jsonl'), toHistoryLines(record.history))
  writeWhole(join(folder, 'metrics.csv'), toMetricsCsv(record.samples))
  writeWhole(join(folder, 'repro.json'), `${JSON.stringify(repro, null, 2)}\n`)
  writeWhole(join(folder, 'result.json'), `${JSON.stringify(result)}\n`)
  writeWhole(join(folder, 'report.html'), report)
}

export function writeWhole (path: string, text: string): void {
  const partial = `${path}.partial`
  writeFileSync(partial, text)
  renameSync(partial, path)
}
