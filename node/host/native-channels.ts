/**
 * Closes the data channels of a WebRTC connection with the connection.
 *
 * The native library keeps a channel that never opened for ever, though its connection is closed: its memory, and a
 * handle that keeps the process from ending. A program that gives up dials would lose a little with each.
 */

interface Channel extends EventTarget { close: () => void }
/** What is called of the connections that libp2p makes. */
interface PeerConnection {
  createDataChannel: (...options: unknown[]) => Channel
  close: () => void
}

let wrapped: Promise<void> | undefined

/** Once for the process; loads the native library. Rejects where a platform has none. */
export async function closeChannelsWithConnections (): Promise<void> {
  wrapped ??= wrap()
  await wrapped
}

async function wrap (): Promise<void> {
  const { RTCPeerConnection } = await import('node-datachannel/polyfill')
  const prototype = RTCPeerConnection.prototype as unknown as PeerConnection
  const { createDataChannel, close } = prototype
  const channelsOf = new WeakMap<PeerConnection, Set<Channel>>()
  prototype.createDataChannel = function (this: PeerConnection, ...options) {
    const channel = createDataChannel.apply(this, options)
    const channels = channelsOf.get(this) ?? new Set()
    channelsOf.set(this, channels.add(channel))
    channel.addEventListener('close', () => { channels.delete(channel) })
    return channel
  }
  prototype.close = function (this: PeerConnection) {
    try {
      for (const channel of channelsOf.get(this) ?? []) channel.close()
    } finally {
      channelsOf.delete(this)
      close.call(this)
    }
  }
}
