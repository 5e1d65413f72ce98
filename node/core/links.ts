/**
 * Connections to other nodes: own relays, contacts' devices, contacts' relays. Dials, greets, keeps
 * alive, and dials again with backoff and jitter.
 *
 * libp2p's own keep-alive gives up after half a minute and its connection monitor kills healthy
 * links, so neither is relied on. What is said on a link is not decided here.
 */
import { toHex as hex } from '../../protocol/bytes.ts'
import { Channel, success } from '../../protocol/channel.ts'
import { codeOf, RemoteError, UnreachableError } from '../../protocol/errors.ts'
import { protocolVersion } from '../../protocol/limits.ts'
import type { Clock, Log, Random, Timer } from '../../protocol/ports.ts'
import type { Answer, Frame, HelloAnswer, Push } from '../../protocol/wire/restante.js'
import * as defaults from './defaults.ts'
import { linkMachine, type LinkState } from './machines.ts'
import type { Link, Network, PeerAddress } from './ports.ts'

/** One greeted stream. */
export interface OpenLink {
  readonly peerKey: Uint8Array
  readonly peer: string
  readonly direct: boolean
  readonly channel: Channel
  /** The other side's greeting; undefined on a stream that it opened. */
  readonly hello: HelloAnswer | undefined
  /** What this side sent in its greeting. */
  readonly nonce: Uint8Array
  /** Deposits sent and not yet answered. */
  depositsInFlight: number
}

export type PeerKind = 'relay' | 'contact' | 'foreign-relay'

export interface PeerView {
  kind: PeerKind
  peerKey: Uint8Array
  state: LinkState
  direct: boolean
  retryAt: number | undefined
  lastError: string | undefined
}

interface Peer {
  readonly id: string
  address: PeerAddress
  kind: PeerKind
  state: LinkState
  isWanted: boolean
  /** Open streams, the preferred one first. */
  links: OpenLink[]
  failures: number
  retryAt: number
  /** When the last link came up, monotonic ms. */
  upAt: number
  timer: Timer | undefined
  /** Of the next try to find a straight way, while there is one through a relay. */
  straightTimer: Timer | undefined
  straightFailures: number
  lastError: string | undefined
}

export interface LinkHandlers {
  onRequest: (link: OpenLink, frame: Frame) => Answer | undefined | Promise<Answer | undefined>
  onPush: (link: OpenLink, push: Push) => void
  /** A link that can be used: dialled and greeted, or opened by the other side. */
  onUp: (link: OpenLink, kind: PeerKind | undefined) => void
  onDown: (link: OpenLink) => void
  /** A dial failed; the next one waits. */
  onWaiting: (peerKey: Uint8Array) => void
  onState: (view: PeerView) => void
}

/** Streams of unknown peers that may wait for their greeting. */
const strangersMax = 64
/** How long they may wait: who never greets would keep others out. */
const greetingMsMax = 10_000
/** Nodes that are kept track of at once. */
const peersMax = 4096
/** Multiaddrs kept of one node. */
const multiaddrsMax = 32
/** A link that lasted so long was a good one: the next dial does not wait as after a failure. */
const goodLinkMsMin = 1_000
/** Backoff after a link that did not last grows as after so many failures, and no further. */
const shortLinkFailuresMax = 4

export interface LinksPorts { network: Network, clock: Clock, random: Random, log: Log }

export class Links {
  readonly #ports: LinksPorts
  readonly #handlers: LinkHandlers
  readonly #peers = new Map<string, Peer>()
  /** Opened by others and not greeted yet. */
  readonly #strangers = new Set<OpenLink>()
  readonly #heartbeats = new Map<OpenLink, Timer>()
  #isStopped = false

  constructor (ports: LinksPorts, handlers: LinkHandlers) {
    this.#ports = ports
    this.#handlers = handlers
    ports.network.onLink(link => { this.#accept(link) })
  }

  /**
   * Keeps a link to this peer from now on. New multiaddrs are tried before known ones. Those of an own
   * relay stay as they are: contacts say where relays are as well, and may say anything.
   */
  want (address: PeerAddress, kind: PeerKind): void {
    if (this.#isStopped) return
    const peer = this.#peer(address, kind)
    peer.isWanted = true
    if (peer.state !== 'idle') return
    // Somebody who is away is not dialled anew for every message: the wait after a failure outlasts a release.
    if (peer.retryAt > this.#ports.clock.monotonic()) this.#waitOut(peer, 'postponed')
    else this.#dial(peer, 'wanted')
  }

  /** Lets a link go when it ends; closes it where `closeNow`. Own relays are never let go. */
  release (peerKey: Uint8Array, closeNow = false): void {
    const peer = this.#peers.get(hex(peerKey))
    if (peer === undefined || peer.kind === 'relay') return
    peer.isWanted = false
    if (peer.state === 'waiting') peer.timer?.cancel()
    if (linkMachine.allows(peer.state, 'unwanted')) this.#move(peer, 'unwanted')
    if (closeNow) for (const link of [...peer.links]) link.channel.close()
  }

  /** The best open link: direct before relayed. */
  to (peerKey: Uint8Array): OpenLink | undefined { return this.#peers.get(hex(peerKey))?.links[0] }

  isConnecting (peerKey: Uint8Array): boolean { return this.#peers.get(hex(peerKey))?.state === 'connecting' }

  /** Dials at once, whatever the backoff says: the network came back, or an address is new. */
  retryNow (peerKey?: Uint8Array): void {
    for (const peer of this.#peers.values()) {
      if (peer.state === 'waiting' && (peerKey === undefined || peer.id === hex(peerKey))) this.#dial(peer, 'due')
    }
  }

  /**
   * After a sleep or a change of network: what waits is dialled at once, and each open link must answer
   * within `timeoutMs`, for a dead one shows by nothing else before the next heartbeat.
   */
  wake (timeoutMs: number): void {
    this.retryNow()
    for (const peer of this.#peers.values()) {
      for (const { channel } of peer.links) {
        channel.request({ ping: {} }, timeoutMs).catch(() => {
          channel.abort(new UnreachableError('TIMED_OUT'))
          peer.failures = 0
          this.retryNow(peer.address.peerKey)
        })
      }
    }
  }

  views (): PeerView[] { return [...this.#peers.values()].map(peer => this.#view(peer)) }

  stop (): void {
    this.#isStopped = true
    for (const peer of this.#peers.values()) {
      peer.timer?.cancel()
      peer.straightTimer?.cancel()
      for (const link of [...peer.links]) link.channel.close()
    }
    for (const link of this.#strangers) link.channel.close()
    for (const timer of this.#heartbeats.values()) timer.cancel()
  }

  #peer (address: PeerAddress, kind: PeerKind): Peer {
    const id = hex(address.peerKey)
    const known = this.#peers.get(id)
    if (known === undefined) {
      const peer: Peer = {
        id, address, kind, state: linkMachine.initial, isWanted: false, links: [], failures: 0, retryAt: 0,
        upAt: 0, timer: undefined, straightTimer: undefined, straightFailures: 0, lastError: undefined
      }
      this.#makeRoom()
      this.#peers.set(id, peer)
      return peer
    }
    // An own relay stays one, even where contacts use it too.
    if (known.kind === 'relay') return known
    known.kind = kind
    const fresh = address.multiaddrs.filter(multiaddr => !known.address.multiaddrs.includes(multiaddr))
    if (fresh.length > 0) {
      const others = known.address.multiaddrs.filter(multiaddr => !address.multiaddrs.includes(multiaddr))
      known.address = { ...known.address, multiaddrs: [...address.multiaddrs, ...others].slice(0, multiaddrsMax) }
      known.failures = 0
      known.retryAt = 0
    }
    return known
  }

  /** Forgets the backoff of those that nobody wants: a contact may name new ones without end. */
  #makeRoom (): void {
    if (this.#peers.size < peersMax) return
    for (const peer of this.#peers.values()) if (peer.state === 'idle' && !peer.isWanted) this.#peers.delete(peer.id)
  }

  #dial (peer: Peer, event: 'wanted' | 'due'): void {
    peer.timer?.cancel()
    this.#move(peer, event)
    this.#connect(peer).catch((error: unknown) => {
      if (peer.state !== 'connecting') return
      peer.lastError = codeOf(error)
      this.#wait(peer, 'failed')
    })
  }

  async #connect (peer: Peer): Promise<void> {
    const stream = await this.#ports.network.dial(peer.address, defaults.dialTimeoutMs)
    if (this.#isStopped || (!peer.isWanted && peer.links.length > 0)) {
      stream.stream.abort(new UnreachableError('STOPPED'))
      return
    }
    const link = await this.#greet(stream)
    if (this.#isStopped) link.channel.close()
    else this.#up(peer, link, 'greeted')
  }

  /**
   * A way through a relay is found sooner than a straight one where packets are slow, and once there it lasted: so
   * the other one is looked for behind it, again and again, for as long as there is no other: what is wanted is
   * wanted for a moment only, with each message.
   */
  #straightenLater (peer: Peer): void {
    if (peer.kind !== 'contact' || peer.straightTimer !== undefined || !this.#isBent(peer)) return
    const { clock, random } = this.#ports
    const backoff = Math.min(defaults.contactBackoffMsMax, defaults.straightenMsMin * 2 ** peer.straightFailures)
    const chance = random.bytes(1)[0]! / 256
    peer.straightTimer = clock.setTimer(Math.round(backoff / 2 * (1 + chance)), () => {
      // Until one is found the way through the relay serves.
      this.#straighten(peer).catch(() => { peer.straightFailures++ }).finally(() => {
        peer.straightTimer = undefined
        this.#straightenLater(peer)
      })
    })
  }

  #isBent (peer: Peer): boolean {
    return !this.#isStopped && peer.links.length > 0 && !peer.links.some(link => link.direct)
  }

  async #straighten (peer: Peer): Promise<void> {
    if (!this.#isBent(peer)) return
    const stream = await this.#ports.network.dial(peer.address, defaults.dialTimeoutMs, 'straight')
    if (!this.#isBent(peer)) {
      stream.stream.abort(new UnreachableError('STOPPED'))
      return
    }
    const link = await this.#greet(stream)
    // The other way may be gone meanwhile, and the peer forgotten with it: nobody would ever end this one.
    if (this.#isStopped || this.#peers.get(peer.id) !== peer) link.channel.close()
    else this.#up(peer, link, 'greeted')
  }

  async #greet (stream: Link): Promise<OpenLink> {
    const nonce = this.#ports.random.bytes(32)
    const link = this.#open(stream, nonce)
    let hello: HelloAnswer | undefined
    try {
      const answer = await link.channel.request({ hello: { versions: [protocolVersion], nonce } }, defaults.dialTimeoutMs)
      hello = answer.hello
      if (hello === undefined || hello.version !== protocolVersion) throw new RemoteError('UNSUPPORTED')
    } catch (error) {
      link.channel.close()
      throw error
    }
    if (!link.channel.isOpen) throw new UnreachableError('DISCONNECTED')
    return Object.assign(link, { hello })
  }

  #accept (stream: Link): void {
    this.#makeRoom()
    // Streams that nobody greets, or greets from many peer ids, would cost memory without end.
    if (this.#isStopped || this.#strangers.size >= strangersMax || this.#peers.size >= peersMax) {
      stream.stream.abort(new UnreachableError('STOPPED'))
      return
    }
    const link = this.#open(stream, new Uint8Array(0))
    this.#strangers.add(link)
    this.#heartbeats.set(link, this.#ports.clock.setTimer(greetingMsMax, () => {
      link.channel.abort(new UnreachableError('TIMED_OUT'))
    }))
  }

  #open (stream: Link, nonce: Uint8Array): OpenLink & { hello: HelloAnswer | undefined } {
    const { clock, log } = this.#ports
    const link = {
      peerKey: stream.peerKey,
      peer: hex(stream.peerKey),
      direct: stream.direct,
      hello: undefined,
      nonce,
      depositsInFlight: 0,
      channel: new Channel(stream.stream, {
        clock,
        log,
        requestTimeoutMs: defaults.requestTimeoutMs,
        onRequest: (frame): Answer | undefined | Promise<Answer | undefined> => this.#request(link, frame),
        onPush: (push): void => { this.#handlers.onPush(link, push) },
        onClose: (error): void => { this.#down(link, error === undefined ? undefined : codeOf(error)) }
      })
    }
    return link
  }

  #request (link: OpenLink, frame: Frame): Answer | undefined | Promise<Answer | undefined> {
    if (frame.ping !== undefined) return success()
    if (frame.hello === undefined) return this.#handlers.onRequest(link, frame)
    if (!frame.hello.versions.includes(protocolVersion)) throw new RemoteError('UNSUPPORTED')
    if (this.#strangers.delete(link)) {
      const peer = this.#peer({ peerKey: link.peerKey, multiaddrs: [] }, 'contact')
      this.#up(peer, link, 'accepted')
    }
    const hello = {
      version: protocolVersion, nonce: this.#ports.random.bytes(32), relay: false,
      envelopeBytesMax: 0, retentionMs: 0, mailboxEnvelopesMax: 0, mailboxBytesMax: 0, workBits: 0
    }
    return success({ hello })
  }

  #up (peer: Peer, link: OpenLink, event: 'greeted' | 'accepted'): void {
    const wasDirect = peer.links[0]?.direct
    peer.links.push(link)
    peer.links.sort((a, b) => Number(b.direct) - Number(a.direct))
    peer.retryAt = 0
    peer.upAt = this.#ports.clock.monotonic()
    peer.lastError = undefined
    peer.timer?.cancel()
    if (link.direct) peer.straightFailures = 0
    if (peer.state !== 'connected') this.#move(peer, linkMachine.allows(peer.state, event) ? event : 'accepted')
    else if (wasDirect === false && link.direct) this.#handlers.onState(this.#view(peer))
    this.#straightenLater(peer)
    this.#heartbeat(peer, link)
    this.#handlers.onUp(link, peer.kind)
  }

  #down (link: OpenLink, code: string | undefined): void {
    this.#heartbeats.get(link)?.cancel()
    this.#heartbeats.delete(link)
    if (this.#strangers.delete(link)) return
    const peer = this.#peers.get(link.peer)
    const index = peer?.links.indexOf(link) ?? -1
    if (peer === undefined || index < 0) return
    peer.links.splice(index, 1)
    // Who lets every link up and ends it at once is not dialled without pause. He may be in trouble, and was there: not for long either.
    const isGood = this.#ports.clock.monotonic() - peer.upAt >= goodLinkMsMin
    peer.failures = isGood ? 0 : Math.min(peer.failures, shortLinkFailuresMax)
    if (code !== undefined) peer.lastError = code
    if (link.direct && peer.links[0]?.direct === false) this.#handlers.onState(this.#view(peer))
    this.#straightenLater(peer)
    if (peer.links.length === 0 && peer.state === 'connected') {
      if (peer.isWanted && !this.#isStopped) this.#wait(peer, 'lost')
      else this.#move(peer, 'closed')
    }
    if (peer.state === 'idle' && !peer.isWanted && peer.retryAt === 0) this.#peers.delete(peer.id)
    this.#handlers.onDown(link)
  }

  /** Full jitter on the upper half: after a relay's restart its clients do not come back all at once. */
  #wait (peer: Peer, event: 'failed' | 'lost'): void {
    const { clock, random } = this.#ports
    const msMax = peer.kind === 'contact' ? defaults.contactBackoffMsMax : defaults.relayBackoffMsMax
    const backoff = Math.min(msMax, defaults.backoffMsMin * defaults.backoffFactor ** peer.failures)
    const draw = new DataView(random.bytes(4).slice().buffer).getUint32(0) / 0x1_0000_0000
    peer.failures++
    peer.retryAt = clock.monotonic() + Math.round(backoff / 2 * (1 + draw))
    this.#waitOut(peer, event)
  }

  #waitOut (peer: Peer, event: 'failed' | 'lost' | 'postponed'): void {
    const { clock } = this.#ports
    this.#move(peer, event)
    if (!peer.isWanted || this.#isStopped) {
      this.#move(peer, 'unwanted')
      return
    }
    peer.timer?.cancel()
    peer.timer = clock.setTimer(Math.max(1, peer.retryAt - clock.monotonic()), () => {
      if (peer.state === 'waiting') this.#dial(peer, 'due')
    })
    this.#handlers.onWaiting(peer.address.peerKey)
  }

  /** A half-open connection shows only when something is asked of it. */
  #heartbeat (peer: Peer, link: OpenLink): void {
    const { clock, random } = this.#ports
    this.#heartbeats.get(link)?.cancel()
    if (!link.channel.isOpen) return
    const jitter = random.bytes(1)[0]! / 256
    const timer = clock.setTimer(Math.round(defaults.heartbeatMs * (0.75 + jitter / 2)), () => {
      if (!link.channel.isOpen || this.#isStopped) return
      link.channel.request({ ping: {} }, defaults.heartbeatTimeoutMs).then(
        () => { this.#heartbeat(peer, link) },
        () => { link.channel.abort(new UnreachableError('TIMED_OUT')) }
      )
    })
    this.#heartbeats.set(link, timer)
  }

  #move (peer: Peer, event: Parameters<typeof linkMachine.next>[1]): void {
    const next = linkMachine.next(peer.state, event)
    if (next === peer.state) return
    peer.state = next
    this.#ports.log.debug('link', { state: next, kind: peer.kind })
    this.#handlers.onState(this.#view(peer))
  }

  #view (peer: Peer): PeerView {
    return {
      kind: peer.kind,
      peerKey: peer.address.peerKey,
      state: peer.state,
      direct: peer.links[0]?.direct ?? false,
      retryAt: peer.state === 'waiting' ? peer.retryAt : undefined,
      lastError: peer.lastError
    }
  }
}
