import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { codeOf, RestanteError } from '../../../protocol/errors.ts'
import { FrameSplitter } from '../../../protocol/frames.ts'
import { Frame } from '../../../protocol/wire/restante.js'
import { byteStreamOf } from '../../../relay/net/byte-stream.ts'
import { record, slot } from '../../support/descriptors.ts'
import { libp2pClient } from '../../support/libp2p-client.ts'
import type { Libp2pClient } from '../../support/libp2p-client.ts'
import { envelopeIndex, testEnvelope, testGrant, testOwner } from '../../support/mailbox-client.ts'
import type { MailboxClient } from '../../support/mailbox-client.ts'
import { runRelayToEnd, startRelay, temporaryFolder } from '../../support/relay.ts'
import type { RelayProcess } from '../../support/relay.ts'

const everyTransport = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/udp/0/webrtc-direct']
const owner = testOwner(new Uint8Array(32).fill(21))

function addressOf (relay: RelayProcess, part: string): string {
  const address = relay.addresses.find(candidate => candidate.includes(part))
  assert.ok(address != null, `no address with ${part} in ${relay.addresses.join(' ')}`)
  return address
}

async function withMailbox (client: MailboxClient): Promise<void> {
  await client.createMailbox(owner)
  await client.openAddress(owner, testGrant(0))
}

function prefixed (body: Uint8Array): Uint8Array {
  const { byteLength } = body
  const length = byteLength < 128 ? [byteLength] : [0x80 | (byteLength & 127), byteLength >> 7]
  return Uint8Array.from([...length, ...body])
}

function portOf (address: string): number {
  return Number(/\/tcp\/(\d+)/.exec(address)?.[1])
}

describe('a relay process', function () {
  this.timeout(60_000)
  let relay: RelayProcess
  let alice: Libp2pClient
  let bob: Libp2pClient

  before(async () => {
    [relay, alice, bob] = await Promise.all([startRelay({ listen: everyTransport }), libp2pClient(), libp2pClient()])
  })

  after(async () => {
    await Promise.all([alice.stop(), bob.stop(), relay.stop()])
  })

  for (const [round, part] of ['/tcp/', '/ws/', '/webrtc-direct/'].entries()) {
    it(`carries deposits, pushes and acks over ${part.replaceAll('/', '')}`, async () => {
      const client = await alice.open(addressOf(relay, part))
      await withMailbox(client)
      await client.subscribe(owner)
      const sender = await bob.open(addressOf(relay, part))
      await Promise.all(Array.from({ length: 50 }, async (_, index) => {
        await sender.deposit(testGrant(0), testEnvelope(100 * round + index))
      }))
      await client.until(() => client.received.length === 50)
      assert.deepEqual(client.received.map(({ envelope }) => envelopeIndex(envelope)),
        Array.from({ length: 50 }, (_, i) => 100 * round + i))
      await client.ack(owner, client.received.at(-1)!.cursor)
      const { usage } = await client.channel.request({ usage: { mailbox: owner.mailbox } })
      assert.equal(usage?.envelopes, 0)
      await client.channel.request({ deleteMailbox: { mailbox: owner.mailbox } })
      client.channel.close()
      sender.channel.close()
    })
  }

  it('carries an envelope of the largest size', async () => {
    const client = await alice.open(addressOf(relay, '/tcp/'))
    await withMailbox(client)
    await client.subscribe(owner)
    await client.deposit(testGrant(0), testEnvelope(77, 65536))
    await client.until(() => client.received.length === 1)
    assert.equal(client.received[0]?.envelope.byteLength, 65536)
    await client.ack(owner, client.received[0].cursor)
    client.channel.close()
  })

  it('resets a stream with bad bytes and serves everybody else', async () => {
    const neighbour = await bob.open(addressOf(relay, '/tcp/'))
    const bad: Uint8Array[] = [
      Uint8Array.of(128, 128, 128, 128, 128, 128, 128, 16),
      Uint8Array.of(0),
      // One byte more than a frame may have.
      Uint8Array.of(0x81, 0x80, 0x40, 8, 1),
      new Uint8Array(5000).fill(0xa5),
      new TextEncoder().encode(`GET / HTTP/1.1\r\nhost: relay\r\ncookie: ${'a'.repeat(99)}\r\n\r\n`)
    ]
    for (const bytes of bad) {
      const stream = await alice.openRaw(addressOf(relay, '/tcp/'))
      const closed = new Promise<void>((resolve) => { stream.addEventListener('close', () => { resolve() }) })
      stream.send(bytes)
      await closed
      await neighbour.channel.request({ ping: {} })
    }
    neighbour.channel.close()
  })

  it('answers everything to a client that asks for more at once than is worked on', async () => {
    const address = addressOf(relay, '/tcp/')
    await withMailbox(await alice.open(address))
    const stream = byteStreamOf(await bob.openRaw(address))
    const answers = new Map<number, string>()
    const splitter = new FrameSplitter()
    const count = 4000
    const ended = new Promise<void>((resolve, reject) => {
      stream.onClose(() => { reject(new Error(`closed after ${answers.size} answers`)) })
      stream.onBytes((bytes) => {
        splitter.push(bytes)
        for (let frame; (frame = splitter.next()) != null;) {
          const { number, answer } = Frame.decode(frame)
          answers.set(number, answer?.code ?? '?')
        }
        if (answers.size === count + 1) resolve()
      })
    })
    let drained: (() => void) | undefined
    stream.onDrain(() => { drained?.() })
    const send = async (frame: Frame): Promise<void> => {
      const isTaken = stream.send(prefixed(Frame.encode(frame)))
      if (!isTaken) await new Promise<void>((resolve) => { drained = resolve })
    }
    await send({ number: count + 1, hello: { versions: [1], nonce: bob.peerKey } })
    for (let number = 1; number <= count; number++) {
      await send({ number, deposit: { address: testGrant(0).address, envelope: testEnvelope(5000 + number) } })
    }
    await ended
    assert.deepEqual([...new Set(answers.values())], [''])
  })

  it('lives on when sockets talk nonsense to its ports', async () => {
    const upgrade = 'GET / HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n'
    const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
    const nonsense = [
      Buffer.alloc(1000, 255),
      Buffer.from(`${upgrade}sec-websocket-key: ${'A'.repeat(70_000)}\r\n\r\n`),
      Buffer.from(`${upgrade}${key}sec-websocket-extensions: constructor\r\n\r\n\xff\xff`, 'latin1'),
      Buffer.from(`${upgrade}${key}sec-websocket-protocol: ${' '.repeat(5000)}a\r\n\r\n\xff\xff`, 'latin1')
    ]
    for (const part of ['/tcp/', '/ws/']) {
      for (const bytes of nonsense) {
        const socket = connect(portOf(addressOf(relay, part)), '127.0.0.1')
        socket.on('error', () => { /* It may cut us off at any moment: that is the point. */ })
        socket.write(bytes)
        await sleep(150)
        socket.resetAndDestroy()
      }
    }
    const udpPort = Number(/\/udp\/(\d+)/.exec(addressOf(relay, '/udp/'))?.[1])
    const udp = createSocket('udp4')
    // Noise, an empty packet, and a binding request of STUN with a name of nobody.
    const stun = Buffer.from(`000100102112a442${'00'.repeat(12)}00060008${'41'.repeat(8)}`, 'hex')
    for (const bytes of [Buffer.alloc(1200, 0xa5), Buffer.alloc(0), stun, stun.subarray(0, 25)]) {
      for (let i = 0; i < 5; i++) udp.send(bytes, udpPort, '127.0.0.1')
    }
    await sleep(300)
    udp.close()
    for (const part of ['/ws/', '/webrtc-direct/']) {
      const client = await alice.open(addressOf(relay, part))
      await client.channel.request({ ping: {} })
      client.channel.close()
    }
    assert.doesNotMatch(relay.stderr, /Uncaught|Unhandled/)
  })

  it('ends a WebSocket with a message over the limit, before any handshake', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${portOf(addressOf(relay, '/ws/'))}`)
    const closed = new Promise<number>((resolve) => { socket.on('close', resolve) })
    socket.on('error', () => { /* The code of the close tells. */ })
    socket.on('open', () => { socket.send(new Uint8Array(5 * 1024 * 1024)) })
    assert.equal(await closed, 1009)
  })

  it('opens no more than four streams for one connection', async () => {
    const stranger = await libp2pClient()
    const address = addressOf(relay, '/tcp/')
    const streams = await Promise.all(Array.from({ length: 6 }, async () => await stranger.openRaw(address)))
    await sleep(200)
    assert.ok(streams.filter(({ status }) => status === 'open').length <= 4)
    await stranger.stop()
  })

  it('relays a connection between two nodes that can\'t reach each other', async () => {
    const listener = await libp2pClient({ listen: [`${addressOf(relay, '/tcp/')}/p2p-circuit`] })
    await listener.node.handle('/test/echo/1', (stream) => {
      stream.addEventListener('message', ({ data }) => { stream.send(data) })
    }, { runOnLimitedConnection: true })
    const circuit = listener.node.getMultiaddrs().find(address => address.toString().includes('/p2p-circuit'))
    assert.ok(circuit != null)
    const stream = await bob.node.dialProtocol(circuit, '/test/echo/1', { runOnLimitedConnection: true })
    const echoed = new Promise<Uint8Array>((resolve) => {
      stream.addEventListener('message', ({ data }) => { resolve(data.subarray()) })
    })
    stream.send(Uint8Array.of(1, 2, 3))
    assert.deepEqual([...await echoed], [1, 2, 3])
    await listener.stop()
  })

  it('writes neither addresses, clients nor mailboxes into its log or its folder', async () => {
    const logged = await startRelay({ listen: everyTransport })
    const client = await alice.open(addressOf(logged, '/tcp/'))
    await withMailbox(client)
    await client.subscribe(owner)
    await client.deposit(testGrant(0), testEnvelope(1))
    await client.until(() => client.received.length === 1)
    // Events that are logged: a refused stream, and the end.
    const stream = await alice.openRaw(addressOf(logged, '/tcp/'))
    stream.send(Uint8Array.of(0))
    await sleep(100)
    assert.equal(await logged.stop(), 0)
    assert.match(logged.stderr, /streamRefused/)
    assert.match(logged.stderr, /stopping/)
    const secrets = [testGrant(0).address, testGrant(0).wrapKey, alice.peerKey]
    const inLog = [...secrets, owner.mailbox, owner.key.publicKey, testGrant(0).addressHash]
    for (const secret of inLog) {
      assert.ok(!logged.stderr.includes(Buffer.from(secret).toString('hex')))
      assert.ok(!logged.stderr.includes(Buffer.from(secret).toString('base64')))
    }
    assert.ok(!logged.stderr.includes(alice.peerId))
    assert.doesNotMatch(logged.stderr, /127\.0\.0\.1|\/ip4\//)
    for (const bytes of filesOf(logged.dataDir)) {
      for (const secret of [...secrets, Buffer.from(alice.peerId), Buffer.from('127.0.0.1')]) {
        assert.ok(!bytes.includes(Buffer.from(secret)))
      }
    }
    for (const line of logged.stderr.trim().split('\n')) assert.equal(typeof JSON.parse(line), 'object')
    assert.equal(logged.stdout.trim().split('\n').length, 1)
  })
})

function filesOf (folder: string): Buffer[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile()).map(entry => readFileSync(join(entry.parentPath, entry.name)))
}

describe('the life of a relay process', function () {
  this.timeout(90_000)
  let alice: Libp2pClient

  before(async () => { alice = await libp2pClient() })
  after(async () => { await alice.stop() })

  it('keeps its addresses and its mail when it is started again', async () => {
    const first = await startRelay({ listen: everyTransport })
    const client = await alice.open(addressOf(first, '/tcp/'))
    await withMailbox(client)
    await client.deposit(testGrant(0), testEnvelope(5))
    const [tcp, ws, udp] = everyTransport.map((address, index) =>
      address.replace('/0', `/${/\/(?:tcp|udp)\/(\d+)/.exec(first.addresses[index] ?? '')?.[1]}`))
    assert.equal(await first.stop(), 0)
    const second = await startRelay({ data: first.dataDir, listen: [tcp!, ws!, udp!] })
    assert.deepEqual(second.addresses, first.addresses)
    const later = await alice.open(addressOf(second, '/webrtc-direct/'))
    await later.subscribe(owner)
    await later.until(() => later.received.length === 1)
    assert.equal(envelopeIndex(later.received[0]!.envelope), 5)
    await second.stop()
  })

  it('ends with 0 within 10 s of SIGTERM, streams open, idle and stuck', async () => {
    const relay = await startRelay()
    const clients = await Promise.all(Array.from({ length: 8 }, async () => await libp2pClient()))
    const streams = await Promise.all(clients.map(async client => await client.open(addressOf(relay, '/tcp/'))))
    await withMailbox(streams[0]!)
    for (let index = 0; index < 200; index++) {
      void streams[0]!.deposit(testGrant(0), testEnvelope(index, 16384)).catch(() => { /* The relay ends under it. */ })
    }
    // One that asks for everything and reads nothing, over a connection that takes nothing either.
    await sleep(300)
    await streams[1]!.createMailbox(owner)
    await streams[1]!.subscribe(owner, new Uint8Array(0), 4 * 1024 * 1024)
    for (const stream of clients[1]!.node.getConnections().flatMap(connection => connection.streams)) stream.pause()
    await sleep(300)
    const startedAt = performance.now()
    assert.equal(await relay.stop(), 0)
    assert.ok(performance.now() - startedAt < 10_000)
    await Promise.all(clients.map(async client => { await client.stop() }))
  })

  it('loses nothing that it acknowledged when it is killed in the middle', async () => {
    const dataDir = temporaryFolder()
    const acknowledged = new Set<number>()
    let index = 0
    for (let round = 0; round < 4; round++) {
      const relay = await startRelay({ data: dataDir })
      const client = await alice.open(addressOf(relay, '/tcp/'))
      await withMailbox(client)
      const killed = sleep(150 + 130 * round).then(async () => { await relay.kill() })
      await Promise.all(Array.from({ length: 32 }, async () => {
        while (!client.isClosed) {
          const mine = index++
          try {
            await client.deposit(testGrant(0), testEnvelope(mine))
            acknowledged.add(mine)
          } catch (error) {
            // Not acknowledged: it may be there or not.
            assert.ok(error instanceof RestanteError && error.code === 'DISCONNECTED')
          }
        }
      }))
      await killed
    }
    assert.ok(acknowledged.size > 100, `only ${acknowledged.size} acknowledged`)
    const relay = await startRelay({ data: dataDir })
    const client = await alice.open(addressOf(relay, '/tcp/'))
    await client.subscribe(owner, new Uint8Array(0), 4 * 1024 * 1024)
    const stored: number[] = []
    for (let seen = 0; client.pushes.at(-1)?.drained !== true; seen = client.received.length) {
      await client.until(() => client.received.length > seen || client.pushes.at(-1)?.drained === true)
      const last = client.received.at(-1)
      if (last != null) await client.ack(owner, last.cursor)
    }
    stored.push(...client.received.map(({ envelope }) => envelopeIndex(envelope)))
    assert.equal(new Set(stored).size, stored.length, 'something came twice')
    const missing = [...acknowledged].filter(mine => !stored.includes(mine))
    assert.deepEqual(missing, [])
    await relay.stop()
  })

  it('refuses a folder that another relay has open, with exit code 5', async () => {
    const relay = await startRelay()
    const { code, stderr, stdout } = await runRelayToEnd({ data: relay.dataDir })
    assert.equal(code, 5)
    assert.match(stderr, /STORE_LOCKED/)
    assert.equal(stdout, '')
    await relay.stop()
  })

  it('leaves a folder of a newer version untouched', async () => {
    const data = temporaryFolder()
    mkdirSync(join(data, 'mailboxes'))
    writeFileSync(join(data, 'format'), '2\n')
    writeFileSync(join(data, 'mailboxes', 'kept'), 'as it was')
    const { code, stderr } = await runRelayToEnd({ data })
    assert.equal(code, 1)
    assert.match(stderr, /STORE_TOO_NEW/)
    assert.deepEqual(readdirSync(data).sort(), ['format', 'mailboxes'])
    assert.deepEqual(readdirSync(join(data, 'mailboxes')), ['kept'])
  })

  it('never replaces a damaged identity', async () => {
    const relay = await startRelay()
    await relay.stop()
    writeFileSync(join(relay.dataDir, 'identity'), 'damaged')
    const { code, stderr } = await runRelayToEnd({ data: relay.dataDir })
    assert.equal(code, 1)
    assert.match(stderr, /STORE_CORRUPT/)
    assert.equal(readFileSync(join(relay.dataDir, 'identity'), 'utf8'), 'damaged')
  })

  it('says which thing is wrong with where it should listen', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    const { port } = server.address() as { port: number }
    const inUse = await runRelayToEnd({ data: temporaryFolder(), listen: [`/ip4/127.0.0.1/tcp/${port}`] })
    assert.equal(inUse.code, 1)
    assert.match(inUse.stderr, /in use/)
    server.close()
    const nonsense = await runRelayToEnd({ data: temporaryFolder(), listen: ['tcp://here'] })
    assert.equal(nonsense.code, 2)
    assert.match(nonsense.stderr, /USAGE/)
  })

  it('listens where it is told, on this machine\'s own address as well', async function () {
    const own = Object.values(networkInterfaces()).flat().find(net => net?.family === 'IPv4' && !net.internal)
    if (own == null) this.skip()
    const relay = await startRelay({ listen: ['/ip4/0.0.0.0/tcp/0'] })
    const client = await alice.open(addressOf(relay, own.address))
    await client.channel.request({ ping: {} })
    await relay.stop()
    assert.ok(!relay.stderr.includes(own.address))
  })
})

describe('relays that know each other', function () {
  this.timeout(60_000)

  it('are one look-up: a descriptor published at one is found at another', async () => {
    const first = await startRelay()
    const second = await startRelay({ args: ['--peer', addressOf(first, '/tcp/')] })
    const third = await startRelay({ args: ['--peer', addressOf(first, '/tcp/')] })
    const client = await libp2pClient()
    const relays = [first, second, third]
    const [at1, at2, at3] = await Promise.all(relays.map(async relay => await client.open(addressOf(relay, '/ws/'))))
    const now = Date.now()
    const [older, newer] = [record(now, 5), record(now, 6)]
    // Until the relays have met, the record is kept by the first alone.
    const find = async (at: MailboxClient): Promise<Uint8Array[]> => {
      for (let attempt = 0; attempt < 30; attempt++) {
        try {
          return (await at.channel.request({ lookup: { slot: slot(now) } })).values
        } catch (error) {
          assert.ok(error instanceof RestanteError && error.code === 'NOT_FOUND')
          await sleep(200)
        }
      }
      return []
    }
    await at2!.channel.request({ publishDescriptor: { record: older } })
    assert.deepEqual(await find(at3!), [older])
    await at2!.channel.request({ publishDescriptor: { record: newer } })
    for (let attempt = 0; attempt < 30; attempt++) {
      const [found] = await find(at1!)
      if (found != null && Buffer.from(found).equals(Buffer.from(newer))) break
      await sleep(200)
    }
    // Who recorded the old one can't put it back, at any of them.
    for (const at of [at1, at2, at3]) {
      const code = await at!.channel.request({ publishDescriptor: { record: older } })
        .then(() => 'taken', codeOf)
      assert.ok(code === 'STALE' || at === at3, code)
      assert.deepEqual(await find(at!), [newer])
    }
    await Promise.all([client.stop(), first.stop(), second.stop(), third.stop()])
  })
})

