/**
 * Delivery state as a person sees it, from an outbound envelope while it is under way, and from the
 * record that remains of it after. One record for each envelope, whatever number of messages it held.
 */
import { concat, toHex as hex, unhex } from '../../protocol/bytes.ts'
import type { DeliveryState, DeliveryView, Way } from './api.ts'
import { storedByMin } from './defaults.ts'
import { encodeCounter } from './position.ts'
import { DeliveryRecord, type ContactRecord, type OutboxRecord, type RouteRecord, type StoredAtRecord } from './records.js'
import type { Outbound } from './state.ts'

/** The number is what a record holds. */
const states: readonly DeliveryState[] = ['queued', 'stored', 'delivered', 'read', 'expired', 'failed']
const ways: ReadonlyArray<Way | undefined> = [undefined, 'direct', 'relay']

/** As a record holds it. */
export function wayNumber (way: Way): number { return ways.indexOf(way) }
export function wayOf (number: number): Way | undefined { return ways[number] }

/** One envelope packs fewer contents than this. */
export const countersPerEnvelopeMax = 4096

export function relayRoutes (contact: ContactRecord | undefined): RouteRecord[] {
  return contact?.routes.filter(route => !route.device) ?? []
}

/** Whether the first tick may be shown: two relays have it, or the only one. */
export function isStoredByEnough (record: OutboxRecord, relays: number): boolean {
  return record.storedAt.length > 0 && record.storedAt.length >= Math.min(storedByMin, relays)
}

export function deliveryView (outbound: Outbound, relays: number): DeliveryView {
  const { record } = outbound
  const isStored = isStoredByEnough(record, relays)
  return {
    state: isStored ? 'stored' : 'queued',
    way: isStored ? 'relay' : undefined,
    storedBy: record.storedAt.length,
    of: Math.max(relays, record.storedAt.length),
    until: record.storedAt.length > 0 ? Math.min(...record.storedAt.map(at => at.until)) : undefined,
    reason: undefined
  }
}

export function deliveryRow (
  account: Uint8Array, outbound: Outbound, view: DeliveryView, at: number
): { key: Uint8Array, value: Uint8Array } {
  return {
    key: deliveryKey(account, outbound.last),
    value: DeliveryRecord.encode({
      first: outbound.first,
      last: outbound.last,
      state: states.indexOf(view.state),
      way: ways.indexOf(view.way),
      storedBy: view.storedBy,
      of: view.of,
      until: view.until ?? 0,
      reason: view.reason ?? '',
      at,
      ids: outbound.messageIds.map(unhex),
      storedAt: outbound.record.storedAt
    })
  }
}

export function deliveryKey (account: Uint8Array, counter: number): Uint8Array {
  return concat(account, encodeCounter(counter))
}

/** `at`: when it was settled so, ms since the epoch. */
export interface KeptDelivery { first: number, last: number, messageIds: string[], view: DeliveryView, at: number, storedAt: StoredAtRecord[] }

export function openDelivery (value: Uint8Array): KeptDelivery {
  const record = DeliveryRecord.decode(value)
  return {
    first: record.first,
    last: record.last,
    messageIds: record.ids.map(hex),
    at: record.at,
    storedAt: record.storedAt,
    view: {
      state: states[record.state] ?? 'delivered',
      way: ways[record.way],
      storedBy: record.storedBy,
      of: record.of,
      until: record.until === 0 ? undefined : record.until,
      reason: record.reason === '' ? undefined : record.reason
    }
  }
}
