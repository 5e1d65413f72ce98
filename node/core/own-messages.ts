/** Rows of a message that this account wrote, which follow when it is given another counter. */
import { concat } from '../../protocol/bytes.ts'
import type { Content } from '../../protocol/wire/restante.js'
import type { MessageRow } from './message-rows.ts'
import { encodePosition } from './position.ts'

export interface Parties { own: Uint8Array, contact: Uint8Array }

/** `at`: when it was written, ms since the epoch. */
export function ownMessageRow (parties: Parties, { id, counter, kind, payload, ...position }: Content, at: number): MessageRow {
  return {
    key: ownMessageKey(parties, { counter, ...position }),
    record: {
      id, own: true, counter, kind, payload, sentAt: at, receivedAt: at, late: false, identityInDoubt: false, way: 0, removed: false
    }
  }
}

export function ownMessageKey (
  { own, contact }: Parties, { clockMs, clockLogical, counter }: Pick<Content, 'clockMs' | 'clockLogical' | 'counter'>
): Uint8Array {
  return concat(contact, encodePosition({ ms: clockMs, logical: clockLogical }, own, counter))
}
