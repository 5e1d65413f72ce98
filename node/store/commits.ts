/**
 * The order of writes: one batch at a time, in the order they were asked for.
 *
 * Batches that arrive while one is being written share the next write and its sync. Knows nothing
 * of what a record means. After a failed write nothing is written any more: what the disk holds
 * then is unknown until it is opened anew.
 */
export const viewEncoding = { keyEncoding: 'view', valueEncoding: 'view' } as const
type Encoded = typeof viewEncoding

export type Operation =
  { type: 'put', key: Uint8Array, value: Uint8Array } | { type: 'del', key: Uint8Array }

/** What is used of an abstract-level: every implementation of it fits, whatever it stores by itself. */
export interface ByteLevel {
  open: () => Promise<void>
  close: () => Promise<void>
  get: (key: Uint8Array, options: Encoded) => Promise<Uint8Array | undefined>
  getMany: (keys: Uint8Array[], options: Encoded) => Promise<Array<Uint8Array | undefined>>
  batch: (operations: Operation[], options: Encoded & { sync: boolean }) => Promise<void>
  iterator: (options: Encoded & LevelRange) => { all: () => Promise<Array<[Uint8Array, Uint8Array]>> }
}

interface LevelRange {
  gte?: Uint8Array
  lt?: Uint8Array
  reverse?: boolean
  limit?: number
  highWaterMarkBytes?: number
}

/** Operations that share one write at most: a larger one would hold up those who wait for it. */
const operationsPerCommitMax = 20_000

export interface Commits {
  /** Resolves when all of `operations` are written; synced too, where `durable`. */
  commit: (operations: Operation[], durable: boolean) => Promise<void>
  /**
   * The same, durable, for operations that depend on what is stored: `make` runs once everything asked
   * for before is written, and nothing else is written until its operations are.
   */
  commitAlone: (make: () => Promise<Operation[]>) => Promise<void>
  /** Resolves when everything asked for so far is written and synced. */
  settle: () => Promise<void>
}

interface Waiting {
  operations: Operation[]
  make: (() => Promise<Operation[]>) | undefined
  durable: boolean
  resolve: () => void
  reject: (error: Error) => void
}

/** `refusal`: why nothing may be written any more. `onFailure`: a write failed; returns what to reject with. */
export function createCommits (
  level: ByteLevel, refusal: () => Error | undefined, onFailure: (cause: unknown) => Error
): Commits {
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  /**
   * Written last without a sync. LevelDB starts a new log file now and then without syncing the old
   * one, so that after a power cut a later, synced batch may be there and this one not. It is
   * therefore written once more with whatever comes next: batches are never reordered.
   */
  let unsynced: Operation[] = []

  function takeGroup (): Waiting[] {
    let count = 0
    let taken = 0
    while (taken < waiting.length) {
      const { operations, make } = waiting[taken]!
      const isAlone = make !== undefined || waiting[0]!.make !== undefined
      if (taken > 0 && (isAlone || count + operations.length > operationsPerCommitMax)) break
      count += operations.length
      taken++
    }
    const group = waiting.slice(0, taken)
    waiting = waiting.slice(taken)
    return group
  }

  async function writeGroup (group: Waiting[]): Promise<void> {
    const [{ make } = {}] = group
    if (make !== undefined) group[0]!.operations = await make()
    const carried = unsynced
    const operations = group.length === 1 && carried.length === 0
      ? group[0]!.operations
      : [...carried, ...group.flatMap(one => one.operations)]
    const sync = carried.length > 0 || group.some(one => one.durable)
    if (operations.length > 0) await level.batch(operations, { ...viewEncoding, sync })
    unsynced = sync ? [] : operations
  }

  async function run (): Promise<void> {
    while (waiting.length > 0) {
      const group = takeGroup()
      try {
        const refused = refusal()
        if (refused !== undefined) throw refused
        await writeGroup(group)
        for (const { resolve } of group) resolve()
      } catch (cause) {
        const error = onFailure(cause)
        for (const { reject } of [...group, ...waiting]) reject(error)
        waiting = []
      }
    }
    writing = undefined
  }

  async function enqueue (operations: Operation[], make: Waiting['make'], durable: boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      waiting.push({ operations, make, durable, resolve, reject })
      writing ??= Promise.resolve().then(run)
    })
  }

  return {
    async commit (operations, durable) {
      await enqueue(operations, undefined, durable)
    },

    async commitAlone (make) {
      await enqueue([], make, true)
    },

    async settle () {
      if (unsynced.length > 0 || waiting.length > 0 || writing !== undefined) await this.commit([], true)
    }
  }
}
