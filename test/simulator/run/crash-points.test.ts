/** A power cut at any write: some points of each run, all of them by `npm run explore`. */
import assert from 'node:assert/strict'
import { loadMutant } from '../mutants/load.ts'
import { mutants } from '../mutants/mutants.ts'
import { crashEverywhere } from './crash-points.ts'
import { topologyOf } from './established.ts'
import { establishedWorld } from './schedule.ts'

describe('a power cut at any write', function () {
  this.timeout(60_000)
  const pointsMax = 24

  it('loses nothing, shows nothing twice, and leaves stores that open', async () => {
    const seed = Number(process.env.RESTANTE_SEED ?? 1)
    const { points, failures } = await crashEverywhere({ seed, pointsMax })
    assert.deepEqual(failures, [], `seed ${seed}`)
    assert.equal(points, pointsMax, `seed ${seed}`)
  })

  it('finds an outbox that was acknowledged before it was synced', async () => {
    const mutant = mutants.find(({ name }) => name === 'outbox-not-synced')
    assert.ok(mutant !== undefined)
    const { runSchedule: run } = await loadMutant(mutant)
    const established = await establishedWorld(topologyOf(2, 1))
    const { failures } = await crashEverywhere({ seed: 1, run, established, failuresMax: 1 })
    assert.match(failures[0]?.texts.join() ?? '', /I[15]: message \d+ /)
  })
})
