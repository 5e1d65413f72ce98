/**
 * What the people and clocks of a scenario do: workload, churn, wrong clocks.
 */
import { textBytesMax } from '../../../protocol/limits.ts'
import type { ChurnRule, ClockRule, Distribution, Pairing, Selector, WorkloadRule } from './model.ts'
import { parseDrift, parseDuration, parseRate, parseShare, parseSize, parseTimeOfDay } from './quantities.ts'
import type { RawScenario, RawWorkload } from './raw.ts'
import { asList, entryPath } from './read-nodes.ts'
import type { Reading } from './reading.ts'
import type { Path } from './yaml-source.ts'

const clients: Selector = { words: ['clients'], random: undefined }
const all: Selector = { words: ['all'], random: undefined }
const sizeDefault: Distribution = { kind: 'constant', value: 80 }

export function readWorkload (reading: Reading, raw: RawScenario, durationMs: number): WorkloadRule[] {
  return asList(raw.workload).map((rule, index) => readRule(reading, rule, entryPath('workload', raw.workload, index), durationMs))
}

function readRule (reading: Reading, raw: RawWorkload, path: Path, durationMs: number): WorkloadRule {
  if ((raw.rate === undefined) === (raw.messages === undefined)) {
    reading.complain(path, "takes either 'rate' or 'messages'.")
  }
  const fromMs = reading.optional(parseDuration, raw.from, [...path, 'from']) ?? 0
  const untilMs = reading.optional(parseDuration, raw.until, [...path, 'until']) ?? durationMs
  if (fromMs >= untilMs || untilMs > durationMs) {
    reading.complain([...path, raw.until === undefined ? 'from' : 'until'], "'from' is before 'until', and that not after the end of the scenario.")
  }
  const size = raw.size === undefined ? sizeDefault : reading.distribution(parseSize, raw.size, [...path, 'size'])
  const largest = size.kind === 'constant' ? size.value : size.kind === 'uniform' ? size.to : 0
  if (largest > textBytesMax) reading.complain([...path, 'size'], `a message has at most ${textBytesMax} bytes.`)
  return {
    who: raw.who === undefined ? clients : reading.selector(raw.who, [...path, 'who'], 'client'),
    pairs: readPairs(reading, raw.pairs, [...path, 'pairs']),
    rate: reading.optional(parseRate, raw.rate, [...path, 'rate']),
    messages: raw.messages,
    size,
    fromMs,
    untilMs,
    isOneWay: raw['one-way'] ?? false,
    diurnal: raw.diurnal === undefined ? undefined : {
      peakMs: reading.quantity(value => parseTimeOfDay(String(value)), raw.diurnal.peak, [...path, 'diurnal', 'peak']),
      depth: reading.quantity(parseShare, raw.diurnal.depth, [...path, 'diurnal', 'depth'])
    }
  }
}

function readPairs (reading: Reading, raw: RawWorkload['pairs'], path: Path): Pairing {
  if (raw === undefined) return { kind: 'all' }
  if (typeof raw === 'string') return { kind: raw as 'all' | 'ring' | 'couples' }
  if (raw.between !== undefined) return { kind: 'between', sides: reading.sides(raw.between, [...path, 'between'], 'client') }
  if (raw.list !== undefined) {
    return {
      kind: 'list',
      pairs: raw.list.map(([a, b], at) => {
        if (a === b) reading.complain([...path, 'list', at], `'${a}' does not write to itself.`)
        return [reading.node(a, [...path, 'list', at, 0], 'client'), reading.node(b, [...path, 'list', at, 1], 'client')]
      })
    }
  }
  const k = raw['random-k']
  return k === undefined ? { kind: 'scale-free', k: raw['scale-free'] ?? 1 } : { kind: 'random-k', k }
}

export function readClocks (reading: Reading, raw: RawScenario): ClockRule[] {
  const signed = (value: string | number): number | undefined => parseDuration(value, { signed: true })
  return asList(raw.clocks).map((rule, index) => {
    const path = entryPath('clocks', raw.clocks, index)
    return {
      who: rule.who === undefined ? all : reading.selector(rule.who, [...path, 'who']),
      skew: rule.skew === undefined ? undefined : reading.distribution(signed, rule.skew, [...path, 'skew'], true),
      drift: rule.drift === undefined ? undefined : reading.distribution(parseDrift, rule.drift, [...path, 'drift'], true)
    }
  })
}

export function readChurn (reading: Reading, raw: RawScenario, durationMs: number): ChurnRule[] {
  return asList(raw.churn).flatMap((rule, index): ChurnRule[] => {
    const path = entryPath('churn', raw.churn, index)
    if (rule.trace !== undefined) {
      if (rule.up !== undefined || rule.down !== undefined || rule.who !== undefined) {
        reading.complain(path, "takes 'trace' alone, or 'up' and 'down'.")
      }
      return [{ kind: 'trace', changes: readTrace(reading, rule.trace, [...path, 'trace'], durationMs) }]
    }
    if (rule.up === undefined || rule.down === undefined) {
      reading.complain(path, "needs both 'up' and 'down', or a 'trace'.")
      return []
    }
    return [{
      kind: 'drawn',
      who: rule.who === undefined ? clients : reading.selector(rule.who, [...path, 'who']),
      up: reading.distribution(parseDuration, rule.up, [...path, 'up']),
      down: reading.distribution(parseDuration, rule.down, [...path, 'down'])
    }]
  })
}

function readTrace (reading: Reading, file: string, path: Path, durationMs: number): Array<{ atMs: number, node: string, isUp: boolean }> {
  const changes: Array<{ atMs: number, node: string, isUp: boolean }> = []
  for (const { line, cells: [time = '', node = '', state = ''] } of reading.csv(file, path)) {
    if (line === 1 && time === 'time') continue
    const atMs = parseDuration(time)
    if (atMs === undefined || !reading.names.nodes.has(node) || !['up', 'down'].includes(state)) {
      reading.complain(path, `'${file}', line ${line}: '${time},${node},${state}' is no time, node and up or down.`)
    } else if (atMs < durationMs) {
      changes.push({ atMs, node, isUp: state === 'up' })
    }
  }
  return changes.sort((a, b) => a.atMs - b.atMs)
}
