/**
 * Planted bugs: each is still where it says, and the checkers find it. The quick ones are hunted here,
 * by the seed that found them last and some more; all of them by `npm run mutants`.
 */
import assert from 'node:assert/strict'
import { invariants } from '../check/checkers.ts'
import type { Invariant } from '../check/history.ts'
import { mutatedSource } from './load.ts'
import { mutants } from './mutants.ts'
import { hunt, tableOf } from './table.ts'

describe('planted bugs', function () {
  this.timeout(60_000)

  /** Name and first seed: together they take a few seconds. */
  const quick: Array<[name: string, firstSeed: number]> = [
    ['relay-acks-before-sync', 1], ['relay-acks-before-write', 1], ['relay-deletes-on-fetch', 1], ['relay-ignores-acks', 1],
    ['one-relay-is-enough', 1], ['duplicates-index-in-memory', 2]
  ]

  it('are each a change to one passage of the product that is still there', () => {
    for (const mutant of mutants) {
      for (const { file } of mutant.changes) assert.ok(mutatedSource(mutant, file).length > 0)
    }
    const [first] = mutants
    assert.throws(() => mutatedSource({ ...first!, changes: [{ ...first!.changes[0]!, find: 'no such passage' }] }, first!.changes[0]!.file),
      /its passage is 0 times/)
  })

  it('have names of their own, and one at least for every invariant that is checked', () => {
    assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length)
    const killers = new Set(mutants.flatMap(({ killedBy }) => killedBy))
    assert.deepEqual((Object.keys(invariants) as Invariant[]).filter(invariant => !killers.has(invariant)), [])
  })

  for (const [name, firstSeed] of quick) {
    it(`are found: ${name}`, async () => {
      const mutant = mutants.find(one => one.name === name)
      assert.ok(mutant !== undefined)
      const { killed } = await hunt(mutant, firstSeed, 5)
      assert.ok(killed !== undefined, `${name} survived`)
      assert.match(tableOf([{ mutant, killed, cpuMs: 1 }]), new RegExp(`${name} +killed +${killed.by}`))
    })
  }
})
