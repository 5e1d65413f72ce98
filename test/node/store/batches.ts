/**
 * Numbered batches of several records each, to see afterwards which are there whole.
 */
import { u32be, concat } from '../../../protocol/bytes.ts'
import type { Store, Write } from '../../../node/core/ports.ts'

/** Over several tables, with a deletion in between, and values of up to some KiB. */
const recordsPerBatch = 5

export function batchOf (number: number): Write[] {
  const scope = new Uint8Array(32).fill(number % 7)
  const key = concat(scope, u32be(number))
  const value = new Uint8Array(number * 37 % 4096).fill(number)
  return [
    { table: 'message', key, value },
    { table: 'contact', key, value: undefined },
    { table: 'contact', key, value: u32be(number) },
    { table: 'outbox', key, value },
    { table: 'session', key, value },
    { table: 'delivery', key, value: u32be(number) }
  ]
}

export async function batchesIn (store: Store): Promise<{ whole: number[], torn: number[] }> {
  const counts = new Map<number, number>()
  for (const table of ['message', 'contact', 'outbox', 'session', 'delivery'] as const) {
    for (const { key } of await store.scan(table)) {
      const number = new DataView(key.buffer, key.byteOffset + 32, 4).getUint32(0)
      counts.set(number, (counts.get(number) ?? 0) + 1)
    }
  }
  const numbers = [...counts.keys()].sort((a, b) => a - b)
  return {
    whole: numbers.filter(number => counts.get(number) === recordsPerBatch),
    torn: numbers.filter(number => counts.get(number) !== recordsPerBatch)
  }
}
