/**
 * A profile's records on any abstract-level, sealed (docs/decisions/0004).
 *
 * Opens, reads, scans and commits. It is not the key file (profile.ts), and it does not know what
 * a record means (node/core/records.proto). Where the files lie is the host's business.
 */
import { tables } from '../core/ports.ts'
import type { Entry, Store, Table, Write } from '../core/ports.ts'
import type { Log, Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { StoreError, UsageError } from '../../protocol/errors.ts'
import { utf8 } from '../../protocol/bytes.ts'
import { createStoredKeys, referredBy } from './keys.ts'
import { createRecords } from './records.ts'
import { createCommits, viewEncoding } from './commits.ts'
import type { ByteLevel, Operation } from './commits.ts'

/** Raised by whoever changes what lies on disk in a way that this version could not read. */
const storeVersion = 1
const storeFormat = 'restante profile store'

/** In clear, so that an older version can tell a newer folder. Table ids start at 1. */
const formatKey = Uint8Array.of(0, 0)
/** Sealed and empty: it opens only under the key that the folder was made with. */
const checkKey = Uint8Array.of(0, 1)

/** Bytes that an iterator reads ahead: a page of sealed messages in one go. */
const readAheadBytes = 1 << 20

const indexLabel = utf8('restante/store/1/index')
const recordKeyLabel = utf8('restante/store/1/record-key')

export interface StoreOptions {
  /**
   * An abstract-level that nobody else uses, open or not. Its `sync` option on batches must mean what
   * it says; an implementation without one is as durable as its medium.
   */
  level: ByteLevel
  /** 32 bytes, from the key file. */
  dataKey: Uint8Array
  suite: Pick<CryptoSuite, 'hmac' | 'hkdf' | 'expand' | 'seal' | 'open'>
  random: Random
  log: Log
}

/** Rejects with StoreError: STORE_LOCKED, STORE_TOO_NEW, STORE_CORRUPT (also: another key), STORE_FAILED. */
export async function openStore ({ level, dataKey, suite, random, log }: StoreOptions): Promise<Store> {
  if (dataKey.length !== 32) throw new UsageError('USAGE', `dataKey: ${dataKey.length} bytes, not 32`)
  const keys = createStoredKeys(suite, suite.expand(dataKey, indexLabel, 32))
  const records = createRecords(suite, random, suite.expand(dataKey, recordKeyLabel, 32))
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
    try {
      return await run()
    } catch (cause) {
      throw fail(cause)
    }
  }

  function openRecord (table: Table | 'check', storedKey: Uint8Array, stored: Uint8Array): Entry {
    const record = records.open(storedKey, stored)
    if (record === undefined) throw new StoreError('STORE_CORRUPT', `A record of table '${table}' does not open.`)
    return record
  }

  const commits = createCommits(level, () => failure, fail)

  await openLevel(level)
  try {
    await openFormat()
  } catch (cause) {
    // The caller gets no store that it could close, and the folder must not stay locked.
    await level.close()
    throw asStoreError(cause)
  }

  async function openFormat (): Promise<void> {
    const [format, check] = await level.getMany([formatKey, checkKey], viewEncoding)
    if (format === undefined) {
      const others = await level.iterator({ ...viewEncoding, limit: 1 }).all()
      if (others.length > 0) throw new StoreError('STORE_CORRUPT', 'The folder holds records of something else.')
      const sealed = records.sealBatch()(checkKey, new Uint8Array(0), new Uint8Array(0))
      await commits.commit([
        { type: 'put', key: formatKey, value: utf8(JSON.stringify({ format: storeFormat, version: storeVersion })) },
        { type: 'put', key: checkKey, value: sealed }
      ], true)
      return
    }
    const version = versionOf(format)
    if (version > storeVersion) throw new StoreError('STORE_TOO_NEW')
    if (check === undefined) throw new StoreError('STORE_CORRUPT', 'The record that shows the key is missing.')
    openRecord('check', checkKey, check)
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
      await commits.commit(sealWrites(writes), durable)
    },

    async close () {
      try {
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
    return writes.map(({ table, key, value }): Operation => {
      const storedKey = keys.hide(table, key)
      if (value === undefined) return { type: 'del', key: storedKey }
      const target = referredBy(table)
      // A pointer says no more than the place it points to, which the disk shows anyway; and what lies
      // there is sealed with its own key inside.
      if (target !== undefined) return { type: 'put', key: storedKey, value: keys.hide(target, value) }
      return { type: 'put', key: storedKey, value: seal(storedKey, key, value) }
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
