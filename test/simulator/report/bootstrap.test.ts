import assert from 'node:assert/strict'
import { mean } from 'simple-statistics'
import { Chance } from '../world/chance.ts'
import { differenceInterval, meanInterval } from './bootstrap.ts'

const drawn = (name: string, count: number, centre: number): number[] => {
  const chance = new Chance(name)
  return Array.from({ length: count }, () => centre + chance.between(-1, 1))
}

describe('confidence intervals', () => {
  it('hold the true mean in about 95 of 100 samples', () => {
    let held = 0
    for (let sample = 0; sample < 200; sample++) {
      const interval = meanInterval(drawn(`sample ${sample}`, 40, 5), `mean ${sample}`)
      if (interval !== undefined && interval.low <= 5 && interval.high >= 5) held++
    }
    // 190 expected of 200; four deviations of a binomial.
    assert.ok(held >= 175 && held <= 200, `${held} of 200`)
  })

  it('of a difference leave nothing out where there is one, and hold it where there is none', () => {
    let held = 0
    for (let pair = 0; pair < 100; pair++) {
      const [a, b, c] = [drawn(`a ${pair}`, 30, 5), drawn(`b ${pair}`, 30, 5), drawn(`c ${pair}`, 30, 7)]
      const none = differenceInterval(a, b, mean)
      const some = differenceInterval(a, c, mean)
      if (none !== undefined && none.low < 0 && none.high > 0) held++
      assert.ok(some !== undefined && some.low > 1 && some.high < 3)
    }
    assert.ok(held >= 85 && held < 100, `${held} of 100`)
  })

  it('are the same for the same data, and nothing of nothing', () => {
    assert.deepEqual(meanInterval([1, 2, 4]), meanInterval([1, 2, 4]))
    assert.equal(meanInterval([]), undefined)
    assert.equal(differenceInterval([], [1], mean), undefined)
    assert.deepEqual(meanInterval([3]), { estimate: 3, low: 3, high: 3 })
  })
})
