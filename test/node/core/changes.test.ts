/** Replies, reactions, edits and deletions between two engines, and what others try with them. */
import assert from 'node:assert/strict'
import { setTimeout as after } from 'node:timers/promises'
import { parseAccountId } from '../../../protocol/account-id.ts'
import { concat, toHex } from '../../../protocol/bytes.ts'
import { Text } from '../../../protocol/wire/restante.js'
import type { MessageView, Notification } from '../../../node/core/api.ts'
import type { Ports, Store } from '../../../node/core/ports.ts'
import { ConversationRecord, MessageRecord } from '../../../node/core/records.js'
import type { DepositRequest, MailboxStore } from '../../../relay/core/ports.ts'
import { Couple } from '../../support/couple.ts'
import { delivered, introduce, People, texts, type Person } from '../../support/people.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { Burglary, thief } from '../../support/stolen-key.ts'
import { eventually, type WorldRelay } from '../../support/small-world.ts'

describe('changes of messages', function () {
  this.timeout(60_000)
  let people: People

  beforeEach(function () { people = new People(this.currentTest!.title) })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  async function meet (): Promise<{ alice: Person, bob: Person, aliceId: string, bobId: string }> {
    const relays = [await people.world.relay()]
    const [alice, bob] = [await people.person('Alice', relays), await people.person('Bob', relays)]
    return { alice, bob, ...await introduce(alice, bob) }
  }

  async function say (from: Person, to: string, text: string, replyTo?: string): Promise<string> {
    const { messageId } = await from.sendText({ to, text, replyTo })
    await delivered(from, messageId)
    return messageId
  }

  it('reach the other one, and both see the same', async () => {
    const { alice, bob, aliceId, bobId } = await meet()
    const question = await say(alice, bobId, 'when?')
    const answer = await say(bob, aliceId, 'at nine', question)
    assert.equal((await one(alice, bobId, answer)).replyTo, question)
    assert.deepEqual(bob.received.flatMap((n) => n.type === 'message.received' ? [n.replyTo] : []), [undefined])
    assert.deepEqual(alice.received.flatMap((n) => n.type === 'message.received' ? [n.replyTo] : []), [question])

    await alice.react({ with: bobId, messageId: answer, emoji: '👍' })
    await alice.react({ with: bobId, messageId: answer, emoji: '🎉' })
    await bob.react({ with: aliceId, messageId: answer, emoji: '❤️' })
    await alice.edit({ with: bobId, messageId: question, text: 'when then?' })
    await bob.edit({ with: aliceId, messageId: answer, text: 'at ten' })
    await same(alice, bob, aliceId, bobId)
    const seen = await one(alice, bobId, answer)
    assert.deepEqual(seen.reactions, [{ emoji: '❤️', own: false }, { emoji: '🎉', own: true }])
    assert.equal(seen.text, 'at ten')
    assert.ok(seen.editedAt !== undefined && seen.editedAt >= seen.sentAt)
    assert.equal(seen.replyTo, question, 'an edit leaves what it answers')

    await alice.react({ with: bobId, messageId: answer, emoji: undefined })
    await alice.deleteMessage({ with: bobId, messageId: question, forEveryone: true })
    await same(alice, bob, aliceId, bobId)
    const gone = await one(bob, aliceId, question)
    assert.deepEqual([gone.text, gone.deleted, gone.editedAt], ['', true, undefined])
    assert.deepEqual((await one(bob, aliceId, answer)).reactions, [{ emoji: '❤️', own: true }])
  })

  it('make no bubble, no unread message and no gap, and are told', async () => {
    const { alice, bob, aliceId, bobId } = await meet()
    const first = await say(alice, bobId, 'one')
    await bob.markRead({ with: aliceId, upTo: first })
    await alice.react({ with: bobId, messageId: first, emoji: '👍' })
    await alice.edit({ with: bobId, messageId: first, text: 'two' })
    await say(alice, bobId, 'three')
    await alice.deleteMessage({ with: bobId, messageId: first, forEveryone: true })
    await same(alice, bob, aliceId, bobId)
    const messages = await bob.messages({ with: aliceId })
    assert.deepEqual(messages.map(({ text, missingBefore, late }) => [text, missingBefore, late]), [['', 0, false], ['three', 0, false]])
    assert.equal(bob.contacts()[0]!.unread, 1)
    assert.deepEqual(texts(bob), ['one', 'three'])
    await eventually(() => told(bob).length === 3, 'all were told')
    assert.equal(told(bob)[2], ' [] deleted')
    const ids = new Set(alice.received.flatMap((n) => n.type === 'message.state' ? [n.messageId] : []))
    assert.equal(ids.size, 2, 'only messages have a delivery state')
  })

  it('are kept over a restart, at both ends', async () => {
    const relays = [await people.world.relay()]
    const profiles = [people.world.profile(), people.world.profile()] as const
    let alice = await people.person('Alice', relays, { profile: profiles[0] })
    let bob = await people.person('Bob', relays, { profile: profiles[1] })
    const { bobId, aliceId } = await introduce(alice, bob)
    const [first, second, third] = [await say(alice, bobId, '1'), await say(alice, bobId, '2'), await say(alice, bobId, '3')]
    await alice.edit({ with: bobId, messageId: first, text: 'one' })
    await bob.react({ with: aliceId, messageId: first, emoji: '👍' })
    await alice.deleteMessage({ with: bobId, messageId: second, forEveryone: true })
    await same(alice, bob, aliceId, bobId)
    await bob.deleteMessage({ with: aliceId, messageId: third, forEveryone: false })
    await alice.stop()
    await bob.stop()
    alice = await people.person('Alice', relays, { profile: profiles[0] })
    bob = await people.person('Bob', relays, { profile: profiles[1] })
    const shown = (list: MessageView[]): unknown => list.map(({ text, deleted, reactions }) => [text, deleted, reactions.map(({ emoji }) => emoji)])
    assert.deepEqual(shown(await alice.messages({ with: bobId })), [['one', false, ['👍']], ['', true, []], ['3', false, []]])
    assert.deepEqual(shown(await bob.messages({ with: aliceId })), [['one', false, ['👍']], ['', true, []]])
  })

  it('leave no text of a deleted message in the store, whoever deleted it', async () => {
    const relays = [await people.world.relay()]
    const rows = new Map<string, Buffer>()
    const watched = (ports: Ports): Ports => ({ ...ports, store: watch(ports.store, rows) })
    const alice = await people.person('Alice', relays, { bend: watched })
    const bob = await people.person('Bob', relays, { bend: watched })
    const { bobId, aliceId } = await introduce(alice, bob)
    const first = await say(alice, bobId, 'a secret')
    const second = await say(alice, bobId, 'another secret')
    await alice.edit({ with: bobId, messageId: first, text: 'the same secret' })
    await same(alice, bob, aliceId, bobId)
    const secrets = (): string[] => [...rows].filter(([, value]) => value.includes('secret')).map(([name]) => name.split(' ')[0]!)
    await eventually(() => [...new Set(secrets())].sort().join(' ') === 'annotation message', 'it is found while it is there, and not in what was delivered')
    await alice.deleteMessage({ with: bobId, messageId: first, forEveryone: true })
    await same(alice, bob, aliceId, bobId)
    await alice.deleteMessage({ with: bobId, messageId: second, forEveryone: false })
    await bob.deleteMessage({ with: aliceId, messageId: second, forEveryone: false })
    await eventually(() => secrets().length === 0, 'no text is left')
  })

  it('on this device only leave no trace, and nothing brings the message back', async () => {
    const { alice, bob, aliceId, bobId } = await meet()
    const [first, second] = [await say(alice, bobId, 'one'), await say(alice, bobId, 'two')]
    assert.equal(bob.contacts()[0]!.unread, 2)
    await bob.deleteMessage({ with: aliceId, messageId: second, forEveryone: false })
    assert.equal(bob.contacts()[0]!.unread, 1)
    await bob.markRead({ with: aliceId, upTo: first })
    assert.equal(bob.contacts()[0]!.unread, 0)
    await alice.edit({ with: bobId, messageId: second, text: 'two again' })
    await alice.react({ with: bobId, messageId: second, emoji: '👍' })
    await say(alice, bobId, 'three')
    assert.deepEqual((await bob.messages({ with: aliceId })).map(({ text }) => text), ['one', 'three'])
    assert.deepEqual((await bob.messages({ with: aliceId, limit: 2 })).map(({ text }) => text), ['one', 'three'])
    assert.deepEqual(told(bob), [])
    assert.deepEqual(bob.received.flatMap((n) => n.type === 'message.removed' ? [n.messageId] : []), [second])
    await assert.rejects(bob.react({ with: aliceId, messageId: second, emoji: '👍' }), { code: 'UNKNOWN_MESSAGE' })
    await assert.rejects(bob.sendText({ to: aliceId, text: 'x', replyTo: second }), { code: 'UNKNOWN_MESSAGE' })
    await assert.rejects(bob.details(second), { code: 'UNKNOWN_MESSAGE' })
  })

  it('that may not be are refused with their codes, and send nothing', async () => {
    const relays = [await people.world.relay()]
    const rows = new Map<string, Buffer>()
    const alice = await people.person('Alice', relays, { bend: ports => ({ ...ports, store: watch(ports.store, rows) }) })
    const bob = await people.person('Bob', relays)
    const { bobId, aliceId } = await introduce(alice, bob)
    const [own, theirs] = [await say(alice, bobId, 'mine'), await say(bob, aliceId, 'yours')]
    const before = countersIn(rows)
    const at = { with: bobId, messageId: own }
    await assert.rejects(alice.edit({ ...at, messageId: theirs, text: 'x' }), { code: 'NOT_OWN_MESSAGE' })
    await assert.rejects(alice.deleteMessage({ ...at, messageId: theirs, forEveryone: true }), { code: 'NOT_OWN_MESSAGE' })
    await assert.rejects(alice.edit({ ...at, text: '' }), { code: 'USAGE' })
    await assert.rejects(alice.edit({ ...at, text: 'x'.repeat(61441) }), { code: 'TEXT_TOO_LARGE' })
    for (const emoji of ['', 'no', '👍👍']) await assert.rejects(alice.react({ ...at, emoji }), { code: 'USAGE' })
    for (const messageId of ['', 'f'.repeat(32)]) {
      await assert.rejects(alice.react({ ...at, messageId, emoji: '👍' }), { code: 'UNKNOWN_MESSAGE' })
      await assert.rejects(alice.edit({ ...at, messageId, text: 'x' }), { code: 'UNKNOWN_MESSAGE' })
      await assert.rejects(alice.deleteMessage({ ...at, messageId, forEveryone: false }), { code: 'UNKNOWN_MESSAGE' })
      await assert.rejects(alice.sendText({ to: bobId, text: 'x', replyTo: messageId }), { code: 'UNKNOWN_MESSAGE' })
      await assert.rejects(alice.details(messageId), { code: 'UNKNOWN_MESSAGE' })
    }
    // What is so already is not said.
    await alice.edit({ ...at, text: 'mine' })
    await alice.react({ ...at, emoji: undefined })
    assert.equal(countersIn(rows), before)
    await alice.deleteMessage({ ...at, forEveryone: true })
    await alice.deleteMessage({ ...at, forEveryone: true })
    assert.equal(countersIn(rows), before + 1)
    await assert.rejects(alice.edit({ ...at, text: 'x' }), { code: 'MESSAGE_DELETED' })
    await assert.rejects(alice.react({ ...at, emoji: '👍' }), { code: 'MESSAGE_DELETED' })
    await bob.blockContact(aliceId)
    await assert.rejects(bob.react({ with: aliceId, messageId: theirs, emoji: '👍' }), { code: 'CONTACT_BLOCKED' })
    await bob.deleteMessage({ with: aliceId, messageId: theirs, forEveryone: false })
  })

  it('tell where a message has been', async () => {
    const relays = [await people.world.relay(), await people.world.relay()]
    const profile = people.world.profile()
    const alice = await people.person('Alice', relays, { bend: withoutDirect })
    let bob = await people.person('Bob', relays, { profile, bend: withoutDirect })
    const { bobId, aliceId } = await introduce(alice, bob)
    await bob.stop()
    relays[1]!.stop()
    const { messageId } = await alice.sendText({ to: bobId, text: 'one' })
    await eventually(async () => (await alice.details(messageId)).relays.some(({ storedAt }) => storedAt !== undefined), 'one relay has it')
    const waiting = await alice.details(messageId)
    assert.deepEqual(waiting.states.map(({ state }) => state), ['queued'])
    assert.deepEqual(waiting.relays.map(({ storedAt, until }) => [storedAt !== undefined, until !== undefined]), [[true, true], [false, false]])
    relays[1]!.start()
    await eventually(async () => (await alice.delivery(messageId))?.state === 'stored', 'stored by both')
    assert.deepEqual((await alice.details(messageId)).states.map(({ state, way }) => [state, way]), [['queued', undefined], ['stored', 'relay']])
    bob = await people.person('Bob', relays, { profile, bend: withoutDirect })
    await delivered(alice, messageId)
    await bob.markRead({ with: aliceId, upTo: messageId })
    await eventually(async () => (await alice.delivery(messageId))?.state === 'read', 'read')
    const { states, relays: copies, sentAt } = await alice.details(messageId)
    assert.deepEqual(states.map(({ state, way }) => [state, way]), [['queued', undefined], ['stored', 'relay'], ['delivered', 'relay'], ['read', 'relay']])
    const times = states.map(({ at }) => at ?? assert.fail('a time is missing'))
    assert.deepEqual(times, [...times].sort((a, b) => a - b))
    assert.equal(times[0], sentAt)
    assert.deepEqual(copies.map(({ storedAt, until }) => storedAt! >= sentAt && until! > storedAt!), [true, true])
    assert.equal(new Set(copies.map(({ peerId }) => peerId)).size, 2)
    const theirs = await bob.details(messageId)
    assert.deepEqual([theirs.own, theirs.arrivedBy, theirs.states, theirs.relays], [false, 'relay', [], []])
  })

  it('by two calls at once both hold', async () => {
    const { alice, bob, aliceId, bobId } = await meet()
    const first = await say(alice, bobId, 'one')
    await Promise.all([
      alice.edit({ with: bobId, messageId: first, text: 'two' }),
      alice.react({ with: bobId, messageId: first, emoji: '👍' }),
      bob.react({ with: aliceId, messageId: first, emoji: '🎉' })
    ])
    await same(alice, bob, aliceId, bobId)
    const { text, reactions } = await one(alice, bobId, first)
    assert.equal(text, 'two')
    assert.equal(reactions.length, 2)
  })

  // -- what a contact may try

  it('of what a contact did not write, or that is in another conversation, have no effect', async () => {
    const relays = [await people.world.relay()]
    const alice = await people.person('Alice', relays)
    const carol = await people.person('Carol', relays)
    const { mallory, forge } = await forger(relays)
    const { bobId: malloryId, aliceId } = await introduce(alice, mallory)
    const { bobId: carolId } = await introduce(alice, carol)
    const own = await say(alice, malloryId, 'I owe you 5')
    const word = await say(alice, carolId, 'a word to Carol')
    await forge(aliceId, async at => { await mallory.react({ ...at, emoji: '🎉' }) }, own)
    await forge(aliceId, async at => { await mallory.react({ ...at, emoji: '👍' }) }, word)
    for (const messageId of [own, word]) {
      await forge(aliceId, async at => { await mallory.edit({ ...at, text: 'I owe you 500' }) }, messageId)
      await forge(aliceId, async at => { await mallory.deleteMessage({ ...at, forEveryone: true }) }, messageId)
    }
    const look = async (contactId: string): Promise<unknown> => (await alice.messages({ with: contactId }))
      .filter(message => message.own).map(({ text, deleted, editedAt, reactions }) => [text, deleted, editedAt, reactions])
    assert.deepEqual(await look(malloryId), [['I owe you 5', false, undefined, [{ emoji: '🎉', own: false }]]], 'only what he may say is heard')
    assert.deepEqual(await look(carolId), [['a word to Carol', false, undefined, []]])
    assert.deepEqual(told(alice), ['I owe you 5 [🎉] '])
  })

  it('by a thief of the contact\'s key leave what the contact wrote as it was', async () => {
    const relays = [await people.world.relay()]
    const burglary = new Burglary()
    const alice = await people.person('Alice', relays)
    const bob = await people.person('Bob', relays, { bend: burglary.bend })
    const { bobId, aliceId } = await introduce(alice, bob)
    const debt = await say(bob, aliceId, 'you owe me 5')
    let victim: Uint8Array | undefined
    const mallory = await thief(people, relays, burglary.record!, { bend: ports => ({ ...ports, store: deluded(ports.store, () => victim) }) })
    const { contactId } = await mallory.addContact({ invite: (await alice.createInvite({ reusable: true })).invite })
    await mallory.sendText({ to: contactId, text: 'it is me, Bob' })
    await eventually(() => texts(alice).includes('it is me, Bob'), 'the message of the thief')
    victim = parseAccountId(contactId)
    await mallory.edit({ with: contactId, messageId: debt, text: 'you owe me 500' })
    await mallory.react({ with: contactId, messageId: debt, emoji: '🎉' })
    await mallory.deleteMessage({ with: contactId, messageId: debt, forEveryone: true })
    victim = undefined
    await mallory.sendText({ to: contactId, text: 'and on' })
    await eventually(() => texts(alice).includes('and on'), 'what came after')
    const { text, reactions, deleted, editedAt } = await one(alice, bobId, debt)
    assert.deepEqual([text, reactions, deleted, editedAt], ['you owe me 5', [], false, undefined])
  })

  it('by a device that was set back come through under their new numbers', async () => {
    const couple = await Couple.meet(people, { relays: [await people.world.relay()] })
    const { alice, bob } = couple
    const first = await alice.say('one')
    const second = await alice.say('a mistake')
    await couple.settled()
    const copy = await alice.copy()
    await alice.person.edit({ with: alice.otherId, messageId: first, text: 'two' })
    await alice.person.react({ with: alice.otherId, messageId: first, emoji: '👍' })
    await same(alice.person, bob.person, bob.otherId, alice.otherId)
    await alice.putBack(copy)
    await alice.person.deleteMessage({ with: alice.otherId, messageId: second, forEveryone: true })
    await alice.person.edit({ with: alice.otherId, messageId: first, text: 'three' })
    await alice.person.react({ with: alice.otherId, messageId: first, emoji: '🎉' })
    await alice.say('on')
    await couple.settled()
    await same(alice.person, bob.person, bob.otherId, alice.otherId)
    const { text, reactions } = await one(bob.person, bob.otherId, first)
    assert.deepEqual([text, reactions], ['three', [{ emoji: '🎉', own: false }]])
    assert.equal((await one(bob.person, bob.otherId, second)).deleted, true)
  })

  it('of messages that never come take no more than a few rows', async () => {
    const relays = [await people.world.relay()]
    const rows = new Map<string, Buffer>()
    const alice = await people.person('Alice', relays, { bend: ports => ({ ...ports, store: watch(ports.store, rows) }) })
    const { mallory, forge } = await forger(relays)
    const { bobId: malloryId, aliceId } = await introduce(alice, mallory)
    const held = (): number => [...rows.keys()].filter(name => name.startsWith('annotation')).length
    for (let i = 0; i < 40; i++) {
      await forge(aliceId, async at => { await mallory.edit({ ...at, text: 'x'.repeat(100) }) }, (i + 1).toString(16).padStart(32, '0'))
    }
    assert.equal(held(), 32)
    await alice.removeContact(malloryId)
    assert.equal(held(), 0)
  })

  /** Someone whose engine takes every message for his own, so that it says whatever he wants. */
  async function forger (relays: WorldRelay[]): Promise<{
    mallory: Person, forge: (to: string, say: (at: { with: string, messageId: string }) => Promise<void>, messageId: string) => Promise<void>
  }> {
    let victim: Uint8Array | undefined
    const mallory = await people.person('Mallory', relays, { bend: ports => ({ ...ports, store: deluded(ports.store, () => victim) }) })
    return {
      mallory,
      async forge (to, run, messageId) {
        victim = parseAccountId(to)
        await run({ with: to, messageId })
        victim = undefined
        await say(mallory, to, 'and on')
      }
    }
  }

  // -- order

  for (const round of [1, 2, 3, 4]) {
    it(`in any order of arrival look the same at both ends (${round})`, async () => {
      const draw = randomOf(`${people.seed} ${round}`)
      const held: DepositRequest[] = []
      let isHolding = false
      const relay = await people.world.relay({}, store => holding(store, request => {
        if (isHolding) held.push(request)
        return isHolding
      }))
      const alice = await people.person('Alice', [relay], { bend: withoutDirect })
      const bob = await people.person('Bob', [relay], { bend: withoutDirect })
      const { bobId, aliceId } = await introduce(alice, bob)
      for (let turn = 0; turn < 2; turn++) {
        isHolding = true
        for (let i = 0; i < 8; i++) {
          await act(draw, alice, bobId)
          await act(draw, bob, aliceId)
        }
        await after(300)
        isHolding = false
        await feed(relay, shuffled(draw, held.splice(0)))
        await same(alice, bob, aliceId, bobId)
      }
    })
  }

  it('that come before their message are put into effect when it comes, also after a restart', async () => {
    const held: DepositRequest[] = []
    let isHolding = false
    const relay = await people.world.relay({}, store => holding(store, request => {
      if (isHolding) held.push(request)
      return isHolding
    }))
    const profile = people.world.profile()
    const alice = await people.person('Alice', [relay], { bend: withoutDirect })
    let bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    const { bobId, aliceId } = await introduce(alice, bob)
    isHolding = true
    const { messageId: edited } = await alice.sendText({ to: bobId, text: 'one' })
    const { messageId: deleted } = await alice.sendText({ to: bobId, text: 'gone' })
    await eventually(() => held.length === 2, 'they wait')
    isHolding = false
    await alice.edit({ with: bobId, messageId: edited, text: 'two' })
    await alice.react({ with: bobId, messageId: edited, emoji: '👍' })
    await alice.deleteMessage({ with: bobId, messageId: deleted, forEveryone: true })
    await say(alice, bobId, 'after')
    assert.deepEqual(texts(bob), ['after'])
    assert.equal((await bob.messages({ with: aliceId }))[0]!.missingBefore, 2)
    await bob.stop()
    bob = await people.person('Bob', [relay], { profile, bend: withoutDirect })
    await feed(relay, held)
    await same(alice, bob, aliceId, bobId)
    assert.deepEqual(texts(bob), ['two'], 'the text that was deleted is not told')
    assert.equal(bob.contacts()[0]!.unread, 2)
    await eventually(() => told(bob).length === 2, 'what was said of them is told')
    assert.deepEqual(told(bob).sort(), [' [] deleted', 'two [👍] edited'])
  })
})

/** Every message is this account's own, in the conversation with `victim`. */
function deluded (store: Store, victim: () => Uint8Array | undefined): Store {
  return over(store, {
    async follow (table, keys) {
      const found = await store.follow(table, keys)
      const account = victim()
      return found.map((entry, i) => account === undefined || keys[i]!.length !== 16
        ? entry
        : {
            key: concat(account, new Uint8Array(24), keys[i]!),
            value: MessageRecord.encode({ id: keys[i]!, own: true, counter: 1, kind: 1, payload: Text.encode({ text: 'said so' }) })
          })
    }
  })
}

/** Notes what is written: by table and key, what lies there. */
function watch (store: Store, rows: Map<string, Buffer>): Store {
  return over(store, {
    async batch (writes, options) {
      await store.batch(writes, options)
      for (const { table, key, value } of writes) {
        const name = `${table} ${toHex(key)}`
        if (value === undefined) rows.delete(name)
        else rows.set(name, Buffer.from(value))
      }
    }
  })
}

function over<T extends object> (of: T, methods: Partial<T>): T {
  return new Proxy(of, {
    get: (target, name) => {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) as unknown : value
    }
  })
}

/** Numbers that were given to contents. */
function countersIn (rows: Map<string, Buffer>): number {
  const [, conversation] = [...rows].find(([name]) => name.startsWith('conversation'))!
  return ConversationRecord.decode(conversation).counter
}

function withoutDirect (ports: Ports): Ports {
  return { ...ports, network: async seed => ({ ...await ports.network(seed), addresses: () => [] }) }
}

/** A relay that says 'stored' of what it keeps back. */
function holding (store: MailboxStore, isHeld: (request: DepositRequest) => boolean): MailboxStore {
  return over(store, {
    deposit: async request => isHeld(request)
      ? { status: 'stored', until: Date.now() + 1e9, mailbox: new Uint8Array(32) }
      : await store.deposit(request)
  })
}

/** Hands out what was kept back, in this order. */
async function feed (relay: WorldRelay, requests: DepositRequest[]): Promise<void> {
  relay.stop()
  for (const request of requests) assert.notEqual((await relay.store.deposit(request)).status, 'refused')
  relay.start()
}

/** Something that a person does with a message that is there. */
async function act (draw: (below: number) => number, who: Person, contactId: string): Promise<void> {
  const messages = await who.messages({ with: contactId })
  const target = messages[draw(messages.length)]
  const own = messages.filter((message) => message.own && !message.deleted)
  const mine = own[draw(own.length)]
  const at = (message: MessageView): { with: string, messageId: string } => ({ with: contactId, messageId: message.messageId })
  const action = draw(8)
  if (action < 2 && mine !== undefined) await who.edit({ ...at(mine), text: `edit ${draw(1000)}` })
  else if (action < 3 && mine !== undefined) await who.deleteMessage({ ...at(mine), forEveryone: true })
  else if (action < 6 && target?.deleted === false) await who.react({ ...at(target), emoji: ['👍', '🎉', undefined][draw(3)] })
  else await who.sendText({ to: contactId, text: `text ${draw(1000)}`, replyTo: target?.messageId })
}

function randomOf (seed: string): (below: number) => number {
  const random = seededRandom(seed)
  return below => below === 0 ? 0 : random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) % below
}

function shuffled<T> (draw: (below: number) => number, list: T[]): T[] {
  return list.map((one) => ({ one, at: draw(1e6) })).sort((a, b) => a.at - b.at).map(({ one }) => one)
}

/** Everything that either wrote is at both, and looks the same. */
async function same (alice: Person, bob: Person, aliceId: string, bobId: string): Promise<void> {
  const look = async (of: Person, contactId: string, name: string): Promise<string[]> =>
    (await of.messages({ with: contactId, limit: 1000 })).map(({ messageId, own, text, deleted, replyTo, editedAt, reactions }) => [
      messageId.slice(0, 6), own === (name === 'alice'), text, deleted, replyTo?.slice(0, 6), editedAt,
      reactions.map((reaction) => `${reaction.emoji} ${reaction.own === (name === 'alice')}`).sort()
    ].join(' ')).sort()
  let looks: [string[], string[]] = [[], []]
  await eventually(async () => {
    looks = [await look(alice, bobId, 'alice'), await look(bob, aliceId, 'bob')]
    return looks[0].join('\n') === looks[1].join('\n')
  }, 'both see the same').catch(() => { assert.deepEqual(looks[0], looks[1]) })
}

async function one (of: Person, contactId: string, messageId: string): Promise<MessageView> {
  return (await of.messages({ with: contactId, limit: 1000 })).find((message) => message.messageId === messageId) ?? assert.fail('it is not here')
}

/** Every view that was told as changed. */
function told (of: Person): string[] {
  return of.received.flatMap((notification: Notification) => {
    if (notification.type !== 'message.changed') return []
    const { text, reactions, editedAt, deleted } = notification.message
    return [`${text} [${reactions.map(({ emoji }) => emoji).join(' ')}] ${deleted ? 'deleted' : editedAt === undefined ? '' : 'edited'}`]
  })
}
