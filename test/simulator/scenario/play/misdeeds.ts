/**
 * Relays that do not do what they should: their store answers otherwise than it is. The relay's core
 * stays as it is, so that what a client meets is what a dishonest operator could make of this program.
 */
import type { Chance } from '../../world/chance.ts'
import { tailOf } from '../../world/disk.ts'
import { textOf } from '../../world/image.ts'
import type { MailboxStore, Page, StoredEnvelope } from '../../../../relay/core/ports.ts'
import type { RelayMisdeed } from '../model.ts'

type Lasting = Exclude<RelayMisdeed, 'wipe'>

/** Envelopes of a mailbox that a relay which replays keeps in mind. */
const replayedMax = 16

export class Misdeeds {
  readonly #now = new Map<Lasting, number>()
  readonly #chance: Chance
  /** Envelopes that are there and never shown: the relay said that it keeps them. */
  readonly #hidden = new Set<string>()
  readonly #given = new Map<string, StoredEnvelope[]>()
  /** The store of a life is bent once. */
  readonly #bent = new WeakSet<MailboxStore>()

  constructor (chance: Chance) { this.#chance = chance }

  begin (misdeed: Lasting): void { this.#now.set(misdeed, (this.#now.get(misdeed) ?? 0) + 1) }
  end (misdeed: Lasting): void { this.#now.set(misdeed, (this.#now.get(misdeed) ?? 1) - 1) }

  endAll (): void { this.#now.clear() }

  /** In place: the relay's core and its watchers already hold this very store. */
  bend (store: MailboxStore): void {
    if (this.#bent.has(store)) return
    this.#bent.add(store)
    const deposit = store.deposit.bind(store)
    const page = store.page.bind(store)
    store.deposit = async request => {
      if (this.#does('quota')) return { status: 'refused', code: 'QUOTA' }
      const result = await deposit(request)
      const isHidden = this.#does('lie') || this.#does('delete')
      if (isHidden && result.status !== 'refused') this.#hidden.add(tailOf(request.envelope))
      return result
    }
    store.page = async (mailbox, options) => {
      if (this.#does('withhold')) return { envelopes: [], drained: true, refusedSome: false }
      const honest = await page(mailbox, options)
      // What was deposited before it began to delete is deleted as well, once it is asked for.
      if (this.#does('delete')) for (const { envelope } of honest.envelopes) this.#hidden.add(tailOf(envelope))
      return this.#bentPage(textOf(mailbox), honest)
    }
  }

  #does (misdeed: Lasting): boolean { return (this.#now.get(misdeed) ?? 0) > 0 }

  #bentPage (mailbox: string, honest: Page): Page {
    let envelopes = honest.envelopes.filter(({ envelope }) => !this.#hidden.has(tailOf(envelope)))
    if (this.#does('reorder')) envelopes = this.#chance.sample(envelopes, envelopes.length)
    const given = this.#given.get(mailbox) ?? []
    // Only with something new: a page that is never empty would be asked for again at once, for ever.
    const replayed = this.#does('replay') && envelopes.length > 0 ? given : []
    this.#given.set(mailbox, [...given, ...envelopes].slice(-replayedMax))
    return { ...honest, envelopes: [...replayed, ...envelopes] }
  }
}
