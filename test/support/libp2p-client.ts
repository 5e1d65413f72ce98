/** A bare libp2p node that speaks the mailbox protocol to a relay: for tests of real sockets. */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Connection, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Libp2p } from 'libp2p'
import { randomBytes } from 'node:crypto'
import { mailboxProtocol } from '../../protocol/limits.ts'
import { systemClock } from '../../relay/host/world.ts'
import { byteStreamOf } from '../../relay/net/byte-stream.ts'
import { MailboxClient } from './mailbox-client.ts'

export interface Libp2pClient {
  readonly node: Libp2p
  readonly peerId: string
  /** 32 bytes. */
  readonly peerKey: Uint8Array
  /** A greeted stream of the mailbox protocol on a new or existing connection. */
  open: (address: string) => Promise<MailboxClient>
  /** The same stream, unread and ungreeted. */
  openRaw: (address: string) => Promise<Stream>
  stop: () => Promise<void>
}

export async function libp2pClient (o: { listen?: string[] } = {}): Promise<Libp2pClient> {
  const privateKey = await generateKeyPairFromSeed('Ed25519', randomBytes(32))
  const node = await createLibp2p({
    privateKey,
    addresses: { listen: o.listen ?? [] },
    transports: [
      tcp(), webSockets(), webRTCDirect({ rtcConfiguration: { iceServers: [] } }), circuitRelayTransport()
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), ping: ping() }
  })
  const openRaw = async (address: string): Promise<Stream> => {
    const signal = AbortSignal.timeout(15_000)
    const connection: Connection = await node.dial(multiaddr(address), { signal })
    return await connection.newStream(mailboxProtocol, { signal, runOnLimitedConnection: true })
  }
  return {
    node,
    peerId: node.peerId.toString(),
    peerKey: privateKey.publicKey.raw,
    openRaw,
    async open (address) {
      const stream = byteStreamOf(await openRaw(address))
      const relayKey = peerIdFromString(address.slice(address.lastIndexOf('/') + 1)).publicKey?.raw
      if (relayKey == null) throw new Error('no key in the peer id')
      const client = new MailboxClient({ stream, clock: systemClock, clientKey: privateKey.publicKey.raw, relayKey })
      await client.hello()
      return client
    },
    async stop () { await node.stop() }
  }
}
