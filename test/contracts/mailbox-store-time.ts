/**
 * Part of the mailbox store contract: what time does, and restarts.
 */
import assert from 'node:assert/strict'
import { compare } from '../../protocol/bytes.ts'
import {
  depositAt, envelopeOf, hourMs, idOf, numbersIn, pageOf, provide, roomyLimits, sweep, type TestBed
} from './mailbox-store-bed.ts'

/** What has expired is gone, and nothing else. */
export function describeTime (bed: TestBed): void {
  describe('expiry', () => {
    it('hides what has expired before it is swept, and no earlier', async () => {
      await bed.begin()
      await depositAt(bed.store, 'door', envelopeOf(1))
      bed.clock.ms += 1000
      await depositAt(bed.store, 'door', envelopeOf(2))
      bed.clock.ms += roomyLimits.retentionMs - 1001
      assert.deepEqual(await numbersIn(bed.store, 'box'), [1, 2])
      bed.clock.ms += 1
      assert.deepEqual(await numbersIn(bed.store, 'box'), [2])
      assert.equal((await pageOf(bed.store, 'box')).drained, true)
    })

    it('sweeps no more than it was allowed, and says when it is done', async () => {
      await bed.begin()
      for (let number = 0; number < 25; number++) await depositAt(bed.store, 'door', envelopeOf(number))
      assert.deepEqual(await bed.store.expire(10), { removed: 0, done: true })
      bed.clock.ms += roomyLimits.retentionMs
      assert.deepEqual(await bed.store.expire(10), { removed: 10, done: false })
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 15, bytes: 15 * 64, addresses: 1 })
      assert.deepEqual(await bed.store.expire(10), { removed: 10, done: false })
      assert.deepEqual(await bed.store.expire(10), { removed: 5, done: true })
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 0, bytes: 0, addresses: 1 })
      assert.equal((await bed.store.stats()).envelopes, 0)
    })

    it('takes acked and waiting envelopes, once each, and the quota of the address with them', async () => {
      await bed.begin()
      await provide(bed.store, 'box', 'narrow door', 4)
      for (let number = 0; number < 4; number++) await depositAt(
        bed.store, 'narrow door', envelopeOf(number)
      )
      await bed.store.ackThrough(idOf('box'), (await pageOf(bed.store, 'box')).envelopes[1]!.cursor)
      bed.clock.ms += roomyLimits.retentionMs
      assert.equal(await sweep(bed.store), 4)
      const results = await Promise.all(
        [1, 2, 3, 4, 5].map(async number => await depositAt(bed.store, 'narrow door', envelopeOf(number)))
      )
      assert.deepEqual(results, ['stored', 'stored', 'stored', 'stored', 'QUOTA'])
    })

    it('closes an address: EXPIRED before the sweep, UNKNOWN_ADDRESS after', async () => {
      await bed.begin()
      const limits = { envelopesMax: 10, expiresAt: bed.clock.ms + 1000 }
      await bed.store.openAddress(idOf('box'), idOf('short door'), limits)
      assert.equal(await depositAt(bed.store, 'short door', envelopeOf(1)), 'stored')
      bed.clock.ms += 1000
      assert.equal(await depositAt(bed.store, 'short door', envelopeOf(2)), 'EXPIRED')
      assert.equal(await sweep(bed.store), 1)
      assert.equal(await depositAt(bed.store, 'short door', envelopeOf(2)), 'UNKNOWN_ADDRESS')
      assert.equal((await bed.store.usage(idOf('box'))).addresses, 1)
      assert.deepEqual(await numbersIn(bed.store, 'box'), [1])
    })

    it('follows the last word on an address', async () => {
      await bed.begin()
      const { ms } = bed.clock
      for (const expiresAt of [ms + 1000, ms + 5000, ms + 3000]) {
        await bed.store.openAddress(idOf('box'), idOf('short door'), { envelopesMax: 10, expiresAt })
      }
      bed.clock.ms += 2000
      assert.equal(await sweep(bed.store), 0)
      assert.equal(await depositAt(bed.store, 'short door', envelopeOf(1)), 'stored')
      bed.clock.ms += 1000
      assert.equal(await sweep(bed.store), 1)
      assert.equal(await depositAt(bed.store, 'short door', envelopeOf(2)), 'UNKNOWN_ADDRESS')
    })
  })

  describe('a restart', () => {
    it('keeps order and contents, and places above earlier ones, though the clock goes back', async () => {
      await bed.begin()
      const cursors: Uint8Array[] = []
      for (let round = 0; round < 4; round++) {
        for (let at = 0; at < 10; at++) await depositAt(bed.store, 'door', envelopeOf(round * 10 + at))
        const page = await pageOf(bed.store, 'box')
        const last = page.envelopes.at(-1)!.cursor
        cursors.push(last)
        if (round === 2) await bed.store.ackThrough(idOf('box'), page.envelopes[24]!.cursor)
        bed.clock.ms -= 24 * hourMs
        await bed.reopen()
      }
      assert.deepEqual(await numbersIn(bed.store, 'box'), Array.from({ length: 15 }, (_, at) => 25 + at))
      for (let at = 1; at < cursors.length; at++) assert.ok(compare(cursors[at - 1]!, cursors[at]!) < 0)
      // What was stored first expires last now; nothing is lost before its time, and nothing stays.
      bed.clock.ms += 48 * hourMs
      await sweep(bed.store)
      assert.deepEqual(await numbersIn(bed.store, 'box'), [25, 26, 27, 28, 29])
      bed.clock.ms += 48 * hourMs
      await sweep(bed.store)
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 0, bytes: 0, addresses: 1 })
    })

    it('of a dropped and recreated mailbox leaves no cursor that hides what comes', async () => {
      await bed.begin()
      for (let number = 0; number < 20; number++) await depositAt(bed.store, 'door', envelopeOf(number))
      const after = (await pageOf(bed.store, 'box')).envelopes.at(-1)!.cursor
      await bed.store.dropMailbox(idOf('box'))
      bed.clock.ms -= hourMs
      await bed.reopen()
      await provide(bed.store, 'box', 'door')
      await depositAt(bed.store, 'door', envelopeOf(20))
      assert.equal((await pageOf(bed.store, 'box', { after })).envelopes.length, 1)
    })

    it('keeps what was promised under longer retention', async () => {
      await bed.begin()
      await depositAt(bed.store, 'door', envelopeOf(1))
      await bed.reopen({ ...roomyLimits, retentionMs: hourMs })
      bed.clock.ms += 2 * hourMs
      await sweep(bed.store)
      assert.deepEqual(await numbersIn(bed.store, 'box'), [1])
    })

    it('is needed before anything else, and nothing works after close', async () => {
      await bed.begin()
      await bed.store.close()
      await assert.rejects(pageOf(bed.store, 'box'), { code: 'STORE_FAILED' })
      await assert.rejects(depositAt(bed.store, 'door', envelopeOf(1)), { code: 'STORE_FAILED' })
      await bed.store.close()
    })
  })
}
