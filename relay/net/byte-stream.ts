/**
 * A libp2p stream as the protocol's ByteStream. Nothing is copied on the way.
 */
import type { Stream } from '@libp2p/interface'
import type { ByteStream } from '../../protocol/ports.ts'

/** The channel stops at `send` saying false; this is for what one frame adds on top of that. */
const writeBufferBytesMax = 2 * 1024 * 1024
/** A peer that does not take the end of what it asked for is not waited for any longer. */
const closeMsMax = 5_000

/** Call it before anything is awaited after obtaining `stream`, and set the listeners at once. */
export function byteStreamOf (stream: Stream): ByteStream {
  // Without a limit a peer that does not read would fill the memory.
  stream.maxWriteBufferLength = writeBufferBytesMax
  const close = (): void => {
    stream.close({ signal: AbortSignal.timeout(closeMsMax) }).catch((error: unknown) => {
      stream.abort(error instanceof Error ? error : new Error(String(error)))
    })
  }
  let isPaused = false
  let isResuming = false
  const isReadable = (): boolean => stream.readStatus === 'readable'
  return {
    send (bytes) {
      // A stream that has just ended throws; that it ended is told by `onClose`.
      if (stream.writeStatus !== 'writable') return false
      return stream.send(bytes)
    },
    onBytes (listener) {
      stream.addEventListener('message', ({ data }) => {
        if (data instanceof Uint8Array) listener(data)
        else for (const chunk of data) listener(chunk)
      })
    },
    onDrain (listener) {
      stream.addEventListener('drain', listener)
    },
    onClose (listener) {
      let isTold = false
      const tell = (error?: Error): void => {
        if (isTold) return
        isTold = true
        listener(error)
      }
      stream.addEventListener('remoteCloseWrite', close)
      stream.addEventListener('close', ({ error }) => { tell(error) })
      // Accepting a stream takes a few turns, in which the peer may have ended it: its events are over.
      if (stream.status !== 'open') queueMicrotask(tell)
      else if (stream.remoteWriteStatus === 'closed') close()
    },
    pause () {
      isPaused = true
      if (!isResuming && isReadable()) stream.pause()
    },
    resume () {
      isPaused = false
      if (isResuming || stream.readStatus !== 'paused') return
      // The stream hands over what it held before it tells the peer to go on: a pause from within
      // that would be undone, and the peer would send until the buffer is over its limit.
      isResuming = true
      stream.resume()
      isResuming = false
      if (isPaused && isReadable()) stream.pause()
    },
    close,
    abort (error) {
      stream.abort(error)
    }
  }
}
