/**
 * What must hold after a run: `lost: 0`, `delivery_p99: '< 30 s'`.
 */
import { expectationKinds } from './model.ts'
import type { Comparison, Expectation, Measure, Quantity } from './model.ts'
import { parseDuration, parseShare, parseSize, showDuration, showShare, showSize, trimmed } from './quantities.ts'
import type { Text } from './raw.ts'
import type { Reading } from './reading.ts'
import { shown } from './schema-check.ts'

/** Of what more is better; a bare number is then the least, and elsewhere the most. */
const moreIsBetter = new Set<Measure>(['delivered'])

const parsers: Record<Quantity, (text: string) => number | undefined> = {
  count: text => /^\d+$/.test(text) ? Number(text) : undefined,
  share: text => text.includes('%') ? parseShare(text) : parseShare(text === '' ? NaN : Number(text)),
  duration: text => parseDuration(text),
  size: text => parseSize(text === '0' ? 0 : text)
}

const examples: Record<Quantity, string> = { count: '0', share: "'>= 99 %'", duration: "'< 30 s'", size: "'< 10 MiB'" }

export function readExpectations (reading: Reading, raw: Record<string, Text>): Expectation[] {
  return Object.entries(raw).flatMap(([name, value]): Expectation[] => {
    if (name === 'order') return [{ measure: 'order', order: value as 'causal' | 'fifo' | 'any' }]
    const measure = name as Measure
    const quantity = expectationKinds[measure]
    const [, sign, rest = ''] = /^\s*(<=|>=|<|>|=)?\s*(.*?)\s*$/.exec(String(value)) ?? []
    const limit = parsers[quantity](rest)
    if (limit === undefined) {
      reading.complain(['expect', name], `${shown(value)} is no ${quantity}.`, `For example: ${examples[quantity]}.`)
      return []
    }
    const comparison = (sign ?? (moreIsBetter.has(measure) ? '>=' : '<=')) as Comparison
    return [{ measure, comparison, limit }]
  })
}

/** A value of that quantity as reports show it, with its unit. */
export function showQuantity (quantity: Quantity, value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  switch (quantity) {
    case 'count': return trimmed(value, 2)
    case 'share': return showShare(value)
    case 'duration': return showDuration(value)
    case 'size': return showSize(value)
  }
}

export function meets (value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<': return value < limit
    case '<=': return value <= limit
    case '=': return value === limit
    case '>=': return value >= limit
    case '>': return value > limit
  }
}
