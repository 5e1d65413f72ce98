/**
 * What the relay's disk does: durable deposits and drains of the mailbox store, as ratios to one sync
 * at a time on the same disk, and to a store that syncs each deposit for itself.
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Level } from 'level'
import { u32be } from '../../protocol/bytes.ts'
import type { MailboxStore } from '../../relay/core/ports.ts'
import {
  depositAt, envelopeOf, idOf, pageOf, provide, roomyLimits, setClock
} from '../contracts/mailbox-store-bed.ts'
import { storeIn, temporaryFolder } from '../relay/store/places.ts'
import type { Row } from './messages.ts'

const envelopeBytes = 1024
const mailboxCount = 1000

export async function benchMailboxStore (say: (text: string) => void, scale: number): Promise<Row[]> {
  const { directory, remove } = temporaryFolder()
  try {
    say('syncing one file, one write at a time')
    const syncMs = medianSyncMs(join(directory, 'synced'), Math.ceil(500 * scale))
    say('depositing, each with a sync of its own')
    const naive = await naiveRate(join(directory, 'naive'), Math.ceil(5000 * scale))
    const store = storeIn(join(directory, 'store'), setClock(), roomyLimits)
    await store.open()
    const rows = await storeRows(store, say, scale, { syncRate: 1000 / syncMs, naive })
    await store.close()
    return [
      { name: 'one sync at a time', ratio: '1.0 × base', value: `${syncMs.toFixed(2)} ms at the median` },
      row('a sync each, 64 in flight', naive, 1000 / syncMs, 'base'),
      ...rows
    ]
  } finally {
    remove()
  }
}

async function storeRows (
  store: MailboxStore, say: (text: string) => void, scale: number, base: { syncRate: number, naive: number }
): Promise<Row[]> {
  const doors = Array.from({ length: mailboxCount }, (_, at) => `door ${at}`)
  await Promise.all(doors.map(async (door, at) => { await provide(store, `box ${at}`, door) }))
  await provide(store, 'backlog', 'backlog door')
  // Made before, so that only the store is measured.
  const envelopeCount = Math.ceil(40_000 * scale)
  const envelopes = Array.from({ length: envelopeCount }, (_, number) => envelopeOf(number, envelopeBytes))
  const hashes = doors.map(idOf)
  let next = 0
  const rows: Row[] = []
  for (const [inFlight, count] of [[1, 0.04], [64, 0.4], [512, 0.5]] as const) {
    say(`depositing, ${inFlight} in flight`)
    const end = next + Math.floor(envelopes.length * count)
    const before = await store.stats()
    const total = end - next
    const rate = await rateOf(total, inFlight, async () => {
      const number = next++
      const request = { addressHash: hashes[number % mailboxCount]!, envelope: envelopes[number]! }
      const { status } = await store.deposit(request)
      if (status !== 'stored') throw new Error(`a deposit was ${status}`)
    })
    const { commits } = await store.stats()
    const grouping = `${(total / (commits - before.commits)).toFixed(0)} in a commit`
    rows.push(row(`deposits, ${inFlight} in flight`, rate, base.syncRate, 'base', grouping))
    if (inFlight === 64) rows.push(row('… to a sync each', rate, base.naive, 'a sync each'))
  }
  say('draining')
  await rateOf(envelopes.length, 512, async () => {
    await depositAt(store, 'backlog door', envelopes[next++ % envelopes.length]!)
  })
  const drained = await drainRate(store, false)
  rows.push(row('drained, pages of 500', drained, base.syncRate, 'base'))
  rows.push(row('drained and acked', await drainRate(store, true), base.syncRate, 'base'))
  return rows
}

function row (name: string, rate: number, base: number, of: string, more = ''): Row {
  const value = `${Math.round(rate).toLocaleString('en')} a second`
  return { name, ratio: `${(rate / base).toFixed(1)} × ${of}`, value: more === '' ? value : `${value}, ${more}` }
}

/** Runs `one` `total` times, `inFlight` at once; a second. */
async function rateOf (total: number, inFlight: number, one: () => Promise<void>): Promise<number> {
  const start = performance.now()
  let left = total
  await Promise.all(Array.from({ length: inFlight }, async () => { while (left-- > 0) await one() }))
  return total / (performance.now() - start) * 1000
}

async function drainRate (store: MailboxStore, isAcking: boolean): Promise<number> {
  const start = performance.now()
  let after: Uint8Array | undefined
  let count = 0
  for (;;) {
    const { envelopes, drained } = await pageOf(store, 'backlog', { envelopesMax: 500, ...after && { after } })
    count += envelopes.length
    after = envelopes.at(-1)?.cursor
    if (isAcking && after !== undefined) await store.ackThrough(idOf('backlog'), after)
    if (drained) return count / (performance.now() - start) * 1000
  }
}

function medianSyncMs (path: string, count: number): number {
  const file = openSync(path, 'w')
  const bytes = envelopeOf(0, envelopeBytes)
  const times = Array.from({ length: count }, () => {
    const start = performance.now()
    writeSync(file, bytes)
    fdatasyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  return times.toSorted((a, b) => a - b)[count >> 1]!
}

async function naiveRate (directory: string, count: number): Promise<number> {
  const db = new Level<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view' })
  await db.open()
  let number = 0
  const synced: { sync: boolean } = { sync: true }
  const rate = await rateOf(count, 64, async () => {
    await db.put(u32be(number), envelopeOf(number++, envelopeBytes), synced)
  })
  await db.close()
  return rate
}
