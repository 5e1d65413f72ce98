/**
 * The proxy in a process of its own, which namespace-ground.ts starts at the bridge of its namespaces: sockets
 * belong to the namespace of the process that opens them. It is told what to do over the channel to its parent.
 */
import type { Plan } from '../scenario/plan.ts'
import { Weather } from '../scenario/play/weather.ts'
import type { Rule } from '../world/fabric.ts'
import { mentionsIn } from '../world/mentions.ts'
import { proxyOfPlan } from './plan-proxy.ts'
import type { Place, Proxy } from './proxy.ts'

/** Each message has one of them. */
export interface ToProxy {
  begin?: { plan: Plan, places: Record<string, Place>, host: string }
  cut?: { id: number, pairs: Array<{ from: string, to: string }>, isRefusing: boolean }
  heal?: number
  /** Number of the window in the plan. */
  slow?: { window: number, event: 'begins' | 'ends' }
}

export interface FromProxy {
  /** Ports by node. */
  opened?: Record<string, number>
  dialled?: [from: string, to: string]
  /** A message's text was to be read on this way. */
  readable?: [from: string, to: string, message: number]
}

interface Running { proxy: Proxy, weather: Weather, plan: Plan, rules: Map<number, Rule> }

let running: Running | undefined

async function begin ({ plan, places, host }: NonNullable<ToProxy['begin']>): Promise<void> {
  const weather = new Weather(plan)
  const nameOf = new Map(Object.entries(places).map(([name, place]) => [place.host, name]))
  const proxy = proxyOfPlan(plan, weather, {
    whoDials: dialler => nameOf.get(dialler.host),
    onDial: (from, to) => { tell({ dialled: [from, to] }) },
    onSent: (from, to, bytes) => { for (const message of mentionsIn(bytes)) tell({ readable: [from, to, message] }) }
  })
  running = { proxy, weather, plan, rules: new Map() }
  const opened: Record<string, number> = {}
  for (const [name, place] of Object.entries(places)) opened[name] = await proxy.open(name, () => place, host)
  tell({ opened })
}

function change ({ proxy, weather, plan, rules }: Running, { cut, heal, slow }: ToProxy): void {
  if (cut !== undefined) {
    const blocked = new Set(cut.pairs.map(({ from, to }) => `${from}>${to}`))
    const rule: Rule = { blocks: (from, to) => blocked.has(`${from}>${to}`), isRefusing: cut.isRefusing }
    rules.set(cut.id, rule)
    proxy.cut(rule)
  }
  const healed = rules.get(heal ?? -1)
  if (healed !== undefined) proxy.heal(healed)
  const effect = plan.windows[slow?.window ?? -1]?.effect
  if (effect?.kind !== 'slow') return
  if (slow?.event === 'begins') weather.begin(effect)
  else weather.end(effect)
}

function tell (message: FromProxy): void { process.send?.(message) }

process.on('message', (message: ToProxy) => {
  if (message.begin !== undefined) void begin(message.begin)
  else if (running !== undefined) change(running, message)
})
process.once('disconnect', () => { process.exit() })
process.stdout.write('{}\n')
