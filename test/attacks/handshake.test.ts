/** Attacks on how a session begins, and on keys. The numbers are those of docs/threat-model.md. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { createBundle, openBundle } from '../../protocol/bundle.ts'
import { concat, fromHex, toHex, utf8 } from '../../protocol/bytes.ts'
import { openSigned, sealSigned, verifySigned } from '../../protocol/canonical.ts'
import { CryptoError, RestanteError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { acceptHandshake, initiateHandshake, readHandshakePrefix } from '../../protocol/handshake.ts'
import type { HandshakeKeys } from '../../protocol/handshake.ts'
import { createAccountKeys } from '../../protocol/identity.ts'
import { labels } from '../../protocol/labels.ts'
import { createManifest, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import { ownershipMessage } from '../../protocol/ownership.ts'
import { accept, decrypt, encodeSession, encrypt, initiate } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { decodeCanonical } from '../../protocol/wire/decode.ts'
import { PrekeyBundle } from '../../protocol/wire/restante.js'
import { countingSuite } from '../support/counting-suite.ts'
import { bothSuites, createParty, native, publish, someTime } from '../support/parties.ts'
import type { Party } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'

function refuses (code: ErrorCode, run: () => unknown): void {
  assert.throws(run, (error) => error instanceof RestanteError && error.code === code, code)
}

const seedsOf = ({ root, initiatorHeaderKey, acceptorHeaderKey, pqRoot }: HandshakeKeys): string[] =>
  [root, initiatorHeaderKey, acceptorHeaderKey, pqRoot].map(toHex)

/** No key of one is a key of the other. */
function shareNothing (one: HandshakeKeys, other: HandshakeKeys): void {
  const known = new Set(seedsOf(one))
  assert.ok(seedsOf(other).every((key) => !known.has(key)))
}

function setUp (seed: string): { a: Party, b: Party } & ReturnType<typeof publish> {
  const random = seededRandom(seed)
  const [a, b] = [createParty(native, random), createParty(native, random)]
  return { a, b, ...publish(b) }
}

/** All of `b`'s keys, in a bundle that another signs: what an identity misbinding begins with. */
function bundleInTheNameOf (thief: Party, b: Party, signed: Uint8Array): { signed: Uint8Array, account: Uint8Array } {
  const entry = { ...deviceEntry(thief.device, new Uint8Array(32).fill(1), someTime), exchangeKey: b.device.exchange.publicKey }
  const manifest = createManifest(native, { account: thief.account, devices: [entry], now: someTime })
  const payload = decodeCanonical(PrekeyBundle, openSigned(signed, 'bundle').payload, 'bundle')
  const copy = PrekeyBundle.encode({ ...payload, manifest, device: thief.device.id, name: 'Mallory' })
  return {
    signed: sealSigned(native, thief.device.signing, labels.bundle, copy), account: openManifest(native, manifest).account
  }
}

/**
 * The initiator's side with A's public keys alone: `secretOf` is what the attacker has in place of the
 * agreement of A's identity key and B's prekey.
 */
function impersonating (a: Party, thief: Party, secretOf: (publicKey: Uint8Array) => Uint8Array): CryptoSuite {
  const own = thief.device.exchange
  return { ...native, x25519: (key, publicKey) => key === own ? secretOf(publicKey) : native.x25519(key, publicKey) }
}

describe('attacks on the beginning of a session', () => {
  it('S04: the first message is accepted once: later copies are told by the session that it began', () => {
    const { a, b, privates, bundle } = setUp('S04')
    const { inner } = encrypt(native, a.random, initiate(native, a.random, { ...a, bundle }), utf8('hello'), 2048)
    const { session } = accept(native, b.random, { device: b.device, privates, inner })
    const before = encodeSession(session)
    refuses('REPLAYED', () => decrypt(native, b.random, session, inner))
    assert.deepEqual(encodeSession(session), before)
    // After a one-time prekey was deleted, nothing is left to accept the copy with.
    refuses('PREKEY_UNKNOWN', () => accept(native, b.random, { device: b.device, privates: publish(b).privates, inner }))
  })

  it('S08: who offers another\'s keys as his own does not make two people misjudge whom they talk to', () => {
    const { a, b, privates } = setUp('S08')
    const mallory = createParty(native, seededRandom('S08 mallory'))
    const { signed, account } = bundleInTheNameOf(mallory, b, privates.signed)
    // To A it is Mallory's bundle, and a right one.
    const bundle = openBundle(native, signed, { account, now: someTime })
    const { inner } = encrypt(native, a.random, initiate(native, a.random, { ...a, bundle }), utf8('to Mallory'), 2048)
    refuses('AUTHENTICATION_FAILED', () => accept(native, b.random, { device: b.device, privates, inner }))
    // All secrets agree: it is the transcript, with the signed bundle in it, that keeps them apart.
    const misled = accept(native, b.random, { device: b.device, privates: { ...privates, signed }, inner })
    assert.deepEqual(misled.content, utf8('to Mallory'))
  })

  it('S08: another account, device or manifest gives other keys', () => {
    const { a, b, bundle } = setUp('S08 keys')
    const from = (changes: Partial<Pick<Party, 'device' | 'manifest'>>): HandshakeKeys =>
      initiateHandshake(native, seededRandom('S08 same randomness'), { ...a, bundle, ...changes }).keys
    const keys = from({})
    assert.deepEqual(seedsOf(from({})), seedsOf(keys), 'the same again gives the same')
    shareNothing(keys, from({ device: { ...a.device, id: a.device.id.with(0, a.device.id[0]! ^ 1) } }))
    shareNothing(keys, from({ device: { ...a.device, exchange: b.device.exchange } }))
    const devices = openManifest(native, a.manifest).devices
    shareNothing(keys, from({ manifest: createManifest(native, { account: a.account, devices, now: someTime + 1 }) }))
    const account = createAccountKeys(native, seededRandom('S08 account'))
    shareNothing(keys, from({ manifest: createManifest(native, { account, devices, now: someTime }) }))
  })

  it('S09: another ciphertext or KEM key gives other keys, though the KEM secret be the same', () => {
    const { a, b, privates, bundle } = setUp('S09')
    const { prefix, keys } = initiateHandshake(native, a.random, { ...a, bundle })
    const certificate = concat(a.manifest, a.device.id)
    // The most that an attacker could bring about: one KEM secret under any ciphertext, and no seal to stop him.
    const blind: CryptoSuite = { ...native, decapsulate: () => new Uint8Array(32).fill(7), open: () => certificate }
    const under = (bytes: Uint8Array): HandshakeKeys =>
      acceptHandshake(blind, { device: b.device, privates, prefix: bytes }).keys
    assert.deepEqual(seedsOf(under(prefix)), seedsOf(under(prefix)))
    for (const at of [41, 600, 1128]) shareNothing(under(prefix), under(prefix.with(at, prefix[at]! ^ 1)))
    shareNothing(keys, under(prefix))
    const other = createBundle(native, b.random, { ...b, name: 'Bob', oneTime: true, expiresAt: someTime + 1 })
    shareNothing(under(prefix), acceptHandshake(blind,
      { device: b.device, privates: { ...privates, signed: other.signed }, prefix }).keys)
  })

  it('S09: a key of one kind is never read as one of the other', () => {
    const { b, privates } = setUp('S09 kinds')
    for (const suite of bothSuites) {
      refuses('INVALID_KEY', () => suite.encapsulate(b.device.exchange.publicKey, new Uint8Array(32).fill(1)))
      const own = suite.x25519Private(new Uint8Array(32).fill(2))
      refuses('INVALID_KEY', () => suite.x25519(own, suite.kemPrivate(privates.kemSeed).publicKey))
    }
  })

  it('S10: weak and non-canonical points are refused by every backend, in bundle, handshake and ratchet', () => {
    const weak = ['00'.repeat(32), `01${'00'.repeat(31)}`,
      'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
      '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
      `ec${'ff'.repeat(30)}7f`, `ed${'ff'.repeat(30)}7f`, `ee${'ff'.repeat(30)}7f`]
      .map((hex) => fromHex(hex)!)
    const { a, b, privates, bundle } = setUp('S10')
    // Of full order, and encoded in a second way: 2 and 18 above the prime, and an honest key with its top bit set.
    const honest = b.device.exchange.publicKey
    const second = [`ef${'ff'.repeat(30)}7f`, `ff${'ff'.repeat(30)}7f`].map((hex) => fromHex(hex)!)
    const points = [...weak, ...weak.map((point) => point.with(31, point[31]! | 0x80)), ...second,
      honest.with(31, honest[31]! | 0x80)]
    const { inner } = encrypt(native, a.random, initiate(native, a.random, { ...a, bundle }), utf8('hello'), 2048)
    for (const suite of bothSuites) {
      const own = suite.x25519Private(new Uint8Array(32).fill(3))
      for (const point of points) {
        refuses('INVALID_KEY', () => suite.x25519(own, point))
        refuses('INVALID_KEY', () => initiate(suite, a.random, { ...a, bundle: { ...bundle, prekey: point } }))
        const altered = inner.slice()
        altered.set(point, 9)
        assert.throws(() => accept(suite, b.random, { device: b.device, privates, inner: altered }), CryptoError)
      }
      assert.equal(suite.x25519(own, b.device.exchange.publicKey).length, 32)
    }
  })

  it('S12: with a device\'s identity key alone nobody passes for another towards it; with its prekeys too he does', () => {
    const { a, b, privates, bundle } = setUp('S12')
    const thief = createParty(native, seededRandom('S12 thief'))
    const forge = (suite: CryptoSuite): Uint8Array => encrypt(native, a.random, initiate(suite, a.random,
      { device: { ...thief.device, id: a.device.id }, manifest: a.manifest, bundle }), utf8('I am A'), 2048).inner
    const take = (inner: Uint8Array) => accept(native, b.random, { device: b.device, privates, inner })
    const exchangeOfA = a.device.exchange.publicKey
    // B's identity key is all he took. It agrees with A's identity, and that is in no derivation.
    const identityOnly = impersonating(a, thief, () => native.x25519(b.device.exchange, exchangeOfA))
    refuses('AUTHENTICATION_FAILED', () => take(forge(identityOnly)))
    refuses('AUTHENTICATION_FAILED', () => take(forge(native)))
    // The known limit of such handshakes.
    const prekey = native.x25519Private(privates.prekeySeed)
    const withPrekey = impersonating(a, thief, () => native.x25519(prekey, exchangeOfA))
    assert.deepEqual(take(forge(withPrekey)).peer.account, a.accountId)
  })

  it('S14: a bundle that has expired is refused, whoever hands it out', () => {
    const { b, privates } = setUp('S14')
    assert.equal(openBundle(native, privates.signed, { account: b.accountId, now: someTime }).expiresAt, someTime + 1)
    refuses('PREKEY_UNKNOWN', () => openBundle(native, privates.signed, { account: b.accountId, now: someTime + 1 }))
  })

  it('S30: a bundle without its KEM key or of another suite is refused, though its owner signed it', () => {
    const { a, b, privates } = setUp('S30')
    const payload = decodeCanonical(PrekeyBundle, openSigned(privates.signed, 'bundle').payload, 'bundle')
    const open = (changes: Partial<PrekeyBundle>) => openBundle(native, sealSigned(native, b.device.signing, labels.bundle,
      PrekeyBundle.encode({ ...payload, ...changes })), { account: b.accountId, now: someTime })
    assert.ok(open({}))
    for (const kemPrekey of [new Uint8Array(0), payload.kemPrekey.subarray(0, 1183), payload.prekey]) {
      refuses('MALFORMED', () => open({ kemPrekey }))
    }
    for (const suite of [0, 2, 0xffff]) refuses('MALFORMED', () => open({ suite }))
    // Without the one-time key the owner's own signature no longer fits: nobody in between can take it out.
    const stripped = open({ oneTimePrekey: new Uint8Array(0) })
    const { inner } = encrypt(native, a.random, initiate(native, a.random, { ...a, bundle: stripped }), utf8('x'), 2048)
    refuses('AUTHENTICATION_FAILED', () => accept(native, b.random, { device: b.device, privates, inner }))
  })

  it('S32: what is said in a session could have been made up by who received it', () => {
    const { a, b, privates, bundle } = setUp('S32')
    // B alone, with A's public keys: a conversation that A never had.
    const fabricating = impersonating(a, b, () =>
      native.x25519(native.x25519Private(privates.prekeySeed), a.device.exchange.publicKey))
    const made = encrypt(native, b.random, initiate(fabricating, b.random,
      { device: { ...b.device, id: a.device.id }, manifest: a.manifest, bundle }), utf8('I owe you money'), 2048)
    const accepted = accept(native, b.random, { device: b.device, privates, inner: made.inner })
    assert.deepEqual([accepted.peer.account, accepted.content], [a.accountId, utf8('I owe you money')])
    // And nothing of A's real sessions is signed.
    const { suite, counts } = countingSuite(native)
    const first = encrypt(suite, a.random, initiate(suite, a.random, { ...a, bundle }), utf8('hello'), 2048)
    const answer = encrypt(suite, b.random,
      accept(suite, b.random, { device: b.device, privates, inner: first.inner }).session, utf8('yes'), 1024)
    encrypt(suite, a.random, decrypt(suite, a.random, first.session, answer.inner).session, utf8('no'), 1024)
    assert.equal(counts.signatures, 0)
    assert.ok(counts.derivations > 0)
  })

  it('S34: two sessions of one stream of randomness differ by what they are about', () => {
    const { a, b, bundle } = setUp('S34')
    const other = publish(b).bundle
    const start = (to: typeof bundle): HandshakeKeys =>
      initiateHandshake(native, seededRandom('S34 repeated'), { ...a, bundle: to }).keys
    shareNothing(start(bundle), start(other))
    refuses('RANDOMNESS_FAILED', () => initiateHandshake(native, { bytes: (n) => new Uint8Array(n) }, { ...a, bundle }))
  })
})

describe('attacks on signatures and printed keys', () => {
  const key = native.ed25519Private(new Uint8Array(32).fill(4))

  it('S28: a proof of ownership is worth nothing on another stream, at another relay, or for another key', () => {
    const part = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
    const context = { relayKey: part(1), clientKey: part(2), relayNonce: part(3), clientNonce: part(4) }
    const signature = native.sign(key, ownershipMessage(context, key.publicKey))
    assert.ok(native.verify(key.publicKey, ownershipMessage(context, key.publicKey), signature))
    for (const name of Object.keys(context) as Array<keyof typeof context>) {
      const elsewhere = ownershipMessage({ ...context, [name]: part(9) }, key.publicKey)
      assert.ok(!native.verify(key.publicKey, elsewhere, signature), name)
    }
    assert.ok(!native.verify(key.publicKey, ownershipMessage(context, part(9)), signature))
  })

  it('S29: what is signed for one purpose is valid for no other', () => {
    const payload = utf8('anything')
    const all = Object.values(labels)
    for (const label of all) {
      const signed = openSigned(sealSigned(native, key, label, payload), 'test')
      for (const other of all) {
        const verify = (): void => { verifySigned(native, key.publicKey, other, signed, 'test') }
        if (other === label) verify()
        else refuses('INVALID_SIGNATURE', verify)
      }
    }
  })

  it('S33: printing keys, sessions and errors shows no secret', () => {
    const secrets = new Set<string>()
    const { suite } = countingSuite(native, (bytes) => { secrets.add(toHex(bytes)) })
    const random = seededRandom('S33')
    const [a, b] = [createParty(suite, random), createParty(suite, random)]
    const { privates, bundle } = publish(b)
    const first = encrypt(suite, random, initiate(suite, random, { ...a, bundle }), utf8('hello'), 2048)
    const accepted = accept(suite, random, { device: b.device, privates, inner: first.inner })
    const printed: string[] = []
    const print = (value: unknown): void => {
      printed.push(inspect(value, { depth: 9, showHidden: true, maxArrayLength: null, compact: false }), String(value),
        JSON.stringify(value))
    }
    for (const value of [first.session, accepted.session, a.device, b.device, a.account.inception]) print(value)
    for (const damaged of [first.inner.with(5, 255), first.inner.with(1500, first.inner[1500]! ^ 1), first.inner.subarray(9)]) {
      try {
        accept(suite, random, { device: b.device, privates, inner: damaged })
        assert.fail('a damaged message was accepted')
      } catch (error) {
        print(error)
        printed.push(String((error as Error).stack))
      }
    }
    // Bytes as a list, whoever printed them.
    const text = printed.join('\n').replaceAll(/"\d+":/g, '').replaceAll(/\s+/g, '')
    const shows = (hex: string, where: string): boolean => {
      const bytes = Buffer.from(hex, 'hex')
      return [hex, bytes.toString('base64').slice(0, 20), bytes.toString('base64url').slice(0, 20),
        bytes.subarray(0, 12).join(',')].some((form) => where.includes(form))
    }
    assert.ok(secrets.size > 20)
    // Ids and tags are outputs too, and meant to be seen.
    const shown = [first.session.id, first.session.handshakeTag, readHandshakePrefix(first.inner)!].map(toHex)
    for (const secret of secrets) {
      if (!shown.includes(secret)) assert.ok(!shows(secret, text), 'a secret is printed')
    }
    assert.ok(shows(toHex(encodeSession(first.session).subarray(2, 34)), text), 'the search finds what is there')
  })
})
