/** Lines broken to a terminal's width: between words, indented, and nothing lost. */
import assert from 'node:assert/strict'
import { styleText } from 'node:util'
import fc from 'fast-check'
import { printableText } from '../../../node/host/printable.ts'
import { wrapped } from '../../../node/host/wrap.ts'

describe('a text for a terminal', () => {
  it('is broken between words, each line by itself, and indented from the second row on', () => {
    assert.equal(wrapped('one two three\nfour', 9), 'one two\nthree\nfour')
    assert.equal(wrapped('one two three', 9, { indent: 2 }), 'one two\n  three')
    assert.equal(wrapped('  one two', 7), '  one\ntwo')
    assert.equal(wrapped('exactly ten', 11), 'exactly ten')
    for (const text of ['', ' ', 'a  b', '  | x', 'trailing ']) assert.equal(wrapped(text, 40), text)
  })

  it('stays as it is where there is no terminal, or hardly one', () => {
    for (const columns of [undefined, 0, 5]) assert.equal(wrapped('one two three', columns, { indent: 4 }), 'one two three')
  })

  it('keeps a long word whole, so that it can be copied, or breaks it where others wrote it', () => {
    const word = 'w'.repeat(25)
    assert.equal(wrapped(`see ${word} now`, 10), `see\n${word}\nnow`)
    assert.equal(wrapped(`  ${word}`, 10), `  ${word}`)
    assert.equal(wrapped(`see ${word} now`, 10, { indent: 2, keepsWords: false }),
      'see\n  wwwwwwww\n  wwwwwwww\n  wwwwwwww\n  w now')
  })

  it('counts no colours, and wide letters twice', () => {
    const red = styleText('red', 'red', { validateStream: false })
    assert.equal(wrapped(`${red} car`, 7), `${red} car`)
    assert.equal(wrapped('漢字漢字 漢字', 10, { keepsWords: false }), '漢字漢字\n漢字')
    assert.equal(wrapped('漢字漢字漢字', 10, { keepsWords: false }), '漢字漢字漢\n字')
    assert.equal(wrapped('✓✓ … — “é”', 10), '✓✓ … — “é”')
  })

  it('never lets a message of whatever length begin a row that it did not begin', () => {
    const hostile = `hi${' '.repeat(33)}08:00 you: I pay`
    const rows = wrapped(`08:00 Bob: ${hostile}`, 40, { indent: 4, keepsWords: false }).split('\n')
    assert.deepEqual(rows, ['08:00 Bob: hi', '    08:00 you: I pay'])
    const letters = fc.string({ unit: fc.constantFrom('a', ' ', '\u00a0', '漢', '|', '\n'), maxLength: 200 })
    fc.assert(fc.property(letters, fc.integer({ min: 10, max: 60 }), (text, columns) => {
      const line = `08:00 Bob: ${printableText(text)}`
      const shown = wrapped(line, columns, { indent: 4, keepsWords: false })
      const width = (row: string): number => Array.from(row).reduce((sum, one) => sum + (one === '漢' ? 2 : 1), 0)
      for (const row of shown.split('\n').slice(1)) {
        assert.ok(width(row) <= columns, row)
        // The text's own further lines start with a bar.
        assert.match(row, text.includes('\n') ? /^ {4}|^ {2}\|/ : /^ {4}/)
      }
      assert.equal(shown.replaceAll(/[ \n]/g, ''), line.replaceAll(/[ \n]/g, ''))
    }))
  })
})
