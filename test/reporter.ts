/**
 * The reporter of every mocha run: mocha's Spec, closed by `N passed, N failed, N skipped`.
 *
 * With the reporter option `counts=FILE` it writes its counts there, and what failed, instead of printing the
 * closing line: test/run.ts adds up several runs and prints one line for all of them.
 */
import { writeFileSync } from 'node:fs'
import Mocha from 'mocha'
import { closingLine } from './house/counts.ts'
import type { Counts } from './house/counts.ts'

/** Shorter than what test/run.ts grants a run to end. */
const stillOpenMs = 4_000
/** Of a failure as it is told again at the end: what fits where only the last pages of a long log are kept. */
const toldLength = 1500

/** The title with those around it, and the beginning of the error. */
function toldAgain (test: Mocha.Test): string {
  const error = test.err?.stack ?? test.err?.message ?? 'no error was given'
  const shown = error.length > toldLength ? `${error.slice(0, toldLength)} …` : error
  return `${test.fullTitle()}\n${shown.replaceAll(/^/gm, '    ')}`
}

// Mocha finds a reporter by the module's default export.
export default class Reporter extends Mocha.reporters.Spec {
  readonly #countsFile: string | undefined
  readonly #failures: string[] = []

  constructor (runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const reporterOptions = options.reporterOptions as Record<string, unknown> | undefined
    const counts = reporterOptions?.counts
    this.#countsFile = typeof counts === 'string' ? counts : undefined
    runner.on('fail', (test, error: Error) => {
      test.err ??= error
      this.#failures.push(toldAgain(test))
    })
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
    else writeFileSync(this.#countsFile, JSON.stringify({ ...counts, failures: this.#failures }))
  }
}
