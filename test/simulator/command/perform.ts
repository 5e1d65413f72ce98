/**
 * One run from its description to everything that is written of it.
 */
import { accountOf } from '../report/account.ts'
import type { RunAccount } from '../report/account.ts'
import { judge } from '../report/expectations.ts'
import type { Verdict } from '../report/expectations.ts'
import { measure } from '../report/measures.ts'
import type { Measures } from '../report/measures.ts'
import type { Repro, RunRecord } from '../report/records.ts'
import { shortenPlan } from '../real/playable.ts'
import { isUnseen } from '../real/world-kind.ts'
import { runReport } from '../report/run-report.ts'
import { resultOf } from '../report/write-run.ts'
import type { RunFiles } from '../report/write-run.ts'
import { compileScenario, scaleScenario } from '../scenario/compile.ts'
import { loadScenario } from '../scenario/load.ts'
import type { Scenario } from '../scenario/model.ts'
import type { Plan } from '../scenario/plan.ts'
import { play } from '../scenario/play/play.ts'
import { nothingLeftOut, reducePlan } from '../scenario/reduce.ts'

/** Everything that decides what happens in a run. */
export type RunRequest = Pick<Repro, 'version' | 'scenario' | 'overrides' | 'scale' | 'seed' | 'without' | 'world' | 'shorten'>

export interface Run {
  scenario: Scenario
  record: RunRecord
  account: RunAccount
  measures: Measures
  verdicts: Verdict[]
  isAsExpected: boolean
}

export const wholeRun = { overrides: [], scale: 1, without: nothingLeftOut } satisfies Partial<RunRequest>

export function planOf ({ scenario: text, overrides, scale, seed, without, world, shorten = 1 }: RunRequest): { scenario: Scenario, plan: Plan } {
  const loaded = loadScenario(text, { overrides })
  const scenario = scale === 1 ? loaded : scaleScenario(loaded, scale)
  const plan = reducePlan(compileScenario(scenario, seed), without)
  return { scenario, plan: world === undefined ? plan : shortenPlan(plan, shorten) }
}

/** Throws UsageError where it can't be played. `onProgress`: see play.ts. */
export async function perform (request: RunRequest, onProgress?: (part: number) => boolean): Promise<Run> {
  const { scenario, plan } = planOf(request)
  const record = await playIn(request, plan, onProgress)
  const account = accountOf(record)
  const measures = measure(record, account)
  const verdicts = judge(scenario.expect.filter(({ measure: name }) => record.reality === undefined || !isUnseen(name)), measures)
  return { scenario, record, account, measures, verdicts, isAsExpected: verdicts.every(({ isMet }) => isMet) }
}

async function playIn ({ world, shorten = 1 }: RunRequest, plan: Plan, onProgress?: (part: number) => boolean): Promise<RunRecord> {
  if (world === undefined) return await play(plan, { onProgress })
  const { playReal } = await import('../real/play-real.ts')
  return await playReal(plan, { world, shorten, onProgress })
}

export function filesOf (request: RunRequest, run: Run): RunFiles {
  const { scenario, record, account, measures, verdicts } = run
  const { version, overrides, scenario: text } = request
  const parameters = Object.fromEntries(overrides.map(({ field, value }) => [field, value]))
  return {
    record,
    result: resultOf(record, measures, verdicts, parameters),
    repro: reproOf(request, run),
    report: runReport({ scenario, record, account, measures, verdicts, version, source: text.text })
  }
}

export function reproOf (request: RunRequest, run: Run): Repro {
  const { version, seed, scenario, overrides, scale, without, world, shorten } = request
  return { version, seed, scenario, overrides, scale, without, world, shorten, ...failureOf(run), traceHash: run.record.traceHash }
}

/** What failed first, and the entry of the history at which it shows. */
function failureOf ({ verdicts, record, account }: Run): { failure: string | undefined, event: number | undefined } {
  const failed = verdicts.find(({ isMet }) => !isMet)
  if (failed === undefined) return { failure: undefined, event: undefined }
  const [violation] = failed.name === 'violations' ? record.violations : []
  const failure = violation === undefined
    ? `${failed.name}: ${failed.actual}, expected ${failed.expected}`
    : `${violation.invariant}: ${violation.text}`
  const alarm = violation === undefined ? -1 : record.history.findIndex(entry => entry.f === 'alarm' && entry.value.text === violation.text)
  if (alarm >= 0) return { failure, event: alarm }
  const message = messageOf(failed.name, violation?.text, account)
  const event = message === undefined ? -1 : record.history.findIndex(entry =>
    entry.f === 'send' && entry.type === 'invoke' && entry.value.message === message)
  return { failure, event: event < 0 ? undefined : event }
}

/** The first message that shows the failure. */
function messageOf (name: string, violation: string | undefined, { messages }: RunAccount): number | undefined {
  const named = /\bmessage (\d+)/.exec(violation ?? '')?.[1]
  if (named !== undefined) return Number(named)
  const counted = messages.filter(({ isProbe }) => !isProbe)
  if (name === 'duplicates') return counted.find(({ shownMs }) => shownMs.length > 1)?.message
  if (name === 'lost' || name === 'pending' || name === 'delivered') {
    return counted.find(({ queuedMs, deliveredMs }) => queuedMs !== undefined && deliveredMs === undefined)?.message
  }
  if (!name.startsWith('delivery') && !name.startsWith('heal')) return undefined
  const took = ({ invokedMs, deliveredMs }: typeof counted[number]): number => (deliveredMs ?? 0) - invokedMs
  return counted.toSorted((a, b) => took(b) - took(a))[0]?.message
}
