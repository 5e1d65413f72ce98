/**
 * The people of a plan: they write when it says so, or once their program serves again, and in the
 * end they look at every conversation.
 */
import type { MessageView, MessengerApi } from '../../../../node/core/api.ts'
import { codeOf, RestanteError, StoreError } from '../../../../protocol/errors.ts'
import type { Life } from '../../world/timeline.ts'
import { mentionOf } from '../../world/mentions.ts'
import type { World } from '../../world/world.ts'
import type { Plan } from '../plan.ts'
import type { Witness } from './witness.ts'

interface Wish { from: string, to: string, bytes: number, isProbe: boolean }

/** At once; a longer conversation is read in pieces. */
const listMax = 10_000
const markBytes = mentionOf(0).length

export class Writers {
  readonly #world: World
  readonly #witness: Witness
  readonly #accountOf: ReadonlyMap<string, string>
  /** What waits for a program that serves. */
  readonly #waiting = new Map<string, Wish[]>()
  /** Asked of a program and not answered. */
  readonly #asked = new Map<Life, Set<number>>()

  constructor (world: World, witness: Witness, accountOf: ReadonlyMap<string, string>) {
    this.#world = world
    this.#witness = witness
    this.#accountOf = accountOf
  }

  write (wish: Wish): void {
    const client = this.#world.clients.get(wish.from)
    const life = client?.machine.life
    if (client?.api === undefined || life === undefined || life.isPaused) {
      if (client?.machine.isAbandoned === true) return
      const waiting = this.#waiting.get(wish.from)
      if (waiting === undefined) this.#waiting.set(wish.from, [wish])
      else waiting.push(wish)
      return
    }
    this.#ask(wish, client.api, life)
  }

  life (name: string, life: Life, event: 'started' | 'serves' | 'ended'): void {
    // A program that was killed never answers: that is neither yes nor no.
    if (event === 'ended') {
      for (const message of this.#asked.get(life) ?? []) this.#witness.unknown(message)
      this.#asked.delete(life)
    }
    if (event === 'serves') this.wake(name)
  }

  /** Its program serves, or goes on: what was meant to be written meanwhile is written now. */
  wake (name: string): void {
    const waiting = this.#waiting.get(name) ?? []
    this.#waiting.delete(name)
    for (const wish of waiting) this.write(wish)
  }

  /** Every conversation as its people see it. */
  async lookAtAll (contacts: Plan['contacts']): Promise<void> {
    for (const [a, b] of contacts) {
      await this.#look(a, b)
      await this.#look(b, a)
    }
  }

  #ask ({ from, to, bytes, isProbe }: Wish, api: MessengerApi, life: Life): void {
    const witness = this.#witness
    const message = witness.invoked(from, to)
    if (isProbe) witness.probes.add(message)
    const asked = this.#asked.get(life) ?? new Set()
    this.#asked.set(life, asked.add(message))
    const isAnswered = (): boolean => life.isAlive && asked.delete(message)
    const text = `${mentionOf(message)}${'x'.repeat(Math.max(0, bytes - markBytes))}`
    api.sendText({ to: this.#accountOf.get(to) ?? '', text }).then(
      ({ messageId }) => { if (isAnswered()) witness.acknowledged(message, messageId) },
      (error: unknown) => {
        if (!isAnswered()) return
        // The disk failed: whether it is there, the next start will show.
        if (error instanceof StoreError || !(error instanceof RestanteError)) witness.unknown(message)
        else witness.refused(message, codeOf(error))
      }
    )
  }

  async #look (name: string, other: string): Promise<void> {
    const api = this.#world.clients.get(name)?.api
    const account = this.#accountOf.get(other)
    if (api === undefined || account === undefined) return
    const views: MessageView[] = []
    for (let before: string | undefined; ;) {
      const older = await api.messages({ with: account, limit: listMax, before })
      views.unshift(...older)
      if (older.length < listMax) break
      before = older[0]?.messageId
    }
    this.#witness.put(name, {
      type: 'ok', f: 'list', value: {
        with: other,
        messages: views.map(({ messageId: id, text, own, missingBefore, delivery }) => ({
          message: this.#witness.numberOf(id, text), id, isOwn: own, missingBefore, state: delivery?.state
        }))
      }
    })
  }
}
