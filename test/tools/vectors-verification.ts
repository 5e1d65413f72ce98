/**
 * Frozen vectors of safety numbers, recovery phrases, and what may follow a manifest, from seeded
 * randomness. Byte strings are hexadecimal; `outcome` as in the other files.
 */
import { toHex } from '../../protocol/bytes.ts'
import { accountKeyAfterNext, createAccountKeys, createDeviceKeys, nextAccountKey } from '../../protocol/identity.ts'
import { acceptsSuccessor, createManifest, createSuccessor, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import type { VerifiedManifest } from '../../protocol/manifest.ts'
import type { Random } from '../../protocol/ports.ts'
import { formatRecoveryPhrase, rotateAccountKey } from '../../protocol/recovery.ts'
import { fingerprintOf, formatSafetyScan, groupedDigits, safetyDigits } from '../../protocol/safety-number.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { seededRandom } from '../support/seeded-random.ts'

const now = 1_800_000_000_000

/** Names of files in protocol/vectors/, and what is in them. */
export async function verificationVectors (): Promise<Record<string, unknown>> {
  const random = seededRandom('restante vectors: verification')
  return {
    'safety-number.json': { spec: '01', cases: await safetyNumberCases(random) },
    'recovery.json': { spec: '01', cases: recoveryCases(random) },
    'successor.json': { spec: '01', cases: successorCases(random) }
  }
}

async function safetyNumberCases (random: Random): Promise<unknown[]> {
  const identity = () => ({ account: random.bytes(32), inceptionKey: random.bytes(32) })
  const atOnce = async (): Promise<void> => {}
  const cases: unknown[] = []
  for (const name of ['two accounts', 'two others']) {
    const [own, theirs] = [identity(), identity()]
    const [ownPrint, theirPrint] = [await fingerprintOf(own, atOnce), await fingerprintOf(theirs, atOnce)]
    const digits = safetyDigits(ownPrint, theirPrint)
    const common = {
      account: toHex(own.account),
      inceptionKey: toHex(own.inceptionKey),
      otherAccount: toHex(theirs.account),
      otherInceptionKey: toHex(theirs.inceptionKey),
      fingerprint: toHex(ownPrint),
      otherFingerprint: toHex(theirPrint)
    }
    const read = (what: string, text: string, outcome: string): unknown =>
      ({ name: `${name}: ${what}`, ...common, text, outcome })
    cases.push(
      read('digits', digits, 'ok'),
      read('groups', groupedDigits(digits), 'ok'),
      read('scanned from the other', formatSafetyScan(theirPrint, ownPrint), 'ok'),
      read('the own code', formatSafetyScan(ownPrint, theirPrint), 'SAFETY_NUMBER_MISMATCH'),
      read('another number', safetyDigits(ownPrint, random.bytes(32)), 'SAFETY_NUMBER_MISMATCH'),
      read('a digit missing', digits.slice(1), 'USAGE'))
  }
  return cases
}

function recoveryCases (random: Random): unknown[] {
  const secret = random.bytes(32)
  const phrase = formatRecoveryPhrase(secret)
  const words = phrase.split(' ')
  const refused = (name: string, text: string): unknown => ({ name, text, outcome: 'PHRASE_INVALID' })
  return [
    {
      name: 'a phrase',
      text: phrase,
      recoverySecret: toHex(secret),
      nextAccountKey: toHex(nextAccountKey(suite, secret).publicKey),
      accountKeyAfterNext: toHex(accountKeyAfterNext(suite, secret).publicKey),
      outcome: 'ok'
    },
    { name: 'capitals and lines', text: words.join('\n').toUpperCase(), recoverySecret: toHex(secret), outcome: 'ok' },
    refused('a word missing', words.slice(1).join(' ')),
    refused('a word that is none', ['zzyzx', ...words.slice(1)].join(' ')),
    refused('a wrong checksum', 'abandon '.repeat(24).trim()),
    refused('twelve words', `${'abandon '.repeat(11)}about`)
  ]
}

/** Who knows `current` is shown `next`. */
function successorCases (random: Random): unknown[] {
  const account = createAccountKeys(suite, random)
  const device = () => deviceEntry(createDeviceKeys(suite, random), random.bytes(32), now)
  const devices = [device(), device()]
  const first = openManifest(suite, createManifest(suite, { account, devices, now }))
  type Step = Partial<Parameters<typeof createSuccessor>[1]>
  const after = (current: VerifiedManifest, step: Step = {}): VerifiedManifest => openManifest(suite,
    createSuccessor(suite, { current, key: account.inception, devices, revoked: [], now, ...step }))
  const rotate = (current: VerifiedManifest): VerifiedManifest => openManifest(suite,
    rotateAccountKey(suite, { current, recoverySecret: account.recoverySecret, now }).manifest)
  const second = after(first)
  const third = after(second)
  const other = after(first, { devices: [device()] })
  const revoking = after(first, { devices: [devices[0]!], revoked: [devices[1]!.id] })
  const rotated = rotate(first)
  const stranger = createAccountKeys(suite, random)
  const foreign = openManifest(suite, createManifest(suite, { account: stranger, devices, now }))
  const named: Array<[name: string, current: VerifiedManifest, next: VerifiedManifest]> = [
    ['the same', first, first],
    ['the next', first, second],
    ['one between is missing', first, third],
    ['the one before', second, first],
    ['the same sequence twice', second, other],
    ['off another predecessor', second, after(other)],
    ['a revocation forgotten', revoking, after(revoking)],
    ['rotated', first, rotated],
    ['rotated, from a lower sequence than the thief\'s', third, rotated],
    ['the replaced key goes on', rotated, third],
    ['after the rotation', rotated, after(rotated, { key: nextAccountKey(suite, account.recoverySecret) })],
    ['another account', first, foreign]
  ]
  return named.map(([name, current, next]) => ({
    name,
    current: toHex(current.signed),
    next: toHex(next.signed),
    outcome: acceptsSuccessor(suite, current, next)
  }))
}
