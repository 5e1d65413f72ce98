/** How two people come to know each other while one of them is away, and what their relays see of it. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { Level } from 'level'
import { envelopeBuckets } from '../../protocol/limits.ts'
import { tables } from '../../relay/store/layout.ts'
import type { Person } from '../support/person.ts'
import { accepted, endEverybody, numbered, person, relayProcess, sendAll, tcpAddress } from './world.ts'

const texts = numbered(5, 'first words')

async function requested (one: Person, name: string): Promise<string> {
  const { params } = await one.waitFor(({ method, params: told }) =>
    method === 'contact.state' && told.state === 'request' && told.name === name, `a request of ${name}`)
  return (params as { contactId: string }).contactId
}

function receivedTexts (one: Person): string[] { return one.received.map(({ text }) => text) }

describe('a contact', function () {
  this.timeout(120_000)
  afterEach(endEverybody)

  it('is added by invite while its owner is away, written to, and gets it', async () => {
    const relay = await relayProcess()
    const [alice, bob] = [person('Alice'), person('Bob')]
    await Promise.all([alice.create([tcpAddress(relay)]), bob.create([tcpAddress(relay)])])
    const { invite, published } = await bob.call('invite.create', {})
    assert.equal(published, true)
    await bob.stop()
    await alice.call('contact.add', { invite })
    // At once, before the prekeys behind the invite can be here.
    const ids = await sendAll(alice, (await alice.call('contact.list', {})).contacts[0]!.contactId, texts)
    await alice.reached(ids, ['stored'])
    await alice.waitFor(({ method, params }) =>
      method === 'contact.state' && params.name === 'Bob', 'the name in the invite')
    await alice.stop()
    bob.start()
    await bob.until(() => bob.received.length >= texts.length, 'the messages')
    assert.deepEqual(receivedTexts(bob), texts)
    await accepted(bob, 'Alice')
    // And back, while Alice is away in her turn.
    const answers = await sendAll(bob, 'Alice', ['answer'])
    await bob.reached(answers, ['stored'])
    await bob.stop()
    alice.start()
    await alice.until(() => alice.received.length >= 1, 'the answer')
    assert.deepEqual(receivedTexts(alice), ['answer'])
    await alice.reached(ids, ['delivered'])
    assert.equal((await alice.call('contact.list', {})).contacts[0]?.state, 'accepted')
  })

  it('is added and written to while its relay is away, and gets it when all are back', async () => {
    const relay = await relayProcess()
    const [alice, bob] = [person('Alice'), person('Bob')]
    await Promise.all([alice.create([]), bob.create([tcpAddress(relay)])])
    const { invite } = await bob.call('invite.create', {})
    await Promise.all([bob.stop(), relay.stop()])
    await alice.call('contact.add', { invite, name: 'Bob' })
    const ids = await sendAll(alice, 'Bob', texts)
    await alice.stop()
    // The owner is there first, then the sender: nobody meets the other's last state.
    const listen = [tcpAddress(relay).replace(/\/p2p\/.*$/, '')]
    await relayProcess({ data: relay.dataDir, listen })
    bob.start()
    alice.start()
    await alice.reached(ids, ['delivered'])
    assert.deepEqual(receivedTexts(bob), texts)
  })

  it('is added by account id, its owner online or away, and has to be accepted', async () => {
    const relay = await relayProcess()
    const [alice, bob, carol] = [person('Alice'), person('Bob'), person('Carol')]
    const ids = await Promise.all([alice, bob, carol].map(async one => await one.create([tcpAddress(relay)])))
    const bobsId = ids[1]!
    await carol.call('contact.add', { invite: bobsId })
    const carols = await sendAll(carol, bobsId, ['while you are online'])
    await requested(bob, 'Carol')
    await bob.until(() => bob.received.length >= 1, 'the message of Carol')
    // That she found him shows that what he published is there: now he may go.
    await bob.stop()
    await alice.call('contact.add', { invite: bobsId })
    const alices = await sendAll(alice, bobsId, texts)
    await alice.reached(alices, ['stored'])
    bob.start()
    await requested(bob, 'Alice')
    await bob.until(() => bob.received.length >= texts.length, 'the messages of Alice')
    assert.deepEqual(receivedTexts(bob), texts)
    // No receipt tells a stranger that somebody is there.
    for (const one of [alice, carol]) {
      const states = (await one.history(bobsId)).map(({ delivery }) => delivery?.state)
      const isUntold = states.every(state => state === 'stored' || state === 'queued')
      assert.ok(isUntold, `${one.name}: ${states.join()}`)
    }
    for (const name of ['Alice', 'Carol']) await bob.call('contact.accept', { contactId: name })
    await Promise.all([alice.reached(alices, ['delivered']), carol.reached(carols, ['delivered'])])
    const states = (await bob.call('contact.list', {})).contacts.map(({ state }) => state)
    assert.deepEqual(states, ['accepted', 'accepted'])
  })

  it('comes by a reusable invite as often as people use it, each as a request of its own', async () => {
    const relay = await relayProcess()
    const [alice, bob, carol] = [person('Alice'), person('Bob'), person('Carol')]
    await Promise.all([alice, bob, carol].map(async one => await one.create([tcpAddress(relay)])))
    const { invite } = await bob.call('invite.create', { reusable: true })
    for (const one of [alice, carol]) {
      await one.call('contact.add', { invite, name: 'Bob' })
      await sendAll(one, 'Bob', [`I am ${one.name}`])
    }
    for (const one of [alice, carol]) {
      await bob.call('contact.accept', { contactId: await requested(bob, one.name) })
      await accepted(one, 'Bob')
    }
    await bob.until(() => bob.received.length >= 2, 'both messages')
    assert.deepEqual(receivedTexts(bob).sort(), ['I am Alice', 'I am Carol'])
    for (const one of [alice, carol]) await sendAll(bob, one.name, [`hello ${one.name}`])
    for (const one of [alice, carol]) {
      await one.until(() => one.received.length >= 1, 'an answer')
      assert.deepEqual(receivedTexts(one), [`hello ${one.name}`])
    }
  })

  it('has three relays, and the copies that they keep share no run of 16 bytes', async () => {
    const relays = await Promise.all([relayProcess(), relayProcess(), relayProcess()])
    const [alice, bob] = [person('Alice'), person('Bob')]
    await Promise.all([alice.create([]), bob.create(relays.map(tcpAddress))])
    const { invite } = await bob.call('invite.create', {})
    await bob.stop()
    await alice.call('contact.add', { invite, name: 'Bob' })
    const ids = await sendAll(alice, 'Bob', numbered(10).map(text => `${text} ${'long '.repeat(500)}`))
    await alice.reached(ids, ['stored'])
    for (const id of ids) assert.ok(alice.states.get(id)!.storedBy >= 2)
    await alice.stop()
    for (const relay of relays) await relay.stop()
    const folders = relays.map(({ dataDir }) => join(dataDir, 'mailboxes'))
    const kept = await Promise.all(folders.map(envelopesIn))
    assert.ok(kept.filter(envelopes => envelopes.length > 0).length >= 2, 'copies at two relays')
    const seen = new Map<string, number>()
    let shared = 0
    for (const [relay, envelopes] of kept.entries()) {
      for (const envelope of envelopes) {
        for (let i = 0; i + 16 <= envelope.length; i++) {
          const run = envelope.toString('latin1', i, i + 16)
          const at = seen.get(run)
          if (at === undefined) seen.set(run, relay)
          else if (at !== relay) shared++
        }
      }
    }
    assert.equal(shared, 0)
    assert.ok(seen.size > 2 * 16_384, `${seen.size} runs were compared`)
  })
})

/** Envelopes as a relay keeps them, with the id of their mailbox. */
async function envelopesIn (folder: string): Promise<Buffer[]> {
  const level = new Level<Uint8Array, Uint8Array>(folder, { keyEncoding: 'view', valueEncoding: 'view' })
  const [gte, lt] = [Uint8Array.of(tables.payload), Uint8Array.of(tables.payload + 1)]
  const records = await level.iterator({ gte, lt }).all()
  await level.close()
  const envelopes = records.map(([, value]) => Buffer.from(value))
  for (const { byteLength } of envelopes) assert.ok(byteLength >= envelopeBuckets[0])
  return envelopes
}
