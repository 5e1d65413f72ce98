/**
 * What is wrong with a scenario, each with its place in the file, as an editor or a person wants it.
 */
import { UsageError } from '../../../protocol/errors.ts'

export interface Problem {
  file: string
  /** Counted from 1. */
  line: number
  /** Counted from 1. */
  column: number
  /** Where in the scenario: `timeline[2].partition`; empty: the scenario as a whole. */
  field: string
  message: string
  /** What was probably meant. */
  hint: string | undefined
}

/** A scenario that can't be run; code USAGE. The message lists every problem on a line of its own. */
export class ScenarioError extends UsageError {
  readonly problems: readonly Problem[]

  constructor (problems: readonly Problem[]) {
    super('USAGE', problems.map(showProblem).join('\n'))
    this.problems = problems
  }
}

/** `village.yaml:12:5: timeline[0].partition: … Perhaps 'halves'?` */
export function showProblem ({ file, line, column, field, message, hint }: Problem): string {
  const place = `${file}:${line}:${column}`
  const guess = hint === undefined ? '' : ` ${hint}`
  return `${place}: ${field === '' ? '' : `${field}: `}${message}${guess}`
}

/** Path of a field as problems show it. */
export function showField (path: ReadonlyArray<string | number>): string {
  let shown = ''
  for (const step of path) {
    if (typeof step === 'number') shown += `[${step}]`
    else shown += shown === '' ? step : `.${step}`
  }
  return shown
}
