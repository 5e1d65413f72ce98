import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { accountOf } from './account.ts'
import { judge } from './expectations.ts'
import { record } from './history-fixtures.ts'
import { measure } from './measures.ts'
import { toHistoryLines, toMetricsCsv } from './records.ts'
import { runReport } from './run-report.ts'
import type { ReportInput } from './run-report.ts'
import { compareReport, pointsOf, summaryTable } from './sweep-report.ts'
import { resultOf, writeRun } from './write-run.ts'
import type { RunResult } from './write-run.ts'

const measures = measure(record)
const verdicts = judge([{ measure: 'lost', comparison: '<=', limit: 0 }], measures)
const input: ReportInput = {
  scenario: { name: 'By <hand>', about: 'First.\n\nSecond <script>alert(1)</script>.' }, record, account: accountOf(record), measures, verdicts,
  version: '1.2.3', source: 'name: "</pre><script>"\n'
}

interface Page { querySelectorAll: (selector: string) => Array<{ textContent: string, getAttribute: (name: string) => string | null }> }
const parsed = (html: string): Page => (parseHTML(html) as unknown as { document: Page }).document
const texts = (html: string, selector: string): string[] => [...parsed(html).querySelectorAll(selector)].map(({ textContent }) => textContent)

describe('the report of a run', () => {
  const html = runReport(input)

  it('is the same, byte for byte, for the same run', () => {
    assert.equal(runReport(input), html)
  })

  it('stands alone: no script, and nothing that is loaded from anywhere', () => {
    const page = parsed(html)
    assert.equal(page.querySelectorAll('script, link, img, iframe, object').length, 0)
    assert.doesNotMatch(html.replaceAll('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import| on\w+=/)
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/)
  })

  it('shows what a scenario\'s author wrote, and runs none of it', () => {
    assert.deepEqual(texts(html, 'h1'), ['By <hand>'])
    assert.ok(texts(html, 'p').includes('Second <script>alert(1)</script>.'))
    assert.ok(texts(html, 'pre').some(text => text.includes('name: "</pre><script>"')))
  })

  it('says first whether all was as expected', () => {
    assert.deepEqual(texts(html, '.verdict'), ['1 of 2 expectations not met'])
    assert.deepEqual(texts(html, 'td.fail'), ['✗ not met'])
    assert.deepEqual(texts(runReport({ ...input, verdicts: [] }), '.verdict'), ['as expected'])
  })

  it('has every part that there is something to show for', () => {
    assert.deepEqual(texts(html, 'h2'), ['Expectations', 'In numbers', 'Faults', 'Delivery', 'After each heal', 'Pending and stored', 'Single messages',
      'What each relay could have learned', 'Invariants', 'To repeat it'])
    const titles = [...parsed(html).querySelectorAll('svg')].map(svg => svg.getAttribute('aria-label'))
    assert.deepEqual(titles, ['Faults over time', 'Share of messages delivered within a time', 'From each heal to the delivery of what waited for it',
      'Messages sent and not delivered, over time', 'Bytes of envelopes at all relays, over time', 'Message 0 from ann to bob', 'Message 1 from ann to bob',
      'Message 2 from bob to cem', 'Pairs that each relay can link'])
  })

  it('draws in both themes by the page\'s colours, and with no number that is none', () => {
    for (const svg of html.match(/<svg[\s\S]*?<\/svg>/g) ?? []) {
      assert.doesNotMatch(svg, /NaN|undefined|Infinity/)
      assert.doesNotMatch(svg, /(?:fill|stroke)="(?!none|currentColor|var\()/)
    }
    assert.match(html, /prefers-color-scheme: dark/)
  })

  it('is there for a run in which nothing happened', () => {
    const nothing = { ...record, history: [], samples: [], plan: { ...record.plan, windows: [], messages: [] } }
    const empty = runReport({ ...input, record: nothing, account: accountOf(nothing), measures: measure(nothing), verdicts: [] })
    assert.doesNotMatch(empty, /NaN|undefined|Infinity/)
    assert.ok(texts(empty, 'p').includes('Nothing was delivered.'))
  })
})

describe('the files of a run', () => {
  it('are one JSON object a line, and a table with a heading', () => {
    const lines = toHistoryLines(record.history).trimEnd().split('\n').map(line => JSON.parse(line) as Record<string, unknown>)
    assert.equal(lines.length, record.history.length)
    assert.deepEqual(lines[1], { index: 1, time: 5, process: 'ann', type: 'ok', f: 'send', value: { message: 0, id: 'a0' } })
    const [head, ...rows] = toMetricsCsv(record.samples).trimEnd().split('\n')
    assert.equal(head, 't_s,sent,stored,delivered,read,pending,relay_bytes,relay_bytes_max,relay_envelopes,duplicates,partitions_active,wire_bytes,dials')
    assert.equal(rows[1], '120,3,0,0,0,2,4096,3072,0,0,1,1000,0')
  })

  it('are all there, and nothing that is half written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'restante-run-'))
    try {
      const result = resultOf(record, measures, verdicts, { loss: '0.1' })
      const repro = {
        version: '1', seed: 1, scenario: { file: 'x.yaml', text: '', attachments: {} }, overrides: [], scale: 1,
        without: { windows: [], messages: [], nodes: [] }, failure: undefined, event: undefined, traceHash: record.traceHash
      }
      writeRun(folder, { record, result, repro, report: '<!doctype html>' })
      assert.deepEqual(readdirSync(folder).sort(), ['history.jsonl', 'metrics.csv', 'report.html', 'repro.json', 'result.json'])
      assert.deepEqual(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')), JSON.parse(JSON.stringify(result)))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('the report of a sweep', () => {
  const result = resultOf(record, measures, verdicts, {})
  const results: RunResult[] = ['0', '0.01', '0.1'].flatMap((loss, at) => [1, 2, 3].map(seed => ({
    ...result, seed, parameters: { loss }, isAsExpected: at < 2, measures: { ...result.measures, delivered: 1 - 0.1 * at - 0.01 * seed, heal_to_delivery_p50: null }
  })))

  it('has a mean with an interval around it for each point of the grid', () => {
    const points = pointsOf(results)
    assert.deepEqual(points.map(({ words, runs }) => `${words} ${runs.length}`), ['loss=0 3', 'loss=0.01 3', 'loss=0.1 3'])
    const interval = points[2]?.intervals.delivered
    assert.ok(interval !== undefined && Math.abs(interval.estimate - 0.78) < 1e-9)
    assert.ok(interval.low >= 0.77 && interval.low < interval.estimate && interval.high <= 0.79 && interval.high > interval.estimate)
    assert.equal(points[0]?.intervals.heal_to_delivery_p50, undefined)
  })

  it('is a line for each point in a terminal, and a page with a chart over the values', () => {
    const lines = summaryTable(results)
    assert.equal(lines.length, 4)
    assert.match(lines[3] ?? '', /^loss=0\.1 +3 +0 +78 % \(77 % … 79 %\)  200 ms /)
    const html = compareReport(results, '1')
    assert.ok(texts(html, 'h2').includes('delivered over loss'))
    assert.equal(compareReport(results, '1'), html)
    assert.equal(parsed(html).querySelectorAll('script').length, 0)
    assert.ok(texts(html, 'td').filter(text => text.startsWith('lost: 1, expected')).length >= 3)
  })
})
