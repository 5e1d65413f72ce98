/** Sessions of a profile that was put back to an older state, or has lost a part of it. */
import assert from 'node:assert/strict'
import { Couple } from '../../support/couple.ts'
import { fasterClock } from '../../support/faster-clock.ts'
import { People } from '../../support/people.ts'
import type { WorldRelay } from '../../support/small-world.ts'

describe('a profile that was put back to an older state', function () {
  this.timeout(60_000)
  let people: People

  beforeEach(function () { people = new People(this.currentTest!.title, fasterClock(20)) })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  async function relays (count: number): Promise<WorldRelay[]> {
    return await Promise.all(Array.from({ length: count }, async () => await people.world.relay()))
  }

  const ways = [
    { way: 'straight alone', count: 0, direct: true },
    { way: 'by one relay alone', count: 1, direct: false },
    { way: 'by three relays and straight', count: 3, direct: true }
  ]
  for (const { way, count, direct } of ways) {
    for (const [lost, written] of [[5, 2], [5, 5], [3, 7]] as const) {
      it(`of the sender, ${way}, loses nothing of ${written} messages under the numbers of ${lost}`, async () => {
        const { alice, bob, ...couple } = await meet(count, direct)
        const copy = await alice.copy()
        await alice.sayMany('lost', lost)
        await couple.settled()
        await alice.putBack(copy)
        await alice.sayMany('anew', written)
        await couple.settled()
        await bob.say('still there?')
        await couple.settled()
        assert.equal((await bob.texts()).filter(text => text.startsWith('anew')).length, written)
        assert.deepEqual([alice.resets.length, bob.resets.length], [1, 1], 'one notice each')
      })
    }
  }

  async function meet (count: number, direct: boolean): Promise<{ alice: Couple['alice'], bob: Couple['bob'], settled: (msMax?: number) => Promise<void> }> {
    const couple = await Couple.meet(people, { relays: await relays(count), direct })
    return { alice: couple.alice, bob: couple.bob, settled: async msMax => { await couple.settled(msMax) } }
  }
})
