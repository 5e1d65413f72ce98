/**
 * The sending half of a channel: frames of one tick leave in one write, and no more wait than is
 * bounded. Spec 03 §Framing.
 *
 * Knows no request from a push; channel.ts does, and decides what waits when this is full.
 */
import { writer } from 'protons-runtime'
import type { Writer } from 'protons-runtime'
import type { ByteStream } from './ports.ts'
import { Frame } from './wire/restante.js'

/** Bytes that go into one write, unless a single frame is larger. */
const writeBytesMax = 64 * 1024
/** Bytes waiting to leave above which no more should be put in. */
const waitingBytesHigh = 256 * 1024
/** Bytes waiting to leave above which it is over: the peer does not read, or is overrun. */
const waitingBytesMax = 4 * 1024 * 1024

interface Chunk { bytes: Uint8Array, answerBytes: number }

export interface OutgoingListeners {
  /** The stream took everything and has room for more. */
  drained: () => void
  /** The stream took something and is full now. */
  stalled: () => void
  /** More was put in than is kept. */
  overflowed: () => void
}

const frameCodec = Frame.codec()

export class Outgoing {
  readonly #stream: ByteStream
  readonly #listeners: OutgoingListeners
  #writer: Writer | undefined
  #writerAnswerBytes = 0
  #chunks: Chunk[] = []
  #waitingBytes = 0
  #answerBytes = 0
  #flushScheduled = false
  #streamFull = false
  #discarded = false

  constructor (stream: ByteStream, listeners: OutgoingListeners) {
    this.#stream = stream
    this.#listeners = listeners
    stream.onDrain(() => {
      this.#streamFull = false
      this.flush()
    })
  }

  /** Whether the next frame should wait. */
  get isFull (): boolean {
    return this.#streamFull || this.#waitingBytes >= waitingBytesHigh
  }

  /** Whether nothing waits and the stream has room. */
  get isDrained (): boolean {
    return this.#waitingBytes === 0 && !this.#streamFull
  }

  /** Whether so many answers wait that no more of them should be caused. */
  get owesMuch (): boolean {
    return this.#answerBytes >= waitingBytesHigh
  }

  /** Takes a frame; bytes in it must not change before the end of this tick. */
  put (frame: Frame, isAnswer: boolean): void {
    if (this.#discarded) return
    this.#writer ??= writer()
    const before = this.#writer.len
    // One writer takes the frames of a tick: each payload is copied once, into the bytes sent.
    frameCodec.encode(frame, this.#writer, { lengthDelimited: true })
    const length = this.#writer.len - before
    this.#waitingBytes += length
    if (isAnswer) {
      this.#writerAnswerBytes += length
      this.#answerBytes += length
    }
    if (this.#waitingBytes > waitingBytesMax) {
      this.#listeners.overflowed()
      return
    }
    if (this.#writer.len >= writeBytesMax) this.#finishWriter()
    if (this.#flushScheduled) return
    this.#flushScheduled = true
    queueMicrotask(() => {
      this.#flushScheduled = false
      this.flush()
    })
  }

  /** Gives the stream as much as it takes. */
  flush (): void {
    this.#finishWriter()
    let sent = 0
    while (!this.#streamFull && !this.#discarded) {
      const chunk = this.#chunks[sent]
      if (chunk == null) break
      sent++
      this.#waitingBytes -= chunk.bytes.byteLength
      this.#answerBytes -= chunk.answerBytes
      this.#streamFull = !this.#stream.send(chunk.bytes)
    }
    if (sent > 0) this.#chunks.splice(0, sent)
    if (this.#discarded) return
    if (this.isDrained) {
      this.#listeners.drained()
    } else if (sent > 0 && this.#streamFull) {
      this.#listeners.stalled()
    }
  }

  /** Drops what waits; nothing is sent any more. */
  discard (): void {
    this.#discarded = true
    this.#writer = undefined
    this.#chunks = []
    this.#waitingBytes = 0
    this.#answerBytes = 0
  }

  #finishWriter (): void {
    if (this.#writer == null) return
    this.#chunks.push({ bytes: this.#writer.finish(), answerBytes: this.#writerAnswerBytes })
    this.#writer = undefined
    this.#writerAnswerBytes = 0
  }
}
