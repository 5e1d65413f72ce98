/**
 * `npm run build`: compiles protocol/, node/, relay/ and the laboratory to dist/, as the published package carries them, and
 * bundles the web messenger to dist/browser/, which `restante relay --web` serves.
 *
 * Node strips types only outside node_modules, so what is published is JavaScript. In the checkout
 * nothing else needs dist/: the command runs the source. `--browser-only` leaves the rest as it is, and
 * `--if-missing` what is built already: that is for `npm start`.
 */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { buildConfig } from '../browser/build.ts'
import { runTool } from './house/checks.ts'
import { root } from './house/files.ts'
import { withLicences } from './tools/list-licences.ts'
import { wireSources } from './tools/generate-wire.ts'

const dist = join(root, 'dist')

/** What went wrong, in the compiler's words. */
async function compile (): Promise<string | undefined> {
  rmSync(dist, { recursive: true, force: true })
  const failure = await runTool('tsc', ['-p', 'tsconfig.build.json'])
  if (failure !== undefined) return failure
  // Generated JavaScript is no input of the compiler, which sees its declarations only.
  for (const source of wireSources) {
    for (const path of [`${source}.js`, `${source}.d.ts`]) cpSync(join(root, path), join(dist, path))
  }
  // The laboratory's library of scenarios, and the page that explains it.
  for (const path of ['test/simulator/scenarios', 'test/simulator/README.md']) cpSync(join(root, path), join(dist, path), { recursive: true })
  return undefined
}

const failure = process.argv.includes('--browser-only') ? undefined : await compile()
const isThere = process.argv.includes('--if-missing') && existsSync(join(dist, 'browser/index.html'))
if (failure === undefined) {
  if (!isThere) await build(withLicences(buildConfig))
} else {
  console.error(failure)
  process.exitCode = 1
}
