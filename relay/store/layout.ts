/**
 * Keys and values of the level mailbox store: which record is where, byte by byte. Integers are
 * big-endian. Each reader refuses what no writer here makes: StoreError STORE_CORRUPT (damage.ts).
 * Not here: what the records mean together (level-mailbox-store.ts), nor any access to the tree.
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
import { descriptorsPerSlotMax, envelopeBytesMax, sealedBundleBytesMax } from '../../protocol/limits.ts'
import { damaged, RecordReader } from './damage.ts'
import type { SlotRecord } from './rooms.ts'
import { writeU48 } from './u48.ts'

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

/** The version of the layout that the folder has. */
export function decodeFormat (bytes: Uint8Array): number {
  const reader = new RecordReader('format', bytes, 4)
  const version = readU32be(bytes, 0)
  if (version === 0) throw reader.damaged('names no version')
  return version
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
  return new RecordReader('order', key, 39).number(33)
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
  const id = new RecordReader('owned', key, 66).bytes(34)
  const kind = kindOf(key[33])
  // A slot is nobody's.
  if (kind === undefined || kind === 'slot') throw damaged('owned', 'is of no known kind')
  return { kind, id }
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
  const id = new RecordReader('expiry', key, 40).bytes(8)
  const kind = kindOf(key[7])
  if (kind === undefined) throw damaged('expiry', 'is of no known kind')
  return { kind, id }
}

function kindOf (byte: number | undefined): Expiring | undefined {
  if (byte === tables.address) return 'address'
  if (byte === tables.bundle) return 'bundle'
  return byte === tables.slot ? 'slot' : undefined
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
  const reader = new RecordReader('totals', bytes, 36)
  const totals = {
    nextSequence: reader.number(0),
    indexFloor: reader.number(6),
    mailboxes: reader.count(12),
    envelopes: reader.count(18),
    bytes: reader.count(24),
    descriptorBytes: reader.count(30)
  }
  // Each mailbox has a number as its life, each envelope one as its sequence.
  if (totals.mailboxes + totals.envelopes > totals.nextSequence) {
    throw reader.damaged('counts more than there ever was')
  }
  checkHolding(reader, totals)
  return totals
}

/** No envelope is empty, and none larger than the largest. */
function checkHolding (reader: RecordReader, { envelopes, bytes }: { envelopes: number, bytes: number }): void {
  if (bytes < envelopes || bytes > envelopes * envelopeBytesMax) {
    throw reader.damaged('counts bytes that its envelopes can\'t have')
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
  const reader = new RecordReader('mailbox', bytes, 48)
  const mailbox = {
    envelopes: reader.count(0),
    bytes: reader.count(6),
    head: reader.number(12),
    next: reader.number(18),
    addresses: reader.count(24),
    bundles: reader.count(30),
    refused: reader.flag(reader.number(36)),
    life: reader.number(42)
  }
  if (mailbox.head + mailbox.envelopes > mailbox.next) throw reader.damaged('counts more than came')
  checkHolding(reader, mailbox)
  return mailbox
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
  const reader = new RecordReader('address', bytes, 56)
  return {
    mailbox: reader.bytes(0, 32),
    envelopesMax: reader.number(32),
    expiresAt: reader.number(38),
    since: reader.number(44),
    waiting: reader.count(50)
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
  const reader = new RecordReader('bundle', bytes, 40, 39 + sealedBundleBytesMax)
  return {
    mailbox: reader.bytes(0, 32),
    expiresAt: reader.number(32),
    oneTime: reader.flag(bytes[38]),
    sealed: reader.bytes(39)
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
  const reader = new RecordReader('slot', bytes, slotRecordBytes, Infinity)
  const records: SlotRecord[] = []
  for (let at = 0; at < bytes.length;) {
    const from = at + slotRecordBytes
    const blindedKey = reader.bytes(at, at + 32)
    const end = from + ((bytes[at + 46] ?? 0) << 8 | (bytes[at + 47] ?? 0))
    const record = {
      blindedKey,
      sequence: readU32be(bytes, at + 32) * 0x1_0000_0000 + readU32be(bytes, at + 36),
      expiresAt: reader.number(at + 40),
      bytes: reader.bytes(from, end)
    }
    if (!Number.isSafeInteger(record.sequence)) throw reader.damaged('has a sequence over 2^53')
    if (records.push(record) > descriptorsPerSlotMax) throw reader.damaged('holds more than a slot may')
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
  const lengthMax = waitingHeaderBytes + envelopeBytesMax
  const isAcked = new RecordReader('payload', bytes, 1, lengthMax).flag(bytes[0])
  if (isAcked) return { acked: true, digest: new RecordReader('payload', bytes, 33).bytes(1) }
  const reader = new RecordReader('payload', bytes, waitingHeaderBytes + 1, lengthMax)
  return {
    acked: false,
    mailbox: reader.bytes(1, 33),
    index: reader.number(33),
    receivedAt: reader.number(39),
    envelope: reader.bytes(waitingHeaderBytes)
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
  const reader = new RecordReader('order', record, 80)
  const bytes = readU32be(record, 12)
  if (bytes === 0 || bytes > envelopeBytesMax) throw reader.damaged(`speaks of an envelope of ${bytes} bytes`)
  return {
    until: reader.number(0),
    sequence: reader.number(6),
    bytes,
    digest: reader.bytes(16, 48),
    addressHash: reader.bytes(48, 80)
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
  const reader = new RecordReader('digest', bytes, 18)
  const deposited = { until: reader.number(0), sequence: reader.number(6), life: reader.number(12) }
  // Both are drawn from one row of numbers, and the mailbox was there first.
  if (deposited.life >= deposited.sequence) throw reader.damaged('is older than its mailbox')
  return deposited
}

function encodeNumbers (numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 6)
  numbers.forEach((number, field) => writeU48(bytes, field * 6, number))
  return bytes
}
