/**
 * A progress bar on standard error, in a terminal only: scripts and files never see it.
 */
import { showDuration } from '../scenario/quantities.ts'
import type { Output } from '../../../node/host/output.ts'

const barWidth = 28
const redrawMs = 100

export class Progress {
  readonly #isShown: boolean
  readonly #startedAt = performance.now()
  #drawnAt = -Infinity
  #length = 0

  constructor ({ json, quiet }: Pick<Output, 'json' | 'quiet'>) {
    this.#isShown = process.stderr.isTTY && !json && !quiet
  }

  /** `part`: from 0 to 1. */
  show (part: number, words: string): void {
    const now = performance.now()
    if (!this.#isShown || (now - this.#drawnAt < redrawMs && part < 1)) return
    this.#drawnAt = now
    const filled = Math.round(barWidth * part)
    const leftMs = part < 0.02 ? NaN : (now - this.#startedAt) * (1 - part) / part
    const left = Number.isNaN(leftMs) || part >= 1 ? '' : `, ${showDuration(Math.max(1000, leftMs))} left`
    this.#draw(`[${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}] ${Math.floor(100 * part)} % ${words}${left}`)
  }

  /** The line is free again. */
  clear (): void { if (this.#isShown && this.#length > 0) this.#draw('') }

  #draw (line: string): void {
    const shown = line.slice(0, Math.max(20, process.stderr.columns - 1))
    process.stderr.write(`\r${shown.padEnd(this.#length)}${shown === '' ? '\r' : ''}`)
    this.#length = shown.length
  }
}
