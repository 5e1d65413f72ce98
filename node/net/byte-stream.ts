/**
 * A libp2p stream as the port's ByteStream: exact back-pressure, one clean or unclean end.
 *
 * Frames nothing and coalesces nothing (protocol/wire). What it adds to the stream: bytes never
 * arrive while paused or before somebody listens; `onDrain` comes when the queue is really empty;
 * a stream that ends without the peer's own close is an error, because libp2p ends streams without
 * one when a circuit's limit cuts the connection.
 */
import type { Stream } from '@libp2p/interface'
import { UnreachableError } from '../../protocol/errors.ts'
import type { ByteStream, Clock } from '../../protocol/ports.ts'

/**
 * Bytes queued beyond what the peer's window takes, after which the stream is reset: only a caller
 * who ignores `send() === false` comes here, and it must not cost the memory of the process.
 */
const writeBufferBytesMax = 8 << 20
/** Bytes that may wait while nobody reads; beyond, the stream is reset. */
const readBufferBytesMax = 8 << 20

/**
 * For the multiplexer. A peer may send what its window has room for after we stop reading, so the
 * window is the smaller: with yamux' own limit it outgrows the buffer as soon as a stream is fast.
 */
export const streamOptions = {
  maxStreamWindowSize: readBufferBytesMax / 2,
  maxReadBufferLength: readBufferBytesMax,
  maxWriteBufferLength: writeBufferBytesMax
}
/** Time for the peer to close its side after we closed ours. */
const closeTimeoutMs = 5_000

type Chunk = Iterable<Uint8Array>

export function createByteStream (stream: Stream, clock: Clock): ByteStream {
  stream.maxWriteBufferLength = writeBufferBytesMax
  stream.maxReadBufferLength = readBufferBytesMax

  let onBytes: ((bytes: Uint8Array) => void) | undefined
  let onDrain: (() => void) | undefined
  let onClose: ((error?: Error) => void) | undefined

  /** Arrived, not yet handed over. */
  let chunks: Uint8Array[] = []
  let isPaused = false
  let isDelivering = false
  let isDrainAwaited = false
  let isClosing = false
  let isRemoteClosed = false
  let end: { error: Error | undefined } | undefined
  let isEndTold = false
  let closeTimer: { cancel: () => void } | undefined

  /** Lets the stream read on, or stops it, as the listener wishes. */
  function matchFlow (): void {
    const shouldPause = isPaused || onBytes === undefined || chunks.length > 0
    try {
      if (shouldPause) stream.pause()
      else stream.resume()
    } catch {
      // The stream's readable side is closed already: there is no flow left to control.
    }
  }

  function deliver (): void {
    if (isDelivering) return
    isDelivering = true
    try {
      // A while loop, not one pass: resuming the stream hands over what it held, at once.
      for (;;) {
        while (chunks.length > 0 && !isPaused && onBytes !== undefined) onBytes(chunks.shift()!)
        matchFlow()
        // A listener that pauses while the stream resumes leaves the stream believing that it is
        // read, so the flow is matched once more, and until nothing new came in.
        if (isPaused || onBytes === undefined || chunks.length === 0) break
      }
      if (isPaused) matchFlow()
    } finally {
      isDelivering = false
    }
    tellEnd()
  }

  function tellEnd (): void {
    if (end === undefined || isEndTold || onClose === undefined) return
    // What arrived before a clean end is read before it is told.
    if (end.error === undefined && (chunks.length > 0 || stream.readBufferLength > 0) && onBytes !== undefined) return
    isEndTold = true
    chunks = []
    onClose(end.error)
  }

  function finish (error: Error | undefined): void {
    end ??= { error }
    closeTimer?.cancel()
    // Never within a call of the listener's owner, who may be in the middle of something.
    queueMicrotask(tellEnd)
  }

  function closeWrite (): void {
    if (isClosing || end !== undefined) return
    isClosing = true
    closeTimer = clock.setTimer(closeTimeoutMs, () => { stream.abort(new UnreachableError('TIMED_OUT')) })
    stream.close().catch((error: unknown) => { stream.abort(error as Error) })
  }

  stream.addEventListener('message', ({ data }) => {
    for (const chunk of (data instanceof Uint8Array ? [data] : data) as Chunk) chunks.push(chunk)
    deliver()
  })
  stream.addEventListener('drain', () => {
    // The stream sends what it holds in a microtask of its own, queued before this one.
    queueMicrotask(() => {
      if (!isDrainAwaited || stream.writableNeedsDrain || end !== undefined) return
      isDrainAwaited = false
      onDrain?.()
    })
  })
  stream.addEventListener('remoteCloseWrite', () => {
    isRemoteClosed = true
    closeWrite()
  })
  stream.addEventListener('close', event => {
    if (event.error !== undefined) {
      finish(event.local === true
        ? event.error
        : new UnreachableError('DISCONNECTED', undefined, { cause: event.error }))
    } else {
      finish(isRemoteClosed ? undefined : new UnreachableError('DISCONNECTED'))
    }
  })
  matchFlow()
  // Opening a stream takes a few turns after the peer has it, in which it may have ended already;
  // its events are over then.
  if (stream.status !== 'open') {
    finish(new UnreachableError('DISCONNECTED'))
  } else if (stream.remoteWriteStatus === 'closed') {
    isRemoteClosed = true
    closeWrite()
  }

  return {
    send (bytes) {
      if (end !== undefined || isClosing) return false
      try {
        if (stream.send(bytes)) return true
      } catch {
        // The stream aborts itself before it throws: `onClose` tells what happened.
        return false
      }
      isDrainAwaited = true
      return false
    },
    onBytes (listener) {
      onBytes = listener
      // Later, so that the caller can set its other listeners first.
      queueMicrotask(deliver)
    },
    onDrain (listener) { onDrain = listener },
    onClose (listener) {
      onClose = listener
      queueMicrotask(tellEnd)
    },
    pause () {
      isPaused = true
      if (!isDelivering) matchFlow()
    },
    resume () {
      isPaused = false
      if (!isDelivering) queueMicrotask(deliver)
    },
    close: closeWrite,
    abort (error) {
      chunks = []
      stream.abort(error)
    }
  }
}
