/**
 * Finds a contact by what a person typed, as the engine does (MessengerApi.resolveContact), for
 * commands that also need its name.
 */
import { UsageError } from '../../protocol/errors.ts'
import type { CallResult } from './rpc/methods.ts'

export type Contact = CallResult<'contact.list'>['contacts'][number]

/** By id, or by exact name where only one has it. Throws UNKNOWN_CONTACT, AMBIGUOUS_CONTACT. */
export function contactNamed ({ contacts }: { contacts: Contact[] }, idOrName: string): Contact {
  const byId = contacts.find(({ contactId }) => contactId === idOrName)
  if (byId !== undefined) return byId
  const [only, ...others] = contacts.filter(({ name }) => name === idOrName)
  if (only === undefined) throw new UsageError('UNKNOWN_CONTACT')
  if (others.length > 0) throw new UsageError('AMBIGUOUS_CONTACT')
  return only
}
