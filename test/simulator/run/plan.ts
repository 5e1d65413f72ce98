/**
 * What a seed means: how the world is, what people write and which faults come when. Each run draws
 * its own rates, and leaves some kinds of faults out altogether (swarm testing): what always comes
 * with everything else hides what comes alone.
 *
 * A plan is made before anything runs and never depends on what happens, so that any part of it can
 * be left out without changing the rest.
 */
import { Chance } from '../world/chance.ts'
import type { Distribution } from '../world/distributions.ts'
import type { CrashMoment } from '../world/disk.ts'
import type { Topology } from './established.ts'

export type Shape = 'halves' | 'isolate' | 'one-way' | 'bridge' | 'ring' | 'flap' | 'swizzle' | 'relays'

export type Fault = { atMs: number } & (
  | { kind: 'partition', shape: Shape, forMs: number, isRefusing: boolean }
  | { kind: 'crash', node: string, how: 'killed' | 'powerLost', backMs: number }
  /** The power goes at a write to come, counted from when the fault begins. */
  | { kind: 'crash-at-write', node: string, write: number, moment: CrashMoment, backMs: number }
  | { kind: 'pause', node: string, forMs: number }
  | { kind: 'clock', node: string, byMs: number }
  | { kind: 'disk', node: string, what: 'writes-fail' | 'full' | 'reads-fail' | 'slow', forMs: number }
  | { kind: 'move', node: string }
  | { kind: 'relay-lost', node: string, what: 'wipe' | 'rollback' | 'bitflip', backMs: number }
  | { kind: 'gone', node: string }
  /** A relay that does not do what it should, for a while. */
  | { kind: 'misdeed', node: string, what: Misdeed, forMs: number }
  /** A client's disk is as it was at `backupMs`: what came and went since is known to the others alone. */
  | { kind: 'restored', node: string, backupMs: number, backMs: number }
  /** No fault, but a time at which others do more: nobody knows anybody yet, and these two meet by an invite. */
  | { kind: 'first-meeting', inviter: string, invited: string }
)

export type FaultKind = Fault['kind']
export type Misdeed = typeof misdeeds[number]

export interface Send { atMs: number, from: string, to: string, bytes: number }

export interface Plan {
  seed: number
  faultMs: number
  /** Of a system that hears nothing, before it ends a connection. */
  giveUpMs: number
  links: { latency: Distribution, jitter: Distribution, bytesPerMs: number, stallRate: number, resetRate: number, sliceRate: number }
  dials: { failureRate: number, halfOpenRate: number }
  disks: { sync: Distribution, read: Distribution | undefined, batchesPerFile: number }
  clocks: Record<string, { skewMs: number, drift: number }>
  unreachable: string[]
  mailboxEnvelopesMax: number | undefined
  /** Probability that a person reads what a notification told of. */
  readRate: number
  sends: Send[]
  faults: Fault[]
}

export const faultKinds: readonly FaultKind[] =
  ['partition', 'crash', 'crash-at-write', 'pause', 'clock', 'disk', 'move', 'relay-lost', 'gone', 'misdeed', 'first-meeting', 'restored']

export interface PlanOptions {
  topology: Topology
  sendsMax?: number
  /** Only these kinds of faults. */
  kinds?: readonly FaultKind[]
}

const misdeeds = ['lie', 'withhold', 'replay', 'delete', 'reorder', 'quota'] as const
const shapes: readonly Shape[] = ['halves', 'isolate', 'one-way', 'bridge', 'ring', 'flap', 'swizzle', 'relays']
const sendsMaxDefault = 16
/** What weakens what may be demanded afterwards. */
const rareKinds: readonly FaultKind[] = ['gone', 'restored', 'first-meeting']
const singleKinds: readonly FaultKind[] = ['gone', 'relay-lost', 'restored']
/** Of the more frequent kinds so many come at most. */
const faultsOfKindMax = 4

export function planOf (seed: number, options: PlanOptions): Plan {
  const chance = new Chance(`plan ${seed}`)
  const { topology, kinds = faultKinds } = options
  const { clients, relays } = topology
  const nodes = [...clients, ...relays]
  const faultMs = Math.round(chance.between(10_000, 60_000))
  const sometimes = (rate: number, largest: number): number => chance.happens(rate) ? largest * chance.float() : 0
  const swarm = new Chance(`swarm ${seed}`)
  const isOn = new Map(faultKinds.map(kind => [kind, swarm.happens(rareKinds.includes(kind) ? 0.2 : 0.5)]))
  const faults: Fault[] = []
  for (const kind of faultKinds.filter(one => kinds.includes(one))) {
    // A stream for each kind: one that is left out shifts no other.
    const own = new Chance(`faults ${seed} ${kind}`)
    if (isOn.get(kind) !== true) continue
    if (kind === 'first-meeting') {
      for (const [inviter, invited] of topology.pairs) faults.push({ kind, atMs: Math.round(own.between(0, faultMs / 3)), inviter, invited })
      continue
    }
    // Who is set back to before he met somebody is nobody whom that one could reach.
    if (kind === 'restored' && faults.some(fault => fault.kind === 'first-meeting')) continue
    const count = singleKinds.includes(kind) ? 1 : 1 + own.below(faultsOfKindMax)
    for (let i = 0; i < count; i++) faults.push(faultOf(kind, own, { seed, clients, relays, nodes, faultMs }))
  }
  faults.sort((a, b) => a.atMs - b.atMs)
  const writing = new Chance(`sends ${seed}`)
  const sends = Array.from({ length: 4 + writing.below(options.sendsMax ?? sendsMaxDefault) }, (): Send => {
    const [a, b] = writing.pick(topology.pairs)
    const [from, to] = writing.happens(0.5) ? [a, b] : [b, a]
    const bytes = writing.happens(0.9) ? writing.below(200) : writing.below(12_000)
    return { atMs: Math.round(writing.between(0, faultMs)), from, to, bytes }
  }).sort((a, b) => a.atMs - b.atMs)
  return {
    seed,
    faultMs,
    links: {
      latency: latencyOf(chance),
      jitter: chance.happens(0.5) ? { kind: 'constant', ms: 0 } : { kind: 'uniform', fromMs: 0, toMs: chance.between(0, 100) },
      bytesPerMs: chance.pick([16, 125, 1250, 12_500]),
      stallRate: sometimes(0.4, 0.2),
      resetRate: sometimes(0.3, 0.02),
      sliceRate: sometimes(0.5, 0.3)
    },
    giveUpMs: chance.pick([20_000, 120_000, 924_600]),
    dials: { failureRate: sometimes(0.3, 0.4), halfOpenRate: sometimes(0.3, 0.2) },
    disks: {
      sync: chance.pick<Distribution>([
        { kind: 'uniform', fromMs: 0.2, toMs: 2 }, { kind: 'lognormal', medianMs: 4, sigma: 1 }, { kind: 'pareto', minimumMs: 1, shape: 1.2 }]),
      read: chance.happens(0.3) ? { kind: 'uniform', fromMs: 0.05, toMs: 5 } : undefined,
      batchesPerFile: chance.pick([3, 20, 1000])
    },
    clocks: Object.fromEntries(nodes.map(node => [node, {
      skewMs: Math.round(chance.pick([0, 0, 1, 1, 1]) * chance.between(-300_000, 300_000)), drift: chance.between(-1, 1) * 2e-4
    }])),
    unreachable: chance.happens(0.5) ? chance.sample(clients, chance.below(clients.length + 1)) : [],
    mailboxEnvelopesMax: chance.happens(0.2) ? 1 + chance.below(8) : undefined,
    readRate: chance.pick([0, 0, 0.5, 1]),
    sends,
    faults
  }
}

function latencyOf (chance: Chance): Distribution {
  const ms = chance.between(1, 150)
  return chance.pick<Distribution>([
    { kind: 'constant', ms },
    { kind: 'uniform', fromMs: ms / 2, toMs: ms * 2 },
    { kind: 'normal', meanMs: ms, deviationMs: ms / 4 },
    { kind: 'lognormal', medianMs: ms, sigma: 0.8 },
    { kind: 'pareto', minimumMs: ms / 2, shape: 1.5 },
    { kind: 'empirical', sortedMs: [8, 11, 14, 19, 23, 31, 48, 80, 140, 420] }
  ])
}

interface Scope { seed: number, clients: string[], relays: string[], nodes: string[], faultMs: number }

/** The one that may lose everything, so that no second one fails whom a first tick was shown for. */
function unreliableRelay (scope: Scope): string {
  const lost = faultOf('relay-lost', new Chance(`faults ${scope.seed} relay-lost`), scope)
  return lost.kind === 'relay-lost' ? lost.node : scope.relays[0]!
}

function faultOf (kind: Exclude<FaultKind, 'first-meeting'>, chance: Chance, scope: Scope): Fault {
  const { clients, relays, nodes, faultMs } = scope
  const atMs = Math.round(chance.between(0, faultMs * 0.9))
  const forMs = Math.round(chance.between(500, faultMs / 2))
  const backMs = Math.round(chance.happens(0.5) ? chance.between(50, 3_000) : chance.between(1_000, faultMs / 2))
  const node = chance.pick(nodes)
  switch (kind) {
    case 'partition': return { kind, atMs, shape: chance.pick(shapes), forMs, isRefusing: chance.happens(0.3) }
    case 'crash': return { kind, atMs, node, how: chance.pick(['killed', 'powerLost']), backMs }
    case 'crash-at-write':
      return { kind, atMs, node, write: 1 + chance.below(20), moment: chance.pick(['before', 'during', 'after']), backMs }
    case 'pause': return { kind, atMs, node, forMs }
    case 'clock': {
      const byMs = Math.round(chance.pick([-1, 1]) * chance.pick([1_000, 600_000, 7_200_000]) * chance.float())
      return { kind, atMs, node, byMs }
    }
    case 'disk': return { kind, atMs, node, what: chance.pick(['writes-fail', 'full', 'reads-fail', 'slow']), forMs }
    case 'move': return { kind, atMs, node: chance.pick(clients) }
    case 'relay-lost': return { kind, atMs, node: chance.pick(relays), what: chance.pick(['wipe', 'rollback', 'bitflip']), backMs }
    case 'gone': return { kind, atMs: Math.round(faultMs / 3 + atMs / 2), node: chance.pick(clients) }
    case 'misdeed': return { kind, atMs, node: unreliableRelay(scope), what: chance.pick(misdeeds), forMs }
    case 'restored': return { kind, atMs, node: chance.pick(clients), backupMs: Math.round(atMs * chance.pick([0, chance.float()])), backMs }
  }
}
