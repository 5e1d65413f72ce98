/**
 * Two people who write to each other, of whom each may be put back to a copy of his folder. Watches
 * every notification: no message is shown twice in one life of a folder, and none is 'delivered' that the
 * other one never had.
 */
import assert from 'node:assert/strict'
import type { Notification } from '../../node/core/api.ts'
import type { Ports } from '../../node/core/ports.ts'
import type { Log } from '../../protocol/ports.ts'
import { introduce, type People, type Person } from './people.ts'
import { eventually, type Profile, type WorldRelay } from './small-world.ts'

export interface CoupleOptions {
  relays: WorldRelay[]
  /** False: by relays only. */
  direct?: boolean
  bend?: (ports: Ports) => Ports
}

/** One of the two, over all lives. */
export class Partner {
  readonly name: string
  readonly #people: People
  readonly #options: CoupleOptions
  profile: Profile
  /** The life that is, or was, the last. */
  life: Person | undefined
  /** Ids of messages that were shown in any life. */
  readonly had = new Set<string>()
  /** Of those, the ones that the folder as it is now has. */
  present = new Set<string>()
  readonly resets: Notification[] = []
  readonly ticked = new Set<string>()
  other: Partner | undefined
  lies: string[] = []

  constructor (name: string, people: People, options: CoupleOptions) {
    this.name = name
    this.#people = people
    this.#options = options
    this.profile = people.world.profile()
  }

  get person (): Person { return this.life ?? assert.fail(`${this.name} is away`) }
  get otherId (): string { return this.person.contacts()[0]!.contactId }

  async start (): Promise<this> {
    const { relays, direct = true, bend = ports => ports } = this.#options
    const hidden = (ports: Ports): Ports => direct
      ? ports
      : { ...ports, network: async seed => ({ ...await ports.network(seed), addresses: () => [] }) }
    this.life = await this.#people.person(this.name, relays, {
      profile: this.profile,
      bend: ports => bend(hidden({ ...ports, log: named(ports.log, this.name) })),
      listen: notification => { this.#heard(notification) }
    })
    return this
  }

  async stop (graceMs?: number): Promise<void> {
    await this.life?.stop(graceMs)
    this.life = undefined
  }

  /** A copy of the folder, made while nobody uses it. */
  async copy (): Promise<Profile> {
    await this.stop()
    const copy = await this.#people.world.copyOf(this.profile)
    await this.start()
    return copy
  }

  /** Puts the folder back to a copy. The copy can be used again. */
  async putBack (copy: Profile): Promise<void> {
    await this.stop(0)
    this.profile = await this.#people.world.copyOf(copy)
    this.present = new Set()
    await this.start()
    const messages = await this.person.messages({ with: this.otherId, limit: 1000 })
    for (const { own, messageId } of messages) if (!own) this.present.add(messageId)
  }

  async say (text: string): Promise<string> {
    return (await this.person.sendText({ to: this.otherId, text })).messageId
  }

  /** One after the other, each in an envelope of its own. */
  async sayMany (name: string, count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.say(`${name} ${i}`)
  }

  async texts (): Promise<string[]> {
    return (await this.person.messages({ with: this.otherId, limit: 1000 })).map(one => one.text)
  }

  async undelivered (): Promise<string[]> {
    const messages = await this.person.messages({ with: this.otherId, limit: 1000 })
    return messages.flatMap(({ own, delivery, text }) => own && !['delivered', 'read'].includes(delivery!.state) ? [text] : [])
  }

  #heard (notification: Notification): void {
    if (notification.type === 'message.received') {
      this.had.add(notification.messageId)
      this.present.add(notification.messageId)
    }
    if (notification.type === 'session.reset') this.resets.push(notification)
    if (notification.type === 'message.state' && ['delivered', 'read'].includes(notification.state)) {
      this.ticked.add(notification.messageId)
      if (this.other?.had.has(notification.messageId) === false) this.lies.push(notification.messageId)
    }
  }
}

/** Tells in one log who says what. */
function named (log: Log, name: string): Log {
  const at = (level: keyof Log): Log[keyof Log] => (event, fields) => { log[level](event, { ...fields, who: name }) }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

export class Couple {
  readonly alice: Partner
  readonly bob: Partner

  private constructor (people: People, alice: CoupleOptions, bob: CoupleOptions) {
    this.alice = new Partner('Alice', people, alice)
    this.bob = new Partner('Bob', people, bob)
    this.alice.other = this.bob
    this.bob.other = this.alice
  }

  /** Both are contacts, and have written to each other. */
  static async meet (people: People, alice: CoupleOptions, bob: CoupleOptions = alice): Promise<Couple> {
    const couple = new Couple(people, alice, bob)
    await couple.alice.start()
    await couple.bob.start()
    await introduce(couple.alice.person, couple.bob.person)
    await couple.talk('hello')
    return couple
  }

  /** A message each way, and both are there. */
  async talk (name: string): Promise<void> {
    for (const partner of [this.alice, this.bob]) {
      await partner.say(`${name}, says ${partner.name}`)
      await this.settled()
    }
  }

  /** Everything that stands in either history as written by its owner is delivered, truly, and in order. */
  async settled (msMax = 20_000): Promise<void> {
    for (const partner of [this.alice, this.bob]) {
      await eventually(async () => (await partner.undelivered()).length === 0, `all of ${partner.name} delivered`, msMax)
        .catch(async (error: unknown) => { throw new Error(`not delivered: ${(await partner.undelivered()).join(', ')}`, { cause: error }) })
    }
    await this.check()
  }

  async check (): Promise<void> {
    for (const partner of [this.alice, this.bob]) {
      assert.deepEqual(partner.lies, [], `${partner.name} was shown ticks of what the other never had`)
      const messages = await partner.person.messages({ with: partner.otherId, limit: 1000 })
      const ids = messages.map(one => one.messageId)
      assert.equal(new Set(ids).size, ids.length, `${partner.name} has no message twice`)
      const texts = messages.filter(one => !one.own).map(one => one.text)
      assert.equal(new Set(texts).size, texts.length, `${partner.name} was shown no text twice: ${texts.join(', ')}`)
      const written = messages.filter(one => one.own).map(one => one.messageId)
      const shown = (await partner.other!.person.messages({ with: partner.other!.otherId, limit: 1000 })).map(one => one.messageId)
      const both = shown.filter(id => written.includes(id))
      assert.deepEqual(both, written.filter(id => shown.includes(id)), `what ${partner.name} wrote is shown in order`)
    }
  }

  get areContacts (): boolean {
    return [this.alice, this.bob].every(({ person }) => person.contacts().some(({ state }) => state === 'accepted'))
  }
}
