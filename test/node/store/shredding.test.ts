/**
 * Crypto-shredding: what a disk still holds of deleted and replaced session records is unreadable
 * after an epoch's turn, for whoever has the whole folder and the passphrase; and no crash, at any
 * step of a turn, loses a record that lives.
 */
import assert from 'node:assert/strict'
import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { argon2id } from '@noble/hashes/argon2.js'
import { MemoryLevel } from 'memory-level'
import { fileVault } from '../../../node/host/erased-file.ts'
import { createKeyFile, openKeyFile } from '../../../node/store/profile.ts'
import type { PassphraseKdf } from '../../../node/store/kdf.ts'
import type { KeyVault } from '../../../node/store/epochs.ts'
import { createStoredKeys } from '../../../node/store/keys.ts'
import { createRecords } from '../../../node/store/records.ts'
import type { ByteLevel } from '../../../node/store/commits.ts'
import type { Store, Table } from '../../../node/core/ports.ts'
import { concat, toHex, u32be, utf8 } from '../../../protocol/bytes.ts'
import { nobleSuite } from '../../../protocol/suites/noble.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { keptLog } from '../../support/kept-log.ts'
import { memoryVault } from '../../support/memory-vault.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { dataKey, diskLevel, openSealed, seed, temporaryFolder, testRandom } from './fixtures.ts'

const durable = { durable: true }
const view = { keyEncoding: 'view', valueEncoding: 'view' } as const
const passphrase = utf8('correct horse battery staple')
const cheapKdf: PassphraseKdf = async (secret, salt) => argon2id(secret, salt, { m: 64, t: 1, p: 1, dkLen: 32 })
const sessionKey = concat(new Uint8Array(32).fill(5), utf8('session'))
const outboxKey = concat(new Uint8Array(32).fill(5), u32be(1))
const memoryLevel = (): MemoryLevel<Uint8Array, Uint8Array> =>
  new MemoryLevel<Uint8Array, Uint8Array>({ keyEncoding: 'view', valueEncoding: 'view', storeEncoding: 'view' })

async function put (store: Store, table: Table, key: Uint8Array, value: Uint8Array | undefined): Promise<void> {
  await store.batch([{ table, key, value }], durable)
}

/** A record as it lies there; `tableId` is the first byte of its key. */
async function rawOf (level: ByteLevel, tableId: number): Promise<Array<[Uint8Array, Uint8Array]>> {
  await level.open()
  const all = await level.iterator(view).all()
  return all.filter(([key]) => key[0] === tableId)
}

/** Names of the files under `path` that hold these bytes. */
async function filesWith (path: string, bytes: Uint8Array): Promise<string[]> {
  const names = (await readdir(path, { withFileTypes: true })).filter(entry => entry.isFile()).map(({ name }) => name)
  const contents = await Promise.all(names.map(async name => await readFile(join(path, name))))
  return names.filter((_, i) => contents[i]!.includes(Buffer.from(bytes)))
}

/** A level each of whose writes goes through `crash`. */
function crashingLevel (level: ByteLevel, crash: (run: () => Promise<void>) => Promise<void>): ByteLevel {
  return {
    open: async () => { await level.open() },
    close: async () => { await level.close() },
    get: async (key, options) => await level.get(key, options),
    getMany: async (keys, options) => await level.getMany(keys, options),
    iterator: options => level.iterator(options),
    batch: async (operations, options) => {
      if (operations.length === 0) return
      await crash(async () => { await level.batch(operations, options) })
    }
  }
}

/** Makes a store of the first version out of an empty one: every record sealed under the key of the profile. */
async function asVersion1 (
  level: MemoryLevel<Uint8Array, Uint8Array>, written: Array<[Table, Uint8Array, Uint8Array]>
): Promise<void> {
  const keys = createStoredKeys(nobleSuite, nobleSuite.expand(dataKey, utf8('restante/store/1/index'), 32))
  const recordKey = nobleSuite.expand(dataKey, utf8('restante/store/1/record-key'), 32)
  const seal = createRecords(nobleSuite, testRandom, recordKey).sealBatch()
  await level.open()
  for (const [table, key, value] of written) {
    const storedKey = keys.hide(table, key)
    await level.put(storedKey, seal(storedKey, key, value), view)
  }
  await level.put(Uint8Array.of(0, 0), utf8('{"format":"restante profile store","version":1}'), view)
}

describe('shredding', function () {
  this.timeout(60_000)
  let folder: { path: string, remove: () => Promise<void> }
  beforeEach(async () => { folder = await temporaryFolder() })
  afterEach(async () => { await folder.remove() })

  describe('S31: a disk image and the passphrase', () => {
    const lives: Array<[what: string, change: (store: Store) => Promise<void>]> = [
      ['deleted', async store => { await put(store, 'session', sessionKey, undefined) }],
      ['replaced', async store => { await put(store, 'session', sessionKey, utf8('ratchet state, stepped')) }]
    ]
    for (const [what, change] of lives) {
      it(`do not open a session record that was ${what}, once the epoch has turned; before that they do`, async () => {
        const image = join(folder.path, 'profile')
        const { file, dataKey: key } = await createKeyFile(nobleSuite, testRandom, passphrase, cheapKdf)
        const vault = (at: string): KeyVault => fileVault(join(at, 'epoch.key'))
        const old = utf8('ratchet state with skipped keys')

        const first = diskLevel(image)
        const store = await openSealed(first, { key, vault: vault(image) })
        await put(store, 'session', sessionKey, old)
        const [captured] = await rawOf(first, 3)
        const vaultBefore = await readFile(join(image, 'epoch.key'))
        await change(store)

        let attempts = 0
        /** Puts the captured record back into a copy of the folder, and reads it with the passphrase. */
        const attack = async (with_: { vault?: Uint8Array } = {}): Promise<Uint8Array | undefined> => {
          const copy = join(folder.path, `copy ${attempts++}`)
          await cp(image, copy, { recursive: true })
          const level = diskLevel(copy)
          await level.put(captured![0], captured![1], { ...view, sync: true } as typeof view)
          await level.close()
          const { dataKey } = await openKeyFile(nobleSuite, file, passphrase, cheapKdf)
          const place = with_.vault === undefined ? vault(copy) : memoryVault(with_.vault)
          const opened = await openSealed(diskLevel(copy), { key: dataKey, vault: place })
          try {
            return await opened.get('session', sessionKey)
          } finally {
            await opened.close()
          }
        }

        assert.deepEqual(await attack(), old, 'before the turn the attack works: the control')
        await store.shred()
        await store.close()
        const stillThere = await filesWith(image, captured![1])
        assert.ok(stillThere.length > 0, 'the database still holds the old record: the danger is real')
        await assert.rejects(attack(), { code: 'STORE_CORRUPT' })
        assert.deepEqual(await filesWith(image, vaultBefore.subarray(17)), [], 'no file holds the old vault')
        // With the key that was destroyed it would open: nothing else stands in the way.
        assert.deepEqual(await attack({ vault: vaultBefore }), old)

        const again = await openSealed(diskLevel(image), { key, vault: vault(image) })
        const now = await again.get('session', sessionKey)
        assert.deepEqual(now, what === 'deleted' ? undefined : utf8('ratchet state, stepped'))
        await again.close()
      })
    }
  })

  it('covers sessions, prekeys of invites, and the outbox, and leaves other records as they are', async () => {
    const level = memoryLevel()
    const store = await openSealed(level, { vault: memoryVault() })
    const tables: Array<[Table, number, boolean]> =
      [['session', 3, true], ['outbox', 7, true], ['invite', 9, true], ['contact', 2, false], ['message', 5, false]]
    for (const [table] of tables) await put(store, table, outboxKey, utf8(table))
    const before = new Map(await Promise.all(tables.map(async ([table, id]) => [table, await rawOf(level, id)] as const)))
    await store.shred()
    for (const [table, id, isShredded] of tables) {
      const [[, now] = []] = await rawOf(level, id)
      const [[, then] = []] = before.get(table)!
      assert.equal(toHex(now!) !== toHex(then!), isShredded, table)
      assert.deepEqual(await store.get(table, outboxKey), utf8(table))
    }
    await store.close()
  })

  it('turns by itself after a hundred commits, and after an hour', async () => {
    const clock = manualClock()
    const vault = memoryVault()
    const store = await openSealed(memoryLevel(), { vault, clock })
    let content = vault.content
    const turned = async (): Promise<boolean> => {
      for (let i = 0; i < 200; i++) await new Promise(resolve => { setImmediate(resolve) })
      const isNew = content !== vault.content
      content = vault.content
      return isNew
    }
    for (let i = 0; i < 99; i++) await put(store, 'session', sessionKey, u32be(i))
    assert.ok(!await turned())
    await put(store, 'contact', sessionKey, u32be(1))
    assert.ok(!await turned(), 'other tables don\'t count')
    await put(store, 'session', sessionKey, u32be(99))
    assert.ok(await turned())
    await put(store, 'session', sessionKey, u32be(100))
    await clock.advance(3_599_000)
    assert.ok(!await turned())
    await clock.advance(1_000)
    assert.ok(await turned())
    await clock.advance(7_200_000)
    assert.ok(!await turned(), 'nothing has changed')
    assert.deepEqual(await store.get('session', sessionKey), u32be(100))
    await store.close()
  })

  it('rewrites a long outbox no more often than it changes', async () => {
    const vault = memoryVault()
    let replaced = 0
    const counted: KeyVault = { read: vault.read, replace: async content => { replaced++; await vault.replace(content) } }
    const store = await openSealed(memoryLevel(), { vault: counted })
    const outbox = (i: number) => ({ table: 'outbox' as const, key: concat(new Uint8Array(32), u32be(i)), value: u32be(i) })
    await store.batch(Array.from({ length: 1000 }, (_, i) => outbox(i)), durable)
    await store.shred()
    replaced = 0
    for (let i = 0; i < 250; i++) await store.batch([outbox(i)], durable)
    assert.equal(replaced, 0)
    await store.batch(Array.from({ length: 750 }, (_, i) => outbox(i)), durable)
    await store.shred()
    assert.equal(replaced, 2, 'a turn that had begun is not begun again')
    await store.close()
  })

  it('turns at opening where the last turn was long ago, or the clock was set back', async () => {
    for (const shiftMs of [3_600_000, -1000]) {
      const clock = manualClock()
      const vault = memoryVault()
      const level = memoryLevel()
      await (await openSealed(level, { vault, clock })).close()
      const before = vault.content
      await (await openSealed(level, { vault, clock })).close()
      assert.deepEqual(vault.content, before)
      const shifted = { ...clock, now: () => clock.now() + shiftMs }
      await (await openSealed(level, { vault, clock: shifted })).close()
      assert.notDeepEqual(vault.content, before)
    }
  })

  it('loses no write that comes while an epoch turns, and reads all the while', async () => {
    const random = seededRandom(`shredding ${seed}`)
    const level = memoryLevel()
    const vault = memoryVault()
    let store = await openSealed(level, { vault })
    const model = new Map<number, Uint8Array>()
    const keyOf = (i: number): Uint8Array => concat(new Uint8Array(32), u32be(i))
    for (let round = 0; round < 12; round++) {
      const work: Array<Promise<unknown>> = [store.shred()]
      for (let i = 0; i < 60; i++) {
        const [at = 0, kind = 0] = random.bytes(2)
        const value = kind < 60 ? undefined : random.bytes(kind)
        if (value === undefined) model.delete(at)
        else model.set(at, value)
        work.push(store.batch([{ table: 'outbox', key: keyOf(at), value }], { durable: kind % 2 === 0 }))
        if (i % 7 === 0) await new Promise(resolve => { setImmediate(resolve) })
        if (i % 5 === 0) work.push(store.scan('outbox'))
      }
      await Promise.all(work)
      if (round % 4 === 3) {
        await store.close()
        store = await openSealed(level, { vault })
      }
      const found = await store.scan('outbox')
      assert.equal(found.length, model.size, `seed ${seed}`)
      for (const { key, value } of found) {
        assert.deepEqual([...value], [...model.get(new DataView(key.buffer, key.byteOffset + 32).getUint32(0))!], `seed ${seed}`)
      }
    }
    await store.close()
  })

  describe('a crash in a turn', () => {
    /** What fails, and whether it had happened by then. */
    for (const when of ['before', 'after'] as const) {
      it(`${when} any of its steps loses no record, and the next opening ends the turn`, async () => {
        let steps = 0
        for (let crashAt = 1; ; crashAt++) {
          const level = memoryLevel()
          const vault = memoryVault()
          const store = await openSealed(level, { vault })
          // More than a page, so that a crash may come between two of them.
          const writes = Array.from({ length: 600 }, (_, i) =>
            ({ table: 'outbox' as const, key: concat(new Uint8Array(32), u32be(i)), value: u32be(i) }))
          await store.batch(writes, durable)
          await put(store, 'session', sessionKey, utf8('lives'))
          await store.close()
          const oldContent = vault.content!
          const oldRecords = await rawOf(level, 3)

          let step = 0
          const crash = async (run: () => Promise<void>): Promise<void> => {
            if (++step > crashAt) throw new Error('the process is gone')
            if (step === crashAt && when === 'before') throw new Error('crash')
            await run()
            if (step === crashAt) throw new Error('crash')
          }
          const crashing = await openSealed(crashingLevel(level, crash), {
            vault: { read: vault.read, replace: async content => { await crash(async () => { await vault.replace(content) }) } }
          })
          const failed = await crashing.shred().then(() => false, () => true)
          await crashing.close().catch(() => {})
          if (!failed) {
            steps = step
            break
          }

          const next = await openSealed(level, { vault })
          assert.deepEqual(await next.get('session', sessionKey), utf8('lives'), `${when} step ${crashAt}`)
          assert.equal((await next.scan('outbox')).length, 600, `${when} step ${crashAt}`)
          assert.equal(vault.content?.length, oldContent.length, 'one key is in the vault, not two')
          await next.shred()
          await next.close()
          // And the old key is gone in the end: the old record opens with the old content of the vault alone.
          const [key, stored] = oldRecords[0]!
          await level.open()
          await level.put(key, stored, view)
          const image = await openSealed(level, { vault })
          await assert.rejects(image.get('session', sessionKey), { code: 'STORE_CORRUPT' })
          await image.close()
          assert.notDeepEqual(vault.content, oldContent)
        }
        // Both keys into the vault, three pages of outbox, one of sessions, and the old key out of it.
        assert.equal(steps, 6)
      })
    }

    it('whose vault alone fails harms nothing: it is told, and tried again', async () => {
      const vault = memoryVault()
      const log = keptLog()
      let isBroken = false
      const store = await openSealed(memoryLevel(), {
        log,
        vault: {
          read: vault.read,
          replace: async content => {
            if (isBroken) throw new Error('no space left')
            await vault.replace(content)
          }
        }
      })
      const before = vault.content
      isBroken = true
      for (let i = 0; i < 100; i++) await put(store, 'session', sessionKey, u32be(i))
      await new Promise(resolve => { setTimeout(resolve, 20) })
      assert.deepEqual(log.lines.map(({ level, event }) => [level, event]), [['warn', 'epochNotTurned']])
      assert.deepEqual(vault.content, before)
      isBroken = false
      for (let i = 0; i < 100; i++) await put(store, 'session', sessionKey, u32be(i))
      await store.shred()
      assert.notDeepEqual(vault.content, before)
      assert.deepEqual(await store.get('session', sessionKey), u32be(99))
      await store.close()
    })
  })

  describe('the vault', () => {
    it('is held against the profile: missing, altered, cut or another one\'s, it is corrupt, and nothing is changed', async () => {
      const level = memoryLevel()
      const vault = memoryVault()
      const store = await openSealed(level, { vault })
      await put(store, 'session', sessionKey, utf8('lives'))
      await store.close()
      const content = vault.content!
      const other = memoryVault()
      await (await openSealed(memoryLevel(), { vault: other, key: new Uint8Array(32).fill(1) })).close()
      const bad: Array<Uint8Array | undefined> = [undefined, new Uint8Array(0), other.content,
        ...Array.from({ length: content.length }, (_, at) => content.subarray(0, at)),
        ...Array.from({ length: content.length - 1 }, (_, at) => content.with(at + 1, content[at + 1]! ^ 1))]
      for (const one of bad) {
        const place = memoryVault(one)
        await assert.rejects(openSealed(level, { vault: place }), { code: 'STORE_CORRUPT' })
        assert.deepEqual(place.content, one)
      }
      await assert.rejects(openSealed(level, { vault: memoryVault(content.with(0, 2)) }), { code: 'STORE_TOO_NEW' })
      const again = await openSealed(level, { vault })
      assert.deepEqual(await again.get('session', sessionKey), utf8('lives'))
      await again.close()
    })
  })

  it('takes over a profile of version 1, whole or not at all', async () => {
    for (const isCut of [true, false]) {
      const level = memoryLevel()
      await (await openSealed(level, { vault: memoryVault() })).close()
      await asVersion1(level, [['session', sessionKey, utf8('old')], ['outbox', outboxKey, utf8('waiting')]])
      const before = await rawOf(level, 3)
      const vault = memoryVault()
      if (isCut) {
        const cut = openSealed(crashingLevel(level, async () => { throw new Error('crash') }), { vault })
        await assert.rejects(cut, { code: 'STORE_FAILED' })
        assert.deepEqual(await rawOf(level, 3), before)
      }
      const store = await openSealed(level, { vault })
      assert.deepEqual(await store.get('session', sessionKey), utf8('old'))
      assert.deepEqual(await store.get('outbox', outboxKey), utf8('waiting'))
      await store.shred()
      await store.close()
      const again = await openSealed(level, { vault })
      assert.deepEqual(await again.get('session', sessionKey), utf8('old'))
      await again.close()
    }
  })
})
