/**
 * Where a message stands in its conversation (spec 06 §Order): causal first, then by clock, so that
 * a wrong system clock changes nothing.
 */

/** A hybrid logical clock's value: milliseconds since the epoch and a logical part below 2^16. */
export interface Position { ms: number, logical: number }

/** A clock further ahead of ours than this is not believed: the message stands after its parents instead. */
export const clockAheadMsMax = 48 * 3_600_000

export function comparePositions (a: Position, b: Position): number {
  return a.ms - b.ms || a.logical - b.logical
}

export function successor (position: Position): Position {
  return position.logical < 0xffff
    ? { ms: position.ms, logical: position.logical + 1 }
    : { ms: position.ms + 1, logical: 0 }
}

/** Position of a message to be sent: after everything in the conversation. */
export function nextPosition (greatest: Position, now: number): Position {
  const clock = { ms: Math.max(0, Math.floor(now)), logical: 0 }
  return comparePositions(clock, greatest) > 0 ? clock : successor(greatest)
}

/**
 * Position of a received message. `parents`: positions of those of its parents that are here, and of
 * its author's message before it. `otherwise`: where it begins if its clock is not believed.
 */
export function receivedPosition (
  claimed: Position, parents: readonly Position[], now: number, otherwise: Position = { ms: 0, logical: 0 }
): Position {
  let position = claimed.ms <= now + clockAheadMsMax && claimed.logical <= 0xffff ? claimed : otherwise
  for (const parent of parents) {
    if (comparePositions(parent, position) >= 0) position = successor(parent)
  }
  return position
}

/**
 * Key order of a message: position (8 bytes), author (8 bytes, the same at both ends), counter
 * (8 bytes), all big-endian, so that bytewise order is conversation order. An account id that shares
 * four bytes with another can be searched for, and its messages would then take others' places.
 */
export function encodePosition (position: Position, author: Uint8Array, counter: number): Uint8Array {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(position.ms / 0x1_0000_0000))
  view.setUint32(2, position.ms >>> 0)
  view.setUint16(6, position.logical)
  bytes.set(author.subarray(0, 8), 8)
  view.setUint32(16, Math.floor(counter / 0x1_0000_0000))
  view.setUint32(20, counter >>> 0)
  return bytes
}

export function decodePosition (order: Uint8Array): Position {
  const view = new DataView(order.buffer, order.byteOffset, order.byteLength)
  return { ms: view.getUint16(0) * 0x1_0000_0000 + view.getUint32(2), logical: view.getUint16(6) }
}

export function encodeCounter (counter: number): Uint8Array {
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, Math.floor(counter / 0x1_0000_0000))
  view.setUint32(4, counter >>> 0)
  return bytes
}
