/**
 * What tabs of one profile say to each other over a BroadcastChannel: followers ask, the owner answers and
 * tells what happens. Every context of this origin hears it, so it carries nothing that a script of this
 * page could not have by asking.
 */
import type { MethodName, PeerEvent, PeerStatus } from './api.ts'

export type TabMessage =
  /** A follower is there, and wants to know how things are. */
  | { kind: 'hello' }
  /** The answer, and what a new owner says by itself. `dataKey`: for whoever has to take over. */
  | { kind: 'owner', status: PeerStatus, dataKey: Uint8Array | undefined, isNew: boolean }
  | { kind: 'request', from: string, id: number, method: MethodName, args: unknown[] }
  /** It arrived; the answer may take longer. */
  | { kind: 'taken', to: string, id: number }
  | { kind: 'answer', to: string, id: number, result: unknown }
  | { kind: 'refusal', to: string, id: number, code: string, message: string }
  | { kind: 'event', event: PeerEvent }
  /** The profile is gone: start anew. */
  | { kind: 'deleted' }

export class Tabs {
  readonly #channel: BroadcastChannel

  constructor (profile: string, listener: (message: TabMessage) => void) {
    this.#channel = new BroadcastChannel(`restante-${profile}`)
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => { listener(data) }
  }

  say (message: TabMessage): void { this.#channel.postMessage(message) }

  close (): void { this.#channel.close() }
}
