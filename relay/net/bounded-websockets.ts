/**
 * libp2p's WebSocket transport with limits that it has no option for. A stranger, before any
 * handshake, could else make the relay hold a message of 100 MiB or a request line for ever, and
 * end it with one malformed frame: the socket's error event has no listener of libp2p's.
 */
import type { Transport } from '@libp2p/interface'
import { webSockets } from '@libp2p/websockets'

/** Above what one write of a libp2p peer makes; a larger message ends the socket with 1009. */
const messageBytesMax = 4 * 1024 * 1024
const headerBytesMax = 8 * 1024
const headersMsMax = 8_000

interface Socket { on: (event: 'error', listener: () => void) => void }
interface WebSocketListener {
  wsServer?: { options?: { maxPayload?: number } }
  onWsServerConnection?: (socket: Socket, request: unknown) => void
}

export function boundedWebSockets (): (components: Parameters<ReturnType<typeof webSockets>>[0]) => Transport {
  const create = webSockets({
    http: { maxHeaderSize: headerBytesMax, headersTimeout: headersMsMax, requestTimeout: headersMsMax }
  })
  return (components) => {
    const transport: Transport = create(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const listener = createListener(options)
      bound(listener as WebSocketListener)
      return listener
    }
    return transport
  }
}

function bound (listener: WebSocketListener): void {
  const serverOptions = listener.wsServer?.options
  const accept = listener.onWsServerConnection?.bind(listener)
  // Rather no relay than one without its limits, should a later libp2p keep these elsewhere.
  if (serverOptions == null || accept == null) throw new Error('the WebSocket listener can\'t be bounded')
  serverOptions.maxPayload = messageBytesMax
  listener.onWsServerConnection = (socket, request) => {
    // The socket closes itself; that it did is told by its close event.
    socket.on('error', () => {})
    accept(socket, request)
  }
}
