/**
 * What every simulate command gets from the program around it.
 */
import type { Output } from '../../../node/host/output.ts'

export interface Surroundings {
  output: Output
  /** Of this program, for repro.json. */
  version: string
  /** The wish to stop: what is there is written, and then it ends. */
  signal: AbortSignal
}

export type Exit = 0 | 1 | 2
export const exits = { asExpected: 0, failed: 1, usage: 2 } as const satisfies Record<string, Exit>
