/** How people become contacts, stop being contacts, and become contacts again. */
import assert from 'node:assert/strict'
import { fasterClock } from '../../support/faster-clock.ts'
import { codeOfSending, contactState, delivered, introduce, pause, People, stateOf, texts } from '../../support/people.ts'
import { eventually } from '../../support/small-world.ts'
import { watching, type Seen } from '../../support/seen-by-relay.ts'

describe('contacts', function () {
  this.timeout(30_000)
  let people: People

  beforeEach(function () { people = new People(this.currentTest!.title) })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  it('lets both write when each adds the other at the same time', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays)
    const [a, b] = await Promise.all([alice.createInvite({}), bob.createInvite({})])
    const [{ contactId: bobId }, { contactId: aliceId }] = await Promise.all([
      alice.addContact({ invite: b.invite }), bob.addContact({ invite: a.invite })
    ])
    const sent = await Promise.all([
      alice.sendText({ to: bobId, text: 'from Alice' }), bob.sendText({ to: aliceId, text: 'from Bob' })
    ])
    await delivered(alice, sent[0].messageId)
    await delivered(bob, sent[1].messageId)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'again' })).messageId)
    await delivered(bob, (await bob.sendText({ to: aliceId, text: 'and again' })).messageId)
    assert.deepEqual(texts(bob), ['from Alice', 'again'])
    assert.deepEqual(texts(alice), ['from Bob', 'and again'])
    assert.equal(contactState(alice, bobId), 'accepted')
    assert.equal(contactState(bob, aliceId), 'accepted')
  })

  it('loses nothing when one side removed the other, and both become contacts again', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays)
    const { bobId, aliceId } = await introduce(alice, bob)
    for (const text of ['one', 'two']) await delivered(bob, (await bob.sendText({ to: aliceId, text })).messageId)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'three' })).messageId)
    await bob.removeContact(aliceId)
    const missed = await alice.sendText({ to: bobId, text: 'are you there?' })
    await pause(300)
    await alice.addContact({ invite: (await bob.createInvite({})).invite })
    await eventually(() => contactState(bob, aliceId) === 'accepted', 'Bob knows Alice again')
    await delivered(alice, missed.messageId)
    for (const text of ['four', 'five', 'six']) {
      await delivered(bob, (await bob.sendText({ to: aliceId, text })).messageId)
    }
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'seven' })).messageId)
    assert.deepEqual(texts(alice), ['one', 'two', 'four', 'five', 'six'])
    assert.deepEqual(texts(bob), ['three', 'are you there?', 'seven'])
    assert.deepEqual((await bob.messages({ with: aliceId })).map(one => one.missingBefore), [0, 0, 0, 0, 0])
  })

  it('loses nothing when the one who removed the other asks him for a new invite', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays)
    const { bobId, aliceId } = await introduce(alice, bob)
    for (const text of ['one', 'two']) await delivered(bob, (await bob.sendText({ to: aliceId, text })).messageId)
    await bob.removeContact(aliceId)
    await bob.addContact({ invite: (await alice.createInvite({})).invite })
    await delivered(bob, (await bob.sendText({ to: aliceId, text: 'three' })).messageId)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'four' })).messageId)
    assert.deepEqual(texts(alice), ['one', 'two', 'three'])
    assert.deepEqual(texts(bob), ['four'])
  })

  it('lets someone whose invite had expired be written to once he adds this account himself', async function () {
    // That nobody has the invite is believed after ten minutes.
    people = new People(this.test!.title, fasterClock(100))
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays)
    const carol = await people.person('Carol', relays)
    const { invite } = await bob.createInvite({})
    await carol.addContact({ invite })
    await eventually(() => bob.contacts().length === 1, 'Carol used the invite')
    await pause(300)
    const { contactId: bobId } = await alice.addContact({ invite })
    await eventually(async () => await codeOfSending(alice, bobId) === 'INVITE_EXPIRED', 'the invite is used up', 20_000)
    await bob.addContact({ invite: (await alice.createInvite({})).invite })
    await eventually(() => contactState(alice, bobId) === 'accepted', 'Bob added Alice')
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'there you are' })).messageId)
    assert.equal(texts(bob).at(-1), 'there you are')
  })

  it('keeps what waits for someone who became a contact by another way than the invite that fails', async () => {
    const near = await people.world.relay()
    const far = await people.world.relay()
    const alice = await people.person('Alice', [near])
    const bob = await people.person('Bob', [far])
    const carol = await people.person('Carol', [far])
    const { invite } = await bob.createInvite({})
    await carol.addContact({ invite })
    await eventually(() => bob.contacts().length === 1, 'Carol used the invite')
    await pause(300)
    far.stop()
    const { contactId: bobId } = await alice.addContact({ invite })
    await bob.addContact({ invite: (await alice.createInvite({})).invite })
    await eventually(() => contactState(alice, bobId) === 'accepted', 'Bob knocked')
    far.start()
    const sent = await alice.sendText({ to: bobId, text: 'hello' })
    await delivered(alice, sent.messageId)
    await pause(1500)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'once more' })).messageId)
  })

  it('hears nothing more of a stranger who was blocked, whatever address he knows', async () => {
    const relays = [await people.world.relay()]
    const bob = await people.person('Bob', relays)
    const mallory = await people.person('Mallory', relays)
    const { invite } = await bob.createInvite({ reusable: true })
    const { contactId: bobId } = await mallory.addContact({ invite })
    await mallory.sendText({ to: bobId, text: 'buy this' })
    await eventually(() => texts(bob).length === 1, 'the first message')
    const malloryId = bob.contacts()[0]!.contactId
    await bob.blockContact(malloryId)
    for (let i = 0; i < 5; i++) {
      await mallory.sendText({ to: bobId, text: `and this ${i}` })
      await pause(100)
    }
    await pause(500)
    assert.deepEqual((await bob.messages({ with: malloryId })).map(one => one.text), ['buy this'])
    assert.equal(bob.contacts()[0]!.unread, 1)
  })

  it('keeps so many messages of a stranger and no more, and the rest once he is accepted', async () => {
    const relays = [await people.world.relay()]
    const bob = await people.person('Bob', relays)
    const alice = await people.person('Alice', relays)
    const { invite } = await bob.createInvite({ reusable: true })
    const { contactId: bobId } = await alice.addContact({ invite })
    for (let i = 0; i < 150; i++) {
      await alice.sendText({ to: bobId, text: `${i}` })
      if (i % 10 === 0) await pause(5)
    }
    await eventually(() => texts(bob).length > 50, 'a part of them')
    await pause(500)
    const aliceId = bob.contacts()[0]!.contactId
    const kept = (await bob.messages({ with: aliceId, limit: 200 })).length
    assert.ok(kept > 50 && kept < 150, `${kept} kept`)
    await bob.acceptContact(aliceId)
    await delivered(alice, (await alice.sendText({ to: bobId, text: '150' })).messageId)
    assert.equal(contactState(alice, bobId), 'accepted')
  })

  it('tells a stranger who is added by an invite of his that he is accepted', async () => {
    const relays = [await people.world.relay()]
    const bob = await people.person('Bob', relays)
    const alice = await people.person('Alice', relays)
    const { invite } = await bob.createInvite({ reusable: true })
    const { contactId: bobId } = await alice.addContact({ invite })
    const sent = await alice.sendText({ to: bobId, text: 'may I?' })
    await eventually(() => bob.contacts()[0]?.state === 'request', 'a request')
    assert.notEqual(await stateOf(alice, sent.messageId), 'delivered')
    await bob.addContact({ invite: (await alice.createInvite({})).invite })
    await delivered(alice, sent.messageId)
    assert.equal(contactState(alice, bobId), 'accepted')
  })

  it('takes messages again after a contact was blocked and added anew', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays)
    const { bobId, aliceId } = await introduce(alice, bob)
    await bob.blockContact(aliceId)
    const { messageId } = await alice.sendText({ to: bobId, text: 'hello?' })
    await pause(300)
    await bob.addContact({ invite: (await alice.createInvite({})).invite })
    assert.equal(contactState(bob, aliceId), 'accepted')
    await delivered(alice, messageId, 15_000)
    assert.deepEqual(texts(bob), ['hello?'])
  })

  it('loses nothing of two who used the same invite, once the later one has an invite of his own', async () => {
    const relays = [await people.world.relay()]
    const profile = people.world.profile()
    let bob = await people.person('Bob', relays, { profile })
    const alice = await people.person('Alice', relays)
    const carol = await people.person('Carol', relays)
    const { invite } = await bob.createInvite({})
    await bob.stop()
    const { contactId: bobId } = await carol.addContact({ invite })
    const first = await carol.sendText({ to: bobId, text: 'Carol was first' })
    await eventually(async () => await stateOf(carol, first.messageId) === 'stored', 'stored')
    await alice.addContact({ invite })
    const second = await alice.sendText({ to: bobId, text: 'Alice was second' })
    await eventually(async () => await stateOf(alice, second.messageId) === 'stored', 'stored')
    bob = await people.person('Bob', relays, { profile })
    await delivered(carol, first.messageId)
    await alice.addContact({ invite: (await bob.createInvite({})).invite })
    await delivered(alice, second.messageId)
    assert.deepEqual(texts(bob), ['Carol was first', 'Alice was second'])
  })

  it('loses nothing when one invite is used twice by the same person', async () => {
    const relays = [await people.world.relay()]
    const profile = people.world.profile()
    let bob = await people.person('Bob', relays, { profile })
    const alice = await people.person('Alice', relays)
    const { invite } = await bob.createInvite({})
    await bob.stop()
    const { contactId: bobId } = await alice.addContact({ invite })
    const sent = [await alice.sendText({ to: bobId, text: 'one' })]
    await eventually(async () => await stateOf(alice, sent[0]!.messageId) === 'stored', 'stored')
    await alice.addContact({ invite })
    await pause(300)
    sent.push(await alice.sendText({ to: bobId, text: 'two' }))
    await eventually(async () => await stateOf(alice, sent[1]!.messageId) === 'stored', 'stored')
    bob = await people.person('Bob', relays, { profile })
    for (const { messageId } of sent) await delivered(alice, messageId)
    assert.deepEqual(texts(bob), ['one', 'two'])
  })

  it('begins one session by a one-time invite, however often it is added', async () => {
    const seen: Seen = { bytes: [], published: [], calls: [] }
    const relays = [await people.world.relay({}, watching(seen)), await people.world.relay({}, watching(seen))]
    const bob = await people.person('Bob', relays)
    const alice = await people.person('Alice', relays)
    const { invite } = await bob.createInvite({})
    await bob.stop()
    // Each relay has prekeys for it: with the second one's a session would begin that nobody can open.
    const { contactId: bobId } = await alice.addContact({ invite })
    const first = await alice.sendText({ to: bobId, text: 'one' })
    await eventually(async () => await stateOf(alice, first.messageId) === 'stored', 'stored')
    const taken = (): number => seen.calls.filter(call => call === 'takeBundle').length
    assert.equal(taken(), 1)
    await alice.addContact({ invite })
    const second = await alice.sendText({ to: bobId, text: 'two' })
    await eventually(async () => await stateOf(alice, second.messageId) === 'stored', 'stored')
    await pause(300)
    assert.equal(taken(), 1)
  })
})
