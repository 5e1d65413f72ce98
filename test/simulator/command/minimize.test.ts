import assert from 'node:assert/strict'
import fc from 'fast-check'
import { minimize } from './minimize.ts'

describe('delta debugging', () => {
  it('finds exactly the items that a failure needs, in their order', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.nat(60), { maxLength: 5 }), fc.integer({ min: 61, max: 80 }), async (needed, count) => {
      const items = Array.from({ length: count }, (_, at) => at)
      const kept = await minimize(items, async some => needed.every(item => some.includes(item)))
      assert.deepEqual(kept, needed.toSorted((a, b) => a - b))
    }), { numRuns: 60 })
  })

  it('asks far fewer times than there are parts', async () => {
    let asked = 0
    await minimize(Array.from({ length: 1000 }, (_, at) => at), async some => {
      asked++
      return some.includes(17) && some.includes(901)
    })
    assert.ok(asked < 120, String(asked))
  })

  it('leaves nothing where nothing is needed, and everything where all is', async () => {
    assert.deepEqual(await minimize([1, 2, 3], async () => true), [])
    assert.deepEqual(await minimize([1, 2, 3], async some => some.length === 3), [1, 2, 3])
    assert.deepEqual(await minimize([], async () => true), [])
  })

  it('gives what it has where it may not go on', async () => {
    let left = 3
    const kept = await minimize([1, 2, 3, 4, 5, 6, 7, 8], async some => some.includes(5), () => left-- > 0)
    assert.ok(kept.includes(5) && kept.length > 1)
  })
})
