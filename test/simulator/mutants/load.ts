/**
 * Loads the simulator and all that it runs once more, with a planted bug: product files are read as
 * they are, and one passage of one of them is another. Nothing of it is ever on disk, and the
 * unaltered modules stay as they are beside it.
 *
 * Every module gets the mutant's name into its URL, and passes it on to what it imports, so that the
 * altered program is whole: its errors are its own classes, and so is its simulator.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { runSchedule } from '../run/schedule.ts'
import type { Mutant } from './mutants.ts'

/** What is used of the altered simulator. */
export interface Laboratory { runSchedule: typeof runSchedule }

const root = join(import.meta.dirname, '../../..')
const parameter = 'mutant'
const planted = new Map<string, Mutant>()
const loaded = new Map<string, Promise<Laboratory>>()
let areHooksSet = false

/** The altered file. Throws where a passage is not in it exactly once: then the mutant no longer says what it says. */
export function mutatedSource (mutant: Mutant, file: string): string {
  let source = readFileSync(join(root, file), 'utf8')
  for (const { find, replace } of mutant.changes.filter(change => change.file === file)) {
    const count = source.split(find).length - 1
    if (count !== 1) throw new Error(`${mutant.name}: its passage is ${count} times in ${file}: ${find}`)
    source = source.replace(find, () => replace)
  }
  return source
}

export async function loadMutant (mutant: Mutant): Promise<Laboratory> {
  setHooks()
  planted.set(mutant.name, mutant)
  let laboratory = loaded.get(mutant.name)
  if (laboratory === undefined) {
    for (const { file } of mutant.changes) mutatedSource(mutant, file)
    laboratory = load(mutant.name)
    loaded.set(mutant.name, laboratory)
  }
  return await laboratory
}

async function load (name: string): Promise<Laboratory> {
  const url = `${pathToFileURL(join(import.meta.dirname, '../run/schedule.ts')).href}?${parameter}=${name}`
  return await import(url) as Laboratory
}

function setHooks (): void {
  if (areHooksSet) return
  areHooksSet = true
  registerHooks({
    resolve (specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context)
      const name = nameIn(context.parentURL)
      if (name === undefined || !isOurs(resolved.url)) return resolved
      return { ...resolved, url: `${resolved.url.split('?')[0]}?${parameter}=${name}` }
    },
    load (url, context, nextLoad) {
      const name = nameIn(url)
      const mutant = name === undefined ? undefined : planted.get(name)
      if (mutant === undefined || !isOurs(url)) return nextLoad(url, context)
      const result = nextLoad(url, context)
      const file = pathOf(url)
      return mutant.changes.some(change => change.file === file) ? { ...result, source: mutatedSource(mutant, file) } : result
    }
  })
}

function nameIn (url: string | undefined): string | undefined {
  if (url === undefined || !url.startsWith('file:')) return undefined
  return new URL(url).searchParams.get(parameter) ?? undefined
}

/** Relative to the root, with forward slashes. */
function pathOf (url: string): string {
  const path = fileURLToPath(url.split('?')[0]!)
  return path.startsWith(`${root}${sep}`) ? path.slice(root.length + 1).replaceAll(sep, '/') : ''
}

const isOurs = (url: string): boolean => url.startsWith('file:') && /^(node|relay|protocol|test)\//.test(pathOf(url))
