/**
 * Programs on this machine's loopback, who reach each other through a proxy. People use relays only here
 * (`--no-direct`): a straight way would be told to others as it is, past the proxy, and WebRTC goes by UDP.
 */
import { UsageError } from '../../../protocol/errors.ts'
import type { PlannedNode } from '../scenario/plan.ts'
import type { Rule } from '../world/fabric.ts'
import type { Ground, GroundOptions, Slow } from './ground.ts'
import { proxyOfPlan, unwiredRule } from './plan-proxy.ts'
import type { Place, Proxy } from './proxy.ts'
import { canTellWhoDials, ownerOfPort } from './who-dials.ts'

/** Rejects with UsageError where the machine lacks what it takes. */
export async function loopbackGround (options: GroundOptions): Promise<Ground> {
  if (!canTellWhoDials) throw new UsageError('USAGE', 'The world libp2p needs Linux: its proxy learns from /proc who dials.')
  const ground = new LoopbackGround(options)
  await ground.open()
  return ground
}

class LoopbackGround implements Ground {
  readonly world = 'libp2p'
  readonly notes = [
    'All messages went through relays, at once: people dial nobody else here (--no-direct), and so don\'t wait for a straight way first, as the model\'s people do for 0.4 s.',
    'Delays, bandwidth and cuts are those of a proxy on loopback; a dial through a silent cut is taken by the system and then left unanswered.'
  ]
  readonly #options: GroundOptions
  readonly #proxy: Proxy
  readonly #pids = new Map<string, number>()
  /** Where the programs themselves listen, and where others dial. */
  readonly #ports = new Map<string, number>()
  readonly #dialled = new Map<string, number>()
  #wireBytes = 0

  constructor (options: GroundOptions) {
    this.#options = options
    const { plan, weather, onDial, onSent } = options
    this.#proxy = proxyOfPlan(plan, weather, {
      whoDials: ({ port }) => ownerOfPort(port, this.#pids),
      onDial,
      onSent: (from, to, bytes) => {
        this.#wireBytes += bytes.length
        onSent(from, to, bytes)
      }
    })
    const unwired = unwiredRule(weather)
    if (unwired !== undefined) this.#proxy.cut(unwired)
  }

  async open (): Promise<void> {
    for (const { name, kind } of this.#options.plan.nodes) {
      if (kind === 'relay') this.#dialled.set(name, await this.#proxy.open(name, () => this.#placeOf(name)))
    }
  }

  /** Undefined while it does not run. */
  #placeOf (name: string): Place | undefined {
    const port = this.#ports.get(name)
    return port === undefined || !this.#pids.has(name) ? undefined : { host: '127.0.0.1', port }
  }

  prefix (): string[] { return [] }

  listening ({ name, kind }: PlannedNode): string[] {
    if (kind === 'client') return ['--no-direct']
    // At first any port, and from then on the same.
    return ['--listen', `/ip4/127.0.0.1/tcp/${this.#ports.get(name) ?? 0}`]
  }

  addressOf (relay: string, { peerId, addresses }: { peerId: string, addresses: string[] }): string {
    const port = Number(/\/tcp\/(\d+)/.exec(addresses[0] ?? '')?.[1])
    if (!(port > 0)) throw new Error(`${relay} listens nowhere: ${addresses.join(' ')}`)
    this.#ports.set(relay, port)
    return `/ip4/127.0.0.1/tcp/${this.#dialled.get(relay)}/p2p/${peerId}`
  }

  started (node: string, pid: number): void { this.#pids.set(node, pid) }
  ended (node: string): void { this.#pids.delete(node) }

  async cut (rule: Rule): Promise<void> { this.#proxy.cut(rule) }
  async heal (rule: Rule): Promise<void> { this.#proxy.heal(rule) }
  slow (effect: Slow, event: 'begins' | 'ends'): void {
    if (event === 'begins') this.#options.weather.begin(effect)
    else this.#options.weather.end(effect)
  }

  async wireBytes (): Promise<number> { return this.#wireBytes }
  async close (): Promise<void> { await this.#proxy.close() }
}
