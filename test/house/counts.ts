/**
 * How many tests passed, failed and were skipped, and the one line that says so.
 */

export interface Counts { passed: number, failed: number, skipped: number }

export function addCounts (all: Counts[]): Counts {
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 }
  for (const counts of all) {
    sum.passed += counts.passed
    sum.failed += counts.failed
    sum.skipped += counts.skipped
  }
  return sum
}

/** The line that scripts read: always the last of a test run. */
export function closingLine (counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
}

/** 0 only where something ran and nothing failed: a run that found no test has shown nothing. */
export function exitCodeOf (counts: Counts): 0 | 1 {
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1
}

export interface Outcome extends Counts {
  /** Of each that failed its title and the beginning of its error. */
  failures: string[]
}

/** Undefined where `text` is not what a finished run writes. */
export function parseOutcome (text: string): Outcome | undefined {
  try {
    const { passed, failed, skipped, failures } = JSON.parse(text) as Record<string, unknown>
    if ([passed, failed, skipped].every(count => Number.isSafeInteger(count) && (count as number) >= 0) &&
      Array.isArray(failures)) {
      return { passed, failed, skipped, failures: failures.map(String) } as Outcome
    }
  } catch {
    // Cut off, because the run died while it wrote: the same as never written.
  }
  return undefined
}
