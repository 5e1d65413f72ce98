/**
 * What every mailbox store must do, as a suite that each implementation runs. Semantics:
 * relay/core/ports.ts (MailboxStore). What only a disk can get wrong (kill, power cut, lock) is in
 * test/relay/store/.
 */
import assert from 'node:assert/strict'
import { compare, u32be, utf8 } from '../../protocol/bytes.ts'
import type { Clock, Random } from '../../protocol/ports.ts'
import type { MailboxLimits, MailboxStore, Page } from '../../relay/core/ports.ts'
import { native } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'

/** A clock that stands until it is set. */
export interface SetClock extends Clock { ms: number }

export function setClock (ms = 1_700_000_000_000): SetClock {
  const clock: SetClock = {
    ms, now: () => clock.ms, monotonic: () => clock.ms, setTimer: () => ({ cancel: () => {} })
  }
  return clock
}

export const hourMs = 3_600_000

export const roomyLimits: MailboxLimits = {
  retentionMs: 24 * hourMs,
  mailboxEnvelopesMax: 1_000_000,
  mailboxBytesMax: 2 ** 40,
  addressesPerMailboxMax: 1000,
  bundlesPerMailboxMax: 100,
  mailboxesMax: 10_000,
  totalBytesMax: 2 ** 40
}

/** One store's place; what is kept there outlives the stores that open it. */
export interface StorePlace {
  /** Closes the store that is open there, if any, and opens a new one, which may have other limits. */
  open: (limits?: MailboxLimits) => Promise<MailboxStore>
  /** Closes it, and leaves nothing behind. */
  dispose: () => Promise<void>
}

export type CreatePlace = (clock: Clock, limits: MailboxLimits) => Promise<StorePlace>

/** 32 bytes that `name` stands for. */
export function idOf (name: string): Uint8Array {
  return native.sha256(utf8(name))
}

/** Creates the mailbox and opens the address: both by name. */
export async function provide (store: MailboxStore, mailbox: string, address: string, envelopesMax = 1_000_000): Promise<void> {
  await store.createMailbox(idOf(`owner of ${mailbox}`), idOf(mailbox))
  const limits = { envelopesMax, expiresAt: 2_000_000_000_000 }
  assert.equal(await store.openAddress(idOf(mailbox), idOf(address), limits), 'opened')
}

export async function depositAt (store: MailboxStore, address: string, envelope: Uint8Array): Promise<string> {
  const result = await store.deposit({ addressHash: idOf(address), envelope })
  return result.status === 'refused' ? result.code : result.status
}

const random: Random = seededRandom('mailbox store contract')

/** An envelope that `number` tells from others. */
export function envelopeOf (number: number, bytes = 64): Uint8Array {
  const envelope = random.bytes(bytes)
  envelope.set(u32be(number))
  return envelope
}

const everything = { envelopesMax: 1000, bytesMax: 2 ** 30 }

export async function pageOf (
  store: MailboxStore, mailbox: string, options: { after?: Uint8Array, envelopesMax?: number, bytesMax?: number } = {}
): Promise<Page> {
  return await store.page(idOf(mailbox), { ...everything, after: undefined, ...options })
}

/** The numbers of all that waits, page by page. */
export async function numbersIn (store: MailboxStore, mailbox: string): Promise<number[]> {
  const numbers: number[] = []
  let after: Uint8Array | undefined
  for (;;) {
    const page = await store.page(idOf(mailbox), { ...everything, after })
    numbers.push(...page.envelopes.map(({ envelope }) => numberOf(envelope)))
    after = page.envelopes.at(-1)?.cursor
    if (page.drained) return numbers
  }
}

export function numberOf (envelope: Uint8Array): number {
  return new DataView(envelope.buffer, envelope.byteOffset).getUint32(0)
}

async function sweep (store: MailboxStore): Promise<number> {
  let removed = 0
  for (;;) {
    const slice = await store.expire(1000)
    removed += slice.removed
    if (slice.done) return removed
  }
}

/** Runs the suite against what `create` gives. `drainCount`: envelopes of the large backlog. */
export function mailboxStoreContract (name: string, create: CreatePlace, drainCount = 20_000): void {
  describe(`the mailbox store contract: ${name}`, () => {
    let clock: SetClock
    let place: StorePlace
    let store: MailboxStore

    async function begin (limits: Partial<MailboxLimits> = {}): Promise<void> {
      clock = setClock()
      place = await create(clock, { ...roomyLimits, ...limits })
      store = await place.open()
      await provide(store, 'box', 'door')
    }

    afterEach(async () => { await place.dispose() })

    describe('deposits and pages', () => {
      it('gives an empty page of a mailbox that holds nothing, and of one that is not there', async () => {
        await begin()
        const empty = { envelopes: [], drained: true, refusedSome: false }
        assert.deepEqual(await pageOf(store, 'box'), empty)
        assert.deepEqual(await pageOf(store, 'no such box'), empty)
      })

      it('gives back in order what was deposited, byte for byte, with its address and time', async () => {
        await begin()
        await provide(store, 'box', 'back door')
        const first = envelopeOf(1, 1024)
        const second = envelopeOf(2, 65_536)
        const stored = await store.deposit({ addressHash: idOf('door'), envelope: first })
        assert.deepEqual(stored, { status: 'stored', until: clock.ms + roomyLimits.retentionMs, mailbox: idOf('box') })
        clock.ms += 7
        await depositAt(store, 'back door', second)
        const page = await pageOf(store, 'box')
        assert.deepEqual(page.envelopes.map(({ cursor, ...rest }) => rest), [
          { addressHash: idOf('door'), envelope: first, receivedAt: clock.ms - 7 },
          { addressHash: idOf('back door'), envelope: second, receivedAt: clock.ms }
        ])
        assert.equal(page.drained, true)
      })

      it('cuts a page by count and by bytes, but gives at least one envelope, and goes on after a cursor', async () => {
        await begin()
        for (let number = 0; number < 10; number++) await depositAt(store, 'door', envelopeOf(number, 100))
        const byCount = await pageOf(store, 'box', { envelopesMax: 3 })
        assert.deepEqual(byCount.envelopes.map(({ envelope }) => numberOf(envelope)), [0, 1, 2])
        assert.equal(byCount.drained, false)
        const rest = await pageOf(store, 'box', { after: byCount.envelopes[2]!.cursor, envelopesMax: 7 })
        assert.deepEqual(rest.envelopes.map(({ envelope }) => numberOf(envelope)), [3, 4, 5, 6, 7, 8, 9])
        assert.equal(rest.drained, true)
        assert.equal((await pageOf(store, 'box', { bytesMax: 250 })).envelopes.length, 2)
        assert.equal((await pageOf(store, 'box', { bytesMax: 300 })).envelopes.length, 3)
        assert.equal((await pageOf(store, 'box', { bytesMax: 1 })).envelopes.length, 1)
      })

      it('orders cursors bytewise, and shows nothing of other mailboxes in them', async () => {
        await begin()
        await provide(store, 'other', 'other door')
        const place = async (): Promise<Uint8Array> => (await pageOf(store, 'box')).envelopes.at(-1)!.cursor
        await depositAt(store, 'door', envelopeOf(1))
        const before = await place()
        for (let number = 0; number < 50; number++) await depositAt(store, 'other door', envelopeOf(number))
        await depositAt(store, 'door', envelopeOf(2))
        const after = await place()
        assert.ok(compare(before, after) < 0)
        const asNumber = (cursor: Uint8Array): bigint => BigInt(`0x${Buffer.from(cursor).toString('hex')}`)
        assert.equal(asNumber(after) - asNumber(before), 1n)
      })

      it('never misses an acknowledged deposit after a cursor that was given out while others came', async () => {
        await begin()
        const acknowledged = new Set<number>()
        const seen = new Set<number>()
        let after: Uint8Array | undefined
        let left = 400
        let next = 0
        const writers = Array.from({ length: 16 }, async () => {
          while (left-- > 0) {
            const number = next++
            await depositAt(store, 'door', envelopeOf(number))
            acknowledged.add(number)
          }
        })
        const reading = (async () => {
          for (;;) {
            const isLast = acknowledged.size === 400
            const page = await store.page(idOf('box'), { after, envelopesMax: 7, bytesMax: 2 ** 20 })
            for (const { envelope, cursor } of page.envelopes) {
              seen.add(numberOf(envelope))
              after = cursor
            }
            if (isLast && page.drained) return
            await new Promise(resolve => setImmediate(resolve))
          }
        })()
        await Promise.all([...writers, reading])
        assert.deepEqual([...seen].toSorted((a, b) => a - b), [...acknowledged].toSorted((a, b) => a - b))
      })

      it('starts from the beginning at a cursor that is none', async () => {
        await begin()
        await depositAt(store, 'door', envelopeOf(1))
        for (const after of [new Uint8Array(0), new Uint8Array(3), new Uint8Array(32).fill(255), new Uint8Array(8).fill(255)]) {
          assert.equal((await pageOf(store, 'box', { after })).envelopes.length, 1)
          assert.equal(await store.ackThrough(idOf('box'), after), 0)
        }
      })
    })

    describe('duplicates', () => {
      it('knows the same envelope at the same address, also after its ack and after a restart', async () => {
        await begin()
        await provide(store, 'box', 'back door')
        const envelope = envelopeOf(1)
        const first = await store.deposit({ addressHash: idOf('door'), envelope })
        clock.ms += 1000
        const duplicate = { ...first, status: 'duplicate' }
        assert.deepEqual(await store.deposit({ addressHash: idOf('door'), envelope }), duplicate)
        assert.equal(await depositAt(store, 'back door', envelope), 'stored')
        assert.equal((await pageOf(store, 'box')).envelopes.length, 2)
        await store.ackThrough(idOf('box'), (await pageOf(store, 'box')).envelopes[1]!.cursor)
        assert.deepEqual(await store.deposit({ addressHash: idOf('door'), envelope }), duplicate)
        store = await place.open()
        assert.deepEqual(await store.deposit({ addressHash: idOf('door'), envelope }), duplicate)
        assert.equal((await pageOf(store, 'box')).envelopes.length, 0)
      })

      it('stores one of many that come at once', async () => {
        await begin()
        const envelope = envelopeOf(1)
        const results = await Promise.all(Array.from({ length: 50 }, async () => await depositAt(store, 'door', envelope)))
        assert.equal(results.filter(result => result === 'stored').length, 1)
        assert.equal(results.filter(result => result === 'duplicate').length, 49)
        assert.equal((await store.usage(idOf('box'))).envelopes, 1)
      })

      it('forgets an envelope when it expires: the same one is stored anew, and survives the sweep of the old', async () => {
        await begin()
        const envelope = envelopeOf(1)
        await depositAt(store, 'door', envelope)
        clock.ms += roomyLimits.retentionMs
        assert.equal(await depositAt(store, 'door', envelope), 'stored')
        await sweep(store)
        assert.deepEqual(await numbersIn(store, 'box'), [1])
        assert.equal(await depositAt(store, 'door', envelope), 'duplicate')
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 1, bytes: 64, addresses: 1 })
      })

      it('says duplicate, not QUOTA, of what a full mailbox has', async () => {
        await begin({ mailboxEnvelopesMax: 1 })
        const envelope = envelopeOf(1)
        await depositAt(store, 'door', envelope)
        assert.equal(await depositAt(store, 'door', envelope), 'duplicate')
      })
    })

    describe('quota', () => {
      it('is exact for a mailbox, by count, under deposits that come at once', async () => {
        await begin({ mailboxEnvelopesMax: 37 })
        const results = await Promise.all(
          Array.from({ length: 100 }, async (_, number) => await depositAt(store, 'door', envelopeOf(number))))
        assert.equal(results.filter(result => result === 'stored').length, 37)
        assert.equal(results.filter(result => result === 'QUOTA').length, 63)
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 37, bytes: 37 * 64, addresses: 1 })
      })

      it('is exact for a mailbox, by bytes', async () => {
        await begin({ mailboxBytesMax: 640 })
        const results = await Promise.all(
          Array.from({ length: 100 }, async (_, number) => await depositAt(store, 'door', envelopeOf(number))))
        assert.equal(results.filter(result => result === 'stored').length, 10)
        assert.equal(await depositAt(store, 'door', envelopeOf(100, 8)), 'QUOTA')
      })

      it('is exact for an address, and leaves other addresses alone', async () => {
        await begin()
        await provide(store, 'box', 'narrow door', 5)
        const results = await Promise.all(
          Array.from({ length: 20 }, async (_, number) => await depositAt(store, 'narrow door', envelopeOf(number))))
        assert.equal(results.filter(result => result === 'stored').length, 5)
        assert.equal(await depositAt(store, 'door', envelopeOf(1)), 'stored')
      })

      it('counts only what is not acked, also after a restart', async () => {
        await begin({ mailboxEnvelopesMax: 3 })
        for (let number = 0; number < 3; number++) await depositAt(store, 'door', envelopeOf(number))
        store = await place.open()
        assert.equal(await depositAt(store, 'door', envelopeOf(3)), 'QUOTA')
        const { envelopes } = await pageOf(store, 'box')
        assert.equal(await store.ackThrough(idOf('box'), envelopes[1]!.cursor), 2)
        assert.equal(await depositAt(store, 'door', envelopeOf(4)), 'stored')
        assert.equal(await depositAt(store, 'door', envelopeOf(5)), 'stored')
        assert.equal(await depositAt(store, 'door', envelopeOf(6)), 'QUOTA')
        assert.deepEqual(await numbersIn(store, 'box'), [2, 4, 5])
      })

      it('of an address that was closed and opened anew does not count what came before', async () => {
        await begin()
        await provide(store, 'box', 'narrow door', 2)
        for (const number of [1, 2]) assert.equal(await depositAt(store, 'narrow door', envelopeOf(number)), 'stored')
        await store.closeAddress(idOf('box'), idOf('narrow door'))
        await provide(store, 'box', 'narrow door', 2)
        assert.equal(await depositAt(store, 'narrow door', envelopeOf(3)), 'stored')
        const { envelopes } = await pageOf(store, 'box')
        assert.equal(await store.ackThrough(idOf('box'), envelopes[1]!.cursor), 2)
        assert.equal(await depositAt(store, 'narrow door', envelopeOf(4)), 'stored')
        assert.equal(await depositAt(store, 'narrow door', envelopeOf(5)), 'QUOTA')
      })

      it('tells the owner that senders were refused, until the mailbox is drained', async () => {
        await begin({ mailboxEnvelopesMax: 2 })
        for (let number = 0; number < 2; number++) await depositAt(store, 'door', envelopeOf(number))
        assert.equal((await pageOf(store, 'box')).refusedSome, false)
        await depositAt(store, 'door', envelopeOf(2))
        store = await place.open()
        assert.equal((await pageOf(store, 'box', { envelopesMax: 1 })).refusedSome, true)
        assert.equal((await pageOf(store, 'box')).refusedSome, true)
        assert.equal((await pageOf(store, 'box')).refusedSome, false)
        store = await place.open()
        assert.equal((await pageOf(store, 'box')).refusedSome, false)
      })

      it('says FULL when all mailboxes together have no room, and takes again after an ack', async () => {
        await begin({ totalBytesMax: 640 })
        await provide(store, 'other', 'other door')
        for (let number = 0; number < 5; number++) {
          assert.equal(await depositAt(store, 'door', envelopeOf(number)), 'stored')
          assert.equal(await depositAt(store, 'other door', envelopeOf(number)), 'stored')
        }
        assert.equal(await depositAt(store, 'door', envelopeOf(9)), 'FULL')
        assert.equal((await pageOf(store, 'box')).refusedSome, false)
        await store.ackThrough(idOf('other'), (await pageOf(store, 'other')).envelopes[0]!.cursor)
        assert.equal(await depositAt(store, 'door', envelopeOf(9)), 'stored')
        assert.deepEqual(await store.stats().then(({ mailboxes, envelopes, bytes }) => ({ mailboxes, envelopes, bytes })),
          { mailboxes: 2, envelopes: 10, bytes: 640 })
      })

      it('leaves no trace of a refusal: later it is stored, as if it came first', async () => {
        await begin({ mailboxEnvelopesMax: 1 })
        await depositAt(store, 'door', envelopeOf(1))
        const envelope = envelopeOf(2)
        assert.equal(await depositAt(store, 'door', envelope), 'QUOTA')
        await store.ackThrough(idOf('box'), (await pageOf(store, 'box')).envelopes[0]!.cursor)
        assert.equal(await depositAt(store, 'door', envelope), 'stored')
      })
    })

    describe('acks', () => {
      it('delete once, and say how many', async () => {
        await begin()
        for (let number = 0; number < 5; number++) await depositAt(store, 'door', envelopeOf(number))
        const { envelopes } = await pageOf(store, 'box')
        assert.equal(await store.ackThrough(idOf('box'), envelopes[2]!.cursor), 3)
        assert.equal(await store.ackThrough(idOf('box'), envelopes[2]!.cursor), 0)
        assert.equal(await store.ackThrough(idOf('box'), envelopes[0]!.cursor), 0)
        assert.deepEqual(await numbersIn(store, 'box'), [3, 4])
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 2, bytes: 128, addresses: 1 })
        assert.equal(await store.ackThrough(idOf('no such box'), envelopes[2]!.cursor), 0)
      })

      it('count each envelope once when they come at once, with deposits between them', async () => {
        await begin()
        for (let number = 0; number < 100; number++) await depositAt(store, 'door', envelopeOf(number))
        const { envelopes } = await pageOf(store, 'box')
        const counts = await Promise.all(envelopes.flatMap(({ cursor }, at) => [
          store.ackThrough(idOf('box'), cursor),
          depositAt(store, 'door', envelopeOf(100 + at)).then(() => 0)
        ]))
        assert.equal(counts.reduce((sum, count) => sum + count, 0), 100)
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 100, bytes: 6400, addresses: 1 })
        assert.equal((await numbersIn(store, 'box')).length, 100)
      })

      it('of another mailbox do not touch this one', async () => {
        await begin()
        await provide(store, 'other', 'other door')
        await depositAt(store, 'door', envelopeOf(1))
        await depositAt(store, 'other door', envelopeOf(2))
        await store.ackThrough(idOf('other'), (await pageOf(store, 'box')).envelopes[0]!.cursor)
        assert.deepEqual(await numbersIn(store, 'box'), [1])
      })

      it('drain a large backlog without slowing down towards its end', async function () {
        this.timeout(120_000)
        await begin()
        for (let from = 0; from < drainCount; from += 2000) {
          await Promise.all(Array.from({ length: 2000 }, async (_, at) => await depositAt(store, 'door', envelopeOf(from + at))))
        }
        const pageMs: number[] = []
        let expected = 0
        for (;;) {
          const start = performance.now()
          const page = await pageOf(store, 'box', { envelopesMax: 500 })
          pageMs.push(performance.now() - start)
          for (const { envelope } of page.envelopes) assert.equal(numberOf(envelope), expected++)
          if (page.drained) break
          await store.ackThrough(idOf('box'), page.envelopes.at(-1)!.cursor)
        }
        assert.equal(expected, drainCount)
        const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
        const tenth = Math.ceil(pageMs.length / 10)
        const ratio = median(pageMs.slice(-1 - tenth, -1)) / median(pageMs.slice(0, tenth))
        assert.ok(ratio < 6, `the last pages take ${ratio.toFixed(1)} times as long as the first`)
      })
    })

    describe('expiry', () => {
      it('hides what has expired before it is swept, and no earlier', async () => {
        await begin()
        await depositAt(store, 'door', envelopeOf(1))
        clock.ms += 1000
        await depositAt(store, 'door', envelopeOf(2))
        clock.ms += roomyLimits.retentionMs - 1001
        assert.deepEqual(await numbersIn(store, 'box'), [1, 2])
        clock.ms += 1
        assert.deepEqual(await numbersIn(store, 'box'), [2])
        assert.equal((await pageOf(store, 'box')).drained, true)
      })

      it('sweeps no more than it was allowed, and says when it is done', async () => {
        await begin()
        for (let number = 0; number < 25; number++) await depositAt(store, 'door', envelopeOf(number))
        assert.deepEqual(await store.expire(10), { removed: 0, done: true })
        clock.ms += roomyLimits.retentionMs
        assert.deepEqual(await store.expire(10), { removed: 10, done: false })
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 15, bytes: 15 * 64, addresses: 1 })
        assert.deepEqual(await store.expire(10), { removed: 10, done: false })
        assert.deepEqual(await store.expire(10), { removed: 5, done: true })
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 0, bytes: 0, addresses: 1 })
        assert.equal((await store.stats()).envelopes, 0)
      })

      it('takes acked envelopes and waiting ones, once each, and the quota of the address with them', async () => {
        await begin()
        await provide(store, 'box', 'narrow door', 4)
        for (let number = 0; number < 4; number++) await depositAt(store, 'narrow door', envelopeOf(number))
        await store.ackThrough(idOf('box'), (await pageOf(store, 'box')).envelopes[1]!.cursor)
        clock.ms += roomyLimits.retentionMs
        assert.equal(await sweep(store), 4)
        const results = await Promise.all([1, 2, 3, 4, 5].map(async number => await depositAt(store, 'narrow door', envelopeOf(number))))
        assert.deepEqual(results, ['stored', 'stored', 'stored', 'stored', 'QUOTA'])
      })

      it('closes an address: EXPIRED before the sweep, UNKNOWN_ADDRESS after', async () => {
        await begin()
        const limits = { envelopesMax: 10, expiresAt: clock.ms + 1000 }
        await store.openAddress(idOf('box'), idOf('short door'), limits)
        assert.equal(await depositAt(store, 'short door', envelopeOf(1)), 'stored')
        clock.ms += 1000
        assert.equal(await depositAt(store, 'short door', envelopeOf(2)), 'EXPIRED')
        assert.equal(await sweep(store), 1)
        assert.equal(await depositAt(store, 'short door', envelopeOf(2)), 'UNKNOWN_ADDRESS')
        assert.equal((await store.usage(idOf('box'))).addresses, 1)
        assert.deepEqual(await numbersIn(store, 'box'), [1])
      })

      it('follows the last word on an address', async () => {
        await begin()
        const { ms } = clock
        for (const expiresAt of [ms + 1000, ms + 5000, ms + 3000]) {
          await store.openAddress(idOf('box'), idOf('short door'), { envelopesMax: 10, expiresAt })
        }
        clock.ms += 2000
        assert.equal(await sweep(store), 0)
        assert.equal(await depositAt(store, 'short door', envelopeOf(1)), 'stored')
        clock.ms += 1000
        assert.equal(await sweep(store), 1)
        assert.equal(await depositAt(store, 'short door', envelopeOf(2)), 'UNKNOWN_ADDRESS')
      })
    })

    describe('a restart', () => {
      it('keeps order and contents, with places strictly above all earlier ones, though the clock is set back', async () => {
        await begin()
        const cursors: Uint8Array[] = []
        for (let round = 0; round < 4; round++) {
          for (let at = 0; at < 10; at++) await depositAt(store, 'door', envelopeOf(round * 10 + at))
          const page = await pageOf(store, 'box')
          const last = page.envelopes.at(-1)!.cursor
          cursors.push(last)
          if (round === 2) await store.ackThrough(idOf('box'), page.envelopes[24]!.cursor)
          clock.ms -= 24 * hourMs
          store = await place.open()
        }
        assert.deepEqual(await numbersIn(store, 'box'), Array.from({ length: 15 }, (_, at) => 25 + at))
        for (let at = 1; at < cursors.length; at++) assert.ok(compare(cursors[at - 1]!, cursors[at]!) < 0)
        // What was stored first expires last now; nothing is lost before its time, and nothing stays.
        clock.ms += 48 * hourMs
        await sweep(store)
        assert.deepEqual(await numbersIn(store, 'box'), [25, 26, 27, 28, 29])
        clock.ms += 48 * hourMs
        await sweep(store)
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 0, bytes: 0, addresses: 1 })
      })

      it('of a dropped and recreated mailbox leaves no cursor that hides what comes', async () => {
        await begin()
        for (let number = 0; number < 20; number++) await depositAt(store, 'door', envelopeOf(number))
        const after = (await pageOf(store, 'box')).envelopes.at(-1)!.cursor
        await store.dropMailbox(idOf('box'))
        clock.ms -= hourMs
        store = await place.open()
        await provide(store, 'box', 'door')
        await depositAt(store, 'door', envelopeOf(20))
        assert.equal((await pageOf(store, 'box', { after })).envelopes.length, 1)
      })

      it('keeps what was promised under longer retention', async () => {
        await begin()
        await depositAt(store, 'door', envelopeOf(1))
        store = await place.open({ ...roomyLimits, retentionMs: hourMs })
        clock.ms += 2 * hourMs
        await sweep(store)
        assert.deepEqual(await numbersIn(store, 'box'), [1])
      })

      it('is needed before anything else, and nothing works after close', async () => {
        await begin()
        await store.close()
        await assert.rejects(pageOf(store, 'box'), { code: 'STORE_FAILED' })
        await assert.rejects(depositAt(store, 'door', envelopeOf(1)), { code: 'STORE_FAILED' })
        await store.close()
      })
    })

    describe('mailboxes and addresses', () => {
      it('are created once, up to their number', async () => {
        await begin({ mailboxesMax: 2 })
        assert.equal(await store.createMailbox(idOf('owner'), idOf('box')), 'existed')
        assert.equal(await store.createMailbox(idOf('owner'), idOf('second')), 'created')
        assert.equal(await store.createMailbox(idOf('owner'), idOf('third')), 'FULL')
        assert.equal(await store.hasMailbox(idOf('second')), true)
        assert.equal(await store.hasMailbox(idOf('third')), false)
        await store.dropMailbox(idOf('second'))
        assert.equal(await store.hasMailbox(idOf('second')), false)
        assert.equal(await store.createMailbox(idOf('owner'), idOf('third')), 'created')
      })

      it('are refused where there is no mailbox, too many of them, or another mailbox has the address', async () => {
        await begin({ addressesPerMailboxMax: 2 })
        await store.createMailbox(idOf('owner'), idOf('other'))
        const limits = { envelopesMax: 1, expiresAt: clock.ms + hourMs }
        assert.equal(await store.openAddress(idOf('no such box'), idOf('x'), limits), 'UNKNOWN_MAILBOX')
        assert.equal(await store.openAddress(idOf('other'), idOf('door'), limits), 'BAD_REQUEST')
        assert.equal(await store.openAddress(idOf('box'), idOf('second'), limits), 'opened')
        assert.equal(await store.openAddress(idOf('box'), idOf('third'), limits), 'QUOTA')
        assert.equal(await store.openAddress(idOf('box'), idOf('second'), { ...limits, envelopesMax: 2 }), 'opened')
        const results = await Promise.all([1, 2, 3].map(async number => await depositAt(store, 'second', envelopeOf(number))))
        assert.deepEqual(results, ['stored', 'stored', 'QUOTA'])
      })

      it('take nothing once closed, by their own mailbox only, and keep what came', async () => {
        await begin()
        await store.createMailbox(idOf('owner'), idOf('other'))
        await depositAt(store, 'door', envelopeOf(1))
        await store.closeAddress(idOf('other'), idOf('door'))
        assert.equal(await depositAt(store, 'door', envelopeOf(2)), 'stored')
        await store.closeAddress(idOf('box'), idOf('door'))
        await store.closeAddress(idOf('box'), idOf('door'))
        assert.equal(await depositAt(store, 'door', envelopeOf(3)), 'UNKNOWN_ADDRESS')
        assert.deepEqual(await numbersIn(store, 'box'), [1, 2])
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 2, bytes: 128, addresses: 0 })
      })

      it('that are dropped leave nothing behind', async () => {
        await begin()
        for (let number = 0; number < 20; number++) await depositAt(store, 'door', envelopeOf(number))
        await publish(store, 'box', 'shelf', { oneTime: false })
        await store.dropMailbox(idOf('box'))
        await store.dropMailbox(idOf('box'))
        assert.equal(await depositAt(store, 'door', envelopeOf(20)), 'UNKNOWN_ADDRESS')
        assert.equal(await store.takeBundle(idOf('shelf')), undefined)
        assert.deepEqual(await numbersIn(store, 'box'), [])
        const { mailboxes, envelopes, bytes } = await store.stats()
        assert.deepEqual({ mailboxes, envelopes, bytes }, { mailboxes: 0, envelopes: 0, bytes: 0 })
        await provide(store, 'box', 'door')
        await depositAt(store, 'door', envelopeOf(21))
        assert.deepEqual(await numbersIn(store, 'box'), [21])
        clock.ms += roomyLimits.retentionMs
        await sweep(store)
        assert.deepEqual(await store.usage(idOf('box')), { envelopes: 0, bytes: 0, addresses: 1 })
      })
    })

    describe('bundles', () => {
      it('are handed out: a one-time bundle to one of those who ask at once, and to nobody after a restart', async () => {
        await begin()
        assert.equal(await publish(store, 'box', 'shelf', { oneTime: true }), 'published')
        const taken = await Promise.all(Array.from({ length: 10 }, async () => await store.takeBundle(idOf('shelf'))))
        assert.deepEqual(taken.filter(bundle => bundle !== undefined), [utf8('sealed')])
        store = await place.open()
        assert.equal(await store.takeBundle(idOf('shelf')), undefined)
      })

      it('are handed out again and again if they are reusable, the last published one, until they expire', async () => {
        await begin()
        await publish(store, 'box', 'shelf', { oneTime: true })
        await publish(store, 'box', 'shelf', { oneTime: false, sealed: utf8('sealed anew') })
        store = await place.open()
        for (let round = 0; round < 3; round++) assert.deepEqual(await store.takeBundle(idOf('shelf')), utf8('sealed anew'))
        clock.ms += hourMs
        assert.equal(await store.takeBundle(idOf('shelf')), undefined)
        assert.equal(await sweep(store), 1)
      })

      it('are refused without a mailbox, over its number, and where another one is', async () => {
        await begin({ bundlesPerMailboxMax: 2 })
        await store.createMailbox(idOf('owner'), idOf('other'))
        assert.equal(await publish(store, 'no such box', 'shelf', {}), 'UNKNOWN_MAILBOX')
        assert.equal(await publish(store, 'box', 'shelf', {}), 'published')
        assert.equal(await publish(store, 'other', 'shelf', {}), 'BAD_REQUEST')
        assert.equal(await publish(store, 'box', 'shelf 2', {}), 'published')
        assert.equal(await publish(store, 'box', 'shelf', {}), 'published')
        assert.equal(await publish(store, 'box', 'shelf 3', {}), 'QUOTA')
        await store.withdrawBundle(idOf('other'), idOf('shelf'))
        assert.deepEqual(await store.takeBundle(idOf('shelf')), utf8('sealed'))
        await store.withdrawBundle(idOf('box'), idOf('shelf'))
        assert.equal(await store.takeBundle(idOf('shelf')), undefined)
        assert.equal(await publish(store, 'box', 'shelf 3', {}), 'published')
      })
    })

    async function publish (
      store: MailboxStore, mailbox: string, location: string, bundle: { oneTime?: boolean, sealed?: Uint8Array }
    ): Promise<string> {
      return await publishAt(store, mailbox, location, bundle, clock.ms + hourMs)
    }

    describe('descriptors', () => {
      const put = async (key: string, sequence: number, text = `${key} ${sequence}`, lifetimeMs = hourMs): Promise<string> => {
        const record = { bytes: utf8(text), blindedKey: idOf(key), sequence, expiresAt: clock.ms + lifetimeMs }
        return await store.putDescriptor(idOf('slot'), record)
      }
      const texts = async (): Promise<string[]> =>
        (await store.getDescriptors(idOf('slot'))).map(bytes => new TextDecoder().decode(bytes))

      it('give way to a higher sequence of the same key only', async () => {
        await begin()
        assert.deepEqual(await texts(), [])
        assert.equal(await put('key', 5), 'stored')
        assert.equal(await put('key', 4), 'STALE')
        assert.equal(await put('key', 5), 'stored')
        assert.equal(await put('key', 5, 'other bytes'), 'STALE')
        assert.equal(await put('key', 2 ** 52), 'stored')
        store = await place.open()
        assert.equal(await put('key', 2 ** 52 - 1), 'STALE')
        assert.deepEqual(await texts(), [`key ${2 ** 52}`])
      })

      it('share a slot, four keys of them, first come', async () => {
        await begin()
        for (const key of ['a', 'b', 'c', 'd']) assert.equal(await put(key, 1), 'stored')
        assert.equal(await put('e', 9), 'FULL')
        assert.equal(await put('b', 2), 'stored')
        assert.deepEqual(await texts(), ['a 1', 'b 2', 'c 1', 'd 1'])
      })

      it('make room when they expire, each for itself', async () => {
        await begin()
        for (const key of ['a', 'b', 'c']) await put(key, 1)
        await put('d', 1, 'd', 2 * hourMs)
        clock.ms += hourMs
        assert.deepEqual(await texts(), ['d'])
        assert.equal(await put('e', 1), 'stored')
        await sweep(store)
        assert.deepEqual(await texts(), ['d', 'e 1'])
        clock.ms += hourMs
        await sweep(store)
        assert.deepEqual(await texts(), [])
      })

      it('cannot take the room of the envelopes', async () => {
        await begin({ totalBytesMax: 8000 })
        const sizes = await Promise.all(Array.from({ length: 20 }, async (_, at) => await store.putDescriptor(
          idOf(`slot ${at}`), { bytes: new Uint8Array(100), blindedKey: idOf('key'), sequence: 1, expiresAt: clock.ms + hourMs })))
        assert.equal(sizes.filter(result => result === 'stored').length, 10)
        assert.equal(await depositAt(store, 'door', envelopeOf(1, 8000)), 'stored')
        clock.ms += hourMs
        await sweep(store)
        assert.equal(await put('key', 1), 'stored')
      })
    })
  })
}

async function publishAt (
  store: MailboxStore, mailbox: string, location: string, bundle: { oneTime?: boolean, sealed?: Uint8Array }, expiresAt: number
): Promise<string> {
  const { oneTime = false, sealed = utf8('sealed') } = bundle
  return await store.publishBundle(idOf(mailbox), { location: idOf(location), sealed, oneTime, expiresAt })
}
