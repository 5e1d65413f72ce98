/**
 * A random walk of two people through messages, crashes, copies of folders that are put back, and relays
 * that are away; at its end all is well again, and everything must have come, once, in order, and with no
 * tick too many. A short one is in test/node/core, a long one in test/soak.
 */
import assert from 'node:assert/strict'
import { Couple, type Partner } from './couple.ts'
import { fasterClock } from './faster-clock.ts'
import { pause, People } from './people.ts'
import { seededRandom } from './seeded-random.ts'
import type { Profile, WorldRelay } from './small-world.ts'

const steps = 16
/** Waits of minutes pass in seconds. */
const factor = 20
const settledMsMax = 40_000
const logLinesMax = 60

export async function walkOfSetBacks (seed: string): Promise<{ putBacks: number, messages: number }> {
  const people = new People(seed, fasterClock(factor), seed)
  let failed = true
  try {
    const walk = new Walk(people, seed)
    const result = await walk.run()
    failed = false
    return result
  } catch (error) {
    throw new Error(`the walk of seed ${seed}`, { cause: error })
  } finally {
    await people.end(failed)
  }
}

class Walk {
  readonly #people: People
  readonly #draw: (below: number) => number
  readonly #copies = new Map<Partner, Profile>()
  readonly trace: string[] = []
  #relays: Array<{ relay: WorldRelay, isUp: boolean }> = []
  #putBacks = 0
  #messages = 0

  constructor (people: People, seed: string) {
    this.#people = people
    const random = seededRandom(`walk ${seed}`)
    this.#draw = below => {
      const [a, b] = random.bytes(2)
      return (a! * 256 + b!) % below
    }
  }

  async run (): Promise<{ putBacks: number, messages: number }> {
    const count = this.#draw(4)
    const relays = await Promise.all(Array.from({ length: count }, async () => await this.#people.world.relay()))
    this.#relays = relays.map(relay => ({ relay, isUp: true }))
    const direct = count === 0 || this.#draw(2) === 0
    this.trace.push(`${count} relays${direct ? ', direct' : ''}`)
    const couple = await Couple.meet(this.#people, { relays, direct })
    try {
      for (const partner of [couple.alice, couple.bob]) this.#copies.set(partner, await partner.copy())
      for (let step = 0; step < steps; step++) await this.#step(this.#draw(2) === 0 ? couple.alice : couple.bob)
      await this.#heal(couple)
      await couple.settled(settledMsMax)
      await couple.talk('all is well')
      for (const partner of [couple.alice, couple.bob]) {
        const shown = (await partner.person.messages({ with: partner.otherId, limit: 1000 })).map(one => one.messageId)
        assert.deepEqual([...partner.present].filter(id => !shown.includes(id)), [], `${partner.name} has all that was shown`)
        assert.ok(partner.resets.length <= this.#putBacks, `${partner.resets.length} notices of ${this.#putBacks}`)
      }
    } catch (error) {
      // Which way was waited for can't be repeated: it depends on how fast this machine is.
      const lines = this.#people.world.log.lines.slice(-logLinesMax).map(({ event, fields }) => `${event} ${JSON.stringify(fields)}`)
      const links = [couple.alice, couple.bob].map(({ name, life }) => `${name}: ${JSON.stringify(life?.connections())}`)
      throw new Error([this.trace.join('; '), ...links, ...lines].join('\n'), { cause: error })
    }
    return { putBacks: this.#putBacks, messages: this.#messages }
  }

  async #step (partner: Partner): Promise<void> {
    const kind = this.#draw(12)
    if (kind < 5) await this.#say(partner)
    else if (kind === 5) await this.#copy(partner)
    else if (kind < 8) await this.#putBack(partner)
    else if (kind === 8) await this.#crash(partner)
    else if (kind === 9) await this.#away(partner)
    else if (kind === 10) this.#turnRelay()
    else await this.#wait()
  }

  async #say (partner: Partner): Promise<void> {
    if (partner.life === undefined) return
    const count = 1 + this.#draw(4)
    this.trace.push(`${partner.name} says ${count}`)
    for (let i = 0; i < count; i++) await partner.say(`${partner.name} ${this.#messages++}`)
    await pause(this.#draw(40))
  }

  async #copy (partner: Partner): Promise<void> {
    if (partner.life === undefined) return
    this.trace.push(`copy of ${partner.name}`)
    this.#copies.set(partner, await partner.copy())
  }

  async #putBack (partner: Partner): Promise<void> {
    const copy = this.#copies.get(partner)
    if (copy === undefined) return
    this.trace.push(`${partner.name} is put back`)
    this.#putBacks++
    await partner.putBack(copy)
  }

  async #crash (partner: Partner): Promise<void> {
    if (partner.life === undefined) return
    this.trace.push(`${partner.name} crashes`)
    await partner.stop(0)
    await partner.start()
  }

  async #away (partner: Partner): Promise<void> {
    this.trace.push(`${partner.name} ${partner.life === undefined ? 'comes' : 'goes'}`)
    if (partner.life === undefined) await partner.start()
    else await partner.stop(this.#draw(2) * 500)
  }

  #turnRelay (): void {
    const one = this.#relays[this.#draw(Math.max(1, this.#relays.length))]
    if (one === undefined) return
    this.trace.push(`a relay ${one.isUp ? 'stops' : 'starts'}`)
    if (one.isUp) one.relay.stop()
    else one.relay.start()
    one.isUp = !one.isUp
  }

  async #wait (): Promise<void> {
    this.trace.push('wait')
    await pause(100 + this.#draw(500))
  }

  async #heal (couple: Couple): Promise<void> {
    for (const one of this.#relays) if (!one.isUp) one.relay.start()
    for (const partner of [couple.alice, couple.bob]) if (partner.life === undefined) await partner.start()
    // Each says something, or nobody would ever learn that he was put back.
    for (const partner of [couple.alice, couple.bob]) await partner.say(`${partner.name} is back`)
  }
}
