/** A clock that stands until the test moves it. Timers run in order of their time. */
import type { Clock } from '../../protocol/ports.ts'

export interface ManualClock extends Clock {
  /** Moves on by `ms`, running what falls due and letting promises settle in between. */
  advance: (ms: number) => Promise<void>
  /** Timers that are set. */
  readonly timers: number
}

export function manualClock (startMs = 1_760_000_000_000): ManualClock {
  let elapsed = 0
  const timers = new Set<{ at: number, run: () => void }>()
  return {
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    setTimer (delayMs, run) {
      const timer = { at: elapsed + delayMs, run }
      timers.add(timer)
      return { cancel: () => { timers.delete(timer) } }
    },
    get timers () { return timers.size },
    async advance (ms) {
      const end = elapsed + ms
      await settled()
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (next == null) break
        timers.delete(next)
        elapsed = Math.max(elapsed, next.at)
        next.run()
        await settled()
      }
      elapsed = end
      await settled()
    }
  }
}

/** Everything that only waits for promises, or for bytes in memory, is done. */
export async function settled (): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => { setImmediate(resolve) })
}
