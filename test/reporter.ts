/**
 * The reporter of every mocha run: mocha's Spec, closed by `N passed, N failed, N skipped`.
 *
 * With the reporter option `counts=FILE` it writes its counts there instead of printing the closing
 * line: test/run.ts adds up several runs and prints one line for all of them.
 */
import { writeFileSync } from 'node:fs'
import Mocha from 'mocha'
import { closingLine } from './house/counts.ts'
import type { Counts } from './house/counts.ts'

/** Shorter than what test/run.ts grants a run to end. */
const stillOpenMs = 4_000

// Mocha finds a reporter by the module's default export.
export default class Reporter extends Mocha.reporters.Spec {
  readonly #countsFile: string | undefined

  constructor (runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const reporterOptions = options.reporterOptions as Record<string, unknown> | undefined
    const counts = reporterOptions?.counts
    this.#countsFile = typeof counts === 'string' ? counts : undefined
  }

  override epilogue (): void {
    super.epilogue()
    const counts: Counts = {
      passed: this.stats.passes,
      failed: this.stats.failures,
      skipped: this.stats.pending
    }
    if (counts.failed > 0) console.log(`To repeat this run: RESTANTE_SEED=${process.env.RESTANTE_SEED}\n`)
    // A run that does not end says what holds it. The timer itself holds nothing.
    setTimeout(() => {
      console.log(`Still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`)
    }, stillOpenMs).unref()
    if (this.#countsFile === undefined) console.log(closingLine(counts))
    else writeFileSync(this.#countsFile, JSON.stringify(counts))
  }
}
