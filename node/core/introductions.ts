/**
 * Finding the prekeys of someone who was added by invite or by account id, while that person may be
 * away: descriptors and bundles are asked of relays until one has them.
 */
import { toHex as hex } from '../../protocol/bytes.ts'
import { bundleLocation, inviteRouteSecret, openBundle, unsealBundle } from '../../protocol/bundle.ts'
import { descriptorPeriod, descriptorSlot, openDescriptor } from '../../protocol/descriptor.ts'
import { codeOf, RemoteError, RestanteError } from '../../protocol/errors.ts'
import type { InviteContents } from '../../protocol/invite.ts'
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { Contacts } from './contacts.ts'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import type { Links, OpenLink } from './links.ts'
import type { ContactRecord, RouteRecord } from './records.js'
import { renewalOf } from './renewals.ts'
import type { State } from './state.ts'

/** `isDirect`: contacts' devices may be dialled. */
export interface IntroductionsPorts { clock: Clock, log: Log, suite: CryptoSuite, isDirect: boolean }
export interface IntroductionsParts { contacts: Contacts, links: () => Links | undefined, ownLinks: () => OpenLink[] }

/** What the routes of one invite have said so far. */
interface Search {
  refused: Set<string>
  invalid: Set<string>
  asked: Set<string>
  lookups: number
  /** Since when no route has anything, monotonic ms. */
  emptySince: number | undefined
  timer: Timer | undefined
}

const lookupRetryMsMin = 2_000
const lookupRetryMsMax = 15 * 60_000
const askAgainMs = 30_000

export class Introductions {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: IntroductionsPorts
  readonly #parts: IntroductionsParts
  readonly #searches = new Map<string, Search>()

  constructor (state: State, ledger: Ledger, ports: IntroductionsPorts, parts: IntroductionsParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  start (): void {
    for (const contact of this.#state.contacts.values()) this.pursue(hex(contact.account))
  }

  stop (): void {
    for (const search of this.#searches.values()) search.timer?.cancel()
    this.#searches.clear()
  }

  /** The contact was added, perhaps by another invite than before: what the former one's routes said is void. */
  begin (contact: string): void {
    this.#forget(contact)
    this.pursue(contact)
  }

  pursue (contact: string): void {
    const record = this.#state.contacts.get(contact)
    if (this.#parts.links() === undefined || record === undefined) return
    if (record.lookup) this.#run(this.#lookUp(contact))
    else if (record.inviteSecret.length > 0) this.#run(this.#ask(contact, record))
    else this.#forget(contact)
  }

  linkUp (link: OpenLink): void {
    for (const record of this.#state.contacts.values()) {
      const isRoute = record.inviteRoutes.some(route => hex(route.peerKey) === link.peer)
      if (record.inviteSecret.length > 0 && isRoute) this.pursue(hex(record.account))
    }
  }

  /** One of the own relays takes requests now. */
  subscribed (): void {
    for (const record of this.#state.contacts.values()) if (record.lookup) this.pursue(hex(record.account))
  }

  #run (work: Promise<void>): void {
    work.catch((error: unknown) => { this.#ports.log.info('introduction-failed', { code: codeOf(error) }) })
  }

  #search (contact: string): Search {
    const known = this.#searches.get(contact)
    if (known !== undefined) return known
    const search: Search = { refused: new Set(), invalid: new Set(), asked: new Set(), lookups: 0, emptySince: undefined, timer: undefined }
    this.#searches.set(contact, search)
    return search
  }

  #forget (contact: string): void {
    this.#searches.get(contact)?.timer?.cancel()
    this.#searches.delete(contact)
  }

  #again (contact: string, delayMs: number): void {
    const search = this.#search(contact)
    search.timer?.cancel()
    search.timer = this.#ports.clock.setTimer(delayMs, () => { this.pursue(contact) })
  }

  // -- by account id

  async #lookUp (contact: string): Promise<void> {
    const { clock, suite } = this.#ports
    const record = this.#state.contacts.get(contact)!
    const search = this.#search(contact)
    this.#again(contact, Math.min(lookupRetryMsMax, lookupRetryMsMin * 2 ** search.lookups++))
    const period = descriptorPeriod(clock.now())
    let best = undefined as ReturnType<typeof openDescriptor>
    const slots = [period, period - 1, period + 1].map(one => descriptorSlot(suite, record.account, one))
    const lookUp = async (link: OpenLink, slot: Uint8Array): Promise<void> => {
      try {
        const answer = await link.channel.request({ lookup: { slot } })
        for (const value of answer.values) {
          const found = openDescriptor(suite, record.account, value, clock.now())
          // A relay may keep back the newest one; the highest sequence of all answers counts.
          if (found !== undefined && (best === undefined || found.sequence > best.sequence)) best = found
        }
      } catch (error) {
        if (!(error instanceof RestanteError)) throw error
        this.#ports.log.debug('lookup-refused', { code: error.code })
      }
    }
    const links = [...new Set([...this.#parts.ownLinks(), ...this.#relaysOf(record)])]
    await Promise.all(links.flatMap(link => slots.map(async slot => { await lookUp(link, slot) })))
    if (best === undefined) return
    const { secret } = best
    const routes = routesOf(suite, { secret, routes: best.routes })
    await this.#ledger.step(() => { this.#parts.contacts.found(contact, secret, routes) })
    this.#forget(contact)
    this.pursue(contact)
  }

  /** A contact's own relays have its descriptor, where ours know nothing of it. */
  #relaysOf (record: ContactRecord): OpenLink[] {
    const links = this.#parts.links()!
    return record.routes.filter(route => !route.device).flatMap(route => {
      const link = links.to(route.peerKey)
      if (link === undefined) links.want(route, 'foreign-relay')
      return link ?? []
    })
  }

  // -- by invite, or with the prekeys that a contact keeps for this account

  async #ask (contact: string, record: ContactRecord): Promise<void> {
    const links = this.#parts.links()!
    if (record.inviteExpiresAt !== 0 && record.inviteExpiresAt <= this.#ports.clock.now()) {
      await this.#giveUp(contact, 'INVITE_EXPIRED')
      return
    }
    const search = this.#search(contact)
    const isRenewal = renewalOf(record).searching
    const routes = record.inviteRoutes.filter(route => !isRenewal || !route.device || this.#ports.isDirect)
    for (const route of routes) {
      const peer = hex(route.peerKey)
      const link = links.to(route.peerKey)
      if (link === undefined) {
        links.want(route, route.device ? 'contact' : 'foreign-relay')
        continue
      }
      if (search.asked.has(peer)) continue
      search.asked.add(peer)
      try {
        if (await this.#take(contact, record, route, link)) return
        search.invalid.add(peer)
      } catch (error) {
        if (!(error instanceof RestanteError)) throw error
        if (error instanceof RemoteError && error.code === 'NOT_FOUND') search.refused.add(peer)
        else this.#ports.log.info('bundle-refused', { code: error.code })
      } finally {
        search.asked.delete(peer)
      }
    }
    if (this.#searches.get(contact) !== search) return
    if (isRenewal) await this.#elsewhere(contact, record, search)
    else await this.#endInVain(contact, routes, search)
    if (this.#searches.get(contact) === search) this.#again(contact, askAgainMs)
  }

  /** Whether all of these have answered, and none has prekeys that are any good. */
  #isEmpty (routes: RouteRecord[], { refused, invalid }: Search): boolean {
    return routes.length > 0 && routes.every(({ peerKey }) => refused.has(hex(peerKey)) || invalid.has(hex(peerKey)))
  }

  /**
   * What a relay doesn't know was perhaps not published yet: its owner may just have made the invite. So one relay that
   * gives out rubbish, for malice or a damaged disk, spoils nothing as long as another one may still get it.
   */
  async #endInVain (contact: string, routes: RouteRecord[], search: Search): Promise<void> {
    if (!this.#isEmpty(routes, search)) return
    const now = this.#ports.clock.monotonic()
    search.emptySince ??= now
    const isSpoiltEverywhere = routes.every(({ peerKey }) => search.invalid.has(hex(peerKey)))
    if (!isSpoiltEverywhere && now - search.emptySince < defaults.inviteUnpublishedMsMax) return
    await this.#giveUp(contact, search.invalid.size > 0 ? 'INVITE_INVALID' : 'INVITE_EXPIRED')
  }

  /** A device that is away may have them as well, but its relays have all that it gave them. */
  async #elsewhere (contact: string, record: ContactRecord, search: Search): Promise<void> {
    if (!this.#isEmpty(record.inviteRoutes.filter(route => !route.device), search)) return
    if (renewalOf(record).byReset) {
      await this.#ledger.step(() => { this.#parts.contacts.lookUp(contact) })
      this.begin(contact)
    } else {
      await this.#giveUp(contact, 'INVITE_EXPIRED')
    }
  }

  async #take (contact: string, record: ContactRecord, route: RouteRecord, link: OpenLink): Promise<boolean> {
    const { suite, clock, log } = this.#ports
    const answer = await link.channel.request({ takePrekey: { location: bundleLocation(suite, route.secret) } })
    const signed = unsealBundle(suite, route.secret, answer.value.slice())
    if (signed === undefined) return false
    let bundle
    try {
      bundle = openBundle(suite, signed, { account: record.account, now: clock.now() })
    } catch (error) {
      if (!(error instanceof RestanteError)) throw error
      log.warn('bundle-invalid', { code: error.code })
      return false
    }
    const opened = bundle
    await this.#ledger.step(() => { this.#parts.contacts.introduced(contact, opened) })
    this.#forget(contact)
    return true
  }

  async #giveUp (contact: string, reason: 'INVITE_EXPIRED' | 'INVITE_INVALID'): Promise<void> {
    await this.#ledger.step(() => { this.#parts.contacts.unreachable(contact, reason) })
    this.#forget(contact)
  }
}

/** Routes of an invite with the secret of the address at each. */
export function routesOf (suite: CryptoSuite, invite: Pick<InviteContents, 'secret' | 'routes'>): RouteRecord[] {
  return invite.routes.map((route, index) => ({ ...route, secret: inviteRouteSecret(suite, invite.secret, index) }))
}
