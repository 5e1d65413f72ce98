/**
 * Writes the frozen vectors, protocol/vectors/. They change only with the specification: a test
 * holds the committed files against what the code makes, and against what it reads.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contentVectors } from './vectors-content.ts'
import { cryptoVectors } from './vectors-crypto.ts'
import { identityVectors } from './vectors-identity.ts'
import { verificationVectors } from './vectors-verification.ts'

/** Each gives files by name, and what is in them. */
const generators: ReadonlyArray<() => Record<string, unknown> | Promise<Record<string, unknown>>> =
  [() => cryptoVectors(), identityVectors, verificationVectors, contentVectors]

const folder = join(import.meta.dirname, '../../protocol/vectors')

if (import.meta.main) {
  for (const generate of generators) {
    for (const [name, vectors] of Object.entries(await generate())) {
      writeFileSync(join(folder, name), `${JSON.stringify(vectors, null, 2)}\n`)
    }
  }
}
