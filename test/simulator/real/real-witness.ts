/**
 * The history of a scenario that real programs play, from what their interface tells: what people asked for
 * and were told, which faults held. The same entries as in the simulated world, so that the same checkers
 * judge them; what only a look inside would show (a relay's disk, each envelope) is not in it.
 */
import type { CallResult, RpcNotification } from '../../../node/host/rpc/methods.ts'
import { check } from '../check/checkers.ts'
import type { Entry, Invariant, Violation } from '../check/history.ts'
import type { RunEntry, Sample } from '../report/records.ts'
import type { FaultWindow, Plan } from '../scenario/plan.ts'
import { mentionsIn, messageOf } from '../world/mentions.ts'

type Message = CallResult<'message.list'>['messages'][number]
type MessageState = Extract<RpcNotification, { method: 'message.state' }>['params']
type MessageReceived = Extract<RpcNotification, { method: 'message.received' }>['params']
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type Unstamped = DistributiveOmit<RunEntry, 'time' | 'process'>

interface Story {
  from: string
  to: string
  invokedMs: number
  id: string | undefined
  isHeld: boolean
  isStored: boolean
  isDelivered: boolean
  isRead: boolean
  keptMs: number | undefined
  shown: number
  way: MessageState['way']
}

/** Violations that only say that something did not arrive: not owed where something stays cut for ever. */
const arrivals = new Set<Invariant>(['I1', 'I2', 'I13'])

export class RealWitness {
  readonly samples: Sample[] = []
  /** Messages that only ask whether a gap is left; they count nowhere. */
  readonly probes = new Set<number>()
  dials = 0
  readonly #entries: RunEntry[] = []
  readonly #stories: Story[] = []
  readonly #numberOf = new Map<string, number>()
  /** What was told of a message before the answer to its sending came. */
  readonly #early = new Map<string, MessageState>()
  #beganAt = Date.now()
  #active = 0
  #dialsOf = new Map<string, number>()

  /** From here on time counts. */
  begin (): void {
    this.#beganAt = Date.now()
    this.#entries.length = 0
    this.dials = 0
    this.#dialsOf.clear()
  }

  get nowMs (): number { return Date.now() - this.#beganAt }

  // -- what people do

  invoked (from: string, to: string, isProbe: boolean): number {
    const message = this.#stories.length
    this.#stories.push({
      from, to, invokedMs: this.nowMs, id: undefined, isHeld: false, isStored: false, isDelivered: false, isRead: false, keptMs: undefined, shown: 0, way: null
    })
    if (isProbe) this.probes.add(message)
    this.put(from, { type: 'invoke', f: 'send', value: { message, to } })
    return message
  }

  acknowledged (message: number, id: string): void {
    const story = this.#stories[message]!
    Object.assign(story, { id, isHeld: true })
    this.#numberOf.set(id, message)
    const early = this.#early.get(id)
    if (early !== undefined) note(story, early.state, early.way)
    this.#early.delete(id)
    this.put(story.from, { type: 'ok', f: 'send', value: { message, id } })
  }

  refused (message: number, code: string): void { this.put(this.#stories[message]!.from, { type: 'fail', f: 'send', value: { message, code } }) }
  unknown (message: number): void { this.put(this.#stories[message]!.from, { type: 'info', f: 'send', value: { message } }) }

  // -- what their programs tell

  /** The number of the message, where it is one of a plan. */
  received (client: string, { text, receivedAt }: Pick<MessageReceived, 'text' | 'receivedAt'>): number | undefined {
    const message = messageOf(text)
    const story = this.#stories[message ?? -1]
    if (message === undefined || story === undefined) {
      this.alarm(client, 'I3', `${client} was shown what nobody wrote`)
      return undefined
    }
    this.#kept(client, message, receivedAt)
    story.shown++
    this.put(client, { type: 'info', f: 'shown', value: { message } })
    return message
  }

  ticked (client: string, tick: MessageState): void {
    const { messageId: id, state, storedBy, of, way } = tick
    const story = this.#stories[this.#numberOf.get(id) ?? -1]
    if (story === undefined) this.#early.set(id, tick)
    else note(story, state, way)
    if (state !== 'queued') this.put(client, { type: 'info', f: 'tick', value: { id, state, storedBy, of } })
  }

  /** A conversation as a program that was away has it: what came or was kept while nobody heard of it. */
  found (client: string, messages: readonly Message[]): void {
    for (const { messageId, text, own, receivedAt, delivery } of messages) {
      const message = messageOf(text)
      const story = this.#stories[message ?? -1]
      if (message === undefined || story === undefined) continue
      if (!own) this.#kept(client, message, receivedAt)
      else {
        this.#numberOf.set(messageId, message)
        if (!story.isHeld) this.put(client, { type: 'info', f: 'kept', value: { message } })
        story.isHeld = true
        if (delivery !== null) note(story, delivery.state, delivery.way)
      }
    }
  }

  listed (client: string, other: string, messages: readonly Message[]): void {
    this.found(client, messages)
    this.put(client, {
      type: 'ok', f: 'list', value: {
        with: other,
        messages: messages.map(({ messageId: id, text, own: isOwn, missingBefore, delivery }) => ({
          message: messageOf(text), id, isOwn, missingBefore, state: delivery?.state
        }))
      }
    })
  }

  life (name: string, number: number, event: 'started' | 'serves' | 'ended', why: string): void {
    this.put(name, { type: 'info', f: 'life', value: { number, event, why } })
  }

  window ({ id, words, effect: { kind } }: FaultWindow, event: 'begins' | 'ends'): void {
    if (kind === 'cut' || kind === 'stall') this.#active += event === 'begins' ? 1 : -1
    this.put('world', { type: 'info', f: 'window', value: { id, words, kind, event } })
  }

  dialled (from: string, to: string): void {
    this.dials++
    const key = `${from} ${to}`
    const count = (this.#dialsOf.get(key) ?? 0) + 1
    this.#dialsOf.set(key, count)
    if (count === 1) {
      setTimeout(() => {
        const count = this.#dialsOf.get(key) ?? 0
        if (count > 1) this.put(from, { type: 'info', f: 'dials', value: { to, count } })
        this.#dialsOf.delete(key)
      }, 1_000).unref()
    }
  }

  /** Of a wire, a disk or a log: texts of messages may be on none of them. */
  outside (place: string, bytes: Uint8Array): void {
    for (const message of new Set(mentionsIn(bytes))) this.alarm('world', 'I6', `message ${message} can be read on ${place}`)
  }

  alarm (process: string, invariant: Invariant, text: string): void { this.put(process, { type: 'info', f: 'alarm', value: { invariant, text } }) }

  put (process: string, entry: Unstamped): void { this.#putAt(this.nowMs, process, entry) }

  // -- what is owed

  outstanding (gone: ReadonlySet<string>): number {
    return this.#stories.filter(({ keptMs, from, to, isHeld, isStored }) => keptMs === undefined && !gone.has(to) && (gone.has(from) ? isStored : isHeld)).length
  }

  /** Whose sender does not know yet that they arrived: pairs of sender and recipient. */
  unconfirmed (gone: ReadonlySet<string>): Array<[from: string, to: string]> {
    const pairs = new Map<string, [string, string]>()
    for (const { from, to, isHeld, isDelivered } of this.#stories) {
      if (isHeld && !isDelivered && !gone.has(to) && !gone.has(from)) pairs.set(`${from} ${to}`, [from, to])
    }
    return [...pairs.values()]
  }

  // -- what is made of it

  sample (wireBytes: number): void {
    const counted = this.#stories.filter((_, message) => !this.probes.has(message))
    const count = (isIt: (story: Story) => boolean): number => counted.filter(isIt).length
    const [sent, delivered] = [count(({ isHeld }) => isHeld), count(({ keptMs }) => keptMs !== undefined)]
    this.samples.push({
      timeMs: this.nowMs, sent, stored: count(({ isStored }) => isStored), delivered, read: count(({ isRead }) => isRead), pending: Math.max(0, sent - delivered),
      relayBytes: 0, relayBytesMax: 0, relayEnvelopes: 0,
      duplicates: counted.reduce((sum, { shown }) => sum + Math.max(0, shown - 1), 0), partitions: this.#active, wireBytes, dials: this.dials
    })
  }

  /** In order of time: a program tells when a message came, which is before it tells of it. */
  history (): RunEntry[] {
    // A straight envelope left before it was there; nobody saw when.
    for (const [message, { from, to, way, keptMs }] of this.#stories.entries()) {
      if (way === 'direct' && keptMs !== undefined) this.#putAt(keptMs, from, { type: 'info', f: 'left', value: { message, to } })
    }
    return this.#entries.toSorted((a, b) => a.time - b.time)
  }

  #kept (client: string, message: number, receivedAt: number): void {
    const story = this.#stories[message]!
    if (story.to !== client || story.keptMs !== undefined) return
    // The same clock for all, which may be set while we run: nothing comes before it was written.
    story.keptMs = Math.min(this.nowMs, Math.max(story.invokedMs, receivedAt - this.#beganAt))
    this.#putAt(story.keptMs, client, { type: 'info', f: 'kept', value: { message } })
  }

  #putAt (time: number, process: string, entry: Unstamped): void { this.#entries.push({ time, process, ...entry }) }
}

function note (story: Story, state: MessageState['state'], way: MessageState['way']): void {
  if (state === 'stored' || state === 'delivered' || state === 'read') story.isStored = true
  if (state === 'delivered' || state === 'read') story.isDelivered = true
  if (state === 'read') story.isRead = true
  story.way = way ?? story.way
}

/**
 * By the checkers of the simulated world. That so many relays have an envelope on disk as a tick 'stored' says
 * is out of their sight here: only what the tick promises for later is judged.
 */
export function violationsOf (plan: Plan, history: readonly RunEntry[]): Violation[] {
  const entries = history as readonly Entry[]
  const withoutStored = entries.filter(entry => !(entry.f === 'tick' && entry.value.state === 'stored'))
  const isCutForever = plan.windows.some(({ untilMs, effect: { kind } }) => untilMs === undefined && (kind === 'cut' || kind === 'stall' || kind === 'pause'))
  return [...check(entries).filter(({ invariant }) => invariant !== 'I5'), ...check(withoutStored).filter(({ invariant }) => invariant === 'I5')]
    .filter(({ invariant }) => !isCutForever || !arrivals.has(invariant))
}
