/** Tells listeners what happened, after it is durable. */
import type { Log } from '../../protocol/ports.ts'
import type { Notification } from './api.ts'

export class Notices {
  readonly #listeners = new Set<(notification: Notification) => void>()
  readonly #log: Log

  constructor (log: Log) { this.#log = log }

  get hasListeners (): boolean { return this.#listeners.size > 0 }

  listen (listener: (notification: Notification) => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  tell (notification: Notification): void {
    for (const listener of this.#listeners) {
      try {
        listener(notification)
      } catch (error) {
        this.#log.error('listener-failed', { error: error instanceof Error ? error.message : 'unknown' })
      }
    }
  }
}
