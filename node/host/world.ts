/**
 * The ports of protocol/ports.ts as Node gives them: time, chance and the log on standard error.
 */
import { randomBytes, randomFillSync } from 'node:crypto'
import { CryptoError } from '../../protocol/errors.ts'
import type { Clock, Log, LogFields, Random } from '../../protocol/ports.ts'
import { printable } from './printable.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer (delayMs, run) {
    let timer: NodeJS.Timeout
    // A delay beyond Node's 32 bits would fire at once: it is waited for in parts.
    const arm = (leftMs: number): void => {
      const partMs = Math.min(Math.max(leftMs, 0), timerMsMax)
      timer = setTimeout(() => { if (leftMs > partMs) arm(leftMs - partMs); else run() }, partMs)
    }
    arm(delayMs)
    return { cancel: () => { clearTimeout(timer) } }
  }
}

const timerMsMax = 0x7fffffff

export const systemRandom: Random = {
  bytes (length) {
    if (length <= pooledBytesMax) return fromPool(length)
    const bytes = new Uint8Array(randomBytes(length))
    if (bytes.length !== length) throw new CryptoError('RANDOMNESS_FAILED')
    return bytes
  }
}

/** Nonces and the like, of which every message needs one: asking the system for each takes longer than the seal. */
const pooledBytesMax = 16
const pool = new Uint8Array(4096)
let poolAt = pool.length

function fromPool (length: number): Uint8Array {
  if (poolAt + length > pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  const bytes = pool.slice(poolAt, poolAt + length)
  pool.fill(0, poolAt, poolAt + length)
  poolAt += length
  return bytes
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = typeof logLevels[number]

/**
 * Lines on standard error, which belongs to the log: standard output is for results.
 * `json`: one object a line.
 */
export function stderrLog (level: LogLevel, json: boolean): Log {
  const write = (of: Exclude<LogLevel, 'silent'>) => (event: string, fields: LogFields = {}): void => {
    if (logLevels.indexOf(of) < logLevels.indexOf(level)) return
    if (json) {
      const line = { time: new Date().toISOString(), level: of, event, ...fields }
      process.stderr.write(`${JSON.stringify(line)}\n`)
      return
    }
    const pairs = Object.entries(fields).filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${name}=${printable(String(value))}`)
    process.stderr.write(`restante: ${of}: ${event}${pairs.join('')}\n`)
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
