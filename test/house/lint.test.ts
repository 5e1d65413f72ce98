/**
 * Lint and the dead-code check find what they are there for: faults are planted in a project of their
 * own, under this repository's settings.
 */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { commandOf, runTool } from './checks.ts'
import { root } from './files.ts'

describe('the checks', () => {
  let dir: string

  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'restante-house-')) })
  afterEach(() => { rmSync(dir, { recursive: true, force: true }) })

  const plant = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }

  describe('lint', () => {
    const lint = async (path: string, text: string): Promise<string | undefined> => {
      for (const file of ['.oxlintrc.json', 'tsconfig.json']) cpSync(join(root, file), join(dir, file))
      mkdirSync(join(dir, 'node_modules'))
      symlinkSync(join(root, 'node_modules/@types'), join(dir, 'node_modules/@types'), 'dir')
      plant(path, text)
      const { program, args } = commandOf('lint')
      return await runTool(program, args, dir)
    }
    const later = 'async function later (): Promise<number> { return await Promise.resolve(1) }\n'

    const faults: Array<[rule: string, path: string, text: string]> = [
      ['no-floating-promises', 'node/net/x.ts', `${later}export function f (): void { later() }\n`],
      ['no-misused-promises', 'node/net/x.ts', `${later}export const f = (a: number[]): void => { a.forEach(async () => { await later() }) }\n`],
      ['no-misused-promises', 'node/net/x.ts', `${later}export function f (): number { return later() ? 1 : 2 }\n`],
      ['await-thenable', 'node/net/x.ts', 'export async function f (): Promise<void> { await 1 }\n'],
      ['no-explicit-any', 'node/net/x.ts', 'export function f (a: any): unknown { return a }\n'],
      ['no-unsafe-assignment', 'node/net/x.ts', 'export function f (a: string): number { const b: number = JSON.parse(a); return b }\n'],
      ['no-unsafe-return', 'node/net/x.ts', 'export function f (a: string): number { return JSON.parse(a) }\n'],
      ['only-throw-error', 'node/net/x.ts', "export function f (): void { throw 'x' }\n"],
      ['switch-exhaustiveness-check', 'node/net/x.ts', "export function f (a: 'x' | 'y'): number { switch (a) { case 'x': return 1 }\n return 2 }\n"],
      ['no-empty', 'node/net/x.ts', 'export function f (): void { try { Math.random() } catch {} }\n'],
      ['no-unused-vars', 'node/net/x.ts', 'export function f (): void { const a = 1 }\n'],
      ['no-restricted-globals', 'node/core/x.ts', 'export const f = (): number => Date.now()\n'],
      ['no-restricted-globals', 'protocol/deep/x.ts', 'export const f = (g: () => void): unknown => setTimeout(g, 1)\n'],
      ['no-console', 'relay/core/x.ts', "export const f = (): void => { console.log('x') }\n"],
      ['no-restricted-imports', 'relay/store/x.ts', "import { readFileSync } from 'node:fs'\nexport const f = (): string => readFileSync('x', 'utf8')\n"],
      ['no-floating-promises', 'test/x.test.ts', `${later}export function f (): void { later() }\n`]
    ]
    for (const [rule, path, text] of faults) {
      it(`finds ${rule} in ${dirname(path)}`, async () => {
        assert.match(await lint(path, text) ?? 'nothing was found', new RegExp(`\\(${rule}\\)`))
      })
    }

    it('finds nothing in code that is right', async () => {
      const text = `${later}export async function f (): Promise<number> { return await later() }\n`
      assert.equal(await lint('node/core/x.ts', text), undefined)
    })
  })

  describe('the dead-code check', () => {
    const findUnused = async (more: Record<string, string>): Promise<string | undefined> => {
      cpSync(join(root, 'knip.json'), join(dir, 'knip.json'))
      plant('package.json', '{"name":"x","type":"module","dependencies":{"used":"1.0.0"}}')
      plant('node/host/main.ts', "import 'used'\nimport { live } from '../core/live.ts'\nconsole.log(live)\n")
      plant('node/core/live.ts', 'export const live = 1\n')
      for (const [path, text] of Object.entries(more)) plant(path, text)
      const { program, args } = commandOf('unused')
      return await runTool(program, args, dir)
    }

    for (const [title, more, words] of [
      ['a file nobody imports', { 'protocol/dead.ts': 'export const dead = 1\n' }, /protocol\/dead\.ts/],
      ['an export nobody uses', { 'node/core/live.ts': 'export const live = 1\nexport const dead = 2\n' }, /dead .*node\/core\/live\.ts/],
      ['a dependency nobody imports', { 'package.json': '{"name":"x","dependencies":{"used":"1.0.0","idle":"1.0.0"}}' }, /idle/],
      ['an import of a package that is no dependency', { 'node/core/live.ts': "import 'missing'\nexport const live = 1\n" }, /missing/]
    ] as Array<[string, Record<string, string>, RegExp]>) {
      it(`finds ${title}`, async () => {
        assert.match(await findUnused(more) ?? 'nothing was found', words)
      })
    }

    it('finds nothing where all is used', async () => {
      assert.equal(await findUnused({}), undefined)
    })
  })
})
