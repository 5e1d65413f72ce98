/**
 * What every Network must do: libp2p over real sockets, or a simulated one. A suite to run.
 *
 * Circuits, hostile addresses and what is libp2p's own are in test/node/net.
 */
import assert from 'node:assert/strict'
import type { Link, Network } from '../../node/core/ports.ts'
import { concat } from '../../protocol/bytes.ts'
import type { ByteStream } from '../../protocol/ports.ts'

export interface NetworkWorld {
  /** A node that others of this world can reach. Stopped by the suite. */
  start: () => Promise<Network>
  destroy: () => Promise<void>
}

const timeoutMs = 10_000
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const addressOf = (node: Network) => ({ peerKey: node.peerKey, multiaddrs: node.addresses() })

/** What arrived at a stream, and its end. */
export interface Received {
  bytes: () => Uint8Array
  /** Resolves when at least `count` bytes are there. */
  atLeast: (count: number) => Promise<Uint8Array>
  closed: Promise<Error | undefined>
}

export function receive (stream: ByteStream): Received {
  let all: Uint8Array[] = []
  let count = 0
  const waiting: Array<{ count: number, resolve: () => void }> = []
  stream.onBytes(bytes => {
    all.push(Uint8Array.from(bytes))
    count += bytes.length
    for (const one of waiting) if (count >= one.count) one.resolve()
  })
  const bytes = (): Uint8Array => {
    all = [concat(...all)]
    return all[0]!
  }
  return {
    bytes,
    atLeast: async wanted => {
      await new Promise<void>(resolve => { if (count >= wanted) resolve(); else waiting.push({ count: wanted, resolve }) })
      return bytes()
    },
    closed: new Promise(resolve => { stream.onClose(resolve) })
  }
}

/** Bytes that show where they belong, so that a swap or a gap is seen. */
export function pattern (length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 17 + (i >> 16)) & 255
  return bytes
}

export function describeNetwork (name: string, create: () => Promise<NetworkWorld>): void {
  describe(`the network contract: ${name}`, function () {
    this.timeout(30_000)
    let world: NetworkWorld
    let nodes: Network[] = []

    async function start (): Promise<Network> {
      const node = await world.start()
      nodes.push(node)
      return node
    }
    const nextLink = (node: Network): Promise<Link> => new Promise(resolve => { node.onLink(resolve) })

    /** Two nodes and one open link between them, from both ends. */
    async function connect (): Promise<{ alice: Network, bob: Network, out: Link, into: Link }> {
      const [alice, bob] = [await start(), await start()]
      const accepted = nextLink(bob)
      const out = await alice.dial(addressOf(bob), timeoutMs)
      return { alice, bob, out, into: await accepted }
    }

    beforeEach(async () => {
      nodes = []
      world = await create()
    })
    afterEach(async () => {
      await Promise.all(nodes.map(node => node.stop()))
      await world.destroy()
    })

    it('carries bytes both ways between two authenticated peers', async () => {
      const { alice, bob, out, into } = await connect()
      assert.deepEqual(out.peerKey, bob.peerKey)
      assert.deepEqual(into.peerKey, alice.peerKey)
      assert.equal(out.direct, true)
      assert.equal(into.direct, true)
      const [atAlice, atBob] = [receive(out.stream), receive(into.stream)]
      out.stream.send(text('ping'))
      assert.deepEqual(await atBob.atLeast(4), text('ping'))
      into.stream.send(text('pong'))
      assert.deepEqual(await atAlice.atLeast(4), text('pong'))
    })

    it('keeps the bytes that came before anyone listened', async () => {
      const { out, into } = await connect()
      out.stream.send(text('early'))
      await new Promise(resolve => { setTimeout(resolve, 100) })
      assert.deepEqual(await receive(into.stream).atLeast(5), text('early'))
    })

    it('delivers megabytes whole and in order to a reader who stops and goes on, and holds the sender back', async () => {
      const { out, into } = await connect()
      const sent = pattern(12 << 20)
      let drains = 0
      const received: Uint8Array[] = []
      let count = 0
      const whole = new Promise<void>((resolve, reject) => {
        into.stream.onClose(error => { reject(error ?? new Error('closed early')) })
        into.stream.onBytes(bytes => {
          received.push(Uint8Array.from(bytes))
          count += bytes.length
          if (count >= sent.length) resolve()
          // Within the callback, again and again: where a careless stream forgets that it is paused.
          into.stream.pause()
          setTimeout(() => { into.stream.resume() }, received.length % 3)
        })
      })
      let at = 0
      const sendMore = (): void => {
        while (at < sent.length) {
          const isFull = !out.stream.send(sent.subarray(at, at + 65_536))
          at += 65_536
          if (isFull) return
        }
      }
      out.stream.onDrain(() => { drains++; sendMore() })
      sendMore()
      await whole
      assert.deepEqual(concat(...received), sent)
      assert.ok(drains > 0, 'the sender was never held back')
    })

    it('sends nothing more to a reader who has stopped', async () => {
      const { out, into } = await connect()
      let count = 0
      into.stream.onBytes(bytes => { count += bytes.length })
      into.stream.onClose(() => {})
      into.stream.pause()
      let accepted = 0
      while (accepted < 64 << 20 && out.stream.send(new Uint8Array(65_536))) accepted += 65_536
      assert.ok(accepted < 64 << 20, 'the buffer is never full')
      await new Promise(resolve => { setTimeout(resolve, 200) })
      assert.equal(count, 0)
      into.stream.resume()
      await new Promise<void>(resolve => { out.stream.onDrain(resolve) })
      assert.ok(count > 0)
    })

    it('keeps every byte for a reader who stops on a stream that was fast, however much is sent', async () => {
      const { out, into } = await connect()
      const warmUpBytes = 48 << 20
      const sent = pattern(24 << 20)
      const received: Uint8Array[] = []
      let warmUpCount = 0
      let count = 0
      let onWarm = (): void => {}
      let onWhole = (): void => {}
      const warm = new Promise<void>(resolve => { onWarm = resolve })
      const whole = new Promise<void>((resolve, reject) => {
        onWhole = resolve
        into.stream.onClose(error => { reject(error ?? new Error('closed early')) })
      })
      into.stream.onBytes(bytes => {
        if (warmUpCount < warmUpBytes) {
          warmUpCount += bytes.length
          // Windows that grow with the speed of the reader are at their widest now.
          if (warmUpCount === warmUpBytes) {
            into.stream.pause()
            onWarm()
          }
          return
        }
        received.push(Uint8Array.from(bytes))
        count += bytes.length
        if (count === sent.length) onWhole()
      })
      const send = async (bytes: Uint8Array): Promise<void> => {
        for (let at = 0; at < bytes.length; at += 65_536) {
          const isFull = !out.stream.send(bytes.subarray(at, at + 65_536))
          if (isFull) await new Promise<void>(resolve => { out.stream.onDrain(resolve) })
        }
      }
      await send(new Uint8Array(warmUpBytes))
      await warm
      const sending = send(sent)
      await Promise.race([whole, new Promise(resolve => { setTimeout(resolve, 300) })])
      assert.equal(count, 0)
      into.stream.resume()
      await Promise.all([sending, whole])
      assert.deepEqual(concat(...received), sent)
    })

    it('flushes what was sent before a close, and ends cleanly at both sides', async () => {
      const { out, into } = await connect()
      const [atAlice, atBob] = [receive(out.stream), receive(into.stream)]
      const sent = pattern(200_000)
      out.stream.send(sent)
      out.stream.close()
      assert.equal(await atBob.closed, undefined)
      assert.deepEqual(atBob.bytes(), sent)
      assert.equal(await atAlice.closed, undefined)
      assert.equal(out.stream.send(text('late')), false)
    })

    it('tells of an abort as an error, at both sides, once', async () => {
      const { out, into } = await connect()
      const [atAlice, atBob] = [receive(out.stream), receive(into.stream)]
      out.stream.abort(new Error('enough'))
      out.stream.abort(new Error('enough'))
      assert.equal((await atAlice.closed)?.message, 'enough')
      assert.ok(await atBob.closed instanceof Error)
    })

    it('tells of a peer that stopped', async () => {
      const { bob, out, into } = await connect()
      const [atAlice] = [receive(out.stream), receive(into.stream)]
      await bob.stop()
      await atAlice.closed
      assert.equal(out.stream.send(text('anyone?')), false)
    })

    it('takes one link for dials that overlap, and a new one for a dial that comes later', async () => {
      const [alice, bob] = [await start(), await start()]
      let links = 0
      bob.onLink(({ stream }) => { links++; receive(stream) })
      const [first, second] = await Promise.all([alice.dial(addressOf(bob), timeoutMs), alice.dial(addressOf(bob), timeoutMs)])
      assert.equal(first, second)
      const third = await alice.dial(addressOf(bob), timeoutMs)
      assert.notEqual(third, first)
      const atAlice = receive(third.stream)
      third.stream.close()
      await atAlice.closed
      assert.equal(links, 2)
    })

    it('dials a peer that has dialled, on the connection that is there, without any address', async () => {
      const { alice, bob, into } = await connect()
      receive(into.stream)
      const accepted = nextLink(alice)
      const back = await bob.dial({ peerKey: alice.peerKey, multiaddrs: [] }, timeoutMs)
      back.stream.send(text('back'))
      assert.deepEqual(await receive((await accepted).stream).atLeast(4), text('back'))
    })

    it('keeps three nodes apart', async () => {
      const [alice, bob, carol] = [await start(), await start(), await start()]
      const accepted = [nextLink(bob), nextLink(carol)]
      const toBob = await alice.dial(addressOf(bob), timeoutMs)
      const toCarol = await alice.dial(addressOf(carol), timeoutMs)
      const [atBob, atCarol] = (await Promise.all(accepted)).map(link => receive(link.stream))
      toBob.stream.send(text('for bob'))
      toCarol.stream.send(text('for carol'))
      assert.deepEqual(await atBob!.atLeast(7), text('for bob'))
      assert.deepEqual(await atCarol!.atLeast(9), text('for carol'))
    })

    it('gives no link to whoever answers in another\'s place', async () => {
      const [alice, bob, mallory] = [await start(), await start(), await start()]
      let links = 0
      mallory.onLink(() => { links++ })
      const wrong = { peerKey: bob.peerKey, multiaddrs: mallory.addresses() }
      await assert.rejects(alice.dial(wrong, timeoutMs), { name: 'UnreachableError', code: 'NO_ROUTE' })
      assert.equal(links, 0)
    })

    it('rejects a dial that has nowhere to go', async () => {
      const [alice, bob] = [await start(), await start()]
      const gone = addressOf(bob)
      await bob.stop()
      for (const multiaddrs of [[], gone.multiaddrs, ['no multiaddr', '', '/ip4/256.0.0.1/tcp/1', '/ip4/127.0.0.1']]) {
        await assert.rejects(alice.dial({ peerKey: bob.peerKey, multiaddrs }, timeoutMs), { name: 'UnreachableError' })
      }
      await assert.rejects(alice.dial(addressOf(alice), timeoutMs), { name: 'UnreachableError' })
    })

    it('stops once and for all: links end, dials are refused, stopping again is nothing', async () => {
      const { alice, bob, out } = await connect()
      const atAlice = receive(out.stream)
      await alice.stop()
      await alice.stop()
      await atAlice.closed
      await assert.rejects(alice.dial(addressOf(bob), timeoutMs), { name: 'UnreachableError', code: 'STOPPED' })
    })
  })
}
