/**
 * Virtual time: events in a heap, run one after another, with nothing left over between two of them.
 *
 * An event may belong to a life, one run of one program on one node. With the life ends what it
 * waited for, as it does when a process is killed; while its node is paused, it waits.
 */
import { drainMicrotasks } from './microtasks.ts'
import { Trace } from './trace.ts'

/** One run of a node's program. */
export interface Life {
  readonly node: string
  /** Counts the runs of this node, from 1. */
  readonly number: number
  isAlive: boolean
  isPaused: boolean
  /** Timers that are set and have neither run nor been cancelled. */
  timers: number
}

export interface Event {
  atMs: number
  order: number
  readonly what: string
  readonly life: Life | undefined
  run: (() => void) | undefined
}

/** More than any schedule needs: a world in which events make events without end has a bug. */
const eventsMaxDefault = 20_000_000

export class Timeline {
  /** Milliseconds since the world began. */
  nowMs = 0
  readonly trace = new Trace()
  /** Runs after every event, when all is drained; throws to end the world. */
  afterEvent: (() => void) | undefined
  readonly #eventsMax: number
  #heap: Event[] = []
  #held: Event[] = []
  #order = 0
  #isEnded = false

  constructor (options: { eventsMax?: number } = {}) { this.#eventsMax = options.eventsMax ?? eventsMaxDefault }

  /** Runs `run` in `delayMs`, unless the life has ended by then. `what`: a few words for the trace. */
  in (delayMs: number, what: string, run: () => void, life?: Life): Event {
    if (!(delayMs >= 0)) throw new Error(`${what}: in ${delayMs} ms`)
    const event: Event = { atMs: this.nowMs + delayMs, order: this.#order++, what, life, run }
    this.#push(event)
    return event
  }

  cancel (event: Event): void { event.run = undefined }

  /** Events of lives that go on now, in the order in which they fell due. */
  release (life: Life): void {
    const due = this.#held.filter(event => event.life === life)
    this.#held = this.#held.filter(event => event.life !== life)
    for (const event of due) {
      event.atMs = this.nowMs
      event.order = this.#order++
      this.#push(event)
    }
  }

  end (): void { this.#isEnded = true }

  /** Runs all events up to `untilMs`, or until `end`. Only within `asTask`. */
  runUntil (untilMs: number): void {
    this.#isEnded = false
    drainMicrotasks()
    for (let event = this.#heap[0]; event !== undefined && event.atMs <= untilMs && !this.#isEnded; event = this.#heap[0]) {
      this.#pop()
      this.#run(event)
    }
    if (!this.#isEnded) this.nowMs = Math.max(this.nowMs, untilMs)
  }

  #run (event: Event): void {
    const { run, life } = event
    if (run === undefined || life?.isAlive === false) return
    if (life?.isPaused === true) {
      this.#held.push(event)
      return
    }
    this.nowMs = event.atMs
    this.trace.event(event.atMs, event.what)
    if (this.trace.events > this.#eventsMax) throw new Error(`More than ${this.#eventsMax} events, the last one ${event.what}.`)
    event.run = undefined
    run()
    drainMicrotasks()
    this.afterEvent?.()
  }

  #push (event: Event): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (!isBefore(event, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = event
  }

  #pop (): void {
    const heap = this.#heap
    const last = heap.pop()!
    const { length } = heap
    if (length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= length) break
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}

function isBefore (a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
