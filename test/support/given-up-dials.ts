/**
 * A program that begins WebRTC connections, gives them up at every stage of the handshake, stops all that it
 * started, and ends when nothing holds it any more: late-webrtc.test.ts looks whether it does.
 */
import { loadTransports } from '../../node/host/service.ts'
import { receive } from '../contracts/network.ts'
import { eventually, startCircuitRelay, startNode } from '../node/net/fixtures.ts'
import { keptLog } from './kept-log.ts'

const pause = async (ms: number): Promise<void> => { await new Promise(resolve => { setTimeout(resolve, ms) }) }

/** When a dial is given up, in milliseconds: the last ones may succeed, on a machine that is not busy. */
const stages = [5, 15, 30, 45, 60, 80, 100, 130, 170, 220, 300]

let given = 0
let reached = 0

const relay = await startCircuitRelay()
const bob = await startNode({ listen: ['/webrtc'], transports: await loadTransports(keptLog()) })
bob.onLink(({ stream }) => { receive(stream) })
bob.listenThrough([relay.address])
await eventually('an address for WebRTC', () => bob.addresses().some(address => address.endsWith('/webrtc')))
for (const stage of stages) {
  const alice = await startNode({ listen: [], transports: await loadTransports(keptLog()) })
  // The circuit to signal through; what is loaded with the first dial for WebRTC comes beside it.
  await alice.dial({ peerKey: bob.peerKey, multiaddrs: bob.addresses().slice(0, 1) }, 10_000)
  const dialled = alice.dial({ peerKey: bob.peerKey, multiaddrs: bob.addresses() }, 10_000, 'straight')
  await Promise.all([dialled.then(() => { reached++ }, () => { given++ }), pause(stage).then(async () => { await alice.stop() })])
  // libp2p lets five in a second from one host.
  await pause(250)
}
await bob.stop()
await relay.node.stop()
console.log(`${given} given up, ${reached} reached`)
