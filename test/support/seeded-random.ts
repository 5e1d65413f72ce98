/**
 * Randomness that a seed gives: the same on every run and every machine. For tests and vectors.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, u32be, utf8 } from '../../protocol/bytes.ts'
import type { Random } from '../../protocol/ports.ts'

/** SHA-256 of seed and counter, block by block. */
export function seededRandom (seed: string): Random {
  let counter = 0
  return {
    bytes: length => {
      const blocks: Uint8Array[] = []
      for (let have = 0; have < length; have += 32) blocks.push(sha256(concat(utf8(seed), u32be(counter++))))
      return concat(...blocks).slice(0, length)
    }
  }
}
