/**
 * The soak of profiles that are put back, as `npm run soak` runs it.
 *
 *     node test/soak/set-backs.ts [--runs 200] [--seed 1]
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { walkOfSetBacks } from '../support/set-back-walk.ts'

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } })
const runs = Number(values.runs ?? 200)
const seed = Number(values.seed ?? randomInt(1, 2 ** 31))
const say = (line: string): void => { process.stdout.write(`${line}\n`) }

say(`set-backs: ${runs} runs, --seed ${seed}`)
const startedAt = performance.now()
let putBacks = 0
let messages = 0
for (let run = 0; run < runs; run++) {
  const result = await walkOfSetBacks(`${seed + run}`)
  putBacks += result.putBacks
  messages += result.messages
  if ((run + 1) % 20 === 0) say(`${run + 1} runs`)
}
say(`${runs} runs, ${putBacks} set-backs, ${messages} messages in ${((performance.now() - startedAt) / 1000).toFixed(0)} s: none lost, none twice, no tick too many`)
process.exit(0)
