/**
 * docs/state-machines.md, made of the transition tables of the node's engine, the relay and the
 * protocol.
 */
import { diagram } from '../../node/core/machine.ts'
import type { Machine } from '../../node/core/machine.ts'
import { machines as ofNode } from '../../node/core/machines.ts'
import { answerMachine, offerMachine } from '../../protocol/pq-ratchet.ts'
import { machines as ofRelay } from '../../relay/core/machines.ts'

type Drawn = Pick<Machine<string, string>, 'name' | 'initial' | 'transitions'>

/** What they have in common is all that a drawing needs: their states and events are words. */
const drawnOfNode = ofNode as unknown as Drawn[]
const drawnOfRelay = ofRelay as unknown as Drawn[]
const drawnOfProtocol: Drawn[] = [offerMachine, answerMachine]
export const drawnMachines = [...drawnOfNode, ...drawnOfRelay, ...drawnOfProtocol]

type Table = Record<string, Record<string, string>>

/** States that no chain of events leads to from the first one. */
export function unreachableStates (machine: Drawn): string[] {
  const table = machine.transitions as Table
  const reached = new Set([machine.initial])
  for (const state of reached) for (const next of Object.values(table[state] ?? {})) reached.add(next)
  return Object.keys(table).filter(state => !reached.has(state))
}

/** States that a transition names and the table does not have. */
export function unknownStates (machine: Drawn): string[] {
  const table = machine.transitions as Table
  return Object.values(table).flatMap(events => Object.values(events))
    .filter(next => !Object.hasOwn(table, next))
}

export function machinesDocument (): string {
  const draw = (machine: Drawn): string => {
    const title = `${machine.name.charAt(0).toUpperCase()}${machine.name.slice(1)}`
    return [`### ${title}`, '', '```mermaid', diagram(machine), '```', ''].join('\n')
  }
  return [
    '# State machines',
    '',
    'Each of these is kept as one named state. An event that the table does not have for a state is a bug, and its',
    'step is not committed.',
    '',
    'This page is printed by `npm run docs` from the tables in [node/core/machines.ts](../node/core/machines.ts),',
    '[relay/core/machines.ts](../relay/core/machines.ts) and [protocol/pq-ratchet.ts](../protocol/pq-ratchet.ts).',
    '',
    '## The engine of a messenger',
    '',
    ...drawnOfNode.map(draw),
    '## The relay',
    '',
    ...drawnOfRelay.map(draw),
    '## The post-quantum ratchet',
    '',
    ...drawnOfProtocol.map(draw)
  ].join('\n')
}
