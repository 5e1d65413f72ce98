/** The commands' own work, on real runs of a small world: what a process adds is in simulate.test.ts. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../../../protocol/errors.ts'
import type { RunEntry } from '../report/records.ts'
import { accountOf } from '../report/account.ts'
import { writeRun } from '../report/write-run.ts'
import type { RunResult } from '../report/write-run.ts'
import { differencesOf } from './compare.ts'
import { storyOf } from './explain.ts'
import { readRepro, readResults, readScenario } from './files.ts'
import { filesOf, perform, reproOf, wholeRun } from './perform.ts'
import type { Run, RunRequest } from './perform.ts'
import { Shrinking } from './shrink.ts'

/** Only the isolation of client-1 can make a message late; all else is by the way. */
const text = `name: Late
duration: 4 min
nodes: { clients: 4, relays: 2 }
workload: { pairs: couples, rate: 90 / h }
timeline:
  - { at: 20 s, for: 5 s, pause: client-3 }
  - { at: 30 s, for: 2 min, partition: { isolate: client-1 } }
  - { at: 60 s, for: 10 s, crash: relay-2 }
  - { at: 90 s, for: 5 s, clock: { jump: { who: client-4, by: 1 h } } }
expect: { delivery_p99: < 20 s, lost: 0 }
`
const request: RunRequest = { ...wholeRun, version: '1', seed: 1, scenario: { file: 'late.yaml', text, attachments: {} } }

describe('a run of the laboratory', function () {
  this.timeout(60_000)
  let run: Run
  before(async () => { run = await perform(request) })

  it('is the same again, down to its report', async () => {
    const again = await perform(request)
    assert.equal(again.record.traceHash, run.record.traceHash)
    const [one, other] = [filesOf(request, run), filesOf(request, again)]
    assert.equal(other.report, one.report)
    assert.deepEqual(other.record.history, one.record.history)
    assert.deepEqual(other.record.samples, one.record.samples)
    const another = await perform({ ...request, seed: 2 })
    assert.notEqual(another.record.traceHash, run.record.traceHash)
  })

  it('delivers everything, and tells which expectation it did not meet, and where that shows', () => {
    assert.equal(run.measures.delivered, run.measures.sent)
    assert.ok(run.measures.sent > 10)
    assert.deepEqual(run.verdicts.map(({ name, isMet }) => `${name} ${isMet}`), ['delivery_p99 false', 'lost true', 'violations true'])
    const { failure, event } = reproOf(request, run)
    assert.match(failure ?? '', /^delivery_p99: .*, expected < 20 s$/)
    const entry = run.record.history[event ?? -1] as RunEntry
    assert.ok(entry.f === 'send' && (entry.process === 'client-1' || (entry.type === 'invoke' && entry.value.to === 'client-1')))
  })

  it('samples what is under way: the backlog grows while the cut holds, and is gone in the end', () => {
    const at = (ms: number): typeof run.record.samples[number] | undefined => run.record.samples.findLast(({ timeMs }) => timeMs <= ms)
    assert.ok((at(145_000)?.pending ?? 0) > 0)
    assert.equal(at(145_000)?.partitions, 1)
    assert.deepEqual([run.record.samples.at(-1)?.pending, run.record.samples.at(-1)?.partitions], [0, 0])
  })

  it('ends early where somebody wants it to, with all that is there by then', async () => {
    const half = await perform(request, part => part >= 0.5)
    assert.equal(half.record.isWhole, false)
    assert.ok(half.record.virtualMs < 130_000 && half.measures.sent > 5)
    assert.ok(filesOf(request, half).report.includes('</html>'))
  })

  it('tells the story of one message, in order, with what was wrong meanwhile', () => {
    const { messages } = accountOf(run.record)
    const late = messages.toSorted((a, b) => (b.deliveredMs ?? 0) - b.invokedMs - (a.deliveredMs ?? 0) + a.invokedMs)[0]
    assert.ok(late !== undefined)
    const story = storyOf(late, run.record.plan, run.record.history)
    const words = story.map(line => `${line.where}: ${line.words}`)
    for (const expected of [`${late.from}: writes message ${late.message} to ${late.to}`, 'fault: partition: isolate client-1 ends', `${late.to}: has it durably in its history`]) {
      assert.ok(words.includes(expected), `${expected}\n${words.join('\n')}`)
    }
    assert.ok(words.indexOf('fault: partition: isolate client-1 ends') < words.indexOf(`${late.to}: has it durably in its history`))
    assert.deepEqual(story.map(({ atMs }) => atMs), story.map(({ atMs }) => atMs).sort((a, b) => a - b))
    assert.ok(!words.some(line => line.includes('client-3')), 'what happened to others is no part of it')
  })

  it('shrinks to the one fault, the two people and the message that fail', async () => {
    const shrinking = new Shrinking(request, run, { mayGoOn: tries => tries < 60, told: () => {} })
    const { without, run: smallest, tries } = await shrinking.smallest()
    const { windows, nodes, messages } = smallest.record.plan
    assert.deepEqual(windows.map(({ words }) => words), ['partition: isolate client-1'])
    assert.deepEqual(nodes.filter(({ kind }) => kind === 'client').map(({ name }) => name), ['client-1', 'client-2'])
    assert.ok(messages.length <= 2, `${messages.length} messages after ${tries} tries`)
    assert.equal(smallest.isAsExpected, false)
    // What is written of it gives the same run again.
    const again = await perform({ ...request, without })
    assert.equal(again.record.traceHash, smallest.record.traceHash)
  })
})

describe('the comparison of results', () => {
  const result = (seed: number, delivered: number, latenciesMs: number[]): RunResult => ({
    scenario: 'x', seed, parameters: {}, isAsExpected: true, verdicts: [], sent: 10, deliveredCount: 10, latenciesMs, traceHash: '', events: 1, virtualMs: 1,
    measures: {
      lost: 0, duplicates: 0, delivered, delivery_p50: 100, delivery_p99: null, heal_to_delivery_p50: null, heal_to_delivery_p99: null, pending: 0,
      relay_storage_max: 0, bytes_per_message: 0, linkable: 0, violations: 0
    }
  })
  const noise = [0.02, -0.01, 0.03, -0.02, 0.01, 0, -0.03, 0.02]

  it('is by seed where both have the same: what the worlds have in common falls out', () => {
    const a = noise.map((by, seed) => result(seed, 0.8 + by, []))
    const b = noise.map((by, seed) => result(seed, 0.805 + by, []))
    const find = (results: RunResult[]) => differencesOf(a, results).find(({ measure }) => measure === 'delivered')
    const paired = find(b)
    assert.ok(paired?.isSure === true && Math.abs(paired.difference.low - 0.005) < 1e-9)
    // The same numbers under other seeds: the noise hides the difference.
    assert.equal(find(b.map(one => ({ ...one, seed: one.seed + 100 })))?.isSure, false)
    assert.equal(find(a)?.isSure, false)
  })

  it('of two single runs resamples their messages', () => {
    const slow = Array.from({ length: 100 }, (_, at) => 200 + at)
    const fast = Array.from({ length: 100 }, (_, at) => 100 + at)
    const [median] = differencesOf([result(1, 1, slow)], [result(2, 1, fast)])
    assert.ok(median?.measure === 'delivery_p50' && median.isSure && Math.abs(median.difference.estimate + 100) < 1e-9)
    const others = differencesOf([result(1, 1, slow)], [result(2, 0.5, fast)]).find(({ measure }) => measure === 'delivered')
    assert.deepEqual([others?.difference.estimate, others?.isSure], [-0.5, false])
  })
})

describe('the files that commands read', () => {
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'restante-files-')) })
  afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

  it('are a scenario\'s own, beside it, and no others', () => {
    mkdirSync(join(folder, 'own'))
    const scenario = join(folder, 'own/x.yaml')
    const withTrace = (trace: string): void => { writeFileSync(scenario, `${text}churn: { trace: '${trace}' }\n`) }
    // One that could be read lies outside as well.
    for (const place of ['own/trace.csv', 'secret.csv']) writeFileSync(join(folder, place), '1 min,client-1,down\n2 min,client-1,up\n')
    withTrace('trace.csv')
    assert.deepEqual(Object.keys(readScenario(scenario).attachments), ['trace.csv'])
    for (const elsewhere of [join(folder, 'secret.csv'), '../secret.csv', 'nowhere.csv']) {
      withTrace(elsewhere)
      assert.throws(() => readScenario(scenario), UsageError, elsewhere)
    }
  })

  it('are refused with a word where they are none', () => {
    assert.throws(() => readScenario('vilage'), /There is no scenario 'vilage'.*Perhaps 'village'\?/)
    for (const content of ['', '{}', '[]', 'null', '{"scenario":{"text":"x"},"seed":1}']) {
      writeFileSync(join(folder, 'repro.json'), content)
      assert.throws(() => readRepro(folder), UsageError, content)
    }
    assert.throws(() => readResults(folder), UsageError)
  })

  it('give back what was written, and of a sweep that was killed what is whole', async () => {
    const small = { ...request, scenario: { ...request.scenario, text: text.replace('4 min', '2 min').replace(/ {2}- .*\n/g, '').replace('timeline:\n', '') } }
    const run = await perform(small)
    writeRun(folder, filesOf(small, run))
    assert.equal(readRepro(folder).traceHash, run.record.traceHash)
    assert.equal(readResults(folder)[0]?.seed, 1)
    const line = JSON.stringify(readResults(folder)[0])
    writeFileSync(join(folder, 'results.jsonl'), `${line}\n${line}\n${line.slice(0, 40)}`)
    assert.equal(readResults(folder).length, 2)
  })
})
