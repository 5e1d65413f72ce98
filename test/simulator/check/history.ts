/**
 * The history of one schedule, an entry a line in `history.jsonl`: what was asked of the system
 * and what came of it (`invoke`, then `ok`, `fail` or, where nobody can know, `info`), and what was
 * seen meanwhile (`info`). All that checkers know is in it.
 */
import type { ContactState, DeliveryState } from '../../../node/core/api.ts'

interface Stamp {
  /** Milliseconds since the schedule began. */
  time: number
  /** The machine. */
  process: string
}

/** A message by its number, which counts the sends of the schedule. */
export type Entry = Stamp & (
  | { type: 'invoke', f: 'send', value: { message: number, to: string } }
  | { type: 'ok', f: 'send', value: { message: number, id: string } }
  /** Refused, and certainly not sent. */
  | { type: 'fail', f: 'send', value: { message: number, code: string } }
  /** The program ended before it answered: it may have been sent. */
  | { type: 'info', f: 'send', value: { message: number } }
  /** It is in this client's history, and a power cut does not take it any more. */
  | { type: 'info', f: 'kept', value: { message: number } }
  /** A person was told of it. */
  | { type: 'info', f: 'shown', value: { message: number } }
  | { type: 'info', f: 'tick', value: { id: string, state: DeliveryState, storedBy: number, of: number } }
  /** A relay said that it has it. */
  | { type: 'info', f: 'stored', value: { message: number } }
  /** What a person sees of one conversation in the end, in order. */
  | { type: 'ok', f: 'list', value: { with: string, messages: Listed[] } }
  /** What one who met another is to it in the end; undefined: nothing. */
  | { type: 'ok', f: 'contact', value: { with: string, state: ContactState | undefined } }
  | { type: 'info', f: 'life', value: { number: number, event: 'started' | 'serves' | 'ended', why: string } }
  | { type: 'info', f: 'fault', value: { index: number, kind: string } }
  /** From here on its disk is as it was at this time: what it was told and wrote since is lost to it. */
  | { type: 'info', f: 'restored', value: { asOf: number } }
  /** From here on the world is as it should be. `gone`: clients that will never come back. */
  | { type: 'info', f: 'heal', value: { gone: string[] } }
  /** The end: everything that was owed has arrived, or time is over. */
  | { type: 'info', f: 'end', value: { isSettled: boolean, timers: number, streams: number } }
  /** Something that may never be was seen as it happened. */
  | { type: 'info', f: 'alarm', value: { invariant: Invariant, text: string } }
  /** Envelopes that left, with this message in them, over all. */
  | { type: 'info', f: 'attempts', value: { message: number, count: number } }
  /** Contents without a message in them, as receipts are, that left; and the envelopes of the one that left most often. */
  | { type: 'info', f: 'bare', value: { contents: number, envelopesOfOne: number } }
  /** Dials of one machine to another in the second that ends here. */
  | { type: 'info', f: 'dials', value: { to: string, count: number } }
)

export interface Listed {
  message: number | undefined
  id: string
  isOwn: boolean
  missingBefore: number
  state: DeliveryState | undefined
}

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'I12' | 'I13'

export interface Violation { invariant: Invariant, text: string }

export type Checker = (history: readonly Entry[]) => Violation[]

export function toJsonLines (history: readonly Entry[]): string {
  return history.map((entry, index) => `${JSON.stringify({ index, ...entry })}\n`).join('')
}
