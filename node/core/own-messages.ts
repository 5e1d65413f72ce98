/** Rows of a message that this account wrote, which follow when it is given another counter. */
import { concat } from '../../protocol/bytes.ts'
import type { Content } from '../../protocol/wire/restante.js'
import type { Write } from './ports.ts'
import { encodePosition } from './position.ts'
import { MessageRecord } from './records.js'

export interface Parties { own: Uint8Array, contact: Uint8Array }

/** `at`: when it was written, ms since the epoch. */
export function ownMessageRows (parties: Parties, content: Content, at: number): Write[] {
  const { id, counter, kind, payload } = content
  const key = ownMessageKey(parties, content)
  const record = MessageRecord.encode({ id, own: true, counter, kind, payload, sentAt: at, receivedAt: at, late: false, identityInDoubt: false })
  return [{ table: 'message', key, value: record }, { table: 'messageIndex', key: id, value: key }]
}

export function ownMessageKey (
  { own, contact }: Parties, { clockMs, clockLogical, counter }: Pick<Content, 'clockMs' | 'clockLogical' | 'counter'>
): Uint8Array {
  return concat(contact, encodePosition({ ms: clockMs, logical: clockLogical }, own, counter))
}
