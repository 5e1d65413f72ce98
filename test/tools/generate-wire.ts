/**
 * Generates protocol/wire/restante.js and .d.ts from restante.proto.
 *
 * protons writes TypeScript with `namespace`, which Node's type stripping refuses, so what is
 * committed is the JavaScript and the declarations that the compiler makes of it.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

export function generateWire (): { js: string, dts: string } {
  // Beside node_modules, so that the compiler finds the runtime's types.
  const dir = mkdtempSync(join(root, 'node_modules/.wire-'))
  try {
    cpSync(join(root, 'protocol/wire/restante.proto'), join(dir, 'restante.proto'))
    execFileSync(bin('protons'), ['restante.proto', '--path', '.', '-o', '.'], { cwd: dir })
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
    execFileSync(bin('tsc'), ['--outDir', 'out', '--declaration', '--target', 'es2024', '--module', 'nodenext',
      '--skipLibCheck', '--removeComments', '--ignoreConfig', 'restante.ts'], { cwd: dir })
    return {
      js: readFileSync(join(dir, 'out/restante.js'), 'utf8'),
      dts: readFileSync(join(dir, 'out/restante.d.ts'), 'utf8')
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const { js, dts } = generateWire()
  writeFileSync(join(root, 'protocol/wire/restante.js'), js)
  writeFileSync(join(root, 'protocol/wire/restante.d.ts'), dts)
}
