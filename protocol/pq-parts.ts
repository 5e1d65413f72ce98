/**
 * How encapsulation keys and ciphertexts travel in the free bytes of ratchet messages: in units,
 * any of which may be lost, repeated or overtaken (spec 05 §Post-quantum records).
 *
 * Not here: when a key is made and what its secret is for (pq-ratchet.ts).
 */
import { concat, readU32be, writeU32be } from './bytes.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { CryptoError } from './errors.ts'

/** Keys and ciphertexts are whole numbers of these. */
export const unitBytes = 32
export const keyUnits = 37
export const ciphertextUnits = 34
/** Kind, epoch and up to two counts. */
const recordHeadBytes = 7
const ackBytes = 6
const kinds = { end: 0, key: 1, ciphertext: 2, keyAck: 3, ciphertextAck: 4 } as const

/** Units of an encapsulation key or of a ciphertext, `bytes` being theirs, from unit `first` on. */
export interface UnitsRecord {
  readonly kind: 'key' | 'ciphertext'
  readonly epoch: number
  readonly first: number
  readonly bytes: Uint8Array
}

/** All units before `units` have arrived. */
export interface AckRecord {
  readonly kind: 'keyAck' | 'ciphertextAck'
  readonly epoch: number
  readonly units: number
}

const unitsOf = {
  key: keyUnits, ciphertext: ciphertextUnits, keyAck: keyUnits, ciphertextAck: ciphertextUnits
}

/**
 * Reads the free bytes of a message. They were authenticated, so what makes no sense is a peer's
 * lie: CryptoError AUTHENTICATION_FAILED.
 */
export function readRecords (bytes: Uint8Array): Array<UnitsRecord | AckRecord> {
  const records: Array<UnitsRecord | AckRecord> = []
  let at = 0
  while (at < bytes.length && bytes[at] !== kinds.end) {
    const { record, end } = readRecord(bytes, at)
    records.push(record)
    at = end
  }
  return records
}

function readRecord (bytes: Uint8Array, at: number): { record: UnitsRecord | AckRecord, end: number } {
  const kind = kindOf(bytes[at]!)
  if (at + ackBytes > bytes.length) throw new CryptoError('AUTHENTICATION_FAILED')
  const epoch = readU32be(bytes, at + 1)
  const first = bytes[at + 5]!
  if (kind === 'keyAck' || kind === 'ciphertextAck') {
    if (first > unitsOf[kind]) throw new CryptoError('AUTHENTICATION_FAILED')
    return { record: { kind, epoch, units: first }, end: at + ackBytes }
  }
  const count = bytes[at + 6] ?? 0
  const from = at + recordHeadBytes
  const end = from + count * unitBytes
  if (count === 0 || first + count > unitsOf[kind] || end > bytes.length) {
    throw new CryptoError('AUTHENTICATION_FAILED')
  }
  return { record: { kind, epoch, first, bytes: bytes.subarray(from, end) }, end }
}

function kindOf (code: number): keyof typeof unitsOf {
  switch (code) {
    case kinds.key: return 'key'
    case kinds.ciphertext: return 'ciphertext'
    case kinds.keyAck: return 'keyAck'
    case kinds.ciphertextAck: return 'ciphertextAck'
    // What this version does not know might change the meaning of the rest.
    default: throw new CryptoError('AUTHENTICATION_FAILED')
  }
}

/** Fills the free bytes of one message, which are zeros, record by record. */
export class RecordWriter {
  readonly #free: Uint8Array
  #at = 0

  constructor (free: Uint8Array) {
    this.#free = free
  }

  /** Units that a record could have now. */
  get unitsFree (): number {
    return Math.max(0, Math.floor((this.#free.length - this.#at - recordHeadBytes) / unitBytes))
  }

  /** Nothing where there is no room: it can be said in a later message. */
  ack ({ kind, epoch, units }: AckRecord): void {
    if (this.#free.length - this.#at < ackBytes) return
    this.#begin(kind, epoch)
    this.#free[this.#at++] = units
  }

  /** As many units of `whole` as there is room for, from where `progress` is. The progress after it. */
  units (kind: UnitsRecord['kind'], epoch: number, whole: Uint8Array, progress: Progress): Progress {
    const total = unitsOf[kind]
    const first = progress.next
    const count = Math.min(this.unitsFree, total - first)
    if (count === 0) return progress
    const end = first + count
    this.#begin(kind, epoch)
    this.#free[this.#at++] = first
    this.#free[this.#at++] = count
    this.#free.set(whole.subarray(first * unitBytes, end * unitBytes), this.#at)
    this.#at += count * unitBytes
    return end < total ? { ...progress, next: end } : { ...progress, next: progress.acked, isRepeat: true }
  }

  /** What was written so far. */
  bytes (): Uint8Array {
    return this.#free.subarray(0, this.#at)
  }

  #begin (kind: keyof typeof kinds, epoch: number): void {
    this.#free[this.#at] = kinds[kind]
    writeU32be(this.#free, this.#at + 1, epoch)
    this.#at += 5
  }
}

/**
 * How far the sending of a key or ciphertext is. After the last unit it begins again with the first
 * that is not acknowledged: the bytes would otherwise be zeros, so repeating costs nothing.
 */
export interface Progress {
  /** Units before this one have arrived. */
  readonly acked: number
  /** Unit that the next message begins with. */
  readonly next: number
  /** Whether all units were sent once. */
  readonly isRepeat: boolean
}

export const noProgress: Progress = { acked: 0, next: 0, isRepeat: false }

/** After an ack of `units`, which an older message may have overtaken. */
export function acknowledge (progress: Progress, units: number): Progress {
  if (units <= progress.acked) return progress
  return { ...progress, acked: units, next: Math.max(progress.next, units) }
}

export function writeProgress (writer: ByteWriter, { acked, next, isRepeat }: Progress): void {
  writer.u8(acked)
  writer.u8(next)
  writer.u8(Number(isRepeat))
}

export function readProgress (reader: ByteReader, total: number, corrupt: () => Error): Progress {
  const [acked, next, repeat] = [reader.u8(), reader.u8(), reader.u8()]
  if (acked > next || next >= total || repeat > 1) throw corrupt()
  return { acked, next, isRepeat: repeat === 1 }
}

/** What has arrived of a key or ciphertext. Its size is known, so nothing a peer sends makes it grow. */
export type Gathered = ReadonlyArray<Uint8Array | undefined>

export const noKeyUnits: Gathered = new Array<undefined>(keyUnits).fill(undefined)
export const noCiphertextUnits: Gathered = new Array<undefined>(ciphertextUnits).fill(undefined)

/** What was there already stays as it came first. `gathered` itself where nothing is new. */
export function gather (gathered: Gathered, { first, bytes }: UnitsRecord): Gathered {
  let after: Array<Uint8Array | undefined> | undefined
  for (let at = 0; at < bytes.length; at += unitBytes) {
    const unit = first + at / unitBytes
    if (gathered[unit] !== undefined) continue
    after ??= gathered.slice()
    after[unit] = bytes.slice(at, at + unitBytes)
  }
  return after ?? gathered
}

/** Units before the first that is missing. */
export function countArrived (gathered: Gathered): number {
  const missing = gathered.indexOf(undefined)
  return missing < 0 ? gathered.length : missing
}

/** Undefined while a unit is missing. */
export function wholeOf (gathered: Gathered): Uint8Array | undefined {
  return gathered.every((unit) => unit !== undefined) ? concat(...gathered) : undefined
}

/** One bit for each unit, the first one's the highest, and then those that are there. */
export function writeGathered (writer: ByteWriter, gathered: Gathered): void {
  for (let first = 0; first < gathered.length; first += 8) {
    let bits = 0
    for (let unit = first; unit < first + 8; unit++) bits = bits << 1 | Number(gathered[unit] !== undefined)
    writer.u8(bits)
  }
  for (const bytes of gathered) if (bytes !== undefined) writer.bytes(bytes)
}

/** An incomplete one: with its last unit it becomes something else. */
export function readGathered (reader: ByteReader, total: number, corrupt: () => Error): Gathered {
  const bits = reader.take(Math.ceil(total / 8))
  const isThere = (unit: number): boolean => (bits[unit >>> 3]! & (0x80 >>> (unit & 7))) !== 0
  for (let unit = total; unit < bits.length * 8; unit++) if (isThere(unit)) throw corrupt()
  const gathered = Array.from({ length: total },
    (_, unit) => isThere(unit) ? reader.take(unitBytes) : undefined)
  if (!gathered.includes(undefined)) throw corrupt()
  return gathered
}
