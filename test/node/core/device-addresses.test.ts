/** Where a device tells its contacts that it is reached, when it is reached nowhere for a while. */
import assert from 'node:assert/strict'
import type { Network, Ports } from '../../../node/core/ports.ts'
import { delivered, introduce, People } from '../../support/people.ts'

describe('a device without an address', () => {
  let people: People
  beforeEach(function () { people = new People(this.currentTest!.fullTitle()) })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  it('is still written to on the connection that is open, when its only relay goes and its addresses with it', async () => {
    const relay = await people.world.relay()
    let lose = (): void => {}
    // As a browser's tab: reached by circuits alone, and the relay that carries them goes.
    const byCircuits = (ports: Ports): Ports => ({
      ...ports,
      network: async seed => {
        const network = await ports.network(seed)
        const known = network.addresses()
        let changed = (): void => {}
        let isReached = true
        lose = () => {
          isReached = false
          changed()
        }
        return {
          ...network,
          addresses: () => isReached ? known : [],
          onAddressesChanged: listener => { changed = listener }
        } satisfies Network
      }
    })
    const alice = await people.person('Alice', [relay])
    const bob = await people.person('Bob', [relay], { bend: byCircuits })
    const { bobId, aliceId } = await introduce(alice, bob)
    const first = await alice.sendText({ to: bobId, text: 'before' })
    await delivered(alice, first.messageId)
    const answer = await bob.sendText({ to: aliceId, text: 'here' })
    await delivered(bob, answer.messageId)

    relay.stop()
    lose()
    // Whatever Bob says about his addresses is said before this.
    const after = await bob.sendText({ to: aliceId, text: 'still here' })
    await delivered(bob, after.messageId)
    const last = await alice.sendText({ to: bobId, text: 'after' })
    await delivered(alice, last.messageId)
    assert.equal((await alice.delivery(last.messageId))?.way, 'direct')
  })
})
