/**
 * What libp2p may keep: peers in memory, bounded; DHT records in the relay's own store, guarded.
 * Spec 03 §Between relays.
 *
 * libp2p's Kademlia checks a record that it is asked to keep, and does not compare it with the one
 * it has: whoever recorded an old one could put it back. The relay's store refuses that, bounds
 * how many there are, and drops what has expired. Provider records are not kept at all.
 */
import { NotFoundError } from '@libp2p/interface'
import type { Libp2pInit } from 'libp2p'
import { compare } from '../../protocol/bytes.ts'
import { descriptorsPerSlotMax } from '../../protocol/limits.ts'
import type { MailboxStore } from '../core/ports.ts'
import {
  decodeKeptRecord, dhtKeyOf, encodeDhtValue, encodeKeptRecord, slotOfDhtKey, verifyDhtValue
} from './dht-records.ts'
import type { RecordPorts } from './dht-records.ts'
import { fromString } from 'uint8arrays/from-string'

type Datastore = NonNullable<Libp2pInit['datastore']>
type Key = Parameters<Datastore['get']>[0]
interface Pair { key: Key, value: Uint8Array }
type Query = Parameters<Datastore['query']>[0]
type KeyQuery = Parameters<Datastore['queryKeys']>[0]

const recordPrefix = '/dht/record/'
const providerPrefix = '/dht/provider/'
/** Peers that are remembered; each new one costs a few KiB, and a peer id costs nothing to make. */
const entriesMax = 20_000

export interface DatastorePorts extends RecordPorts {
  store: Pick<MailboxStore, 'putDescriptor' | 'getDescriptors'>
}

export class RelayDatastore implements Datastore {
  readonly #ports: DatastorePorts
  readonly #entries = new Map<string, Pair>()

  constructor (ports: DatastorePorts) {
    this.#ports = ports
  }

  async put (key: Key, value: Uint8Array): Promise<Key> {
    const name = key.toString()
    if (name.startsWith(recordPrefix)) {
      await this.#putRecord(value)
    } else if (!name.startsWith(providerPrefix)) {
      this.#entries.delete(name)
      this.#entries.set(name, { key, value })
      if (this.#entries.size > entriesMax) this.#forgetOldest()
    }
    return key
  }

  async get (key: Key): Promise<Uint8Array> {
    const name = key.toString()
    const value = name.startsWith(recordPrefix)
      ? await this.#getRecord(name.slice(recordPrefix.length))
      : this.#entries.get(name)?.value
    if (value == null) throw new NotFoundError('Not kept')
    return value
  }

  async has (key: Key): Promise<boolean> {
    const name = key.toString()
    if (!name.startsWith(recordPrefix)) return this.#entries.has(name)
    return await this.#getRecord(name.slice(recordPrefix.length)) != null
  }

  async delete (key: Key): Promise<void> {
    // Records end by expiry only.
    this.#entries.delete(key.toString())
  }

  async * putMany (source: Iterable<Pair> | AsyncIterable<Pair>): AsyncGenerator<Key> {
    for await (const { key, value } of source) yield await this.put(key, value)
  }

  async * getMany (source: Iterable<Key> | AsyncIterable<Key>): AsyncGenerator<Pair> {
    for await (const key of source) yield { key, value: await this.get(key) }
  }

  async * deleteMany (source: Iterable<Key> | AsyncIterable<Key>): AsyncGenerator<Key> {
    for await (const key of source) {
      await this.delete(key)
      yield key
    }
  }

  batch (): ReturnType<Datastore['batch']> {
    const steps: Array<() => Promise<unknown>> = []
    return {
      put: (key: Key, value: Uint8Array) => { steps.push(() => this.put(key, value)) },
      delete: (key: Key) => { steps.push(() => this.delete(key)) },
      commit: async () => { for (const step of steps.splice(0)) await step() }
    }
  }

  * query (query: Query): Generator<Pair> {
    let pairs = [...this.#entries.values()].filter(({ key }) => key.toString().startsWith(query.prefix ?? ''))
    for (const filter of query.filters ?? []) pairs = pairs.filter(filter)
    for (const order of query.orders ?? []) pairs.sort(order)
    yield * cut(pairs, query)
  }

  * queryKeys (query: KeyQuery): Generator<Key> {
    let keys = Array.from(this.#entries.values(), ({ key }) => key)
      .filter(key => key.toString().startsWith(query.prefix ?? ''))
    for (const filter of query.filters ?? []) keys = keys.filter(filter)
    for (const order of query.orders ?? []) keys.sort(order)
    yield * cut(keys, query)
  }

  async #putRecord (bytes: Uint8Array): Promise<void> {
    const { key, value } = decodeKeptRecord(bytes)
    const slot = slotOfDhtKey(key)
    if (slot == null) throw new NotFoundError('Not a slot')
    let kept = 0
    const refusals = new Set<string>()
    for (const { head, bytes: own } of verifyDhtValue(this.#ports, slot, value)) {
      const { blindedKey, sequence, expiresAt } = head
      const record = { bytes: own, blindedKey, sequence, expiresAt }
      const result = await this.#ports.store.putDescriptor(slot, record)
      if (result === 'stored') kept++
      else refusals.add(result)
    }
    // So that who put it learns that it was not kept.
    if (kept === 0) throw new Error(`Not kept: ${[...refusals].join(', ')}`)
  }

  async #getRecord (name: string): Promise<Uint8Array | undefined> {
    const slot = slotOfDhtKey(fromBase32(name))
    if (slot == null) return undefined
    const records = await this.#ports.store.getDescriptors(slot)
    if (records.length === 0) return undefined
    // One order everywhere, so that two relays that keep the same don't correct each other.
    const value = encodeDhtValue(records.sort(compare).slice(0, descriptorsPerSlotMax))
    const now = new Date(this.#ports.clock.now()).toISOString()
    return encodeKeptRecord({ key: dhtKeyOf(slot), value }, now)
  }

  #forgetOldest (): void {
    for (const name of this.#entries.keys()) {
      this.#entries.delete(name)
      return
    }
  }
}

function * cut<T> (items: T[], { offset = 0, limit }: { offset?: number, limit?: number }): Generator<T> {
  yield * items.slice(offset, limit == null ? undefined : offset + limit)
}

function fromBase32 (name: string): Uint8Array {
  try {
    return fromString(name, 'base32')
  } catch {
    // Not a record's name: nothing is kept under it.
    return new Uint8Array(0)
  }
}
