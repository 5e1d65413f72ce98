/**
 * Part of the mailbox store contract: mailboxes, addresses, bundles and descriptors.
 */
import assert from 'node:assert/strict'
import { utf8 } from '../../protocol/bytes.ts'
import {
  depositAt, envelopeOf, hourMs, idOf, numbersIn, provide, roomyLimits, sweep, type TestBed
} from './mailbox-store-bed.ts'

/** Mailboxes and what they own; descriptors, which nobody owns. */
export function describeRecords (bed: TestBed): void {
  describe('mailboxes and addresses', () => {
    it('are created once, up to their number', async () => {
      await bed.begin({ mailboxesMax: 2 })
      assert.equal(await bed.store.createMailbox(idOf('owner'), idOf('box')), 'existed')
      assert.equal(await bed.store.createMailbox(idOf('owner'), idOf('second')), 'created')
      assert.equal(await bed.store.createMailbox(idOf('owner'), idOf('third')), 'FULL')
      assert.equal(await bed.store.hasMailbox(idOf('second')), true)
      assert.equal(await bed.store.hasMailbox(idOf('third')), false)
      await bed.store.dropMailbox(idOf('second'))
      assert.equal(await bed.store.hasMailbox(idOf('second')), false)
      assert.equal(await bed.store.createMailbox(idOf('owner'), idOf('third')), 'created')
    })

    it('are refused without a mailbox, over their number, and where another has the address', async () => {
      await bed.begin({ addressesPerMailboxMax: 2 })
      await bed.store.createMailbox(idOf('owner'), idOf('other'))
      const limits = { envelopesMax: 1, expiresAt: bed.clock.ms + hourMs }
      assert.equal(await bed.store.openAddress(idOf('no such box'), idOf('x'), limits), 'UNKNOWN_MAILBOX')
      assert.equal(await bed.store.openAddress(idOf('other'), idOf('door'), limits), 'BAD_REQUEST')
      assert.equal(await bed.store.openAddress(idOf('box'), idOf('second'), limits), 'opened')
      assert.equal(await bed.store.openAddress(idOf('box'), idOf('third'), limits), 'QUOTA')
      assert.equal(
        await bed.store.openAddress(idOf('box'), idOf('second'), { ...limits, envelopesMax: 2 }), 'opened'
      )
      const results = await Promise.all(
        [1, 2, 3].map(async number => await depositAt(bed.store, 'second', envelopeOf(number)))
      )
      assert.deepEqual(results, ['stored', 'stored', 'QUOTA'])
    })

    it('take nothing once closed, by their own mailbox only, and keep what came', async () => {
      await bed.begin()
      await bed.store.createMailbox(idOf('owner'), idOf('other'))
      await depositAt(bed.store, 'door', envelopeOf(1))
      await bed.store.closeAddress(idOf('other'), idOf('door'))
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(2)), 'stored')
      await bed.store.closeAddress(idOf('box'), idOf('door'))
      await bed.store.closeAddress(idOf('box'), idOf('door'))
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(3)), 'UNKNOWN_ADDRESS')
      assert.deepEqual(await numbersIn(bed.store, 'box'), [1, 2])
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 2, bytes: 128, addresses: 0 })
    })

    it('that are dropped leave nothing behind', async () => {
      await bed.begin()
      for (let number = 0; number < 20; number++) await depositAt(bed.store, 'door', envelopeOf(number))
      await publish(bed, 'box', 'shelf', { oneTime: false })
      await bed.store.dropMailbox(idOf('box'))
      await bed.store.dropMailbox(idOf('box'))
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(20)), 'UNKNOWN_ADDRESS')
      assert.equal(await bed.store.takeBundle(idOf('shelf')), undefined)
      assert.deepEqual(await numbersIn(bed.store, 'box'), [])
      const { mailboxes, envelopes, bytes } = await bed.store.stats()
      assert.deepEqual({ mailboxes, envelopes, bytes }, { mailboxes: 0, envelopes: 0, bytes: 0 })
      await provide(bed.store, 'box', 'door')
      await depositAt(bed.store, 'door', envelopeOf(21))
      assert.deepEqual(await numbersIn(bed.store, 'box'), [21])
      bed.clock.ms += roomyLimits.retentionMs
      await sweep(bed.store)
      assert.deepEqual(await bed.store.usage(idOf('box')), { envelopes: 0, bytes: 0, addresses: 1 })
    })
  })

  describe('bundles', () => {
    it('are handed out: a one-time bundle to one of those who ask, and never again', async () => {
      await bed.begin()
      assert.equal(await publish(bed, 'box', 'shelf', { oneTime: true }), 'published')
      const taken = await Promise.all(
        Array.from({ length: 10 }, async () => await bed.store.takeBundle(idOf('shelf')))
      )
      assert.deepEqual(taken.filter(bundle => bundle !== undefined), [utf8('sealed')])
      await bed.reopen()
      assert.equal(await bed.store.takeBundle(idOf('shelf')), undefined)
    })

    it('are handed out again and again if reusable, the last published one, until they expire', async () => {
      await bed.begin()
      await publish(bed, 'box', 'shelf', { oneTime: true })
      await publish(bed, 'box', 'shelf', { oneTime: false, sealed: utf8('sealed anew') })
      await bed.reopen()
      for (let round = 0; round < 3; round++) assert.deepEqual(
        await bed.store.takeBundle(idOf('shelf')), utf8('sealed anew')
      )
      bed.clock.ms += hourMs
      assert.equal(await bed.store.takeBundle(idOf('shelf')), undefined)
      assert.equal(await sweep(bed.store), 1)
    })

    it('are refused without a mailbox, over its number, and where another one is', async () => {
      await bed.begin({ bundlesPerMailboxMax: 2 })
      await bed.store.createMailbox(idOf('owner'), idOf('other'))
      assert.equal(await publish(bed, 'no such box', 'shelf', {}), 'UNKNOWN_MAILBOX')
      assert.equal(await publish(bed, 'box', 'shelf', {}), 'published')
      assert.equal(await publish(bed, 'other', 'shelf', {}), 'BAD_REQUEST')
      assert.equal(await publish(bed, 'box', 'shelf 2', {}), 'published')
      assert.equal(await publish(bed, 'box', 'shelf', {}), 'published')
      assert.equal(await publish(bed, 'box', 'shelf 3', {}), 'QUOTA')
      await bed.store.withdrawBundle(idOf('other'), idOf('shelf'))
      assert.deepEqual(await bed.store.takeBundle(idOf('shelf')), utf8('sealed'))
      await bed.store.withdrawBundle(idOf('box'), idOf('shelf'))
      assert.equal(await bed.store.takeBundle(idOf('shelf')), undefined)
      assert.equal(await publish(bed, 'box', 'shelf 3', {}), 'published')
    })
  })

  describe('descriptors', () => {
    const put = async (
      key: string, sequence: number, text = `${key} ${sequence}`, lifetimeMs = hourMs
    ): Promise<string> => {
      const record = {
        bytes: utf8(text), blindedKey: idOf(key), sequence, expiresAt: bed.clock.ms + lifetimeMs
      }
      return await bed.store.putDescriptor(idOf('slot'), record)
    }
    const texts = async (): Promise<string[]> =>
      (await bed.store.getDescriptors(idOf('slot'))).map(bytes => new TextDecoder().decode(bytes))

    it('give way to a higher sequence of the same key only', async () => {
      await bed.begin()
      assert.deepEqual(await texts(), [])
      assert.equal(await put('key', 5), 'stored')
      assert.equal(await put('key', 4), 'STALE')
      assert.equal(await put('key', 5), 'stored')
      assert.equal(await put('key', 5, 'other bytes'), 'STALE')
      assert.equal(await put('key', 2 ** 52), 'stored')
      await bed.reopen()
      assert.equal(await put('key', 2 ** 52 - 1), 'STALE')
      assert.deepEqual(await texts(), [`key ${2 ** 52}`])
    })

    it('share a slot, four keys of them, first come', async () => {
      await bed.begin()
      for (const key of ['a', 'b', 'c', 'd']) assert.equal(await put(key, 1), 'stored')
      assert.equal(await put('e', 9), 'FULL')
      assert.equal(await put('b', 2), 'stored')
      assert.deepEqual(await texts(), ['a 1', 'b 2', 'c 1', 'd 1'])
    })

    it('make room when they expire, each for itself', async () => {
      await bed.begin()
      for (const key of ['a', 'b', 'c']) await put(key, 1)
      await put('d', 1, 'd', 2 * hourMs)
      bed.clock.ms += hourMs
      assert.deepEqual(await texts(), ['d'])
      assert.equal(await put('e', 1), 'stored')
      await sweep(bed.store)
      assert.deepEqual(await texts(), ['d', 'e 1'])
      bed.clock.ms += hourMs
      await sweep(bed.store)
      assert.deepEqual(await texts(), [])
    })

    it('cannot take the room of the envelopes', async () => {
      await bed.begin({ totalBytesMax: 8000 })
      const sizes = await Promise.all(Array.from({ length: 20 }, async (_, at) =>
        await bed.store.putDescriptor(
        idOf(`slot ${at}`), {
          bytes: new Uint8Array(100), blindedKey: idOf('key'), sequence: 1, expiresAt: bed.clock.ms + hourMs
        })))
      assert.equal(sizes.filter(result => result === 'stored').length, 10)
      assert.equal(await depositAt(bed.store, 'door', envelopeOf(1, 8000)), 'stored')
      bed.clock.ms += hourMs
      await sweep(bed.store)
      assert.equal(await put('key', 1), 'stored')
    })
  })
}

async function publish (
  bed: TestBed, mailbox: string, location: string, bundle: { oneTime?: boolean, sealed?: Uint8Array }
): Promise<string> {
  const { oneTime = false, sealed = utf8('sealed') } = bundle
  const expiresAt = bed.clock.ms + hourMs
  return await bed.store.publishBundle(
    idOf(mailbox), { location: idOf(location), sealed, oneTime, expiresAt }
  )
}
