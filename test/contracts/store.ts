/**
 * What every Store must do, whatever is under it. A suite for any implementation to run.
 *
 * What only the sealed store on disk promises (hiding, kill -9, locks) is in test/node/store.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { tables } from '../../node/core/ports.ts'
import type { Entry, Store, Table, Write } from '../../node/core/ports.ts'
import { compare, concat, u32be } from '../../protocol/bytes.ts'

export interface StoreUnderTest {
  /** Opens what is there: the same records each time. */
  open: () => Promise<Store>
  destroy: () => Promise<void>
}

const durable = { durable: true }
/** All but those that only refer to another. */
const readTables = (Object.keys(tables) as Table[]).filter(table => !('refersTo' in tables[table]))
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const scopeOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const messageKey = (scope: number, order: number): Uint8Array => concat(scopeOf(scope), u32be(order))
const message = (scope: number, order: number, value = order): Write =>
  ({ table: 'message', key: messageKey(scope, order), value: u32be(value) })
const orders = (entries: Entry[]): number[] =>
  entries.map(({ key }) => new DataView(key.buffer, key.byteOffset + 32, 4).getUint32(0))
const sorted = (entries: Entry[]): Entry[] => [...entries].sort((a, b) => compare(a.key, b.key))
const plain = (entries: Entry[]): number[][][] => entries.map(({ key, value }) => [[...key], [...value]])

export function describeStore (name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`the store contract: ${name}`, () => {
    let underTest: StoreUnderTest
    let store: Store

    async function reopen (): Promise<void> {
      await store.close()
      store = await underTest.open()
    }

    beforeEach(async () => {
      underTest = await create()
      store = await underTest.open()
    })
    afterEach(async () => {
      await store.close()
      await underTest.destroy()
    })

    it('has nothing at first', async () => {
      for (const table of readTables) {
        assert.equal(await store.get(table, new Uint8Array(32)), undefined)
        assert.deepEqual(await store.scan(table), [])
      }
    })

    it('follows an entry that refers to another table, and reads it in no other way', async () => {
      const id = bytes(1, 2, 3)
      await store.batch([message(7, 1), message(7, 2), { table: 'messageIndex', key: id, value: messageKey(7, 2) }], durable)
      for (let round = 0; round < 2; round++) {
        const [found, missing] = await store.follow('messageIndex', [id, bytes(9)])
        assert.deepEqual([...found?.key ?? []], [...messageKey(7, 2)])
        assert.deepEqual([...found?.value ?? []], [...u32be(2)])
        assert.equal(missing, undefined)
        await reopen()
      }
      await assert.rejects(store.get('messageIndex', id), { code: 'USAGE' })
      await assert.rejects(store.scan('messageIndex'), { code: 'USAGE' })
      await store.batch([{ table: 'message', key: messageKey(7, 2), value: undefined }], durable)
      assert.deepEqual(await store.follow('messageIndex', [id]), [undefined])
    })

    it('gives back what was written, in every table, also after it was reopened', async () => {
      const writes = readTables.map((table, i): Write =>
        ({ table, key: new Uint8Array(40).fill(i), value: bytes(i, 0, 255) }))
      await store.batch(writes, durable)
      for (let round = 0; round < 2; round++) {
        for (const { table, key, value } of writes) assert.deepEqual([...await store.get(table, key) ?? []], [...value!])
        await reopen()
      }
    })

    it('keeps tables apart that share a key', async () => {
      const key = new Uint8Array(32)
      await store.batch([{ table: 'contact', key, value: bytes(1) }, { table: 'session', key, value: bytes(2) }], durable)
      await store.batch([{ table: 'contact', key, value: undefined }], durable)
      assert.equal(await store.get('contact', key), undefined)
      assert.deepEqual([...await store.get('session', key) ?? []], [2])
    })

    it('takes empty keys and empty values, and tells an empty value from none', async () => {
      await store.batch([{ table: 'meta', key: bytes(), value: bytes() }], durable)
      assert.equal((await store.get('meta', bytes()))?.length, 0)
      assert.equal(await store.get('meta', bytes(0)), undefined)
    })

    it('applies the writes of one batch in order: the last one of a key counts', async () => {
      const key = bytes(1)
      await store.batch([
        { table: 'meta', key, value: bytes(1) },
        { table: 'meta', key, value: undefined },
        { table: 'meta', key, value: bytes(2) }
      ], durable)
      assert.deepEqual([...await store.get('meta', key) ?? []], [2])
    })

    it('applies batches in the order of the calls, durable or not, without waiting between them', async () => {
      const key = bytes(1)
      const done: number[] = []
      await Promise.all(Array.from({ length: 50 }, async (_, i) => {
        await store.batch([{ table: 'meta', key, value: u32be(i) }], { durable: i % 3 === 0 })
        done.push(i)
      }))
      assert.deepEqual(done, Array.from({ length: 50 }, (_, i) => i))
      await reopen()
      assert.deepEqual([...await store.get('meta', key) ?? []], [...u32be(49)])
    })

    it('keeps what was not asked to be durable, too, once it is closed', async () => {
      await store.batch([{ table: 'meta', key: bytes(1), value: bytes(1) }], { durable: false })
      await store.batch([{ table: 'meta', key: bytes(2), value: bytes(2) }], { durable: false })
      await reopen()
      assert.deepEqual([...await store.get('meta', bytes(1)) ?? []], [1])
      assert.deepEqual([...await store.get('meta', bytes(2)) ?? []], [2])
    })

    it('takes its copy at the call: arrays that change afterwards change nothing', async () => {
      const key = bytes(1, 1)
      const value = bytes(7, 7)
      const written = store.batch([{ table: 'meta', key, value }], durable)
      key.fill(9)
      value.fill(9)
      await written
      assert.deepEqual([...await store.get('meta', bytes(1, 1)) ?? []], [7, 7])
      const read = await store.get('meta', bytes(1, 1))
      read!.fill(9)
      assert.deepEqual([...await store.get('meta', bytes(1, 1)) ?? []], [7, 7])
    })

    it('takes an empty batch', async () => {
      await store.batch([], durable)
      await store.batch([{ table: 'meta', key: bytes(1), value: bytes(1) }], { durable: false })
      await store.batch([], durable)
      assert.deepEqual([...await store.get('meta', bytes(1)) ?? []], [1])
    })

    it('gets many in the order asked, with gaps and repetitions', async () => {
      await store.batch([message(1, 1), message(2, 2)], durable)
      const found = await store.getMany('message', [messageKey(2, 2), messageKey(1, 9), messageKey(1, 1), messageKey(2, 2)])
      assert.deepEqual(found.map(value => value && [...value]), [[0, 0, 0, 2], undefined, [0, 0, 0, 1], [0, 0, 0, 2]])
      assert.deepEqual(await store.getMany('message', []), [])
    })

    it('scans one scope in order, both ways, and never another', async () => {
      await store.batch([message(1, 300), message(2, 5), message(1, 2), message(1, 70_000), message(3, 1)], durable)
      const scope = scopeOf(1)
      assert.deepEqual(orders(await store.scan('message', { scope })), [2, 300, 70_000])
      assert.deepEqual(orders(await store.scan('message', { scope, reverse: true })), [70_000, 300, 2])
      assert.deepEqual(orders(await store.scan('message', { scope, limit: 2 })), [2, 300])
      assert.deepEqual(orders(await store.scan('message', { scope, reverse: true, limit: 1 })), [70_000])
      assert.deepEqual(await store.scan('message', { scope: scopeOf(9) }), [])
      assert.deepEqual(await store.scan('outbox', { scope }), [])
    })

    it('takes bounds: from the first on, up to but without the second', async () => {
      await store.batch([1, 2, 3, 4, 5].map(order => message(1, order)), durable)
      const scope = scopeOf(1)
      const [gte, lt] = [messageKey(1, 2), messageKey(1, 4)]
      assert.deepEqual(orders(await store.scan('message', { scope, gte })), [2, 3, 4, 5])
      assert.deepEqual(orders(await store.scan('message', { scope, lt })), [1, 2, 3])
      assert.deepEqual(orders(await store.scan('message', { scope, gte, lt, reverse: true })), [3, 2])
      assert.deepEqual(await store.scan('message', { scope, gte: lt, lt: gte }), [])
    })

    it('scans a whole table without a scope', async () => {
      await store.batch([message(3, 1), message(1, 1), message(2, 1)], durable)
      const entries = await store.scan('message')
      assert.deepEqual(plain(sorted(entries)), plain([1, 2, 3].map(scope => ({ key: messageKey(scope, 1), value: u32be(1) }))))
      assert.equal((await store.scan('message', { limit: 2 })).length, 2)
    })

    it('refuses keys and bounds that have no place, and goes on working', async () => {
      const usage = { name: 'UsageError', code: 'USAGE' }
      const short = new Uint8Array(31)
      await assert.rejects(store.get('message', short), usage)
      await assert.rejects(store.batch([message(1, 1), { table: 'message', key: short, value: bytes(1) }], durable), usage)
      await assert.rejects(store.scan('message', { gte: messageKey(1, 1) }), usage)
      await assert.rejects(store.scan('message', { scope: short }), usage)
      await assert.rejects(store.scan('message', { scope: scopeOf(1), lt: messageKey(2, 1) }), usage)
      await assert.rejects(store.scan('contact', { scope: scopeOf(1), gte: bytes(1) }), usage)
      assert.equal(await store.get('message', messageKey(1, 1)), undefined, 'nothing of the refused batch is there')
      await store.batch([message(1, 1)], durable)
      assert.equal((await store.scan('message')).length, 1)
    })

    it('refuses everything once closed', async () => {
      await store.close()
      await assert.rejects(store.get('meta', bytes(1)), { name: 'StoreError' })
      await assert.rejects(store.batch([message(1, 1)], durable), { name: 'StoreError' })
      store = await underTest.open()
    })

    it('agrees with a sorted map, whatever is written and reopened', async () => {
      const key = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.uint8Array({ maxLength: 3 }))
        .map(([scope, order]) => concat(scopeOf(scope), order))
      const write = fc.record({ key, value: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }) })
      const step = fc.record({
        writes: fc.array(write, { maxLength: 8 }), durable: fc.boolean(), reopens: fc.boolean()
      })
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 6 }), async steps => {
        const model = new Map((await store.scan('delivery')).map(({ key, value }) => [String(key), { key, value }]))
        for (const { writes, durable: isDurable, reopens } of steps) {
          await store.batch(writes.map(one => ({ table: 'delivery', ...one })), { durable: isDurable })
          for (const { key: at, value } of writes) {
            if (value === undefined) model.delete(String(at))
            else model.set(String(at), { key: at, value })
          }
          if (reopens) await reopen()
          for (const scope of [0, 1, 2]) {
            const expected = sorted([...model.values()].filter(entry => entry.key[0] === scope))
            assert.deepEqual(plain(await store.scan('delivery', { scope: scopeOf(scope) })), plain(expected))
          }
        }
      }), { numRuns: 30 })
    })
  })
}
