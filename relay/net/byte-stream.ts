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
      let isClosed = false
      stream.addEventListener('remoteCloseWrite', close)
      stream.addEventListener('close', ({ error }) => {
        if (isClosed) return
        isClosed = true
        listener(error)
      })
    },
    pause () {
      if (stream.readStatus === 'readable') stream.pause()
    },
    resume () {
      if (stream.readStatus === 'paused') stream.resume()
    },
    close,
    abort (error) {
      stream.abort(error)
    }
  }
}
