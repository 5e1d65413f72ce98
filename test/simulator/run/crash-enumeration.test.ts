/** A power cut at any point of the core scenarios: some of each here, all of them in the campaign. */
import assert from 'node:assert/strict'
import { loadMutant } from '../mutants/load.ts'
import { mutants } from '../mutants/mutants.ts'
import { seedOfCommit } from './campaign-seed.ts'
import { coreScenarios } from './core-scenarios.ts'
import { cutsOf, enumerateCrashes, parseCut, runCore, scenarioOf, showCut } from './crash-enumeration.ts'
import { seedsEnd } from './exploration-jobs.ts'

describe('a power cut at any point of', function () {
  this.timeout(120_000)
  const seed = Number(process.env.RESTANTE_SEED ?? 1)
  const pointsMax = 8

  for (const scenario of coreScenarios) {
    it(`'${scenario.name}' loses nothing, and shows nothing twice`, async () => {
      const { points, failures } = await enumerateCrashes(scenario, seed, { pointsMax })
      assert.deepEqual(failures, [], `seed ${seed}`)
      assert.equal(points, pointsMax)
    })
  }

  it('a scenario is after each event for each machine, and around each of its own writes', async () => {
    const scenario = scenarioOf('away')
    const [whole, cuts] = [await runCore(scenario, 3), await cutsOf(scenario, 3)]
    const writes = Object.values(whole.writes).reduce((sum, count) => sum + count, 0)
    assert.equal(cuts.length, 3 * whole.eventsBeforeEnd + 3 * writes)
    assert.ok(whole.eventsBeforeEnd > 80 && writes > 15)
    assert.deepEqual(cuts.map(cut => parseCut(showCut(cut))), cuts)
    for (const wrong of ['client1', 'client1/event', 'client1/event/0', 'client1/never/3']) assert.throws(() => parseCut(wrong))
  })

  it('a scenario happens at that very event, and the same way again', async () => {
    const scenario = scenarioOf('direct')
    const [one, again, next] = [
      await runCore(scenario, 4, { node: 'client2', moment: 'event', event: 40 }),
      await runCore(scenario, 4, { node: 'client2', moment: 'event', event: 40 }),
      await runCore(scenario, 4, { node: 'client2', moment: 'event', event: 41 })
    ]
    assert.equal(one.traceHash, again.traceHash)
    assert.notEqual(one.traceHash, next.traceHash)
    const ended = one.history.filter(entry => entry.f === 'life' && entry.value.event === 'ended' && entry.value.why === 'powerLost fault')
    assert.deepEqual(ended.map(({ process }) => process), ['client2'])
  })

  it('a relay finds one that answers before it has written', async () => {
    const mutant = mutants.find(({ name }) => name === 'relay-acks-before-write')
    assert.ok(mutant !== undefined)
    const { runSchedule: run } = await loadMutant(mutant)
    const { failures } = await enumerateCrashes(scenarioOf('away'), 1, {
      run, failuresMax: 1, isTried: cut => cut.node === 'relay1' && cut.moment === 'event'
    })
    assert.match(failures[0]?.texts.join() ?? '', /I[125]: /)
  })
})

describe('the seed of a campaign', () => {
  it('is one of its commit, and of no other', () => {
    const [one, other] = ['0123456789abcdef0123456789abcdef01234567', '0123456789abcdef0123456789abcdef01234568']
    assert.equal(seedOfCommit(one), seedOfCommit(one))
    assert.notEqual(seedOfCommit(one), seedOfCommit(other))
    for (const id of [one, other]) assert.ok(seedOfCommit(id) >= 1 && seedOfCommit(id) < seedsEnd)
  })
})
