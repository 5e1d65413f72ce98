/**
 * Peer keys, peer ids, multiaddrs of people, and which of a stranger's multiaddrs are dialled.
 */
import assert from 'node:assert/strict'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import fc from 'fast-check'
import { keyFromPeerId, peerIdFromKey } from '../../../node/net/peer.ts'
import { formatPeerAddress, formatPeerId, parsePeerAddress, parsePeerId } from '../../../protocol/peer-address.ts'
import { candidatesMax, candidatesOf } from '../../../node/net/candidates.ts'

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const [peer, self, relay] = [peerIdFromKey(key(1)), peerIdFromKey(key(2)), peerIdFromKey(key(3))]
const usage = { name: 'UsageError', code: 'USAGE' }

describe('a peer', () => {
  it('has one key for one peer id', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes => {
      assert.deepEqual(keyFromPeerId(peerIdFromKey(bytes)), bytes)
      assert.equal(formatPeerId(bytes), peerIdFromKey(bytes).toString())
      assert.deepEqual(parsePeerId(formatPeerId(bytes)), bytes)
    }))
  })

  it('has a key of 32 bytes, and of Ed25519 only', async () => {
    for (const length of [0, 31, 33]) assert.throws(() => peerIdFromKey(new Uint8Array(length)), usage)
    const other = peerIdFromPrivateKey(await generateKeyPair('secp256k1'))
    assert.throws(() => keyFromPeerId(other), usage)
    assert.throws(() => parsePeerAddress(`/ip4/127.0.0.1/tcp/1/p2p/${other.toString()}`), usage)
  })

  it('is read from a multiaddr and printed as one', () => {
    for (const address of [
      '/ip4/192.0.2.1/tcp/4001', '/ip6/2001:db8::1/tcp/4001/ws', '/dns4/relay.example/tcp/443/tls/ws',
      `/ip4/192.0.2.1/tcp/4001/p2p/${relay.toString()}/p2p-circuit`
    ]) {
      const text = `${address}/p2p/${peer.toString()}`
      assert.deepEqual(parsePeerAddress(`  ${text}\n`), { peerKey: key(1), multiaddrs: [address] })
      assert.equal(formatPeerAddress(key(1), address), text)
      assert.equal(formatPeerAddress(key(1), text), text)
    }
    assert.deepEqual(parsePeerAddress(`/p2p/${peer.toString()}`), { peerKey: key(1), multiaddrs: [] })
  })

  it('is not read from anything else', () => {
    for (const text of [
      '', '/', 'hello', '/ip4/192.0.2.1/tcp/4001', '/ip4/192.0.2.1/tcp/4001/p2p/', '/ip4/192.0.2.1/tcp/4001/p2p/nonsense',
      `/ip4/999.0.0.1/tcp/1/p2p/${peer.toString()}`, `${'/ip4/192.0.2.1/tcp/1'.repeat(40)}/p2p/${peer.toString()}`,
      `/p2p/${peer.toString()}/tcp/1`
    ]) assert.throws(() => parsePeerAddress(text), usage, text)
    fc.assert(fc.property(fc.string(), text => { assert.throws(() => parsePeerAddress(text), usage) }))
  })
})

describe('the candidates for a dial', () => {
  const dialled = (texts: string[], isSupported = () => true): string[] =>
    candidatesOf(peer, self, texts, isSupported).map(({ multiaddr }) => multiaddr.toString())
  const suffix = `/p2p/${peer.toString()}`
  const through = (relayId = relay.toString()): string => `/ip4/192.0.2.9/tcp/1/p2p/${relayId}/p2p-circuit`

  it('put straight ways first, loopback after others, then webrtc, then circuits', () => {
    const order = ['/ip4/192.0.2.1/tcp/1', '/dns4/a.example/tcp/1', '/ip4/127.0.0.1/tcp/1', `${through()}/webrtc`, through()]
    assert.deepEqual(dialled([...order].reverse()), [
      `/dns4/a.example/tcp/1${suffix}`, `/ip4/192.0.2.1/tcp/1${suffix}`, `/ip4/127.0.0.1/tcp/1${suffix}`,
      `${through()}/webrtc${suffix}`, `${through()}${suffix}`
    ])
  })

  it('are few, each once, with room left for a circuit', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `/ip4/192.0.2.1/tcp/${i + 1}`)
    assert.ok(dialled(many).length <= candidatesMax)
    const mixed = dialled([through(), ...many])
    assert.ok(mixed.length <= candidatesMax)
    assert.ok(mixed.includes(`${through()}${suffix}`))
    assert.deepEqual(dialled(['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/tcp/1', `/ip4/192.0.2.1/tcp/1${suffix}`]),
      [`/ip4/192.0.2.1/tcp/1${suffix}`])
  })

  it('leave out what leads astray', () => {
    assert.deepEqual(dialled([
      '/dnsaddr/loop.example', '/unix/tmp%2Fsocket', '/memory/1', 'nonsense', '', `/dns4/${'a'.repeat(600)}/tcp/1`,
      `/ip4/192.0.2.1/tcp/1/p2p/${relay.toString()}`,
      `/ip4/192.0.2.9/tcp/1/p2p/${relay.toString()}/p2p-circuit/p2p/${self.toString()}/p2p-circuit`,
      through(self.toString()), through(peer.toString()), '/ip4/192.0.2.9/tcp/1/p2p-circuit', '/p2p-circuit'
    ]), [])
    assert.deepEqual(candidatesOf(self, self, ['/ip4/192.0.2.1/tcp/1'], () => true), [])
    assert.deepEqual(dialled(['/ip4/192.0.2.1/udp/1/quic-v1'], () => false), [])
  })

  it('never throw, whatever the text', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.string().map(part => `/ip4/1.2.3.4/${part}`))), texts => {
      dialled(texts)
    }))
  })
})
