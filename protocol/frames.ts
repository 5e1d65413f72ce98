/**
 * Cuts a stream of bytes into frames: varint length, then so many bytes. Spec 03 §Framing.
 *
 * Knows nothing of what a frame means (channel.ts does) and holds no more than one partial frame
 * and the chunks that it was given and not yet asked for.
 */
import { WireError } from './errors.ts'
import { frameBytesMax, frameLengthBytesMax } from './limits.ts'

/** Room made at first for a frame that spans chunks; it doubles as bytes really arrive. */
const partialBytesMin = 16 * 1024

export class FrameSplitter {
  #chunks: Uint8Array[] = []
  #chunk: Uint8Array | undefined
  #offset = 0
  #length = 0
  #lengthBytes = 0
  #lengthKnown = false
  #partial: Uint8Array | undefined
  #filled = 0
  #framesStarted = 0

  /** Takes a chunk, which must not change afterwards: frames are views into it where they can be. */
  push (chunk: Uint8Array): void {
    if (chunk.byteLength === 0) return
    if (this.#chunk == null) {
      this.#chunk = chunk
      this.#offset = 0
    } else {
      this.#chunks.push(chunk)
    }
  }

  /**
   * The next whole frame, without its length; undefined: more bytes are needed.
   * Throws WireError FRAME_TOO_LARGE or MALFORMED, after which the stream cannot be read further.
   */
  next (): Uint8Array | undefined {
    while (this.#chunk != null) {
      if (!this.#lengthKnown && !this.#readLength(this.#chunk)) continue
      const frame = this.#readBody()
      if (frame != null) return frame
    }
    return undefined
  }

  /** Which frame has begun and is incomplete, counted from 1; 0: none. */
  get partialFrame (): number {
    return this.#lengthBytes === 0 ? 0 : this.#framesStarted
  }

  /** Bytes of the incomplete frame, as far as its length is known. */
  get partialBytes (): number {
    return this.#lengthKnown ? this.#length : 0
  }

  #readLength (chunk: Uint8Array): boolean {
    while (this.#offset < chunk.byteLength) {
      const byte = chunk[this.#offset++] as number
      if (this.#lengthBytes === 0) this.#framesStarted++
      this.#length |= (byte & 0x7f) << (7 * this.#lengthBytes)
      this.#lengthBytes++
      if (byte < 0x80) {
        if (this.#length > frameBytesMax) throw tooLarge(`${this.#length} bytes`)
        if (this.#length === 0) throw new WireError('MALFORMED', 'frame: of no bytes')
        if (byte === 0) throw new WireError('MALFORMED', 'frame: length longer than it needs to be')
        this.#lengthKnown = true
        return true
      }
      // A length such as 2^53 ends here, before anything is set aside for it.
      if (this.#lengthBytes === frameLengthBytesMax) {
        throw tooLarge(`length of over ${frameLengthBytesMax} bytes`)
      }
    }
    this.#nextChunk()
    return false
  }

  #readBody (): Uint8Array | undefined {
    const chunk = this.#chunk
    if (chunk == null) return undefined
    const available = chunk.byteLength - this.#offset
    const missing = this.#length - this.#filled
    if (this.#partial == null && available >= missing) {
      const frame = chunk.subarray(this.#offset, this.#offset + missing)
      this.#advance(missing)
      this.#reset()
      return frame
    }
    const taken = Math.min(available, missing)
    const partial = this.#roomFor(taken)
    partial.set(chunk.subarray(this.#offset, this.#offset + taken), this.#filled)
    this.#filled += taken
    this.#advance(taken)
    if (this.#filled < this.#length) return undefined
    this.#reset()
    return partial
  }

  // Three bytes may claim a frame of a mebibyte: memory is set aside for what has come, not for claims.
  #roomFor (more: number): Uint8Array {
    const needed = this.#filled + more
    const old = this.#partial
    if (old != null && old.byteLength >= needed) return old
    const size = Math.min(this.#length, Math.max(2 * needed, partialBytesMin))
    const grown = new Uint8Array(size)
    if (old != null) grown.set(old.subarray(0, this.#filled))
    this.#partial = grown
    return grown
  }

  #advance (bytes: number): void {
    this.#offset += bytes
    if (this.#chunk != null && this.#offset >= this.#chunk.byteLength) this.#nextChunk()
  }

  #nextChunk (): void {
    this.#chunk = this.#chunks.shift()
    this.#offset = 0
  }

  #reset (): void {
    this.#length = 0
    this.#lengthBytes = 0
    this.#lengthKnown = false
    this.#partial = undefined
    this.#filled = 0
  }
}

function tooLarge (what: string): WireError {
  return new WireError('FRAME_TOO_LARGE', `frame: ${what}, at most ${frameBytesMax}`)
}
