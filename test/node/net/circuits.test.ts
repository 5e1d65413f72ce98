/**
 * Reachable through a relay's circuit: asked for, kept up, given up; straight ways come first.
 */
import assert from 'node:assert/strict'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { tcp } from '@libp2p/tcp'
import { webRTC } from '@libp2p/webrtc'
import { closeChannelsWithConnections } from '../../../node/host/native-channels.ts'
import { peerIdFromKey } from '../../../node/net/peer.ts'
import type { Link, Network, PeerAddress } from '../../../node/core/ports.ts'
import { pattern, receive } from '../../contracts/network.ts'
import { eventually, onTcp, onWs, startCircuitRelay, startNode, straightLink } from './fixtures.ts'

const timeoutMs = 10_000
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const circuitsOf = (node: Network): string[] => node.addresses().filter(address => address.endsWith('/p2p-circuit'))

describe('a node behind a circuit relay', function () {
  this.timeout(120_000)
  const stops: Array<() => Promise<void>> = []
  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()))
  })

  async function node (listen: string[]): Promise<Network> {
    const started = await startNode({ listen })
    stops.push(started.stop)
    return started
  }
  async function circuitRelay (listen = onTcp, limits = false): Promise<PeerAddress & { stop: () => Promise<void> }> {
    const relay = await startCircuitRelay({ listen, limits })
    const stop = async (): Promise<void> => { await relay.node.stop() }
    stops.push(stop)
    return { ...relay.address, stop }
  }
  async function hiddenBehind (relay: PeerAddress): Promise<Network> {
    const hidden = await node([])
    hidden.listenThrough([relay])
    await eventually('a circuit address', () => circuitsOf(hidden).length > 0)
    return hidden
  }
  /** Straight, and by a circuit. */
  async function reachedBothWays (): Promise<{ bob: Network, circuit: string }> {
    const relay = await circuitRelay()
    const bob = await node([onTcp])
    bob.listenThrough([relay])
    bob.onLink(({ stream }) => { receive(stream) })
    const circuit = `${relay.multiaddrs[0]!}/p2p-circuit`
    await eventually('a circuit', () => bob.addresses().includes(circuit))
    return { bob, circuit }
  }
  const linkTo = (bob: Network): Promise<Link> => new Promise(resolve => { bob.onLink(resolve) })

  it('is dialled through the relay, and the link says that it is not direct', async () => {
    const relay = await circuitRelay()
    const bob = await hiddenBehind(relay)
    const alice = await node([])
    const accepted = linkTo(bob)
    const out = await alice.dial({ peerKey: bob.peerKey, multiaddrs: bob.addresses() }, timeoutMs)
    const into = await accepted
    assert.equal(out.direct, false)
    assert.equal(into.direct, false)
    assert.deepEqual(out.peerKey, bob.peerKey)
    assert.deepEqual(into.peerKey, alice.peerKey)
    const sent = pattern(300_000)
    const atBob = receive(into.stream)
    out.stream.send(sent)
    assert.deepEqual(await atBob.atLeast(sent.length), sent)
  })

  it('works through a relay with limits, and a link that the limit cuts ends with an error', async () => {
    const relay = await circuitRelay(onWs, true)
    const bob = await hiddenBehind(relay)
    const alice = await node([])
    const accepted = linkTo(bob)
    const out = await alice.dial({ peerKey: bob.peerKey, multiaddrs: bob.addresses() }, timeoutMs)
    const into = await accepted
    const [atAlice, atBob] = [receive(out.stream), receive(into.stream)]
    out.stream.send(text('short'))
    assert.deepEqual(await atBob.atLeast(5), text('short'))
    out.stream.send(new Uint8Array(400_000))
    assert.ok(await atBob.closed instanceof Error, 'the reader takes a cut for an end')
    assert.ok(await atAlice.closed instanceof Error, 'the sender takes a cut for an end')
  })

  it('is dialled straight where that is possible, whatever the order of its addresses', async () => {
    const { bob, circuit } = await reachedBothWays()
    const alice = await node([])
    const link = await alice.dial({ peerKey: bob.peerKey, multiaddrs: [circuit, ...bob.addresses()] }, timeoutMs)
    assert.equal(link.direct, true)
  })

  it('is reached straight by WebRTC, with no address but the circuit to signal through', async () => {
    await closeChannelsWithConnections()
    const relay = await circuitRelay()
    const transports = () => [tcp(), circuitRelayTransport(), webRTC({ rtcConfiguration: { iceServers: [] } })]
    const start = async (listen: string[]): Promise<Network> => {
      const started = await startNode({ listen, transports: transports() })
      stops.push(started.stop)
      return started
    }
    const bob = await start(['/webrtc'])
    bob.listenThrough([relay])
    await eventually('an address for WebRTC', () => bob.addresses().some(address => address.endsWith('/webrtc')))
    const alice = await start([])
    const accepted = linkTo(bob)
    const out = await straightLink(alice, bob)
    assert.equal(out.direct, true)
    const into = await accepted
    assert.equal(into.direct, true)
    const sent = pattern(2 << 20)
    const [atAlice, atBob] = [receive(out.stream), receive(into.stream)]
    let at = 0
    const sendMore = (): void => {
      while (at < sent.length) {
        const isFull = !out.stream.send(sent.subarray(at, at += 60_000))
        if (isFull) return
      }
    }
    out.stream.onDrain(sendMore)
    sendMore()
    assert.deepEqual(await atBob.atLeast(sent.length), sent)
    into.stream.close()
    assert.equal(await atAlice.closed, undefined)
  })

  it('gets a straight link at the next dial, once a straight address is known', async () => {
    const { bob, circuit } = await reachedBothWays()
    const straight = bob.addresses().filter(address => !address.includes('p2p-circuit'))
    const alice = await node([])
    const first = await alice.dial({ peerKey: bob.peerKey, multiaddrs: [circuit] }, timeoutMs)
    assert.equal(first.direct, false)
    const dead = await alice.dial({ peerKey: bob.peerKey, multiaddrs: ['/ip4/127.0.0.1/tcp/1', circuit] }, timeoutMs)
    assert.equal(dead.direct, false, 'what is there serves, where the straight way is barred')
    const second = await alice.dial({ peerKey: bob.peerKey, multiaddrs: straight }, timeoutMs)
    assert.equal(second.direct, true)
    const third = await alice.dial({ peerKey: bob.peerKey, multiaddrs: [] }, timeoutMs)
    assert.equal(third.direct, true)
  })

  it('is given straight or not at all to whoever asks for that, though there is a way through the relay', async () => {
    const { bob, circuit } = await reachedBothWays()
    const alice = await node([])
    const { peerKey } = bob
    const first = await alice.dial({ peerKey, multiaddrs: [circuit] }, timeoutMs)
    assert.equal(first.direct, false)
    for (const multiaddrs of [[circuit], ['/ip4/127.0.0.1/tcp/1', circuit]]) {
      await assert.rejects(alice.dial({ peerKey, multiaddrs }, timeoutMs, 'straight'), { code: 'NO_ROUTE' })
    }
    assert.equal((await alice.dial({ peerKey, multiaddrs: bob.addresses() }, timeoutMs, 'straight')).direct, true)
    assert.equal((await alice.dial({ peerKey, multiaddrs: [] }, timeoutMs, 'straight')).direct, true, 'it is there')
  })

  it('loses the address with the relay, tells so, and comes back with it by itself', async () => {
    const seed = new Uint8Array(32).fill(7)
    const first = await startCircuitRelay({ seed })
    const listen = first.address.multiaddrs[0]!.split('/p2p/')[0]!
    const bob = await node([])
    let changes = 0
    bob.onAddressesChanged(() => { changes++ })
    bob.listenThrough([first.address])
    await eventually('a circuit address', () => circuitsOf(bob).length > 0)
    await eventually('word of it', () => changes === 1)
    await first.node.stop()
    await eventually('the address to go', () => circuitsOf(bob).length === 0)
    await eventually('word of that', () => changes === 2)
    const again = await startCircuitRelay({ seed, listen })
    stops.push(async () => { await again.node.stop() })
    await eventually('the address to come back', () => circuitsOf(bob).length > 0)
    await eventually('word of that, too', () => changes === 3)
  })

  it('takes no other relay that turns up at the same address', async () => {
    const first = await startCircuitRelay()
    const listen = first.address.multiaddrs[0]!.split('/p2p/')[0]!
    const bob = await node([])
    bob.listenThrough([first.address])
    await eventually('a circuit address', () => circuitsOf(bob).length > 0)
    await first.node.stop()
    await eventually('the address to go', () => circuitsOf(bob).length === 0)
    const other = await startCircuitRelay({ listen })
    stops.push(async () => { await other.node.stop() })
    await new Promise(resolve => { setTimeout(resolve, 2000) })
    assert.deepEqual(circuitsOf(bob), [])
    bob.listenThrough([other.address])
    await eventually('an address there, once it is asked for', () =>
      circuitsOf(bob).some(address => address.includes(peerIdFromKey(other.address.peerKey).toString())))
  })

  it('gives up the relays that it is told to, and keeps the others', async () => {
    const [one, two] = [await circuitRelay(), await circuitRelay()]
    const bob = await node([])
    bob.listenThrough([one, two])
    await eventually('both', () => circuitsOf(bob).length === 2)
    bob.listenThrough([two])
    assert.ok(circuitsOf(bob).every(address => address.includes(peerIdFromKey(two.peerKey).toString())))
    await eventually('the other one to stay', () => circuitsOf(bob).length === 1)
    const alice = await node([])
    bob.onLink(({ stream }) => { receive(stream) })
    await eventually('the reservation to be renewed', () => circuitsOf(bob).length === 1)
    const link = await alice.dial({ peerKey: bob.peerKey, multiaddrs: circuitsOf(bob) }, timeoutMs)
    assert.equal(link.direct, false)
    bob.listenThrough([])
    assert.deepEqual(circuitsOf(bob), [])
  })

  it('keeps trying at a relay that carries no circuits, and harms nobody', async () => {
    const plain = await node([onTcp])
    const bob = await node([])
    bob.listenThrough([{ peerKey: plain.peerKey, multiaddrs: plain.addresses() }])
    await new Promise(resolve => { setTimeout(resolve, 1000) })
    assert.deepEqual(bob.addresses(), [])
    const relay = await circuitRelay()
    bob.listenThrough([relay])
    await eventually('the one that does', () => circuitsOf(bob).length > 0)
  })
})
