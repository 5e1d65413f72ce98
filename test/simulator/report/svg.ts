/**
 * Charts as text: Observable Plot on a document without a browser, with a look that a page's light and
 * dark theme share. The same data always give the same bytes.
 */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** Colours are those of the page (style.ts); alone, a chart has none but black. */
export const ink = {
  first: 'var(--first)',
  second: 'var(--second)',
  third: 'var(--third)',
  fourth: 'var(--fourth)',
  bad: 'var(--bad)',
  soft: 'var(--soft)',
  band: 'var(--band)'
} as const

// The browser's types are no part of this project; Plot asks of a document no more than linkedom has.
const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: Plot.PlotOptions['document'] }
const widthDefault = 880

export interface ChartOptions extends Plot.PlotOptions {
  /** What a person who does not see it is told. */
  title: string
}

export function chart ({ title, ...options }: ChartOptions): string {
  const svg = Plot.plot({
    document,
    width: widthDefault,
    marginLeft: 64,
    marginRight: 24,
    marginBottom: 40,
    style: { fontSize: '12px', background: 'none', overflow: 'visible' },
    ...options
  }) as unknown as { outerHTML: string }
  const text = svg.outerHTML
    // Plot's own style sheet is the same for every chart; the page has it once.
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/^<svg /, `<svg role="img" aria-label="${escapeText(title)}" xmlns="http://www.w3.org/2000/svg" `)
  return text.replaceAll(/-?\d+\.\d{3,}/g, number => String(Number(Number(number).toFixed(2))))
}

export function escapeText (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

export interface TimeScale {
  /** Of milliseconds. */
  of: (ms: number) => number
  label: string
}

/** The unit in which a reader counts a span of so many milliseconds. */
export function timeScale (spanMs: number): TimeScale {
  for (const [unit, name] of [[86_400_000, 'days'], [3_600_000, 'hours'], [60_000, 'minutes']] as const) {
    if (spanMs >= 3 * unit) return { of: ms => ms / unit, label: name }
  }
  return { of: ms => ms / 1000, label: 'seconds' }
}

export { Plot }
