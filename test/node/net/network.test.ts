/**
 * What is libp2p's own: peers that hang, that flood, that offer circuits unasked; and stopping.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { circuitRelayTransport, RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import type { Stream } from '@libp2p/interface'
import { mailboxProtocol } from '../../../protocol/limits.ts'
import { formatPeerAddress } from '../../../protocol/peer-address.ts'
import type { Network } from '../../../node/core/ports.ts'
import { receive } from '../../contracts/network.ts'
import { eventually, onTcp, onWs, startCircuitRelay, startNode } from './fixtures.ts'

describe('the libp2p network', function () {
  this.timeout(60_000)
  const stops: Array<() => Promise<unknown>> = []
  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()))
  })

  async function node (options: Parameters<typeof startNode>[0] = {}): Promise<Network> {
    const started = await startNode(options)
    stops.push(started.stop)
    return started
  }

  /** Accepts connections and says nothing, ever. */
  async function silentServer (): Promise<{ address: string, connections: () => number }> {
    const sockets = new Set<Socket>()
    let connections = 0
    const server = createServer(socket => {
      connections++
      sockets.add(socket)
      socket.on('error', () => {})
    })
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
    stops.push(async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    return { address: `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`, connections: () => connections }
  }

  /** A stranger: libp2p with nothing of ours. */
  async function stranger () {
    const { node: libp2p } = await startCircuitRelay()
    stops.push(async () => { await libp2p.stop() })
    return libp2p
  }
  const connectTo = (bob: Network) => multiaddr(formatPeerAddress(bob.peerKey, bob.addresses()[0]!))

  it('has the same peer key for the same seed', async () => {
    const peerSeed = new Uint8Array(32).fill(5)
    const [one, two] = [await node({ peerSeed }), await node({ peerSeed })]
    assert.deepEqual(one.peerKey, two.peerKey)
    await assert.rejects(startNode({ peerSeed: new Uint8Array(31) }), { name: 'UsageError' })
  })

  it('tells its addresses without its peer id, and those announced in their place', async () => {
    const both = await node({ listen: [onTcp, onWs] })
    assert.equal(both.addresses().length, 2)
    for (const address of both.addresses()) assert.match(address, /^\/ip4\/127\.0\.0\.1\/tcp\/\d+(\/ws)?$/)
    const announced = await node({ announce: ['/dns4/home.example/tcp/4001'] })
    assert.deepEqual(announced.addresses(), ['/dns4/home.example/tcp/4001'])
  })

  it('tells no loopback address where it has another', async () => {
    const everywhere = await node({ listen: ['/ip4/0.0.0.0/tcp/0'] })
    const addresses = everywhere.addresses()
    assert.ok(addresses.length > 0)
    const loopback = addresses.filter(address => address.startsWith('/ip4/127.'))
    assert.ok(loopback.length === 0 || loopback.length === addresses.length, addresses.join())
  })

  it('starts although it cannot listen, and dials', async () => {
    const bob = await node()
    bob.onLink(({ stream }) => { receive(stream) })
    const deaf = await node({ listen: [bob.addresses()[0]!] })
    assert.deepEqual(deaf.addresses(), [])
    await deaf.dial({ peerKey: bob.peerKey, multiaddrs: bob.addresses() }, 10_000)
  })

  it('gives up on an address that never answers when the time is over', async () => {
    const silent = await silentServer()
    const [alice, bob] = [await node(), await node()]
    await assert.rejects(alice.dial({ peerKey: bob.peerKey, multiaddrs: [silent.address] }, 500), {
      name: 'UnreachableError', code: 'TIMED_OUT'
    })
    assert.equal(silent.connections(), 1)
  })

  it('does not let an address that never answers hold up one that does', async () => {
    const silent = [await silentServer(), await silentServer()]
    const [alice, bob] = [await node(), await node()]
    bob.onLink(({ stream }) => { receive(stream) })
    const multiaddrs = [...silent.map(({ address }) => address), ...bob.addresses()]
    // Far less than the ten seconds that each address has by itself.
    const link = await alice.dial({ peerKey: bob.peerKey, multiaddrs }, 5_000)
    assert.equal(link.direct, true)
  })

  it('dials few of the many addresses that a hostile peer may claim', async () => {
    const silent = await silentServer()
    const [alice, bob] = [await node(), await node()]
    const port = silent.address.split('/')[4]!
    const multiaddrs = Array.from({ length: 200 }, (_, i) => `/ip4/127.0.0.${i + 1}/tcp/${port}`)
    await assert.rejects(alice.dial({ peerKey: bob.peerKey, multiaddrs }, 4_000), { name: 'UnreachableError' })
    assert.ok(silent.connections() <= 8, `${silent.connections()} connections`)
  })

  it('stops within five seconds, whatever hangs, and what was under way is refused', async () => {
    const silent = await silentServer()
    const relay = await silentServer()
    const [alice, bob] = [await node(), await node()]
    alice.listenThrough([{ peerKey: bob.peerKey, multiaddrs: [relay.address] }])
    const dials = Array.from({ length: 5 }, (_, i) =>
      alice.dial({ peerKey: new Uint8Array(32).fill(i), multiaddrs: [silent.address] }, 30_000))
    const outcomes = Promise.allSettled(dials)
    await eventually('the dials', () => silent.connections() >= 5)
    const guard = new Promise((_resolve, reject) => { setTimeout(() => { reject(new Error('still stopping')) }, 5_000).unref() })
    await Promise.race([alice.stop(), guard])
    for (const outcome of await outcomes) {
      assert.equal(outcome.status === 'rejected' && (outcome.reason as { code?: string }).code, 'STOPPED')
    }
  })

  it('resets streams beyond the few that one connection may open', async () => {
    const bob = await node()
    let links = 0
    bob.onLink(({ stream }) => { links++; receive(stream) })
    const libp2p = await stranger()
    const connection = await libp2p.dial(connectTo(bob))
    const streams: Stream[] = []
    for (let i = 0; i < 10; i++) streams.push(await connection.newStream(mailboxProtocol, { maxOutboundStreams: 100 }))
    await eventually('the resets', () => streams.filter(({ status }) => status === 'open').length <= 2)
    assert.ok(links <= 2, `${links} links`)
  })

  it('refuses a circuit that it did not ask for, and reserves nothing with whoever offers one', async () => {
    const bob = await node({ transports: [tcp(), circuitRelayTransport()] })
    const libp2p = await stranger()
    const connection = await libp2p.dial(connectTo(bob))
    const stream = await connection.newStream(RELAY_V2_STOP_CODEC)
    await eventually('the reset', () => stream.status !== 'open')
    await new Promise(resolve => { setTimeout(resolve, 300) })
    assert.equal(libp2p.services.relay.reservations.size, 0)
    assert.ok(bob.addresses().every(address => !address.includes('p2p-circuit')))
  })

  it('refuses streams while nobody listens', async () => {
    const [alice, bob] = [await node(), await node()]
    const link = await alice.dial({ peerKey: bob.peerKey, multiaddrs: bob.addresses() }, 10_000)
    assert.ok(await receive(link.stream).closed instanceof Error)
  })

  it('says NO_ROUTE of a peer that has no mailbox protocol', async () => {
    const alice = await node()
    const { address, node: libp2p } = await startCircuitRelay()
    stops.push(async () => { await libp2p.stop() })
    await assert.rejects(alice.dial(address, 10_000), { name: 'UnreachableError', code: 'NO_ROUTE' })
  })

  it('closes the link of a dial that all have given up on', async () => {
    const [alice, bob] = [await node(), await node()]
    const ends: Array<Error | undefined> = []
    bob.onLink(({ stream }) => { void receive(stream).closed.then(error => { ends.push(error) }) })
    const silent = await silentServer()
    const late = { peerKey: bob.peerKey, multiaddrs: [silent.address, ...bob.addresses()] }
    await assert.rejects(alice.dial(late, 100), { code: 'TIMED_OUT' })
    await new Promise(resolve => { setTimeout(resolve, 600) })
    // Either it was never opened, or it was reset; the next dial gets a link that works.
    const link = await alice.dial(late, 10_000)
    const atAlice = receive(link.stream)
    link.stream.close()
    assert.equal(await atAlice.closed, undefined)
    await eventually('the clean end', () => ends.includes(undefined))
    assert.ok(ends.length <= 2)
  })
})
