/**
 * The relay: takes clients' streams, keeps their number bounded, sweeps out what has expired, and
 * ends in order. Spec 03.
 *
 * It has no sockets and no disk (ports.ts). It reads nothing of what passes through it.
 */
import { codeOf, UnreachableError } from '../../protocol/errors.ts'
import type { StoreError } from '../../protocol/errors.ts'
import type { Timer } from '../../protocol/ports.ts'
import { mailboxLimitsDefault, relayLimitsDefault } from './limits.ts'
import type { RelayLimits } from './limits.ts'
import { next, officeMachine } from './machines.ts'
import { mapKey } from './map-key.ts'
import { Office } from './office.ts'
import type { ClientLink, MailboxLimits, RelayPorts } from './ports.ts'
import { Session } from './session.ts'

export interface RelayOptions {
  limits?: Partial<RelayLimits>
  /** The same as the store's, which holds to them; here they are told to clients. */
  mailboxLimits?: Partial<MailboxLimits>
  /** The disk failed: nothing is acknowledged any more; the program should say so and end. */
  onFailure?: (error: StoreError) => void
}

/** How often `drain` looks whether everything asked was answered. */
const drainPollMs = 20

export class Relay {
  readonly #office: Office
  readonly #sessions = new Set<Session>()
  readonly #linksByPeer = new Map<string, number>()
  readonly #linksByOrigin = new Map<string, number>()
  #sweepTimer: Timer | undefined
  #isSweeping = false

  /** The store must be open. */
  constructor (ports: RelayPorts, options: RelayOptions = {}) {
    this.#office = new Office(ports, {
      limits: { ...relayLimitsDefault, ...options.limits },
      mailboxLimits: { ...mailboxLimitsDefault, ...options.mailboxLimits },
      onFailure: (error) => { options.onFailure?.(error) }
    })
    this.#sweepLater(this.#office.limits.sweepIntervalMs)
  }

  get links (): number {
    return this.#sessions.size
  }

  /** Deposits that were stored, or were there already. */
  get deposits (): number {
    return this.#office.deposits
  }

  /** Takes a stream that a client opened, or drops it where there are too many. */
  accept (link: ClientLink): void {
    const refused = this.#refusalOf(link)
    if (refused != null) {
      this.#office.ports.log.debug('streamRefused', { reason: refused })
      link.stream.abort(new UnreachableError('DISCONNECTED', 'too many streams'))
      return
    }
    const session = new Session(this.#office, link, (closed) => { this.#forget(closed) })
    this.#sessions.add(session)
    count(this.#linksByPeer, session.peer, 1)
    count(this.#linksByOrigin, session.origin, 1)
  }

  /**
   * Takes no more requests, waits until what was asked is answered, and closes every stream.
   * Resolves within `drainMsMax` and a little, however stuck a stream is.
   */
  async drain (): Promise<void> {
    const { clock } = this.#office.ports
    if (this.#office.state === 'running') {
      this.#office.state = next(officeMachine, this.#office.state, 'askedToStop')
    }
    this.#sweepTimer?.cancel()
    const deadline = clock.monotonic() + this.#office.limits.drainMsMax
    const isTimeLeft = (): boolean => clock.monotonic() < deadline
    while (isTimeLeft() && this.#some(session => session.channel.unansweredRequests > 0)) await this.#pause()
    for (const session of this.#sessions) session.channel.close()
    while (isTimeLeft() && this.#sessions.size > 0) await this.#pause()
    for (const session of this.#sessions) session.channel.abort(new UnreachableError('STOPPED'))
  }

  #refusalOf (link: ClientLink): string | undefined {
    const { limits, state } = this.#office
    if (state !== 'running') return state
    if (this.#sessions.size >= limits.linksMax) return 'linksMax'
    const peer = mapKey(link.peerKey)
    if ((this.#linksByPeer.get(peer) ?? 0) >= limits.linksPerPeerMax) return 'linksPerPeerMax'
    if (link.origin !== '' && (this.#linksByOrigin.get(link.origin) ?? 0) >= limits.linksPerOriginMax) {
      return 'linksPerOriginMax'
    }
    return undefined
  }

  #forget (session: Session): void {
    if (!this.#sessions.delete(session)) return
    count(this.#linksByPeer, session.peer, -1)
    count(this.#linksByOrigin, session.origin, -1)
  }

  #some (test: (session: Session) => boolean): boolean {
    for (const session of this.#sessions) if (test(session)) return true
    return false
  }

  async #pause (): Promise<void> {
    await new Promise<void>((resolve) => { this.#office.ports.clock.setTimer(drainPollMs, resolve) })
  }

  #sweepLater (delayMs: number): void {
    this.#sweepTimer = this.#office.ports.clock.setTimer(delayMs, () => {
      this.#sweep().catch((error: unknown) => {
        this.#office.noteError(error)
        this.#office.ports.log.error('sweepFailed', { code: codeOf(error) })
        if (this.#office.state === 'running') this.#sweepLater(this.#office.limits.sweepIntervalMs)
      })
    })
  }

  async #sweep (): Promise<void> {
    if (this.#office.state !== 'running' || this.#isSweeping) return
    this.#isSweeping = true
    try {
      const { limits, ports } = this.#office
      for (const session of this.#sessions) session.checkIdle()
      const { removed, done } = await ports.store.expire(limits.sweepSlice)
      if (removed > 0) ports.log.debug('expired', { removed })
      // Small slices with room between them: clients are served meanwhile. A relay that was told to stop
      // while this one was under way must not be woken any more.
      if (this.#office.state === 'running') this.#sweepLater(done ? limits.sweepIntervalMs : 1)
    } finally {
      this.#isSweeping = false
    }
  }
}

function count (counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by
  if (next <= 0) counts.delete(key)
  else counts.set(key, next)
}
