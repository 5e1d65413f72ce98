/**
 * What the world tells whoever watches it. Nothing here changes what happens; every call comes at
 * the moment at which it is true.
 */
import type { Notification } from '../../../node/core/api.ts'
import type { Life } from './timeline.ts'

export interface Observer {
  /** A program began, serves now, or has ended. */
  life: (life: Life, event: 'started' | 'serves' | 'ended', why: string) => void
  /** A client heard something of its own engine. */
  notified: (client: string, notification: Notification) => void
  /** A client wrote messages into its history, and a power cut does not take them any more. */
  kept: (client: string, messages: number[]) => void
  /** A relay answered a deposit with success; `isDurable`: a power cut would not take the envelope. */
  stored: (relay: string, envelope: Uint8Array, isDurable: boolean, isDuplicate: boolean) => void
  /** A relay was told by a mailbox's owner that it may forget an envelope. */
  acked: (relay: string, envelope: Uint8Array) => void
  /** What a relay holds for one mailbox, just after a deposit. */
  usage: (relay: string, usage: { envelopes: number, bytes: number, addresses: number }) => void
  /** A relay gave out what it should not. */
  strayPage: (relay: string, why: 'acked' | 'expired') => void
  /** A line of a log. */
  logged: (node: string, level: string, event: string, fields: Record<string, unknown>) => void
}
