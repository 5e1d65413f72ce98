/**
 * Joining, cutting and comparing bytes: the notation of spec 00 §Notation as functions.
 *
 * Not here: the wire messages (wire/restante.proto) and anything that knows what bytes mean.
 */
import { CryptoError, InternalError } from './errors.ts'
import type { Random } from './ports.ts'

export const emptyBytes: Uint8Array = new Uint8Array(0)

const encoder = new TextEncoder()

export function utf8 (text: string): Uint8Array {
  return encoder.encode(text)
}

export function concat (...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

export function u16be (value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value)
}

export function u32be (value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** `value`: an integer from 0 to 2^53 - 1. */
export function u64be (value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  writeU32be(bytes, 0, Math.floor(value / 0x1_0000_0000))
  writeU32be(bytes, 4, value % 0x1_0000_0000)
  return bytes
}

export function writeU32be (target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
}

export function readU32be (bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** LP of the specification, of each part in turn: u32be(length) ‖ part. */
export function lengthPrefixed (...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += 4 + part.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    writeU32be(joined, at, part.length)
    joined.set(part, at + 4)
    at += 4 + part.length
  }
  return joined
}

/** Whether both hold the same bytes. Its time depends on the lengths alone. */
export function equal (a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}

/** Lexicographic, for sorting: negative, zero or positive. Not for secrets. */
export function compare (a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!
  }
  return a.length - b.length
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower case. */
export function toHex (bytes: Uint8Array): string {
  let hex = ''
  for (let i = 0; i < bytes.length; i++) hex += hexOfByte[bytes[i]!]!
  return hex
}

/** Undefined where `hex` is not an even number of hexadecimal digits. */
export function fromHex (hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return undefined
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** For text that this program made itself with `toHex`. */
export function unhex (hex: string): Uint8Array {
  const bytes = fromHex(hex)
  if (bytes === undefined) throw new InternalError('INTERNAL', 'hexadecimal digits expected')
  return bytes
}

/**
 * Randomness for keys. A source that fails quietly (short output, or nothing but zeros) would give
 * everyone the same key: CryptoError RANDOMNESS_FAILED instead.
 */
export function draw (random: Random, length: number): Uint8Array {
  const bytes = random.bytes(length)
  if (bytes.length !== length || (length >= 8 && bytes.every((byte) => byte === 0))) {
    throw new CryptoError('RANDOMNESS_FAILED')
  }
  return bytes
}

/**
 * Gathers parts in one piece of memory, which is used again and again: for records of many small parts that
 * are written often. One record at a time, from `begin` to `take`; no secret of it stays behind.
 */
export class ByteWriter {
  #bytes: Uint8Array
  #at = 0

  /** `capacity`: bytes that suffice for nearly every record. */
  constructor (capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  /** Forgets what of another record an error may have left. */
  begin (): this {
    this.#bytes.fill(0, 0, this.#at)
    this.#at = 0
    return this
  }

  bytes (part: Uint8Array): void {
    this.#reserve(part.length)
    this.#bytes.set(part, this.#at)
    this.#at += part.length
  }

  u8 (value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
  }

  u32 (value: number): void {
    this.#reserve(4)
    writeU32be(this.#bytes, this.#at, value)
    this.#at += 4
  }

  /** LP. */
  prefixed (part: Uint8Array): void {
    this.u32(part.length)
    this.bytes(part)
  }

  take (): Uint8Array {
    const record = this.#bytes.slice(0, this.#at)
    this.begin()
    return record
  }

  #reserve (length: number): void {
    const needed = this.#at + length
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(2 * needed)
    larger.set(this.#bytes)
    this.#bytes.fill(0)
    this.#bytes = larger
  }
}

/** Reads what this project encodes with `lengthPrefixed` and fixed sizes; `fail` makes the error to throw. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #fail: () => Error
  #at = 0

  constructor (bytes: Uint8Array, fail: () => Error) {
    this.#bytes = bytes
    this.#fail = fail
  }

  /** A copy, so that what is kept does not keep the whole input alive. */
  take (length: number): Uint8Array {
    const at = this.#pass(length)
    return this.#bytes.slice(at, at + length)
  }

  u8 (): number {
    return this.#bytes[this.#pass(1)]!
  }

  u32 (): number {
    return readU32be(this.#bytes, this.#pass(4))
  }

  /** At most 2^53 - 1. */
  u64 (): number {
    const value = this.u32() * 0x1_0000_0000 + this.u32()
    if (!Number.isSafeInteger(value)) throw this.#fail()
    return value
  }

  /** LP, of at most `lengthMax` bytes. */
  prefixed (lengthMax: number): Uint8Array {
    const length = this.u32()
    if (length > lengthMax) throw this.#fail()
    return this.take(length)
  }

  /** Nothing may follow: two encodings of one value would be two values to a hash. */
  end (): void {
    if (this.#at !== this.#bytes.length) throw this.#fail()
  }

  /** Where the next `length` bytes begin. */
  #pass (length: number): number {
    const at = this.#at
    if (length > this.#bytes.length - at) throw this.#fail()
    this.#at += length
    return at
  }
}
