/**
 * Whether the wall clock may be believed where something would end for good. One that jumps ahead makes
 * nothing too old: it is believed again after a day without a jump.
 */
import type { Clock } from '../../protocol/ports.ts'
import * as defaults from './defaults.ts'

export class ClockTrust {
  readonly #clock: Clock
  #last: { now: number, monotonic: number } | undefined
  #distrustUntil = -Infinity

  constructor (clock: Clock) { this.#clock = clock }

  /** Of the time since it was last asked. The first answer is yes: what a clock says at a start is no jump. */
  isTrusted (): boolean {
    const now = this.#clock.now()
    const monotonic = this.#clock.monotonic()
    const jump = this.#last === undefined ? 0 : Math.abs((now - this.#last.now) - (monotonic - this.#last.monotonic))
    this.#last = { now, monotonic }
    if (jump > defaults.clockJumpMs) this.#distrustUntil = monotonic + defaults.clockDistrustMs
    return monotonic >= this.#distrustUntil
  }
}
