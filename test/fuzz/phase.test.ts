import assert from 'node:assert/strict'
import { runFuzzing } from './phase.ts'

describe('the fuzzing beside the tests', function () {
  this.timeout(120_000)

  it('counts each decoder, and says what was tried with which seed', async () => {
    const { counts, text } = await runFuzzing(['--executions', '100', '--seed', '7', '--only', 'Ping'])
    assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0 })
    assert.match(text, /^1 decoders, 100 executions each, seed 7: nothing found/)
  })

  it('fails where nothing was tried', async () => {
    const none = await runFuzzing(['--executions', '100', '--seed', '7', '--only', 'no such decoder'])
    assert.deepEqual(none.counts, { passed: 0, failed: 1, skipped: 0 })
    assert.match(none.text, /exit code 1/)
  })
})
