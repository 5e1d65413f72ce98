import assert from 'node:assert/strict'
import {
  createBundle, decodeBundlePrivates, encodeBundlePrivates, openBundle
} from '../../protocol/bundle.ts'
import type { VerifiedBundle } from '../../protocol/bundle.ts'
import { concat, equal, toHex, utf8 } from '../../protocol/bytes.ts'
import { openSigned, sealSigned } from '../../protocol/canonical.ts'
import { CryptoError, RestanteError, StoreError, UsageError, WireError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { handshakeTag, readHandshakePrefix, readPrekeyId } from '../../protocol/handshake.ts'
import { labels } from '../../protocol/labels.ts'
import { createManifest, deviceEntry } from '../../protocol/manifest.ts'
import type { Random } from '../../protocol/ports.ts'
import { accept, decrypt, encodeSession, encrypt, initiate } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { decodeCanonical } from '../../protocol/wire/decode.ts'
import { PrekeyBundle } from '../../protocol/wire/restante.js'
import { bothSuites, connect, createParty, native, publish, someTime } from '../support/parties.ts'
import type { Party } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'

const refuses = (code: ErrorCode, run: () => unknown): void => {
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code, code)
}
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

function firstInner (a: Party, bundle: VerifiedBundle, random: Random = a.random): Uint8Array {
  return encrypt(a.suite, random, initiate(a.suite, random, { ...a, bundle }), utf8('hello'), 2048).inner
}

describe('a prekey bundle', () => {
  const b = createParty(native, seededRandom('bundles'))
  const { privates } = publish(b)
  const opening = { account: b.accountId, now: someTime }
  const payload = decodeCanonical(PrekeyBundle, openSigned(privates.signed, 'bundle').payload, 'bundle')
  const signAnew = (changes: Partial<PrekeyBundle>, label = labels.bundle): Uint8Array =>
    sealSigned(native, b.device.signing, label, PrekeyBundle.encode({ ...payload, ...changes }))

  it('opens as what it was made of', () => {
    for (const suite of bothSuites) {
      const bundle = openBundle(suite, privates.signed, opening)
      assert.equal(bundle.name, 'Bob')
      assert.deepEqual(bundle.prekey, suite.x25519Private(privates.prekeySeed).publicKey)
      assert.deepEqual(bundle.kemPrekey, suite.kemPrivate(privates.kemSeed).publicKey)
      assert.deepEqual(bundle.oneTimePrekey, suite.x25519Private(privates.oneTimeSeed!).publicKey)
      assert.deepEqual(bundle.prekeyId, privates.prekeyId)
      assert.deepEqual(bundle.device.exchangeKey, b.device.exchange.publicKey)
    }
  })

  it('is refused with any byte altered', () => {
    for (let at = 0; at < privates.signed.length; at += 3) {
      const altered = privates.signed.with(at, privates.signed[at]! ^ (1 << (at % 8)))
      assert.throws(() => openBundle(native, altered, opening),
        (error) => error instanceof CryptoError || error instanceof WireError, `byte ${at}`)
    }
  })

  it('is refused where it is truncated or continued', () => {
    for (const length of [0, 1, 64, privates.signed.length - 1]) {
      assert.throws(() => openBundle(native, privates.signed.subarray(0, length), opening), WireError)
    }
    assert.throws(() => openBundle(native, concat(privates.signed, Uint8Array.of(0)), opening), WireError)
  })

  it('is refused for another account, another suite, and from the end of its time', () => {
    const stranger = { ...opening, account: new Uint8Array(32) }
    refuses('INVALID_SIGNATURE', () => openBundle(native, privates.signed, stranger))
    for (const suite of [0, 2]) {
      assert.throws(() => openBundle(native, signAnew({ suite }), opening), WireError)
    }
    refuses('PREKEY_UNKNOWN', () => openBundle(native, privates.signed, { ...opening, now: someTime + 1 }))
    const lasting = signAnew({ expiresAt: 0 })
    assert.equal(openBundle(native, lasting, { ...opening, now: Number.MAX_SAFE_INTEGER }).expiresAt, 0)
  })

  it('is refused with fields of another length, even if its owner signed them', () => {
    const fields: Array<Partial<PrekeyBundle>> = [
      { prekeyId: new Uint8Array(7) }, { prekey: new Uint8Array(31) }, { kemPrekey: new Uint8Array(1183) },
      { oneTimePrekey: new Uint8Array(31) }, { name: 'é'.repeat(129) }
    ]
    for (const changes of fields) {
      assert.throws(() => openBundle(native, signAnew(changes), opening), WireError)
    }
  })

  it('is refused from a device that its account does not list, and signed for another purpose', () => {
    refuses('INVALID_SIGNATURE', () => openBundle(native, signAnew({ device: new Uint8Array(16) }), opening))
    refuses('INVALID_SIGNATURE', () => openBundle(native, signAnew({}, labels.manifestSignature), opening))
    const stranger = createParty(native, seededRandom('stranger'))
    const forged = sealSigned(native, stranger.device.signing, labels.bundle, PrekeyBundle.encode(payload))
    refuses('INVALID_SIGNATURE', () => openBundle(native, forged, opening))
  })

  it('is kept and read back, and nothing else is', () => {
    for (const kept of [privates, publish(b, false).privates]) {
      const encoded = encodeBundlePrivates(kept)
      assert.deepEqual(decodeBundlePrivates(encoded), kept)
      for (const length of [0, 2, 100, encoded.length - 1]) {
        assert.throws(() => decodeBundlePrivates(encoded.subarray(0, length)), StoreError)
      }
      assert.throws(() => decodeBundlePrivates(concat(encoded, Uint8Array.of(0))), StoreError)
      assert.throws(() => decodeBundlePrivates(encoded.with(0, 2)),
        (error) => error instanceof StoreError && error.code === 'STORE_TOO_NEW')
      assert.throws(() => decodeBundlePrivates(encoded.with(1, 2)), StoreError)
    }
  })

  it('has no name that is too long', () => {
    assert.throws(() => createBundle(native, b.random, {
      ...b, name: 'x'.repeat(257), oneTime: true, expiresAt: 0
    }), UsageError)
  })
})

describe('the handshake', () => {
  for (const aSuite of bothSuites) {
    for (const bSuite of bothSuites) {
      for (const oneTime of [true, false]) {
        const kind = oneTime ? 'a one-time' : 'a reusable'
        it(`lets ${aSuite.name} write to ${bSuite.name} by ${kind} bundle, and be answered`, () => {
          const random = seededRandom(`${aSuite.name} ${bSuite.name} ${kind}`)
          const a = createParty(aSuite, random)
          const b = createParty(bSuite, random)
          const { privates, bundle } = publish(b, oneTime)
          const first = encrypt(aSuite, random, initiate(aSuite, random, { ...a, bundle }), utf8('hello'), 2048)
          assert.deepEqual(readPrekeyId(first.inner), privates.prekeyId)

          const accepted = accept(bSuite, random, { device: b.device, privates, inner: first.inner })
          assert.equal(text(accepted.content), 'hello')
          assert.deepEqual(accepted.peer.account, a.accountId)
          assert.deepEqual(accepted.peerDevice.id, a.device.id)
          assert.deepEqual(accepted.session.id, first.session.id)
          assert.deepEqual([first.session.initiator, first.session.confirmed], [true, false])
          assert.deepEqual([accepted.session.initiator, accepted.session.confirmed], [false, true])

          const answer = encrypt(bSuite, random, accepted.session, utf8('welcome'), 1024)
          const answered = decrypt(aSuite, random, first.session, answer.inner)
          assert.equal(text(answered.content), 'welcome')
          assert.equal(answered.session.confirmed, true)
        })
      }
    }
  }

  it('is carried by every message until the first answer, and by none after it', () => {
    const random = seededRandom('prefix')
    let { aSession, bSession } = connect(native, native, random)
    for (const content of ['second', 'third']) {
      const sent = encrypt(native, random, aSession, utf8(content), 2048)
      assert.deepEqual(handshakeTag(sent.inner), bSession.handshakeTag)
      const received = decrypt(native, random, bSession, sent.inner)
      assert.equal(text(received.content), content)
      aSession = sent.session
      bSession = received.session
    }
    const answer = encrypt(native, random, bSession, utf8('answer'), 1024)
    aSession = decrypt(native, random, aSession, answer.inner).session
    const { inner } = encrypt(native, random, aSession, utf8('fourth'), 1024)
    assert.deepEqual([inner[0], handshakeTag(inner), readPrekeyId(inner)], [2, undefined, undefined])
    assert.equal(text(decrypt(native, random, answer.session, inner).content), 'fourth')
  })

  it('may arrive by a later message than the first', () => {
    const random = seededRandom('late start')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    const one = encrypt(native, random, initiate(native, random, { ...a, bundle }), utf8('one'), 2048)
    const two = encrypt(native, random, one.session, utf8('two'), 2048)
    const accepted = accept(native, random, { device: b.device, privates, inner: two.inner })
    assert.equal(text(accepted.content), 'two')
    assert.equal(text(decrypt(native, random, accepted.session, one.inner).content), 'one')
  })

  it('is known again when it is replayed', () => {
    const random = seededRandom('replayed handshake')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    const inner = firstInner(a, bundle, random)
    const { session } = accept(native, random, { device: b.device, privates, inner })
    assert.deepEqual(handshakeTag(inner), session.handshakeTag)
    refuses('REPLAYED', () => decrypt(native, random, session, inner))
  })

  it('is refused with other prekeys than it was made for', () => {
    const random = seededRandom('wrong prekey')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    const other = publish(b).privates
    const inner = firstInner(a, bundle, random)
    const tryWith = (changes: Partial<typeof privates>) => () =>
      accept(native, random, { device: b.device, privates: { ...privates, ...changes }, inner })
    refuses('PREKEY_UNKNOWN', tryWith(other))
    refuses('AUTHENTICATION_FAILED', tryWith({ ...other, prekeyId: privates.prekeyId }))
    for (const name of ['prekeySeed', 'kemSeed', 'oneTimeSeed', 'signed'] as const) {
      refuses('AUTHENTICATION_FAILED', tryWith({ [name]: other[name] }))
    }
    refuses('AUTHENTICATION_FAILED', tryWith({ oneTimeSeed: undefined }))
    const stranger = createParty(native, random)
    refuses('AUTHENTICATION_FAILED', () => accept(native, random, { device: stranger.device, privates, inner }))
  })

  it('is refused with any part of it altered, at the first message and at a repeated one', function () {
    this.timeout(60_000)
    const random = seededRandom('altered handshake')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    const one = encrypt(native, random, initiate(native, random, { ...a, bundle }), utf8('one'), 2048)
    const two = encrypt(native, random, one.session, utf8('two'), 2048)
    const { session } = accept(native, random, { device: b.device, privates, inner: one.inner })
    const before = encodeSession(session)
    const prefixBytes = readHandshakePrefix(two.inner)!.length
    // Each byte of the small fields, every 61st of the large ones.
    const isSmall = (at: number): boolean => at < 48 || (at >= prefixBytes - 4 && at < prefixBytes + 96)
    for (let at = 0; at < two.inner.length; at += isSmall(at) ? 1 : 61) {
      const inner = two.inner.with(at, two.inner[at]! ^ (1 << (at % 8)))
      assert.throws(() => accept(native, random, { device: b.device, privates, inner }), CryptoError, `byte ${at}`)
      refuses('AUTHENTICATION_FAILED', () => decrypt(native, random, session, inner))
    }
    assert.deepEqual(encodeSession(session), before)
    assert.equal(text(decrypt(native, random, session, two.inner).content), 'two')
  })

  it('is refused truncated at any length', () => {
    const random = seededRandom('truncated handshake')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    const inner = firstInner(a, bundle, random)
    for (let length = 0; length < inner.length; length += 31) {
      refuses('AUTHENTICATION_FAILED',
        () => accept(native, random, { device: b.device, privates, inner: inner.subarray(0, length) }))
    }
  })

  it('is refused with a low-order or non-canonical ephemeral key, and not begun with one in the bundle', () => {
    const random = seededRandom('low order')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    const inner = firstInner(a, bundle, random)
    const weak = [
      new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)),
      Uint8Array.of(0xec, ...new Uint8Array(30).fill(0xff), 0x7f),
      Uint8Array.of(0xed, ...new Uint8Array(30).fill(0xff), 0x7f),
      new Uint8Array(32).fill(0xff)
    ]
    for (const key of weak) {
      for (const suite of bothSuites) {
        refuses('INVALID_KEY', () => accept(suite, random, {
          device: b.device, privates, inner: concat(inner.subarray(0, 9), key, inner.subarray(41))
        }))
        refuses('INVALID_KEY', () => initiate(suite, random, { ...a, bundle: { ...bundle, prekey: key } }))
        refuses('INVALID_KEY', () => initiate(suite, random, { ...a, bundle: { ...bundle, oneTimePrekey: key } }))
      }
    }
    const kemPrekey = bundle.kemPrekey.slice().fill(0xff, 0, 30)
    refuses('INVALID_KEY', () => initiate(native, random, { ...a, bundle: { ...bundle, kemPrekey } }))
  })

  it('gives other keys where anything that was agreed upon differs', () => {
    const b = createParty(native, seededRandom('b'))
    const { bundle } = publish(b)
    const a = createParty(native, seededRandom('a'))
    const begin = (party: Party, changes: Partial<VerifiedBundle> = {}): Uint8Array =>
      encodeSession(initiate(native, seededRandom('same'), { ...party, bundle: { ...bundle, ...changes } }))
    const other = publish(b).bundle
    const renewed = createManifest(native, {
      account: a.account, devices: [deviceEntry(a.device, new Uint8Array(32).fill(5), someTime)], now: someTime + 1
    })
    const sessions = [
      begin(a),
      begin({ ...a, manifest: renewed }),
      begin({ ...a, device: { ...a.device, id: b.device.id } }),
      begin({ ...a, device: { ...a.device, exchange: b.device.exchange } }),
      begin(createParty(native, seededRandom('c'))),
      begin(a, { signed: other.signed }),
      begin(a, { oneTimePrekey: undefined }),
      begin(a, { kemPrekey: other.kemPrekey })
    ]
    assert.deepEqual(begin(a), sessions[0])
    // Of the 32-byte secrets, counted from the end: chain, header, post-quantum root, next headers.
    const secrets = sessions.flatMap((encoded) =>
      [-37, -69, -101, -179, -211].map((end) => toHex(encoded.slice(end, end + 32))))
    assert.equal(new Set(secrets).size, 5 * sessions.length)
    // The id covers what is said, not the private key behind it: the fourth has the first one's.
    const ids = sessions.map((encoded) => toHex(encoded.slice(2, 34)))
    assert.equal(ids[3], ids[0])
    assert.equal(new Set(ids).size, sessions.length - 1)
  })

  it('does not let somebody speak for an account whose manifest he only knows', () => {
    const random = seededRandom('misbinding')
    const [victim, b, thief] = [createParty(native, random), createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    const device = { ...thief.device, id: victim.device.id }
    const inner = firstInner({ ...thief, device, manifest: victim.manifest }, bundle, random)
    refuses('AUTHENTICATION_FAILED', () => accept(native, random, { device: b.device, privates, inner }))
    const unlisted = firstInner({ ...thief, manifest: victim.manifest }, bundle, random)
    refuses('AUTHENTICATION_FAILED', () => accept(native, random, { device: b.device, privates, inner: unlisted }))
    const nonsense = firstInner({ ...thief, manifest: random.bytes(300) }, bundle, random)
    refuses('AUTHENTICATION_FAILED', () => accept(native, random, { device: b.device, privates, inner: nonsense }))
    const forged = victim.manifest.with(-1, victim.manifest.at(-1)! ^ 1)
    refuses('INVALID_SIGNATURE', () => accept(native, random, {
      device: b.device, privates, inner: firstInner({ ...victim, manifest: forged }, bundle, random)
    }))
  })

  it('can be denied: the recipient alone can make one that seems to come from anybody', () => {
    const random = seededRandom('denied')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const { privates, bundle } = publish(b)
    // The one secret of A that an initiator uses is its exchange key, and only with B's prekey.
    const prekey = native.x25519Private(privates.prekeySeed)
    const simulated: CryptoSuite = {
      ...native,
      x25519: (own, peer) => own === a.device.exchange && equal(peer, prekey.publicKey)
        ? native.x25519(prekey, a.device.exchange.publicKey)
        : native.x25519(own, peer)
    }
    a.device.exchange = {
      publicKey: a.device.exchange.publicKey,
      exportSeed: () => { throw new Error('B has no seed of A') }
    }
    const inner = firstInner({ ...a, suite: simulated }, bundle, random)
    const accepted = accept(native, random, { device: b.device, privates, inner })
    assert.deepEqual(accepted.peer.account, a.accountId)
  })

  it('shows the initiator to nobody but the recipient', () => {
    const random = seededRandom('sealed initiator')
    const [a, b] = [createParty(native, random), createParty(native, random)]
    const inner = firstInner(a, publish(b).bundle, random)
    for (const known of [a.accountId, a.device.id, a.device.exchange.publicKey, a.device.signing.publicKey]) {
      assert.ok(!toHex(inner).includes(toHex(known.subarray(0, 8))))
    }
  })

  it('is abandoned where randomness fails', () => {
    const random = seededRandom('failing randomness')
    const [a, b] = [createParty(nobleSuite, random), createParty(native, random)]
    const { bundle } = publish(b)
    for (const bytes of [() => new Uint8Array(16), (length: number) => new Uint8Array(length)]) {
      assert.throws(() => initiate(native, { bytes }, { ...a, bundle }),
        (error) => error instanceof RestanteError && error.code === 'RANDOMNESS_FAILED')
    }
  })
})
