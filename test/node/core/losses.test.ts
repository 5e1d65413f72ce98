/** What is lost on the way, does not fit, or cannot be written down. */
import assert from 'node:assert/strict'
import { codeOf, StoreError } from '../../../protocol/errors.ts'
import type { Ports, Store } from '../../../node/core/ports.ts'
import { fasterClock } from '../../support/faster-clock.ts'
import { delivered, introduce, pause, People, stateOf, texts, type Person } from '../../support/people.ts'
import { eventually, type WorldRelay } from '../../support/small-world.ts'

describe('losses', function () {
  this.timeout(60_000)
  let people: People

  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  function withoutDirect (ports: Ports): Ports {
    return { ...ports, network: async seed => ({ ...await ports.network(seed), addresses: () => [] }) }
  }

  async function sendMany (from: Person, to: string, count: number, first = 0): Promise<string[]> {
    const ids: string[] = []
    for (let i = first; i < first + count; i++) ids.push((await from.sendText({ to, text: `${i}` })).messageId)
    return ids
  }

  async function allStored (of: Person, to: string, count: number): Promise<void> {
    await eventually(async () => (await of.messages({ with: to, limit: count })).every(one => one.delivery?.state === 'stored'), 'all stored')
  }

  async function wipe (relay: WorldRelay): Promise<void> {
    relay.stop()
    await relay.wipe()
    relay.start()
  }

  it('are made good when the only relay lost what it had said to have stored', async function () {
    people = new People(this.test!.title, fasterClock(20))
    const relay = await people.world.relay()
    const profile = people.world.profile()
    const alice = await people.person('Alice', [relay], { bend: withoutDirect })
    let bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    const { bobId } = await introduce(alice, bob)
    await bob.stop()
    await sendMany(alice, bobId, 300)
    await allStored(alice, bobId, 300)
    await wipe(relay)
    bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    await pause(500)
    await delivered(alice, (await alice.sendText({ to: bobId, text: '300' })).messageId, 20_000)
    await eventually(() => texts(bob).length === 301, 'all of them', 30_000)
    const listed = (await bob.messages({ with: alice.account()!.accountId, limit: 400 })).map(one => one.text)
    assert.deepEqual(listed, Array.from({ length: 301 }, (_, i) => `${i}`), 'once, and in order')
    await eventually(async () => (await alice.messages({ with: bobId, limit: 400 })).every(one => one.delivery?.state === 'delivered'), 'ticks')
  })

  it('are none when a mailbox was full for a while', async function () {
    people = new People(this.test!.title, fasterClock(20))
    const relay = await people.world.relay({ mailboxEnvelopesMax: 20 })
    const profile = people.world.profile()
    const alice = await people.person('Alice', [relay], { bend: withoutDirect })
    let bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    const { bobId } = await introduce(alice, bob)
    await bob.stop()
    await sendMany(alice, bobId, 90)
    await pause(1000)
    bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    await eventually(() => texts(bob).length === 90, 'all of them', 40_000)
    assert.deepEqual(texts(bob), Array.from({ length: 90 }, (_, i) => `${i}`))
  })

  it('are none when a disk is full: it says so, takes nothing more, and goes on after a restart', async function () {
    people = new People(this.test!.title)
    const relay = await people.world.relay()
    const profile = people.world.profile()
    const bob = await people.person('Bob', [relay])
    let room = Infinity
    let alice = await people.person('Alice', [relay], { profile, bend: ports => ({ ...ports, store: full(ports.store, () => room--) }) })
    const { bobId } = await introduce(alice, bob)
    room = 5
    const kept: string[] = []
    let refusal: unknown
    for (let i = 0; i < 40 && refusal === undefined; i++) {
      try {
        await alice.sendText({ to: bobId, text: `${i}` })
        kept.push(`${i}`)
      } catch (error) {
        refusal = error
      }
    }
    assert.equal(codeOf(refusal), 'STORE_FAILED')
    assert.equal(alice.received.filter(one => one.type === 'failed').length, 1)
    await assert.rejects(alice.sendText({ to: bobId, text: 'x' }), (error: unknown) => codeOf(error) === 'STORE_FAILED')
    await alice.stop(0)
    room = Infinity
    alice = await people.person('Alice', [relay], { profile })
    await eventually(() => kept.every(text => texts(bob).includes(text)), 'everything acknowledged')
    assert.equal(new Set(texts(bob)).size, texts(bob).length, 'nothing twice')
  })

  it('are none of the largest texts, before the other side has answered and after', async function () {
    people = new People(this.test!.title)
    const relay = await people.world.relay()
    const profile = people.world.profile()
    const alice = await people.person('Alice', [relay])
    let bob = await people.person('Bob', [relay], { profile })
    const { invite } = await bob.createInvite({})
    await bob.stop()
    const { contactId: bobId } = await alice.addContact({ invite })
    const large = 'ä'.repeat(30 * 1024)
    const ids = await Promise.all(['a', large, 'b', large, large].map(async text => (await alice.sendText({ to: bobId, text })).messageId))
    await eventually(async () => await stateOf(alice, ids[4]!) === 'stored', 'stored')
    bob = await people.person('Bob', [relay], { profile })
    for (const id of ids) await delivered(alice, id)
    await delivered(alice, (await alice.sendText({ to: bobId, text: large })).messageId)
    assert.deepEqual(texts(bob), ['a', large, 'b', large, large, large])
    await assert.rejects(alice.sendText({ to: bobId, text: `${large}.` }), (error: unknown) => codeOf(error) === 'TEXT_TOO_LARGE')
  })

  it('are none when it is stopped while it starts', async function () {
    people = new People(this.test!.title)
    const relay = await people.world.relay()
    const profile = people.world.profile()
    let stopped = 0
    const messenger = await people.world.open(profile, undefined, ports => ({
      ...ports,
      network: async seed => {
        await pause(100)
        const network = await ports.network(seed)
        return {
          ...network,
          stop: async () => {
            stopped++
            await network.stop()
          }
        }
      }
    }))
    await messenger.createAccount({ name: 'Bob', relays: [relay.address] })
    const starting = messenger.start()
    await messenger.stop(0)
    await assert.rejects(starting, (error: unknown) => codeOf(error) === 'STOPPED')
    await pause(50)
    assert.equal(stopped, 1, 'its network does not outlive it')
  })
})

function full (store: Store, room: () => number): Store {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'batch') {
        return async (...batch: Parameters<Store['batch']>) => {
          if (room() <= 0) throw new StoreError('STORE_FAILED')
          await target.batch(...batch)
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) as unknown : value
    }
  })
}
