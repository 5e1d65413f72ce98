/**
 * 48-bit integers, big-endian: instants in ms, sequences and counters, which so sort as bytes.
 */

export function writeU48 (target: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000)
  target[at] = high >>> 8
  target[at + 1] = high
  target[at + 2] = value >>> 24
  target[at + 3] = value >>> 16
  target[at + 4] = value >>> 8
  target[at + 5] = value
}

export function readU48 (bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  const low = ((bytes[at + 2] ?? 0) << 24) | ((bytes[at + 3] ?? 0) << 16) | ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0)
  return high * 0x1_0000_0000 + (low >>> 0)
}
