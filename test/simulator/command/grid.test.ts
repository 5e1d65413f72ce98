import assert from 'node:assert/strict'
import { UsageError } from '../../../protocol/errors.ts'
import { gridPoints, gridRuns, parseAxis, parseSeeds, showPoint } from './grid.ts'

describe('the grid of a sweep', () => {
  it('has every seed with every combination of values, and all points of a seed before the next one', () => {
    const axes = [parseAxis('loss=0,0.1'), parseAxis('nodes.clients=4, 6')]
    assert.deepEqual(gridPoints(axes).map(showPoint), ['loss=0 nodes.clients=4', 'loss=0 nodes.clients=6', 'loss=0.1 nodes.clients=4', 'loss=0.1 nodes.clients=6'])
    assert.deepEqual(gridRuns(parseSeeds('7..8'), axes).map(({ seed }) => seed), [7, 7, 7, 7, 8, 8, 8, 8])
    assert.deepEqual(gridRuns(parseSeeds('5'), []), [{ seed: 5, overrides: [] }])
  })

  it('takes commas within brackets for a part of the value', () => {
    assert.deepEqual(parseAxis('latency={uniform: [1 ms, 2 ms]},5 ms').values, ['{uniform: [1 ms, 2 ms]}', '5 ms'])
  })

  it('refuses what is none', () => {
    for (const text of ['', '5..', '9..3', 'a..b', '-1..2', '1..99999999999']) assert.throws(() => parseSeeds(text), UsageError, text)
    for (const text of ['loss', '=1', 'loss=', 'loss=1,,2']) assert.throws(() => parseAxis(text), UsageError, text)
    assert.throws(() => gridRuns(parseSeeds('1..4000000000'), []), UsageError)
  })
})
