/**
 * docs/state-machines.md, made of the transition tables of the engine.
 */
import { diagram } from '../../node/core/machine.ts'
import type { Machine } from '../../node/core/machine.ts'
import { machines } from '../../node/core/machines.ts'

/** What they have in common is all that a drawing needs: their states and events are words. */
export const drawnMachines = machines as unknown as Array<Machine<string, string>>

type Table = Record<string, Record<string, string>>

/** States that no chain of events leads to from the first one. */
export function unreachableStates (machine: Machine<string, string>): string[] {
  const table = machine.transitions as Table
  const reached = new Set([machine.initial])
  for (const state of reached) for (const next of Object.values(table[state] ?? {})) reached.add(next)
  return Object.keys(table).filter(state => !reached.has(state))
}

/** States that a transition names and the table does not have. */
export function unknownStates (machine: Machine<string, string>): string[] {
  const table = machine.transitions as Table
  return Object.values(table).flatMap(events => Object.values(events))
    .filter(next => !Object.hasOwn(table, next))
}

export function machinesDocument (): string {
  const sections = drawnMachines.map(machine => {
    const title = `${machine.name.charAt(0).toUpperCase()}${machine.name.slice(1)}`
    return [`## ${title}`, '', '```mermaid', diagram(machine), '```', ''].join('\n')
  })
  return [
    '# State machines',
    '',
    'The engine of a messenger node keeps each of these as one named state. An event that the table does not',
    'have for a state is a bug, and its step is not committed.',
    '',
    'This page is printed from the tables in [node/core/machines.ts](../node/core/machines.ts) by `npm run docs`.',
    '',
    ...sections
  ].join('\n')
}
