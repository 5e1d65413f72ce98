/**
 * Prekey bundles (spec 05 §Prekey bundle): what a device publishes so that others may start a
 * session while it is away; and how one is sealed for those who hold an invite's secret.
 *
 * Not here: the handshake made with one (handshake.ts), and when bundles are replaced.
 */
import { ByteReader, concat, draw, emptyBytes, equal, lengthPrefixed, u32be, u64be, utf8 } from './bytes.ts'
import { openSigned, sealSigned, verifySigned } from './canonical.ts'
import { deterministicNonce } from './envelope.ts'
import { CryptoError, StoreError, UsageError, WireError } from './errors.ts'
import { handshakeSuite, prekeyIdBytes } from './handshake.ts'
import type { DeviceKeys } from './identity.ts'
import { labels } from './labels.ts'
import { nameBytesMax, sealedBundleBytesMax } from './limits.ts'
import { openManifest } from './manifest.ts'
import type { VerifiedManifest } from './manifest.ts'
import { bucketFor, padContent, paddingPrefixBytes, unpadContent } from './padding.ts'
import type { Random } from './ports.ts'
import type { CryptoSuite } from './suite.ts'
import { decodeCanonical, expectAtMost, expectLength } from './wire/decode.ts'
import { PrekeyBundle } from './wire/restante.js'
import type { Device } from './wire/restante.js'

/** The owner's half of a bundle. Secret: kept until it expires or, one-time, until it was used. */
export interface BundlePrivates {
  /** 8 bytes, random. */
  prekeyId: Uint8Array
  /** 32 bytes. */
  prekeySeed: Uint8Array
  /** 64 bytes. */
  kemSeed: Uint8Array
  /** 32 bytes; undefined in a reusable bundle. */
  oneTimeSeed: Uint8Array | undefined
  /** The bundle as published: an encoded Signed. */
  signed: Uint8Array
  /** Milliseconds since the epoch; 0: never. */
  expiresAt: number
}

export interface VerifiedBundle {
  suite: number
  manifest: VerifiedManifest
  /** Its entry in the manifest. */
  device: Device
  prekeyId: Uint8Array
  /** X25519. */
  prekey: Uint8Array
  /** ML-KEM-768. */
  kemPrekey: Uint8Array
  /** X25519; undefined in a reusable bundle. */
  oneTimePrekey: Uint8Array | undefined
  /** Milliseconds since the epoch; 0: never. */
  expiresAt: number
  /** How the owner calls himself. Not checked by anybody. */
  name: string
  /** All of the above as its owner signed it: an encoded Signed. */
  signed: Uint8Array
}

/**
 * `manifest`: the owner's, signed, with this device in it. Draws 8, 32, 64 and, for a one-time
 * bundle, 32 bytes.
 */
export function createBundle (suite: CryptoSuite, random: Random, o: {
  device: DeviceKeys, manifest: Uint8Array, name: string, oneTime: boolean, expiresAt: number
}): BundlePrivates {
  if (utf8(o.name).length > nameBytesMax) {
    throw new UsageError('USAGE', `A name has at most ${nameBytesMax} bytes.`)
  }
  const prekeyId = draw(random, prekeyIdBytes)
  const prekeySeed = draw(random, 32)
  const kemSeed = draw(random, 64)
  const oneTimeSeed = o.oneTime ? draw(random, 32) : undefined
  const payload = PrekeyBundle.encode({
    suite: handshakeSuite,
    manifest: o.manifest,
    device: o.device.id,
    prekeyId,
    prekey: suite.x25519Private(prekeySeed).publicKey,
    kemPrekey: suite.kemPrivate(kemSeed).publicKey,
    oneTimePrekey: oneTimeSeed === undefined ? emptyBytes : suite.x25519Private(oneTimeSeed).publicKey,
    expiresAt: o.expiresAt,
    name: o.name
  })
  const signed = sealSigned(suite, o.device.signing, labels.bundle, payload)
  return { prekeyId, prekeySeed, kemSeed, oneTimeSeed, signed, expiresAt: o.expiresAt }
}

/**
 * Proves that the account `account` (32 bytes) offers this bundle, and that it is in force at `now`.
 * WireError where it is malformed or of another suite; CryptoError INVALID_SIGNATURE where it is not
 * that account's, PREKEY_UNKNOWN where it has expired.
 */
export function openBundle (
  suite: CryptoSuite, signed: Uint8Array, o: { account: Uint8Array, now: number }
): VerifiedBundle {
  const parts = openSigned(signed, 'bundle')
  const bundle = decodeCanonical(PrekeyBundle, parts.payload, 'bundle')
  checkShape(bundle)
  const manifest = openManifest(suite, bundle.manifest)
  if (!equal(manifest.account, o.account)) throw doubtful('it is of another account')
  const device = manifest.devices.find(({ id }) => equal(id, bundle.device))
  if (device === undefined) throw doubtful('its device is not in the manifest')
  verifySigned(suite, device.signingKey, labels.bundle, parts, 'bundle')
  if (bundle.expiresAt !== 0 && bundle.expiresAt <= o.now) {
    throw new CryptoError('PREKEY_UNKNOWN', 'The bundle has expired.')
  }
  return {
    suite: bundle.suite,
    manifest,
    device,
    prekeyId: bundle.prekeyId,
    prekey: bundle.prekey,
    kemPrekey: bundle.kemPrekey,
    oneTimePrekey: bundle.oneTimePrekey.length === 0 ? undefined : bundle.oneTimePrekey,
    expiresAt: bundle.expiresAt,
    name: bundle.name,
    signed
  }
}

function checkShape (bundle: PrekeyBundle): void {
  if (bundle.suite !== handshakeSuite) {
    throw new WireError('MALFORMED', `bundle.suite: ${bundle.suite} is not known here`)
  }
  expectLength(bundle.prekeyId, prekeyIdBytes, 'bundle.prekeyId')
  expectLength(bundle.prekey, 32, 'bundle.prekey')
  expectLength(bundle.kemPrekey, 1184, 'bundle.kemPrekey')
  if (bundle.oneTimePrekey.length !== 0) expectLength(bundle.oneTimePrekey, 32, 'bundle.oneTimePrekey')
  expectAtMost(utf8(bundle.name), nameBytesMax, 'bundle.name')
}

function doubtful (reason: string): CryptoError {
  return new CryptoError('INVALID_SIGNATURE', `bundle: ${reason}`)
}

const privatesVersion = 1

/** For a sealed store only. */
export function encodeBundlePrivates (privates: BundlePrivates): Uint8Array {
  const { prekeyId, prekeySeed, kemSeed, oneTimeSeed, signed, expiresAt } = privates
  const head = Uint8Array.of(privatesVersion, oneTimeSeed === undefined ? 0 : 1)
  return concat(head, prekeyId, prekeySeed, kemSeed, oneTimeSeed ?? emptyBytes, u64be(expiresAt),
    lengthPrefixed(signed))
}

/** StoreError STORE_TOO_NEW or STORE_CORRUPT for anything that `encodeBundlePrivates` does not write. */
export function decodeBundlePrivates (bytes: Uint8Array): BundlePrivates {
  const corrupt = (): StoreError => new StoreError('STORE_CORRUPT', 'A prekey bundle that does not parse.')
  const reader = new ByteReader(bytes, corrupt)
  if (reader.u8() !== privatesVersion) {
    throw new StoreError('STORE_TOO_NEW', 'A prekey bundle of another version.')
  }
  const oneTime = reader.u8()
  if (oneTime > 1) throw corrupt()
  const privates: BundlePrivates = {
    prekeyId: reader.take(prekeyIdBytes),
    prekeySeed: reader.take(32),
    kemSeed: reader.take(64),
    oneTimeSeed: oneTime === 1 ? reader.take(32) : undefined,
    expiresAt: reader.u64(),
    signed: reader.prefixed(sealedBundleBytesMax)
  }
  reader.end()
  return privates
}

/** Where relays keep the sealed bundle of an invite: 32 bytes that tell nothing of the secret. */
export function bundleLocation (suite: CryptoSuite, inviteSecret: Uint8Array): Uint8Array {
  return suite.expand(inviteSecret, labels.inviteLocation, 32)
}

/** The grant secret of the address at route `index` of an invite. */
export function inviteRouteSecret (suite: CryptoSuite, inviteSecret: Uint8Array, index: number): Uint8Array {
  return suite.expand(inviteSecret, concat(labels.inviteRoute, u32be(index)), 32)
}

/**
 * As `inviteRouteSecret`, of the prekeys that an account keeps for one contact (spec 02 §Reset prekeys):
 * `peerKey` is that of the relay or device which hands them out.
 */
export function resetRouteSecret (suite: CryptoSuite, resetSecret: Uint8Array, peerKey: Uint8Array): Uint8Array {
  return suite.expand(resetSecret, concat(labels.inviteRoute, peerKey), 32)
}

/**
 * For those who hold the invite's secret. Padded, so that the relay does not learn from the size how
 * many devices or how long a name its owner has. UsageError where it is over `sealedBundleBytesMax`.
 */
export function sealBundle (suite: CryptoSuite, inviteSecret: Uint8Array, signed: Uint8Array): Uint8Array {
  const bytes = bucketFor(signed.length + sealedBundleOverheadBytes)
  if (bytes === undefined || bytes > sealedBundleBytesMax) {
    throw new UsageError('USAGE', `A bundle of ${signed.length} bytes is too large to publish.`)
  }
  const key = suite.expand(inviteSecret, labels.inviteBundle, 32)
  const padded = padContent(signed, bytes - sealedBundleOverheadBytes + paddingPrefixBytes)
  const nonce = deterministicNonce(suite, key, labels.sealedBundleNonce, padded)
  return concat(nonce, suite.seal(key, nonce, padded, labels.sealedBundle))
}

/** Undefined where the relay gave something else than what was sealed under this secret. */
export function unsealBundle (
  suite: CryptoSuite, inviteSecret: Uint8Array, sealed: Uint8Array
): Uint8Array | undefined {
  if (sealed.length < sealedBundleOverheadBytes || sealed.length > sealedBundleBytesMax) return undefined
  const key = suite.expand(inviteSecret, labels.inviteBundle, 32)
  const nonce = sealed.subarray(0, sealNonceBytes)
  const padded = suite.open(key, nonce, sealed.subarray(sealNonceBytes), labels.sealedBundle)
  return padded === undefined ? undefined : unpadContent(padded)?.slice()
}

const sealNonceBytes = 12
const sealedBundleOverheadBytes = sealNonceBytes + 16 + paddingPrefixBytes
