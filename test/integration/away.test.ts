/** A person is away while a thousand messages come: stored, then shown once and in order, then ticked. */
import assert from 'node:assert/strict'
import { befriended, endEverybody, numbered, person, relayProcess, sendAll, tcpAddress } from './world.ts'

const count = 1000

describe('a person who is away', function () {
  this.timeout(180_000)
  afterEach(endEverybody)

  it('gets 1,000 messages once, in order, and the sender sees each stored, delivered and read', async () => {
    const relay = await relayProcess()
    const [alice, bob] = [person('Alice'), person('Bob')]
    await befriended(alice, bob, [tcpAddress(relay)])
    assert.equal((await bob.stop()).code, 0)

    const texts = numbered(count)
    const ids = await sendAll(alice, 'Bob', texts)
    await alice.reached(ids, ['stored'])
    assert.equal(new Set(ids).size, count)
    for (const id of ids) {
      const { way, storedBy, of } = alice.states.get(id)!
      assert.deepEqual({ way, storedBy, of }, { way: 'relay', storedBy: 1, of: 1 })
    }
    assert.equal((await alice.stop()).code, 0)

    bob.start()
    await bob.until(() => bob.received.length >= count, `${count} messages`)
    assert.deepEqual(bob.received.map(({ text }) => text), texts)
    assert.deepEqual(bob.received.map(({ messageId }) => messageId), ids)
    const shown = await bob.history('Alice')
    assert.deepEqual(shown.map(({ messageId }) => messageId), ids)
    assert.ok(shown.every(({ own, late, missingBefore }) => !own && !late && missingBefore === 0))
    assert.equal((await bob.call('contact.list', {})).contacts[0]?.unread, count)

    alice.start()
    await alice.reached(ids, ['delivered'])
    assert.ok((await alice.history('Bob')).every(({ delivery }) => delivery?.state === 'delivered'))

    await bob.call('message.markRead', { with: 'Alice', upTo: ids.at(-1)! })
    assert.equal((await bob.call('contact.list', {})).contacts[0]?.unread, 0)
    await alice.reached(ids, ['read'])
    const own = await alice.history('Bob')
    assert.deepEqual(own.map(({ text }) => text), texts)
    assert.ok(own.every(({ delivery }) => delivery?.state === 'read'))
    assert.equal(bob.received.length, count, 'nothing came again')
  })

  it('reads half, and the sender sees exactly that half read', async () => {
    const relay = await relayProcess()
    const [alice, bob] = [person('Alice'), person('Bob')]
    await befriended(alice, bob, [tcpAddress(relay)])
    const ids = await sendAll(alice, 'Bob', numbered(40))
    await bob.until(() => bob.received.length >= 40, '40 messages')
    await alice.reached(ids, ['delivered', 'read'])
    await bob.call('message.markRead', { with: 'Alice', upTo: ids[19]! })
    await alice.reached(ids.slice(0, 20), ['read'])
    // What comes after the receipt has come shows that the rest was not in it.
    const [last] = await sendAll(alice, 'Bob', ['one more'])
    await alice.reached([last!], ['delivered'])
    const states = (await alice.history('Bob')).map(({ delivery }) => delivery?.state)
    assert.deepEqual(states, [...Array<string>(20).fill('read'), ...Array<string>(21).fill('delivered')])
    assert.equal((await bob.call('contact.list', {})).contacts[0]?.unread, 21)
  })
})
