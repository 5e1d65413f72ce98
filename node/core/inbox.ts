/**
 * Envelopes that come in, whatever the way: opened, handed on (arrivals.ts), and only then acknowledged.
 *
 * Transport delivers at least once. Used-up message keys, and counters of what is stored, make it
 * exactly once for the person; ratchet, message and duplicates' index change in one commit. Nothing is
 * called a duplicate that was not taken in: its sender would show a tick for what never came.
 */
import { equal, toHex as hex } from '../../protocol/bytes.ts'
import { unwrapEnvelope, type Grant } from '../../protocol/envelope.ts'
import { CryptoError, RemoteError, type RestanteError } from '../../protocol/errors.ts'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import { decrypt, handshakeTag, type Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { Way } from './api.ts'
import { Arrivals, type ArrivalsParts } from './arrivals.ts'
import type { Ledger } from './ledger.ts'
import type { Lookup } from './message-rows.ts'
import type { Renewals } from './renewals.ts'
import { contactStates, sessionKey, type Recipient, type State } from './state.ts'
import type { Taken } from './taken.ts'

export interface InboxPorts { clock: Clock, random: Random, log: Log, suite: CryptoSuite }
export interface InboxParts extends ArrivalsParts { taken: Taken, renewals: Renewals }

type Opened =
  | { contact: string, session: Session, content: Uint8Array, before: Session | undefined }
  /** `contact`: whose it seems to be. */
  | { error: CryptoError, contact: string | undefined, session: Session | undefined }
/** `refusal`: nothing of it, or not all, is here. */
interface Outcome { isDuplicate: boolean, refusal: RestanteError | undefined }

const refusedMax = 4096

export class Inbox {
  readonly #state: State
  readonly #ports: InboxPorts
  readonly #parts: InboxParts
  readonly #arrivals: Arrivals
  /** The beginnings of inners that did not open: a copy of one is no news. */
  readonly #refused = new Set<string>()

  constructor (state: State, ledger: Ledger, ports: InboxPorts, parts: InboxParts) {
    this.#state = state
    this.#ports = ports
    this.#parts = parts
    this.#arrivals = new Arrivals(state, ledger, ports, parts)
  }

  /**
   * Resolves when the envelope's contents are durable here, or were before. Rejects with RemoteError
   * UNKNOWN_ADDRESS, REJECTED or QUOTA, CryptoError or WireError where not all of it is, and with StoreError.
   */
  async receive (addressHash: Uint8Array, envelope: Uint8Array, way: Way): Promise<{ isDuplicate: boolean }> {
    const { isDuplicate, refusal } = await this.#parts.rows.with(known => this.#take(addressHash, envelope, way, known))
    if (refusal !== undefined) throw refusal
    return { isDuplicate }
  }

  #take (addressHash: Uint8Array, envelope: Uint8Array, way: Way, known: Lookup): Outcome {
    const recipient = this.#state.recipient(addressHash)
    if (recipient === undefined) throw new RemoteError('UNKNOWN_ADDRESS')
    const inner = unwrapEnvelope(this.#ports.suite, recipient.grant, envelope)
    if (inner === undefined) throw new CryptoError('AUTHENTICATION_FAILED')
    const opened = this.#open(recipient, inner)
    if ('error' in opened) return this.#notOpened(recipient, opened, inner, way)
    const { contact, session, content, before } = opened
    if (before !== undefined) {
      const { account } = this.#state.contacts.get(contact)!
      this.#state.sessions.put(sessionKey(contact, session.id), { account, session })
      if (!before.confirmed) this.#parts.contacts.confirmed(contact, session)
    }
    const { isRefused, isNumbered } = this.#arrivals.take(contact, session, content, way, known)
    if (isRefused) return { isDuplicate: false, refusal: new RemoteError('REJECTED') }
    const conversation = this.#parts.sealing.conversation(contact)
    this.#state.conversations.put(contact, this.#parts.taken.with(contact, conversation, inner, isNumbered))
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

  #notOpened (recipient: Recipient, { error, contact, session }: Extract<Opened, { error: CryptoError }>, inner: Uint8Array, way: Way): Outcome {
    if (contact === undefined) throw error
    // Old bytes that come again prove nothing, whoever kept them.
    const isTaken = this.#parts.taken.has(contact, inner)
    // The receipt for its contents was perhaps lost; or it shows the sender that they never came. A second copy of
    // a receipt asks for none: with a relay more than one, two people would answer each other's for ever.
    const isAnswered = isTaken ? way === 'relay' && this.#parts.taken.wasNumbered(contact, inner) : true
    if (session !== undefined && error.code === 'REPLAYED' && isAnswered) this.#parts.receipts.dueForCopy(contact)
    if (!isTaken) this.#suspect(contact, recipient, inner, session, error, way)
    return { isDuplicate: isTaken, refusal: isTaken ? undefined : error }
  }

  /**
   * What came here, sealed for this contact's address, was made with other keys than the two share: one
   * of them lost its state, or was set back. What is not new tells nothing: it may have been overtaken.
   */
  #suspect (contact: string, recipient: Recipient, inner: Uint8Array, session: Session | undefined, error: CryptoError, way: Way): void {
    const name = hex(inner.subarray(0, 64))
    if (this.#refused.has(name)) return
    if (this.#refused.size >= refusedMax) this.#refused.clear()
    this.#refused.add(name)
    const isInUse = session !== undefined && session === this.#parts.sealing.activeSession(contact)
    // Where something was forgotten, what is replayed might have been taken in. Others may know an invite's address.
    const isForgetful = this.#parts.taken.isForgetful(contact)
    const isOwn = recipient.kind === 'contact' && this.#isOwnAddress(contact, recipient.grant)
    const isProof = !isForgetful && (isInUse
      ? error.code === 'REPLAYED'
      : way === 'direct' && isOwn && error.code === 'AUTHENTICATION_FAILED' && session === undefined)
    if (isProof && isInUse) this.#arrivals.dispute(contact)
    this.#parts.renewals.suspect(contact, isProof ? 'proof' : 'hint')
  }

  /** Nobody but the contact was told of it. */
  #isOwnAddress (contact: string, { secret }: Grant): boolean {
    return this.#state.contacts.get(contact)!.grants.some(grant => !grant.inherited && equal(grant.secret, secret))
  }
}
