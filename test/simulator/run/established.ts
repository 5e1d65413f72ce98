/**
 * A small world whose people know each other: made once in a process, without faults, and kept as
 * the disks of its machines, from which any number of schedules begin.
 */
import type { CryptoSuite } from '../../../protocol/suite.ts'
import type { Image } from '../world/image.ts'
import { asTask } from '../world/microtasks.ts'
import type { Observer } from '../world/observer.ts'
import type { Client } from '../world/client.ts'
import { epochMsDefault, World } from '../world/world.ts'

export interface Topology {
  clients: string[]
  relays: string[]
  /** Who knows whom, or will: with `areStrangers` nobody knows anybody when a schedule begins. */
  pairs: Array<[string, string]>
  areStrangers?: boolean
  /** Names of a client's own relays. */
  relaysOf: (client: string) => string[]
  /** Whose sessions are gone when a schedule begins, as from a profile that was put back. */
  withoutSessions?: readonly string[]
}

/** Six people in a ring, each of whom knows both neighbours; three relays, which serve all of them. */
export const smallTopology: Topology = topologyOf(6, 3)

export function topologyOf (clientCount: number, relayCount: number): Topology {
  const clients = Array.from({ length: clientCount }, (_, i) => `client${i + 1}`)
  const relays = Array.from({ length: relayCount }, (_, i) => `relay${i + 1}`)
  const pairs = clients.map((client, i): [string, string] => [client, clients[(i + 1) % clients.length]!])
  return {
    clients, relays, pairs: clients.length === 2 ? pairs.slice(0, 1) : pairs,
    relaysOf: client => relays.map((_, i) => relays[(clients.indexOf(client) + i) % relays.length]!).slice(0, 3)
  }
}

export interface Established {
  disks: Map<string, { image: Image, vault: Uint8Array | undefined }>
  accountOf: Map<string, string>
  /** Wall time at which it ended. */
  epochMs: number
}

const silentObserver: Observer = {
  life: () => {}, notified: () => {}, kept: () => {}, stored: () => {}, acked: () => {}, usage: () => {}, strayPage: () => {}, logged: () => {}
}

const setupMsMax = 120_000

async function loseSessions (client: Client): Promise<void> {
  await client.alter(async store => {
    const sessions = await store.scan('session')
    if (sessions.length === 0) throw new Error(`${client.name} has no session to lose.`)
    await store.batch(sessions.map(({ key }) => ({ table: 'session', key, value: undefined })), { durable: true })
  })
}

/** Invites and additions, until everybody has accepted everybody. Resolves in the world's time. */
async function introduceAll (world: World, topology: Topology): Promise<void> {
  const pairs = topology.areStrangers === true ? [] : topology.pairs
  const sleep = async (ms: number): Promise<void> => {
    await new Promise<void>(resolve => { world.timeline.in(ms, 'setup', resolve) })
  }
  // Of a large world everybody is asked less often.
  const lookMs = Math.max(50, topology.clients.length)
  const until = async (isTrue: () => boolean): Promise<void> => { while (!isTrue()) await sleep(lookMs) }
  const countOf = new Map<string, number>()
  for (const name of pairs.flat()) countOf.set(name, (countOf.get(name) ?? 0) + 1)
  await until(() => [...world.clients.values()].every(client => client.api !== undefined))
  await Promise.all(pairs.map(async ([inviter, invited]) => {
    const { invite } = await world.clients.get(inviter)!.api!.createInvite({})
    await world.clients.get(invited)!.api!.addContact({ invite })
  }))
  await until(() => [...world.clients.values()].every(({ name, api }) =>
    api!.contacts().filter(contact => contact.state === 'accepted').length === (countOf.get(name) ?? 0)))
  await sleep(5_000)
}

export async function establish (topology: Topology, suite: CryptoSuite): Promise<Established> {
  const world = new World({ seed: 'established', suite, observer: silentObserver })
  for (const name of topology.relays) world.addRelay({ name })
  for (const name of topology.clients) world.addClient({ name, relays: topology.relaysOf(name) })
  return await asTask(() => {
    let failure: unknown
    let isReady = false
    const accountOf = new Map<string, string>()
    world.bootAll()
    const setup = async (): Promise<void> => {
      await introduceAll(world, topology)
      const clients = [...world.clients.values()]
      for (const { name, api } of clients) accountOf.set(name, api!.account()!.accountId)
      await Promise.all(clients.map(async client => { await client.api!.stop(1_000) }))
      for (const machine of world.machines()) machine.end('killed', 'established')
      for (const name of topology.withoutSessions ?? []) await loseSessions(world.clients.get(name)!)
      isReady = true
    }
    setup().catch((error: unknown) => { failure = error }).finally(() => { world.timeline.end() })
    world.timeline.runUntil(setupMsMax)
    if (!isReady) throw new Error('The world was not established.', { cause: failure })
    const disks = new Map(world.machines().map(machine => [machine.name, machine.disk.snapshot()]))
    return { disks, accountOf, epochMs: epochMsDefault + Math.ceil(world.nowMs) + 60_000 }
  })
}
