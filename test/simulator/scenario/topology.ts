/**
 * Graphs: the wires of a network, and who knows whom. Vertices are names; an edge is there once, and
 * works in both directions.
 */
import { UsageError } from '../../../protocol/errors.ts'
import type { Chance } from '../world/chance.ts'
import type { TopologyKind } from './model.ts'

export type Edges = Array<[string, string]>

/** `k`: contacts drawn by each (random-k), links of each newcomer (scale-free), children (tree). */
export function graph (kind: TopologyKind, names: readonly string[], k: number, chance: Chance): Edges {
  const count = names.length
  const edge = (a: number, b: number): [string, string] => [names[a]!, names[b]!]
  const upTo = (length: number): number[] => Array.from({ length: Math.max(0, length) }, (_, at) => at)
  switch (kind) {
    case 'full': return upTo(count).flatMap(a => upTo(a).map(b => edge(b, a)))
    case 'line': return upTo(count - 1).map(at => edge(at, at + 1))
    case 'ring': return count < 3 ? upTo(count - 1).map(at => edge(at, at + 1)) : upTo(count).map(at => edge(at, (at + 1) % count))
    case 'star': return upTo(count - 1).map(at => edge(0, at + 1))
    case 'tree': return upTo(count - 1).map(at => edge(Math.floor(at / k), at + 1))
    case 'grid': {
      const width = Math.ceil(Math.sqrt(count))
      return upTo(count).flatMap(at => [
        ...(at % width < width - 1 && at + 1 < count ? [edge(at, at + 1)] : []),
        ...(at + width < count ? [edge(at, at + width)] : [])
      ])
    }
    case 'random-k': return randomGraph(names, k, chance)
    case 'scale-free': return preferential(names, k, chance)
  }
}

function randomGraph (names: readonly string[], k: number, chance: Chance): Edges {
  const seen = new Set<string>()
  const edges: Edges = []
  for (const [at] of names.entries()) {
    const others = Math.min(k, names.length - 1)
    const drawn = new Set<number>()
    while (drawn.size < others) {
      const other = chance.below(names.length)
      if (other !== at) drawn.add(other)
    }
    for (const other of drawn) {
      const [a, b] = [Math.min(at, other), Math.max(at, other)]
      if (seen.has(`${a} ${b}`)) continue
      seen.add(`${a} ${b}`)
      edges.push([names[a]!, names[b]!])
    }
  }
  return edges
}

/** Barabási and Albert: a newcomer links to those who have many links already, in proportion. */
function preferential (names: readonly string[], k: number, chance: Chance): Edges {
  const edges: Edges = []
  // Each end of each edge once: a draw from here is in proportion to the links.
  const ends: number[] = []
  for (let at = 1; at < names.length; at++) {
    const wanted = Math.min(k, at)
    const drawn = new Set<number>()
    while (drawn.size < wanted) drawn.add(ends.length === 0 || at <= k ? chance.below(at) : ends[chance.below(ends.length)]!)
    for (const other of drawn) {
      edges.push([names[other]!, names[at]!])
      ends.push(other, at)
    }
  }
  return edges
}

/** How many wires lie between two vertices, by the shortest way; each search is done once. */
export class Hops {
  readonly #neighbours = new Map<string, string[]>()
  readonly #from = new Map<string, Map<string, number>>()

  constructor (edges: Edges) {
    for (const [a, b] of edges) {
      for (const [one, other] of [[a, b], [b, a]] as const) {
        const known = this.#neighbours.get(one)
        if (known === undefined) this.#neighbours.set(one, [other])
        else known.push(other)
      }
    }
  }

  /** Undefined: there is no way. */
  between (a: string, b: string): number | undefined {
    if (a === b) return 0
    let distances = this.#from.get(a)
    if (distances === undefined) {
      distances = this.#search(a)
      this.#from.set(a, distances)
    }
    return distances.get(b)
  }

  #search (start: string): Map<string, number> {
    const distances = new Map([[start, 0]])
    const queue = [start]
    for (let at = 0; at < queue.length; at++) {
      const name = queue[at]!
      for (const next of this.#neighbours.get(name) ?? []) {
        if (distances.has(next)) continue
        distances.set(next, (distances.get(name) ?? 0) + 1)
        queue.push(next)
      }
    }
    return distances
  }
}

/** Throws UsageError where a pair of the whole would be more than can be drawn. */
export function assertDrawable (kind: TopologyKind, count: number): void {
  const fullMax = 3000
  if (kind === 'full' && count > fullMax) {
    throw new UsageError('USAGE', `Everybody with everybody of ${count} nodes is too much: at most ${fullMax}; draw contacts with random-k or scale-free.`)
  }
}
