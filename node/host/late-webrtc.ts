/**
 * WebRTC for contacts whose devices can't be dialled in another way: in a browser, or behind a router. It is
 * signalled through a relay's circuit, and Noise on that circuit says who it is.
 *
 * Its package takes as long to load as all the rest of the network. So it comes with the first address that
 * needs it, or the first stream of whoever wants to come this way: a command that does neither never has it.
 * No list of public STUN servers: they would learn who is online, and when.
 */
import { isStartable, serviceDependencies, transportSymbol, TypedEventEmitter } from '@libp2p/interface'
import type { Connection, Listener, ListenerEvents, Stream, StreamHandler, Transport } from '@libp2p/interface'
import type { WebRTCTransportComponents } from '@libp2p/webrtc'
import { peerIdFromString } from '@libp2p/peer-id'
import { UnreachableError } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import { closeChannelsWithConnections } from './native-channels.ts'

type Multiaddrs = Parameters<Transport['dialFilter']>[0]
type Dial = Transport['dial']

/** Of libp2p's specification of WebRTC between browsers. */
const signalling = '/webrtc-signaling/0.0.1'
/** Streams that wait until it is loaded, beyond which a peer's are refused. */
const signallingStreamsMax = 4

export function lateWebRtc (log: Log): (components: WebRTCTransportComponents) => Transport {
  return (components) => new LateWebRtc(components, log)
}

class LateWebRtc implements Transport {
  readonly [transportSymbol] = true
  readonly [Symbol.toStringTag] = 'late-webrtc'
  readonly [serviceDependencies] = ['@libp2p/identify', '@libp2p/circuit-relay-v2-transport']
  readonly #components: WebRTCTransportComponents
  readonly #log: Log
  #loading: Promise<Loaded> | undefined
  #isStopped = false

  constructor (components: WebRTCTransportComponents, log: Log) {
    this.#components = components
    this.#log = log
  }

  async start (): Promise<void> {
    const onStream: StreamHandler = async (stream, connection) => { await this.#signalled(stream, connection) }
    await this.#components.registrar.handle(signalling, onStream, {
      maxInboundStreams: signallingStreamsMax, runOnLimitedConnection: true
    })
  }

  async stop (): Promise<void> {
    this.#isStopped = true
    await this.#components.registrar.unhandle(signalling)
    const loaded = await this.#loading?.catch(() => undefined)
    if (isStartable(loaded?.transport)) await loaded.transport.stop()
  }

  async dial (...[multiaddr, options]: Parameters<Dial>): ReturnType<Dial> {
    // Without a way to signal it would be loaded in vain, with each try to reach somebody who is away.
    if (this.#loading === undefined) await this.#waySignalled(multiaddr, options.signal)
    const { transport } = await this.#load()
    options.signal.throwIfAborted()
    return await transport.dial(multiaddr, options)
  }

  /** There is no socket: others come by the signalling stream, and the address is the circuit's. */
  createListener (): Listener {
    return new NoSocket()
  }

  listenFilter (multiaddrs: Multiaddrs): Multiaddrs {
    return multiaddrs.filter((multiaddr) => multiaddr.getComponents().findLast(({ name }) => name !== 'p2p')?.name === 'webrtc')
  }

  dialFilter (multiaddrs: Multiaddrs): Multiaddrs {
    return this.listenFilter(multiaddrs)
  }

  /** The connection through the relay that the loaded transport then finds. */
  async #waySignalled (multiaddr: Parameters<Dial>[0], signal: AbortSignal): Promise<void> {
    const { connectionManager, transportManager } = this.#components
    const circuit = multiaddr.decapsulate('/webrtc').encapsulate(`/p2p/${multiaddr.getComponents().at(-1)!.value}`)
    const there = connectionManager.getConnections(peerIdFromString(circuit.getComponents().at(-1)!.value!))
    if (there.length === 0) await transportManager.dial(circuit, { signal })
  }

  async #signalled (stream: Stream, connection: Connection): Promise<void> {
    try {
      const { onStream } = await this.#load()
      await onStream(stream, connection)
    } catch (error) {
      stream.abort(error as Error)
    }
  }

  async #load (): Promise<Loaded> {
    if (this.#isStopped) throw new UnreachableError('STOPPED')
    this.#loading ??= load(this.#components)
    try {
      return await this.#loading
    } catch (error) {
      // It has native code, which may be missing on a rare platform.
      this.#log.warn('webRtcNotLoaded', { name: (error as Error).name })
      throw error
    }
  }
}

interface Loaded { transport: Transport, onStream: StreamHandler }

/** The streams that it would take itself are given to it, as one of them has come before it. */
async function load (components: WebRTCTransportComponents): Promise<Loaded> {
  await closeChannelsWithConnections()
  const { webRTC } = await import('@libp2p/webrtc')
  let onStream: StreamHandler | undefined
  const registrar = {
    handle: async (_protocol: string, handler: StreamHandler) => { onStream = handler },
    unhandle: async () => {}
  }
  const transport = webRTC({ rtcConfiguration: { iceServers: [] } })(
    new Proxy(components, { get: (target, name) => name === 'registrar' ? registrar : Reflect.get(target, name) as unknown }))
  if (isStartable(transport)) await transport.start()
  if (onStream === undefined) throw new UnreachableError('NO_ROUTE', 'WebRTC takes no streams.')
  return { transport, onStream }
}

class NoSocket extends TypedEventEmitter<ListenerEvents> implements Listener {
  async listen (): Promise<void> {
    this.safeDispatchEvent('listening')
  }

  getAddrs (): Multiaddrs {
    return []
  }

  async close (): Promise<void> {
    this.safeDispatchEvent('close')
  }

  updateAnnounceAddrs (): void {}
}
