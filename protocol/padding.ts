/**
 * Buckets: the sizes that envelopes may have, and the padding that makes them so (spec 04 §Buckets).
 *
 * Every kind of content shares the buckets, so that size tells a receipt from a message to nobody.
 */
import { emptyBytes, readU32be, writeU32be } from './bytes.ts'
import { UsageError } from './errors.ts'
import { envelopeBuckets } from './limits.ts'

/** u32be length before the content. */
export const paddingPrefixBytes = 4

export function isBucket (bytes: number): boolean {
  return (envelopeBuckets as readonly number[]).includes(bytes)
}

/** The smallest bucket of at least `bytes`; undefined where none is that large. */
export function bucketFor (bytes: number): number | undefined {
  return envelopeBuckets.find((bucket) => bucket >= bytes)
}

/**
 * u32be length ‖ content ‖ `following` ‖ zeros, `paddedBytes` in all. UsageError TEXT_TOO_LARGE where
 * it does not fit.
 */
export function padContent (content: Uint8Array, paddedBytes: number, following = emptyBytes): Uint8Array {
  const bytes = paddingPrefixBytes + content.length + following.length
  if (bytes > paddedBytes) throw new UsageError('TEXT_TOO_LARGE')
  const padded = new Uint8Array(paddedBytes)
  writeU32be(padded, 0, content.length)
  padded.set(content, paddingPrefixBytes)
  padded.set(following, paddingPrefixBytes + content.length)
  return padded
}

/** Undefined where the length says more than there is. What follows the content is not looked at. */
export function unpadContent (padded: Uint8Array): Uint8Array | undefined {
  if (padded.length < paddingPrefixBytes) return undefined
  const length = readU32be(padded, 0)
  if (length > padded.length - paddingPrefixBytes) return undefined
  return padded.subarray(paddingPrefixBytes, paddingPrefixBytes + length)
}
