/**
 * Keys and values of the level mailbox store: which record is where, byte by byte. Integers are
 * big-endian. Not here: what the records mean together (level-mailbox-store.ts), nor any reading.
 *
 * | key | value |
 * |---|---|
 * | `f` | version of this layout u32 |
 * | `s` | the store: next sequence, index floor, mailboxes, envelopes, bytes, descriptor bytes |
 * | `q` mailbox 32 | envelopes, bytes, head, next, addresses, bundles, refused, life |
 * | `a` address hash 32 | mailbox 32, envelopes max, expiry, since, waiting |
 * | `b` location 32 | mailbox 32, expiry, one-time u8, sealed |
 * | `d` slot 32 | for each record: blinded key 32, sequence u64, expiry, length u16, bytes |
 * | `o` mailbox 32, `a` or `b`, key 32 | empty: what the mailbox owns |
 * | `e` expiry, `a`, `b` or `d`, key 32 | empty: what is to be swept when |
 * | `p` until, sequence | 0, mailbox 32, index, received at, envelope; or, once acked: 1, digest 32 |
 * | `m` mailbox 32, index | until, sequence, length u32, digest 32, address hash 32 |
 * | `i` digest 32 | until, sequence, life |
 *
 * Numbers without a width are u48. Payloads (`p`) are keyed in the order in which they come and in
 * which they expire: files of the tree hardly overlap, pages read neighbours, and a sweep is one
 * scan. `m` is small, so that keeping many mailboxes in order moves few bytes.
 * A digest is half of the address's hash and half of the envelope's: neighbours share a prefix. Who
 * finds two envelopes with one digest only hides one of his own messages.
 */
import { readU32be, writeU32be } from '../../protocol/bytes.ts'
import type { SlotRecord } from './rooms.ts'
import { readU48, writeU48 } from './u48.ts'

/** A folder with a higher one was written by a newer version, and is refused. */
export const layoutVersion = 1

const prefixes = { format: 'f', totals: 's', mailbox: 'q', address: 'a', bundle: 'b', slot: 'd', owned: 'o',
  expiry: 'e', payload: 'p', order: 'm', digest: 'i' } as const

/** First byte of the keys of each table. */
export const tables = Object.fromEntries(
  Object.entries(prefixes).map(([name, letter]) => [name, letter.charCodeAt(0)])
) as Record<keyof typeof prefixes, number>

export type Expiring = 'address' | 'bundle' | 'slot'

export const formatKey = Uint8Array.of(tables.format)

/** Bytes of their own kind, where the tree gave a view that prints and compares otherwise. */
function plain (bytes: Uint8Array, from: number, to = bytes.length): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + from, to - from)
}

export function payloadKey (until: number, sequence: number): Uint8Array {
  const key = new Uint8Array(13)
  key[0] = tables.payload
  writeU48(key, 1, until)
  writeU48(key, 7, sequence)
  return key
}

export function orderKey (mailbox: Uint8Array, index: number): Uint8Array {
  const key = new Uint8Array(39)
  key[0] = tables.order
  key.set(mailbox, 1)
  writeU48(key, 33, index)
  return key
}

export function indexOfOrderKey (key: Uint8Array): number {
  return readU48(key, 33)
}

/** From the 32 bytes that other records keep of it. */
export function digestKeyOf (digest: Uint8Array): Uint8Array {
  const key = new Uint8Array(33)
  key[0] = tables.digest
  key.set(digest, 1)
  return key
}

export function digestKey (addressHash: Uint8Array, envelopeHash: Uint8Array): Uint8Array {
  const key = new Uint8Array(33)
  key[0] = tables.digest
  key.set(addressHash.subarray(0, 16), 1)
  key.set(envelopeHash.subarray(0, 16), 17)
  return key
}

export function ownedKey (mailbox: Uint8Array, kind: Expiring, id: Uint8Array): Uint8Array {
  const key = new Uint8Array(66)
  key[0] = tables.owned
  key.set(mailbox, 1)
  key[33] = tables[kind]
  key.set(id, 34)
  return key
}

export function readOwnedKey (key: Uint8Array): { kind: Expiring, id: Uint8Array } {
  return { kind: kindOf(key[33]), id: plain(key, 34) }
}

export function expiryKey (expiresAt: number, kind: Expiring, id: Uint8Array): Uint8Array {
  const key = new Uint8Array(40)
  key[0] = tables.expiry
  writeU48(key, 1, expiresAt)
  key[7] = tables[kind]
  key.set(id, 8)
  return key
}

export function readExpiryKey (key: Uint8Array): { kind: Expiring, id: Uint8Array } {
  return { kind: kindOf(key[7]), id: plain(key, 8) }
}

function kindOf (byte: number | undefined): Expiring {
  if (byte === tables.address) return 'address'
  return byte === tables.bundle ? 'bundle' : 'slot'
}

/** What the store counts over all mailboxes. */
export interface Totals {
  nextSequence: number
  /** No mailbox that is created starts below: cursors of dropped ones stay behind. */
  indexFloor: number
  mailboxes: number
  envelopes: number
  bytes: number
  descriptorBytes: number
}

export function encodeTotals (totals: Totals): Uint8Array {
  return encodeNumbers([
    totals.nextSequence, totals.indexFloor, totals.mailboxes, totals.envelopes, totals.bytes,
    totals.descriptorBytes
  ])
}

export function decodeTotals (bytes: Uint8Array): Totals {
  const at = (field: number): number => readU48(bytes, field * 6)
  return {
    nextSequence: at(0),
    indexFloor: at(1),
    mailboxes: at(2),
    envelopes: at(3),
    bytes: at(4),
    descriptorBytes: at(5)
  }
}

export interface MailboxRecord {
  /** Not acked. */
  envelopes: number
  bytes: number
  /** Nothing that is not acked has a lower index: where a scan starts, past the dead keys of acked ones. */
  head: number
  /** Index of the next envelope. */
  next: number
  addresses: number
  bundles: number
  refused: boolean
  /**
   * A number that no other mailbox has, nor this one after a drop: what was deposited in another
   * life is not here, however well its digest is known.
   */
  life: number
}

export function encodeMailbox (record: MailboxRecord): Uint8Array {
  return encodeNumbers([
    record.envelopes, record.bytes, record.head, record.next, record.addresses, record.bundles,
    record.refused ? 1 : 0, record.life
  ])
}

export function decodeMailbox (bytes: Uint8Array): MailboxRecord {
  const at = (field: number): number => readU48(bytes, field * 6)
  return {
    envelopes: at(0),
    bytes: at(1),
    head: at(2),
    next: at(3),
    addresses: at(4),
    bundles: at(5),
    refused: at(6) === 1,
    life: at(7)
  }
}

export interface AddressRecord {
  mailbox: Uint8Array
  envelopesMax: number
  expiresAt: number
  /** The mailbox's `next` when it was opened: envelopes below came through an earlier opening. */
  since: number
  /** Of the envelopes not below `since`, those that are not acked. */
  waiting: number
}

export function encodeAddress (record: AddressRecord): Uint8Array {
  const bytes = new Uint8Array(56)
  bytes.set(record.mailbox)
  writeU48(bytes, 32, record.envelopesMax)
  writeU48(bytes, 38, record.expiresAt)
  writeU48(bytes, 44, record.since)
  writeU48(bytes, 50, record.waiting)
  return bytes
}

export function decodeAddress (bytes: Uint8Array): AddressRecord {
  const at = (offset: number): number => readU48(bytes, offset)
  return {
    mailbox: plain(bytes, 0, 32), envelopesMax: at(32), expiresAt: at(38), since: at(44), waiting: at(50)
  }
}

export interface BundleRecord {
  mailbox: Uint8Array
  expiresAt: number
  oneTime: boolean
  sealed: Uint8Array
}

export function encodeBundle (record: BundleRecord): Uint8Array {
  const bytes = new Uint8Array(39 + record.sealed.length)
  bytes.set(record.mailbox)
  writeU48(bytes, 32, record.expiresAt)
  bytes[38] = record.oneTime ? 1 : 0
  bytes.set(record.sealed, 39)
  return bytes
}

export function decodeBundle (bytes: Uint8Array): BundleRecord {
  return {
    mailbox: plain(bytes, 0, 32),
    expiresAt: readU48(bytes, 32),
    oneTime: bytes[38] === 1,
    sealed: plain(bytes, 39)
  }
}

const slotRecordBytes = 48

export function encodeSlot (records: readonly SlotRecord[]): Uint8Array {
  const bytes = new Uint8Array(
    records.reduce((sum, record) => sum + slotRecordBytes + record.bytes.length, 0)
  )
  let at = 0
  for (const record of records) {
    bytes.set(record.blindedKey, at)
    writeU32be(bytes, at + 32, Math.floor(record.sequence / 0x1_0000_0000))
    writeU32be(bytes, at + 36, record.sequence % 0x1_0000_0000)
    writeU48(bytes, at + 40, record.expiresAt)
    bytes[at + 46] = record.bytes.length >>> 8
    bytes[at + 47] = record.bytes.length
    bytes.set(record.bytes, at + slotRecordBytes)
    at += slotRecordBytes + record.bytes.length
  }
  return bytes
}

export function decodeSlot (bytes: Uint8Array): SlotRecord[] {
  const records: SlotRecord[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + slotRecordBytes + ((bytes[at + 46] ?? 0) << 8 | (bytes[at + 47] ?? 0))
    records.push({
      blindedKey: plain(bytes, at, at + 32),
      sequence: readU32be(bytes, at + 32) * 0x1_0000_0000 + readU32be(bytes, at + 36),
      expiresAt: readU48(bytes, at + 40),
      bytes: plain(bytes, at + slotRecordBytes, end)
    })
    at = end
  }
  return records
}

const waitingHeaderBytes = 45

export function encodeWaiting (
  mailbox: Uint8Array, index: number, receivedAt: number, envelope: Uint8Array
): Uint8Array {
  const bytes = new Uint8Array(waitingHeaderBytes + envelope.length)
  bytes.set(mailbox, 1)
  writeU48(bytes, 33, index)
  writeU48(bytes, 39, receivedAt)
  bytes.set(envelope, waitingHeaderBytes)
  return bytes
}

/** What stays of an acked envelope until it expires, so that its digest is found and swept then. */
export function encodeAcked (digest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(33)
  bytes[0] = 1
  bytes.set(digest, 1)
  return bytes
}

export type PayloadRecord =
  | { acked: false, mailbox: Uint8Array, index: number, receivedAt: number, envelope: Uint8Array }
  | { acked: true, digest: Uint8Array }

export function decodePayload (bytes: Uint8Array): PayloadRecord {
  if (bytes[0] === 1) return { acked: true, digest: plain(bytes, 1) }
  return {
    acked: false,
    mailbox: plain(bytes, 1, 33),
    index: readU48(bytes, 33),
    receivedAt: readU48(bytes, 39),
    envelope: plain(bytes, waitingHeaderBytes)
  }
}

/** Where an envelope's payload is, and what must be known to take it away without reading it. */
export interface OrderRecord {
  until: number
  sequence: number
  bytes: number
  digest: Uint8Array
  addressHash: Uint8Array
}

export function encodeOrder (
  payload: Uint8Array, bytes: number, digest: Uint8Array, addressHash: Uint8Array
): Uint8Array {
  const record = new Uint8Array(80)
  record.set(payload.subarray(1), 0)
  writeU32be(record, 12, bytes)
  record.set(digest.subarray(1), 16)
  record.set(addressHash, 48)
  return record
}

export function decodeOrder (record: Uint8Array): OrderRecord {
  return {
    until: readU48(record, 0),
    sequence: readU48(record, 6),
    bytes: readU32be(record, 12),
    digest: plain(record, 16, 48),
    addressHash: plain(record, 48, 80)
  }
}

/** Of a digest: the payload of the envelope it stands for, and in which life of a mailbox it came. */
export interface DepositedRecord {
  /** Until when the envelope is known. */
  until: number
  sequence: number
  life: number
}

export function encodeDeposited ({ until, sequence, life }: DepositedRecord): Uint8Array {
  return encodeNumbers([until, sequence, life])
}

export function decodeDeposited (bytes: Uint8Array): DepositedRecord {
  return { until: readU48(bytes, 0), sequence: readU48(bytes, 6), life: readU48(bytes, 12) }
}

function encodeNumbers (numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 6)
  numbers.forEach((number, field) => writeU48(bytes, field * 6, number))
  return bytes
}
