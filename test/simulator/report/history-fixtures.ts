/**
 * Small histories written by hand, for tests of what is computed from histories: three people and two
 * relays, whose every number can be checked with a pencil.
 */
import type { FaultWindow, Plan } from '../scenario/plan.ts'
import type { RunEntry, RunRecord, Sample } from './records.ts'

export const minute = 60_000

const node = (name: string, kind: 'client' | 'relay', relays: string[] = []): Plan['nodes'][number] =>
  ({ name, kind, group: kind, region: undefined, relays, isReachable: true, skewMs: 0, drift: 0 })

/** The relay is cut off from minute 1 to minute 3. */
const cut: FaultWindow = {
  id: 'f1', words: 'partition: isolate relay-1', fromMs: minute, untilMs: 3 * minute,
  effect: { kind: 'cut', blocks: [{ from: ['relay-1'], to: ['ann', 'bob', 'cem'] }, { from: ['ann', 'bob', 'cem'], to: ['relay-1'] }], how: 'silent' }
}

export const plan: Plan = {
  scenario: 'By hand', seed: 1, suite: 'transparent', durationMs: 5 * minute, settleMs: minute,
  nodes: [node('ann', 'client', ['relay-1']), node('bob', 'client', ['relay-1', 'relay-2']), node('cem', 'client', ['relay-2']), node('relay-1', 'relay'), node('relay-2', 'relay')],
  contacts: [['ann', 'bob'], ['bob', 'cem']],
  messages: [0, 1, 2, 3].map(at => ({ id: `m${at + 1}`, atMs: at * minute, from: 'ann', to: 'bob', bytes: 80 })),
  windows: [cut], links: [], wires: undefined, diagram: 3, reads: 1, isProbed: false
}

type Line = [time: number, process: string, type: RunEntry['type'], f: RunEntry['f'], value: object]

export function historyOf (lines: Line[]): RunEntry[] {
  return lines.map(([time, process, type, f, value]) => ({ time, process, type, f, value }) as RunEntry)
}

/**
 * 0: ann to bob, by relay-1, in 200 ms · 1: ann to bob, waits for the heal and comes 2 s after it · 2: bob to
 * cem, straight, in 50 ms, and is shown twice · 3: cem to bob, never arrives · 4: ann to bob, refused.
 */
export const history = historyOf([
  [0, 'ann', 'invoke', 'send', { message: 0, to: 'bob' }],
  [5, 'ann', 'ok', 'send', { message: 0, id: 'a0' }],
  [10, 'ann', 'info', 'left', { message: 0, to: 'relay-1' }],
  [60, 'relay-1', 'info', 'stored', { message: 0 }],
  [65, 'relay-1', 'info', 'handed', { message: 0, to: 'bob' }],
  [70, 'ann', 'info', 'tick', { id: 'a0', state: 'stored', storedBy: 1, of: 1 }],
  [200, 'bob', 'info', 'kept', { message: 0 }],
  [201, 'bob', 'info', 'shown', { message: 0 }],
  [400, 'ann', 'info', 'tick', { id: 'a0', state: 'delivered', storedBy: 1, of: 1 }],
  [minute, 'world', 'info', 'window', { id: 'f1', words: cut.words, kind: 'cut', event: 'begins' }],
  [2 * minute, 'ann', 'invoke', 'send', { message: 1, to: 'bob' }],
  [2 * minute + 5, 'ann', 'ok', 'send', { message: 1, id: 'a1' }],
  [2 * minute + 10, 'bob', 'invoke', 'send', { message: 2, to: 'cem' }],
  [2 * minute + 12, 'bob', 'ok', 'send', { message: 2, id: 'b2' }],
  [2 * minute + 20, 'bob', 'info', 'left', { message: 2, to: 'cem' }],
  [2 * minute + 60, 'cem', 'info', 'kept', { message: 2 }],
  [2 * minute + 61, 'cem', 'info', 'shown', { message: 2 }],
  [2 * minute + 90, 'cem', 'info', 'shown', { message: 2 }],
  [2 * minute + 200, 'cem', 'invoke', 'send', { message: 3, to: 'bob' }],
  [2 * minute + 205, 'cem', 'ok', 'send', { message: 3, id: 'c3' }],
  [3 * minute, 'world', 'info', 'window', { id: 'f1', words: cut.words, kind: 'cut', event: 'ends' }],
  [3 * minute + 1000, 'ann', 'info', 'left', { message: 1, to: 'relay-1' }],
  [3 * minute + 1500, 'relay-1', 'info', 'stored', { message: 1 }],
  [3 * minute + 1600, 'relay-1', 'info', 'handed', { message: 1, to: 'bob' }],
  [3 * minute + 2000, 'bob', 'info', 'kept', { message: 1 }],
  [3 * minute + 2001, 'bob', 'info', 'shown', { message: 1 }],
  [4 * minute, 'ann', 'invoke', 'send', { message: 4, to: 'bob' }],
  [4 * minute, 'ann', 'fail', 'send', { message: 4, code: 'CONTACT_BLOCKED' }],
  [5 * minute, 'world', 'info', 'heal', { gone: [] }],
  [6 * minute, 'bob', 'ok', 'list', { with: 'ann', messages: [
    { message: 0, id: 'a0', isOwn: false, missingBefore: 0, state: undefined }, { message: 1, id: 'a1', isOwn: false, missingBefore: 0, state: undefined }] }],
  [6 * minute, 'world', 'info', 'end', { isSettled: false, timers: 0, streams: 0 }]
])

const sampleOf = (timeMs: number, more: Partial<Sample> = {}): Sample => ({
  timeMs, sent: 0, stored: 0, delivered: 0, read: 0, pending: 0, relayBytes: 0, relayBytesMax: 0, relayEnvelopes: 0, duplicates: 0,
  partitions: 0, wireBytes: 0, dials: 0, ...more
})

export const record: RunRecord = {
  plan, history,
  samples: [sampleOf(0), sampleOf(2 * minute, { sent: 3, pending: 2, relayBytes: 4096, relayBytesMax: 3072, partitions: 1, wireBytes: 1000 }),
    sampleOf(6 * minute, { sent: 4, delivered: 3, pending: 1, relayBytes: 1024, relayBytesMax: 1024, duplicates: 1, wireBytes: 9000, dials: 7 })],
  probes: new Set(), violations: [], isWhole: true, traceHash: '0123456789abcdef', events: 1000, virtualMs: 6 * minute
}
