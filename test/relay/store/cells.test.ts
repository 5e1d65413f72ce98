/** The bounded cache of records: what is pinned stays the only copy, the rest may go. */
import assert from 'node:assert/strict'
import { CellTable } from '../../../relay/store/cells.ts'

describe('a table of cells', () => {
  const codec = { encode: (value: number) => Uint8Array.of(value), decode: (bytes: Uint8Array) => bytes[0]! }
  const id = (byte: number): Uint8Array => Uint8Array.of(byte)
  const create = (cellsMax: number): CellTable<number> => new CellTable(120, codec, cellsMax)
  const admit = (table: CellTable<number>, byte: number, value: number | undefined) =>
    table.admit(id(byte), String.fromCharCode(byte), value === undefined ? undefined : Uint8Array.of(value))

  it('gives out one cell for one record, whoever reads it first', () => {
    const table = create(2)
    const first = admit(table, 1, 10)
    first.value = 11
    assert.equal(admit(table, 1, 10), first)
    assert.equal(table.peek(id(1))?.value, 11)
    assert.deepEqual(first.encode(), Uint8Array.of(11))
  })

  it('drops the one that was used longest ago, but none that is pinned', () => {
    const table = create(2)
    const cells = [1, 2, 3, 4].map(byte => admit(table, byte, byte))
    cells[1]!.unpin()
    cells[2]!.unpin()
    assert.deepEqual([1, 2, 3, 4].map(byte => table.peek(id(byte))?.value), [1, undefined, undefined, 4])
    cells[0]!.unpin()
    cells[3]!.unpin()
    assert.deepEqual([1, 4].map(byte => table.peek(id(byte))?.value), [1, 4])
    table.pin(String.fromCharCode(1))!.unpin()
    admit(table, 5, 5).unpin()
    assert.deepEqual([1, 4, 5].map(byte => table.peek(id(byte))?.value), [1, undefined, 5])
  })

  it('keeps nothing of what does not exist', () => {
    const table = create(2)
    admit(table, 1, undefined).unpin()
    assert.equal(table.peek(id(1)), undefined)
  })
})
