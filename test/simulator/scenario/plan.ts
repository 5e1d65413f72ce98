/**
 * What a scenario and a seed come to: who there is, who writes what to whom and when, and which faults
 * hold from when to when. Plain data that JSON keeps; nothing is left to chance but what the network,
 * disks and nodes do with it. Independent of what runs it.
 */
import type { CutManner, DiskDamage, LinkProperties, NodeKind, RelayMisdeed } from './model.ts'

export interface PlannedNode {
  /** 'relay-1' */
  name: string
  kind: NodeKind
  group: string
  region: string | undefined
  /** Clients: names of the account's relays. */
  relays: string[]
  /** Others can dial it. */
  isReachable: boolean
  /** How far the wall clock is off at the beginning. */
  skewMs: number
  /** How much too fast it runs, as a part of one. */
  drift: number
}

export interface PlannedMessage {
  /** 'm1', in order of time. */
  id: string
  atMs: number
  from: string
  to: string
  /** Of text. */
  bytes: number
}

/** Nothing passes from any of the one to any of the other. */
export interface Block { from: string[], to: string[] }

export type Effect =
  | { kind: 'cut', blocks: Block[], how: CutManner }
  | { kind: 'slow', sides: [string[], string[]], factor: number, plusMs: number, loss: number | undefined, bandwidth: number | undefined }
  /** What is under way stands still; connections stay. */
  | { kind: 'stall', sides: [string[], string[]] }
  /** The process ends without warning, and starts again at the end. */
  | { kind: 'crash', nodes: string[] }
  /** The same at a write, counted from the beginning of the window. */
  | { kind: 'crash-at-write', nodes: string[], write: number }
  /** Stopped in order, and started again: churn. */
  | { kind: 'away', nodes: string[] }
  | { kind: 'pause', nodes: string[] }
  | { kind: 'disk-error' | 'disk-full', nodes: string[] }
  | { kind: 'disk-slow', nodes: string[], factor: number }
  | { kind: 'disk-damage', nodes: string[], damage: DiskDamage }
  | { kind: 'clock-jump', nodes: string[], byMs: number }
  | { kind: 'clock-drift', nodes: string[], by: number }
  | { kind: 'relay', nodes: string[], misdeed: RelayMisdeed }

export interface FaultWindow {
  /** 'f1' for the first entry of the timeline, 'f1.2' where it comes again; 'churn' for churn. */
  id: string
  /** As the file says it. */
  words: string
  fromMs: number
  /** Undefined: never healed. */
  untilMs: number | undefined
  effect: Effect
}

export interface PlannedLink {
  /** Undefined: all. */
  sides: [string[], string[]] | undefined
  isOneWay: boolean
  properties: LinkProperties
}

export interface Plan {
  scenario: string
  seed: number
  suite: 'real' | 'transparent'
  durationMs: number
  settleMs: number
  nodes: PlannedNode[]
  /** Who knows whom, each pair once. */
  contacts: Array<[string, string]>
  /** In order of time. */
  messages: PlannedMessage[]
  /** In order of their beginning. */
  windows: FaultWindow[]
  links: PlannedLink[]
  /** Undefined: all are wired to all. */
  wires: { of: 'nodes' | 'regions', edges: Array<[string, string]> } | undefined
  /** Messages in the space-time diagram. */
  diagram: number
  /** Part of the messages that are read. */
  reads: number
  /** Each pair exchanges a word once all is healed. */
  isProbed: boolean
}
