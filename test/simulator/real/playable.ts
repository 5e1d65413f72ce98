/**
 * Which plans can be played with real programs, and what of them can't, with the reason. Small ones: each
 * node is a process, and each minute takes a minute.
 */
import { UsageError } from '../../../protocol/errors.ts'
import type { Effect, Plan } from '../scenario/plan.ts'
import type { RealWorld } from './world-kind.ts'

const limits = { clients: 12, relays: 4, durationMs: 5 * 60_000, messages: 2_000, contacts: 40 } as const

const realDisk = 'disks are real here, and fail when they like'
const realClock = 'the clock is that of this machine, for all nodes'
const realCode = 'it is the program as it is, which does not misbehave'

/** Undefined: it can be done. */
function whyNot (effect: Effect): string | undefined {
  switch (effect.kind) {
    case 'cut': case 'stall': case 'slow': case 'crash': case 'away': case 'pause': return undefined
    case 'crash-at-write': return 'nobody can say here which write is under way: crash ends it at a time'
    case 'disk-error': case 'disk-full': case 'disk-slow': case 'disk-damage': return realDisk
    case 'clock-jump': case 'clock-drift': return realClock
    case 'relay': return realCode
  }
}

/** Throws UsageError with all that stands against it. */
export function assertPlayable (plan: Plan, world: RealWorld): void {
  const { nodes, windows, durationMs, messages, contacts } = plan
  const problems = new Set<string>()
  for (const { words, effect } of windows) {
    const reason = whyNot(effect)
    if (reason !== undefined) problems.add(`${words}: ${reason}`)
  }
  if (nodes.some(({ skewMs, drift }) => skewMs !== 0 || drift !== 0)) problems.add(`clocks: ${realClock}`)
  const count = (kind: string): number => nodes.filter(node => node.kind === kind).length
  const tooMany = (what: string, is: number, max: number): void => { if (is > max) problems.add(`${is} ${what}: ${max} at most`) }
  tooMany('people', count('client'), limits.clients)
  tooMany('relays', count('relay'), limits.relays)
  tooMany('messages', messages.length, limits.messages)
  tooMany('pairs that know each other', contacts.length, limits.contacts)
  if (durationMs > limits.durationMs) {
    const factor = Math.ceil(durationMs / limits.durationMs)
    problems.add(`${Math.round(durationMs / 1000)} s of real time: ${limits.durationMs / 1000} s at most; --shorten ${factor} makes everything so many times shorter`)
  }
  if (problems.size > 0) throw new UsageError('USAGE', `This can't be played in the world '${world}': ${[...problems].join('; ')}.`)
}

/** The same plan with all its times so many times shorter; how long things may take to settle stays. */
export function shortenPlan (plan: Plan, factor: number): Plan {
  if (!(factor >= 1 && factor <= 1e6)) throw new UsageError('USAGE', 'Times are shortened by a number from 1 to 1000000.')
  const of = (ms: number): number => ms / factor
  return {
    ...plan,
    durationMs: of(plan.durationMs),
    messages: plan.messages.map(message => ({ ...message, atMs: of(message.atMs) })),
    windows: plan.windows.map(window => ({
      ...window, fromMs: of(window.fromMs), untilMs: window.untilMs === undefined ? undefined : of(window.untilMs)
    }))
  }
}
