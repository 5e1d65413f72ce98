/**
 * Requests, answers and pushes on one byte stream, in both directions. Spec 03 §Framing.
 *
 * Used by relay, device and simulator alike. It is not the mailbox protocol: what a request means,
 * and in which order requests may come, is for the handler. It does no I/O of its own.
 *
 * Frames of one tick leave in one write. Back-pressure is honoured both ways: a peer that does not
 * read is not read from, and is dropped when it stays away or owes too much.
 */
import {
  codeOf, InternalError, isRemoteCode, RemoteError, RestanteError, UnreachableError, WireError
} from './errors.ts'
import type { ErrorCode } from './errors.ts'
import { FrameSplitter } from './frames.ts'
import { requestsInFlightMax } from './limits.ts'
import { Outgoing } from './outgoing.ts'
import type { ByteStream, Clock, Log, Timer } from './ports.ts'
import { decode } from './wire/decode.ts'
import { Frame } from './wire/restante.js'
import type { Answer, Push } from './wire/restante.js'

/** Time in which something must leave when the stream is full. */
const stallMsMax = 60_000
/** Time for a frame to arrive whole, and how fast its bytes must come on top of that. */
const partialFrameMsMax = 10_000
const partialFrameBytesPerMs = 8
const requestTimeoutMsDefault = 15_000

/** A request as it is made: exactly one of its fields is set. */
export type FrameBody = Omit<Frame, 'number' | 'answer' | 'push'>
export type RequestName = keyof FrameBody

export interface ChannelOptions {
  clock: Clock
  log: Log
  /**
   * Answers a request of the peer. Undefined: not offered here (UNSUPPORTED). What it throws or
   * rejects with is answered by its code where a remote may give that code, ends the stream where
   * it is a WireError, and is answered FAILED and logged otherwise.
   * Bytes in the frame may be views into a larger chunk: copy what is kept for long.
   */
  onRequest: (frame: Frame, channel: Channel) => Answer | undefined | Promise<Answer | undefined>
  /** As with requests, bytes may be views. */
  onPush?: (push: Push) => void
  /** Called once, however it ended; undefined: by a clean close of either side. */
  onClose?: (error: RestanteError | undefined) => void
  requestTimeoutMs?: number
}

interface Request {
  body: FrameBody
  /** Monotonic. */
  deadline: number
  resolve: (answer: Answer) => void
  reject: (error: RestanteError) => void
}

/** An answer of success; `fields` as the request asks for. */
export function success (fields: Partial<Answer> = {}): Answer {
  return { code: '', until: 0, duplicate: false, value: noBytes, values: [], retryAfterMs: 0, ...fields }
}

/** An answer of refusal. */
export function refusal (code: ErrorCode, retryAfterMs = 0): Answer {
  return { code, until: 0, duplicate: false, value: noBytes, values: [], retryAfterMs }
}

/** Which request a frame is; undefined: none that is known here. */
export function requestName (frame: Frame): RequestName | undefined {
  for (const name in frame) {
    if (name !== 'number' && name !== 'answer' && name !== 'push' && frame[name as RequestName] != null) {
      return name as RequestName
    }
  }
  return undefined
}

const noBytes = new Uint8Array(0)

export class Channel {
  readonly #stream: ByteStream
  readonly #options: ChannelOptions
  readonly #splitter = new FrameSplitter()
  #state: 'open' | 'closing' | 'closed' = 'open'

  readonly #outgoing: Outgoing
  #stallDeadline = Infinity
  #drainWaiters: Array<() => void> = []

  // Our requests.
  readonly #pending = new Map<number, Request>()
  readonly #waiting = new Set<Request>()
  #lastNumber = 0
  #strayAnswers = 0

  // The peer's requests.
  #unanswered = 0
  #paused = false
  #reading = false
  #partialFrame = 0
  #partialSince = 0

  #timer: Timer | undefined
  #timerAt = Infinity

  constructor (stream: ByteStream, options: ChannelOptions) {
    this.#stream = stream
    this.#options = options
    this.#outgoing = new Outgoing(stream, {
      drained: () => { this.#onDrained() },
      stalled: () => {
        this.#stallDeadline = options.clock.monotonic() + stallMsMax
        this.#wakeAt(this.#stallDeadline)
      },
      overflowed: () => {
        this.abort(new UnreachableError('DISCONNECTED', 'The peer reads too slowly.'))
      }
    })
    stream.onBytes((bytes) => {
      this.#splitter.push(bytes)
      this.#read()
    })
    stream.onClose((error) => {
      this.#closed(error == null ? undefined : disconnected(error))
    })
  }

  get isOpen (): boolean {
    return this.#state === 'open'
  }

  /** Requests that were made here and have no answer yet, those that still wait to be sent included. */
  get pendingRequests (): number {
    return this.#pending.size + this.#waiting.size
  }

  /** Requests of the peer that are being worked on. */
  get unansweredRequests (): number {
    return this.#unanswered
  }

  /** Answers that came to no request of ours, late ones included. */
  get strayAnswers (): number {
    return this.#strayAnswers
  }

  /**
   * Resolves with the answer of success. Rejects with RemoteError for a refusal, with
   * UnreachableError TIMED_OUT or DISCONNECTED. Over the limit of requests in flight it waits
   * its turn; `timeoutMs` counts from the call. Bytes in `body` must not change before it settles.
   */
  request (body: FrameBody, timeoutMs?: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'open') {
        reject(new UnreachableError('DISCONNECTED'))
        return
      }
      const wait = timeoutMs ?? this.#options.requestTimeoutMs ?? requestTimeoutMsDefault
      const request = { body, deadline: this.#options.clock.monotonic() + wait, resolve, reject }
      this.#wakeAt(request.deadline)
      this.#waiting.add(request)
      this.#sendWaiting()
    })
  }

  /**
   * Sends a notice. False: the buffer is full, wait for `whenDrained` before the next one; or the
   * channel is not open and it was dropped. Bytes in it must not change before the next tick.
   */
  push (push: Push): boolean {
    if (this.#state !== 'open') return false
    this.#outgoing.put({ number: 0, push }, false)
    return this.isOpen && !this.#outgoing.isFull
  }

  /** Resolves when everything queued was taken by the stream, or when the channel is closed. */
  whenDrained (): Promise<void> {
    if (this.#state === 'closed' || this.#outgoing.isDrained) return Promise.resolve()
    return new Promise((resolve) => { this.#drainWaiters.push(resolve) })
  }

  /** Sends what is queued, then closes. Requests without an answer are rejected now. */
  close (): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#rejectRequests()
    this.#outgoing.flush()
  }

  /** Drops everything at once. */
  abort (error: RestanteError): void {
    if (this.#state === 'closed') return
    this.#stream.abort(error)
    this.#closed(error)
  }

  // ---- Outgoing ----

  #onDrained (): void {
    this.#stallDeadline = Infinity
    for (const resolve of this.#drainWaiters.splice(0)) resolve()
    if (this.#state === 'closing') {
      this.#stream.close()
      this.#closed(undefined)
      return
    }
    this.#sendWaiting()
    this.#resumeReading()
  }

  #sendWaiting (): void {
    for (const request of this.#waiting) {
      if (!this.isOpen || this.#outgoing.isFull || this.#pending.size >= requestsInFlightMax) return
      this.#waiting.delete(request)
      const number = this.#unusedNumber()
      this.#pending.set(number, request)
      this.#outgoing.put({ number, ...request.body }, false)
    }
  }

  #unusedNumber (): number {
    do {
      this.#lastNumber = this.#lastNumber >= 0xffffffff ? 1 : this.#lastNumber + 1
    } while (this.#pending.has(this.#lastNumber))
    return this.#lastNumber
  }

  // ---- Incoming ----

  #read (): void {
    // An answer given at once may resume reading from within this very loop.
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.#state === 'open' && !this.#mustPause()) {
        const bytes = this.#splitter.next()
        if (bytes == null) break
        this.#onFrame(decode(Frame, bytes, 'frame'))
      }
    } catch (error) {
      this.abort(ours(error))
    } finally {
      this.#reading = false
    }
    if (this.#state !== 'open') return
    if (this.#mustPause()) {
      this.#pauseReading()
    } else {
      this.#watchPartialFrame()
    }
  }

  #mustPause (): boolean {
    // Only answers count: did requests, two peers that both send could wait for each other for ever.
    return this.#unanswered >= requestsInFlightMax || this.#outgoing.owesMuch
  }

  #pauseReading (): void {
    if (this.#paused) return
    this.#paused = true
    this.#partialFrame = 0
    this.#stream.pause()
  }

  #resumeReading (): void {
    if (!this.#paused || this.#reading || this.#state !== 'open' || this.#mustPause()) return
    this.#paused = false
    this.#read()
    // What was held back may have filled the limits again.
    if (!this.#paused && this.#state === 'open') this.#stream.resume()
  }

  #onFrame (frame: Frame): void {
    if (frame.answer != null) {
      this.#onAnswer(frame.number, frame.answer)
    } else if (frame.push != null) {
      this.#options.onPush?.(frame.push)
    } else if (frame.number === 0) {
      // A notice of a later version has number 0 as well and is passed over.
      if (requestName(frame) != null) throw new WireError('MALFORMED', 'frame: a request without a number')
    } else {
      this.#onRequest(frame)
    }
  }

  #onAnswer (number: number, answer: Answer): void {
    const request = this.#pending.get(number)
    if (request == null) {
      this.#strayAnswers++
      return
    }
    this.#pending.delete(number)
    if (answer.code === '') {
      request.resolve(answer)
    } else {
      // A code that a later version added is a failure that may pass.
      const code = isRemoteCode(answer.code) ? answer.code : 'FAILED'
      const retryAfterMs = answer.retryAfterMs > 0 ? answer.retryAfterMs : undefined
      request.reject(new RemoteError(code, undefined, retryAfterMs))
    }
    this.#sendWaiting()
  }

  #onRequest (frame: Frame): void {
    if (requestName(frame) == null) {
      this.#answer(frame.number, refusal('UNSUPPORTED'))
      return
    }
    let result
    try {
      result = this.#options.onRequest(frame, this)
    } catch (error) {
      this.#answerError(frame.number, error)
      return
    }
    if (!(result instanceof Promise)) {
      this.#answer(frame.number, result ?? refusal('UNSUPPORTED'))
      return
    }
    this.#unanswered++
    const number = frame.number
    result.then((answer) => {
      this.#unanswered--
      this.#answer(number, answer ?? refusal('UNSUPPORTED'))
      this.#resumeReading()
    }, (error: unknown) => {
      this.#unanswered--
      this.#answerError(number, error)
      this.#resumeReading()
    })
  }

  #answer (number: number, answer: Answer): void {
    // While closing, what was asked before is still answered.
    this.#outgoing.put({ number, answer }, true)
  }

  #answerError (number: number, error: unknown): void {
    if (error instanceof WireError) {
      this.abort(error)
      return
    }
    const code = codeOf(error)
    if (isRemoteCode(code)) {
      this.#answer(number, refusal(code, error instanceof RemoteError ? error.retryAfterMs : 0))
      return
    }
    this.#options.log.warn('requestFailed', { code })
    this.#answer(number, refusal('FAILED'))
  }

  // ---- Deadlines ----

  #watchPartialFrame (): void {
    const partial = this.#splitter.partialFrame
    if (partial !== this.#partialFrame) {
      this.#partialFrame = partial
      if (partial !== 0) this.#partialSince = this.#options.clock.monotonic()
    }
    if (partial !== 0) this.#wakeAt(this.#partialDeadline())
  }

  #partialDeadline (): number {
    if (this.#partialFrame === 0) return Infinity
    return this.#partialSince + partialFrameMsMax + this.#splitter.partialBytes / partialFrameBytesPerMs
  }

  // One timer for all deadlines: a request costs none of its own.
  #wakeAt (time: number): void {
    if (time >= this.#timerAt || this.#state === 'closed') return
    this.#timer?.cancel()
    this.#timerAt = time
    const delayMs = Math.max(1, Math.ceil(time - this.#options.clock.monotonic()))
    this.#timer = this.#options.clock.setTimer(delayMs, () => { this.#onTimer() })
  }

  #onTimer (): void {
    this.#timerAt = Infinity
    const now = this.#options.clock.monotonic()
    if (this.#partialDeadline() <= now) {
      // One byte now and then would hold a stream, and its memory, open for ever.
      this.abort(new WireError('MALFORMED', 'frame: not whole in time'))
      return
    }
    if (this.#stallDeadline <= now) {
      this.abort(new UnreachableError('TIMED_OUT', 'The peer does not read.'))
      return
    }
    let next = Math.min(this.#partialDeadline(), this.#stallDeadline)
    for (const [number, request] of this.#pending) {
      if (request.deadline <= now) {
        this.#pending.delete(number)
        request.reject(new UnreachableError('TIMED_OUT'))
      } else if (request.deadline < next) next = request.deadline
    }
    for (const request of this.#waiting) {
      if (request.deadline <= now) {
        this.#waiting.delete(request)
        request.reject(new UnreachableError('TIMED_OUT'))
      } else if (request.deadline < next) next = request.deadline
    }
    if (next < Infinity) this.#wakeAt(next)
    this.#sendWaiting()
  }

  // ---- The end ----

  #rejectRequests (): void {
    const requests = [...this.#pending.values(), ...this.#waiting]
    this.#pending.clear()
    this.#waiting.clear()
    for (const request of requests) request.reject(new UnreachableError('DISCONNECTED'))
  }

  #closed (error: RestanteError | undefined): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#timer?.cancel()
    this.#timerAt = Infinity
    this.#outgoing.discard()
    this.#rejectRequests()
    for (const resolve of this.#drainWaiters.splice(0)) resolve()
    this.#options.onClose?.(error)
  }
}

function disconnected (error: Error): RestanteError {
  if (error instanceof RestanteError) return error
  return new UnreachableError('DISCONNECTED', undefined, { cause: error })
}

function ours (error: unknown): RestanteError {
  return error instanceof RestanteError ? error : new InternalError('INTERNAL', undefined, { cause: error })
}
