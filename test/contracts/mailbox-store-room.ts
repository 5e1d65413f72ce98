/**
 * Part of the mailbox store contract: quotas, and acks, which give room.
 */
import assert from 'node:assert/strict'
import {
  depositAt, envelopeOf, idOf, numberOf, numbersIn, pageOf, provide, type TestBed
} from './mailbox-store-bed.ts'

/** Room is counted exactly. `drainCount`: envelopes of the large backlog. */
export function describeRoom (bed: TestBed, drainCount: number): void {
  describe('quota', () => {
    it('is exact for a mailbox, by count, under deposits that come at once', async () => {
      await bed.begin({ mailboxEnvelopesMax: 37 })
      const results = await Promise.all(
        Array.from(
          { length: 100 }, async (_, number) => await depositAt(bed.store, 'door', envelopeOf(number))
        ))
      assert.equal(results.filter(result => result === 'stored').length, 37)
      assert.equal(results.filter(result => result === 'QUOTA').length, 63)
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 37, bytes: 37 * 64, addresses: 1 })
    })

    it('is exact for a mailbox, by bytes', async () => {
      await bed.begin({ mailboxBytesMax: 640 })
      const results = await Promise.all(
        Array.from(
          { length: 100 }, async (_, number) => await depositAt(bed.store, 'door', envelopeOf(number))
        ))
      assert.equal(results.filter(result => result === 'stored').length, 10)
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(100, 8)), 'QUOTA')
    })

    it('is exact for an address, and leaves other addresses alone', async () => {
      await bed.begin()
      await provide(bed.store, 'box', 'narrow door', 5)
      const results = await Promise.all(
        Array.from(
          { length: 20 }, async (_, number) => await depositAt(bed.store, 'narrow door', envelopeOf(number))
        ))
      assert.equal(results.filter(result => result === 'stored').length, 5)
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(1)), 'stored')
    })

    it('counts only what is not acked, also after a restart', async () => {
      await bed.begin({ mailboxEnvelopesMax: 3 })
      for (let number = 0; number < 3; number++) await depositAt(bed.store, 'door', envelopeOf(number))
      await bed.reopen()
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(3)), 'QUOTA')
      const { envelopes } = await pageOf(bed.store, 'box')
      assert.equal(await bed.store.ackThrough(idOf('box'), envelopes[1]!.cursor), 2)
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(4)), 'stored')
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(5)), 'stored')
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(6)), 'QUOTA')
      assert.deepEqual(await numbersIn(bed.store, 'box'), [2, 4, 5])
    })

    it('of an address that was closed and opened anew does not count what came before', async () => {
      await bed.begin()
      await provide(bed.store, 'box', 'narrow door', 2)
      for (const number of [1, 2]) assert.equal(
        await depositAt(bed.store, 'narrow door', envelopeOf(number)), 'stored'
      )
      await bed.store.closeAddress(idOf('box'), idOf('narrow door'))
      await provide(bed.store, 'box', 'narrow door', 2)
      assert.equal(await depositAt(bed.store, 'narrow door', envelopeOf(3)), 'stored')
      const { envelopes } = await pageOf(bed.store, 'box')
      assert.equal(await bed.store.ackThrough(idOf('box'), envelopes[1]!.cursor), 2)
      assert.equal(await depositAt(bed.store, 'narrow door', envelopeOf(4)), 'stored')
      assert.equal(await depositAt(bed.store, 'narrow door', envelopeOf(5)), 'QUOTA')
    })

    it('tells the owner that senders were refused, until the mailbox is drained', async () => {
      await bed.begin({ mailboxEnvelopesMax: 2 })
      for (let number = 0; number < 2; number++) await depositAt(bed.store, 'door', envelopeOf(number))
      assert.equal((await pageOf(bed.store, 'box')).refusedSome, false)
      await depositAt(bed.store, 'door', envelopeOf(2))
      await bed.reopen()
      assert.equal((await pageOf(bed.store, 'box', { envelopesMax: 1 })).refusedSome, true)
      assert.equal((await pageOf(bed.store, 'box')).refusedSome, true)
      assert.equal((await pageOf(bed.store, 'box')).refusedSome, false)
      await bed.reopen()
      assert.equal((await pageOf(bed.store, 'box')).refusedSome, false)
    })

    it('says FULL when all mailboxes together have no room, and takes again after an ack', async () => {
      await bed.begin({ totalBytesMax: 640 })
      await provide(bed.store, 'other', 'other door')
      for (let number = 0; number < 5; number++) {
        assert.equal(await depositAt(bed.store, 'door', envelopeOf(number)), 'stored')
        assert.equal(await depositAt(bed.store, 'other door', envelopeOf(number)), 'stored')
      }
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(9)), 'FULL')
      assert.equal((await pageOf(bed.store, 'box')).refusedSome, false)
      await bed.store.ackThrough(idOf('other'), (await pageOf(bed.store, 'other')).envelopes[0]!.cursor)
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(9)), 'stored')
      assert.deepEqual(await bed.store.stats().then(
        ({ mailboxes, envelopes, bytes }) => ({ mailboxes, envelopes, bytes })
      ),
        { mailboxes: 2, envelopes: 10, bytes: 640 })
    })

    it('leaves no trace of a refusal: later it is stored, as if it came first', async () => {
      await bed.begin({ mailboxEnvelopesMax: 1 })
      await depositAt(bed.store, 'door', envelopeOf(1))
      const envelope = envelopeOf(2)
      assert.equal(await depositAt(bed.store, 'door', envelope), 'QUOTA')
      await bed.store.ackThrough(idOf('box'), (await pageOf(bed.store, 'box')).envelopes[0]!.cursor)
      assert.equal(await depositAt(bed.store, 'door', envelope), 'stored')
    })
  })

  describe('acks', () => {
    it('delete once, and say how many', async () => {
      await bed.begin()
      for (let number = 0; number < 5; number++) await depositAt(bed.store, 'door', envelopeOf(number))
      const { envelopes } = await pageOf(bed.store, 'box')
      assert.equal(await bed.store.ackThrough(idOf('box'), envelopes[2]!.cursor), 3)
      assert.equal(await bed.store.ackThrough(idOf('box'), envelopes[2]!.cursor), 0)
      assert.equal(await bed.store.ackThrough(idOf('box'), envelopes[0]!.cursor), 0)
      assert.deepEqual(await numbersIn(bed.store, 'box'), [3, 4])
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 2, bytes: 128, addresses: 1 })
      assert.equal(await bed.store.ackThrough(idOf('no such box'), envelopes[2]!.cursor), 0)
    })

    it('count each envelope once when they come at once, with deposits between them', async () => {
      await bed.begin()
      for (let number = 0; number < 100; number++) await depositAt(bed.store, 'door', envelopeOf(number))
      const { envelopes } = await pageOf(bed.store, 'box')
      const counts = await Promise.all(envelopes.flatMap(({ cursor }, at) => [
        bed.store.ackThrough(idOf('box'), cursor),
        depositAt(bed.store, 'door', envelopeOf(100 + at)).then(() => 0)
      ]))
      assert.equal(counts.reduce((sum, count) => sum + count, 0), 100)
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 100, bytes: 6400, addresses: 1 })
      assert.equal((await numbersIn(bed.store, 'box')).length, 100)
    })

    it('of another mailbox do not touch this one', async () => {
      await bed.begin()
      await provide(bed.store, 'other', 'other door')
      await depositAt(bed.store, 'door', envelopeOf(1))
      await depositAt(bed.store, 'other door', envelopeOf(2))
      await bed.store.ackThrough(idOf('other'), (await pageOf(bed.store, 'box')).envelopes[0]!.cursor)
      assert.deepEqual(await numbersIn(bed.store, 'box'), [1])
    })

    it('drain a large backlog without slowing down towards its end', async function () {
      this.timeout(120_000)
      await bed.begin()
      for (let from = 0; from < drainCount; from += 2000) {
        await Promise.all(Array.from(
          { length: 2000 }, async (_, at) => await depositAt(bed.store, 'door', envelopeOf(from + at))
        ))
      }
      const pageMs: number[] = []
      let expected = 0
      for (;;) {
        const start = performance.now()
        const page = await pageOf(bed.store, 'box', { envelopesMax: 500 })
        pageMs.push(performance.now() - start)
        for (const { envelope } of page.envelopes) assert.equal(numberOf(envelope), expected++)
        if (page.drained) break
        await bed.store.ackThrough(idOf('box'), page.envelopes.at(-1)!.cursor)
      }
      assert.equal(expected, drainCount)
      const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
      const tenth = Math.ceil(pageMs.length / 10)
      const ratio = median(pageMs.slice(-1 - tenth, -1)) / median(pageMs.slice(0, tenth))
      assert.ok(ratio < 6, `the last pages take ${ratio.toFixed(1)} times as long as the first`)
    })
  })
}
