/**
 * Streams that ended, or began to, before anybody could listen.
 */
import assert from 'node:assert/strict'
import type { Stream } from '@libp2p/interface'
import { createByteStream } from '../../../node/net/byte-stream.ts'
import { systemClock } from '../../../node/host/world.ts'
import { receive } from '../../contracts/network.ts'
import { eventually, startCircuitRelay } from './fixtures.ts'

const protocol = '/restante/test/1'
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

describe('a byte stream', function () {
  this.timeout(30_000)
  const stops: Array<() => Promise<void>> = []
  afterEach(async () => { await Promise.all(stops.splice(0).map(stop => stop())) })

  /** A stream that `accept` has already had its way with. */
  async function open (accept: (stream: Stream) => Promise<void> | void): Promise<Stream> {
    const [from, to] = [await startCircuitRelay(), await startCircuitRelay()]
    stops.push(async () => { await from.node.stop() }, async () => { await to.node.stop() })
    await to.node.handle(protocol, accept)
    const connection = await from.node.dial(to.node.getMultiaddrs())
    return await connection.newStream(protocol)
  }

  it('tells of a reset that came before it was made', async () => {
    const stream = await open(remote => { remote.abort(new Error('no')) })
    await eventually('the reset', () => stream.status === 'reset')
    const adapted = createByteStream(stream, systemClock)
    assert.ok(await receive(adapted).closed instanceof Error)
    assert.equal(adapted.send(text('anyone?')), false)
  })

  it('hands over what came before a close that came before it was made, and ends cleanly', async () => {
    const stream = await open(async remote => {
      remote.send(text('goodbye'))
      await remote.close()
    })
    await eventually('the close', () => stream.remoteWriteStatus === 'closed')
    const received = receive(createByteStream(stream, systemClock))
    assert.equal(await received.closed, undefined)
    assert.deepEqual(received.bytes(), text('goodbye'))
  })

  it('hands over what is left to a reader who had stopped when the peer closed', async () => {
    const stream = await open(async remote => {
      remote.send(new Uint8Array(100_000).fill(1))
      await remote.close()
    })
    const adapted = createByteStream(stream, systemClock)
    adapted.pause()
    const received = receive(adapted)
    await eventually('the close', () => stream.remoteWriteStatus === 'closed' && stream.status !== 'open')
    assert.equal(received.bytes().length, 0)
    adapted.resume()
    assert.equal(await received.closed, undefined)
    assert.equal(received.bytes().length, 100_000)
  })

  it('gives up on a peer that never closes its side', async () => {
    const stream = await open(() => {})
    const fast = { ...systemClock, setTimer: (delayMs: number, run: () => void) => systemClock.setTimer(delayMs / 50, run) }
    const adapted = createByteStream(stream, fast)
    const received = receive(adapted)
    adapted.close()
    assert.equal((await received.closed as { code?: string } | undefined)?.code, 'TIMED_OUT')
  })
})
