import assert from 'node:assert/strict'
import { codeOf, RestanteError, StoreError } from '../../../protocol/errors.ts'
import type { FrameBody } from '../../../protocol/channel.ts'
import { nobleSuite } from '../../../protocol/suites/noble.ts'
import type { Answer } from '../../../protocol/wire/restante.js'
import { mailboxLimitsDefault } from '../../../relay/core/limits.ts'
import type { RelayLimits } from '../../../relay/core/limits.ts'
import type { Discovery, MailboxLimits, MailboxStore } from '../../../relay/core/ports.ts'
import { Relay } from '../../../relay/core/relay.ts'
import { memoryMailboxStore } from '../../../relay/store/memory-mailbox-store.ts'
import { memoryStreams } from '../../support/byte-streams.ts'
import type { MemoryStream } from '../../support/byte-streams.ts'
import { record, slot } from '../../support/descriptors.ts'
import { keptLog } from '../../support/kept-log.ts'
import type { KeptLog } from '../../support/kept-log.ts'
import { MailboxClient, envelopeIndex, testEnvelope, testGrant, testOwner } from '../../support/mailbox-client.ts'
import { manualClock, settled } from '../../support/manual-clock.ts'
import type { ManualClock } from '../../support/manual-clock.ts'
import { seededRandom } from '../../support/seeded-random.ts'

interface World {
  clock: ManualClock
  relay: Relay
  store: MailboxStore
  log: KeptLog
  failures: StoreError[]
  connect: (o?: { peer?: number, origin?: string, greet?: boolean }) => Promise<{
    client: MailboxClient, stream: MemoryStream
  }>
}

const relayKey = new Uint8Array(32).fill(200)
const peerKeyOf = (peer: number): Uint8Array => new Uint8Array(32).fill(peer)
const owner = testOwner(new Uint8Array(32).fill(1))
const stranger = testOwner(new Uint8Array(32).fill(2))

async function world (o: {
  limits?: Partial<RelayLimits>, mailboxLimits?: Partial<MailboxLimits>, discovery?: Discovery
  store?: (store: MailboxStore) => MailboxStore
} = {}): Promise<World> {
  const clock = manualClock()
  const log = keptLog()
  const failures: StoreError[] = []
  const limits = { ...mailboxLimitsDefault, ...o.mailboxLimits }
  const kept = memoryMailboxStore({ clock, suite: nobleSuite, limits })
  await kept.open()
  const store = o.store?.(kept) ?? kept
  const random = seededRandom('relay')
  const relay = new Relay({ store, discovery: o.discovery, clock, random, log, suite: nobleSuite, peerKey: relayKey }, {
    limits: o.limits ?? {},
    mailboxLimits: limits,
    onFailure: (error) => { failures.push(error) }
  })
  return {
    clock,
    relay,
    store,
    log,
    failures,
    async connect ({ peer = 1, origin = '10.0.0', greet = true } = {}) {
      const [mine, theirs] = memoryStreams()
      const clientKey = peerKeyOf(peer)
      const client = new MailboxClient({ stream: mine, clock, clientKey, relayKey })
      relay.accept({ peerKey: clientKey, origin, stream: theirs })
      if (greet) await client.hello()
      return { client, stream: mine }
    }
  }
}

/** A mailbox of `owner` with address 0 open, and the stream that owns it. */
async function withMailbox (w: World): Promise<MailboxClient> {
  const { client } = await w.connect()
  await client.createMailbox(owner)
  await client.openAddress(owner, testGrant(0))
  return client
}

/** The same store with one method replaced. */
function withMethod<Name extends keyof MailboxStore> (
  store: MailboxStore, name: Name, method: MailboxStore[Name]
): MailboxStore {
  return new Proxy(store, {
    get: (target, asked) => asked === name
      ? method
      : (target[asked as keyof MailboxStore] as () => unknown).bind(target)
  })
}

async function refused (answer: Promise<Answer>, code: string): Promise<RestanteError & { retryAfterMs?: number }> {
  let error: unknown
  await answer.then(() => { assert.fail(`no refusal, ${code} expected`) }, (reason: unknown) => { error = reason })
  assert.ok(error instanceof RestanteError)
  assert.equal(error.code, code)
  return error
}

describe('a stream to a relay', () => {
  it('is greeted with version, limits and a fresh nonce', async () => {
    const w = await world()
    const [one, two] = [await w.connect(), await w.connect()]
    const hello = await (await w.connect({ greet: false })).client.hello()
    assert.equal(hello.version, 1)
    assert.equal(hello.relay, true)
    assert.equal(hello.envelopeBytesMax, 65536)
    assert.equal(hello.retentionMs, mailboxLimitsDefault.retentionMs)
    assert.equal(hello.workBits, 0)
    assert.notDeepEqual(one.client.relayNonce, two.client.relayNonce)
  })

  it('is refused a version that is not spoken here, and may greet again', async () => {
    const w = await world()
    const { client } = await w.connect({ greet: false })
    await refused(client.channel.request({ hello: { versions: [2, 9], nonce: client.nonce } }), 'UNSUPPORTED')
    assert.equal((await client.hello()).version, 1)
  })

  it('is closed for a request before the greeting, a second greeting, and a short nonce', async () => {
    const w = await world()
    const cases: Array<{ greet: boolean, body: FrameBody, code: string }> = [
      { greet: false, body: { ping: {} }, code: 'UNEXPECTED_FRAME' },
      { greet: true, body: { hello: { versions: [1], nonce: new Uint8Array(32) } }, code: 'UNEXPECTED_FRAME' },
      { greet: false, body: { hello: { versions: [1], nonce: new Uint8Array(31) } }, code: 'MALFORMED' }
    ]
    for (const { greet, body, code } of cases) {
      const { client } = await w.connect({ greet })
      await refused(client.channel.request(body), 'DISCONNECTED')
      assert.deepEqual(w.log.lines.at(-1), { level: 'info', event: 'streamRefused', fields: { code } })
    }
    assert.equal(w.relay.links, 0)
  })

  it('is closed for fields of the wrong length', async () => {
    const w = await world()
    const short = new Uint8Array(31)
    const right = new Uint8Array(32)
    const bodies: FrameBody[] = [
      { deposit: { address: short, envelope: testEnvelope(1) } },
      { openAddress: { mailbox: short, addressHash: right, envelopesMax: 0, expiresAt: 0 } },
      { openAddress: { mailbox: right, addressHash: short, envelopesMax: 0, expiresAt: 0 } },
      { closeAddress: { mailbox: right, addressHash: short } },
      { ack: { mailbox: right, through: new Uint8Array(33) } },
      { usage: { mailbox: short } },
      { takePrekey: { location: short } },
      { lookup: { slot: short } },
      { deleteMailbox: { mailbox: short } },
      { createMailbox: { proof: undefined, work: short } },
      { createMailbox: { proof: { owner: short, signature: new Uint8Array(64) }, work: short } },
      { subscribe: { proof: { owner: right, signature: short }, after: new Uint8Array(0), credit: 1 } },
      { publishBundle: { mailbox: right, location: short, sealed: right, oneTime: false, expiresAt: 0 } }
    ]
    for (const body of bodies) {
      const { client } = await w.connect()
      await refused(client.channel.request(body), 'DISCONNECTED')
    }
    assert.equal(w.relay.links, 0)
  })

  it('is dropped without a greeting in 10 s, and after three minutes without a request', async () => {
    const w = await world()
    const silent = await w.connect({ greet: false })
    const idle = await w.connect()
    const lively = await w.connect()
    await w.clock.advance(10_001)
    assert.ok(silent.client.isClosed)
    for (let minute = 0; minute < 5; minute++) {
      await Promise.all([lively.client.channel.request({ ping: {} }), w.clock.advance(1)])
      await w.clock.advance(60_000)
    }
    assert.ok(idle.client.isClosed)
    assert.ok(!lively.client.isClosed)
  })

  it('is refused where a peer, an origin or the relay has too many', async () => {
    const w = await world({ limits: { linksMax: 6, linksPerPeerMax: 2, linksPerOriginMax: 4 } })
    const isTaken = async (peer: number, origin: string): Promise<boolean> => {
      const { client } = await w.connect({ peer, origin, greet: false })
      await settled()
      return !client.isClosed
    }
    const taken = []
    const arrivals = ['1a', '1a', '1a', '2a', '3a', '4a', '5b', '6b', '7b']
    for (const [peer, origin] of arrivals) taken.push(await isTaken(Number(peer), origin ?? ''))
    assert.deepEqual(taken, [true, true, false, true, true, false, true, true, false])
    assert.equal(w.relay.links, 6)
  })
})

describe('ownership of a mailbox', () => {
  it('is proved once on a stream, and only there', async () => {
    const w = await world()
    const client = await withMailbox(w)
    assert.equal((await client.createMailbox(owner)).duplicate, true)
    const other = await w.connect({ peer: 2 })
    await refused(other.client.openAddress(owner, testGrant(1)), 'NOT_OWNER')
    await refused(other.client.channel.request({ usage: { mailbox: owner.mailbox } }), 'NOT_OWNER')
  })

  it('is not proved by what was signed for another stream, peer or relay', async () => {
    const w = await world()
    const client = await withMailbox(w)
    const proof = client.proof(owner)
    const [sameePeer, otherPeer] = [await w.connect(), await w.connect({ peer: 2 })]
    for (const { client: thief } of [sameePeer, otherPeer]) {
      await refused(thief.channel.request({ subscribe: { proof, after: new Uint8Array(0), credit: 1 } }), 'NOT_OWNER')
    }
    const elsewhere = await world()
    const { client: there } = await elsewhere.connect()
    await refused(there.channel.request({ createMailbox: { proof, work: new Uint8Array(0) } }), 'NOT_OWNER')
  })

  it('is not proved by a signature of somebody else', async () => {
    const w = await world()
    const { client } = await w.connect()
    const proof = { owner: owner.key.publicKey, signature: client.proof(stranger).signature }
    await refused(client.channel.request({ createMailbox: { proof, work: new Uint8Array(0) } }), 'NOT_OWNER')
    assert.equal(await w.store.hasMailbox(owner.mailbox), false)
  })

  it('is needed for everything that touches a mailbox', async () => {
    const w = await world()
    await withMailbox(w)
    const { client } = await w.connect({ peer: 2 })
    const { mailbox } = owner
    const bodies: FrameBody[] = [
      { closeAddress: { mailbox, addressHash: testGrant(0).addressHash } },
      { ack: { mailbox, through: new Uint8Array(8) } },
      { publishBundle: { mailbox, location: mailbox, sealed: mailbox, oneTime: false, expiresAt: 0 } },
      { deleteMailbox: { mailbox } }
    ]
    for (const body of bodies) await refused(client.channel.request(body), 'NOT_OWNER')
    assert.equal((await client.deposit(testGrant(0), testEnvelope(1))).duplicate, false)
  })

  it('of more mailboxes than one stream may own is refused', async () => {
    const w = await world({ limits: { mailboxesPerLinkMax: 2 } })
    const { client } = await w.connect()
    for (const seed of [10, 11]) await client.createMailbox(testOwner(new Uint8Array(32).fill(seed)))
    await refused(client.createMailbox(testOwner(new Uint8Array(32).fill(12))), 'QUOTA')
  })
})

describe('a deposit at a relay', () => {
  it('is stored until a date, and the same again is a duplicate', async () => {
    const w = await world()
    const client = await withMailbox(w)
    const first = await client.deposit(testGrant(0), testEnvelope(1))
    assert.equal(first.until, w.clock.now() + mailboxLimitsDefault.retentionMs)
    assert.equal(first.duplicate, false)
    const again = await client.deposit(testGrant(0), testEnvelope(1))
    assert.deepEqual([again.duplicate, again.until], [true, first.until])
    const { usage } = await client.channel.request({ usage: { mailbox: owner.mailbox } })
    assert.deepEqual([usage?.envelopes, usage?.bytes, usage?.addresses], [1, 1024, 1])
    assert.equal(usage?.bytesMax, mailboxLimitsDefault.mailboxBytesMax)
  })

  it('is refused by its size, its address, and the room that is left', async () => {
    const w = await world({ mailboxLimits: { mailboxEnvelopesMax: 2 } })
    const client = await withMailbox(w)
    await client.openAddress(owner, testGrant(1), 1)
    await client.openAddress(owner, testGrant(2), 0, w.clock.now() + 1000)
    await refused(client.deposit(testGrant(0), new Uint8Array(65537)), 'TOO_LARGE')
    await refused(client.deposit(testGrant(0), new Uint8Array(1000)), 'BAD_REQUEST')
    await refused(client.deposit(testGrant(0), new Uint8Array(0)), 'BAD_REQUEST')
    await refused(client.deposit(testGrant(9), testEnvelope(1)), 'UNKNOWN_ADDRESS')
    await client.deposit(testGrant(1), testEnvelope(1))
    await refused(client.deposit(testGrant(1), testEnvelope(2)), 'QUOTA')
    await client.deposit(testGrant(0), testEnvelope(3))
    await refused(client.deposit(testGrant(0), testEnvelope(4)), 'QUOTA')
    await w.clock.advance(1001)
    const code = await client.deposit(testGrant(2), testEnvelope(5)).catch(codeOf)
    assert.ok(code === 'EXPIRED' || code === 'UNKNOWN_ADDRESS')
  })

  it('is refused after its address was closed, and others still come in', async () => {
    const w = await world()
    const client = await withMailbox(w)
    await client.openAddress(owner, testGrant(1))
    await client.channel.request({ closeAddress: { mailbox: owner.mailbox, addressHash: testGrant(0).addressHash } })
    await refused(client.deposit(testGrant(0), testEnvelope(1)), 'UNKNOWN_ADDRESS')
    await client.deposit(testGrant(1), testEnvelope(1))
  })

  it('is refused BUSY where too many wait for the disk, and taken later', async () => {
    const waiting: Array<() => void> = []
    const w = await world({
      limits: { pendingDepositBytesMax: 4096 },
      store: (store) => withMethod(store, 'deposit', async (request) => {
        await new Promise<void>((resolve) => { waiting.push(resolve) })
        return await store.deposit(request)
      })
    })
    const client = await withMailbox(w)
    const taken = [1, 2, 3, 4].map(async index => await client.deposit(testGrant(0), testEnvelope(index)))
    const error = await refused(client.deposit(testGrant(0), testEnvelope(5)), 'BUSY')
    assert.ok((error.retryAfterMs ?? 0) >= 500)
    for (const go of waiting) go()
    await Promise.all(taken)
    const later = client.deposit(testGrant(0), testEnvelope(5))
    await settled()
    for (const go of waiting) go()
    assert.equal((await later).duplicate, false)
  })

  it('is refused BUSY to one stream that fills the queue, and taken from others', async () => {
    const waiting: Array<() => void> = []
    const w = await world({
      limits: { pendingDepositBytesPerLinkMax: 2048 },
      store: (store) => withMethod(store, 'deposit', async (request) => {
        await new Promise<void>((resolve) => { waiting.push(resolve) })
        return await store.deposit(request)
      })
    })
    const client = await withMailbox(w)
    const { client: other } = await w.connect({ peer: 2 })
    const taken = [1, 2].map(async index => await client.deposit(testGrant(0), testEnvelope(index)))
    await refused(client.deposit(testGrant(0), testEnvelope(3)), 'BUSY')
    taken.push(other.deposit(testGrant(0), testEnvelope(4)))
    await settled()
    for (const go of waiting) go()
    assert.equal((await Promise.all(taken)).length, 3)
  })

  it('at guessed addresses is rate-limited, by peer and by origin, until time has passed', async () => {
    const w = await world()
    const owning = await withMailbox(w)
    const { client } = await w.connect({ peer: 2, origin: '10.9.9' })
    for (let guess = 0; guess < 64; guess++) {
      const address = new Uint8Array(32).fill(100 + guess)
      await refused(client.deposit({ address }, testEnvelope(1)), 'UNKNOWN_ADDRESS')
    }
    await refused(client.deposit({ address: new Uint8Array(32).fill(99) }, testEnvelope(1)), 'UNKNOWN_ADDRESS')
    const error = await refused(client.deposit(testGrant(0), testEnvelope(1)), 'RATE_LIMITED')
    assert.ok((error.retryAfterMs ?? 0) > 0 && (error.retryAfterMs ?? 0) <= 2000)
    // A new stream of the same peer changes nothing; others are not touched.
    const again = await w.connect({ peer: 2, origin: '10.9.9' })
    await refused(again.client.deposit(testGrant(0), testEnvelope(1)), 'RATE_LIMITED')
    await owning.deposit(testGrant(0), testEnvelope(1))
    await w.clock.advance(2_500)
    assert.equal((await again.client.deposit(testGrant(0), testEnvelope(2))).duplicate, false)
  })
})

describe('a subscription', () => {
  it('pushes what is stored, then what is deposited, and says when it is drained', async () => {
    const w = await world()
    const client = await withMailbox(w)
    for (let index = 0; index < 5; index++) await client.deposit(testGrant(0), testEnvelope(index))
    const { client: reader } = await w.connect()
    await reader.subscribe(owner)
    await w.clock.advance(1)
    await reader.until(() => reader.pushes.at(-1)?.drained === true)
    assert.deepEqual(reader.received.map(({ envelope }) => envelopeIndex(envelope)), [0, 1, 2, 3, 4])
    assert.deepEqual(reader.received[0]?.addressHash, testGrant(0).addressHash)
    await client.deposit(testGrant(0), testEnvelope(5))
    await reader.until(() => reader.received.length === 6)
    assert.equal(envelopeIndex(reader.received[5]!.envelope), 5)
  })

  it('to an empty mailbox says that it is drained', async () => {
    const w = await world()
    const client = await withMailbox(w)
    await client.subscribe(owner)
    await w.clock.advance(1)
    assert.deepEqual(client.pushes.map(({ envelopes, drained }) => [envelopes.length, drained]), [[0, true]])
  })

  it('to no mailbox is refused', async () => {
    const w = await world()
    const { client } = await w.connect()
    await refused(client.subscribe(owner), 'UNKNOWN_MAILBOX')
  })

  it('pushes no more than its credit, and goes on when it is acked', async () => {
    const w = await world()
    const client = await withMailbox(w)
    for (let index = 0; index < 300; index++) await client.deposit(testGrant(0), testEnvelope(index))
    await client.subscribe(owner, new Uint8Array(0), 100 * 1024)
    await w.clock.advance(1)
    const before = client.received.length
    assert.ok(before > 30 && before <= 100, `${before} pushed on a credit of 100`)
    while (client.received.length < 300) {
      const had = client.received.length
      await client.ack(owner, client.received.at(-1)!.cursor)
      await client.until(() => client.received.length > had)
      assert.ok(client.received.length - had <= 100)
    }
    await client.ack(owner, client.received.at(-1)!.cursor)
    assert.deepEqual(client.received.map(({ envelope }) => envelopeIndex(envelope)),
      Array.from({ length: 300 }, (_, i) => i))
    assert.equal((await client.channel.request({ usage: { mailbox: owner.mailbox } })).usage?.envelopes, 0)
  })

  it('resumes after a cursor on another stream, and may ack there what it had before', async () => {
    const w = await world()
    const client = await withMailbox(w)
    for (let index = 0; index < 4; index++) await client.deposit(testGrant(0), testEnvelope(index))
    await client.subscribe(owner)
    await w.clock.advance(1)
    const { cursor } = client.received[1]!
    client.channel.close()
    const { client: next } = await w.connect()
    await next.subscribe(owner, cursor)
    await next.ack(owner, cursor)
    await w.clock.advance(1)
    assert.deepEqual(next.received.map(({ envelope }) => envelopeIndex(envelope)), [2, 3])
    const { client: fresh } = await w.connect()
    await fresh.subscribe(owner)
    await w.clock.advance(1)
    assert.deepEqual(fresh.received.map(({ envelope }) => envelopeIndex(envelope)), [2, 3])
  })

  it('takes no ack of what it did not push', async () => {
    const w = await world()
    const client = await withMailbox(w)
    await refused(client.ack(owner, new Uint8Array(8)), 'BAD_REQUEST')
    await client.deposit(testGrant(0), testEnvelope(1))
    await client.subscribe(owner)
    await w.clock.advance(1)
    await refused(client.ack(owner, new Uint8Array(32).fill(255)), 'BAD_REQUEST')
    assert.equal((await client.channel.request({ usage: { mailbox: owner.mailbox } })).usage?.envelopes, 1)
  })

  it('on two streams of one owner pushes on both, and an ack on one deletes', async () => {
    const w = await world()
    const client = await withMailbox(w)
    const { client: second } = await w.connect()
    await client.subscribe(owner)
    await second.subscribe(owner)
    await w.clock.advance(1)
    await client.deposit(testGrant(0), testEnvelope(1))
    await Promise.all([client, second].map(async reader => {
      await reader.until(() => reader.received.length === 1)
    }))
    await second.ack(owner, second.received[0]!.cursor)
    await client.ack(owner, client.received[0]!.cursor)
    assert.equal((await client.channel.request({ usage: { mailbox: owner.mailbox } })).usage?.envelopes, 0)
  })

  it('over the number of streams that may read a mailbox closes the oldest', async () => {
    const w = await world({ limits: { subscriptionsPerMailboxMax: 2, linksPerPeerMax: 9 } })
    const oldest = await withMailbox(w)
    await oldest.subscribe(owner)
    for (let i = 0; i < 2; i++) await (await w.connect()).client.subscribe(owner)
    await settled()
    assert.ok(oldest.isClosed)
    assert.equal(w.relay.links, 2)
  })

  it('tells the owner that senders were refused', async () => {
    const w = await world({ mailboxLimits: { mailboxEnvelopesMax: 1 } })
    const client = await withMailbox(w)
    await client.deposit(testGrant(0), testEnvelope(1))
    await refused(client.deposit(testGrant(0), testEnvelope(2)), 'QUOTA')
    await client.subscribe(owner)
    await w.clock.advance(1)
    assert.ok(client.pushes.some(({ refusedSome }) => refusedSome))
  })

  it('ends with its mailbox', async () => {
    const w = await world()
    const client = await withMailbox(w)
    await client.subscribe(owner)
    await client.channel.request({ deleteMailbox: { mailbox: owner.mailbox } })
    await refused(client.deposit(testGrant(0), testEnvelope(1)), 'UNKNOWN_ADDRESS')
    assert.equal((await client.createMailbox(owner)).duplicate, false)
  })
})

describe('a bundle at a relay', () => {
  const location = new Uint8Array(32).fill(5)
  const { mailbox } = owner
  const publish = async (
    client: MailboxClient, sealed: Uint8Array, oneTime: boolean, expiresAt = 0
  ): Promise<Answer> =>
    await client.channel.request({ publishBundle: { mailbox, location, sealed, oneTime, expiresAt } })
  const take = async (client: MailboxClient): Promise<Answer> =>
    await client.channel.request({ takePrekey: { location } })

  it('that is one-time is handed out once', async () => {
    const w = await world()
    const client = await withMailbox(w)
    await publish(client, new Uint8Array(500).fill(9), true)
    const { client: invited } = await w.connect({ peer: 2 })
    assert.deepEqual((await take(invited)).value, new Uint8Array(500).fill(9))
    await refused(take(invited), 'NOT_FOUND')
  })

  it('that is reusable stays until it is replaced, withdrawn or expired', async () => {
    const w = await world()
    const client = await withMailbox(w)
    await publish(client, new Uint8Array(1).fill(1), false)
    await publish(client, new Uint8Array(2).fill(2), false, w.clock.now() + 5000)
    assert.equal((await take(client)).value.byteLength, 2)
    assert.equal((await take(client)).value.byteLength, 2)
    await w.clock.advance(5001)
    await refused(take(client), 'NOT_FOUND')
    await publish(client, new Uint8Array(3), false)
    await publish(client, new Uint8Array(0), false)
    await refused(take(client), 'NOT_FOUND')
  })

  it('is refused when it is too large, expired already, or more than a mailbox may have', async () => {
    const w = await world({ mailboxLimits: { bundlesPerMailboxMax: 1 } })
    const client = await withMailbox(w)
    await refused(publish(client, new Uint8Array(8193), false), 'TOO_LARGE')
    await refused(publish(client, new Uint8Array(10), false, w.clock.now()), 'EXPIRED')
    await publish(client, new Uint8Array(8192), false)
    const second = { mailbox, location: new Uint8Array(32), sealed: new Uint8Array(1), oneTime: true, expiresAt: 0 }
    await refused(client.channel.request({ publishBundle: second }), 'QUOTA')
  })

  it('can\'t be hunted for: takes are rate-limited', async () => {
    const w = await world()
    const { client } = await w.connect()
    for (let i = 0; i < 64; i++) await refused(take(client), 'NOT_FOUND')
    const error = await refused(take(client), 'RATE_LIMITED')
    await w.clock.advance(error.retryAfterMs ?? 0)
    await refused(take(client), 'NOT_FOUND')
  })
})

describe('a descriptor at a relay', () => {
  it('is kept, found, replaced by a newer one, and not by an older one', async () => {
    const w = await world()
    const { client } = await w.connect()
    const now = w.clock.now()
    const place = slot(now)
    await refused(client.channel.request({ lookup: { slot: place } }), 'NOT_FOUND')
    const [older, newer] = [record(now, 5), record(now, 6)]
    await client.channel.request({ publishDescriptor: { record: older } })
    await client.channel.request({ publishDescriptor: { record: newer } })
    await refused(client.channel.request({ publishDescriptor: { record: older } }), 'STALE')
    assert.deepEqual((await client.channel.request({ lookup: { slot: place } })).values, [newer])
  })

  it('that is forged, expired, too large or no record is refused and harms nothing', async () => {
    const w = await world()
    const { client } = await w.connect()
    const now = w.clock.now()
    const forged = record(now, 5)
    forged[forged.byteLength - 1]! ^= 1
    await refused(client.channel.request({ publishDescriptor: { record: forged } }), 'BAD_REQUEST')
    await refused(client.channel.request({ publishDescriptor: { record: record(now, 5, -1) } }), 'EXPIRED')
    const publish = async (bytes: Uint8Array): Promise<Answer> =>
      await client.channel.request({ publishDescriptor: { record: bytes } })
    await refused(publish(new Uint8Array(1025)), 'TOO_LARGE')
    await refused(publish(new Uint8Array(100).fill(255)), 'BAD_REQUEST')
    await refused(client.channel.request({ lookup: { slot: slot(now) } }), 'NOT_FOUND')
    assert.ok(client.channel.isOpen)
  })

  it('is told to other relays, and asked for there, and nothing from there is believed', async () => {
    const told: Uint8Array[] = []
    let found: Uint8Array[] = []
    const discovery: Discovery = {
      put: async (_slot, bytes) => { told.push(bytes) },
      get: async () => found
    }
    const w = await world({ discovery })
    const { client } = await w.connect()
    const now = w.clock.now()
    const [older, newer] = [record(now, 7), record(now, 8)]
    await client.channel.request({ publishDescriptor: { record: older } })
    assert.deepEqual(told, [older])
    const forged = record(now, 9)
    forged[forged.byteLength - 1]! ^= 1
    found = [forged, newer, older, new Uint8Array(3)]
    assert.deepEqual((await client.channel.request({ lookup: { slot: slot(now) } })).values, [newer])
  })

  it('is found here even when asking others fails', async () => {
    const discovery: Discovery = {
      put: async () => { throw new Error('no relays') },
      get: async () => { throw new Error('no relays') }
    }
    const w = await world({ discovery })
    const { client } = await w.connect()
    const now = w.clock.now()
    await client.channel.request({ publishDescriptor: { record: record(now, 1) } })
    assert.equal((await client.channel.request({ lookup: { slot: slot(now) } })).values.length, 1)
  })
})

describe('a relay', () => {
  it('sweeps out what has expired, slice by slice', async () => {
    const w = await world({ limits: { sweepSlice: 10 }, mailboxLimits: { retentionMs: 60_000 } })
    const client = await withMailbox(w)
    for (let index = 0; index < 45; index++) await client.deposit(testGrant(0), testEnvelope(index))
    assert.equal((await w.store.stats()).envelopes, 45)
    await w.clock.advance(185_000)
    assert.equal((await w.store.stats()).envelopes, 0)
  })

  it('limits how many mailboxes a peer and an origin create', async () => {
    const w = await world()
    let created = 0
    let refusals = 0
    for (let peer = 1; peer <= 12; peer++) {
      const { client } = await w.connect({ peer })
      for (let i = 0; i < 14; i++) {
        await client.createMailbox(testOwner(nobleSuite.sha256(Uint8Array.of(peer, i)))).then(() => { created++ },
          (error: unknown) => {
            assert.equal(codeOf(error), 'RATE_LIMITED')
            refusals++
          })
      }
      client.channel.close()
      await settled()
    }
    assert.equal(created, 128)
    assert.equal(refusals, 12 * 14 - 128)
  }).timeout(60_000)

  it('that drains answers what was asked, refuses what comes, and closes every stream', async () => {
    let release: () => void = () => {}
    const w = await world({
      store: (store) => withMethod(store, 'deposit', async (request) => {
        await new Promise<void>((resolve) => { release = resolve })
        return await store.deposit(request)
      })
    })
    const client = await withMailbox(w)
    const { client: other } = await w.connect({ peer: 2 })
    const pending = client.deposit(testGrant(0), testEnvelope(1))
    await settled()
    const drained = w.relay.drain()
    await refused(other.channel.request({ ping: {} }), 'BUSY')
    const late = await w.connect({ peer: 3, greet: false })
    await settled()
    assert.ok(late.client.isClosed)
    release()
    assert.equal((await pending).duplicate, false)
    await w.clock.advance(100)
    await drained
    assert.ok(client.isClosed && other.isClosed)
    assert.equal(w.relay.links, 0)
  })

  it('that drains does not wait for ever for a stuck stream', async () => {
    const w = await world({
      store: (store) => withMethod(store, 'deposit', async () => await new Promise(() => {}))
    })
    const client = await withMailbox(w)
    const lost = client.deposit(testGrant(0), testEnvelope(1)).catch(codeOf)
    await settled()
    const drained = w.relay.drain()
    await w.clock.advance(6_000)
    await drained
    assert.equal(await lost, 'DISCONNECTED')
  })

  it('whose disk fails acknowledges nothing any more, and says so once', async () => {
    let fails = false
    const w = await world({
      store: (store) => new Proxy(store, {
        get (target, name) {
          const method = (target[name as keyof MailboxStore] as (...args: unknown[]) => Promise<unknown>).bind(target)
          return async (...args: unknown[]) => {
            if (fails) throw new StoreError('STORE_FAILED')
            return await method(...args)
          }
        }
      })
    })
    const client = await withMailbox(w)
    fails = true
    await refused(client.deposit(testGrant(0), testEnvelope(1)), 'FAILED')
    fails = false
    await refused(client.deposit(testGrant(0), testEnvelope(1)), 'FAILED')
    assert.equal(w.failures.length, 1)
    const late = await w.connect({ greet: false })
    await settled()
    assert.ok(late.client.isClosed)
  })

  it('logs no mailbox, address, peer or origin', async () => {
    const w = await world({ limits: { linksPerPeerMax: 1 } })
    const client = await withMailbox(w)
    await client.subscribe(owner)
    await client.deposit(testGrant(0), testEnvelope(1))
    await w.connect({ greet: false })
    await refused(client.channel.request({ hello: { versions: [1], nonce: client.nonce } }), 'DISCONNECTED')
    await w.relay.drain()
    const text = JSON.stringify(w.log.lines)
    const { address, addressHash } = testGrant(0)
    for (const secret of [owner.mailbox, owner.key.publicKey, address, addressHash, peerKeyOf(1)]) {
      assert.ok(!text.includes(Buffer.from(secret).toString('hex')))
      assert.ok(!text.includes(Buffer.from(secret).toString('base64')))
    }
    assert.ok(!text.includes('10.0.0'))
  })
})
