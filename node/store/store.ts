/**
 * A profile's records on any abstract-level, sealed (docs/decisions/0004).
 *
 * Opens, reads, scans and commits. It is not the key file (profile.ts), and it does not know what
 * a record means (node/core/records.proto). Where the files lie is the host's business.
 */
import { tables } from '../core/ports.ts'
import type { Entry, Store, Table, Write } from '../core/ports.ts'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { StoreError, UsageError } from '../../protocol/errors.ts'
import { utf8 } from '../../protocol/bytes.ts'
import { storeLabels } from '../../protocol/labels.ts'
import { createStoredKeys, referredBy } from './keys.ts'
import { createRecords } from './records.ts'
import type { BatchSealer } from './records.ts'
import { createCommits, viewEncoding } from './commits.ts'
import type { ByteLevel, Operation } from './commits.ts'
import { createEpochs, openEpochs } from './epochs.ts'
import type { Epochs, KeyVault } from './epochs.ts'
import { createShredding, isShredded } from './shredding.ts'

/** Raised by whoever changes what lies on disk in a way that this version could not read. */
const storeVersion = 2
const storeFormat = 'restante profile store'

/** In clear, so that an older version can tell a newer folder. Table ids start at 1. */
const formatKey = Uint8Array.of(0, 0)
/** Sealed and empty: it opens only under the key that the folder was made with. */
const checkKey = Uint8Array.of(0, 1)

const formatRecord: Operation =
  { type: 'put', key: formatKey, value: utf8(JSON.stringify({ format: storeFormat, version: storeVersion })) }

/** Bytes that an iterator reads ahead: a page of sealed messages in one go. */
const readAheadBytes = 1 << 20

export interface StoreOptions {
  /**
   * An abstract-level that nobody else uses, open or not. Its `sync` option on batches must mean what
   * it says; an implementation without one is as durable as its medium.
   */
  level: ByteLevel
  /** 32 bytes, from the key file. */
  dataKey: Uint8Array
  /** For the keys of shredded tables; of this store alone. */
  vault: KeyVault
  suite: Pick<CryptoSuite, 'hmac' | 'hkdf' | 'expand' | 'seal' | 'open'>
  random: Random
  clock: Clock
  log: Log
}

export interface ShreddingStore extends Store {
  /**
   * Makes what was deleted and replaced in the shredded tables until now unreadable, for whoever has the
   * disk and the passphrase. Happens by itself every hour or 100 commits.
   */
  shred: () => Promise<void>
}

/** Rejects with StoreError: STORE_LOCKED, STORE_TOO_NEW, STORE_CORRUPT (also: another key), STORE_FAILED. */
export async function openStore (options: StoreOptions): Promise<ShreddingStore> {
  const { level, dataKey, suite, random, clock, log } = options
  if (dataKey.length !== 32) throw new UsageError('USAGE', `dataKey: ${dataKey.length} bytes, not 32`)
  const keys = createStoredKeys(suite, suite.expand(dataKey, storeLabels.index, 32))
  const records = createRecords(suite, random, suite.expand(dataKey, storeLabels.recordKey, 32))
  const reading = new Set<Promise<unknown>>()
  let epochs: Epochs
  let failure: StoreError | undefined

  function fail (cause: unknown): StoreError {
    if (failure !== undefined) return failure
    failure = asStoreError(cause)
    log.error('storeFailed', { code: failure.code })
    return failure
  }

  function assertUsable (): void {
    if (failure !== undefined) throw failure
  }

  /** Runs one read. Whatever goes wrong in it, the disk is no longer to be trusted. */
  async function read<T> (run: () => Promise<T>): Promise<T> {
    assertUsable()
    const done = run()
    reading.add(done)
    try {
      return await done
    } catch (cause) {
      throw fail(cause)
    } finally {
      reading.delete(done)
    }
  }

  function openRecord (table: Table | 'check', storedKey: Uint8Array, stored: Uint8Array): Entry {
    const isOfEpoch = table !== 'check' && isShredded(table)
    const record = (isOfEpoch ? epochs : records).open(storedKey, stored)
    if (record === undefined) throw new StoreError('STORE_CORRUPT', `A record of table '${table}' does not open.`)
    return record
  }

  const commits = createCommits(level, () => failure, fail)

  await openLevel(level)
  try {
    epochs = await openFormat()
  } catch (cause) {
    // The caller gets no store that it could close, and the folder must not stay locked.
    await level.close()
    throw asStoreError(cause)
  }

  async function openFormat (): Promise<Epochs> {
    const [format, check] = await level.getMany([formatKey, checkKey], viewEncoding)
    if (format === undefined) {
      const others = await level.iterator({ ...viewEncoding, limit: 1 }).all()
      if (others.length > 0) throw new StoreError('STORE_CORRUPT', 'The folder holds records of something else.')
      // Before the format record, which says that it is there.
      const created = await createEpochs(options)
      const sealed = records.sealBatch()(checkKey, new Uint8Array(0), new Uint8Array(0))
      await commits.commit([formatRecord, { type: 'put', key: checkKey, value: sealed }], true)
      return created
    }
    const version = versionOf(format)
    if (version > storeVersion) throw new StoreError('STORE_TOO_NEW')
    if (check === undefined) throw new StoreError('STORE_CORRUPT', 'The record that shows the key is missing.')
    openRecord('check', checkKey, check)
    return version === 1 ? await raiseFromVersion1() : await openEpochs(options)
  }

  /** In version 1 no table was shredded. One batch: a crash leaves one version or the other. */
  async function raiseFromVersion1 (): Promise<Epochs> {
    const created = await createEpochs(options)
    const seal = created.sealBatch()
    const operations: Operation[] = []
    for (const table of Object.keys(tables) as Table[]) {
      if (!isShredded(table)) continue
      for (const [key, stored] of await level.iterator({ ...viewEncoding, ...keys.range(table, {}) }).all()) {
        const record = records.open(key, stored)
        if (record === undefined) throw new StoreError('STORE_CORRUPT', `A record of table '${table}' does not open.`)
        operations.push({ type: 'put', key, value: seal(key, record.key, record.value) })
      }
    }
    await commits.commit([...operations, formatRecord], true)
    return created
  }

  const shredding = createShredding({
    level, commits, epochs, clock, log, readsDone: async () => { await Promise.allSettled(reading) }
  })
  if (epochs.isTurning) await endTurn()

  /** A turn that a former process began. */
  async function endTurn (): Promise<void> {
    try {
      await shredding.turn()
    } catch (cause) {
      await level.close()
      throw asStoreError(cause)
    }
  }

  return {
    async get (table, key) {
      assertSealed(table)
      const storedKey = keys.hide(table, key)
      return await read(async () => {
        const stored = await level.get(storedKey, viewEncoding)
        return stored === undefined ? undefined : openRecord(table, storedKey, stored).value
      })
    },

    async getMany (table, manyKeys) {
      assertSealed(table)
      const storedKeys = manyKeys.map(key => keys.hide(table, key))
      return await read(async () => {
        const found = await level.getMany(storedKeys, viewEncoding)
        return found.map((stored, i) =>
          stored === undefined ? undefined : openRecord(table, storedKeys[i]!, stored).value)
      })
    },

    async follow (table, manyKeys) {
      const target = tables[table].refersTo
      const storedKeys = manyKeys.map(key => keys.hide(table, key))
      return await read(async () => {
        const pointers = await level.getMany(storedKeys, viewEncoding)
        const found = await level.getMany(pointers.filter(pointer => pointer !== undefined), viewEncoding)
        let at = 0
        return pointers.map(pointer => {
          if (pointer === undefined) return undefined
          const stored = found[at++]
          return stored === undefined ? undefined : openRecord(target, pointer, stored)
        })
      })
    },

    async scan (table, scan = {}) {
      assertSealed(table)
      const { gte, lt } = keys.range(table, scan)
      const { reverse = false, limit = -1 } = scan
      const options = { ...viewEncoding, gte, lt, reverse, limit, highWaterMarkBytes: readAheadBytes }
      return await read(async () => {
        const entries = await level.iterator(options).all()
        return entries.map(([storedKey, stored]) => openRecord(table, storedKey, stored))
      })
    },

    async batch (writes, { durable }) {
      assertUsable()
      const committed = commits.commit(sealWrites(writes), durable)
      const shredded = writes.filter(({ table }) => isShredded(table)).length
      if (shredded > 0) shredding.changed(shredded)
      await committed
    },

    async shred () {
      assertUsable()
      try {
        await shredding.turn()
      } catch (cause) {
        throw asStoreError(cause)
      }
    },

    async close () {
      try {
        await shredding.stop()
        if (failure === undefined) await commits.settle()
      } finally {
        failure ??= new StoreError('STORE_FAILED', 'The store is closed.')
        await level.close()
      }
    }
  }

  function assertSealed (table: Table): void {
    if (referredBy(table) !== undefined) throw new UsageError('USAGE', `${table}: its entries are followed, not read`)
  }

  /** Sealed at once: the caller may change its arrays after the call. */
  function sealWrites (writes: Write[]): Operation[] {
    const seal = records.sealBatch()
    // Made where it is needed: most batches write to no shredded table.
    let sealOfEpoch: BatchSealer | undefined
    return writes.map(({ table, key, value }): Operation => {
      const storedKey = keys.hide(table, key)
      if (value === undefined) return { type: 'del', key: storedKey }
      const target = referredBy(table)
      // A pointer says no more than the place it points to, which the disk shows anyway; and what lies
      // there is sealed with its own key inside.
      if (target !== undefined) return { type: 'put', key: storedKey, value: keys.hide(target, value) }
      if (!isShredded(table)) return { type: 'put', key: storedKey, value: seal(storedKey, key, value) }
      sealOfEpoch ??= epochs.sealBatch()
      return { type: 'put', key: storedKey, value: sealOfEpoch(storedKey, key, value) }
    })
  }
}

async function openLevel (level: ByteLevel): Promise<void> {
  try {
    await level.open()
  } catch (cause) {
    throw asStoreError(cause)
  }
}

function versionOf (stored: Uint8Array): number {
  try {
    const { format, version } = JSON.parse(new TextDecoder().decode(stored)) as Record<string, unknown>
    if (format === storeFormat && Number.isSafeInteger(version) && version as number > 0) return version as number
  } catch {
    // Not JSON: the same as JSON that says something else, which is refused below.
  }
  throw new StoreError('STORE_CORRUPT', 'The format record is not one.')
}

/** The codes of abstract-level, where the innermost cause says most. */
const codeOfLevel: Record<string, ErrorCode> = {
  LEVEL_LOCKED: 'STORE_LOCKED',
  LEVEL_CORRUPTION: 'STORE_CORRUPT'
}

function asStoreError (cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  for (let at = cause; at instanceof Error; at = at.cause) {
    const code = codeOfLevel[(at as { code?: string }).code ?? '']
    if (code !== undefined) return new StoreError(code, undefined, { cause })
  }
  return new StoreError('STORE_FAILED', undefined, { cause })
}
