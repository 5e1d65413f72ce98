import assert from 'node:assert/strict'
import { isListenAddress } from '../../../node/host/listeners.ts'

describe('where a messenger listens', () => {
  it('is a host and a TCP port', () => {
    for (const address of [
      '/ip4/0.0.0.0/tcp/0', '/ip4/127.0.0.1/tcp/65535', '/ip6/::/tcp/4010', '/dns4/localhost/tcp/4010', '/dns6/me/tcp/1'
    ]) {
      assert.equal(isListenAddress(address), true, address)
    }
  })

  it('is nothing that a stranger can end the process at, and nothing that is no address', () => {
    for (const address of [
      '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/tcp/0/wss', '/ip4/127.0.0.1/tcp/0/tls/ws',
      '/dns4/localhost/tcp/0/ws/', '/ip4/127.0.0.1/tcp/0/http-path/ws', '/webrtc', '/p2p-circuit',
      '/ip4/127.0.0.1/udp/0/webrtc-direct', '/ip4/127.0.0.1/tcp/70000', '/ip4/::1/tcp/0', '/ip4/localhost/tcp/0',
      '/ip6/127.0.0.1/tcp/0', '/ip4/127.0.0.1', '/ip4/127.0.0.1/tcp/0\n', ' /ip4/127.0.0.1/tcp/0', 'x', ''
    ]) {
      assert.equal(isListenAddress(address), false, address)
    }
  })
})
