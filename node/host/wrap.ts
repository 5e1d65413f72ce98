/**
 * Lines as long as the terminal is wide, broken between words.
 *
 * A terminal breaks a line wherever it is full, at its edge: whoever knows how wide it is can fill a message
 * so that its rest looks like a line of somebody else's. So what follows is indented.
 */
import { stripVTControlCharacters } from 'node:util'

/**
 * `columns`: of the terminal; undefined: there is none, and the text stays as it is. A word that is longer
 * than a line stays whole where `keepsWords`, so that an address can be copied.
 */
export function wrapped (
  text: string, columns: number | undefined, { indent = 0, keepsWords = true } = {}
): string {
  if (columns === undefined || columns < 2 * (indent + 1)) return text
  return text.split('\n').map((line) => wrapLine(line, columns, ' '.repeat(indent), keepsWords)).join('\n')
}

function wrapLine (line: string, columns: number, indent: string, keepsWords: boolean): string {
  const rows: string[] = []
  let row = ''
  // Each with the spaces before it.
  for (const word of line.match(/ *[^ ]+| +$/g) ?? []) {
    const isFirst = /^ *$/.test(row)
    if (isFirst || widthOf(row + word) <= columns) row += word
    else {
      rows.push(row)
      row = indent + word.replace(/^ +/, '')
    }
    while (!keepsWords && widthOf(row) > columns) {
      const cut = fitting(row, columns)
      rows.push(row.slice(0, cut))
      row = indent + row.slice(cut)
    }
  }
  return [...rows, row].join('\n')
}

/** How much of `row` there is room for. */
function fitting (row: string, columns: number): number {
  let width = 0
  let at = 0
  for (const character of row) {
    width += widthOf(character)
    if (width > columns) break
    at += character.length
  }
  return at
}

const firstWide = '\u1100'
/** Latin and Greek with marks, punctuation, arrows, boxes and blocks. */
const narrow = /[\u1e00-\u2310\u2500-\u25fc\u2713]/

/** Of letters that may be two columns wide the terminal decides; here they are, lest it breaks the line itself. */
function widthOf (text: string): number {
  let width = 0
  for (const character of stripVTControlCharacters(text)) width += character < firstWide || narrow.test(character) ? 1 : 2
  return width
}
