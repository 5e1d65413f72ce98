/**
 * What the sealed store promises beyond the contract: nothing to read on the disk, nothing altered
 * goes unnoticed, and nothing is written once a write has failed.
 */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { concat, u32be, utf8 } from '../../../protocol/bytes.ts'
import { StoreError } from '../../../protocol/errors.ts'
import type { Write } from '../../../node/core/ports.ts'
import { dataKey, diskLevel, openSealed, temporaryFolder, testRandom } from './fixtures.ts'

/** What `level` has on a disk beside what every abstract-level has. */
interface OfLevelDb {
  compactRange: (from: Uint8Array, to: Uint8Array, options: typeof view) => Promise<void>
}

const durable = { durable: true }
const view = { keyEncoding: 'view', valueEncoding: 'view' } as const
const message = (scope: Uint8Array, order: Uint8Array, value: Uint8Array): Write =>
  ({ table: 'message', key: concat(scope, order), value })

describe('the sealed store', () => {
  let folder: { path: string, remove: () => Promise<void> }
  beforeEach(async () => { folder = await temporaryFolder() })
  afterEach(async () => { await folder.remove() })

  /** Every record as it lies there. */
  async function raw (): Promise<Array<[Uint8Array, Uint8Array]>> {
    const level = diskLevel(folder.path)
    try {
      return await level.iterator(view).all()
    } finally {
      await level.close()
    }
  }

  async function put (key: Uint8Array, value: Uint8Array): Promise<void> {
    const level = diskLevel(folder.path)
    await level.put(key, value, view)
    await level.close()
  }

  async function write (writes: Write[]): Promise<void> {
    const store = await openSealed(diskLevel(folder.path))
    await store.batch(writes, durable)
    await store.close()
  }

  it('shows neither values nor scopes on the disk, before and after compaction', async () => {
    // Of random bytes, so that no compression could take them apart.
    const [value, scope, order, whole] = [32, 32, 24, 20].map(length => testRandom.bytes(length))
    await write([
      message(scope!, order!, value!),
      { table: 'contact', key: whole!, value: value! },
      ...Array.from({ length: 200 }, (_, i) => message(scope!, u32be(i), concat(value!, u32be(i))))
    ])
    for (const compacts of [false, true]) {
      if (compacts) {
        const level = diskLevel(folder.path) as ReturnType<typeof diskLevel> & OfLevelDb
        await level.open()
        await level.compactRange(Uint8Array.of(0), Uint8Array.of(255), view)
        await level.close()
      }
      const names = await readdir(folder.path)
      const disk = Buffer.concat(await Promise.all(names.map(async name => await readFile(join(folder.path, name)))))
      const shows = (bytes: Uint8Array): boolean => disk.includes(Buffer.from(bytes))
      assert.ok(shows(order!), 'the order is in clear: the search sees what is there')
      for (const secret of [value!, scope!, whole!]) {
        assert.ok(!shows(secret) && !shows(secret.subarray(0, 8)) && !shows(secret.subarray(-8)), 'it is on the disk')
      }
    }
  })

  it('hides the same scope differently in each table and under each profile\'s key', async () => {
    const scope = testRandom.bytes(32)
    await write([{ table: 'outbox', key: scope, value: scope }, { table: 'delivery', key: scope, value: scope }])
    const hidden = (await raw()).filter(([key]) => key[0] !== 0).map(([key]) => Buffer.from(key.subarray(1)).toString('hex'))
    assert.equal(new Set(hidden).size, 2)
  })

  it('never seals two records alike', async () => {
    const value = new Uint8Array(64)
    for (let round = 0; round < 3; round++) {
      await write([{ table: 'meta', key: utf8(`${round}a`), value }, { table: 'meta', key: utf8(`${round}b`), value }])
    }
    const salted = (await raw()).filter(([key]) => key[0] !== 0)
      .map(([, stored]) => Buffer.from(stored.subarray(0, 18)).toString('hex'))
    assert.equal(new Set(salted).size, 6, 'a salt and index serve once')
  })

  it('takes more records in one batch than one salt can number', async function () {
    this.timeout(60_000)
    const many = Array.from({ length: 65_540 }, (_, i): Write => ({ table: 'meta', key: u32be(i), value: u32be(i) }))
    await write(many)
    const store = await openSealed(diskLevel(folder.path))
    for (const i of [0, 65_535, 65_536, 65_539]) {
      assert.deepEqual([...await store.get('meta', u32be(i)) ?? []], [...u32be(i)])
    }
    await store.close()
    const salts = new Set((await raw()).filter(([key]) => key[0] !== 0)
      .map(([, stored]) => Buffer.from(stored.subarray(0, 16)).toString('hex')))
    assert.equal(salts.size, 2)
  })

  it('notices a record altered in any part, names its table, and writes nothing more', async () => {
    await write([{ table: 'contact', key: utf8('bob'), value: utf8('hello') }])
    const [key, stored] = (await raw()).find(([at]) => at[0] === 2)!
    for (const at of [0, 15, 16, 17, 18, 25, stored.length - 1]) {
      const altered = Uint8Array.from(stored)
      altered[at]! ^= 1
      await put(key, altered)
      const store = await openSealed(diskLevel(folder.path))
      const corrupt = (error: Error): boolean =>
        error instanceof StoreError && error.code === 'STORE_CORRUPT' && error.message.includes('contact')
      await assert.rejects(store.get('contact', utf8('bob')), corrupt, `byte ${at}`)
      await assert.rejects(store.batch([{ table: 'meta', key, value: key }], durable), { code: 'STORE_CORRUPT' })
      await store.close()
    }
    for (const length of [0, 1, 18, 37, stored.length - 1]) {
      await put(key, stored.slice(0, length))
      const store = await openSealed(diskLevel(folder.path))
      await assert.rejects(store.scan('contact'), { name: 'StoreError', code: 'STORE_CORRUPT' }, `${length} bytes`)
      await store.close()
    }
  })

  it('notices a record moved to the place of another', async () => {
    await write([
      { table: 'contact', key: utf8('alice'), value: utf8('trusted') },
      { table: 'contact', key: utf8('mallory'), value: utf8('unknown') }
    ])
    const [first, second] = (await raw()).filter(([key]) => key[0] === 2)
    await put(first![0], second![1])
    await put(second![0], first![1])
    const store = await openSealed(diskLevel(folder.path))
    await assert.rejects(store.get('contact', utf8('alice')), { code: 'STORE_CORRUPT' })
    await store.close()
  })

  it('opens under no other key, and leaves the folder free', async () => {
    await write([{ table: 'meta', key: utf8('a'), value: utf8('b') }])
    const other = Uint8Array.from(dataKey)
    other[31]! ^= 1
    await assert.rejects(openSealed(diskLevel(folder.path), { key: other }), { name: 'StoreError', code: 'STORE_CORRUPT' })
    const store = await openSealed(diskLevel(folder.path))
    assert.deepEqual(await store.get('meta', utf8('a')), utf8('b'))
    await store.close()
  })

  it('leaves a folder from a newer version as it is', async () => {
    await write([{ table: 'meta', key: utf8('a'), value: utf8('b') }])
    await put(Uint8Array.of(0, 0), utf8('{"format":"restante profile store","version":3,"since":"later"}'))
    const before = await raw()
    await assert.rejects(openSealed(diskLevel(folder.path)), { name: 'StoreError', code: 'STORE_TOO_NEW' })
    assert.deepEqual(await raw(), before)
  })

  it('refuses a folder of something else, and a format record that is none', async () => {
    await put(utf8('somebody'), utf8('else'))
    const before = await raw()
    await assert.rejects(openSealed(diskLevel(folder.path)), { code: 'STORE_CORRUPT' })
    assert.deepEqual(await raw(), before)
    for (const format of ['', '{', '{"format":"other","version":1}', '{"format":"restante profile store","version":"1"}']) {
      await put(Uint8Array.of(0, 0), utf8(format))
      await assert.rejects(openSealed(diskLevel(folder.path)), { code: 'STORE_CORRUPT' }, format)
    }
  })

  it('is opened by one at a time', async () => {
    const store = await openSealed(diskLevel(folder.path))
    await assert.rejects(openSealed(diskLevel(folder.path)), { name: 'StoreError', code: 'STORE_LOCKED' })
    await store.batch([{ table: 'meta', key: utf8('a'), value: utf8('b') }], durable)
    await store.close()
  })

  it('fails closed: after one failed write it refuses everything, and reopens with what was acknowledged', async () => {
    const level = diskLevel(folder.path)
    const store = await openSealed(level)
    await store.batch([{ table: 'meta', key: utf8('1'), value: utf8('kept') }], durable)
    const write = level.batch.bind(level) as (...given: unknown[]) => Promise<void>
    const faults = { left: 1 }
    Object.assign(level, {
      batch: async (...given: unknown[]) => {
        if (faults.left-- > 0) throw new Error('input/output error')
        await write(...given)
      }
    })
    const batch = (name: string) => store.batch([{ table: 'meta', key: utf8(name), value: utf8('lost') }], durable)
    const failed = { name: 'StoreError', code: 'STORE_FAILED' }
    // The one that fails, and one that waits behind it: it must not overtake.
    const outcomes = await Promise.allSettled([batch('2'), new Promise(resolve => { setImmediate(resolve) }).then(() => batch('3'))])
    for (const outcome of outcomes) {
      assert.equal(outcome.status, 'rejected')
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof StoreError)
    }
    await assert.rejects(batch('4'), failed)
    await assert.rejects(store.get('meta', utf8('1')), failed)
    await assert.rejects(store.scan('meta'), failed)
    await store.close()

    const again = await openSealed(diskLevel(folder.path))
    assert.deepEqual(await again.get('meta', utf8('1')), utf8('kept'))
    for (const name of ['2', '3', '4']) assert.equal(await again.get('meta', utf8(name)), undefined)
    await again.close()
  })

  it('syncs what is durable, and what came before it unsynced is written again with it', async () => {
    const level = diskLevel(folder.path)
    const store = await openSealed(level)
    const calls: Array<{ count: number, sync: boolean }> = []
    const write = level.batch.bind(level) as (operations: unknown[], options: { sync: boolean }) => Promise<void>
    Object.assign(level, {
      batch: async (operations: unknown[], options: { sync: boolean }) => {
        calls.push({ count: operations.length, sync: options.sync })
        await write(operations, options)
      }
    })
    const one = (name: string): Write => ({ table: 'meta', key: utf8(name), value: utf8(name) })
    await store.batch([one('a')], { durable: false })
    await store.batch([one('b'), one('c')], durable)
    await store.batch([one('d')], durable)
    await store.batch([one('e')], { durable: false })
    await store.batch([one('f')], { durable: false })
    await store.batch([one('g')], { durable: false })
    await store.close()
    assert.deepEqual(calls, [
      { count: 1, sync: false }, { count: 3, sync: true }, { count: 1, sync: true },
      { count: 1, sync: false }, { count: 2, sync: true }, { count: 1, sync: false }, { count: 1, sync: true }
    ])
  })

  it('shares one write among batches that come while another is written', async () => {
    const level = diskLevel(folder.path)
    const store = await openSealed(level)
    let writes = 0
    const write = level.batch.bind(level) as (...given: unknown[]) => Promise<void>
    Object.assign(level, { batch: async (...given: unknown[]) => { writes++; await write(...given) } })
    await Promise.all(Array.from({ length: 200 }, async (_, i) => {
      await store.batch([{ table: 'meta', key: u32be(i), value: u32be(i) }], durable)
    }))
    assert.ok(writes <= 3, `${writes} writes for 200 batches of one tick`)
    assert.equal((await store.scan('meta')).length, 200)
    await store.close()
  })

  it('says that a disk that cannot be opened failed, not that it is locked', async () => {
    await writeFile(join(folder.path, 'a-file'), '')
    const level = diskLevel(join(folder.path, 'a-file', 'below'))
    await assert.rejects(openSealed(level), { name: 'StoreError', code: 'STORE_FAILED' })
  })
})
