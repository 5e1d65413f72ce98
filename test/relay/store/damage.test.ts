/**
 * Records that the disk gave back damaged: refused with a word for the operator, before use.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Level } from 'level'
import { concat, emptyBytes, equal, u32be, u64be } from '../../../protocol/bytes.ts'
import { StoreError } from '../../../protocol/errors.ts'
import type { MailboxStore } from '../../../relay/core/ports.ts'
import * as layout from '../../../relay/store/layout.ts'
import {
  depositAt, envelopeOf, hourMs, idOf, pageOf, provide, roomyLimits, setClock, sweep
} from '../../contracts/mailbox-store-bed.ts'
import { storeIn, temporaryFolder } from './places.ts'

const id = new Uint8Array(32).fill(7)
const other = new Uint8Array(32).fill(8)
const u48 = (value: number): Uint8Array => u64be(value).subarray(2)
const belowZero = new Uint8Array(6).fill(255)

const mailbox = {
  envelopes: 2, bytes: 3000, head: 10, next: 13, addresses: 1, bundles: 1, refused: true, life: 4
}
const totals = { nextSequence: 9, indexFloor: 5, mailboxes: 1, envelopes: 2, bytes: 3000, descriptorBytes: 70 }
const address = { mailbox: id, envelopesMax: 2 ** 48 - 1, expiresAt: 2 ** 48 - 1, since: 10, waiting: 2 }
const bundle = { mailbox: id, expiresAt: 17, oneTime: true, sealed: new Uint8Array(100).fill(1) }
const slotOf = (sequence: number) => ({ blindedKey: id, sequence, expiresAt: 18, bytes: new Uint8Array(70).fill(2) })
const [payloadKey, digestKey] = [layout.payloadKey(20, 6), layout.digestKey(id, other)]

/** What a reader made of `bytes`, written again. */
interface Row { kind: string, good: Uint8Array[], again: (bytes: Uint8Array) => Uint8Array }

const rows: Row[] = [
  { kind: 'the version of the layout', good: [u32be(1)], again: bytes => u32be(layout.decodeFormat(bytes)) },
  { kind: 'the totals of the store', good: [layout.encodeTotals(totals)], again: bytes => layout.encodeTotals(layout.decodeTotals(bytes)) },
  { kind: 'a mailbox', good: [layout.encodeMailbox(mailbox)], again: bytes => layout.encodeMailbox(layout.decodeMailbox(bytes)) },
  { kind: 'an address', good: [layout.encodeAddress(address)], again: bytes => layout.encodeAddress(layout.decodeAddress(bytes)) },
  { kind: 'a sealed bundle', good: [layout.encodeBundle(bundle)], again: bytes => layout.encodeBundle(layout.decodeBundle(bytes)) },
  {
    kind: 'a slot of descriptors',
    good: [[1], [1, 2], [1, 2, 3, 2 ** 53 - 1]].map(numbers => layout.encodeSlot(numbers.map(slotOf))),
    again: bytes => layout.encodeSlot(layout.decodeSlot(bytes))
  },
  {
    kind: 'an envelope',
    good: [layout.encodeWaiting(id, 11, 19, new Uint8Array(1024)), layout.encodeAcked(other)],
    again: bytes => {
      const payload = layout.decodePayload(bytes)
      if (payload.acked) return layout.encodeAcked(payload.digest)
      return layout.encodeWaiting(payload.mailbox, payload.index, payload.receivedAt, payload.envelope)
    }
  },
  {
    kind: 'the place of an envelope',
    good: [layout.encodeOrder(payloadKey, 1024, digestKey, other)],
    again: bytes => {
      const { until, sequence, bytes: size, digest, addressHash } = layout.decodeOrder(bytes)
      return layout.encodeOrder(layout.payloadKey(until, sequence), size, layout.digestKeyOf(digest), addressHash)
    }
  },
  {
    kind: 'the digest of an envelope',
    good: [layout.encodeDeposited({ until: 20, sequence: 6, life: 4 })],
    again: bytes => layout.encodeDeposited(layout.decodeDeposited(bytes))
  },
  {
    kind: 'what a mailbox owns',
    good: [layout.ownedKey(id, 'address', other), layout.ownedKey(id, 'bundle', other)],
    again: bytes => {
      const owned = layout.readOwnedKey(bytes)
      return concat(bytes.subarray(0, 33), layout.ownedKey(id, owned.kind, owned.id).subarray(33))
    }
  },
  {
    kind: 'what expires when',
    good: (['address', 'bundle', 'slot'] as const).map(kind => layout.expiryKey(18, kind, id)),
    again: bytes => {
      const expiring = layout.readExpiryKey(bytes)
      return concat(bytes.subarray(0, 7), layout.expiryKey(18, expiring.kind, expiring.id).subarray(7))
    }
  }
]

const corrupt = (kind: string) => (error: unknown): boolean => {
  assert.ok(error instanceof StoreError, `${kind}: ${String(error)}`)
  assert.equal(error.code, 'STORE_CORRUPT')
  assert.ok(error.message.includes(`the record of ${kind} `), error.message)
  return true
}

/** Bytes that something else lies behind, as it does in a batch of the tree. */
function amid (bytes: Uint8Array): Uint8Array {
  const around = new Uint8Array(bytes.length + 256).fill(0xee)
  around.set(bytes, 32)
  return around.subarray(32, 32 + bytes.length)
}

describe('a record of the mailbox store', () => {
  it('is read as it was written', () => {
    for (const { kind, good, again } of rows) {
      for (const bytes of good) assert.deepEqual(again(amid(bytes)), bytes, kind)
    }
  })

  it('of any wrong length is refused, and what lies behind it is not shown', () => {
    for (const { kind, good, again } of rows) {
      for (const bytes of good) {
        for (let length = 0; length < bytes.length; length++) {
          let read
          try {
            read = again(amid(bytes.subarray(0, length)))
          } catch (error) {
            corrupt(kind)(error)
            continue
          }
          // Cut where a shorter one ends as well.
          assert.deepEqual(read, bytes.subarray(0, length), `${kind}, ${length} of ${bytes.length} bytes`)
        }
      }
      const tooLong = concat(good[0]!, new Uint8Array(70_000).fill(1))
      assert.throws(() => again(tooLong), corrupt(kind), `${kind}, too long`)
    }
  })

  it('of whatever bytes is refused as damaged, or is what they say', () => {
    for (const { kind, good, again } of rows) {
      const size = good[0]!.length
      const arbitrary = fc.oneof(
        fc.uint8Array({ maxLength: 2 * size }),
        fc.uint8Array({ minLength: size, maxLength: size }),
        fc.tuple(fc.constantFrom(...good), fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => bytes.with(at % bytes.length, byte))
      )
      fc.assert(fc.property(arbitrary, bytes => {
        let read
        try {
          read = again(amid(bytes))
        } catch (error) {
          return corrupt(kind)(error)
        }
        return equal(read, bytes)
      }), { numRuns: 500 })
    }
  })

  it('with a value that nothing writes is refused', () => {
    const at = (bytes: Uint8Array, offset: number, value: Uint8Array): Uint8Array => {
      const changed = bytes.slice()
      changed.set(value, offset)
      return changed
    }
    const numbers = (...values: number[]): Uint8Array => concat(...values.map(u48))
    const good = (kind: string): Uint8Array => rows.find(row => row.kind === kind)!.good[0]!
    const cases: Array<[string, string, Uint8Array]> = [
      ['no version', 'the version of the layout', u32be(0)],
      ['more than there ever was', 'the totals of the store', numbers(2, 5, 1, 2, 3000, 70)],
      ['fewer mailboxes than none', 'the totals of the store', at(good('the totals of the store'), 12, belowZero)],
      ['fewer envelopes than none', 'the totals of the store', at(good('the totals of the store'), 18, belowZero)],
      ['fewer bytes than none', 'the totals of the store', at(good('the totals of the store'), 24, belowZero)],
      ['fewer bytes of descriptors than none', 'the totals of the store', at(good('the totals of the store'), 30, belowZero)],
      ['bytes of no envelope', 'the totals of the store', numbers(9, 5, 1, 0, 1, 70)],
      ['envelopes of no bytes', 'the totals of the store', numbers(9, 5, 1, 2, 1, 70)],
      ['too large envelopes', 'the totals of the store', numbers(9, 5, 1, 2, 2 * 65_536 + 1, 70)],
      ['a head past the next', 'a mailbox', numbers(0, 0, 14, 13, 1, 1, 0, 4)],
      ['more envelopes than came', 'a mailbox', numbers(4, 4000, 10, 13, 1, 1, 0, 4)],
      ['bytes of no envelope', 'a mailbox', numbers(0, 1, 10, 13, 1, 1, 0, 4)],
      ['too large envelopes', 'a mailbox', numbers(1, 65_537, 10, 13, 1, 1, 0, 4)],
      ['a flag of neither', 'a mailbox', numbers(2, 3000, 10, 13, 1, 1, 2, 4)],
      ['fewer addresses than none', 'a mailbox', at(good('a mailbox'), 24, belowZero)],
      ['fewer bundles than none', 'a mailbox', at(good('a mailbox'), 30, belowZero)],
      ['fewer waiting than none', 'an address', at(good('an address'), 50, belowZero)],
      ['a flag of neither', 'a sealed bundle', at(good('a sealed bundle'), 38, Uint8Array.of(2))],
      ['nothing in it', 'a sealed bundle', good('a sealed bundle').subarray(0, 39)],
      ['more than the largest bundle', 'a sealed bundle', layout.encodeBundle({ ...bundle, sealed: new Uint8Array(8193) })],
      ['a sequence over 2^53', 'a slot of descriptors', at(good('a slot of descriptors'), 32, Uint8Array.of(0, 32))],
      ['five of four', 'a slot of descriptors', layout.encodeSlot([1, 2, 3, 4, 5].map(slotOf))],
      ['nothing in it', 'a slot of descriptors', emptyBytes],
      ['a flag of neither', 'an envelope', at(good('an envelope'), 0, Uint8Array.of(2))],
      ['nothing in it', 'an envelope', layout.encodeWaiting(id, 11, 19, emptyBytes)],
      ['more than the largest envelope', 'an envelope', layout.encodeWaiting(id, 11, 19, new Uint8Array(65_537))],
      ['more than a digest', 'an envelope', concat(layout.encodeAcked(other), emptyBytes, Uint8Array.of(1))],
      ['an envelope of no bytes', 'the place of an envelope', layout.encodeOrder(payloadKey, 0, digestKey, other)],
      ['too large an envelope', 'the place of an envelope', layout.encodeOrder(payloadKey, 65_537, digestKey, other)],
      ['an envelope before its mailbox', 'the digest of an envelope', numbers(20, 4, 4)],
      ['a slot that is owned', 'what a mailbox owns', layout.ownedKey(id, 'slot', other)],
      ['no known kind', 'what a mailbox owns', at(good('what a mailbox owns'), 33, Uint8Array.of(1))],
      ['no known kind', 'what expires when', at(good('what expires when'), 7, Uint8Array.of(1))]
    ]
    for (const [what, kind, bytes] of cases) {
      const { again } = rows.find(row => row.kind === kind)!
      assert.throws(() => again(bytes), corrupt(kind), `${kind}: ${what}`)
    }
  })
})

describe('a damaged folder of mailboxes', () => {
  let folder: { directory: string, remove: () => void }
  let clock = setClock()
  const envelopes = [0, 1, 2].map(number => envelopeOf(number))
  let store: MailboxStore

  beforeEach(async () => {
    folder = temporaryFolder()
    clock = setClock()
    store = storeIn(folder.directory, clock, roomyLimits)
    await store.open()
    await provide(store, 'box', 'door')
    for (const one of envelopes) assert.equal(await depositAt(store, 'door', one), 'stored')
  })

  afterEach(async () => {
    await store.close()
    folder.remove()
  })

  /** Closes the store, changes the records of one table, and makes a new store of the folder. */
  async function damage (
    table: keyof typeof layout.tables, change: (value: Uint8Array, at: number) => Uint8Array | undefined
  ): Promise<void> {
    await store.close()
    const db = new Level<Uint8Array, Uint8Array>(folder.directory, { keyEncoding: 'view', valueEncoding: 'view' })
    const prefix = layout.tables[table]
    let at = 0
    for (const [key, value] of await db.iterator({ gte: Uint8Array.of(prefix), lt: Uint8Array.of(prefix + 1) }).all()) {
      const changed = change(value, at++)
      if (changed === undefined) await db.del(key)
      else await db.put(key, changed)
    }
    assert.ok(at > 0, `no ${table}`)
    await db.close()
    store = storeIn(folder.directory, clock, roomyLimits)
  }
  const cut = (value: Uint8Array): Uint8Array => value.slice(0, -1)

  it('is not opened where its version or its totals are damaged or missing', async () => {
    await damage('totals', () => undefined)
    await assert.rejects(store.open(), corrupt('the totals of the store'))
    await damage('format', cut)
    await assert.rejects(store.open(), corrupt('the version of the layout'))
  })

  it('is not opened where its totals are cut off', async () => {
    await damage('totals', cut)
    await assert.rejects(store.open(), corrupt('the totals of the store'))
  })

  it('says which kind of record it was, and does nothing more', async () => {
    const deposit = async (): Promise<unknown> => await depositAt(store, 'door', envelopes[0]!)
    const readers: Array<[keyof typeof layout.tables, string, () => Promise<unknown>]> = [
      ['mailbox', 'a mailbox', deposit],
      ['address', 'an address', deposit],
      ['digest', 'the digest of an envelope', deposit],
      ['order', 'the place of an envelope', async () => await pageOf(store, 'box')],
      ['payload', 'an envelope', async () => await pageOf(store, 'box')]
    ]
    for (const [table, kind, read] of readers) {
      const kept = new Map<number, Uint8Array>()
      await damage(table, (value, at) => {
        kept.set(at, value.slice())
        return table === 'payload' ? value.slice(0, 40) : cut(value)
      })
      await store.open()
      await assert.rejects(read(), corrupt(kind), table)
      await assert.rejects(store.usage(idOf('box')), corrupt(kind), `after ${table}`)
      await damage(table, (_value, at) => kept.get(at))
      await store.open()
      assert.equal((await pageOf(store, 'box')).envelopes.length, 3)
    }
  })

  it('shows nobody the envelope of another place', async () => {
    await damage('payload', value => {
      value = value.slice()
      value[1]! ^= 1
      return value
    })
    await store.open()
    await assert.rejects(pageOf(store, 'box'), corrupt('the place of an envelope'))
  })

  it('never has a count written that fell below zero', async () => {
    await damage('mailbox', value => layout.encodeMailbox({ ...layout.decodeMailbox(value), envelopes: 1, bytes: 64 }))
    await store.open()
    const last = (await pageOf(store, 'box')).envelopes[2]!
    await assert.rejects(store.ackThrough(idOf('box'), last.cursor), corrupt('a mailbox'))
    await store.close()
    store = storeIn(folder.directory, clock, roomyLimits)
    await store.open()
    clock.ms += roomyLimits.retentionMs + hourMs
    await assert.rejects(sweep(store), corrupt('a mailbox'))
  })
})
