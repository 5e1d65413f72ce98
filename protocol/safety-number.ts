/**
 * The safety number of two accounts: what two people compare, by voice or by scanning, to know that
 * no one stands between them (spec 01 §Safety number).
 *
 * It depends on what an account never changes, so it survives new devices and rotated keys. Slow on
 * purpose, since finding an account whose number is alike shall cost; so it is computed in slices.
 * Not here: what was verified, and when (the engine's).
 */
import { sha512 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import { concat, equal, u16be } from './bytes.ts'
import { UsageError } from './errors.ts'

/** The part of an account that never changes: 32 bytes each. */
export interface AccountIdentity {
  account: Uint8Array
  /** AIK0 */
  inceptionKey: Uint8Array
}

/** What was read from a person or a camera. */
export type ReadSafetyNumber =
  | { kind: 'digits', digits: string }
  /** Fingerprints of the account that showed it, and of the one that it takes the reader for. */
  | { kind: 'scanned', shower: Uint8Array, reader: Uint8Array }

const safetyNumberVersion = 1
const iterations = 5200
/** About a millisecond, where hashing is slow: what waits meanwhile is not kept waiting. */
const iterationsPerSlice = 50
const fingerprintBytes = 32
const groupsPerFingerprint = 6
const scanPrefix = 'restante-safety:'

/** 32 bytes. `pause` is awaited between slices. */
export async function fingerprintOf (identity: AccountIdentity, pause: () => Promise<void>): Promise<Uint8Array> {
  return await iteratedFingerprint(safetyNumberVersion, identity.inceptionKey, identity.account, pause)
}

/**
 * 32 bytes: SHA-512, 5,200 times. The construction is Signal's, so that what is known about it holds
 * here; with its version (0), its keys and its ids the outcome is Signal's.
 */
export async function iteratedFingerprint (
  version: number, key: Uint8Array, id: Uint8Array, pause: () => Promise<void>
): Promise<Uint8Array> {
  let hash = sha512(concat(u16be(version), key, id, key))
  for (let done = 1; done < iterations; done++) {
    if (done % iterationsPerSlice === 0) await pause()
    hash = sha512(concat(hash, key))
  }
  return hash.slice(0, fingerprintBytes)
}

/** 60 digits, the same for both sides. */
export function safetyDigits (own: Uint8Array, theirs: Uint8Array): string {
  return [digitsOf(own), digitsOf(theirs)].sort().join('')
}

/** The digits as people read them out: twelve groups of five. */
export function groupedDigits (digits: string): string {
  return (digits.match(/\d{5}/g) ?? []).join(' ')
}

/** What the account of `own` shows as a QR code, for the account of `theirs` to scan. */
export function formatSafetyScan (own: Uint8Array, theirs: Uint8Array): string {
  return `${scanPrefix}${base64urlnopad.encode(concat(Uint8Array.of(safetyNumberVersion), own, theirs))}`
}

/** Digits with white space as it comes, or what a scanner read. UsageError USAGE for anything else. */
export function readSafetyNumber (text: string): ReadSafetyNumber {
  const bare = text.replaceAll(/\s/g, '')
  if (/^\d{60}$/.test(bare)) return { kind: 'digits', digits: bare }
  if (!bare.startsWith(scanPrefix)) throw unreadable()
  let bytes: Uint8Array
  try {
    bytes = base64urlnopad.decode(bare.slice(scanPrefix.length))
  } catch {
    // Which character is wrong helps nobody who scanned it.
    throw unreadable()
  }
  if (bytes[0] !== safetyNumberVersion || bytes.length !== 1 + 2 * fingerprintBytes) throw unreadable()
  return {
    kind: 'scanned',
    shower: bytes.slice(1, 1 + fingerprintBytes),
    reader: bytes.slice(1 + fingerprintBytes)
  }
}

/** Whether the account of `theirs` showed it to the account of `own`. */
export function matchesSafetyNumber (read: ReadSafetyNumber, own: Uint8Array, theirs: Uint8Array): boolean {
  if (read.kind === 'digits') return read.digits === safetyDigits(own, theirs)
  // The own code scanned off a mirror, or handed back by whoever stands between, proves nothing.
  return equal(read.shower, theirs) && equal(read.reader, own)
}

/** The first 30 bytes, five at a time. */
function digitsOf (fingerprint: Uint8Array): string {
  let digits = ''
  for (let group = 0; group < groupsPerFingerprint; group++) {
    let value = 0
    for (let i = 0; i < 5; i++) value = value * 256 + fingerprint[group * 5 + i]!
    digits += String(value % 100_000).padStart(5, '0')
  }
  return digits
}

function unreadable (): UsageError {
  return new UsageError('USAGE', 'A safety number has 60 digits, or is scanned from the other one\'s screen.')
}
