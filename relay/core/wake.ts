/**
 * Which streams listen to which mailbox. A deposit wakes them; losing a wake costs time only,
 * since every subscription starts by reading.
 */
import { mapKey } from './map-key.ts'
import type { MailboxId } from './ports.ts'
import type { Subscription } from './subscription.ts'

export class Listeners {
  readonly #byMailbox = new Map<string, Set<Subscription>>()
  readonly #perMailboxMax: number

  constructor (perMailboxMax: number) {
    this.#perMailboxMax = perMailboxMax
  }

  /** Over the limit the oldest stream is closed: it is the one most likely to be dead. */
  add (mailbox: MailboxId, subscription: Subscription): void {
    const key = mapKey(mailbox)
    const listeners = this.#byMailbox.get(key) ?? new Set()
    this.#byMailbox.set(key, listeners)
    listeners.add(subscription)
    if (listeners.size <= this.#perMailboxMax) return
    for (const oldest of listeners) {
      listeners.delete(oldest)
      oldest.end()
      oldest.channel.close()
      return
    }
  }

  remove (mailbox: MailboxId, subscription: Subscription): void {
    const key = mapKey(mailbox)
    const listeners = this.#byMailbox.get(key)
    if (listeners == null) return
    listeners.delete(subscription)
    if (listeners.size === 0) this.#byMailbox.delete(key)
  }

  wake (mailbox: MailboxId): void {
    // Most mailboxes that are deposited to have no reader: don't make their name for nothing.
    if (this.#byMailbox.size === 0) return
    const listeners = this.#byMailbox.get(mapKey(mailbox))
    if (listeners != null) for (const subscription of listeners) subscription.wake()
  }
}
