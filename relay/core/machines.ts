/**
 * The transition tables of the relay: named states, events as facts, nothing that is not in the
 * table. docs/state-machines.md is printed from them. What is done on a transition is in the file
 * named beside each.
 */
import { InternalError } from '../../protocol/errors.ts'

interface Machine<S extends string, E extends string> {
  readonly name: string
  readonly initial: S
  readonly transitions: Readonly<Record<S, Partial<Record<E, S>>>>
}

/** A client's stream: session.ts. Spec 03 §States. */
export const sessionMachine = define('session', 'greeting', {
  greeting: { greeted: 'open', streamEnded: 'closed' },
  open: { streamEnded: 'closed' },
  closed: {}
})
export type SessionState = keyof typeof sessionMachine.transitions

/** A mailbox that is read on one stream: subscription.ts. Spec 03 §Subscribe. */
export const subscriptionMachine = define('subscription', 'idle', {
  idle: { woken: 'pushing', unsubscribed: 'ended' },
  pushing: { creditSpent: 'starved', drained: 'idle', unsubscribed: 'ended' },
  starved: { acked: 'idle', unsubscribed: 'ended' },
  ended: { unsubscribed: 'ended' }
})
export type SubscriptionState = keyof typeof subscriptionMachine.transitions

/** The relay as a whole: office.ts. Failed, nothing is acknowledged any more until a restart. */
export const officeMachine = define('office', 'running', {
  running: { askedToStop: 'draining', diskFailed: 'failed' },
  draining: { diskFailed: 'failed' },
  failed: {}
})
export type OfficeState = keyof typeof officeMachine.transitions

export const machines = [sessionMachine, subscriptionMachine, officeMachine]

/** The next state. Throws InternalError where the table has none. */
export function next<S extends string, E extends string> (machine: Machine<S, E>, state: S, event: E): S {
  const following = machine.transitions[state][event]
  if (following === undefined) throw new InternalError('INTERNAL', `${machine.name}: ${event} in state ${state}`)
  return following
}

function define<S extends string, E extends string> (
  name: string, initial: S, transitions: Record<S, Partial<Record<E, S>>>
): Machine<S, E> {
  return { name, initial, transitions }
}
