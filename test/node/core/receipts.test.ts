/** Receipts between two people who reach each other by relays alone: enough of them, and an end to them. */
import assert from 'node:assert/strict'
import type { MailboxStore } from '../../../relay/core/ports.ts'
import { Couple } from '../../support/couple.ts'
import { fasterClock } from '../../support/faster-clock.ts'
import { pause, People } from '../../support/people.ts'

describe('receipts', function () {
  this.timeout(60_000)
  let people: People
  let deposits: number

  beforeEach(function () {
    deposits = 0
    people = new People(this.currentTest!.title, fasterClock(20))
  })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  function counted (store: MailboxStore): MailboxStore {
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'deposit') deposits++
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) as unknown : value
      }
    })
  }

  for (const count of [1, 2, 3]) {
    it(`come to an end by ${count === 1 ? 'one relay' : `${count} relays`}, though each of them has a copy`, async () => {
      const relays = []
      while (relays.length < count) relays.push(await people.world.relay({}, counted))
      const couple = await Couple.meet(people, { relays, direct: false })
      await couple.alice.say('one')
      await couple.settled()
      // A minute of theirs, in which nobody writes anything.
      await pause(1_000)
      const before = deposits
      await pause(3_000)
      assert.ok(before > 0)
      assert.equal(deposits - before, 0, 'deposits in a minute of silence')
    })
  }
})
