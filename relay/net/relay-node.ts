/**
 * The relay's libp2p node: listeners, the mailbox protocol's streams, Kademlia server, circuit
 * relay. Spec 03 §Transport.
 *
 * Nothing of the mailbox protocol is decided here: streams go to the core (`onLink`).
 */
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { ComponentLogger, Connection, Logger, PeerId, Stream } from '@libp2p/interface'
import { kadDHT, passthroughMapper, removePrivateAddressesMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { isPrivate } from '@libp2p/utils'
import { webRTCDirect } from '@libp2p/webrtc'
import type { TransportCertificate } from '@libp2p/webrtc'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { dhtProtocol, mailboxProtocol } from '../../protocol/limits.ts'
import type { Clock, Log, Timer } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { ClientLink, Discovery, MailboxStore } from '../core/ports.ts'
import { boundedWebSockets } from './bounded-websockets.ts'
import { byteStreamOf } from './byte-stream.ts'
import { RelayDatastore } from './datastore.ts'
import { dhtNamespace, selectDhtValue, validateDhtValue } from './dht-records.ts'
import { kadDiscovery } from './discovery.ts'
import { relayGater } from './gater.ts'
import { originOf } from './origin.ts'

export interface RelayNodeOptions {
  /** 32 bytes: the Ed25519 seed of the peer id. */
  identitySeed: Uint8Array
  certificate: TransportCertificate
  /** Multiaddrs to listen on. */
  listen: string[]
  /** Multiaddrs to tell others instead of those listened on; empty: the latter. */
  announce: string[]
  /** Multiaddrs, with peer id, of relays to stay connected with. */
  peers: string[]
  connectionsMax: number
  clock: Clock
  log: Log
  suite: Pick<CryptoSuite, 'sha256' | 'verify'>
  store: MailboxStore
}

export interface RelayNode {
  readonly peerId: string
  /** 32 bytes. */
  readonly peerKey: Uint8Array
  readonly discovery: Discovery
  addresses: () => string[]
  /** Streams that clients opened. Set before `start`. */
  onLink: (listener: (link: ClientLink) => void) => void
  /** Rejects where a listener could not be opened. */
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** How often peers that are not connected are dialled, ms. */
const peerDialIntervalMs = 20_000
const peerDialMsMax = 10_000
/** For the connections to end in order when the node stops. */
const closeMsMax = 1_000
/** Streams of the mailbox protocol on one connection. */
const streamsPerConnectionMax = 4

/** Rejects where a multiaddr given is none. */
export async function createRelayNode (options: RelayNodeOptions): Promise<RelayNode> {
  const { clock, log, suite, store } = options
  const privateKey = await generateKeyPairFromSeed('Ed25519', options.identitySeed)
  const peers = options.peers.map(peer => multiaddr(peer))
  // libp2p would find out only when it starts, and then in other words.
  for (const address of [...options.listen, ...options.announce]) multiaddr(address)
  const dialsPrivate = peers.some(peer => isPrivate(peer))
  const recordPorts = { suite, clock }
  let listener: ((link: ClientLink) => void) | undefined
  // The gater is asked before the node that it belongs to has a name.
  let reservedPeers = (): Iterable<PeerId> => []
  let connectionsOf = (_peer: PeerId): Connection[] => []

  const node = await createLibp2p({
    start: false,
    privateKey,
    logger: silentLogger,
    addresses: { listen: options.listen, announce: options.announce },
    // No list of public STUN servers: they would learn who runs a relay.
    transports: [
      tcp(),
      boundedWebSockets(),
      webRTCDirect({ certificate: options.certificate, rtcConfiguration: { iceServers: [] } })
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({
      maxInboundStreams: 32,
      maxOutboundStreams: 32,
      // A paused stream takes in what the peer's window still lets it send, so the buffer is the larger.
      streamOptions: {
        maxStreamWindowSize: 1024 * 1024,
        maxReadBufferLength: 2 * 1024 * 1024,
        maxWriteBufferLength: 2 * 1024 * 1024
      }
    })],
    connectionManager: {
      maxConnections: options.connectionsMax,
      // Neighbourhoods are bounded by the gater; these are for everyone together.
      inboundConnectionThreshold: 500,
      maxIncomingPendingConnections: 200,
      inboundUpgradeTimeout: 8_000
    },
    // It aborts healthy links when one ping is late; clients ping in their own stream.
    connectionMonitor: { enabled: false },
    connectionGater: relayGater({
      clock,
      connectionsPerOriginMax: 256,
      reservationsPerOriginMax: 32,
      acceptBurst: 64,
      acceptRefillMs: 100,
      dialsPrivate,
      reservedPeers: () => reservedPeers(),
      connectionsOf: (peer) => connectionsOf(peer)
    }),
    datastore: new RelayDatastore({ ...recordPorts, store }),
    services: {
      identify: identify({ maxMessageSize: 8 * 1024 }),
      ping: ping(),
      circuit: circuitRelayServer({ reservations: { maxReservations: 512 } }),
      dht: kadDHT({
        protocol: dhtProtocol,
        clientMode: false,
        allowQueryWithZeroPeers: true,
        peerInfoMapper: dialsPrivate ? passthroughMapper : removePrivateAddressesMapper,
        validators: {
          [dhtNamespace]: async (key, value) => { await validateDhtValue(recordPorts, key, value) }
        },
        selectors: { [dhtNamespace]: (key, values) => selectDhtValue(recordPorts, key, values) }
      })
    }
  })
  reservedPeers = () => node.services.circuit.reservations.keys()
  connectionsOf = (peer) => node.getConnections(peer)

  await node.handle(mailboxProtocol, (stream, connection) => {
    const link = linkOf(stream, connection)
    if (link == null || listener == null) stream.abort(new Error('not taken'))
    else listener(link)
  }, { maxInboundStreams: streamsPerConnectionMax, maxOutboundStreams: 1, runOnLimitedConnection: true })

  const dial = async (peer: Multiaddr, signal: AbortSignal): Promise<void> => { await node.dial(peer, { signal }) }
  const company = keepCompany(peers, clock, dial, log)
  return {
    peerId: node.peerId.toString(),
    peerKey: privateKey.publicKey.raw,
    discovery: kadDiscovery(node.services.dht, { clock, log }),
    addresses: () => node.getMultiaddrs().map(address => address.toString()),
    onLink (added) { listener = added },
    async start () {
      await node.start()
      company.start()
    },
    async stop () {
      company.stop()
      await closeAll(node.getConnections())
      await node.stop()
    }
  }
}

/**
 * Before the listeners: that of WebRTC takes its socket from under its connections, whose native threads
 * then end the whole process.
 */
async function closeAll (connections: Connection[]): Promise<void> {
  await Promise.all(connections.map(async (connection) => {
    try {
      await connection.close({ signal: AbortSignal.timeout(closeMsMax) })
    } catch (error) {
      connection.abort(error as Error)
    }
  }))
}

function linkOf (stream: Stream, connection: Connection): ClientLink | undefined {
  const { publicKey } = connection.remotePeer
  if (publicKey?.type !== 'Ed25519') return undefined
  return { peerKey: publicKey.raw, origin: originOf(connection.remoteAddr), stream: byteStreamOf(stream) }
}

/** Dials the given peers again and again: `dial` returns at once where there is a connection. */
function keepCompany (
  peers: Multiaddr[], clock: Clock, dial: (peer: Multiaddr, signal: AbortSignal) => Promise<void>, log: Log
): { start: () => void, stop: () => void } {
  let timer: Timer | undefined
  let isStopped = false
  const round = async (): Promise<void> => {
    const results = await Promise.allSettled(peers.map(async (peer) => {
      await dial(peer, AbortSignal.timeout(peerDialMsMax))
    }))
    const unreachable = results.filter(({ status }) => status === 'rejected').length
    if (unreachable > 0) log.debug('peersUnreachable', { unreachable, of: peers.length })
    if (!isStopped) timer = clock.setTimer(peerDialIntervalMs, () => { void round() })
  }
  return {
    start () { if (peers.length > 0) void round() },
    stop () {
      isStopped = true
      timer?.cancel()
    }
  }
}

// libp2p's own log names peers and addresses, and costs a quarter of a connection's time.
const silent: Logger = Object.assign(() => {}, {
  error: () => {}, trace: () => {}, enabled: false, newScope: () => silent
})
const silentLogger: ComponentLogger = { forComponent: () => silent }
