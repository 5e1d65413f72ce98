/**
 * A clock whose timers all end with what they belong to: after `end`, none fires and none is set, so
 * that work which was under way at a stop can't keep a process or a closed store busy.
 */
import type { Clock, Timer } from '../../protocol/ports.ts'

export class ScopedClock implements Clock {
  readonly #clock: Clock
  readonly #timers = new Set<Timer>()
  #hasEnded = false

  constructor (clock: Clock) { this.#clock = clock }

  now (): number { return this.#clock.now() }
  monotonic (): number { return this.#clock.monotonic() }

  setTimer (delayMs: number, run: () => void): Timer {
    if (this.#hasEnded) return { cancel: () => {} }
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(scoped)
      run()
    })
    const scoped = {
      cancel: (): void => {
        this.#timers.delete(scoped)
        timer.cancel()
      }
    }
    this.#timers.add(scoped)
    return scoped
  }

  end (): void {
    this.#hasEnded = true
    for (const timer of [...this.#timers]) timer.cancel()
  }
}
