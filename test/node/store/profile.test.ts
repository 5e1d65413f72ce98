/**
 * The key file: what opens it, what does not, and that each failure has its code.
 */
import assert from 'node:assert/strict'
import { argon2id } from '@noble/hashes/argon2.js'
import { nobleSuite } from '../../../protocol/suites/noble.ts'
import { equal, utf8 } from '../../../protocol/bytes.ts'
import { referenceKdf } from '../../../node/store/kdf.ts'
import { changePassphrase, createKeyFile, isProtected, openKeyFile } from '../../../node/store/profile.ts'
import type { PassphraseCost, PassphraseKdf } from '../../../node/store/kdf.ts'
import { testRandom } from './fixtures.ts'

const suite = nobleSuite
const passphrase = utf8('correct horse battery staple')

/** The real function at a cost that tests can pay; what was asked for is kept. */
const asked: PassphraseCost[] = []
const cheapKdf: PassphraseKdf = async (secret, salt, cost) => {
  asked.push(cost)
  return argon2id(secret, salt, { m: 64, t: 1, p: cost.lanes, dkLen: 32 })
}
type Fields = Record<string, unknown>
const fieldsOf = (file: Uint8Array): Fields => JSON.parse(new TextDecoder().decode(file)) as Fields

/** What an attacker who can write the folder would make: altered, with a checksum that fits. */
function altered (file: Uint8Array, change: (fields: Fields) => void): Uint8Array {
  const fields = fieldsOf(file)
  delete fields['checksum']
  change(fields)
  const sum = suite.sha256(utf8(JSON.stringify(fields))).subarray(0, 8)
  return utf8(JSON.stringify({ ...fields, checksum: Buffer.from(sum).toString('base64url') }))
}

async function protectedFile (): Promise<{ file: Uint8Array, dataKey: Uint8Array }> {
  return await createKeyFile(suite, testRandom, passphrase, cheapKdf)
}
const open = (file: Uint8Array, secret: Uint8Array | undefined) => openKeyFile(suite, file, secret, cheapKdf)
const code = (name: string) => ({ name: 'StoreError', code: name })

describe('the key file', () => {
  it('gives the key back under its passphrase, with Argon2id at full cost', async function () {
    this.timeout(120_000)
    const { file, dataKey } = await createKeyFile(suite, testRandom, passphrase, referenceKdf)
    assert.equal(dataKey.length, 32)
    assert.deepEqual((await openKeyFile(suite, file, passphrase, referenceKdf)).dataKey, dataKey)
    const { salt, ...kdf } = fieldsOf(file)['kdf'] as Fields
    assert.deepEqual(kdf, { name: 'argon2id', memoryKiB: 65_536, passes: 3, lanes: 1 })
    const derived = argon2id(passphrase, Buffer.from(String(salt), 'base64url'), { m: 65_536, t: 3, p: 1, dkLen: 32 })
    await assert.rejects(openKeyFile(suite, file, passphrase, async () => new Uint8Array(32)), code('PASSPHRASE_WRONG'))
    assert.deepEqual((await openKeyFile(suite, file, passphrase, async () => derived.slice())).dataKey, dataKey)
  })

  it('holds no key that could be read, where it is protected', async () => {
    const { file, dataKey } = await protectedFile()
    assert.equal(isProtected(suite, file), true)
    const text = new TextDecoder().decode(file)
    for (const encoding of ['base64url', 'base64', 'hex', 'latin1'] as const) {
      assert.ok(!text.includes(Buffer.from(dataKey).toString(encoding)), encoding)
    }
    assert.deepEqual(asked.at(-1), { memoryKiB: 65_536, passes: 3, lanes: 1 })
  })

  it('refuses a wrong passphrase, and the lack of one', async () => {
    const { file } = await protectedFile()
    for (const wrong of ['', 'correct horse battery stapl', 'Correct horse battery staple', 'x'.repeat(1000)]) {
      await assert.rejects(open(file, utf8(wrong)), code('PASSPHRASE_WRONG'), wrong)
    }
    await assert.rejects(open(file, undefined), code('PASSPHRASE_NEEDED'))
  })

  it('works without a passphrase, and says that it is unprotected', async () => {
    const { file, dataKey } = await createKeyFile(suite, testRandom, undefined, cheapKdf)
    assert.equal(isProtected(suite, file), false)
    assert.deepEqual((await open(file, undefined)).dataKey, dataKey)
    assert.deepEqual((await open(file, passphrase)).dataKey, dataKey)
  })

  it('takes no empty passphrase for a new file', async () => {
    await assert.rejects(createKeyFile(suite, testRandom, new Uint8Array(0), cheapKdf), { name: 'UsageError' })
  })

  it('draws a key and a salt of its own for each profile', async () => {
    const [one, two] = [await protectedFile(), await protectedFile()]
    assert.ok(!equal(one.dataKey, two.dataKey))
    assert.notDeepEqual(fieldsOf(one.file)['kdf'], fieldsOf(two.file)['kdf'])
  })

  it('changes the passphrase, sets one, takes it away; the key stays', async () => {
    const { file, dataKey } = await protectedFile()
    const other = utf8('another one')
    const to = (secret: Uint8Array | undefined) => async () => secret
    const changed = await changePassphrase(suite, testRandom, file, passphrase, to(other), cheapKdf)
    assert.deepEqual((await open(changed.file, other)).dataKey, dataKey)
    await assert.rejects(open(changed.file, passphrase), code('PASSPHRASE_WRONG'))
    const bare = await changePassphrase(suite, testRandom, changed.file, other, to(undefined), cheapKdf)
    assert.equal(isProtected(suite, bare.file), false)
    const again = await changePassphrase(suite, testRandom, bare.file, undefined, to(passphrase), cheapKdf)
    assert.deepEqual((await open(again.file, passphrase)).dataKey, dataKey)
    let asks = 0
    const counted = async () => {
      asks++
      return other
    }
    await assert.rejects(changePassphrase(suite, testRandom, file, other, counted, cheapKdf), code('PASSPHRASE_WRONG'))
    assert.equal(asks, 0, 'the new one is asked for before the old one was right')
  })

  it('finds every truncation and every altered byte of a damaged file', async () => {
    for (const { file, dataKey } of [await protectedFile(), await createKeyFile(suite, testRandom, undefined, cheapKdf)]) {
      for (let length = 0; length < file.length - 2; length++) {
        await assert.rejects(open(file.subarray(0, length), passphrase), code('STORE_CORRUPT'), `${length} bytes`)
      }
      for (let at = 0; at < file.length; at++) {
        const damaged = Uint8Array.from(file)
        damaged[at]! ^= 1
        const outcome = await open(damaged, passphrase).catch((error: unknown) => error as Error & { code: string })
        // Space may become another character that JSON skips; then the key must be the right one.
        if ('dataKey' in outcome) assert.deepEqual(outcome.dataKey, dataKey, `byte ${at}`)
        else assert.ok(['STORE_CORRUPT', 'STORE_TOO_NEW'].includes(outcome.code), `byte ${at}: ${outcome.code}`)
      }
    }
  })

  it('opens nothing whose header was altered on purpose', async () => {
    const { file } = await protectedFile()
    const kdfWith = (change: Fields) => altered(file, fields => { fields['kdf'] = { ...fields['kdf'] as Fields, ...change } })
    const salt = Buffer.alloc(16, 7).toString('base64url')
    for (const change of [{ memoryKiB: 65_537 }, { passes: 4 }, { lanes: 2 }, { salt }]) {
      await assert.rejects(open(kdfWith(change), passphrase), code('PASSPHRASE_WRONG'), JSON.stringify(change))
    }
  })

  it('spends neither gigabytes nor too little, whatever the file asks for', async () => {
    const { file } = await protectedFile()
    const before = asked.length
    for (const change of [
      { memoryKiB: 1024 }, { memoryKiB: 19 * 1024 - 1 }, { memoryKiB: 256 * 1024 + 1 }, { memoryKiB: 2 ** 31 },
      { memoryKiB: 65_536.5 }, { memoryKiB: '65536' }, { passes: 1 }, { passes: 17 }, { passes: 2 ** 31 }, { lanes: 0 },
      { lanes: 5 }, { salt: 'AAAA' }, { salt: '!' }, { name: 'argon2d' }, { more: true }
    ]) {
      const hostile = altered(file, fields => { fields['kdf'] = { ...fields['kdf'] as Fields, ...change } })
      await assert.rejects(open(hostile, passphrase), code('STORE_CORRUPT'), JSON.stringify(change))
    }
    assert.equal(asked.length, before, 'the costly function was called')
    await assert.rejects(open(utf8(' '.repeat(5000)), passphrase), code('STORE_CORRUPT'))
  })

  it('leaves a file of a newer version alone, whatever else is in it', async () => {
    const { file } = await protectedFile()
    const newer = altered(file, fields => { fields['version'] = 2; fields['kdf'] = 'unknown' })
    await assert.rejects(open(newer, passphrase), code('STORE_TOO_NEW'))
    assert.throws(() => isProtected(suite, newer), code('STORE_TOO_NEW'))
    const other = altered(file, fields => { fields['format'] = 'something else' })
    await assert.rejects(open(other, passphrase), code('STORE_CORRUPT'))
  })

  it('never quotes the file in an error', async () => {
    const { file, dataKey } = await createKeyFile(suite, testRandom, undefined, cheapKdf)
    const text = Buffer.from(dataKey).toString('base64url')
    const broken = new TextDecoder().decode(file).replace('"dataKey"', 'dataKey')
    const error = await open(utf8(broken), undefined).then(() => undefined, (cause: unknown) => cause as Error)
    assert.ok(error !== undefined && error.cause === undefined && !String(error.stack).includes(text.slice(0, 8)))
  })
})
