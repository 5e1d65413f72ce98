/** Attacks on who somebody is. The numbers are those of docs/threat-model.md. */
import assert from 'node:assert/strict'
import { createBundle, openBundle } from '../../protocol/bundle.ts'
import { openSigned, sealSigned } from '../../protocol/canonical.ts'
import { CryptoError } from '../../protocol/errors.ts'
import { commitmentTo, createDeviceKeys, nextAccountKey } from '../../protocol/identity.ts'
import { labels } from '../../protocol/labels.ts'
import { acceptsSuccessor, createManifest, createSuccessor, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import type { VerifiedManifest } from '../../protocol/manifest.ts'
import type { Ed25519Private } from '../../protocol/suite.ts'
import { createParty, native, someTime } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'

const random = seededRandom('attacks on identity')
const owner = createParty(native, random)
const known = openManifest(native, owner.manifest)
const added = (): ReturnType<typeof deviceEntry> =>
  deviceEntry(createDeviceKeys(native, random), random.bytes(32), someTime)

/** Undefined where it is not even a manifest of this account. */
function successor (
  current: VerifiedManifest, key: Ed25519Private, changes: Partial<Parameters<typeof createSuccessor>[1]> = {}
): VerifiedManifest | undefined {
  try {
    return openManifest(native, createSuccessor(native,
      { current, key, devices: current.devices, revoked: [], now: someTime, ...changes }))
  } catch {
    // Neither made nor opened: what it is refused for is the manifest's own test.
    return undefined
  }
}

describe('attacks on an identity', () => {
  it('S14: an older manifest is never taken for a newer one', () => {
    const second = successor(known, owner.account.inception, { devices: [...known.devices, added()] })!
    assert.equal(acceptsSuccessor(native, known, second), 'newer')
    assert.equal(acceptsSuccessor(native, second, known), 'older')
  })

  it('S15: a relay, or whoever is no owner, adds no device to an account', () => {
    const mallory = createParty(native, random)
    const device = createDeviceKeys(native, random)
    const devices = [...known.devices, deviceEntry(device, random.bytes(32), someTime)]
    assert.equal(successor(known, mallory.account.inception, { devices }), undefined)
    assert.equal(successor(known, owner.device.signing, { devices }), undefined, 'nor does one of its devices by itself')
    // A bundle of an injected device: signed by that device, under the owner's true manifest, or a manifest of its own.
    const own = createManifest(native, { account: mallory.account, devices: devices.slice(1), now: someTime })
    for (const manifest of [owner.manifest, own]) {
      const { signed } = createBundle(native, random, { device, manifest, name: 'Bob', oneTime: true, expiresAt: 0 })
      assert.throws(() => openBundle(native, signed, { account: owner.accountId, now: someTime }),
        (error) => error instanceof CryptoError && error.code === 'INVALID_SIGNATURE')
    }
    // Everything right, in the name of the owner's keys, but for whose signatures they are.
    const forged = { signing: mallory.device.signing, id: owner.device.id, exchange: device.exchange }
    const { signed: inItsName } = createBundle(native, random,
      { device: forged, manifest: owner.manifest, name: 'Bob', oneTime: true, expiresAt: 0 })
    const honest = openSigned(successor(known, owner.account.inception, { devices })!.signed, 'manifest')
    const signedByMallory = sealSigned(native, mallory.account.inception, labels.manifestSignature, honest.payload)
    for (const run of [
      () => openBundle(native, inItsName, { account: owner.accountId, now: someTime }),
      () => openManifest(native, signedByMallory)
    ]) assert.throws(run, (error) => error instanceof CryptoError && error.code === 'INVALID_SIGNATURE')
    // What the owner adds is one: the same bundle, under a manifest that names the device.
    const manifest = successor(known, owner.account.inception, { devices })!.signed
    const { signed } = createBundle(native, random, { device, manifest, name: 'Bob', oneTime: true, expiresAt: 0 })
    assert.deepEqual(openBundle(native, signed, { account: owner.accountId, now: someTime }).device.id, device.id)
  })

  it('S19: two histories that an account signs at once show as a fork to who sees both', () => {
    const told = (): VerifiedManifest => successor(known, owner.account.inception, { devices: [...known.devices, added()] })!
    const [one, other] = [told(), told()]
    assert.equal(acceptsSuccessor(native, known, one), 'newer')
    assert.equal(acceptsSuccessor(native, known, other), 'newer')
    assert.equal(acceptsSuccessor(native, one, other), 'fork')
    assert.equal(acceptsSuccessor(native, other, one), 'fork')
  })

  it('S20: the thief of an account key can go on with it, and can not rotate it; the owner takes the account back', () => {
    const stolen = owner.account.inception
    const thiefsNext = native.ed25519Private(random.bytes(32))
    const nextCommitment = commitmentTo(native, thiefsNext.publicKey)
    // What he can do, until then.
    const malicious = successor(known, stolen, { devices: [added()] })!
    assert.equal(acceptsSuccessor(native, known, malicious), 'newer')
    // What he can't: name another next key, or put one in force.
    assert.equal(successor(known, stolen, { nextCommitment }), undefined)
    assert.equal(successor(known, thiefsNext, { nextCommitment: commitmentTo(native, stolen.publicKey) }), undefined)
    const recovered = nextAccountKey(native, owner.account.recoverySecret)
    const afterwards = commitmentTo(native, native.ed25519Private(random.bytes(32)).publicKey)
    const rotated = successor(known, recovered, { nextCommitment: afterwards })!
    for (const current of [known, malicious]) assert.equal(acceptsSuccessor(native, current, rotated), 'rotated')
    assert.equal(acceptsSuccessor(native, rotated, malicious), 'older')
    const later = successor(malicious, stolen)!
    assert.equal(acceptsSuccessor(native, rotated, successor(later, stolen)!), 'older')
  })
})
