/**
 * Records of the mailbox store that a disk gave back otherwise than they were written: told to the
 * operator by their kind, before anything of them is used. A view past the end of a short record would
 * show what lies beside it in memory, and a count that is wrong lets a mailbox grow without end.
 * Not here: how each record is laid out (layout.ts). No key stands in a text: it would name a mailbox.
 */
import { StoreError } from '../../protocol/errors.ts'
import { readU48 } from './u48.ts'

const kinds = {
  format: 'the version of the layout',
  totals: 'the totals of the store',
  mailbox: 'a mailbox',
  address: 'an address',
  bundle: 'a sealed bundle',
  slot: 'a slot of descriptors',
  owned: 'what a mailbox owns',
  expiry: 'what expires when',
  payload: 'an envelope',
  order: 'the place of an envelope',
  digest: 'the digest of an envelope'
} as const

export type RecordKind = keyof typeof kinds

/** `words`: what is wrong with it, as what follows 'the record of an envelope'. */
export function damaged (kind: RecordKind, words: string): StoreError {
  return new StoreError('STORE_CORRUPT', `The mailboxes are damaged: the record of ${kinds[kind]} ${words}. ` +
    'Restore their folder from a backup or move it away; senders send again what was not received.')
}

/** A count that fell below zero was written as one of the upper half. */
const countMax = 2 ** 47 - 1

/** The fields of one record, each at its place. Throws StoreError STORE_CORRUPT. */
export class RecordReader {
  readonly #kind: RecordKind
  readonly #bytes: Uint8Array

  /** At least `lengthMin` bytes long, and at most `lengthMax`. */
  constructor (kind: RecordKind, bytes: Uint8Array, lengthMin: number, lengthMax: number = lengthMin) {
    this.#kind = kind
    this.#bytes = bytes
    if (bytes.length >= lengthMin && bytes.length <= lengthMax) return
    const wanted = lengthMin === lengthMax ? `${lengthMin}` : `${lengthMin} to ${lengthMax}`
    throw this.damaged(`is ${bytes.length} bytes long, not ${wanted}`)
  }

  damaged (words: string): StoreError {
    return damaged(this.#kind, words)
  }

  /** An instant, a sequence or an index: all 48 bits. */
  number (at: number): number {
    return readU48(this.#bytes, at)
  }

  count (at: number): number {
    const count = readU48(this.#bytes, at)
    if (count > countMax) throw this.damaged('counts less than nothing')
    return count
  }

  /** `value`: of the byte or number that stands for yes or no. */
  flag (value: number | undefined): boolean {
    if (value !== 0 && value !== 1) throw this.damaged('is neither of one sort nor of the other')
    return value === 1
  }

  /** Bytes of their own kind, where the tree gave a view that prints and compares otherwise. */
  bytes (from: number, to = this.#bytes.length): Uint8Array {
    if (to > this.#bytes.length) throw this.damaged('ends too early')
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + from, to - from)
  }
}
