/**
 * The timeline and the churn of a scenario as windows: what holds, between whom, from when to when.
 * Everything that a word leaves open (which half, which order, how long a jam) is drawn here.
 */
import { UsageError } from '../../../protocol/errors.ts'
import { Chance } from '../world/chance.ts'
import { draw } from './draw.ts'
import type { Fault, Scenario, Selector, TimelineEntry } from './model.ts'
import type { Block, Effect, FaultWindow } from './plan.ts'
import type { Population } from './population.ts'

const windowsMax = 200_000
/** A draw of nothing must not keep a loop where it is. */
const stepMsMin = 1

interface Part { fromMs: number, untilMs: number, effect: Effect }

export function compileFaults (scenario: Scenario, population: Population, seed: number): FaultWindow[] {
  const windows: FaultWindow[] = []
  const add = (window: FaultWindow): void => {
    windows.push(window)
    if (windows.length > windowsMax) throw new UsageError('USAGE', `The timeline has more than ${windowsMax} windows.`)
  }
  for (const entry of scenario.timeline) {
    for (const [round, fromMs] of beginnings(entry, scenario.durationMs).entries()) {
      const id = `f${entry.index + 1}${round === 0 ? '' : `.${round + 1}`}`
      // What is healed is healed at the end of the scenario at the latest; what never is, stays.
      const isForever = entry.forMs === Infinity
      const untilMs = isForever ? Infinity : Math.min(fromMs + entry.forMs, scenario.durationMs)
      const end = Math.min(untilMs, scenario.durationMs)
      const chance = new Chance(`${seed} fault ${id}`)
      const select = (selector: Selector, purpose: string): string[] => population.select(selector, `timeline ${id} ${purpose}`, seed)
      for (const part of partsOf(entry.fault, { fromMs, untilMs, end, chance, select })) {
        add({ id, words: entry.words, fromMs: part.fromMs, untilMs: part.untilMs === Infinity ? undefined : part.untilMs, effect: part.effect })
      }
    }
  }
  for (const window of churnOf(scenario, population, seed)) add(window)
  return windows.sort((a, b) => a.fromMs - b.fromMs)
}

function beginnings ({ atMs, everyMs, times }: TimelineEntry, durationMs: number): number[] {
  if (everyMs === undefined) return [atMs]
  const found: number[] = []
  for (let at = atMs; at < durationMs && found.length < (times ?? windowsMax); at += everyMs) found.push(at)
  return found
}

interface Times { fromMs: number, untilMs: number, end: number, chance: Chance, select: (selector: Selector, purpose: string) => string[] }

function partsOf (fault: Fault, times: Times): Part[] {
  const { fromMs, untilMs, end, chance, select } = times
  const whole = (effect: Effect): Part[] => [{ fromMs, untilMs, effect }]
  const everybody = (): string[] => select({ words: ['all'], random: undefined }, 'all')
  switch (fault.kind) {
    case 'halves': {
      const [left, right] = halves(select(fault.who, 'who'), chance)
      return whole({ kind: 'cut', blocks: both(left, right), how: fault.how })
    }
    case 'bridge': {
      const all = everybody()
      const bridge = fault.node === undefined ? [chance.pick(all)] : select(fault.node, 'bridge')
      const [left, right] = halves(without(all, bridge), chance)
      return whole({ kind: 'cut', blocks: both(left, right), how: fault.how })
    }
    case 'isolate':
    case 'region': {
      const inside = select(fault.who, 'who')
      return whole({ kind: 'cut', blocks: both(inside, without(everybody(), inside)), how: fault.how })
    }
    case 'groups': {
      const groups = fault.groups.map((group, at) => select(group, `group ${at}`))
      const blocks = groups.flatMap((group, at) => groups.slice(0, at).flatMap(other => both(without(other, group), group)))
      return whole({ kind: 'cut', blocks, how: fault.how })
    }
    case 'one-way': {
      const blocks = [{ from: select(fault.from, 'from'), to: select(fault.to, 'to') }]
      return whole({ kind: 'cut', blocks, how: fault.how })
    }
    case 'ring': return whole({ kind: 'cut', blocks: ringBlocks(chance.sample(select(fault.who, 'who'), Infinity)), how: fault.how })
    case 'swizzle': return swizzle(select(fault.who, 'who'), everybody(), fault.how, times)
    case 'flap': {
      const [left, right] = [select(fault.between[0], 'between 0'), select(fault.between[1], 'between 1')]
      const effect: Effect = { kind: 'cut', blocks: both(left, right), how: fault.how }
      const cutMs = fault.periodMs * fault.duty
      if (cutMs < stepMsMin) return []
      const parts: Part[] = []
      for (let at = fromMs; at < end; at += fault.periodMs) parts.push({ fromMs: at, untilMs: Math.min(at + cutMs, end), effect })
      return parts
    }
    case 'slow': {
      const { factor, plusMs, loss, bandwidth } = fault
      return whole({ kind: 'slow', sides: sidesOf(fault.between, select), factor, plusMs, loss, bandwidth })
    }
    case 'jam': {
      const effect: Effect = { kind: 'stall', sides: sidesOf(fault.between, select) }
      const parts: Part[] = []
      for (let at = fromMs; at < end;) {
        const stallMs = Math.max(stepMsMin, draw(fault.stall, chance))
        parts.push({ fromMs: at, untilMs: Math.min(at + stallMs, end), effect })
        at += stallMs + Math.max(stepMsMin, draw(fault.clear, chance))
      }
      return parts
    }
    case 'crash': return whole({ kind: 'crash', nodes: select(fault.who, 'who') })
    case 'crash-at-write': return whole({ kind: 'crash-at-write', nodes: select(fault.who, 'who'), write: fault.write })
    case 'pause': return whole({ kind: 'pause', nodes: select(fault.who, 'who') })
    case 'disk-error':
    case 'disk-full': return whole({ kind: fault.kind, nodes: select(fault.who, 'who') })
    case 'disk-slow': return whole({ kind: 'disk-slow', nodes: select(fault.who, 'who'), factor: fault.factor })
    case 'disk-damage': return whole({ kind: 'disk-damage', nodes: select(fault.who, 'who'), damage: fault.damage })
    case 'clock-jump': return whole({ kind: 'clock-jump', nodes: select(fault.who, 'who'), byMs: fault.byMs })
    case 'clock-drift': return whole({ kind: 'clock-drift', nodes: select(fault.who, 'who'), by: fault.by })
    case 'relay': return whole({ kind: 'relay', nodes: select(fault.who, 'who'), misdeed: fault.misdeed })
  }
}

function sidesOf (between: [Selector, Selector], select: Times['select']): [string[], string[]] {
  return [select(between[0], 'between 0'), select(between[1], 'between 1')]
}

function without (names: readonly string[], left: readonly string[]): string[] {
  const taken = new Set(left)
  return names.filter(name => !taken.has(name))
}

function both (a: string[], b: string[]): Block[] {
  return a.length === 0 || b.length === 0 ? [] : [{ from: a, to: b }, { from: b, to: a }]
}

function halves (names: readonly string[], chance: Chance): [string[], string[]] {
  const drawn = new Set(chance.sample(names, Math.floor(names.length / 2)))
  return [names.filter(name => drawn.has(name)), names.filter(name => !drawn.has(name))]
}

/** Each reaches the nearest on the ring, itself included a majority of all; no two reach the same. */
function ringBlocks (ring: readonly string[]): Block[] {
  const count = ring.length
  // To either side: with the node itself more than a half.
  const reach = Math.ceil(Math.floor(count / 2) / 2)
  return ring.flatMap((name, at) => {
    const to = ring.filter((_, other) => {
      const apart = Math.abs(other - at)
      return Math.min(apart, count - apart) > reach
    })
    return to.length === 0 ? [] : [{ from: [name], to }]
  })
}

/** One after the other is cut off during the first half, and comes back in another order in the second. */
function swizzle (names: string[], all: string[], how: 'silent' | 'refuse', { fromMs, end, chance }: Times): Part[] {
  const [outwards, back] = [chance.sample(names, Infinity), chance.sample(names, Infinity)]
  const stepMs = (end - fromMs) / (2 * names.length)
  return outwards.map((name, at) => {
    const effect: Effect = { kind: 'cut', blocks: both([name], without(all, [name])), how }
    return { fromMs: fromMs + at * stepMs, untilMs: end - (names.length - 1 - back.indexOf(name)) * stepMs, effect }
  })
}

function * churnOf (scenario: Scenario, population: Population, seed: number): Generator<FaultWindow> {
  for (const [index, rule] of scenario.churn.entries()) {
    if (rule.kind === 'drawn') {
      for (const name of population.select(rule.who, `churn[${index}]`, seed)) {
        const chance = new Chance(`${seed} churn ${index} ${name}`)
        let at = draw(rule.up, chance)
        while (at < scenario.durationMs) {
          const untilMs = at + Math.max(stepMsMin, draw(rule.down, chance))
          yield away(name, at, Math.min(untilMs, scenario.durationMs))
          at = untilMs + Math.max(stepMsMin, draw(rule.up, chance))
        }
      }
      continue
    }
    const downSince = new Map<string, number>()
    for (const { atMs, node, isUp } of rule.changes) {
      const since = downSince.get(node)
      if (!isUp && since === undefined) downSince.set(node, atMs)
      if (!isUp || since === undefined) continue
      downSince.delete(node)
      if (population.get(node) !== undefined && atMs > since) yield away(node, since, atMs)
    }
    for (const [node, since] of downSince) if (population.get(node) !== undefined) yield away(node, since, scenario.durationMs)
  }
}

function away (node: string, fromMs: number, untilMs: number): FaultWindow {
  return { id: 'churn', words: 'churn', fromMs, untilMs, effect: { kind: 'away', nodes: [node] } }
}
