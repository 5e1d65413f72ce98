/**
 * Which of a contact's contents were taken in, as ranges of counters that are proved to be of one
 * history: each content names the hash of the one before, and what doesn't fit is not taken.
 *
 * So the hash of a range's last content stands for all of it: a receipt that carries it says which
 * contents came, and not only which numbers. A sender whose state was set back gives numbers twice, and
 * would otherwise take others' receipts for those of its newer contents. Immutable, as ranges.ts.
 */
import { equal } from '../../protocol/bytes.ts'
import type { Content } from '../../protocol/wire/restante.js'
import type { RangeRecord } from './records.js'

export type SeenRanges = readonly RangeRecord[]
type Numbered = Pick<Content, 'counter' | 'previous' | 'voidFrom'>

const none = new Uint8Array(0)

/**
 * With a content whose counter is in none of the ranges; `hash`: its own, 16 bytes. Undefined: it
 * contradicts what is beside it, so that its sender has two histories.
 */
export function withContent (seen: SeenRanges, content: Numbered, hash: Uint8Array): RangeRecord[] | undefined {
  const { counter, previous, voidFrom } = content
  const tail = seen[seen.length - 1]
  // The common case: the next one in order.
  if (tail !== undefined && tail.last === counter - 1 && voidFrom === 0) {
    if (!follows(previous, tail.chain)) return undefined
    const copy = seen.slice()
    copy[copy.length - 1] = { first: tail.first, last: counter, chain: hash, previous: tail.previous }
    return copy
  }
  return insert(seen, content, hash)
}

function insert (seen: SeenRanges, { counter, previous, voidFrom }: Numbered, hash: Uint8Array): RangeRecord[] | undefined {
  const first = voidFrom > 0 ? voidFrom : counter
  const start = seen.findIndex(range => range.last >= first - 1)
  const before = start < 0 ? seen : seen.slice(0, start)
  let low: Pick<RangeRecord, 'first' | 'previous'> = { first, previous: voidFrom > 0 ? none : previous.slice() }
  let high: Pick<RangeRecord, 'last' | 'chain'> = { last: counter, chain: hash }
  let end = before.length
  for (; end < seen.length && seen[end]!.first <= counter + 1; end++) {
    const range = seen[end]!
    if (range.first === counter + 1) {
      // Where its first content began anew, it says nothing of the one before.
      if (range.previous.length > 0 && !equal(range.previous, hash)) return undefined
      high = { last: range.last, chain: range.chain }
    } else {
      if (voidFrom === 0 && !follows(previous, range.chain)) return undefined
      if (range.first <= low.first) low = { first: range.first, previous: range.previous }
    }
  }
  return [...before, { ...low, ...high }, ...seen.slice(end)]
}

/** What was kept before there were hashes has none: the next content brings one. */
function follows (previous: Uint8Array, chain: Uint8Array): boolean {
  return chain.length === 0 || equal(previous, chain)
}
