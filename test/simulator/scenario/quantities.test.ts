import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  parseBandwidth, parseDrift, parseDuration, parseRate, parseShare, parseSize, parseTimeOfDay, showDuration, showShare, showSize
} from './quantities.ts'

const hour = 3_600_000

describe('quantities of a scenario', () => {
  it('are read as people write them', () => {
    const cases: Array<[read: number | undefined, expected: number]> = [
      [parseDuration('3 weeks'), 21 * 24 * hour], [parseDuration('10 min'), 600_000], [parseDuration('250ms'), 250],
      [parseDuration('1 h 30 min'), 1.5 * hour], [parseDuration('0.5 s'), 500], [parseDuration(0), 0], [parseDuration('0'), 0],
      [parseDuration('-1 h', { signed: true }), -hour], [parseDuration('+5 min', { signed: true }), 300_000],
      [parseSize('80 B'), 80], [parseSize('4 KiB'), 4096], [parseSize('1.5 MB'), 1_500_000],
      [parseBandwidth('1 Mbit/s'), 125_000], [parseBandwidth('100 KiB/s'), 102_400],
      [parseRate('6 / h'), 6 / hour], [parseRate('20 per day'), 20 / 24 / hour], [parseRate('1 / 10 min'), 1 / 600_000],
      [parseShare('1 %'), 0.01], [parseShare(0.25), 0.25], [parseDrift('-50 ppm'), -50e-6], [parseTimeOfDay('20:30'), 20.5 * hour]
    ]
    for (const [read, expected] of cases) assert.equal(read, expected)
  })

  it('are refused without unit, with an unknown one, or out of range', () => {
    const refused = [
      parseDuration('10'), parseDuration(10), parseDuration('ten min'), parseDuration('-1 h'), parseDuration('10 parsecs'),
      parseDuration('1 h and 2 min'), parseDuration('9999999 weeks'), parseDuration('1 constructor'), parseSize('4'), parseSize('4 kib'),
      parseSize('-1 B'), parseBandwidth('1 Mbit'), parseRate('6'), parseRate('6 / 0 s'), parseShare('101 %'), parseShare(1.5),
      parseShare(-0.1), parseDrift('50'), parseTimeOfDay('24:00')
    ]
    assert.deepEqual(refused, refused.map(() => undefined))
  })

  it('are shown with two units at most, and no false precision', () => {
    assert.deepEqual([340, 2450, 59_999, 90 * 60_000, 21 * 24 * hour, 26 * hour, -1500].map(showDuration),
      ['340 ms', '2.45 s', '60 s', '1 h 30 min', '3 weeks', '1 d 2 h', '−1.5 s'])
    assert.deepEqual([80, 4200, 12 * 1024 ** 2].map(showSize), ['80 B', '4.1 KiB', '12 MiB'])
    assert.equal(showShare(0.99234), '99.23 %')
  })

  it('read back what was shown, to within the precision shown', () => {
    fc.assert(fc.property(fc.integer({ min: 10, max: 10 ** 10 }), ms => {
      const back = parseDuration(showDuration(ms)) ?? NaN
      assert.ok(Math.abs(back - ms) <= Math.max(1, 0.05 * ms), `${ms}: ${showDuration(ms)} is ${back}`)
    }))
  })
})
