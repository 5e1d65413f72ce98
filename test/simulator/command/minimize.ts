/**
 * Delta debugging (Zeller and Hildebrandt): the smallest part of a list that still fails, as far as
 * leaving out pieces of it can find one. Knows nothing of what the list is of.
 */

/**
 * No single item of the result can be left out, unless `mayGoOn` ended the search. `fails` is only asked
 * about real parts; that the whole list fails is the caller's word.
 */
export async function minimize<T> (
  items: readonly T[], fails: (kept: readonly T[]) => Promise<boolean>, mayGoOn: () => boolean = () => true
): Promise<T[]> {
  let kept = [...items]
  if (kept.length > 0 && mayGoOn() && await fails([])) return []
  let pieces = 2
  while (kept.length >= 2 && mayGoOn()) {
    const size = Math.ceil(kept.length / pieces)
    let isSmaller = false
    for (let at = 0; at < kept.length && mayGoOn(); at += size) {
      const without = [...kept.slice(0, at), ...kept.slice(at + size)]
      if (without.length === 0 || !await fails(without)) continue
      kept = without
      pieces = Math.max(2, pieces - 1)
      isSmaller = true
      break
    }
    if (isSmaller) continue
    if (size === 1) break
    pieces = Math.min(kept.length, pieces * 2)
  }
  return kept
}
