/** Random histories, with restarts, of the store on disk against the one in memory. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { u32be } from '../../../protocol/bytes.ts'
import type { MailboxLimits, MailboxStore } from '../../../relay/core/ports.ts'
import { hourMs, idOf, setClock, type SetClock } from '../../contracts/mailbox-store-bed.ts'
import { levelPlace, memoryPlace } from './places.ts'

const limits: MailboxLimits = {
  retentionMs: 10 * hourMs,
  mailboxEnvelopesMax: 12,
  mailboxBytesMax: 1200,
  addressesPerMailboxMax: 3,
  bundlesPerMailboxMax: 2,
  mailboxesMax: 2,
  totalBytesMax: 1600
}

/**
 * One step: what it does to a store, and what it answers. Cursors are remembered by the place they
 * came from.
 */
type Step = { title: string, run: (
  store: MailboxStore, clock: SetClock, cursors: Map<string, Uint8Array>
) => Promise<unknown> }

const boxes = fc.constantFrom('box 1', 'box 2', 'box 3')
const doors = fc.constantFrom('door 1', 'door 2', 'door 3', 'door 4')
const shelves = fc.constantFrom('shelf 1', 'shelf 2', 'shelf 3')
const envelopes = fc.record({ number: fc.nat(15), bytes: fc.constantFrom(50, 100, 200) })
const lifetimes = fc.constantFrom(0, 3 * hourMs, 1000 * hourMs)

function envelope ({ number, bytes }: { number: number, bytes: number }): Uint8Array {
  const filled = new Uint8Array(bytes).fill(number)
  filled.set(u32be(number))
  return filled
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: boxes.map(box => ({ title: `create ${box}`, run: async (store: MailboxStore) =>
    await store.createMailbox(idOf(`owner of ${box}`), idOf(box)) })) },
  { weight: 1, arbitrary: boxes.map(box => ({ title: `drop ${box}`, run: async (store: MailboxStore) => {
    await store.dropMailbox(idOf(box))
    return await store.hasMailbox(idOf(box))
  } })) },
  { weight: 6, arbitrary: fc.tuple(
    boxes, doors, fc.constantFrom(0, 2, 100), lifetimes
  ).map(([box, door, envelopesMax, lifetimeMs]) => ({
    title: `open ${door} of ${box} for ${envelopesMax}, ${lifetimeMs} ms`,
    run: async (store: MailboxStore, clock: SetClock) =>
      await store.openAddress(idOf(box), idOf(door), { envelopesMax, expiresAt: clock.ms + lifetimeMs })
  })) },
  { weight: 1, arbitrary: fc.tuple(boxes, doors).map(([box, door]) => ({
    title: `close ${door} of ${box}`, run: async (store: MailboxStore) => {
      await store.closeAddress(idOf(box), idOf(door))
    }
  })) },
  { weight: 20, arbitrary: fc.array(
    fc.tuple(doors, envelopes), { minLength: 1, maxLength: 6 }
  ).map(deposits => ({
    title: `deposit ${deposits.map(([door, { number, bytes }]) =>
      `${number}/${bytes} at ${door}`).join(', ')}`,
    run: async (store: MailboxStore) => await Promise.all(deposits.map(async ([door, what]) =>
      await store.deposit({ addressHash: idOf(door), envelope: envelope(what) })))
  })) },
  { weight: 10, arbitrary: fc.tuple(boxes, fc.nat(6), fc.constantFrom(1, 250, 10_000), fc.boolean()).map(
    ([box, envelopesMax, bytesMax, fromStart]) => ({
      title: `page of ${box}, ${envelopesMax} envelopes, ${bytesMax} bytes, ${fromStart ? 'all' : 'on'}`,
      run: async (store: MailboxStore, _: SetClock, cursors: Map<string, Uint8Array>) => {
        const after = fromStart ? undefined : cursors.get(box)
        const page = await store.page(idOf(box), { after, envelopesMax, bytesMax })
        const last = page.envelopes.at(-1)
        if (last !== undefined) cursors.set(box, last.cursor)
        return page
      }
    })) },
  { weight: 6, arbitrary: boxes.map(box => ({
    title: `ack ${box} through the last cursor`,
    run: async (store: MailboxStore, _: SetClock, cursors: Map<string, Uint8Array>) =>
      await store.ackThrough(idOf(box), cursors.get(box) ?? new Uint8Array(8))
  })) },
  { weight: 3, arbitrary: fc.constantFrom(-5 * hourMs, 1, hourMs, 4 * hourMs, 11 * hourMs).map(ms => ({
    title: `the clock moves by ${ms} ms`, run: async (_: MailboxStore, clock: SetClock) => { clock.ms += ms }
  })) },
  { weight: 3, arbitrary: fc.constant({ title: 'sweep', run: async (store: MailboxStore) => {
    while (!(await store.expire(3)).done);
  } }) },
  { weight: 3, arbitrary: fc.tuple(
    boxes, shelves, fc.boolean(), lifetimes, fc.nat(9)
  ).map(([box, shelf, oneTime, lifetimeMs, byte]) => ({
    title: `publish ${byte} of ${box} on ${shelf}, ${oneTime ? 'once' : 'reusable'}, ${lifetimeMs} ms`,
    run: async (store: MailboxStore, clock: SetClock) => await store.publishBundle(idOf(box), {
      location: idOf(shelf), sealed: Uint8Array.of(byte), oneTime, expiresAt: clock.ms + lifetimeMs
    })
  })) },
  { weight: 1, arbitrary: fc.tuple(boxes, shelves).map(([box, shelf]) => ({
    title: `withdraw ${shelf} of ${box}`, run: async (store: MailboxStore) => {
      await store.withdrawBundle(idOf(box), idOf(shelf))
    }
  })) },
  { weight: 3, arbitrary: shelves.map(shelf => ({
    title: `take ${shelf}`,
    run: async (store: MailboxStore) => await Promise.all(
      [store.takeBundle(idOf(shelf)), store.takeBundle(idOf(shelf))]
    )
  })) },
  { weight: 4, arbitrary: fc.tuple(
    fc.nat(2), fc.nat(5), fc.nat(3), fc.nat(100), lifetimes
  ).map(([slot, key, sequence, bytes, lifetimeMs]) => ({
    title: `put descriptor ${sequence} of ${bytes} bytes, key ${key}, slot ${slot}, ${lifetimeMs} ms`,
    run: async (store: MailboxStore, clock: SetClock) => {
      const record = { bytes: new Uint8Array(bytes), blindedKey: idOf(
        `key ${key}`
      ), sequence, expiresAt: clock.ms + lifetimeMs }
      return await store.putDescriptor(idOf(`slot ${slot}`), record)
    }
  })) }
)

async function stateOf (store: MailboxStore): Promise<unknown> {
  const { mailboxes, envelopes, bytes } = await store.stats()
  return {
    mailboxes,
    envelopes,
    bytes,
    usage: await Promise.all(['box 1', 'box 2', 'box 3'].map(async box => await store.usage(idOf(box)))),
    slots: await Promise.all([0, 1, 2].map(async slot => await store.getDescriptors(idOf(`slot ${slot}`))))
  }
}

describe('the mailbox stores, over random histories', () => {
  it('answer alike, and hold alike, with restarts in between', async function () {
    this.timeout(120_000)
    const restarts = fc.constant('restart' as const)
    const history = fc.array(
      fc.oneof({ weight: 30, arbitrary: step }, { weight: 1, arbitrary: restarts }), { maxLength: 100 }
    )
    const scenario = history.map(steps => Object.assign(steps, {
      [fc.toStringMethod]: () => steps.map(step => step === 'restart' ? step : step.title).join('\n')
    }))
    await fc.assert(fc.asyncProperty(scenario, async steps => {
      const sides = await Promise.all([memoryPlace, levelPlace].map(async create => {
        const clock = setClock()
        const place = await create(clock, limits)
        return { clock, place, cursors: new Map<string, Uint8Array>(), store: await place.open() }
      }))
      try {
        for (const step of steps) {
          const [expected, actual] = await Promise.all(sides.map(async side => {
            if (step !== 'restart') return await step.run(side.store, side.clock, side.cursors)
            side.store = await side.place.open()
            return undefined
          }))
          assert.deepEqual(actual, expected, step === 'restart' ? step : step.title)
          const [model, state] = await Promise.all(sides.map(async ({ store }) => await stateOf(store)))
          assert.deepEqual(state, model, `after: ${step === 'restart' ? step : step.title}`)
        }
      } finally {
        for (const { place } of sides) await place.dispose()
      }
    }), { numRuns: 60, endOnFailure: false })
  })
})
