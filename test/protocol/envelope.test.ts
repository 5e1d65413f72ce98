import assert from 'node:assert/strict'
import { bundleLocation, inviteRouteSecret, sealBundle, unsealBundle } from '../../protocol/bundle.ts'
import { concat, equal, toHex } from '../../protocol/bytes.ts'
import {
  deriveGrant, hashAddress, unwrapEnvelope, wrapEnvelope, wrapOverheadBytes
} from '../../protocol/envelope.ts'
import { UsageError } from '../../protocol/errors.ts'
import { labels } from '../../protocol/labels.ts'
import { envelopeBuckets } from '../../protocol/limits.ts'
import { contentCapacity, decrypt, encrypt } from '../../protocol/session.ts'
import { bothSuites, connect, native } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'

const random = seededRandom('envelopes')
const innerBytes = envelopeBuckets[0] - wrapOverheadBytes

describe('grants', () => {
  it('give four values of which none shows another', () => {
    const secret = random.bytes(32)
    for (const suite of bothSuites) {
      const { address, addressHash, wrapKey } = deriveGrant(suite, secret)
      assert.equal(new Set([secret, address, addressHash, wrapKey].map(toHex)).size, 4)
      assert.deepEqual(addressHash, hashAddress(suite, address))
      assert.deepEqual(deriveGrant(bothSuites[0]!, secret), deriveGrant(suite, secret))
    }
  })

  it('refuse a secret of another length', () => {
    assert.throws(() => deriveGrant(native, new Uint8Array(31)), UsageError)
  })
})

describe('envelopes', () => {
  it('open with their own grant on either suite, and with no other', () => {
    const grant = deriveGrant(native, random.bytes(32))
    const inner = random.bytes(innerBytes)
    const envelopes = bothSuites.map((suite) => wrapEnvelope(suite, grant, inner))
    assert.deepEqual(envelopes[0], envelopes[1])
    for (const suite of bothSuites) {
      assert.deepEqual(unwrapEnvelope(suite, grant, envelopes[0]!), inner)
      assert.equal(unwrapEnvelope(suite, deriveGrant(native, random.bytes(32)), envelopes[0]!), undefined)
    }
  })

  it('are the same bytes for a retry and share none at another address', () => {
    const inner = random.bytes(innerBytes)
    const [here, there] = [deriveGrant(native, random.bytes(32)), deriveGrant(native, random.bytes(32))]
    assert.deepEqual(wrapEnvelope(native, here, inner), wrapEnvelope(native, here, inner))
    const [one, other] = [wrapEnvelope(native, here, inner), wrapEnvelope(native, there, inner)]
    for (let at = 0; at + 8 <= one.length; at++) {
      assert.ok(!equal(one.subarray(at, at + 8), other.subarray(at, at + 8)))
    }
    assert.ok(!equal(wrapEnvelope(native, here, inner).subarray(0, 12),
      wrapEnvelope(native, here, inner.with(0, inner[0]! ^ 1)).subarray(0, 12)), 'one nonce for two inners')
  })

  it('do not open with any byte altered', () => {
    const grant = deriveGrant(native, random.bytes(32))
    const envelope = wrapEnvelope(native, grant, random.bytes(innerBytes))
    for (let at = 0; at < envelope.length; at++) {
      assert.equal(unwrapEnvelope(native, grant, envelope.with(at, envelope[at]! ^ (1 << (at % 8)))), undefined)
    }
  })

  it('have the size of a bucket or are none', () => {
    const grant = deriveGrant(native, random.bytes(32))
    for (const bytes of [0, 11, 27, 28, 1023, 1025, 3072, 65535, 65537]) {
      assert.equal(unwrapEnvelope(native, grant, new Uint8Array(bytes)), undefined)
    }
    // Even sealed under the right key: its size would tell envelopes apart.
    const nonce = random.bytes(12)
    const short = concat(nonce, native.seal(grant.wrapKey, nonce, random.bytes(900), labels.envelope))
    assert.equal(unwrapEnvelope(native, grant, short), undefined)
    for (const bytes of [0, innerBytes - 1, innerBytes + 1]) {
      assert.throws(() => wrapEnvelope(native, grant, new Uint8Array(bytes)), UsageError)
    }
  })

  it('have exactly the size of their bucket for contents of every length', function () {
    this.timeout(60_000)
    const grant = deriveGrant(native, random.bytes(32))
    let { aSession, bSession } = connect(native, native, random)
    const pass = (length: number, bucket: number): void => {
      const content = new Uint8Array(length).fill(length)
      const sent = encrypt(native, random, aSession, content, bucket)
      const envelope = wrapEnvelope(native, grant, sent.inner)
      assert.equal(envelope.length, bucket)
      const received = decrypt(native, random, bSession, unwrapEnvelope(native, grant, envelope)!)
      assert.deepEqual(received.content, content)
      aSession = sent.session
      bSession = received.session
    }
    // Answered, so that no handshake takes part of the room.
    const answer = encrypt(native, random, bSession, new Uint8Array(0), 1024)
    aSession = decrypt(native, random, aSession, answer.inner).session
    bSession = answer.session

    assert.equal(contentCapacity(aSession, 1024), 899)
    for (let length = 0; length <= 899; length++) pass(length, 1024)
    for (const bucket of envelopeBuckets) {
      const capacity = contentCapacity(aSession, bucket)
      assert.equal(capacity, bucket - 125)
      for (const length of [0, capacity - 1, capacity]) pass(length, bucket)
      assert.throws(() => encrypt(native, random, aSession, new Uint8Array(capacity + 1), bucket),
        (error) => error instanceof UsageError && error.code === 'TEXT_TOO_LARGE')
    }
    for (const bytes of [0, 1000, 131072]) {
      assert.throws(() => encrypt(native, random, aSession, new Uint8Array(0), bytes), UsageError)
    }
  })
})

describe('an invite secret', () => {
  const secret = random.bytes(32)

  it('gives a location and a secret for each route, none alike', () => {
    const derived = [0, 1, 2, 255, 256].map((index) => inviteRouteSecret(native, secret, index))
    assert.equal(new Set([secret, bundleLocation(native, secret), ...derived].map(toHex)).size, 7)
    assert.deepEqual(inviteRouteSecret(bothSuites[0]!, secret, 1), derived[1])
  })

  it('opens the bundle that was sealed with it, and no other does', () => {
    for (const length of [0, 1, 1800, 2016, 2017, 5000]) {
      const signed = random.bytes(length)
      const sealed = sealBundle(native, secret, signed)
      assert.ok((envelopeBuckets as readonly number[]).includes(sealed.length))
      for (const suite of bothSuites) assert.deepEqual(unsealBundle(suite, secret, sealed), signed)
      assert.equal(unsealBundle(native, random.bytes(32), sealed), undefined)
      for (let at = 0; at < sealed.length; at += 97) {
        assert.equal(unsealBundle(native, secret, sealed.with(at, sealed[at]! ^ 1)), undefined)
      }
    }
  })

  it('seals nothing that relays would not keep, and opens nothing of a size they do not', () => {
    assert.throws(() => sealBundle(native, secret, new Uint8Array(8192 - 31)), UsageError)
    assert.equal(sealBundle(native, secret, new Uint8Array(8192 - 32)).length, 8192)
    for (const bytes of [0, 12, 31, 8193]) {
      assert.equal(unsealBundle(native, secret, new Uint8Array(bytes)), undefined)
    }
  })
})
