/**
 * The checks that run before the tests: types, wire code, lint, dead code.
 *
 * Each one runs a tool on the whole repository and returns what it complained about.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, root } from './files.ts'

export interface Check {
  title: string
  /** Resolves to undefined where all is well, otherwise to the tool's words. */
  run: () => Promise<string | undefined>
}

type Outcome = { failure: string, output: undefined } | { failure: undefined, output: string }

async function execute (file: string, args: string[], cwd: string): Promise<Outcome> {
  return await new Promise(resolve => {
    execFile(file, args, { cwd, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) resolve({ failure: undefined, output: stdout })
      else resolve({ failure: `${stdout}${stderr}`.trim() || error.message, output: undefined })
    })
  })
}

/** Program and arguments of a script of package.json that is one plain command. */
export function commandOf (script: string): { program: string, args: string[] } {
  const manifest = readFileSync(join(root, 'package.json'), 'utf8')
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> }
  const [program, ...args] = scripts[script]?.split(' ') ?? []
  if (program === undefined) throw new Error(`package.json has no script '${script}'`)
  return { program, args }
}

/** Runs a program that npm installed: its words if it failed. */
export async function runTool (name: string, args: string[], cwd = root): Promise<string | undefined> {
  return (await execute(bin(name), args, cwd)).failure
}

/** Does what `npm run SCRIPT` does. */
async function runScript (script: string): Promise<string | undefined> {
  const { program, args } = commandOf(script)
  return await runTool(program, args)
}

/** In a process of its own, as the generator is synchronous and other checks run meanwhile. */
async function compareWire (): Promise<string | undefined> {
  const generate = `
    import { generateWire, wireSources } from './test/tools/generate-wire.ts'
    process.stdout.write(JSON.stringify(wireSources.map(source => ({ source, ...generateWire(source) }))))`
  const args = ['--input-type=module', '--eval', generate]
  const { failure, output } = await execute(process.execPath, args, root)
  if (failure !== undefined) return failure
  const generated = JSON.parse(output) as Array<{ source: string, js: string, dts: string }>
  const stale: string[] = []
  for (const { source, js, dts } of generated) {
    for (const [path, text] of [[`${source}.js`, js], [`${source}.d.ts`, dts]] as const) {
      const committed = readFileSync(join(root, path), 'utf8')
      if (committed !== text) stale.push(`${path} is not what ${source}.proto gives`)
    }
  }
  return stale.length === 0 ? undefined : [...stale, 'npm run generate'].join('\n')
}

export const checks: Check[] = [
  { title: 'types agree (tsc)', run: () => runScript('types') },
  { title: 'types of the web messenger agree (tsc)', run: () => runScript('types:browser') },
  { title: 'wire code is what the .proto files give (protons)', run: compareWire },
  { title: 'lint finds nothing (oxlint, type-aware)', run: () => runScript('lint') },
  { title: 'nothing is dead (knip)', run: () => runScript('unused') }
]
