/**
 * Sets of counters as sorted, disjoint, non-adjacent ranges. Immutable: every function returns a new
 * list or the very one it was given.
 *
 * This is what removes duplicates and what a receipt carries, so that a thousand messages cost
 * one pair of numbers and no history is ever scanned.
 */
export interface Range { first: number, last: number }
export type Ranges = readonly Range[]

/** Index of the first range that ends at or after `counter`. */
function seek (ranges: Ranges, counter: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ranges[middle]!.last < counter) low = middle + 1
    else high = middle
  }
  return low
}

export function contains (ranges: Ranges, counter: number): boolean {
  const range = ranges[seek(ranges, counter)]
  return range !== undefined && range.first <= counter
}

export function containsAll (ranges: Ranges, first: number, last: number): boolean {
  const range = ranges[seek(ranges, first)]
  return range !== undefined && range.first <= first && range.last >= last
}

export function addRange (ranges: Ranges, first: number, last: number): Ranges {
  if (containsAll(ranges, first, last)) return ranges
  const start = seek(ranges, first - 1)
  let end = start
  let low = first
  let high = last
  while (end < ranges.length && ranges[end]!.first <= high + 1) {
    low = Math.min(low, ranges[end]!.first)
    high = Math.max(high, ranges[end]!.last)
    end++
  }
  return [...ranges.slice(0, start), { first: low, last: high }, ...ranges.slice(end)]
}

export function add (ranges: Ranges, counter: number): Ranges {
  const tail = ranges[ranges.length - 1]
  // The common case, without a search or a copy of the list: the next one in order.
  if (tail !== undefined && tail.last === counter - 1) {
    const copy = ranges.slice()
    copy[copy.length - 1] = { first: tail.first, last: counter }
    return copy
  }
  return addRange(ranges, counter, counter)
}

/** Greatest counter; 0 where there is none. */
export function greatest (ranges: Ranges): number {
  return ranges[ranges.length - 1]?.last ?? 0
}

/** How many counters between these two, both excluded, are missing. */
export function missingBetween (ranges: Ranges, after: number, before: number): number {
  let missing = before - after - 1
  if (missing <= 0) return 0
  for (let index = seek(ranges, after + 1); index < ranges.length && ranges[index]!.first < before; index++) {
    const { first, last } = ranges[index]!
    missing -= Math.min(last, before - 1) - Math.max(first, after + 1) + 1
  }
  return missing
}
