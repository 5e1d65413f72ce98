/**
 * The value of a record on disk: sealed, bound to its place (docs/decisions/0004).
 *
 *     value  = salt 16 ‖ index u16 ‖ ChaCha20-Poly1305(subkey, index, key length u32 ‖ key ‖ value)
 *     subkey = HKDF(salt, record key, label), salt fresh for each batch
 *
 * A random 96-bit nonce for each record under one key would wear out after 2^32 records; a fresh
 * key for each batch never does, and costs one derivation instead of one draw a record. The stored
 * key is authenticated, so a record that was moved to another place on the disk does not open.
 * Not covered: an old value put back in the place where it was.
 */
import { concat, emptyBytes, u32be } from '../../protocol/bytes.ts'
import { storeLabels } from '../../protocol/labels.ts'
import type { Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'

const saltBytes = 16
const headerBytes = saltBytes + 2
const tagBytes = 16
/** Records under one salt: what the index of 16 bits can tell apart. */
const recordsPerSaltMax = 65_536
/** Subkeys kept for reading. A scan of a conversation meets the batches it was written in. */
const rememberedSubkeysMax = 4096

export interface OpenedRecord { key: Uint8Array, value: Uint8Array }

/** Seals the records of one batch, one after the other. */
export type BatchSealer = (storedKey: Uint8Array, key: Uint8Array, value: Uint8Array) => Uint8Array

export interface Records {
  /** `prefix`: what each stored value begins with, before all that `open` takes. */
  sealBatch: (prefix?: Uint8Array) => BatchSealer
  /** Undefined where the record was altered, moved, or sealed under another profile's key. */
  open: (storedKey: Uint8Array, stored: Uint8Array) => OpenedRecord | undefined
  /** Overwrites the keys that are remembered: nothing can be sealed or opened any more. */
  forget: () => void
}

/** `recordKey`: 32 bytes, derived from the profile's key for this purpose alone. */
export function createRecords (
  suite: Pick<CryptoSuite, 'hkdf' | 'seal' | 'open'>, random: Random, recordKey: Uint8Array
): Records {
  const remembered = new Map<string, Uint8Array>()

  function subkeyOf (salt: Uint8Array): Uint8Array {
    const name = String.fromCharCode(...salt)
    const known = remembered.get(name)
    if (known !== undefined) {
      // Moved to the end: the map's order is that of use, and its first is the one to forget.
      remembered.delete(name)
      remembered.set(name, known)
      return known
    }
    const subkey = suite.hkdf(salt, recordKey, storeLabels.recordSubkey, 32)
    if (remembered.size >= rememberedSubkeysMax) {
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest)
        break
      }
    }
    remembered.set(name, subkey)
    return subkey
  }

  return {
    sealBatch (prefix = emptyBytes) {
      let head: Uint8Array
      let subkey: Uint8Array
      let index = recordsPerSaltMax
      return (storedKey, key, value) => {
        if (index === recordsPerSaltMax) {
          const salt = random.bytes(saltBytes)
          head = concat(prefix, salt)
          subkey = subkeyOf(salt)
          index = 0
        }
        const sealed = suite.seal(subkey, nonceOf(index), concat(u32be(key.length), key, value), storedKey)
        const stored = concat(head, Uint8Array.of(index >> 8, index & 255), sealed)
        index++
        return stored
      }
    },

    open (storedKey, stored) {
      if (stored.length < headerBytes + 4 + tagBytes) return undefined
      const index = stored[saltBytes]! << 8 | stored[saltBytes + 1]!
      const subkey = subkeyOf(stored.subarray(0, saltBytes))
      const plain = suite.open(subkey, nonceOf(index), stored.subarray(headerBytes), storedKey)
      if (plain === undefined) return undefined
      const keyEnd = 4 + new DataView(plain.buffer, plain.byteOffset, 4).getUint32(0)
      if (keyEnd > plain.length) return undefined
      return { key: plain.subarray(4, keyEnd), value: plain.subarray(keyEnd) }
    },

    forget () {
      for (const subkey of remembered.values()) subkey.fill(0)
      remembered.clear()
      recordKey.fill(0)
    }
  }
}

function nonceOf (index: number): Uint8Array {
  const nonce = new Uint8Array(12)
  nonce[10] = index >> 8
  nonce[11] = index & 255
  return nonce
}
