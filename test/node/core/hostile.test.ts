/** Relays, contacts and clocks that are not what they should be. */
import assert from 'node:assert/strict'
import { toHex } from '../../../protocol/bytes.ts'
import { inviteRouteSecret } from '../../../protocol/bundle.ts'
import { deriveGrant } from '../../../protocol/envelope.ts'
import { parseInvite } from '../../../protocol/invite.ts'
import { contactState, delivered, introduce, pause, People, stateOf, texts } from '../../support/people.ts'
import type { Ports } from '../../../node/core/ports.ts'
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
