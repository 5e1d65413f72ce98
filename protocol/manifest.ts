/**
 * The signed, hash-chained list of an account's devices.
 *
 * Opening proves everything that one manifest can prove alone, up to the account id; whether it
 * may follow the one that is known is `acceptsSuccessor`. Nothing here keeps manifests or decides
 * what a fork means for a conversation. Spec 01 §Manifest.
 */
import { concat, equal } from './bytes.ts'
import { openSigned, sealSigned, verifySigned } from './canonical.ts'
import { CryptoError, UsageError, WireError } from './errors.ts'
import { accountIdOf, commitmentTo } from './identity.ts'
import type { AccountKeys, DeviceKeys } from './identity.ts'
import { labels } from './labels.ts'
import { accountDevicesMax, deviceIdBytes } from './limits.ts'
import type { CryptoSuite, Ed25519Private } from './suite.ts'
import { decodeCanonical, expectLength } from './wire/decode.ts'
import { Manifest } from './wire/restante.js'
import type { Device } from './wire/restante.js'

const manifestVersion = 1

export interface VerifiedManifest {
  account: Uint8Array
  sequence: number
  /** Of the payload; names this manifest in its successor, in handshakes and in descriptors. */
  hash: Uint8Array
  /** Hash of the manifest before; empty at sequence 0. */
  previous: Uint8Array
  /** The account key in force, which signed it. */
  accountKey: Uint8Array
  nextCommitment: Uint8Array
  inceptionKey: Uint8Array
  inceptionNext: Uint8Array
  /** One to eight. */
  devices: Device[]
  /** Ids of devices that never come back. */
  revoked: Uint8Array[]
  /** Ms since the epoch, by the owner's clock. */
  createdAt: number
  /** The encoded Signed that all of this was read from. */
  signed: Uint8Array
}

/** What a manifest says of one device. `peerKey`: 32-byte Ed25519 key of its libp2p peer id. */
export function deviceEntry (keys: DeviceKeys, peerKey: Uint8Array, now: number): Device {
  return {
    id: keys.id,
    signingKey: keys.signing.publicKey,
    exchangeKey: keys.exchange.publicKey,
    peerKey,
    addedAt: now
  }
}

/** The first manifest of an account, an encoded Signed. */
export function createManifest (
  suite: CryptoSuite,
  o: { account: Pick<AccountKeys, 'inception' | 'inceptionNext'>, devices: Device[], now: number }
): Uint8Array {
  const accountKey = o.account.inception.publicKey
  const nextCommitment = o.account.inceptionNext
  return signManifest(suite, o.account.inception, {
    version: manifestVersion,
    account: accountIdOf(suite, accountKey, nextCommitment),
    inceptionKey: accountKey,
    inceptionNext: nextCommitment,
    sequence: 0,
    previous: new Uint8Array(0),
    accountKey,
    nextCommitment,
    devices: o.devices,
    revoked: [],
    createdAt: o.now
  })
}

/**
 * The manifest after `current`. `key`: the account key in force, or the one that `current`
 * commits to; the latter rotates, and then `nextCommitment` names the key after it.
 */
export function createSuccessor (suite: CryptoSuite, o: {
  current: VerifiedManifest
  key: Ed25519Private
  nextCommitment?: Uint8Array
  devices: Device[]
  revoked: Uint8Array[]
  now: number
}): Uint8Array {
  return signManifest(suite, o.key, {
    version: manifestVersion,
    account: o.current.account,
    inceptionKey: o.current.inceptionKey,
    inceptionNext: o.current.inceptionNext,
    sequence: o.current.sequence + 1,
    previous: o.current.hash,
    accountKey: o.key.publicKey,
    nextCommitment: o.nextCommitment ?? o.current.nextCommitment,
    devices: o.devices,
    revoked: o.revoked,
    createdAt: o.now
  })
}

/**
 * Reads an encoded Signed manifest and proves that the owner of its account id made it.
 * WireError where it is malformed, not canonical or of another version; CryptoError
 * INVALID_SIGNATURE where id, key or signature do not belong together.
 */
export function openManifest (suite: CryptoSuite, signed: Uint8Array): VerifiedManifest {
  const parts = openSigned(signed, 'manifest')
  const manifest = decodeCanonical(Manifest, parts.payload, 'manifest')
  checkShape(manifest)
  checkDevices(manifest)
  const account = accountIdOf(suite, manifest.inceptionKey, manifest.inceptionNext)
  if (!equal(account, manifest.account)) throw doubtful('the account id is not that of its keys')
  checkAccountKey(suite, manifest)
  verifySigned(suite, manifest.accountKey, labels.manifestSignature, parts, 'manifest')
  return {
    account,
    sequence: manifest.sequence,
    hash: suite.sha256(concat(labels.manifestHash, parts.payload)),
    previous: manifest.previous,
    accountKey: manifest.accountKey,
    nextCommitment: manifest.nextCommitment,
    inceptionKey: manifest.inceptionKey,
    inceptionNext: manifest.inceptionNext,
    devices: manifest.devices,
    revoked: manifest.revoked,
    createdAt: manifest.createdAt,
    signed
  }
}

/**
 * What `next` is to somebody who knows `current`: take 'newer' and 'rotated' (say the latter to
 * the person), ignore 'same' and 'older'. 'fork': somebody signs who should not, or the account
 * signs two histories; keep `current` and raise the alarm. Manifests in between may be missing.
 */
export function acceptsSuccessor (
  suite: Pick<CryptoSuite, 'sha256'>, current: VerifiedManifest, next: VerifiedManifest
): 'same' | 'newer' | 'rotated' | 'older' | 'fork' {
  if (!equal(current.account, next.account)) return 'fork'
  if (equal(current.hash, next.hash)) return 'same'
  const isSameKey = equal(next.accountKey, current.accountKey)
  // Before any sequence: the thief of a key in force may have signed the highest there is, and the
  // recovery secret must still take the account back.
  if (!isSameKey && equal(commitmentTo(suite, next.accountKey), current.nextCommitment)) return 'rotated'
  // A key that was replaced has no say, however high it counts: its thief could otherwise raise the
  // alarm again after every rotation.
  const isReplacedKey = !isSameKey && equal(next.accountKey, current.inceptionKey)
  if (isReplacedKey || next.sequence < current.sequence) return 'older'
  if (next.sequence === current.sequence) return 'fork'
  if (next.sequence === current.sequence + 1 && !equal(next.previous, current.hash)) return 'fork'
  if (current.revoked.some(id => !includes(next.revoked, id))) return 'fork'
  // The thief of a key in force would otherwise name his own next key, and rotate to it.
  return isSameKey && equal(next.nextCommitment, current.nextCommitment) ? 'newer' : 'fork'
}

function signManifest (suite: CryptoSuite, key: Ed25519Private, manifest: Manifest): Uint8Array {
  const signed = sealSigned(suite, key, labels.manifestSignature, Manifest.encode(manifest))
  try {
    openManifest(suite, signed)
  } catch (cause) {
    throw new UsageError('USAGE', 'These keys and devices make no valid manifest.', { cause })
  }
  return signed
}

function checkShape (manifest: Manifest): void {
  if (manifest.version !== manifestVersion) {
    throw new WireError('MALFORMED', `manifest.version: ${manifest.version} is not known here`)
  }
  for (const field of ['account', 'inceptionKey', 'inceptionNext', 'accountKey', 'nextCommitment'] as const) {
    expectLength(manifest[field], 32, `manifest.${field}`)
  }
  expectLength(manifest.previous, manifest.sequence === 0 ? 0 : 32, 'manifest.previous')
}

function checkDevices (manifest: Manifest): void {
  const { devices, revoked } = manifest
  if (devices.length === 0 || devices.length > accountDevicesMax) {
    throw new WireError('MALFORMED', `manifest.devices: ${devices.length} of them`)
  }
  for (const id of revoked) expectLength(id, deviceIdBytes, 'manifest.revoked')
  for (const [index, device] of devices.entries()) {
    const path = `manifest.devices[${index}]`
    expectLength(device.id, deviceIdBytes, `${path}.id`)
    expectLength(device.signingKey, 32, `${path}.signingKey`)
    expectLength(device.exchangeKey, 32, `${path}.exchangeKey`)
    expectLength(device.peerKey, 32, `${path}.peerKey`)
    if (devices.findIndex(other => equal(other.id, device.id)) !== index) {
      throw new WireError('MALFORMED', `${path}.id: there twice`)
    }
    if (includes(revoked, device.id)) throw new WireError('MALFORMED', `${path}.id: revoked`)
  }
}

/**
 * Anybody can write an account's public inception into a manifest of his own with a high sequence:
 * the key that signs must follow from the inception, or a stranger would believe it.
 */
function checkAccountKey (suite: Pick<CryptoSuite, 'sha256'>, manifest: Manifest): void {
  const commitment = commitmentTo(suite, manifest.accountKey)
  if (equal(manifest.accountKey, manifest.inceptionKey)) {
    if (!equal(manifest.nextCommitment, manifest.inceptionNext)) {
      throw doubtful('the next key was replaced without a rotation')
    }
  } else if (manifest.sequence === 0 || !equal(commitment, manifest.inceptionNext)) {
    throw doubtful('the account key does not follow from the account id')
  }
  if (equal(manifest.nextCommitment, commitment)) throw doubtful('the next key is the one in force')
}

function includes (ids: Uint8Array[], id: Uint8Array): boolean {
  return ids.some(other => equal(other, id))
}

function doubtful (reason: string): CryptoError {
  return new CryptoError('INVALID_SIGNATURE', `manifest: ${reason}`)
}
