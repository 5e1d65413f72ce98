/**
 * One connection: two byte streams, one for each direction, that arrive whole and in order or not at
 * all, as TCP gives them. What is lost on the way arrives later; where nothing arrives for long, the
 * side that waits for it gives up, and the other does not know.
 *
 * Duplicates and reordering exist between connections, never within one. Who can reach whom is
 * decided in fabric.ts.
 */
import type { ByteStream } from '../../../protocol/ports.ts'
import type { Chance } from './chance.ts'
import { drawMs, type Distribution } from './distributions.ts'
import type { Event, Life, Timeline } from './timeline.ts'

/** What the way from one host to another is like. */
export interface Path {
  latency: Distribution
  /** Added to each piece. */
  jitter: Distribution
  bytesPerMs: number
  /** Room for what waits for that: what finds it full is lost, and sent again after a wait. Undefined: any amount. */
  queueBytes?: number | undefined
  /** Of pieces that are lost and sent again after a wait. */
  stallRate: number
  /** Of pieces at which the connection breaks. */
  resetRate: number
  /** Of pieces that arrive as several. */
  sliceRate: number
  /** How many times as long everything takes. */
  slowness: number
}

/** What a connection asks of the world around it. */
export interface Surroundings {
  readonly timeline: Timeline
  readonly chance: Chance
  /** How long bytes may stay unacknowledged before a system ends the connection. */
  readonly giveUpMs: number
  path: (from: string, to: string) => Path
  isBlocked: (from: string, to: string) => boolean
  /** The host has power. */
  isUp: (host: string) => boolean
  onSent: ((from: string, to: string, bytes: Uint8Array) => void) | undefined
}

const bufferBytes = 256 * 1024
/** How long a lost piece is waited for at first. */
const retransmitMs = 200

interface Piece { bytes: Uint8Array | 'end', event: Event | undefined }

export function connect (world: Surroundings, a: Life, b: Life): [End, End] {
  const ends: [End, End] = [new End(world, a), new End(world, b)]
  ends[0].peer = ends[1]
  ends[1].peer = ends[0]
  return ends
}

export class End implements ByteStream {
  readonly life: Life
  peer!: End
  isClosed = false
  /** The program is gone or has closed, the system may still hold the connection. */
  isGone = false
  onEnded: (() => void) | undefined
  readonly #world: Surroundings
  /** Sent from here, in order, not yet taken by the other system. */
  readonly #underWay: Piece[] = []
  #waitingBytes = 0
  #lastArrivalMs = 0
  #freeAtMs = 0
  #wasFull = false
  #isStalled = false
  /** What was sent arrived, and the word of it did not come back. */
  #isUnheard = false
  #giveUp: Event | undefined
  #isPaused = false
  /** Arrived and not read, while reading is paused. */
  #unread: Array<Uint8Array | 'end'> = []
  #bytes: ((bytes: Uint8Array) => void) | undefined
  #drain: (() => void) | undefined
  #close: ((error?: Error) => void) | undefined
  /** Remembered: of thousands of pieces every one asks for them. */
  #knownPath: Path | undefined
  #words: { bytes: string, end: string } | undefined

  constructor (world: Surroundings, life: Life) {
    this.#world = world
    this.life = life
  }

  // -- for the program

  send (bytes: Uint8Array): boolean {
    if (this.isClosed || this.isGone || !this.life.isAlive) return false
    this.#world.onSent?.(this.life.node, this.peer.life.node, bytes)
    this.#world.timeline.trace.bytes(bytes)
    this.#waitingBytes += bytes.length
    const path = this.#path()
    const { chance } = this.#world
    if (chance.happens(path.sliceRate) && bytes.length > 2) {
      const at = 1 + chance.below(bytes.length - 1)
      this.#put(bytes.slice(0, at), path)
      this.#put(bytes.slice(at), path)
    } else this.#put(bytes.slice(), path)
    this.#wasFull ||= this.#waitingBytes >= bufferBytes
    return !this.#wasFull
  }

  onBytes (listener: (bytes: Uint8Array) => void): void { this.#bytes = listener }
  onDrain (listener: () => void): void { this.#drain = listener }
  onClose (listener: (error?: Error) => void): void { this.#close = listener }
  pause (): void { this.#isPaused = true }

  resume (): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    if (this.#unread.length > 0) this.#world.timeline.in(0, `read ${this.life.node}`, () => { this.#readOn() }, this.life)
  }

  close (): void {
    if (this.isClosed || this.isGone) return
    this.isGone = true
    this.#put('end', this.#path())
  }

  abort (error: Error): void {
    if (this.isClosed) return
    this.#finish(error)
    this.#reset()
  }

  // -- for the world

  /** The program was killed: its system says so to the other side, if it can. */
  programEnded (): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#forget()
    this.#reset()
  }

  /** The host lost power: nobody says anything. */
  powerLost (): void {
    this.isClosed = true
    this.#forget()
  }

  /** The way may be another: what was stalled is sent again, after the wait that its system had come to. */
  wayChanged (): void {
    if (this.isClosed) return
    if (this.#isUnheard && !this.#isStalled && !this.#world.isBlocked(this.peer.life.node, this.life.node)) {
      this.#isUnheard = false
      this.#watched()
    }
    if (!this.#isStalled || this.#isWayBlocked()) return
    this.#isStalled = false
    this.#watched()
    const { timeline, chance } = this.#world
    const wait = chance.between(0, Math.min(20_000, retransmitMs + timeline.nowMs - this.#lastArrivalMs))
    this.#lastArrivalMs = timeline.nowMs + wait
    for (const piece of this.#underWay) this.#arriveLater(piece, this.#lastArrivalMs)
  }

  // -- pieces

  #path (): Path {
    this.#knownPath ??= this.#world.path(this.life.node, this.peer.life.node)
    return this.#knownPath
  }

  #isWayBlocked (): boolean { return this.#world.isBlocked(this.life.node, this.peer.life.node) }

  #put (bytes: Uint8Array | 'end', path: Path): void {
    const { timeline, chance } = this.#world
    const piece: Piece = { bytes, event: undefined }
    this.#underWay.push(piece)
    const length = bytes === 'end' ? 0 : bytes.length
    this.#freeAtMs = beginsAtMs(timeline.nowMs, this.#freeAtMs, length, path) + length / path.bytesPerMs
    let arrival = this.#freeAtMs + (drawMs(path.latency, chance) + drawMs(path.jitter, chance)) * path.slowness
    for (let wait = retransmitMs; chance.happens(path.stallRate) && wait < 10_000; wait *= 2) arrival += wait
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrival)
    if (chance.happens(path.resetRate)) {
      timeline.in(this.#lastArrivalMs - timeline.nowMs, `broken ${this.life.node}`, () => {
        this.#finish(new Error('connection reset'))
        this.peer.#finish(new Error('connection reset'))
      })
    }
    if (!this.#isStalled) this.#arriveLater(piece, this.#lastArrivalMs)
  }

  #arriveLater (piece: Piece, atMs: number): void {
    const { timeline } = this.#world
    if (piece.event !== undefined) timeline.cancel(piece.event)
    this.#words ??= { bytes: `bytes at ${this.peer.life.node}`, end: `end at ${this.peer.life.node}` }
    const what = piece.bytes === 'end' ? this.#words.end : this.#words.bytes
    piece.event = timeline.in(Math.max(0, atMs - timeline.nowMs), what, () => { this.#arrived(piece) })
  }

  #arrived (piece: Piece): void {
    const { peer } = this
    piece.event = undefined
    // In order: what is before it is stalled, and this with it.
    if (this.#isStalled || this.#isWayBlocked() || !this.#world.isUp(peer.life.node)) {
      this.#isStalled = true
      this.#watch()
      return
    }
    if (peer.isClosed) {
      // Nobody there knows this connection any more.
      this.#finish(piece.bytes === 'end' ? undefined : new Error('connection reset by the other side'))
      return
    }
    this.#underWay.splice(this.#underWay.indexOf(piece), 1)
    if (piece.bytes !== 'end') this.#waitingBytes -= peer.#isPaused ? 0 : piece.bytes.length
    // Where the answer is lost the sending system learns nothing, and gives up in the end.
    this.#isUnheard = this.#world.isBlocked(peer.life.node, this.life.node)
    if (this.#isUnheard) this.#watch()
    else if (this.#underWay.length === 0) this.#watched()
    peer.#take(piece.bytes)
    this.#drained()
  }

  #drained (): void {
    if (!this.#wasFull || this.#waitingBytes > 0) return
    this.#wasFull = false
    if (this.life.isAlive && !this.isClosed) this.#drain?.()
  }

  #take (bytes: Uint8Array | 'end'): void {
    if (!this.life.isAlive) return
    if (this.#isPaused || this.#unread.length > 0) {
      this.#unread.push(bytes)
      return
    }
    // A program that stands still reads later: its system has taken the bytes.
    if (this.life.isPaused) {
      this.#world.timeline.in(0, `read ${this.life.node}`, () => { this.#give(bytes) }, this.life)
      return
    }
    this.#give(bytes)
  }

  #give (bytes: Uint8Array | 'end'): void {
    if (this.isClosed) return
    if (bytes !== 'end') {
      this.#bytes?.(bytes)
      return
    }
    this.#finish(undefined)
    // Closed on both sides: what was still on its way back is of no use to anybody.
    if (!this.peer.isClosed) this.peer.#finish(undefined)
  }

  #readOn (): void {
    while (!this.#isPaused && !this.isClosed) {
      const next = this.#unread.shift()
      if (next === undefined) break
      if (next !== 'end') this.peer.#waitingBytes -= next.length
      this.#give(next)
    }
    this.peer.#drained()
  }

  #reset (): void {
    const { timeline, chance } = this.#world
    const { peer } = this
    if (peer.isClosed || this.#isWayBlocked() || !this.#world.isUp(peer.life.node)) return
    timeline.in(drawMs(this.#path().latency, chance), `reset at ${peer.life.node}`, () => {
      if (!this.#isWayBlocked()) peer.#finish(new Error('connection reset by the other side'))
    }, peer.life)
  }

  #watch (): void {
    this.#giveUp ??= this.#world.timeline.in(this.#world.giveUpMs, `gave up ${this.life.node}`, () => {
      this.#giveUp = undefined
      this.#finish(new Error('connection timed out'))
    })
  }

  #watched (): void {
    if (this.#giveUp !== undefined) this.#world.timeline.cancel(this.#giveUp)
    this.#giveUp = undefined
  }

  #finish (error: Error | undefined): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#forget()
    if (this.life.isAlive) this.#close?.(error)
  }

  #forget (): void {
    this.#watched()
    for (const piece of this.#underWay) if (piece.event !== undefined) this.#world.timeline.cancel(piece.event)
    this.#underWay.length = 0
    this.#unread = []
    this.onEnded?.()
  }
}

/** When a piece begins to be sent: at once behind what waits until `freeAtMs`, or at the first try that finds room in the queue. */
export function beginsAtMs (nowMs: number, freeAtMs: number, length: number, { bytesPerMs, queueBytes = Infinity }: Path): number {
  let atMs = nowMs
  for (let wait = retransmitMs; freeAtMs > atMs && (freeAtMs - atMs) * bytesPerMs + length > queueBytes; wait *= 2) atMs += wait
  return Math.max(freeAtMs, atMs)
}
