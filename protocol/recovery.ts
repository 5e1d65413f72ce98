/**
 * The recovery phrase, and the rotation of the account key that it allows (spec 01 §Recovery,
 * §Rotation).
 *
 * The next account key exists in the phrase alone, once the device has forgotten it: whoever takes
 * the device has the key in force and can't replace it, and whoever has the phrase can.
 */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { equal } from './bytes.ts'
import { UsageError } from './errors.ts'
import { accountKeyAfterNext, commitmentTo, nextAccountKey } from './identity.ts'
import { createSuccessor } from './manifest.ts'
import type { VerifiedManifest } from './manifest.ts'
import type { CryptoSuite, Ed25519Private } from './suite.ts'

const recoveryWords = 24

/** 24 words with single spaces, of 32 bytes. */
export function formatRecoveryPhrase (recoverySecret: Uint8Array): string {
  if (recoverySecret.length !== 32) throw new UsageError('USAGE', 'A recovery secret has 32 bytes.')
  return entropyToMnemonic(recoverySecret, wordlist)
}

/**
 * 32 bytes. White space and capitals are as they come. UsageError PHRASE_INVALID, which names no
 * word: the message may be kept where the phrase must not.
 */
export function parseRecoveryPhrase (text: string): Uint8Array {
  const words = text.trim().toLowerCase().split(/\s+/)
  if (words.length !== recoveryWords) throw new UsageError('PHRASE_INVALID')
  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch {
    // Its error may repeat a word.
    throw new UsageError('PHRASE_INVALID')
  }
}

/**
 * The manifest that puts AIK1 in force, and AIK1. UsageError PHRASE_WRONG where the secret is another
 * account's, KEY_ROTATED where AIK1 is in force already: version 1 proves one rotation.
 */
export function rotateAccountKey (
  suite: CryptoSuite, o: { current: VerifiedManifest, recoverySecret: Uint8Array, now: number }
): { manifest: Uint8Array, key: Ed25519Private } {
  const { current, recoverySecret, now } = o
  const key = nextAccountKey(suite, recoverySecret)
  if (!equal(commitmentTo(suite, key.publicKey), current.inceptionNext)) throw new UsageError('PHRASE_WRONG')
  if (!equal(current.accountKey, current.inceptionKey)) throw new UsageError('KEY_ROTATED')
  const manifest = createSuccessor(suite, {
    current,
    key,
    nextCommitment: commitmentTo(suite, accountKeyAfterNext(suite, recoverySecret).publicKey),
    devices: current.devices,
    revoked: current.revoked,
    now
  })
  return { manifest, key }
}
