/**
 * Who knows whom, and who writes when: the workload of a plan, drawn from the rules of a scenario.
 */
import { UsageError } from '../../../protocol/errors.ts'
import { textBytesMax } from '../../../protocol/limits.ts'
import { Chance } from '../world/chance.ts'
import { dayWave, draw, standardExponential } from './draw.ts'
import type { Scenario, WorkloadRule } from './model.ts'
import type { PlannedMessage } from './plan.ts'
import type { Population } from './population.ts'
import { dayMs } from './quantities.ts'
import { assertDrawable, graph } from './topology.ts'
import type { Edges } from './topology.ts'

const messagesMax = 2_000_000

interface Drawn { contacts: Edges, messages: PlannedMessage[] }

export function compileWorkload (scenario: Scenario, population: Population, seed: number): Drawn {
  const contacts = new Map<string, [string, string]>()
  const messages: Array<Omit<PlannedMessage, 'id'>> = []
  for (const [index, rule] of scenario.workload.entries()) {
    const pairs = pairsOf(rule, population, `workload[${index}]`, seed)
    if (pairs.length === 0) throw new UsageError('USAGE', `workload[${index}]: nobody is left who could write to somebody.`)
    for (const [a, b] of pairs) contacts.set(a < b ? `${a} ${b}` : `${b} ${a}`, [a, b])
    for (const message of messagesOf(rule, pairs, `${seed} workload ${index}`)) {
      messages.push(message)
      if (messages.length > messagesMax) throw new UsageError('USAGE', `The workload has more than ${messagesMax} messages.`)
    }
  }
  // Sorting is stable: what is sent at the same time stays in the order of the rules.
  messages.sort((a, b) => a.atMs - b.atMs)
  return { contacts: [...contacts.values()], messages: messages.map((message, at) => ({ id: `m${at + 1}`, ...message })) }
}

function pairsOf (rule: WorkloadRule, population: Population, purpose: string, seed: number): Edges {
  const { pairs } = rule
  if (pairs.kind === 'list') {
    return pairs.pairs.filter(([a, b]) => population.get(a) !== undefined && population.get(b) !== undefined)
  }
  const chance = new Chance(`${seed} pairs ${purpose}`)
  const who = population.select(rule.who, purpose, seed, 'client')
  if (pairs.kind === 'between') {
    const taken = new Set(who)
    const [left, right] = pairs.sides.map((side, at) => population.select(side, `${purpose} side ${at}`, seed, 'client').filter(name => taken.has(name)))
    assertDrawable('full', Math.round(Math.sqrt((left?.length ?? 0) * (right?.length ?? 0))))
    return (left ?? []).flatMap(a => (right ?? []).filter(b => b !== a).map((b): [string, string] => [a, b]))
  }
  if (pairs.kind === 'couples') {
    return Array.from({ length: Math.floor(who.length / 2) }, (_, at): [string, string] => [who[2 * at]!, who[2 * at + 1]!])
  }
  const kind = pairs.kind === 'all' ? 'full' : pairs.kind
  assertDrawable(kind, who.length)
  return graph(kind, who, pairs.kind === 'random-k' || pairs.kind === 'scale-free' ? pairs.k : 1, chance)
}

function * messagesOf (rule: WorkloadRule, pairs: Edges, purpose: string): Generator<Omit<PlannedMessage, 'id'>> {
  const recipients = new Map<string, string[]>()
  const add = (from: string, to: string): void => {
    const known = recipients.get(from)
    if (known === undefined) recipients.set(from, [to])
    else known.push(to)
  }
  for (const [a, b] of pairs) {
    add(a, b)
    if (!rule.isOneWay) add(b, a)
  }
  const sizes = new Chance(`${purpose} sizes`)
  const bytes = (): number => Math.max(1, Math.min(textBytesMax, Math.round(draw(rule.size, sizes))))
  if (rule.messages !== undefined) {
    const chance = new Chance(`${purpose} times`)
    const senders = [...recipients.keys()]
    for (let count = 0; count < rule.messages; count++) {
      let atMs = chance.between(rule.fromMs, rule.untilMs)
      while (!isTaken(rule, atMs, chance)) atMs = chance.between(rule.fromMs, rule.untilMs)
      const from = chance.pick(senders)
      yield { atMs: Math.floor(atMs), from, to: chance.pick(recipients.get(from) ?? []), bytes: bytes() }
    }
    return
  }
  if (rule.rate === undefined || rule.rate === 0) return
  // Thinning: drawn at the rate of the peak, and taken in proportion to the rate of the hour.
  const peakRate = rule.rate * (1 + (rule.diurnal?.depth ?? 0))
  for (const [from, contacts] of recipients) {
    const chance = new Chance(`${purpose} ${from}`)
    let atMs = rule.fromMs
    for (;;) {
      atMs += standardExponential(chance) / peakRate
      if (atMs >= rule.untilMs) break
      if (!isTaken(rule, atMs, chance)) continue
      yield { atMs: Math.floor(atMs), from, to: chance.pick(contacts), bytes: bytes() }
    }
  }
}

/** With a depth of d the peak has 1 + d times the mean, and twelve hours later it is 1 - d times. */
function isTaken ({ diurnal }: WorkloadRule, atMs: number, chance: Chance): boolean {
  if (diurnal === undefined) return true
  const level = (1 + diurnal.depth * dayWave((atMs - diurnal.peakMs) / dayMs)) / (1 + diurnal.depth)
  return chance.happens(level)
}
