/**
 * Verifying a contact, and the recovery phrase, at the command line: real processes.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, startCommand, withFolder } from '../../support/cli.ts'
import type { CommandEnd } from '../../support/cli.ts'
import { startRelay } from '../../support/relay.ts'
import type { RelayProcess } from '../../support/relay.ts'

const lastObject = ({ stdout }: CommandEnd): Record<string, unknown> =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>
const listen = ['--listen', '/ip4/127.0.0.1/tcp/0']

describe('two people who compare their safety numbers', function () {
  this.timeout(240_000)
  let relay: RelayProcess

  before(async () => { relay = await startRelay() })
  after(async () => { await relay.stop() })

  it('verify each other by digits and by scanning, and by nothing else', async () => {
    await withFolder(async (folder) => {
      const [alice, bob] = ['alice', 'bob'].map((name) => ['--profile', join(folder, name), ...listen])
      for (const [name, options] of [['Alice', alice], ['Bob', bob]] as const) {
        const made = await runCommand(['init', '--name', name, '--relay', relay.addresses[0] ?? '', ...options!])
        assert.equal(made.code, 0, made.stderr)
      }
      const invited = await runCommand(['invite', '--json', ...bob!])
      const added = await runCommand(['add', '-', ...alice!], { input: String(lastObject(invited)['invite']) })
      assert.equal(added.code, 0, added.stderr)
      const sent = await runCommand(['send', 'Bob', 'hello', ...alice!])
      assert.equal(sent.code, 0, sent.stderr)
      const watching = startCommand(['watch', '--json', ...bob!])
      while ((JSON.parse(await watching.line()) as { event: string }).event !== 'message.received') { /* the next line */ }
      watching.child.kill('SIGINT')
      await watching.end

      const here = lastObject(await runCommand(['safety-number', 'Bob', '--json', ...alice!]))
      const there = await runCommand(['safety-number', 'Alice', ...bob!])
      assert.equal(there.stdout.trim().split(/\s+/).join(' '), here['number'])
      assert.match(there.stdout, /^(\d{5} ){3}\d{5}\n(\d{5} ){3}\d{5}\n(\d{5} ){3}\d{5}\n$/)
      assert.match(there.stderr, /Alice is not verified/)

      const wrong = await runCommand(['verify', 'Bob', '1'.repeat(60), ...alice!])
      assert.equal(wrong.code, 1)
      assert.match(wrong.stderr, /SAFETY_NUMBER_MISMATCH/)
      const missing = await runCommand(['verify', 'Bob', ...alice!])
      assert.equal(missing.code, 2, missing.stderr)

      const read = await runCommand(['verify', 'Bob', '-', ...alice!], { input: there.stdout })
      assert.equal(read.code, 0, read.stderr)
      const scanned = await runCommand(['verify', 'Alice', String(here['qr']), '--json', ...bob!])
      assert.deepEqual([scanned.code, lastObject(scanned)], [0, { contact: 'Alice', verified: true }])
      assert.match((await runCommand(['contacts', ...bob!])).stdout, /Alice \(accepted, verified/)

      const undecided = await runCommand(['accept-identity', 'Bob', 'presented', ...alice!])
      assert.equal(undecided.code, 2)
    })
  })
})

describe('a recovery phrase at the command line', function () {
  this.timeout(120_000)

  it('is shown with a warning, taken back by file or standard input alone, and rotates the key', async () => {
    await withFolder(async (folder) => {
      const options = ['--profile', join(folder, 'bob'), ...listen]
      assert.equal((await runCommand(['init', '--name', 'Bob', ...options])).code, 0)
      const shown = await runCommand(['account', 'phrase', ...options])
      assert.equal(shown.code, 0, shown.stderr)
      const words = shown.stdout.trim().split(/\s+/).filter((word) => !/^\d+$/.test(word))
      assert.equal(words.length, 24)
      assert.match(shown.stderr, /Write these 24 words on paper/)
      const phrase = words.join(' ')
      const asArgument = await runCommand(['account', 'rotate-key', phrase, ...options])
      assert.equal(asArgument.code, 2)
      // Commander would repeat what it was given.
      assert.ok(!asArgument.stderr.includes(words.slice(5, 8).join(' ')), asArgument.stderr)
      const file = join(folder, 'words')
      writeFileSync(file, `${'abandon '.repeat(23)}art\n`)
      const other = await runCommand(['account', 'phrase', '--written-down', '--phrase-file', file, ...options])
      assert.equal(other.code, 2)
      assert.match(other.stderr, /PHRASE_WRONG/)
      writeFileSync(file, shown.stdout)
      const taken = await runCommand(['account', 'phrase', '--written-down', '--phrase-file', file, ...options])
      assert.equal(taken.code, 0, taken.stderr)
      const gone = await runCommand(['account', 'phrase', ...options])
      assert.match(gone.stderr, /PHRASE_FORGOTTEN/)

      const rotated = await runCommand(['account', 'rotate-key', '--phrase-file', '-', '--json', ...options], { input: phrase })
      assert.equal(rotated.code, 0, rotated.stderr)
      assert.deepEqual([lastObject(rotated)['keyRotated'], lastObject(rotated)['phraseWrittenDown']], [true, true])
      const again = await runCommand(['account', 'rotate-key', '--phrase-file', '-', ...options], { input: phrase })
      assert.deepEqual([again.code, /KEY_ROTATED/.test(again.stderr)], [2, true])
      assert.equal((await runCommand(['account', 'sing', ...options])).code, 2)
      assert.match((await runCommand(['account', 'rotate-key', '--help'])).stdout, /--phrase-file/)
    })
  })
})
