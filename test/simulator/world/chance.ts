/**
 * Chance that a seed gives. Every node and purpose has a stream of its own, named by words, so that
 * one node's draws never shift another's: a schedule without one fault is the same schedule.
 *
 * Not for keys of anybody: the generator (sfc32) is fast, and its output tells its state.
 */
import type { Random } from '../../../protocol/ports.ts'

export class Chance implements Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor (name: string) {
    const [a, b, c] = wordsOf(name)
    this.#a = a
    this.#b = b
    this.#c = c
    for (let i = 0; i < 12; i++) this.word()
  }

  /** 32 bits. */
  word (): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0
    return sum >>> 0
  }

  /** From 0 up to, and without, 1. */
  float (): number { return this.word() / 0x1_0000_0000 }

  /** Whole, from 0 up to, and without, `end`. */
  below (end: number): number { return Math.floor(this.float() * end) }

  /** From `from` up to, and without, `to`. */
  between (from: number, to: number): number { return from + this.float() * (to - from) }

  /** Draws even where the outcome is certain, so that a rate of 0 shifts nothing. */
  happens (probability: number): boolean { return this.float() < probability }

  pick<T> (choices: readonly T[]): T {
    if (choices.length === 0) throw new Error('There is nothing to pick from.')
    return choices[this.below(choices.length)]!
  }

  /** `count` different ones, in an order by chance. */
  sample<T> (choices: readonly T[], count: number): T[] {
    const left = choices.slice()
    const taken: T[] = []
    while (taken.length < count && left.length > 0) taken.push(left.splice(this.below(left.length), 1)[0]!)
    return taken
  }

  bytes (length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 4) {
      const word = this.word()
      bytes[at] = word
      if (at + 1 < length) bytes[at + 1] = word >>> 8
      if (at + 2 < length) bytes[at + 2] = word >>> 16
      if (at + 3 < length) bytes[at + 3] = word >>> 24
    }
    return bytes
  }
}

/** Three words that differ wherever the names do (FNV-1a from three places, with a last stir). */
function wordsOf (name: string): [number, number, number] {
  const words: [number, number, number] = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b]
  for (let lane = 0; lane < 3; lane++) {
    let word = words[lane]!
    for (let i = 0; i < name.length; i++) word = Math.imul(word ^ (name.charCodeAt(i) + lane * 0x101), 0x01000193)
    word = Math.imul(word ^ (word >>> 16), 0x7feb352d)
    words[lane] = (word ^ (word >>> 15)) | 0
  }
  return words
}
