/** Another post-quantum ratchet in the place of ours: one line is changed, and nothing else knows. */
import assert from 'node:assert/strict'
import { loadMutant } from '../simulator/mutants/load.ts'
import type * as Absent from '../support/no-pq-ratchet.ts'
import { topologyOf } from '../simulator/run/established.ts'

describe('the place of the post-quantum ratchet', function () {
  this.timeout(60_000)

  it('takes another construction, with which people talk', async () => {
    const swapped = await loadMutant({
      name: 'no-pq-ratchet', what: 'the classical ratchet alone', killedBy: [], schedulesMax: 0,
      changes: [{ file: 'protocol/pq.ts', find: "{ pqRatchet as pq } from './pq-ratchet.ts'", replace: "{ pqRatchet as pq } from '../test/support/no-pq-ratchet.ts'" }]
    })
    const options = { topology: topologyOf(2, 1), kinds: [] }
    const { asked } = await import(`${import.meta.resolve('../support/no-pq-ratchet.ts')}?mutant=no-pq-ratchet`) as typeof Absent
    const { violations, history } = await swapped.runSchedule(1, options)
    assert.deepEqual(violations, [])
    assert.ok(history.some(({ f }) => f === 'shown'))
    assert.ok(asked.compose > 10, `${asked.compose} messages`)
  })
})
