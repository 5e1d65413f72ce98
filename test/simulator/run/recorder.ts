/**
 * Writes the history of one schedule while it runs, and knows what is still owed.
 */
import type { Notification } from '../../../node/core/api.ts'
import type { Entry, Invariant } from '../check/history.ts'
import { messageOf } from '../world/mentions.ts'
import type { Observer } from '../world/observer.ts'
import type { Life } from '../world/timeline.ts'
import type { World } from '../world/world.ts'

/** What is worth telling of a message while the schedule runs. */
interface Owed { from: string, to: string, isAnswered: boolean, isAcknowledged: boolean, isHeld: boolean, isStored: boolean, isKept: boolean, isDelivered: boolean, heldAt: number, id: string | undefined }

/** Failed starts of one program, while nothing is wrong with its machine, that are no accident. */
const failedStartsMax = 5

export class Recorder implements Observer {
  readonly history: Entry[] = []
  readonly #messages: Owed[] = []
  readonly #numberOf = new Map<string, number>()
  /** Machines whose disks were altered behind their programs: they may say anything. */
  readonly suspects = new Set<string>()
  /** Relays on whose disks bits were flipped. */
  readonly damaged = new Set<string>()
  /**
   * Clients that lost their sessions: what was sealed for these they can't open, and let a relay forget. That it is
   * sent again in a new session is what I1 demands.
   */
  readonly forgetful = new Set<string>()
  /** Clients that were set back: what they sealed before others may not open either. */
  readonly #restored = new Set<string>()
  /** Texts that may appear nowhere but in a client. */
  secrets: ((bytes: Uint8Array | string) => boolean) | undefined
  world!: World

  // -- what people do

  invoked (from: string, to: string): number {
    const message = this.#messages.length
    this.#messages.push({ from, to, isAnswered: false, isAcknowledged: false, isHeld: false, isStored: false, isKept: false, isDelivered: false, heldAt: Infinity, id: undefined })
    this.#put({ ...this.#stamp(from), type: 'invoke', f: 'send', value: { message, to } })
    return message
  }

  acknowledged (message: number, id: string): void {
    const one = this.#messages[message]!
    one.isAnswered = one.isAcknowledged = true
    one.id = id
    this.#numberOf.set(id, message)
    this.#put({ ...this.#stamp(one.from), type: 'ok', f: 'send', value: { message, id } })
  }

  refused (message: number, code: string): void {
    this.#messages[message]!.isAnswered = true
    this.#put({ ...this.#stamp(this.#messages[message]!.from), type: 'fail', f: 'send', value: { message, code } })
  }

  unknown (message: number): void {
    this.#messages[message]!.isAnswered = true
    this.#put({ ...this.#stamp(this.#messages[message]!.from), type: 'info', f: 'send', value: { message } })
  }

  /** A client has the disk that it had at `asOfMs`, and knows nothing of what it wrote since. */
  restored (client: string, asOfMs: number): void {
    this.#restored.add(client)
    this.forgetful.add(client)
    for (const one of this.#messages) {
      if (one.from === client && one.heldAt > asOfMs) one.isAcknowledged = one.isHeld = false
    }
    this.#put({ ...this.#stamp(client), type: 'info', f: 'restored', value: { asOf: asOfMs } })
  }

  // -- what is owed

  /** Whether everybody who wrote was told what became of it, or never will be: his program has ended. */
  isAllAnswered (): boolean { return this.#messages.every(one => one.isAnswered) }

  /** Messages that must still arrive, `gone` being who will never come back. */
  outstanding (gone: ReadonlySet<string>): number[] {
    return this.#select(one => !one.isKept && !gone.has(one.to) && (gone.has(one.from) ? one.isStored : one.isAcknowledged || one.isHeld))
  }

  /** Messages whose sender does not know yet that they arrived. */
  unconfirmed (gone: ReadonlySet<string>): number[] {
    return this.#select(one => one.isAcknowledged && !one.isDelivered && !gone.has(one.to) && !gone.has(one.from))
  }

  /** Who waits for word of a message to whom. */
  waitingPairs (gone: ReadonlySet<string>): Array<[from: string, to: string]> {
    const pairs = new Map<string, [string, string]>()
    for (const message of this.unconfirmed(gone)) {
      const { from, to } = this.#messages[message]!
      pairs.set(`${from} ${to}`, [from, to])
    }
    return [...pairs.values()]
  }

  idOf (message: number): string { return this.#messages[message]!.id! }
  senderOf (message: number): string { return this.#messages[message]!.from }
  confirmed (message: number): void { this.#messages[message]!.isDelivered = true }

  numberOf (id: string, text: string): number | undefined {
    const number = messageOf(text)
    if (number !== undefined && !this.#numberOf.has(id)) this.#numberOf.set(id, number)
    return number
  }

  // -- Observer

  life (life: Life, event: 'started' | 'serves' | 'ended', why: string): void {
    this.#put({ ...this.#stamp(life.node), type: 'info', f: 'life', value: { number: life.number, event, why } })
    // What its sender was told of a message was perhaps not synced: it may have to be told again.
    if (event === 'ended' && why.startsWith('powerLost')) for (const one of this.#messages) if (one.from === life.node) one.isDelivered = false
    const machine = this.world.machine(life.node)
    if (event !== 'ended' || why.endsWith('fault')) return
    if (why.includes('INTERNAL')) this.alarm(life.node, 'I12', `${life.node} ended with a bug of its own`)
    // A damaged relay says so and ends, perhaps of a version that a flipped bit made; its operator begins anew.
    const isUnreadable = why.includes('CORRUPT') || (this.damaged.has(life.node) && why.includes('TOO_NEW'))
    if (this.suspects.has(life.node) && isUnreadable) machine.disk.wipe()
    const { faults } = machine.disk
    const isWell = !faults.writesFail && !faults.isFull && !faults.readsFail && !this.suspects.has(life.node)
    if (isWell && why.includes('CORRUPT')) this.alarm(life.node, 'I11', `${life.node} ended with ${why}`)
    if (isWell && machine.failedStarts > failedStartsMax) this.alarm(life.node, 'I11', `${life.node} does not start: ${why}`)
  }

  notified (client: string, notification: Notification): void {
    const stamp = this.#stamp(client)
    if (notification.type === 'message.received') {
      const message = messageOf(notification.text)
      if (message === undefined) this.alarm(client, 'I3', `${client} was shown what nobody wrote`)
      else this.#put({ ...stamp, type: 'info', f: 'shown', value: { message } })
    } else if (notification.type === 'message.state') {
      const { messageId: id, state, storedBy, of } = notification
      const one = this.#messages[this.#numberOf.get(id) ?? -1]
      if (one !== undefined) {
        if (state === 'stored') one.isStored = true
        if (state === 'delivered' || state === 'read') one.isStored = one.isDelivered = true
      }
      if (state !== 'queued') this.#put({ ...stamp, type: 'info', f: 'tick', value: { id, state, storedBy, of } })
    }
  }

  kept (client: string, messages: number[]): void {
    for (const message of messages) {
      const one = this.#messages[message]
      if (one?.to === client) one.isKept = true
      else if (one?.from === client) {
        one.isHeld = true
        one.heldAt = Math.min(one.heldAt, this.world.nowMs)
      }
      this.#put({ ...this.#stamp(client), type: 'info', f: 'kept', value: { message } })
    }
  }

  stored (relay: string, envelope: Uint8Array, isDurable: boolean, isDuplicate: boolean): void {
    if (!isDurable && !isDuplicate && !this.suspects.has(relay)) this.alarm(relay, 'I5', `${relay} said 'stored' of what a power cut would take`)
    if (!isDurable && !isDuplicate) return
    for (const message of this.world.lineage.messagesIn(envelope)) {
      this.#put({ ...this.#stamp(relay), type: 'info', f: 'stored', value: { message } })
    }
  }

  acked (relay: string, envelope: Uint8Array): void {
    // What a damaged disk gave out need not be what was left there, and nobody can open that.
    if (this.damaged.has(relay)) return
    for (const message of this.world.lineage.messagesIn(envelope)) {
      const one = this.#messages[message]
      // What can't be opened is dropped for good, and sealed anew once its sender knows.
      if (one?.isKept !== false || this.forgetful.has(one.to) || this.#restored.has(one.from)) continue
      this.alarm(relay, 'I5', `${relay} was told to forget message ${message} from ${one.from} to ${one.to}, which does not have it`)
    }
  }

  usage (relay: string, usage: { envelopes: number, bytes: number, addresses: number }): void {
    const { limits } = this.world.relays.get(relay)!
    const isOver = usage.envelopes > limits.mailboxEnvelopesMax || usage.bytes > limits.mailboxBytesMax || usage.addresses > limits.addressesPerMailboxMax
    const isNone = usage.envelopes < 0 || usage.bytes < 0
    if ((isOver || isNone) && !this.suspects.has(relay)) this.alarm(relay, 'I8', `${relay} holds ${usage.envelopes} envelopes for one mailbox`)
  }

  strayPage (relay: string, why: 'acked' | 'expired'): void {
    if (!this.suspects.has(relay)) this.alarm(relay, 'I9', `${relay} gave out what was ${why}`)
  }

  logged (node: string, level: string, event: string, fields: Record<string, unknown>): void {
    if (event === 'step-failed') this.alarm(node, 'I12', `${node}: a step failed with ${String(fields['error']).split('\n')[0]}`)
    if (this.secrets?.(JSON.stringify(fields)) === true) this.alarm(node, 'I6', `${node} logs a secret in ${event}`)
    this.world.timeline.trace.event(this.world.nowMs, `${level} ${event}`)
  }

  // -- the rest

  fault (index: number, kind: string): void { this.#put({ ...this.#stamp('world'), type: 'info', f: 'fault', value: { index, kind } }) }
  alarm (process: string, invariant: Invariant, text: string): void {
    this.#put({ ...this.#stamp(process), type: 'info', f: 'alarm', value: { invariant, text } })
  }

  put (process: string, entry: Unstamped): void { this.#put({ ...this.#stamp(process), ...entry }) }

  #stamp (process: string): { time: number, process: string } { return { time: this.world.nowMs, process } }
  #put (entry: Entry): void { this.history.push(entry) }
  #select (isIt: (one: Owed) => boolean): number[] { return this.#messages.flatMap((one, message) => isIt(one) ? [message] : []) }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
export type Unstamped = DistributiveOmit<Entry, 'time' | 'process'>
