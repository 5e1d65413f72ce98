import assert from 'node:assert/strict'
import { testTitles, titlesIn } from '../house/test-titles.ts'
import { attacks, isWhollyPending } from './attack-table.ts'

/** The numbers in a title: `S07: …`, or `… (S07)`. */
function numbersOf (title: string): string[] {
  return title.match(/\bS\d\d\b/g) ?? []
}

describe('the table of attacks', () => {
  const ids = Object.keys(attacks)
  const tested = new Set(testTitles().filter(({ file }) => file !== 'test/attacks/attack-table.test.ts')
    .flatMap(({ title }) => numbersOf(title)))

  it('has S01 to S35, each once', () => {
    assert.deepEqual(ids, Array.from({ length: 35 }, (_, i) => `S${String(i + 1).padStart(2, '0')}`))
  })

  it('names tests that bear the number of each, or says what is missing', () => {
    for (const id of ids) {
      assert.equal(tested.has(id), !isWhollyPending(id), `${id}: ${tested.has(id) ? 'is tested' : 'has no test'}`)
      if (isWhollyPending(id)) assert.ok(attacks[id]!.pending !== undefined, `${id}: no reason`)
    }
    assert.deepEqual([...tested].filter((id) => !ids.includes(id)), [], 'numbers of no attack')
  })

  it('is read from titles as they are spelled', () => {
    const source = "it('S01: a\\'s', () => {})\n  describe(`the ${name} (S02)`, f)\nitAgreesWith('cctv/x.json', 'same', f)"
    assert.deepEqual(titlesIn(source), ["S01: a's", 'the ${name} (S02)', 'same'])
    assert.deepEqual(titlesIn(source).flatMap(numbersOf), ['S01', 'S02'])
  })
})

describe('attacks that wait for what is not built', () => {
  for (const [id, { attack, pending }] of Object.entries(attacks)) {
    if (pending !== undefined) it.skip(`${id}: ${attack}: ${pending}`)
  }
})
