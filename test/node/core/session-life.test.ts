/** Sessions of a profile that was put back to an older state, or has lost a part of it. */
import assert from 'node:assert/strict'
import { Couple, type Partner } from '../../support/couple.ts'
import { leapingClock, type LeapingClock } from '../../support/faster-clock.ts'
import { loseSessions } from '../../support/impostor.ts'
import { People } from '../../support/people.ts'
import { walkOfSetBacks } from '../../support/set-back-walk.ts'
import { eventually, type WorldRelay } from '../../support/small-world.ts'

describe('a profile that was put back to an older state', function () {
  this.timeout(60_000)
  let people: People
  let clock: LeapingClock

  beforeEach(function () {
    clock = leapingClock(20)
    people = new People(this.currentTest!.title, clock)
  })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  async function meet (count: number, direct: boolean): Promise<Couple> {
    const relays: WorldRelay[] = []
    while (relays.length < count) relays.push(await people.world.relay())
    return await Couple.meet(people, { relays, direct })
  }

  async function hasAll (partner: Partner, name: string, count: number): Promise<void> {
    assert.equal((await partner.texts()).filter(text => text.startsWith(name)).length, count, `${partner.name} has all of ${name}`)
  }

  function assertOneNotice (couple: Couple): void {
    assert.deepEqual([couple.alice.resets.length, couple.bob.resets.length], [1, 1], 'one notice each')
  }

  const ways = [
    { way: 'straight alone', count: 0, direct: true },
    { way: 'by one relay alone', count: 1, direct: false },
    { way: 'by three relays and straight', count: 3, direct: true }
  ]
  for (const { way, count, direct } of ways) {
    for (const [lost, written] of [[5, 2], [5, 5], [3, 7]] as const) {
      it(`of the sender, ${way}, loses nothing of ${written} messages under the numbers of ${lost}`, async () => {
        const couple = await meet(count, direct)
        const { alice, bob } = couple
        const copy = await alice.copy()
        await alice.sayMany('lost', lost)
        await couple.settled()
        await alice.putBack(copy)
        await alice.sayMany('anew', written)
        await couple.settled()
        await bob.say('still there?')
        await couple.settled()
        await hasAll(bob, 'anew', written)
        assertOneNotice(couple)
      })
    }

    for (const turns of [1, 3]) {
      it(`of the sender, ${way}, loses nothing after ${turns} turns of the ratchet that it knows nothing of`, async () => {
        const couple = await meet(count, direct)
        const copy = await couple.alice.copy()
        for (let turn = 0; turn < turns; turn++) await couple.talk(`turn ${turn}`)
        await couple.alice.putBack(copy)
        await couple.alice.sayMany('anew', 3)
        await couple.bob.sayMany('as well', 2)
        await couple.settled()
        await hasAll(couple.bob, 'anew', 3)
        await hasAll(couple.alice, 'as well', 2)
        assertOneNotice(couple)
      })
    }

    it(`of the recipient, ${way}, goes on with what comes`, async () => {
      const couple = await meet(count, direct)
      const { alice, bob } = couple
      const copy = await bob.copy()
      await alice.sayMany('lost', 4)
      await couple.settled()
      await couple.talk('a turn')
      await bob.putBack(copy)
      await alice.sayMany('anew', 3)
      await couple.settled()
      await bob.sayMany('as well', 3)
      await couple.settled()
      await hasAll(bob, 'anew', 3)
      await hasAll(alice, 'as well', 3)
      assertOneNotice(couple)
    })

    it(`of both, ${way}, goes on with what both write`, async () => {
      const couple = await meet(count, direct)
      const { alice, bob } = couple
      const copies = [await alice.copy(), await bob.copy()] as const
      await alice.sayMany('lost', 4)
      await bob.sayMany('lost too', 2)
      await couple.settled()
      await alice.putBack(copies[0])
      await bob.putBack(copies[1])
      await alice.sayMany('anew', 4)
      await bob.sayMany('as well', 3)
      await couple.settled()
      await couple.talk('all is well')
      await hasAll(bob, 'anew', 4)
      await hasAll(alice, 'as well', 3)
    })
  }

  it('without its sessions, but with all else, begins new ones by itself', async () => {
    const couple = await meet(1, true)
    const { alice, bob } = couple
    await bob.stop()
    await loseSessions(people, bob.profile)
    await alice.sayMany('to the forgetful', 3)
    await bob.start()
    await bob.sayMany('who are you', 3)
    await couple.settled()
    await hasAll(bob, 'to the forgetful', 3)
    await hasAll(alice, 'who are you', 3)
    assertOneNotice(couple)
  })

  it('without its sessions, as the other one is, loses nothing when both begin at once', async () => {
    const couple = await meet(1, true)
    const { alice, bob } = couple
    for (const partner of [alice, bob]) {
      await partner.stop()
      await loseSessions(people, partner.profile)
    }
    await Promise.all([alice.start(), bob.start()])
    await Promise.all([alice.sayMany('I begin', 3), bob.sayMany('no, I', 3)])
    await couple.settled()
    await couple.talk('all is well')
    await hasAll(bob, 'I begin', 3)
    await hasAll(alice, 'no, I', 3)
    assertOneNotice(couple)
  })

  it('is written to again when the other one comes back after a week', async () => {
    const couple = await meet(1, false)
    const { alice, bob } = couple
    await alice.stop()
    await bob.stop()
    await loseSessions(people, bob.profile)
    await bob.start()
    await bob.sayMany('while you are away', 3)
    await eventually(async () => (await bob.person.messages({ with: bob.otherId })).every(one => !one.own || one.delivery!.state !== 'queued'), 'a relay has them')
    clock.leap(7 * 86_400_000)
    await alice.start()
    await couple.settled()
    await couple.talk('all is well')
    await hasAll(alice, 'while you are away', 3)
    assertOneNotice(couple)
  })

  it('brings back nothing of a conversation that the other one removed', async () => {
    const couple = await meet(1, false)
    const { alice, bob } = couple
    await bob.stop()
    await alice.say('before the removal')
    const copy = await alice.copy()
    await bob.start()
    await alice.sayMany('lost', 2)
    await couple.settled()
    await bob.person.removeContact(bob.otherId)
    await alice.putBack(copy)
    await alice.person.addContact({ invite: (await bob.person.createInvite({})).invite })
    await eventually(() => couple.areContacts, 'contacts again')
    await alice.say('after it')
    await couple.settled()
    await couple.talk('all is well')
    assert.deepEqual((await bob.texts()).filter(text => text.startsWith('before')), [])
    await hasAll(bob, 'after it', 1)
  })

  it('loses nothing, shows nothing twice, keeps the order and shows no tick too many, on any walk (S26)', async () => {
    for (let walk = 0; walk < 10; walk++) await walkOfSetBacks(`${people.seed} ${walk}`)
  })
})
