/** What the integration tests share: the run's seed, people who know each other, relays that come back. */
import { seededRandom } from '../support/seeded-random.ts'
import { Person } from '../support/person.ts'
import type { PersonOptions } from '../support/person.ts'
import { startRelay } from '../support/relay.ts'
import type { RelayProcess, StartRelayOptions } from '../support/relay.ts'

/** Of this run (test/house/setup.ts). Names of tests that draw from it end with it. */
export const seed = process.env.RESTANTE_SEED ?? '1'

const started = new Set<Person>()
const relays = new Set<RelayProcess>()

/** Ends everyone whom this file started; an afterEach hook. */
export async function endEverybody (): Promise<void> {
  const people = [...started]
  const open = [...relays]
  started.clear()
  relays.clear()
  await Promise.all([
    ...people.map(async one => { await one.remove() }), ...open.map(async relay => { await relay.kill() })
  ])
}

export function person (name: string, options: Partial<PersonOptions> = {}): Person {
  const one = new Person({ name, ...options }).start()
  started.add(one)
  return one
}

export async function relayProcess (options?: StartRelayOptions): Promise<RelayProcess> {
  const relay = await startRelay(options)
  relays.add(relay)
  return relay
}

/** The same relay in a new process: same folder, same ports. */
export async function restarted (relay: RelayProcess, args: string[] = []): Promise<RelayProcess> {
  const listen = relay.addresses.map(address => address.replace(/\/p2p\/[^/]+$/, ''))
  return await relayProcess({ data: relay.dataDir, listen, args })
}

export function tcpAddress (relay: RelayProcess): string {
  const address = relay.addresses.find(one => one.includes('/tcp/') && !one.includes('/ws'))
  if (address === undefined) throw new Error(`no TCP address in ${relay.addresses.join(' ')}`)
  return address
}

/** Makes both accounts; Alice adds Bob by a one-time invite, and both know it. */
export async function befriended (alice: Person, bob: Person, addresses: string[]): Promise<void> {
  await Promise.all([alice.create(addresses), bob.create(addresses)])
  const { invite } = await bob.call('invite.create', {})
  await alice.call('contact.add', { invite, name: bob.name })
  await Promise.all([accepted(alice, bob.name), accepted(bob, alice.name)])
}

/** Waits until this person has accepted, or been answered by, the contact of this name. */
export async function accepted (one: Person, name: string): Promise<void> {
  await one.waitFor(({ method, params }) =>
    method === 'contact.state' && params.state === 'accepted' && params.name === name, `${name} is a contact`)
}

/** Waits until a contact's device is connected, not through a circuit. */
export async function connectedDirectly (one: Person): Promise<void> {
  await one.waitFor(({ method, params }) => method === 'connection.state' &&
    params.kind === 'contact' && params.state === 'connected' && params.direct, 'a contact is connected')
}

/** Hands in all of them at once, in order. Resolves with their ids when all are durable. */
export async function sendAll (from: Person, to: string, texts: string[]): Promise<string[]> {
  return await Promise.all(texts.map(async text => (await from.call('message.send', { to, text })).messageId))
}

export function numbered (count: number, prefix = 'message'): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix} ${i + 1}`)
}

/** A number from 0 up to `below`, drawn from the seed. */
export function chance (name: string): (below: number) => number {
  const random = seededRandom(`${name} ${seed}`)
  return below => new DataView(random.bytes(4).buffer).getUint32(0) % below
}
