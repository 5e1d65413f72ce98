/**
 * `npm run fuzz`: mutated bytes and texts against every decoder, and how many a second each took.
 *
 * Options: `--executions N` for each (200,000), `--seed N` to repeat a run, `--only NAME` for one.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { decoders } from './decoders.ts'
import { fuzz } from './fuzz.ts'

const { values: options } = parseArgs({
  options: { executions: { type: 'string', default: '200000' }, seed: { type: 'string' }, only: { type: 'string' } }
})
const executions = Number(options.executions)
if (!Number.isSafeInteger(executions) || executions < 1) throw new Error('--executions: a whole number from 1')
const seed = Number(options.seed ?? randomInt(1, 2 ** 31))
const chosen = decoders().filter(({ name }) => options.only === undefined || name === options.only)
process.stdout.write(`${chosen.length} decoders, ${executions} executions each, seed ${seed}\n`)
let failures = chosen.length === 0 ? 1 : 0
for (const decoder of chosen) {
  try {
    const { executions: done, accepted, ms } = fuzz(decoder, executions, seed)
    const rate = Math.round(done / ms * 1000).toLocaleString('en')
    process.stdout.write(`  ✔ ${decoder.name}: ${done} executions, ${accepted} accepted, ${rate} a second\n`)
  } catch (error) {
    failures++
    process.stdout.write(`  ✘ ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
process.stdout.write(failures === 0 ? 'nothing found\n' : `${failures} found\n`)
process.exitCode = failures === 0 ? 0 : 1
