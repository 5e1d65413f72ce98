/** Who a contact is: safety numbers, forks, rotations, and thieves of account keys. */
import assert from 'node:assert/strict'
import type { Notification } from '../../../node/core/api.ts'
import { safetyDigits } from '../../../protocol/safety-number.ts'
import { contactState, delivered, introduce, pause, People, stateOf, texts, type Person } from '../../support/people.ts'
import { eventually } from '../../support/small-world.ts'
import { Burglary, manifestOf, thief } from '../../support/stolen-key.ts'

type Told<T extends Notification['type']> = Extract<Notification, { type: T }>
function told<T extends Notification['type']> (of: Person, type: T): Array<Told<T>> {
  return of.received.filter((one): one is Told<T> => one.type === type)
}
const contact = (of: Person, contactId: string) => of.contacts().find(one => one.contactId === contactId)!
const identity = (of: Person, contactId: string): string => contact(of, contactId).identity

describe('the identity of a contact', function () {
  this.timeout(60_000)
  let people: People

  beforeEach(function () { people = new People(this.currentTest!.title) })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  async function friends () {
    const relays = [await people.world.relay()]
    const burglary = new Burglary()
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays, { bend: burglary.bend })
    const { bobId, aliceId } = await introduce(alice, bob)
    const { invite } = await alice.createInvite({ reusable: true })
    return { relays, burglary, alice, bob, bobId, aliceId, invite }
  }

  async function verified (alice: Person, bob: Person, bobId: string, aliceId: string): Promise<void> {
    await alice.verifyContact(bobId, (await bob.safetyNumber(aliceId)).number)
    assert.equal(contact(alice, bobId).verified, true)
  }

  it('is verified by the number that the other one sees, or by scanning it', async () => {
    const { alice, bob, bobId, aliceId } = await friends()
    const [here, there] = await Promise.all([alice.safetyNumber(bobId), bob.safetyNumber(aliceId)])
    assert.match(here.number, /^\d{5}( \d{5}){11}$/)
    assert.equal(here.number, there.number)
    assert.notEqual(here.qr, there.qr)
    assert.equal(here.verified, false)
    await alice.verifyContact(bobId, there.number.replaceAll(' ', ''))
    await bob.verifyContact(aliceId, here.qr)
    assert.equal((await alice.safetyNumber(bobId)).verified, true)
    assert.equal(contact(bob, aliceId).verified, true)
    assert.deepEqual(told(alice, 'contact.identity').map(one => [one.contactId, one.identity, one.verified]), [[bobId, 'unchanged', true]])
  })

  it('is not verified by any other number, and nothing changes', async () => {
    const { alice, bob, bobId, aliceId } = await friends()
    const { number } = await bob.safetyNumber(aliceId)
    const wrong = number.slice(0, -1) + String((Number(number.at(-1)) + 1) % 10)
    for (const given of [wrong, (await alice.safetyNumber(bobId)).qr, safetyDigits(new Uint8Array(32), new Uint8Array(32))]) {
      await assert.rejects(alice.verifyContact(bobId, given), { code: 'SAFETY_NUMBER_MISMATCH' })
    }
    await assert.rejects(alice.verifyContact(bobId, 'yes, the same'), { code: 'USAGE' })
    assert.equal(contact(alice, bobId).verified, false)
    await verified(alice, bob, bobId, aliceId)
    await assert.rejects(alice.verifyContact(bobId, wrong), { code: 'SAFETY_NUMBER_MISMATCH' })
    assert.equal(contact(alice, bobId).verified, true)
    assert.equal(told(alice, 'contact.identity').length, 1)
  })

  it('has no safety number before its keys are here', async () => {
    const relay = await people.world.relay()
    const alice = await people.person('Alice', [relay])
    const bob = await people.person('Bob', [relay])
    const { invite } = await bob.createInvite({})
    relay.stop()
    await bob.stop(0)
    const { contactId } = await alice.addContact({ invite })
    await assert.rejects(alice.safetyNumber(contactId), { code: 'IDENTITY_UNKNOWN' })
    await assert.rejects(alice.verifyContact(contactId, '1'.repeat(60)), { code: 'IDENTITY_UNKNOWN' })
    await assert.rejects(alice.safetyNumber('restante1nobody'), { code: 'UNKNOWN_CONTACT' })
  })

  it('stays verified over a restart', async () => {
    const relays = [await people.world.relay()]
    const profile = people.world.profile()
    let alice = await people.person('Alice', relays, { profile })
    const bob = await people.person('Bob', relays)
    const { bobId, aliceId } = await introduce(alice, bob)
    await verified(alice, bob, bobId, aliceId)
    await alice.stop(0)
    alice = await people.person('Alice', relays, { profile })
    assert.equal(contact(alice, bobId).verified, true)
  })

  it('S08: is another account\'s where somebody stands between, and the numbers show it', async () => {
    // Mallory gave each of the two an invite of his own instead of the other's.
    const relays = [await people.world.relay()]
    const [alice, bob] = [await people.person('Alice', relays), await people.person('Bob', relays)]
    const [towardsAlice, towardsBob] = [await people.person('Bob', relays), await people.person('Alice', relays)]
    const { bobId } = await introduce(alice, towardsAlice)
    const { bobId: aliceId } = await introduce(bob, towardsBob)
    const [here, there] = [await alice.safetyNumber(bobId), await bob.safetyNumber(aliceId)]
    assert.notEqual(here.number, there.number)
    await assert.rejects(alice.verifyContact(bobId, there.number), { code: 'SAFETY_NUMBER_MISMATCH' })
    await assert.rejects(alice.verifyContact(bobId, there.qr), { code: 'SAFETY_NUMBER_MISMATCH' })
  })

  it('S20: is forked by a thief of its account key: sending stops, and what comes is marked, until the person decides', async () => {
    const { relays, burglary, alice, bob, bobId, aliceId, invite } = await friends()
    await verified(alice, bob, bobId, aliceId)
    const mallory = await thief(people, relays, burglary.record!)
    assert.equal(mallory.account()!.accountId, bobId)
    const { contactId } = await mallory.addContact({ invite })
    await mallory.sendText({ to: contactId, text: 'it is me, Bob' })
    await eventually(() => identity(alice, bobId) === 'forked', 'the alarm')
    await eventually(() => texts(alice).length === 1, 'the message of the thief')

    assert.equal(contact(alice, bobId).verified, false)
    await assert.rejects(alice.sendText({ to: bobId, text: 'secret' }), { code: 'IDENTITY_CHANGED' })
    await assert.rejects(alice.verifyContact(bobId, (await bob.safetyNumber(aliceId)).number), { code: 'IDENTITY_CHANGED' })
    await bob.sendText({ to: aliceId, text: 'from the real one' })
    await eventually(() => texts(alice).length === 2, 'receiving goes on')
    assert.deepEqual(told(alice, 'message.received').map(one => one.identityInDoubt), [true, true])
    assert.deepEqual((await alice.messages({ with: bobId })).map(one => one.identityInDoubt), [true, true])
    assert.deepEqual(told(alice, 'contact.identity').map(one => one.identity), ['unchanged', 'forked'])

    await alice.acceptIdentity(bobId, 'known')
    assert.deepEqual([identity(alice, bobId), contact(alice, bobId).verified], ['unchanged', true])
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'to the real one' })).messageId)
    assert.deepEqual(texts(bob), ['to the real one'])
    await mallory.sendText({ to: contactId, text: 'believe me' })
    await pause(500)
    assert.equal(texts(alice).length, 2)
    assert.equal(identity(alice, bobId), 'unchanged')
    assert.deepEqual(texts(mallory), [])
  })

  it('is forked where a list of devices keeps none that was known, however well it follows', async () => {
    const { relays, burglary, alice, bobId, invite } = await friends()
    const mallory = await thief(people, relays, burglary.record!, { after: manifestOf(people, burglary.record!) })
    await mallory.sendText({ to: (await mallory.addContact({ invite })).contactId, text: 'my new phone' })
    await eventually(() => identity(alice, bobId) === 'forked', 'the alarm')
  })

  it('gets nothing of what waited when it was forked, and all of it once the known one is right', async () => {
    const [near, far] = [await people.world.relay(), await people.world.relay()]
    const [burglary, profile] = [new Burglary(), people.world.profile()]
    const alice = await people.person('Alice', [near])
    let bob = await people.person('Bob', [far], { profile, bend: burglary.bend })
    const { bobId } = await introduce(alice, bob)
    const { invite } = await alice.createInvite({ reusable: true })
    await bob.stop(0)
    far.stop()
    const waiting = await alice.sendText({ to: bobId, text: 'before the alarm' })
    const mallory = await thief(people, [near], burglary.record!)
    await mallory.sendText({ to: (await mallory.addContact({ invite })).contactId, text: 'hello' })
    await eventually(() => identity(alice, bobId) === 'forked', 'the alarm')
    far.start()
    bob = await people.person('Bob', [far], { profile })
    await pause(1500)
    assert.equal(await stateOf(alice, waiting.messageId), 'queued')
    await alice.acceptIdentity(bobId, 'known')
    await delivered(alice, waiting.messageId, 30_000)
    assert.deepEqual([texts(bob), texts(mallory)], [['before the alarm'], []])
  })

  it('is the presented one once the person says so: not verified, and it is written to', async () => {
    const { relays, burglary, alice, bob, bobId, aliceId, invite } = await friends()
    await verified(alice, bob, bobId, aliceId)
    // Bob set his account up anew from an old copy, on another device.
    const anew = await thief(people, relays, burglary.record!)
    const { contactId } = await anew.addContact({ invite })
    await anew.sendText({ to: contactId, text: 'my phone broke' })
    await eventually(() => identity(alice, bobId) === 'forked' && texts(alice).length === 1, 'the alarm')
    await alice.acceptIdentity(bobId, 'presented')
    assert.deepEqual([identity(alice, bobId), contact(alice, bobId).verified], ['unchanged', false])
    await alice.sendText({ to: bobId, text: 'good that you are back' })
    await eventually(() => texts(anew).length === 1, 'the new device has it')
    assert.deepEqual(texts(bob), [])
  })

  it('is not verified by the number of the true one, once a presented one was taken, until its owner rotates', async () => {
    const { relays, burglary, alice, bob, bobId, aliceId, invite } = await friends()
    const mallory = await thief(people, relays, burglary.record!)
    await mallory.sendText({ to: (await mallory.addContact({ invite })).contactId, text: 'my phone broke' })
    await eventually(() => identity(alice, bobId) === 'forked', 'the alarm')
    await alice.acceptIdentity(bobId, 'presented')
    const { number, qr } = await bob.safetyNumber(aliceId)
    for (const given of [number, qr]) await assert.rejects(alice.verifyContact(bobId, given), { code: 'IDENTITY_CHANGED' })
    assert.equal(contact(alice, bobId).verified, false)
    // By way of an invite, for the sessions that he had are ended.
    await bob.rotateKey(await bob.recoveryPhrase())
    await bob.addContact({ invite })
    await eventually(() => identity(alice, bobId) === 'rotated', 'the rotation')
    await alice.verifyContact(bobId, (await bob.safetyNumber(aliceId)).number)
    assert.equal(contact(alice, bobId).verified, true)
  })

  it('is decided about only where there is something to decide', async () => {
    const { alice, bobId } = await friends()
    await assert.rejects(alice.acceptIdentity(bobId, 'presented'), { code: 'USAGE' })
    await alice.acceptIdentity(bobId, 'known')
    assert.equal(identity(alice, bobId), 'unchanged')
    assert.deepEqual(told(alice, 'contact.identity'), [])
  })

  it('S20: is rotated by its owner as a notice, stays verified, and the thief has lost', async () => {
    const { relays, burglary, alice, bob, bobId, aliceId, invite } = await friends()
    await verified(alice, bob, bobId, aliceId)
    const { number } = await alice.safetyNumber(bobId)
    const phrase = await bob.recoveryPhrase()
    await bob.forgetRecoveryPhrase(phrase)
    const stolen = burglary.record!
    const mallory = await thief(people, relays, stolen)
    const { contactId } = await mallory.addContact({ invite })
    await mallory.sendText({ to: contactId, text: 'it is me, Bob' })
    await eventually(() => identity(alice, bobId) === 'forked', 'the alarm')
    await assert.rejects(mallory.recoveryPhrase(), { code: 'PHRASE_FORGOTTEN' })
    await assert.rejects(mallory.rotateKey(await alice.recoveryPhrase()), { code: 'PHRASE_WRONG' })

    assert.equal((await bob.rotateKey(phrase)).keyRotated, true)
    await eventually(() => identity(alice, bobId) === 'rotated', 'the notice')
    assert.equal(contact(alice, bobId).verified, true)
    assert.equal((await alice.safetyNumber(bobId)).number, number)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'welcome back' })).messageId)
    assert.deepEqual(texts(bob), ['welcome back'])
    await assert.rejects(bob.rotateKey(phrase), { code: 'KEY_ROTATED' })

    // He knocks once more with the key that was replaced.
    const again = await thief(people, relays, stolen, { after: manifestOf(people, stolen) })
    await again.sendText({ to: (await again.addContact({ invite })).contactId, text: 'me again' })
    await pause(700)
    assert.equal(identity(alice, bobId), 'rotated')
    assert.ok(!texts(alice).includes('me again'))
    await alice.acceptIdentity(bobId, 'known')
    assert.equal(identity(alice, bobId), 'unchanged')
  })

  it('S15, S19: is shown back to its owner, who hears that somebody else signs with his key, and rotates it', async () => {
    const { relays, burglary, alice, bob, bobId, invite } = await friends()
    const phrase = await bob.recoveryPhrase()
    // A well-made successor with one more device: nobody but the owner can tell that it is not his.
    const mallory = await thief(people, relays, burglary.record!, {
      after: manifestOf(people, burglary.record!), besides: true
    })
    await mallory.sendText({ to: (await mallory.addContact({ invite })).contactId, text: 'it is me, Bob' })
    await eventually(() => told(bob, 'account.foreignManifest').length === 1, 'Bob is warned')
    assert.ok(bob.account()!.foreignManifestAt! > 0)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'for Bob' })).messageId)
    assert.deepEqual([texts(bob), texts(mallory)], [['for Bob'], []])
    await bob.rotateKey(phrase)
    assert.equal(bob.account()!.foreignManifestAt, undefined)
    await eventually(() => identity(alice, bobId) === 'rotated', 'the notice')
    await pause(300)
    assert.equal(told(bob, 'account.foreignManifest').length, 1)
  })

  it('is unchanged where nobody signs anything new, and nobody is warned', async () => {
    const { alice, bob, bobId, aliceId } = await friends()
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'hello' })).messageId)
    await delivered(bob, (await bob.sendText({ to: aliceId, text: 'hello' })).messageId)
    await bob.rotateKey(await bob.recoveryPhrase())
    await eventually(() => identity(alice, bobId) === 'rotated', 'the notice')
    await delivered(bob, (await bob.sendText({ to: aliceId, text: 'after it' })).messageId)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'after it' })).messageId)
    for (const one of [alice, bob]) assert.deepEqual(told(one, 'account.foreignManifest'), [])
    assert.equal(contactState(alice, bobId), 'accepted')
    const carol = await people.person('Carol', [])
    assert.equal(carol.account()!.keyRotated, false)
  })
})

describe('the recovery phrase of a profile', function () {
  this.timeout(30_000)
  let people: People

  beforeEach(function () { people = new People(this.currentTest!.title) })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  it('is shown until it is written down, and is then in no record of the store', async () => {
    const burglary = new Burglary()
    const bob = await people.person('Bob', [], { bend: burglary.bend })
    const phrase = await bob.recoveryPhrase()
    assert.equal(phrase.split(' ').length, 24)
    assert.equal(bob.account()!.phraseWrittenDown, false)
    await assert.rejects(bob.forgetRecoveryPhrase(phrase.split(' ').slice(1).join(' ')), { code: 'PHRASE_INVALID' })
    await assert.rejects(bob.forgetRecoveryPhrase(`${'abandon '.repeat(23)}art`), { code: 'PHRASE_WRONG' })
    assert.equal(await bob.recoveryPhrase(), phrase)
    await bob.forgetRecoveryPhrase(phrase)
    assert.equal(bob.account()!.phraseWrittenDown, true)
    assert.equal(burglary.record!.recoverySecret.length, 0)
    await assert.rejects(bob.recoveryPhrase(), { code: 'PHRASE_FORGOTTEN' })
    await assert.rejects(bob.forgetRecoveryPhrase(phrase), { code: 'PHRASE_FORGOTTEN' })
    assert.equal((await bob.rotateKey(phrase)).keyRotated, true)
  })

  it('opens nothing that is not this account\'s, and an account whose phrase is gone still invites and is found', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays)
    await bob.forgetRecoveryPhrase(await bob.recoveryPhrase())
    await assert.rejects(bob.rotateKey(await alice.recoveryPhrase()), { code: 'PHRASE_WRONG' })
    await introduce(alice, bob)
    const carol = await people.person('Carol', relays)
    const { contactId: bobId } = await carol.addContact({ invite: bob.account()!.accountId })
    await carol.sendText({ to: bobId, text: 'found you' })
    await eventually(() => texts(bob).includes('found you'), 'found by the descriptor', 30_000)
  })
})
