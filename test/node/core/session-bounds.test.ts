/** What bounds the sessions of a contact: how many, how long, how often anew, and by which prekeys. */
import assert from 'node:assert/strict'
import { toHex as hex } from '../../../protocol/bytes.ts'
import { decodeBundlePrivates, openBundle } from '../../../protocol/bundle.ts'
import { deriveGrant, wrapEnvelope } from '../../../protocol/envelope.ts'
import { Couple } from '../../support/couple.ts'
import { leapingClock, type LeapingClock } from '../../support/faster-clock.ts'
import { folderOf, Impostor } from '../../support/impostor.ts'
import { contactState, delivered, pause, People, stateOf, texts, type Person } from '../../support/people.ts'
import { eventually, type Profile } from '../../support/small-world.ts'

const dayMs = 86_400_000

describe('the sessions with a contact', function () {
  this.timeout(60_000)
  let people: People
  let clock: LeapingClock

  beforeEach(function () {
    clock = leapingClock(20)
    people = new People(this.currentTest!.title, clock)
  })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  function renewals (who: string): number {
    return people.world.log.lines.filter(({ event, fields }) => event === 'session-renewal' && fields.who === who).length
  }

  /** Alice is away, and somebody has what lies in her folder. */
  async function impostor (): Promise<{ couple: Couple, mallory: Impostor }> {
    const couple = await Couple.meet(people, { relays: [await people.world.relay()] })
    await couple.alice.stop()
    return { couple, mallory: new Impostor(people, await folderOf(people, couple.alice.profile)) }
  }

  it('call a duplicate what was taken in, also after a restart, and nothing else that was opened before', async () => {
    const { couple, mallory } = await impostor()
    const former = mallory.session
    const inner = mallory.text('first')
    assert.equal((await mallory.give(inner)).answer!.duplicate, false)
    await couple.bob.stop()
    await couple.bob.start()
    assert.equal((await mallory.give(inner)).answer!.duplicate, true)
    mallory.session = former
    const other = await mallory.give(mallory.text('under the number of the first'))
    assert.deepEqual(other, { code: 'REJECTED' })
    assert.deepEqual((await couple.bob.texts()).slice(-1), ['first'])
  })

  it('are not begun anew by who knows an address and not the key of its wrap', async () => {
    const { couple, mallory } = await impostor()
    const { suite, random } = people.world
    const route = mallory.contact.routes.find(({ device }) => device)!
    const { address } = deriveGrant(suite, route.secret)
    for (let i = 0; i < 20; i++) {
      const wrap = deriveGrant(suite, random.bytes(32))
      const { code } = await mallory.giveAt(address, i % 2 === 0 ? random.bytes(1024) : wrapEnvelope(suite, wrap, mallory.rubbish()))
      assert.equal(code, 'REJECTED')
    }
    await pause(700)
    assert.equal(renewals('Bob'), 0)
    await mallory.give(mallory.rubbish())
    await eventually(() => renewals('Bob') === 1, 'in the right wrap it is evidence')
    assert.equal(couple.bob.resets.length, 0, 'nobody has answered')
  })

  it('are begun anew at most so often, whatever a contact sends, also over restarts', async () => {
    const { couple, mallory } = await impostor()
    const { bob, alice } = couple
    for (let hundred = 0; hundred < 10; hundred++) {
      for (let i = 0; i < 100; i++) assert.equal((await mallory.give(mallory.rubbish())).code, 'REJECTED')
      await pause(100)
      if (hundred === 5) {
        await bob.stop()
        await bob.start()
      }
      if (hundred === 0) assert.equal(renewals('Bob'), 1, 'the first at once, and no other')
      clock.leap(6 * 60_000)
    }
    assert.ok(renewals('Bob') >= 2 && renewals('Bob') <= 7, `${renewals('Bob')} in an hour`)
    const sessions = (await folderOf(people, bob.profile)).sessions.length
    assert.ok(sessions <= 6, `${sessions} sessions`)
    await alice.start()
    await bob.say('Alice is who she was')
    await couple.settled()
    await couple.talk('all is well')
  })

  it('are one in use and five that receive for a device, and the one heard from longest ago gives way', async () => {
    const { couple, mallory } = await impostor()
    const ids = [mallory.session.id]
    const former = { session: mallory.session }
    for (let begun = 1; begun <= 6; begun++) {
      mallory.begin((await mallory.takePrekeys()).signed!)
      assert.equal((await mallory.give(mallory.text(`in session ${begun}`))).code, undefined)
      ids.push(mallory.session.id)
      if (begun === 5) {
        // The very first is heard once more, so that the second is the one heard from longest ago.
        const latest = mallory.session
        mallory.session = former.session
        assert.equal((await mallory.give(mallory.text('in the first'))).code, undefined)
        mallory.session = latest
      }
    }
    const { sessions, contacts } = await folderOf(people, couple.bob.profile)
    const kept = ids.map(id => sessions.some(session => hex(session.id) === hex(id)))
    assert.deepEqual(kept, [true, false, true, true, true, true, true])
    assert.equal(hex(contacts[0]!.activeSession), hex(ids[6]!))
    assert.equal(sessions.length, 6)
  })

  it('are begun with prekeys that serve one of them, once, and are others after it', async () => {
    const { couple, mallory } = await impostor()
    const first = (await mallory.takePrekeys()).signed!
    assert.notEqual(openBundle(people.world.suite, first, { account: mallory.contact.account, now: clock.now() }).oneTimePrekey, undefined)
    mallory.begin(first)
    const inner = mallory.text('once')
    assert.equal((await mallory.give(inner)).code, undefined)
    const [reset] = (await folderOf(people, couple.bob.profile)).invites.filter(({ contact }) => contact.length > 0)
    assert.notDeepEqual(decodeBundlePrivates(reset!.privates[0]!).signed, first, 'the former are gone')
    assert.equal(reset!.privates.length, 1)
    mallory.begin(first)
    assert.deepEqual(await mallory.give(mallory.text('twice')), { code: 'REJECTED' })
    assert.equal((await mallory.give(inner)).answer!.duplicate, true)
    const relayKey = mallory.contact.routes.find(({ device }) => !device)!.peerKey
    const second = (await mallory.takePrekeys()).signed!
    assert.notDeepEqual(second, first)
    await eventually(async () => hex((await mallory.takePrekeys(relayKey)).signed!) === hex(second), 'the relay has the new ones as well')
    assert.deepEqual((await couple.bob.texts()).slice(-1), ['once'])
  })

  it('are not begun a second time by a first message that comes again while its shared prekeys last, its session long gone (S04)', async () => {
    const { couple, mallory } = await impostor()
    const ofBob = async (): Promise<string[]> => (await folderOf(people, couple.bob.profile)).sessions.map(({ id }) => hex(id))
    const [shared] = (await folderOf(people, couple.bob.profile)).invites.filter(({ request }) => request)
    mallory.begin(decodeBundlePrivates(shared!.privates.at(-1)!).signed)
    const first = mallory.text('for the first time')
    const begun = hex(mallory.session.id)
    assert.equal((await mallory.give(first)).code, undefined)
    assert.ok((await ofBob()).includes(begun))
    for (let other = 0; other < 6; other++) {
      mallory.begin((await mallory.takePrekeys()).signed!)
      assert.equal((await mallory.give(mallory.text(`in session ${other}`))).code, undefined)
    }
    assert.ok(!(await ofBob()).includes(begun), 'it gave way')
    await couple.bob.stop()
    clock.leap(13 * dayMs)
    await couple.bob.start()
    const [later] = (await folderOf(people, couple.bob.profile)).invites.filter(({ request }) => request)
    assert.equal(later!.privates.length, 2, 'its prekeys are replaced, and still there')
    await mallory.give(first)
    assert.ok(!(await ofBob()).includes(begun))
    assert.equal((await couple.bob.texts()).filter(text => text === 'for the first time').length, 1)
  })

  it('are begun with shared prekeys that are a day old at most, and that are gone after a fortnight (S13)', async () => {
    const relay = await people.world.relay()
    const profile = people.world.profile()
    let bob = await people.person('Bob', [relay], { profile })
    await bob.createInvite({ reusable: true, expiresInSeconds: 300 * 86_400 })
    await bob.createInvite({ expiresInSeconds: 300 * 86_400 })
    /** Of the invite behind the descriptor, of the one that many may use, and of the one for one. */
    const prekeys = async (): Promise<Array<{ ids: string[], published: boolean }>> => {
      const { invites } = await folderOf(people, profile)
      return [invites.find(({ request }) => request), invites.find(({ request, reusable }) => reusable && !request), invites.find(({ reusable }) => !reusable)]
        .map(invite => ({ ids: invite!.privates.map(privates => hex(decodeBundlePrivates(privates).prekeyId)), published: invite!.publishedAt.length > 0 }))
    }
    const after = async (ms: number): Promise<Array<string[]>> => {
      await bob.stop()
      clock.leap(ms)
      bob = await people.person('Bob', [relay], { profile })
      await eventually(async () => (await prekeys()).every(({ published }) => published), 'the relay has the newest')
      return (await prekeys()).map(({ ids }) => ids)
    }
    const first = (await after(0)).map(([id]) => id)
    assert.deepEqual((await after(20 * 3_600_000)).map(ids => ids.at(-1)), first, 'in use for 20 hours')
    const second = await after(5 * 3_600_000)
    for (const shared of [0, 1]) {
      assert.equal(second[shared]![0], first[shared], 'what was begun with them is still read')
      assert.notEqual(second[shared]!.at(-1), first[shared], 'replaced after a day')
    }
    assert.deepEqual(second[2], [first[2]], 'what serves one handshake stays')
    const later = await after(13 * dayMs)
    for (const shared of [0, 1]) assert.ok(later[shared]!.includes(first[shared]!), 'kept for 13 days')
    const last = await after(2 * dayMs)
    for (const shared of [0, 1]) assert.ok(!last[shared]!.includes(first[shared]!), 'gone after a fortnight')
    assert.deepEqual(last[2], [first[2]])
  })

  it('are not begun with the prekeys that another contact was given (S13)', async () => {
    const relay = await people.world.relay()
    const couple = await Couple.meet(people, { relays: [relay] })
    const carolProfile = people.world.profile()
    const carol = await people.person('Carol', [relay], { profile: carolProfile })
    const { contactId: bobId } = await carol.addContact({ invite: (await couple.bob.person.createInvite({})).invite })
    await delivered(carol, (await carol.sendText({ to: bobId, text: 'I am Carol' })).messageId)
    await couple.alice.stop()
    await carol.stop()
    const ofAlice = new Impostor(people, await folderOf(people, couple.alice.profile))
    const ofCarol = new Impostor(people, await folderOf(people, carolProfile))
    const { signed } = await ofAlice.takePrekeys()
    ofCarol.begin(signed!)
    const inner = ofCarol.text('with prekeys of Alice')
    assert.deepEqual(await ofCarol.give(inner), { code: 'REJECTED' }, 'at her own address')
    assert.deepEqual(await ofAlice.give(inner), { code: 'REJECTED' }, 'at that of Alice')
    ofAlice.begin(signed!)
    assert.equal((await ofAlice.give(ofAlice.text('with my own'))).code, undefined, 'they are not used up')
  })

  it('end after 30 days where nobody answered, and another is begun for what waits', async () => {
    const relay = await people.world.relay()
    const profiles = [people.world.profile(), people.world.profile()] as const
    let bob = await people.person('Bob', [relay], { profile: profiles[1] })
    const { invite } = await bob.createInvite({ expiresInSeconds: 60 * 86_400 })
    await bob.stop()
    let alice = await people.person('Alice', [relay], { profile: profiles[0] })
    const { contactId: bobId } = await alice.addContact({ invite })
    await eventually(async () => (await folderOf(people, profiles[0])).sessions.length === 1, 'a session')
    const [unanswered] = (await folderOf(people, profiles[0])).sessions
    await alice.stop()
    clock.leap(20 * dayMs)
    alice = await people.person('Alice', [relay], { profile: profiles[0] })
    const { messageId } = await alice.sendText({ to: bobId, text: 'on the twentieth day' })
    await eventually(async () => await stateOf(alice, messageId) === 'stored', 'stored')
    assert.equal(hex((await folderOf(people, profiles[0])).sessions[0]!.id), hex(unanswered!.id), 'after 20 days it still is')
    await alice.stop()
    relay.stop()
    await relay.wipe()
    relay.start()
    clock.leap(11 * dayMs)
    bob = await people.person('Bob', [relay], { profile: profiles[1] })
    await eventually(() => bob.connections().some(({ state }) => state === 'connected'), 'Bob is there')
    await pause(300)
    alice = await people.person('Alice', [relay], { profile: profiles[0] })
    await eventually(() => texts(bob).includes('on the twentieth day'), 'by another session')
    const ids = (await folderOf(people, profiles[0])).sessions.map(({ id }) => hex(id))
    assert.ok(!ids.includes(hex(unanswered!.id)) && ids.length === 1)
  })

  it('that only receive end after 30 days in which nothing came', async () => {
    const { couple, mallory } = await impostor()
    const old = mallory.session.id
    mallory.begin((await mallory.takePrekeys()).signed!)
    await mallory.give(mallory.text('in another'))
    const has = async (): Promise<boolean> => (await folderOf(people, couple.bob.profile)).sessions.some(({ id }) => hex(id) === hex(old))
    await couple.bob.stop()
    clock.leap(29 * dayMs)
    await couple.bob.start()
    await pause(100)
    assert.equal(await has(), true)
    await couple.bob.stop()
    clock.leap(2 * dayMs)
    await couple.bob.start()
    await eventually(async () => !await has(), 'ended')
    assert.equal((await folderOf(people, couple.bob.profile)).sessions.length, 1, 'what is in use stays')
  })

  it('have weak forward secrecy where one began with shared prekeys, at each side until that is made up for (S13)', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays)
    const weak = (of: Person): boolean[] => of.contacts().map(contact => contact.weakForwardSecrecy)
    await eventually(() => bob.connections().some(({ state }) => state === 'connected'), 'Bob is there')
    await pause(300)
    const { contactId: bobId } = await alice.addContact({ invite: bob.account()!.accountId })
    await alice.sendText({ to: bobId, text: 'may I?' })
    await eventually(() => texts(bob).length === 1, 'a request')
    assert.deepEqual([weak(alice), weak(bob)], [[true], [true]])
    await bob.acceptContact(bob.contacts()[0]!.contactId)
    assert.deepEqual(weak(bob), [false], 'what is sealed here brings a fresh key')
    await eventually(() => contactState(alice, bobId) === 'accepted', 'answered')
    assert.deepEqual(weak(alice), [false])
    const carol = await people.person('Carol', relays)
    await carol.addContact({ invite: (await bob.createInvite({})).invite })
    await eventually(() => carol.contacts()[0]?.state === 'accepted', 'by a one-time invite')
    assert.deepEqual(weak(carol), [false])
  })

  it('wait for the prekeys of an invite that is not published yet', async () => {
    const near = await people.world.relay()
    const far = await people.world.relay()
    const profile: Profile = people.world.profile()
    let bob = await people.person('Bob', [far], { profile })
    await eventually(() => bob.connections().some(({ state }) => state === 'connected'), 'Bob is there')
    await pause(200)
    far.stop()
    const made = bob.createInvite({})
    await pause(100)
    await bob.stop()
    const { invite } = await made
    far.start()
    const alice = await people.person('Alice', [near])
    const { contactId: bobId } = await alice.addContact({ invite })
    const { messageId } = await alice.sendText({ to: bobId, text: 'already?' })
    await pause(1500)
    assert.equal(contactState(alice, bobId), 'invited')
    assert.equal(await stateOf(alice, messageId), 'queued')
    bob = await people.person('Bob', [far], { profile })
    await delivered(alice, messageId, 20_000)
    assert.deepEqual(texts(bob), ['already?'])
  })
})
