/**
 * One owner's stream reading one mailbox: pages are pushed as long as there is credit, and again
 * when something is deposited. Spec 03 §Subscribe.
 *
 * It deletes nothing and remembers nothing beyond the stream: the cursor is the client's.
 */
import { compare } from '../../protocol/bytes.ts'
import type { Channel } from '../../protocol/channel.ts'
import { envelopeBytesMax, pushBytesMax } from '../../protocol/limits.ts'
import { next, subscriptionMachine } from './machines.ts'
import type { SubscriptionState } from './machines.ts'
import type { MailboxId, MailboxStore } from './ports.ts'

/** Envelopes that one push holds at most. */
const pushEnvelopesMax = 512

export interface SubscriptionOptions {
  mailbox: MailboxId
  channel: Channel
  store: MailboxStore
  /** Where the client's own record ends; undefined: from the start. */
  after: Uint8Array | undefined
  /** Bytes that may be pushed and not yet acked. */
  creditBytes: number
  onFailure: (error: unknown) => void
}

export class Subscription {
  readonly #options: SubscriptionOptions
  readonly #creditBytes: number
  #state: SubscriptionState = subscriptionMachine.initial
  #cursor: Uint8Array | undefined
  // Pushed and not acked, in order; acked ones are cut off from time to time.
  #unacked: Array<{ cursor: Uint8Array, bytes: number }> = []
  #unackedFirst = 0
  #unackedBytes = 0
  #woken = false
  #isDrainTold = false

  constructor (options: SubscriptionOptions) {
    this.#options = options
    this.#cursor = options.after
    // An envelope of any size must fit, or nothing would ever come again.
    this.#creditBytes = Math.max(options.creditBytes, envelopeBytesMax)
  }

  get channel (): Channel {
    return this.#options.channel
  }

  /** Something may be there to push. Cheap, and wakes of one tick are one. */
  wake (): void {
    this.#woken = true
    if (this.#state !== 'idle') return
    this.#state = next(subscriptionMachine, this.#state, 'woken')
    this.#push().catch((error: unknown) => {
      this.end()
      this.#options.onFailure(error)
    })
  }

  /** Whether `through` was pushed here, or lies before the start. */
  covers (through: Uint8Array): boolean {
    return this.#cursor != null && compare(through, this.#cursor) <= 0
  }

  /** Gives back the credit of everything up to and including `through`. */
  acked (through: Uint8Array): void {
    let entry
    while ((entry = this.#unacked[this.#unackedFirst]) != null && compare(entry.cursor, through) <= 0) {
      this.#unackedBytes -= entry.bytes
      this.#unackedFirst++
    }
    if (this.#unackedFirst > 1024) {
      this.#unacked = this.#unacked.slice(this.#unackedFirst)
      this.#unackedFirst = 0
    }
    if (this.#state === 'starved' && this.#hasCredit) {
      this.#state = next(subscriptionMachine, this.#state, 'acked')
      this.wake()
    }
  }

  end (): void {
    this.#state = next(subscriptionMachine, this.#state, 'unsubscribed')
    this.#unacked = []
  }

  get #hasCredit (): boolean {
    return this.#unackedBytes === 0 || this.#creditBytes - this.#unackedBytes >= envelopeBytesMax
  }

  async #push (): Promise<void> {
    const { mailbox, channel, store } = this.#options
    while (this.#isPushing) {
      if (!this.#hasCredit) {
        this.#state = next(subscriptionMachine, this.#state, 'creditSpent')
        return
      }
      this.#woken = false
      const bytesMax = Math.min(pushBytesMax, this.#creditBytes - this.#unackedBytes)
      const page = await store.page(mailbox, {
        after: this.#cursor, envelopesMax: pushEnvelopesMax, bytesMax
      })
      if (!this.#isPushing) return
      for (const { cursor, envelope } of page.envelopes) {
        this.#unacked.push({ cursor, bytes: envelope.byteLength })
        this.#unackedBytes += envelope.byteLength
        this.#cursor = cursor
      }
      const isNews = page.envelopes.length > 0 || page.refusedSome || (page.drained && !this.#isDrainTold)
      this.#isDrainTold = page.drained
      if (isNews && !channel.push({ ...page, mailbox })) await channel.whenDrained()
      // What came while the page was read was not in it, or was: a second look is cheap.
      if (page.drained && !this.#woken) {
        if (this.#isPushing) this.#state = next(subscriptionMachine, this.#state, 'drained')
        return
      }
    }
  }

  get #isPushing (): boolean {
    return this.#state === 'pushing' && this.#options.channel.isOpen
  }
}
