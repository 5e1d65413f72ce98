import assert from 'node:assert/strict'
import { ByteReader, ByteWriter, concat, lengthPrefixed, u32be } from '../../protocol/bytes.ts'

describe('a writer of records', () => {
  const part = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i + 1)

  it('gives what the parts joined give, also beyond the room that it began with', () => {
    const writer = new ByteWriter(16)
    for (const length of [0, 3, 11, 12, 100, 5000]) {
      writer.begin().u8(7)
      writer.bytes(part(length))
      writer.u32(0xfedc_ba98)
      writer.prefixed(part(length))
      const record = writer.take()
      assert.deepEqual(record, concat(Uint8Array.of(7), part(length), u32be(0xfedc_ba98), lengthPrefixed(part(length))))
      const reader = new ByteReader(record, () => new Error('cut short'))
      assert.deepEqual([reader.u8(), reader.take(length), reader.u32(), reader.prefixed(length)],
        [7, part(length), 0xfedc_ba98, part(length)])
      reader.end()
    }
  })

  it('gives a record that shares no memory with the next', () => {
    const writer = new ByteWriter(64)
    writer.begin().bytes(part(32))
    const first = writer.take()
    writer.begin().bytes(new Uint8Array(32))
    writer.take()
    assert.deepEqual(first, part(32))
  })

  it('begins anew after a record that an error left half written', () => {
    const writer = new ByteWriter(64)
    writer.begin().bytes(part(40))
    writer.begin().u8(9)
    assert.deepEqual(writer.take(), Uint8Array.of(9))
  })
})
