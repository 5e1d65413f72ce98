/**
 * Blinded descriptors: how someone who knows an account id finds the account's relays.
 *
 * The account key is blinded anew for each period, as onion services do it. Who stores a record
 * learns neither account nor relays, and cannot link two periods; who knows the account id finds
 * the slot, opens the records in it and sees which one the account signed. Not here: publishing,
 * looking up, and remembering the highest sequence seen (the engine). Spec 02 §Descriptor.
 */
import { concat, draw, equal, u16be, u64be } from './bytes.ts'
import { CryptoError, RemoteError, RestanteError, UsageError, WireError } from './errors.ts'
import { accountIdOf } from './identity.ts'
import type { AccountKeys } from './identity.ts'
import { decodeRoute, encodeRoute } from './invite-route.ts'
import type { InviteRoute } from './invite-route.ts'
import { labels } from './labels.ts'
import {
  accountRelaysMax, descriptorBytesMax, descriptorLifetimeMsMax, descriptorPeriodMs
} from './limits.ts'
import type { Random } from './ports.ts'
import type { CryptoSuite } from './suite.ts'
import { decodeCanonical, expectAtMost, expectLength } from './wire/decode.ts'
import { Descriptor, DescriptorRecord } from './wire/restante.js'

/** Every descriptor is padded to it: the number of relays would link an account's periods. */
const plaintextBytes = 820
const nonceBytes = 12
const sealedBytes = nonceBytes + plaintextBytes + 16

export interface DescriptorContents {
  /** 32 bytes, as in a reusable invite: gives request address and bundle at each route. */
  secret: Uint8Array
  /** 32 bytes, of the manifest in force. */
  manifestHash: Uint8Array
  /** At most three. */
  routes: InviteRoute[]
}

/** What a relay may know of a record. */
export interface RecordHead {
  slot: Uint8Array
  blindedKey: Uint8Array
  period: number
  sequence: number
  /** Ms since the epoch. */
  expiresAt: number
}

/** Days since the epoch. `now`: ms since the epoch. */
export function descriptorPeriod (now: number): number {
  return Math.floor(now / descriptorPeriodMs)
}

/** The lookup key, 32 bytes: only who knows the account id can compute it. */
export function descriptorSlot (
  suite: Pick<CryptoSuite, 'sha256'>, account: Uint8Array, period: number
): Uint8Array {
  return suite.sha256(concat(labels.descriptorSlot, account, u64be(period)))
}

/** A' = h·AIK0, 32 bytes. CryptoError INVALID_KEY where `inceptionKey` is none. */
export function blindedKey (
  suite: Pick<CryptoSuite, 'hkdf' | 'blindPublic'>, inceptionKey: Uint8Array, period: number
): Uint8Array {
  return suite.blindPublic(inceptionKey, blindingFactor(suite, inceptionKey, period))
}

/**
 * An encoded DescriptorRecord, always of about 1 KiB. Addresses that do not fit are left out, from
 * the end of the longest route first. UsageError USAGE for impossible contents. `sequence`: higher
 * than any before in this period; ms since the epoch do, and link no two periods.
 */
export function createDescriptor (suite: CryptoSuite, random: Random, o: {
  account: Pick<AccountKeys, 'inception' | 'inceptionNext'>
  accountId: Uint8Array
  contents: DescriptorContents
  period: number
  sequence: number
  expiresAt: number
}): Uint8Array {
  const inceptionKey = o.account.inception.publicKey
  const { inceptionNext } = o.account
  if (!equal(accountIdOf(suite, inceptionKey, inceptionNext), o.accountId)) {
    throw new UsageError('USAGE', 'These keys are not those of this account.')
  }
  const key = blindedKey(suite, inceptionKey, o.period)
  const head: RecordHead = {
    slot: descriptorSlot(suite, o.accountId, o.period),
    blindedKey: key,
    period: o.period,
    sequence: o.sequence,
    expiresAt: o.expiresAt
  }
  const plaintext = padded(inceptionKey, inceptionNext, o.contents)
  const nonce = draw(random, nonceBytes)
  const sealKey = contentKey(suite, o.accountId, head)
  const sealed = concat(nonce, suite.seal(sealKey, nonce, plaintext, sealContext(head)))
  const blinding = { factor: blindingFactor(suite, inceptionKey, o.period), noncePrefixSalt: labels.descriptorNoncePrefix }
  const signature = suite.signBlinded(o.account.inception, blinding, signedBytes(head, sealed))
  return DescriptorRecord.encode({ ...head, sealed, signature })
}

/**
 * What a relay checks before it keeps a record. WireError for bytes that are none, CryptoError
 * INVALID_SIGNATURE, RemoteError EXPIRED or BAD_REQUEST (as the refusal to answer) for a time that
 * is not now. That the slot belongs to the account nobody can check who must not know the account.
 */
export function verifyDescriptorRecord (
  suite: Pick<CryptoSuite, 'verify' | 'sha256'>, bytes: Uint8Array, now: number
): RecordHead {
  const record = readRecord(bytes)
  if (record.expiresAt <= now) throw new RemoteError('EXPIRED')
  const periodsAway = Math.abs(record.period - descriptorPeriod(now))
  if (record.expiresAt > now + descriptorLifetimeMsMax || periodsAway > 1) {
    throw new RemoteError('BAD_REQUEST', 'descriptor: its period or expiry is too far from now')
  }
  if (!suite.verify(record.blindedKey, signedBytes(record, record.sealed), record.signature)) {
    throw new CryptoError('INVALID_SIGNATURE', 'descriptor: the signature does not match')
  }
  return {
    slot: record.slot.slice(),
    blindedKey: record.blindedKey.slice(),
    period: record.period,
    sequence: record.sequence,
    expiresAt: record.expiresAt
  }
}

/**
 * What a reader checks of one record from a slot. Undefined: not a record of this account that is
 * valid now, for whatever reason; a slot may hold strangers' records as well.
 */
export function openDescriptor (
  suite: CryptoSuite, accountId: Uint8Array, bytes: Uint8Array, now: number
): DescriptorContents & { sequence: number, expiresAt: number } | undefined {
  try {
    const head = verifyDescriptorRecord(suite, bytes, now)
    if (!equal(head.slot, descriptorSlot(suite, accountId, head.period))) return undefined
    const descriptor = unseal(suite, accountId, head, readRecord(bytes).sealed)
    if (descriptor === undefined) return undefined
    const { inceptionKey, inceptionNext } = descriptor
    // Everyone who knows the account id can seal; only the account's own key gives this blinded one.
    if (!equal(accountIdOf(suite, inceptionKey, inceptionNext), accountId)) return undefined
    if (!equal(blindedKey(suite, inceptionKey, head.period), head.blindedKey)) return undefined
    return {
      secret: expectLength(descriptor.secret, 32, 'descriptor.secret').slice(),
      manifestHash: expectLength(descriptor.manifestHash, 32, 'descriptor.manifestHash').slice(),
      routes: descriptor.routes.map((route, index) => decodeRoute(route, `descriptor.routes[${index}]`)),
      sequence: head.sequence,
      expiresAt: head.expiresAt
    }
  } catch (cause) {
    if (cause instanceof RestanteError) return undefined
    throw cause
  }
}

function readRecord (bytes: Uint8Array): DescriptorRecord {
  expectAtMost(bytes, descriptorBytesMax, 'descriptor')
  const record = decodeCanonical(DescriptorRecord, bytes, 'descriptor')
  expectLength(record.slot, 32, 'descriptor.slot')
  expectLength(record.blindedKey, 32, 'descriptor.blindedKey')
  expectLength(record.sealed, sealedBytes, 'descriptor.sealed')
  expectLength(record.signature, 64, 'descriptor.signature')
  return record
}

function padded (
  inceptionKey: Uint8Array, inceptionNext: Uint8Array, contents: DescriptorContents
): Uint8Array {
  const { secret, manifestHash } = contents
  if (secret.length !== 32 || manifestHash.length !== 32 || contents.routes.length > accountRelaysMax) {
    throw new UsageError('USAGE', 'A descriptor has a secret, a manifest hash and at most three routes.')
  }
  const routes = contents.routes.map(encodeRoute)
  for (;;) {
    const encoded = Descriptor.encode({ inceptionKey, inceptionNext, manifestHash, secret, routes })
    if (encoded.length <= plaintextBytes - 2) {
      const plaintext = new Uint8Array(plaintextBytes)
      plaintext.set(u16be(encoded.length))
      plaintext.set(encoded, 2)
      return plaintext
    }
    routes.reduce((a, b) => routeBytes(b) > routeBytes(a) ? b : a).multiaddrs.pop()
  }
}

function routeBytes (route: { multiaddrs: Uint8Array[] }): number {
  return route.multiaddrs.reduce((sum, bytes) => sum + bytes.length, 0)
}

function unseal (
  suite: CryptoSuite, accountId: Uint8Array, head: RecordHead, sealed: Uint8Array
): Descriptor | undefined {
  const key = contentKey(suite, accountId, head)
  const nonce = sealed.subarray(0, nonceBytes)
  const plaintext = suite.open(key, nonce, sealed.subarray(nonceBytes), sealContext(head))
  if (plaintext === undefined) return undefined
  const end = 2 + (plaintext[0]! << 8 | plaintext[1]!)
  if (plaintext.subarray(end).some(byte => byte !== 0)) {
    throw new WireError('NOT_CANONICAL', 'descriptor: padding')
  }
  return decodeCanonical(Descriptor, plaintext.subarray(2, end), 'descriptor')
}

function contentKey (suite: Pick<CryptoSuite, 'hkdf'>, accountId: Uint8Array, head: RecordHead): Uint8Array {
  return suite.hkdf(labels.descriptorKey, accountId, concat(u64be(head.period), head.blindedKey), 32)
}

function headBytes (head: RecordHead): Uint8Array {
  return concat(head.slot, head.blindedKey, u64be(head.period), u64be(head.sequence), u64be(head.expiresAt))
}

function sealContext (head: RecordHead): Uint8Array {
  return concat(labels.descriptorSeal, headBytes(head))
}

function signedBytes (head: RecordHead, sealed: Uint8Array): Uint8Array {
  return concat(labels.descriptorSignature, headBytes(head), sealed)
}

/** h, 64 bytes to be reduced, so that it is uniform; public to all who know the account key. */
function blindingFactor (suite: Pick<CryptoSuite, 'hkdf'>, inceptionKey: Uint8Array, period: number): Uint8Array {
  return suite.hkdf(labels.descriptorBlinding, inceptionKey, u64be(period), 64)
}
