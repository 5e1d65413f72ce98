import assert from 'node:assert/strict'
import type { MultiaddrConnection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { relayGater } from '../../../relay/net/gater.ts'
import { originOf } from '../../../relay/net/origin.ts'
import { manualClock } from '../../support/manual-clock.ts'

describe('the origin of a connection', () => {
  const cases: Array<[string, string]> = [
    ['/ip4/203.0.113.7/tcp/4001', '203.0.113'],
    ['/ip4/203.0.113.200/udp/4003/webrtc-direct', '203.0.113'],
    ['/ip4/127.0.0.1/tcp/4001', ''],
    ['/ip6/2001:db8:7:1::9/tcp/4001', '2001:db8:7'],
    ['/ip6/2001:db8:7::/tcp/4001', '2001:db8:7'],
    ['/ip6/2001:0db8:0007:ffff:1:2:3:4/tcp/4001/ws', '2001:db8:7'],
    ['/ip6/::1/tcp/4001', ''],
    ['/ip6/::ffff:203.0.113.9/tcp/4001', '203.0.113'],
    ['/memory/x', '']
  ]
  for (const [address, origin] of cases) {
    it(`of ${address} is ${origin === '' ? 'nobody in particular' : origin}`, () => {
      assert.equal(originOf(multiaddr(address)), origin)
    })
  }
})

describe('the gater', () => {
  const clock = manualClock()
  const gaterWith = (dialsPrivate: boolean): ReturnType<typeof relayGater> => relayGater({
    clock,
    connectionsPerOriginMax: 3,
    reservationsPerOriginMax: 1,
    acceptBurst: 5,
    acceptRefillMs: 1000,
    dialsPrivate,
    reservedPeers: () => [],
    connectionsOf: () => []
  })
  const from = (address: string): { connection: MultiaddrConnection, close: () => void } => {
    const target = new EventTarget()
    return {
      connection: Object.assign(target, { remoteAddr: multiaddr(address) }) as unknown as MultiaddrConnection,
      close: () => { target.dispatchEvent(new Event('close')) }
    }
  }

  it('takes only so many connections from one network at a time', () => {
    const gater = gaterWith(false)
    const arrive = (host: number): { isDenied: unknown, close: () => void } => {
      const { connection, close } = from(`/ip4/203.0.113.${host}/tcp/1`)
      return { isDenied: gater.denyInboundConnection?.(connection), close }
    }
    const taken = [1, 2, 3].map(arrive)
    assert.deepEqual(taken.map(({ isDenied }) => isDenied), [false, false, false])
    assert.equal(arrive(4).isDenied, true)
    assert.equal(gater.denyInboundConnection?.(from('/ip4/198.51.100.1/tcp/1').connection), false)
    taken[0]?.close()
    assert.equal(arrive(5).isDenied, false)
  })

  it('takes only so many one after another, and more with time', async () => {
    const gater = gaterWith(false)
    const arrive = (): unknown => {
      const { connection, close } = from('/ip4/203.0.113.1/tcp/1')
      const isDenied = gater.denyInboundConnection?.(connection)
      if (isDenied === false) close()
      return isDenied
    }
    assert.deepEqual(Array.from({ length: 6 }, arrive), [false, false, false, false, false, true])
    await clock.advance(1000)
    assert.equal(arrive(), false)
  })

  it('never counts this machine itself', () => {
    const gater = gaterWith(false)
    for (let i = 0; i < 50; i++) {
      assert.equal(gater.denyInboundConnection?.(from('/ip4/127.0.0.1/tcp/1').connection), false)
    }
  })

  it('dials no private address for a stranger, and no circuit', () => {
    const dialled = (address: string, dialsPrivate = false): unknown =>
      gaterWith(dialsPrivate).denyDialMultiaddr?.(multiaddr(address)) === false
    assert.equal(dialled('/ip4/8.8.8.8/tcp/1'), true)
    const hosts = ['ip4/10.0.0.1', 'ip4/127.0.0.1', 'ip4/192.168.1.1', 'ip4/169.254.169.254', 'ip6/fd00::1', 'ip6/::1']
    for (const inside of hosts.map(host => `/${host}/tcp/80`)) {
      assert.equal(dialled(inside), false, inside)
      assert.equal(dialled(inside, true), true, inside)
    }
    const relay = '12D3KooWDQTmBLK3G1KSjko1bb12F6FBXsG9mHpcFMQorRbdbTL6'
    assert.equal(dialled(`/ip4/8.8.8.8/tcp/1/p2p/${relay}/p2p-circuit`, true), false)
  })
})
