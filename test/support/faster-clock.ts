/** A clock by which waits of minutes pass in seconds. */
import type { Clock } from '../../protocol/ports.ts'
import { systemClock } from '../../node/host/world.ts'

/** Time runs `factor` times as fast. */
export function fasterClock (factor: number): Clock {
  const startMs = systemClock.now()
  return {
    now: () => startMs + (systemClock.now() - startMs) * factor,
    monotonic: () => systemClock.monotonic() * factor,
    setTimer: (delayMs, run) => systemClock.setTimer(delayMs / factor, run)
  }
}
