/**
 * The worlds in which a scenario can be played, and what a played one says of itself where it was not the
 * simulated one. What a real world can't do is in playable.ts.
 */
import type { Measure } from '../scenario/model.ts'

export const realWorlds = ['libp2p', 'netns'] as const
/** libp2p: real processes over loopback, through a proxy · netns: each in a network namespace of Linux. */
export type RealWorld = typeof realWorlds[number]

/** Of the run of a real world, for its report and for comparisons. */
export interface Reality {
  world: RealWorld
  /** How many times shorter everything was than in the file. */
  shorten: number
  /** What a reader must know to judge the numbers, a sentence each. */
  notes: string[]
}

/** Measures that no interface of a real program shows. */
const unseenMeasures: ReadonlySet<Measure> = new Set<Measure>(['relay_storage_max', 'linkable'])

export const isUnseen = (measure: string): boolean => (unseenMeasures as ReadonlySet<string>).has(measure)
