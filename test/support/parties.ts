/** Two people with a device each, and sessions between them, from seeded randomness. */
import { nativeSuite } from '../../node/host/native-suite.ts'
import { createBundle, openBundle } from '../../protocol/bundle.ts'
import type { BundlePrivates, VerifiedBundle } from '../../protocol/bundle.ts'
import { utf8 } from '../../protocol/bytes.ts'
import { createAccountKeys, createDeviceKeys } from '../../protocol/identity.ts'
import type { AccountKeys, DeviceKeys } from '../../protocol/identity.ts'
import { createManifest, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import type { Random } from '../../protocol/ports.ts'
import { accept, encrypt, initiate } from '../../protocol/session.ts'
import type { Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { keptLog } from './kept-log.ts'

export const native = nativeSuite(keptLog())
export const bothSuites: CryptoSuite[] = [nobleSuite, native]

/** 14 November 2023. */
export const someTime = 1_700_000_000_000

export interface Party {
  suite: CryptoSuite
  random: Random
  account: AccountKeys
  /** 32 bytes. */
  accountId: Uint8Array
  device: DeviceKeys
  /** Signed. */
  manifest: Uint8Array
}

export function createParty (suite: CryptoSuite, random: Random): Party {
  const account = createAccountKeys(suite, random)
  const device = createDeviceKeys(suite, random)
  const peerKey = suite.ed25519Private(random.bytes(32)).publicKey
  const devices = [deviceEntry(device, peerKey, someTime)]
  const manifest = createManifest(suite, { account, devices, now: someTime })
  return { suite, random, account, accountId: openManifest(suite, manifest).account, device, manifest }
}

export function publish (party: Party, oneTime = true): { privates: BundlePrivates, bundle: VerifiedBundle } {
  const { suite, random, device, manifest, accountId } = party
  const privates = createBundle(suite, random, { device, manifest, name: 'Bob', oneTime, expiresAt: someTime + 1 })
  return { privates, bundle: openBundle(suite, privates.signed, { account: accountId, now: someTime }) }
}

export interface Pair { a: Party, b: Party, aSession: Session, bSession: Session, privates: BundlePrivates }

/** `a` initiated, `b` accepted and has not answered. */
export function connect (aSuite: CryptoSuite, bSuite: CryptoSuite, random: Random): Pair {
  const a = createParty(aSuite, random)
  const b = createParty(bSuite, random)
  const { privates, bundle } = publish(b)
  const first = encrypt(aSuite, random, initiate(aSuite, random, { ...a, bundle }), utf8('first'), 2048)
  const { session } = accept(bSuite, random, { device: b.device, privates, inner: first.inner })
  return { a, b, aSession: first.session, bSession: session, privates }
}
