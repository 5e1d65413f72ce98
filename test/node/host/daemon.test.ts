import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectToDaemon, listenForCommands } from '../../../node/host/daemon-socket.ts'
import { runCommand, startCommand, withFolder } from '../../support/cli.ts'
import type { CommandEnd, RunningCommand } from '../../support/cli.ts'

const lastObject = ({ stdout }: CommandEnd): Record<string, unknown> =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>
const request = (id: number, method: string, params: object = {}): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`

/** Runs `run` with an account's options, the profile being `folder`/`name`. */
async function withAccount (run: (profile: string[], dir: string) => Promise<void>, name = 'p'): Promise<void> {
  await withFolder(async (folder) => {
    const dir = join(folder, name)
    const profile = ['--profile', dir, '--json', '--listen', '/ip4/127.0.0.1/tcp/0']
    const made = await runCommand(['init', '--name', 'Alice', ...profile])
    assert.equal(made.code, 0, made.stderr)
    await run(profile, dir)
  })
}

async function startDaemon (profile: string[]) {
  const daemon = startCommand(['daemon', ...profile])
  const ready = JSON.parse(await daemon.line()) as { event: string, socket: string, protected: boolean }
  assert.equal(ready.event, 'ready')
  return { daemon, ready }
}

describe('one profile and several processes', function () {
  this.timeout(240_000)

  it('lets the one-shot commands work through a daemon, on a socket that only its owner can use', async function () {
    if (process.platform === 'win32') this.skip()
    await withAccount(async (profile, dir) => {
      const { daemon, ready } = await startDaemon(profile)
      try {
        assert.equal(ready.protected, false)
        assert.equal(ready.socket, join(dir, 'daemon.sock'))
        assert.equal(statSync(ready.socket).mode & 0o777, 0o600)
        const account = await runCommand(['account', ...profile])
        assert.deepEqual([account.code, lastObject(account)['name']], [0, 'Alice'])
        const doctor = await runCommand(['doctor', ...profile])
        assert.match(doctor.stdout, /a daemon has it open/)
      } finally {
        daemon.child.kill('SIGTERM')
      }
      const end = await daemon.end
      assert.equal(end.code, 0, end.stderr)
      assert.deepEqual(['daemon.sock', 'daemon.json'].filter((name) => existsSync(join(dir, name))), [])
    })
  })

  it('serves several clients at once, and passes the lines of rpc on', async () => {
    await withAccount(async (profile) => {
      const { daemon } = await startDaemon(profile)
      try {
        const open = (): RunningCommand => startCommand(['rpc', ...profile], { keepOpen: true })
        const [one, two] = [open(), open()]
        for (const client of [one, two]) client.child.stdin.write(request(7, 'account.show'))
        for (const client of [one, two]) {
          const answer = JSON.parse(await client.line()) as { id: number, result: { name: string } }
          assert.deepEqual([answer.id, answer.result.name], [7, 'Alice'])
          client.child.stdin.end()
          assert.equal((await client.end).code, 0)
        }
      } finally {
        daemon.child.kill('SIGTERM')
      }
      assert.equal((await daemon.end).code, 0)
    })
  })

  it('ends a daemon in order while a client hangs on', async () => {
    await withAccount(async (profile) => {
      const { daemon, ready } = await startDaemon(profile)
      // One that never ends its side, and one that does not read what it asked for.
      const sockets = [connect({ path: ready.socket, allowHalfOpen: true }), connect({ path: ready.socket, allowHalfOpen: true })]
      for (const socket of sockets) {
        socket.on('error', () => {})
        await new Promise((resolve) => socket.once('connect', resolve))
      }
      sockets[0]!.resume()
      sockets[1]!.pause()
      for (let i = 0; i < 2_000; i++) sockets[1]!.write(request(i, 'account.show'))
      daemon.child.kill('SIGINT')
      assert.equal((await daemon.end).code, 0)
      for (const socket of sockets) socket.destroy()
    })
  })

  it('refuses a second process with 5 and STORE_LOCKED, and leaves the first alone', async () => {
    await withAccount(async (profile) => {
      const first = startCommand(['rpc', ...profile], { keepOpen: true })
      first.child.stdin.write(request(1, 'account.show'))
      await first.line()
      for (const argv of [['account'], ['rpc'], ['daemon'], ['init', '--name', 'Eve']]) {
        const end = await runCommand([...argv, ...profile])
        assert.deepEqual([end.code, lastObject(end)['code']], [5, 'STORE_LOCKED'], argv[0])
      }
      first.child.stdin.end(request(2, 'account.show'))
      const end = await first.end
      assert.equal(end.code, 0)
      assert.equal(lastObject(end)['id'], 2)
    })
  })

  it('recognises what a killed daemon left behind', async function () {
    if (process.platform === 'win32') this.skip()
    await withAccount(async (profile, dir) => {
      const { daemon } = await startDaemon(profile)
      daemon.child.kill('SIGKILL')
      await daemon.end
      assert.ok(existsSync(join(dir, 'daemon.sock')))
      const opened = await runCommand(['account', ...profile])
      assert.equal(opened.code, 0, opened.stdout + opened.stderr)
      const next = await startDaemon(profile)
      assert.equal(lastObject(await runCommand(['account', ...profile]))['name'], 'Alice')
      next.daemon.child.kill('SIGTERM')
      const end = await next.daemon.end
      assert.equal(end.code, 0, end.stderr)
    })
  })

  it('takes a short path where the profile\'s is too long for a socket, and removes it', async function () {
    if (process.platform === 'win32') this.skip()
    await withAccount(async (profile, dir) => {
      const { daemon, ready } = await startDaemon(profile)
      assert.ok(ready.socket.startsWith(join(tmpdir(), 'restante-daemon-')), ready.socket)
      assert.equal(statSync(join(ready.socket, '..')).mode & 0o777, 0o700)
      assert.equal(lastObject(await runCommand(['account', ...profile]))['name'], 'Alice')
      daemon.child.kill('SIGTERM')
      assert.equal((await daemon.end).code, 0)
      assert.ok(!existsSync(join(ready.socket, '..')))
      assert.ok(!readdirSync(dir).includes('daemon.json'))
    }, 'x'.repeat(120))
  })

  it('creates an account over rpc, finishes what was asked at the end of input, and ends with 0', async () => {
    await withFolder(async (folder) => {
      const profile = ['--profile', join(folder, 'p'), '--listen', '/ip4/127.0.0.1/tcp/0']
      const end = await runCommand(['rpc', ...profile], {
        input: `${request(1, 'account.create', { name: 'Bot' })}${request(2, 'invite.create')}not json\n`
      })
      assert.equal(end.code, 0, end.stderr)
      const lines = end.stdout.trim().split('\n')
        .map((line) => JSON.parse(line) as { id?: number | null, error?: { code: number } })
      assert.deepEqual(new Set(lines.flatMap(({ id }) => id === undefined ? [] : [id])), new Set([1, 2, null]))
      assert.equal(lines.find(({ id }) => id === null)?.error?.code, -32700)
      const shown = await runCommand(['account', '--json', ...profile])
      assert.equal(lastObject(shown)['name'], 'Bot')
    })
  })

  it('passes a signal on through the entry that an old Node runs', async function () {
    const manifest = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')
    const { optionalDependencies = {} } = JSON.parse(manifest) as { optionalDependencies?: object }
    const neighbour = `node-${process.platform}-${process.arch}`
    if (process.platform === 'win32' || !(neighbour in optionalDependencies)) this.skip()
    await withAccount(async (profile, dir) => {
      const preload = join(dir, 'version.cjs')
      // The second process is a real one, and so of its real version.
      writeFileSync(preload, 'if (process.env.RESTANTE_STARTED_BY_ITSELF !== "1") ' +
        'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.0.0" } })')
      const env = { NODE_OPTIONS: `--require ${preload}` }
      const daemon = startCommand(['daemon', ...profile], { env })
      await daemon.line()
      daemon.child.kill('SIGTERM')
      assert.equal((await daemon.end).code, 0)

      const orphaned = startCommand(['daemon', ...profile], { env })
      await orphaned.line()
      orphaned.child.kill('SIGKILL')
      // Its other half holds the standard output open until it has ended as well.
      await orphaned.end
      assert.equal((await runCommand(['account', ...profile])).code, 0)
    })
  })
})

describe('the socket of a daemon', function () {
  before(function () { if (process.platform === 'win32') this.skip() })

  it('is found while it is there, and only then', async () => {
    await withFolder(async (folder) => {
      assert.equal(await connectToDaemon(folder), undefined)
      const listening = await listenForCommands(folder, (socket) => { socket.end('hello') })
      const socket = await connectToDaemon(folder)
      assert.ok(socket)
      const [chunk] = await socket.toArray()
      assert.equal(String(chunk), 'hello')
      socket.destroy()
      await listening.close()
      assert.equal(await connectToDaemon(folder), undefined)
    })
  })

  it('is not found where the record is torn, or names what is no socket', async () => {
    await withFolder(async (folder) => {
      const naming = (socket: string): string => JSON.stringify({ socket })
      for (const record of ['{"socket":', '{}', naming(join(folder, 'none')), naming(folder)]) {
        writeFileSync(join(folder, 'daemon.json'), record)
        assert.equal(await connectToDaemon(folder), undefined, record)
      }
    })
  })

  it('removes no folder but its own when it finds a stale record', async () => {
    await withFolder(async (folder) => {
      const precious = join(folder, 'precious')
      mkdirSync(precious)
      writeFileSync(join(folder, 'daemon.json'), JSON.stringify({ socket: join(precious, 's'), folder: precious }))
      const listening = await listenForCommands(folder, () => {})
      await listening.close()
      assert.ok(existsSync(precious))
    })
  })
})
