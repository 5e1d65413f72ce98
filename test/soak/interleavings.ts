/**
 * The soak of sessions, as `npm run soak` runs it: any interleaving of what can happen to two sides,
 * ten thousand times and more. A short run is in test/protocol/pq-ratchet.test.ts.
 *
 *     node test/soak/interleavings.ts [--runs 10000] [--seed 1]
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { Interleaving, openingOf, operations } from '../support/interleaving.ts'
import { native } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } })
const numRuns = Number(values.runs ?? 10_000)
const seed = Number(values.seed ?? randomInt(1, 2 ** 31))
const say = (line: string): void => { process.stdout.write(`${line}\n`) }

say(`interleavings: ${numRuns} runs, --seed ${seed}`)
const startedAt = performance.now()
const opening = openingOf(native, native, seededRandom('opening'))
let runs = 0
fc.assert(fc.property(operations, fc.nat(), (sequence, number) => {
  const random = seededRandom(`interleaving ${number}`)
  new Interleaving(native, native, opening, random).run(sequence, number % 4 === 0)
  if (++runs % 1000 === 0) say(`${runs} runs`)
}), { numRuns, seed })
say(`${numRuns} runs in ${((performance.now() - startedAt) / 1000).toFixed(0)} s, all as the model says`)
