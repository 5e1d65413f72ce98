/**
 * The records of a run, from which everything that is shown of it is computed: the history, one entry a
 * line (`history.jsonl`), samples over time (`metrics.csv`), and what repeats the run (`repro.json`).
 */
import type { Entry, Violation } from '../check/history.ts'
import type { Plan } from '../scenario/plan.ts'
import type { ScenarioText } from '../scenario/load.ts'
import type { LeftOut } from '../scenario/reduce.ts'
import type { Override } from '../scenario/override.ts'
import type { Reality, RealWorld } from '../real/world-kind.ts'

/** Beside what the checkers read. `process` is the machine at which it happened. */
export type ExtraEntry = { time: number, process: string, type: 'info' } & (
  /** An envelope with this message left for `to`: a relay, or the recipient's device. */
  | { f: 'left', value: { message: number, to: string } }
  /** A relay handed an envelope with it to its owner. */
  | { f: 'handed', value: { message: number, to: string } }
  /** A fault of the plan; `kind` is that of its effect. */
  | { f: 'window', value: { id: string, words: string, kind: string, event: 'begins' | 'ends' } }
)

export type RunEntry = Entry | ExtraEntry

/** How things stood at one time; counts are since the beginning, probes left out. */
export interface Sample {
  timeMs: number
  sent: number
  /** Stored by the relays that it takes, or further. */
  stored: number
  /** On the recipient's disk. */
  delivered: number
  read: number
  /** Sent and not delivered. */
  pending: number
  /** At all relays together, and at the fullest one. */
  relayBytes: number
  relayBytesMax: number
  relayEnvelopes: number
  /** Shown again. */
  duplicates: number
  /** Cuts and stalls that hold now. */
  partitions: number
  /** Sent on all connections. */
  wireBytes: number
  dials: number
}

export interface Repro {
  /** Of this program. */
  version: string
  seed: number
  scenario: ScenarioText
  overrides: Override[]
  /** Times the people of the file. */
  scale: number
  /** Parts of the plan that were left out, by `shrink`. */
  without: LeftOut
  /** What failed, in a line; undefined: nothing. */
  failure: string | undefined
  /** Number of the first entry of the history that shows it. */
  event: number | undefined
  /** Of everything that happened. A run of the same version that has another is not the same run. */
  traceHash: string
  /** Where real programs played it, which is never the same twice. */
  world?: RealWorld | undefined
  /** There: how many times shorter. */
  shorten?: number | undefined
}

/** One run, as it is reported. */
export interface RunRecord {
  plan: Plan
  history: readonly RunEntry[]
  samples: readonly Sample[]
  /** Numbers of the messages that only probe for gaps. */
  probes: ReadonlySet<number>
  violations: readonly Violation[]
  /** False: it was ended before its time. */
  isWhole: boolean
  traceHash: string
  events: number
  virtualMs: number
  /** Undefined: it was simulated. */
  reality?: Reality
}

export function toHistoryLines (history: readonly RunEntry[]): string {
  return history.map((entry, index) => `${JSON.stringify({ index, ...entry })}\n`).join('')
}

const columns: Array<[name: string, of: (sample: Sample) => number]> = [
  ['t_s', ({ timeMs }) => timeMs / 1000],
  ['sent', ({ sent }) => sent],
  ['stored', ({ stored }) => stored],
  ['delivered', ({ delivered }) => delivered],
  ['read', ({ read }) => read],
  ['pending', ({ pending }) => pending],
  ['relay_bytes', ({ relayBytes }) => relayBytes],
  ['relay_bytes_max', ({ relayBytesMax }) => relayBytesMax],
  ['relay_envelopes', ({ relayEnvelopes }) => relayEnvelopes],
  ['duplicates', ({ duplicates }) => duplicates],
  ['partitions_active', ({ partitions }) => partitions],
  ['wire_bytes', ({ wireBytes }) => wireBytes],
  ['dials', ({ dials }) => dials]
]

export function toMetricsCsv (samples: readonly Sample[]): string {
  const rows = samples.map(sample => columns.map(([, of]) => String(of(sample))).join(','))
  return [columns.map(([name]) => name).join(','), ...rows, ''].join('\n')
}
