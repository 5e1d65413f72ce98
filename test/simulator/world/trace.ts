/**
 * What happened, as one number that grows with every event: two runs of one seed that differ
 * anywhere have different hashes from there on. It is a checksum against accidents, and no
 * cryptographic hash.
 */
const timeAsDouble = new Float64Array(1)
const timeAsWords = new Uint32Array(timeAsDouble.buffer)

export class Trace {
  #low = 0x811c9dc5
  #high = 0x9747b28c
  events = 0
  /** Called with each event where somebody wants to read them. */
  onEvent: ((atMs: number, what: string) => void) | undefined

  /** `what`: of a few kinds, with the node's name. */
  event (atMs: number, what: string): void {
    this.events++
    timeAsDouble[0] = atMs
    this.#mix(timeAsWords[0]!)
    this.#mix(timeAsWords[1]!)
    for (let i = 0; i < what.length; i++) this.#low = Math.imul(this.#low ^ what.charCodeAt(i), 0x01000193)
    this.#mix(what.length)
    this.onEvent?.(atMs, what)
  }

  /** What was sent or written: all of it counts. */
  bytes (bytes: Uint8Array): void {
    let { length } = bytes
    let low = this.#low ^ length
    for (let i = 0; length >= 4; length -= 4, i += 4) {
      low = Math.imul(low ^ (bytes[i]! | bytes[i + 1]! << 8 | bytes[i + 2]! << 16 | bytes[i + 3]! << 24), 0x01000193)
      low ^= low >>> 15
    }
    for (; length > 0; length--) low = Math.imul(low ^ bytes[bytes.length - length]!, 0x01000193)
    this.#low = low
    this.#mix(bytes.length)
  }

  /** 16 hexadecimal digits. */
  get hash (): string {
    return [this.#high, this.#low].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  #mix (word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x01000193)
    this.#high = Math.imul((this.#high ^ this.#low) + ((this.#high << 13) | (this.#high >>> 19)), 0x85ebca6b)
  }
}
