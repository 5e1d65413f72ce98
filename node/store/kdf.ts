/**
 * The key that a passphrase becomes, by the library that runs everywhere. In a file of its own: a browser loads it in
 * the worker that computes it, and nowhere else.
 */
import { argon2idAsync } from '@noble/hashes/argon2.js'

export interface PassphraseCost { memoryKiB: number, passes: number, lanes: number }

/** Argon2id, version 0x13. Returns 32 bytes. */
export type PassphraseKdf = (passphrase: Uint8Array, salt: Uint8Array, cost: PassphraseCost) => Promise<Uint8Array>

/** Works everywhere, and several times slower than a native one. */
export const referenceKdf: PassphraseKdf = async (passphrase, salt, { memoryKiB, passes, lanes }) =>
  await argon2idAsync(passphrase, salt, { m: memoryKiB, t: passes, p: lanes, dkLen: 32 })
