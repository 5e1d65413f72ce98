/**
 * How large a world may be: many people in a ring, who write while machines crash and stand still and groups are cut
 * off; then all is healed, and every invariant has to hold.
 *
 *     node test/simulator/scale.ts --clients 1000 --relays 30 [--seconds 120] [--per-client 2] [--without-faults] [--seed 1]
 *
 * Ends with 1 where an invariant is violated, or the world was slower than its own time.
 */
import { parseArgs } from 'node:util'
import { topologyOf } from './run/established.ts'
import type { Fault, Plan } from './run/plan.ts'
import { establishedWorld, runSchedule } from './run/schedule.ts'
import { Chance } from './world/chance.ts'

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' }, relays: { type: 'string', default: '30' }, seconds: { type: 'string', default: '120' },
    'per-client': { type: 'string', default: '2' }, 'without-faults': { type: 'boolean', default: false }, seed: { type: 'string', default: '1' }
  }
})
const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const [clientCount, relayCount, seed] = [Number(values.clients), Number(values.relays), Number(values.seed)]
const topology = topologyOf(clientCount, relayCount)
const faultMs = Number(values.seconds) * 1000

/** Of every ten clients one crashes and one stands still, of the relays every third crashes, and four cuts come over all. */
function faultsOf (chance: Chance): Fault[] {
  const atMs = (): number => Math.round(chance.between(0, faultMs * 0.8))
  const { clients, relays } = topology
  return [
    ...chance.sample(clients, Math.ceil(clientCount / 10)).map((node): Fault => ({ kind: 'crash', node, how: chance.pick(['killed', 'powerLost']), atMs: atMs(), backMs: 5_000 })),
    ...chance.sample(clients, Math.ceil(clientCount / 10)).map((node): Fault => ({ kind: 'pause', node, atMs: atMs(), forMs: 8_000 })),
    ...chance.sample(relays, Math.ceil(relayCount / 3)).map((node): Fault => ({ kind: 'crash', node, how: 'powerLost', atMs: atMs(), backMs: 4_000 })),
    ...(['halves', 'bridge', 'one-way', 'flap'] as const).map((shape): Fault => ({ kind: 'partition', shape, atMs: atMs(), forMs: 10_000, isRefusing: false }))
  ].sort((a, b) => a.atMs - b.atMs)
}

function bend (plan: Plan): void {
  const chance = new Chance(`scale ${seed}`)
  const calm = values['without-faults']
  Object.assign(plan, { faultMs, unreachable: [], mailboxEnvelopesMax: undefined, readRate: 0.2, faults: calm ? [] : faultsOf(chance) })
  if (calm) {
    Object.assign(plan.links, { stallRate: 0, resetRate: 0 })
    Object.assign(plan.dials, { failureRate: 0, halfOpenRate: 0 })
  }
  plan.sends = Array.from({ length: Math.round(Number(values['per-client']) * clientCount) }, () => {
    const [from, to] = chance.sample(chance.pick(topology.pairs), 2) as [string, string]
    return { atMs: Math.round(chance.between(1_000, faultMs)), from, to, bytes: chance.below(200) }
  }).sort((a, b) => a.atMs - b.atMs)
}

const cpuSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

const established = await establishedWorld(topology)
say(`${clientCount} clients and ${relayCount} relays know each other after ${cpuSeconds().toFixed(1)} s of a processor`)
const before = process.cpuUsage()
const { history, violations, events, virtualMs } = await runSchedule(seed, { topology, established, bend, kinds: [] })
const cpu = cpuSeconds(before)
for (const { invariant, text } of violations.slice(0, 10)) say(`  ✘ ${invariant}: ${text}`)
const kept = new Set(history.flatMap(entry => entry.f === 'shown' ? [entry.value.message] : []))
const isFaster = cpu * 1000 < virtualMs
say(`${(virtualMs / 1000).toFixed(0)} s of the world in ${cpu.toFixed(1)} s of a processor (${(virtualMs / 1000 / cpu).toFixed(1)} times real time), ` +
  `${events} events, ${kept.size} messages delivered, ${violations.length} violations, at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`)
process.exitCode = violations.length === 0 && isFaster ? 0 : 1
