/**
 * Reads one page of a mailbox from a snapshot of the tree, so that it is whole whatever is
 * committed meanwhile. Payloads that are neighbours in the tree are fetched with one call.
 */
import { equal } from '../../protocol/bytes.ts'
import type { Page } from '../core/ports.ts'
import type { CellTable } from './cells.ts'
import { damaged } from './damage.ts'
import {
  decodeMailbox, decodeOrder, decodePayload, indexOfOrderKey, orderKey, payloadKey, type MailboxRecord
} from './layout.ts'
import { decodeCursor, encodeCursor, instantMax } from './rooms.ts'
import type { Database } from './tree.ts'

/** Places that are read at once. */
const placesMax = 1000
/** Above what so many places take, so that no read is split. */
const placesBytes = 1024 * 1024

type Snapshot = ReturnType<Database['snapshot']>

interface Place { index: number, key: Uint8Array, addressHash: Uint8Array }

export async function readPage (
  db: Database, mailboxes: CellTable<MailboxRecord>, mailbox: Uint8Array,
  options: { after: Uint8Array | undefined, envelopesMax: number, bytesMax: number }, now: number
): Promise<Page> {
  await using snapshot = db.snapshot()
  const known = mailboxes.peek(mailbox)
  const record = known === undefined ? await readMailbox(db, mailboxes, mailbox, { snapshot }) : known.value
  if (record === undefined) return { envelopes: [], drained: true, refusedSome: false }
  // The head may be of acks that are not written yet: they count as soon as they are accepted.
  const from = Math.max(record.head, (decodeCursor(options.after) ?? -1) + 1)
  const range = {
    gte: orderKey(mailbox, from),
    lte: orderKey(mailbox, instantMax),
    snapshot,
    fillCache: false,
    highWaterMarkBytes: placesBytes
  }
  const { places, drained } = await readPlaces(
    db.iterator(range), options.envelopesMax, options.bytesMax, now
  )
  const reading = { snapshot, fillCache: false }
  const payloads: Array<Uint8Array | undefined> = await db.getMany(places.map(({ key }) => key), reading)
  const envelopes = places.map(({ index, addressHash }, at) => {
    const payload = payloads[at] === undefined ? undefined : decodePayload(payloads[at])
    if (payload === undefined || payload.acked) throw damaged('order', 'names an envelope that is not there')
    // Another's would be shown to whoever owns this mailbox.
    if (payload.index !== index || !equal(payload.mailbox, mailbox)) {
      throw damaged('order', 'names the envelope of another place')
    }
    return {
      cursor: encodeCursor(index), addressHash, envelope: payload.envelope, receivedAt: payload.receivedAt
    }
  })
  return { envelopes, drained, refusedSome: record.refused }
}

/** The mailbox's record as it is on disk. */
export async function readMailbox (
  db: Database, mailboxes: CellTable<MailboxRecord>, mailbox: Uint8Array,
  options: { snapshot?: Snapshot } = {}
): Promise<MailboxRecord | undefined> {
  const bytes: Uint8Array | undefined = await db.get(mailboxes.keyOf(mailbox), options)
  return bytes === undefined ? undefined : decodeMailbox(bytes)
}

interface PlaceIterator {
  nextv: (size: number) => Promise<Array<[Uint8Array, Uint8Array]>>
  close: () => Promise<void>
}

/** Places of what has not expired, as far as the limits go; the first is always within them. */
async function readPlaces (
  iterator: PlaceIterator, envelopesMax: number, bytesMax: number, now: number
): Promise<{ places: Place[], drained: boolean }> {
  const places: Place[] = []
  let bytes = 0
  try {
    for (;;) {
      // One more than wanted tells whether these are all.
      const size = Math.max(1, Math.min(placesMax, envelopesMax - places.length + 1))
      const entries = await iterator.nextv(size)
      for (const [key, value] of entries) {
        const order = decodeOrder(value)
        if (order.until <= now) continue
        bytes += order.bytes
        const isFull = places.length >= envelopesMax || (bytes > bytesMax && places.length > 0)
        if (isFull) return { places, drained: false }
        places.push({
          index: indexOfOrderKey(key),
          key: payloadKey(order.until, order.sequence),
          addressHash: order.addressHash
        })
      }
      if (entries.length === 0) return { places, drained: true }
    }
  } finally {
    await iterator.close()
  }
}
