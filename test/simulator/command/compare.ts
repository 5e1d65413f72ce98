/**
 * `simulate compare A B`: how two runs, or two sweeps, differ, and how sure that is.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { mean, quantile } from 'simple-statistics'
import { UsageError } from '../../../protocol/errors.ts'
import { expectationKinds } from '../scenario/model.ts'
import type { Measure, Quantity } from '../scenario/model.ts'
import { showQuantity } from '../scenario/read-expectations.ts'
import { differenceInterval, meanInterval } from '../report/bootstrap.ts'
import type { Interval } from '../report/bootstrap.ts'
import type { RunResult } from '../report/write-run.ts'
import { comparisonPage } from '../report/comparison-page.ts'
import { writeWhole } from '../report/write-run.ts'
import { readResults } from './files.ts'
import { exits } from './surroundings.ts'
import type { Exit, Surroundings } from './surroundings.ts'

export interface Difference {
  measure: string
  a: number
  b: number
  /** Of b over a. */
  difference: Interval
  quantity: Quantity
  /** The interval does not hold nothing. */
  isSure: boolean
}

export interface CompareOptions { out?: string | undefined }

export function compare (a: string, b: string, { out }: CompareOptions, { output, version }: Surroundings): Exit {
  const [resultsA, resultsB] = [readResults(a), readResults(b)]
  if (resultsA.length === 0 || resultsB.length === 0) throw new UsageError('USAGE', 'One of the two has no results.')
  const differences = differencesOf(resultsA, resultsB)
  const basis = resultsA.length === 1 && resultsB.length === 1
    ? 'One run each: what is resampled are messages, and only delivery times are compared with an interval.'
    : isPaired(resultsA, resultsB) ? `${resultsA.length} runs each, compared seed by seed.` : `${resultsA.length} and ${resultsB.length} runs.`
  const worlds = [resultsA, resultsB].map(worldOf) as [string, string]
  const areWorlds = worlds[0] !== worlds[1]
  if (areWorlds) output.note(`A is ${worlds[0]}, B ${worlds[1]}: B / A says how far the one is off the other.`)
  output.note(`${basis} 95 % confidence intervals by bootstrap; * where nothing is outside of them.`)
  const rows = [['measure', 'A', 'B', 'B − A', ...areWorlds ? ['B / A'] : [], ''], ...differences.map(({ measure, a: before, b: after, difference, quantity, isSure }) => {
    const show = (value: number): string => showQuantity(quantity, value)
    const signed = (value: number): string => value > 0 ? `+${show(value)}` : show(value)
    const { estimate, low, high } = difference
    return [measure, show(before), show(after), low === high ? signed(estimate) : `${signed(estimate)} (${signed(low)} … ${signed(high)})`, ...areWorlds ? [showRatio(before, after)] : [], isSure ? '*' : '']
  })]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const [head = [], ...body] = rows
  const line = (cells: string[]): string => cells.map((cell, column) => column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)).join('  ').trimEnd()
  output.result({ event: 'compared', runsA: resultsA.length, runsB: resultsB.length, worlds }, line(head))
  for (const [at, cells] of body.entries()) output.result({ event: 'difference', ...differences[at], ...areWorlds && { ratio: ratioOf(differences[at]!) } }, line(cells))
  if (out !== undefined) {
    mkdirSync(out, { recursive: true })
    writeWhole(join(out, 'comparison.html'), comparisonPage({ folders: [a, b], worlds, results: [resultsA, resultsB], head, body, basis, version }))
    output.note(`Written to ${out}: comparison.html.`)
  }
  return exits.asExpected
}

function worldOf (results: readonly RunResult[]): string {
  return [...new Set(results.map(({ world }) => world ?? 'simulated'))].sort().join(' and ')
}

/** null: over nothing. */
function ratioOf ({ a, b }: Pick<Difference, 'a' | 'b'>): number | null { return a === 0 ? null : b / a }

function showRatio (a: number, b: number): string {
  const ratio = ratioOf({ a, b })
  return ratio === null ? '–' : `× ${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}`
}

export function differencesOf (a: readonly RunResult[], b: readonly RunResult[]): Difference[] {
  if (a.length === 1 && b.length === 1) return singleDifferences(a[0]!, b[0]!)
  return (Object.entries(expectationKinds) as Array<[Measure, Quantity]>).flatMap(([measure, kind]) => {
    const [valuesA, valuesB] = [a, b].map(results => results.flatMap(({ measures }) => measures[measure] ?? []))
    if (valuesA!.length === 0 || valuesB!.length === 0) return []
    const difference = isPaired(a, b) ? pairedDifference(a, b, measure) : differenceInterval(valuesA!, valuesB!, mean, measure)
    return difference === undefined ? [] : [differenceOf(measure, kind, mean(valuesA!), mean(valuesB!), difference)]
  })
}

/** The same seeds: what the worlds have in common falls out of the difference. */
function isPaired (a: readonly RunResult[], b: readonly RunResult[]): boolean {
  const seeds = (results: readonly RunResult[]): string => results.map(({ seed }) => seed).sort((one, other) => one - other).join()
  return a.length > 1 && new Set(a.map(({ seed }) => seed)).size === a.length && seeds(a) === seeds(b)
}

function pairedDifference (a: readonly RunResult[], b: readonly RunResult[], measure: Measure): Interval | undefined {
  const before = new Map(a.map(({ seed, measures }) => [seed, measures[measure]]))
  const differences = b.flatMap(({ seed, measures }) => {
    const [from, to] = [before.get(seed), measures[measure]]
    return from === undefined || from === null || to === null ? [] : [to - from]
  })
  return meanInterval(differences, measure)
}

function singleDifferences (a: RunResult, b: RunResult): Difference[] {
  const times = ([['delivery_p50', 0.5], ['delivery_p99', 0.99]] as const).flatMap(([measure, part]) => {
    const difference = differenceInterval(a.latenciesMs, b.latenciesMs, values => quantile(values, part), measure)
    return difference === undefined ? [] : [differenceOf(measure, 'duration', quantile(a.latenciesMs, part), quantile(b.latenciesMs, part), difference)]
  })
  const others = (Object.entries(expectationKinds) as Array<[Measure, Quantity]>).flatMap(([measure, kind]) => {
    const [before, after] = [a.measures[measure], b.measures[measure]]
    if (measure === 'delivery_p50' || measure === 'delivery_p99' || before === null || after === null) return []
    const estimate = after - before
    return [{ ...differenceOf(measure, kind, before, after, { estimate, low: estimate, high: estimate }), isSure: false }]
  })
  return [...times, ...others]
}

function differenceOf (measure: string, quantity: Quantity, a: number, b: number, difference: Interval): Difference {
  return { measure, a, b, difference, quantity, isSure: difference.low > 0 || difference.high < 0 }
}
