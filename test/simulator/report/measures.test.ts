import assert from 'node:assert/strict'
import { accountOf } from './account.ts'
import { judge } from './expectations.ts'
import { history, historyOf, minute, plan, record } from './history-fixtures.ts'
import { isDirect, measure } from './measures.ts'
import type { RunRecord } from './records.ts'
import { legsOf, chosenMessages } from './space-time.ts'

const withHistory = (more: Partial<RunRecord>): RunRecord => ({ ...record, ...more })

describe('the measures of a run', () => {
  const measures = measure(record)

  it('count what was sent, delivered, lost, refused and shown again', () => {
    const { sent, delivered, refused, direct, values } = measures
    assert.deepEqual({ sent, delivered, refused, direct }, { sent: 4, delivered: 3, refused: 1, direct: 1 })
    assert.deepEqual([values.lost, values.duplicates, values.pending, values.delivered], [1, 1, 1, 0.75])
  })

  it('take delivery times from writing to the recipient\'s disk', () => {
    assert.deepEqual(measures.latenciesMs, [50, 200, minute + 2000])
    assert.equal(measures.values.delivery_p50, 200)
  })

  it('take the heal\'s time from what waited when the cut ended, and had an end on a side of it', () => {
    assert.deepEqual(measures.heals, [{ id: 'f1', words: 'partition: isolate relay-1', atMs: 3 * minute, tookMs: [2000], neverArrived: 1 }])
    assert.equal(measures.values.heal_to_delivery_p99, 2000)
  })

  it('heal a cut of several parts once, with the last of them, and one for ever never', () => {
    const [window] = plan.windows
    assert.ok(window !== undefined)
    const parts = [{ ...window, untilMs: 90_000 }, { ...window, fromMs: 2 * minute }]
    assert.deepEqual(measure(withHistory({ plan: { ...plan, windows: parts } })).heals.map(({ atMs }) => atMs), [3 * minute])
    assert.deepEqual(measure(withHistory({ plan: { ...plan, windows: [parts[0]!, { ...window, untilMs: undefined }] } })).heals, [])
  })

  it('link two people where one relay took the deposit from the sender and handed it to the recipient', () => {
    assert.equal(measures.pairs, 3)
    assert.deepEqual(measures.views, [{ relay: 'relay-1', pairs: 1, share: 1 / 3 }, { relay: 'relay-2', pairs: 0, share: 0 }])
    // A deposit that another connection brought does not show who sent it.
    const forwarded = history.map(entry => entry.f === 'left' && entry.value.to === 'relay-1' ? { ...entry, value: { ...entry.value, to: 'relay-2' } } : entry)
    assert.equal(measure(withHistory({ history: forwarded })).values.linkable, 0)
  })

  it('leave probes out', () => {
    const { sent, latenciesMs, values } = measure(withHistory({ probes: new Set([1, 2]) }))
    assert.deepEqual([sent, latenciesMs, values.duplicates], [2, [200], 0])
  })

  it('call nothing lost that was for somebody who never came back, or that its sender took along', () => {
    const gone = (name: string): RunRecord => withHistory({ history: [...history, ...historyOf([[6 * minute, 'world', 'info', 'heal', { gone: [name] }]])] })
    assert.equal(measure(gone('bob')).values.lost, 0)
    assert.equal(measure(gone('cem')).values.lost, 0)
    assert.equal(measure(gone('ann')).values.lost, 1)
  })

  it('see an order that was not kept', () => {
    assert.equal(measures.isInOrder.fifo, true)
    const swapped = history.map(entry => entry.f === 'list' ? { ...entry, value: { ...entry.value, messages: entry.value.messages.toReversed() } } : entry)
    assert.equal(measure(withHistory({ history: swapped })).isInOrder.fifo, false)
    const violations = [{ invariant: 'I4' as const, text: 'x' }]
    assert.deepEqual(measure(withHistory({ violations })).isInOrder, { fifo: true, causal: false })
  })

  it('say nothing of a run in which nothing was sent', () => {
    const { values } = measure(withHistory({ history: [], samples: [] }))
    assert.deepEqual([values.delivered, values.delivery_p50, values.bytes_per_message, values.lost], [undefined, undefined, undefined, 0])
  })
})

describe('expectations', () => {
  const met = (measure_: Parameters<typeof judge>[0][number]): boolean => judge([measure_], measure(record))[0]!.isMet

  it('are met or not by their measure, limit and sign', () => {
    assert.equal(met({ measure: 'lost', comparison: '<=', limit: 0 }), false)
    assert.equal(met({ measure: 'lost', comparison: '=', limit: 1 }), true)
    assert.equal(met({ measure: 'delivered', comparison: '>=', limit: 0.75 }), true)
    assert.equal(met({ measure: 'delivered', comparison: '>', limit: 0.75 }), false)
    assert.equal(met({ measure: 'relay_storage_max', comparison: '<', limit: 3072 }), false)
    assert.equal(met({ measure: 'relay_storage_max', comparison: '<', limit: 3073 }), true)
    assert.equal(met({ measure: 'bytes_per_message', comparison: '=', limit: 3000 }), true)
    assert.equal(met({ measure: 'order', order: 'causal' }), true)
  })

  it('always hold the engine to its invariants, unless the scenario says otherwise', () => {
    const broken = measure(withHistory({ violations: [{ invariant: 'I5', text: 'x' }] }))
    assert.deepEqual(judge([], broken).map(({ name, isMet }) => [name, isMet]), [['violations', false]])
    assert.deepEqual(judge([{ measure: 'violations', comparison: '<=', limit: 1 }], broken).map(({ isMet }) => isMet), [true])
  })

  it('show both sides with their units', () => {
    const [verdict] = judge([{ measure: 'delivery_p99', comparison: '<', limit: 30_000 }], measure(record))
    assert.deepEqual([verdict?.expected, verdict?.actual, verdict?.isMet], ['< 30 s', '1 min 1 s', false])
  })

  it('of a time are met by nothing that took any, and of a share by nothing are not', () => {
    const nothing = measure(withHistory({ history: [], samples: [] }))
    assert.deepEqual(judge([{ measure: 'delivery_p99', comparison: '<', limit: 1 }, { measure: 'delivered', comparison: '>=', limit: 0 }], nothing)
      .map(({ isMet }) => isMet), [true, false, true])
  })
})

describe('the space-time diagram', () => {
  const { messages } = accountOf(record)

  it('has a leg for each way that the history knows of, and none for what never arrived', () => {
    const [first, , third, fourth] = messages.map(legsOf)
    assert.deepEqual(first, [
      { kind: 'deposit', from: 'ann', fromMs: 10, to: 'relay-1', toMs: 60 },
      { kind: 'handed', from: 'relay-1', fromMs: 65, to: 'bob', toMs: 200 },
      { kind: 'confirmed', from: 'bob', fromMs: 200, to: 'ann', toMs: 400 }
    ])
    assert.deepEqual(third?.map(({ kind, from, to }) => [kind, from, to]), [['direct', 'bob', 'cem']])
    assert.deepEqual(fourth, [])
  })

  it('takes the way on which a message came last before it was there', () => {
    const story = messages[0]!
    // Handed into a cut link, and then sent straight.
    assert.equal(isDirect({ ...story, left: [...story.left, { atMs: 150, to: 'bob' }] }), true)
    assert.equal(isDirect({ ...story, left: [{ atMs: 20, to: 'bob' }, ...story.left] }), false)
    assert.equal(isDirect({ ...story, left: [...story.left, { atMs: 250, to: 'bob' }] }), false)
  })

  it('chooses the slowest message and the one with the most legs, and so many as the plan wants', () => {
    assert.deepEqual(chosenMessages(messages, plan).map(({ message }) => message), [0, 1, 2])
    assert.deepEqual(chosenMessages(messages, { ...plan, diagram: 1 }).map(({ message }) => message), [1])
  })
})
