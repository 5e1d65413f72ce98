/** Connections to nodes that mean no good, or that are spoken of by those who mean none. */
import assert from 'node:assert/strict'
import { Channel } from '../../../protocol/channel.ts'
import { UnreachableError } from '../../../protocol/errors.ts'
import { Links, type OpenLink, type PeerView } from '../../../node/core/links.ts'
import type { Link, Network, PeerAddress } from '../../../node/core/ports.ts'
import type { Answer } from '../../../protocol/wire/restante.js'
import { memoryStreams } from '../../support/byte-streams.ts'
import { keptLog } from '../../support/kept-log.ts'
import { manualClock, settled } from '../../support/manual-clock.ts'
import { seededRandom } from '../../support/seeded-random.ts'

function bed () {
  const clock = manualClock()
  const log = keptLog()
  const dialled: PeerAddress[] = []
  let listener: (link: Link) => void = () => {}
  let answerDial = async (_peer: PeerAddress, _ways: 'straight' | undefined): Promise<Link> => { throw new UnreachableError('NO_ROUTE') }
  const network: Network = {
    peerKey: new Uint8Array(32),
    addresses: () => [],
    dial: async (peer, _timeoutMs, ways) => {
      dialled.push(peer)
      return await answerDial(peer, ways)
    },
    onLink: one => { listener = one },
    onAddressesChanged: () => {},
    listenThrough: () => {},
    stop: async () => {}
  }
  const up: OpenLink[] = []
  const views: PeerView[] = []
  const links = new Links({ network, clock, random: seededRandom('links'), log }, {
    onRequest: () => undefined, onPush: () => {}, onUp: link => { up.push(link) }, onDown: () => {}, onWaiting: () => {}, onState: view => { views.push(view) }
  })
  /** Somebody opens a stream; returns his end. */
  const open = (peer: number): Channel => {
    const [mine, theirs] = memoryStreams()
    listener({ peerKey: key(peer), direct: true, stream: mine })
    return new Channel(theirs, { clock, log, onRequest: () => undefined })
  }
  return { clock, links, dialled, up, views, open, log, answerDials: (by: typeof answerDial) => { answerDial = by } }
}

function key (peer: number): Uint8Array {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, peer)
  return bytes
}

const greeting: Answer = {
  code: '', until: 0, duplicate: false, value: new Uint8Array(0), values: [], retryAfterMs: 0,
  hello: {
    version: 1, nonce: new Uint8Array(32), relay: false, envelopeBytesMax: 0, retentionMs: 0,
    mailboxEnvelopesMax: 0, mailboxBytesMax: 0, workBits: 0
  }
}

const hello = { hello: { versions: [1], nonce: new Uint8Array(32) } }

describe('links', () => {
  it('let those in who greet, however many streams stay silent', async () => {
    const { clock, open, up, links } = bed()
    for (let i = 0; i < 100; i++) open(i)
    await settled()
    await clock.advance(11_000)
    const answer = open(1000).request(hello)
    await settled()
    assert.equal((await answer).hello?.version, 1)
    assert.equal(up.length, 1)
    links.stop()
  })

  it('do not take a contact’s word for where an own relay is', async () => {
    const { clock, links, dialled } = bed()
    const relay = key(7)
    links.want({ peerKey: relay, multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }, 'relay')
    await settled()
    links.want({ peerKey: relay, multiaddrs: ['/ip4/203.0.113.9/tcp/9'] }, 'contact')
    await clock.advance(60_000)
    assert.ok(dialled.length > 2)
    for (const { multiaddrs } of dialled) assert.deepEqual(multiaddrs, ['/ip4/192.0.2.1/tcp/1'])
    links.stop()
  })

  it('try what they knew of a contact after what is new', async () => {
    const { clock, links, dialled } = bed()
    links.want({ peerKey: key(7), multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }, 'contact')
    await settled()
    links.want({ peerKey: key(7), multiaddrs: ['/ip4/203.0.113.9/tcp/9'] }, 'contact')
    await clock.advance(10_000)
    assert.deepEqual(dialled.at(-1)!.multiaddrs, ['/ip4/203.0.113.9/tcp/9', '/ip4/192.0.2.1/tcp/1'])
    links.stop()
  })

  it('let others in after thousands of nodes that could not be reached', async () => {
    const { links, open, up } = bed()
    for (let i = 0; i < 5000; i++) {
      links.want({ peerKey: key(i), multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }, 'contact')
      links.release(key(i))
    }
    await settled()
    open(9999).request(hello).catch(() => { /* Refused: `up` shows it. */ })
    await settled()
    assert.equal(up.length, 1)
    links.stop()
  })

  it('dial a node that ends every link at once less and less often', async () => {
    const { clock, links, dialled, answerDials, log } = bed()
    answerDials(async peer => {
      const [mine, theirs] = memoryStreams()
      const channel: Channel = new Channel(theirs, {
        clock,
        log,
        onRequest: () => {
          queueMicrotask(() => { channel.close() })
          return greeting
        }
      })
      return { peerKey: peer.peerKey, direct: true, stream: mine }
    })
    links.want({ peerKey: key(7), multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }, 'contact')
    for (let i = 0; i < 600; i++) await clock.advance(100)
    assert.ok(dialled.length < 40, `${dialled.length} dials in a minute`)
    links.stop()
  }).timeout(20_000)

  it('dial what waits at once when the machine wakes, whatever the backoff says', async () => {
    const { clock, links, dialled } = bed()
    links.want({ peerKey: key(7), multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }, 'relay')
    for (let i = 0; i < 600; i++) await clock.advance(100)
    const before = dialled.length
    links.wake(2_000)
    await settled()
    assert.equal(dialled.length, before + 1)
    links.stop()
  }).timeout(20_000)

  it('drop a link that gives no sign of life when the machine wakes, and dial anew', async () => {
    const { clock, links, dialled, up, answerDials } = bed()
    answerDials(async peer => {
      const [mine, theirs] = memoryStreams()
      let isGreeted = false
      // As a socket that died while the machine slept: nothing comes back, and nothing says so.
      const silent = new Promise<never>(() => {})
      const channel: Channel = new Channel(theirs, {
        clock,
        log: keptLog(),
        onRequest: () => {
          if (isGreeted) return silent
          isGreeted = true
          return greeting
        }
      })
      channels.push(channel)
      return { peerKey: peer.peerKey, direct: true, stream: mine }
    })
    const channels: Channel[] = []
    links.want({ peerKey: key(7), multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }, 'relay')
    await settled()
    assert.equal(up.length, 1)
    links.wake(2_000)
    await clock.advance(1_900)
    assert.equal(dialled.length, 1)
    await clock.advance(200)
    await settled()
    assert.equal(dialled.length, 2)
    assert.equal(up.length, 2)
    links.stop()
  })

  it('look for a straight way while there is one through a relay, less and less often, and say when it is found', async () => {
    const { clock, links, dialled, up, views, answerDials, log } = bed()
    let isThere = false
    let straightDials = 0
    answerDials(async (peer, ways) => {
      if (ways === 'straight') {
        straightDials++
        if (!isThere) throw new UnreachableError('NO_ROUTE')
      }
      const [mine, theirs] = memoryStreams()
      channels.push(new Channel(theirs, { clock, log, onRequest: () => greeting }))
      return { peerKey: peer.peerKey, direct: ways === 'straight', stream: mine }
    })
    const channels: Channel[] = []
    const pass = async (seconds: number): Promise<void> => { for (let i = 0; i < 10 * seconds; i++) await clock.advance(100) }
    links.want({ peerKey: key(7), multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }, 'contact')
    await pass(10)
    assert.ok(straightDials >= 1, 'soon')
    await pass(600)
    assert.ok(straightDials >= 5 && straightDials <= 12, `${straightDials} in ten minutes`)
    assert.equal(dialled.length, straightDials + 1, 'the way that is there stays')
    assert.deepEqual([up.length, views.at(-1)?.direct], [1, false])
    isThere = true
    await pass(320)
    assert.deepEqual([up.length, views.at(-1)?.direct, links.to(key(7))?.direct], [2, true, true])
    const enough = straightDials
    await pass(600)
    assert.equal(straightDials, enough, 'and no further')
    channels.at(-1)!.close()
    isThere = false
    await pass(10)
    assert.ok(straightDials > enough, 'it is gone, and the relay serves again')
    assert.deepEqual([links.to(key(7))?.direct, views.at(-1)?.direct, views.at(-1)?.state], [false, false, 'connected'])
    links.stop()
  }).timeout(30_000)

  it('leave none open that was greeted after the peer was let go, or after they were stopped', async () => {
    for (const end of ['release', 'stop'] as const) {
      const { clock, links, up, answerDials, log } = bed()
      const channels: Channel[] = []
      const answers: Array<() => void> = []
      answerDials(async (peer, ways) => {
        const [mine, theirs] = memoryStreams()
        const onRequest = (): Answer | Promise<Answer> => ways === 'straight' ? new Promise(resolve => { answers.push(() => { resolve(greeting) }) }) : greeting
        channels.push(new Channel(theirs, { clock, log, onRequest }))
        return { peerKey: peer.peerKey, direct: ways === 'straight', stream: mine }
      })
      const pass = async (seconds: number): Promise<void> => { for (let i = 0; i < 10 * seconds; i++) await clock.advance(100) }
      links.want({ peerKey: key(7), multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }, 'contact')
      await pass(5)
      assert.deepEqual([up.length, channels.length, answers.length], [1, 2, 1], 'a straight one waits for its greeting')
      if (end === 'release') links.release(key(7), true)
      else links.stop()
      answers[0]!()
      await pass(1)
      assert.deepEqual(channels.map(({ isOpen }) => isOpen), [false, false], end)
      assert.equal(up.length, 1, end)
      links.stop()
    }
  })
})
