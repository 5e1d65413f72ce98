/** That somebody is writing: heard by a contact who is connected, by nobody else, and kept nowhere. */
import assert from 'node:assert/strict'
import type { Notification } from '../../../node/core/api.ts'
import type { Ports } from '../../../node/core/ports.ts'
import { delivered, introduce, pause, People, type Person } from '../../support/people.ts'
import { watching, type Seen } from '../../support/seen-by-relay.ts'
import { eventually } from '../../support/small-world.ts'

type Heard = Extract<Notification, { type: 'contact.typing' }>

describe('typing', function () {
  this.timeout(30_000)
  let people: People
  let seen: Seen
  let heard: Heard[]

  beforeEach(function () {
    people = new People(this.currentTest!.title)
    seen = { bytes: [], published: [], calls: [] }
    heard = []
  })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  const listen = (notification: Notification): void => { if (notification.type === 'contact.typing') heard.push(notification) }
  const deposits = (): number => seen.calls.filter(call => call === 'deposit').length

  async function friends ({ isDirect = true } = {}): Promise<{ alice: Person, bob: Person, bobId: string, aliceId: string }> {
    const relays = [await people.world.relay({}, watching(seen))]
    const bend = (ports: Ports): Ports => isDirect
      ? ports
      : { ...ports, network: async seed => ({ ...await ports.network(seed), addresses: () => [] }) }
    const alice = await people.person('Alice', relays, { bend })
    const bob = await people.person('Bob', relays, { bend, listen })
    const { bobId, aliceId } = await introduce(alice, bob)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'hello' })).messageId)
    await delivered(bob, (await bob.sendText({ to: aliceId, text: 'hello' })).messageId)
    return { alice, bob, bobId, aliceId }
  }

  it('is heard by a contact who is connected, once and not with every key, until it ends or a message comes', async () => {
    const { alice, bobId, aliceId } = await friends()
    for (let key = 0; key < 20; key++) await alice.typing({ to: bobId, active: true })
    await eventually(() => heard.length > 0, 'it is heard')
    await alice.typing({ to: bobId, active: false })
    await alice.typing({ to: bobId, active: false })
    await eventually(() => heard.length > 1, 'its end is heard')
    await pause(100)
    assert.deepEqual(heard, [true, false].map(active => ({ type: 'contact.typing', contactId: aliceId, active })))

    await alice.typing({ to: bobId, active: true })
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'written' })).messageId)
    await alice.typing({ to: bobId, active: true })
    await eventually(() => heard.length > 3, 'after a message it is news again')
  })

  it('leaves nothing in either conversation, at the relay, or waiting', async () => {
    const { alice, bob, bobId, aliceId } = await friends()
    await pause(600)
    const before = deposits()
    await alice.typing({ to: bobId, active: true })
    await eventually(() => heard.length > 0, 'it is heard')
    await pause(1_500)
    assert.equal(deposits(), before, 'deposits at the relay')
    assert.deepEqual((await bob.messages({ with: aliceId })).map(({ text }) => text), ['hello', 'hello'])
    assert.equal((await alice.messages({ with: bobId })).length, 2)
    assert.equal(bob.contacts()[0]?.unread, 1)
    // What was said aside took a step of the ratchet at both ends.
    for (const [from, to, with_] of [[alice, bob, bobId], [bob, alice, aliceId]] as const) {
      await delivered(from, (await from.sendText({ to: with_, text: 'still in step' })).messageId)
      assert.ok((await to.messages({ with: to.contacts()[0]!.contactId })).some(({ text, own }) => text === 'still in step' && !own))
    }
  })

  it('is not said where there is no link to the device: it would come late', async () => {
    const { alice, bobId } = await friends({ isDirect: false })
    await pause(600)
    const before = deposits()
    await alice.typing({ to: bobId, active: true })
    await pause(1_500)
    assert.deepEqual([deposits() - before, heard], [0, []])
  })

  it('is not heard of whom is blocked, nor said to him, nor to whom has not answered yet', async () => {
    const { alice, bob, bobId, aliceId } = await friends()
    const carol = await people.person('Carol', [await people.world.relay()], { listen })
    const { invite } = await carol.createInvite({})
    await carol.stop()
    const { contactId: carolId } = await alice.addContact({ invite })
    await alice.typing({ to: carolId, active: true })
    await bob.blockContact(aliceId)
    await alice.typing({ to: bobId, active: true })
    await bob.typing({ to: aliceId, active: true })
    await pause(500)
    assert.deepEqual(heard, [])
    await assert.rejects(alice.typing({ to: 'restante1nobody', active: true }), { code: 'UNKNOWN_CONTACT' })
  })
})
