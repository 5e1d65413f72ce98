/**
 * What the people of a schedule do at their clients: they write when the plan says so, or as soon
 * as their program serves again, they read, and in the end they look at everything.
 */
import { codeOf, RestanteError, StoreError } from '../../../protocol/errors.ts'
import type { ContactState, DeliveryState, MessageView, MessengerApi } from '../../../node/core/api.ts'
import { Chance } from '../world/chance.ts'
import type { Client } from '../world/client.ts'
import { mentionOf } from '../world/mentions.ts'
import type { World } from '../world/world.ts'
import type { Send } from './plan.ts'
import type { Recorder } from './recorder.ts'

const serveRetryMs = 500
const listMax = 10_000
const askTriesMax = 3
/** Longer than a gap stays that its sender knows of. */
const gapMsMax = 3 * 60_000

async function stateOf (api: MessengerApi, id: string): Promise<DeliveryState | 'forgotten' | undefined> {
  try {
    return (await api.delivery(id))?.state
  } catch (error) {
    if (codeOf(error) === 'UNKNOWN_MESSAGE') return 'forgotten'
    throw error
  }
}

export class People {
  readonly #world: World
  readonly #recorder: Recorder
  readonly #accountOf: ReadonlyMap<string, string>
  readonly #nameOf: ReadonlyMap<string, string>
  readonly #reading: Chance
  /** Inviter and invited. */
  readonly #meetings: Array<[string, string]> = []
  /** What is to be written to somebody who is no contact yet. */
  readonly #unacquainted = new Set<Pick<Send, 'from' | 'to' | 'bytes'>>()

  constructor (world: World, recorder: Recorder, accountOf: ReadonlyMap<string, string>, seed: number) {
    this.#world = world
    this.#recorder = recorder
    this.#accountOf = accountOf
    this.#nameOf = new Map([...accountOf].map(([name, account]) => [account, name]))
    this.#reading = new Chance(`reading ${seed}`)
  }

  /** One gives an invite to the other, again where a program ended meanwhile, until it is added. */
  async meet (inviter: string, invited: string): Promise<void> {
    this.#meetings.push([inviter, invited])
    const { invite } = await this.#untilAnswered(inviter, async api => await api.createInvite({}))
    await this.#untilAnswered(invited, async api => await api.addContact({ invite }))
  }

  /** Whether those who met have each other for contacts, and what waited for that is written. */
  areAcquainted (gone: ReadonlySet<string>): boolean {
    const areHere = (...names: string[]): boolean => !names.some(name => gone.has(name))
    return this.#meetings.every(([a, b]) => !areHere(a, b) || [this.#stateOf(a, b), this.#stateOf(b, a)].every(state => state === 'accepted')) &&
      [...this.#unacquainted].every(({ from, to }) => !areHere(from, to))
  }

  /** Writes now, or as soon as the program serves; not at all once the machine is abandoned. */
  write (send: Pick<Send, 'from' | 'to' | 'bytes'>): void {
    const client = this.#world.clients.get(send.from)!
    const { api, machine: { life } } = client
    if (api === undefined || life === undefined || life.isPaused) {
      if (client.machine.isAbandoned) return
      this.#world.timeline.in(serveRetryMs, `waits ${send.from}`, () => { this.write(send) })
      return
    }
    if (this.#stateOf(send.from, send.to) === undefined) {
      this.#unacquainted.add(send)
      this.#world.timeline.in(serveRetryMs, `waits ${send.from}`, () => { this.write(send) })
      return
    }
    this.#unacquainted.delete(send)
    const message = this.#recorder.invoked(send.from, send.to)
    const text = `${mentionOf(message)}${'x'.repeat(send.bytes)}`
    // A program that was killed never answers: that is neither yes nor no.
    const onLost = client.machine.onLife
    let isAnswered = false
    const chained: typeof onLost = (ended, event, why) => {
      onLost?.(ended, event, why)
      if (ended === life && event === 'ended' && !isAnswered) this.#recorder.unknown(message)
    }
    client.machine.onLife = chained
    const answered = (): boolean => {
      if (isAnswered || !life.isAlive) return false
      isAnswered = true
      if (client.machine.onLife === chained) client.machine.onLife = onLost
      return true
    }
    api.sendText({ to: this.#accountOf.get(send.to)!, text }).then(
      ({ messageId }) => { if (answered()) this.#recorder.acknowledged(message, messageId) },
      (error: unknown) => {
        if (!answered()) return
        // The disk failed: whether it is there, the next start will show.
        if (error instanceof StoreError || !(error instanceof RestanteError)) this.#recorder.unknown(message)
        else this.#recorder.refused(message, codeOf(error))
      }
    )
  }

  /** Perhaps reads what `client` was told of. */
  mayRead (client: string, messageId: string, from: string, rate: number): void {
    if (rate === 0 || !this.#reading.happens(rate)) return
    const delay = this.#reading.between(10, 5_000)
    this.#world.timeline.in(delay, `reads ${client}`, () => {
      const { api } = this.#world.clients.get(client)!
      api?.markRead({ with: from, upTo: messageId }).catch(() => {
        // The program ended, or its disk failed: it is read another time.
      })
    })
  }

  /** Asks each client for what became of messages whose ticks it may have missed. */
  async askForTicks (messages: number[]): Promise<void> {
    for (const message of messages) {
      const client = this.#world.clients.get(this.#recorder.senderOf(message))!
      const state = await this.#ask(client, async api => await stateOf(api, this.#recorder.idOf(message)))
      if (state === 'forgotten') {
        this.#recorder.alarm(client.name, 'I1', `message ${message} is not with ${client.name} any more, who was told that it is`)
      }
      if (state === 'forgotten' || state === 'delivered' || state === 'read') this.#recorder.confirmed(message)
    }
  }

  /** Every conversation as its people see it. */
  async lookAtAll (): Promise<void> {
    for (const [a, b] of this.#meetings) for (const [one, other] of [[a, b], [b, a]] as const) this.#lookForContact(one, other)
    for (const client of this.#world.clients.values()) {
      if (client.machine.isAbandoned) continue
      const contacts = await this.#ask(client, async api => api.contacts().map(({ contactId }) => contactId))
      for (const account of contacts) {
        const other = this.#nameOf.get(account)
        if (other !== undefined) await this.#look(client, other, account)
      }
    }
  }

  /**
   * A read that failed leaves a store that refuses everything, though its disk may be well again: whoever is
   * told so starts the program anew, and asks again.
   */
  async #ask<T> (client: Client, question: (api: MessengerApi) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      while (client.api === undefined) await this.#pause()
      const { api, machine } = client
      try {
        return await question(api)
      } catch (error) {
        if (!(error instanceof StoreError) || tries >= askTriesMax) throw error
        if (machine.life !== undefined) machine.failed(machine.life, error.code)
      }
    }
  }

  #stateOf (client: string, other: string): ContactState | undefined {
    const account = this.#accountOf.get(other)
    return this.#world.clients.get(client)!.api?.contacts().find(({ contactId }) => contactId === account)?.state
  }

  #lookForContact (client: string, other: string): void {
    if (this.#world.clients.get(client)!.machine.isAbandoned) return
    this.#recorder.put(client, { type: 'ok', f: 'contact', value: { with: other, state: this.#stateOf(client, other) } })
  }

  /** A program that ends meanwhile never answers: the next one is asked. Pending for ever where nobody starts it again. */
  async #untilAnswered<T> (name: string, question: (api: MessengerApi) => Promise<T>): Promise<T> {
    for (;;) {
      const { api, machine: { life } } = this.#world.clients.get(name)!
      let answer: { value: T } | undefined
      let isOver = false
      if (api !== undefined && life !== undefined) {
        question(api).then(value => { answer = { value } }, () => { isOver = true })
        while (answer === undefined && !isOver && life.isAlive) await this.#pause()
      }
      if (answer !== undefined) return answer.value
      await this.#pause()
    }
  }

  async #pause (): Promise<void> {
    await new Promise<void>(resolve => { this.#world.timeline.in(serveRetryMs, 'waits', resolve) })
  }

  async #look (client: Client, other: string, account: string): Promise<void> {
    const look = async (): Promise<MessageView[]> => await this.#ask(client, async api => await api.messages({ with: account, limit: listMax }))
    const hasGap = (seen: MessageView[]): boolean => seen.some(({ own, missingBefore }) => !own && missingBefore > 0)
    let views = await look()
    // What is missing may be no message: of that nobody is told that it came, and it is sent again after a minute.
    for (let waitedMs = 0; hasGap(views) && waitedMs < gapMsMax; waitedMs += serveRetryMs) {
      await this.#pause()
      views = await look()
    }
    this.#recorder.put(client.name, {
      type: 'ok', f: 'list', value: {
        with: other,
        messages: views.map(({ messageId: id, text, own, missingBefore, delivery }) => ({
          message: this.#recorder.numberOf(id, text), id, isOwn: own, missingBefore, state: delivery?.state
        }))
      }
    })
  }
}
