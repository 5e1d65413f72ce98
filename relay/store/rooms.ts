/**
 * What both mailbox stores decide alike: cursors, names in maps, and who still finds room.
 * Not here: where anything is kept. Semantics: relay/core/ports.ts (MailboxStore).
 */
import { compare, equal } from '../../protocol/bytes.ts'
import { descriptorsPerSlotMax } from '../../protocol/limits.ts'
import type { MailboxLimits } from '../core/ports.ts'
import { readU48, writeU48 } from './u48.ts'

const cursorBytes = 8

/** A cursor is the envelope's place in its own mailbox, so that it tells nothing of any other's traffic. */
export function encodeCursor (index: number): Uint8Array {
  const cursor = new Uint8Array(cursorBytes)
  writeU48(cursor, cursorBytes - 6, index)
  return cursor
}

/** Undefined for what is no cursor of ours: it is as good as none, and stands for no envelope. */
export function decodeCursor (cursor: Uint8Array | undefined): number | undefined {
  if (cursor === undefined || cursor.length !== cursorBytes) return undefined
  return cursor[0] === 0 && cursor[1] === 0 ? readU48(cursor, cursorBytes - 6) : undefined
}

/** Bytes as a string that a Map can find again: one character a byte. */
export function nameOf (bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}

/** What a mailbox holds that is not acked. */
export interface Holding { envelopes: number, bytes: number }

/** Whether `envelopeBytes` more find room, and if not, who is full. */
export function refusalOf (
  limits: MailboxLimits, envelopeBytes: number,
  address: { waiting: number, envelopesMax: number }, mailbox: Holding, all: { bytes: number }
): 'QUOTA' | 'FULL' | undefined {
  if (address.waiting >= address.envelopesMax) return 'QUOTA'
  if (mailbox.envelopes >= limits.mailboxEnvelopesMax) return 'QUOTA'
  if (mailbox.bytes + envelopeBytes > limits.mailboxBytesMax) return 'QUOTA'
  return all.bytes + envelopeBytes > limits.totalBytesMax ? 'FULL' : undefined
}

/** One record of a slot. */
export interface SlotRecord {
  blindedKey: Uint8Array
  sequence: number
  expiresAt: number
  bytes: Uint8Array
}

/**
 * Descriptors come from anybody: without a bound of their own they could take the room of the
 * envelopes. They have this part of it.
 */
const descriptorShare = 1 / 8

/** The slot's records after `record` was put, expired ones left out; or why it is refused. */
export function putIntoSlot (
  slot: readonly SlotRecord[], record: SlotRecord, now: number, limits: MailboxLimits,
  descriptorBytes: number
): SlotRecord[] | 'STALE' | 'FULL' {
  const kept = slot.filter(other => other.expiresAt > now)
  const at = kept.findIndex(other => equal(other.blindedKey, record.blindedKey))
  const known = kept[at]
  if (known !== undefined) {
    if (known.sequence > record.sequence) return 'STALE'
    if (known.sequence === record.sequence && compare(known.bytes, record.bytes) !== 0) return 'STALE'
  } else if (kept.length >= descriptorsPerSlotMax) {
    return 'FULL'
  }
  const grownBytes = record.bytes.length - (known?.bytes.length ?? 0)
  const roomBytes = limits.totalBytesMax * descriptorShare
  if (grownBytes > 0 && descriptorBytes + grownBytes > roomBytes) return 'FULL'
  return known === undefined ? [...kept, record] : kept.with(at, record)
}

/** Bytes that a slot's records take. */
export function slotBytes (slot: readonly SlotRecord[]): number {
  return slot.reduce((sum, record) => sum + record.bytes.length, 0)
}

/** The latest instant that is kept exactly: later ones, and 'never', become this one. */
export const instantMax = 2 ** 48 - 1

/** Ms since the epoch as it can be kept: whole, and within 48 bits. */
export function instant (ms: number): number {
  return Math.min(instantMax, Math.max(0, Math.floor(ms)))
}
