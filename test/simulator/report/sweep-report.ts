/**
 * Many runs side by side: for each point of a grid the mean of every measure with its confidence
 * interval, and where it is one of numbers, a chart over it.
 */
import { expectationKinds } from '../scenario/model.ts'
import type { Measure } from '../scenario/model.ts'
import { trimmed } from '../scenario/quantities.ts'
import { showQuantity } from '../scenario/read-expectations.ts'
import { meanInterval } from './bootstrap.ts'
import type { Interval } from './bootstrap.ts'
import { figure, page, paragraph, section, table } from './page.ts'
import type { Markup } from './page.ts'
import { chart, ink, Plot } from './svg.ts'
import type { RunResult } from './write-run.ts'

const shownMeasures: Measure[] = ['delivered', 'lost', 'delivery_p50', 'delivery_p99', 'heal_to_delivery_p99', 'relay_storage_max', 'bytes_per_message', 'linkable']

interface Point { words: string, parameters: Record<string, string>, runs: RunResult[], intervals: Partial<Record<Measure, Interval>> }

export function pointsOf (results: readonly RunResult[]): Point[] {
  const points = new Map<string, Point>()
  for (const result of results) {
    const words = wordsOf(result.parameters)
    const point = points.get(words) ?? { words, parameters: result.parameters, runs: [], intervals: {} }
    point.runs.push(result)
    points.set(words, point)
  }
  for (const point of points.values()) {
    for (const measure of Object.keys(expectationKinds) as Measure[]) {
      const interval = meanInterval(point.runs.flatMap(({ measures }) => measures[measure] ?? []), measure)
      if (interval !== undefined) point.intervals[measure] = interval
    }
  }
  return [...points.values()].sort((a, b) => a.words.localeCompare(b.words, 'en', { numeric: true }))
}

function wordsOf (parameters: Record<string, string>): string {
  const pairs = Object.entries(parameters)
  return pairs.length === 0 ? 'as in the file' : pairs.map(([field, value]) => `${field}=${value}`).join(' ')
}

/** A line for each point, for a terminal. */
export function summaryTable (results: readonly RunResult[]): string[] {
  const points = pointsOf(results)
  const rows = [['point', 'runs', 'as expected', 'delivered', 'median', '99 %'], ...points.map(({ words, runs, intervals }) => [
    words, String(runs.length), String(runs.filter(({ isAsExpected }) => isAsExpected).length),
    ...(['delivered', 'delivery_p50', 'delivery_p99'] as const).map(measure => shownInterval(measure, intervals[measure]))
  ])]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => row.map((cell, column) => column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)).join('  ').trimEnd())
}

function shownInterval (measure: Measure, interval: Interval | undefined): string {
  if (interval === undefined) return '–'
  const show = (value: number): string => showQuantity(expectationKinds[measure], value)
  if (interval.low === interval.high) return show(interval.estimate)
  return `${show(interval.estimate)} (${show(interval.low)} … ${show(interval.high)})`
}

export function compareReport (results: readonly RunResult[], version: string): string {
  const points = pointsOf(results)
  const name = results[0]?.scenario ?? 'No runs'
  const seeds = results.map(({ seed }) => seed)
  const columns = [{ name: 'point' }, { name: 'runs', isNumber: true }, { name: 'as expected', isNumber: true }, ...shownMeasures.map(measure => ({ name: measure.replaceAll('_', ' '), isNumber: true }))]
  const rows = points.map(({ words, runs, intervals }) => [
    words, runs.length, runs.filter(({ isAsExpected }) => isAsExpected).length, ...shownMeasures.map(measure => shownInterval(measure, intervals[measure]))
  ])
  return page(`${name} · ${results.length} runs`,
    section(name, paragraph(`${results.length} runs, seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}. Means over the runs of a point, with 95 % confidence intervals by bootstrap.`), table(columns, rows)),
    ...chartSections(points),
    section('Failed runs', failedTable(results)),
    section('To repeat it', paragraph(`Version ${version}. A single run: restante simulate run SCENARIO --seed N, with --set FIELD=VALUE for its point.`)))
}

/** Over the first parameter that is of numbers, one line for each combination of the others. */
function chartSections (points: readonly Point[]): Markup[] {
  const fields = Object.keys(points[0]?.parameters ?? {})
  const field = fields.find(name => new Set(points.map(({ parameters }) => parameters[name])).size > 1 &&
    points.every(({ parameters }) => numberOf(parameters[name]) !== undefined))
  if (field === undefined) return []
  return shownMeasures.flatMap(measure => {
    const marks = points.flatMap(({ parameters, intervals }) => {
      const interval = intervals[measure]
      const others = Object.entries(parameters).filter(([name]) => name !== field)
      return interval === undefined ? [] : [{ x: numberOf(parameters[field]) ?? 0, ...interval, series: wordsOf(Object.fromEntries(others)) }]
    })
    if (marks.length < 2 || new Set(marks.map(({ estimate }) => estimate)).size < 2) return []
    const colors = [ink.first, ink.second, ink.fourth, ink.third, ink.bad]
    const series = [...new Set(marks.map(mark => mark.series))]
    const colorOf = (mark: { series: string }): string => colors[series.indexOf(mark.series) % colors.length]!
    const title = `${measure.replaceAll('_', ' ')} over ${field}`
    const svg = chart({
      title,
      height: 240,
      marginLeft: 90,
      x: { label: `${field} →` },
      y: { label: `↑ ${measure.replaceAll('_', ' ')}`, grid: true, tickFormat: (value: number) => showQuantity(expectationKinds[measure], value), nice: true },
      marks: [
        ...series.map(one => Plot.line(marks.filter(mark => mark.series === one).sort((a, b) => a.x - b.x), { x: 'x', y: 'estimate', stroke: colorOf({ series: one }), strokeWidth: 1.5 })),
        Plot.ruleX(marks, { x: 'x', y1: 'low', y2: 'high', stroke: colorOf, strokeWidth: 1.5 }),
        Plot.dot(marks, { x: 'x', y: 'estimate', fill: colorOf, r: 3.5 })
      ],
      color: { type: 'identity' }
    })
    const legend = series.length > 1 ? ` Lines, in order of colour: ${series.join(' · ')}.` : ''
    return [section(title, figure(svg, `Means with 95 % confidence intervals.${legend}`))]
  })
}

/** '0.01', '1 %', '40 ms' by their number; undefined of words. */
function numberOf (text: string | undefined): number | undefined {
  const [, number] = /^\s*([+-]?\d+(?:\.\d+)?)\s*(?:%|[A-Za-z/]*)\s*$/.exec(text ?? '') ?? []
  return number === undefined ? undefined : Number(number)
}

const failedShownMax = 100

function failedTable (results: readonly RunResult[]): Markup {
  const failed = results.filter(({ isAsExpected }) => !isAsExpected)
  if (failed.length === 0) return paragraph('None.')
  const rows = failed.slice(0, failedShownMax).map(({ seed, parameters, verdicts }) => [
    trimmed(seed, 0), wordsOf(parameters),
    verdicts.filter(({ isMet }) => !isMet).map(({ name, actual, expected }) => `${name}: ${actual}, expected ${expected}`).join('; ')
  ])
  return table([{ name: 'seed', isNumber: true }, { name: 'point' }, { name: 'what' }], rows)
}
