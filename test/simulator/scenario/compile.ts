/**
 * Scenario and seed to a plan: the same two always give the same one. Every draw has a stream of its
 * own, so that a scenario without one fault, or with one person more, is otherwise the same.
 */
import { UsageError } from '../../../protocol/errors.ts'
import { Chance } from '../world/chance.ts'
import { compileFaults } from './compile-faults.ts'
import { compileWorkload } from './compile-workload.ts'
import type { Scenario } from './model.ts'
import type { Plan, PlannedLink } from './plan.ts'
import { Population } from './population.ts'
import { assertDrawable, graph } from './topology.ts'

/** Throws UsageError where the scenario can't be played: a selector that means nobody, too many messages. */
export function compileScenario (scenario: Scenario, seed: number): Plan {
  const population = new Population(scenario, seed)
  const links: PlannedLink[] = scenario.links.map(({ between, isOneWay, properties }, index) => ({
    sides: between === undefined ? undefined
      : [population.select(between[0], `links[${index}]`, seed), population.select(between[1], `links[${index}]`, seed)],
    isOneWay,
    properties
  }))
  return {
    scenario: scenario.name,
    seed,
    suite: scenario.suite,
    durationMs: scenario.durationMs,
    settleMs: scenario.settleMs,
    nodes: population.nodes,
    ...compileWorkload(scenario, population, seed),
    windows: compileFaults(scenario, population, seed),
    links,
    wires: wiresOf(scenario, population, seed),
    diagram: scenario.diagram,
    reads: scenario.reads,
    isProbed: scenario.isProbed
  }
}

function wiresOf ({ topology, regions }: Scenario, population: Population, seed: number): Plan['wires'] {
  const { of, kind } = topology
  if (kind === 'full') return undefined
  if (kind === 'edges') return { of, edges: topology.edges }
  const names = of === 'regions' ? regions : population.nodes.map(({ name }) => name)
  assertDrawable(kind, names.length)
  return { of, edges: graph(kind, names, topology.k, new Chance(`${seed} topology`)) }
}

/**
 * The same scenario with so many times the people and messages: relays, rates and faults stay. No group
 * falls below two, unless it was smaller.
 */
export function scaleScenario (scenario: Scenario, factor: number): Scenario {
  if (!(factor > 0 && factor <= 100)) throw new UsageError('USAGE', 'A scale is a number over 0 and up to 100.')
  const scaled = (count: number, min: number): number => Math.max(Math.min(count, min), Math.round(count * factor))
  return {
    ...scenario,
    groups: scenario.groups.map(group => group.kind === 'client' ? { ...group, count: scaled(group.count, 2) } : group),
    workload: scenario.workload.map(rule => rule.messages === undefined ? rule : { ...rule, messages: scaled(rule.messages, 1) })
  }
}
