/**
 * Hosts and who can reach whom: dials, the paths between hosts, and rules that cut them. A rule
 * cuts one direction at a time; what is cut stalls, or is refused at once where a firewall answers.
 * Streams: wires.ts.
 */
import { UnreachableError } from '../../../protocol/errors.ts'
import type { Chance } from './chance.ts'
import { drawMs } from './distributions.ts'
import type { Life, Timeline } from './timeline.ts'
import { connect, type End, type Path, type Surroundings } from './wires.ts'

export interface Rule {
  /** Pieces from one host to another are not let through. */
  blocks: (from: string, to: string) => boolean
  /** Dials are refused at once, and do not time out. */
  isRefusing: boolean
}

export interface DialFaults {
  /** Dials that fail though everything is well. */
  failureRate: number
  /** Dials that the other side accepts and this side gives up: a connection that is open at one end. */
  halfOpenRate: number
}

/** What a program hears of a connection that another opened to it. */
export type Accept = (from: Life, stream: End) => void

interface Host { isUp: boolean, life: Life | undefined, accept: Accept | undefined, ends: Set<End> }

/** What Linux comes to with its fifteen tries. */
const giveUpMsDefault = 924_600

export const pathDefault: Path = {
  latency: { kind: 'constant', ms: 20 },
  jitter: { kind: 'constant', ms: 0 },
  bytesPerMs: 1250,
  stallRate: 0,
  resetRate: 0,
  sliceRate: 0,
  slowness: 1
}

export class Fabric implements Surroundings {
  readonly timeline: Timeline
  readonly chance: Chance
  giveUpMs = giveUpMsDefault
  readonly dialFaults: DialFaults = { failureRate: 0, halfOpenRate: 0 }
  /** Dials of each host, with their time: for whoever counts them. */
  onDial: ((from: string, to: string) => void) | undefined
  onSent: ((from: string, to: string, bytes: Uint8Array) => void) | undefined
  readonly #hosts = new Map<string, Host>()
  readonly #paths = new Map<string, Path>()
  readonly #rules = new Set<Rule>()
  #pathOf: (from: string, to: string) => Path

  constructor (timeline: Timeline, chance: Chance, pathOf: (from: string, to: string) => Path = () => ({ ...pathDefault })) {
    this.timeline = timeline
    this.chance = chance
    this.#pathOf = pathOf
  }

  // -- hosts

  addHost (name: string): void { this.#hosts.set(name, { isUp: true, life: undefined, accept: undefined, ends: new Set() }) }

  isUp (name: string): boolean { return this.#host(name).isUp }

  /** From now on this life takes connections at its host. */
  listen (life: Life, accept: Accept): void {
    const host = this.#host(life.node)
    host.life = life
    host.accept = accept
  }

  /** In an orderly end: streams are aborted, and nobody listens any more. */
  stopListening (life: Life): void {
    const host = this.#host(life.node)
    if (host.life !== life) return
    host.accept = undefined
    for (const end of [...host.ends]) end.abort(new Error('stopped'))
  }

  programEnded (name: string): void {
    const host = this.#host(name)
    host.life = undefined
    host.accept = undefined
    for (const end of [...host.ends]) end.programEnded()
    host.ends.clear()
  }

  powerLost (name: string): void {
    const host = this.#host(name)
    host.isUp = false
    host.life = undefined
    host.accept = undefined
    for (const end of [...host.ends]) end.powerLost()
    host.ends.clear()
  }

  powerBack (name: string): void {
    this.#host(name).isUp = true
    this.#wayChanged()
  }

  /** Streams that this host's program holds open; one that it has closed is its system's, until the other side says so too. */
  openStreams (name: string): number { return [...this.#host(name).ends].filter(end => !end.isGone).length }

  // -- the ways between them

  /** One and the same object for each way, as long as the world lasts. */
  path (from: string, to: string): Path {
    const key = `${from}>${to}`
    let path = this.#paths.get(key)
    if (path === undefined) {
      path = this.#pathOf(from, to)
      this.#paths.set(key, path)
    }
    return path
  }

  /** From now on nothing is lost on the way any more. */
  calm (): void {
    const pathOf = this.#pathOf
    this.#pathOf = (from, to) => ({ ...pathOf(from, to), stallRate: 0, resetRate: 0, slowness: 1 })
    for (const path of this.#paths.values()) Object.assign(path, { stallRate: 0, resetRate: 0, slowness: 1 })
  }

  isBlocked (from: string, to: string): boolean {
    for (const rule of this.#rules) if (rule.blocks(from, to)) return true
    return false
  }

  cut (rule: Rule): void { this.#rules.add(rule) }

  heal (rule: Rule): void {
    if (this.#rules.delete(rule)) this.#wayChanged()
  }

  // -- dials

  /** Rejects with UnreachableError NO_ROUTE or TIMED_OUT. */
  async dial (from: Life, to: string, timeoutMs: number): Promise<End> {
    this.onDial?.(from.node, to)
    const { chance } = this
    const there = this.#oneWayMs(from.node, to)
    const back = this.#oneWayMs(to, from.node)
    const fails = chance.happens(this.dialFaults.failureRate)
    const isHalfOpen = chance.happens(this.dialFaults.halfOpenRate)
    if (!this.#hosts.has(to) || fails) return await this.#refuse(from, there + back, 'NO_ROUTE')
    return await new Promise<End>((resolve, reject) => {
      const fail = (code: 'NO_ROUTE' | 'TIMED_OUT', delayMs: number): void => {
        this.timeline.in(delayMs, `dial failed ${from.node}`, () => { reject(new UnreachableError(code)) }, from)
      }
      // The transport's and the encryption's round before the peer's program hears of it.
      this.timeline.in(2 * there + back, `dialled ${to}`, () => {
        if (!from.isAlive) return
        const host = this.#host(to)
        const isCut = this.isBlocked(from.node, to) || this.isBlocked(to, from.node)
        if (isCut && this.#isRefusing(from.node, to)) fail('NO_ROUTE', back)
        else if (isCut || !host.isUp) fail('TIMED_OUT', Math.max(0, timeoutMs - 2 * there - back))
        else if (host.life === undefined || host.accept === undefined) fail('NO_ROUTE', back)
        else {
          const [mine, theirs] = this.#open(from, host.life)
          host.accept(from, theirs)
          this.timeline.in(back, `connected ${from.node}`, () => {
            if (isHalfOpen) {
              mine.powerLost()
              reject(new UnreachableError('TIMED_OUT'))
            } else resolve(mine)
          }, from)
        }
      })
    })
  }

  #open (a: Life, b: Life): [End, End] {
    const ends = connect(this, a, b)
    for (const end of ends) {
      const { ends: open } = this.#host(end.life.node)
      open.add(end)
      end.onEnded = () => { open.delete(end) }
    }
    return ends
  }

  #oneWayMs (from: string, to: string): number {
    const path = this.path(from, to)
    return drawMs(path.latency, this.chance) * path.slowness
  }

  async #refuse (from: Life, delayMs: number, code: 'NO_ROUTE'): Promise<never> {
    return await new Promise<never>((_resolve, reject) => {
      this.timeline.in(delayMs, `dial failed ${from.node}`, () => { reject(new UnreachableError(code)) }, from)
    })
  }

  #isRefusing (from: string, to: string): boolean {
    for (const rule of this.#rules) if (rule.isRefusing && (rule.blocks(from, to) || rule.blocks(to, from))) return true
    return false
  }

  #wayChanged (): void {
    for (const host of this.#hosts.values()) for (const end of [...host.ends]) end.wayChanged()
  }

  #host (name: string): Host {
    const host = this.#hosts.get(name)
    if (host === undefined) throw new Error(`There is no host ${name}.`)
    return host
  }
}
