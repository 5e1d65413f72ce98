/**
 * A TCP proxy on loopback that keeps every byte that passes, in both directions: what somebody on
 * the wire sees. Real sockets; it understands nothing of what it carries.
 */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface RecordingProxy {
  readonly port: number
  /** Connections made so far. */
  readonly connections: number
  /** Bytes of each direction of each connection, each without a gap. */
  recorded: () => Buffer[]
  /** Bytes in all. */
  readonly length: number
  stop: () => Promise<void>
}

export async function recordingProxy (targetPort: number): Promise<RecordingProxy> {
  const flows: Buffer[][] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const carry = (from: Socket, to: Socket): void => {
    const flow: Buffer[] = []
    flows.push(flow)
    sockets.add(from)
    from.on('data', (bytes) => {
      flow.push(bytes)
      if (!to.write(bytes)) from.pause()
    })
    to.on('drain', () => { from.resume() })
    from.on('end', () => { to.end() })
    from.on('error', () => { to.destroy() })
    from.on('close', () => {
      sockets.delete(from)
      to.destroySoon()
    })
  }
  const server = createServer({ allowHalfOpen: true }, (inbound) => {
    connections++
    const outbound = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
    carry(inbound, outbound)
    carry(outbound, inbound)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    port: (server.address() as AddressInfo).port,
    get connections () { return connections },
    recorded: () => flows.map(flow => Buffer.concat(flow)),
    get length () { return flows.flat().reduce((sum, { byteLength }) => sum + byteLength, 0) },
    async stop () {
      const closed = new Promise<void>((resolve) => { server.close(() => { resolve() }) })
      for (const socket of sockets) socket.destroy()
      await closed
    }
  }
}
