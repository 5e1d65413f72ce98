/**
 * A TCP proxy that stands between real programs and makes their ways bad: latency, jitter, bandwidth, lost
 * pieces, resets, half-open connections, and cuts of one direction or both. Each node is reached through a
 * listener of its own; who dials is for the caller to find out.
 *
 * What a way is like is the simulated network's own description (world/wires.ts), so that both worlds mean
 * the same by it. Streams are carried as they are: nothing of what is in them is understood.
 */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Chance } from '../world/chance.ts'
import { drawMs } from '../world/distributions.ts'
import type { Rule } from '../world/fabric.ts'
import { beginsAtMs, type Path } from '../world/wires.ts'

export interface Place { host: string, port: number }

export interface ProxyOptions {
  chance: Chance
  path: (from: string, to: string) => Path
  /** Parts of one, of dials. */
  dialFailure: number
  halfOpen: number
  /** Whose socket dialled from there; undefined: a stranger, who is refused. */
  whoDials: (dialler: Place) => string | undefined
  onDial?: (from: string, to: string) => void
  /** Each piece as it was sent, before anything is done to it. */
  onSent?: (from: string, to: string, bytes: Uint8Array) => void
}

/** Held in one direction of a connection, beyond which its sender has to wait. */
const bufferBytes = 256 * 1024
/** How long a lost piece is waited for at first, and at most. */
const retransmitMs = 200
const retransmitMsMax = 20_000
const loopback = '127.0.0.1'

export class Proxy {
  readonly #options: ProxyOptions
  readonly #rules = new Set<Rule>()
  readonly #servers: Server[] = []
  readonly #connections = new Set<Connection>()

  constructor (options: ProxyOptions) { this.#options = options }

  /**
   * Opens the way to `name`, whose program listens where `target` tells. `host`: where to be dialled. Resolves with
   * the port to dial.
   */
  async open (name: string, target: () => Place | undefined, host = loopback): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, socket => { this.#accept(name, target, socket) })
    this.#servers.push(server)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, host, resolve)
    })
    return (server.address() as AddressInfo).port
  }

  cut (rule: Rule): void { this.#rules.add(rule) }

  heal (rule: Rule): void {
    if (!this.#rules.delete(rule)) return
    for (const connection of this.#connections) connection.wayChanged()
  }

  isBlocked (from: string, to: string): boolean {
    for (const rule of this.#rules) if (rule.blocks(from, to)) return true
    return false
  }

  async close (): Promise<void> {
    for (const connection of [...this.#connections]) connection.destroy()
    await Promise.all(this.#servers.map(async server => { await new Promise<void>(resolve => { server.close(() => { resolve() }) }) }))
  }

  #isRefusing (from: string, to: string): boolean {
    for (const rule of this.#rules) if (rule.isRefusing && (rule.blocks(from, to) || rule.blocks(to, from))) return true
    return false
  }

  #accept (to: string, target: () => Place | undefined, dialler: Socket): void {
    dialler.on('error', () => { dialler.destroy() })
    const from = this.#options.whoDials({ host: dialler.remoteAddress ?? '', port: dialler.remotePort ?? 0 })
    if (from === undefined) {
      dialler.resetAndDestroy()
      return
    }
    const { chance, dialFailure, halfOpen, onDial } = this.#options
    onDial?.(from, to)
    const fails = chance.happens(dialFailure)
    const isHalfOpen = chance.happens(halfOpen)
    if (fails || this.#isRefusing(from, to)) {
      dialler.resetAndDestroy()
      return
    }
    const connection = new Connection(dialler, { from, to, target, isHalfOpen }, this.#options, (a, b) => this.isBlocked(a, b))
    this.#connections.add(connection)
    connection.onEnded = () => { this.#connections.delete(connection) }
    connection.wayChanged()
  }
}

interface Ends { from: string, to: string, target: () => Place | undefined, isHalfOpen: boolean }
type IsBlocked = (from: string, to: string) => boolean

/** From the dial on: as long as the way is cut, nobody answers. */
class Connection {
  onEnded: (() => void) | undefined
  readonly #dialler: Socket
  readonly #ends: Ends
  readonly #options: ProxyOptions
  readonly #isBlocked: IsBlocked
  #target: Socket | undefined
  #flows: Flow[] = []

  constructor (dialler: Socket, ends: Ends, options: ProxyOptions, isBlocked: IsBlocked) {
    this.#dialler = dialler
    this.#ends = ends
    this.#options = options
    this.#isBlocked = isBlocked
    dialler.pause()
    dialler.once('close', () => { if (this.#target === undefined) this.onEnded?.() })
  }

  wayChanged (): void {
    const { from, to } = this.#ends
    if (this.#target === undefined) {
      if (!this.#dialler.destroyed && !this.#isBlocked(from, to) && !this.#isBlocked(to, from)) this.#answer()
      return
    }
    for (const flow of this.#flows) flow.wayChanged()
  }

  destroy (): void {
    for (const flow of this.#flows) flow.forget()
    for (const socket of [this.#dialler, this.#target]) socket?.destroy()
    this.onEnded?.()
  }

  #answer (): void {
    const { from, to, target: placeOf, isHalfOpen } = this.#ends
    const place = placeOf()
    if (place === undefined) {
      this.#dialler.resetAndDestroy()
      return
    }
    const dialler = this.#dialler
    const target = connect({ ...place, allowHalfOpen: true, noDelay: true })
    this.#target = target
    const there = new Flow(dialler, target, { from, to }, this.#options, this.#isBlocked)
    const back = new Flow(target, dialler, { from: to, to: from }, this.#options, this.#isBlocked)
    this.#flows = [there, back]
    let open = 2
    for (const socket of [dialler, target]) {
      socket.once('close', () => {
        open--
        if (open === 0) {
          for (const flow of this.#flows) flow.forget()
          this.onEnded?.()
        }
      })
    }
    if (isHalfOpen) {
      // The target has a connection on which nothing ever comes, the dialler gives up.
      dialler.resume()
      target.resume()
      target.on('error', () => { target.destroy() })
      return
    }
    there.begin()
    back.begin()
    if (dialler.destroyed) there.senderGone()
  }
}

interface Piece { what: Uint8Array | 'end' | 'reset', dueMs: number }

/** One direction of a connection: in order, whole, and late. */
class Flow {
  readonly #source: Socket
  readonly #sink: Socket
  readonly #way: { from: string, to: string }
  readonly #options: ProxyOptions
  readonly #isBlocked: IsBlocked
  readonly #pieces: Piece[] = []
  #heldBytes = 0
  #freeAtMs = 0
  #lastDueMs = 0
  #stalledSinceMs: number | undefined
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor (source: Socket, sink: Socket, way: { from: string, to: string }, options: ProxyOptions, isBlocked: IsBlocked) {
    this.#source = source
    this.#sink = sink
    this.#way = way
    this.#options = options
    this.#isBlocked = isBlocked
  }

  begin (): void {
    const source = this.#source
    let hasEnded = false
    source.on('data', bytes => { this.#take(bytes) })
    source.on('end', () => {
      hasEnded = true
      this.#put('end', 0)
    })
    source.on('error', () => { source.destroy() })
    source.on('close', () => { if (!hasEnded) this.senderGone() })
    this.#sink.on('drain', () => { this.#readOn() })
    source.resume()
  }

  /** It was killed, or ended the connection without a word of its own: its system says so. */
  senderGone (): void { this.#put('reset', 0) }

  /** What was held is sent again, after the wait that a system would have come to by then. */
  wayChanged (): void {
    const { from, to } = this.#way
    if (this.#stalledSinceMs === undefined || this.#isBlocked(from, to)) return
    const now = performance.now()
    const wait = this.#options.chance.between(0, Math.min(retransmitMsMax, retransmitMs + now - this.#stalledSinceMs))
    this.#stalledSinceMs = undefined
    for (const piece of this.#pieces) piece.dueMs = Math.max(piece.dueMs, now + wait)
    this.#lastDueMs = Math.max(this.#lastDueMs, now + wait)
    this.#deliverLater()
  }

  forget (): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#pieces.length = 0
  }

  #take (bytes: Uint8Array): void {
    const { from, to } = this.#way
    this.#options.onSent?.(from, to, bytes)
    const { chance } = this.#options
    const path = this.#options.path(from, to)
    if (chance.happens(path.resetRate)) {
      this.#source.resetAndDestroy()
      this.#sink.resetAndDestroy()
      return
    }
    let waitMs = (drawMs(path.latency, chance) + drawMs(path.jitter, chance)) * path.slowness
    for (let wait = retransmitMs; chance.happens(path.stallRate) && wait < retransmitMsMax; wait *= 2) waitMs += wait
    this.#freeAtMs = beginsAtMs(performance.now(), this.#freeAtMs, bytes.length, path) + bytes.length / path.bytesPerMs
    this.#heldBytes += bytes.length
    if (this.#heldBytes >= bufferBytes) this.#source.pause()
    this.#put(bytes, waitMs)
  }

  #put (what: Piece['what'], waitMs: number): void {
    if (this.#isOver) return
    this.#lastDueMs = Math.max(this.#lastDueMs, Math.max(this.#freeAtMs, performance.now()) + waitMs)
    this.#pieces.push({ what, dueMs: this.#lastDueMs })
    if (this.#pieces.length === 1) this.#deliverLater()
  }

  #deliverLater (): void {
    const [first] = this.#pieces
    if (first === undefined) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.#deliver() }, Math.max(0, first.dueMs - performance.now()))
  }

  #deliver (): void {
    const { from, to } = this.#way
    while (this.#pieces.length > 0 && this.#pieces[0]!.dueMs <= performance.now() + 0.5) {
      if (this.#isBlocked(from, to)) {
        this.#stalledSinceMs ??= performance.now()
        return
      }
      const { what } = this.#pieces.shift()!
      const sink = this.#sink
      if (what === 'end') sink.end()
      else if (what === 'reset') sink.resetAndDestroy()
      else {
        this.#heldBytes -= what.length
        if (!sink.destroyed) sink.write(what)
      }
    }
    this.#readOn()
    this.#deliverLater()
  }

  #readOn (): void {
    if (this.#heldBytes < bufferBytes && !this.#sink.writableNeedDrain && !this.#source.destroyed) this.#source.resume()
  }
}
