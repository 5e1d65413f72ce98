/**
 * Runs the command line once and gives its exit code. The process around it is bin/restante.js.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommanderError } from '@commander-js/extra-typings'
import { UsageError } from '../../protocol/errors.ts'
import { exitCodes } from './exit.ts'
import { createOutput } from './output.ts'
import { createProgram } from './program.ts'

/** `argv`: the arguments alone. Never rejects. */
export async function main (argv: string[]): Promise<number> {
  let code: number = exitCodes.ok
  const program = createProgram(readVersion(), (finished) => { code = finished })
  neverExits(program)
  // A reader that went away (`restante watch | head`) is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok)
    process.exit(exitCodes.failure)
  })
  try {
    if (argv.length === 0) {
      program.outputHelp({ error: true })
      return exitCodes.usage
    }
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    const { json = argv.includes('--json'), quiet = false } = program.opts()
    const output = createOutput({ json, quiet })
    if (!(error instanceof CommanderError)) return output.failure(error)
    // Help and version come this way too, and Commander has told the person already.
    if (error.exitCode === 0) return exitCodes.ok
    if (json) output.failure(new UsageError('USAGE', error.message.replace(/^error: /, '')))
    return exitCodes.usage
  }
}

interface Tree { exitOverride: () => unknown, readonly commands: readonly Tree[] }

/** A command inherits nothing from the program that was set after it was made. */
function neverExits (command: Tree): void {
  command.exitOverride()
  for (const inner of command.commands) neverExits(inner)
}

function readVersion (): string {
  // Two steps up in the source tree, three in dist/.
  for (const up of ['../..', '../../..']) {
    try {
      const path = join(import.meta.dirname, up, 'package.json')
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown }
      if (typeof version === 'string') return version
    } catch {
      // Not there: the other place is tried.
    }
  }
  return 'unknown'
}
