/**
 * `npm run build`: compiles protocol/, node/ and relay/ to dist/, as the published package carries them.
 *
 * Node strips types only outside node_modules, so what is published is JavaScript. In the checkout
 * nothing needs dist/: the command runs the source.
 */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './house/checks.ts'
import { root } from './house/files.ts'
import { wireSources } from './tools/generate-wire.ts'

const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })
const failure = await runTool('tsc', ['-p', 'tsconfig.build.json'])
if (failure === undefined) {
  // Generated JavaScript is no input of the compiler, which sees its declarations only.
  for (const source of wireSources) {
    for (const path of [`${source}.js`, `${source}.d.ts`]) cpSync(join(root, path), join(dist, path))
  }
} else {
  console.error(failure)
  process.exitCode = 1
}
