/**
 * What a real world is made of beneath the programs: where each runs, under which address others reach it,
 * and how the ways between them are cut. loopback-ground.ts and namespace-ground.ts.
 */
import type { Rule } from '../world/fabric.ts'
import type { Effect, Plan, PlannedNode } from '../scenario/plan.ts'
import type { Weather } from '../scenario/play/weather.ts'
import type { Prefix, Processes } from './processes.ts'
import type { RealWorld } from './world-kind.ts'

export type Slow = Extract<Effect, { kind: 'slow' }>

export interface GroundOptions {
  plan: Plan
  weather: Weather
  processes: Processes
  onDial: (from: string, to: string) => void
  /** Pieces as they leave; not called where nobody stands between. */
  onSent: (from: string, to: string, bytes: Uint8Array) => void
}

export interface Ground {
  readonly world: RealWorld
  readonly notes: string[]
  /** Before the command of this node's program. */
  prefix: (node: string) => Prefix
  /** Options of its program that say where it listens and what it tells of that. */
  listening: (node: PlannedNode) => string[]
  /** A relay is ready: the address, with its peer id, by which everybody reaches it. */
  addressOf: (relay: string, ready: { peerId: string, addresses: string[] }) => string
  /** It runs, or not any more. */
  started: (node: string, pid: number) => void
  ended: (node: string) => void
  cut: (rule: Rule) => Promise<void>
  heal: (rule: Rule) => Promise<void>
  /** `effect` is one of the plan's. */
  slow: (effect: Slow, event: 'begins' | 'ends') => void
  /** Bytes on all connections so far. */
  wireBytes: () => Promise<number>
  close: () => Promise<void>
}
