/** The titles of all tests, as their files spell them; without running any. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, sourceFiles } from './files.ts'

export interface TestTitle {
  /** Relative to the root. */
  file: string
  /** Of a suite or of a test. A title that is put together holds its `${…}` as it is. */
  title: string
}

export function testTitles (): TestTitle[] {
  return sourceFiles().filter((file) => /^test\/.*\.ts$/.test(file)).flatMap((file) =>
    titlesIn(readFileSync(join(root, file), 'utf8')).map((title) => ({ file, title })))
}

export function titlesIn (source: string): string[] {
  const call = /\b(?:it|describe|itAgreesWith|itAgreesWithWycheproof)\(\s*(?:'[\w./-]+\.json',\s*)?(?:'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g
  return [...source.matchAll(call)].map(([, quoted, template]) => (quoted ?? template ?? '').replaceAll(/\\(.)/g, '$1'))
}
