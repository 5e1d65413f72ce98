/**
 * The network of a tab: WebSocket and WebRTC-direct to relays, circuits and WebRTC to people.
 *
 * Loaded when the network is wanted: it is most of the program. No STUN server is asked that the person did not choose:
 * it learns who talks from where. No kad-dht: relays look up.
 */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import type { Clock, Log, Random } from '../../protocol/ports.ts'
import type { Network } from '../../node/core/ports.ts'
import { createNetwork } from '../../node/net/network.ts'

export interface TabNetworkOptions {
  /** 32 bytes. */
  peerSeed: Uint8Array
  /** False: nobody connects to this tab, and it connects to relays only. */
  isDirect: boolean
  /** A STUN server, `stun:host:port`, for connections to people. */
  stun: string | undefined
  clock: Clock
  random: Random
  log: Log
}

export async function createTabNetwork ({ isDirect, stun, ...options }: TabNetworkOptions): Promise<Network> {
  const rtcConfiguration = { iceServers: stun === undefined ? [] : [{ urls: stun }] }
  // Relays are where they say that they are.
  const toRelays = [webSockets(), webRTCDirect({ rtcConfiguration: { iceServers: [] } })]
  return await createNetwork({
    ...options,
    transports: isDirect ? [...toRelays, webRTC({ rtcConfiguration }), circuitRelayTransport()] : toRelays,
    listen: isDirect ? ['/webrtc'] : []
  })
}
