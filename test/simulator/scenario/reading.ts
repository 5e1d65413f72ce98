/**
 * The pieces of which load.ts makes a model: quantities, distributions and selectors, each with the
 * complaint that belongs to it. A reading goes on after a complaint, so that a person sees all of them.
 */
import { guessOf, shown } from './schema-check.ts'
import type { Distribution, NodeKind, Selector } from './model.ts'
import { showField } from './problems.ts'
import type { Problem } from './problems.ts'
import { parseDuration } from './quantities.ts'
import type { RawDistribution, RawSelector, Text, Words } from './raw.ts'
import type { Path, YamlSource } from './yaml-source.ts'

/** What selectors may name. */
export interface Names {
  nodes: ReadonlyMap<string, NodeKind>
  groups: ReadonlyMap<string, NodeKind>
  regions: ReadonlySet<string>
}

export const reservedNames = ['all', 'clients', 'relays', 'forever', 'nemesis'] as const

type Parse = (text: Text) => number | undefined

export class Reading {
  readonly problems: Problem[] = []
  readonly #source: YamlSource
  readonly #readFile: (name: string) => string
  names: Names = { nodes: new Map(), groups: new Map(), regions: new Set() }

  constructor (source: YamlSource, readFile: (name: string) => string) {
    this.#source = source
    this.#readFile = readFile
  }

  complain (path: Path, message: string, hint?: string): void {
    this.problems.push({ file: this.#source.file, ...this.#source.placeOf(path), field: showField(path), message, hint })
  }

  quantity (parse: Parse, value: Text, path: Path): number {
    const parsed = parse(value)
    if (parsed !== undefined) return parsed
    this.complain(path, `${shown(value)} is out of range.`)
    return 0
  }

  duration (value: Text, path: Path): number { return this.quantity(parseDuration, value, path) }

  optional (parse: Parse, value: Text | undefined, path: Path): number | undefined {
    return value === undefined ? undefined : this.quantity(parse, value, path)
  }

  distribution (parse: Parse, raw: RawDistribution, path: Path, isSigned = false): Distribution {
    const one = (value: Text, ...more: string[]): number => this.quantity(parse, value, [...path, ...more])
    if (typeof raw !== 'object') return { kind: 'constant', value: one(raw) }
    if (raw.uniform !== undefined) {
      const [from, to] = [one(raw.uniform[0], 'uniform'), one(raw.uniform[1], 'uniform')]
      if (from > to) this.complain([...path, 'uniform'], 'the first value is greater than the second.')
      return { kind: 'uniform', from, to }
    }
    if (raw.normal !== undefined) {
      const mean = one(raw.normal.mean, 'normal', 'mean')
      return { kind: 'normal', mean, deviation: one(raw.normal.deviation, 'normal', 'deviation'), isSigned }
    }
    if (raw.lognormal !== undefined) {
      return { kind: 'lognormal', median: one(raw.lognormal.median, 'lognormal', 'median'), sigma: raw.lognormal.sigma }
    }
    if (raw.pareto !== undefined) return { kind: 'pareto', min: one(raw.pareto.min, 'pareto', 'min'), shape: raw.pareto.shape }
    if (raw.exponential !== undefined) return { kind: 'exponential', mean: one(raw.exponential, 'exponential') }
    if (raw.weibull !== undefined) {
      return { kind: 'weibull', scale: one(raw.weibull.scale, 'weibull', 'scale'), shape: raw.weibull.shape }
    }
    return this.#empirical(parse, raw.empirical ?? '', [...path, 'empirical'])
  }

  /** Rows of a CSV file beside the scenario, without empty lines and comments; [] where it can't be read. */
  csv (name: string, path: Path): Array<{ line: number, cells: string[] }> {
    let text: string
    try {
      text = this.#readFile(name)
    } catch (error) {
      this.complain(path, `${shown(name)} can't be read: ${(error as Error).message}.`)
      return []
    }
    const rows = text.split(/\r?\n/).map((row, index) => ({ line: index + 1, cells: row.split(',').map(cell => cell.trim()) }))
    return rows.filter(({ cells }) => (cells[0] ?? '') !== '' && cells[0]?.startsWith('#') !== true)
  }

  selector (raw: RawSelector, path: Path, only?: NodeKind): Selector {
    if (typeof raw === 'object' && !Array.isArray(raw)) {
      return { ...this.#words(raw.of ?? (only === undefined ? 'all' : `${only}s`), [...path, 'of'], only), random: raw.random }
    }
    return this.#words(raw, path, only)
  }

  sides (raw: [RawSelector, RawSelector], path: Path, only?: NodeKind): [Selector, Selector] {
    return [this.selector(raw[0], [...path, 0], only), this.selector(raw[1], [...path, 1], only)]
  }

  region (name: string, path: Path): string {
    if (!this.names.regions.has(name)) {
      const known = [...this.names.regions]
      this.complain(path, `there is no region ${shown(name)}.`, guessOf(name, known) ?? listed('There are:', known))
    }
    return name
  }

  node (name: string, path: Path, kind: NodeKind): string {
    if (this.names.nodes.get(name) !== kind) {
      this.complain(path, `there is no ${kind} ${shown(name)}.`, this.#guess(name, kind))
    }
    return name
  }

  #words (raw: Words, path: Path, only: NodeKind | undefined): Selector {
    const list = Array.isArray(raw)
    for (const [index, word] of (list ? raw : [raw]).entries()) this.#checkWord(word, list ? [...path, index] : path, only)
    return { words: list ? raw : [raw], random: undefined }
  }

  #checkWord (word: string, path: Path, only: NodeKind | undefined): void {
    const { nodes, groups, regions } = this.names
    const kind = word === 'clients' ? 'client' : word === 'relays' ? 'relay' : nodes.get(word) ?? groups.get(word)
    if (kind === undefined && word !== 'all' && !regions.has(word)) {
      this.complain(path, `there is no node, group or region ${shown(word)}.`, this.#guess(word, only))
    } else if (only !== undefined && kind !== undefined && kind !== only) {
      this.complain(path, `${shown(word)} is no ${only}, and only ${only}s can be meant here.`)
    }
  }

  #guess (word: string, only: NodeKind | undefined): string | undefined {
    const { nodes, groups, regions } = this.names
    const match = (entries: ReadonlyMap<string, NodeKind>): string[] =>
      [...entries].filter(([, kind]) => only === undefined || kind === only).map(([name]) => name)
    return guessOf(word, [...match(nodes), ...match(groups), ...regions, 'clients', 'relays', 'all']) ??
      listed('There are the groups', match(groups))
  }

  #empirical (parse: Parse, name: string, path: Path): Distribution {
    const values: number[] = []
    const upTo: number[] = []
    let total = 0
    for (const { line, cells } of this.csv(name, path)) {
      const value = parse(cells[0] ?? '')
      const weight = cells[1] === undefined || cells[1] === '' ? 1 : Number(cells[1])
      if (value === undefined || !(weight > 0)) {
        this.complain(path, `${shown(name)}, line ${line}: ${shown(cells.join(','))} is no value with a weight.`)
        continue
      }
      values.push(value)
      upTo.push(total += weight)
    }
    if (values.length === 0) this.complain(path, `${shown(name)} has no values.`)
    return { kind: 'empirical', values, upTo }
  }
}

function listed (words: string, names: string[]): string | undefined {
  return names.length === 0 ? undefined : `${words} ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}.`
}
