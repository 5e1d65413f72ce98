/**
 * One connection to a peer, as straight as can be had.
 *
 * Dials the candidates (candidates.ts) one after the other with a head start for each, so that an
 * address that swallows packets costs a fraction of a second and not the whole time-out. It goes
 * past libp2p's dial queue, which joins, waits and was seen to fill up for ever.
 * Opens no streams and retries nothing: when to dial again is the engine's policy.
 */
import type { Connection, PeerId, Transport } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { UnreachableError } from '../../protocol/errors.ts'
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import { candidatesOf } from './candidates.ts'
import type { Candidate, CandidateKind } from './candidates.ts'
import { within } from './deadline.ts'

/** Head start of one straight address before the next one. */
const headStartMs = 300
/** Head start, before the first way that needs a relay, of the last straight address … */
const directHeadStartMs = 1_200
/** … or, before a circuit, of WebRTC, whose set-up takes some round trips by way of the relay. */
const webRtcHeadStartMs = 2_500
/** One address gets no more, whatever time the whole dial has. */
const attemptTimeoutMs = 10_000
/** A whole dial, also where several wait for it and the first of them has given up. */
const connectTimeoutMs = 20_000
/** Time to find a straight way while a connection through a relay is there to fall back on. */
const upgradeTimeoutMs = 2_500

/** What is used of libp2p's transport manager. */
export interface Transports {
  dial: (multiaddr: Multiaddr, options: { signal: AbortSignal }) => Promise<Connection>
  dialTransportForMultiaddr: (multiaddr: Multiaddr) => Transport | undefined
  getTransports: () => Transport[]
}

export interface DiallerOptions {
  self: PeerId
  transports: Transports
  connectionsTo: (peerId: PeerId) => Connection[]
  clock: Clock
  log: Log
  stopped: AbortSignal
}

export interface Dialler {
  /** An open connection, or undefined. A straight one before others, then the latest. */
  existing: (peerId: PeerId) => Connection | undefined
  /**
   * The connection that is there, if it is straight; otherwise a new one, otherwise the one that is
   * there. Calls for one peer that overlap share one dial. Rejects with UnreachableError.
   */
  connect: (peerId: PeerId, multiaddrs: string[]) => Promise<Connection>
  /** The straight connection that is there, or a new one. Rejects with UnreachableError where there is no straight way. */
  connectStraight: (peerId: PeerId, multiaddrs: string[]) => Promise<Connection>
  /** A new connection, whatever is there. */
  connectAnew: (peerId: PeerId, multiaddrs: string[]) => Promise<Connection>
}

export function isStraight (connection: Connection): boolean {
  return connection.direct && connection.limits === undefined
}

export function createDialler (options: DiallerOptions): Dialler {
  const { self, transports, connectionsTo, clock, log, stopped } = options
  const underWay = new Map<string, Promise<Connection>>()

  function existing (peerId: PeerId): Connection | undefined {
    return connectionsTo(peerId)
      .filter(({ status }) => status === 'open')
      .sort((a, b) => Number(isStraight(b)) - Number(isStraight(a)) || b.timeline.open - a.timeline.open)[0]
  }

  async function attempt ({ multiaddr, relay }: Candidate, signal: AbortSignal): Promise<Connection> {
    // The circuit transport would dial the relay by itself, through the queue and by every address
    // that the relay ever claimed. A connection that is there it uses.
    if (relay !== undefined) await connect(relay.peerId, [relay.multiaddr.toString()])
    signal.throwIfAborted()
    return await transports.dial(multiaddr, { signal })
  }

  async function dialAll (candidates: Candidate[]): Promise<Connection> {
    const losers = new AbortController()
    const stop = (): void => { losers.abort() }
    stopped.addEventListener('abort', stop)
    try {
      return await race(candidates, clock, candidate => within({
        clock,
        timeoutMs: attemptTimeoutMs,
        stopped: losers.signal,
        work: signal => attempt(candidate, signal),
        dispose: discard
      }), discard)
    } finally {
      stopped.removeEventListener('abort', stop)
      losers.abort()
    }
  }

  function nothingToDial (peerId: PeerId, multiaddrs: string[]): UnreachableError {
    const isOfOtherKind = candidatesOf(peerId, self, multiaddrs, () => true).length > 0
    return new UnreachableError('NO_ROUTE', isOfOtherKind
      ? 'This program can\'t dial addresses of this kind.'
      : 'No address that could be dialled.')
  }

  async function connectAnew (peerId: PeerId, multiaddrs: string[], only?: 'straight'): Promise<Connection> {
    // Who looks for any way must not wait for one who looks for a straight one alone.
    const name = `${peerId.toString()} ${only ?? 'any'}`
    const shared = underWay.get(name)
    if (shared !== undefined) return await shared
    const candidates = candidatesOf(peerId, self, multiaddrs,
      address => transports.dialTransportForMultiaddr(address) !== undefined)
      .filter(({ kind }) => only === undefined || kind !== 'circuit')
    if (candidates.length === 0) throw nothingToDial(peerId, multiaddrs)
    const dial = within({
      clock,
      timeoutMs: connectTimeoutMs,
      stopped,
      work: () => dialAll(candidates),
      dispose: discard
    })
    underWay.set(name, dial)
    try {
      const connection = await dial
      log.debug('peerConnected', { direct: isStraight(connection) })
      return connection
    } finally {
      underWay.delete(name)
    }
  }

  async function connect (peerId: PeerId, multiaddrs: string[]): Promise<Connection> {
    const there = existing(peerId)
    if (there === undefined) return await connectAnew(peerId, multiaddrs)
    if (isStraight(there)) return there
    try {
      return await within({
        clock,
        timeoutMs: upgradeTimeoutMs,
        stopped,
        work: () => connectAnew(peerId, multiaddrs, 'straight'),
        // It stays: the next dial finds it, and is straight.
        dispose: () => {}
      })
    } catch {
      // No straight way today; what is there serves.
      return existing(peerId) ?? await connectAnew(peerId, multiaddrs)
    }
  }

  async function connectStraight (peerId: PeerId, multiaddrs: string[]): Promise<Connection> {
    const there = existing(peerId)
    if (there !== undefined && isStraight(there)) return there
    const connection = await connectAnew(peerId, multiaddrs, 'straight')
    // It may be that of another dial, which was under way.
    if (!isStraight(connection)) throw new UnreachableError('NO_ROUTE')
    return connection
  }

  return { existing, connect, connectStraight, connectAnew }
}

/**
 * The first candidate that connects. Each gets its head start; a failure passes the turn on at once
 * when nothing else is running. Rejects with UnreachableError NO_ROUTE when all have failed.
 */
async function race (
  candidates: Candidate[], clock: Clock,
  attempt: (candidate: Candidate) => Promise<Connection>, discardLate: (late: Connection) => void
): Promise<Connection> {
  return await new Promise((resolve, reject) => {
    let next = 0
    let running = 0
    let won = false
    let timer: Timer | undefined
    const causes: unknown[] = []

    function startNext (): void {
      timer?.cancel()
      const candidate = candidates[next]
      if (candidate === undefined) return
      next++
      running++
      attempt(candidate).then(onConnected, onFailed)
      const following = candidates[next]
      if (following === undefined) return
      timer = clock.setTimer(headStartOf(candidate.kind, following.kind), startNext)
    }

    function onConnected (connection: Connection): void {
      if (won) {
        discardLate(connection)
        return
      }
      won = true
      timer?.cancel()
      resolve(connection)
    }

    function onFailed (cause: unknown): void {
      running--
      causes.push(cause)
      if (won || running > 0) return
      if (next < candidates.length) {
        startNext()
      } else {
        won = true
        reject(new UnreachableError('NO_ROUTE', undefined, { cause: new AggregateError(causes) }))
      }
    }

    startNext()
  })
}

function headStartOf (kind: CandidateKind, following: CandidateKind): number {
  if (following === kind) return headStartMs
  return kind === 'webrtc' ? webRtcHeadStartMs : directHeadStartMs
}

function discard (connection: Connection): void {
  connection.close().catch((error: unknown) => { connection.abort(error as Error) })
}
