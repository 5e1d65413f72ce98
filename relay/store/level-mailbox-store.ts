/**
 * The mailbox store on disk: LevelDB, by `level`. Every commit is synced before anybody hears of
 * it, and deposits that come together share one.
 * Layout: layout.ts. Commits: commits.ts. Why so: docs/decisions/0003-mailbox-store.md.
 * Not here: who may do what at a mailbox, and when to sweep (relay/core).
 */
import { equal } from '../../protocol/bytes.ts'
import { StoreError } from '../../protocol/errors.ts'
import type { Clock, Log } from '../../protocol/ports.ts'
import type {
  DepositRequest, DepositResult, MailboxId, MailboxLimits, MailboxStore, Page, RelayPorts
} from '../core/ports.ts'
import { CellTable } from './cells.ts'
import { Commits, toStoreError } from './commits.ts'
import { Deposits } from './deposits.ts'
import {
  decodeAddress, decodeBundle, decodeMailbox, decodeSlot, decodeTotals, encodeAddress, encodeBundle,
  encodeMailbox, encodeSlot, encodeTotals, expiryKey, formatKey, ownedKey, tables
} from './layout.ts'
import { readMailbox, readPage } from './pages.ts'
import { decodeCursor, instant, putIntoSlot } from './rooms.ts'
import {
  ackSlice, deleteAddress, deleteBundle, dropEmpty, dropOwned, expiredPayloads, setSlot, sliceEntriesMax,
  sweepPayloads, sweepRecords, type Tables
} from './sweeps.ts'
import { checkEmpty, checkFormat, compact, createTree, type Database } from './tree.ts'

/** Records in memory, of each table: about 300 bytes each. */
const cellsMax = 65_536
/** Space of expired envelopes is given back once in this time. */
const compactionIntervalMs = 3_600_000

export interface LevelMailboxStoreOptions {
  /** Of its own: the store owns everything in it. */
  directory: string
  /** In place of the tree on disk: for a disk that is simulated. */
  createTree?: (directory: string) => Database
  clock: Clock
  suite: Pick<RelayPorts['suite'], 'sha256'>
  limits: MailboxLimits
  log: Log
}

export function levelMailboxStore (options: LevelMailboxStoreOptions): MailboxStore {
  return new LevelMailboxStore(options)
}

interface Opened { db: Database, commits: Commits, deposits: Deposits, all: Tables }

class LevelMailboxStore implements MailboxStore {
  readonly #options: LevelMailboxStoreOptions
  #opened: Opened | undefined
  #compaction: Promise<void> = Promise.resolve()
  #compactedAt = 0
  /** A sweep is under way after which files are to be compacted. */
  #mustCompact = false
  #commitCount = 0

  constructor (options: LevelMailboxStoreOptions) {
    this.#options = options
  }

  async open (): Promise<void> {
    if (this.#opened !== undefined) throw new StoreError('STORE_LOCKED', 'the store is open already')
    const db = (this.#options.createTree ?? createTree)(this.#options.directory)
    try {
      await db.open()
      await checkFormat(db)
      this.#opened = await this.#start(db)
    } catch (error) {
      await db.close()
      throw toStoreError(error)
    }
    this.#compactedAt = this.#now()
    this.#mustCompact = false
    this.#commitCount = 0
  }

  async close (): Promise<void> {
    const opened = this.#opened
    if (opened === undefined) return
    this.#opened = undefined
    await opened.commits.drained()
    await this.#compaction
    await opened.db.close()
  }

  async createMailbox (_owner: Uint8Array, mailbox: MailboxId): Promise<'created' | 'existed' | 'FULL'> {
    const { commits, all } = this.#sound()
    return await commits.run({
      prepare: async stage => await stage.pinOne(all.mailboxes, mailbox),
      apply: (batch, cell) => {
        if (cell.value !== undefined) return 'existed'
        const totals = all.totals.value
        if (totals.mailboxes >= this.#options.limits.mailboxesMax) return 'FULL'
        // Above what an earlier mailbox of this name gave out, here or in a folder that was lost:
        // a cursor that its owner kept must not hide what comes now.
        const next = Math.max(totals.indexFloor, this.#now())
        const life = totals.nextSequence++
        cell.value = {
          envelopes: 0, bytes: 0, head: next, next, addresses: 0, bundles: 0, refused: false, life
        }
        totals.mailboxes++
        batch.touch(cell)
        batch.touch(all.totals)
        return 'created'
      }
    })
  }

  async hasMailbox (mailbox: MailboxId): Promise<boolean> {
    const { db, all } = this.#sound()
    return await this.#reading(async () => await db.has(all.mailboxes.keyOf(mailbox)))
  }

  async dropMailbox (mailbox: MailboxId): Promise<void> {
    const { db, commits, all } = this.#sound()
    // An owner who opens addresses while dropping only makes this take longer.
    do {
      const last = await commits.run(dropOwned(db, all, mailbox))
      if (last === undefined) return
      await this.#ack(mailbox, last)
    } while (!await commits.run(dropEmpty(all, mailbox)))
  }

  async openAddress (
    mailbox: MailboxId, addressHash: Uint8Array, limits: { envelopesMax: number, expiresAt: number }
  ): Promise<'opened' | 'UNKNOWN_MAILBOX' | 'QUOTA' | 'BAD_REQUEST'> {
    const { commits, all } = this.#sound()
    const envelopesMax = instant(limits.envelopesMax)
    const expiresAt = instant(limits.expiresAt)
    return await commits.run({
      prepare: async stage => ({
        box: await stage.pinOne(all.mailboxes, mailbox),
        address: await stage.pinOne(all.addresses, addressHash)
      }),
      apply: (batch, { box, address }) => {
        if (box.value === undefined) return 'UNKNOWN_MAILBOX'
        const known = address.value
        if (known !== undefined) {
          if (!equal(known.mailbox, mailbox)) return 'BAD_REQUEST'
          batch.del(expiryKey(known.expiresAt, 'address', addressHash))
          Object.assign(known, { envelopesMax, expiresAt })
        } else {
          if (box.value.addresses >= this.#options.limits.addressesPerMailboxMax) return 'QUOTA'
          address.value = {
            mailbox: mailbox.slice(), envelopesMax, expiresAt, since: box.value.next, waiting: 0
          }
          batch.put(ownedKey(mailbox, 'address', addressHash), new Uint8Array(0))
          box.value.addresses++
          batch.touch(box)
        }
        batch.put(expiryKey(expiresAt, 'address', addressHash), new Uint8Array(0))
        batch.touch(address)
        return 'opened'
      }
    })
  }

  async closeAddress (mailbox: MailboxId, addressHash: Uint8Array): Promise<void> {
    const { commits, all } = this.#sound()
    await commits.run({
      prepare: async stage => ({
        box: await stage.pinOne(all.mailboxes, mailbox),
        address: await stage.pinOne(all.addresses, addressHash)
      }),
      apply: (batch, { box, address }) => {
        const isOurs = address.value !== undefined && equal(address.value.mailbox, mailbox)
        if (isOurs) deleteAddress(batch, address, box)
      }
    })
  }

  async deposit (request: DepositRequest): Promise<DepositResult> {
    return await this.#sound().deposits.deposit(request)
  }

  async page (
    mailbox: MailboxId, options: { after: Uint8Array | undefined, envelopesMax: number, bytesMax: number }
  ): Promise<Page> {
    const { db, commits, all } = this.#sound()
    const page = await this.#reading(
      async () => await readPage(db, all.mailboxes, mailbox, options, this.#now())
    )
    if (page.refusedSome && page.drained) {
      await commits.run({
        isLazy: true,
        prepare: async stage => await stage.pinOne(all.mailboxes, mailbox),
        apply: (batch, cell) => {
          if (cell.value === undefined) return
          cell.value.refused = false
          batch.touch(cell)
        }
      })
    }
    return page
  }

  async ackThrough (mailbox: MailboxId, cursor: Uint8Array): Promise<number> {
    const last = decodeCursor(cursor)
    this.#sound()
    return last === undefined ? 0 : await this.#ack(mailbox, last)
  }

  async usage (mailbox: MailboxId): Promise<{ envelopes: number, bytes: number, addresses: number }> {
    const { db, all } = this.#sound()
    const known = all.mailboxes.peek(mailbox)
    const record = await this.#reading(async () => known === undefined
      ? await readMailbox(db, all.mailboxes, mailbox)
      : known.value)
    return {
      envelopes: record?.envelopes ?? 0, bytes: record?.bytes ?? 0, addresses: record?.addresses ?? 0
    }
  }

  async expire (max: number): Promise<{ removed: number, done: boolean }> {
    const { db, commits, all } = this.#sound()
    const now = this.#now()
    const isDue = now - this.#compactedAt >= compactionIntervalMs
    const isCompactionDue = isDue && await this.#reading(async () =>
      (await db.keys({ ...expiredPayloads(now), limit: 1 }).all()).length > 0)
    if (isCompactionDue) {
      this.#compactedAt = now
      await this.#settleTree(db)
    }
    let removed = 0
    for (const sweep of [sweepPayloads, sweepRecords]) {
      while (removed < max) {
        const slice = Math.min(sliceEntriesMax, max - removed)
        const count = await sweep(db, commits, all, now, slice)
        removed += count
        if (count < slice) break
      }
    }
    const done = removed < max
    this.#mustCompact ||= isCompactionDue
    if (done && this.#mustCompact) {
      this.#mustCompact = false
      this.#giveSpaceBack(db, now)
    }
    return { removed, done }
  }

  async publishBundle (
    mailbox: MailboxId,
    bundle: { location: Uint8Array, sealed: Uint8Array, oneTime: boolean, expiresAt: number }
  ): Promise<'published' | 'UNKNOWN_MAILBOX' | 'QUOTA' | 'BAD_REQUEST'> {
    const { commits, all } = this.#sound()
    const { location, sealed, oneTime } = bundle
    const expiresAt = instant(bundle.expiresAt)
    return await commits.run({
      prepare: async stage => ({
        box: await stage.pinOne(all.mailboxes, mailbox), cell: await stage.pinOne(all.bundles, location)
      }),
      apply: (batch, { box, cell }) => {
        if (box.value === undefined) return 'UNKNOWN_MAILBOX'
        if (cell.value !== undefined && !equal(cell.value.mailbox, mailbox)) return 'BAD_REQUEST'
        const hasRoom = box.value.bundles < this.#options.limits.bundlesPerMailboxMax
        if (cell.value === undefined && !hasRoom) return 'QUOTA'
        deleteBundle(batch, cell, box)
        cell.value = { mailbox: mailbox.slice(), expiresAt, oneTime, sealed: sealed.slice() }
        box.value.bundles++
        batch.put(ownedKey(mailbox, 'bundle', location), new Uint8Array(0))
        batch.put(expiryKey(expiresAt, 'bundle', location), new Uint8Array(0))
        batch.touch(cell)
        batch.touch(box)
        return 'published'
      }
    })
  }

  async withdrawBundle (mailbox: MailboxId, location: Uint8Array): Promise<void> {
    const { commits, all } = this.#sound()
    await commits.run({
      prepare: async stage => ({
        box: await stage.pinOne(all.mailboxes, mailbox), cell: await stage.pinOne(all.bundles, location)
      }),
      apply: (batch, { box, cell }) => {
        if (cell.value !== undefined && equal(cell.value.mailbox, mailbox)) deleteBundle(batch, cell, box)
      }
    })
  }

  async takeBundle (location: Uint8Array): Promise<Uint8Array | undefined> {
    const { commits, all } = this.#sound()
    return await commits.run({
      prepare: async stage => {
        const cell = await stage.pinOne(all.bundles, location)
        return { cell, box: cell.value && await stage.pinOne(all.mailboxes, cell.value.mailbox) }
      },
      apply: (batch, { cell, box }) => {
        const bundle = cell.value
        if (bundle === undefined || box === undefined || bundle.expiresAt <= this.#now()) return undefined
        // Withdrawn meanwhile, and published by another mailbox, which is not pinned.
        if (!equal(bundle.mailbox, box.id)) return undefined
        if (bundle.oneTime) deleteBundle(batch, cell, box)
        return bundle.sealed
      }
    })
  }

  async putDescriptor (
    slot: Uint8Array,
    record: { bytes: Uint8Array, blindedKey: Uint8Array, sequence: number, expiresAt: number }
  ): Promise<'stored' | 'STALE' | 'FULL'> {
    const { commits, all } = this.#sound()
    const kept = {
      blindedKey: record.blindedKey.slice(), sequence: record.sequence, expiresAt: instant(record.expiresAt),
      bytes: record.bytes.slice()
    }
    return await commits.run({
      prepare: async stage => await stage.pinOne(all.slots, slot),
      apply: (batch, cell) => {
        const { limits } = this.#options
        const after = putIntoSlot(
          cell.value ?? [], kept, this.#now(), limits, all.totals.value.descriptorBytes
        )
        if (typeof after === 'string') return after
        setSlot(batch, all.totals, cell, after)
        return 'stored'
      }
    })
  }

  async getDescriptors (slot: Uint8Array): Promise<Uint8Array[]> {
    const { db, all } = this.#sound()
    const bytes = await this.#reading<Uint8Array | undefined>(
      async () => await db.get(all.slots.keyOf(slot))
    )
    const now = this.#now()
    return bytes === undefined
      ? []
      : decodeSlot(bytes).filter(record => record.expiresAt > now).map(record => record.bytes)
  }

  async stats (): ReturnType<MailboxStore['stats']> {
    const { all, deposits } = this.#sound()
    const { mailboxes, envelopes, bytes } = all.totals.value
    const commits = this.#commitCount
    const depositsPerCommit = commits === 0 ? 0 : deposits.storedCount / commits
    return { mailboxes, envelopes, bytes, commits, depositsPerCommit }
  }

  #now (): number {
    return instant(this.#options.clock.now())
  }

  #sound (): Opened {
    if (this.#opened === undefined) throw new StoreError('STORE_FAILED', 'the store is not open')
    this.#opened.commits.assertSound()
    return this.#opened
  }

  /** A read that fails is a failure of the disk like any other. */
  async #reading<T> (read: () => Promise<T>): Promise<T> {
    const { commits } = this.#sound()
    try {
      return await read()
    } catch (error) {
      throw commits.fail(error)
    }
  }

  async #ack (mailbox: MailboxId, last: number): Promise<number> {
    const { db, commits, all } = this.#sound()
    let acked = 0
    for (;;) {
      const { count, mayBeMore } = await commits.run(ackSlice(db, all, mailbox, last))
      acked += count
      if (!mayBeMore) return acked
    }
  }

  async #start (db: Database): Promise<Opened> {
    const { clock, suite, limits, log } = this.#options
    const totalsTable = new CellTable(tables.totals, { encode: encodeTotals, decode: decodeTotals }, 1)
    const nothing = new Uint8Array(0)
    const totals = totalsTable.admit(nothing, '', await db.get(totalsTable.keyOf(nothing)))
    if (totals.value === undefined) await checkEmpty(db)
    const value = totals.value ??= {
      nextSequence: 0, indexFloor: 0, mailboxes: 0, envelopes: 0, bytes: 0, descriptorBytes: 0
    }
    const all: Tables = {
      mailboxes: new CellTable(tables.mailbox, { encode: encodeMailbox, decode: decodeMailbox }, cellsMax),
      addresses: new CellTable(tables.address, { encode: encodeAddress, decode: decodeAddress }, cellsMax),
      bundles: new CellTable(tables.bundle, { encode: encodeBundle, decode: decodeBundle }, cellsMax / 64),
      slots: new CellTable(tables.slot, { encode: encodeSlot, decode: decodeSlot }, cellsMax / 64),
      totals: Object.assign(totals, { value })
    }
    const commits = new Commits(db, log, wasWritten => {
      if (wasWritten) this.#commitCount++
      deposits.committed()
    })
    const deposits = new Deposits({ db, commits, clock, sha256: suite.sha256, limits, ...all })
    return { db, commits, deposits, all }
  }

  /**
   * Writes what is in the tree's memory to a file, so that the deletions that follow come into
   * another one. Of a deletion in the same file as what it deletes the tree takes no notice until
   * something else makes it rewrite that file, which may be never.
   */
  async #settleTree (db: Database): Promise<void> {
    await this.#compaction
    await this.#reading(async () => { await compact(db, formatKey, formatKey) })
  }

  /**
   * Deleted envelopes stay in the tree's files until these are compacted: neither room nor secrecy
   * is won before.
   */
  #giveSpaceBack (db: Database, now: number): void {
    const { gte, lte } = expiredPayloads(now)
    this.#compaction = compact(db, gte, lte).catch((error: unknown) => {
      // Nothing is lost, and if the disk failed, the next commit says so.
      this.#options.log.warn('mailboxStoreNotCompacted', { code: toStoreError(error).code })
    })
  }
}
