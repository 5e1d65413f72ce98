/**
 * A thief: another node with the account key of somebody else, as it lay in his store, and with
 * devices of its own. What it signs is as valid as what the owner signs.
 */
import { utf8 } from '../../protocol/bytes.ts'
import { createManifest, createSuccessor, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import type { VerifiedManifest } from '../../protocol/manifest.ts'
import type { Ports, Store } from '../../node/core/ports.ts'
import { AccountRecord } from '../../node/core/records.js'
import { openAccount } from '../../node/core/state.ts'
import { openStore } from '../../node/store/store.ts'
import type { People, Person } from './people.ts'
import type { Profile, WorldRelay } from './small-world.ts'

const accountKey = utf8('account')

/** To be given as `bend`: remembers the newest account record that was written. */
export class Burglary {
  record: AccountRecord | undefined

  readonly bend = (ports: Ports): Ports => ({ ...ports, store: this.#watched(ports.store) })

  #watched (store: Store): Store {
    return {
      get: async (table, key) => await store.get(table, key),
      getMany: async (table, keys) => await store.getMany(table, keys),
      follow: async (table, keys) => await store.follow(table, keys),
      scan: async (table, scan) => await store.scan(table, scan),
      batch: async (writes, options) => {
        for (const { table, value } of writes) {
          if (table === 'meta' && value !== undefined) this.record = AccountRecord.decode(value)
        }
        await store.batch(writes, options)
      },
      close: async () => { await store.close() }
    }
  }
}

/**
 * A node that speaks as the account of `stolen`, by a manifest that is signed with the stolen key: by
 * default another first one, which contradicts the owner's; with `after` one that follows, in which the
 * thief's device stands alone, or `besides` the owner's.
 */
export async function thief (
  people: People, relays: WorldRelay[], stolen: AccountRecord,
  options: { after?: VerifiedManifest, besides?: boolean, bend?: (ports: Ports) => Ports } = {}
): Promise<Person> {
  const { world } = people
  const { suite } = world
  const profile = world.profile()
  const mallory = await people.person('Mallory', relays, { profile })
  await mallory.stop(0)
  const now = world.clock.now()
  await change(people, profile, record => {
    const own = openAccount(suite, record)
    const device = deviceEntry(own.device, suite.ed25519Private(record.peerSeed).publicKey, Math.floor(now))
    const { keys } = openAccount(suite, stolen)
    const manifest = options.after === undefined
      ? createManifest(suite, { account: keys, devices: [device], now: Math.floor(now) })
      : createSuccessor(suite, {
          current: options.after,
          key: keys.inception,
          devices: options.besides === true ? [...options.after.devices, device] : [device],
          revoked: [],
          now: Math.floor(now)
        })
    return { ...record, name: stolen.name, inceptionSeed: stolen.inceptionSeed, recoverySecret: new Uint8Array(0), manifest }
  })
  return await people.person(stolen.name, relays, { profile, bend: options.bend ?? (ports => ports) })
}

async function change (
  { world }: People, profile: Profile, edit: (record: AccountRecord) => AccountRecord
): Promise<void> {
  const store = await openStore({
    ...profile, suite: world.suite, random: world.random, clock: world.clock, log: world.log
  })
  const record = AccountRecord.decode((await store.get('meta', accountKey))!)
  await store.batch([{ table: 'meta', key: accountKey, value: AccountRecord.encode(edit(record)) }], { durable: true })
  await store.close()
}

export function manifestOf (people: People, record: AccountRecord): VerifiedManifest {
  return openManifest(people.world.suite, record.manifest)
}
