/**
 * A crash at every commit of either side, before the write and after it: nothing lost, nothing twice,
 * order kept. What the disk holds is all that a next life knows.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { StoreError } from '../../../protocol/errors.ts'
import type { Store } from '../../../node/core/ports.ts'
import { eventually, SmallWorld, type Profile, type WorldRelay } from '../../support/small-world.ts'

type Person = Awaited<ReturnType<SmallWorld['open']>> & { isRevived?: boolean }
const messages = 6
const commitsMax = 400

describe('a crash at any commit', function () {
  this.timeout(240_000)
  const seed = process.env.RESTANTE_SEED ?? randomBytes(8).toString('hex')

  afterEach(function () { if (this.currentTest?.state === 'failed') console.error(`RESTANTE_SEED=${seed}`) })

  for (const victim of ['sender', 'recipient'] as const) {
    for (const when of ['before', 'after'] as const) {
      it(`of the ${victim}, ${when} the write, loses nothing and shows nothing twice`, async () => {
        let commit = 1
        for (; commit <= commitsMax; commit++) {
          if (!await scenario(`${seed} ${victim} ${when} ${commit}`, { victim, when, crashAt: commit })) break
        }
        assert.ok(commit > 6 && commit < commitsMax, `the scenario ends, and has more commits than ${commit}`)
      })
    }
  }

  /** False when the scenario ended before that many commits. */
  async function scenario (
    name: string, { victim, when: moment, crashAt }: { victim: 'sender' | 'recipient', when: 'before' | 'after', crashAt: number }
  ): Promise<boolean> {
    const world = new SmallWorld({ seed: name })
    const relay = await world.relay()
    const profiles = { sender: world.profile(), recipient: world.profile() }
    let commits = 0
    let crashed = false
    const crashing = (store: Store): Store => ({
      ...bound(store),
      async batch (writes, options) {
        if (crashed) throw new StoreError('STORE_FAILED')
        if (++commits !== crashAt) {
          await store.batch(writes, options)
          return
        }
        crashed = true
        if (moment === 'after') await store.batch(writes, options)
        throw new StoreError('STORE_FAILED')
      }
    })
    const open = async (role: 'sender' | 'recipient'): Promise<Person> =>
      await start(world, profiles[role], role, relay, role === victim && !crashed ? crashing : store => store)

    let people = { sender: await open('sender'), recipient: await open('recipient') }
    const revive = async (): Promise<void> => {
      if (!crashed || people[victim].isRevived === true) return
      await people[victim].stop(0).catch(() => {})
      people = { ...people, [victim]: Object.assign(await open(victim), { isRevived: true }) }
    }
    const acknowledged: string[] = []
    const step = async (run: () => Promise<void>): Promise<void> => {
      for (let tries = 0; tries < 3; tries++) {
        try {
          await run()
          return
        } catch (error) {
          if (!crashed) throw error
          await revive()
        }
      }
      throw new Error('three tries were not enough')
    }
    try {
      await step(async () => {
        if (people.sender.contacts().length > 0) return
        const { invite } = await people.recipient.createInvite({})
        await people.sender.addContact({ invite })
      })
      const to = (): string => people.sender.contacts()[0]!.contactId
      for (let i = 0; i < messages; i++) {
        await step(async () => {
          // Unanswered is unknown: it may have been stored. Asking again is a second message, so it has another text.
          const text = `${i}.${acknowledged.length}.${commits}`
          await people.sender.sendText({ to: to(), text })
          acknowledged.push(text)
        })
        if (i % 2 === 1) await new Promise(resolve => { setTimeout(resolve, 20) })
      }
      await eventually(async () => {
        await revive()
        const shown = await history(people.recipient)
        return acknowledged.every(text => shown.includes(text))
      }, `everything acknowledged is shown (${name})`, 15_000)
      await eventually(async () => {
        await revive()
        const sent = await people.sender.messages({ with: to(), limit: 1000 })
        return sent.every(one => one.delivery?.state === 'delivered')
      }, `everything is delivered (${name})`, 15_000)
      const shown = await history(people.recipient)
      assert.deepEqual([...new Set(shown)], shown, `nothing twice (${name})`)
      assert.deepEqual(shown.filter(text => acknowledged.includes(text)), acknowledged, `order (${name})`)
      return crashed
    } finally {
      await Promise.allSettled([people.sender.stop(0), people.recipient.stop(0)])
      world.end()
    }
  }
})

async function start (
  world: SmallWorld, profile: Profile, name: string, relay: WorldRelay, wrap: (store: Store) => Store
): Promise<Person & { isRevived?: boolean }> {
  // The account itself is made before anything can crash.
  const first = await world.open(profile)
  if (first.account() === undefined) await first.createAccount({ name, relays: [relay.address] })
  await first.stop(0)
  const messenger = await world.open(profile, wrap)
  await messenger.start().catch(() => {})
  return messenger
}

async function history (person: Person): Promise<string[]> {
  const contact = person.contacts()[0]
  if (contact === undefined) return []
  return (await person.messages({ with: contact.contactId, limit: 1000 })).map(one => one.text)
}

function bound (store: Store): Store {
  return {
    get: store.get.bind(store), getMany: store.getMany.bind(store), scan: store.scan.bind(store),
    follow: store.follow.bind(store), batch: store.batch.bind(store), close: store.close.bind(store)
  }
}
