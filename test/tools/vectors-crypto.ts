/**
 * Frozen vectors of primitives, envelopes, bundles, handshake and ratchet, from seeded randomness.
 *
 * As those of identities: byte strings are hexadecimal, and each case has an `outcome`, which is ok
 * or the error code that a reader must come to. What was drawn is written out beside what was made.
 */
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import {
  bundleLocation, createBundle, inviteRouteSecret, openBundle, sealBundle
} from '../../protocol/bundle.ts'
import type { BundlePrivates } from '../../protocol/bundle.ts'
import { concat, fromHex, toHex, utf8 } from '../../protocol/bytes.ts'
import { openSigned, sealSigned } from '../../protocol/canonical.ts'
import { deriveGrant, wrapEnvelope } from '../../protocol/envelope.ts'
import { acceptHandshake, initiateHandshake, readHandshakePrefix } from '../../protocol/handshake.ts'
import { createAccountKeys, createDeviceKeys } from '../../protocol/identity.ts'
import type { AccountKeys, DeviceKeys } from '../../protocol/identity.ts'
import { labels } from '../../protocol/labels.ts'
import { createManifest, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import type { Random } from '../../protocol/ports.ts'
import { accept, encodeSession, encrypt, initiate } from '../../protocol/session.ts'
import { associationOf } from '../../protocol/session-state.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { PrekeyBundle } from '../../protocol/wire/restante.js'
import { seededRandom } from '../support/seeded-random.ts'
import { ratchetVectors, recorded } from './vectors-ratchet.ts'

const now = 1_800_000_000_000
const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, bytes.at(at)! ^ 1)

/** Names of files in protocol/vectors/, and what is in them: the same for every suite. */
export function cryptoVectors (suite: CryptoSuite = nobleSuite): Record<string, unknown> {
  return {
    'primitives.json': { spec: '00', ...primitiveVectors(suite) },
    'envelope.json': { spec: '04', ...envelopeVectors(suite) },
    'bundle.json': { spec: '05', now, ...bundleVectors(suite) },
    'handshake.json': { spec: '05', ...handshakeVectors(suite) },
    'ratchet.json': { spec: '05', ...ratchetVectors(suite) }
  }
}

function primitiveVectors (suite: CryptoSuite): object {
  const random = seededRandom('restante vectors: primitives')
  const [key, salt, bytes] = [random.bytes(32), random.bytes(32), random.bytes(50)]
  const seed = random.bytes(64)
  const coins = random.bytes(32)
  const { ciphertext, secret } = suite.encapsulate(suite.kemPrivate(seed).publicKey, coins)
  return {
    hmac: { key: toHex(key), bytes: toHex(bytes), mac: toHex(suite.hmac(key, bytes)) },
    hkdf: { salt: toHex(salt), ikm: toHex(bytes), info: toHex(key), okm: toHex(suite.hkdf(salt, bytes, key, 77)) },
    expand: { prk: toHex(key), info: toHex(bytes), okm: toHex(suite.expand(key, bytes, 44)) },
    kem: {
      seed: toHex(seed), publicKeyHash: toHex(suite.sha256(suite.kemPrivate(seed).publicKey)), coins: toHex(coins),
      ciphertextHash: toHex(suite.sha256(ciphertext)), secret: toHex(secret)
    },
    x25519: x25519Cases(suite, random),
    ed25519: ed25519Cases(suite, random)
  }
}

function x25519Cases (suite: CryptoSuite, random: Random): unknown[] {
  const seed = random.bytes(32)
  const peer = suite.x25519Private(random.bytes(32)).publicKey
  const shared = suite.x25519(suite.x25519Private(seed), peer)
  const ones = 'ff'.repeat(30)
  const refused = Object.entries({
    'zero': '00'.repeat(32),
    'one': `01${'00'.repeat(31)}`,
    'order 8, first': 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    'order 8, second': '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'p - 1': `ec${ones}7f`,
    'p, another zero': `ed${ones}7f`,
    'p + 1, another one': `ee${ones}7f`,
    'p + 2': `ef${ones}7f`,
    'a good key with the top bit set': toHex(peer.with(31, peer[31]! | 0x80))
  })
  return [
    { name: 'good key', seed: toHex(seed), publicKey: toHex(peer), shared: toHex(shared), outcome: 'ok' },
    ...refused.map(([name, publicKey]) => ({ name, seed: toHex(seed), publicKey, outcome: 'INVALID_KEY' }))
  ]
}

/** Signatures about which readers differ, most of them because they satisfy the cofactored equation. */
function ed25519Cases (suite: CryptoSuite, random: Random): unknown[] {
  const { Point } = ed25519
  const message = utf8('vectors')
  const signing = suite.ed25519Private(random.bytes(32))
  const { publicKey } = signing
  const good = suite.sign(signing, message)
  const order = Point.Fn.ORDER
  const { scalar } = ed25519.utils.getExtendedPublicKey(signing.exportSeed())
  const torsion = Point.fromHex(ED25519_TORSION_SUBGROUP[1]!)
  const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.toReversed())}`)
  const encodeScalar = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, '0'))!.toReversed()
  /** A signature by `key` (or one with a torsion component) with nonce scalar `r` and nonce point `R`. */
  const challengeOf = (R: Uint8Array, key: Uint8Array): bigint => littleEndian(sha512(concat(R, key, message))) % order
  const signWith = (r: bigint, R: Uint8Array, key: Uint8Array): Uint8Array =>
    concat(R, encodeScalar((r + challengeOf(R, key) * scalar) % order))
  /** With the next nonce whose challenge does away with the key's component, or the next whose does not. */
  const signMixed = (isExact: boolean): Uint8Array => {
    for (let r = nonce; ; r++) {
      const R = Point.BASE.multiply(r).toBytes()
      if ((challengeOf(R, mixedKey) % 8n === 0n) === isExact) return signWith(r, R, mixedKey)
    }
  }
  const mixedKey = Point.fromBytes(publicKey).add(torsion).toBytes()
  const nonce = littleEndian(random.bytes(31))
  const R = Point.BASE.multiply(nonce)
  const mixedR = R.add(torsion).toBytes()
  const identity = Point.ZERO.toBytes()
  const anything = concat(R.toBytes(), encodeScalar(nonce))
  const enlarged = concat(good.subarray(0, 32), encodeScalar(littleEndian(good.subarray(32)) + order))
  const of = (name: string, key: Uint8Array, signature: Uint8Array, outcome: 'ok' | 'INVALID_SIGNATURE'): unknown =>
    ({ name, publicKey: toHex(key), message: toHex(message), signature: toHex(signature), outcome })
  return [
    of('good', publicKey, good, 'ok'),
    of('good, with a nonce chosen here', publicKey, signWith(nonce, R.toBytes(), publicKey), 'ok'),
    of('altered', publicKey, flipped(good, 40), 'INVALID_SIGNATURE'),
    of('S + L', publicKey, enlarged, 'INVALID_SIGNATURE'),
    of('R is the identity', publicKey, signWith(0n, identity, publicKey), 'INVALID_SIGNATURE'),
    of('R has a torsion component', publicKey, signWith(nonce, mixedR, publicKey), 'INVALID_SIGNATURE'),
    of('the key has a torsion component, and the equation holds', mixedKey, signMixed(true), 'ok'),
    of('the key has a torsion component, and the equation holds up to it', mixedKey, signMixed(false), 'INVALID_SIGNATURE'),
    of('the key is another encoding of 1', fromHex(`ee${'ff'.repeat(30)}7f`)!, anything, 'INVALID_SIGNATURE'),
    of('R has small order', publicKey, signWith(0n, torsion.toBytes(), publicKey), 'INVALID_SIGNATURE'),
    ...ED25519_TORSION_SUBGROUP.map((hex, index) =>
      of(`the key has small order, ${index}`, fromHex(hex)!, anything, 'INVALID_SIGNATURE'))
  ]
}

function envelopeVectors (suite: CryptoSuite): object {
  const random = seededRandom('restante vectors: envelope')
  const grants = [random.bytes(32), random.bytes(32)].map((secret) => deriveGrant(suite, secret))
  const [grant, other] = [grants[0]!, grants[1]!]
  const inner = random.bytes(996)
  const envelope = wrapEnvelope(suite, grant, inner)
  const closed = (name: string, bytes: Uint8Array): unknown =>
    ({ name, secret: toHex(grant.secret), envelope: toHex(bytes), outcome: 'AUTHENTICATION_FAILED' })
  return {
    grants: grants.map(({ secret, address, addressHash, wrapKey }) => ({
      secret: toHex(secret), address: toHex(address), addressHash: toHex(addressHash), wrapKey: toHex(wrapKey)
    })),
    cases: [
      { name: 'wrapped', secret: toHex(grant.secret), envelope: toHex(envelope), inner: toHex(inner), outcome: 'ok' },
      closed('of another grant', wrapEnvelope(suite, other, inner)),
      closed('nonce altered', flipped(envelope, 0)),
      closed('ciphertext altered', flipped(envelope, 500)),
      closed('tag altered', flipped(envelope, -1)),
      closed('not the size of a bucket', envelope.subarray(0, 1023)),
      closed('empty', new Uint8Array(0))
    ]
  }
}

interface Person { account: AccountKeys, device: DeviceKeys, manifest: Uint8Array, accountId: Uint8Array }

function createPerson (suite: CryptoSuite, random: Random): Person {
  const account = createAccountKeys(suite, random)
  const device = createDeviceKeys(suite, random)
  const manifest = createManifest(suite, { account, devices: [deviceEntry(device, random.bytes(32), now)], now })
  return { account, device, manifest, accountId: openManifest(suite, manifest).account }
}

function bundleVectors (suite: CryptoSuite): object {
  const random = seededRandom('restante vectors: bundle')
  const owner = createPerson(suite, random)
  const offer = { device: owner.device, manifest: owner.manifest, name: 'Zoë', expiresAt: now + 1 }
  const oneTime = createBundle(suite, random, { ...offer, oneTime: true })
  const reusable = createBundle(suite, random, { ...offer, oneTime: false, expiresAt: 0 })
  const fields = PrekeyBundle.decode(openSigned(oneTime.signed, 'bundle').payload)
  const resigned = (changes: Partial<PrekeyBundle>): Uint8Array =>
    sealSigned(suite, owner.device.signing, labels.bundle, PrekeyBundle.encode({ ...fields, ...changes }))
  const wrong = (name: string, signed: Uint8Array, outcome: string): unknown =>
    ({ name, signed: toHex(signed), outcome })
  const inviteSecret = random.bytes(32)
  const stranger = createPerson(suite, random)
  const ofStranger = createBundle(suite, random, { ...offer, ...stranger, oneTime: true })
  const sealed = sealBundle(suite, inviteSecret, oneTime.signed)
  const ok = (name: string, privates: BundlePrivates): unknown => ({
    name,
    signed: toHex(privates.signed),
    outcome: 'ok',
    prekeyId: toHex(privates.prekeyId),
    prekeySeed: toHex(privates.prekeySeed),
    kemSeed: toHex(privates.kemSeed),
    oneTimeSeed: privates.oneTimeSeed === undefined ? null : toHex(privates.oneTimeSeed),
    expiresAt: privates.expiresAt,
    owner: offer.name
  })
  return {
    account: toHex(owner.accountId),
    cases: [
      ok('one-time', oneTime),
      ok('reusable, never expires', reusable),
      wrong('altered', flipped(oneTime.signed, 900), 'INVALID_SIGNATURE'),
      wrong('of another account', ofStranger.signed, 'INVALID_SIGNATURE'),
      wrong('of a device that is not listed', resigned({ device: random.bytes(16) }), 'INVALID_SIGNATURE'),
      wrong('expired', resigned({ expiresAt: now }), 'PREKEY_UNKNOWN'),
      wrong('another suite', resigned({ suite: 2 }), 'MALFORMED'),
      wrong('short one-time prekey', resigned({ oneTimePrekey: random.bytes(31) }), 'MALFORMED'),
      wrong('truncated', oneTime.signed.subarray(0, -1), 'MALFORMED')
    ],
    invite: {
      secret: toHex(inviteSecret),
      location: toHex(bundleLocation(suite, inviteSecret)),
      routeSecrets: [0, 1, 2].map((index) => toHex(inviteRouteSecret(suite, inviteSecret, index))),
      sealed: [
        { name: 'sealed', sealed: toHex(sealed), signed: toHex(oneTime.signed), outcome: 'ok' },
        { name: 'altered', sealed: toHex(flipped(sealed, 100)), outcome: 'AUTHENTICATION_FAILED' },
        { name: 'truncated', sealed: toHex(sealed.subarray(0, 20)), outcome: 'AUTHENTICATION_FAILED' }
      ]
    }
  }
}

function handshakeVectors (suite: CryptoSuite): object {
  const random = seededRandom('restante vectors: handshake')
  const [a, b, thief] = [createPerson(suite, random), createPerson(suite, random), createPerson(suite, random)]
  const runs = [true, false].map((oneTime) => {
    const privates = createBundle(suite, random, { ...b, name: 'Bob', oneTime, expiresAt: 0 })
    const bundle = openBundle(suite, privates.signed, { account: b.accountId, now })
    const drawn = recorded(random)
    const first = encrypt(suite, drawn, initiate(suite, drawn, { ...a, bundle }), utf8('hello'), 2048)
    const second = encrypt(suite, drawn, first.session, utf8('again'), 2048)
    const prefix = readHandshakePrefix(first.inner)!
    const { keys } = acceptHandshake(suite, { device: b.device, privates, prefix })
    const drawnByAcceptor = recorded(random)
    const accepted = accept(suite, drawnByAcceptor, { device: b.device, privates, inner: first.inner })
    const forged = initiateHandshake(suite, random, { device: thief.device, manifest: a.manifest, bundle }).prefix
    const wrong = (name: string, inner: Uint8Array, outcome: string): unknown =>
      ({ name, inner: toHex(inner), outcome })
    const refused = [
      wrong('of another prekey', flipped(first.inner, 1), 'PREKEY_UNKNOWN'),
      wrong('ephemeral key altered', flipped(first.inner, 9), 'AUTHENTICATION_FAILED'),
      wrong('ephemeral key of low order', concat(first.inner.subarray(0, 9), new Uint8Array(32),
        first.inner.subarray(41)), 'INVALID_KEY'),
      wrong('KEM ciphertext altered', flipped(first.inner, 41), 'AUTHENTICATION_FAILED'),
      wrong('length altered', flipped(first.inner, 1130), 'AUTHENTICATION_FAILED'),
      wrong('initiator altered', flipped(first.inner, 1131), 'AUTHENTICATION_FAILED'),
      wrong('sealed header altered', flipped(first.inner, prefix.length + 12), 'AUTHENTICATION_FAILED'),
      wrong('body altered', flipped(first.inner, -1), 'AUTHENTICATION_FAILED'),
      wrong('of who only knows the manifest', concat(forged, first.inner.subarray(prefix.length)),
        'AUTHENTICATION_FAILED'),
      wrong('truncated', prefix, 'AUTHENTICATION_FAILED')
    ]
    return {
      oneTime,
      bundle: toHex(privates.signed),
      prekeySeed: toHex(privates.prekeySeed),
      kemSeed: toHex(privates.kemSeed),
      oneTimeSeed: privates.oneTimeSeed === undefined ? null : toHex(privates.oneTimeSeed),
      prekeyId: toHex(privates.prekeyId),
      draws: drawn.draws,
      acceptorDraws: drawnByAcceptor.draws,
      t1: toHex(keys.id),
      association: toHex(associationOf(suite, keys.id)),
      root: toHex(keys.root),
      initiatorHeaderKey: toHex(keys.initiatorHeaderKey),
      acceptorHeaderKey: toHex(keys.acceptorHeaderKey),
      pqRoot: toHex(keys.pqRoot),
      initiatorState: toHex(encodeSession(second.session)),
      acceptorState: toHex(encodeSession(accepted.session)),
      cases: [
        { name: 'first', inner: toHex(first.inner), content: 'hello', outcome: 'ok' },
        { name: 'second, before an answer', inner: toHex(second.inner), content: 'again', outcome: 'ok' },
        ...(oneTime ? refused : [])
      ]
    }
  })
  return {
    initiator: {
      deviceId: toHex(a.device.id), exchangeSeed: toHex(a.device.exchange.exportSeed()), manifest: toHex(a.manifest)
    },
    acceptor: { exchangeSeed: toHex(b.device.exchange.exportSeed()), account: toHex(b.accountId) },
    runs
  }
}
