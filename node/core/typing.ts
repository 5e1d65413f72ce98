/**
 * That somebody is writing: said to a contact whose device is connected straight, in the session that the two have, and kept
 * nowhere. Relays hold none of it: given out later it would be a lie, and it would tell them when people write.
 *
 * Whether a person wants it said, and wants to see it, is the screen's to ask.
 */
import { deriveGrant, wrapEnvelope } from '../../protocol/envelope.ts'
import { codeOf } from '../../protocol/errors.ts'
import { contentKinds } from '../../protocol/limits.ts'
import type { Clock, Log } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { Typing as TypingPayload } from '../../protocol/wire/restante.js'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import type { Links, OpenLink } from './links.ts'
import type { Notices } from './notices.ts'
import type { RouteRecord } from './records.js'
import type { Sealing } from './sealing.ts'
import { contactStates, isIdentityForked, type State } from './state.ts'

export interface TypingPorts { clock: Clock, log: Log, suite: CryptoSuite }
export interface TypingParts { sealing: Sealing, notices: Notices, links: () => Links | undefined }

interface Said { isActive: boolean, at: number }

export class Typing {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: TypingPorts
  readonly #parts: TypingParts
  /** What each contact heard last, and when, monotonic ms. */
  readonly #said = new Map<string, Said>()

  constructor (state: State, ledger: Ledger, ports: TypingPorts, parts: TypingParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
  }

  /** Resolves when it left, or at once where there is nobody to hear it, or nothing that he does not know. */
  async say (contact: string, isActive: boolean): Promise<void> {
    const to = this.#reach(contact)
    if (to === undefined) return
    const now = this.#ports.clock.monotonic()
    const before = this.#said.get(contact)
    const isNews = isActive
      ? before?.isActive !== true || now - before.at >= defaults.typingAgainMs
      : before?.isActive === true && now - before.at < defaults.typingShownMs
    // Each costs both ends a step of the ratchet: whoever calls with every key still says it once.
    if (!isNews) return
    this.#said.set(contact, { isActive, at: now })
    const payload = TypingPayload.encode({ ended: !isActive })
    const inner = await this.#ledger.step(() => this.#parts.sealing.sealAside(contact, contentKinds.typing, payload))
    if (inner === undefined || !to.link.channel.isOpen) return
    const grant = deriveGrant(this.#ports.suite, to.route.secret)
    const envelope = wrapEnvelope(this.#ports.suite, grant, inner)
    to.link.channel.request({ deposit: { address: grant.address, envelope } }).catch((error: unknown) => {
      this.#ports.log.debug('typing-unheard', { code: codeOf(error) })
    })
  }

  /** Something was written: the next word of it is news again. */
  sent (contact: string): void { this.#said.delete(contact) }

  /** Inside a step: the contact says it. */
  heard (contact: string, { ended }: TypingPayload): void {
    if (contactStates[this.#state.contacts.get(contact)!.state] !== 'accepted') return
    const contactId = this.#state.bech32Of(contact)
    this.#ledger.effect(() => { this.#parts.notices.tell({ type: 'contact.typing', contactId, active: !ended }) })
  }

  /** To those alone who were accepted, and answered: a stranger learns nothing by it. */
  #reach (contact: string): { route: RouteRecord, link: OpenLink } | undefined {
    const record = this.#state.contacts.get(contact)
    const links = this.#parts.links()
    if (record === undefined || links === undefined || contactStates[record.state] !== 'accepted' || isIdentityForked(record)) return undefined
    for (const route of record.routes) {
      const link = route.device && route.secret.length === 32 ? links.to(route.peerKey) : undefined
      // Through a relay's circuit it would see somebody type, by the rhythm of what passes.
      if (link?.direct === true) return { route, link }
    }
    return undefined
  }
}
