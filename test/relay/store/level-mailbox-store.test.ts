/** The contract against the store on disk, and what only a folder can get wrong. */
import assert from 'node:assert/strict'
import { cpSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Level } from 'level'
import { u32be } from '../../../protocol/bytes.ts'
import type { MailboxStore } from '../../../relay/core/ports.ts'
import { mailboxStoreContract } from '../../contracts/mailbox-store.ts'
import {
  depositAt, envelopeOf, hourMs, idOf, numbersIn, provide, roomyLimits, setClock
} from '../../contracts/mailbox-store-bed.ts'
import { levelPlace, storeIn, temporaryFolder } from './places.ts'

mailboxStoreContract('on disk', levelPlace)

const encodings = { keyEncoding: 'view', valueEncoding: 'view' } as const

async function recordsIn (directory: string): Promise<Array<[string, string]>> {
  const db = new Level<Uint8Array, Uint8Array>(directory, encodings)
  const entries = await db.iterator().all()
  await db.close()
  return entries.map(
    ([key, value]) => [Buffer.from(key).toString('hex'), Buffer.from(value).toString('hex')]
  )
}

function bytesIn (directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
}

describe('the folder of the mailbox store', () => {
  let folder: { directory: string, remove: () => void }
  const clock = setClock()

  beforeEach(() => { folder = temporaryFolder() })
  afterEach(() => { folder.remove() })

  async function withStore<T> (use: (store: MailboxStore) => Promise<T>): Promise<T> {
    const store = storeIn(folder.directory, clock, roomyLimits)
    await store.open()
    try {
      return await use(store)
    } finally {
      await store.close()
    }
  }

  it('is open once: a second store is refused, and the first works on', async () => {
    await withStore(async store => {
      await provide(store, 'box', 'door')
      const second = storeIn(folder.directory, clock, roomyLimits)
      await assert.rejects(second.open(), { name: 'StoreError', code: 'STORE_LOCKED' })
      await assert.rejects(store.open(), { name: 'StoreError', code: 'STORE_LOCKED' })
      assert.equal(await depositAt(store, 'door', envelopeOf(1)), 'stored')
    })
  })

  it('of a newer version is refused, and left as it is', async () => {
    await withStore(async store => { await provide(store, 'box', 'door') })
    const db = new Level<Uint8Array, Uint8Array>(folder.directory, encodings)
    await db.put(Uint8Array.of('f'.charCodeAt(0)), u32be(2))
    await db.close()
    const before = await recordsIn(folder.directory)
    await assert.rejects(
      storeIn(folder.directory, clock, roomyLimits).open(), { name: 'StoreError', code: 'STORE_TOO_NEW' }
    )
    assert.deepEqual(await recordsIn(folder.directory), before)
  })

  it('of another program is refused, and left as it is', async () => {
    const db = new Level<Uint8Array, Uint8Array>(folder.directory, encodings)
    await db.put(Uint8Array.of(1), Uint8Array.of(2))
    await db.close()
    await assert.rejects(
      storeIn(folder.directory, clock, roomyLimits).open(), { name: 'StoreError', code: 'STORE_CORRUPT' }
    )
    assert.deepEqual(await recordsIn(folder.directory), [['01', '02']])
  })

  it('names neither owner nor address, only hashes of them', async () => {
    const owner = idOf('owner of box')
    await withStore(async store => {
      await provide(store, 'box', 'door')
      await depositAt(store, 'door', envelopeOf(1))
    })
    const text = (await recordsIn(folder.directory)).flat().join(' ')
    assert.ok(text.includes(Buffer.from(idOf('box')).toString('hex')))
    assert.ok(!text.includes(Buffer.from(owner).toString('hex')))
  })

  it('gets its space back when envelopes expire', async function () {
    this.timeout(60_000)
    await withStore(async store => {
      await provide(store, 'box', 'door')
      for (let from = 0; from < 20_000; from += 2000) {
        await Promise.all(Array.from(
          { length: 2000 }, async (_, at) => await depositAt(store, 'door', envelopeOf(from + at, 1024))
        ))
      }
      const fullBytes = bytesIn(folder.directory)
      assert.ok(fullBytes > 20_000 * 1024)
      clock.ms += roomyLimits.retentionMs + hourMs
      while (!(await store.expire(5000)).done);
      // Closing waits for the compaction that the sweep began.
      await store.close()
      assert.ok(bytesIn(
        folder.directory
      ) < fullBytes / 4, `${bytesIn(folder.directory)} of ${fullBytes} bytes are left`)
    })
  })

  it('holds many more mailboxes than are kept in memory', async function () {
    this.timeout(60_000)
    const count = 3000
    await withStore(async store => {
      for (let round = 0; round < 2; round++) {
        for (let from = 0; from < count; from += 500) {
          await Promise.all(Array.from({ length: 500 }, async (_, at) => {
            const name = `${from + at}`
            if (round === 0) await provide(store, `box ${name}`, `door ${name}`)
            assert.equal(await depositAt(store, `door ${name}`, envelopeOf(round)), 'stored')
          }))
        }
      }
      for (const at of [0, 1, count - 1]) assert.deepEqual(await numbersIn(store, `box ${at}`), [0, 1])
      const { mailboxes, envelopes } = await store.stats()
      assert.deepEqual({ mailboxes, envelopes }, { mailboxes: count, envelopes: 2 * count })
    })
  })

  it('claims to have nothing that a drop took away, though the drop was cut short', async function () {
    this.timeout(60_000)
    const envelopes = Array.from({ length: 5000 }, (_, number) => envelopeOf(number))
    const depositAll = async (store: MailboxStore): Promise<string[]> => {
      const results: string[] = []
      for (let from = 0; from < envelopes.length; from += 1000) {
        results.push(...await Promise.all(
          envelopes.slice(from, from + 1000).map(async one => await depositAt(store, 'door', one))
        ))
      }
      return results
    }
    const killed = temporaryFolder()
    try {
      await withStore(async store => {
        await provide(store, 'box', 'door')
        await depositAll(store)
        const dropping = store.dropMailbox(idOf('box'))
        while ((await store.usage(idOf('box'))).envelopes > 3000) {
          await new Promise(resolve => setImmediate(resolve))
        }
        // What a process that is killed now leaves behind.
        cpSync(folder.directory, killed.directory, { recursive: true })
        await dropping
      })
      const store = storeIn(killed.directory, clock, roomyLimits)
      await store.open()
      try {
        await provide(store, 'box', 'door')
        const before = await numbersIn(store, 'box')
        assert.ok(before.length > 0 && before.length < envelopes.length, `${before.length} were left`)
        assert.deepEqual(new Set(await depositAll(store)), new Set(['stored']))
        assert.equal(new Set(await numbersIn(store, 'box')).size, envelopes.length)
        assert.equal(await depositAt(store, 'door', envelopes[0]!), 'duplicate')
        await store.dropMailbox(idOf('box'))
        assert.equal((await store.stats()).envelopes, 0)
      } finally {
        await store.close()
      }
    } finally {
      killed.remove()
    }
  })

  it('answers BUSY rather than hold too much in memory, and takes on when there is room', async () => {
    await withStore(async store => {
      await provide(store, 'box', 'door')
      const results = await Promise.all(
        Array.from(
          { length: 6000 }, async (_, number) => await depositAt(store, 'door', envelopeOf(number))
        ))
      assert.equal(results.filter(result => result === 'stored').length, 4096)
      assert.equal(results.filter(result => result === 'BUSY').length, 6000 - 4096)
      assert.equal(await depositAt(store, 'door', envelopeOf(6000)), 'stored')
      const { depositsPerCommit } = await store.stats()
      assert.ok(depositsPerCommit > 100, `${depositsPerCommit} deposits share a commit`)
      const large = await Promise.all(
        Array.from({ length: 200 }, async (_, number) => await depositAt(
          store, 'door', envelopeOf(7000 + number, 65_536)
        )))
      assert.equal(large.filter(result => result === 'stored').length, 128)
    })
  })
})
