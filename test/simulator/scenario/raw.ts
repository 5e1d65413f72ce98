/**
 * A scenario as the file has it, once schema.json was held against it: the types of what YAML gave.
 * model.ts has what everything else works with.
 */

export type Text = string | number
export type Words = string | string[]
export type RawSelector = Words | { random: number, of?: Words }
export type RawDistribution = Text | Partial<{
  uniform: [Text, Text]
  normal: { mean: Text, deviation: Text }
  lognormal: { median: Text, sigma: number }
  pareto: { min: Text, shape: number }
  exponential: Text
  weibull: { scale: Text, shape: number }
  empirical: string
}>
export type OneOrMore<T> = T | T[]

export interface RawGroup { name: string, count: number, region?: string, relays?: RawSelector, reachable?: boolean }
export type RawNodes = number | RawGroup[]

export interface RawLinkProperties {
  latency?: RawDistribution
  jitter?: Text
  loss?: Text
  reset?: Text
  'dial-failure'?: Text
  'half-open'?: Text
  bandwidth?: string
  queue?: Text
}
export type RawLinkRule = RawLinkProperties & { between?: [RawSelector, RawSelector], from?: RawSelector, to?: RawSelector }

export interface RawWorkload {
  who?: RawSelector
  pairs?: string | Partial<{
    'random-k': number, 'scale-free': number, between: [RawSelector, RawSelector], list: Array<[string, string]>
  }>
  rate?: Text
  messages?: number
  size?: RawDistribution
  from?: Text
  until?: Text
  'one-way'?: boolean
  diurnal?: { peak: string, depth: Text }
}

export type RawPartition = string | Partial<{
  halves: RawSelector
  groups: RawSelector[]
  isolate: RawSelector
  bridge: RawSelector
  ring: RawSelector
  'one-way': { from: RawSelector, to: RawSelector }
  flap: { between: [RawSelector, RawSelector], period: Text, duty?: Text }
  swizzle: RawSelector
  slow: { between: [RawSelector, RawSelector], factor?: number, plus?: Text, loss?: Text, bandwidth?: string }
  jam: { between: [RawSelector, RawSelector], stall?: RawDistribution, clear?: RawDistribution }
  region: Words
  how: 'silent' | 'refuse'
}>

export interface RawEntry {
  at: Text
  for?: Text
  every?: Text
  times?: number
  partition?: RawPartition
  crash?: RawSelector
  'crash-at-write'?: { who: RawSelector, write?: number }
  pause?: RawSelector
  disk?: Record<string, RawSelector | { who: RawSelector, factor: number }>
  clock?: Partial<{ jump: { who: RawSelector, by: Text }, drift: { who: RawSelector, by: Text } }>
  relay?: Record<string, RawSelector>
}

export interface RawScenario {
  name: string
  about?: string
  duration: Text
  settle?: Text
  suite?: 'real' | 'transparent'
  seed?: number
  regions?: string[]
  nodes: { clients: RawNodes, relays?: RawNodes, 'relays-each'?: number }
  topology?: string | { kind?: string, k?: number, of?: 'nodes' | 'regions', file?: string }
  links?: OneOrMore<RawLinkRule>
  clocks?: OneOrMore<{ who?: RawSelector, skew?: RawDistribution, drift?: RawDistribution }>
  churn?: OneOrMore<{ who?: RawSelector, up?: RawDistribution, down?: RawDistribution, trace?: string }>
  workload: OneOrMore<RawWorkload>
  timeline?: RawEntry[]
  diagram?: number
  reads?: Text
  probe?: boolean
  expect?: Record<string, Text>
}
