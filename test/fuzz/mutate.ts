/**
 * Mutations of bytes and texts, by seeded chance: of single bytes, of lengths, and, where the bytes are
 * a wire message, of its fields and those within them.
 */
import { concat } from '../../protocol/bytes.ts'

/** Fast and repeatable; for tests alone. */
export class Chance {
  #state: number

  constructor (seed: number) { this.#state = seed >>> 0 }

  /** A number from 0 to below 1. Mulberry32. */
  next (): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  below (limit: number): number { return Math.floor(this.next() * limit) }
  pick<T> (list: readonly T[]): T { return list[this.below(list.length)]! }

  bytes (length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) bytes[i] = this.below(256)
    return bytes
  }
}

interface Part { number: number, type: number, bytes: Uint8Array }

/** Numbers at which something ends, as varints can say them. */
const edges = [0, 1, 127, 128, 255, 1023, 65_535, 65_536, 2 ** 21, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53]
const inputBytesMax = 70_000

function varint (value: number): Uint8Array {
  const bytes = new Uint8Array(varintLength(value))
  writeVarint(bytes, 0, value)
  return bytes
}

function varintLength (value: number): number {
  let length = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++
  return length
}

/** `value` has at most 53 bits, of which bit operations see 32. Where the next byte goes. */
function writeVarint (target: Uint8Array, at: number, value: number): number {
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) target[at++] = rest % 128 + 128
  target[at] = rest
  return at + 1
}

export function fieldOf (number: number, bytes: Uint8Array): Uint8Array {
  return concat(varint(number * 8 + 2), varint(bytes.length), bytes)
}

export function numberField (number: number, value: number): Uint8Array {
  return concat(varint(number * 8), varint(value))
}

/** One to four mutations of `input`; `other`: another seed, from which parts may be taken. */
export function mutated (input: Uint8Array, other: Uint8Array, chance: Chance): Uint8Array {
  let bytes = input
  for (let times = 1 + chance.below(4); times > 0; times--) {
    const parts = chance.below(2) === 0 ? partsOf(bytes) : undefined
    bytes = parts === undefined ? mutateBytes(bytes, other, chance) : mutateParts(parts, other, chance, 0)
  }
  return bytes.length > inputBytesMax ? bytes.subarray(0, inputBytesMax) : bytes
}

export function mutatedText (input: string, other: string, chance: Chance): string {
  let text = input
  for (let times = 1 + chance.below(4); times > 0; times--) {
    const at = chance.below(text.length + 1)
    switch (chance.below(6)) {
      case 0: text = text.slice(0, at); break
      case 1: text = text.slice(0, at) + chance.pick(odd) + text.slice(at); break
      case 2: text = text.slice(0, at) + chance.pick(odd) + text.slice(at + 1); break
      case 3: text = text.slice(0, at) + text.slice(at + 1 + chance.below(8)); break
      case 4: text = text.slice(0, at) + other.slice(chance.below(other.length + 1)); break
      default: text = text.slice(0, at) + String.fromCharCode(33 + chance.below(94)) + text.slice(at + 1)
    }
  }
  return text.slice(0, inputBytesMax)
}

const odd = ['\0', '\u202e', '\ud800', '"', '{', '[', '\\', '__proto__', 'constructor', '1e999', '-', '=', '#', '\n', '%00', '😀']

function mutateBytes (bytes: Uint8Array, other: Uint8Array, chance: Chance): Uint8Array {
  const at = chance.below(bytes.length + 1)
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (chance.below(8)) {
    case 0: return bytes.length === 0 ? chance.bytes(4) : bytes.with(Math.min(at, bytes.length - 1), chance.below(256))
    case 1: return bytes.length === 0 ? bytes : bytes.with(Math.min(at, bytes.length - 1), bytes[Math.min(at, bytes.length - 1)]! ^ (1 << chance.below(8)))
    case 2: return head
    case 3: return concat(head, chance.bytes(1 + chance.below(8)), tail)
    case 4: return concat(head, tail.subarray(1 + chance.below(8)))
    case 5: return concat(head, varint(chance.pick(edges)), tail.subarray(chance.below(4)))
    case 6: return concat(head, other.subarray(chance.below(other.length + 1)))
    default: return concat(head, tail.subarray(0, 64), tail)
  }
}

/** Undefined where it is no whole message. */
function partsOf (bytes: Uint8Array): Part[] | undefined {
  const parts: Part[] = []
  let at = 0
  const read = (): number | undefined => {
    let value = 0
    for (let unit = 1; at < bytes.length && unit < 2 ** 49; unit *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
    return undefined
  }
  while (at < bytes.length) {
    const tag = read()
    if (tag === undefined || tag < 8) return undefined
    const start = at
    const type = tag % 8
    if (type === 0) {
      if (read() === undefined) return undefined
      parts.push({ number: Math.floor(tag / 8), type, bytes: bytes.subarray(start, at) })
    } else if (type === 2) {
      const length = read()
      if (length === undefined || length > bytes.length - at) return undefined
      parts.push({ number: Math.floor(tag / 8), type, bytes: bytes.subarray(at, at += length) })
    } else {
      return undefined
    }
  }
  return parts.length === 0 ? undefined : parts
}

function mutateParts (parts: Part[], other: Uint8Array, chance: Chance, depth: number): Uint8Array {
  const at = chance.below(parts.length)
  const part = parts[at]!
  const inner = part.type === 2 && depth < 4 ? partsOf(part.bytes) : undefined
  const withPart = (...replaced: Part[]): Uint8Array => encodeParts([...parts.slice(0, at), ...replaced, ...parts.slice(at + 1)])
  switch (chance.below(9)) {
    case 0: return withPart()
    case 1: return withPart(part, part)
    case 2: return encodeParts([...parts.slice(at), ...parts.slice(0, at)])
    case 3: return withPart({ ...part, number: 1 + chance.below(20) })
    case 4: return withPart({ number: part.number, type: 0, bytes: varint(chance.pick(edges)) })
    case 5: return withPart({ number: part.number, type: 2, bytes: chance.bytes(chance.pick([0, 1, 8, 16, 31, 32, 33, 64, 300])) })
    case 6: return withPart({ number: part.number, type: 2, bytes: other.subarray(0, 2000) })
    // Some of one, and now and then so many that a list is over its limit: those cost the most to read.
    case 7: {
      const many = chance.below(chance.below(4) === 0 ? 70 : 4)
      return encodeParts([...parts, ...Array.from({ length: many }, () => part)]).subarray(0, inputBytesMax)
    }
    default:
      return inner === undefined
        ? withPart({ ...part, bytes: mutateBytes(part.bytes, other, chance) })
        : withPart({ ...part, bytes: mutateParts(inner, other, chance, depth + 1) })
  }
}

/** In one piece: most of the time that mutations take goes into copies. */
function encodeParts (parts: Part[]): Uint8Array {
  let length = 0
  for (const { number, type, bytes } of parts) {
    length += varintLength(number * 8 + type) + bytes.length + (type === 2 ? varintLength(bytes.length) : 0)
  }
  const encoded = new Uint8Array(length)
  let at = 0
  for (const { number, type, bytes } of parts) {
    at = writeVarint(encoded, at, number * 8 + type)
    if (type === 2) at = writeVarint(encoded, at, bytes.length)
    encoded.set(bytes, at)
    at += bytes.length
  }
  return encoded
}
