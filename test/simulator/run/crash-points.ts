/**
 * A power cut at every write of every machine: before it, while it is under way, and once it is
 * there; each in a schedule of its own, in which nothing else goes wrong. What a random schedule meets
 * once in ten thousand, this meets every time.
 */
import type { CrashMoment } from '../world/disk.ts'
import { topologyOf } from './established.ts'
import type { Plan } from './plan.ts'
import { runSchedule, type Outcome, type ScheduleOptions } from './schedule.ts'

export interface CrashPoint { node: string, write: number, moment: CrashMoment }

export interface CrashPoints {
  points: number
  failures: Array<CrashPoint & { texts: string[] }>
}

export interface CrashPointOptions {
  seed: number
  /** Only so many points, evenly spread, beginning with one by the seed; all of them otherwise. */
  pointsMax?: number
  /** Clients and relays. */
  topology?: [clients: number, relays: number]
  run?: typeof runSchedule
  established?: ScheduleOptions['established']
  failuresMax?: number
}

const moments: readonly CrashMoment[] = ['before', 'during', 'after']
const backMs = 700

/** Both write, one after another and at once, and one goes on while the other is away. */
function bend (plan: Plan): void {
  const send = (atMs: number, from: string, to: string): Plan['sends'][number] => ({ atMs, from, to, bytes: 20 })
  plan.faultMs = 8_000
  plan.sends = [
    send(500, 'client1', 'client2'), send(900, 'client2', 'client1'), send(1_500, 'client1', 'client2'), send(1_500, 'client2', 'client1'),
    send(1_501, 'client1', 'client2'), send(2_500, 'client1', 'client2')
  ]
  plan.mailboxEnvelopesMax = undefined
}

export async function crashEverywhere (options: CrashPointOptions): Promise<CrashPoints> {
  const { seed, pointsMax = Infinity, topology = [2, 1], run = runSchedule, established, failuresMax = 10 } = options
  const scheduleOptions: ScheduleOptions = { topology: topologyOf(...topology), kinds: [], ...(established === undefined ? {} : { established }) }
  const whole = await run(seed, { ...scheduleOptions, bend })
  const found: CrashPoints = { points: 0, failures: [] }
  const points = Object.entries(whole.writes).flatMap(([node, writes]) =>
    Array.from({ length: writes }, (_, i) => moments.map((moment): CrashPoint => ({ node, write: i + 1, moment }))).flat())
  const tried = Math.min(points.length, pointsMax)
  const first = seed % Math.max(1, Math.floor(points.length / tried))
  for (let nth = 0; nth < tried && found.failures.length < failuresMax; nth++) {
    const point = points[first + Math.floor(nth * points.length / tried)]!
    const { violations }: Outcome = await run(seed, {
      ...scheduleOptions,
      bend: plan => {
        bend(plan)
        plan.faults = [{ kind: 'crash-at-write', atMs: 0, ...point, backMs }]
      }
    })
    found.points++
    if (violations.length > 0) found.failures.push({ ...point, texts: violations.map(({ invariant, text }) => `${invariant}: ${text}`) })
  }
  return found
}
