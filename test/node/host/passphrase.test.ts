/**
 * Setting, changing and removing a profile's passphrase, by the real command; and the key file
 * after a crash between the steps. The native function behind it is held against a known answer.
 */
import assert from 'node:assert/strict'
import {
  closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replaceErased, replacing } from '../../../node/host/erased-file.ts'
import { nativeKdf, passphraseKdf } from '../../../node/host/passphrase.ts'
import { referenceKdf } from '../../../node/store/kdf.ts'
import { createKeyFile, openKeyFile } from '../../../node/store/profile.ts'
import type { PassphraseKdf } from '../../../node/store/kdf.ts'
import { utf8 } from '../../../protocol/bytes.ts'
import { nobleSuite } from '../../../protocol/suites/noble.ts'
import { keptLog } from '../../support/kept-log.ts'
import { runCommand, startCommand } from '../../support/cli.ts'
import { seededRandom } from '../../support/seeded-random.ts'

describe('restante passphrase', function () {
  this.timeout(240_000)
  let folder = ''
  let profile = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'restante-test-'))
    profile = join(folder, 'p')
  })
  afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

  /** Exit code, and what JSON said of it. */
  async function run (argv: string[], env: NodeJS.ProcessEnv = {}): Promise<[number | null, unknown]> {
    const { code, stdout, stderr } = await runCommand(['--profile', profile, '--json', ...argv], { env })
    assert.ok(!(stdout + stderr).includes('horse'), 'no passphrase is repeated')
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>
    return [code, last['code'] ?? last['protected']]
  }

  it('sets, changes and removes it, and what is stored stays as it is', async () => {
    const file = join(folder, 'new')
    writeFileSync(file, 'second horse\n')
    assert.deepEqual(await run(['init', '--name', 'Alice']), [0, false])
    const first = { RESTANTE_NEW_PASSPHRASE: 'first horse' }
    assert.deepEqual(await run(['passphrase'], first), [0, true])
    assert.deepEqual(await run(['account']), [1, 'PASSPHRASE_NEEDED'])
    assert.deepEqual(await run(['account'], { RESTANTE_PASSPHRASE: 'first horse' }), [0, true])

    const old = openSync(join(profile, 'key.json'), 'r')
    const change = ['passphrase', '--new-file', file]
    assert.deepEqual(await run(change), [1, 'PASSPHRASE_NEEDED'])
    assert.deepEqual(await run(change, { RESTANTE_PASSPHRASE: 'wrong horse' }), [1, 'PASSPHRASE_WRONG'])
    assert.deepEqual(await run(['account'], { RESTANTE_PASSPHRASE: 'first horse' }), [0, true])
    assert.deepEqual(await run(change, { RESTANTE_PASSPHRASE: 'first horse' }), [0, true])
    const bytes = Buffer.alloc(1000)
    const left = bytes.subarray(0, readSync(old, bytes, 0, 1000, 0))
    closeSync(old)
    assert.ok(left.length > 100 && left.every(byte => byte === 0), 'the key under the old passphrase is overwritten')
    assert.deepEqual(await run(['account'], { RESTANTE_PASSPHRASE: 'first horse' }), [1, 'PASSPHRASE_WRONG'])
    assert.deepEqual(await run(['account', '--passphrase-file', file]), [0, true])

    assert.deepEqual(await run(['passphrase', '--remove', '--passphrase-file', file]), [0, false])
    assert.deepEqual(await run(['account']), [0, false])
    assert.deepEqual(readdirSync(profile).filter(name => name.includes('.new') || name.includes('.old')), [])
  })

  it('refuses what is no change it could make, and leaves the profile as it was', async () => {
    assert.deepEqual(await run(['passphrase', '--remove']), [2, 'NO_ACCOUNT'])
    assert.deepEqual(await run(['init', '--name', 'Alice']), [0, false])
    const key = readFileSync(join(profile, 'key.json'))
    const empty = join(folder, 'empty')
    writeFileSync(empty, '\n')
    assert.deepEqual(await run(['passphrase']), [2, 'USAGE'], 'no new one, and nobody to ask')
    assert.deepEqual(await run(['passphrase', '--new-file', empty]), [2, 'USAGE'])
    assert.deepEqual(await run(['passphrase', '--new-file', empty, '--remove']), [2, 'USAGE'])
    assert.deepEqual(await run(['passphrase', 'donkey']), [2, 'USAGE'], 'it is never an argument')
    assert.deepEqual(readFileSync(join(profile, 'key.json')), key)
  })

  it('waits for nobody: while a daemon has the profile it ends with 5', async () => {
    assert.deepEqual(await run(['init', '--name', 'Alice']), [0, false])
    const daemon = startCommand(['--profile', profile, '--json', '--listen', '/ip4/127.0.0.1/tcp/0', 'daemon'])
    try {
      await daemon.line()
      assert.deepEqual(await run(['passphrase'], { RESTANTE_NEW_PASSPHRASE: 'first horse' }), [5, 'STORE_LOCKED'])
    } finally {
      daemon.child.kill('SIGTERM')
      await daemon.end
    }
  })
})

describe('a change of passphrase', () => {
  const random = seededRandom('passphrase')
  const fast: PassphraseKdf = async (secret, salt) => await referenceKdf(secret, salt, { memoryKiB: 64, passes: 1, lanes: 1 })

  it('opens with the old passphrase or the new one after a crash at any step, and then with that alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'restante-test-'))
    try {
      const path = join(folder, 'key.json')
      const old = await createKeyFile(nobleSuite, random, utf8('old'), fast)
      const fresh = await createKeyFile(nobleSuite, random, utf8('new'), fast)
      const steps: string[] = []
      for await (const step of replacing(path, old.file)) steps.push(step)
      for (const crashAfter of steps) {
        await replaceErased(path, old.file)
        for await (const step of replacing(path, fresh.file)) if (step === crashAfter) break
        const isNew = steps.indexOf(crashAfter) >= steps.indexOf('renamed')
        const file = new Uint8Array(readFileSync(path))
        const [right, wrong] = isNew ? ['new', 'old'] : ['old', 'new']
        const { dataKey } = await openKeyFile(nobleSuite, file, utf8(right), fast)
        assert.deepEqual(dataKey, (isNew ? fresh : old).dataKey, crashAfter)
        await assert.rejects(openKeyFile(nobleSuite, file, utf8(wrong), fast), { code: 'PASSPHRASE_WRONG' })
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('the function behind a passphrase', () => {
  const cost = { memoryKiB: 128, passes: 1, lanes: 2 }
  const salt = new Uint8Array(16).fill(3)
  const derive = async (kdf: PassphraseKdf): Promise<Uint8Array> => await kdf(utf8('secret'), salt, cost)

  it('is the native one where this Node has it, and gives what the reference gives', async function () {
    if (nativeKdf === undefined) this.skip()
    const log = keptLog()
    let calls = 0
    const counted: PassphraseKdf = async (...given) => {
      calls++
      return await nativeKdf!(...given)
    }
    const kdf = passphraseKdf(log, counted)
    for (let i = 0; i < 2; i++) assert.deepEqual(await derive(kdf), await derive(referenceKdf))
    assert.equal(calls, 3, 'tried once, then used')
    assert.deepEqual(log.lines, [])
  })

  it('falls back to the reference, and says so, where it is wrong or throws', async () => {
    const broken: PassphraseKdf[] = [
      async () => new Uint8Array(32),
      async () => { throw new Error('no such function') },
      async (secret, _salt, given) => await referenceKdf(secret, new Uint8Array(16), given)
    ]
    for (const candidate of broken) {
      const log = keptLog()
      assert.deepEqual(await derive(passphraseKdf(log, candidate)), await derive(referenceKdf))
      assert.deepEqual(log.lines.map(({ level, event }) => [level, event]), [['error', 'kdfSelfTestFailed']])
    }
  })
})
