/**
 * Part of the mailbox store contract: deposits, pages, duplicates.
 */
import assert from 'node:assert/strict'
import { compare } from '../../protocol/bytes.ts'
import {
  depositAt, envelopeOf, idOf, numberOf, numbersIn, pageOf, provide, roomyLimits, sweep, type TestBed
} from './mailbox-store-bed.ts'

/** What is deposited is given back, in order, once. */
export function describeDeposits (bed: TestBed): void {
  describe('deposits and pages', () => {
    it('gives an empty page of a mailbox that holds nothing, and of one that is not there', async () => {
      await bed.begin()
      const empty = { envelopes: [], drained: true, refusedSome: false }
      assert.deepEqual(await pageOf(bed.store, 'box'), empty)
      assert.deepEqual(await pageOf(bed.store, 'no such box'), empty)
    })

    it('gives back in order what was deposited, byte for byte, with its address and time', async () => {
      await bed.begin()
      await provide(bed.store, 'box', 'back door')
      const first = envelopeOf(1, 1024)
      const second = envelopeOf(2, 65_536)
      const stored = await bed.store.deposit({ addressHash: idOf('door'), envelope: first })
      assert.deepEqual(
        stored, { status: 'stored', until: bed.clock.ms + roomyLimits.retentionMs, mailbox: idOf('box') }
      )
      bed.clock.ms += 7
      await depositAt(bed.store, 'back door', second)
      const page = await pageOf(bed.store, 'box')
      assert.deepEqual(page.envelopes.map(({ cursor: _cursor, ...rest }) => rest), [
        { addressHash: idOf('door'), envelope: first, receivedAt: bed.clock.ms - 7 },
        { addressHash: idOf('back door'), envelope: second, receivedAt: bed.clock.ms }
      ])
      assert.equal(page.drained, true)
    })

    it('cuts a page by count and by bytes, but never to nothing, and goes on after a cursor', async () => {
      await bed.begin()
      for (let number = 0; number < 10; number++) await depositAt(bed.store, 'door', envelopeOf(number, 100))
      const byCount = await pageOf(bed.store, 'box', { envelopesMax: 3 })
      assert.deepEqual(byCount.envelopes.map(({ envelope }) => numberOf(envelope)), [0, 1, 2])
      assert.equal(byCount.drained, false)
      const rest = await pageOf(bed.store, 'box', { after: byCount.envelopes[2]!.cursor, envelopesMax: 7 })
      assert.deepEqual(rest.envelopes.map(({ envelope }) => numberOf(envelope)), [3, 4, 5, 6, 7, 8, 9])
      assert.equal(rest.drained, true)
      assert.equal((await pageOf(bed.store, 'box', { bytesMax: 250 })).envelopes.length, 2)
      assert.equal((await pageOf(bed.store, 'box', { bytesMax: 300 })).envelopes.length, 3)
      assert.equal((await pageOf(bed.store, 'box', { bytesMax: 1 })).envelopes.length, 1)
    })

    it('orders cursors bytewise, and shows nothing of other mailboxes in them', async () => {
      await bed.begin()
      await provide(bed.store, 'other', 'other door')
      const place = async (): Promise<Uint8Array> => (
        await pageOf(bed.store, 'box')
      ).envelopes.at(-1)!.cursor
      await depositAt(bed.store, 'door', envelopeOf(1))
      const before = await place()
      for (let number = 0; number < 50; number++) await depositAt(
        bed.store, 'other door', envelopeOf(number)
      )
      await depositAt(bed.store, 'door', envelopeOf(2))
      const after = await place()
      assert.ok(compare(before, after) < 0)
      const asNumber = (cursor: Uint8Array): bigint => BigInt(`0x${Buffer.from(cursor).toString('hex')}`)
      assert.equal(asNumber(after) - asNumber(before), 1n)
    })

    it('never misses an acknowledged deposit after a cursor given out while others came', async () => {
      await bed.begin()
      const acknowledged = new Set<number>()
      const seen = new Set<number>()
      let after: Uint8Array | undefined
      let left = 400
      let next = 0
      const writers = Array.from({ length: 16 }, async () => {
        while (left-- > 0) {
          const number = next++
          await depositAt(bed.store, 'door', envelopeOf(number))
          acknowledged.add(number)
        }
      })
      const reading = (async () => {
        for (;;) {
          const isLast = acknowledged.size === 400
          const page = await bed.store.page(idOf('box'), { after, envelopesMax: 7, bytesMax: 2 ** 20 })
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
      await bed.begin()
      await depositAt(bed.store, 'door', envelopeOf(1))
      for (const after of [
        new Uint8Array(0), new Uint8Array(3), new Uint8Array(32).fill(255), new Uint8Array(8).fill(255)
      ]) {
        assert.equal((await pageOf(bed.store, 'box', { after })).envelopes.length, 1)
        assert.equal(await bed.store.ackThrough(idOf('box'), after), 0)
      }
    })
  })

  describe('duplicates', () => {
    it('knows the same envelope at the same address, also after its ack and after a restart', async () => {
      await bed.begin()
      await provide(bed.store, 'box', 'back door')
      const envelope = envelopeOf(1)
      const first = await bed.store.deposit({ addressHash: idOf('door'), envelope })
      bed.clock.ms += 1000
      const duplicate = { ...first, status: 'duplicate' }
      assert.deepEqual(await bed.store.deposit({ addressHash: idOf('door'), envelope }), duplicate)
      assert.equal(await depositAt(bed.store, 'back door', envelope), 'stored')
      assert.equal((await pageOf(bed.store, 'box')).envelopes.length, 2)
      await bed.store.ackThrough(idOf('box'), (await pageOf(bed.store, 'box')).envelopes[1]!.cursor)
      assert.deepEqual(await bed.store.deposit({ addressHash: idOf('door'), envelope }), duplicate)
      await bed.reopen()
      assert.deepEqual(await bed.store.deposit({ addressHash: idOf('door'), envelope }), duplicate)
      assert.equal((await pageOf(bed.store, 'box')).envelopes.length, 0)
    })

    it('stores one of many that come at once', async () => {
      await bed.begin()
      const envelope = envelopeOf(1)
      const results = await Promise.all(
        Array.from({ length: 50 }, async () => await depositAt(bed.store, 'door', envelope))
      )
      assert.equal(results.filter(result => result === 'stored').length, 1)
      assert.equal(results.filter(result => result === 'duplicate').length, 49)
      assert.equal((await bed.store.usage(idOf('box'))).envelopes, 1)
    })

    it('forgets an envelope when it expires: stored anew, it survives the sweep of the old', async () => {
      await bed.begin()
      const envelope = envelopeOf(1)
      await depositAt(bed.store, 'door', envelope)
      bed.clock.ms += roomyLimits.retentionMs
      assert.equal(await depositAt(bed.store, 'door', envelope), 'stored')
      await sweep(bed.store)
      assert.deepEqual(await numbersIn(bed.store, 'box'), [1])
      assert.equal(await depositAt(bed.store, 'door', envelope), 'duplicate')
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 1, bytes: 64, addresses: 1 })
    })

    it('forgets what was in a mailbox that was dropped: what is gone is stored anew', async () => {
      await bed.begin()
      const [waiting, acked] = [envelopeOf(1), envelopeOf(2)]
      const bothAgain = async (): Promise<string[]> => [
        await depositAt(bed.store, 'door', acked), await depositAt(bed.store, 'door', waiting)
      ]
      const dropAndProvide = async (): Promise<void> => {
        await bed.store.dropMailbox(idOf('box'))
        await provide(bed.store, 'box', 'door')
      }
      await depositAt(bed.store, 'door', acked)
      await bed.store.ackThrough(idOf('box'), (await pageOf(bed.store, 'box')).envelopes[0]!.cursor)
      await depositAt(bed.store, 'door', waiting)
      await dropAndProvide()
      assert.deepEqual(await bothAgain(), ['stored', 'stored'])
      assert.deepEqual(await numbersIn(bed.store, 'box'), [2, 1])
      assert.deepEqual(await bothAgain(), ['duplicate', 'duplicate'])
      await dropAndProvide()
      await bed.reopen()
      assert.deepEqual(await bothAgain(), ['stored', 'stored'])
      await bed.reopen()
      assert.deepEqual(await bothAgain(), ['duplicate', 'duplicate'])
      // What the earlier mailboxes left is swept without what is there now.
      bed.clock.ms += 1
      await depositAt(bed.store, 'door', envelopeOf(3))
      bed.clock.ms += roomyLimits.retentionMs - 1
      await sweep(bed.store)
      assert.deepEqual(await numbersIn(bed.store, 'box'), [3])
      assert.deepEqual(await bothAgain(), ['stored', 'stored'])
    })

    it('knows an envelope at an address that was closed and opened anew, waiting or acked', async () => {
      await bed.begin()
      const envelope = envelopeOf(1)
      const reopenDoor = async (): Promise<void> => {
        await bed.store.closeAddress(idOf('box'), idOf('door'))
        assert.equal(await depositAt(bed.store, 'door', envelope), 'UNKNOWN_ADDRESS')
        await provide(bed.store, 'box', 'door')
      }
      await depositAt(bed.store, 'door', envelope)
      await reopenDoor()
      assert.equal(await depositAt(bed.store, 'door', envelope), 'duplicate')
      const { envelopes } = await pageOf(bed.store, 'box')
      assert.equal(envelopes.length, 1)
      await bed.store.ackThrough(idOf('box'), envelopes[0]!.cursor)
      await reopenDoor()
      await bed.reopen()
      assert.equal(await depositAt(bed.store, 'door', envelope), 'duplicate')
    })

    it('of an address that went to another mailbox are not what the first one has', async () => {
      await bed.begin()
      const envelope = envelopeOf(1)
      await depositAt(bed.store, 'door', envelope)
      await bed.store.closeAddress(idOf('box'), idOf('door'))
      await provide(bed.store, 'other', 'door')
      assert.equal(await depositAt(bed.store, 'door', envelope), 'stored')
      await bed.reopen()
      assert.equal(await depositAt(bed.store, 'door', envelope), 'duplicate')
      assert.deepEqual(await numbersIn(bed.store, 'other'), [1])
      assert.deepEqual(await numbersIn(bed.store, 'box'), [1])
      bed.clock.ms += roomyLimits.retentionMs
      await sweep(bed.store)
      for (const box of ['box', 'other']) {
        const { envelopes, bytes } = await bed.store.usage(idOf(box))
        assert.deepEqual({ envelopes, bytes }, { envelopes: 0, bytes: 0 })
      }
    })

    it('says duplicate, not QUOTA, of what a full mailbox has', async () => {
      await bed.begin({ mailboxEnvelopesMax: 1 })
      const envelope = envelopeOf(1)
      await depositAt(bed.store, 'door', envelope)
      assert.equal(await depositAt(bed.store, 'door', envelope), 'duplicate')
    })
  })
}
