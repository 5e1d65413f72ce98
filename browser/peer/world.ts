/**
 * The ports of protocol/ports.ts as a browser gives them: time, chance and the log on the console.
 *
 * Not here: cryptography (protocol/suites/noble.ts, which needs nothing of a browser), store, network.
 */
import { CryptoError } from '../../protocol/errors.ts'
import type { Clock, Log, LogFields, Random } from '../../protocol/ports.ts'

const timerMsMax = 0x7fffffff

export const browserClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer (delayMs, run) {
    let timer: ReturnType<typeof setTimeout>
    // A delay beyond 32 bits would fire at once: it is waited for in parts.
    const arm = (leftMs: number): void => {
      const partMs = Math.min(Math.max(leftMs, 0), timerMsMax)
      timer = setTimeout(() => { if (leftMs > partMs) arm(leftMs - partMs); else run() }, partMs)
    }
    arm(delayMs)
    return { cancel: () => { clearTimeout(timer) } }
  }
}

/** The browser's generator gives no more at once. */
const drawBytesMax = 65_536

export const browserRandom: Random = {
  bytes (length) {
    const bytes = new Uint8Array(length)
    try {
      for (let at = 0; at < length; at += drawBytesMax) crypto.getRandomValues(bytes.subarray(at, at + drawBytesMax))
    } catch (cause) {
      throw new CryptoError('RANDOMNESS_FAILED', undefined, { cause })
    }
    return bytes
  }
}

const levels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = typeof levels[number]

/** Events and their fields, which carry no secret (protocol/ports.ts), from `least` upwards. */
export function consoleLog (least: LogLevel): Log {
  const write = (level: LogLevel) => (event: string, fields: LogFields = {}): void => {
    if (levels.indexOf(level) < levels.indexOf(least)) return
    console[level](`restante: ${event}`, fields)
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** As the person set it for this browser, to look into trouble. */
export function wantedLogLevel (): LogLevel {
  try {
    const wanted = localStorage.getItem('restante-log')
    return levels.find(level => level === wanted) ?? 'warn'
  } catch {
    // Site data is blocked: the peer will say so when it opens its store.
    return 'warn'
  }
}
