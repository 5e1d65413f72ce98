/**
 * 48-bit integers, big-endian: instants in ms, sequences and counters, which so sort as bytes.
 */

import { readU32be, writeU32be } from '../../protocol/bytes.ts'

export function writeU48 (target: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000)
  target[at] = high >>> 8
  target[at + 1] = high
  writeU32be(target, at + 2, value >>> 0)
}

export function readU48 (bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  return high * 0x1_0000_0000 + readU32be(bytes, at + 2)
}
