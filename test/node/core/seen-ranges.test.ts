/** Counters of contents as ranges that are each of one history (node/core/seen-ranges.ts). */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { concat, equal } from '../../../protocol/bytes.ts'
import type { RangeRecord } from '../../../node/core/records.js'
import { withContent } from '../../../node/core/seen-ranges.ts'
import { contains } from '../../../node/core/ranges.ts'
import { native } from '../../support/parties.ts'

interface Written { counter: number, previous: Uint8Array, voidFrom: number, hash: Uint8Array }

const none = new Uint8Array(0)

/** What one device writes from `first` on, after a content of `previous`. `name`: two of them write different things. */
function history (name: string, first: number, last: number, previous: Uint8Array = none): Written[] {
  const written: Written[] = []
  for (let counter = first; counter <= last; counter++) {
    const before: Uint8Array = written.at(-1)?.hash ?? previous
    const text = new TextEncoder().encode(`${name} ${counter}`)
    written.push({ counter, previous: before, voidFrom: 0, hash: native.sha256(concat(before, text)).slice(0, 16) })
  }
  return written
}

function take (seen: RangeRecord[], one: Written): RangeRecord[] | undefined { return withContent(seen, one, one.hash) }
function all (seen: RangeRecord[], written: Written[]): RangeRecord[] {
  return written.reduce((ranges, one) => take(ranges, one) ?? assert.fail(`${one.counter} was refused`), seen)
}

describe('ranges of contents that were seen', () => {
  it('take one history in any order, and end each range with the hash of its last content', () => {
    const written = history('a', 1, 40)
    fc.assert(fc.property(fc.shuffledSubarray(written), (order) => {
      const seen = all([], order)
      for (const { counter } of written) assert.equal(contains(seen, counter), order.some((one) => one.counter === counter))
      for (const { first, last, chain, previous } of seen) {
        assert.ok(equal(chain, written[last - 1]!.hash))
        assert.ok(equal(previous, written[first - 1]!.previous))
      }
      for (let i = 1; i < seen.length; i++) assert.ok(seen[i]!.first > seen[i - 1]!.last + 1, 'not touching')
    }))
  })

  it('never join two histories of one device, whatever comes in whatever order', () => {
    const common = history('a', 1, 10)
    const branches = ['b', 'c'].map((name) => history(name, 11, 20, common[9]!.hash))
    fc.assert(fc.property(fc.shuffledSubarray([...common, ...branches.flat()]), (order) => {
      let seen: RangeRecord[] = []
      const taken: Written[] = []
      for (const one of order) {
        if (contains(seen, one.counter)) continue
        const next = take(seen, one)
        if (next === undefined) continue
        seen = next
        taken.push(one)
      }
      for (const { first, last, chain } of seen) {
        const within = taken.filter(({ counter }) => first <= counter && counter <= last).sort((a, b) => a.counter - b.counter)
        assert.equal(within.length, last - first + 1)
        assert.ok(equal(within.at(-1)!.hash, chain))
        for (let i = 1; i < within.length; i++) assert.ok(equal(within[i]!.previous, within[i - 1]!.hash), 'each follows the one before')
      }
    }))
  })

  it('refuse what does not follow the one before, or is not what the one after follows', () => {
    const written = history('a', 1, 5)
    const other = history('b', 1, 5)
    assert.equal(take(all([], written.slice(0, 2)), other[2]!), undefined)
    assert.equal(take(all([], written.slice(3)), other[2]!), undefined)
    assert.equal(take(all([], [written[0]!, written[1]!, written[3]!]), other[2]!), undefined, 'between two')
  })

  it('take what begins anew, and with it the numbers that were given up', () => {
    const seen = all([], [...history('a', 1, 4), ...history('a', 7, 7)])
    const anew: Written = { ...history('b', 10, 10)[0]!, previous: none, voidFrom: 5 }
    const [range, ...others] = all(seen, [anew])
    assert.deepEqual(others, [])
    assert.deepEqual([range!.first, range!.last, range!.chain], [1, 10, anew.hash])
    const after = history('b', 11, 12, anew.hash)
    assert.equal(all([range!], after)[0]!.last, 12)
    assert.equal(take([range!], history('a', 11, 11, history('a', 1, 10).at(-1)!.hash)[0]!), undefined, 'the former history is over')
  })
})
