/**
 * The one IndexedDB of a profile: the records of node/store by browser-level, and a few values beside
 * them (keys, settings, drafts).
 *
 * Two things are added to what browser-level does, both in the transaction itself, where nothing can come
 * between:
 *
 * - **Durability.** Browsers answer a write once the operating system has it; with `durability: 'strict'`
 *   they flush it to the medium first, where the medium lets itself be flushed. A batch that the engine
 *   wants durable is written so.
 * - **The fence.** A tab that was frozen while another took the profile over may wake with a write at hand,
 *   and two engines that step one ratchet use a key twice. Each owner has a number, and a transaction of
 *   one whose number is not the latest aborts as a whole.
 *
 * Not here: what a value means, and how it is sealed.
 */
import { Level } from 'level'
import { StoreError } from '../../protocol/errors.ts'
import type { ByteLevel, Operation } from '../../node/store/commits.ts'

const recordsName = 'records'
const valuesName = 'values'
const fenceName = 'owner'
const roomName = 'room'
/** So much has to fit before it is worth going on: a few hundred messages. */
const roomBytes = 1 << 20
const version = 1

export interface Database {
  /** For node/store. */
  readonly level: ByteLevel
  /** A value beside the records, as structured clone keeps it. */
  value: (name: string) => Promise<unknown>
  /** Durable and fenced. `value` undefined: gone. */
  setValue: (name: string, value: unknown) => Promise<void>
  /** The last write that was refused was so for lack of room. */
  readonly isFull: boolean
  /** Tries whether a good deal more would be taken in, and takes it out again. */
  hasRoom: () => Promise<boolean>
  close: () => void
}

const prefixOf = (profile: string): string => `restante-${profile}-`
const nameOf = (profile: string): string => `${prefixOf(profile)}${recordsName}`

/** Takes the profile over: whoever had it open before can write no more. Rejects with StoreError STORE_FAILED. */
export async function openDatabase (profile: string, onLost: () => void): Promise<Database> {
  try {
    const values = await openStores(profile)
    // Another tab deletes the profile: an open connection would hold it up.
    values.onversionchange = () => {
      values.close()
      onLost()
    }
    // The person cleared the site's data.
    values.onclose = onLost
    const fence = await raiseFence(values)
    return await assemble(profile, values, fence)
  } catch (cause) {
    if (cause instanceof StoreError && cause.cause instanceof DOMException && isQuota(cause.cause)) throw cause
    throw new StoreError('STORE_FAILED', 'The browser does not let this page keep data.', { cause })
  }
}

/** Everything that the profile kept. Resolves when it is gone. */
export async function deleteDatabase (profile: string): Promise<void> {
  await settled(indexedDB.deleteDatabase(nameOf(profile)))
}

async function assemble (profile: string, values: IDBDatabase, fence: number): Promise<Database> {
  const level = new Level<Uint8Array, Uint8Array>(recordsName, {
    prefix: prefixOf(profile), keyEncoding: 'view', valueEncoding: 'view'
  })
  let isStrict = true
  let guarded: IDBDatabase | undefined
  let isFull = false

  /** Opened again, it is another connection. */
  async function openLevel (): Promise<void> {
    await level.open()
    const { db } = level as unknown as { db: IDBDatabase }
    if (db === guarded) return
    guarded = db
    db.onversionchange = () => { db.close() }
    guardWrites(db, fence, () => isStrict ? 'strict' : 'relaxed', () => { isFull = true })
  }

  async function setValue (name: string, value: unknown): Promise<void> {
    const transaction = values.transaction(valuesName, 'readwrite', { durability: 'strict' })
    fenceOff(transaction, fence)
    const store = transaction.objectStore(valuesName)
    if (value === undefined) store.delete(name)
    else store.put(value, name)
    try {
      await completed(transaction)
    } catch (error) {
      isFull ||= isQuota(transaction.error)
      throw error
    }
  }

  await openLevel()
  const byteLevel: ByteLevel = {
    open: openLevel,
    close: async () => { await level.close() },
    get: async (key, options) => await level.get(key, options),
    getMany: async (keys, options) => await level.getMany(keys, options),
    async batch (operations: Operation[], options) {
      // One batch at a time (node/store/commits.ts), so the transaction that opens next is this one's.
      isStrict = options.sync
      try {
        await level.batch(operations, options)
      } finally {
        isStrict = true
      }
    },
    iterator: options => level.iterator(options)
  }

  return {
    level: byteLevel,
    async value (name) {
      return await settled(values.transaction(valuesName).objectStore(valuesName).get(name)) as unknown
    },
    setValue,
    get isFull () { return isFull },
    async hasRoom () {
      try {
        await setValue(roomName, new Uint8Array(roomBytes))
        await setValue(roomName, undefined)
        isFull = false
      } catch {
        return false
      }
      return true
    },
    close () { values.close() }
  }
}

async function openStores (profile: string): Promise<IDBDatabase> {
  const request = indexedDB.open(nameOf(profile), version)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(recordsName)
    request.result.createObjectStore(valuesName)
  }
  return await settled(request)
}

async function raiseFence (database: IDBDatabase): Promise<number> {
  const transaction = database.transaction(valuesName, 'readwrite', { durability: 'strict' })
  const store = transaction.objectStore(valuesName)
  const former: unknown = await settled(store.get(fenceName))
  const fence = typeof former === 'number' ? former + 1 : 1
  store.put(fence, fenceName)
  await completed(transaction)
  return fence
}

function guardWrites (
  database: IDBDatabase, fence: number, durability: () => IDBTransactionDurability, onFull: () => void
): void {
  const open = database.transaction.bind(database)
  database.transaction = (names, mode) => {
    if (mode !== 'readwrite') return open(names, mode)
    const transaction = open([recordsName, valuesName], mode, { durability: durability() })
    fenceOff(transaction, fence)
    transaction.addEventListener('abort', () => { if (isQuota(transaction.error)) onFull() })
    return transaction
  }
}

function fenceOff (transaction: IDBTransaction, fence: number): void {
  // browser-level commits by hand where it can, after which nothing could abort any more.
  Object.defineProperty(transaction, 'commit', { value: undefined })
  const request = transaction.objectStore(valuesName).get(fenceName) as IDBRequest<unknown>
  request.onsuccess = () => { if (request.result !== fence) transaction.abort() }
}

async function settled<T> (request: IDBRequest<T>): Promise<T> {
  return await new Promise((resolve, reject) => {
    request.onsuccess = () => { resolve(request.result) }
    request.onerror = () => { reject(failureOf(request.error)) }
  })
}

async function completed (transaction: IDBTransaction): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => { resolve() }
    transaction.onabort = () => { reject(failureOf(transaction.error)) }
  })
}

/** No error: the fence aborted it. */
function failureOf (cause: DOMException | null): StoreError {
  if (cause === null) return new StoreError('STORE_LOCKED', 'Another tab has taken this profile over.')
  return isQuota(cause) ? noRoom(cause) : new StoreError('STORE_FAILED', undefined, { cause })
}

/** What is refused while there is no room. */
export function noRoom (cause?: unknown): StoreError {
  return new StoreError('STORE_FAILED', 'The browser has no room left for this page.', { cause })
}

function isQuota (error: DOMException | null): boolean { return error?.name === 'QuotaExceededError' }
