/**
 * Which runs a sweep has: every seed with every combination of the values of its grid.
 */
import { UsageError } from '../../../protocol/errors.ts'
import type { Override } from '../scenario/override.ts'

export interface GridAxis { field: string, values: string[] }
export interface GridRun { seed: number, overrides: Override[] }

const runsMax = 1_000_000

/** `1..1000`, or one number. */
export function parseSeeds (text: string): { from: number, to: number } {
  const [, first = '', last = first] = /^(\d{1,10})(?:\.\.(\d{1,10}))?$/.exec(text.trim()) ?? []
  const [from, to] = [Number(first), Number(last)]
  if (first === '' || to < from || to > 0xffffffff) throw new UsageError('USAGE', `'${text}' is no range of seeds, such as 1..100.`)
  return { from, to }
}

/** `loss=0,0.01,0.1`. Commas within brackets belong to a value: `timeline.0.partition={halves: all},ring`. */
export function parseAxis (text: string): GridAxis {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError('USAGE', `'${text}' is no FIELD=VALUE,VALUE, such as loss=0,0.01,0.1.`)
  const values: string[] = ['']
  let depth = 0
  for (const character of text.slice(at + 1)) {
    if ('[{('.includes(character)) depth++
    if (']})'.includes(character)) depth--
    if (character === ',' && depth === 0) values.push('')
    else values[values.length - 1] += character
  }
  const trimmed = values.map(value => value.trim())
  if (trimmed.includes('')) throw new UsageError('USAGE', `'${text}' has an empty value.`)
  return { field: text.slice(0, at).trim(), values: trimmed }
}

/** Points of the grid, each with the values that it has; one without any where there are no axes. */
export function gridPoints (axes: readonly GridAxis[]): Override[][] {
  let points: Override[][] = [[]]
  for (const { field, values } of axes) points = points.flatMap(point => values.map(value => [...point, { field, value }]))
  return points
}

/** Seeds outside, so that a sweep which is ended early has as much of every point. */
export function gridRuns ({ from, to }: { from: number, to: number }, axes: readonly GridAxis[]): GridRun[] {
  const points = gridPoints(axes)
  if ((to - from + 1) * points.length > runsMax) throw new UsageError('USAGE', `That is more than ${runsMax} runs.`)
  return Array.from({ length: to - from + 1 }, (_, at) => points.map(overrides => ({ seed: from + at, overrides }))).flat()
}

export function showPoint (overrides: readonly Override[] | Record<string, string>): string {
  const pairs = Array.isArray(overrides) ? (overrides as readonly Override[]).map(({ field, value }) => [field, value]) : Object.entries(overrides)
  return pairs.length === 0 ? 'as in the file' : pairs.map(([field, value]) => `${field}=${value}`).join(' ')
}
