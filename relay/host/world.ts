/**
 * The relay's ports of protocol/ports.ts as Node gives them: time, chance and the log on standard
 * error, which belongs to it alone. With `json` one object a line.
 */
import { randomBytes } from 'node:crypto'
import type { Clock, Log, LogFields, Random } from '../../protocol/ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer (delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return { cancel: () => { clearTimeout(timer) } }
  }
}

export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length))
}

const levels = ['debug', 'info', 'warn', 'error'] as const
type Level = typeof levels[number]

/** Lines below `least` are dropped. */
export function stderrLog (least: Level, json: boolean): Log {
  const write = (level: Level) => (event: string, fields: LogFields = {}): void => {
    if (levels.indexOf(level) < levels.indexOf(least)) return
    if (json) {
      process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
      return
    }
    const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`)
    process.stderr.write(`restante relay: ${level}: ${event}${pairs.join('')}\n`)
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
