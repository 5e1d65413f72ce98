/** Where an own message has been, out of what is kept of it: for a person who asks why it isn't there yet. */
import { toHex as hex } from '../../protocol/bytes.ts'
import { formatPeerId } from '../../protocol/peer-address.ts'
import type { DeliveryView, RelayCopyView, StateView } from './api.ts'
import { storedByMin } from './defaults.ts'
import type { RouteRecord, StoredAtRecord } from './records.js'

export interface Travelled {
  /** Ms since the epoch. */
  queuedAt: number
  view: DeliveryView
  storedAt: readonly StoredAtRecord[]
  /** When it was delivered, expired or failed. Undefined: it is under way, or that is not known. */
  settledAt: number | undefined
  readAt: number | undefined
}

/** Oldest first; the last one is that of `view`. */
export function statesOf ({ queuedAt, view, storedAt, settledAt, readAt }: Travelled): StateView[] {
  const states: StateView[] = [{ state: 'queued', at: queuedAt, way: undefined, reason: undefined }]
  if (view.state === 'queued') return states
  const enough = Math.max(1, Math.min(storedByMin, view.of))
  const at = storedAt.map(copy => copy.at).sort((a, b) => a - b)[enough - 1]
  if (at !== undefined || view.state === 'stored') states.push({ state: 'stored', at, way: 'relay', reason: undefined })
  if (view.state === 'stored') return states
  const { way, reason } = view
  if (view.state !== 'read') return [...states, { state: view.state, at: settledAt, way, reason }]
  return [...states, { state: 'delivered', at: settledAt, way, reason }, { state: 'read', at: readAt, way, reason }]
}

/** `relays`: those that the contact has now. Of a settled message only those that had it. */
export function copiesOf ({ storedAt, settledAt }: Travelled, relays: readonly RouteRecord[]): RelayCopyView[] {
  const stored = storedAt.map(({ peerKey, at, until }) => ({ peerId: formatPeerId(peerKey), storedAt: at, until }))
  if (settledAt !== undefined) return stored
  const have = new Set(storedAt.map(({ peerKey }) => hex(peerKey)))
  const missing = relays.filter(({ peerKey }) => !have.has(hex(peerKey)))
  return [...stored, ...missing.map(({ peerKey }) => ({ peerId: formatPeerId(peerKey), storedAt: undefined, until: undefined }))]
}
