/**
 * The frozen vectors of spec 00, 04 and 05: unchanged, and true of the code that reads, on both
 * suites. What is read here comes from the files alone.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { bundleLocation, inviteRouteSecret, openBundle, unsealBundle } from '../../protocol/bundle.ts'
import type { BundlePrivates } from '../../protocol/bundle.ts'
import { concat, toHex } from '../../protocol/bytes.ts'
import { deriveGrant, hashAddress, unwrapEnvelope, wrapEnvelope } from '../../protocol/envelope.ts'
import { codeOf } from '../../protocol/errors.ts'
import { acceptHandshake, readHandshakePrefix, readPrekeyId } from '../../protocol/handshake.ts'
import type { DeviceKeys } from '../../protocol/identity.ts'
import type { Random } from '../../protocol/ports.ts'
import { pqRatchet } from '../../protocol/pq-ratchet.ts'
import type { PqState } from '../../protocol/pq-ratchet.ts'
import { ratchetDecrypt, ratchetEncrypt, startAcceptor, startInitiator } from '../../protocol/ratchet.ts'
import { accept, decodeSession, decrypt, encodeSession, encrypt, initiate } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { bothSuites } from '../support/parties.ts'
import { bytesOf } from '../support/published-vectors.ts'
import { cryptoVectors } from '../tools/vectors-crypto.ts'

/** A case or an object of a file. Fields are checked by `bytesOf` where they are used. */
type Row = Record<string, unknown>

const file = (name: string): Row =>
  JSON.parse(readFileSync(new URL(`../../protocol/vectors/${name}`, import.meta.url), 'utf8')) as Row
const rows = (value: unknown): Row[] => value as Row[]
const row = (value: unknown): Row => value as Row
const texts = (value: unknown): string[] => value as string[]

/** What a reader came to: ok, or the code of its error. */
function outcomeOf (run: () => boolean | undefined | void): string {
  try {
    return run() === false ? 'INVALID_SIGNATURE' : 'ok'
  } catch (error) {
    return codeOf(error)
  }
}

/** Gives exactly what is written down, in that order. */
function tape (draws: unknown): Random & { assertUsedUp: () => void } {
  const left = [...texts(draws)]
  return {
    bytes: (length) => {
      const bytes = bytesOf(left.shift())
      assert.equal(bytes.length, length)
      return bytes
    },
    assertUsedUp: () => { assert.deepEqual(left, []) }
  }
}

const anyRandom: Random = { bytes: (length) => new Uint8Array(length).fill(1) }
const noRandom: Random = { bytes: () => { throw new Error('nothing is drawn here') } }

/** Keys of which a handshake uses the exchange key alone. */
function deviceOf (suite: CryptoSuite, fields: Row): DeviceKeys {
  const exchange = suite.x25519Private(bytesOf(fields['exchangeSeed']))
  return { id: bytesOf(fields['deviceId'] ?? ''), signing: suite.ed25519Private(new Uint8Array(32)), exchange }
}

describe('the frozen vectors of the cryptographic core', () => {
  for (const suite of bothSuites) {
    describe(`on the ${suite.name} suite`, () => {
      it('are what the code makes', () => {
        for (const [name, vectors] of Object.entries(cryptoVectors(suite))) {
          assert.deepEqual(file(name), JSON.parse(JSON.stringify(vectors)), name)
        }
      })

      it('hold for primitives', () => {
        const { hmac, hkdf, expand, kem, x25519, ed25519 } = file('primitives.json')
        const [mac, extracted, expanded, encapsulated] = [row(hmac), row(hkdf), row(expand), row(kem)]
        assert.equal(toHex(suite.hmac(bytesOf(mac['key']), bytesOf(mac['bytes']))), mac['mac'])
        assert.equal(toHex(suite.hkdf(bytesOf(extracted['salt']), bytesOf(extracted['ikm']),
          bytesOf(extracted['info']), 77)), extracted['okm'])
        assert.equal(toHex(suite.expand(bytesOf(expanded['prk']), bytesOf(expanded['info']), 44)), expanded['okm'])

        const key = suite.kemPrivate(bytesOf(encapsulated['seed']))
        assert.equal(toHex(suite.sha256(key.publicKey)), encapsulated['publicKeyHash'])
        const { ciphertext, secret } = suite.encapsulate(key.publicKey, bytesOf(encapsulated['coins']))
        assert.equal(toHex(suite.sha256(ciphertext)), encapsulated['ciphertextHash'])
        assert.equal(toHex(secret), encapsulated['secret'])
        assert.equal(toHex(suite.decapsulate(key, ciphertext)), encapsulated['secret'])

        for (const { name, seed, publicKey, shared, outcome } of rows(x25519)) {
          assert.equal(outcomeOf(() => {
            const secret = suite.x25519(suite.x25519Private(bytesOf(seed)), bytesOf(publicKey))
            assert.equal(toHex(secret), shared)
          }), outcome, String(name))
        }
        for (const { name, publicKey, message, signature, outcome } of rows(ed25519)) {
          const verdict = (): boolean => suite.verify(bytesOf(publicKey), bytesOf(message), bytesOf(signature))
          assert.equal(outcomeOf(verdict), outcome, String(name))
        }
      })

      it('hold for grants and envelopes', () => {
        const { grants, cases } = file('envelope.json')
        for (const { secret, address, addressHash, wrapKey } of rows(grants)) {
          const grant = deriveGrant(suite, bytesOf(secret))
          assert.deepEqual([grant.address, grant.addressHash, grant.wrapKey].map(toHex), [address, addressHash, wrapKey])
          assert.equal(toHex(hashAddress(suite, bytesOf(address))), addressHash)
        }
        for (const { name, secret, envelope, inner, outcome } of rows(cases)) {
          const grant = deriveGrant(suite, bytesOf(secret))
          const opened = unwrapEnvelope(suite, grant, bytesOf(envelope))
          assert.equal(opened === undefined ? 'AUTHENTICATION_FAILED' : 'ok', outcome, String(name))
          if (opened === undefined) continue
          assert.equal(toHex(opened), inner)
          assert.equal(toHex(wrapEnvelope(suite, grant, opened)), envelope)
        }
      })

      it('hold for prekey bundles, plain and sealed', () => {
        const { now, account, cases, invite } = file('bundle.json')
        for (const { name, signed, outcome, oneTimeSeed, ...made } of rows(cases)) {
          assert.equal(outcomeOf(() => {
            const bundle = openBundle(suite, bytesOf(signed), { account: bytesOf(account), now: Number(now) })
            assert.equal(toHex(bundle.prekeyId), made['prekeyId'])
            assert.deepEqual(bundle.prekey, suite.x25519Private(bytesOf(made['prekeySeed'])).publicKey)
            assert.deepEqual(bundle.kemPrekey, suite.kemPrivate(bytesOf(made['kemSeed'])).publicKey)
            assert.deepEqual(bundle.oneTimePrekey,
              oneTimeSeed === null ? undefined : suite.x25519Private(bytesOf(oneTimeSeed)).publicKey)
            assert.deepEqual([bundle.expiresAt, bundle.name], [made['expiresAt'], made['owner']])
          }), outcome, String(name))
        }
        const { secret, location, routeSecrets, sealed } = row(invite)
        assert.equal(toHex(bundleLocation(suite, bytesOf(secret))), location)
        for (const [index, routeSecret] of texts(routeSecrets).entries()) {
          assert.equal(toHex(inviteRouteSecret(suite, bytesOf(secret), index)), routeSecret)
        }
        for (const one of rows(sealed)) {
          const opened = unsealBundle(suite, bytesOf(secret), bytesOf(one['sealed']))
          assert.equal(opened === undefined ? undefined : toHex(opened), one['signed'], String(one['name']))
        }
      })

      it('hold for the handshake', () => {
        const { initiator, acceptor, runs } = file('handshake.json')
        const [from, to] = [row(initiator), row(acceptor)]
        for (const run of rows(runs)) {
          const privates: BundlePrivates = {
            prekeyId: bytesOf(run['prekeyId']),
            prekeySeed: bytesOf(run['prekeySeed']),
            kemSeed: bytesOf(run['kemSeed']),
            oneTimeSeed: run['oneTimeSeed'] === null ? undefined : bytesOf(run['oneTimeSeed']),
            signed: bytesOf(run['bundle']),
            expiresAt: 0
          }
          const device = deviceOf(suite, to)
          const bundle = openBundle(suite, privates.signed, { account: bytesOf(to['account']), now: 0 })
          const cases = rows(run['cases'])
          const [first, second] = [cases[0]!, cases[1]!]

          const random = tape(run['draws'])
          const begun = initiate(suite, random, {
            device: deviceOf(suite, from), manifest: bytesOf(from['manifest']), bundle
          })
          const one = encrypt(suite, random, begun, new TextEncoder().encode('hello'), 2048)
          const two = encrypt(suite, random, one.session, new TextEncoder().encode('again'), 2048)
          random.assertUsedUp()
          assert.deepEqual([one.inner, two.inner].map(toHex), [first['inner'], second['inner']])
          assert.equal(toHex(encodeSession(two.session)), run['initiatorState'])

          const prefix = readHandshakePrefix(bytesOf(first['inner']))!
          const { keys } = acceptHandshake(suite, { device, privates, prefix })
          assert.deepEqual(
            [keys.id, keys.root, keys.initiatorHeaderKey, keys.acceptorHeaderKey, keys.pqRoot].map(toHex),
            ['t1', 'root', 'initiatorHeaderKey', 'acceptorHeaderKey', 'pqRoot'].map((name) => run[name]))
          assert.equal(toHex(readPrekeyId(prefix)!), run['prekeyId'])

          const acceptorRandom = tape(run['acceptorDraws'])
          const accepted = accept(suite, acceptorRandom, { device, privates, inner: bytesOf(first['inner']) })
          acceptorRandom.assertUsedUp()
          assert.equal(toHex(encodeSession(accepted.session)), run['acceptorState'])
          const kept = decodeSession(suite, bytesOf(run['acceptorState']))
          const repeated = decrypt(suite, noRandom, kept, bytesOf(second['inner']))
          assert.equal(new TextDecoder().decode(repeated.content), second['content'])

          for (const { name, inner, content, outcome } of cases) {
            assert.equal(outcomeOf(() => {
              const opened = accept(suite, anyRandom, { device, privates, inner: bytesOf(inner) })
              assert.equal(new TextDecoder().decode(opened.content), content)
            }), outcome, String(name))
          }
        }
      })

      it('hold for the ratchet', () => {
        const { association, prekeySeed, initiatorDraws, steps, ...fields } = file('ratchet.json')
        const keys = {
          root: bytesOf(fields['root']),
          initiatorHeaderKey: bytesOf(fields['initiatorHeaderKey']),
          acceptorHeaderKey: bytesOf(fields['acceptorHeaderKey']),
          pqRoot: bytesOf(fields['pqRoot'])
        }
        const prekey = suite.x25519Private(bytesOf(prekeySeed))
        const states = {
          initiator: startInitiator(suite, tape(initiatorDraws), keys, prekey.publicKey),
          acceptor: startAcceptor(keys, prekey)
        }
        const assertPq = (pq: PqState, step: Row): void => {
          assert.deepEqual([pq.offer.state, pq.answer.state], [step['offer'], step['answer']])
          assert.equal(pqRatchet.sendingEpoch(pq), step['sendingEpoch'])
          assert.equal(pqRatchet.receivingEpoch(pq), step['receivingEpoch'])
          assert.equal(toHex(suite.sha256(pqRatchet.encode(pq))), step['pq'])
        }
        for (const [index, step] of rows(steps).entries()) {
          const side = step['side'] as keyof typeof states
          // Who refuses may have drawn the coins for a key that turns out to be malformed.
          const random = step['draws'] === undefined ? anyRandom : tape(step['draws'])
          if (step['step'] === 'send') {
            const padded = { content: bytesOf(step['content']), paddedBytes: Number(step['paddedBytes']) }
            const sent = ratchetEncrypt(suite, random, states[side], padded, bytesOf(association))
            assert.equal(toHex(concat(sent.sealedHeader, sent.sealedBody)), step['message'], `step ${index}`)
            states[side] = sent.state
            assertPq(sent.state.pq, step)
            continue
          }
          assert.equal(outcomeOf(() => {
            const opened = ratchetDecrypt(suite, random, states[side], bytesOf(step['message']), bytesOf(association))
            assert.equal(toHex(opened.content), step['content'], `step ${index}`)
            states[side] = opened.state
            assertPq(opened.state.pq, step)
          }), step['outcome'], `step ${index}`)
        }
      })
    })
  }
})
