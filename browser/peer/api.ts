/**
 * What the screens see of the peer, whichever tab it runs in: the engine's facade with every answer
 * awaited, and a few things that only a browser has.
 */
import type { MessengerApi, Notification } from '../../node/core/api.ts'
import type { Protection } from './protection.ts'

type EngineMethods = Omit<MessengerApi, 'start' | 'stop' | 'listen' | 'wake' | 'createAccount' | 'resolveContact'>

type Awaitable<F> = F extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never

/**
 * opening: not known yet · unsupported: this browser, or a page that is not served securely, has no way to
 * keep keys · welcome: no account yet · locked: a passphrase is needed · running · full: the browser has no room
 * left, what is there can be read, and it goes on by itself once there is room · failed: the store failed, and
 * nothing more is accepted.
 */
export type Phase = 'opening' | 'unsupported' | 'welcome' | 'locked' | 'running' | 'full' | 'failed'

export interface PeerStatus {
  phase: Phase
  protection: Protection | undefined
  /** False: by relays only. */
  isDirect: boolean
  /** The STUN server that straight connections ask for this browser's address, as `stun:host:port`. Undefined: none. */
  stun: string | undefined
  /** Whether the browser promised to keep the profile when it tidies up. Undefined: not asked yet. */
  isPersisted: boolean | undefined
  failure: { code: string, message: string } | undefined
}

export interface CreateOptions {
  name: string
  /** Multiaddrs ending in /p2p/…, of up to three relays. */
  relays: string[]
  /** Undefined: the browser keeps the key. */
  passphrase: string | undefined
}

interface TabMethods {
  status: () => Promise<PeerStatus>
  create: (options: CreateOptions) => Promise<void>
  unlock: (passphrase: string) => Promise<void>
  /** From one passphrase, or none, to another, or none. */
  protect: (options: { from: string | undefined, to: string | undefined }) => Promise<void>
  /** Ends what is under way and starts the network anew. */
  setDirect: (isDirect: boolean) => Promise<void>
  /** Likewise. Rejects with USAGE where it names no STUN server. */
  setStun: (stun: string | undefined) => Promise<void>
  /** What was written and not sent; empty: nothing. */
  draft: (contactId: string) => Promise<string>
  setDraft: (contactId: string, text: string) => Promise<void>
  /** Looks whether there is room again, and goes on if there is. */
  tryRoom: () => Promise<boolean>
  /** The page is seen again, or the network is back. */
  wake: () => Promise<void>
  /** The profile, all of it. Every tab starts anew. */
  deleteEverything: () => Promise<void>
}

export type PeerMethods = { [M in keyof EngineMethods]: Awaitable<EngineMethods[M]> } & TabMethods
export type MethodName = keyof PeerMethods

export type PeerEvent =
  | Notification
  | { type: 'status', status: PeerStatus }
  /** Something was changed by a call, perhaps in another tab: contacts, or what is read. */
  | { type: 'changed' }
  /** Another tab has the profile now: what was asked of the former one may have been lost. */
  | { type: 'moved' }
