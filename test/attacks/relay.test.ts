/** What relays and strangers get of people who talk. The numbers are those of docs/threat-model.md. */
import assert from 'node:assert/strict'
import { concat, toHex } from '../../protocol/bytes.ts'
import { StoreError } from '../../protocol/errors.ts'
import type { Store } from '../../node/core/ports.ts'
import type { DepositRequest, MailboxStore } from '../../relay/core/ports.ts'
import { countingSuite } from '../support/counting-suite.ts'
import { native } from '../support/parties.ts'
import { delivered, introduce, pause, People, stateOf, texts } from '../support/people.ts'
import { runsOf, watching } from '../support/seen-by-relay.ts'
import type { Seen } from '../support/seen-by-relay.ts'
import { eventually, SmallWorld } from '../support/small-world.ts'
import type { Profile, WorldRelay } from '../support/small-world.ts'

describe('attacks by relays and strangers', function () {
  this.timeout(60_000)
  let people: People

  beforeEach(function () { people = new People(this.currentTest?.title ?? '') })
  afterEach(async function () { await people.end(this.currentTest?.state === 'failed') })

  it('S04: an envelope that a relay hands out again, or a second relay as well, is shown once, also after a restart', async () => {
    // This relay forgets no envelope, whatever is acked, and begins anew with each subscription.
    const hoarding = (store: MailboxStore): MailboxStore => new Proxy(store, {
      get: (target, name) => {
        if (name === 'ackThrough') return async () => 0
        if (name === 'page') {
          return async (mailbox: Uint8Array, options: Parameters<MailboxStore['page']>[1]) =>
            await target.page(mailbox, { ...options, after: undefined })
        }
        const method = target[name as keyof MailboxStore] as () => unknown
        return method.bind(target)
      }
    })
    const relays = [await people.world.relay({}, hoarding), await people.world.relay()]
    const profile = people.world.profile()
    const alice = await people.person('Alice', relays)
    let bob = await people.person('Bob', relays, { profile })
    const { bobId, aliceId } = await introduce(alice, bob)
    await bob.stop(0)
    for (const text of ['one', 'two']) await alice.sendText({ to: bobId, text })
    for (let life = 0; life < 3; life++) {
      bob = await people.person('Bob', relays, { profile })
      await eventually(async () => (await bob.messages({ with: aliceId })).length >= 2, 'both are there')
      await pause(200)
      assert.deepEqual((await bob.messages({ with: aliceId })).map((one) => one.text), ['one', 'two'])
      assert.ok(texts(bob).length <= 2)
      await bob.stop(0)
    }
  })

  it('S22: a stranger learns neither that his message came nor that it was read, until he is accepted', async () => {
    const relays = [await people.world.relay()]
    const bob = await people.person('Bob', relays)
    const mallory = await people.person('Mallory', relays)
    const { invite } = await bob.createInvite({ reusable: true })
    const { contactId } = await mallory.addContact({ invite })
    const sent = await mallory.sendText({ to: contactId, text: 'are you there?' })
    await eventually(() => bob.contacts()[0]?.state === 'request', 'a request')
    const stranger = bob.contacts()[0]!.contactId
    const [shown] = await bob.messages({ with: stranger })
    await bob.markRead({ with: stranger, upTo: shown!.messageId })
    await pause(800)
    assert.equal(await stateOf(mallory, sent.messageId), 'stored')
    assert.ok(!mallory.received.some((one) => one.type === 'message.received'))
    await bob.acceptContact(stranger)
    await delivered(mallory, sent.messageId)
  })

  /** Bob with two relays, and Alice with another, who writes to him while he is away; and what each relay was told. */
  async function watched (): Promise<Seen[]> {
    const seen: Seen[] = [0, 1, 2].map(() => ({ bytes: [], published: [], calls: [] }))
    const relays = await Promise.all(seen.map(async (one) => await people.world.relay({}, watching(one))))
    const [first, second, ofAlice] = relays as [WorldRelay, WorldRelay, WorldRelay]
    const alice = await people.person('Alice', [ofAlice])
    const bob = await people.person('Bob', [first, second])
    const { bobId } = await introduce(alice, bob)
    await bob.stop(0)
    for (let i = 0; i < 5; i++) await alice.sendText({ to: bobId, text: `${i} `.repeat(200) })
    await eventually(() => seen.slice(0, 2).every((one) => one.calls.filter((call) => call === 'deposit').length >= 2), 'copies at both')
    await pause(300)
    return seen
  }

  it('S27: mailboxes of one person, and of two who talk, share no bytes that their relays could compare', async () => {
    const seen = await watched()
    const runs = seen.map((one) => runsOf(one.bytes, 12))
    for (const one of runs) assert.ok(one.size > 40, 'something was seen')
    for (const [i, j] of [[0, 1], [0, 2], [1, 2]] as const) {
      assert.deepEqual([...runs[i]!].filter((run) => runs[j]!.has(run)), [], `relays ${i} and ${j}`)
    }
    // The same search, over what one relay was told twice.
    assert.ok([...runsOf(seen[0]!.bytes.slice(0, 5), 12)].some((run) => runs[0]!.has(run)))
  })

  it('S27: two relays that compare notes can tell that they serve one account, which neither knows', async () => {
    const [first, second, ofAlice] = await watched()
    const common = (one: Seen, other: Seen): Uint8Array[] =>
      one.published.filter((bytes) => other.published.some((same) => toHex(same) === toHex(bytes)))
    assert.ok(common(first!, second!).length > 0, 'what is published is the same at both')
    assert.deepEqual(common(first!, ofAlice!), [])
  })

  it('S33: the logs of two people and their relay hold no secret, at any level', async () => {
    const secrets = new Set<string>()
    const { suite } = countingSuite(native, (bytes) => { if (bytes.length >= 16) secrets.add(toHex(bytes)) })
    const world = new SmallWorld({ seed: `${people.seed} logs`, suite })
    const relay = await world.relay()
    const open = async (name: string): Promise<Awaited<ReturnType<SmallWorld['open']>>> => {
      const one = await world.open(world.profile())
      await one.createAccount({ name, relays: [relay.address] })
      await one.start()
      return one
    }
    const [alice, bob] = [await open('Alice'), await open('Bob')]
    try {
      const { bobId } = await introduce(alice, bob)
      await delivered(alice, (await alice.sendText({ to: bobId, text: 'a text for the log' })).messageId)
      relay.stop()
      await pause(100)
      const log = JSON.stringify(world.log.lines)
      assert.ok(secrets.size > 100)
      assert.ok(world.log.lines.length > 0, 'something was logged')
      for (const secret of secrets) assert.ok(!log.includes(secret))
      assert.ok(!log.includes('a text for the log') && !log.includes('Alice'))
    } finally {
      await Promise.all([alice.stop(0), bob.stop(0)])
      world.end()
    }
  })
})

/**
 * Bodies that left a device, by the message key that sealed them: of two for one key the recipient
 * reads one only. (Key and nonce differ even then: attacks/session.test.ts.)
 */
class SealWatch {
  readonly suite: typeof native
  readonly #sealed = new Map<string, { key: string, plaintext: Uint8Array }>()
  readonly #left = new Map<string, Set<string>>()
  /** By what was expanded from them. */
  readonly #messageKeys = new Map<string, string>()

  constructor () {
    this.suite = {
      ...native,
      expand: (prk, info, length) => {
        const okm = native.expand(prk, info, length)
        this.#messageKeys.set(toHex(okm), toHex(prk))
        return okm
      },
      seal: (key, nonce, plaintext, aad) => {
        const bytes = native.seal(key, nonce, plaintext, aad)
        const expanded = toHex(concat(key, nonce))
        const messageKey = this.#messageKeys.get(expanded) ?? expanded
        this.#sealed.set(toHex(bytes.subarray(-16)), { key: messageKey, plaintext: plaintext.slice() })
        return bytes
      }
    }
  }

  left ({ envelope }: DepositRequest): void {
    const outer = this.#sealed.get(toHex(envelope.subarray(-16)))!
    const body = toHex(outer.plaintext.subarray(-16))
    const { key } = this.#sealed.get(body)!
    const bodies = this.#left.get(key) ?? new Set()
    bodies.add(body)
    this.#left.set(key, bodies)
  }

  get keys (): number { return this.#left.size }
  get reused (): number { return [...this.#left.values()].filter((bodies) => bodies.size > 1).length }
}

describe('attacks by way of a state that came back', function () {
  this.timeout(120_000)

  /** Alice writes to Bob, who is away, and her disk ends a life at its commit `failAt`. How often a key was used twice. */
  async function lives (failAt: number, how: 'crash before' | 'crash after' | 'roll back'): Promise<{ watch: SealWatch, failed: boolean }> {
    const watch = new SealWatch()
    const world = new SmallWorld({ seed: `S26 ${how} ${failAt}`, suite: watch.suite })
    const relay = await world.relay({}, (store) => new Proxy(store, {
      get: (target, name) => {
        if (name === 'deposit') {
          return async (request: DepositRequest) => {
            watch.left(request)
            return await target.deposit(request)
          }
        }
        return (target[name as keyof MailboxStore] as () => unknown).bind(target)
      }
    }))
    const bob = await world.open(world.profile())
    await bob.createAccount({ name: 'Bob', relays: [relay.address] })
    await bob.start()
    await eventually(() => bob.connections().some((one) => one.state === 'connected'), 'connected')
    const { invite } = await bob.createInvite({})
    await bob.stop(0)
    const profile: Profile = world.profile()
    const first = await world.open(profile)
    await first.createAccount({ name: 'Alice', relays: [relay.address] })
    await first.start()
    const { contactId } = await first.addContact({ invite })
    await first.sendText({ to: contactId, text: 'first' })
    await eventually(() => watch.keys > 0, 'the first is stored')
    await first.stop(0)
    let commits = 0
    let failed = false
    const failing = (store: Store): Store => new Proxy(store, {
      get: (target, name) => {
        if (name !== 'batch') return (target[name as keyof Store] as () => unknown).bind(target)
        return async (...args: Parameters<Store['batch']>) => {
          if (++commits < failAt) {
            await target.batch(...args)
            return
          }
          failed = true
          if (how === 'crash after' && commits === failAt) await target.batch(...args)
          // A disk that is put back to what it was keeps nothing of this, and says that it did.
          if (how !== 'roll back') throw new StoreError('STORE_FAILED')
        }
      }
    })
    for (const [life, wrap] of [failing, (store: Store) => store].entries()) {
      const alice = await world.open(profile, wrap)
      await alice.start().catch(() => { /* The disk has failed already: that is the case at hand. */ })
      const sent: string[] = []
      for (let i = 0; i < 3; i++) {
        await alice.sendText({ to: contactId, text: `life ${life}, message ${i}` })
          .then(({ messageId }) => sent.push(messageId), () => { /* The same. */ })
        // The first life ends by its disk; the second has nothing against it.
        if (life === 0) await pause(15)
        else await eventually(async () => await stateOf(alice, sent.at(-1)!) === 'stored', 'stored')
      }
      if (life === 0) await pause(60)
      await alice.stop(0).catch(() => { /* The same. */ })
    }
    world.end()
    return { watch, failed }
  }

  it('S26: a crash at any commit between the step of a ratchet and its message seals nothing twice under one key', async () => {
    let crashes = 0
    for (const how of ['crash before', 'crash after'] as const) {
      for (let failAt = 1; failAt <= 8; failAt++) {
        const { watch, failed } = await lives(failAt, how)
        if (failed) crashes++
        assert.equal(watch.reused, 0, `${how} commit ${failAt}`)
        assert.ok(watch.keys >= 4, `${watch.keys} messages left in all`)
      }
    }
    assert.ok(crashes >= 6, `${crashes} crashes`)
    // What the watch would see if a state did come back.
    assert.ok((await lives(1, 'roll back')).watch.reused > 0, 'control')
  })
})
