/**
 * The timeline of a scenario: from the words of the file to faults with their times.
 */
import { diskDamages, relayMisdeeds } from './model.ts'
import type { CutManner, DiskDamage, Fault, RelayMisdeed, Selector, TimelineEntry } from './model.ts'
import { parseBandwidth, parseDrift, parseDuration, parseShare } from './quantities.ts'
import type { RawDistribution, RawEntry, RawPartition, RawSelector } from './raw.ts'
import type { Reading } from './reading.ts'
import type { Path } from './yaml-source.ts'

const everybody: Selector = { words: ['all'], random: undefined }
const faultFields = ['partition', 'crash', 'crash-at-write', 'pause', 'disk', 'clock', 'relay'] as const

/** Faults that happen at once, and for which a duration may be left out. */
const momentary = new Set<Fault['kind']>(['clock-jump'])

export function readTimeline (reading: Reading, entries: RawEntry[], durationMs: number): TimelineEntry[] {
  return entries.flatMap((entry, index) => {
    const read = readEntry(reading, entry, index, durationMs)
    return read === undefined ? [] : [read]
  })
}

function readEntry (reading: Reading, entry: RawEntry, index: number, durationMs: number): TimelineEntry | undefined {
  const path: Path = ['timeline', index]
  const named = faultFields.filter(field => entry[field] !== undefined)
  if (named.length !== 1) {
    const count = named.length === 0 ? 'no fault' : `${named.length} faults (${named.join(', ')})`
    reading.complain(path, `an entry has one fault, and this one has ${count}.`, `There are: ${faultFields.join(', ')}.`)
    return undefined
  }
  const fault = readFault(reading, entry, path)
  if (fault === undefined) return undefined
  const atMs = reading.duration(entry.at, [...path, 'at'])
  if (atMs >= durationMs) reading.complain([...path, 'at'], 'it begins after the end of the scenario.')
  const isWipe = fault.kind === 'relay' && fault.misdeed === 'wipe'
  if (entry.for === undefined && !momentary.has(fault.kind) && !isWipe) {
    reading.complain(path, "needs the field 'for'.", "How long it lasts: '10 min', or forever.")
  }
  const forMs = entry.for === undefined || entry.for === 'forever' ? Infinity : reading.duration(entry.for, [...path, 'for'])
  const everyMs = entry.every === undefined ? undefined : reading.duration(entry.every, [...path, 'every'])
  if (everyMs !== undefined && (everyMs === 0 || (everyMs <= forMs && !isWipe && entry.for !== undefined))) {
    reading.complain([...path, 'every'], 'it begins again before it has ended: it must be longer than `for`.')
  }
  if (entry.times !== undefined && everyMs === undefined) reading.complain([...path, 'times'], "says nothing without 'every'.")
  return { index, words: wordsOf(entry), atMs, forMs: isWipe ? 0 : forMs, everyMs, times: entry.times, fault }
}

function readFault (reading: Reading, entry: RawEntry, path: Path): Fault | undefined {
  if (entry.partition !== undefined) return readPartition(reading, entry.partition, [...path, 'partition'])
  if (entry.crash !== undefined) return { kind: 'crash', who: reading.selector(entry.crash, [...path, 'crash']) }
  if (entry.pause !== undefined) return { kind: 'pause', who: reading.selector(entry.pause, [...path, 'pause']) }
  const atWrite = entry['crash-at-write']
  if (atWrite !== undefined) {
    const who = reading.selector(atWrite.who, [...path, 'crash-at-write', 'who'])
    return { kind: 'crash-at-write', who, write: atWrite.write ?? 1 }
  }
  if (entry.disk !== undefined) return readDisk(reading, entry.disk, [...path, 'disk'])
  if (entry.clock !== undefined) return readClock(reading, entry.clock, [...path, 'clock'])
  for (const misdeed of relayMisdeeds) {
    const who = entry.relay?.[misdeed]
    if (who !== undefined) return { kind: 'relay', who: reading.selector(who, [...path, 'relay', misdeed], 'relay'), misdeed: misdeed satisfies RelayMisdeed }
  }
  return undefined
}

function readPartition (reading: Reading, raw: RawPartition, path: Path): Fault | undefined {
  if (typeof raw === 'string') {
    const kind = raw as 'halves' | 'bridge' | 'ring' | 'swizzle'
    return kind === 'bridge' ? { kind, node: undefined, how: 'silent' } : { kind, who: everybody, how: 'silent' }
  }
  const kinds = Object.keys(raw).filter(name => name !== 'how')
  if (kinds.length !== 1) {
    reading.complain(path, `a partition is of one kind, and this one of ${kinds.length === 0 ? 'none' : kinds.join(' and ')}.`)
    return undefined
  }
  const how: CutManner = raw.how ?? 'silent'
  const select = (value: RawSelector, ...more: Array<string | number>): Selector => reading.selector(value, [...path, ...more])
  if (raw.groups !== undefined) return { kind: 'groups', groups: raw.groups.map((group, at) => select(group, 'groups', at)), how }
  if (raw.bridge !== undefined) return { kind: 'bridge', node: select(raw.bridge, 'bridge'), how }
  const oneWay = raw['one-way']
  if (oneWay !== undefined) {
    return { kind: 'one-way', from: select(oneWay.from, 'one-way', 'from'), to: select(oneWay.to, 'one-way', 'to'), how }
  }
  if (raw.flap !== undefined) {
    const between = reading.sides(raw.flap.between, [...path, 'flap', 'between'])
    const periodMs = reading.duration(raw.flap.period, [...path, 'flap', 'period'])
    if (periodMs < 100) reading.complain([...path, 'flap', 'period'], 'a period is of 100 ms at least.')
    const duty = raw.flap.duty === undefined ? 0.5 : reading.quantity(parseShare, raw.flap.duty, [...path, 'flap', 'duty'])
    return { kind: 'flap', between, periodMs: Math.max(100, periodMs), duty, how }
  }
  if (raw.slow !== undefined || raw.jam !== undefined) {
    if (raw.how !== undefined) reading.complain([...path, 'how'], 'is for what is cut: slow and jam cut nothing.')
    return raw.slow === undefined ? readJam(reading, raw, path) : readSlow(reading, raw.slow, [...path, 'slow'])
  }
  if (raw.region !== undefined) {
    const words = Array.isArray(raw.region) ? raw.region : [raw.region]
    for (const word of words) reading.region(word, [...path, 'region'])
    return { kind: 'region', who: { words, random: undefined }, how }
  }
  for (const kind of ['halves', 'isolate', 'ring', 'swizzle'] as const) {
    const who = raw[kind]
    if (who !== undefined) return { kind, who: select(who, kind), how }
  }
  return undefined
}

function readSlow (reading: Reading, slow: NonNullable<Exclude<RawPartition, string>['slow']>, path: Path): Fault {
  if (slow.factor === undefined && slow.plus === undefined && slow.loss === undefined && slow.bandwidth === undefined) {
    reading.complain(path, 'says nothing of how slow: it needs factor, plus, loss or bandwidth.')
  }
  return {
    kind: 'slow',
    between: reading.sides(slow.between, [...path, 'between']),
    factor: slow.factor ?? 1,
    plusMs: reading.optional(parseDuration, slow.plus, [...path, 'plus']) ?? 0,
    loss: reading.optional(parseShare, slow.loss, [...path, 'loss']),
    bandwidth: slow.bandwidth === undefined ? undefined
      : reading.quantity(value => parseBandwidth(String(value)), slow.bandwidth, [...path, 'bandwidth'])
  }
}

function readJam (reading: Reading, raw: Exclude<RawPartition, string>, path: Path): Fault | undefined {
  if (raw.jam === undefined) return undefined
  const draw = (value: RawDistribution | undefined, name: string, defaultMs: number) => value === undefined
    ? { kind: 'constant' as const, value: defaultMs }
    : reading.distribution(parseDuration, value, [...path, 'jam', name])
  return {
    kind: 'jam',
    between: reading.sides(raw.jam.between, [...path, 'jam', 'between']),
    stall: draw(raw.jam.stall, 'stall', 5000),
    clear: draw(raw.jam.clear, 'clear', 1000)
  }
}

function readDisk (reading: Reading, disk: NonNullable<RawEntry['disk']>, path: Path): Fault | undefined {
  const [name] = Object.keys(disk)
  const value = name === undefined ? undefined : disk[name]
  if (name === undefined || value === undefined) return undefined
  if (name === 'slow') {
    const { who, factor } = value as { who: RawSelector, factor: number }
    return { kind: 'disk-slow', who: reading.selector(who, [...path, name, 'who']), factor }
  }
  // A profile that lost its memory must be restored by its owner, for which there is nothing yet.
  const who = reading.selector(value as RawSelector, [...path, name], isOfRelays(name) ? 'relay' : undefined)
  if (name === 'error') return { kind: 'disk-error', who }
  if (name === 'full') return { kind: 'disk-full', who }
  const damage = diskDamages.find(known => known === name)
  return damage === undefined ? undefined : { kind: 'disk-damage', who, damage: damage satisfies DiskDamage }
}

const isOfRelays = (damage: string): boolean => ['bit-flip', 'wipe', 'roll-back'].includes(damage)

function readClock (reading: Reading, { jump, drift }: NonNullable<RawEntry['clock']>, path: Path): Fault | undefined {
  if (jump !== undefined) {
    const signed = (value: string | number): number | undefined => parseDuration(value, { signed: true })
    const byMs = reading.quantity(signed, jump.by, [...path, 'jump', 'by'])
    return { kind: 'clock-jump', who: reading.selector(jump.who, [...path, 'jump', 'who']), byMs }
  }
  if (drift === undefined) return undefined
  const by = reading.quantity(parseDrift, drift.by, [...path, 'drift', 'by'])
  return { kind: 'clock-drift', who: reading.selector(drift.who, [...path, 'drift', 'who']), by }
}

/** As a reader of the report sees the fault: `partition: isolate relay-1`. */
function wordsOf (entry: RawEntry): string {
  const field = faultFields.find(name => entry[name] !== undefined)
  return field === undefined ? '' : `${field}: ${said(entry[field])}`
}

function said (value: unknown): string {
  if (Array.isArray(value)) return value.map(said).map(words => words.includes(' ') ? `(${words})` : words).join(' + ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value).map(([name, inner]) => `${name} ${said(inner)}`).join(', ')
}
