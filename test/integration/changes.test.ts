/** Replies, reactions, edits and deletions between real processes, straight and by a relay while one is away. */
import assert from 'node:assert/strict'
import { befriended, endEverybody, person, relayProcess, sendAll, tcpAddress } from './world.ts'

describe('people who change what they wrote', function () {
  this.timeout(120_000)
  afterEach(endEverybody)

  it('both see it so, also where the reader is killed and was away meanwhile', async () => {
    const relay = await relayProcess()
    const [alice, bob] = [person('Alice'), person('Bob')]
    await befriended(alice, bob, [tcpAddress(relay)])
    const [question, mistake] = await sendAll(alice, 'Bob', ['lunch?', 'a mistake']) as [string, string]
    await bob.until(() => bob.received.length === 2, 'both are there')
    const { messageId: answer } = await bob.call('message.send', { to: 'Alice', text: 'yes', replyTo: question })
    await bob.call('message.react', { with: 'Alice', messageId: question, emoji: '👍' })
    await alice.waitFor(({ method, params }) => method === 'message.changed' && params.reactions.some(({ emoji }) => emoji === '👍'), 'the reaction')
    assert.deepEqual(alice.received.map(({ replyTo }) => replyTo), [question])

    await bob.kill()
    await alice.call('message.edit', { with: 'Bob', messageId: question, text: 'lunch at one?' })
    await alice.call('message.delete', { with: 'Bob', messageId: mistake, forEveryone: true })
    await alice.call('message.react', { with: 'Bob', messageId: answer, emoji: '❤️' })
    const [last] = await sendAll(alice, 'Bob', ['see you']) as [string]
    await alice.reached([last], ['stored'])
    bob.start()
    await bob.until(() => bob.received.some(({ text }) => text === 'see you'), 'the last message')
    await alice.reached([last], ['delivered'])
    // What was under way to the device that was killed may come after what was written later.
    const changed = (id: string): boolean => bob.heard.some(({ method, params }) => method === 'message.changed' && params.messageId === id)
    await bob.until(() => [question, mistake, answer].every(changed), 'all three changes')

    const shown = (own: boolean, list: Awaited<ReturnType<typeof alice.history>>): unknown => list.map((message) => [
      message.own === own, message.text, message.replyTo, message.editedAt !== null, message.deleted, message.missingBefore,
      message.reactions.map((reaction) => [reaction.emoji, reaction.own === own])
    ])
    const wanted = [
      [true, 'lunch at one?', null, true, false, 0, [['👍', false]]],
      [true, '', null, false, true, 0, []],
      [false, 'yes', question, false, false, 0, [['❤️', true]]],
      [true, 'see you', null, false, false, 0, []]
    ]
    assert.deepEqual(shown(true, await alice.history('Bob')), wanted)
    assert.deepEqual(shown(false, await bob.history('Alice')), wanted)
    const { states, relays } = await alice.call('message.details', { messageId: last })
    assert.deepEqual(states.slice(0, 2).map(({ state }) => state), ['queued', 'stored'])
    assert.deepEqual(relays.map(({ storedAt, until }) => storedAt !== null && until! > storedAt), [true])
  })
})
