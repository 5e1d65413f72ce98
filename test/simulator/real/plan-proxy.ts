/**
 * The proxy as a plan wants it: its links, what slows them down, and who is not wired to whom.
 */
import type { Plan } from '../scenario/plan.ts'
import type { Weather } from '../scenario/play/weather.ts'
import { Chance } from '../world/chance.ts'
import type { Rule } from '../world/fabric.ts'
import type { Path } from '../world/wires.ts'
import { Proxy } from './proxy.ts'
import type { ProxyOptions } from './proxy.ts'

export function proxyOfPlan (plan: Plan, weather: Weather, options: Pick<ProxyOptions, 'whoDials' | 'onDial' | 'onSent'>): Proxy {
  const paths = new Map<string, Path>()
  return new Proxy({
    ...options,
    chance: new Chance(`${plan.seed} proxy`),
    dialFailure: weather.dialFailure,
    halfOpen: weather.halfOpen,
    path: (from, to) => {
      const key = `${from}>${to}`
      const path = paths.get(key) ?? weather.path(from, to, new Chance(`${plan.seed} path ${key}`))
      paths.set(key, path)
      return path
    }
  })
}

/** Undefined: all are wired to all. */
export function unwiredRule (weather: Weather): Rule | undefined {
  return weather.hasUnwired ? { blocks: (from, to) => !weather.isWired(from, to), isRefusing: false } : undefined
}
