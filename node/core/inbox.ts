/**
 * Envelopes that come in, whatever the way: opened, handed on (arrivals.ts), and only then acknowledged.
 *
 * Transport delivers at least once. Used-up message keys, and counters of what is stored, make it
 * exactly once for the person; ratchet, message and duplicates' index change in one commit. Nothing is
 * called a duplicate that was not taken in: its sender would show a tick for what never came.
 */
import { toHex as hex, unhex } from '../../protocol/bytes.ts'
import { unwrapEnvelope } from '../../protocol/envelope.ts'
import { CryptoError, RemoteError, type RestanteError } from '../../protocol/errors.ts'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import { decrypt, handshakeTag, type Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { Way } from './api.ts'
import { Arrivals, type ArrivalsParts } from './arrivals.ts'
import { indexKey } from './history.ts'
import { IdsWanted, KnownIds } from './known-ids.ts'
import type { Ledger } from './ledger.ts'
import type { Store } from './ports.ts'
import { contactStates, sessionKey, type Recipient, type State } from './state.ts'
import type { Taken } from './taken.ts'

export interface InboxPorts { clock: Clock, random: Random, log: Log, suite: CryptoSuite, store: Store }
export interface InboxParts extends Omit<ArrivalsParts, 'onStored'> { taken: Taken }

type Opened =
  | { contact: string, session: Session, content: Uint8Array, before: Session | undefined }
  /** `contact`: whose it seems to be. */
  | { error: CryptoError, contact: string | undefined, session: Session | undefined }
/** `refusal`: nothing of it, or not all, is here. */
interface Outcome { isDuplicate: boolean, refusal: RestanteError | undefined }

export class Inbox {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: InboxPorts
  readonly #parts: InboxParts
  readonly #arrivals: Arrivals
  /** Answers of look-ups that are under way: what is stored meanwhile is known as well. */
  readonly #lookUps = new Set<Map<string, boolean>>()

  constructor (state: State, ledger: Ledger, ports: InboxPorts, parts: InboxParts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#parts = parts
    this.#arrivals = new Arrivals(state, ledger, ports, { ...parts, onStored: id => { this.#stored(id) } })
  }

  /**
   * Resolves when the envelope's contents are durable here, or were before. Rejects with RemoteError
   * UNKNOWN_ADDRESS, REJECTED or QUOTA, CryptoError or WireError where not all of it is, and with StoreError.
   */
  async receive (addressHash: Uint8Array, envelope: Uint8Array, way: Way): Promise<{ isDuplicate: boolean }> {
    const answers = new Map<string, boolean>()
    try {
      for (;;) {
        try {
          const { isDuplicate, refusal } = await this.#ledger.step(() => this.#take(addressHash, envelope, way, new KnownIds(answers)))
          if (refusal !== undefined) throw refusal
          return { isDuplicate }
        } catch (error) {
          if (!(error instanceof IdsWanted)) throw error
          await this.#lookUp(error, answers)
        }
      }
    } finally {
      this.#lookUps.delete(answers)
    }
  }

  #take (addressHash: Uint8Array, envelope: Uint8Array, way: Way, known: KnownIds): Outcome {
    const recipient = this.#state.recipient(addressHash)
    if (recipient === undefined) throw new RemoteError('UNKNOWN_ADDRESS')
    const inner = unwrapEnvelope(this.#ports.suite, recipient.grant, envelope)
    if (inner === undefined) throw new CryptoError('AUTHENTICATION_FAILED')
    const opened = this.#open(recipient, inner)
    if ('error' in opened) return this.#notOpened(opened, inner, way)
    const { contact, session, content, before } = opened
    if (before !== undefined) {
      const { account } = this.#state.contacts.get(contact)!
      this.#state.sessions.put(sessionKey(contact, session.id), { account, session })
      if (!before.confirmed) this.#parts.contacts.confirmed(contact, session)
    }
    if (!this.#arrivals.take(contact, session, content, way, known)) {
      return { isDuplicate: false, refusal: new RemoteError('REJECTED') }
    }
    const conversation = this.#parts.sealing.conversation(contact)
    this.#state.conversations.put(contact, this.#parts.taken.with(contact, conversation, inner))
    return { isDuplicate: false, refusal: undefined }
  }

  /** Changes nothing where it does not open. */
  #open (recipient: Recipient, inner: Uint8Array): Opened {
    const tag = handshakeTag(inner)
    if (tag !== undefined) return this.#openHandshake(recipient, inner, tag)
    // At an invite's address only those who are not contacts yet are heard.
    if (recipient.kind === 'invite') throw new CryptoError('AUTHENTICATION_FAILED')
    const { contact } = recipient
    const active = this.#parts.sealing.activeSession(contact)
    const sessions = this.#state.sessionsOf(contact)
    const ordered = active === undefined ? sessions : [active, ...sessions.filter(session => session !== active)]
    for (const session of ordered) {
      const opened = this.#openIn(contact, session, inner)
      if (!('error' in opened) || opened.error.code !== 'AUTHENTICATION_FAILED') return opened
    }
    return { error: new CryptoError('AUTHENTICATION_FAILED'), contact, session: undefined }
  }

  #openIn (contact: string, before: Session, inner: Uint8Array): Opened {
    try {
      const { session, content } = decrypt(this.#ports.suite, this.#ports.random, before, inner)
      return { contact, session, content, before }
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error
      return { error, contact, session: before }
    }
  }

  #openHandshake (recipient: Recipient, inner: Uint8Array, tag: Uint8Array): Opened {
    const known = this.#state.sessionOfHandshake(tag)
    if (known === undefined) {
      try {
        return { ...this.#parts.contacts.knocked(recipient, inner), before: undefined }
      } catch (error) {
        if (!(error instanceof CryptoError)) throw error
        return { error, contact: recipient.kind === 'contact' ? recipient.contact : undefined, session: undefined }
      }
    }
    const { contact, session } = known
    // An invite's address stays open when one of those who came by it is blocked.
    if (contactStates[this.#state.contacts.get(contact)!.state] === 'blocked') throw new RemoteError('UNKNOWN_ADDRESS')
    return this.#openIn(contact, session, inner)
  }

  #notOpened ({ error, contact, session }: Extract<Opened, { error: CryptoError }>, inner: Uint8Array, way: Way): Outcome {
    if (contact === undefined) throw error
    const isTaken = this.#parts.taken.has(contact, inner)
    // The receipt for its contents was perhaps lost; or it shows the sender that they never came.
    if (session !== undefined && error.code === 'REPLAYED' && (way === 'relay' || !isTaken)) this.#parts.receipts.due(contact)
    return { isDuplicate: isTaken, refusal: isTaken ? undefined : error }
  }

  // -- which messages are here

  async #lookUp ({ contact, ids }: IdsWanted, answers: Map<string, boolean>): Promise<void> {
    for (const id of ids) answers.set(hex(id), false)
    this.#lookUps.add(answers)
    // What was stored before this moment is in the store after it.
    await this.#ledger.step(() => {}, false)
    const account = unhex(contact)
    const found = await this.#ports.store.follow('messageIndex', ids.map(id => indexKey(account, { id, own: false })))
    for (const [index, entry] of found.entries()) if (entry !== undefined) answers.set(hex(ids[index]!), true)
  }

  /** Inside a step. */
  #stored (id: Uint8Array): void {
    if (this.#lookUps.size === 0) return
    const name = hex(id)
    for (const answers of this.#lookUps) {
      if (answers.get(name) !== false) continue
      answers.set(name, true)
      this.#ledger.undoable(() => { answers.set(name, false) })
    }
  }
}
