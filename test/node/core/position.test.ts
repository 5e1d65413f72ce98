/** The order of messages: causal whatever the clocks say. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  clockAheadMsMax, comparePositions, decodePosition, encodePosition, nextPosition, receivedPosition, successor
} from '../../../node/core/position.ts'

const position = fc.record(
  { ms: fc.integer({ min: 0, max: 2 ** 47 }), logical: fc.integer({ min: 0, max: 0xffff }) }, { noNullPrototype: true }
)

describe('position', () => {
  it('of a new message is after everything, even when the clock went back', () => {
    fc.assert(fc.property(position, fc.integer({ min: 0, max: 2 ** 47 }), (greatest, now) => {
      assert.ok(comparePositions(nextPosition(greatest, now), greatest) > 0)
    }))
  })

  it('of a received message is after its parents, whatever its sender claims', () => {
    fc.assert(fc.property(position, fc.array(position, { maxLength: 3 }), fc.integer({ min: 0, max: 2 ** 47 }), (claimed, parents, now) => {
      const received = receivedPosition(claimed, parents, now)
      for (const parent of parents) assert.ok(comparePositions(received, parent) > 0)
    }))
  })

  it('does not believe a clock that is more than two days ahead', () => {
    const parent = { ms: 1000, logical: 3 }
    const claimed = { ms: 5000 + clockAheadMsMax + 1, logical: 0 }
    assert.deepEqual(receivedPosition(claimed, [parent], 5000), successor(parent))
    assert.deepEqual(receivedPosition({ ms: 5000 + clockAheadMsMax, logical: 0 }, [parent], 5000), { ms: 5000 + clockAheadMsMax, logical: 0 })
  })

  it('goes on in milliseconds when the logical part is used up', () => {
    assert.deepEqual(successor({ ms: 7, logical: 0xffff }), { ms: 8, logical: 0 })
  })

  it('is ordered by its bytes as by its numbers', () => {
    const author = Uint8Array.of(1, 2, 3, 4)
    fc.assert(fc.property(position, position, (a, b) => {
      const bytesA = encodePosition(a, author, 1)
      const bytesB = encodePosition(b, author, 1)
      assert.equal(Math.sign(Buffer.compare(bytesA, bytesB)), Math.sign(comparePositions(a, b)))
      assert.deepEqual(decodePosition(bytesA), a)
    }))
  })
})
