/** WebRTC as the host brings it: loaded when it is needed, and not before; straight with no address but a circuit. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import type { Network } from '../../../node/core/ports.ts'
import { loadTransports } from '../../../node/host/service.ts'
import { formatPeerAddress } from '../../../protocol/peer-address.ts'
import { receive } from '../../contracts/network.ts'
import { root } from '../../house/files.ts'
import { keptLog } from '../../support/kept-log.ts'
import { libp2pClient } from '../../support/libp2p-client.ts'
import { eventually, startCircuitRelay, startNode, straightLink } from '../net/fixtures.ts'

const signalling = '/webrtc-signaling/0.0.1'

describe('a device that nobody can dial by TCP', function () {
  this.timeout(120_000)
  const stops: Array<() => Promise<unknown>> = []
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  async function client (listen: string[]): Promise<Network> {
    const started = await startNode({ listen, transports: await loadTransports(keptLog()) })
    stops.push(started.stop)
    return started
  }

  /** With a circuit through a relay, and nothing else. */
  async function hidden (): Promise<Network> {
    const relay = await startCircuitRelay()
    stops.push(async () => { await relay.node.stop() })
    const bob = await client(['/webrtc'])
    bob.listenThrough([relay.address])
    await eventually('an address for WebRTC', () => bob.addresses().some(address => address.endsWith('/webrtc')))
    return bob
  }

  it('tells circuits, and WebRTC by way of them, and has a straight link by the latter', async () => {
    const bob = await hidden()
    const [circuit = '', webRtc] = bob.addresses()
    assert.match(circuit, /\/p2p-circuit$/)
    assert.equal(webRtc, `${circuit}/webrtc`)
    const alice = await client([])
    const accepted = new Promise<boolean>(resolve => {
      bob.onLink(({ stream, direct }) => {
        receive(stream)
        resolve(direct)
      })
    })
    const link = await straightLink(alice, bob)
    assert.deepEqual([link.direct, await accepted], [true, true])
  })

  it('bears strangers who signal nonsense, or nothing, and is reached after them', async () => {
    const bob = await hidden()
    bob.onLink(({ stream }) => { receive(stream) })
    const mallory = await libp2pClient()
    stops.push(mallory.stop)
    const circuit = multiaddr(formatPeerAddress(bob.peerKey, bob.addresses()[0]!))
    const connection = await mallory.node.dial(circuit)
    const offer = (sdp: string): Uint8Array => {
      const text = new TextEncoder().encode(sdp)
      // A message of libp2p's: field 1 an offer, field 2 its text; its own length in front.
      return Uint8Array.of(text.length + 4, 8, 0, 18, text.length, ...text)
    }
    const nonsense = [
      Uint8Array.of(0), Uint8Array.of(200, 200, 200, 200, 200, 1), Uint8Array.of(4, 255, 255, 255, 255),
      offer(''), offer('v=0'), offer('v=0\r\na=fingerprint:sha-256 00\r\nm=x -1 UDP/DTLS/SCTP webrtc-datachannel'), undefined
    ]
    for (const bytes of nonsense) {
      const stream = await connection.newStream(signalling, { runOnLimitedConnection: true })
      if (bytes !== undefined) stream.send(bytes)
      await stream.close()
      stream.abort(new Error('enough'))
    }
    // Of those that say nothing only a few are waited for.
    const silent = await Promise.allSettled(Array.from({ length: 12 }, async () =>
      await connection.newStream(signalling, { runOnLimitedConnection: true, maxOutboundStreams: 100 })))
    const open = (): number => silent.filter(one => one.status === 'fulfilled' && one.value.status === 'open').length
    await eventually('the resets', () => open() <= 4)
    const alice = await client([])
    const link = await straightLink(alice, bob)
    assert.equal(link.direct, true)
  })
})

describe('a dial by WebRTC that is given up', function () {
  this.timeout(120_000)

  it('leaves nothing behind that keeps the program from ending', async () => {
    const child = spawn(process.execPath, [join(root, 'test/support/given-up-dials.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text })
    const ended = new Promise<number | null>(resolve => { child.once('exit', resolve) })
    try {
      await eventually('all that it does', () => output !== '' || child.exitCode !== null, 90_000)
      await eventually('its end', () => child.exitCode !== null, 20_000)
      assert.equal(await ended, 0)
      assert.ok(Number(/^(\d+) given up/.exec(output)?.[1]) > 0, output)
    } finally {
      child.kill('SIGKILL')
    }
  })
})
