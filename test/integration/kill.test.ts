/**
 * kill -9 of everybody, at random moments, over and over, while a thousand messages go both ways.
 *
 * What is promised: a message that message.send answered for is in the recipient's history exactly
 * once, in the order of sending; one that was handed in and not answered for is there once or not at
 * all. No life of a process tells of a message twice. The seed of the run gives the schedule.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ended } from '../support/person.ts'
import type { Person } from '../support/person.ts'
import type { RelayProcess } from '../support/relay.ts'
import {
  befriended, chance, endEverybody, person, relayProcess, restarted, seed, tcpAddress
} from './world.ts'

/** Messages of one sender that wait for their answer at once. */
const inFlightMax = 16

interface Letter { text: string, messageId: string | undefined }

/** Sends `count` texts, through all deaths; each text is handed in again only where no answer came. */
class Sender {
  readonly from: Person
  readonly to: string
  readonly count: number
  /** In the order of handing in. Without an id: no answer came. */
  readonly letters: Letter[] = []
  /** So many may be sent by now: the killing gives them free bit by bit, so that it hits senders at work. */
  allowed = 0

  constructor (from: Person, to: string, count: number) {
    this.from = from
    this.to = to
    this.count = count
  }

  get answered (): Letter[] { return this.letters.filter(({ messageId }) => messageId !== undefined) }

  async run (draw: (below: number) => number): Promise<void> {
    let attempt = 0
    const under = new Set<Promise<void>>()
    while (this.answered.length < this.count) {
      const isEnough = this.answered.length + under.size >= Math.min(this.count, this.allowed)
      if (isEnough || under.size >= inFlightMax || !this.from.isRunning) {
        await (under.size > 0 && this.from.isRunning ? Promise.race(under) : sleep(5))
        continue
      }
      const sending = this.#send(`${this.from.name} ${++attempt}`).finally(() => { under.delete(sending) })
      under.add(sending)
      await sleep(draw(8))
    }
    await Promise.all(under)
  }

  async #send (text: string): Promise<void> {
    const letter: Letter = { text, messageId: undefined }
    this.letters.push(letter)
    try {
      letter.messageId = (await this.from.call('message.send', { to: this.to, text })).messageId
    } catch (error) {
      if (!(error instanceof Ended)) throw error
    }
  }
}

interface Variant { relays: number, kills: number, fromAlice: number, fromBob: number }

const variants: Variant[] = [
  { relays: 1, kills: 12, fromAlice: 700, fromBob: 300 },
  { relays: 3, kills: 6, fromAlice: 300, fromBob: 150 }
]

describe('kill -9 at random moments', function () {
  this.timeout(240_000)
  afterEach(endEverybody)

  for (const { relays: count, kills, fromAlice, fromBob } of variants) {
    const place = count === 1 ? 'one relay' : `${count} relays`
    const title = `loses nothing, shows nothing twice and keeps the order, with ${place}`
    it(`${title} (seed ${seed})`, async () => {
      const draw = chance(`kill ${count}`)
      const relays = await Promise.all(Array.from({ length: count }, async () => await relayProcess()))
      const [alice, bob] = [person('Alice'), person('Bob')]
      await befriended(alice, bob, relays.map(tcpAddress))
      const senders = [new Sender(alice, 'Bob', fromAlice), new Sender(bob, 'Alice', fromBob)]
      const sent = senders.map(async sender => { await sender.run(chance(`${sender.from.name} ${count}`)) })
      const allow = (part: number): void => {
        for (const sender of senders) sender.allowed = Math.ceil(part * sender.count)
      }
      const schedule = await killOverAndOver([alice, bob], relays, kills, { draw, allow })
      const story = `seed ${seed}, killed ${schedule.join(', ')}`
      await Promise.all(sent)

      for (const [sender, recipient] of [[senders[0]!, bob], [senders[1]!, alice]] as const) {
        const wanted = sender.answered.map(({ messageId }) => messageId!)
        const states = async (): Promise<string[]> => (await sender.from.history(sender.to))
          .filter(({ own }) => own).map(({ delivery }) => delivery?.state ?? '')
        await eventually(async () => (await states()).every(state => state === 'delivered'), async () =>
          `${story}: of ${sender.from.name}: ${counted(await states())}: ${sender.from.stderr.slice(-2000)}`)
        await checkHistory(sender, recipient, wanted, story)
      }
      for (const one of [alice, bob]) {
        for (const life of one.lives) {
          const told = life.flatMap(({ method, params }) =>
            method === 'message.received' ? [params.messageId] : [])
          assert.equal(new Set(told).size, told.length, `${story}: ${one.name} was told of a message twice`)
        }
      }
    })
  }
})

/** Kills one after the other and starts each again, and lets two be dead at once now and then. */
async function killOverAndOver (
  people: Person[], relays: RelayProcess[], kills: number,
  { draw, allow }: { draw: (below: number) => number, allow: (part: number) => void }
): Promise<string[]> {
  const schedule: string[] = []
  const victims = [...people.map(({ name }) => name), 'relay']
  const comingBack = new Map<string, Promise<void>>()
  for (let i = 0; i < kills; i++) {
    // Each of the three is killed in every round of three, in an order that chance gives.
    if (i % victims.length === 0) shuffle(victims, draw)
    const victim = victims[i % victims.length]!
    const [waitMs, deadMs, which] = [draw(400), draw(400), draw(relays.length)]
    await comingBack.get(victim)
    allow((i + 1) / kills)
    await sleep(waitMs)
    schedule.push(`${victim} after ${waitMs} ms for ${deadMs} ms`)
    const one = people.find(({ name }) => name === victim)
    if (one !== undefined) {
      await one.kill()
      comingBack.set(victim, sleep(deadMs).then(async () => {
        await one.start().call('account.show', {})
      }))
    } else {
      await relays[which]!.kill()
      comingBack.set(victim, sleep(deadMs).then(async () => {
        relays[which] = await restarted(relays[which]!)
      }))
    }
  }
  await Promise.all(comingBack.values())
  return schedule
}

async function checkHistory (
  sender: Sender, recipient: Person, wanted: string[], story: string
): Promise<void> {
  const name = sender.from.name
  const shown = (await recipient.history(name)).filter(({ own }) => !own)
  const ids = shown.map(({ messageId }) => messageId)
  assert.equal(new Set(ids).size, ids.length, `${story}: a message of ${name} is there twice`)
  const texts = shown.map(({ text }) => text)
  assert.equal(new Set(texts).size, texts.length, `${story}: a text of ${name} is there twice`)
  const lost = wanted.filter(id => !ids.includes(id))
  assert.deepEqual(lost, [], `${story}: ${lost.length} messages of ${name} are lost`)
  // Those without an answer may be there or not; whatever is there is in the order of handing in.
  const order = new Map(sender.letters.map(({ text }, i) => [text, i]))
  const places = texts.map(text => order.get(text))
  assert.ok(!places.includes(undefined), `${story}: a message of ${name} that nobody sent`)
  const inOrder = [...places].sort((a, b) => a! - b!)
  assert.deepEqual(places, inOrder, `${story}: messages of ${name} are out of order`)
  assert.ok(shown.every(({ missingBefore }) => missingBefore === 0), `${story}: a gap is shown where none is`)
  const own = (await sender.from.history(recipient.name)).filter(message => message.own)
  const ownIds = own.map(({ messageId }) => messageId)
  assert.deepEqual(ownIds, ids, `${story}: ${name} has another history than ${recipient.name}`)
}

async function eventually (isTrue: () => Promise<boolean>, what: () => Promise<string>): Promise<void> {
  const deadline = performance.now() + 90_000
  while (!await isTrue()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${await what()}`)
    await sleep(200)
  }
}

function shuffle (items: string[], draw: (below: number) => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = draw(i + 1)
    ;[items[i], items[j]] = [items[j]!, items[i]!]
  }
}

function counted (items: string[]): string {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts].map(([item, count]) => `${count} ${item}`).join(', ')
}
