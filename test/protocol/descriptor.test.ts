/**
 * Blinded descriptors, against relays that replay, squatters, and whoever links periods.
 * Spec 02 §Descriptor.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import { concat, u64be } from '../../protocol/bytes.ts'
import {
  blindedKey, createDescriptor, descriptorPeriod, descriptorSlot, openDescriptor, verifyDescriptorRecord
} from '../../protocol/descriptor.ts'
import type { DescriptorContents } from '../../protocol/descriptor.ts'
import { RestanteError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { createAccountKeys, createDeviceKeys } from '../../protocol/identity.ts'
import type { AccountKeys } from '../../protocol/identity.ts'
import { labels } from '../../protocol/labels.ts'
import { descriptorBytesMax, descriptorLifetimeMsMax, descriptorPeriodMs } from '../../protocol/limits.ts'
import { createManifest, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { DescriptorRecord } from '../../protocol/wire/restante.js'
import { seededRandom } from '../support/seeded-random.ts'

const now = 1_800_000_000_000
const period = descriptorPeriod(now)
const random = seededRandom('descriptor')
const relay = (n: number): DescriptorContents['routes'][number] => ({
  device: false,
  peerKey: random.bytes(32),
  multiaddrs: [
    `/ip4/203.0.113.${n}/tcp/4001`,
    `/dns4/relay-${n}.example.org/tcp/443/tls/ws`,
    `/ip4/203.0.113.${n}/udp/4001/webrtc-direct/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g`
  ]
})

function newAccount (): { keys: AccountKeys, id: Uint8Array, contents: DescriptorContents } {
  const keys = createAccountKeys(suite, random)
  const devices = [deviceEntry(createDeviceKeys(suite, random), random.bytes(32), now)]
  const manifest = openManifest(suite, createManifest(suite, { account: keys, devices, now }))
  const routes = [relay(1), relay(2), relay(3)]
  const contents = { secret: random.bytes(32), manifestHash: manifest.hash, routes }
  return { keys, id: manifest.account, contents }
}

const alice = newAccount()
const mallory = newAccount()

type Account = ReturnType<typeof newAccount>
type Changes = Partial<Parameters<typeof createDescriptor>[2]>
const publish = (account: Account, changes: Changes = {}): Uint8Array => createDescriptor(suite, random, {
  account: account.keys,
  accountId: account.id,
  contents: account.contents,
  period,
  sequence: 1,
  expiresAt: now + 3_600_000,
  ...changes
})
const record = publish(alice)

function refused (bytes: Uint8Array, at: number, ...codes: ErrorCode[]): void {
  assert.throws(() => verifyDescriptorRecord(suite, bytes, at), (error: unknown) => {
    assert.ok(error instanceof RestanteError, String(error))
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`)
    return true
  })
}

describe('a descriptor', () => {
  it('is found and opened by whoever knows the account id, and nothing else', () => {
    const opened = openDescriptor(suite, alice.id, record, now)
    assert.deepEqual(opened, { ...alice.contents, sequence: 1, expiresAt: now + 3_600_000 })
  })

  it('shows to its relay slot, blinded key and times only', () => {
    assert.deepEqual(verifyDescriptorRecord(suite, record, now), {
      slot: descriptorSlot(suite, alice.id, period),
      blindedKey: blindedKey(suite, alice.keys.inception.publicKey, period),
      period,
      sequence: 1,
      expiresAt: now + 3_600_000
    })
  })

  it('is not opened under another account id', () => {
    assert.equal(openDescriptor(suite, mallory.id, record, now), undefined)
    const near = alice.id.map((byte, i) => i === 31 ? byte ^ 1 : byte)
    assert.equal(openDescriptor(suite, near, record, now), undefined)
  })

  it('is refused when any one bit of it is another', () => {
    for (let i = 0; i < record.length; i += 7) {
      const altered = record.slice()
      altered[i]! ^= 1 << (i % 8)
      assert.throws(() => verifyDescriptorRecord(suite, altered, now), RestanteError, `byte ${i}`)
      assert.equal(openDescriptor(suite, alice.id, altered, now), undefined)
    }
  })

  it('is refused when cut off, extended, or over a KiB', () => {
    for (let length = 0; length < record.length; length += 7) {
      refused(record.subarray(0, length), now, 'MALFORMED', 'NOT_CANONICAL')
    }
    refused(concat(record, Uint8Array.of(0x40, 1)), now, 'NOT_CANONICAL')
    refused(new Uint8Array(descriptorBytesMax + 1), now, 'FIELD_TOO_LARGE')
    const small = { ...DescriptorRecord.decode(record), sealed: new Uint8Array(100) }
    refused(DescriptorRecord.encode(small), now, 'MALFORMED')
  })

  it('is refused once expired, or when it would be kept for longer than 48 hours', () => {
    refused(record, now + 3_600_000, 'EXPIRED')
    const longest = publish(alice, { expiresAt: now + descriptorLifetimeMsMax })
    assert.equal(verifyDescriptorRecord(suite, longest, now).expiresAt, now + descriptorLifetimeMsMax)
    refused(longest, now - 1, 'BAD_REQUEST')
    assert.equal(openDescriptor(suite, alice.id, record, now + 3_600_000), undefined)
  })

  it('is taken for the period before, the current and the next one, and no other', () => {
    for (const offset of [-1, 0, 1]) {
      const dated = publish(alice, { period: period + offset })
      assert.equal(verifyDescriptorRecord(suite, dated, now).period, period + offset)
    }
    for (const offset of [-2, 2]) {
      const misdated = publish(alice, { period: period + offset })
      refused(misdated, now, 'BAD_REQUEST')
      assert.equal(openDescriptor(suite, alice.id, misdated, now), undefined)
    }
  })

  it('cannot be moved to another slot, period, sequence or expiry', () => {
    for (const changes of [
      { slot: descriptorSlot(suite, mallory.id, period) },
      { slot: descriptorSlot(suite, alice.id, period + 1), period: period + 1 },
      { sequence: 2 },
      { expiresAt: now + 7_200_000 },
      { blindedKey: blindedKey(suite, mallory.keys.inception.publicKey, period) }
    ]) {
      const made = { ...DescriptorRecord.decode(record), ...changes }
      refused(DescriptorRecord.encode(made), now, 'INVALID_SIGNATURE')
    }
  })

  it('of a lower sequence shows it, so that a replay can be told', () => {
    const older = verifyDescriptorRecord(suite, record, now)
    const newer = verifyDescriptorRecord(suite, publish(alice, { sequence: 2 }), now)
    assert.deepEqual([older.sequence, newer.sequence], [1, 2])
    assert.deepEqual(newer.blindedKey, older.blindedKey)
    assert.deepEqual(newer.slot, older.slot)
  })

  it('of a squatter, in the slot and validly signed, convinces a relay and no reader', () => {
    const squatter = squat()
    const { slot } = verifyDescriptorRecord(suite, squatter, now)
    assert.deepEqual(slot, descriptorSlot(suite, alice.id, period))
    assert.equal(openDescriptor(suite, alice.id, squatter, now), undefined)
    assert.equal(openDescriptor(suite, mallory.id, squatter, now), undefined)
  })

  it('of two periods shares no eight bytes with the other one', () => {
    const other = publish(alice, { period: period + 1, sequence: 77, expiresAt: now + 7_777_777 })
    const [a, b] = [DescriptorRecord.decode(record), DescriptorRecord.decode(other)]
    assert.equal(record.length, other.length)
    for (const field of ['slot', 'blindedKey', 'sealed', 'signature'] as const) {
      const shown = Buffer.from(a[field])
      for (let i = 0; i + 8 <= b[field].length; i++) {
        assert.ok(!shown.includes(Buffer.from(b[field].subarray(i, i + 8))), `${field} at ${i}`)
      }
    }
  })

  it('holds neither account id, account key, secret nor addresses in the clear', () => {
    const shown = Buffer.from(record)
    const { secret, manifestHash, routes } = alice.contents
    const accountKey = alice.keys.inception.publicKey
    for (const hidden of [alice.id, accountKey, secret, manifestHash, routes[0]!.peerKey]) {
      assert.ok(!shown.includes(Buffer.from(hidden.subarray(0, 8))))
    }
    assert.ok(!shown.includes('example.org'))
  })

  it('has one size, whatever is in it', () => {
    const sizes = [[], [relay(1)], alice.contents.routes].map(routes =>
      publish(alice, { contents: { ...alice.contents, routes } }).length)
    assert.deepEqual(new Set(sizes), new Set([record.length]))
    assert.ok(publish(alice, { sequence: Number.MAX_SAFE_INTEGER }).length <= descriptorBytesMax)
  })

  it('leaves out addresses that do not fit, evenly, and keeps every relay', () => {
    const routes = [1, 2, 3].map(n => ({
      ...relay(n),
      multiaddrs: Array.from({ length: 8 }, (_, i) => `/dns4/${'r'.repeat(60)}-${n}${i}.example.org/tcp/443`)
    }))
    const made = publish(alice, { contents: { ...alice.contents, routes } })
    const opened = openDescriptor(suite, alice.id, made, now)
    const counts = opened!.routes.map(route => route.multiaddrs.length)
    assert.ok(Math.min(...counts) >= 2 && Math.max(...counts) - Math.min(...counts) <= 1, counts.join())
    const firstOf = (all: typeof routes): unknown => all.map(route => route.multiaddrs[0])
    assert.deepEqual(firstOf(opened!.routes), firstOf(routes))
  })

  it('is not made for another account, nor of impossible contents', () => {
    assert.throws(() => publish(alice, { accountId: mallory.id }), { code: 'USAGE' })
    const { contents } = alice
    for (const wrong of [
      { ...contents, secret: new Uint8Array(31) },
      { ...contents, manifestHash: new Uint8Array(0) },
      { ...contents, routes: [1, 2, 3, 4].map(relay) }
    ]) {
      assert.throws(() => publish(alice, { contents: wrong }), { code: 'USAGE' })
    }
  })

  it('is found in another slot every day', () => {
    assert.equal(descriptorPeriod(0), 0)
    assert.equal(descriptorPeriod(descriptorPeriodMs - 1), 0)
    assert.equal(descriptorPeriod(descriptorPeriodMs), 1)
    assert.notDeepEqual(descriptorSlot(suite, alice.id, 1), descriptorSlot(suite, alice.id, 2))
  })
})

describe('a blinded key', () => {
  it('is another one each period, and of each account', () => {
    const accountKeys = [alice, mallory].map(({ keys }) => keys.inception.publicKey)
    const keys = [1, 2].flatMap(p => accountKeys.map(key => blindedKey(suite, key, p)))
    assert.equal(new Set(keys.map(String)).size, 4)
  })

  it('is not made of a point of small order, of mixed order, or of no point', () => {
    const torsion = ed25519.Point.fromHex(ED25519_TORSION_SUBGROUP[1]!)
    const mixed = ed25519.Point.fromBytes(alice.keys.inception.publicKey).add(torsion)
    for (const key of [
      Uint8Array.of(1, ...new Uint8Array(31)),
      new Uint8Array(32),
      new Uint8Array(32).fill(0xff),
      new Uint8Array(31),
      mixed.toBytes()
    ]) {
      assert.throws(() => blindedKey(suite, key, 1), { code: 'INVALID_KEY' })
    }
  })

  it('signs with nonces of its own: the account key\'s signature of the same bytes shares no R', () => {
    const { sealed, signature, ...head } = DescriptorRecord.decode(record)
    const message = concat(labels.descriptorSignature, head.slot, head.blindedKey, u64be(head.period),
      u64be(head.sequence), u64be(head.expiresAt), sealed)
    assert.ok(suite.verify(head.blindedKey, message, signature))
    assert.notDeepEqual(suite.sign(alice.keys.inception, message).subarray(0, 32), signature.subarray(0, 32))
  })
})

/** Mallory knows Alice's id, so he reads her record; he puts what he read in her slot, signed by himself. */
function squat (): Uint8Array {
  const read = DescriptorRecord.decode(record)
  const key = blindedKey(suite, mallory.keys.inception.publicKey, period)
  const head = concat(read.slot, key, u64be(period), u64be(9), u64be(read.expiresAt))
  const sealKey = (of: Uint8Array): Uint8Array =>
    suite.hkdf(labels.descriptorKey, alice.id, concat(u64be(period), of), 32)
  const aad = (of: Uint8Array, sequence: number): Uint8Array =>
    concat(labels.descriptorSeal, read.slot, of, u64be(period), u64be(sequence), u64be(read.expiresAt))
  const nonce = read.sealed.subarray(0, 12)
  const of = read.blindedKey
  const plaintext = suite.open(sealKey(of), nonce, read.sealed.subarray(12), aad(of, 1))
  assert.ok(plaintext !== undefined, 'the seal is not as the specification says')
  const sealed = concat(nonce, suite.seal(sealKey(key), nonce, plaintext, aad(key, 9)))
  const signature = blindSign(key, concat(labels.descriptorSignature, head, sealed))
  return DescriptorRecord.encode({ ...read, blindedKey: key, sequence: 9, sealed, signature })
}

/** Ed25519 with Mallory's blinded scalar, written anew from the specification. */
function blindSign (key: Uint8Array, message: Uint8Array): Uint8Array {
  const { Fn, BASE } = ed25519.Point
  const scalarOf = (bytes: Uint8Array): bigint =>
    Fn.create(BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`))
  const { inception } = mallory.keys
  const h = scalarOf(suite.hkdf(labels.descriptorBlinding, inception.publicKey, u64be(period), 64))
  const blinded = Fn.mul(h, Fn.create(ed25519.utils.getExtendedPublicKey(inception.exportSeed()).scalar))
  const r = scalarOf(random.bytes(64))
  const R = BASE.multiply(r).toBytes()
  const k = scalarOf(createHash('sha512').update(concat(R, key, message)).digest())
  return concat(R, Fn.toBytes(Fn.add(r, Fn.mul(k, blinded))))
}
