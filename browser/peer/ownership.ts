/**
 * Which tab has the profile: one at a time, by a Web Lock, so that a tab that crashes or closes gives it
 * up by that alone. The next tab in the queue then has it.
 *
 * A tab may also be frozen with the lock in its hands. Then another one takes it (`take`), and the fence
 * of database.ts sees to it that the frozen one writes nothing when it wakes.
 */

export interface OwnershipHandlers {
  /** This tab has the profile now. */
  onGained: () => void
  /** Another tab has it; asked once, at the beginning. */
  onFollowing: () => void
  /** It was taken from this tab. */
  onLost: () => void
  /** The person lets no page keep anything: there are no locks either. */
  onDenied: () => void
}

export class Ownership {
  readonly #name: string
  readonly #handlers: OwnershipHandlers
  #queued: AbortController | undefined
  #release: (() => void) | undefined
  #isTaking = false

  constructor (profile: string, handlers: OwnershipHandlers) {
    this.#name = `restante-${profile}`
    this.#handlers = handlers
  }

  get isOwner (): boolean { return this.#release !== undefined }

  begin (): void {
    let isFree = false
    const asked = navigator.locks.request(this.#name, { ifAvailable: true }, async lock => {
      if (lock === null) return
      isFree = true
      await this.#hold()
    })
    asked.then(() => {
      if (isFree) return
      this.#handlers.onFollowing()
      this.#queue()
    }, this.#stolen)
  }

  /** Takes the profile from an owner that does not answer. */
  take (): void {
    if (this.isOwner || this.#isTaking) return
    this.#isTaking = true
    this.#queued?.abort()
    navigator.locks.request(this.#name, { steal: true }, async () => { await this.#hold() })
      .catch(this.#stolen)
  }

  release (): void {
    this.#queued?.abort()
    this.#release?.()
  }

  #queue (): void {
    const queued = new AbortController()
    this.#queued = queued
    navigator.locks.request(this.#name, { signal: queued.signal }, async () => { await this.#hold() })
      .catch((error: unknown) => { if (!queued.signal.aborted) this.#stolen(error) })
  }

  async #hold (): Promise<void> {
    this.#isTaking = false
    await new Promise<void>(resolve => {
      this.#release = resolve
      this.#handlers.onGained()
    })
    this.#release = undefined
  }

  readonly #stolen = (error: unknown): void => {
    if (!(error instanceof DOMException)) throw error
    this.#release = undefined
    if (error.name === 'AbortError') this.#handlers.onLost()
    else this.#handlers.onDenied()
  }
}
