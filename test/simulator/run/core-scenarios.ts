/**
 * The core of what the messenger does, each part in a small world of two people and a relay: in each,
 * run/crash-points.ts cuts the power after every event. Nothing else goes wrong but what the seed draws of
 * links, disks and clocks.
 */
import type { MessengerApi } from '../../../node/core/api.ts'
import { RestanteError, StoreError } from '../../../protocol/errors.ts'
import type { Client } from '../world/client.ts'
import { topologyOf, type Topology } from './established.ts'
import type { Plan, Send } from './plan.ts'
import type { Stage } from './schedule.ts'

export interface CoreScenario {
  name: string
  topology: Topology
  bend: (plan: Plan) => void
  script?: (stage: Stage) => Promise<void>
}

const [one, other] = ['client1', 'client2']
const known = topologyOf(2, 1)

const send = (atMs: number, from: string, to: string): Send => ({ atMs, from, to, bytes: 20 })

/** What is drawn besides: who can be dialled, full mailboxes, who reads. */
function scene (plan: Plan, faultMs: number, sends: Send[]): void {
  Object.assign(plan, { faultMs, sends, unreachable: [], mailboxEnvelopesMax: undefined, readRate: 0 })
  // Long give-ups and slow ways make a scene longer, and no other.
  plan.giveUpMs = 20_000
}

const away = (plan: Plan, node: string, backMs: number): void => {
  plan.faults = [{ kind: 'crash', node, how: 'powerLost', atMs: 0, backMs }]
}

/** Asks again as often as the program or its disk fails, as a person would. */
async function insist<T> ({ sleep }: Stage, client: Client, ask: (api: MessengerApi) => Promise<T>): Promise<T> {
  for (;;) {
    const { api, machine: { life } } = client
    if (api === undefined || life === undefined) {
      await sleep(100)
      continue
    }
    let isAnswered = false
    // A program that is killed never answers.
    const ended = async (): Promise<undefined> => {
      while (life.isAlive && !isAnswered) await sleep(100)
      return undefined
    }
    const answer = ask(api).then(value => ({ value })).catch((error: unknown) => {
      if (error instanceof StoreError || !(error instanceof RestanteError) || !life.isAlive) return undefined
      throw error
    }).finally(() => { isAnswered = true })
    const first = await Promise.race([answer, ended()])
    if (first !== undefined) return first.value
    if (isAnswered) await sleep(100)
  }
}

async function meet (stage: Stage): Promise<void> {
  const { world, people, accountOf, sleep } = stage
  const [inviter, invited] = [world.clients.get(one)!, world.clients.get(other)!]
  const { invite } = await insist(stage, inviter, async api => await api.createInvite({}))
  await insist(stage, invited, async api => await api.addContact({ invite }))
  for (const [client, contact] of [[inviter, other], [invited, one]] as const) {
    const isThere = async (api: MessengerApi): Promise<boolean> =>
      api.contacts().some(({ contactId, state }) => contactId === accountOf.get(contact) && state === 'accepted')
    while (!await insist(stage, client, isThere)) await sleep(200)
    people.write({ from: client.name, to: contact, bytes: 20 })
  }
}

export const coreScenarios: readonly CoreScenario[] = [
  {
    name: 'direct',
    topology: known,
    bend: plan => { scene(plan, 4_000, [send(1_000, one, other), send(2_000, other, one)]) }
  },
  {
    name: 'away',
    topology: known,
    bend: plan => {
      scene(plan, 6_000, [send(1_500, one, other)])
      away(plan, other, 3_000)
    }
  },
  {
    name: 'drain',
    topology: known,
    bend: plan => {
      scene(plan, 6_000, [1_000, 1_200, 1_201, 1_500, 2_000].map(atMs => send(atMs, one, other)))
      plan.unreachable = [one, other]
      away(plan, other, 3_000)
    }
  },
  {
    name: 'both-at-once',
    topology: known,
    bend: plan => { scene(plan, 4_000, [send(1_500, one, other), send(1_500, other, one), send(1_501, one, other), send(1_502, other, one)]) }
  },
  {
    name: 'receipts',
    topology: known,
    bend: plan => {
      scene(plan, 8_000, [send(1_000, one, other), send(1_200, one, other), send(4_000, other, one)])
      plan.readRate = 1
    }
  },
  {
    name: 'first-contact',
    topology: { ...known, areStrangers: true },
    bend: plan => { scene(plan, 4_000, []) },
    script: meet
  },
  {
    name: 'reset',
    topology: { ...known, withoutSessions: [one] },
    bend: plan => { scene(plan, 6_000, [send(1_000, other, one), send(1_500, one, other), send(3_000, other, one)]) }
  }
]
