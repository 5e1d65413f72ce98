/**
 * The space-time diagram of chosen messages: a line for each node, time from left to right, and an arrow
 * for every leg that the history knows of.
 */
import type { Plan } from '../scenario/plan.ts'
import { showDuration } from '../scenario/quantities.ts'
import type { MessageStory } from './account.ts'
import { isDirect } from './measures.ts'
import { chart, ink, Plot } from './svg.ts'

export type LegKind = 'deposit' | 'direct' | 'handed' | 'confirmed'

export interface Leg { kind: LegKind, from: string, fromMs: number, to: string, toMs: number }

/**
 * Every leg of a message. A deposit begins when the envelope left and ends when the relay said to have
 * it; what never arrived has no leg.
 */
export function legsOf (story: MessageStory): Leg[] {
  const legs: Leg[] = []
  const delivered = story.deliveredMs
  for (const { relay, atMs } of story.stored) {
    const leftMs = story.left.findLast(left => left.to === relay && left.atMs <= atMs)?.atMs
    if (leftMs !== undefined) legs.push({ kind: 'deposit', from: story.from, fromMs: leftMs, to: relay, toMs: atMs })
  }
  if (delivered !== undefined) {
    const handed = story.handed.findLast(({ atMs, to }) => atMs <= delivered && to === story.to)
    const direct = story.left.findLast(({ to, atMs }) => to === story.to && atMs <= delivered)
    if (handed !== undefined && !isDirect(story)) {
      legs.push({ kind: 'handed', from: handed.relay, fromMs: handed.atMs, to: story.to, toMs: delivered })
    } else if (direct !== undefined) {
      legs.push({ kind: 'direct', from: story.from, fromMs: direct.atMs, to: story.to, toMs: delivered })
    }
    const tick = story.ticks.find(({ state, atMs }) => state === 'delivered' && atMs >= delivered)
    if (tick !== undefined) legs.push({ kind: 'confirmed', from: story.to, fromMs: delivered, to: story.from, toMs: tick.atMs })
  }
  return legs
}

/**
 * Messages that show most of a run: the slowest, then the one that took the most legs, then those that
 * were sent during a cut, then any.
 */
export function chosenMessages (stories: readonly MessageStory[], plan: Plan): MessageStory[] {
  const delivered = stories.filter(({ isProbe, deliveredMs }) => !isProbe && deliveredMs !== undefined)
  const took = ({ deliveredMs = 0, invokedMs }: MessageStory): number => deliveredMs - invokedMs
  const isDuringCut = ({ invokedMs }: MessageStory): boolean => plan.windows.some(({ effect, fromMs, untilMs }) =>
    effect.kind === 'cut' && invokedMs >= fromMs && invokedMs < (untilMs ?? Infinity))
  const best = (rank: (story: MessageStory) => number): MessageStory[] => delivered.toSorted((a, b) => rank(b) - rank(a) || a.message - b.message)
  const wanted = [best(took)[0], best(story => legsOf(story).length)[0], ...delivered.filter(isDuringCut), ...delivered]
  const distinct = [...new Set(wanted.filter(story => story !== undefined))]
  return distinct.slice(0, plan.diagram).sort((a, b) => a.invokedMs - b.invokedMs)
}

const colorOf: Record<LegKind, string> = { deposit: ink.second, handed: ink.second, direct: ink.first, confirmed: ink.soft }

/** One message; undefined where nothing of it is known to have moved. */
export function spaceTimeChart (story: MessageStory, plan: Plan): string | undefined {
  const legs = legsOf(story)
  if (legs.length === 0) return undefined
  const order = new Map(plan.nodes.map(({ name }, at) => [name, at]))
  const relays = [...new Set(legs.flatMap(({ from, to }) => [from, to]))].filter(name => name !== story.from && name !== story.to)
  const rows = [story.from, ...relays.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)), story.to]
  const start = story.invokedMs
  const end = Math.max(...legs.map(({ toMs }) => toMs), start + 1)
  // A leg of milliseconds in a wait of days would be a point: each event has a place of its own, in order.
  const times = [...new Set([start, ...legs.flatMap(({ fromMs, toMs }) => [fromMs, toMs])])].sort((a, b) => a - b)
  const isWide = end - start > 50 * Math.min(...legs.map(({ fromMs, toMs }) => Math.max(1, toMs - fromMs)))
  const labels = times.map((ms, at) => {
    const [label, before] = [ms, times[at - 1] ?? -Infinity].map(time => showDuration(time - start))
    return label === before ? `+${showDuration(ms - (times[at - 1] ?? ms))}` : label
  })
  const place = (ms: number): number => isWide ? times.indexOf(ms) : ms - start
  const windows = plan.windows.filter(({ effect, fromMs, untilMs }) =>
    (effect.kind === 'cut' || effect.kind === 'stall') && fromMs < end && (untilMs ?? Infinity) > start && !isWide)
  return chart({
    title: `Message ${story.message} from ${story.from} to ${story.to}`,
    height: rows.length * 44 + 56,
    marginLeft: 130,
    x: isWide
      ? { label: 'events in order, with the time since sending →', domain: [0, times.length - 1], ticks: times.map((_, at) => at), tickFormat: (at: number) => labels[at] ?? '' }
      : { label: 'since sending →', domain: [0, end - start], tickFormat: (ms: number) => showDuration(ms), ticks: 6 },
    y: { type: 'point', domain: rows, label: null, tickSize: 0 },
    marks: [
      Plot.rectX(windows, {
        x1: ({ fromMs }: { fromMs: number }) => Math.max(0, fromMs - start),
        x2: ({ untilMs }: { untilMs: number | undefined }) => Math.min(end, untilMs ?? end) - start,
        fill: ink.band
      }),
      Plot.ruleY(rows, { stroke: 'currentColor', strokeOpacity: 0.35 }),
      Plot.arrow(legs, {
        x1: ({ fromMs }: Leg) => place(fromMs), y1: 'from', x2: ({ toMs }: Leg) => place(toMs), y2: 'to',
        stroke: ({ kind }: Leg) => colorOf[kind], strokeWidth: 1.8, headLength: 7
      }),
      Plot.dot([{ x: place(start), y: story.from }], { x: 'x', y: 'y', fill: 'currentColor', r: 3.5 })
    ],
    color: { type: 'identity' }
  })
}
