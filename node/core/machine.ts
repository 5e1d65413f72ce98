/**
 * State machines as tables: named states, events as facts, and nothing that is not in the table.
 * docs/state-machines.md is printed from the tables and held against them by a test.
 */
import { InternalError } from '../../protocol/errors.ts'

type Table<S extends string, E extends string> = Record<S, Partial<Record<E, S>>>

export interface Machine<S extends string, E extends string> {
  readonly name: string
  readonly initial: S
  readonly transitions: Readonly<Table<S, E>>
  /** The next state. Throws InternalError where the table has none. */
  next: (state: S, event: E) => S
  /** Whether `event` is in the table for `state`. */
  allows: (state: S, event: E) => boolean
}

export function defineMachine<S extends string, E extends string> (
  name: string, initial: S, transitions: Table<S, E>
): Machine<S, E> {
  return {
    name,
    initial,
    transitions,
    next (state, event) {
      const next = transitions[state][event]
      if (next === undefined) throw new InternalError('INTERNAL', `${name}: ${event} in state ${state}`)
      return next
    },
    allows: (state, event) => transitions[state][event] !== undefined
  }
}

/** The table as a Mermaid state diagram. */
export function diagram (machine: Pick<Machine<string, string>, 'initial' | 'transitions'>): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${machine.initial}`]
  for (const [state, events] of Object.entries(machine.transitions)) {
    for (const [event, next] of Object.entries(events)) lines.push(`  ${state} --> ${next}: ${event}`)
  }
  return lines.join('\n')
}
