/**
 * Group commit: jobs that come while a batch is being written share the next one. There is one
 * writer, one synced batch in flight, and no timer: a group is what came meanwhile.
 *
 * A job goes through three steps. `prepare` reads what it needs and pins it (the reads of the next
 * group overlap the write of the last); `apply` decides and writes into the batch, at once and in
 * order; then the batch is synced, and only then does the job's caller hear of it. After any error
 * the state of the disk's cache is unknown: everything is refused until the store is opened anew.
 * Not here: what any job does.
 */
import { StoreError, type ErrorCode } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import type { Cell, CellTable } from './cells.ts'
import { nameOf } from './rooms.ts'
import type { Database } from './tree.ts'

/** Other jobs than deposits that share one commit at most. */
const stageJobsMax = 256

/** What one commit writes. */
export class Batch {
  readonly #chained
  readonly #dirty: Array<Cell<unknown>> = []

  constructor (db: Database) {
    this.#chained = db.batch()
  }

  put (key: Uint8Array, value: Uint8Array): void {
    this.#chained.put(key, value)
  }

  del (key: Uint8Array): void {
    this.#chained.del(key)
  }

  /** The pinned cell's value, as it is when all jobs have applied, is written with this batch. */
  touch<T> (cell: Cell<T>): void {
    if (cell.isDirty) return
    cell.isDirty = true
    this.#dirty.push(cell as Cell<unknown>)
  }

  /** Durable when it resolves. False: there was nothing to write. */
  async write (): Promise<boolean> {
    for (const cell of this.#dirty) {
      const value = cell.encode()
      if (value === undefined) this.#chained.del(cell.key)
      else this.#chained.put(cell.key, value)
      cell.isDirty = false
    }
    if (this.#chained.length === 0) {
      await this.#chained.close()
      return false
    }
    // Acks and sweeps could do without the sync, were it not that the tree's log changes files: an
    // unsynced end of the old file can be lost where synced writes in the new one survive, and the
    // counters would then speak of acks that did not happen.
    await this.#chained.write({ sync: true } as { sync: boolean })
    return true
  }
}

/** Jobs that read together. Pins what they read until their commit is through. */
export class Stage {
  readonly #db: Database
  readonly #pinned: Array<Cell<never>> = []
  readonly jobs: Job[]

  constructor (db: Database, jobs: Job[]) {
    this.#db = db
    this.jobs = jobs
  }

  /** The cells of these ids, in this order; what is not in memory is read with one call. */
  async pin<T> (table: CellTable<T>, ids: readonly Uint8Array[]): Promise<Array<Cell<T>>> {
    const cells = new Array<Cell<T>>(ids.length)
    const found = new Map<string, Cell<T> | undefined>()
    const names = ids.map(nameOf)
    const missing: number[] = []
    names.forEach((name, at) => {
      if (found.has(name)) return
      const cell = table.pin(name)
      found.set(name, cell)
      if (cell === undefined) missing.push(at)
      else this.#pinned.push(cell as unknown as Cell<never>)
    })
    if (missing.length > 0) {
      const keys = missing.map(at => table.keyOf(ids[at]!))
      const values: Array<Uint8Array | undefined> = await this.#db.getMany(keys)
      missing.forEach((at, order) => {
        const cell = table.admit(ids[at]!, names[at]!, values[order])
        found.set(names[at]!, cell)
        this.#pinned.push(cell as unknown as Cell<never>)
      })
    }
    names.forEach((name, at) => { cells[at] = found.get(name)! })
    return cells
  }

  async pinOne<T> (table: CellTable<T>, id: Uint8Array): Promise<Cell<T>> {
    const [cell] = await this.pin(table, [id])
    return cell!
  }

  release (): void {
    for (const cell of this.#pinned) cell.unpin()
  }
}

export interface Job {
  /**
   * Waits until nothing is being written, and lets nothing else be read until it is written itself:
   * what it scans stands still.
   */
  readonly isExclusive: boolean
  /** One job of deposits a stage: it is large in itself. */
  readonly isLarge: boolean
  prepare: (stage: Stage) => Promise<void>
  /** Throws only what is a bug, or a record that does not parse. */
  apply: (batch: Batch) => void
  settle: () => void
  fail: (error: StoreError) => void
}

/** A job by its two steps; resolves with what `apply` returned. */
export interface Task<P, T> {
  prepare: (stage: Stage) => Promise<P>
  apply: (batch: Batch, prepared: P) => T
  isExclusive?: boolean
  /** Resolves once applied, before it is durable. */
  isLazy?: boolean
}

export class Commits {
  readonly #db: Database
  readonly #log: Log
  readonly #onCommit: (wasWritten: boolean) => void
  #queue: Job[] = []
  #reading: Stage | undefined
  #isReaderRunning = false
  #ready: Stage[] = []
  #writing: Stage[] | undefined
  #idle: Array<() => void> = []
  #failure: StoreError | undefined

  /** `onCommit` is called after each group, written or not. */
  constructor (db: Database, log: Log, onCommit: (wasWritten: boolean) => void) {
    this.#db = db
    this.#log = log
    this.#onCommit = onCommit
  }

  assertSound (): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  enqueue (job: Job): void {
    this.assertSound()
    this.#queue.push(job)
    if (this.#isReaderRunning) return
    this.#isReaderRunning = true
    queueMicrotask(() => { void this.#read() })
  }

  async run<P, T> (task: Task<P, T>): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      let prepared: P
      let result: T
      this.enqueue({
        isExclusive: task.isExclusive ?? false,
        isLarge: false,
        prepare: async stage => { prepared = await task.prepare(stage) },
        apply: batch => {
          result = task.apply(batch, prepared)
          if (task.isLazy === true) resolve(result)
        },
        settle: () => { resolve(result) },
        fail: reject
      })
    })
  }

  /** Resolves when all that was enqueued is through. */
  async drained (): Promise<void> {
    while (this.#isReaderRunning || this.#ready.length > 0 || this.#writing !== undefined) {
      await this.#untilIdle()
    }
  }

  /** Everything that waits, and whatever comes later, is refused. Returns what callers are to see. */
  fail (cause: unknown): StoreError {
    this.#failure ??= toStoreError(cause)
    const failure = this.#failure
    this.#log.error('mailboxStoreFailed', { code: failure.code })
    const stages = [...this.#writing ?? [], ...this.#ready]
    if (this.#reading !== undefined) stages.push(this.#reading)
    const jobs = [...stages.flatMap(stage => stage.jobs), ...this.#queue]
    this.#queue = []
    this.#ready = []
    this.#reading = undefined
    this.#writing = undefined
    for (const job of jobs) job.fail(failure)
    this.#wakeIdle()
    return failure
  }

  async #read (): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const isExclusive = this.#queue[0]!.isExclusive
        if (isExclusive) await this.#untilWritten()
        if (this.#failure !== undefined) break
        const stage = new Stage(this.#db, this.#take())
        this.#reading = stage
        await Promise.all(stage.jobs.map(async job => { await job.prepare(stage) }))
        if (this.#reading !== stage) break
        this.#reading = undefined
        this.#ready.push(stage)
        this.#pump()
        if (isExclusive) await this.#untilWritten()
      }
    } catch (error) {
      this.fail(error)
    }
    this.#isReaderRunning = false
    this.#wakeIdle()
  }

  #take (): Job[] {
    let count = 0
    for (const job of this.#queue) {
      if (job.isExclusive && count > 0) break
      count++
      if (job.isExclusive || job.isLarge || count >= stageJobsMax) break
    }
    return this.#queue.splice(0, count)
  }

  #pump (): void {
    if (this.#writing !== undefined || this.#ready.length === 0) return
    this.#writing = this.#ready
    this.#ready = []
    void this.#write(this.#writing)
  }

  async #write (stages: Stage[]): Promise<void> {
    let wasWritten
    try {
      const batch = new Batch(this.#db)
      for (const stage of stages) for (const job of stage.jobs) job.apply(batch)
      wasWritten = await batch.write()
    } catch (error) {
      this.fail(error)
      return
    }
    // A read failed meanwhile: these jobs are refused already, though they are written.
    if (this.#writing !== stages) return
    this.#writing = undefined
    this.#onCommit(wasWritten)
    for (const stage of stages) {
      for (const job of stage.jobs) job.settle()
      stage.release()
    }
    this.#pump()
    if (this.#writing === undefined) this.#wakeIdle()
  }

  async #untilWritten (): Promise<void> {
    while (this.#writing !== undefined || this.#ready.length > 0) await this.#untilIdle()
  }

  async #untilIdle (): Promise<void> {
    await new Promise<void>(resolve => { this.#idle.push(resolve) })
  }

  #wakeIdle (): void {
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }
}

/** What the tree throws, in our words. Its own have paths in them and stay in `cause`. */
export function toStoreError (error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const errors = [error, (error as Error | undefined)?.cause] as Array<{ code?: unknown } | undefined>
  const codes = errors.map(one => one?.code)
  let code: ErrorCode = 'STORE_FAILED'
  if (codes.includes('LEVEL_LOCKED')) code = 'STORE_LOCKED'
  else if (codes.includes('LEVEL_CORRUPTION')) code = 'STORE_CORRUPT'
  return new StoreError(code, undefined, { cause: error })
}
