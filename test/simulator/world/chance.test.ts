/** Chance by a seed, and the distributions that are drawn from it. */
import assert from 'node:assert/strict'
import { Chance } from './chance.ts'
import { drawMs, exponential, logarithm, type Distribution } from './distributions.ts'

describe('chance', () => {
  it('is the same for the same name, and another for every other', () => {
    const draw = (name: string): string => Buffer.from(new Chance(name).bytes(16)).toString('hex')
    assert.equal(draw('seed client1'), draw('seed client1'))
    const names = Array.from({ length: 2000 }, (_, i) => `seed ${i % 40} client${Math.floor(i / 40)}`)
    assert.equal(new Set(names.map(draw)).size, names.length)
    assert.equal(draw('seed client1'), 'a22ea864b9715da6ef10acd39adca927', 'on every machine and in every version')
  })

  it('is even: every byte value and every tenth comes about as often as any other', () => {
    const chance = new Chance('even')
    const tenths = new Array<number>(10).fill(0)
    for (let i = 0; i < 100_000; i++) tenths[chance.below(10)]!++
    for (const count of tenths) assert.ok(Math.abs(count - 10_000) < 500, String(tenths))
    const bytes = chance.bytes(256_000)
    const counts = new Array<number>(256).fill(0)
    for (const byte of bytes) counts[byte]!++
    for (const count of counts) assert.ok(Math.abs(count - 1000) < 200, String(count))
  })

  it('computes logarithms and exponentials as Math does, without Math', () => {
    for (let x = -30; x <= 30; x += 0.37) {
      assert.ok(Math.abs(exponential(x) / Math.exp(x) - 1) < 1e-13, `exp ${x}`)
      const y = Math.exp(x)
      assert.ok(Math.abs(logarithm(y) - Math.log(y)) < 1e-13 * Math.max(1, Math.abs(x)), `log ${y}`)
    }
  })

  const quartiles: Array<[Distribution, [number, number, number], number]> = [
    [{ kind: 'constant', ms: 7 }, [7, 7, 7], 0],
    [{ kind: 'uniform', fromMs: 10, toMs: 50 }, [20, 30, 40], 1],
    [{ kind: 'normal', meanMs: 100, deviationMs: 10 }, [93.26, 100, 106.74], 1],
    [{ kind: 'lognormal', medianMs: 100, sigma: 0.5 }, [71.4, 100, 140.1], 3],
    [{ kind: 'pareto', minimumMs: 10, shape: 2 }, [11.55, 14.14, 20], 0.5],
    [{ kind: 'empirical', sortedMs: [0, 10, 20, 30, 100] }, [10, 20, 30], 1]
  ]
  for (const [distribution, expected, tolerance] of quartiles) {
    it(`draws ${distribution.kind} with the quartiles that it has`, () => {
      const chance = new Chance(distribution.kind)
      const drawn = Array.from({ length: 40_000 }, () => drawMs(distribution, chance)).sort((a, b) => a - b)
      expected.forEach((value, i) => {
        const found = drawn[(i + 1) * 10_000]!
        assert.ok(Math.abs(found - value) <= tolerance, `quartile ${i + 1}: ${found}, expected ${value}`)
      })
    })
  }
})
