/**
 * A scenario as the rest of the laboratory sees it: every unit is milliseconds, bytes or a part of one,
 * every default is filled in. Nothing is drawn yet: that is compile.ts.
 */

export type Distribution =
  | { kind: 'constant', value: number }
  | { kind: 'uniform', from: number, to: number }
  /** `isSigned` false: values below zero are drawn again. */
  | { kind: 'normal', mean: number, deviation: number, isSigned: boolean }
  | { kind: 'lognormal', median: number, sigma: number }
  | { kind: 'pareto', min: number, shape: number }
  | { kind: 'exponential', mean: number }
  | { kind: 'weibull', scale: number, shape: number }
  /** `upTo[i]`: weights of values[0…i] together; the last is the total. */
  | { kind: 'empirical', values: number[], upTo: number[] }

export type NodeKind = 'client' | 'relay'

/** Names of nodes, groups, regions, or `clients`, `relays`, `all`; `random`: so many of them, drawn. */
export interface Selector { words: string[], random: number | undefined }

export interface Group {
  name: string
  kind: NodeKind
  count: number
  region: string | undefined
  /** Clients: among which relays each account's are drawn. */
  relays: Selector | undefined
  isReachable: boolean
}

export const topologyKinds = ['full', 'ring', 'line', 'grid', 'tree', 'star', 'random-k', 'scale-free'] as const
export type TopologyKind = typeof topologyKinds[number]
export type Topology =
  | { kind: TopologyKind, k: number, of: 'nodes' | 'regions' }
  | { kind: 'edges', edges: Array<[string, string]>, of: 'nodes' | 'regions' }

/** Of one direction between two nodes. Undefined: as the rule before has it. */
export interface LinkProperties {
  /** One way, ms. */
  latency?: Distribution
  /** Ms, added to each piece, uniform from 0. */
  jitterMs?: number
  /** Parts of one: of pieces, of pieces, of dials, of dials. */
  loss?: number
  reset?: number
  dialFailure?: number
  halfOpen?: number
  /** Bytes a second. */
  bandwidth?: number
  /** Bytes. */
  queue?: number
}

export interface LinkRule {
  /** Undefined: between all. */
  between: [Selector, Selector] | undefined
  isOneWay: boolean
  properties: LinkProperties
}

export interface ClockRule { who: Selector, skew: Distribution | undefined, drift: Distribution | undefined }

export type ChurnRule =
  | { kind: 'drawn', who: Selector, up: Distribution, down: Distribution }
  | { kind: 'trace', changes: Array<{ atMs: number, node: string, isUp: boolean }> }

export type Pairing =
  | { kind: 'all' | 'ring' | 'couples' }
  | { kind: 'random-k' | 'scale-free', k: number }
  | { kind: 'between', sides: [Selector, Selector] }
  | { kind: 'list', pairs: Array<[string, string]> }

export interface WorkloadRule {
  who: Selector
  pairs: Pairing
  /** Messages of one person a millisecond; undefined: `messages` in all. */
  rate: number | undefined
  messages: number | undefined
  size: Distribution
  fromMs: number
  untilMs: number
  isOneWay: boolean
  /** `depth`: part of one. */
  diurnal: { peakMs: number, depth: number } | undefined
}

export const diskDamages = ['lose-unsynced', 'torn', 'bit-flip', 'wipe', 'roll-back'] as const
export type DiskDamage = typeof diskDamages[number]
export const relayMisdeeds = ['lie', 'withhold', 'replay', 'delete', 'reorder', 'quota', 'wipe'] as const
export type RelayMisdeed = typeof relayMisdeeds[number]
/** silent: nothing passes, dials time out · refuse: dials are refused at once. */
export type CutManner = 'silent' | 'refuse'

export type Fault =
  | { kind: 'halves' | 'ring' | 'swizzle' | 'isolate' | 'region', who: Selector, how: CutManner }
  | { kind: 'bridge', node: Selector | undefined, how: CutManner }
  | { kind: 'groups', groups: Selector[], how: CutManner }
  | { kind: 'one-way', from: Selector, to: Selector, how: CutManner }
  | { kind: 'flap', between: [Selector, Selector], periodMs: number, duty: number, how: CutManner }
  | { kind: 'slow', between: [Selector, Selector], factor: number, plusMs: number, loss: number | undefined, bandwidth: number | undefined }
  | { kind: 'jam', between: [Selector, Selector], stall: Distribution, clear: Distribution }
  | { kind: 'crash' | 'pause', who: Selector }
  | { kind: 'crash-at-write', who: Selector, write: number }
  | { kind: 'disk-error' | 'disk-full', who: Selector }
  | { kind: 'disk-slow', who: Selector, factor: number }
  | { kind: 'disk-damage', who: Selector, damage: DiskDamage }
  | { kind: 'clock-jump', who: Selector, byMs: number }
  | { kind: 'clock-drift', who: Selector, by: number }
  | { kind: 'relay', who: Selector, misdeed: RelayMisdeed }

export interface TimelineEntry {
  /** Place in the file's list, from 0. */
  index: number
  /** As a reader of the report sees it: 'partition: isolate relay-1'. */
  words: string
  atMs: number
  /** Infinity: never healed. */
  forMs: number
  everyMs: number | undefined
  times: number | undefined
  fault: Fault
}

/** What an expectation is about, and what its numbers are. */
export const expectationKinds = {
  lost: 'count',
  duplicates: 'count',
  delivered: 'share',
  delivery_p50: 'duration',
  delivery_p99: 'duration',
  heal_to_delivery_p50: 'duration',
  heal_to_delivery_p99: 'duration',
  pending: 'count',
  relay_storage_max: 'size',
  bytes_per_message: 'size',
  linkable: 'share',
  violations: 'count'
} as const
export type Measure = keyof typeof expectationKinds
export type Quantity = 'count' | 'share' | 'duration' | 'size'
export type Comparison = '<' | '<=' | '=' | '>=' | '>'

export type Expectation =
  | { measure: Measure, comparison: Comparison, limit: number }
  | { measure: 'order', order: 'causal' | 'fifo' | 'any' }

export interface Scenario {
  name: string
  about: string
  durationMs: number
  settleMs: number
  suite: 'real' | 'transparent'
  seed: number
  regions: string[]
  /** Clients and relays, in the file's order. */
  groups: Group[]
  relaysEach: number
  topology: Topology
  links: LinkRule[]
  clocks: ClockRule[]
  churn: ChurnRule[]
  workload: WorkloadRule[]
  timeline: TimelineEntry[]
  /** Messages in the space-time diagram. */
  diagram: number
  /** Part of the messages that are read. */
  reads: number
  /** Each pair exchanges a word once all is healed. */
  isProbed: boolean
  expect: Expectation[]
}
