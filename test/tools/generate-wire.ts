/**
 * Generates the JavaScript and the declarations beside every .proto of the tree.
 *
 * protons writes TypeScript with `namespace`, which Node's type stripping refuses, so what is
 * committed is the JavaScript and the declarations that the compiler makes of it.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { dropStreams, dropStreamTypes } from './drop-wire-streams.ts'
import { tightenDecoders } from './tighten-wire.ts'

const root = join(import.meta.dirname, '../..')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

/** Without .proto, relative to the root. */
export const wireSources = ['protocol/wire/restante', 'node/core/records']

export function generateWire (source = 'protocol/wire/restante'): { js: string, dts: string } {
  // Beside node_modules, so that the compiler finds the runtime's types.
  const dir = mkdtempSync(join(root, 'node_modules/.wire-'))
  const name = basename(source)
  const proto = readFileSync(join(root, `${source}.proto`), 'utf8')
  try {
    cpSync(join(root, `${source}.proto`), join(dir, `${name}.proto`))
    execFileSync(bin('protons'), [`${name}.proto`, '--path', '.', '-o', '.'], { cwd: dir })
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
    execFileSync(bin('tsc'), ['--outDir', 'out', '--declaration', '--target', 'es2024', '--module', 'nodenext',
      '--skipLibCheck', '--removeComments', '--ignoreConfig', `${name}.ts`], { cwd: dir })
    return {
      js: tightenDecoders(dropStreams(readFileSync(join(dir, `out/${name}.js`), 'utf8')), proto),
      // Views into a network chunk are as good as buffers of their own.
      dts: dropStreamTypes(readFileSync(join(dir, `out/${name}.d.ts`), 'utf8')).replaceAll('Uint8Array<ArrayBuffer>', 'Uint8Array')
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  for (const source of wireSources) {
    const { js, dts } = generateWire(source)
    writeFileSync(join(root, `${source}.js`), js)
    writeFileSync(join(root, `${source}.d.ts`), dts)
  }
}
