/**
 * When an epoch turns, and how (docs/decisions/0004): live records of the shredded tables are sealed
 * under a new key, then the old key is destroyed, and with it whatever the database still holds of
 * deleted and replaced ones.
 *
 * A turn may end at any point and goes on at the next opening: until its last step both keys are in
 * the vault. Not here: the keys (epochs.ts), and what is in a record.
 */
import { tables } from '../core/ports.ts'
import type { Table } from '../core/ports.ts'
import { concat } from '../../protocol/bytes.ts'
import { StoreError } from '../../protocol/errors.ts'
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import { viewEncoding } from './commits.ts'
import type { ByteLevel, Commits, Operation } from './commits.ts'
import type { Epochs } from './epochs.ts'

/** How old a key may become that still opens something deleted. */
const epochMsMax = 3_600_000
/** Commits with such records after which it turns earlier … */
const commitsPerEpoch = 100
/** … unless a turn would rewrite more than was written: a long outbox is not copied over and over. */
const changesPerLiveRecord = 1
/** Records that are sealed anew while other writes wait. */
const pageRecords = 256
const readAheadBytes = 1 << 20

export function isShredded (table: Table): boolean {
  return 'shredded' in tables[table]
}

export interface ShreddingPorts {
  level: ByteLevel
  commits: Commits
  epochs: Epochs
  clock: Clock
  log: Log
  /** Resolves when every read that is under way now is done: such a one may hold a record as it was. */
  readsDone: () => Promise<void>
}

export interface Shredding {
  /** A commit changes so many records of shredded tables. */
  changed: (records: number) => void
  /** Turns now, or ends the turn that is under way. Rejects with StoreError. */
  turn: () => Promise<void>
  /** Starts nothing more; resolves when nothing is under way. */
  stop: () => Promise<void>
}

export function createShredding (ports: ShreddingPorts): Shredding {
  const { level, commits, epochs, clock, log } = ports
  let commitsSince = 0
  let changesSince = 0
  let liveRecords = 0
  let turning: Promise<void> | undefined
  let isStopped = false
  let timer: Timer | undefined

  async function turn (): Promise<void> {
    commitsSince = 0
    changesSince = 0
    timer?.cancel()
    timer = undefined
    await epochs.begin()
    // What is asked for from here on is sealed under the new key, so nothing old comes behind the pages.
    let live = 0
    for (const table of shreddedTables) live += await sealAnew(table)
    await ports.readsDone()
    await epochs.end()
    liveRecords = live
  }

  /** Page by page: a write that comes meanwhile waits for one page at most. */
  async function sealAnew (table: Table): Promise<number> {
    const { id } = tables[table]
    let gte: Uint8Array = Uint8Array.of(id)
    let count = 0
    for (let isLast = false; !isLast;) {
      await commits.commitAlone(async () => {
        const range = { gte, lt: Uint8Array.of(id + 1), limit: pageRecords }
        const options = { ...viewEncoding, ...range, highWaterMarkBytes: readAheadBytes }
        const page = await level.iterator(options).all()
        count += page.length
        isLast = page.length < pageRecords
        if (!isLast) gte = concat(page[page.length - 1]![0], Uint8Array.of(0))
        const seal = epochs.sealBatch()
        return page.filter(([, stored]) => !epochs.isNewest(stored)).map(([key, stored]): Operation => {
          const record = epochs.open(key, stored)
          if (record === undefined) throw new StoreError('STORE_CORRUPT', `A record of table '${table}' does not open.`)
          return { type: 'put', key, value: seal(key, record.key, record.value) }
        })
      })
    }
    return count
  }

  async function run (): Promise<void> {
    turning ??= turn().finally(() => { turning = undefined })
    await turning
  }

  /** Unasked: where the vault fails, nothing is lost, and the old key lives on until the next try. */
  function runAside (): void {
    if (isStopped || turning !== undefined) return
    run().catch((error: unknown) => {
      if (isStopped) return
      log.warn('epochNotTurned', { error: error instanceof StoreError ? error.code : 'vault' })
    })
  }

  const age = clock.now() - epochs.turnedAt
  // A clock that was set back says nothing about the age.
  if (age < 0 || age >= epochMsMax) runAside()

  return {
    turn: run,

    changed (records) {
      if (isStopped) return
      commitsSince++
      changesSince += records
      timer ??= clock.setTimer(epochMsMax, () => {
        timer = undefined
        runAside()
      })
      if (commitsSince >= commitsPerEpoch && changesSince >= liveRecords * changesPerLiveRecord) runAside()
    },

    async stop () {
      isStopped = true
      timer?.cancel()
      try {
        await turning
      } catch {
        // Whoever began it was told; what it left is taken up at the next opening.
      }
    }
  }
}

const shreddedTables = (Object.keys(tables) as Table[]).filter(isShredded)
