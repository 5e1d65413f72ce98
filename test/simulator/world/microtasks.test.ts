/** The drain of promise reactions, in a process that throws compiled code away as a long-lived one does. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const source = pathToFileURL(join(import.meta.dirname, 'microtasks.ts')).href
const program = `
  import { setFlagsFromString } from 'node:v8'
  import { runInNewContext } from 'node:vm'
  import { asTask, drainMicrotasks } from '${source}'
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 10; i++) collect()
    await asTask(() => {
      let isDone = false
      void Promise.resolve().then(() => { isDone = true })
      drainMicrotasks()
      process.stdout.write(isDone ? 'drained ' : 'left ')
    })
  }`

describe('the drain of promise reactions', () => {
  it('does what it says also after its code was thrown away', function () {
    this.timeout(20_000)
    const { stdout, stderr } = spawnSync(process.execPath, ['--stress-flush-code', '--input-type=module-typescript', '--eval', program], { encoding: 'utf8' })
    assert.equal(stdout, 'drained drained drained ', stderr)
  })
})
