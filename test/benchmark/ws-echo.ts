/** The base of every ratio: a raw ws echo server in a process of its own; each frame comes back, nothing is stored. */
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('connection', socket => {
  socket.on('message', (bytes: Buffer) => { socket.send(bytes, { binary: true }) })
})
server.on('listening', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined })
})
process.on('disconnect', () => { process.exit(0) })
