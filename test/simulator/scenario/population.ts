/**
 * The nodes of a plan, and which of them a selector means.
 */
import { UsageError } from '../../../protocol/errors.ts'
import { Chance } from '../world/chance.ts'
import { draw } from './draw.ts'
import type { NodeKind, Scenario, Selector } from './model.ts'
import type { PlannedNode } from './plan.ts'

export class Population {
  readonly nodes: PlannedNode[]
  readonly #byName: Map<string, PlannedNode>
  readonly #byWord = new Map<string, string[]>()

  constructor (scenario: Scenario, seed: number) {
    this.nodes = scenario.groups.flatMap(group => Array.from({ length: group.count }, (_, index): PlannedNode => ({
      name: `${group.name}-${index + 1}`,
      kind: group.kind,
      group: group.name,
      region: group.region,
      relays: [],
      isReachable: group.isReachable,
      skewMs: 0,
      drift: 0
    })))
    this.#byName = new Map(this.nodes.map(node => [node.name, node]))
    for (const node of this.nodes) {
      for (const word of ['all', `${node.kind}s`, node.group, node.region, node.name]) {
        if (word === undefined) continue
        const members = this.#byWord.get(word)
        if (members === undefined) this.#byWord.set(word, [node.name])
        else members.push(node.name)
      }
    }
    this.#giveRelays(scenario, seed)
    this.#setClocks(scenario, seed)
  }

  get (name: string): PlannedNode | undefined { return this.#byName.get(name) }

  /**
   * Names in the order of the nodes, each once. `purpose` names the draw of a random selector. A scaled
   * world may lack nodes that the file names: they are left out. Throws UsageError where none is left.
   */
  select (selector: Selector, purpose: string, seed: number, only?: NodeKind): string[] {
    const wanted = new Set(selector.words.flatMap(word => this.#byWord.get(word) ?? []))
    const found = this.nodes.filter(({ name, kind }) => wanted.has(name) && (only === undefined || kind === only)).map(({ name }) => name)
    if (found.length === 0) throw new UsageError('USAGE', `${purpose}: ${selector.words.join(', ')} names no ${only ?? 'node'} of this world.`)
    if (selector.random === undefined || selector.random >= found.length) return found
    const drawn = new Set(new Chance(`${seed} select ${purpose}`).sample(found, selector.random))
    return found.filter(name => drawn.has(name))
  }

  #giveRelays (scenario: Scenario, seed: number): void {
    if (scenario.relaysEach === 0) return
    for (const group of scenario.groups) {
      if (group.kind !== 'client') continue
      const pool = this.select(group.relays ?? { words: ['relays'], random: undefined }, `relays of ${group.name}`, seed, 'relay')
      for (const node of this.nodes) {
        if (node.group === group.name) node.relays = new Chance(`${seed} relays ${node.name}`).sample(pool, scenario.relaysEach)
      }
    }
  }

  #setClocks (scenario: Scenario, seed: number): void {
    for (const [index, rule] of scenario.clocks.entries()) {
      for (const name of this.select(rule.who, `clocks[${index}]`, seed)) {
        const node = this.get(name)
        if (node === undefined) continue
        const chance = new Chance(`${seed} clock ${index} ${name}`)
        if (rule.skew !== undefined) node.skewMs = Math.round(draw(rule.skew, chance))
        if (rule.drift !== undefined) node.drift = draw(rule.drift, chance)
      }
    }
  }
}
