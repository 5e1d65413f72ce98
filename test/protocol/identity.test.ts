/**
 * The keys of accounts and devices, and what follows from them. Spec 01.
 */
import assert from 'node:assert/strict'
import { concat, lengthPrefixed } from '../../protocol/bytes.ts'
import {
  accountIdOf, commitmentTo, createAccountKeys, createDeviceKeys, nextAccountKey
} from '../../protocol/identity.ts'
import { labels } from '../../protocol/labels.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { seededRandom } from '../support/seeded-random.ts'

describe('the keys of an account', () => {
  const keys = createAccountKeys(suite, seededRandom('identity'))

  it('are other ones each time', () => {
    const random = seededRandom('identity')
    const first = createAccountKeys(suite, random)
    const second = createAccountKeys(suite, random)
    assert.deepEqual(first.inception.publicKey, keys.inception.publicKey)
    assert.notDeepEqual(first.inception.publicKey, second.inception.publicKey)
    assert.notDeepEqual(first.recoverySecret, second.recoverySecret)
  })

  it('give the next key from the recovery secret alone, and never the one in force', () => {
    const next = nextAccountKey(suite, keys.recoverySecret)
    assert.deepEqual(nextAccountKey(suite, keys.recoverySecret.slice()).publicKey, next.publicKey)
    assert.notDeepEqual(next.publicKey, keys.inception.publicKey)
    assert.notDeepEqual(next.exportSeed(), keys.recoverySecret)
  })

  it('give an account id that commits to both of them', () => {
    const key = keys.inception.publicKey
    const commitment = commitmentTo(suite, nextAccountKey(suite, keys.recoverySecret).publicKey)
    const id = accountIdOf(suite, key, commitment)
    assert.equal(id.length, 32)
    assert.deepEqual(id, suite.sha256(concat(labels.accountId, lengthPrefixed(key, commitment))))
    assert.notDeepEqual(accountIdOf(suite, commitment, key), id)
    assert.notDeepEqual(accountIdOf(suite, key, commitment.map(byte => byte ^ 1)), id)
  })

  it('are not made from randomness that runs short', () => {
    const short = { bytes: (length: number) => new Uint8Array(length - 1).fill(1) }
    assert.throws(() => createAccountKeys(suite, short), { code: 'RANDOMNESS_FAILED' })
    assert.throws(() => createDeviceKeys(suite, short), { code: 'RANDOMNESS_FAILED' })
  })
})

describe('the keys of a device', () => {
  it('are two that have nothing in common, and an id', () => {
    const keys = createDeviceKeys(suite, seededRandom('device'))
    assert.equal(keys.id.length, 16)
    assert.equal(keys.signing.publicKey.length, 32)
    assert.equal(keys.exchange.publicKey.length, 32)
    assert.notDeepEqual(keys.signing.exportSeed(), keys.exchange.exportSeed())
  })
})
