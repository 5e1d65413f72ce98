import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, startCommand, withFolder } from '../../support/cli.ts'
import type { CommandEnd, RunOptions } from '../../support/cli.ts'
import { startRelay } from '../../support/relay.ts'

const root = join(import.meta.dirname, '../../..')
const lastObject = ({ stdout }: CommandEnd): Record<string, unknown> =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>

/** Runs the entry `file` as if this Node were of `version`. */
async function runAs (version: string, folder: string, file: string, env: NodeJS.ProcessEnv = {}) {
  const preload = join(folder, 'version.cjs')
  const versions = `{ ...process.versions, node: '${version}' }`
  writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${versions} })`)
  return await new Promise<{ code: number, stdout: string, stderr: string }>((resolve) => {
    const argv = ['--require', preload, file, '--version']
    const child = execFile(process.execPath, argv, { env: { ...process.env, ...env } },
      (error, stdout, stderr) => { resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }) })
    child.stdin?.end()
  })
}

describe('the entry of the command', () => {
  it('refuses an old Node with one clear line where there is no newer one beside it', async () => {
    await withFolder(async (folder) => {
      cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true })
      for (const version of ['12.0.0', '20.20.2', '22.18.0']) {
        const { code, stdout, stderr } = await runAs(version, folder, join(folder, 'bin/restante.js'))
        assert.equal(code, 2)
        assert.equal(stdout, '')
        assert.match(stderr, /^restante: Node 22\.19 or newer is needed, this is [\d.]+: .*\(TOO_OLD_RUNTIME\)\n$/)
        assert.ok(stderr.includes(version))
      }
    })
  })

  it('hands over to the Node that npm brought, where there is one', async function () {
    const manifest = readFileSync(join(root, 'package.json'), 'utf8')
    const { optionalDependencies } = JSON.parse(manifest) as Record<string, object>
    const os = process.platform === 'win32' ? 'win' : process.platform
    if (!(`node-${os}-${process.arch}` in (optionalDependencies ?? {}))) this.skip()
    await withFolder(async (folder) => {
      const { code, stdout, stderr } = await runAs('20.20.2', folder, join(root, 'bin/restante.js'))
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
    })
  })

  it('never hands over twice', async () => {
    await withFolder(async (folder) => {
      const env = { RESTANTE_STARTED_BY_ITSELF: '1' }
      const { code, stderr } = await runAs('20.20.2', folder, join(root, 'bin/restante.js'), env)
      assert.equal(code, 2)
      assert.match(stderr, /TOO_OLD_RUNTIME/)
    })
  })

  it('parses on old Nodes: no syntax and no module newer than they are', () => {
    const source = readFileSync(join(root, 'bin/restante.js'), 'utf8')
    assert.doesNotMatch(source, /=>|`|\?\.|\?\?|\bconst\b|\blet\b|\bclass\b|\basync\b|^import .* from|node:/m)
    assert.equal(JSON.parse(readFileSync(join(root, 'bin/package.json'), 'utf8')).type, 'commonjs')
  })
})

describe('the command line', function () {
  this.timeout(240_000)

  for (const [what, argv, options] of [
    ['nothing', [], {}],
    ['an unknown command', ['sing'], {}],
    ['an unknown option', ['contacts', '--loud'], {}],
    ['init without a name', ['init'], {}],
    ['four relays', ['init', '--name', 'x', '--relay', '/a', '--relay', '/b', '--relay', '/c', '--relay', '/d'], {}],
    ['a state that is none', ['send', 'Bob', 'x', '--wait', 'read'], {}],
    ['a time that is none', ['send', 'Bob', 'x', '--timeout', 'soon'], {}],
    ['an expiry that is none', ['invite', '--expires', '-1'], {}],
    ['too many arguments', ['contacts', 'Bob'], {}],
    ['a passphrase as an argument', ['account', '--passphrase', 'secret'], {}],
    ['an empty text', ['send', 'Bob', '-'], { input: '\n' }],
    ['a text that is no UTF-8', ['add', '-'], { env: {}, input: '\udcff' }],
    ['a log level that is none', ['account'], { env: { RESTANTE_LOG: 'loud' } }],
    ['a profile that is not there', ['account'], {}],
    ['a listener that is none', ['init', '--name', 'x', '--listen', '/ip4/127.0.0.1'], {}],
    ['an init with a name that is too long', ['init', '--name', 'x'.repeat(300)], {}],
    ['an init with a relay that is none', ['init', '--name', 'x', '--relay', 'http://relay'], {}]
  ] as Array<[string, string[], RunOptions]>) {
    it(`ends with 2 for ${what}`, async () => {
      await withFolder(async (folder) => {
        const env = { RESTANTE_PROFILE: join(folder, 'profile'), ...options.env }
        const { code, stdout, stderr } = await runCommand(argv, { ...options, env })
        assert.equal(code, 2, stderr)
        assert.equal(stdout, '')
        assert.notEqual(stderr, '')
        assert.ok(!stderr.includes('    at '), 'no stack')
      })
    })
  }

  it('listens on TCP alone, and says so, whoever asks for something else', async () => {
    await withFolder(async (folder) => {
      const profile = ['--json', '--profile', join(folder, 'p')]
      const onWs = '/ip4/127.0.0.1/tcp/0/ws'
      const init = ['init', '--name', 'Alice', ...profile]
      for (const end of [
        await runCommand([...init, '--listen', '/ip4/127.0.0.1/tcp/0', '--listen', onWs]),
        await runCommand(init, { env: { RESTANTE_LISTEN: `/ip4/127.0.0.1/tcp/0 ${onWs}` } })
      ]) {
        assert.deepEqual([end.code, lastObject(end)['code']], [2, 'USAGE'])
        assert.match(String(lastObject(end)['message']), /TCP only: \/ip4\/0\.0\.0\.0\/tcp\/4010/)
      }
      assert.ok(!existsSync(join(folder, 'p')), 'nothing was made')

      const listen = ['/ip4/127.0.0.1/tcp/0', '/ip6/::1/tcp/0', '/dns4/localhost/tcp/0']
      const made = await runCommand([...init, ...listen.flatMap(one => ['--listen', one])])
      assert.equal(made.code, 0, made.stdout)
      const config = join(folder, 'p', 'config.json')
      const kept = JSON.parse(readFileSync(config, 'utf8')) as { listen: string[] }
      assert.deepEqual(kept.listen, listen)
      writeFileSync(config, JSON.stringify({ ...kept, listen: [onWs] }))
      const end = await runCommand(['account', ...profile])
      assert.deepEqual([end.code, lastObject(end)['code']], [1, 'STORE_CORRUPT'])
      assert.match(String(lastObject(end)['message']), /config\.json.*listen/)
      writeFileSync(config, JSON.stringify({ version: 2, listen: { tcp: 0 } }))
      const newer = await runCommand(['account', ...profile])
      assert.deepEqual([newer.code, lastObject(newer)['code']], [1, 'STORE_TOO_NEW'])
    })
  })

  it('says what is wrong as one object with --json', async () => {
    for (const argv of [['contacts', '--loud', '--json'], ['--json', 'account']]) {
      await withFolder(async (folder) => {
        const end = await runCommand(argv, { env: { RESTANTE_PROFILE: join(folder, 'none') } })
        assert.equal(end.code, 2)
        assert.equal(end.stdout.trim().split('\n').length, 1)
        assert.equal(lastObject(end)['event'], 'error')
        assert.equal(lastObject(end)['family'], 'usage')
      })
    }
  })

  it('shows its help, of every command too, without loading the network', async () => {
    const { code, stdout } = await runCommand(['--help'])
    assert.equal(code, 0)
    for (const name of ['relay', 'init', 'invite', 'add', 'contacts', 'send', 'history', 'watch', 'chat', 'doctor',
      'rpc', 'daemon', 'demo', 'account', 'accept', 'block', 'remove', 'connections']) {
      assert.match(stdout, new RegExp(`^  ${name} `, 'm'))
      const source = readFileSync(join(root, 'node/host/program.ts'), 'utf8')
      assert.doesNotMatch(source, /^import (?!type).*(libp2p|level|messenger)/m)
    }
    assert.match((await runCommand(['send', '--help'])).stdout, /--wait <state>[^]*--profile <dir>/)
  })

  it('creates a profile that only its owner can read, and finds it again', async () => {
    await withFolder(async (folder) => {
      const profile = join(folder, 'deep', 'profile')
      const made = await runCommand(['init', '--name', 'Alice', '--profile', profile, '--json'])
      assert.equal(made.code, 0, made.stderr)
      const { accountId, protected: isProtected } = lastObject(made)
      assert.match(String(accountId), /^restante1/)
      assert.equal(isProtected, false)
      assert.equal(statSync(profile).mode & 0o777, 0o700)
      for (const name of ['key.json', 'config.json']) assert.equal(statSync(join(profile, name)).mode & 0o777, 0o600)
      const { port } = JSON.parse(readFileSync(join(profile, 'config.json'), 'utf8')) as { port: number }
      assert.ok(port > 0)

      const shown = await runCommand(['account', '--json'], { env: { RESTANTE_PROFILE: profile } })
      assert.equal(lastObject(shown)['accountId'], accountId)
      assert.equal(JSON.parse(readFileSync(join(profile, 'config.json'), 'utf8')).port, port)
      const again = await runCommand(['init', '--name', 'Eve', '--profile', profile, '--json'])
      assert.deepEqual([again.code, lastObject(again)['code']], [2, 'ACCOUNT_EXISTS'])
    })
  })

  it('says of an unprotected profile that it is, wherever it lists it', async () => {
    await withFolder(async (folder) => {
      const said = async (...argv: string[]): Promise<string> => {
        const { stdout, stderr } = await runCommand([...argv, '--profile', join(folder, 'p')])
        return stdout + stderr
      }
      assert.match(await said('init', '--name', 'Alice'), /unprotected/)
      assert.match(await said('account'), /unprotected/)
      assert.match(await said('contacts'), /unprotected/)
      assert.match(await said('doctor'), /unprotected/)
    })
  })

  it('takes a passphrase by file or environment, and opens with no other', async () => {
    await withFolder(async (folder) => {
      const profile = ['--profile', join(folder, 'p'), '--json']
      const file = join(folder, 'passphrase')
      writeFileSync(file, 'correct horse\n')
      const made = await runCommand(['init', '--name', 'Alice', '--passphrase-file', file, ...profile])
      assert.equal(lastObject(made)['protected'], true)
      const open = async (env: NodeJS.ProcessEnv, ...argv: string[]) => {
        const end = await runCommand(['account', ...profile, ...argv], { env })
        return [end.code, lastObject(end)['code'] ?? lastObject(end)['name']]
      }
      assert.deepEqual(await open({}, '--passphrase-file', file), [0, 'Alice'])
      assert.deepEqual(await open({ RESTANTE_PASSPHRASE: 'correct horse' }), [0, 'Alice'])
      assert.deepEqual(await open({ RESTANTE_PASSPHRASE: 'correct horse\n' }), [1, 'PASSPHRASE_WRONG'])
      assert.deepEqual(await open({ RESTANTE_PASSPHRASE: 'wrong' }), [1, 'PASSPHRASE_WRONG'])
      assert.deepEqual(await open({}), [1, 'PASSPHRASE_NEEDED'])
      assert.deepEqual(await open({}, '--passphrase-file', join(folder, 'none')), [2, 'USAGE'])
      writeFileSync(file, '\n')
      assert.deepEqual(await open({}, '--passphrase-file', file), [2, 'USAGE'])
    })
  })

  it('makes nothing where an init is refused, and no account in clear against a passphrase', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'p')
      const profile = ['--json', '--profile', path]
      for (const argv of [['--name', 'Alice', '--relay', '/ip4/127.0.0.1/tcp/9'], ['--name', ' ']]) {
        const end = await runCommand(['init', ...argv, ...profile])
        assert.deepEqual([end.code, lastObject(end)['code']], [2, 'USAGE'])
        assert.ok(!existsSync(path), 'no folder')
      }
      // A profile without an account, as a program leaves it that asked for nothing.
      assert.equal((await runCommand(['rpc', '--profile', path])).code, 0)
      const env = { RESTANTE_PASSPHRASE: 'correct horse' }
      const refused = await runCommand(['init', '--name', 'Alice', ...profile], { env })
      assert.deepEqual([refused.code, lastObject(refused)['code']], [2, 'USAGE'])
      const made = await runCommand(['init', '--name', 'Alice', ...profile])
      assert.deepEqual([made.code, lastObject(made)['protected']], [0, false])
    })
  })

  it('leaves a folder of a newer version as it is', async () => {
    await withFolder(async (folder) => {
      const profile = join(folder, 'p')
      await runCommand(['init', '--name', 'Alice', '--profile', profile])
      const config = join(profile, 'config.json')
      writeFileSync(config, JSON.stringify({ version: 2, holograms: true }))
      const end = await runCommand(['account', '--json', '--profile', profile])
      assert.deepEqual([end.code, lastObject(end)['code']], [1, 'STORE_TOO_NEW'])
      assert.equal(readFileSync(config, 'utf8'), '{"version":2,"holograms":true}')
    })
  })

  it('refuses a folder that lost its key, or that nobody may write to', async function () {
    await withFolder(async (folder) => {
      const profile = join(folder, 'p')
      await runCommand(['init', '--name', 'Alice', '--profile', profile])
      cpSync(join(profile, 'level'), join(folder, 'q/level'), { recursive: true })
      const lost = await runCommand(['init', '--name', 'Alice', '--json', '--profile', join(folder, 'q')])
      assert.deepEqual([lost.code, lastObject(lost)['code']], [1, 'STORE_CORRUPT'])
      assert.ok(!existsSync(join(folder, 'q/key.json')))
      writeFileSync(join(folder, 'file'), '')
      const bad = await runCommand(['init', '--name', 'Alice', '--json', '--profile', join(folder, 'file/p')])
      assert.deepEqual([bad.code, lastObject(bad)['code']], [1, 'STORE_FAILED'])
      chmodSync(folder, 0o700)
    })
  })

  it('says of an invite without a relay that only this device hands it out', async () => {
    await withFolder(async (folder) => {
      const profile = ['--profile', join(folder, 'p'), '--listen', '/ip4/127.0.0.1/tcp/0']
      await runCommand(['init', '--name', 'Alice', ...profile])
      const { published, handedOutBy } = lastObject(await runCommand(['invite', '--json', ...profile]))
      assert.deepEqual([published, handedOutBy], [false, 'device'])
      const told = await runCommand(['invite', ...profile])
      assert.match(told.stderr, /has no relay: the link works only while it is online itself/)
      assert.doesNotMatch(told.stderr, /No relay has it yet/)
    })
  })

  it('refuses an altered invite and an unknown contact with their codes', async () => {
    await withFolder(async (folder) => {
      const profile = ['--json', '--profile', join(folder, 'p'), '--listen', '/ip4/127.0.0.1/tcp/0']
      await runCommand(['init', '--name', 'Alice', ...profile])
      const made = await runCommand(['invite', ...profile])
      assert.equal(made.code, 0, made.stdout + made.stderr)
      const invite = String(lastObject(made)['invite'])
      assert.match(invite, /^restante:/)
      const links = [[invite.slice(0, -3), 'INVITE_INVALID'], [invite, 'INVITE_OWN'], ['x', 'INVITE_INVALID']]
      for (const [link, code] of links) {
        const end = await runCommand(['add', '-', ...profile], { input: `${link}\n` })
        assert.deepEqual([end.code, lastObject(end)['code']], [2, code])
      }
      for (const argv of [['send', 'Nobody', 'x'], ['history', 'Nobody'], ['chat', 'Nobody'], ['block', 'Nobody']]) {
        const end = await runCommand([...argv, ...profile])
        assert.deepEqual([end.code, lastObject(end)['code']], [2, 'UNKNOWN_CONTACT'], argv[0])
      }
    })
  })

  it('is examined by the doctor', async () => {
    await withFolder(async (folder) => {
      const profile = ['--json', '--profile', join(folder, 'p')]
      const none = await runCommand(['doctor', ...profile])
      assert.deepEqual([none.code, lastObject(none)['well']], [1, false])
      const relay = '/ip4/127.0.0.1/tcp/9/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
      await runCommand(['init', '--name', 'Alice', '--relay', relay, ...profile])
      const end = await runCommand(['doctor', ...profile])
      assert.equal(end.code, 1)
      const checks = end.stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
      assert.deepEqual(checks.map(({ check, verdict }) => [check, verdict]), [
        ['runtime', 'ok'], ['profile', 'ok'], ['protection', 'warning'], ['store', 'ok'], ['listen', 'ok'],
        ['relay', 'failed'], [undefined, undefined]])
      assert.equal(checks[5]?.['code'], 'NO_ROUTE')
    })
  })

  it('is told by the doctor of a relay that listens only where this program can\'t dial', async () => {
    const running = await startRelay({ listen: ['/ip4/127.0.0.1/udp/0/webrtc-direct'] })
    const [relay = ''] = running.addresses
    assert.match(relay, /webrtc-direct/)
    try {
      await withFolder(async (folder) => {
        const profile = ['--profile', join(folder, 'p')]
        await runCommand(['init', '--name', 'Alice', '--relay', relay, ...profile])
        const startedAt = performance.now()
        const end = await runCommand(['doctor', '--json', ...profile])
        assert.ok(performance.now() - startedAt < 9_000, 'it does not wait for a way that there is not')
        assert.equal(end.code, 1)
        const check = end.stdout.split('\n').find(line => line.includes('"check":"relay"')) ?? '{}'
        const { verdict, code, words } = JSON.parse(check) as Record<string, unknown>
        assert.deepEqual([verdict, code], ['failed', 'NO_ROUTE'])
        assert.equal(words, `${relay}: This program can't dial addresses of this kind.`)
      })
    } finally {
      await running.stop()
    }
  })

  it('ends with 4 where nobody can be reached, and keeps the message', async () => {
    await withFolder(async (folder) => {
      const options = (name: string): string[] =>
        ['--json', '--profile', join(folder, name), '--listen', '/ip4/127.0.0.1/tcp/0']
      await runCommand(['init', '--name', 'Alice', ...options('a')])
      await runCommand(['init', '--name', 'Bob', ...options('b')])
      const invite = String(lastObject(await runCommand(['invite', ...options('b')]))['invite'])
      await runCommand(['add', invite, '--name', 'Bob', ...options('a')])
      const end = await runCommand(['send', 'Bob', 'hello', '--timeout', '1', ...options('a')])
      assert.equal(end.code, 4, end.stdout + end.stderr)
      assert.equal(lastObject(end)['state'], 'queued')
      const history = await runCommand(['history', 'Bob', ...options('a')])
      assert.equal(lastObject(history)['text'], 'hello')
    })
  })

  it('ends quietly where its reader goes away', async () => {
    await withFolder(async (folder) => {
      await runCommand(['init', '--name', 'Alice', '--profile', join(folder, 'p')])
      const watching = startCommand(['watch', '--profile', join(folder, 'p'), '--json'], { keepOpen: true })
      assert.deepEqual(JSON.parse(await watching.line()), { event: 'ready' })
      watching.child.kill('SIGINT')
      assert.equal((await watching.end).code, 0)
    })
  })
})
