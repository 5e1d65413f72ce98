/**
 * `restante demo`, which is `npm start`.
 */
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import type { CommonOptions } from '../program.ts'
import { runDemo } from '../demo/demo.ts'
import { readSettings } from '../settings.ts'

/** Leaves the person's own profile alone. */
export async function demo (options: CommonOptions): Promise<ExitCode> {
  return await runDemo(readSettings(options)) ? exitCodes.ok : exitCodes.notInTime
}
