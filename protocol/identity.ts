/**
 * The keys of an account and of a device, and the account id that follows from the first of them.
 *
 * An account is made offline and registered nowhere. Its id commits to the key in force and, by
 * hash, to the next one, which exists only in the recovery secret: whoever steals the key in force
 * can sign with it and cannot replace it. Spec 01.
 */
import { concat, draw, lengthPrefixed } from './bytes.ts'
import { labels } from './labels.ts'
import { deviceIdBytes } from './limits.ts'
import type { Random } from './ports.ts'
import type { CryptoSuite, Ed25519Private, X25519Private } from './suite.ts'

export interface AccountKeys {
  /** AIK0: the account key from the start until the first rotation. */
  inception: Ed25519Private
  /** 32 bytes that give the next account key, AIK1. Kept apart from the device by its owner. */
  recoverySecret: Uint8Array
  /** Commitment to AIK1, 32 bytes: all that the device needs of it. */
  inceptionNext: Uint8Array
}

export interface DeviceKeys {
  /** 16 random bytes. */
  id: Uint8Array
  /** DIK: signs prekey bundles. */
  signing: Ed25519Private
  /** IKX: takes part in handshakes. Never converted from or to the signing key. */
  exchange: X25519Private
}

/** A new account's keys. CryptoError RANDOMNESS_FAILED where `random` gives less than asked for. */
export function createAccountKeys (suite: CryptoSuite, random: Random): AccountKeys {
  const inception = suite.ed25519Private(draw(random, 32))
  const recoverySecret = draw(random, 32)
  const inceptionNext = commitmentTo(suite, nextAccountKey(suite, recoverySecret).publicKey)
  return { inception, recoverySecret, inceptionNext }
}

/** A new device's keys. CryptoError RANDOMNESS_FAILED as above. */
export function createDeviceKeys (suite: CryptoSuite, random: Random): DeviceKeys {
  return {
    id: draw(random, deviceIdBytes),
    signing: suite.ed25519Private(draw(random, 32)),
    exchange: suite.x25519Private(draw(random, 32))
  }
}

/** AIK1, from the recovery secret. */
export function nextAccountKey (suite: CryptoSuite, recoverySecret: Uint8Array): Ed25519Private {
  return suite.ed25519Private(suite.expand(recoverySecret, labels.recoveryKey, 32))
}

/** AIK2, the key that a rotation to AIK1 commits to: from the same secret, so that the phrase stays good. */
export function accountKeyAfterNext (suite: CryptoSuite, recoverySecret: Uint8Array): Ed25519Private {
  return suite.ed25519Private(suite.expand(recoverySecret, labels.recoveryKeyAfter, 32))
}

/** What is published of an account key before it is in force: 32 bytes. */
export function commitmentTo (suite: Pick<CryptoSuite, 'sha256'>, accountKey: Uint8Array): Uint8Array {
  return suite.sha256(concat(labels.accountKeyCommitment, accountKey))
}

/** 32 bytes. `nextCommitment`: as `commitmentTo(AIK1)` gives it. */
export function accountIdOf (
  suite: Pick<CryptoSuite, 'sha256'>, inceptionKey: Uint8Array, nextCommitment: Uint8Array
): Uint8Array {
  return suite.sha256(concat(labels.accountId, lengthPrefixed(inceptionKey, nextCommitment)))
}
