/**
 * A text as a QR code for a terminal: half-block characters, two modules each, and the smallest level of
 * correction, as a screen loses none. A code that is cut off can't be scanned, so what doesn't fit isn't shown.
 * Not here: what is encoded.
 */
import encodeQR from 'qr'
import type { Output } from './output.ts'

/** In characters. */
export interface Screen { columns: number, rows: number }

/** Of light modules around it: four are asked for, and scanners do with less. */
const borders = [2, 1]

/**
 * Its lines; or, where it doesn't fit, the smallest screen on which it would. `rowsBelow`: of what is printed
 * after it; one more stays for the prompt.
 */
export function scanCode (
  text: string, screen: Screen, rowsBelow = 0
): { lines: string[] } | { needed: Screen } {
  let needed = screen
  for (const border of borders) {
    const lines = encodeQR(text, 'ascii', { ecc: 'low', border }).split('\n').filter((line) => line !== '')
    needed = { columns: lines[0]?.length ?? 0, rows: lines.length + 1 + rowsBelow }
    if (needed.columns <= screen.columns && needed.rows <= screen.rows) return { lines }
  }
  return { needed }
}

/** For the person at a terminal only. */
export function showScanCode ({ note, style, json, quiet }: Output, text: string, rowsBelow?: number): void {
  const { isTTY, columns, rows } = process.stderr
  if (!process.stdout.isTTY || !isTTY || json || quiet) return
  // Some terminals say that they have none.
  const code = scanCode(text, { columns: columns || 80, rows: rows || 24 }, rowsBelow)
  if ('lines' in code) {
    // Its own colours: on light ground it would come out inverted, which many scanners can't read.
    note(code.lines.map((line) => style(['whiteBright', 'bgBlack'], line)).join('\n'))
  } else {
    const { columns: wide, rows: high } = code.needed
    note(`(No QR code: it needs a terminal of ${wide} columns and ${high} rows, and this one has ${columns} and ${rows}.)`)
  }
}
