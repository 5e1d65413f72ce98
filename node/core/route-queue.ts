/** What waits for delivery at one route of a contact, in order. When it is offered is the outbox's. */
import { deriveGrant, type Grant } from '../../protocol/envelope.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { Timer } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { PeerAddress } from './ports.ts'
import type { RouteRecord } from './records.js'

/** Envelopes of one contact that still have to be offered at one of its routes. */
export interface Queue {
  readonly contact: string
  readonly route: RouteRecord
  readonly grant: Grant
  /** By outbound id; the value: not before, monotonic ms. */
  readonly waiting: Map<string, number>
  /** At a device: what its relays hold already. It is offered when the device connects, and no reason to dial it. */
  readonly held: Set<string>
  /** Something came back: what waits must be put in order before more is offered. */
  isDisordered: boolean
  /** Refused as a whole (unknown address, full): nothing is offered before, monotonic ms. */
  blockedUntil: number
  refusals: number
  lastRefusal: ErrorCode | undefined
  timer: Timer | undefined
}

export function openQueue (suite: CryptoSuite, contact: string, route: RouteRecord): Queue {
  return {
    contact,
    route,
    grant: deriveGrant(suite, route.secret),
    waiting: new Map(),
    held: new Set(),
    isDisordered: false,
    blockedUntil: 0,
    refusals: 0,
    lastRefusal: undefined,
    timer: undefined
  }
}

/** It was under way, or held, and waits again. */
export function giveBack (queue: Queue, id: string, notBefore: number): void {
  queue.waiting.set(id, notBefore)
  queue.isDisordered = true
}

/** Out of order a long backlog would be shown so, and beyond a thousand envelopes could not be opened. */
export function putInOrder (queue: Queue, sequenceOf: (id: string) => number): void {
  if (!queue.isDisordered) return
  queue.isDisordered = false
  const sorted = [...queue.waiting].sort(([a], [b]) => sequenceOf(a) - sequenceOf(b))
  queue.waiting.clear()
  for (const [id, notBefore] of sorted) queue.waiting.set(id, notBefore)
}

export function addressOf (route: RouteRecord): PeerAddress {
  return { peerKey: route.peerKey, multiaddrs: route.multiaddrs }
}
