/**
 * The only way in for wire messages: strict protobuf, and no other failure than WireError.
 *
 * The generated decoders trust their reader; this reader does not trust the bytes. It refuses what
 * would let two implementations read one message differently: integers that are padded or from
 * 2^53, lengths that point outside, groups, booleans other than 0 and 1, text that is not UTF-8.
 * Unknown fields are skipped, for newer versions; `decodeCanonical` refuses them as well.
 * Not here: what the fields mean. Spec 00 §Wire format.
 */
import type { Codec, Reader } from 'protons-runtime'
import { MaxLengthError } from 'protons-runtime'
import { equal } from '../bytes.ts'
import { WireError } from '../errors.ts'

/** A message of restante.js, such as `Frame`. */
export interface WireMessage<T> { codec: () => Pick<Codec<T>, 'decode'> }
/** The same, with the encoder that gives the one canonical encoding. */
export interface CanonicalMessage<T> extends WireMessage<T> { encode: (value: T) => Uint8Array }

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads one message from exactly `bytes`. Byte fields of the result are views into `bytes`.
 * `name` opens the message of the WireError: MALFORMED, or FIELD_TOO_LARGE for a list or field
 * over its limit.
 */
export function decode<T> (message: WireMessage<T>, bytes: Uint8Array, name: string): T {
  const reader = new StrictReader(bytes)
  try {
    const value = message.codec().decode(reader as unknown as Reader)
    if (reader.pos !== reader.len) throw new RangeError('a field ends outside the message')
    return value
  } catch (cause) {
    throw refusal(cause, name)
  }
}

/**
 * As `decode`, and the bytes must be the one encoding of what they say: fields in order, none
 * twice, none unknown, no default written out. For what is signed or hashed: NOT_CANONICAL.
 */
export function decodeCanonical<T> (message: CanonicalMessage<T>, bytes: Uint8Array, name: string): T {
  const value = decode(message, bytes, name)
  if (!equal(message.encode(value), bytes)) {
    throw new WireError('NOT_CANONICAL', `${name}: not the canonical encoding`)
  }
  return value
}

/** `bytes`, where it is `length` long; WireError MALFORMED naming `path` where it is not. */
export function expectLength (bytes: Uint8Array, length: number, path: string): Uint8Array {
  if (bytes.length !== length) {
    throw new WireError('MALFORMED', `${path}: ${bytes.length} bytes instead of ${length}`)
  }
  return bytes
}

/** `bytes`, where it is at most `lengthMax` long; WireError FIELD_TOO_LARGE naming `path`. */
export function expectAtMost (bytes: Uint8Array, lengthMax: number, path: string): Uint8Array {
  if (bytes.length > lengthMax) {
    throw new WireError('FIELD_TOO_LARGE', `${path}: ${bytes.length} bytes, at most ${lengthMax}`)
  }
  return bytes
}

function refusal (cause: unknown, name: string): WireError {
  if (cause instanceof WireError) return cause
  const reason = cause instanceof Error ? cause.message : 'no valid message'
  const code = cause instanceof MaxLengthError ? 'FIELD_TOO_LARGE' : 'MALFORMED'
  return new WireError(code, `${name}: ${reason}`, { cause })
}

/** The part of the runtime's Reader that the generated decoders of restante.js call. */
class StrictReader {
  readonly buf: Uint8Array
  readonly len: number
  pos = 0

  constructor (buf: Uint8Array) {
    this.buf = buf
    this.len = buf.length
  }

  /** Also every tag and every length: the smallest of the limits, for all of them. */
  uint32 (): number {
    const value = this.uint64Number()
    if (value > 0xffffffff) throw new RangeError('an integer from 2^32')
    return value
  }

  uint64Number (): number {
    const start = this.pos
    let value = 0
    let unit = 1
    // 2^53 needs the eighth byte, of which only four bits may be set.
    for (let i = 0; i < 8; i++) {
      if (this.pos >= this.len) throw new RangeError('ends within an integer')
      const byte = this.buf[this.pos++] as number
      value += (byte & 127) * unit
      if (byte < 128) {
        if (byte === 0 && this.pos - start > 1) throw new RangeError('a padded integer')
        if (value > Number.MAX_SAFE_INTEGER) break
        return value
      }
      unit *= 128
    }
    throw new RangeError('an integer from 2^53')
  }

  bool (): boolean {
    const value = this.uint64Number()
    if (value > 1) throw new RangeError('a boolean that is neither 0 nor 1')
    return value === 1
  }

  /** `lengthMax`: what the .proto allows; test/tools/tighten-wire.ts hands it over. */
  bytes (lengthMax?: number): Uint8Array {
    const length = this.uint32()
    if (lengthMax !== undefined && length > lengthMax) {
      throw new MaxLengthError(`a field of ${length} bytes, at most ${lengthMax}`)
    }
    const start = this.#advance(length)
    return this.buf.subarray(start, this.pos)
  }

  string (lengthMax?: number): string {
    return text.decode(this.bytes(lengthMax))
  }

  skipType (wireType: number): void {
    switch (wireType) {
      case 0: this.#skipVarint(); break
      case 1: this.#advance(8); break
      case 2: this.#advance(this.uint32()); break
      case 5: this.#advance(4); break
      // Groups nest without bound in two bytes a level, and no message of ours has any.
      default: throw new RangeError(`wire type ${wireType}`)
    }
  }

  /** A newer version's integer may be any of 64 bits. */
  #skipVarint (): void {
    for (let i = 0; i < 10; i++) {
      if (this.pos >= this.len) break
      if ((this.buf[this.pos++] as number) < 128) return
    }
    throw new RangeError('an integer that does not end')
  }

  #advance (length: number): number {
    const start = this.pos
    if (length > this.len - start) throw new RangeError('a length that points outside')
    this.pos = start + length
    return start
  }
}
