/**
 * The peer as the screens have it: in this tab, or behind another one that has the profile. Calls go where
 * the profile is; when its owner is gone, this tab may become it.
 */
import { RestanteError, UnreachableError, codeOf } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { MethodName, PeerEvent, PeerMethods, PeerStatus } from './api.ts'
import { Ownership } from './ownership.ts'
import type { Owner } from './owner.ts'
import { Tabs } from './tabs.ts'
import type { TabMessage } from './tabs.ts'
import { consoleLog, wantedLogLevel } from './world.ts'

/** An owner that has not even taken a request in for so long is frozen. */
const takenMsMax = 4_000

type Result<M extends MethodName> = Awaited<ReturnType<PeerMethods[M]>>

/** What may be asked once more where it is not known whether it was done. */
const repeatable: ReadonlySet<MethodName> = new Set<MethodName>([
  'status', 'account', 'contacts', 'messages', 'delivery', 'details', 'connections', 'safetyNumber', 'markRead', 'draft', 'setDraft', 'tryRoom', 'wake'
])

interface Pending {
  method: MethodName
  args: unknown[]
  /** The owner has begun with it. */
  isTaken: boolean
  resolve: (result: unknown) => void
  reject: (error: Error) => void
  timer: ReturnType<typeof setTimeout> | undefined
}

const opening: PeerStatus = {
  phase: 'opening', protection: undefined, isDirect: true, stun: undefined, isPersisted: undefined, failure: undefined
}

export class Peer {
  readonly #profile: string
  readonly #id = crypto.getRandomValues(new Uint32Array(2)).join('-')
  readonly #listeners = new Set<(event: PeerEvent) => void>()
  readonly #pending = new Map<number, Pending>()
  readonly #log = consoleLog(wantedLogLevel())
  #tabs: Tabs | undefined
  #ownership: Ownership | undefined
  #owner: Owner | undefined
  #dataKey: Uint8Array | undefined
  #status = opening
  #nextId = 1
  /** Resolves when it is known where the profile is. */
  readonly #placed = Promise.withResolvers<void>()

  constructor (profile: string) { this.#profile = profile }

  get status (): PeerStatus { return this.#status }
  get isOwner (): boolean { return this.#owner !== undefined }

  begin (): void {
    if (!isCapable()) {
      this.#take({ type: 'status', status: { ...opening, phase: 'unsupported' } })
      return
    }
    this.#tabs = new Tabs(this.#profile, message => { this.#hear(message) })
    this.#ownership = new Ownership(this.#profile, {
      onGained: () => {
        this.#own().catch((error: unknown) => {
          this.#log.error('peerNotLoaded', { code: codeOf(error) })
          // Its host has another version by now, and the browser kept too little of this one.
          const failure = { code: 'INTERNAL', message: 'A part of this page could not be loaded.' }
          this.#take({ type: 'status', status: { ...opening, phase: 'failed', failure } })
        })
      },
      onFollowing: () => {
        this.#placed.resolve()
        this.#tabs?.say({ kind: 'hello' })
      },
      // What this tab holds in memory is old, and so is its fence.
      onLost: () => { location.reload() },
      onDenied: () => {
        const failure = { code: 'STORE_FAILED', message: 'The browser does not let this page keep data.' }
        this.#take({ type: 'status', status: { ...opening, phase: 'failed', failure } })
      }
    })
    this.#ownership.begin()
    const wake = (): void => {
      if (document.visibilityState === 'visible') this.call('wake').catch(() => { /* It is awake, or gone. */ })
    }
    document.addEventListener('visibilitychange', wake)
    document.addEventListener('resume', wake)
    addEventListener('online', wake)
    addEventListener('pageshow', wake)
  }

  listen (listener: (event: PeerEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  /** Rejects with a RestanteError; STOPPED where the owner went away meanwhile, and it is not known what it did. */
  async call<M extends MethodName> (method: M, ...args: Parameters<PeerMethods[M]>): Promise<Result<M>> {
    await this.#placed.promise
    const result = this.#owner === undefined
      ? await this.#ask(method, args)
      : await run(this.#owner, method, args)
    if (method === 'deleteEverything') this.#deleted()
    return result as Result<M>
  }

  async #own (): Promise<void> {
    const { Owner } = await import('./owner.ts')
    const owner = new Owner({
      profile: this.#profile,
      log: this.#log,
      dataKey: this.#dataKey,
      tell: event => {
        this.#take(event)
        this.#tabs?.say({ kind: 'event', event })
      }
    })
    await owner.open()
    const isMoved = this.#status.phase !== 'opening'
    this.#owner = owner
    this.#askAgain()
    this.#tabs?.say({ kind: 'owner', status: owner.status, dataKey: owner.dataKey, isNew: true })
    this.#placed.resolve()
    if (isMoved) this.#take({ type: 'moved' })
  }

  async #ask (method: MethodName, args: unknown[]): Promise<unknown> {
    const id = this.#nextId++
    return await new Promise((resolve, reject) => {
      const pending: Pending = { method, args, isTaken: false, resolve, reject, timer: undefined }
      this.#pending.set(id, pending)
      this.#request(id, pending)
    })
  }

  #request (id: number, pending: Pending): void {
    clearTimeout(pending.timer)
    pending.timer = setTimeout(() => {
      this.#log.warn('ownerSilent')
      this.#ownership?.take()
    }, takenMsMax)
    this.#tabs?.say({ kind: 'request', from: this.#id, id, method: pending.method, args: pending.args })
  }

  /**
   * There is a new owner. What the former one never began with it can't do any more, for the fence was raised
   * before this is known; what it began with may have been done, and is left to the person.
   */
  #askAgain (): void {
    for (const [id, pending] of [...this.#pending]) {
      const { method, args, isTaken, resolve, reject } = pending
      if (isTaken && !repeatable.has(method)) {
        this.#forget(id)
        reject(new UnreachableError('STOPPED'))
      } else if (this.#owner === undefined) {
        pending.isTaken = false
        this.#request(id, pending)
      } else {
        this.#forget(id)
        run(this.#owner, method, args).then(resolve, reject)
      }
    }
  }

  #hear (message: TabMessage): void {
    if (message.kind === 'deleted') {
      location.reload()
    } else if (this.#owner !== undefined) {
      if (message.kind === 'hello') {
        this.#tabs?.say({ kind: 'owner', status: this.#owner.status, dataKey: this.#owner.dataKey, isNew: false })
      } else if (message.kind === 'request') {
        void this.#serve(this.#owner, message)
      }
    } else {
      this.#hearOwner(message)
    }
  }

  #hearOwner (message: TabMessage): void {
    if (message.kind === 'event') {
      this.#take(message.event)
      // Unlocked meanwhile: its key is worth having.
      if (message.event.type === 'status' && this.#dataKey === undefined) this.#tabs?.say({ kind: 'hello' })
    } else if (message.kind === 'owner') {
      this.#dataKey = message.dataKey
      this.#take({ type: 'status', status: message.status })
      if (message.isNew) {
        this.#askAgain()
        this.#take({ type: 'moved' })
      }
    } else if ('to' in message && message.to === this.#id) {
      const pending = this.#pending.get(message.id)
      if (pending === undefined) return
      clearTimeout(pending.timer)
      pending.isTaken = true
      if (message.kind === 'taken') return
      this.#forget(message.id)
      if (message.kind === 'answer') pending.resolve(message.result)
      else pending.reject(new RestanteError(message.code as ErrorCode, message.message))
    }
  }

  async #serve (owner: Owner, request: Extract<TabMessage, { kind: 'request' }>): Promise<void> {
    const { from: to, id, method, args } = request
    this.#tabs?.say({ kind: 'taken', to, id })
    try {
      const result = await run(owner, method, args)
      this.#tabs?.say({ kind: 'answer', to, id, result })
      if (method === 'deleteEverything') this.#deleted()
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown'
      this.#tabs?.say({ kind: 'refusal', to, id, code: codeOf(error), message })
    }
  }

  #deleted (): void {
    this.#tabs?.say({ kind: 'deleted' })
    location.reload()
  }

  #forget (id: number): void {
    clearTimeout(this.#pending.get(id)?.timer)
    this.#pending.delete(id)
  }

  #take (event: PeerEvent): void {
    if (event.type === 'status') this.#status = event.status
    for (const listener of this.#listeners) listener(event)
  }
}

async function run (owner: Owner, method: MethodName, args: unknown[]): Promise<unknown> {
  const called = owner.methods[method] as (...all: unknown[]) => Promise<unknown>
  return await called(...args)
}

/** Keys and locks are for pages from a secure place only: https, or this machine itself. */
function isCapable (): boolean {
  const { locks } = navigator as Partial<Navigator>
  const { subtle } = crypto as Partial<Crypto>
  return isSecureContext && locks !== undefined && subtle !== undefined &&
    typeof indexedDB !== 'undefined' && typeof BroadcastChannel !== 'undefined'
}
