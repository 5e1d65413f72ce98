/**
 * kill -9 in the middle of batches: what was acknowledged is there, whole; nothing is there in part.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../../support/seeded-random.ts'
import { diskLevel, openSealed, seed, temporaryFolder } from './fixtures.ts'
import { batchesIn } from './batches.ts'

const writer = fileURLToPath(new URL('./kill-writer.ts', import.meta.url))
const rounds = 6

describe('the sealed store under kill -9', () => {
  it(`keeps each acknowledged batch whole, and of the others all or nothing (seed ${seed})`, async function () {
    this.timeout(120_000)
    const folder = await temporaryFolder()
    const random = seededRandom(`kill ${seed}`)
    let acknowledged = -1
    try {
      for (let round = 0; round < rounds; round++) {
        const [acksBeforeKill = 0, delayMs = 0] = random.bytes(2)
        acknowledged = await writeUntilKilled(folder.path, acknowledged + 1, acksBeforeKill % 60, delayMs % 12)
        const store = await openSealed(diskLevel(folder.path))
        const { whole, torn } = await batchesIn(store)
        await store.close()
        assert.deepEqual(torn, [], `round ${round}: batches there in part`)
        assert.deepEqual(whole, whole.map((_, i) => i), `round ${round}: a batch is missing before a later one`)
        assert.ok(whole.length > acknowledged, `round ${round}: ${acknowledged + 1} acknowledged, ${whole.length} there`)
        acknowledged = whole.length - 1
      }
      assert.ok(acknowledged > rounds, 'the writer wrote something')
    } finally {
      await folder.remove()
    }
  })
})

/** Starts a writer at batch `from`, kills it, and resolves to the last batch that it acknowledged. */
async function writeUntilKilled (path: string, from: number, acks: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [writer, path, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let last = from - 1
  const lines = createInterface({ input: child.stdout })
  lines.on('line', line => {
    last = Number(line)
    if (last === from + acks) setTimeout(() => { child.kill('SIGKILL') }, delayMs)
  })
  const exit = await new Promise<NodeJS.Signals | null>(resolve => { child.once('close', (_, signal) => { resolve(signal) }) })
  assert.equal(exit, 'SIGKILL', 'the writer ended by itself')
  return last
}
