/**
 * A node's own clocks: one on the wall that may be wrong, drift and jump, and one that never goes
 * back, which drifts as well. A life's timers run by the latter, and end with the life.
 */
import type { Clock, Timer } from '../../../protocol/ports.ts'
import type { Life, Timeline } from './timeline.ts'

/** A timer of less than this is one of so much, as in any event loop. */
const timerMsMin = 1

export class NodeClock {
  readonly #timeline: Timeline
  readonly #epochMs: number
  /** Milliseconds of this node's clocks in one of the world's. */
  readonly #rate: number
  #offsetMs: number

  /** `skewMs`: how wrong the wall clock is at first. `drift`: parts of 1, as 0.0001 for 100 ppm. */
  constructor (timeline: Timeline, options: { epochMs: number, skewMs?: number, drift?: number }) {
    this.#timeline = timeline
    this.#epochMs = options.epochMs
    this.#offsetMs = options.skewMs ?? 0
    this.#rate = 1 + (options.drift ?? 0)
  }

  /** Of the wall clock alone. */
  jump (byMs: number): void { this.#offsetMs += byMs }

  get offsetMs (): number { return this.#offsetMs }

  /** What a program that runs on this node sees. */
  of (life: Life): Clock {
    const timeline = this.#timeline
    const rate = this.#rate
    const what = `timer ${life.node}`
    return {
      now: () => this.#epochMs + timeline.nowMs * rate + this.#offsetMs,
      monotonic: () => timeline.nowMs * rate,
      setTimer (delayMs, run): Timer {
        if (!life.isAlive || delayMs === Infinity) return { cancel: () => {} }
        if (Number.isNaN(delayMs)) throw new Error(`${life.node}: a timer of NaN ms`)
        life.timers++
        const event = timeline.in(Math.max(timerMsMin, delayMs) / rate, what, () => {
          life.timers--
          run()
        }, life)
        return {
          cancel: () => {
            if (event.run === undefined) return
            timeline.cancel(event)
            life.timers--
          }
        }
      }
    }
  }
}
