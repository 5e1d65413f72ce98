/**
 * Compiles the code that documents show.
 *
 * A TypeScript block is a module of its own at the root of the repository: it imports
 * `./protocol/envelope.ts`. It is type-checked with the project's own settings, never run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { runTool } from './checks.ts'
import { root } from './files.ts'
import type { CodeBlock } from './markdown.ts'

export type LocatedBlock = CodeBlock & { path: string }

const where = ({ path, line }: LocatedBlock): string => `${path}:${line}`

async function compile (blocks: LocatedBlock[]): Promise<string[]> {
  if (blocks.length === 0) return []
  // Inside the repository, so that packages resolve; out of sight of git and of every other tool.
  const dir = mkdtempSync(join(root, 'node_modules/.documents-'))
  try {
    const config = { extends: '../../tsconfig.json', include: ['*.ts'] }
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config))
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
    for (const [index, { text }] of blocks.entries()) {
      const moved = text.replaceAll(/(['"])\.\/([^'"\n]+\.(?:ts|js))\1/g, '$1../../$2$1')
      writeFileSync(join(dir, `block-${index}.ts`), `${moved}export {}\n`)
    }
    const words = await runTool('tsc', ['-p', '.', '--pretty', 'false'], dir)
    if (words === undefined) return []
    return words.split('\n').filter(line => line.trim() !== '').map(line => line.replace(
      /^.*?block-(\d+)\.ts\((\d+),(\d+)\)/,
      (whole, index: string, row: string) => {
        const block = blocks[Number(index)]
        return block === undefined ? whole : `${block.path}:${block.line + Number(row) - 1}`
      }))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function parses (text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false // The answer, not a failure.
  }
}

/** What does not compile in `ts`, `js`, `json` and `jsonl` blocks, as `path:line: words`. Others pass. */
export async function brokenBlocks (blocks: LocatedBlock[]): Promise<string[]> {
  const broken: string[] = []
  for (const block of blocks) {
    if (block.language === 'js' || block.language === 'javascript') {
      try {
        parseAst(block.text, { lang: 'js' })
      } catch (error) {
        broken.push(`${where(block)}: ${(error as Error).message}`)
      }
    }
    const isOne = block.language === 'json' && parses(block.text)
    if ((block.language === 'json' || block.language === 'jsonl') && !isOne) {
      const lines = block.text.split('\n').filter(line => line.trim() !== '')
      if (!lines.every(parses)) broken.push(`${where(block)}: neither JSON nor one JSON value a line`)
    }
    if (block.language === 'unclosed') broken.push(`${where(block)}: a code block that does not end`)
  }
  const typed = blocks.filter(({ language }) => language === 'ts' || language === 'typescript')
  return [...broken, ...await compile(typed)]
}
