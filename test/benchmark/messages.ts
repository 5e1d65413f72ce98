/**
 * Messages from one person to another, end to end: ratchet and durable stores at both ends, every
 * party a process of its own, over loopback. Beside each figure its ratio to a raw ws echo of the same
 * payload, measured in the same run.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { startRelay } from '../support/relay.ts'
import type { Order, Received, Sent } from './peer.ts'

const payloadBytes = 256
/** As the echo has its own: a process that began a second ago still compiles what it runs. */
const warmUpMessages = 500

class Peer {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (result: never) => void, reject: (error: Error) => void }>()
  #last = 0

  constructor () {
    this.#child = fork(join(import.meta.dirname, 'peer.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', (message: { id: number, result?: unknown, error?: string }) => {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.result as never)
      else waiting?.reject(new Error(message.error))
    })
  }

  async ask<R> (order: Order): Promise<R> {
    const id = ++this.#last
    return await new Promise<R>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#child.send({ id, order })
    })
  }

  async end (): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.disconnect()
    await ended
  }
}

export interface Row { name: string, value: string, ratio: string }

export async function benchMessages (say: (text: string) => void, scale = 1): Promise<Row[]> {
  const rows: Row[] = []
  const dir = mkdtempSync(join(tmpdir(), 'restante-bench-'))
  const relay = await startRelay()
  const peers: Peer[] = []
  try {
    say('raw ws echo')
    const base = await echoBase()
    rows.push({ name: 'raw ws echo, 64 in flight', value: `${rate(base.perSecond64)}/s, round trip p50 ${ms(base.p50of64)} p99 ${ms(base.p99of64)}`, ratio: '1' })
    rows.push({ name: 'raw ws echo, one at a time', value: `round trip p50 ${ms(base.p50of1)} p99 ${ms(base.p99of1)}`, ratio: '1' })

    const open = async (name: string): Promise<Peer> => {
      const peer = new Peer()
      peers.push(peer)
      await peer.ask({ do: 'open', dir: join(dir, name), name, relays: relay.addresses.slice(0, 1) })
      await peer.ask({ do: 'start' })
      return peer
    }
    const alice = await open('alice')
    let bob = await open('bob')
    const to = await alice.ask<string>({ do: 'add', invite: await bob.ask<string>({ do: 'invite' }) })
    const send = async (count: number, inFlight: number, until: 'delivered' | 'stored'): Promise<Sent> =>
      await alice.ask<Sent>({ do: 'send', to, count: Math.max(1, Math.round(count * scale)), bytes: payloadBytes, inFlight, until })
    const expect = async (count: number): Promise<Received> => await bob.ask<Received>({ do: 'expect', count: Math.max(1, Math.round(count * scale)) })
    say('introducing')
    await send(1 / scale, 1, 'delivered')
    await new Promise(resolve => { setTimeout(resolve, 1500) })
    await send(1 / scale, 1, 'delivered')
    await bob.ask({ do: 'expect', count: 2 })
    say('warming up')
    const warm = expect(warmUpMessages)
    await send(warmUpMessages, 1, 'delivered')
    await warm

    const direct = async (name: string, count: number, inFlight: number): Promise<void> => {
      say(`direct, ${name}`)
      const coming = expect(count)
      const sent = await send(count, inFlight, 'delivered')
      const got = await coming
      const { p50, p99 } = percentiles(sent.latenciesMs)
      const perSecond = sent.latenciesMs.length / sent.elapsedMs * 1000
      const ways = Object.entries(sent.ways).map(([way, n]) => `${n} ${way}`).join(', ')
      const isOne = inFlight === 1
      rows.push({
        name: `direct, ${name}`,
        value: `${rate(perSecond)}/s, until delivered p50 ${ms(p50)} p99 ${ms(p99)} (${ways}${got.inOrder ? '' : ', OUT OF ORDER'}; CPU µs each: ${cpu(sent)} + ${cpu({ ...got, latenciesMs: sent.latenciesMs })})`,
        ratio: isOne ? `${(p50 / base.p50of1).toFixed(1)} × round trip` : `${(perSecond / base.perSecond64).toFixed(2)} × rate`
      })
    }
    await direct('one at a time', 500, 1)
    await direct('64 in flight', 10_000, 64)
    await direct('2,048 in flight', 50_000, 2048)

    say('stored for someone away')
    await bob.ask({ do: 'stop' })
    await bob.end()
    peers.splice(peers.indexOf(bob), 1)
    const one = await send(200, 1, 'stored')
    rows.push({
      name: 'by relay, one at a time, until stored (fsynced)',
      value: `p50 ${ms(percentiles(one.latenciesMs).p50)} p99 ${ms(percentiles(one.latenciesMs).p99)}`,
      ratio: `${(percentiles(one.latenciesMs).p50 / base.p50of1).toFixed(1)} × round trip`
    })
    const stored = await send(50_000, 2048, 'stored')
    const storedPerSecond = stored.latenciesMs.length / stored.elapsedMs * 1000
    rows.push({ name: 'by relay, 2,048 in flight, stored (fsynced)', value: `${rate(storedPerSecond)}/s (CPU µs each at the sender: ${cpu(stored)})`, ratio: `${(storedPerSecond / base.perSecond64).toFixed(2)} × rate` })

    say('draining')
    bob = new Peer()
    peers.push(bob)
    await bob.ask({ do: 'open', dir: join(dir, 'bob'), name: 'bob', relays: [] })
    await bob.ask({ do: 'start' })
    const drained = await expect(50_200)
    const drainedPerSecond = 50_200 * scale / drained.elapsedMs * 1000
    rows.push({ name: 'drained, opened and stored by the recipient', value: `${rate(drainedPerSecond)}/s (CPU µs each: ${(drained.cpuMs * 1000 / (50_200 * scale)).toFixed(0)})`, ratio: `${(drainedPerSecond / base.perSecond64).toFixed(2)} × rate` })

    say('through the relay, both online')
    const viaRelay = async (name: string): Promise<Peer> => {
      const peer = new Peer()
      peers.push(peer)
      await peer.ask({ do: 'open', dir: join(dir, `relayed-${name}`), name, relays: relay.addresses.slice(0, 1), direct: false })
      await peer.ask({ do: 'start' })
      return peer
    }
    const carol = await viaRelay('carol')
    const dave = await viaRelay('dave')
    const dest = await carol.ask<string>({ do: 'add', invite: await dave.ask<string>({ do: 'invite' }) })
    await carol.ask({ do: 'send', to: dest, count: 1, bytes: payloadBytes, inFlight: 1, until: 'delivered' })
    await dave.ask({ do: 'expect', count: 1 })
    for (const [label, count, inFlight] of [['one at a time', 100, 1], ['2,048 in flight', 50_000, 2048]] as const) {
      const n = Math.max(1, Math.round(count * scale))
      const coming = dave.ask<Received>({ do: 'expect', count: n })
      const sent = await carol.ask<Sent>({ do: 'send', to: dest, count: n, bytes: payloadBytes, inFlight, until: 'stored' })
      const got = await coming
      const perSecond = n / got.elapsedMs * 1000
      const { p50, p99 } = percentiles(sent.latenciesMs)
      rows.push({
        name: `by relay to someone online, ${label}`,
        value: `${rate(perSecond)}/s received${got.inOrder ? '' : ' OUT OF ORDER'}; until stored p50 ${ms(p50)} p99 ${ms(p99)}`,
        ratio: `${(perSecond / base.perSecond64).toFixed(2)} × rate`
      })
    }
    return rows
  } finally {
    for (const peer of peers) await peer.end()
    await relay.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Base { perSecond64: number, p50of64: number, p99of64: number, p50of1: number, p99of1: number }

async function echoBase (): Promise<Base> {
  const server = fork(join(import.meta.dirname, 'ws-echo.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [{ port }] = await once(server, 'message') as [{ port: number }]
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  await once(socket, 'open')
  try {
    await echo(socket, 5_000, 64)
    const many = await echo(socket, 50_000, 64)
    const one = await echo(socket, 2_000, 1)
    const of64 = percentiles(many.latenciesMs)
    const of1 = percentiles(one.latenciesMs)
    return { perSecond64: 50_000 / many.elapsedMs * 1000, p50of64: of64.p50, p99of64: of64.p99, p50of1: of1.p50, p99of1: of1.p99 }
  } finally {
    socket.close()
    server.disconnect()
    await once(server, 'exit')
  }
}

async function echo (socket: WebSocket, count: number, inFlight: number): Promise<{ elapsedMs: number, latenciesMs: number[] }> {
  const payload = Buffer.alloc(payloadBytes, 'x')
  const sentAt: number[] = []
  const latenciesMs: number[] = []
  const start = performance.now()
  await new Promise<void>(resolve => {
    let sent = 0
    const send = (): void => {
      if (sent === count) return
      sent++
      sentAt.push(performance.now())
      socket.send(payload)
    }
    socket.on('message', () => {
      latenciesMs.push(performance.now() - sentAt[latenciesMs.length]!)
      if (latenciesMs.length === count) resolve()
      else send()
    })
    for (let i = 0; i < inFlight; i++) send()
  })
  socket.removeAllListeners('message')
  return { elapsedMs: performance.now() - start, latenciesMs }
}

function percentiles (values: number[]): { p50: number, p99: number } {
  const sorted = [...values].sort((a, b) => a - b)
  return { p50: sorted[Math.floor(sorted.length * 0.5)] ?? 0, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 }
}

function cpu ({ cpuMs, latenciesMs }: { cpuMs: number, latenciesMs: number[] }): string { return (cpuMs * 1000 / latenciesMs.length).toFixed(0) }
function rate (perSecond: number): string { return Math.round(perSecond).toLocaleString('en') }
function ms (value: number): string { return value < 1 ? `${Math.round(value * 1000)} µs` : `${value.toFixed(1)} ms` }
