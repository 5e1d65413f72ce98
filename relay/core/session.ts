/**
 * One client's stream: greeted or not, which mailboxes it has proved to own, what it reads.
 * Spec 03 §States.
 *
 * Decides which requests are allowed when; what each does is in requests.ts.
 */
import { equal } from '../../protocol/bytes.ts'
import { Channel, refusal, requestName, success } from '../../protocol/channel.ts'
import { codeOf, InternalError, RestanteError, UnreachableError, WireError } from '../../protocol/errors.ts'
import { envelopeBytesMax, protocolVersion } from '../../protocol/limits.ts'
import type { OwnershipContext } from '../../protocol/ownership.ts'
import type { Timer } from '../../protocol/ports.ts'
import { expectLength } from '../../protocol/wire/decode.ts'
import type { Answer, Frame, Hello } from '../../protocol/wire/restante.js'
import { next, sessionMachine } from './machines.ts'
import type { SessionState } from './machines.ts'
import type { Office } from './office.ts'
import { mapKey } from './map-key.ts'
import type { ClientLink, MailboxId } from './ports.ts'
import { handlers } from './requests.ts'
import type { Subscription } from './subscription.ts'

type Handler = (session: Session, request: unknown) => Answer | Promise<Answer>

export class Session {
  readonly office: Office
  readonly channel: Channel
  /** The client's peer key, as text; never logged. */
  readonly peer: string
  readonly origin: string
  /** Envelope bytes from here that wait for their commit. */
  pendingDepositBytes = 0
  readonly #link: ClientLink
  readonly #nonce: Uint8Array
  readonly #onClosed: (session: Session) => void
  #state: SessionState = sessionMachine.initial
  #clientNonce: Uint8Array | undefined
  readonly #owned = new Set<string>()
  readonly #subscriptions = new Map<string, { mailbox: MailboxId, subscription: Subscription }>()
  #guessesFrom = 0
  #isActive = true
  #idleSince: number
  #greetingTimer: Timer | undefined

  constructor (office: Office, link: ClientLink, onClosed: (session: Session) => void) {
    const { clock, log, random } = office.ports
    this.office = office
    this.#link = link
    this.peer = mapKey(link.peerKey)
    this.origin = link.origin
    this.#nonce = random.bytes(32)
    this.#onClosed = onClosed
    this.#idleSince = clock.monotonic()
    this.#guessesFrom = this.#idleSince + office.allowances.wait('unknownAddress', this.peer, this.origin)
    this.channel = new Channel(link.stream, {
      clock,
      log,
      onRequest: (frame) => this.#onRequest(frame),
      onClose: (error) => { this.#closed(error) }
    })
    this.#greetingTimer = clock.setTimer(office.limits.greetingMsMax, () => {
      this.channel.abort(new UnreachableError('TIMED_OUT', 'No greeting in time.'))
    })
  }

  get state (): SessionState {
    return this.#state
  }

  /** What an owner's signature is bound to on this stream. */
  ownershipContext (): OwnershipContext {
    if (this.#clientNonce == null) throw new InternalError('INTERNAL', 'a proof before the greeting')
    return {
      relayKey: this.office.ports.peerKey,
      clientKey: this.#link.peerKey,
      relayNonce: this.#nonce,
      clientNonce: this.#clientNonce
    }
  }

  owns (mailbox: MailboxId): boolean {
    return this.#owned.has(mapKey(mailbox))
  }

  get ownsMany (): boolean {
    return this.#owned.size >= this.office.limits.mailboxesPerLinkMax
  }

  ownFromNow (mailbox: MailboxId): void {
    this.#owned.add(mapKey(mailbox))
  }

  subscriptionOf (mailbox: MailboxId): Subscription | undefined {
    return this.#subscriptions.get(mapKey(mailbox))?.subscription
  }

  /** Replaces an earlier subscription of this stream to the same mailbox. */
  subscribe (mailbox: MailboxId, subscription: Subscription): void {
    if (this.#state === 'closed') return
    this.unsubscribe(mailbox)
    this.#subscriptions.set(mapKey(mailbox), { mailbox, subscription })
    this.office.listeners.add(mailbox, subscription)
    // After the answer: who subscribes learns first that it may expect pushes.
    this.office.ports.clock.setTimer(0, () => { subscription.wake() })
  }

  unsubscribe (mailbox: MailboxId): void {
    const key = mapKey(mailbox)
    const former = this.#subscriptions.get(key)
    if (former == null) return
    this.#subscriptions.delete(key)
    former.subscription.end()
    this.office.listeners.remove(former.mailbox, former.subscription)
  }

  pushFailed (error: unknown): void {
    this.office.noteError(error)
    this.office.ports.log.warn('pushFailed', { code: codeOf(error) })
    this.channel.abort(error instanceof RestanteError ? error : new InternalError('INTERNAL'))
  }

  /** Milliseconds that deposits from here are refused, after too many at addresses that nobody opened. */
  guessWaitMs (): number {
    if (this.#guessesFrom === 0) return 0
    const waitMs = Math.ceil(this.#guessesFrom - this.office.ports.clock.monotonic())
    if (waitMs > 0) return waitMs
    this.#guessesFrom = 0
    return 0
  }

  noteGuess (): void {
    const waitMs = this.office.allowances.take('unknownAddress', this.peer, this.origin)
    if (waitMs > 0) this.#guessesFrom = this.office.ports.clock.monotonic() + waitMs
  }

  /** Closes the stream where nothing was asked for too long. Called from time to time. */
  checkIdle (): void {
    const now = this.office.ports.clock.monotonic()
    if (this.#isActive || this.channel.unansweredRequests > 0) {
      this.#isActive = false
      this.#idleSince = now
    } else if (now - this.#idleSince >= this.office.limits.idleMsMax) {
      this.channel.close()
    }
  }

  #onRequest (frame: Frame): Answer | undefined | Promise<Answer | undefined> {
    this.#isActive = true
    const name = requestName(frame)
    if (name == null) return undefined
    if (this.office.state === 'failed') return refusal('FAILED')
    if (this.office.state === 'draining') return refusal('BUSY', this.office.retryAfterMs())
    if (name === 'hello') {
      if (this.#state !== 'greeting') throw new WireError('UNEXPECTED_FRAME', 'hello: greeted already')
      return this.#greet(frame.hello as Hello)
    }
    if (this.#state !== 'open') throw new WireError('UNEXPECTED_FRAME', `${name}: before the greeting`)
    // The key and the request belong together, which the type of the table can't say.
    const handle = handlers[name] as Handler | undefined
    if (handle == null) return undefined
    const answer = handle(this, frame[name])
    return answer instanceof Promise ? this.#noting(answer) : answer
  }

  async #noting (answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer
    } catch (error) {
      this.office.noteError(error)
      throw error
    }
  }

  #greet (hello: Hello): Answer {
    expectLength(hello.nonce, 32, 'hello.nonce')
    // Its own nonce given back would let one proof serve in both directions.
    if (equal(hello.nonce, this.#nonce)) return refusal('BAD_REQUEST')
    if (!hello.versions.includes(protocolVersion)) return refusal('UNSUPPORTED')
    this.#clientNonce = hello.nonce.slice()
    this.#state = next(sessionMachine, this.#state, 'greeted')
    this.#greetingTimer?.cancel()
    const { retentionMs, mailboxEnvelopesMax, mailboxBytesMax } = this.office.mailboxLimits
    return success({
      hello: {
        version: protocolVersion,
        nonce: this.#nonce,
        relay: true,
        envelopeBytesMax,
        retentionMs,
        mailboxEnvelopesMax,
        mailboxBytesMax,
        workBits: 0
      }
    })
  }

  #closed (error: RestanteError | undefined): void {
    this.#state = next(sessionMachine, this.#state, 'streamEnded')
    this.#greetingTimer?.cancel()
    for (const { mailbox } of this.#subscriptions.values()) this.unsubscribe(mailbox)
    if (error != null && error.family !== 'unreachable') {
      this.office.ports.log.info('streamRefused', { code: error.code })
    }
    this.#onClosed(this)
  }
}
