/** QR codes in a terminal: what a scanner reads from the characters, and what doesn't fit. */
import assert from 'node:assert/strict'
import decodeQR from 'qr/decode.js'
import { scanCode } from '../../../node/host/scan-code.ts'

const roomy = { columns: 200, rows: 100 }
/** As long as an invite with one relay. */
const invite = `restante:${'AQogi4l-6XMdHk_12KIJiUPQtas4'.repeat(6)}Xpot`

/** Pixels of one module's side, for the scanner. */
const scale = 4
const lightHalves: Record<string, [boolean, boolean]> = {
  '█': [true, true], '▀': [true, false], '▄': [false, true], ' ': [false, false]
}

/** What a camera sees: each character two modules above one another, on dark ground. */
function scanned (lines: string[]): string {
  const margin = 4
  const columns = lines[0]!.length
  const modules = lines.flatMap(line => [0, 1].map(half => Array.from(line, character => lightHalves[character]![half]!)))
  const [width, height] = [(columns + 2 * margin) * scale, (modules.length + 2 * margin) * scale]
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isLight = modules[Math.floor(y / scale) - margin]?.[Math.floor(x / scale) - margin] === true
      data.fill(isLight ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 4)
    }
  }
  return decodeQR({ width, height, data })
}

function linesOf (text: string, screen = roomy): string[] {
  const code = scanCode(text, screen)
  assert.ok('lines' in code)
  return code.lines
}

describe('a QR code in a terminal', () => {
  it('is read back by a scanner, with the wide border and with the narrow one', () => {
    for (const text of [invite, `${invite}${invite}`, 'restante-safety:x']) {
      const wide = linesOf(text)
      assert.equal(scanned(wide), text)
      const narrow = linesOf(text, { columns: wide[0]!.length - 1, rows: 100 })
      assert.equal(narrow[0]!.length, wide[0]!.length - 2)
      assert.equal(scanned(narrow), text)
    }
  })

  it('has two modules a character, so that it is half as high as it is wide', () => {
    for (const text of [invite, 'x']) {
      const lines = linesOf(text)
      assert.equal(lines.length, Math.ceil(lines[0]!.length / 2))
      assert.ok(lines.every(line => line.length === lines[0]!.length))
    }
  })

  it('is not shown where a line or a row of it would be cut off, and says what it needs', () => {
    const code = scanCode(invite, { columns: 80, rows: 24 })
    assert.ok('needed' in code)
    const { columns, rows } = code.needed
    assert.ok(rows > 24 && columns < 80)
    assert.equal(linesOf(invite, { columns, rows }).length, rows - 1)
    for (const small of [{ columns: columns - 1, rows }, { columns, rows: rows - 1 }]) {
      assert.deepEqual(scanCode(invite, small), { needed: { columns, rows } })
    }
    assert.deepEqual(scanCode(invite, { columns, rows }, 3), { needed: { columns, rows: rows + 3 } })
    assert.ok('lines' in scanCode(invite, { columns, rows: rows + 3 }, 3))
  })
})
