/** A new account: what a person says of it, checked, and its keys. */
import { toHex as hex, utf8 } from '../../protocol/bytes.ts'
import { UsageError } from '../../protocol/errors.ts'
import { createAccountKeys, createDeviceKeys } from '../../protocol/identity.ts'
import { accountRelaysMax, nameBytesMax } from '../../protocol/limits.ts'
import { createManifest, deviceEntry } from '../../protocol/manifest.ts'
import { parsePeerAddress } from '../../protocol/peer-address.ts'
import type { Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { AccountRecord, PeerRecord } from './records.js'

/** UsageError USAGE; `path` names what it is. */
export function checkName (name: string, path: string): string {
  const trimmed = name.toWellFormed().trim()
  if (trimmed === '' || utf8(trimmed).length > nameBytesMax) throw new UsageError('USAGE', `${path}: 1 to ${nameBytesMax} bytes`)
  return trimmed
}

/** Multiaddrs that end in /p2p/…, by relay. UsageError USAGE. */
export function parseRelays (texts: string[]): Array<{ peerKey: Uint8Array, multiaddrs: string[] }> {
  const relays = new Map<string, { peerKey: Uint8Array, multiaddrs: string[] }>()
  for (const text of texts) {
    const { peerKey, multiaddrs } = parsePeerAddress(text)
    const known = relays.get(hex(peerKey))
    if (known === undefined) relays.set(hex(peerKey), { peerKey, multiaddrs })
    else known.multiaddrs.push(...multiaddrs)
  }
  if (relays.size > accountRelaysMax) throw new UsageError('USAGE', `relays: at most ${accountRelaysMax}`)
  return [...relays.values()]
}

/** Keys of a new account and of this device, and the first manifest. */
export function newAccountRecord (
  { suite, random }: { suite: CryptoSuite, random: Random }, { name, relays, now }: { name: string, relays: PeerRecord[], now: number }
): AccountRecord {
  const keys = createAccountKeys(suite, random)
  const device = createDeviceKeys(suite, random)
  const peerSeed = random.bytes(32)
  return {
    name,
    inceptionSeed: keys.inception.exportSeed(),
    recoverySecret: keys.recoverySecret,
    deviceId: device.id,
    signingSeed: device.signing.exportSeed(),
    exchangeSeed: device.exchange.exportSeed(),
    peerSeed,
    manifest: createManifest(suite, {
      account: keys, devices: [deviceEntry(device, suite.ed25519Private(peerSeed).publicKey, now)], now
    }),
    createdAt: now,
    announced: [],
    relays,
    descriptorSequence: 0,
    rotatedSeed: new Uint8Array(0),
    formerManifests: [],
    foreignManifest: new Uint8Array(0),
    foreignManifestAt: 0
  }
}
