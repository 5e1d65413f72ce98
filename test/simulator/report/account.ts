/**
 * What a run's history says of each message, gathered once: when it was written, where it went, when it
 * arrived and what its sender was told. What is computed from it is in measures.ts.
 */
import type { FaultWindow } from '../scenario/plan.ts'
import type { RunEntry, RunRecord } from './records.ts'

export interface MessageStory {
  message: number
  from: string
  to: string
  isProbe: boolean
  invokedMs: number
  /** Its sender's program has it durably; undefined: refused, or the program ended before it answered. */
  queuedMs: number | undefined
  refusal: string | undefined
  /** Durable at the recipient. */
  deliveredMs: number | undefined
  /** Each time that the recipient was told of it. */
  shownMs: number[]
  /** Envelopes with it, and for where they left. */
  left: Array<{ atMs: number, to: string }>
  /** Relays that said to have it on disk. */
  stored: Array<{ atMs: number, relay: string }>
  /** Handed to its recipient by a relay. */
  handed: Array<{ atMs: number, relay: string, to: string }>
  /** What the sender saw. */
  ticks: Array<{ atMs: number, state: string, storedBy: number, of: number }>
}

export interface RunAccount {
  messages: MessageStory[]
  /** Clients that never came back. */
  gone: ReadonlySet<string>
  /** Each conversation in the end: of whom, with whom, in order. */
  lists: Array<{ client: string, with: string, messages: number[] }>
  isSettled: boolean
  /** Windows with the times at which they really held. */
  windows: FaultWindow[]
}

export function accountOf ({ plan, history, probes }: Pick<RunRecord, 'plan' | 'history' | 'probes'>): RunAccount {
  const messages = new Map<number, MessageStory>()
  const numberOf = new Map<string, number>()
  const account: RunAccount = { messages: [], gone: new Set(), lists: [], isSettled: false, windows: plan.windows }
  const ticks: Array<{ id: string, tick: MessageStory['ticks'][number] }> = []
  for (const entry of history) note(entry, { messages, numberOf, account, ticks, probes })
  for (const { id, tick } of ticks) messages.get(numberOf.get(id) ?? -1)?.ticks.push(tick)
  account.messages = [...messages.values()]
  return account
}

interface Notes {
  messages: Map<number, MessageStory>
  numberOf: Map<string, number>
  account: RunAccount
  ticks: Array<{ id: string, tick: MessageStory['ticks'][number] }>
  probes: ReadonlySet<number>
}

function note (entry: RunEntry, { messages, numberOf, account, ticks, probes }: Notes): void {
  const { time: atMs, process } = entry
  switch (entry.f) {
    case 'send': {
      const { message } = entry.value
      if (entry.type === 'invoke') {
        messages.set(message, {
          message, from: process, to: entry.value.to, isProbe: probes.has(message), invokedMs: atMs, queuedMs: undefined, refusal: undefined,
          deliveredMs: undefined, shownMs: [], left: [], stored: [], handed: [], ticks: []
        })
      }
      const story = messages.get(message)
      if (story === undefined) return
      if (entry.type === 'ok') {
        story.queuedMs = atMs
        numberOf.set(entry.value.id, message)
      } else if (entry.type === 'fail') story.refusal = entry.value.code
      return
    }
    case 'kept': {
      const story = messages.get(entry.value.message)
      if (story?.to === process) story.deliveredMs ??= atMs
      return
    }
    case 'shown': messages.get(entry.value.message)?.shownMs.push(atMs); return
    case 'left': messages.get(entry.value.message)?.left.push({ atMs, to: entry.value.to }); return
    case 'stored': messages.get(entry.value.message)?.stored.push({ atMs, relay: process }); return
    case 'handed': messages.get(entry.value.message)?.handed.push({ atMs, relay: process, to: entry.value.to }); return
    case 'tick': {
      const { id, state, storedBy, of } = entry.value
      ticks.push({ id, tick: { atMs, state, storedBy, of } })
      return
    }
    case 'list': {
      const listed = entry.value.messages.flatMap(({ message }) => message ?? [])
      for (const { id, message, isOwn } of entry.value.messages) if (isOwn && message !== undefined) numberOf.set(id, message)
      account.lists.push({ client: process, with: entry.value.with, messages: listed })
      return
    }
    case 'heal': account.gone = new Set(entry.value.gone); return
    case 'end': account.isSettled = entry.value.isSettled; return
    case 'life': case 'fault': case 'alarm': case 'attempts': case 'bare': case 'contact': case 'dials': case 'restored': case 'window':
  }
}
