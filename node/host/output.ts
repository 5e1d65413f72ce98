/**
 * Where a command's words go: results on standard output (with --json one object a line), everything
 * else on standard error. Colour follows NO_COLOR, FORCE_COLOR and the terminal.
 */
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'
import { codeOf, RestanteError } from '../../protocol/errors.ts'
import { exitCodeOf } from './exit.ts'
import type { ExitCode } from './exit.ts'
import { printable } from './printable.ts'
import { wrapped } from './wrap.ts'

type Style = Parameters<typeof styleText>[0]

export interface Output {
  readonly json: boolean
  readonly quiet: boolean
  /**
   * The result: `object` with --json, else `text` (nothing where undefined), broken between words in a
   * terminal. `isForeign`: others wrote of it, and a word that is too long is broken as well.
   */
  result: (object: object, text?: string, options?: { isForeign?: boolean }) => void
  /** For the person only: never with --json, not with --quiet. */
  note: (text: string) => void
  /** Says what went wrong, and gives the exit code for it. */
  failure: (error: unknown) => ExitCode
  style: (style: Style, text: string) => string
}

export function createOutput (options: { json: boolean, quiet: boolean }): Output {
  const print = (text: string): void => { process.stdout.write(`${text}\n`) }
  const style = (wanted: Style, text: string): string => styleText(wanted, text, { stream: process.stdout })
  return {
    ...options,
    style,
    result (object, text, { isForeign = false } = {}) {
      if (options.json) print(toJson(object))
      else if (text !== undefined) print(isForeign ? foreignText(text, process.stdout) : wrapped(text, columnsOf(process.stdout), { indent: 2 }))
    },
    note (text) {
      if (!options.json && !options.quiet) process.stderr.write(`${wrapped(text, columnsOf(process.stderr))}\n`)
    },
    failure (error) {
      const { code, message, family } = describeError(error)
      if (options.json) print(toJson({ event: 'error', code, family, message }))
      else process.stderr.write(`restante: ${printable(message)} (${code})\n`)
      return exitCodeOf(error)
    }
  }
}

/** With texts of others in it, which may not fill a row so that what follows looks like a line of its own. */
export function foreignText (text: string, stream: Writable): string {
  return wrapped(text, columnsOf(stream), { indent: 4, keepsWords: false })
}

/** Undefined where it is no terminal. */
function columnsOf (stream: Writable & { isTTY?: boolean, columns?: number }): number | undefined {
  return stream.isTTY === true ? stream.columns : undefined
}

/** What may be told of an error. Of a bug only its kind: its message may hold anything. */
export function describeError (error: unknown): { code: string, family: string, message: string } {
  const known = error instanceof RestanteError ? error : new RestanteError(codeOf(error))
  const kind = error instanceof RestanteError || !(error instanceof Error) ? '' : ` [${error.name}]`
  return { code: known.code, family: known.family, message: `${known.message}${kind}` }
}

/** A field without a value is null, so that every object of one kind has the same fields. */
export function toJson (value: unknown): string {
  return JSON.stringify(value, (_name, field: unknown) => field === undefined ? null : field)
}

/** 1 message, 2 messages. */
export function counted (count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
