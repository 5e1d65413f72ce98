/**
 * Descriptors as the relays' Kademlia carries them: key, value, validation, selection.
 * Spec 03 §Between relays.
 *
 * A value holds every record of a slot, since a slot may hold several blinded keys'.
 */
import { reader, writer } from 'protons-runtime'
import { equal, fromHex, lengthPrefixed, readU32be, toHex, utf8 } from '../../protocol/bytes.ts'
import { verifyDescriptorRecord } from '../../protocol/descriptor.ts'
import type { RecordHead } from '../../protocol/descriptor.ts'
import { WireError } from '../../protocol/errors.ts'
import { descriptorBytesMax, descriptorsPerSlotMax } from '../../protocol/limits.ts'
import type { Clock } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'

export const dhtNamespace = 'restante'

export interface RecordPorts { suite: Pick<CryptoSuite, 'sha256' | 'verify'>, clock: Pick<Clock, 'now'> }

export interface VerifiedRecord { head: RecordHead, bytes: Uint8Array }

/** The Kademlia key of a slot: `/restante/<64 hexadecimal digits>`. */
export function dhtKeyOf (slot: Uint8Array): Uint8Array {
  return utf8(`/${dhtNamespace}/${toHex(slot)}`)
}

/** Undefined for a key that is no slot's, or is written in another way. */
export function slotOfDhtKey (key: Uint8Array): Uint8Array | undefined {
  const slot = fromHex(new TextDecoder().decode(key.subarray(dhtNamespace.length + 2)))
  return slot?.length === 32 && equal(dhtKeyOf(slot), key) ? slot : undefined
}

export function encodeDhtValue (records: Uint8Array[]): Uint8Array {
  return lengthPrefixed(...records)
}

/** Throws WireError for anything but one to four records. */
export function decodeDhtValue (value: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = []
  let at = 0
  while (at < value.byteLength) {
    if (records.length === descriptorsPerSlotMax) throw new WireError('FIELD_TOO_LARGE', 'dht value: records')
    const length = at + 4 <= value.byteLength ? readU32be(value, at) : Infinity
    if (length > descriptorBytesMax || at + 4 + length > value.byteLength) {
      throw new WireError('MALFORMED', 'dht value: a record that is cut off or too large')
    }
    records.push(value.slice(at + 4, at + 4 + length))
    at += 4 + length
  }
  if (records.length === 0) throw new WireError('MALFORMED', 'dht value: no record')
  return records
}

/** Every record of a value, each valid and of this slot; throws otherwise. */
export function verifyDhtValue (ports: RecordPorts, slot: Uint8Array, value: Uint8Array): VerifiedRecord[] {
  return decodeDhtValue(value).map((bytes) => {
    const head = verifyDescriptorRecord(ports.suite, bytes, ports.clock.now())
    if (!equal(head.slot, slot)) throw new WireError('MALFORMED', 'dht value: a record of another slot')
    return { head, bytes }
  })
}

/** libp2p calls it before it keeps or believes a value. */
export async function validateDhtValue (
  ports: RecordPorts, key: Uint8Array, value: Uint8Array
): Promise<void> {
  const slot = slotOfDhtKey(key)
  if (slot == null) throw new WireError('MALFORMED', 'dht key: not a slot')
  verifyDhtValue(ports, slot, value)
}

/** Index of the value with the most records, and of these the newest. Values are valid already. */
export function selectDhtValue (ports: RecordPorts, key: Uint8Array, values: Uint8Array[]): number {
  const slot = slotOfDhtKey(key)
  let best = 0
  let bestRank = [-1, -1]
  for (const [index, value] of values.entries()) {
    let rank: number[]
    try {
      const records = slot == null ? [] : verifyDhtValue(ports, slot, value)
      rank = [records.length, Math.max(0, ...records.map(({ head }) => head.sequence))]
    } catch {
      // Expired since it was validated: anything else is better.
      continue
    }
    if (rank[0]! > bestRank[0]! || (rank[0] === bestRank[0] && rank[1]! > bestRank[1]!)) {
      best = index
      bestRank = rank
    }
  }
  return best
}

/** The envelope in which libp2p keeps a value: key 1, value 2, time received 5. */
export interface KeptRecord { key: Uint8Array, value: Uint8Array }

export function encodeKeptRecord (record: KeptRecord, receivedAt: string): Uint8Array {
  return writer().uint32(10).bytes(record.key).uint32(18).bytes(record.value)
    .uint32(42).string(receivedAt).finish()
}

/** Throws for bytes that are none. */
export function decodeKeptRecord (bytes: Uint8Array): KeptRecord {
  const input = reader(bytes)
  let key: Uint8Array = new Uint8Array(0)
  let value = key
  while (input.pos < input.len) {
    const tag = input.uint32()
    if (tag === 10) key = input.bytes()
    else if (tag === 18) value = input.bytes()
    else input.skipType(tag & 7)
  }
  return { key, value }
}
