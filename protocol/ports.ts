/**
 * What the protocol and both engines need from the world, each on a few lines.
 *
 * Nothing in protocol/ or in a core/ reaches a clock, randomness, a timer or a log in any other
 * way, so that the same code runs in the simulator, where a seed gives all of them.
 */

export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. May jump; never used for time-outs. */
  now: () => number
  /** Milliseconds of a clock that never goes back. */
  monotonic: () => number
  /** Runs `run` once, `delayMs` from now, unless cancelled. */
  setTimer: (delayMs: number, run: () => void) => Timer
}

export interface Timer { cancel: () => void }

export interface Random {
  /** `length` bytes, unpredictable. Throws rather than returning fewer or weaker ones. */
  bytes: (length: number) => Uint8Array
}

/** No message text, key, account address or IP address is ever passed to a log, at any level. */
export interface Log {
  debug: (event: string, fields?: LogFields) => void
  info: (event: string, fields?: LogFields) => void
  warn: (event: string, fields?: LogFields) => void
  error: (event: string, fields?: LogFields) => void
}

export type LogFields = Record<string, string | number | boolean | undefined>

/**
 * A reliable, ordered stream of bytes to one authenticated peer. Chunks are not aligned with
 * frames. The shape is that of a libp2p stream, reduced to what the channel uses.
 */
export interface ByteStream {
  /** Queues bytes. False: the buffer is full, wait for `onDrain` before sending more. */
  send: (bytes: Uint8Array) => boolean
  /** One listener each; set before the first await after obtaining the stream. */
  onBytes: (listener: (bytes: Uint8Array) => void) => void
  onDrain: (listener: () => void) => void
  /** Called once. `error` where it did not end by a clean close. */
  onClose: (listener: (error?: Error) => void) => void
  /** Stops reading until `resume`: back-pressure reaches the peer. */
  pause: () => void
  resume: () => void
  /** Flushes and closes. */
  close: () => void
  /** Drops everything at once. */
  abort: (error: Error) => void
}
