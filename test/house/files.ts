/**
 * The files of this repository that the tests of the house look at.
 */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { wireSources } from '../tools/generate-wire.ts'

export const root = join(import.meta.dirname, '../..')

/** The rooms of docs/architecture.md that hold source. */
const rooms = ['protocol', 'node', 'relay', 'browser', 'test', 'bin'] as const

/** Path of a program that npm installed. */
export const bin = (name: string): string => join(root, 'node_modules/.bin', name)

const sorted = (paths: string[]): string[] => paths.map(path => path.replaceAll('\\', '/')).sort()

/** Packages that somebody installed for one folder alone (test/benchmark/peers). */
const exclude = ['**/node_modules/**']

/** Source files, relative to the root, with forward slashes. Declarations are left out. */
export function sourceFiles (): string[] {
  const found = globSync(rooms.map(room => `${room}/**/*.{ts,tsx,js,mjs,cjs}`), { cwd: root, exclude })
  return sorted(found).filter(path => !path.endsWith('.d.ts'))
}

/** Markdown documents, relative to the root, with forward slashes. */
export function documentFiles (): string[] {
  return sorted(globSync(['*.md', 'docs/**/*.md', ...rooms.map(room => `${room}/**/*.md`)], { cwd: root, exclude }))
}

/** What test/tools/generate-wire.ts makes: not laid out by us. */
export function isGenerated (path: string): boolean {
  return wireSources.some(source => path === `${source}.js`)
}
