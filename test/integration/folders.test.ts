/** Folders that can't be made or written, of relays and of profiles: one line says so, and the process ends. */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCommand, withFolder } from '../support/cli.ts'
import type { CommandEnd, RunOptions } from '../support/cli.ts'

/** Far more than any of them takes; a process that never ends is ended. */
const endMsMax = 60_000

async function endOf (argv: string[], options: RunOptions = {}): Promise<CommandEnd> {
  const { child, end } = startCommand(argv, options)
  const timer = setTimeout(() => { child.kill('SIGKILL') }, endMsMax)
  try {
    return await end
  } finally {
    clearTimeout(timer)
  }
}

/** A folder that takes no other one; the superuser may write wherever the kernel itself does not refuse. */
function closedFolder (folder: string): string | undefined {
  if (process.getuid?.() === 0) return existsSync('/sys/kernel') ? '/sys/kernel' : undefined
  const closed = join(folder, 'closed')
  mkdirSync(closed)
  chmodSync(closed, 0o500)
  return closed
}

function oneLine (end: CommandEnd, place: string): void {
  assert.deepEqual({ ...end, stderr: '' }, { code: 1, signal: null, stdout: '', stderr: '' }, `${place}: ${end.stderr}`)
  assert.match(end.stderr, /^restante: [^\n]* \(STORE_FAILED\)\n$/)
  assert.ok(end.stderr.includes(place), `${place}: ${end.stderr}`)
}

describe('a folder that can\'t be made or written', function () {
  this.timeout(240_000)

  const programs: Array<[string, (place: string) => string[]]> = [
    ['a relay', place => ['relay', '--listen', '/ip4/127.0.0.1/tcp/0', '--data', place]],
    ['a profile', place => ['init', '--name', 'Alice', '--profile', place]]
  ]
  for (const [program, argvOf] of programs) {
    it(`ends ${program} with 1 and one line where a file is in its place or in its way`, async () => {
      await withFolder(async folder => {
        const file = join(folder, 'file')
        writeFileSync(file, 'kept')
        for (const place of [file, join(file, 'below')]) oneLine(await endOf(argvOf(place)), place)
        assert.deepEqual(readdirSync(folder), ['file'])
      })
    })

    it(`ends ${program} with 1 and one line below /proc, which has room for none`, async function () {
      if (!existsSync('/proc/self')) this.skip()
      for (const place of ['/proc/restante', '/proc/restante/below', '/proc/self']) {
        oneLine(await endOf(argvOf(place)), place)
      }
    })

    it(`ends ${program} with 1 and one line where nothing may be written`, async function () {
      await withFolder(async folder => {
        const closed = closedFolder(folder)
        if (closed === undefined) this.skip()
        for (const place of [closed, join(closed, 'restante')]) oneLine(await endOf(argvOf(place)), place)
      })
    })

    it(`ends ${program} with 1 and one line where its store is a file`, async () => {
      await withFolder(async folder => {
        for (const name of ['mailboxes', 'level']) writeFileSync(join(folder, name), 'kept')
        oneLine(await endOf(argvOf(folder)), folder)
      })
    })
  }

  it('ends the demo with 1 and one line', async () => {
    await withFolder(async folder => {
      const nowhere = join(folder, 'none')
      oneLine(await endOf(['demo'], { env: { TMPDIR: nowhere, TEMP: nowhere, TMP: nowhere } }), nowhere)
    })
  })

  it('is made with all that it is in, for its owner alone', async function () {
    if (process.platform === 'win32') this.skip()
    await withFolder(async folder => {
      const place = join(folder, 'one', 'two')
      assert.equal((await endOf(['init', '--name', 'Alice', '--profile', place])).code, 0)
      const { code } = await endOf(['relay', '--data', place, '--listen', 'nonsense'])
      assert.equal(code, 2)
      for (const made of ['one', 'one/two', 'one/two/level', 'one/two/mailboxes']) {
        assert.equal(statSync(join(folder, made)).mode & 0o777, 0o700, made)
      }
    })
  })
})
