/**
 * Deletion in the level store, in slices of one commit each: acks, what has expired, and what a
 * dropped mailbox leaves. Not here: when sweeps are due (the relay's core says so).
 */
import { equal } from '../../protocol/bytes.ts'
import type { Cell, CellTable } from './cells.ts'
import type { Batch, Commits, Stage, Task } from './commits.ts'
import { damaged } from './damage.ts'
import {
  decodeDeposited, decodeOrder, decodePayload, digestKeyOf, encodeAcked, expiryKey, indexOfOrderKey,
  orderKey, ownedKey, payloadKey, readExpiryKey, readOwnedKey, tables, type AddressRecord,
  type BundleRecord, type Expiring, type MailboxRecord, type OrderRecord, type PayloadRecord, type Totals
} from './layout.ts'
import { instantMax, nameOf, slotBytes, type SlotRecord } from './rooms.ts'
import type { Database } from './tree.ts'

/** Entries that one commit takes away: few enough that deposits behind it hardly wait. */
export const sliceEntriesMax = 1000
/** No key or value is larger, so that a scan is never split by its bytes. */
const scanBytes = 16 * 1024 * 1024

export interface Tables {
  mailboxes: CellTable<MailboxRecord>
  addresses: CellTable<AddressRecord>
  bundles: CellTable<BundleRecord>
  slots: CellTable<SlotRecord[]>
  totals: Cell<Totals> & { value: Totals }
}

interface WaitingEnvelope {
  index: number
  order: OrderRecord
  mailbox: Cell<MailboxRecord>
  address: Cell<AddressRecord>
}

/** The first `max` entries of a range of keys. */
async function scan (
  db: Database, from: Uint8Array, through: Uint8Array, max: number
): Promise<Array<[Uint8Array, Uint8Array]>> {
  const options = { gte: from, lte: through, limit: max, fillCache: false, highWaterMarkBytes: scanBytes }
  const iterator = db.iterator(options)
  try {
    return await iterator.nextv(max)
  } finally {
    await iterator.close()
  }
}

/** An envelope counts no longer. What is written of it is the caller's. */
function discount (
  batch: Batch, { index, order, mailbox, address }: WaitingEnvelope, totals: Tables['totals']
): void {
  const box = mailbox.value!
  for (const [kind, holding] of [['mailbox', box], ['totals', totals.value]] as const) {
    // Written below zero it would be read as more than any limit, and that mailbox is full for ever.
    if (holding.envelopes < 1 || holding.bytes < order.bytes) throw damaged(kind, 'counts less than is there')
    holding.envelopes--
    holding.bytes -= order.bytes
  }
  if (index === box.head) box.head = index + 1
  batch.del(orderKey(mailbox.id, index))
  batch.touch(mailbox)
  batch.touch(totals)
  // It may have been closed meanwhile, and opened anew, by this mailbox or another.
  const opened = address.value
  if (opened === undefined || !equal(opened.mailbox, mailbox.id) || index < opened.since) return
  opened.waiting--
  batch.touch(address)
}

/**
 * Acks at most `sliceEntriesMax` of the envelopes through `last`; returns how many, and whether
 * there may be more.
 */
export function ackSlice (
  db: Database, { mailboxes, addresses, totals }: Tables, id: Uint8Array, last: number
): Task<WaitingEnvelope[], { count: number, mayBeMore: boolean }> {
  return {
    // Lost, an ack only delivers again: nobody needs to wait until it is durable.
    isLazy: true,
    prepare: async (stage) => {
      const mailbox = await stage.pinOne(mailboxes, id)
      const head = mailbox.value?.head
      if (head === undefined || head > last) return []
      const entries = await scan(db, orderKey(id, head), orderKey(id, last), sliceEntriesMax)
      const orders = entries.map(([, value]) => decodeOrder(value))
      const cells = await stage.pin(addresses, orders.map(order => order.addressHash))
      return orders.map(
        (order, at) => ({ index: indexOfOrderKey(entries[at]![0]), order, mailbox, address: cells[at]! })
      )
    },
    apply: (batch, waiting) => {
      let count = 0
      for (const envelope of waiting) {
        const box = envelope.mailbox.value
        // Another ack, not yet written when this one read, has taken it.
        if (box === undefined || envelope.index < box.head) continue
        discount(batch, envelope, totals)
        box.head = envelope.index + 1
        batch.put(
          payloadKey(envelope.order.until, envelope.order.sequence), encodeAcked(envelope.order.digest)
        )
        count++
      }
      return { count, mayBeMore: waiting.length >= sliceEntriesMax }
    }
  }
}

interface ExpiredPayload {
  key: Uint8Array
  digestKey: Uint8Array
  /** The digest may stand for a later deposit of the same envelope. */
  isDigestOurs: boolean
  waiting: WaitingEnvelope | undefined
}

/** Sweeps at most `max` payloads that have expired by `now`. */
export async function sweepPayloads (
  db: Database, commits: Commits, tables: Tables, now: number, max: number
): Promise<number> {
  return await commits.run<ExpiredPayload[], number>({
    isExclusive: true,
    prepare: async (stage) => {
      const entries = await scan(
        db, payloadKey(0, 0), payloadKey(now, instantMax), Math.min(max, sliceEntriesMax)
      )
      const payloads = entries.map(([key, value]) => ({ key, payload: decodePayload(value) }))
      const waiting = await readWaiting(db, tables, stage, payloads.map(({ payload }) => payload))
      const digestKeys = payloads.map(({ payload }, at) =>
        digestKeyOf(payload.acked ? payload.digest : waiting[at]!.order.digest))
      const known: Array<Uint8Array | undefined> = await db.getMany(digestKeys)
      return payloads.map(({ key }, at) => {
        const deposited = known[at] === undefined ? undefined : decodeDeposited(known[at])
        const isDigestOurs = deposited !== undefined &&
          nameOf(payloadKey(deposited.until, deposited.sequence)) === nameOf(key)
        return { key, digestKey: digestKeys[at]!, isDigestOurs, waiting: waiting[at] }
      })
    },
    apply: (batch, expired) => {
      for (const { key, digestKey, isDigestOurs, waiting } of expired) {
        batch.del(key)
        if (isDigestOurs) batch.del(digestKey)
        if (waiting !== undefined) discount(batch, waiting, tables.totals)
      }
      return expired.length
    }
  })
}

/** For each payload that is not acked what its mailbox says of it. */
async function readWaiting (
  db: Database, tables: Tables, stage: Stage, payloads: PayloadRecord[]
): Promise<Array<WaitingEnvelope | undefined>> {
  const waiting = payloads.filter(payload => !payload.acked)
  const keys = waiting.map(({ mailbox, index }) => orderKey(mailbox, index))
  const values: Array<Uint8Array | undefined> = await db.getMany(keys)
  const orders = values.map(value => {
    if (value === undefined) throw damaged('payload', 'is in no mailbox')
    return decodeOrder(value)
  })
  const mailboxes = await stage.pin(tables.mailboxes, waiting.map(({ mailbox }) => mailbox))
  const addresses = await stage.pin(tables.addresses, orders.map(order => order.addressHash))
  if (mailboxes.some(cell => cell.value === undefined)) {
    throw damaged('payload', 'outlived its mailbox')
  }
  let at = 0
  return payloads.map(payload => {
    if (payload.acked) return undefined
    const found = {
      index: payload.index, order: orders[at]!, mailbox: mailboxes[at]!, address: addresses[at]!
    }
    at++
    return found
  })
}

interface ExpiredRecord { kind: Expiring, id: Uint8Array, key: Uint8Array }
interface Pinned {
  record: ExpiredRecord
  address?: Cell<AddressRecord>
  bundle?: Cell<BundleRecord>
  slot?: Cell<SlotRecord[]>
  mailbox?: Cell<MailboxRecord> | undefined
}

/** Sweeps at most `max` addresses, bundles and descriptors that have expired by `now`. */
export async function sweepRecords (
  db: Database, commits: Commits, all: Tables, now: number, max: number
): Promise<number> {
  return await commits.run<Pinned[], number>({
    isExclusive: true,
    prepare: async (stage) => {
      const from = expiryKey(0, 'address', new Uint8Array(32))
      const through = expiryKey(now, 'slot', new Uint8Array(32).fill(255))
      const entries = await scan(db, from, through, Math.min(max, sliceEntriesMax))
      return await Promise.all(entries.map(async ([key]) =>
        await pinRecord(stage, all, { ...readExpiryKey(key), key })))
    },
    apply: (batch, expired) => {
      for (const pinned of expired) {
        batch.del(pinned.record.key)
        if (pinned.slot?.value !== undefined) {
          setSlot(batch, all.totals, pinned.slot, pinned.slot.value.filter(record => record.expiresAt > now))
        }
        deleteOwned(batch, pinned)
      }
      return expired.length
    }
  })
}

async function pinRecord (stage: Stage, all: Tables, record: ExpiredRecord): Promise<Pinned> {
  if (record.kind === 'slot') return { record, slot: await stage.pinOne(all.slots, record.id) }
  if (record.kind === 'address') {
    const address = await stage.pinOne(all.addresses, record.id)
    return {
      record, address, mailbox: address.value && await stage.pinOne(all.mailboxes, address.value.mailbox)
    }
  }
  const bundle = await stage.pinOne(all.bundles, record.id)
  return { record, bundle, mailbox: bundle.value && await stage.pinOne(all.mailboxes, bundle.value.mailbox) }
}

function deleteOwned (batch: Batch, { address, bundle, mailbox }: Pinned): void {
  if (mailbox === undefined) return
  if (address !== undefined) deleteAddress(batch, address, mailbox)
  if (bundle !== undefined) deleteBundle(batch, bundle, mailbox)
}

export function deleteAddress (
  batch: Batch, address: Cell<AddressRecord>, mailbox: Cell<MailboxRecord>
): void {
  if (address.value === undefined) return
  batch.del(expiryKey(address.value.expiresAt, 'address', address.id))
  batch.del(ownedKey(mailbox.id, 'address', address.id))
  address.value = undefined
  batch.touch(address)
  if (mailbox.value !== undefined) mailbox.value.addresses--
  batch.touch(mailbox)
}

export function deleteBundle (batch: Batch, bundle: Cell<BundleRecord>, mailbox: Cell<MailboxRecord>): void {
  if (bundle.value === undefined) return
  batch.del(expiryKey(bundle.value.expiresAt, 'bundle', bundle.id))
  batch.del(ownedKey(mailbox.id, 'bundle', bundle.id))
  bundle.value = undefined
  batch.touch(bundle)
  if (mailbox.value !== undefined) mailbox.value.bundles--
  batch.touch(mailbox)
}

export function setSlot (
  batch: Batch, totals: Tables['totals'], slot: Cell<SlotRecord[]>, after: SlotRecord[]
): void {
  const before = slot.value ?? []
  for (const { expiresAt } of before) batch.del(expiryKey(expiresAt, 'slot', slot.id))
  for (const { expiresAt } of after) batch.put(expiryKey(expiresAt, 'slot', slot.id), new Uint8Array(0))
  totals.value.descriptorBytes += slotBytes(after) - slotBytes(before)
  slot.value = after.length === 0 ? undefined : after
  batch.touch(slot)
  batch.touch(totals)
}

/**
 * Closes the addresses and withdraws the bundles of a mailbox, so that nothing new comes. Returns the
 * last index that is to be taken away now; undefined: there is no such mailbox.
 * It begins a new life with it, in the same commit: were the process killed when some are taken
 * away, the mailbox would else still claim to have them.
 */
export function dropOwned (
  db: Database, all: Tables, id: Uint8Array
): Task<{ mailbox: Cell<MailboxRecord>, owned: Pinned[] }, number | undefined> {
  return {
    isExclusive: true,
    prepare: async (stage) => {
      const mailbox = await stage.pinOne(all.mailboxes, id)
      const { addresses = 0, bundles = 0 } = mailbox.value ?? {}
      const through = ownedKey(id, 'bundle', new Uint8Array(32).fill(255))
      const entries = addresses + bundles === 0
        ? []
        : await scan(db, ownedKey(id, 'address', new Uint8Array(32)), through, addresses + bundles)
      const owned = await Promise.all(entries.map(async ([key]) =>
        await pinRecord(stage, all, { ...readOwnedKey(key), key })))
      return { mailbox, owned }
    },
    apply: (batch, { mailbox, owned }) => {
      for (const pinned of owned) deleteOwned(batch, pinned)
      if (mailbox.value === undefined) return undefined
      mailbox.value.life = all.totals.value.nextSequence++
      batch.touch(mailbox)
      batch.touch(all.totals)
      return mailbox.value.next - 1
    }
  }
}

/** Deletes a mailbox that holds nothing any more; false: it holds something. */
export function dropEmpty (
  { mailboxes, totals }: Tables, id: Uint8Array
): Task<Cell<MailboxRecord>, boolean> {
  return {
    isExclusive: true,
    prepare: async (stage) => await stage.pinOne(mailboxes, id),
    apply: (batch, mailbox) => {
      const box = mailbox.value
      if (box === undefined) return true
      if (box.envelopes + box.addresses + box.bundles > 0) return false
      totals.value.mailboxes--
      totals.value.indexFloor = Math.max(totals.value.indexFloor, box.next)
      mailbox.value = undefined
      batch.touch(mailbox)
      batch.touch(totals)
      return true
    }
  }
}

/** Keys of the payloads that have expired by `now`. */
export function expiredPayloads (now: number): { gte: Uint8Array, lte: Uint8Array } {
  return { gte: Uint8Array.of(tables.payload), lte: payloadKey(now, instantMax) }
}
