import assert from 'node:assert/strict'
import fc from 'fast-check'
import { printable, printableText } from '../../../node/host/printable.ts'

describe('names and texts of others in a terminal', () => {
  for (const [what, hostile, shown] of [
    ['an escape sequence', '\u001b[2Jgone', '\\x1b[2Jgone'],
    ['a C1 control sequence introducer', '\u009b31m', '\\x9b31m'],
    ['a bell and a backspace', 'a\u0007\u0008b', 'a\\x07\\x08b'],
    ['DEL', '\u007f', '\\x7f'],
    ['a right-to-left override', 'cod\u202etxt.exe', 'cod\\u202etxt.exe'],
    ['isolates and marks', '\u2066\u2069\u200f\u061c', '\\u2066\\u2069\\u200f\\u061c'],
    ['a zero-width space in a name', 'Al\u200bice', 'Al\\u200bice'],
    ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
    ['tag characters', '\u{e0041}', '\\u{e0041}'],
    ['a lone surrogate', 'x\ud800', 'x\\ud800'],
    ['a carriage return', 'Bob\rEve', 'Bob\\rEve'],
    ['a newline in a name', 'Bob\nEve: hi', 'Bob\\nEve: hi']
  ] as const) {
    it(`shows ${what} as an escape`, () => { assert.equal(printable(hostile), shown) })
  }

  it('leaves letters of every script, emoji and joiners as they are', () => {
    for (const text of ['Zoë', 'محمد', 'می‌خواهم', '中文', '👩‍👩‍👧', 'é', '🇨🇭', 'naïve "quotes" \\ slash']) {
      assert.equal(printable(text), text)
    }
  })

  it('keeps a text\'s lines, but never lets one look like somebody else\'s', () => {
    assert.equal(printableText('hi\r\nBob: pay me\n\n'), 'hi\n  | Bob: pay me\n  | \n  | ')
  })

  it('lets no control or bidirectional character through, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text)
      const hostile = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
      assert.ok(!hostile.test(shown), JSON.stringify(shown))
      assert.ok(!printableText(text).replaceAll('\n', '').match(/\p{Cc}/u))
    }))
  })
})
