/**
 * Planted bugs: each is still where it says, and the checkers find it. The quick ones are hunted here,
 * by the seed that found them last and some more; all of them by `npm run mutants`.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { invariants } from '../check/checkers.ts'
import type { Invariant } from '../check/history.ts'
import { faultKinds } from '../run/plan.ts'
import { foundIn, mutantsDocument } from './document.ts'
import { mutatedSource } from './load.ts'
import { mutants } from './mutants.ts'
import { hunt, isWellHunted, tableOf } from './table.ts'

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

  it('have names of their own, and are at least 28', () => {
    assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length)
    assert.ok(mutants.length >= 28, `${mutants.length}`)
  })

  it('leave no invariant out: each finds one that no other has to find', () => {
    const alone = new Set(mutants.flatMap(({ killedBy }) => killedBy.length === 1 ? killedBy : []))
    assert.deepEqual((Object.keys(invariants) as Invariant[]).filter(invariant => !alone.has(invariant)), [])
  })

  it('leave no kind of fault out: each shows one that does not show without it', () => {
    const showing = new Set(mutants.map(({ fault }) => fault))
    assert.deepEqual(faultKinds.filter(kind => !showing.has(kind)), [])
  })

  it('are on their page as they are here, found by what should find them in as many schedules as they may take', () => {
    const page = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
    const found = foundIn(page, mutants)
    assert.deepEqual(found.map(({ mutant }) => mutant.name), mutants.map(({ name }) => name))
    assert.equal(page, mutantsDocument(found))
    for (const { mutant, by, schedules } of found) {
      assert.ok(mutant.killedBy.includes(by) && schedules <= mutant.schedulesMax, mutant.name)
    }
  })

  for (const [name, firstSeed] of quick) {
    it(`are found: ${name}`, async () => {
      const mutant = mutants.find(one => one.name === name)
      assert.ok(mutant !== undefined)
      const found = await hunt(mutant, firstSeed, 5)
      const { killed } = found
      assert.ok(killed !== undefined, `${name} survived`)
      assert.ok(isWellHunted(found), `${name}: ${found.falseAlarms.join()}`)
      assert.match(tableOf([found]), new RegExp(`${name} +killed +${killed.by}`))
      const alarmed = { ...found, falseAlarms: ['I1: as if'] }
      assert.match(tableOf([alarmed]), new RegExp(`${name} +FALSE ALARM +${killed.by}`))
      assert.ok(!isWellHunted(alarmed) && !isWellHunted({ ...found, killed: undefined }))
    })
  }
})
