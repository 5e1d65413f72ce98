/**
 * The charts of one run. Each says in its title what is to be seen.
 */
import { showDuration, showSize, trimmed } from '../scenario/quantities.ts'
import type { FaultWindow, Plan } from '../scenario/plan.ts'
import type { Heal, Measures, RelayView } from './measures.ts'
import type { Sample } from './records.ts'
import { chart, ink, Plot, timeScale } from './svg.ts'

/** More rows than this say no more. */
const rowsMax = 40
const labelLengthMax = 42

interface Bar { row: string, from: number, to: number, color: string }

const colorOf: Partial<Record<FaultWindow['effect']['kind'], string>> = {
  cut: ink.bad, stall: ink.fourth, slow: ink.fourth, relay: ink.second
}

/** When which fault held; undefined where there was none. */
function timelineChart (plan: Plan): string | undefined {
  const end = plan.durationMs
  const { of, label } = timeScale(end)
  const named = plan.windows.filter(({ id }) => id !== 'churn')
  const bars: Bar[] = named.map(({ id, words, fromMs, untilMs, effect }) => ({
    row: rowOf(id, words), from: of(fromMs), to: of(untilMs ?? end), color: colorOf[effect.kind] ?? ink.third
  }))
  const away = awayCounts(plan)
  if (bars.length === 0 && away.length === 0) return undefined
  const rows = [...new Set(bars.map(({ row }) => row))].slice(0, rowsMax)
  const height = Math.max(1, rows.length) * 26 + 64
  const parts: string[] = []
  if (rows.length > 0) {
    parts.push(chart({
      title: 'Faults over time',
      height,
      marginLeft: marginFor(rows),
      x: { label: `${label} →`, domain: [0, of(end)] },
      y: { label: null, domain: rows, padding: 0.25, tickSize: 0 },
      marks: [
        Plot.barX(bars.filter(({ row }) => rows.includes(row)), { x1: 'from', x2: 'to', y: 'row', fill: 'color', fillOpacity: 0.85, inset: 0.5 })
      ],
      color: { type: 'identity' }
    }))
  }
  if (away.length > 0) {
    parts.push(chart({
      title: 'Nodes away over time',
      height: 120,
      x: { label: `${label} →`, domain: [0, of(end)] },
      y: { label: '↑ nodes away', grid: true, tickFormat: whole },
      marks: [Plot.areaY(away, { x: ({ atMs }: Count) => of(atMs), y: 'count', fill: ink.third, fillOpacity: 0.5, curve: 'step-after' })]
    }))
  }
  return parts.join('\n')
}

interface Count { atMs: number, count: number }

function awayCounts ({ windows, durationMs }: Plan): Count[] {
  const churn = windows.filter(({ id }) => id === 'churn')
  if (churn.length === 0) return []
  const changes = churn.flatMap(({ fromMs, untilMs, effect }) => {
    const count = 'nodes' in effect ? effect.nodes.length : 0
    return [{ atMs: fromMs, by: count }, { atMs: untilMs ?? durationMs, by: -count }]
  }).sort((a, b) => a.atMs - b.atMs)
  let count = 0
  const counts = [{ atMs: 0, count: 0 }, ...changes.map(({ atMs, by }) => ({ atMs, count: count += by })), { atMs: durationMs, count }]
  return thinned(counts)
}

/** Share of the messages that were delivered within a time. */
function latencyChart (latenciesMs: readonly number[]): string | undefined {
  if (latenciesMs.length === 0) return undefined
  const points = thinned(latenciesMs.map((ms, at) => ({ ms: Math.max(1, ms), share: 100 * (at + 1) / latenciesMs.length })))
  const time = logOfTime(points.map(({ ms }) => ms), 'from sending to the recipient\'s disk →')
  return chart({
    title: 'Share of messages delivered within a time',
    height: 260,
    x: time.scale,
    y: { label: '↑ % of messages', domain: [0, 100], grid: true, tickFormat: whole },
    marks: [
      time.axis,
      Plot.ruleY([50, 99], { stroke: 'currentColor', strokeOpacity: 0.5, strokeDasharray: '2,4' }),
      Plot.line(points, { x: 'ms', y: 'share', stroke: ink.first, strokeWidth: 2, curve: 'step-after' })
    ]
  })
}

/** For each heal, when what had waited for it arrived. */
function healChart (heals: readonly Heal[]): string | undefined {
  const shown = heals.filter(({ tookMs }) => tookMs.length > 0).slice(0, rowsMax)
  if (shown.length === 0) return undefined
  const points = shown.flatMap(({ id, words, tookMs }) => thinned(tookMs).map(ms => ({ row: rowOf(id, words), ms: Math.max(1, ms) })))
  const time = logOfTime(points.map(({ ms }) => ms), 'after the heal →')
  return chart({
    title: 'From each heal to the delivery of what waited for it',
    height: shown.length * 26 + 64,
    marginLeft: marginFor(shown.map(({ id, words }) => rowOf(id, words))),
    x: time.scale,
    y: { label: null, tickSize: 0 },
    marks: [time.axis, Plot.tickX(points, { x: 'ms', y: 'row', stroke: ink.first, strokeOpacity: 0.6, strokeWidth: 1.5 })]
  })
}

/** Messages under way, and what relays keep, with the cuts behind. */
function backlogCharts (plan: Plan, samples: readonly Sample[]): string[] {
  if (samples.length < 2) return []
  const end = Math.max(plan.durationMs, samples[samples.length - 1]?.timeMs ?? 0)
  const { of, label } = timeScale(end)
  const cuts = plan.windows.filter(({ effect }) => effect.kind === 'cut' || effect.kind === 'stall').slice(0, 500)
    .map(({ fromMs, untilMs }) => ({ from: of(fromMs), to: of(untilMs ?? end) }))
  const one = (title: string, y: string, of_: (sample: Sample) => number, color: string, isBytes: boolean): string => chart({
    title,
    height: 180,
    x: { label: `${label} →`, domain: [0, of(end)] },
    y: { label: `↑ ${y}`, grid: true, domain: [0, Math.max(1, ...samples.map(of_))], ...(isBytes ? bytesAxis(samples.map(of_)) : { tickFormat: whole, ticks: 5 }) },
    marks: [
      Plot.rectX(cuts, { x1: 'from', x2: 'to', fill: ink.band }),
      Plot.line(samples, { x: ({ timeMs }: Sample) => of(timeMs), y: of_, stroke: color, strokeWidth: 2, curve: 'step-after' }),
      Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.4 })
    ]
  })
  return [
    one('Messages sent and not delivered, over time', 'messages pending', ({ pending }) => pending, ink.first, false),
    one('Bytes of envelopes at all relays, over time', 'at the relays', ({ relayBytes }) => relayBytes, ink.second, true)
  ]
}

/** For each relay, the share of the talking pairs that it can link by itself. */
function adversaryChart (views: readonly RelayView[]): string | undefined {
  if (views.length === 0) return undefined
  const shown = views.slice(0, rowsMax).map(({ relay, share }) => ({ relay, share: 100 * share }))
  return chart({
    title: 'Pairs that each relay can link',
    height: shown.length * 24 + 64,
    marginLeft: 120,
    x: { label: '% of the pairs that talked →', domain: [0, 100], grid: true, tickFormat: whole },
    y: { label: null, domain: shown.map(({ relay }) => relay), tickSize: 0 },
    marks: [Plot.barX(shown, { x: 'share', y: 'relay', fill: ink.second }), Plot.ruleX([0], { stroke: 'currentColor' })]
  })
}

export function chartsOf (plan: Plan, samples: readonly Sample[], measures: Measures): Record<'timeline' | 'latency' | 'heals' | 'adversary', string | undefined> & { backlog: string[] } {
  return {
    timeline: timelineChart(plan),
    latency: latencyChart(measures.latenciesMs),
    heals: healChart(measures.heals),
    backlog: backlogCharts(plan, samples),
    adversary: adversaryChart(measures.views)
  }
}

function rowOf (id: string, words: string): string {
  const row = `${id.split('.')[0] ?? id} ${words}`
  return row.length > labelLengthMax ? `${row.slice(0, labelLengthMax - 1)}…` : row
}

const pointsMax = 600

/** So many points that the eye sees no difference, the first and the last among them. */
function thinned<T> (points: readonly T[]): T[] {
  if (points.length <= pointsMax) return [...points]
  return Array.from({ length: pointsMax }, (_, at) => points[Math.round(at * (points.length - 1) / (pointsMax - 1))]!)
}

const whole = (value: number): string => trimmed(value, 2)

/** Room for the labels of rows. */
const marginFor = (rows: readonly string[]): number => 20 + Math.ceil(6.7 * Math.max(8, ...rows.map(({ length }) => length)))

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]
const timesOfLog = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500], ...[1, 2, 5, 10, 20].map(count => count * second), ...[1, 2, 5, 10, 30].map(count => count * minute),
  ...[1, 2, 6, 12].map(count => count * hour), ...[1, 2, 7, 14, 28, 365].map(count => count * day)
]
const fewTimesOfLog = new Set([1, 10, 100, second, 10 * second, minute, 10 * minute, hour, 6 * hour, day, 7 * day, 28 * day])
const ticksMax = 9

/** A logarithmic axis whose ticks are the times that people know. */
function logOfTime (values: readonly number[], label: string): { scale: Plot.ScaleOptions, axis: Plot.Markish } {
  const [min, max] = [Math.min(...values), Math.max(...values)]
  const from = timesOfLog.findLast(ms => ms <= min) ?? 1
  const to = timesOfLog.find(ms => ms >= max && ms > from) ?? max
  const all = timesOfLog.filter(ms => ms >= from && ms <= to)
  const ticks = all.length <= ticksMax ? all : all.filter(ms => fewTimesOfLog.has(ms))
  // An axis of its own: a logarithmic scale would write the powers of ten only.
  return { scale: { type: 'log', domain: [from, to], axis: null }, axis: Plot.axisX(ticks, { label, tickFormat: (ms: number) => showDuration(ms) }) }
}

/** Ticks at whole KiB or MiB. */
function bytesAxis (values: readonly number[]): Plot.ScaleOptions {
  const max = Math.max(1, ...values)
  const step = 2 ** Math.ceil(Math.log2(max / 5))
  return { ticks: Array.from({ length: Math.floor(max / step) + 1 }, (_, at) => at * step), tickFormat: showSize }
}
