/** Clocks by which waits of minutes pass in seconds, and weeks at once. */
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

export interface LeapingClock extends Clock {
  /** So much time has passed at once, for everybody, as if all had slept. What waits for a timer waits on. */
  leap: (ms: number) => void
}

export function leapingClock (factor: number): LeapingClock {
  const clock = fasterClock(factor)
  let leaptMs = 0
  return {
    now: () => clock.now() + leaptMs,
    monotonic: () => clock.monotonic() + leaptMs,
    setTimer: (delayMs, run) => clock.setTimer(delayMs, run),
    leap: ms => { leaptMs += ms }
  }
}
