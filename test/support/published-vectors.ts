/**
 * Test vectors that others published, read from `RESTANTE_VECTORS` or from ../shared/vectors beside
 * the checkout. They are not copied into the project: where they come from is in the line below.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex } from '../../protocol/bytes.ts'

const folder = process.env['RESTANTE_VECTORS'] ?? join(import.meta.dirname, '../../../shared/vectors')
const isPresent = existsSync(join(folder, 'wycheproof'))

if (!isPresent) {
  process.stderr.write(`published vectors (C2SP/wycheproof testvectors_v1, C2SP/CCTV) not found in ${folder}: ` +
    'set RESTANTE_VECTORS\n')
}

/** Names of the Wycheproof files that are there; none where the folder is not. */
export function wycheproofFiles (): string[] {
  return isPresent ? readdirSync(join(folder, 'wycheproof')).sort() : []
}

export interface WycheproofCase {
  tcId: number
  comment?: string
  flags: string[]
  result: 'valid' | 'invalid' | 'acceptable'
  [field: string]: unknown
}

export interface WycheproofGroup { [field: string]: unknown, tests: WycheproofCase[] }

/** One test over the groups of a Wycheproof file; pending without the file, failing in CI. */
export function itAgreesWithWycheproof (file: string, title: string, run: (groups: WycheproofGroup[]) => void | Promise<void>): void {
  itAgreesWith(`wycheproof/${file}`, title, (parsed) => run((parsed as { testGroups: WycheproofGroup[] }).testGroups))
}

export function itAgreesWith (path: string, title: string, run: (parsed: unknown) => void | Promise<void>): void {
  if (!isPresent && process.env['CI'] !== 'true') {
    it.skip(title)
    return
  }
  it(title, async function () {
    this.timeout(120_000)
    await run(JSON.parse(readFileSync(join(folder, path), 'utf8')))
  })
}

/** The bytes of a hexadecimal field. */
export function bytesOf (value: unknown): Uint8Array {
  const bytes = typeof value === 'string' ? fromHex(value) : undefined
  if (bytes === undefined) throw new Error(`no hexadecimal field: ${String(value)}`)
  return bytes
}
