/**
 * The test run itself: what it counts, how it closes, and that it can't be green by accident.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addCounts, closingLine, exitCodeOf, parseOutcome } from './counts.ts'
import { root } from './files.ts'

describe('a test run', () => {
  let dir: string

  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'restante-house-')) })
  afterEach(() => { rmSync(dir, { recursive: true, force: true }) })

  interface Outcome { code: number | null, output: string, last: string | undefined }
  const run = (files: Record<string, string>): Outcome => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
    const args = ['test/run.ts', '--tests-only', join(dir, '*.test.ts')]
    const { status, stdout, stderr } = spawnSync(process.execPath, args,
      { cwd: root, encoding: 'utf8', env: { ...process.env, RESTANTE_SEED: '42' } })
    return { code: status, output: stdout + stderr, last: stdout.trimEnd().split('\n').at(-1) }
  }

  it('counts what passed, failed and was skipped, and names the seed', () => {
    const { code, output, last } = run({
      'a.test.ts': "it('passes', () => {}); it('fails', () => { throw new Error('planted') })",
      'b.test.ts': "it('waits'); it.skip('skips', () => {}); it('passes', () => {})"
    })
    assert.equal(last, '2 passed, 1 failed, 2 skipped')
    assert.equal(code, 1)
    assert.match(output, /planted/)
    assert.match(output, /RESTANTE_SEED=42/)
  })

  it('tells at its end once more what failed, and why', () => {
    const { output } = run({
      'a.test.ts': "describe('of these', () => { it('one fails', () => { throw new Error('planted') }) })",
      'b.test.ts': "describe('a hook', () => { before(() => { throw new Error('hooked') }); it('waits', () => {}) })",
      'c.test.ts': "it('passes', () => {})"
    })
    const told = output.slice(output.lastIndexOf('Failed:'))
    assert.match(told, /of these one fails\n +Error: planted/)
    assert.match(told, /a hook "before all" hook for "waits"\n +Error: hooked/)
    assert.doesNotMatch(told, /passes/)
  })

  it('exits with 0 where all passed', () => {
    const { code, last } = run({ 'a.test.ts': "it('passes', () => {})" })
    assert.equal(last, '1 passed, 0 failed, 0 skipped')
    assert.equal(code, 0)
  })

  it('fails where no test ran', () => {
    const none = run({})
    assert.equal(none.last, '0 passed, 0 failed, 0 skipped')
    assert.equal(none.code, 1)
    const skipped = run({ 'a.test.ts': "it.skip('skips', () => {})" })
    assert.equal(skipped.last, '0 passed, 0 failed, 1 skipped')
    assert.equal(skipped.code, 1)
  })

  it('fails where a file does not load, or ends the process before its tests did', () => {
    for (const text of ["import './nowhere.ts'", "it('ends', () => { process.exit(0) })", 'const = 1']) {
      const { code, last } = run({ 'a.test.ts': text })
      assert.equal(last, '0 passed, 1 failed, 0 skipped', text)
      assert.equal(code, 1)
    }
  })

  it('fails where a test was left as the only one', () => {
    const { code, last } = run({ 'a.test.ts': "it('is left out', () => {}); it.only('is alone', () => {})" })
    assert.match(last ?? '', / [1-9]\d* failed,/)
    assert.equal(code, 1)
  })

  it('fails where something keeps running after the last test', function () {
    this.timeout(60_000)
    const { code, output, last } = run({ 'a.test.ts': "it('passes', () => { setInterval(() => {}, 1000) })" })
    assert.equal(last, '1 passed, 1 failed, 0 skipped')
    assert.match(output, /left running/)
    assert.match(output, /Still open after the last test: .*Timeout/)
    assert.equal(code, 1)
  })

  it('gives property tests the seed of the run', () => {
    const text = `import { readConfigureGlobal } from ${JSON.stringify(import.meta.resolve('fast-check'))}
      it('has it', () => { if (readConfigureGlobal().seed !== 42) throw new Error('no') })`
    assert.equal(run({ 'a.test.ts': text }).code, 0)
  })
})

describe('counts', () => {
  it('add up and close as one line', () => {
    const sum = addCounts([{ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 }])
    assert.equal(closingLine(sum), '11 passed, 22 failed, 33 skipped')
    assert.equal(exitCodeOf(sum), 1)
    assert.equal(exitCodeOf({ passed: 1, failed: 0, skipped: 9 }), 0)
    assert.equal(exitCodeOf(addCounts([])), 1)
  })

  it('are read only where they are whole', () => {
    const whole = { passed: 1, failed: 1, skipped: 2, failures: ['a test'] }
    assert.deepEqual(parseOutcome(JSON.stringify(whole)), whole)
    for (const text of ['', '{"passed":1', '{"passed":1}', 'null', '{"passed":-1,"failed":0,"skipped":0,"failures":[]}',
      '{"passed":"1","failed":0,"skipped":0,"failures":[]}', '{"passed":1,"failed":0,"skipped":2}']) {
      assert.equal(parseOutcome(text), undefined, text)
    }
  })
})
