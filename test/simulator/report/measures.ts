/**
 * A run as numbers: how much arrived, how soon, what the relays held, what one of them could link. Each
 * is defined in test/simulator/README.md, as reports and expectations use it.
 */
import { quantileSorted } from 'simple-statistics'
import type { Measure } from '../scenario/model.ts'
import type { FaultWindow } from '../scenario/plan.ts'
import { accountOf } from './account.ts'
import type { MessageStory, RunAccount } from './account.ts'
import type { RunRecord } from './records.ts'

/** A cut that ended, and how long what waited for that still took. */
export interface Heal { id: string, words: string, atMs: number, tookMs: number[], neverArrived: number }

/** What one relay could tell from what it sees by itself. */
export interface RelayView {
  relay: string
  /** Pairs of people of which it knows that the one writes to the other. */
  pairs: number
  /** Of the pairs that talked. */
  share: number
}

export interface Measures {
  values: Record<Measure, number | undefined>
  sent: number
  delivered: number
  refused: number
  /** Sorted. */
  latenciesMs: number[]
  heals: Heal[]
  views: RelayView[]
  /** Pairs, in one direction, of which at least one message was sent. */
  pairs: number
  /** Delivered without any relay having handed it out. */
  direct: number
  isInOrder: { fifo: boolean, causal: boolean }
}

export function measure (record: RunRecord, account: RunAccount = accountOf(record)): Measures {
  const messages = account.messages.filter(({ isProbe }) => !isProbe)
  const sent = messages.filter(isSent)
  const delivered = sent.filter(({ deliveredMs }) => deliveredMs !== undefined)
  const latenciesMs = delivered.map(({ deliveredMs = 0, invokedMs }) => deliveredMs - invokedMs).sort((a, b) => a - b)
  const heals = healsOf(account.windows, sent)
  const afterHealMs = heals.flatMap(({ tookMs }) => tookMs).sort((a, b) => a - b)
  const pairs = new Set(sent.map(pairOf))
  const views = viewsOf(record, sent, pairs.size)
  const last = record.samples[record.samples.length - 1]
  const lost = sent.filter(story => isLost(story, account.gone)).length
  return {
    sent: sent.length,
    delivered: delivered.length,
    refused: messages.filter(({ refusal }) => refusal !== undefined).length,
    latenciesMs,
    heals,
    views,
    pairs: pairs.size,
    direct: delivered.filter(isDirect).length,
    isInOrder: { fifo: isFifo(account), causal: !record.violations.some(({ invariant }) => invariant === 'I4') },
    values: {
      lost,
      duplicates: messages.reduce((sum, { shownMs }) => sum + Math.max(0, shownMs.length - 1), 0),
      delivered: sent.length === 0 ? undefined : delivered.length / sent.length,
      delivery_p50: quantile(latenciesMs, 0.5),
      delivery_p99: quantile(latenciesMs, 0.99),
      heal_to_delivery_p50: quantile(afterHealMs, 0.5),
      heal_to_delivery_p99: quantile(afterHealMs, 0.99),
      pending: sent.length - delivered.length,
      relay_storage_max: record.reality === undefined ? Math.max(0, ...record.samples.map(({ relayBytesMax }) => relayBytesMax)) : undefined,
      bytes_per_message: last === undefined || delivered.length === 0 ? undefined : last.wireBytes / delivered.length,
      linkable: record.reality === undefined ? Math.max(0, ...views.map(({ share }) => share)) : undefined,
      violations: record.violations.length
    }
  }
}

/** Undefined of nothing. `sorted`: ascending. */
export function quantile (sorted: readonly number[], part: number): number | undefined {
  return sorted.length === 0 ? undefined : quantileSorted([...sorted], part)
}

/** Acknowledged to its sender, or there all the same: a program may end between the two. */
function isSent ({ queuedMs, deliveredMs }: MessageStory): boolean { return queuedMs !== undefined || deliveredMs !== undefined }

/** What its sender could not deliver before it was gone for good is not lost, nor what was for somebody who never came back. */
function isLost ({ deliveredMs, from, to, ticks }: MessageStory, gone: ReadonlySet<string>): boolean {
  if (deliveredMs !== undefined || gone.has(to)) return false
  return !gone.has(from) || ticks.some(({ state }) => state === 'stored')
}

/** The way on which it came last before it was there: what a relay handed into a cut link did not arrive. */
export function isDirect ({ handed, left, to, deliveredMs = 0 }: MessageStory): boolean {
  const last = (moves: ReadonlyArray<{ atMs: number, to: string }>): number =>
    moves.findLast(move => move.to === to && move.atMs <= deliveredMs)?.atMs ?? -1
  return last(left) > last(handed)
}

const pairOf = ({ from, to }: Pick<MessageStory, 'from' | 'to'>): string => `${from} ${to}`

/** A cut ends with the last of its parts: a link that flaps is healed when it has ceased to. */
function healsOf (windows: readonly FaultWindow[], sent: readonly MessageStory[]): Heal[] {
  const cuts = new Map<string, { words: string, atMs: number, sides: Set<string> }>()
  const never = new Set<string>()
  for (const { id, words, untilMs, effect } of windows) {
    if (effect.kind !== 'cut' && effect.kind !== 'stall') continue
    if (untilMs === undefined) never.add(id)
    const cut = cuts.get(id) ?? { words, atMs: 0, sides: new Set<string>() }
    cut.atMs = Math.max(cut.atMs, untilMs ?? 0)
    const names = effect.kind === 'stall' ? effect.sides.flat() : effect.blocks.flatMap(({ from, to }) => [...from, ...to])
    for (const name of names) cut.sides.add(name)
    cuts.set(id, cut)
  }
  return [...cuts].filter(([id]) => !never.has(id)).map(([id, { words, atMs, sides }]) => {
    const waited = sent.filter(({ from, to, invokedMs, deliveredMs }) =>
      invokedMs < atMs && (deliveredMs ?? Infinity) > atMs && (sides.has(from) || sides.has(to)))
    const tookMs = waited.flatMap(({ deliveredMs }) => deliveredMs === undefined ? [] : deliveredMs - atMs)
    return { id, words, atMs, tookMs: tookMs.sort((a, b) => a - b), neverArrived: waited.length - tookMs.length }
  })
}

/**
 * A relay links sender and recipient where it took a deposit on a connection of the sender's own device
 * and handed that very envelope to a connection of the recipient's.
 */
function viewsOf ({ plan }: RunRecord, sent: readonly MessageStory[], talking: number): RelayView[] {
  const relays = plan.nodes.filter(({ kind }) => kind === 'relay').map(({ name }) => name)
  const linked = new Map(relays.map(relay => [relay, new Set<string>()]))
  for (const story of sent) {
    for (const { relay, to } of story.handed) {
      const isDeposited = story.left.some(left => left.to === relay)
      if (to === story.to && isDeposited) linked.get(relay)?.add(pairOf(story))
    }
  }
  return relays.map(relay => {
    const pairs = linked.get(relay)?.size ?? 0
    return { relay, pairs, share: talking === 0 ? 0 : pairs / talking }
  })
}

/** Each sender's messages stand in the order of sending, in every conversation. */
function isFifo ({ lists, messages }: RunAccount): boolean {
  const byNumber = new Map(messages.map(story => [story.message, story]))
  return lists.every(({ messages: listed }) => {
    const last = new Map<string, number>()
    return listed.every(message => {
      const { from = '' } = byNumber.get(message) ?? {}
      const isLater = message > (last.get(from) ?? -1)
      last.set(from, message)
      return isLater
    })
  })
}
