/** Relays, contacts and clocks that are not what they should be. */
import assert from 'node:assert/strict'
import { toHex, unhex } from '../../../protocol/bytes.ts'
import { inviteRouteSecret } from '../../../protocol/bundle.ts'
import { deriveGrant } from '../../../protocol/envelope.ts'
import { parseInvite } from '../../../protocol/invite.ts'
import { fasterClock } from '../../support/faster-clock.ts'
import { codeOfSending, contactState, delivered, introduce, pause, People, stateOf, texts } from '../../support/people.ts'
import type { Ports, Store } from '../../../node/core/ports.ts'
import { eventually } from '../../support/small-world.ts'

const yearMs = 365 * 86_400_000

describe('a hostile world', function () {
  this.timeout(60_000)
  let people: People

  beforeEach(function () { people = new People(this.currentTest!.title) })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  /** No straight way: what arrives came by a relay. */
  function withoutDirect (ports: Ports): Ports {
    return { ...ports, network: async seed => ({ ...await ports.network(seed), addresses: () => [] }) }
  }

  it('fetches mail though the relay finds an invite expired', async () => {
    const relays = [await people.world.relay()]
    const profile = people.world.profile()
    const alice = await people.person('Alice', relays)
    // The battery of Bob's clock is empty.
    const bend = (ports: Ports): Ports => withoutDirect({
      ...ports, clock: { ...clockOf(ports), now: () => ports.clock.now() - 10 * yearMs }
    })
    let bob = await people.person('Bob', relays, { profile, bend })
    await bob.addContact({ invite: (await alice.createInvite({})).invite })
    await eventually(() => contactState(alice, bob.account()!.accountId) === 'accepted', 'a contact')
    await bob.createInvite({})
    await bob.stop()
    bob = await people.person('Bob', relays, { profile, bend })
    const { messageId } = await alice.sendText({ to: bob.account()!.accountId, text: 'set your clock' })
    await delivered(alice, messageId)
  })

  it('uses an invite though one relay gives out rubbish, as soon as another one has it, and gives it up at once where all do', async function () {
    // Relays are asked again after half a minute.
    people = new People(this.test!.title, fasterClock(20))
    let asked = 0
    let isPublished = false
    const bad = await people.world.relay({}, store => changed(store, {
      takeBundle: async location => (await store.takeBundle(location))?.fill(7)
    }))
    const late = await people.world.relay({}, store => changed(store, {
      takeBundle: async location => {
        asked++
        return isPublished ? await store.takeBundle(location) : undefined
      }
    }))
    const alice = await people.person('Alice', [bad, late], { bend: withoutDirect })
    const bob = await people.person('Bob', [late], { bend: withoutDirect })
    const { contactId } = await bob.addContact({ invite: (await alice.createInvite({})).invite })
    await eventually(() => asked > 1, 'both have answered, more than once')
    assert.equal(await codeOfSending(bob, contactId), '')
    isPublished = true
    await eventually(() => contactState(alice, bob.account()!.accountId) === 'accepted', 'a contact', 20_000)

    const carol = await people.person('Carol', [bad], { bend: withoutDirect })
    const { contactId: carolId } = await bob.addContact({ invite: (await carol.createInvite({})).invite })
    // Ten minutes of theirs would be thirty seconds.
    await eventually(async () => await codeOfSending(bob, carolId) === 'INVITE_EXPIRED', 'the invite is given up', 15_000)
  })

  it('fetches mail though someone else opened the address of an invite before its owner could', async () => {
    const relay = await people.world.relay()
    const profile = people.world.profile()
    const alice = await people.person('Alice', [relay])
    let bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    const { bobId } = await introduce(alice, bob)
    relay.stop()
    const { invite } = await bob.createInvite({ reusable: true })
    await bob.stop()
    const { secret } = parseInvite(invite)
    const { addressHash } = deriveGrant(people.world.suite, inviteRouteSecret(people.world.suite, secret, 0))
    await relay.store.createMailbox(new Uint8Array(32).fill(7), new Uint8Array(32).fill(8))
    assert.equal(await relay.store.openAddress(new Uint8Array(32).fill(8), addressHash, { envelopesMax: 9, expiresAt: Infinity }), 'opened')
    relay.start()
    bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    const { messageId } = await alice.sendText({ to: bobId, text: 'still with us?' })
    await delivered(alice, messageId)
  })

  it('never says that something was delivered which a relay kept back', async () => {
    let victim: string | undefined
    const order = new Map<string, number>()
    const isEven = (cursor: Uint8Array): boolean => {
      const known = order.get(toHex(cursor)) ?? order.size
      order.set(toHex(cursor), known)
      return known % 2 === 0
    }
    const relay = await people.world.relay({}, store => changed(store, {
      page: async (mailbox, options) => {
        const page = await store.page(mailbox, options)
        if ((await store.usage(mailbox)).envelopes > 1000) victim = toHex(mailbox)
        if (victim !== toHex(mailbox)) return page
        return { ...page, envelopes: page.envelopes.filter(({ cursor }) => isEven(cursor)) }
      }
    }))
    const profile = people.world.profile()
    const alice = await people.person('Alice', [relay], { bend: withoutDirect })
    let bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    const { bobId } = await introduce(alice, bob)
    await bob.stop()
    const sent: string[] = []
    // One after the other, so that each has an envelope of its own.
    for (let i = 0; i < 1400; i++) sent.push((await alice.sendText({ to: bobId, text: `${i}` })).messageId)
    await eventually(async () => (await alice.messages({ with: bobId, limit: 1400 })).every(one => one.delivery?.state === 'stored'), 'all stored')
    bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    await eventually(async () => await stateOf(alice, sent[0]!) === 'delivered' || await stateOf(alice, sent[1]!) === 'delivered', 'a receipt')
    await pause(1500)
    const shown = new Set(texts(bob))
    assert.ok(shown.size > 100 && shown.size < 1000, `${shown.size} shown`)
    const lies = (await alice.messages({ with: bobId, limit: 1400 }))
      .filter(one => one.delivery?.state === 'delivered' && !shown.has(one.text)).map(one => one.text)
    assert.deepEqual(lies, [])
  })

  it('keeps one receipt, and not one for each message, for someone who sends but cannot be reached', async () => {
    const near = await people.world.relay()
    const far = await people.world.relay()
    let store: Store | undefined
    const bob = await people.person('Bob', [near], { bend: ports => {
      store = ports.store
      return withoutDirect(ports)
    } })
    const mallory = await people.person('Mallory', [far], { bend: withoutDirect })
    const { bobId } = await introduce(mallory, bob)
    await pause(1000)
    far.stop()
    for (let i = 0; i < 12; i++) {
      await mallory.sendText({ to: bobId, text: `${i}` })
      await pause(320)
    }
    await eventually(() => texts(bob).length === 12, 'received')
    await pause(400)
    assert.ok((await store!.scan('outbox')).length <= 2, `${(await store!.scan('outbox')).length} receipts wait`)
    far.start()
    await eventually(async () => {
      const all = await mallory.messages({ with: bobId, limit: 20 })
      return all.length === 12 && all.every(one => one.delivery?.state === 'delivered')
    }, 'the receipt comes', 40_000)
  })

  it('lets no contact give his messages the id of another', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const stolen: { id?: Uint8Array } = {}
    const mallory = await people.person('Mallory', relays, { bend: ports => ({
      ...ports,
      random: { bytes: length => length === 16 && stolen.id !== undefined ? stolen.id.slice() : ports.random.bytes(length) }
    }) })
    const { bobId: malloryId, aliceId } = await introduce(alice, mallory)
    const { messageId } = await alice.sendText({ to: malloryId, text: 'I owe you 5' })
    await delivered(alice, messageId)
    const own = await alice.sendText({ to: malloryId, text: 'and no more' })
    await delivered(alice, own.messageId)
    stolen.id = unhex(messageId)
    const forged = await mallory.sendText({ to: aliceId, text: 'I owe you 500' })
    assert.equal(forged.messageId, messageId)
    await eventually(() => texts(alice).length === 1, 'received')
    assert.equal(await stateOf(alice, messageId), 'delivered')
    const shown = await alice.messages({ with: malloryId })
    assert.deepEqual(shown.map(one => one.text), ['I owe you 5', 'and no more', 'I owe you 500'])
    assert.deepEqual(await alice.messages({ with: malloryId, before: messageId }), [], 'it still names the first')
  })

  it('keeps the order of a sender whose clock is years ahead', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays, {
      bend: ports => ({ ...ports, clock: { ...clockOf(ports), now: () => ports.clock.now() + 30 * yearMs } })
    })
    const bobId = bob.account()!.accountId
    await alice.addContact({ invite: (await bob.createInvite({})).invite })
    await eventually(() => contactState(alice, bobId) === 'accepted', 'a contact')
    const aliceId = alice.account()!.accountId
    const say = async (who: 'alice' | 'bob', text: string): Promise<void> => {
      const [from, to] = who === 'alice' ? [alice, bobId] : [bob, aliceId]
      await delivered(from, (await from.sendText({ to, text })).messageId)
    }
    await say('bob', 'b1')
    await say('alice', 'a1')
    await say('bob', 'b2')
    // They write at the same time: b3 does not know a2.
    const crossing = bob.sendText({ to: aliceId, text: 'b3' })
    const other = alice.sendText({ to: bobId, text: 'a2' })
    await delivered(bob, (await crossing).messageId)
    await delivered(alice, (await other).messageId)
    await say('bob', 'b4')
    const order = async (of: typeof alice, withWhom: string, whose: string): Promise<string[]> =>
      (await of.messages({ with: withWhom })).map(one => one.text).filter(text => text.startsWith(whose))
    assert.deepEqual(await order(alice, bobId, 'b'), ['b1', 'b2', 'b3', 'b4'])
    assert.deepEqual(await order(bob, aliceId, 'b'), ['b1', 'b2', 'b3', 'b4'])
    const seen = (await alice.messages({ with: bobId })).map(one => one.text)
    assert.ok(seen.indexOf('b2') > seen.indexOf('a1'), 'an answer stands after its question')
  })
})

function clockOf ({ clock }: Ports): Ports['clock'] {
  return { now: () => clock.now(), monotonic: () => clock.monotonic(), setTimer: (delayMs, run) => clock.setTimer(delayMs, run) }
}

/** An object of a class, with other methods instead of some of its own. */
function changed<T extends object> (of: T, methods: Partial<T>): T {
  return new Proxy(of, {
    get: (target, name) => {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) as unknown : value
    }
  })
}
