/**
 * Being reachable through relays' circuits: one reservation at each, kept up.
 *
 * libp2p's own listener for circuits cannot be taken away, is left over by each attempt that
 * fails, and cancels every reservation when one closes; its KEEP_ALIVE gives up after half a
 * minute. So the transport's reservation store is used by itself, with a timer of
 * ours, and one request at a time: the first that is granted makes the store forget those that
 * wait behind it, its own renewals too, without a word to who asked. No mailbox traffic goes this
 * way: that has its own stream to the relay.
 */
import { KEEP_ALIVE } from '@libp2p/interface'
import { RELAY_V2_HOP_CODEC } from '@libp2p/circuit-relay-v2'
import { CODE_P2P, multiaddr } from '@multiformats/multiaddr'
import type { Connection, PeerId, PeerStore, Stream } from '@libp2p/interface'
import type { Clock, Log, Random, Timer } from '../../protocol/ports.ts'
import type { PeerAddress } from '../core/ports.ts'
import { UnreachableError } from '../../protocol/errors.ts'
import { isStraight } from './dialler.ts'
import type { Dialler } from './dialler.ts'
import { within } from './deadline.ts'
import { multiaddrCharactersMax } from '../../protocol/peer-address.ts'
import { peerIdFromKey } from './peer.ts'

const retryDelayMsMin = 1_000
const retryDelayMsMax = 60_000
const reservationTimeoutMs = 15_000
/** The store asks for five seconds; this is for when it never answers. */
const storeTimeoutMs = 7_000
/** The store renews what runs out within ten minutes, when it is asked. */
const renewalIntervalMs = 4 * 60_000
/** A hostile relay may claim any number of addresses for itself; ours are handed to every contact. */
const addressesPerRelayMax = 3

/** What is used of the circuit transport; the package exports no type for it. */
export interface CircuitTransport {
  reservationStore: {
    addRelay: (peerId: PeerId, type: 'configured') => Promise<RelayReservation>
    hasReservation: (peerId: PeerId) => boolean
    cancelReservations: () => void
    addEventListener: (type: 'relay:removed', listener: (event: CustomEvent<RelayReservation>) => void) => void
  }
  onStop: (stream: Stream, connection: Connection) => Promise<void>
}
interface RelayReservation { relay: PeerId, details: { reservation: { addrs: Uint8Array[] } } }

export interface CircuitsOptions {
  /** Undefined: the host gave no circuit transport, and nothing is ever reserved. */
  transport: CircuitTransport | undefined
  peerStore: Pick<PeerStore, 'get' | 'merge'>
  dialler: Dialler
  clock: Clock
  random: Random
  log: Log
  stopped: AbortSignal
  onChanged: () => void
}

export interface Circuits {
  /** Replaces the former set. */
  listenThrough: (relays: PeerAddress[]) => void
  /** Multiaddrs that end with /p2p-circuit. */
  addresses: () => string[]
  stop: () => void
}

interface Reserving {
  peerId: PeerId
  multiaddrs: string[]
  state: 'reserving' | 'reserved' | 'waiting' | 'dropped'
  addresses: string[]
  failures: number
  timer: Timer | undefined
}

export function createCircuits (options: CircuitsOptions): Circuits {
  const { transport, peerStore, dialler, clock, random, log, stopped, onChanged } = options
  const relays = new Map<string, Reserving>()
  let turn = Promise.resolve()

  async function inTurn<T> (signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const previous = turn
    const { promise, resolve } = Promise.withResolvers<void>()
    turn = promise
    await previous
    try {
      signal.throwIfAborted()
      return await within({ clock, timeoutMs: storeTimeoutMs, stopped, work, dispose: () => {} })
    } finally {
      resolve()
    }
  }

  function setAddresses (relay: Reserving, addresses: string[]): void {
    if (relay.addresses.join() === addresses.join()) return
    relay.addresses = addresses
    onChanged()
  }

  /** Half of the delay is random: after a relay's restart not everybody comes at once. */
  function retryDelayMs (failures: number): number {
    const delayMs = Math.min(retryDelayMsMin * 2 ** Math.min(failures, 16), retryDelayMsMax)
    const [high = 0, low = 0] = random.bytes(2)
    return delayMs / 2 + delayMs / 2 * (high << 8 | low) / 0xffff
  }

  function retryLater (relay: Reserving): void {
    if (relay.state === 'dropped' || stopped.aborted) return
    relay.state = 'waiting'
    relay.timer?.cancel()
    relay.timer = clock.setTimer(retryDelayMs(relay.failures), () => { void reserve(relay) })
    relay.failures++
  }

  /** Never rejects. */
  async function reserve (relay: Reserving): Promise<void> {
    if (transport === undefined || relay.state === 'dropped' || relay.state === 'reserving') return
    relay.state = 'reserving'
    try {
      const reservation = await within({
        clock,
        timeoutMs: reservationTimeoutMs,
        stopped,
        work: signal => reserveOnce(transport, relay, signal),
        // Kept by the reservation store; the next attempt finds it there.
        dispose: () => {}
      })
      if (isDropped(relay)) return
      relay.state = 'reserved'
      relay.failures = 0
      setAddresses(relay, addressesOf(relay.peerId, reservation))
      relay.timer = clock.setTimer(renewalIntervalMs, () => { void reserve(relay) })
      log.debug('circuitReserved')
    } catch (error) {
      log.debug('circuitNotReserved', { code: error instanceof UnreachableError ? error.code : 'FAILED' })
      setAddresses(relay, [])
      retryLater(relay)
    }
  }

  async function reserveOnce (
    circuit: CircuitTransport, relay: Reserving, signal: AbortSignal
  ): Promise<RelayReservation> {
    const connection = await dialler.connect(relay.peerId, relay.multiaddrs)
    if (!isStraight(connection)) throw new UnreachableError('NO_ROUTE', 'A relay is not reached through a relay.')
    // A relay that has circuits switched off today would be refused for ever by the reservation
    // store if it were asked; so ask for the protocol first.
    if (!circuit.reservationStore.hasReservation(relay.peerId)) {
      const probe = await connection.newStream(RELAY_V2_HOP_CODEC, { signal })
      probe.abort(new UnreachableError('STOPPED'))
    }
    const reservation = await inTurn(signal, () => circuit.reservationStore.addRelay(relay.peerId, 'configured'))
    await forgetKeepAlive(relay.peerId)
    return reservation
  }

  /** The reservation store tags its relays to be redialled by libp2p: at once, by everybody. */
  async function forgetKeepAlive (peerId: PeerId): Promise<void> {
    const { tags } = await peerStore.get(peerId)
    const kept = [...tags.keys()].filter(name => name.startsWith(KEEP_ALIVE))
    await peerStore.merge(peerId, { tags: Object.fromEntries(kept.map(name => [name, undefined])) })
  }

  transport?.reservationStore.addEventListener('relay:removed', ({ detail }) => {
    const relay = relays.get(detail.relay.toString())
    // While reserving, the attempt itself finds out.
    if (relay?.state !== 'reserved') return
    setAddresses(relay, [])
    retryLater(relay)
  })

  function drop (relay: Reserving): void {
    relay.state = 'dropped'
    relay.timer?.cancel()
    setAddresses(relay, [])
  }

  return {
    listenThrough (wanted) {
      if (transport === undefined) {
        if (wanted.length > 0) log.warn('circuitsUnsupported')
        return
      }
      const wantedNames = new Set(wanted.map(({ peerKey }) => peerIdFromKey(peerKey).toString()))
      const unwanted = [...relays].filter(([name]) => !wantedNames.has(name))
      for (const [name, relay] of unwanted) {
        relays.delete(name)
        drop(relay)
      }
      if (unwanted.length > 0) {
        // The store cannot give up one reservation, only all; the rest is reserved anew below.
        transport.reservationStore.cancelReservations()
        for (const relay of relays.values()) if (relay.state === 'reserved') relay.state = 'waiting'
      }
      for (const { peerKey, multiaddrs } of wanted) {
        const peerId = peerIdFromKey(peerKey)
        const known = relays.get(peerId.toString())
        const relay: Reserving = known ?? {
          peerId, multiaddrs, state: 'waiting', addresses: [], failures: 0, timer: undefined
        }
        relay.multiaddrs = multiaddrs
        relays.set(peerId.toString(), relay)
        if (relay.state === 'waiting') {
          relay.timer?.cancel()
          void reserve(relay)
        }
      }
    },

    addresses: () => [...relays.values()].flatMap(({ addresses }) => addresses),

    stop () {
      for (const relay of relays.values()) {
        relay.state = 'dropped'
        relay.timer?.cancel()
      }
    }
  }
}

/** A function, because the state may have changed while a promise was awaited. */
function isDropped (relay: Reserving): boolean {
  return relay.state === 'dropped'
}

/** The first address is the one that this node has reached the relay by. */
function addressesOf (relay: PeerId, { details }: RelayReservation): string[] {
  return details.reservation.addrs
    .map(bytes => multiaddr(bytes))
    .filter(address => {
      const last = address.getComponents().at(-1)
      return last?.code === CODE_P2P && last.value === relay.toString()
    })
    .map(address => `${address.toString()}/p2p-circuit`)
    .filter(text => text.length <= multiaddrCharactersMax && text.split('/p2p-circuit').length === 2)
    .slice(0, addressesPerRelayMax)
}
