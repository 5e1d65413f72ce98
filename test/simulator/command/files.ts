/**
 * Scenarios and results on disk: the only place of the laboratory that looks for files by name.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { UsageError } from '../../../protocol/errors.ts'
import type { Repro } from '../report/records.ts'
import type { RunResult } from '../report/write-run.ts'
import { guessOf } from '../scenario/schema-check.ts'
import { loadScenario } from '../scenario/load.ts'
import type { ScenarioText } from '../scenario/load.ts'
import type { Override } from '../scenario/override.ts'

/** Beside this folder in the sources, and in the published package alike. */
const library = join(import.meta.dirname, '../scenarios')

/** Names of the scenarios that come with the program. */
export function libraryNames (): string[] {
  return readdirSync(library).filter(name => name.endsWith('.yaml')).map(name => name.slice(0, -'.yaml'.length)).sort()
}

function libraryPath (name: string): string { return join(library, `${name}.yaml`) }

/**
 * A scenario with all that it reads. `file`: a path, or the name of one that comes with the program.
 * Throws UsageError, or ScenarioError where it is none.
 */
export function readScenario (file: string, overrides: readonly Override[] = []): ScenarioText {
  const path = pathOf(file)
  const folder = dirname(path)
  const attachments: Record<string, string> = {}
  const text: ScenarioText = { file: shownPath(path), text: readFileSync(path, 'utf8'), attachments }
  loadScenario(text, {
    overrides,
    readFile: name => {
      const place = resolve(folder, name)
      const isInside = !isAbsolute(name) && !relative(folder, place).startsWith('..')
      // A scenario is somebody else's text: it must not make us read, and report, what it likes.
      if (!isInside) throw new Error('only files beside the scenario are read')
      if (!existsSync(place) || !statSync(place).isFile()) throw new Error('there is no such file')
      attachments[name] = readFileSync(place, 'utf8')
      return attachments[name]
    }
  })
  return text
}

function pathOf (file: string): string {
  if (existsSync(file) && statSync(file).isFile()) return resolve(file)
  const names = libraryNames()
  if (names.includes(file)) return libraryPath(file)
  throw new UsageError('USAGE', `There is no scenario '${file}': neither a file nor one of ${names.join(', ')}. ${guessOf(file, names) ?? ''}`.trim())
}

/** As a person would write it: no machine's own paths in results. */
function shownPath (path: string): string {
  return path.startsWith(library) ? basename(path) : relative(process.cwd(), path).startsWith('..') ? basename(path) : relative(process.cwd(), path)
}

/** A `repro.json`, or the folder that has one. Throws UsageError. */
export function readRepro (file: string): Repro {
  const path = existsSync(file) && statSync(file).isDirectory() ? join(file, 'repro.json') : file
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError('USAGE', `${path} can't be read: ${(error as Error).message}`)
  }
  const repro = parsed as Partial<Repro> | null
  const isOne = typeof repro?.scenario?.text === 'string' && Number.isSafeInteger(repro.seed) && typeof repro.traceHash === 'string' &&
    Array.isArray(repro.overrides) && typeof repro.scale === 'number' && Array.isArray(repro.without?.windows)
  if (!isOne) throw new UsageError('USAGE', `${path} is no repro.json of a simulation.`)
  return repro as Repro
}

/** One whose run can be played again. Throws UsageError. */
export function readRepeatable (file: string): Repro {
  const repro = readRepro(file)
  if (repro.world === undefined) return repro
  throw new UsageError('USAGE', `${file} is of real programs (--world ${repro.world}), which never do the same twice: simulate run plays its scenario once more.`)
}

/** Results of a run's folder, or of a sweep's. Throws UsageError. */
export function readResults (folder: string): RunResult[] {
  for (const [name, isLines] of [['results.jsonl', true], ['result.json', false]] as const) {
    const path = join(folder, name)
    if (!existsSync(path)) continue
    const text = readFileSync(path, 'utf8')
    // The last line of a sweep that was killed may be cut off.
    const lines = isLines ? text.split('\n').slice(0, -1) : [text]
    return lines.filter(line => line.trim() !== '').map(line => JSON.parse(line) as RunResult)
  }
  throw new UsageError('USAGE', `${folder} holds no results: neither a run nor a sweep was written there.`)
}

/** Lines of a run's history. */
export function readLines (folder: string, name: string): string[] {
  const path = join(folder, name)
  if (!existsSync(path)) throw new UsageError('USAGE', `${folder} has no ${name}: it is no run's folder.`)
  return readFileSync(path, 'utf8').split('\n').filter(line => line !== '')
}
