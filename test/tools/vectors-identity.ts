/**
 * Frozen vectors of identities, invites and descriptors, from seeded randomness.
 *
 * Each case has what goes in, as hexadecimal or text, and an `outcome`: ok, or the error code that
 * a reader must come to. Byte strings are hexadecimal throughout.
 */
import { base64urlnopad } from '@scure/base'
import { formatAccountId } from '../../protocol/account-id.ts'
import { concat, toHex } from '../../protocol/bytes.ts'
import { blindedKey, createDescriptor, descriptorPeriod, descriptorSlot } from '../../protocol/descriptor.ts'
import { commitmentTo, createAccountKeys, createDeviceKeys, nextAccountKey } from '../../protocol/identity.ts'
import type { AccountKeys } from '../../protocol/identity.ts'
import { formatInvite, formatInviteLink } from '../../protocol/invite.ts'
import type { InviteContents } from '../../protocol/invite.ts'
import { labels } from '../../protocol/labels.ts'
import { createManifest, createSuccessor, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import type { VerifiedManifest } from '../../protocol/manifest.ts'
import type { Random } from '../../protocol/ports.ts'
import type { Ed25519Private } from '../../protocol/suite.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { DescriptorRecord, Manifest, Signed } from '../../protocol/wire/restante.js'
import { seededRandom } from '../support/seeded-random.ts'

const now = 1_800_000_000_000

/** Names of files in protocol/vectors/, and what is in them. */
export function identityVectors (): Record<string, unknown> {
  const random = seededRandom('restante vectors: identity')
  const account = createAccountKeys(suite, random)
  const device = createDeviceKeys(suite, random)
  const peerKey = random.bytes(32)
  const devices = [deviceEntry(device, peerKey, now)]
  const manifest = openManifest(suite, createManifest(suite, { account, devices, now }))
  return {
    'account.json': {
      spec: '01',
      inceptionSeed: toHex(account.inception.exportSeed()),
      inceptionKey: toHex(account.inception.publicKey),
      recoverySecret: toHex(account.recoverySecret),
      nextAccountKey: toHex(nextAccountKey(suite, account.recoverySecret).publicKey),
      nextCommitment: toHex(manifest.nextCommitment),
      accountId: toHex(manifest.account),
      cases: accountIdCases(manifest.account)
    },
    'manifest.json': { spec: '01', cases: manifestCases(account, manifest, random) },
    'invite.json': { spec: '02', cases: inviteCases(manifest.account, random) },
    'descriptor.json': { spec: '02', now, ...descriptorVectors(account, manifest, random) }
  }
}

function accountIdCases (account: Uint8Array): unknown[] {
  const text = formatAccountId(account)
  const invalid = (name: string, text: string): unknown => ({ name, text, outcome: 'INVITE_INVALID' })
  return [
    { name: 'lower case', text, account: toHex(account), outcome: 'ok' },
    { name: 'upper case', text: text.toUpperCase(), account: toHex(account), outcome: 'ok' },
    invalid('mixed case', `R${text.slice(1)}`),
    invalid('truncated', text.slice(0, -1)),
    invalid('one character replaced', text.slice(0, 20) + (text[20] === 'q' ? 'p' : 'q') + text.slice(21)),
    invalid('another prefix', text.replace('restante1', 'restants1'))
  ]
}

function manifestCases (account: AccountKeys, first: VerifiedManifest, random: Random): unknown[] {
  const thief = suite.ed25519Private(random.bytes(32))
  const recovered = nextAccountKey(suite, account.recoverySecret)
  const { devices } = first
  const common = { current: first, devices, now }
  const second = createSuccessor(suite, { ...common, key: account.inception, revoked: [random.bytes(16)] })
  const rotated = createSuccessor(suite, {
    ...common, key: recovered, nextCommitment: commitmentTo(suite, random.bytes(32)), revoked: []
  })
  const { payload } = Signed.decode(first.signed)
  const fields = Manifest.decode(payload)
  const ok = (name: string, signed: Uint8Array): unknown => {
    const { sequence, hash, account, accountKey } = openManifest(suite, signed)
    return {
      name, signed: toHex(signed), outcome: 'ok', sequence,
      account: toHex(account), hash: toHex(hash), accountKey: toHex(accountKey)
    }
  }
  const wrong = (name: string, signed: Uint8Array, outcome: string): unknown =>
    ({ name, signed: toHex(signed), outcome })
  const resigned = (changes: Partial<Manifest>, key: Ed25519Private = account.inception): Uint8Array =>
    sign(Manifest.encode({ ...fields, ...changes }), key)
  const replaced = { sequence: 1, previous: first.hash, nextCommitment: commitmentTo(suite, thief.publicKey) }
  const unknownField = concat(payload, Uint8Array.of(0xf8, 0x07, 1))
  const usurped = { sequence: 7, previous: first.hash, accountKey: thief.publicKey }
  const alteredSignature = first.signed.slice()
  alteredSignature[alteredSignature.length - 1]! ^= 1
  return [
    ok('first manifest', first.signed),
    ok('second manifest, a device revoked', second),
    ok('rotated to the key committed to', rotated),
    wrong('signature altered', alteredSignature, 'INVALID_SIGNATURE'),
    wrong('signed by a stranger', sign(payload, thief), 'INVALID_SIGNATURE'),
    wrong('key of a stranger at a later sequence', resigned(usurped, thief), 'INVALID_SIGNATURE'),
    wrong('next key replaced without a rotation', resigned(replaced), 'INVALID_SIGNATURE'),
    wrong('another account id', resigned({ account: random.bytes(32) }), 'INVALID_SIGNATURE'),
    wrong('device there twice', resigned({ devices: [devices[0]!, devices[0]!] }), 'MALFORMED'),
    wrong('device revoked', resigned({ revoked: [devices[0]!.id] }), 'MALFORMED'),
    wrong('no device', resigned({ devices: [] }), 'MALFORMED'),
    wrong('newer version', resigned({ version: 2 }), 'MALFORMED'),
    wrong('unknown field', sign(unknownField, account.inception), 'NOT_CANONICAL'),
    wrong('truncated', first.signed.subarray(0, 100), 'MALFORMED')
  ]
}

function sign (payload: Uint8Array, key: Ed25519Private): Uint8Array {
  return Signed.encode({ payload, signature: suite.sign(key, concat(labels.manifestSignature, payload)) })
}

function inviteCases (account: Uint8Array, random: Random): unknown[] {
  const invite: InviteContents = {
    account,
    secret: random.bytes(32),
    routes: [
      { device: true, peerKey: random.bytes(32), multiaddrs: ['/ip4/192.0.2.4/tcp/9'] },
      { device: false, peerKey: random.bytes(32), multiaddrs: ['/dns4/relay.example.org/tcp/443/tls/ws'] }
    ],
    expiresAt: now,
    reusable: false
  }
  const lasting = { ...invite, routes: [], expiresAt: undefined, reusable: true }
  const text = formatInvite(invite)
  const ok = (name: string, text: string, of: InviteContents): unknown => ({
    name, text, outcome: 'ok', account: toHex(of.account), secret: toHex(of.secret),
    routes: of.routes.map(route => ({ ...route, peerKey: toHex(route.peerKey) })),
    expiresAt: of.expiresAt ?? null, reusable: of.reusable
  })
  const invalid = (name: string, text: string): unknown => ({ name, text, outcome: 'INVITE_INVALID' })
  const newer = concat(Uint8Array.of(2), random.bytes(20))
  const checksum = suite.sha256(concat(labels.inviteChecksum, newer)).subarray(0, 4)
  return [
    ok('one-time, a device and a relay', text, invite),
    ok('as a link', formatInviteLink(invite), invite),
    ok('reusable, never expires, no route', formatInvite(lasting), lasting),
    invalid('truncated', text.slice(0, -1)),
    invalid('one character replaced', text.slice(0, 60) + (text[60] === 'A' ? 'B' : 'A') + text.slice(61)),
    invalid('no scheme', text.slice('restante:'.length)),
    invalid('newer version, right checksum', `restante:${base64urlnopad.encode(concat(newer, checksum))}`)
  ]
}

function descriptorVectors (account: AccountKeys, manifest: VerifiedManifest, random: Random): object {
  const period = descriptorPeriod(now)
  const contents = {
    secret: random.bytes(32),
    manifestHash: manifest.hash,
    routes: [{ device: false, peerKey: random.bytes(32), multiaddrs: ['/ip4/203.0.113.7/tcp/4001'] }]
  }
  const expiresAt = now + 3_600_000
  const made = { account, accountId: manifest.account, contents, period, sequence: 1, expiresAt }
  const make = (changes: Partial<typeof made>): Uint8Array =>
    createDescriptor(suite, random, { ...made, ...changes })
  const record = make({})
  const moved = { ...DescriptorRecord.decode(record), slot: random.bytes(32) }
  const refused = (name: string, bytes: Uint8Array, outcome: string): unknown =>
    ({ name, record: toHex(bytes), outcome })
  return {
    accountId: toHex(manifest.account),
    inceptionKey: toHex(account.inception.publicKey),
    periods: [0, period, period + 1].map(of => ({
      period: of,
      slot: toHex(descriptorSlot(suite, manifest.account, of)),
      blindedKey: toHex(blindedKey(suite, account.inception.publicKey, of))
    })),
    cases: [
      {
        name: 'current period', record: toHex(record), outcome: 'ok', sequence: 1,
        secret: toHex(contents.secret), manifestHash: toHex(manifest.hash),
        routes: contents.routes.map(route => ({ ...route, peerKey: toHex(route.peerKey) }))
      },
      refused('moved to another slot', DescriptorRecord.encode(moved), 'INVALID_SIGNATURE'),
      refused('expired', make({ expiresAt: now }), 'EXPIRED'),
      refused('expires too late', make({ expiresAt: now + 48 * 3_600_000 + 1 }), 'BAD_REQUEST'),
      refused('of the period after next', make({ period: period + 2 }), 'BAD_REQUEST'),
      refused('unknown field', concat(record, Uint8Array.of(0x40, 1)), 'NOT_CANONICAL'),
      refused('truncated', record.subarray(0, 500), 'MALFORMED')
    ]
  }
}
