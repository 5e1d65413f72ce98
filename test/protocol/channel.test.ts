import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Channel, refusal, success } from '../../protocol/channel.ts'
import type { ChannelOptions } from '../../protocol/channel.ts'
import { RemoteError, RestanteError, WireError } from '../../protocol/errors.ts'
import { FrameSplitter } from '../../protocol/frames.ts'
import { frameBytesMax, requestsInFlightMax } from '../../protocol/limits.ts'
import { Frame } from '../../protocol/wire/restante.js'
import type { Answer, Push } from '../../protocol/wire/restante.js'
import { memoryStreams } from '../support/byte-streams.ts'
import type { MemoryStream, MemoryStreamOptions } from '../support/byte-streams.ts'
import { keptLog } from '../support/kept-log.ts'
import type { KeptLog } from '../support/kept-log.ts'
import { manualClock, settled } from '../support/manual-clock.ts'
import type { ManualClock } from '../support/manual-clock.ts'

interface End {
  channel: Channel
  stream: MemoryStream
  log: KeptLog
  closes: Array<RestanteError | undefined>
  pushes: Push[]
}

type Handler = ChannelOptions['onRequest']

function end (stream: MemoryStream, clock: ManualClock, onRequest: Handler, requestTimeoutMs?: number): End {
  const log = keptLog()
  const closes: End['closes'] = []
  const pushes: Push[] = []
  const channel = new Channel(stream, {
    clock,
    log,
    onRequest,
    requestTimeoutMs,
    onPush: (push) => { pushes.push(push) },
    onClose: (error) => { closes.push(error) }
  })
  return { channel, stream, log, closes, pushes }
}

function pair (o: { a?: Handler, b?: Handler, timeoutMs?: number } & MemoryStreamOptions = {}): {
  clock: ManualClock, a: End, b: End
} {
  const clock = manualClock()
  const [left, right] = memoryStreams(o)
  const none: Handler = () => undefined
  return { clock, a: end(left, clock, o.a ?? none, o.timeoutMs), b: end(right, clock, o.b ?? none, o.timeoutMs) }
}

/** A channel whose other end is raw bytes. */
function alone (onRequest: Handler = () => success()): { clock: ManualClock, it: End, raw: MemoryStream, got: Frame[] } {
  const clock = manualClock()
  const [raw, stream] = memoryStreams()
  const splitter = new FrameSplitter()
  const got: Frame[] = []
  raw.onBytes((bytes) => {
    splitter.push(bytes)
    for (let frame; (frame = splitter.next()) != null;) got.push(Frame.decode(frame))
  })
  return { clock, it: end(stream, clock, onRequest), raw, got }
}

const filled = (length: number, value = 7): Uint8Array => new Uint8Array(length).fill(value)
const deposit = (length = 1024): { deposit: { address: Uint8Array, envelope: Uint8Array } } =>
  ({ deposit: { address: filled(32), envelope: filled(length) } })
const push = (length: number): Push => ({
  mailbox: filled(32),
  drained: false,
  refusedSome: false,
  envelopes: [{ cursor: filled(8), addressHash: filled(32), envelope: filled(length), receivedAt: 1 }]
})

function framed (body: Uint8Array): Uint8Array {
  const length = []
  for (let rest = body.byteLength; ; rest >>>= 7) {
    length.push(rest < 128 ? rest : (rest & 127) | 128)
    if (rest < 128) break
  }
  return Uint8Array.from([...length, ...body])
}

const code = (expected: string) => (error: unknown): boolean => {
  assert.ok(error instanceof RestanteError)
  assert.equal(error.code, expected)
  return true
}

/** A promise that the test settles. */
function held (): { promise: Promise<Answer>, resolve: (answer: Answer) => void } {
  let resolve: (answer: Answer) => void = () => {}
  return { promise: new Promise<Answer>((settle) => { resolve = settle }), resolve }
}

describe('a channel', () => {
  it('carries requests and answers in both directions at once', async () => {
    const { a, b } = pair({
      a: (frame) => success({ until: frame.ping != null ? 1 : 0 }),
      b: async (frame) => success({ until: frame.deposit?.envelope.byteLength ?? 0 })
    })
    const [there, back] = await Promise.all([a.channel.request(deposit(2048)), b.channel.request({ ping: {} })])
    assert.equal(there.until, 2048)
    assert.equal(back.until, 1)
    assert.equal(a.channel.pendingRequests, 0)
  })

  it('rejects with the code and the delay of a refusal', async () => {
    const { a } = pair({ b: () => refusal('BUSY', 700) })
    await assert.rejects(a.channel.request({ ping: {} }), (error) => {
      assert.ok(error instanceof RemoteError)
      assert.equal(error.code, 'BUSY')
      assert.equal(error.retryAfterMs, 700)
      return true
    })
  })

  it('takes an unknown code of a later version for a failure that may pass', async () => {
    const { a } = pair({ b: () => ({ ...success(), code: 'MOON_PHASE' }) })
    await assert.rejects(a.channel.request({ ping: {} }), code('FAILED'))
  })

  it('sends all frames of a tick in one write', async () => {
    const { a, b } = pair({ b: async () => success() })
    await Promise.all(Array.from({ length: 40 }, async () => await a.channel.request(deposit())))
    assert.equal(a.stream.writes.length, 1)
    assert.equal(b.stream.writes.length, 1)
  })

  it('splits writes at about 64 KiB', async () => {
    const { a } = pair({ b: () => success() })
    await Promise.all(Array.from({ length: 200 }, async () => await a.channel.request(deposit())))
    assert.ok(a.stream.writes.length >= 3)
    assert.ok(Math.max(...a.stream.writes) < 68 * 1024)
  })

  it('reads the same frames however the bytes are cut', async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 700 })),
      async (sizes, cuts) => {
        const { a, b } = pair({
          b: (frame) => success({ value: frame.deposit?.envelope.slice() ?? new Uint8Array(0) }),
          cut (bytes) {
            const pieces = []
            for (let at = 0; at < bytes.byteLength;) {
              const next = at + (cuts.next().value as number)
              pieces.push(bytes.subarray(at, next))
              at = next
            }
            return pieces
          }
        })
        const values = await Promise.all(sizes.map(async size =>
          await a.channel.request({ deposit: { address: filled(32), envelope: filled(size, size & 255) } })))
        assert.deepEqual(values.map(({ value }) => [value.byteLength, value[0]]),
          sizes.map(size => [size, size === 0 ? undefined : size & 255]))
        assert.deepEqual(b.closes, [])
      }), { numRuns: 40 })
  })

  it('delivers pushes in order', async () => {
    const { a, b } = pair()
    for (let i = 1; i <= 5; i++) b.channel.push(push(i))
    await settled()
    assert.deepEqual(a.pushes.map(({ envelopes }) => envelopes[0]?.envelope.byteLength), [1, 2, 3, 4, 5])
  })

  it('answers an unknown request UNSUPPORTED and stays usable', async () => {
    const { raw, got, it } = alone()
    // Field 1500 of a later version.
    raw.send(framed(Uint8Array.of(8, 5, 0xe2, 0x5d, 1, 0)))
    raw.send(framed(Frame.encode({ number: 6, ping: {} })))
    await settled()
    assert.deepEqual(got.map(({ number, answer }) => [number, answer?.code]), [[5, 'UNSUPPORTED'], [6, '']])
    assert.ok(it.channel.isOpen)
  })

  it('answers UNSUPPORTED where the handler knows no answer', async () => {
    const { a } = pair()
    await assert.rejects(a.channel.request({ ping: {} }), code('UNSUPPORTED'))
    assert.ok(a.channel.isOpen)
  })

  it('passes over an unknown notice, and over answers that nobody waits for', async () => {
    const { raw, got, it } = alone()
    raw.send(framed(Uint8Array.of(0xe2, 0x5d, 1, 0)))
    raw.send(framed(Frame.encode({ number: 77, answer: success() })))
    raw.send(framed(Frame.encode({ number: 1, ping: {} })))
    await settled()
    assert.equal(it.channel.strayAnswers, 1)
    assert.equal(got.length, 1)
  })
})

describe('a channel given bad bytes', () => {
  const cases: Array<{ name: string, bytes: Uint8Array, code: string }> = [
    { name: 'a length of 2^31', bytes: Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x08), code: 'FRAME_TOO_LARGE' },
    { name: 'a length of 2^53', bytes: Uint8Array.of(128, 128, 128, 128, 128, 128, 128, 16), code: 'FRAME_TOO_LARGE' },
    { name: 'a length that never ends', bytes: filled(64, 0xff), code: 'FRAME_TOO_LARGE' },
    { name: 'one byte over the limit', bytes: Uint8Array.of(0x81, 0x80, 0x40), code: 'FRAME_TOO_LARGE' },
    { name: 'a frame of no bytes', bytes: Uint8Array.of(0), code: 'MALFORMED' },
    { name: 'a length longer than needed', bytes: Uint8Array.of(0x82, 0x00, 8, 1), code: 'MALFORMED' },
    { name: 'a frame that is no message', bytes: framed(filled(20, 0xff)), code: 'MALFORMED' },
    { name: 'a request without a number', bytes: framed(Frame.encode({ number: 0, ping: {} })), code: 'MALFORMED' },
    { name: 'nested groups', bytes: framed(filled(60_000, 0x0b)), code: 'MALFORMED' }
  ]
  for (const { name, bytes, code: expected } of cases) {
    it(`closes the stream for ${name}`, async () => {
      const { raw, it, got } = alone()
      raw.send(bytes)
      await settled()
      assert.ok(it.closes[0] instanceof WireError)
      assert.equal(it.closes[0]?.code, expected)
      assert.equal(it.closes.length, 1)
      assert.ok(raw.isClosed)
      assert.deepEqual(got, [])
    })
  }

  it('takes a frame of exactly the limit', async () => {
    const { raw, it, got } = alone((frame) => success({ until: frame.deposit?.envelope.byteLength ?? 0 }))
    const overhead = Frame.encode({ number: 1, ...deposit(1_000_000) }).byteLength - 1_000_000
    const bytes = Frame.encode({ number: 1, ...deposit(frameBytesMax - overhead) })
    assert.equal(bytes.byteLength, frameBytesMax)
    raw.send(framed(bytes))
    await settled()
    assert.equal(got[0]?.answer?.until, frameBytesMax - overhead)
    assert.ok(it.channel.isOpen)
  })

  it('sets no memory aside for what a length only claims', () => {
    const claim = Uint8Array.of(0x80, 0x80, 0x40, 1)
    const before = process.memoryUsage().arrayBuffers
    const splitters = Array.from({ length: 500 }, () => {
      const splitter = new FrameSplitter()
      splitter.push(claim)
      assert.equal(splitter.next(), undefined)
      return splitter
    })
    const grownBy = process.memoryUsage().arrayBuffers - before
    assert.ok(grownBy < 500 * 64 * 1024, `${grownBy} bytes for ${splitters.length} claims`)
  })

  it('never throws and never answers anything but codes, whatever comes', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), async (chunks) => {
      const { raw, it } = alone()
      for (const chunk of chunks) raw.send(framed(chunk))
      for (const chunk of chunks) raw.send(chunk)
      await settled()
      for (const error of it.closes) assert.ok(error == null || error instanceof WireError)
      it.channel.close()
    }), { numRuns: 150 })
  })

  it('gives up on a frame that does not come whole in 10 s', async () => {
    const { raw, it, clock } = alone()
    raw.send(framed(Frame.encode({ number: 1, ping: {} })).subarray(0, 2))
    await clock.advance(9_000)
    assert.ok(it.channel.isOpen)
    await clock.advance(1_500)
    assert.equal(it.closes[0]?.code, 'MALFORMED')
  })

  it('gives up on a frame that comes a byte at a time', async () => {
    const { raw, it, clock } = alone()
    const bytes = framed(Frame.encode({ number: 1, ...deposit(4096) }))
    for (let at = 0; at < 20 && it.channel.isOpen; at++) {
      raw.send(bytes.subarray(at, at + 1))
      await clock.advance(1_000)
    }
    assert.equal(it.closes[0]?.code, 'MALFORMED')
  })

  it('waits for a large frame on a slow line', async () => {
    const { raw, it, clock, got } = alone()
    const bytes = framed(Frame.encode({ number: 1, ...deposit(500_000) }))
    for (let at = 0; at < bytes.byteLength; at += 10_000) {
      raw.send(bytes.subarray(at, at + 10_000))
      await clock.advance(1_000)
    }
    assert.ok(it.channel.isOpen)
    assert.equal(got.length, 1)
  })
})

describe('a channel whose handler fails', () => {
  it('answers the code of a RemoteError, thrown or rejected', async () => {
    const { a } = pair({
      b (frame) {
        if (frame.ping != null) throw new RemoteError('RATE_LIMITED', undefined, 30)
        return Promise.reject(new RemoteError('QUOTA'))
      }
    })
    await assert.rejects(a.channel.request({ ping: {} }), code('RATE_LIMITED'))
    await assert.rejects(a.channel.request(deposit()), code('QUOTA'))
  })

  it('answers FAILED to anything else, and logs the code and not the words', async () => {
    const { a, b } = pair({ b: async () => { throw new TypeError('the secret is 42') } })
    await assert.rejects(a.channel.request({ ping: {} }), code('FAILED'))
    assert.deepEqual(b.log.lines, [{ level: 'warn', event: 'requestFailed', fields: { code: 'INTERNAL' } }])
  })

  it('closes the stream for a WireError', async () => {
    const { a, b } = pair({ b: async () => { throw new WireError('FIELD_TOO_LARGE') } })
    await assert.rejects(a.channel.request({ ping: {} }), code('DISCONNECTED'))
    assert.equal(b.closes[0]?.code, 'FIELD_TOO_LARGE')
  })
})

describe('a channel under pressure', () => {
  it('makes requests over the limit wait their turn', async () => {
    const answers: Array<ReturnType<typeof held>> = []
    const { a, b } = pair({
      b () {
        const answer = held()
        answers.push(answer)
        return answer.promise
      }
    })
    const all = Array.from({ length: requestsInFlightMax + 10 }, async () => await a.channel.request({ ping: {} }))
    await settled()
    assert.equal(answers.length, requestsInFlightMax)
    assert.equal(b.channel.unansweredRequests, requestsInFlightMax)
    assert.equal(a.channel.pendingRequests, requestsInFlightMax + 10)
    // Those that waited arrive when the first are answered.
    for (let i = 0; i < answers.length; i++) {
      answers[i]?.resolve(success())
      if (i % 100 === 99) await settled()
    }
    await settled()
    for (const answer of answers) answer.resolve(success())
    await Promise.all(all)
    assert.equal(answers.length, requestsInFlightMax + 10)
  })

  it('stops reading a peer that leaves too much unanswered', async () => {
    const answer = held()
    const { raw, it } = alone(async () => await answer.promise)
    for (let number = 1; number <= 2 * requestsInFlightMax; number++) {
      raw.send(framed(Frame.encode({ number, ping: {} })))
    }
    await settled()
    assert.equal(it.channel.unansweredRequests, requestsInFlightMax)
    assert.ok(it.stream.isPaused)
    assert.ok(raw.waitingBytes > 0)
    answer.resolve(success())
    await settled()
    assert.equal(raw.waitingBytes, 0)
    assert.ok(!it.stream.isPaused)
  })

  it('stops reading a peer that asks for much and takes nothing', async () => {
    const { raw, it, got } = alone(() => success({ value: filled(8192) }))
    raw.pause()
    for (let number = 1; number <= 1000; number++) raw.send(framed(Frame.encode({ number, ping: {} })))
    await settled()
    assert.ok(it.stream.isPaused)
    assert.ok(it.channel.isOpen)
    raw.resume()
    for (let i = 0; i < 50 && got.length < 1000; i++) await settled()
    assert.equal(got.length, 1000)
    assert.ok(!it.stream.isPaused)
  })

  it('says when it is full, and when it is drained', async () => {
    const { a, b } = pair({ bufferBytes: 64 * 1024 })
    a.stream.pause()
    let pushed = 0
    while (b.channel.push(push(32 * 1024))) pushed++
    assert.ok(pushed < 20)
    let isDrained = false
    const drained = b.channel.whenDrained().then(() => { isDrained = true })
    await settled()
    assert.equal(isDrained, false)
    a.stream.resume()
    await drained
    assert.equal(a.pushes.length, pushed + 1)
  })

  it('drops a peer that is pushed over the bound', async () => {
    const { a, b } = pair({ bufferBytes: 64 * 1024 })
    a.stream.pause()
    for (let i = 0; i < 200 && b.channel.isOpen; i++) b.channel.push(push(64 * 1024))
    await settled()
    assert.equal(b.closes[0]?.code, 'DISCONNECTED')
    assert.equal(b.channel.push(push(1)), false)
  })

  it('drops a peer that takes nothing for a minute', async () => {
    const { a, b, clock } = pair({ bufferBytes: 64 * 1024 })
    a.stream.pause()
    while (b.channel.push(push(32 * 1024)));
    await clock.advance(59_000)
    assert.ok(b.channel.isOpen)
    await clock.advance(2_000)
    assert.equal(b.closes[0]?.code, 'TIMED_OUT')
  })

  it('does not lock up when both sides send more than fits at once', async () => {
    const { a, b } = pair({ a: async () => success(), b: async () => success(), bufferBytes: 64 * 1024 })
    const many = (channel: Channel): Array<Promise<Answer>> =>
      Array.from({ length: 1500 }, async () => await channel.request(deposit(4096)))
    const answers = await Promise.all([...many(a.channel), ...many(b.channel)])
    assert.equal(answers.length, 3000)
  })
})

describe('a channel and time', () => {
  it('rejects TIMED_OUT without an answer in time, and passes over a late one', async () => {
    const answer = held()
    const { a, clock } = pair({ b: async () => await answer.promise })
    const failed = assert.rejects(a.channel.request({ ping: {} }, 2_000), code('TIMED_OUT'))
    const patient = a.channel.request({ ping: {} }, 60_000)
    await clock.advance(2_001)
    await failed
    assert.equal(a.channel.pendingRequests, 1)
    answer.resolve(success())
    await patient
    assert.equal(a.channel.strayAnswers, 1)
    assert.ok(a.channel.isOpen)
  })

  it('leaves no timer behind when it is closed', async () => {
    const { a, b, clock } = pair({ b: async () => await held().promise })
    const lost = assert.rejects(a.channel.request({ ping: {} }), code('DISCONNECTED'))
    await settled()
    a.channel.close()
    await settled()
    await lost
    b.channel.close()
    assert.equal(clock.timers, 0)
  })
})

describe('a channel that ends', () => {
  it('sends what is queued before it closes', async () => {
    const { a, b } = pair()
    b.channel.push(push(100))
    b.channel.close()
    await settled()
    assert.equal(a.pushes.length, 1)
    assert.deepEqual(a.closes, [undefined])
    assert.deepEqual(b.closes, [undefined])
    await assert.rejects(a.channel.request({ ping: {} }), code('DISCONNECTED'))
  })

  it('rejects what was asked when the stream breaks, those that waited included', async () => {
    const { a, b } = pair({ b: async () => await held().promise })
    const all = Array.from({ length: requestsInFlightMax + 5 }, async () => {
      await assert.rejects(a.channel.request({ ping: {} }), code('DISCONNECTED'))
    })
    await settled()
    b.stream.abort(new Error('cable cut'))
    await Promise.all(all)
    assert.equal(a.closes[0]?.code, 'DISCONNECTED')
    assert.equal(a.closes.length, 1)
  })
})
