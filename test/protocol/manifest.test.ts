/**
 * Manifests: what can be proved from one alone, and which may follow which. Spec 01 §Manifest.
 */
import assert from 'node:assert/strict'
import { concat } from '../../protocol/bytes.ts'
import { RestanteError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import {
  commitmentTo, createAccountKeys, createDeviceKeys, nextAccountKey
} from '../../protocol/identity.ts'
import { labels } from '../../protocol/labels.ts'
import {
  acceptsSuccessor, createManifest, createSuccessor, deviceEntry, openManifest
} from '../../protocol/manifest.ts'
import type { VerifiedManifest } from '../../protocol/manifest.ts'
import type { Ed25519Private } from '../../protocol/suite.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { Manifest, Signed } from '../../protocol/wire/restante.js'
import { seededRandom } from '../support/seeded-random.ts'

const now = 1_800_000_000_000
const random = seededRandom('manifest')
const account = createAccountKeys(suite, random)
const recovered = nextAccountKey(suite, account.recoverySecret)
const thief = suite.ed25519Private(random.bytes(32))
const device = (): ReturnType<typeof deviceEntry> =>
  deviceEntry(createDeviceKeys(suite, random), random.bytes(32), now)
const devices = [device(), device()]
const signed = createManifest(suite, { account, devices, now })
const first = openManifest(suite, signed)

/** The first manifest with some fields changed, signed all the same. */
function forged (changes: Partial<Manifest>, key: Ed25519Private = account.inception): Uint8Array {
  const payload = Manifest.encode({ ...Manifest.decode(Signed.decode(signed).payload), ...changes })
  return Signed.encode({ payload, signature: suite.sign(key, concat(labels.manifestSignature, payload)) })
}

function refused (bytes: Uint8Array, ...codes: ErrorCode[]): void {
  assert.throws(() => openManifest(suite, bytes), (error: unknown) => {
    assert.ok(error instanceof RestanteError, String(error))
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`)
    return true
  })
}

type Step = Partial<Parameters<typeof createSuccessor>[1]>
const after = (current: VerifiedManifest, step: Step = {}): VerifiedManifest => openManifest(suite,
  createSuccessor(suite, { current, key: account.inception, devices, revoked: [], now, ...step }))
const keyAfter = (seed: number): Uint8Array =>
  commitmentTo(suite, nextAccountKey(suite, new Uint8Array(32).fill(seed)).publicKey)
const verdict = (current: VerifiedManifest, next: VerifiedManifest): string =>
  acceptsSuccessor(suite, current, next)

describe('a manifest', () => {
  it('opens to what was put in, under an account id that follows from its keys', () => {
    assert.deepEqual(first.devices, devices)
    assert.equal(first.sequence, 0)
    assert.equal(first.previous.length, 0)
    assert.equal(first.createdAt, now)
    assert.deepEqual(first.accountKey, account.inception.publicKey)
    assert.deepEqual(first.nextCommitment, commitmentTo(suite, recovered.publicKey))
    assert.deepEqual(openManifest(suite, signed.slice()).hash, first.hash)
  })

  it('is refused when any one bit of it is another', () => {
    for (let i = 0; i < signed.length; i++) {
      const altered = signed.slice()
      altered[i]! ^= 1 << (i % 8)
      refused(altered, 'MALFORMED', 'FIELD_TOO_LARGE', 'NOT_CANONICAL', 'INVALID_SIGNATURE')
    }
  })

  it('is refused when cut off anywhere', () => {
    for (let length = 0; length < signed.length; length++) {
      refused(signed.subarray(0, length), 'MALFORMED', 'NOT_CANONICAL')
    }
  })

  it('is refused in another encoding, though the signature covers it', () => {
    const payload = concat(Signed.decode(signed).payload, Uint8Array.of(0xf8, 0x07, 1))
    const signature = suite.sign(account.inception, concat(labels.manifestSignature, payload))
    refused(Signed.encode({ payload, signature }), 'NOT_CANONICAL')
  })

  it('is refused when signed for another purpose', () => {
    const { payload } = Signed.decode(signed)
    for (const label of [labels.bundle, new Uint8Array(0)]) {
      const signature = suite.sign(account.inception, concat(label, payload))
      refused(Signed.encode({ payload, signature }), 'INVALID_SIGNATURE')
    }
  })

  it('is refused when its account id is somebody else\'s', () => {
    refused(forged({ account: random.bytes(32) }), 'INVALID_SIGNATURE')
  })

  it('is refused when a stranger signs in the name of an account at a later sequence', () => {
    const later = { sequence: 5, previous: random.bytes(32), accountKey: thief.publicKey }
    refused(forged(later, thief), 'INVALID_SIGNATURE')
    refused(forged({ ...later, nextCommitment: random.bytes(32) }, thief), 'INVALID_SIGNATURE')
    refused(forged({ accountKey: thief.publicKey }, thief), 'INVALID_SIGNATURE')
  })

  it('is refused when the key in force names another next key', () => {
    const nextCommitment = commitmentTo(suite, thief.publicKey)
    refused(forged({ sequence: 1, previous: first.hash, nextCommitment }), 'INVALID_SIGNATURE')
  })

  it('is refused with the next key already in force at the start', () => {
    const rotated = { accountKey: recovered.publicKey, nextCommitment: keyAfter(1) }
    refused(forged(rotated, recovered), 'INVALID_SIGNATURE')
  })

  it('is refused when a rotation commits to the key that it puts in force', () => {
    const rotated = { sequence: 1, previous: first.hash, accountKey: recovered.publicKey }
    refused(forged(rotated, recovered), 'INVALID_SIGNATURE')
  })

  it('is refused with impossible fields', () => {
    refused(forged({ version: 2 }), 'MALFORMED')
    refused(forged({ previous: random.bytes(32) }), 'MALFORMED')
    refused(forged({ sequence: 1 }), 'MALFORMED')
    refused(forged({ devices: [] }), 'MALFORMED')
    refused(forged({ devices: [devices[0]!, devices[0]!] }), 'MALFORMED')
    refused(forged({ devices: Array.from({ length: 9 }, device) }), 'FIELD_TOO_LARGE')
    refused(forged({ revoked: [devices[0]!.id] }), 'MALFORMED')
    refused(forged({ revoked: [new Uint8Array(15)] }), 'MALFORMED')
    refused(forged({ devices: [{ ...devices[0]!, peerKey: new Uint8Array(31) }] }), 'MALFORMED')
    refused(forged({ inceptionKey: new Uint8Array(33) }), 'FIELD_TOO_LARGE')
  })

  it('is not made of impossible devices', () => {
    assert.throws(() => createManifest(suite, { account, devices: [], now }), { code: 'USAGE' })
  })
})

describe('a manifest that may follow another', () => {
  const second = after(first, { devices: [...devices, device()] })
  const rotation = { key: recovered, nextCommitment: keyAfter(1) }

  it('is the same, newer or older by sequence and chain', () => {
    assert.equal(verdict(first, first), 'same')
    assert.equal(verdict(first, second), 'newer')
    assert.equal(verdict(second, first), 'older')
  })

  it('is newer though manifests between are missing, as long as the key is the same', () => {
    assert.equal(verdict(first, after(second)), 'newer')
  })

  it('rotates to the key that was committed to, at once or after a gap', () => {
    assert.equal(verdict(first, after(first, rotation)), 'rotated')
    assert.equal(verdict(first, after(second, rotation)), 'rotated')
    const rotated = after(first, rotation)
    assert.equal(verdict(rotated, after(rotated, { key: recovered })), 'newer')
  })

  it('takes the account back from whoever stole the key in force, whatever he signed meanwhile', () => {
    const stolen = openManifest(suite, forged({
      sequence: Number.MAX_SAFE_INTEGER,
      previous: random.bytes(32),
      devices: [device()],
      revoked: [devices[0]!.id]
    }))
    assert.equal(verdict(first, stolen), 'newer')
    const rotated = after(first, rotation)
    assert.equal(verdict(stolen, rotated), 'rotated')
    assert.equal(verdict(rotated, stolen), 'older')
    assert.equal(verdict(rotated, first), 'older')
  })

  it('is a fork at the same sequence, or off another predecessor', () => {
    const other = after(first, { now: now + 1 })
    assert.equal(verdict(second, other), 'fork')
    assert.equal(verdict(second, after(other)), 'fork')
  })

  it('has no say, and raises no alarm again, when the stolen first key goes on after a rotation', () => {
    const rotated = after(first, rotation)
    assert.equal(verdict(rotated, after(after(second))), 'older')
    assert.equal(verdict(rotated, after(first, { devices: [device()] })), 'older')
  })

  it('is a fork when the key in force names another key after itself, or the same sequence twice', () => {
    const rotated = after(first, rotation)
    assert.equal(verdict(rotated, after(rotated, { key: recovered, nextCommitment: keyAfter(2) })), 'fork')
    assert.equal(verdict(rotated, after(second, { key: recovered, nextCommitment: keyAfter(2) })), 'fork')
  })

  it('is a fork when a revoked device returns or a revocation is forgotten', () => {
    const revoked = after(first, { devices: [devices[0]!], revoked: [devices[1]!.id] })
    assert.equal(verdict(first, revoked), 'newer')
    assert.equal(verdict(revoked, after(revoked)), 'fork')
    assert.equal(verdict(revoked, after(revoked, { devices: [devices[0]!] })), 'fork')
  })

  it('is a fork when it is another account\'s', () => {
    const other = createManifest(suite, { account: createAccountKeys(suite, random), devices, now })
    assert.equal(verdict(first, openManifest(suite, other)), 'fork')
  })
})
