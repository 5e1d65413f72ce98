/**
 * Each program in a network namespace of its own (Linux), all at one bridge, and cuts as rules of nftables:
 * the kernel's own packets, TCP's own waits, straight ways and WebRTC as people have them. No root is
 * needed where user namespaces are allowed.
 *
 * A namespace is held by a process that ends when its input does, and so with us, however we end: no name is
 * left behind, and its interfaces and rules go with it.
 */
import { spawn } from 'node:child_process'
import { extname, join } from 'node:path'
import { UsageError } from '../../../protocol/errors.ts'
import type { PlannedNode } from '../scenario/plan.ts'
import type { Rule } from '../world/fabric.ts'
import { mentionOf } from '../world/mentions.ts'
import type { Ground, GroundOptions, Slow } from './ground.ts'
import { unwiredRule } from './plan-proxy.ts'
import type { Processes, RealProcess } from './processes.ts'
import type { FromProxy, ToProxy } from './proxy-process.ts'

const network = '10.77.0'
const bridgeIp = `${network}.254`
const proxyProgram = join(import.meta.dirname, `proxy-process${extname(import.meta.filename)}`)
const port = 4001
const isRoot = process.getuid?.() === 0
const enterUser = isRoot ? [] : ['--user', '--preserve-credentials']

/** Rejects with UsageError, and the reason, where the machine does not allow it. */
export async function namespaceGround (options: GroundOptions): Promise<Ground> {
  if (process.platform !== 'linux') throw new UsageError('USAGE', 'The world netns needs Linux: it is made of its network namespaces.')
  const ground = new NamespaceGround(options)
  await ground.open()
  return ground
}

/** Undefined: it is allowed here. */
export async function whyNoNamespaces (): Promise<string | undefined> {
  try {
    await command([...unshare(), 'sh', '-c', 'ip link add name br0 type bridge && ip link add name v0 type veth peer name v1 && nft list ruleset'])
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const unshare = (): string[] => ['unshare', ...isRoot ? [] : ['--user', '--map-root-user'], '--net']

class NamespaceGround implements Ground {
  readonly world = 'netns'
  readonly #options: GroundOptions
  readonly #holders = new Map<string, RealProcess>()
  readonly #rules = new Set<Rule>()
  readonly #refused = new Map<string, string>()
  readonly #isProxied: boolean
  #bridge: RealProcess | undefined
  #proxy: RealProcess | undefined
  #nextRule = 0
  readonly #ruleIds = new Map<Rule, number>()
  #applying: Promise<void> = Promise.resolve()

  constructor (options: GroundOptions) {
    this.#options = options
    const { links, wires, windows } = options.plan
    this.#isProxied = links.length > 0 || wires !== undefined || windows.some(({ effect }) => effect.kind === 'slow')
  }

  get notes (): string[] {
    return [
      this.#isProxied
        ? 'As the kernel has no way to delay packets, all TCP goes through a proxy at the bridge, which has latencies and bandwidths, and cuts: what WebRTC sends is cut by the kernel, and not delayed.'
        : 'Ways take no time but the kernel\'s own, as the scenario has no links; dials are not counted.',
      'Bytes on connections are those of IP packets, with their headers and what TCP sends again.'
    ]
  }

  async open (): Promise<void> {
    const reason = await whyNoNamespaces()
    if (reason !== undefined) {
      throw new UsageError('USAGE', `The world netns needs network namespaces, ip (iproute2) and nft (nftables), by root or by a user who may make them: ${reason}`)
    }
    const { plan, processes } = this.#options
    const bridge = await hold(processes, unshare())
    this.#bridge = bridge
    const inside = enter(bridge)
    await command([...inside, 'sh', '-ec', `ip link add name br0 type bridge; ip addr add ${bridgeIp}/24 dev br0; ip link set br0 up`])
    await nft(inside, [
      'table bridge lab {', 'set cut {', 'type ipv4_addr . ipv4_addr', '}', 'counter wire {', '}',
      'chain way {', 'type filter hook prerouting priority 0', 'ether type ip counter name wire', 'ip saddr . ip daddr @cut drop', '}', '}'
    ])
    for (const [at, { name, kind, isReachable }] of plan.nodes.entries()) {
      const holder = await hold(processes, [...inside, 'unshare', '--net'])
      this.#holders.set(name, holder)
      await command([...inside, 'sh', '-ec', `ip link add name p${at} type veth peer name eth0 netns ${holder.pid}; ip link set p${at} master br0 up`])
      await command([...enter(holder), 'sh', '-ec', `ip addr add ${this.#ip(name)}/24 dev eth0; ip link set eth0 up; ip link set lo up`])
      const isHidden = kind === 'client' && !isReachable
      await nft(enter(holder), [
        'table inet lab {', 'set refused {', 'type ipv4_addr', '}', 'chain input {', 'type filter hook input priority 0',
        'ip saddr @refused meta l4proto tcp reject with tcp reset', ...isHidden ? [`iifname eth0 tcp dport ${port} drop`] : [], '}', '}'
      ])
    }
    if (this.#isProxied) await this.#openProxy(bridge)
    const unwired = unwiredRule(this.#options.weather)
    if (unwired !== undefined) await this.cut(unwired)
  }

  /** TCP to a node's port goes to that of the proxy which stands for it; who dials is known by his address. */
  async #openProxy (bridge: RealProcess): Promise<void> {
    const { plan, processes, onDial, onSent } = this.#options
    const proxy = processes.run([...enter(bridge), process.execPath, proxyProgram])
    this.#proxy = proxy
    await proxy.ready()
    const { promise, resolve } = Promise.withResolvers<Record<string, number>>()
    proxy.onMessage(message => {
      const { opened, dialled, readable } = message as FromProxy
      if (opened !== undefined) resolve(opened)
      if (dialled !== undefined) onDial(...dialled)
      if (readable !== undefined) onSent(readable[0], readable[1], new TextEncoder().encode(mentionOf(readable[2])))
    })
    const places = Object.fromEntries(plan.nodes.map(({ name }) => [name, { host: this.#ip(name), port }]))
    this.#tellProxy({ begin: { plan, places, host: bridgeIp } })
    const ports = await Promise.race([promise, proxy.end.then(() => { throw new Error(`The proxy ended: ${proxy.stderr}`) })])
    for (const [name, holder] of this.#holders) {
      const rules = Object.entries(ports).filter(([to]) => to !== name).map(([to, at]) => `ip daddr ${this.#ip(to)} tcp dport ${port} dnat to ${bridgeIp}:${at}`)
      await nft(enter(holder), ['table ip ways {', 'chain output {', 'type nat hook output priority -100', ...rules, '}', '}'])
    }
  }

  #tellProxy (message: ToProxy): void { this.#proxy?.send(message) }

  prefix (node: string): string[] {
    const holder = this.#holders.get(node)
    if (holder === undefined) throw new Error(`There is no namespace of ${node}.`)
    return enter(holder)
  }

  listening ({ name }: PlannedNode): string[] { return ['--listen', `/ip4/${this.#ip(name)}/tcp/${port}`] }
  addressOf (relay: string, { peerId }: { peerId: string }): string { return `/ip4/${this.#ip(relay)}/tcp/${port}/p2p/${peerId}` }
  started (): void {}
  ended (): void {}

  async cut (rule: Rule): Promise<void> {
    this.#rules.add(rule)
    this.#ruleIds.set(rule, this.#nextRule)
    this.#tellProxy({ cut: { id: this.#nextRule++, pairs: this.#pairs().filter(({ from, to }) => rule.blocks(from, to)), isRefusing: rule.isRefusing } })
    await this.#apply()
  }

  async heal (rule: Rule): Promise<void> {
    if (!this.#rules.delete(rule)) return
    this.#tellProxy({ heal: this.#ruleIds.get(rule) ?? -1 })
    await this.#apply()
  }

  slow (effect: Slow, event: 'begins' | 'ends'): void {
    this.#tellProxy({ slow: { window: this.#options.plan.windows.findIndex(window => window.effect === effect), event } })
  }

  async wireBytes (): Promise<number> {
    const text = await command([...enter(this.#bridge!), 'nft', '-j', 'list', 'counters'])
    const { nftables } = JSON.parse(text) as { nftables: Array<{ counter?: { name: string, bytes: number } }> }
    return nftables.find(({ counter }) => counter?.name === 'wire')?.counter?.bytes ?? 0
  }

  async close (): Promise<void> {
    await this.#applying.catch(() => {})
    for (const holder of [...this.#holders.values(), ...this.#bridge === undefined ? [] : [this.#bridge]]) await holder.kill()
  }

  #pairs (): Array<{ from: string, to: string }> {
    const names = this.#options.plan.nodes.map(({ name }) => name)
    return names.flatMap(from => names.flatMap(to => from === to ? [] : { from, to }))
  }

  #ip (name: string): string { return `${network}.${1 + this.#options.plan.nodes.findIndex(node => node.name === name)}` }

  /** The kernel changes a set as a whole: no packet sees half of a partition. One after the other. */
  async #apply (): Promise<void> {
    this.#applying = this.#applying.catch(() => {}).then(async () => {
      const names = this.#options.plan.nodes.map(({ name }) => name)
      const pairs = this.#pairs()
      const blocked = (isRefusing: boolean, { from, to }: { from: string, to: string }): boolean =>
        [...this.#rules].some(rule => rule.isRefusing === isRefusing && rule.blocks(from, to))
      await fill(enter(this.#bridge!), 'bridge lab cut', pairs.filter(pair => blocked(false, pair)).map(({ from, to }) => `${this.#ip(from)} . ${this.#ip(to)}`))
      for (const to of names) {
        const refused = names.filter(from => from !== to && blocked(true, { from, to })).map(from => this.#ip(from))
        if (this.#refused.get(to) === refused.join()) continue
        if (refused.length > 0 || this.#refused.has(to)) await fill(this.prefix(to), 'inet lab refused', refused)
        this.#refused.set(to, refused.join())
      }
    })
    await this.#applying
  }
}

/** A namespace that is there as long as this process, which only waits for the end of its input. */
async function hold (processes: Processes, how: string[]): Promise<RealProcess> {
  const holder = processes.run([...how, 'sh', '-c', 'echo "{}"; exec cat'])
  await holder.ready()
  return holder
}

function enter (holder: RealProcess): string[] { return ['nsenter', '--target', String(holder.pid), ...enterUser, '--net', '--'] }

async function fill (inside: string[], set: string, elements: string[]): Promise<void> {
  await nft(inside, [`flush set ${set}`, ...elements.length === 0 ? [] : [`add element ${set} { ${elements.join(', ')} }`]])
}

async function nft (inside: string[], lines: string[]): Promise<void> { await command([...inside, 'nft', '-f', '-'], `${lines.join('\n')}\n`) }

/** Resolves with what it said; rejects, with why, where it failed. */
async function command ([program = '', ...rest]: readonly string[], input = ''): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
    let [said, complained] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => { said += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { complained += text })
    child.once('error', error => { reject(new Error(`${program}: ${error.message}`)) })
    child.once('close', (code, signal) => {
      if (code === 0) resolve(said)
      else reject(new Error(`${program} ended with ${signal ?? code}: ${complained.trim()}`))
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
