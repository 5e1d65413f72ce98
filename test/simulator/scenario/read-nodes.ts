/**
 * Who there is in a scenario, and how the network between them is: nodes, regions, topology, links.
 */
import type { Group, LinkProperties, LinkRule, NodeKind, Topology, TopologyKind } from './model.ts'
import { parseBandwidth, parseDuration, parseShare, parseSize } from './quantities.ts'
import type { RawGroup, RawLinkRule, RawNodes, RawScenario } from './raw.ts'
import { reservedNames } from './reading.ts'
import type { Reading } from './reading.ts'
import { guessOf } from './schema-check.ts'
import type { Path } from './yaml-source.ts'

export const asList = <T>(value: T | T[] | undefined): T[] => value === undefined ? [] : Array.isArray(value) ? value : [value]
/** Where entry `index` of something that may be a list or stand alone is. */
export const entryPath = (field: string, value: unknown, index: number): Path => Array.isArray(value) ? [field, index] : [field]

const relaysEachDefault = 2

export function readNodes (reading: Reading, raw: RawScenario): { groups: Group[], relaysEach: number } {
  const regions = new Set(raw.regions ?? [])
  const nodes = new Map<string, NodeKind>()
  const groupKinds = new Map<string, NodeKind>()
  const groups: Group[] = []
  const pending: Array<() => void> = []
  for (const [kind, field] of [['client', 'clients'], ['relay', 'relays']] as const) {
    for (const [index, group] of listOf(raw.nodes[field], kind).entries()) {
      const path: Path = Array.isArray(raw.nodes[field]) ? ['nodes', field, index] : ['nodes', field]
      const namePath = Array.isArray(raw.nodes[field]) ? [...path, 'name'] : path
      if (groupKinds.has(group.name) || regions.has(group.name) || (reservedNames as readonly string[]).includes(group.name)) {
        reading.complain(namePath, `the name '${group.name}' is taken.`, 'Groups, regions and the words clients, relays, all share one space of names.')
      }
      if (group.region === undefined && regions.size > 0) {
        reading.complain(path, "needs a 'region', as the scenario has regions.", `Write groups: [{ name: ${group.name}, count: ${group.count}, region: … }].`)
      } else if (group.region !== undefined && !regions.has(group.region)) {
        const guess = guessOf(group.region, [...regions])
        reading.complain([...path, 'region'], `there is no region '${group.region}'.`, guess ?? (regions.size === 0 ? "Name them under 'regions'." : undefined))
      }
      for (let number = 1; number <= group.count; number++) nodes.set(`${group.name}-${number}`, kind)
      groupKinds.set(group.name, kind)
      const read: Group = { name: group.name, kind, count: group.count, region: group.region, relays: undefined, isReachable: group.reachable ?? true }
      groups.push(read)
      const { relays } = group
      if (relays !== undefined) pending.push(() => { read.relays = reading.selector(relays, [...path, 'relays'], 'relay') })
    }
  }
  reading.names = { nodes, groups: groupKinds, regions }
  for (const read of pending) read()
  const relays = groups.filter(({ kind }) => kind === 'relay').reduce((sum, { count }) => sum + count, 0)
  const given = raw.nodes['relays-each']
  if (given !== undefined && given > relays) {
    reading.complain(['nodes', 'relays-each'], `there are only ${relays} relays.`)
  }
  return { groups, relaysEach: given ?? Math.min(relaysEachDefault, relays) }
}

/** Names are there to refer to. */
export function isNodeKindWorkable ({ problems }: Reading): boolean {
  return problems.every(({ field }) => !field.startsWith('nodes'))
}

function listOf (nodes: RawNodes | undefined, name: string): RawGroup[] {
  if (nodes === undefined) return []
  return typeof nodes === 'number' ? [{ name, count: nodes }] : nodes
}

export function readNetwork (reading: Reading, raw: RawScenario): { topology: Topology, links: LinkRule[] } {
  const links = asList(raw.links).map((rule, index) => readLink(reading, rule, entryPath('links', raw.links, index)))
  return { topology: readTopology(reading, raw), links }
}

function readTopology (reading: Reading, raw: RawScenario): Topology {
  const given = typeof raw.topology === 'string' ? { kind: raw.topology } : raw.topology ?? { kind: 'full' }
  const hasRegions = (raw.regions ?? []).length > 1
  const of = given.of ?? (hasRegions ? 'regions' : 'nodes')
  if (of === 'regions' && !hasRegions) reading.complain(['topology', 'of'], 'the scenario has not two regions.')
  if (given.file !== undefined) {
    if (given.kind !== undefined) reading.complain(['topology', 'kind'], "is in the way of 'file': only one of them.")
    return { kind: 'edges', edges: readEdges(reading, given.file, of), of }
  }
  const kind = (given.kind ?? 'full') as TopologyKind
  return { kind, k: given.k ?? (kind === 'tree' ? 2 : 3), of }
}

function readEdges (reading: Reading, file: string, of: 'nodes' | 'regions'): Array<[string, string]> {
  const { nodes, regions } = reading.names
  const isKnown = (name: string): boolean => of === 'regions' ? regions.has(name) : nodes.has(name)
  return reading.csv(file, ['topology', 'file']).flatMap(({ line, cells }) => {
    const [a = '', b = ''] = cells
    const unknown = [a, b].find(name => !isKnown(name))
    if (unknown === undefined) return [[a, b] as [string, string]]
    // Its first line may be a heading.
    if (line > 1 || isKnown(a) || isKnown(b)) {
      const guess = guessOf(unknown, [...(of === 'regions' ? regions : nodes.keys())])
      reading.complain(['topology', 'file'], `'${file}', line ${line}: there is no ${of === 'regions' ? 'region' : 'node'} '${unknown}'.`, guess)
    }
    return []
  })
}

function readLink (reading: Reading, raw: RawLinkRule, path: Path): LinkRule {
  const share = (name: keyof RawLinkRule): number | undefined =>
    reading.optional(parseShare, raw[name] as string | number | undefined, [...path, name])
  const properties: LinkProperties = {
    latency: raw.latency === undefined ? undefined : reading.distribution(parseDuration, raw.latency, [...path, 'latency']),
    jitterMs: reading.optional(parseDuration, raw.jitter, [...path, 'jitter']),
    loss: share('loss'),
    reset: share('reset'),
    dialFailure: share('dial-failure'),
    halfOpen: share('half-open'),
    bandwidth: reading.optional(value => parseBandwidth(String(value)), raw.bandwidth, [...path, 'bandwidth']),
    queue: reading.optional(parseSize, raw.queue, [...path, 'queue'])
  }
  for (const name of ['dial-failure', 'half-open'] as const) {
    if (raw[name] !== undefined && (raw.between !== undefined || raw.from !== undefined)) {
      reading.complain([...path, name], 'can only be said of all links together.')
    }
  }
  const hasDirection = raw.from !== undefined || raw.to !== undefined
  if (hasDirection && (raw.from === undefined || raw.to === undefined || raw.between !== undefined)) {
    reading.complain(path, "takes 'between', or 'from' with 'to', or none of them.")
  }
  const between = raw.between === undefined ? undefined : reading.sides(raw.between, [...path, 'between'])
  if (raw.from === undefined || raw.to === undefined) return { between, isOneWay: false, properties }
  const [from, to] = [reading.selector(raw.from, [...path, 'from']), reading.selector(raw.to, [...path, 'to'])]
  return { between: [from, to], isOneWay: true, properties }
}
