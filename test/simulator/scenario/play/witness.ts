/**
 * Watches a world while a plan is played: the history for the checkers, and beside it what a report
 * shows (what left for where, what a relay handed out, which faults hold) and the counts of metrics.
 */
import type { Notification } from '../../../../node/core/api.ts'
import { Frame } from '../../../../protocol/wire/restante.js'
import type { Entry } from '../../check/history.ts'
import { messageOf } from '../../world/mentions.ts'
import { Recorder } from '../../run/recorder.ts'
import type { World } from '../../world/world.ts'
import type { ExtraEntry, Sample } from '../../report/records.ts'
import type { FaultWindow } from '../plan.ts'

/** Smaller frames carry no envelope. */
const envelopeFrameBytesMin = 1000

type Put = Extract<ExtraEntry, { f: string }>['value']

export class Witness extends Recorder {
  readonly samples: Sample[] = []
  /** Messages that only ask whether a gap is left; they count nowhere. */
  readonly probes = new Set<number>()
  readonly #shown = new Map<number, number>()
  readonly #kept = new Set<number>()
  readonly #read = new Set<string>()
  readonly #storedTicks = new Set<string>()
  readonly #toOf: string[] = []
  readonly #idOf = new Map<string, number>()
  readonly #relayBytes = new Map<string, { bytes: number, envelopes: number }>()
  #sent = 0
  #duplicates = 0
  #wireBytes = 0
  #dials = 0
  #active = 0

  /** Before the world begins. */
  watch (world: World): void {
    this.world = world
    world.fabric.onSent = (from, to, bytes) => { this.#passed(from, to, bytes) }
    world.fabric.onDial = () => { this.#dials++ }
  }

  override invoked (from: string, to: string): number {
    const message = super.invoked(from, to)
    this.#toOf[message] = to
    return message
  }

  override acknowledged (message: number, id: string): void {
    super.acknowledged(message, id)
    this.#idOf.set(id, message)
    if (!this.probes.has(message)) this.#sent++
  }

  override notified (client: string, notification: Notification): void {
    super.notified(client, notification)
    if (notification.type === 'message.received') {
      const message = messageOf(notification.text)
      if (message === undefined || this.probes.has(message)) return
      const times = (this.#shown.get(message) ?? 0) + 1
      this.#shown.set(message, times)
      if (times > 1) this.#duplicates++
    } else if (notification.type === 'message.state' && !this.probes.has(this.#idOf.get(notification.messageId) ?? -1)) {
      if (notification.state === 'read') this.#read.add(notification.messageId)
      if (['stored', 'delivered', 'read'].includes(notification.state)) this.#storedTicks.add(notification.messageId)
    }
  }

  override kept (client: string, messages: number[]): void {
    super.kept(client, messages)
    for (const message of messages) if (this.#toOf[message] === client && !this.probes.has(message)) this.#kept.add(message)
  }

  window (window: FaultWindow, event: 'begins' | 'ends'): void {
    const { effect } = window
    if (effect.kind === 'cut' || effect.kind === 'stall') this.#active += event === 'begins' ? 1 : -1
    this.#extra('world', 'window', { id: window.id, words: window.words, kind: effect.kind, event })
  }

  /** Resolves within the event in which it was asked for: reads wait for nothing. */
  async sample (): Promise<void> {
    const { nowMs } = this.world
    await Promise.all([...this.world.relays.values()].map(async ({ name, machine, store }) => {
      if (machine.life === undefined || store === undefined) return
      try {
        const { bytes, envelopes } = await store.stats()
        this.#relayBytes.set(name, { bytes, envelopes })
      } catch {
        // Its disk failed, or it has just ended: what it had it has.
      }
    }))
    const relays = [...this.#relayBytes.values()]
    this.samples.push({
      timeMs: nowMs,
      sent: this.#sent,
      stored: this.#storedTicks.size,
      delivered: this.#kept.size,
      read: this.#read.size,
      pending: this.#sent - this.#kept.size,
      relayBytes: relays.reduce((sum, { bytes }) => sum + bytes, 0),
      relayBytesMax: Math.max(0, ...relays.map(({ bytes }) => bytes)),
      relayEnvelopes: relays.reduce((sum, { envelopes }) => sum + envelopes, 0),
      duplicates: this.#duplicates,
      partitions: this.#active,
      wireBytes: this.#wireBytes,
      dials: this.#dials
    })
  }

  #passed (from: string, to: string, bytes: Uint8Array): void {
    this.#wireBytes += bytes.length
    if (bytes.length < envelopeFrameBytesMin) return
    for (const body of framesIn(bytes)) {
      if (body.length < envelopeFrameBytesMin) continue
      const { deposit, push } = Frame.decode(body)
      if (deposit !== undefined) this.#moved('left', from, to, deposit.envelope)
      for (const { envelope } of push?.envelopes ?? []) this.#moved('handed', from, to, envelope)
    }
  }

  #moved (f: 'left' | 'handed', from: string, to: string, envelope: Uint8Array): void {
    for (const message of this.world.lineage.messagesIn(envelope)) this.#extra(from, f, { message, to })
  }

  #extra (process: string, f: ExtraEntry['f'], value: Put): void {
    // The checkers' history with lines that they pass over.
    this.put(process, { type: 'info', f, value } as unknown as Parameters<Recorder['put']>[1])
  }

  get entries (): readonly Array<Entry | ExtraEntry>[number][] { return this.history }
}

/** Frames of one write: a varint with the length, then so many bytes. What is sent is whole frames. */
function * framesIn (bytes: Uint8Array): Generator<Uint8Array> {
  let at = 0
  while (at < bytes.length) {
    let length = 0
    let shift = 0
    let byte: number
    do {
      byte = bytes[at++] ?? 0
      length |= (byte & 0x7f) << shift
      shift += 7
    } while (byte >= 0x80)
    yield bytes.subarray(at, at + length)
    at += length
  }
}
