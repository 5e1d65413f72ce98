/**
 * An account id as people read it: bech32m with the prefix `restante`, 67 characters.
 *
 * The checksum finds any four wrong characters. Not here: how the 32 bytes come about (identity.ts).
 * Spec 01 §Account id.
 */
import { bech32m } from '@scure/base'
import { UsageError } from './errors.ts'
import { accountIdBytes } from './limits.ts'

const prefix = 'restante'

/** `restante1…` of 32 bytes. */
export function formatAccountId (account: Uint8Array): string {
  if (account.length !== accountIdBytes) throw new UsageError('USAGE', 'An account id has 32 bytes.')
  return bech32m.encode(prefix, bech32m.toWords(account))
}

/** 32 bytes. All capitals are as good; anything else altered is UsageError INVITE_INVALID. */
export function parseAccountId (text: string): Uint8Array {
  const invalid = (): UsageError => new UsageError('INVITE_INVALID', 'This is no complete account id.')
  const trimmed = text.trim()
  let decoded: { prefix: string, words: number[] }
  let account: Uint8Array
  try {
    decoded = bech32m.decode(trimmed as `${string}1${string}`)
    account = bech32m.fromWords(decoded.words)
  } catch {
    // Which rule of bech32m it broke helps nobody who has to copy the id again.
    throw invalid()
  }
  if (decoded.prefix !== prefix || account.length !== accountIdBytes) throw invalid()
  return account
}
