/** The recovery phrase, and the one rotation that it proves. Spec 01 §Recovery, §Rotation. */
import assert from 'node:assert/strict'
import { codeOf } from '../../protocol/errors.ts'
import { accountKeyAfterNext, commitmentTo, createAccountKeys, createDeviceKeys, nextAccountKey } from '../../protocol/identity.ts'
import { acceptsSuccessor, createManifest, createSuccessor, deviceEntry, openManifest } from '../../protocol/manifest.ts'
import { formatRecoveryPhrase, parseRecoveryPhrase, rotateAccountKey } from '../../protocol/recovery.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { seededRandom } from '../support/seeded-random.ts'

const random = seededRandom('recovery')
const now = 1_800_000_000_000

describe('the recovery phrase', () => {
  // Entropy and sentence as BIP 39 publishes them.
  const published: Array<[byte: number, phrase: string]> = [
    [0x00, `${'abandon '.repeat(23)}art`],
    [0x7f, `${'legal winner thank year wave sausage worth useful '.repeat(2)}legal winner thank year wave sausage worth title`],
    [0x80, `${'letter advice cage absurd amount doctor acoustic avoid '.repeat(2)}letter advice cage absurd amount doctor acoustic bless`],
    [0xff, `${'zoo '.repeat(23)}vote`]
  ]

  it('is that of BIP 39 for 32 bytes', () => {
    for (const [byte, phrase] of published) {
      const secret = new Uint8Array(32).fill(byte)
      assert.equal(formatRecoveryPhrase(secret), phrase)
      assert.deepEqual(parseRecoveryPhrase(phrase), secret)
    }
  })

  it('comes back from any 32 bytes, through capitals, lines and spaces', () => {
    for (let run = 0; run < 200; run++) {
      const secret = random.bytes(32)
      const words = formatRecoveryPhrase(secret).split(' ')
      assert.equal(words.length, 24)
      assert.deepEqual(parseRecoveryPhrase(`\n ${words.slice(0, 12).join('  ').toUpperCase()}\r\n${words.slice(12).join('\t')} `), secret)
    }
  })

  it('refuses what is not one, and repeats no word of it', () => {
    const phrase = formatRecoveryPhrase(random.bytes(32))
    const words = phrase.split(' ')
    const swapped = [words[1], words[0], ...words.slice(2)].join(' ')
    for (const text of [
      '', 'hello', words.slice(1).join(' '), `${phrase} art`, `${words.slice(1).join(' ')} zzyzx`,
      'abandon '.repeat(24), `${'abandon '.repeat(11)}about`, words.join(','), ...swapped === phrase ? [] : [swapped]
    ]) {
      let caught: unknown
      try {
        parseRecoveryPhrase(text)
      } catch (error) {
        caught = error
      }
      // One exchange in 256 keeps the checksum.
      if (text === swapped && caught === undefined) continue
      assert.equal(codeOf(caught), 'PHRASE_INVALID', text)
      const { message, cause } = caught as Error
      assert.equal(cause, undefined)
      assert.ok(!message.includes('zzyzx') && !message.includes(`${words[3]} `), message)
    }
    assert.throws(() => formatRecoveryPhrase(new Uint8Array(16)), { code: 'USAGE' })
  })
})

describe('a rotation', () => {
  const account = createAccountKeys(suite, random)
  const devices = [deviceEntry(createDeviceKeys(suite, random), random.bytes(32), now)]
  const first = openManifest(suite, createManifest(suite, { account, devices, now }))
  const rotate = (current = first, recoverySecret = account.recoverySecret) =>
    rotateAccountKey(suite, { current, recoverySecret, now: now + 1 })

  it('puts the key of the phrase in force, which everybody can check who knows the account id', () => {
    const { manifest, key } = rotate()
    const rotated = openManifest(suite, manifest)
    assert.deepEqual(rotated.account, first.account)
    assert.deepEqual(rotated.accountKey, nextAccountKey(suite, account.recoverySecret).publicKey)
    assert.deepEqual(key.publicKey, rotated.accountKey)
    assert.deepEqual(rotated.devices, devices)
    assert.equal(acceptsSuccessor(suite, first, rotated), 'rotated')
  })

  it('commits to one more key of the same phrase, so that the paper stays good', () => {
    const { manifest } = rotate()
    const after = accountKeyAfterNext(suite, account.recoverySecret)
    assert.deepEqual(openManifest(suite, manifest).nextCommitment, commitmentTo(suite, after.publicKey))
    assert.notDeepEqual(after.publicKey, nextAccountKey(suite, account.recoverySecret).publicKey)
  })

  it('needs the phrase of this account', () => {
    assert.throws(() => rotate(first, random.bytes(32)), { code: 'PHRASE_WRONG' })
    assert.throws(() => rotate(first, account.inception.exportSeed()), { code: 'PHRASE_WRONG' })
  })

  it('happens once in version 1', () => {
    const rotated = openManifest(suite, rotate().manifest)
    assert.throws(() => rotate(rotated), { code: 'KEY_ROTATED' })
  })

  it('S20: is refused to whoever stole the key in force, whichever next key he names', () => {
    const stolen = account.inception
    const mine = suite.ed25519Private(random.bytes(32))
    const common = { current: first, devices, revoked: [], now }
    for (const forged of [
      { ...common, key: mine, nextCommitment: commitmentTo(suite, random.bytes(32)) },
      { ...common, key: mine },
      { ...common, key: stolen, nextCommitment: commitmentTo(suite, mine.publicKey) }
    ]) {
      assert.throws(() => createSuccessor(suite, forged), { code: 'USAGE' })
    }
    const ahead = openManifest(suite, createSuccessor(suite, { ...common, key: stolen }))
    assert.equal(acceptsSuccessor(suite, ahead, openManifest(suite, rotate().manifest)), 'rotated')
  })
})
