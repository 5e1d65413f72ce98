/** What waits for delivery, when relays are busy, break off, lose what they had or are left behind. */
import assert from 'node:assert/strict'
import { delivered, introduce, pause, People, texts, type Person } from '../../support/people.ts'
import type { MailboxStore } from '../../../relay/core/ports.ts'
import type { Ports } from '../../../node/core/ports.ts'
import { eventually, type WorldRelay } from '../../support/small-world.ts'

describe('outbox', function () {
  this.timeout(60_000)
  let people: People

  beforeEach(function () { people = new People(this.currentTest!.title) })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  function withoutDirect (ports: Ports): Ports {
    return { ...ports, network: async seed => ({ ...await ports.network(seed), addresses: () => [] }) }
  }

  /** One after the other, so that each has an envelope of its own. */
  async function sendMany (from: Person, to: string, count: number, first = 0): Promise<string[]> {
    const ids: string[] = []
    for (let i = first; i < first + count; i++) ids.push((await from.sendText({ to, text: `${i}` })).messageId)
    return ids
  }

  async function allStored (of: Person, to: string, count: number, msMax = 10_000): Promise<void> {
    await eventually(async () => (await of.messages({ with: to, limit: count })).every(one => one.delivery?.state === 'stored'), 'all stored', msMax)
  }

  it('gives up what is too old, but not because the clock jumped ahead', async () => {
    let aheadMs = 0
    // The sweep of ten minutes comes every few milliseconds here.
    const hasty = (ports: Ports): Ports => ({
      ...ports,
      clock: {
        now: () => ports.clock.now() + aheadMs,
        monotonic: () => ports.clock.monotonic(),
        setTimer: (delayMs, run) => ports.clock.setTimer(delayMs === 600_000 ? 20 : delayMs, run)
      }
    })
    const relay = await people.world.relay()
    const bob = await people.person('Bob', [relay])
    const profile = people.world.profile()
    const first = await people.person('Alice', [relay], { profile, bend: hasty })
    const { bobId } = await introduce(first, bob)
    await bob.stop()
    relay.stop()
    const { messageId } = await first.sendText({ to: bobId, text: 'patient' })
    await pause(100)
    aheadMs = 5 * 365 * 86_400_000
    await pause(300)
    assert.equal((await first.delivery(messageId))?.state, 'queued', 'a jump expires nothing')
    await first.stop(0)
    // What says so at a start is no jump, and the time is over.
    const second = await people.person('Alice', [relay], { profile, bend: hasty })
    await eventually(async () => (await second.delivery(messageId))?.state === 'expired', 'expired')
  })

  it('goes on soon after a relay was busy, however much was under way', async () => {
    let busy = 0
    const relay = await people.world.relay({}, store => depositing(store, async request =>
      busy-- > 0 ? { status: 'refused', code: 'BUSY' } : await store.deposit(request)))
    const profile = people.world.profile()
    const alice = await people.person('Alice', [relay])
    const bob = await people.person('Bob', [relay], { profile })
    const { bobId } = await introduce(alice, bob)
    await bob.stop()
    relay.stop()
    await sendMany(alice, bobId, 200)
    busy = 100
    relay.start()
    await allStored(alice, bobId, 200, 15_000)
  })

  it('keeps the order at a relay that breaks off in the middle', async () => {
    let deposits = -Infinity
    let isDown = false
    const relay: WorldRelay = await people.world.relay({}, store => depositing(store, async request => {
      if (isDown) return await new Promise(() => { /* Never answered. */ })
      if (++deposits % 60 === 0) {
        isDown = true
        setTimeout(() => { relay.stop() }, 30)
        setTimeout(() => {
          isDown = false
          relay.start()
        }, 60)
      }
      return await store.deposit(request)
    }))
    const profile = people.world.profile()
    const alice = await people.person('Alice', [relay], { bend: withoutDirect })
    let bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    const { bobId } = await introduce(alice, bob)
    await bob.stop()
    relay.stop()
    await sendMany(alice, bobId, 300)
    deposits = 0
    relay.start()
    await allStored(alice, bobId, 300, 40_000)
    bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    await eventually(() => texts(bob).length >= 300, 'received')
    assert.deepEqual(texts(bob), Array.from({ length: 300 }, (_, i) => `${i}`))
  })

  it('stops dialling a device that a contact no longer names', async () => {
    const relay = await people.world.relay()
    const stale = new Uint8Array(32).fill(9)
    let dials = 0
    const alice = await people.person('Alice', [relay], { bend: ports => ({
      ...ports,
      network: async seed => {
        const network = await ports.network(seed)
        return {
          ...network,
          dial: async (peer, timeoutMs) => {
            if (peer.peerKey.every(byte => byte === 9)) dials++
            return await network.dial(peer, timeoutMs)
          }
        }
      }
    }) })
    let isStale = true
    let changed = (): void => {}
    const bob = await people.person('Bob', [relay], { bend: ports => ({
      ...ports,
      network: async seed => {
        const network = await ports.network(seed)
        return {
          ...network,
          get peerKey () { return isStale ? stale : network.peerKey },
          addresses: () => isStale ? ['/dns4/old.test/tcp/1'] : ['/dns4/new.test/tcp/2'],
          onAddressesChanged: listener => { changed = listener }
        }
      }
    }) })
    const { bobId } = await introduce(alice, bob)
    await delivered(alice, (await alice.sendText({ to: bobId, text: 'hello' })).messageId)
    relay.stop()
    const { messageId } = await alice.sendText({ to: bobId, text: 'again' })
    await pause(1000)
    isStale = false
    changed()
    await delivered(alice, messageId)
    const before = dials
    assert.ok(before > 0)
    await pause(6000)
    assert.equal(dials, before)
  })
})

function depositing (store: MailboxStore, deposit: MailboxStore['deposit']): MailboxStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = name === 'deposit' ? deposit : Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) as unknown : value
    }
  })
}
