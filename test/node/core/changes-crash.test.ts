/**
 * A crash at every commit of whoever changes messages, and of the one who hears it, before the write and after it:
 * both see the same in the end, and nothing that was confirmed is lost.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { StoreError } from '../../../protocol/errors.ts'
import type { Store } from '../../../node/core/ports.ts'
import { contactState } from '../../support/people.ts'
import { eventually, SmallWorld, type Profile } from '../../support/small-world.ts'

type Person = Awaited<ReturnType<SmallWorld['open']>>
const roles = ['author', 'reader'] as const
type Role = typeof roles[number]
const commitsMax = 60

describe('a crash while messages are changed', function () {
  this.timeout(120_000)
  const seed = process.env.RESTANTE_SEED ?? randomBytes(8).toString('hex')

  afterEach(function () { if (this.currentTest?.state === 'failed') console.error(`RESTANTE_SEED=${seed}`) })

  for (const victim of roles) {
    for (const moment of ['before', 'after'] as const) {
      it(`of the ${victim}, ${moment} any write, leaves both with the same`, async () => {
        let commit = 1
        while (commit <= commitsMax && await scenario(`${seed} ${victim} ${moment} ${commit}`, { victim, moment, crashAt: commit })) commit++
        assert.ok(commit > 2 && commit < commitsMax, `the scenario ends, and has more commits than ${commit}`)
      })
    }
  }

  /** False when it ended before that many commits. */
  async function scenario (
    name: string, { victim, moment, crashAt }: { victim: Role, moment: 'before' | 'after', crashAt: number }
  ): Promise<boolean> {
    const world = new SmallWorld({ seed: name })
    const relay = await world.relay()
    const profiles: Record<Role, Profile> = { author: world.profile(), reader: world.profile() }
    let isArmed = false
    let commits = 0
    let isCrashed = false
    const crashing = (store: Store): Store => new Proxy(store, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method)
        if (method !== 'batch') return typeof value === 'function' ? value.bind(target) as unknown : value
        return async (...[writes, options]: Parameters<Store['batch']>) => {
          if (isCrashed) throw new StoreError('STORE_FAILED')
          if (!isArmed || ++commits !== crashAt) {
            await target.batch(writes, options)
            return
          }
          isCrashed = true
          if (moment === 'after') await target.batch(writes, options)
          throw new StoreError('STORE_FAILED')
        }
      }
    })
    const open = async (role: Role, wrap: (store: Store) => Store): Promise<Person> => {
      const person = await world.open(profiles[role], wrap)
      if (person.account() === undefined) await person.createAccount({ name: role, relays: [relay.address] })
      await person.start()
      return person
    }
    const people: Record<Role, Person> = {
      author: await open('author', victim === 'author' ? crashing : store => store),
      reader: await open('reader', victim === 'reader' ? crashing : store => store)
    }
    let isRevived = false
    const revive = async (): Promise<void> => {
      if (!isCrashed || isRevived) return
      isRevived = true
      await people[victim].stop(0).catch(() => {})
      people[victim] = await open(victim, store => store)
    }
    /** Tried once more where the crash came between. */
    const step = async (run: () => Promise<unknown>): Promise<void> => {
      try {
        await run()
      } catch (error) {
        if (!isCrashed) throw error
        await revive()
        await run()
      }
    }
    try {
      const [readerId, authorId] = [people.reader.account()!.accountId, people.author.account()!.accountId]
      await people.author.addContact({ invite: (await people.reader.createInvite({})).invite })
      await eventually(() => contactState(people.author, readerId) === 'accepted', 'a contact')
      const ids: string[] = []
      for (const text of ['one', 'two']) ids.push((await people.author.sendText({ to: readerId, text })).messageId)
      const [edited, deleted] = ids as [string, string]
      await eventually(async () => (await people.reader.messages({ with: authorId })).length === 2, 'both are there')
      isArmed = true
      await step(async () => { await people.author.edit({ with: readerId, messageId: edited, text: 'three' }) })
      await step(async () => { await people.reader.react({ with: authorId, messageId: edited, emoji: '👍' }) })
      await step(async () => { await people.author.deleteMessage({ with: readerId, messageId: deleted, forEveryone: true }) })
      await step(async () => { await people.author.edit({ with: readerId, messageId: edited, text: 'four' }) })
      const looks = async (person: Person, contactId: string): Promise<string> => JSON.stringify((await person.messages({ with: contactId }))
        .map(({ text, deleted: isDeleted, reactions }) => [text, isDeleted, reactions.map(({ emoji }) => emoji)]))
      const wanted = JSON.stringify([['four', false, ['👍']], ['', true, []]])
      await eventually(async () => {
        await revive()
        return await looks(people.author, readerId) === wanted && await looks(people.reader, authorId) === wanted
      }, `both see the same (${name})`, 15_000)
      assert.ok(people.reader.contacts()[0]!.unread === 2)
      return isCrashed
    } finally {
      await Promise.allSettled([people.author.stop(0), people.reader.stop(0)])
      world.end()
    }
  }
})
