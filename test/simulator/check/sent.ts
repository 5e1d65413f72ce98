/**
 * What the history says of each message, gathered once for all checkers.
 */
import type { DeliveryState } from '../../../node/core/api.ts'
import type { Entry, Listed } from './history.ts'

export interface Sent {
  message: number
  from: string
  to: string
  invokedAt: number
  /** Acknowledged to the person who sent it. */
  okAt: number | undefined
  /** Durable with its sender, who may have been killed before he was told. */
  heldAt: number | undefined
  isRefused: boolean
  id: string | undefined
  /** At the recipient. */
  keptAt: number | undefined
  shown: number[]
  ticks: Array<{ state: DeliveryState, at: number, storedBy: number, of: number }>
  /** Relays that said to have it, with when. */
  storedAt: Map<string, number>
  /** How many messages of the recipient's its sender had been shown, and knew of when he wrote. */
  seenBefore: number
  /** Times that its sender had been set back. */
  epoch: number
  attempts: number
}

export interface Account {
  sent: Map<number, Sent>
  listings: Array<{ client: string, with: string, messages: Listed[] }>
  /** Messages that one was shown of another's, in order, and did not forget since: `to epoch from`. */
  shownOf: Map<string, number[]>
  healedAt: number
  gone: Set<string>
  /** Clients that were set back, with when, and to when. */
  restored: Map<string, Restored>
  /** Pairs, `from to`, of which something reached the one that the other wrote after it was set back. */
  reachedSince: Set<string>
}

export interface Restored { at: number, asOf: number }

export const bySender = (to: string, epoch: number, from: string): string => `${to} ${epoch} ${from}`
const epochOf = ({ restored }: Account, client: string): number => restored.has(client) ? 1 : 0

export function accountOf (history: readonly Entry[]): Account {
  const sent = new Map<number, Sent>()
  const idOf = new Map<string, number>()
  const account: Account = { sent, listings: [], shownOf: new Map(), healedAt: Infinity, gone: new Set(), restored: new Map(), reachedSince: new Set() }
  const ticks: Array<{ id: string, state: DeliveryState, at: number, storedBy: number, of: number }> = []
  for (const { time, process, type, f, value } of history as ReadonlyArray<Entry & { value: never }>) {
    note(account, idOf, ticks, { time, process, type, f, value } as Entry)
  }
  for (const { id, ...tick } of ticks) {
    const number = idOf.get(id)
    if (number !== undefined) sent.get(number)?.ticks.push(tick)
  }
  return account
}

function note (
  account: Account, idOf: Map<string, number>, ticks: Array<{ id: string } & Sent['ticks'][number]>, entry: Entry
): void {
  const { sent } = account
  switch (entry.f) {
    case 'send': {
      const { message } = entry.value
      if (entry.type === 'invoke') {
        const { to } = entry.value
        sent.set(message, {
          message, from: entry.process, to, invokedAt: entry.time, okAt: undefined, heldAt: undefined, isRefused: false, id: undefined, keptAt: undefined,
          shown: [], ticks: [], storedAt: new Map(), attempts: 0,
          seenBefore: account.shownOf.get(bySender(entry.process, epochOf(account, entry.process), to))?.length ?? 0,
          epoch: epochOf(account, entry.process)
        })
      } else if (entry.type === 'ok') {
        sent.get(message)!.okAt = entry.time
        sent.get(message)!.id = entry.value.id
        idOf.set(entry.value.id, message)
      } else if (entry.type === 'fail') sent.get(message)!.isRefused = true
      return
    }
    case 'kept': {
      const one = sent.get(entry.value.message)
      if (one?.to === entry.process) {
        one.keptAt ??= entry.time
        const sender = account.restored.get(one.from)
        if (sender !== undefined && one.invokedAt > sender.at) account.reachedSince.add(`${one.from} ${one.to}`)
      }
      if (one?.from === entry.process) one.heldAt ??= entry.time
      return
    }
    case 'shown': {
      const one = sent.get(entry.value.message)
      if (one === undefined) return
      one.shown.push(entry.time)
      const key = bySender(entry.process, epochOf(account, entry.process), one.from)
      const shown = account.shownOf.get(key)
      if (shown === undefined) account.shownOf.set(key, [one.message])
      else shown.push(one.message)
      return
    }
    case 'tick': ticks.push({ ...entry.value, at: entry.time }); return
    case 'stored': {
      const one = sent.get(entry.value.message)
      if (one !== undefined && !one.storedAt.has(entry.process)) one.storedAt.set(entry.process, entry.time)
      return
    }
    case 'attempts': {
      const one = sent.get(entry.value.message)
      if (one !== undefined) one.attempts = entry.value.count
      return
    }
    case 'list': {
      account.listings.push({ client: entry.process, ...entry.value })
      for (const { id, message, isOwn } of entry.value.messages) if (isOwn && message !== undefined) idOf.set(id, message)
      return
    }
    case 'restored':
      account.restored.set(entry.process, { at: entry.time, asOf: entry.value.asOf })
      return
    case 'heal':
      account.healedAt = entry.time
      account.gone = new Set(entry.value.gone)
      return
    case 'life': case 'fault': case 'end': case 'alarm': case 'dials': case 'bare': case 'contact':
  }
}

/**
 * Whether its sender lived to the end, or the first tick was shown before he was gone. What a client lost with its
 * disk nobody owes it, nor what it wrote since then and forgot; what others sent it and it never had they still do.
 */
export function isOwed (one: Sent, account: Account): boolean {
  const { gone } = account
  if (gone.has(one.to) || one.isRefused || isLostByRestore(one, account)) return false
  if (!gone.has(one.from)) return one.okAt !== undefined || one.heldAt !== undefined
  return one.ticks.some(({ state }) => state === 'stored' || state === 'delivered' || state === 'read')
}

function isLostByRestore (one: Sent, { gone, restored, reachedSince }: Account): boolean {
  const recipient = restored.get(one.to)
  if (recipient !== undefined && one.invokedAt <= recipient.at) {
    if (one.keptAt !== undefined && one.keptAt > recipient.asOf && one.keptAt <= recipient.at) return true
    // Only its sender could seal it in another session.
    if (gone.has(one.from) && !(one.keptAt !== undefined && one.keptAt <= recipient.asOf)) return true
  }
  const sender = restored.get(one.from)
  // What it sealed with keys that were used before nobody opens; it would seal it anew once it heard so, and never did.
  if (sender !== undefined && one.invokedAt > sender.at && gone.has(one.from) && !reachedSince.has(`${one.from} ${one.to}`)) return true
  return sender !== undefined && one.invokedAt <= sender.at && !(one.heldAt !== undefined && one.heldAt <= sender.asOf) && one.keptAt === undefined
}
