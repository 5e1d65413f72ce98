/**
 * Two runs or two sweeps side by side as a page: what the terminal shows, and how delivery times are spread.
 */
import { section, paragraph, page, table, figure } from './page.ts'
import { chart, ink, Plot } from './svg.ts'
import type { RunResult } from './write-run.ts'

export interface ComparisonInput {
  /** As they were named. */
  folders: [string, string]
  /** 'simulated', 'libp2p', 'netns' */
  worlds: [string, string]
  results: [readonly RunResult[], readonly RunResult[]]
  head: readonly string[]
  body: ReadonlyArray<readonly string[]>
  /** What the intervals are of. */
  basis: string
  /** Of this program. */
  version: string
}

const pointsMax = 600

export function comparisonPage ({ folders, worlds, results, head, body, basis, version }: ComparisonInput): string {
  const name = results[0][0]?.scenario ?? 'No runs'
  const [a, b] = worlds
  const off = a === b ? '' : ` A is ${a}, B ${b}: B / A says how far the one is off the other.`
  return page(`${name} · compared`,
    section(name, paragraph(`A: ${folders[0]} (${results[0].length} runs, ${a}). B: ${folders[1]} (${results[1].length} runs, ${b}).${off}`),
      table(head.map((column, at) => ({ name: column, isNumber: at > 0 })), body),
      paragraph(`${basis} 95 % confidence intervals by bootstrap; * where nothing is outside of them.`, 'soft')),
    section('Delivery', figure(deliveryChart(results), 'Share of the messages delivered within a time: A the first colour, B the second.')),
    section('To repeat it', paragraph(`Version ${version}: restante simulate compare A B --out DIR.`)))
}

/** Undefined where one of them delivered nothing. */
function deliveryChart (results: ComparisonInput['results']): string | undefined {
  const series = results.map(runs => runs.flatMap(({ latenciesMs }) => latenciesMs).sort((one, other) => one - other))
  if (series.some(({ length }) => length === 0)) return undefined
  const points = series.map(sorted => {
    const count = Math.min(pointsMax, sorted.length)
    return Array.from({ length: count }, (_, at) => {
      const place = count === 1 ? 0 : Math.round(at * (sorted.length - 1) / (count - 1))
      return { seconds: Math.max(1, sorted[place] ?? 1) / 1000, share: 100 * (place + 1) / sorted.length }
    })
  })
  return chart({
    title: 'Time to delivery, A and B',
    height: 240,
    x: { label: 'seconds →', type: 'log', grid: true },
    y: { label: '↑ % of the messages', domain: [0, 100], grid: true },
    marks: points.map((line, at) => Plot.line(line, { x: 'seconds', y: 'share', stroke: at === 0 ? ink.first : ink.second, strokeWidth: 2, curve: 'step-after' }))
  })
}
