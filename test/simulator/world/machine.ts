/**
 * A machine: a host with a disk and clocks, on which one program runs, is killed, loses power,
 * stands still, and is started again by whoever looks after it.
 */
import { codeOf } from '../../../protocol/errors.ts'
import type { Chance } from './chance.ts'
import type { Disk } from './disk.ts'
import type { Fabric } from './fabric.ts'
import type { NodeClock } from './node-clock.ts'
import type { Life, Timeline } from './timeline.ts'

/** Runs a program as this life; resolves once it serves, rejects where it can't start. */
export type Program = (life: Life) => Promise<void>

export type Ending = 'killed' | 'powerLost'

export interface MachineParts {
  name: string
  timeline: Timeline
  fabric: Fabric
  disk: Disk
  clock: NodeClock
  /** For when it is started again. */
  chance: Chance
  program: Program
}

const restartMsMin = 300
const restartMsMax = 3_000

export class Machine {
  readonly name: string
  readonly disk: Disk
  readonly clock: NodeClock
  readonly #parts: MachineParts
  #life: Life | undefined
  #lives = 0
  /** Nobody starts it again. */
  isAbandoned = false
  /** Starts that failed since one succeeded. */
  failedStarts = 0
  onLife: ((life: Life, event: 'started' | 'serves' | 'ended', why: string) => void) | undefined

  constructor (parts: MachineParts) {
    this.name = parts.name
    this.disk = parts.disk
    this.clock = parts.clock
    this.#parts = parts
    parts.fabric.addHost(parts.name)
  }

  get life (): Life | undefined { return this.#life }

  boot (): void {
    if (this.#life !== undefined || this.isAbandoned) return
    const { fabric, program } = this.#parts
    fabric.powerBack(this.name)
    const life: Life = { node: this.name, number: ++this.#lives, isAlive: true, isPaused: false, timers: 0 }
    this.#life = life
    this.onLife?.(life, 'started', '')
    program(life).then(
      () => {
        this.failedStarts = 0
        this.onLife?.(life, 'serves', '')
      },
      (error: unknown) => {
        if (!life.isAlive) return
        this.failedStarts++
        this.failed(life, codeOf(error))
      }
    )
  }

  /** The program can't go on, and ends itself; it is started again. */
  failed (life: Life, why: string): void {
    if (this.#life !== life) return
    this.end('killed', why)
    this.bootSoon()
  }

  end (how: Ending, why: string): void {
    const life = this.#life
    const { fabric, disk } = this.#parts
    if (life === undefined) {
      if (how === 'powerLost') {
        fabric.powerLost(this.name)
        disk.powerLost()
      }
      return
    }
    life.isAlive = false
    this.#life = undefined
    if (how === 'killed') {
      fabric.programEnded(this.name)
      disk.programEnded()
    } else {
      fabric.powerLost(this.name)
      disk.powerLost()
    }
    this.onLife?.(life, 'ended', `${how} ${why}`)
  }

  bootSoon (): void {
    const { timeline, chance } = this.#parts
    timeline.in(chance.between(restartMsMin, restartMsMax), `boot ${this.name}`, () => { this.boot() })
  }

  pause (): void { if (this.#life !== undefined) this.#life.isPaused = true }

  goOn (): void {
    const life = this.#life
    if (life?.isPaused !== true) return
    life.isPaused = false
    this.#parts.timeline.release(life)
  }
}
