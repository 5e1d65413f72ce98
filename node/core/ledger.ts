/**
 * The commit rule: an event is handled by computing everything first, then one atomic batch, then
 * effects. A crash between any two steps loses nothing and shows nothing twice.
 *
 * Events that come while a batch is being written share the next one (group commit): one fsync for
 * all, and of a record that changed many times only its last state is written.
 */
import { InternalError, RestanteError, StoreError } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import type { Store, Table, Write } from './ports.ts'

interface Group {
  /** Ways back, newest last. Used when one event of the group fails. */
  undo: Array<() => void>
  dirty: Map<DirtyBook, Map<string, Uint8Array>>
  rows: Write[]
  effects: Array<() => void>
  waiters: Array<{ resolve: () => void, reject: (error: unknown) => void }>
  isDurable: boolean
}

interface DirtyBook { readonly table: Table, encodeOf: (id: string) => Uint8Array | undefined }

function emptyGroup (): Group {
  return { undo: [], dirty: new Map(), rows: [], effects: [], waiters: [], isDurable: false }
}

export class Ledger {
  readonly #store: Store
  readonly #log: Log
  readonly #onFailure: (error: RestanteError) => void
  readonly #finishers: Array<() => void> = []
  #group = emptyGroup()
  #isInStep = false
  #isRunning = false
  #failure: RestanteError | undefined
  #idle: Array<() => void> = []

  constructor (store: Store, log: Log, onFailure: (error: RestanteError) => void) {
    this.#store = store
    this.#log = log
    this.#onFailure = onFailure
  }

  get failure (): RestanteError | undefined { return this.#failure }

  /** Runs before each commit, inside it: sealing what the group's events put into the outbox. */
  beforeCommit (finisher: () => void): void { this.#finishers.push(finisher) }

  /**
   * Handles one event. `run` is synchronous: it reads state, and changes books, rows and effects, or
   * throws and has changed nothing. Resolves after the commit. `isDurable`: it must survive a power
   * cut before anybody hears of it.
   */
  async step<R> (run: () => R, isDurable = true): Promise<R> {
    if (this.#failure !== undefined) throw this.#failure
    const group = this.#group
    const result = this.#attempt(run)
    group.isDurable ||= isDurable
    const committed = new Promise<void>((resolve, reject) => { group.waiters.push({ resolve, reject }) })
    if (!this.#isRunning) {
      this.#isRunning = true
      void Promise.resolve().then(async () => { await this.#commitAll() })
    }
    await committed
    return result
  }

  /** Resolves when nothing waits to be written. */
  async settled (): Promise<void> {
    if (!this.#isRunning) return
    await new Promise<void>(resolve => { this.#idle.push(resolve) })
  }

  /** A row that is not kept in memory. */
  write (table: Table, key: Uint8Array, value: Uint8Array | undefined): void {
    this.#group.rows.push({ table, key, value })
  }

  /** Runs after the commit; never before, never if it fails. */
  effect (run: () => void): void { this.#group.effects.push(run) }

  /** Inside a step: how to take back a change to something that is neither book nor row. */
  undoable (undo: () => void): void { this.#group.undo.push(undo) }

  /** Used by books. */
  changed (book: DirtyBook, id: string, key: Uint8Array, undo: () => void): void {
    if (!this.#isInStep) throw new InternalError('INTERNAL', 'a book was changed outside a step')
    this.#group.undo.push(undo)
    let ids = this.#group.dirty.get(book)
    if (ids === undefined) {
      ids = new Map()
      this.#group.dirty.set(book, ids)
    }
    ids.set(id, key)
  }

  #attempt<R> (run: () => R): R {
    const group = this.#group
    const undoLength = group.undo.length
    const rowsLength = group.rows.length
    const effectsLength = group.effects.length
    this.#isInStep = true
    try {
      return run()
    } catch (error) {
      for (let i = group.undo.length - 1; i >= undoLength; i--) group.undo[i]!()
      group.undo.length = undoLength
      group.rows.length = rowsLength
      group.effects.length = effectsLength
      if (error instanceof RestanteError) throw error
      this.#log.error('step-failed', { error: error instanceof Error ? error.stack ?? error.message : 'unknown' })
      throw new InternalError('INTERNAL', undefined, { cause: error })
    } finally {
      this.#isInStep = false
    }
  }

  async #commitAll (): Promise<void> {
    while (this.#failure === undefined && this.#group.waiters.length > 0) {
      const group = this.#group
      try {
        for (const finisher of this.#finishers) this.#attempt(finisher)
        this.#group = emptyGroup()
        const writes = this.#writesOf(group)
        if (writes.length > 0) await this.#store.batch(writes, { durable: group.isDurable })
      } catch (error) {
        this.#fail(error, group)
        break
      }
      for (const waiter of group.waiters) waiter.resolve()
      for (const effect of group.effects) {
        try {
          effect()
        } catch (error) {
          this.#log.error('effect-failed', { error: error instanceof Error ? error.message : 'unknown' })
        }
      }
    }
    this.#isRunning = false
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  #writesOf (group: Group): Write[] {
    const writes = group.rows
    for (const [book, ids] of group.dirty) {
      for (const [id, key] of ids) writes.push({ table: book.table, key, value: book.encodeOf(id) })
    }
    return writes
  }

  /** Memory is ahead of the disk now, so nothing more is accepted: the next start begins from the disk. */
  #fail (error: unknown, group: Group): void {
    const failure = error instanceof RestanteError
      ? error
      : new StoreError('STORE_FAILED', undefined, { cause: error })
    this.#failure = failure
    for (const waiter of group.waiters) waiter.reject(failure)
    if (this.#group !== group) for (const waiter of this.#group.waiters) waiter.reject(failure)
    this.#group = emptyGroup()
    this.#onFailure(failure)
  }
}

export interface BookCodec<V> {
  table: Table
  key: (value: V) => Uint8Array
  encode: (value: V) => Uint8Array
  /** Keeps a secondary index; called for every change and for every change undone. */
  indexed?: (id: string, before: V | undefined, after: V | undefined) => void
}

/** Records of one table that are held in memory. Values are never changed in place. */
export class Book<V> implements DirtyBook {
  readonly table: Table
  readonly #codec: BookCodec<V>
  readonly #ledger: Ledger
  readonly #values = new Map<string, V>()

  constructor (codec: BookCodec<V>, ledger: Ledger) {
    this.table = codec.table
    this.#codec = codec
    this.#ledger = ledger
  }

  get (id: string): V | undefined { return this.#values.get(id) }
  values (): IterableIterator<V> { return this.#values.values() }
  get size (): number { return this.#values.size }

  put (id: string, value: V): void { this.#change(id, value, this.#codec.key(value)) }

  delete (id: string): void {
    const value = this.#values.get(id)
    if (value !== undefined) this.#change(id, undefined, this.#codec.key(value))
  }

  /** At start: what the store holds, without writing it again. */
  load (id: string, value: V): void { this.#set(id, value) }

  encodeOf (id: string): Uint8Array | undefined {
    const value = this.#values.get(id)
    return value === undefined ? undefined : this.#codec.encode(value)
  }

  #change (id: string, value: V | undefined, key: Uint8Array): void {
    const before = this.#values.get(id)
    this.#ledger.changed(this, id, key, () => { this.#set(id, before) })
    this.#set(id, value)
  }

  #set (id: string, value: V | undefined): void {
    const before = this.#values.get(id)
    if (value === undefined) this.#values.delete(id)
    else this.#values.set(id, value)
    this.#codec.indexed?.(id, before, value)
  }
}
