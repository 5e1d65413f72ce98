/**
 * Finds a contact by what a person typed, as the engine does (MessengerApi.resolveContact), for
 * commands that also need its name.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, UsageError } from '../../protocol/errors.ts'
import type { Client } from './rpc/client.ts'
import type { CallResult } from './rpc/methods.ts'

export type Contact = CallResult<'contact.list'>['contacts'][number]
type Connection = CallResult<'connection.list'>['connections'][number]

/** For somebody who used our invite while this profile was away: a relay has that since. */
const newcomerMsMax = 10_000
/** After the last relay answered or failed: what it has is here by then. */
const quietMs = 1500
const pollMs = 100

/** By id, or by exact name where only one has it. Throws UNKNOWN_CONTACT, AMBIGUOUS_CONTACT. */
export function contactNamed ({ contacts }: { contacts: Contact[] }, idOrName: string): Contact {
  const byId = contacts.find(({ contactId }) => contactId === idOrName)
  if (byId !== undefined) return byId
  // An empty name is one that is not known yet: nobody means that contact by it.
  const [only, ...others] = idOrName === '' ? [] : contacts.filter(({ name }) => name === idOrName)
  if (only === undefined) throw new UsageError('UNKNOWN_CONTACT')
  if (others.length > 0) throw new UsageError('AMBIGUOUS_CONTACT')
  return only
}

/**
 * As `contactNamed`, for a profile that is online: where nobody has the name, it waits for what the
 * relays have to tell, since who used our invite meanwhile is known only from there.
 */
export async function contactMet (client: Client, idOrName: string): Promise<Contact> {
  const startedAt = performance.now()
  let busyAt = startedAt
  for (;;) {
    try {
      return contactNamed(await client.call('contact.list', {}), idOrName)
    } catch (error) {
      if (codeOf(error) !== 'UNKNOWN_CONTACT' || idOrName === '') throw error
      const { connections } = await client.call('connection.list', {})
      const relays = connections.filter(({ kind }) => kind === 'relay')
      const now = performance.now()
      const isTrying = relays.some(isBeingTried)
      if (isTrying) busyAt = now
      const mayTell = isTrying ||
        (now - busyAt < quietMs && relays.some(({ state }) => state === 'connected'))
      if (!mayTell || now - startedAt >= newcomerMsMax) throw error
      await sleep(pollMs)
    }
  }
}

/** Neither made nor failed yet. */
export function isBeingTried ({ state, lastError, kind }: Connection): boolean {
  return state === 'connecting' || (state === 'idle' && kind === 'relay' && lastError === null)
}
