/** People who talk in one SmallWorld, for tests of what goes wrong between them. */
import { randomBytes } from 'node:crypto'
import type { Notification } from '../../node/core/api.ts'
import type { Ports } from '../../node/core/ports.ts'
import { codeOf } from '../../protocol/errors.ts'
import type { Clock } from '../../protocol/ports.ts'
import { eventually, SmallWorld, type Profile, type WorldRelay } from './small-world.ts'

export type Person = Awaited<ReturnType<SmallWorld['open']>>

export class People {
  readonly seed: string
  readonly world: SmallWorld
  readonly #open: Person[] = []

  constructor (title: string, clock?: Clock, seed = process.env.RESTANTE_SEED ?? randomBytes(8).toString('hex')) {
    this.seed = seed
    this.world = new SmallWorld({ seed: `${this.seed} ${title}`, ...(clock === undefined ? {} : { clock }) })
  }

  async person (
    name: string, relays: WorldRelay[], options: { profile?: Profile, bend?: (ports: Ports) => Ports, listen?: (notification: Notification) => void } = {}
  ): Promise<Person> {
    const messenger = await this.world.open(options.profile ?? this.world.profile(), undefined, options.bend)
    if (options.listen !== undefined) messenger.listen(options.listen)
    if (messenger.account() === undefined) {
      await messenger.createAccount({ name, relays: relays.map(relay => relay.address) })
    }
    await messenger.start()
    this.#open.push(messenger)
    return messenger
  }

  async end (hasFailed: boolean): Promise<void> {
    if (hasFailed) console.error(`RESTANTE_SEED=${this.seed}`)
    for (const messenger of this.#open) await messenger.stop(0)
    this.world.end()
  }
}

/** Alice adds Bob by an invite of his, and both are contacts. */
export async function introduce (alice: Person, bob: Person): Promise<{ bobId: string, aliceId: string }> {
  const { invite } = await bob.createInvite({})
  const { contactId: bobId } = await alice.addContact({ invite })
  const aliceId = alice.account()!.accountId
  await eventually(() => contactState(alice, bobId) === 'accepted' && contactState(bob, aliceId) === 'accepted', 'both are contacts')
  return { bobId, aliceId }
}

export function contactState (of: Person, contactId: string): string | undefined {
  return of.contacts().find(contact => contact.contactId === contactId)?.state
}

/** In the order in which they were shown. */
export function texts (of: Person): string[] {
  return of.received.flatMap(one => one.type === 'message.received' ? [one.text] : [])
}

export async function stateOf (of: Person, messageId: string): Promise<string | undefined> {
  return (await of.delivery(messageId))?.state
}

export async function delivered (of: Person, messageId: string, msMax?: number): Promise<void> {
  await eventually(async () => ['delivered', 'read'].includes(await stateOf(of, messageId) ?? ''), 'delivered', msMax)
}

export async function pause (ms: number): Promise<void> {
  await new Promise(resolve => { setTimeout(resolve, ms) })
}

/** Of a text to this contact; empty where it is taken. */
export async function codeOfSending (from: Person, to: string): Promise<string> {
  try {
    await from.sendText({ to, text: 'is this still possible?' })
    return ''
  } catch (error) {
    return codeOf(error)
  }
}
