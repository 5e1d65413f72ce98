/** Faults do in the world what their words say, and no longer than they should: seen in the history of small runs. */
import assert from 'node:assert/strict'
import { compileScenario } from '../compile.ts'
import { loadScenario } from '../load.ts'
import { accountOf } from '../../report/account.ts'
import type { MessageStory } from '../../report/account.ts'
import type { RunEntry, RunRecord } from '../../report/records.ts'
import { play } from './play.ts'

/** A fault holds from second 30 to second 60 of two minutes. */
const [begin, end] = [30_000, 60_000]

/** Two people who reach each other by the only relay; they write about 80 messages. */
async function played (fault: string, more = ''): Promise<RunRecord & { stories: MessageStory[] }> {
  const text = `name: x\nduration: 2 min\nnodes: { clients: [{ name: client, count: 2, reachable: false }], relays: 1 }\n` +
    `workload: { rate: 20 / min }\n${more}${fault === '' ? '' : `timeline: [{ at: 30 s, for: 30 s, ${fault} }]\n`}`
  const record = await play(compileScenario(loadScenario({ file: 'x', text, attachments: {} }), 1))
  return { ...record, stories: accountOf(record).messages.filter(({ isProbe }) => !isProbe) }
}

/** Times of what a node did. */
const timesOf = (history: readonly RunEntry[], process: string, f: RunEntry['f']): number[] =>
  history.filter(entry => entry.process === process && entry.f === f).map(({ time }) => time)
const during = (times: number[], from = begin + 100, to = end): number[] => times.filter(time => time > from && time < to)
const livesOf = (history: readonly RunEntry[], process: string): string[] => history.flatMap(entry =>
  entry.f === 'life' && entry.process === process && entry.time < 120_000 ? `${entry.value.event} ${Math.round(entry.time / 1000)}` : [])
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
const tookOf = (stories: MessageStory[], isWanted: (story: MessageStory) => boolean): number =>
  median(stories.filter(isWanted).map(({ deliveredMs = Infinity, invokedMs }) => deliveredMs - invokedMs))
/** The quarter that no wait for a straight way delayed. */
const fastOf = (stories: MessageStory[]): number =>
  stories.map(({ deliveredMs = Infinity, invokedMs }) => deliveredMs - invokedMs).sort((a, b) => a - b)[Math.floor(stories.length / 4)] ?? NaN
const isDuring = ({ invokedMs }: MessageStory): boolean => invokedMs > begin && invokedMs < end - 3_000

describe('a fault that is played', function () {
  this.timeout(60_000)

  it('is none where there is none: all is stored, handed out and shown at once', async () => {
    const { stories, history } = await played('')
    assert.ok(stories.length > 50)
    assert.ok(during(timesOf(history, 'relay-1', 'stored')).length > 10 && during(timesOf(history, 'relay-1', 'handed')).length > 10)
    assert.ok(tookOf(stories, () => true) < 600)
    assert.deepEqual(livesOf(history, 'client-1'), ['started 0', 'serves 0'])
  })

  it('cut: nothing is stored meanwhile, everything waits for the heal, and then arrives', async () => {
    const { stories, history } = await played('partition: { isolate: relay-1 }')
    assert.deepEqual(during(timesOf(history, 'relay-1', 'stored')), [])
    for (const { deliveredMs = Infinity } of stories.filter(isDuring)) assert.ok(deliveredMs > end && deliveredMs < end + 60_000)
  })

  it('one-way: what goes the open way arrives, and its answer does not', async () => {
    const { history } = await played('partition: { one-way: { from: relay-1, to: client-1 } }')
    const ticks = history.filter(entry => entry.process === 'client-1' && entry.f === 'tick').map(({ time }) => time)
    assert.deepEqual(during(ticks, begin + 500), [])
    assert.ok(during(timesOf(history, 'relay-1', 'stored')).length > 0)
  })

  it('slow: it takes so much longer, as long as it holds', async () => {
    const { stories } = await played('partition: { slow: { between: [clients, relays], plus: 1 s } }')
    assert.ok(tookOf(stories, isDuring) > 2_000)
    assert.ok(tookOf(stories, ({ invokedMs }) => invokedMs < begin - 3_000 || invokedMs > end + 6_000) < 700)
  })

  it('links: latency and hops are of each way', async () => {
    const [short, long, far] = await Promise.all(['links: { latency: 20 ms }\n', 'links: { latency: 100 ms }\n', 'links: { latency: 100 ms }\ntopology: line\n']
      .map(async links => fastOf((await played('', links)).stories)))
    // To the relay and from it.
    assert.ok(Math.abs(long! - short! - 160) < 20, `${short} ms and ${long} ms`)
    // A line client-1 – client-2 – relay-1: two hops for the one, one for the other.
    assert.ok(Math.abs(far! - long! - 100) < 20, `${long} ms and ${far} ms`)
  })

  it('crash, pause and crash-at-write: the program ends or stands still, and comes back when it should', async () => {
    const crashed = await played('crash: client-1')
    assert.deepEqual(livesOf(crashed.history, 'client-1'), ['started 0', 'serves 0', 'ended 30', 'started 60', 'serves 60'])
    const paused = await played('pause: client-1')
    assert.deepEqual(during(timesOf(paused.history, 'client-1', 'send')), [])
    assert.ok(during(timesOf(paused.history, 'client-1', 'send'), end, end + 5_000).length > 3, 'what was meant to be written meanwhile is written then')
    assert.deepEqual(livesOf(paused.history, 'client-1'), ['started 0', 'serves 0'])
    const torn = await played('crash-at-write: { who: relay-1, write: 5 }')
    const [, , ended = '', started] = livesOf(torn.history, 'relay-1')
    assert.match(ended, /^ended [34]\d$/)
    assert.equal(started, 'started 60')
    for (const { stories } of [crashed, paused, torn]) assert.ok(stories.every(({ deliveredMs }) => deliveredMs !== undefined))
  })

  it('for ever: it does not come back, and what is for it is not owed', async () => {
    const text = 'name: x\nduration: 1 min\nnodes: { clients: 2, relays: 1 }\nworkload: { rate: 10 / min }\ntimeline: [{ at: 30 s, for: forever, crash: client-1 }]\n'
    const { history, violations } = await play(compileScenario(loadScenario({ file: 'x', text, attachments: {} }), 1))
    assert.deepEqual(livesOf(history, 'client-1'), ['started 0', 'serves 0', 'ended 30'])
    assert.deepEqual(history.flatMap(entry => entry.f === 'heal' ? entry.value.gone : []), ['client-1'])
    assert.deepEqual(violations, [])
  })

  it('disk: a full one stores nothing, a slow one takes its time, a wiped one has lost what it had', async () => {
    const slow = await played('disk: { slow: { who: relay-1, factor: 1000 } }')
    assert.ok(tookOf(slow.stories, isDuring) > 500)
    const wiped = await played('disk: { wipe: relay-1 }')
    assert.deepEqual(livesOf(wiped.history, 'relay-1'), ['started 0', 'serves 0', 'ended 30', 'started 60', 'serves 60'])
    const failing = await played('disk: { error: relay-1 }')
    assert.deepEqual(during(timesOf(failing.history, 'relay-1', 'stored')), [])
    assert.ok(livesOf(failing.history, 'relay-1').filter(life => life.startsWith('ended')).length > 1, 'it says so and ends, again and again')
  })

  it('relay: lies about what it stores, withholds, refuses, and hands out again', async () => {
    const lying = await played('relay: { lie: relay-1 }')
    const deposited = lying.stories.filter(({ stored }) => stored.some(({ atMs }) => atMs > begin && atMs < end))
    assert.ok(deposited.length > 5)
    assert.deepEqual(deposited.filter(({ handed }) => handed.some(({ atMs }) => atMs < end)), [])
    const withholding = await played('relay: { withhold: relay-1 }')
    assert.ok(during(timesOf(withholding.history, 'relay-1', 'stored')).length > 5)
    assert.deepEqual(during(timesOf(withholding.history, 'relay-1', 'handed')), [])
    const full = await played('relay: { quota: relay-1 }')
    assert.deepEqual(during(timesOf(full.history, 'relay-1', 'stored')), [])
    const replaying = await played('relay: { replay: relay-1 }')
    const handedOf = ({ stories }: { stories: MessageStory[] }): number => stories.reduce((sum, { handed }) => sum + handed.length, 0)
    assert.ok(handedOf(replaying) > 2 * handedOf(await played('')))
    assert.ok(replaying.stories.every(({ shownMs }) => shownMs.length === 1), 'and nobody is shown it twice')
  })
})
