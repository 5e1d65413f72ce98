/** Two people and their relays in one process: what arrives, how it is shown, and what survives. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { MessengerApi } from '../../../node/core/api.ts'
import { codeOf } from '../../../protocol/errors.ts'
import { eventually, SmallWorld, type Profile, type WorldRelay } from '../../support/small-world.ts'

type Person = Awaited<ReturnType<SmallWorld['open']>>

describe('messenger', () => {
  const seed = process.env.RESTANTE_SEED ?? randomBytes(8).toString('hex')
  let world: SmallWorld
  let relays: WorldRelay[]
  let open: MessengerApi[]

  beforeEach(function () {
    world = new SmallWorld({ seed: `${seed} ${this.currentTest?.title}` })
    relays = []
    open = []
  })

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.error(`RESTANTE_SEED=${seed}`)
    for (const messenger of open) await messenger.stop(0)
    world.end()
  })

  async function person (name: string, relaysOf: WorldRelay[], profile: Profile = world.profile()): Promise<Person> {
    const messenger = await world.open(profile)
    if (messenger.account() === undefined) await messenger.createAccount({ name, relays: relaysOf.map(relay => relay.address) })
    await messenger.start()
    open.push(messenger)
    return messenger
  }

  async function startRelays (count: number): Promise<void> {
    for (let i = 0; i < count; i++) relays.push(await world.relay())
  }

  const texts = (of: Person): string[] => of.received.flatMap(one => one.type === 'message.received' ? [one.text] : [])
  const stateOf = async (of: Person, messageId: string): Promise<string | undefined> => (await of.delivery(messageId))?.state

  async function introduce (alice: Person, bob: Person): Promise<{ bobId: string, aliceId: string }> {
    const { invite } = await bob.createInvite({})
    const { contactId: bobId } = await alice.addContact({ invite })
    await eventually(() => alice.contacts()[0]?.state === 'accepted' && bob.contacts()[0]?.state === 'accepted', 'both are contacts')
    return { bobId, aliceId: bob.contacts()[0]!.contactId }
  }

  it('introduces two people by invite, and both can write directly', async () => {
    await startRelays(1)
    const alice = await person('Alice', relays)
    const bob = await person('Bob', relays)
    const { bobId, aliceId } = await introduce(alice, bob)
    assert.equal(alice.contacts()[0]!.name, 'Bob')
    await eventually(() => bob.contacts()[0]?.name === 'Alice', 'the name')
    const { messageId } = await alice.sendText({ to: bobId, text: 'hello' })
    await eventually(async () => await stateOf(alice, messageId) === 'delivered', 'delivered')
    assert.deepEqual(texts(bob), ['hello'])
    const back = await bob.sendText({ to: aliceId, text: 'and hello to you' })
    await eventually(async () => await stateOf(bob, back.messageId) === 'delivered', 'delivered back')
    await eventually(async () => {
      const { messageId: id } = await alice.sendText({ to: bobId, text: 'once more' })
      await eventually(async () => await stateOf(alice, id) === 'delivered', 'delivered again')
      return (await alice.delivery(id))?.way === 'direct'
    }, 'the direct way is taken')
  })

  it('keeps writing directly when the relays are gone', async () => {
    await startRelays(2)
    const alice = await person('Alice', relays)
    const bob = await person('Bob', relays)
    const { bobId } = await introduce(alice, bob)
    await eventually(() => bob.connections().some(one => one.kind === 'contact' && one.state === 'connected'), 'a direct link')
    for (const relay of relays) relay.stop()
    const { messageId } = await alice.sendText({ to: bobId, text: 'still here' })
    await eventually(async () => await stateOf(alice, messageId) === 'delivered', 'delivered')
    assert.equal((await alice.delivery(messageId))?.way, 'direct')
  })

  it('stores a thousand messages for someone away, shows them once and in order, and tells what became of them', async function () {
    this.timeout(30_000)
    await startRelays(1)
    const bobProfile = world.profile()
    const aliceProfile = world.profile()
    let alice = await person('Alice', relays, aliceProfile)
    let bob = await person('Bob', relays, bobProfile)
    const { bobId, aliceId } = await introduce(alice, bob)
    await bob.stop()
    const sent: string[] = []
    for (let i = 0; i < 1000; i++) sent.push((await alice.sendText({ to: bobId, text: `message ${i}` })).messageId)
    await eventually(async () => (await alice.messages({ with: bobId, limit: 1000 })).every(one => one.delivery?.state === 'stored'), 'all stored')
    await alice.stop()
    bob = await person('Bob', relays, bobProfile)
    await eventually(() => texts(bob).length >= 1000, 'all received')
    assert.deepEqual(texts(bob), sent.map((_, i) => `message ${i}`))
    const listed = await bob.messages({ with: aliceId, limit: 1000 })
    assert.deepEqual(listed.map(one => one.text), texts(bob))
    assert.equal(listed.some(one => one.late || one.missingBefore > 0), false)
    alice = await person('Alice', relays, aliceProfile)
    await eventually(async () => (await alice.messages({ with: bobId, limit: 1000 })).every(one => one.delivery?.state === 'delivered'), 'all delivered')
    await bob.markRead({ with: aliceId, upTo: listed[999]!.messageId })
    assert.equal(bob.contacts()[0]!.unread, 0)
    await eventually(async () => (await alice.messages({ with: bobId, limit: 1000 })).every(one => one.delivery?.state === 'read'), 'all read')
    assert.equal((await alice.messages({ with: bobId, limit: 1000 })).length, 1000)
  })

  it('lets someone be added, and written to, by invite while away', async () => {
    await startRelays(3)
    const bobProfile = world.profile()
    let bob = await person('Bob', relays, bobProfile)
    const { invite, published } = await bob.createInvite({})
    assert.equal(published, true)
    await bob.stop()
    const alice = await person('Alice', relays)
    const { contactId } = await alice.addContact({ invite })
    const { messageId } = await alice.sendText({ to: contactId, text: 'you do not know me yet' })
    await eventually(async () => (await alice.delivery(messageId))?.storedBy === 3, 'stored by all')
    assert.equal(alice.contacts()[0]!.state, 'invited')
    bob = await person('Bob', relays, bobProfile)
    await eventually(() => texts(bob).length === 1, 'received')
    await eventually(async () => await stateOf(alice, messageId) === 'delivered', 'delivered')
    assert.equal(alice.contacts()[0]!.state, 'accepted')
    await new Promise(resolve => { setTimeout(resolve, 300) })
    assert.deepEqual(texts(bob), ['you do not know me yet'], 'three copies are one message')
  })

  it('loses nothing when one relay of three is gone for good', async () => {
    await startRelays(3)
    const bobProfile = world.profile()
    const alice = await person('Alice', relays)
    let bob = await person('Bob', relays, bobProfile)
    const { bobId } = await introduce(alice, bob)
    await bob.stop()
    const sent = await Promise.all(Array.from({ length: 50 }, async (_, i) => await alice.sendText({ to: bobId, text: `m${i}` })))
    await eventually(async () => (await Promise.all(sent.map(async one => await stateOf(alice, one.messageId)))).every(state => state === 'stored'), 'stored')
    relays[0]!.stop()
    const more = await alice.sendText({ to: bobId, text: 'after' })
    await eventually(async () => (await alice.delivery(more.messageId))?.state === 'stored', 'two are enough')
    bob = await person('Bob', relays, bobProfile)
    await eventually(() => texts(bob).length >= 51, 'received')
    assert.deepEqual(texts(bob), [...sent.map((_, i) => `m${i}`), 'after'])
  })

  it('finds someone by account id through the relay, and waits for acceptance', async () => {
    await startRelays(1)
    const alice = await person('Alice', relays)
    const bob = await person('Bob', relays)
    await eventually(() => bob.connections().some(one => one.state === 'connected'), 'bob is connected')
    const { contactId } = await alice.addContact({ invite: bob.account()!.accountId })
    const { messageId } = await alice.sendText({ to: contactId, text: 'knock knock' })
    await eventually(() => bob.contacts()[0]?.state === 'request', 'a request', 20_000)
    await eventually(async () => await stateOf(alice, messageId) === 'stored', 'stored')
    await new Promise(resolve => { setTimeout(resolve, 500) })
    assert.equal(await stateOf(alice, messageId), 'stored', 'a stranger gets no receipt')
    await bob.acceptContact(bob.contacts()[0]!.contactId)
    await eventually(async () => await stateOf(alice, messageId) === 'delivered', 'delivered')
  }).timeout(30_000)

  it('hears nothing more of a blocked contact', async () => {
    await startRelays(1)
    const alice = await person('Alice', relays)
    const bob = await person('Bob', relays)
    const { bobId, aliceId } = await introduce(alice, bob)
    await bob.blockContact(aliceId)
    const { messageId } = await alice.sendText({ to: bobId, text: 'hello?' })
    await new Promise(resolve => { setTimeout(resolve, 1500) })
    assert.equal(await stateOf(alice, messageId), 'queued')
    assert.deepEqual(texts(bob), [])
    await assert.rejects(bob.sendText({ to: aliceId, text: 'no' }), (error: unknown) => codeOf(error) === 'CONTACT_BLOCKED')
  })

  it('refuses impossible calls with their codes', async () => {
    await startRelays(1)
    const alice = await person('Alice', relays)
    const refused = async (call: Promise<unknown>, code: string): Promise<void> => {
      await assert.rejects(call, (error: unknown) => codeOf(error) === code)
    }
    await refused(alice.createAccount({ name: 'Again', relays: [] }), 'ACCOUNT_EXISTS')
    await refused(alice.sendText({ to: alice.account()!.accountId, text: 'x' }), 'UNKNOWN_CONTACT')
    await refused(alice.addContact({ invite: 'restante:AAAA' }), 'INVITE_INVALID')
    await refused(alice.addContact({ invite: (await alice.createInvite({})).invite }), 'INVITE_OWN')
    await refused(alice.delivery('00'.repeat(16)), 'UNKNOWN_MESSAGE')
  })
})
