/**
 * Nodes on loopback sockets for the tests of this folder, and a circuit relay.
 */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import type { Libp2p } from '@libp2p/interface'
import type { CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { createNetwork } from '../../../node/net/network.ts'
import type { NetworkOptions } from '../../../node/net/network.ts'
import { keyFromPeerId } from '../../../node/net/peer.ts'
import { systemClock } from '../../../node/host/world.ts'
import type { Link, Network, PeerAddress } from '../../../node/core/ports.ts'
import type { Log } from '../../../protocol/ports.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const random = seededRandom(`net ${process.env.RESTANTE_SEED ?? 'restante'}`)

export const onTcp = '/ip4/127.0.0.1/tcp/0'
export const onWs = '/ip4/127.0.0.1/tcp/0/ws'

export async function startNode (options: Partial<NetworkOptions> = {}): Promise<Network> {
  return await createNetwork({
    peerSeed: random.bytes(32),
    transports: [tcp(), webSockets(), circuitRelayTransport()],
    listen: [onTcp],
    clock: systemClock,
    random,
    log: silentLog,
    ...options
  })
}

export interface CircuitRelay { node: Libp2p<{ relay: CircuitRelayService }>, address: PeerAddress }

/** A bare libp2p node that carries circuits, without limits or with libp2p's own. */
export async function startCircuitRelay (
  { listen = onTcp, limits = false, seed = random.bytes(32) } = {}
): Promise<CircuitRelay> {
  const node = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', seed),
    addresses: { listen: [listen] },
    transports: [tcp(), webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    services: { identify: identify(), relay: circuitRelayServer({ reservations: { applyDefaultLimit: limits } }) }
  })
  const multiaddrs = node.getMultiaddrs().map(address => address.toString())
  return { node, address: { peerKey: keyFromPeerId(node.peerId), multiaddrs } }
}

/** Waits for what others bring about. */
export async function eventually (what: string, isSo: () => boolean, timeoutMs = 10_000): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < timeoutMs;) {
    if (isSo()) return
    await new Promise(resolve => { setTimeout(resolve, 20) })
  }
  throw new Error(`did not come: ${what}`)
}

/**
 * As links.ts looks for one, again and again: by any way, the circuit would be taken where this machine is too busy
 * for WebRTC's head start, and there the native library's handshake sometimes begins before it can, and fails.
 */
export async function straightLink (alice: Network, bob: Network): Promise<Link> {
  for (const startedAt = performance.now(); ;) {
    try {
      return await alice.dial({ peerKey: bob.peerKey, multiaddrs: bob.addresses() }, 15_000, 'straight')
    } catch (error) {
      if (performance.now() - startedAt > 60_000) throw error
    }
  }
}
