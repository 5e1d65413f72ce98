/**
 * YAML text as plain values, and where each of them stands in the file. Knows nothing of scenarios.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import type { Problem } from './problems.ts'

export type Path = ReadonlyArray<string | number>
export interface Place { line: number, column: number }

/** Longer files are refused before they are parsed. */
const textLengthMax = 4 * 1024 * 1024
/** A file whose aliases multiply into millions of values stops here. */
const aliasesMax = 100

export class YamlSource {
  readonly file: string
  readonly text: string
  /** Syntax errors; where there are some, `value` is undefined. */
  readonly problems: readonly Problem[]
  readonly value: unknown
  readonly #lines = new LineCounter()
  readonly #document: Document.Parsed | undefined

  constructor (file: string, text: string) {
    this.file = file
    this.text = text
    if (text.length > textLengthMax) {
      this.problems = [{ file, line: 1, column: 1, field: '', message: `longer than ${textLengthMax} characters`, hint: undefined }]
      return
    }
    const document = parseDocument(text, { lineCounter: this.#lines, version: '1.2', uniqueKeys: true, prettyErrors: false, logLevel: 'error' })
    this.#document = document
    const problems: Problem[] = document.errors.map(error => {
      const { line, col } = this.#lines.linePos(error.pos[0])
      return { file, line, column: col, field: '', message: firstLine(error.message), hint: undefined }
    })
    if (problems.length === 0) {
      try {
        this.value = document.toJS({ maxAliasCount: aliasesMax })
      } catch (error) {
        problems.push({ file, line: 1, column: 1, field: '', message: firstLine((error as Error).message), hint: undefined })
      }
    }
    this.problems = problems
  }

  /** Where the value at `path` begins; that of the nearest thing around it where there is none. */
  placeOf (path: Path): Place {
    return this.#place(this.#nodeAt(path)?.range?.[0])
  }

  /** Where the key `name` of the mapping at `path` stands. */
  placeOfKey (path: Path, name: string): Place {
    const map = this.#nodeAt(path)
    if (isMap(map)) {
      for (const { key } of map.items) {
        if (isScalar(key) && String(key.value) === name) return this.#place(key.range?.[0])
      }
    }
    return this.placeOf(path)
  }

  #place (offset: number | undefined): Place {
    const { line, col } = this.#lines.linePos(offset ?? 0)
    // An empty file has no line at all.
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }

  #nodeAt (path: Path): Node | undefined {
    let node: unknown = this.#document?.contents
    for (const step of path) {
      const container = this.#resolved(node)
      let inner: unknown
      if (isMap(container)) inner = container.get(step, true) ?? container.get(String(step), true)
      else if (isSeq(container)) inner = container.items[Number(step)]
      if (inner == null) return node as Node | undefined
      node = inner
    }
    return node as Node | undefined
  }

  #resolved (node: unknown): unknown {
    return isAlias(node) && this.#document !== undefined ? node.resolve(this.#document) : node
  }
}

function firstLine (text: string): string {
  return text.split('\n', 1)[0] ?? text
}
