/**
 * The whole of the fuzzing as a part of `npm test`: in a process of its own beside the tests, which mostly leave
 * a core free, and behind them where they do not. Each decoder counts as one test.
 *
 * Not here: what is run (run.ts).
 */
import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import type { Counts } from '../house/counts.ts'
import { root } from '../house/files.ts'

/** Of the 39 that there are, from the highest to the lowest. */
const priority = 10

export interface FuzzingResult {
  counts: Counts
  /** What was found, and the seed; or, where nothing was, one line that says what was done. */
  text: string
}

/** `args`: those of run.ts. A run that dies, or tries nothing, counts as one failure. */
export async function runFuzzing (args: string[]): Promise<FuzzingResult> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(root, 'test/fuzz/run.ts'), ...args],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.pid !== undefined) setPriority(child.pid, priority)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text })
  const how = await new Promise<string>(resolve => {
    child.once('error', error => { resolve(error.message) })
    child.once('close', (code, signal) => { resolve(signal ?? `exit code ${code}`) })
  })
  const lines = output.split('\n')
  const passed = lines.filter(line => line.startsWith('  ✔ ')).length
  const found = lines.filter(line => line.startsWith('  ✘ '))
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (how === 'exit code 0' && found.length === 0 && passed > 0) {
    return { counts: { passed, failed: 0, skipped: 0 }, text: `${lines[0]}: nothing found (${seconds} s)` }
  }
  if (found.length === 0) found.push(`  ✘ the fuzzing ended before it was done (${how})`)
  return { counts: { passed, failed: found.length, skipped: 0 }, text: [lines[0], ...found].join('\n') }
}
