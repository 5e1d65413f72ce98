import assert from 'node:assert/strict'
import { toString } from 'uint8arrays/to-string'
import { nobleSuite } from '../../../protocol/suites/noble.ts'
import { mailboxLimitsDefault } from '../../../relay/core/limits.ts'
import { RelayDatastore } from '../../../relay/net/datastore.ts'
import {
  decodeDhtValue, decodeKeptRecord, dhtKeyOf, encodeDhtValue, encodeKeptRecord, selectDhtValue, slotOfDhtKey,
  validateDhtValue
} from '../../../relay/net/dht-records.ts'
import { memoryMailboxStore } from '../../../relay/store/memory-mailbox-store.ts'
import { record, slot } from '../../support/descriptors.ts'
import { manualClock } from '../../support/manual-clock.ts'

type Key = Parameters<RelayDatastore['get']>[0]

const clock = manualClock()
const now = clock.now()
const ports = { suite: nobleSuite, clock }
const key = dhtKeyOf(slot(now))

/** A key as libp2p makes them; only its text is looked at. */
const named = (name: string): Key => ({ toString: () => name }) as Key
const recordKey = named(`/dht/record/${toString(key, 'base32')}`)
const kept = (...records: Uint8Array[]): Uint8Array =>
  encodeKeptRecord({ key, value: encodeDhtValue(records) }, new Date(now).toISOString())

async function datastore (): Promise<RelayDatastore> {
  const store = memoryMailboxStore({ clock, suite: nobleSuite, limits: mailboxLimitsDefault })
  await store.open()
  return new RelayDatastore({ ...ports, store })
}

describe('what the DHT may keep', () => {
  it('is the newest record, and never again an older one', async () => {
    const data = await datastore()
    const [older, newer] = [record(now, 2), record(now, 5)]
    await assert.rejects(async () => await data.get(recordKey), { name: 'NotFoundError' })
    await data.put(recordKey, kept(newer))
    await assert.rejects(data.put(recordKey, kept(older)), /STALE/)
    assert.deepEqual(decodeDhtValue(decodeKeptRecord(await data.get(recordKey)).value), [newer])
    const newest = record(now, 6)
    await data.put(recordKey, kept(newest))
    assert.deepEqual(decodeDhtValue(decodeKeptRecord(await data.get(recordKey)).value), [newest])
    assert.equal(await data.has(recordKey), true)
  })

  it('is no provider records, and no record of another slot or with another key', async () => {
    const data = await datastore()
    await data.put(named('/dht/provider/x/y'), Uint8Array.of(1))
    await assert.rejects(async () => await data.get(named('/dht/provider/x/y')))
    const elsewhere = encodeKeptRecord({ key: dhtKeyOf(new Uint8Array(32)), value: encodeDhtValue([record(now, 1)]) }, '')
    await assert.rejects(data.put(recordKey, elsewhere))
    await assert.rejects(data.put(recordKey, encodeKeptRecord({ key: Uint8Array.of(1, 2), value: key }, '')))
  })

  it('is peers, as many as fit, which can be asked for by prefix', async () => {
    const data = await datastore()
    for (let peer = 0; peer < 20_010; peer++) await data.put(named(`/peers/${peer}`), Uint8Array.of(peer & 255))
    assert.equal([...data.query({ prefix: '/peers/' })].length, 20_000)
    assert.equal(await data.has(named('/peers/0')), false)
    assert.deepEqual(await data.get(named('/peers/20009')), Uint8Array.of(20009 & 255))
    assert.equal([...data.query({ prefix: '/peers/', limit: 3, offset: 1 })].length, 3)
    await data.delete(named('/peers/20009'))
    assert.equal(await data.has(named('/peers/20009')), false)
    const batch = data.batch()
    batch.put(named('/x/1'), Uint8Array.of(1))
    batch.delete(named('/peers/20008'))
    await batch.commit()
    assert.equal([...data.queryKeys({ prefix: '/x/' })].length, 1)
    assert.equal(await data.has(named('/peers/20008')), false)
  })
})

describe('a value of the DHT', () => {
  it('is refused when it is empty, cut off, too long, forged, or of another slot', async () => {
    const good = record(now, 1)
    const forged = good.slice()
    forged[forged.byteLength - 1]! ^= 1
    const values = [
      new Uint8Array(0), encodeDhtValue([good]).subarray(0, 100), encodeDhtValue([new Uint8Array(1025)]),
      encodeDhtValue([good, good, good, good, good]), encodeDhtValue([forged]), encodeDhtValue([record(now, 1, -1)])
    ]
    for (const value of values) await assert.rejects(validateDhtValue(ports, key, value))
    await assert.rejects(validateDhtValue(ports, dhtKeyOf(new Uint8Array(32)), encodeDhtValue([good])))
    await assert.rejects(validateDhtValue(ports, key.subarray(1), encodeDhtValue([good])))
    await validateDhtValue(ports, key, encodeDhtValue([good]))
  })

  it('is chosen for the highest sequence', () => {
    const values = [3, 9, 5].map(sequence => encodeDhtValue([record(now, sequence)]))
    assert.equal(selectDhtValue(ports, key, values), 1)
    assert.equal(selectDhtValue(ports, key, [encodeDhtValue([record(now, 9, -1)]), values[0]!]), 1)
  })

  it('has a key that is written in one way only', () => {
    assert.deepEqual(slotOfDhtKey(key), slot(now))
    const text = new TextDecoder().decode(key)
    for (const other of [text.toUpperCase(), `${text}0`, text.slice(1), text.replace('restante', 'restantf')]) {
      assert.equal(slotOfDhtKey(new TextEncoder().encode(other)), undefined)
    }
  })
})
