/** The proxy between real programs: what it does to ways, on real sockets. */
import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Chance } from '../world/chance.ts'
import { pathDefault } from '../world/fabric.ts'
import type { Rule } from '../world/fabric.ts'
import type { Path } from '../world/wires.ts'
import { Proxy } from './proxy.ts'
import type { ProxyOptions } from './proxy.ts'
import { canTellWhoDials, ownerOfPort } from './who-dials.ts'

const plain: Path = { ...pathDefault, latency: { kind: 'constant', ms: 0 }, bytesPerMs: 1e6 }
const rule = (from: string, to: string, isRefusing = false): Rule => ({ blocks: (a, b) => a === from && b === to, isRefusing })

/** Everything that came over a socket, and how it ended. */
class Heard {
  text = ''
  end: 'open' | 'end' | 'reset' = 'open'
  readonly socket: Socket

  constructor (socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes: Buffer) => { this.text += bytes.toString() })
    socket.on('end', () => { this.end = 'end' })
    socket.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'ECONNRESET') this.end = 'reset' })
  }
}

async function until (isTrue: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
    await sleep(5)
  }
}

describe('the proxy of the real worlds', () => {
  let server: Server
  let proxy: Proxy
  let port: number
  let accepted: Heard[]
  const sockets: Socket[] = []

  const begin = async (path: Partial<Path> = {}, options: Partial<ProxyOptions> = {}): Promise<void> => {
    accepted = []
    server = createServer({ allowHalfOpen: true }, socket => {
      sockets.push(socket)
      accepted.push(new Heard(socket))
    })
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
    const { port: target } = server.address() as AddressInfo
    proxy = new Proxy({
      chance: new Chance('proxy'), path: () => ({ ...plain, ...path }), dialFailure: 0, halfOpen: 0, whoDials: () => 'alice', ...options
    })
    port = await proxy.open('relay', () => ({ host: '127.0.0.1', port: target }))
  }
  const dial = (): Heard => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    sockets.push(socket)
    return new Heard(socket)
  }

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await proxy.close()
    await new Promise<void>(resolve => { server.close(() => { resolve() }) })
  })

  it('carries both directions whole and in order, and the end of each by itself', async () => {
    await begin({ jitter: { kind: 'uniform', fromMs: 0, toMs: 20 } })
    const alice = dial()
    const lines = Array.from({ length: 50 }, (_, at) => `line ${at}\n`)
    for (const line of lines) alice.socket.write(line)
    await until(() => accepted[0]?.text === lines.join(''), 'all lines')
    alice.socket.end()
    await until(() => accepted[0]?.end === 'end', 'the end')
    accepted[0]!.socket.end('answer')
    await until(() => alice.text === 'answer' && alice.end === 'end', 'the answer after the end')
  })

  it('takes the latency in each direction, and the time that the bandwidth needs', async () => {
    await begin({ latency: { kind: 'constant', ms: 60 }, bytesPerMs: 100 })
    const alice = dial()
    const startedAt = performance.now()
    alice.socket.write(Buffer.alloc(10_000, 'x'))
    await until(() => accepted[0]?.text.length === 10_000, 'the bytes')
    const there = performance.now() - startedAt
    assert.ok(there >= 155, `${there} ms for 60 ms and 10,000 bytes of 100 a millisecond`)
    accepted[0]!.socket.write('y')
    await until(() => alice.text === 'y', 'the answer')
    assert.ok(performance.now() - startedAt - there >= 55)
  })

  it('loses for a while what finds the queue full', async () => {
    await begin({ bytesPerMs: 100, queueBytes: 5_000 })
    const alice = dial()
    const startedAt = performance.now()
    alice.socket.write(Buffer.alloc(30_000, 'x'))
    await until(() => alice.socket.bytesWritten >= 30_000, 'it left')
    await sleep(20)
    alice.socket.write('y')
    await until(() => accepted[0]?.text.endsWith('y') === true, 'what was lost, sent again')
    const tookMs = performance.now() - startedAt
    // Behind the 300 ms of what was before it without a queue; after 200 and 400 ms with one that is still full in between.
    assert.ok(tookMs >= 600, `${tookMs} ms`)
    assert.equal(accepted[0]!.text.length, 30_001)
  })

  it('holds what a cut direction carries, lets the other pass, and hands it out after the heal', async () => {
    await begin()
    const alice = dial()
    alice.socket.write('a')
    await until(() => accepted[0]?.text === 'a', 'the connection')
    const cut = rule('alice', 'relay')
    proxy.cut(cut)
    alice.socket.write('b')
    accepted[0]!.socket.write('c')
    await until(() => alice.text === 'c', 'the direction that is not cut')
    await sleep(100)
    assert.equal(accepted[0]!.text, 'a')
    proxy.heal(cut)
    await until(() => accepted[0]!.text === 'ab', 'what was held')
  })

  it('leaves dials through a silent cut unanswered until it is healed, and refuses those through a refusing one', async () => {
    await begin()
    const silent = rule('relay', 'alice')
    proxy.cut(silent)
    const alice = dial()
    alice.socket.write('a')
    await sleep(100)
    assert.deepEqual([accepted.length, alice.end], [0, 'open'])
    proxy.heal(silent)
    await until(() => accepted[0]?.text === 'a', 'the dial after the heal')
    proxy.cut(rule('relay', 'alice', true))
    const refused = dial()
    await until(() => refused.end === 'reset', 'a refusal')
    assert.equal(accepted.length, 1)
  })

  it('tells a reset to the other side, but not through a cut: that side stays open', async () => {
    await begin()
    const [first, second] = [dial(), dial()]
    for (const one of [first, second]) one.socket.write('a')
    await until(() => accepted.filter(({ text }) => text === 'a').length === 2, 'both')
    first.socket.resetAndDestroy()
    await until(() => accepted.filter(({ end }) => end === 'reset').length === 1, 'the reset')
    const cut = rule('alice', 'relay')
    proxy.cut(cut)
    second.socket.resetAndDestroy()
    await sleep(100)
    assert.equal(accepted.filter(({ end }) => end === 'open').length, 1)
    proxy.heal(cut)
    await until(() => accepted.every(({ end }) => end === 'reset'), 'the reset after the heal')
  })

  it('breaks connections, fails dials and leaves some open at one end, at the rates that it is given', async () => {
    await begin({ resetRate: 1 })
    const broken = dial()
    broken.socket.write('a')
    await until(() => broken.end === 'reset', 'a broken connection')
    await proxy.close()
    server.close()

    await begin({}, { halfOpen: 1 })
    const open = dial()
    open.socket.write('a')
    await until(() => accepted.length === 1, 'a connection at the other end')
    accepted[0]!.socket.write('b')
    await sleep(100)
    assert.deepEqual([accepted[0]!.text, open.text, open.end], ['', '', 'open'])
    for (const socket of sockets.splice(0)) socket.destroy()
    await proxy.close()
    server.close()

    await begin({}, { dialFailure: 1 })
    const failed = dial()
    await until(() => failed.end === 'reset', 'a failed dial')
    assert.equal(accepted.length, 0)
  })

  it('makes a sender wait whose receiver is cut off, instead of taking all that he has', async () => {
    let taken = 0
    await begin({}, { onSent: (_from, _to, bytes) => { taken += bytes.length } })
    const alice = dial()
    alice.socket.write('a')
    await until(() => accepted[0]?.text === 'a', 'the connection')
    proxy.cut(rule('alice', 'relay'))
    alice.socket.write(Buffer.alloc(16 << 20, 'x'))
    await sleep(200)
    assert.ok(taken > 200_000 && taken < 1 << 20, `${taken} bytes taken`)
  })

  it('refuses strangers, and knows by /proc which process dials', async function () {
    if (!canTellWhoDials) this.skip()
    const names: Array<string | undefined> = []
    await begin({}, { whoDials: ({ port: from }) => {
      names.push(ownerOfPort(from, new Map([['nobody', 999_999_999], ['alice', process.pid]])), ownerOfPort(from, new Map([['nobody', 1]])))
      return names.length > 2 ? undefined : names[0]
    } })
    const alice = dial()
    alice.socket.write('a')
    await until(() => accepted[0]?.text === 'a', 'the connection')
    const stranger = dial()
    await until(() => stranger.end === 'reset', 'a refusal')
    assert.deepEqual(names.slice(0, 2), ['alice', undefined])
  })
})
