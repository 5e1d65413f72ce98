/** `restante simulate` as a process: exit codes, files, workers, and being stopped. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, startCommand, withFolder } from '../../support/cli.ts'
import { reproLine } from '../run/repro.ts'
import { runSchedule } from '../run/schedule.ts'
import { commandOf } from './explore.ts'
import { perform, wholeRun } from './perform.ts'

const text = `name: Small
duration: 1 min
settle: 1 min
nodes: { clients: 2, relays: 1 }
workload: { rate: 10 / min }
timeline:
  - { at: 10 s, for: 20 s, partition: { isolate: client-1 } }
expect: { lost: 0, delivery_p99: < 1 min }
`
const objectsIn = (stdout: string): Array<Record<string, unknown>> =>
  stdout.trim().split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>)

describe('restante simulate', function () {
  this.timeout(180_000)

  const withScenario = async (content: string, run: (file: string, folder: string) => Promise<void>): Promise<void> => {
    await withFolder(async folder => {
      const file = join(folder, 'small.yaml')
      writeFileSync(file, content)
      await run(file, folder)
    })
  }

  it('ends with 2, and says where, if the file is wrong', async () => {
    await withScenario(text.replace('isolate', 'isolat'), async file => {
      const { code, stdout, stderr } = await runCommand(['simulate', 'run', file])
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, /small\.yaml:7:41: timeline\[0\]\.partition\.isolat: there is no field 'isolat' here\. Perhaps 'isolate'\?\n$/)
    })
  })

  it('ends with 0 where all is as expected, writes the run, and plays it again', async () => {
    await withScenario(text, async (file, folder) => {
      const out = join(folder, 'out')
      const { code, stdout } = await runCommand(['simulate', 'run', file, '--seed', '3', '--out', out])
      assert.equal(code, 0, stdout)
      assert.match(stdout, /✓ delivery_p99 .*\n.*\nSmall, seed 3: \d+ of \d+ delivered/)
      assert.deepEqual(readdirSync(out).sort(), ['history.jsonl', 'metrics.csv', 'report.html', 'repro.json', 'result.json'])
      // Elsewhere, and without the file.
      writeFileSync(file, 'gone')
      const again = await runCommand(['simulate', 'replay', join(out, 'repro.json'), '--json'])
      assert.equal(again.code, 0)
      assert.equal(objectsIn(again.stdout).at(-1)?.['isSame'], true)
      const repro = JSON.parse(readFileSync(join(out, 'repro.json'), 'utf8')) as object
      writeFileSync(join(out, 'repro.json'), JSON.stringify({ ...repro, seed: 4 }))
      const other = await runCommand(['simulate', 'replay', out, '--json'])
      assert.deepEqual([other.code, objectsIn(other.stdout).at(-1)?.['isSame']], [1, false])
    })
  })

  it('ends with 1 where an expectation is not met', async () => {
    await withScenario(text.replace('< 1 min', '< 1 s'), async file => {
      const { code, stdout } = await runCommand(['simulate', 'run', file, '--json'])
      assert.equal(code, 1)
      const end = objectsIn(stdout).at(-1)
      assert.deepEqual([end?.['event'], end?.['isAsExpected']], ['end', false])
      assert.match(String(end?.['failure']), /^delivery_p99: .* expected < 1 s$/)
    })
  })

  it('sweeps in processes of their own what one run gives by itself', async () => {
    await withScenario(text, async (file, folder) => {
      const out = join(folder, 'swept')
      const argv = ['simulate', 'sweep', file, '--seeds', '1..2', '--grid', 'loss=0,0.2', '--jobs', '2', '--out', out]
      const { code, stdout, stderr } = await runCommand(argv)
      assert.equal(code, 0, stderr)
      assert.match(stdout, /loss=0 +2 +2 .*\nloss=0\.2 +2 +2 .*\n4 of 4 runs, 0 not as expected, 0 broken/)
      const results = objectsIn(readFileSync(join(out, 'results.jsonl'), 'utf8'))
      assert.deepEqual(results.map(({ seed, parameters }) => [seed, parameters]), [[1, { loss: '0' }], [1, { loss: '0.2' }], [2, { loss: '0' }], [2, { loss: '0.2' }]])
      const scenario = { file, text, attachments: {} }
      const alone = await perform({ ...wholeRun, version: '0', scenario, seed: 2, overrides: [{ field: 'loss', value: '0.2' }] })
      assert.equal(results[3]?.['traceHash'], alone.record.traceHash)
      assert.equal(readFileSync(join(out, 'runs.csv'), 'utf8').trimEnd().split('\n').length, 5)
      assert.ok(readFileSync(join(out, 'report.html'), 'utf8').includes('</html>'))
    })
  })

  it('keeps of a sweep that is stopped what was done, whole', async () => {
    await withScenario(text, async (file, folder) => {
      const out = join(folder, 'swept')
      const command = startCommand(['simulate', 'sweep', file, '--seeds', '1..100000', '--jobs', '1', '--out', out, '--json'])
      assert.equal((JSON.parse(await command.line()) as { event: string }).event, 'run')
      command.child.kill('SIGINT')
      const { code, stdout } = await command.end
      assert.equal(code, 1)
      const end = objectsIn(stdout).at(-1)
      const results = objectsIn(readFileSync(join(out, 'results.jsonl'), 'utf8'))
      assert.deepEqual([end?.['event'], end?.['wanted'], end?.['runs']], ['end', 100_000, results.length])
      assert.ok(results.length >= 1 && results.length < 1000)
      assert.ok(readFileSync(join(out, 'report.html'), 'utf8').includes('</html>'))
      assert.ok(!existsSync(join(out, 'report.html.partial')))
    })
  })

  it('ends with 1, and writes what there is, if one long run is stopped', async () => {
    await withScenario(text.replace('duration: 1 min', 'duration: 60 days').replace('10 / min', '2 / h'), async (file, folder) => {
      const out = join(folder, 'out')
      const command = startCommand(['simulate', 'run', file, '--out', out, '--json'])
      assert.equal((JSON.parse(await command.line()) as { event: string }).event, 'begins')
      command.child.kill('SIGINT')
      const { code, stdout } = await command.end
      assert.equal(code, 1)
      assert.equal(objectsIn(stdout).at(-1)?.['isWhole'], false)
      assert.ok(readFileSync(join(out, 'report.html'), 'utf8').includes('</html>'))
      assert.ok(readFileSync(join(out, 'history.jsonl'), 'utf8').endsWith('}\n'))
    })
  })

  it('explores until it is stopped, tells what was done by then, and plays one schedule again', async () => {
    const command = startCommand(['simulate', 'explore', '--seed', '7', '--jobs', '1', '--minutes', '1000', '--json'])
    assert.deepEqual(JSON.parse(await command.line()), { event: 'begins', seed: 7 })
    assert.equal((JSON.parse(await command.line()) as { event: string }).event, 'explored')
    command.child.kill('SIGINT')
    const { code, stdout } = await command.end
    const end = objectsIn(stdout).at(-1)!
    assert.deepEqual([code, end['event'], end['isWhole'], end['violated']], [0, 'end', false, 0], stdout)
    assert.ok(Number(end['schedules']) >= 20 && Number(end['schedules']) % 20 === 0)

    // What a failure would print.
    const [program, ...args] = commandOf(reproLine(7, { withoutFaults: [0, 1], withoutSends: [2] })).split(' ')
    assert.equal(program, 'restante')
    const again = await runCommand([...args, '--json'])
    const { traceHash } = await runSchedule(7, { withoutFaults: [0, 1], withoutSends: [2] })
    assert.deepEqual([again.code, objectsIn(again.stdout).at(-1)?.['traceHash']], [0, traceHash])
    const wrong = await runCommand(['simulate', 'explore', '--without-faults', '1'])
    assert.equal(wrong.code, 2)
  })
})
