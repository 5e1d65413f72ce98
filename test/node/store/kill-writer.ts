/**
 * Writes batch after batch to the store in the given folder, a few at once, while epochs turn, and
 * prints the number of each one that was acknowledged, until it is killed. A program of its own, for kill.test.ts.
 */
import { writeSync } from 'node:fs'
import { diskLevel, openSealed } from './fixtures.ts'
import { batchOf } from './batches.ts'

const [path = '', from = '0'] = process.argv.slice(2)
const store = await openSealed(diskLevel(path))
const batchesMax = 20_000

let turns = Promise.resolve()
for (let next = Number(from); next < batchesMax;) {
  // One after the other, so that a kill comes in the middle of a turn more often than not.
  if (next % 8 === 0) turns = turns.then(async () => { await store.shred() })
  const underWay: Array<Promise<void>> = []
  for (let i = 0; i < 4; i++) {
    const number = next++
    underWay.push(store.batch(batchOf(number), { durable: number % 4 !== 1 }).then(() => {
      // Straight to the pipe: a buffer in this process would die with it.
      writeSync(1, `${number}\n`)
    }))
  }
  await Promise.all(underWay)
}
