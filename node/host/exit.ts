/**
 * What a process of the command ends with. Scripts depend on these six numbers and no other:
 * docs/cli.md lists them.
 */
import { RestanteError } from '../../protocol/errors.ts'

export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notInTime: 3,
  noNetwork: 4,
  inUse: 5
} as const

export type ExitCode = typeof exitCodes[keyof typeof exitCodes]

/** The exit code of anything thrown. */
export function exitCodeOf (error: unknown): ExitCode {
  if (!(error instanceof RestanteError)) return exitCodes.failure
  if (error.code === 'STORE_LOCKED') return exitCodes.inUse
  if (error.family === 'usage') return exitCodes.usage
  if (error.family === 'unreachable') return exitCodes.noNetwork
  return exitCodes.failure
}
