/**
 * Two ends of a byte stream in memory, with a buffer that fills up as a real one does. `cut` says
 * into which pieces what is sent is cut on its way.
 */
import type { ByteStream } from '../../protocol/ports.ts'

export interface MemoryStream extends ByteStream {
  /** Sizes of the writes made here. */
  readonly writes: number[]
  /** Bytes sent here that the other end has not taken. */
  readonly waitingBytes: number
  readonly isPaused: boolean
  /** How it ended here; undefined: it has not, or cleanly. */
  readonly abortedWith: Error | undefined
  readonly isClosed: boolean
}

export interface MemoryStreamOptions {
  bufferBytes?: number
  cut?: (bytes: Uint8Array) => Uint8Array[]
}

export function memoryStreams (options: MemoryStreamOptions = {}): [MemoryStream, MemoryStream] {
  const a = new End(options)
  const b = new End(options)
  a.other = b
  b.other = a
  return [a, b]
}

class End implements MemoryStream {
  readonly writes: number[] = []
  other: End | undefined
  isPaused = false
  isClosed = false
  abortedWith: Error | undefined
  waitingBytes = 0
  readonly #bufferBytes: number
  readonly #cut: (bytes: Uint8Array) => Uint8Array[]
  readonly #queue: Array<Uint8Array | 'end'> = []
  #wasFull = false
  #isScheduled = false
  #bytes: ((bytes: Uint8Array) => void) | undefined
  #drain: (() => void) | undefined
  #close: ((error?: Error) => void) | undefined

  constructor ({ bufferBytes = 256 * 1024, cut = (bytes) => [bytes] }: MemoryStreamOptions) {
    this.#bufferBytes = bufferBytes
    this.#cut = cut
  }

  send (bytes: Uint8Array): boolean {
    if (this.isClosed) return false
    this.writes.push(bytes.byteLength)
    this.waitingBytes += bytes.byteLength
    this.#queue.push(...this.#cut(bytes))
    this.#schedule()
    this.#wasFull = this.waitingBytes >= this.#bufferBytes
    return !this.#wasFull
  }

  onBytes (listener: (bytes: Uint8Array) => void): void { this.#bytes = listener }
  onDrain (listener: () => void): void { this.#drain = listener }
  onClose (listener: (error?: Error) => void): void { this.#close = listener }
  pause (): void { this.isPaused = true }

  resume (): void {
    this.isPaused = false
    if (this.other != null) this.other.#schedule()
  }

  close (): void {
    if (this.isClosed) return
    this.#queue.push('end')
    this.#schedule()
  }

  abort (error: Error): void {
    if (this.isClosed) return
    this.abortedWith = error
    this.#end(error)
    if (this.other != null) this.other.#end(new Error('reset by the other end'))
  }

  #end (error?: Error): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#queue.length = 0
    queueMicrotask(() => { this.#close?.(error) })
  }

  #schedule (): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#deliver()
    })
  }

  #deliver (): void {
    const { other } = this
    while (other != null && !other.isPaused && !other.isClosed) {
      const next = this.#queue.shift()
      if (next == null) break
      if (next === 'end') {
        other.#end()
        this.#end()
        return
      }
      this.waitingBytes -= next.byteLength
      other.#bytes?.(next)
    }
    if (this.#wasFull && this.waitingBytes === 0) {
      this.#wasFull = false
      this.#drain?.()
    }
  }
}
