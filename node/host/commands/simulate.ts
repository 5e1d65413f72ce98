/**
 * `restante simulate …`: hands the options to the laboratory. Nothing of a profile is opened.
 */
import { UsageError } from '../../../protocol/errors.ts'
import * as laboratory from '../../../test/simulator/command/main.ts'
import type { Surroundings } from '../../../test/simulator/command/main.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { createOutput } from '../output.ts'
import type { CommonOptions } from '../program.ts'
import { listenForStop } from '../stop.ts'

export interface SimulateOptions extends CommonOptions {
  version: string
  seed?: number
  seeds?: string
  grid?: string[]
  jobs?: number
  out?: string
  scale?: number
  set?: string[]
  tries?: number
  world?: 'simulated' | 'libp2p' | 'netns'
  shorten?: number
  minutes?: number
  only?: number
  withoutFaults?: number[]
  withoutSends?: number[]
}

export async function simulateRun (file: string, options: SimulateOptions): Promise<ExitCode> {
  const set = options.set?.map(laboratory.parseSetting)
  const world = options.world === 'simulated' ? undefined : options.world
  return await within(options, async surroundings => await laboratory.run(file, { ...options, set, world }, surroundings))
}

export async function simulateSweep (file: string, options: SimulateOptions): Promise<ExitCode> {
  const { seeds } = options
  if (seeds === undefined) throw new UsageError('USAGE', 'A sweep needs --seeds.')
  return await within(options, async surroundings => await laboratory.sweep(file, { ...options, seeds }, surroundings))
}

export async function simulateExplore (options: SimulateOptions): Promise<ExitCode> {
  const { only, minutes = 5, withoutFaults = [], withoutSends = [] } = options
  if (only === undefined && withoutFaults.length + withoutSends.length > 0) throw new UsageError('USAGE', 'Parts can be left out of one schedule alone: --only says of which.')
  return await within(options, async surroundings => only === undefined
    ? await laboratory.explore({ ...options, minutes }, surroundings)
    : await laboratory.exploreOnly(only, { withoutFaults, withoutSends }, surroundings))
}

export async function simulateReplay (file: string, options: SimulateOptions): Promise<ExitCode> {
  return await within(options, async surroundings => await laboratory.replay(file, options, surroundings))
}

export async function simulateShrink (file: string, options: SimulateOptions): Promise<ExitCode> {
  return await within(options, async surroundings => await laboratory.shrink(file, options, surroundings))
}

export async function simulateCompare (a: string, b: string, options: SimulateOptions): Promise<ExitCode> {
  return await within(options, surroundings => laboratory.compare(a, b, options, surroundings))
}

export async function simulateExplain (folder: string, message: string, options: SimulateOptions): Promise<ExitCode> {
  return await within(options, surroundings => laboratory.explain(folder, message, surroundings))
}

export async function simulateScenarios (options: SimulateOptions): Promise<ExitCode> {
  return await within(options, surroundings => laboratory.scenarios(surroundings))
}

type Work = (surroundings: Surroundings) => ExitCode | Promise<ExitCode>

/** The first Ctrl-C ends the work in order, so that what is there is written. */
async function within (options: SimulateOptions, work: Work): Promise<ExitCode> {
  const output = createOutput({ json: options.json === true, quiet: options.quiet === true })
  const stop = listenForStop()
  try {
    return await work({ output, version: options.version, signal: stop.signal })
  } catch (error) {
    if (!(error instanceof laboratory.ScenarioError)) throw error
    for (const problem of error.problems) {
      if (output.json) output.result({ event: 'problem', ...problem })
      else process.stderr.write(`${laboratory.showProblem(problem)}\n`)
    }
    return exitCodes.usage
  } finally {
    stop.release()
  }
}
