/** Ranges against a plain set. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { add, addRange, contains, containsAll, greatest, missingBetween, type Ranges } from '../../../node/core/ranges.ts'

const counter = fc.integer({ min: 1, max: 40 })

function members (ranges: Ranges): number[] {
  return ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
}

describe('ranges', () => {
  it('hold what a set would hold, sorted and joined', () => {
    fc.assert(fc.property(fc.array(counter, { maxLength: 60 }), counters => {
      let ranges: Ranges = []
      const set = new Set<number>()
      for (const one of counters) {
        const before = structuredClone(ranges)
        const next = add(ranges, one)
        assert.deepEqual(ranges, before, 'the list given is not altered')
        ranges = next
        set.add(one)
      }
      const sorted = [...set].sort((a, b) => a - b)
      assert.deepEqual(members(ranges), sorted)
      ranges.forEach((range, i) => { if (i > 0) assert.ok(range.first > ranges[i - 1]!.last + 1, 'neighbours are joined') })
      assert.equal(greatest(ranges), sorted.at(-1) ?? 0)
      for (let one = 1; one <= 41; one++) {
        assert.equal(contains(ranges, one), set.has(one))
        for (let after = 0; after <= one; after++) {
          let missing = 0
          for (let between = after + 1; between < one; between++) if (!set.has(between)) missing++
          assert.equal(missingBetween(ranges, after, one), missing)
        }
      }
    }))
  })

  it('take whole ranges, overlapping or not', () => {
    fc.assert(fc.property(fc.array(fc.tuple(counter, fc.integer({ min: 0, max: 8 })), { maxLength: 20 }), pairs => {
      let ranges: Ranges = []
      const set = new Set<number>()
      for (const [first, length] of pairs) {
        ranges = addRange(ranges, first, first + length)
        for (let one = first; one <= first + length; one++) set.add(one)
        assert.ok(containsAll(ranges, first, first + length))
      }
      assert.deepEqual(members(ranges), [...set].sort((a, b) => a - b))
    }))
  })
})
