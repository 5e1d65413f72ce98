/**
 * The Network port on libp2p: one node, one protocol, streams in and out.
 *
 * Finds nobody (discovery is the engine's, by way of relays), keeps nothing alive and redials
 * nothing: the engine's supervisor does. Transports come from the host, so that this room bundles
 * for a browser. What is done about libp2p's traps is said where it is done.
 */
import { createLibp2p } from 'libp2p'
import { FaultTolerance } from '@libp2p/interface'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { yamux } from '@libp2p/yamux'
import { RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2'
import type { Connection, PeerId, Stream } from '@libp2p/interface'
import type { Libp2pOptions } from 'libp2p'
import { UnreachableError, UsageError } from '../../protocol/errors.ts'
import { mailboxProtocol } from '../../protocol/limits.ts'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import type { Link, Network, PeerAddress } from '../core/ports.ts'
import { createAddressBook } from './addresses.ts'
import { createByteStream, streamOptions } from './byte-stream.ts'
import { createCircuits } from './circuits.ts'
import type { CircuitTransport } from './circuits.ts'
import { within } from './deadline.ts'
import { candidatesMax } from './candidates.ts'
import { createDialler, isStraight } from './dialler.ts'
import type { Transports } from './dialler.ts'
import { keyFromPeerId, peerIdFromKey } from './peer.ts'
import { silentLogger } from './silent-logger.ts'

/** A stream that died unnoticed and its successor; whoever opens more is reset. */
const mailboxStreamsMax = 2
const connectionsMax = 256
/** New connections from one host a second: a household or an office behind one address. */
const connectionsPerHostMax = 32
const pendingConnectionsMax = 64
/** Streams of all protocols that one peer may have open on a connection. */
const streamsPerConnectionMax = 64
/** Time that a connection that is there gets to open a stream before a new one is dialled. */
const streamTimeoutMs = 4_000
/** `stop` resolves within five seconds: this, and a little. */
const stopTimeoutMs = 4_500

export interface NetworkOptions {
  /** 32 bytes. */
  peerSeed: Uint8Array
  /** For a client on Node: tcp(), webSockets(), webRTC(), circuitRelayTransport(). */
  transports: NonNullable<Libp2pOptions['transports']>
  /** Multiaddrs; '/webrtc' where others may come by WebRTC. Circuits are asked for by `listenThrough`. */
  listen: string[]
  /** Told to others in place of what the listeners report. */
  announce?: string[]
  clock: Clock
  random: Random
  log: Log
}

interface SharedDial {
  /** Callers that have not given up. When none is left, nobody would close the stream. */
  waiting: number
  link: Promise<Link> | undefined
}

export async function createNetwork (options: NetworkOptions): Promise<Network> {
  const { peerSeed, transports, listen, announce = [], clock, random, log } = options
  if (peerSeed.length !== 32) throw new UsageError('USAGE', `peerSeed: ${peerSeed.length} bytes, not 32`)
  const listensByWebRtc = listen.includes('/webrtc')
  let transportManager: Transports | undefined

  const node = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', peerSeed),
    // Identify tells this to everyone: neither a version nor a platform to tell people apart by.
    nodeInfo: { name: 'restante', version: '1', userAgent: 'restante' },
    // A bare '/p2p-circuit' would have libp2p look for strangers' relays.
    addresses: { listen: listen.filter(address => !address.endsWith('/p2p-circuit')), announce },
    transports,
    transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({
      maxInboundStreams: streamsPerConnectionMax, maxOutboundStreams: streamsPerConnectionMax, streamOptions
    })],
    connectionManager: {
      maxConnections: connectionsMax,
      inboundConnectionThreshold: connectionsPerHostMax,
      maxIncomingPendingConnections: pendingConnectionsMax,
      maxPeerAddrsToDial: candidatesMax,
      // dnsaddr: one name that expands to lists of names, chosen by whoever wrote the address.
      resolvers: {}
    },
    // It ends healthy connections at the first ping that is late.
    connectionMonitor: { enabled: false },
    // In browsers the default refuses private addresses and ws://, which a relay at home has.
    connectionGater: { denyDialMultiaddr: () => false },
    services: {
      identify: identify(),
      ping: ping(),
      // The public interface has no way to dial one address, past the queue.
      ways: (components: { transportManager: Transports }) => {
        transportManager = components.transportManager
        return {}
      }
    },
    logger: silentLogger
  })
  if (transportManager === undefined) throw new UnreachableError('STOPPED')
  const ways = transportManager

  const stopping = new AbortController()
  const stopped = stopping.signal
  let onLink: ((link: Link) => void) | undefined
  const dialsUnderWay = new Map<string, SharedDial>()

  const dialler = createDialler({
    self: node.peerId,
    transports: ways,
    connectionsTo: peerId => node.getConnections(peerId),
    clock,
    log,
    stopped
  })
  const circuitTransport = ways.getTransports()
    .find(transport => transport[Symbol.toStringTag] === '@libp2p/circuit-relay-v2-transport')
  const circuits = createCircuits({
    transport: circuitTransport as CircuitTransport | undefined,
    peerStore: node.peerStore,
    dialler,
    clock,
    random,
    log,
    stopped,
    onChanged: () => { addressBook.check() }
  })
  const addressBook = createAddressBook({
    own: () => node.getMultiaddrs(), self: node.peerId, circuits: circuits.addresses, listensByWebRtc, clock
  })
  node.addEventListener('self:peer:update', () => { addressBook.check() })

  function linkOf (stream: Stream, connection: Connection): Link {
    return {
      peerKey: keyFromPeerId(connection.remotePeer),
      direct: isStraight(connection),
      stream: createByteStream(stream, clock)
    }
  }

  await node.handle(mailboxProtocol, (stream, connection) => {
    if (onLink === undefined || stopped.aborted || connection.remotePeer.type !== 'Ed25519') {
      stream.abort(new UnreachableError('STOPPED'))
      return
    }
    onLink(linkOf(stream, connection))
  }, { maxInboundStreams: mailboxStreamsMax, maxOutboundStreams: mailboxStreamsMax, runOnLimitedConnection: true })

  if (circuitTransport !== undefined) await guardCircuits(circuitTransport as unknown as CircuitTransport)
  // By WebRTC others come through relays alone, of which there is none yet.
  const listensByItself = listen.some(address => address !== '/webrtc')
  if (listensByItself && node.getMultiaddrs().length === 0) log.warn('listenFailed')

  /**
   * Whoever is connected may say 'a circuit for you'. libp2p then reserves a circuit at that peer,
   * unasked, and tells its address around: refuse, unless it is a relay that we chose.
   */
  async function guardCircuits (transport: CircuitTransport): Promise<void> {
    await node.unhandle(RELAY_V2_STOP_CODEC)
    await node.handle(RELAY_V2_STOP_CODEC, async (stream, connection) => {
      if (!transport.reservationStore.hasReservation(connection.remotePeer)) {
        stream.abort(new UnreachableError('NO_ROUTE'))
        return
      }
      await transport.onStop(stream, connection)
    }, { maxInboundStreams: streamsPerConnectionMax, runOnLimitedConnection: true })
  }

  async function openStream (connection: Connection): Promise<Link> {
    const stream = await within({
      clock,
      timeoutMs: streamTimeoutMs,
      stopped,
      work: signal => connection.newStream(mailboxProtocol, {
        signal, runOnLimitedConnection: true, maxOutboundStreams: mailboxStreamsMax
      }),
      dispose: late => { late.abort(new UnreachableError('TIMED_OUT')) }
    })
    return linkOf(stream, connection)
  }

  async function openLink (peerId: PeerId, multiaddrs: string[], shared: SharedDial): Promise<Link> {
    const connection = await dialler.connect(peerId, multiaddrs)
    if (shared.waiting === 0) throw new UnreachableError('TIMED_OUT')
    try {
      return await openStream(connection)
    } catch (error) {
      // It may be dead and nobody has noticed, as after the machine slept. A peer that answered
      // that it has no mailbox protocol will not have one on another connection.
      if ((error as Error).name === 'UnsupportedProtocolError' || stopped.aborted) throw error
      return await openStream(await dialler.connectAnew(peerId, multiaddrs))
    }
  }

  /** Calls for one peer that overlap get the same link: two streams to one peer are never an accident. */
  function shareDial (peerId: PeerId, multiaddrs: string[]): SharedDial {
    const name = peerId.toString()
    const known = dialsUnderWay.get(name)
    if (known !== undefined) return known
    const shared: SharedDial = { waiting: 0, link: undefined }
    dialsUnderWay.set(name, shared)
    shared.link = Promise.resolve().then(async () => {
      try {
        const link = await openLink(peerId, multiaddrs, shared)
        if (shared.waiting === 0) link.stream.abort(new UnreachableError('TIMED_OUT'))
        return link
      } finally {
        dialsUnderWay.delete(name)
      }
    })
    return shared
  }

  async function dialStraight (peerId: PeerId, multiaddrs: string[], timeoutMs: number): Promise<Link> {
    return await within({
      clock,
      timeoutMs,
      stopped,
      work: async () => await openStream(await dialler.connectStraight(peerId, multiaddrs)),
      dispose: late => { late.stream.abort(new UnreachableError('TIMED_OUT')) }
    })
  }

  async function dial (address: PeerAddress, timeoutMs: number, ways?: 'straight'): Promise<Link> {
    try {
      if (ways === 'straight') return await dialStraight(peerIdFromKey(address.peerKey), address.multiaddrs, timeoutMs)
      return await dialAny(address, timeoutMs)
    } catch (error) {
      if (error instanceof UnreachableError) throw error
      throw new UnreachableError('NO_ROUTE', undefined, { cause: error })
    }
  }

  async function dialAny ({ peerKey, multiaddrs }: PeerAddress, timeoutMs: number): Promise<Link> {
    const shared = shareDial(peerIdFromKey(peerKey), multiaddrs)
    shared.waiting++
    try {
      return await within({
        clock, timeoutMs, stopped, work: async () => await shared.link!, dispose: () => {}
      })
    } catch (error) {
      shared.waiting--
      throw error
    }
  }

  async function stop (): Promise<void> {
    if (stopped.aborted) return
    stopping.abort()
    circuits.stop()
    addressBook.stop()
    const connections = node.getConnections()
    await new Promise<void>(resolve => {
      const timer = clock.setTimer(stopTimeoutMs, () => {
        log.warn('stopTimedOut')
        for (const connection of connections) connection.abort(new UnreachableError('STOPPED'))
        resolve()
      })
      Promise.resolve(node.stop()).catch((error: unknown) => {
        log.warn('stopFailed', { name: (error as Error).name })
      }).finally(() => {
        timer.cancel()
        resolve()
      })
    })
  }

  return {
    peerKey: keyFromPeerId(node.peerId),
    addresses: addressBook.addresses,
    dial,
    onLink (listener) { onLink = listener },
    onAddressesChanged: addressBook.onChanged,
    listenThrough: circuits.listenThrough,
    stop
  }
}
