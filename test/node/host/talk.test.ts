/**
 * Two people at their command lines and a relay between them: real processes, as a person starts them.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, startCommand, withFolder } from '../../support/cli.ts'
import type { CommandEnd, RunningCommand } from '../../support/cli.ts'
import { startRelay } from '../../support/relay.ts'
import type { RelayProcess } from '../../support/relay.ts'

interface Line {
  event?: string, code?: string, state?: string, way?: string, storedBy?: number, of?: number
  name?: string, invite?: string, published?: boolean, handedOutBy?: string, sent?: number, direct?: number
  messageId?: string, own?: boolean, text?: string, delivery?: { state: string } | null
}
const lastObject = ({ stdout }: CommandEnd): Line => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Line

async function nextEvent (command: RunningCommand, wanted: (line: Line) => boolean): Promise<Line> {
  for (;;) {
    const line = JSON.parse(await command.line()) as Line
    if (wanted(line)) return line
  }
}

describe('two people at their command lines', function () {
  this.timeout(240_000)
  let relay: RelayProcess

  before(async () => { relay = await startRelay() })
  after(async () => { await relay.stop() })

  const optionsOf = (folder: string, name: string): string[] =>
    ['--json', '--profile', join(folder, name), '--listen', '/ip4/127.0.0.1/tcp/0']

  async function withPeople (run: (alice: string[], bob: string[]) => Promise<void>): Promise<void> {
    await withFolder(async (folder) => {
      const [alice, bob] = [optionsOf(folder, 'alice'), optionsOf(folder, 'bob')]
      const address = relay.addresses[0] ?? ''
      for (const [name, options] of [['Alice', alice], ['Bob', bob]] as const) {
        const made = await runCommand(['init', '--name', name, '--relay', address, ...options])
        assert.equal(made.code, 0, made.stderr)
      }
      const invited = await runCommand(['invite', ...bob])
      const { published, handedOutBy } = lastObject(invited)
      assert.deepEqual([invited.code, published, handedOutBy], [0, true, 'relay'])
      // Bob is away from here on.
      const added = await runCommand(['add', '-', ...alice], { input: lastObject(invited).invite ?? '' })
      assert.deepEqual([added.code, lastObject(added).name], [0, 'Bob'], added.stderr)
      await run(alice, bob)
    })
  }

  it('write to somebody who is away, and hear when it arrives and is read', async () => {
    await withPeople(async (alice, bob) => {
      const stored = await runCommand(['send', 'Bob', 'hello', ...alice])
      assert.equal(stored.code, 0, stored.stdout + stored.stderr)
      const { state, way, storedBy, of } = lastObject(stored)
      assert.deepEqual([state, way, storedBy, of], ['stored', 'relay', 1, 1])

      const late = await runCommand(['send', 'Bob', '-', '--wait', 'delivered', '--timeout', '1', ...alice],
        { input: 'from a pipe\nin two lines\n' })
      assert.deepEqual([late.code, lastObject(late).state], [3, 'stored'])

      // Bob has never heard of her: the command that names her waits for what his relay knows.
      const talking = startCommand(['chat', 'Alice', ...bob], { keepOpen: true })
      const isMessage = ({ event }: Line): boolean => event === 'message.received'
      const isShown = (line: Line): boolean => isMessage(line) || line.event === 'message.history'
      const texts = [await nextEvent(talking, isShown), await nextEvent(talking, isShown)].map(({ text }) => text)
      assert.deepEqual(texts, ['hello', 'from a pipe\nin two lines'])
      talking.child.kill('SIGINT')
      assert.equal((await talking.end).code, 0)

      const reading = startCommand(['chat', 'Alice', ...bob], { keepOpen: true })
      const hearing = startCommand(['watch', ...alice])
      await nextEvent(hearing, ({ event, state: told }) => event === 'message.state' && told === 'read')
      await nextEvent(hearing, ({ event, state: told }) => event === 'message.state' && told === 'read')
      reading.child.stdin.end('welcome\n')
      const answer = await nextEvent(hearing, isMessage)
      assert.equal(answer.text, 'welcome')
      assert.equal((await reading.end).code, 0)
      hearing.child.kill('SIGTERM')
      assert.equal((await hearing.end).code, 0)

      const history = (await runCommand(['history', 'Bob', ...alice])).stdout.trim().split('\n')
        .map((line) => JSON.parse(line) as Line)
      assert.deepEqual(history.map(({ own, text, delivery }) => [own, text, delivery?.state ?? null]), [
        [true, 'hello', 'read'], [true, 'from a pipe\nin two lines', 'read'], [false, 'welcome', null]])
      const [older] = (await runCommand(['history', 'Bob', '--limit', '1', '--before', history[1]?.messageId ?? '', ...alice]))
        .stdout.trim().split('\n').map((line) => JSON.parse(line) as Line)
      assert.equal(older?.text, 'hello')
    })
  })

  it('can answer from a command line that was away when the other one wrote first', async () => {
    await withPeople(async (alice, bob) => {
      const first = await runCommand(['send', 'Bob', 'hello', ...alice])
      assert.equal(first.code, 0, first.stdout + first.stderr)
      const end = await runCommand(['send', 'Alice', 'welcome', ...bob])
      assert.deepEqual([end.code, lastObject(end).state], [0, 'stored'], end.stdout + end.stderr)
      const unknown = await runCommand(['send', 'Nobody', 'hello', ...bob])
      assert.deepEqual([unknown.code, lastObject(unknown).code], [2, 'UNKNOWN_CONTACT'])
    })
  })

  it('talk straight while both are online, through a daemon as well', async () => {
    await withPeople(async (alice, bob) => {
      const daemon = startCommand(['daemon', ...bob])
      await daemon.line()
      const first = await runCommand(['send', 'Bob', 'one', '--wait', 'delivered', '--timeout', '60', ...alice])
      assert.equal(first.code, 0, first.stdout + first.stderr)
      const accepted = await runCommand(['accept', 'Alice', ...bob])
      assert.equal(accepted.code, 0, accepted.stdout)
      const talking = startCommand(['chat', 'Bob', '--timeout', '60', ...alice], { keepOpen: true })
      const hearing = startCommand(['rpc', ...bob], { keepOpen: true })
      const ask = (method: string, params: object): void => {
        hearing.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })}\n`)
      }
      ask('message.send', { to: 'Alice', text: 'two' })
      await nextEvent(talking, ({ event, text }) => event === 'message.received' && text === 'two')
      talking.child.stdin.write('three\n')
      const state = await nextEvent(talking, (line) => line.event === 'message.state' && line.state === 'delivered')
      assert.equal(state.way, 'direct')
      const connected = await runCommand(['connections', ...bob])
      assert.deepEqual([connected.code, /"kind":"relay"[^\n]*"state":"connected"/.test(connected.stdout)], [0, true])
      talking.child.stdin.end()
      const end = await talking.end
      assert.deepEqual([end.code, lastObject(end).sent, lastObject(end).direct], [0, 1, 1])
      hearing.child.stdin.end()
      assert.equal((await hearing.end).code, 0)
      daemon.child.kill('SIGTERM')
      assert.equal((await daemon.end).code, 0)
    })
  })

  it('find their relay well with the doctor', async () => {
    await withPeople(async (alice) => {
      const end = await runCommand(['doctor', ...alice])
      assert.equal(end.code, 0, end.stdout)
      assert.match(end.stdout, /"check":"relay","verdict":"ok"[^\n]*"helloMs":\d+/)
    })
  })
})

describe('the demo', function () {
  this.timeout(240_000)

  async function withTemporaryFolder (
    run: (env: NodeJS.ProcessEnv, left: () => string[]) => Promise<void>
  ): Promise<void> {
    await withFolder(async (folder) => {
      const temporary = join(folder, 't')
      mkdirSync(temporary)
      const left = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('restante'))
      await run({ TMPDIR: temporary, TEMP: temporary }, left)
    })
  }

  it('sends what is piped in, shows the ticks and the echoes, sums up, and leaves nothing behind', async () => {
    await withTemporaryFolder(async (env, left) => {
      const { code, stdout, stderr } = await runCommand(['demo'], { env, input: 'one\ntwo\nthree' })
      assert.equal(code, 0, stdout + stderr)
      assert.deepEqual([...stdout.matchAll(/ Echo: echo: (\w+)$/gm)].map(([, text]) => text), ['one', 'two', 'three'])
      for (const number of [1, 2, 3]) assert.match(stdout, new RegExp(`^  #${number} ✓✓ (delivered|read), `, 'm'))
      const [, direct, byRelay] = /^3 sent, 3 delivered, (\d) direct, (\d) by relay$/m.exec(stdout) ?? []
      assert.equal(Number(direct) + Number(byRelay), 3)
      assert.match(stderr, /Starting a relay/)
      assert.deepEqual(left(), [])
    })
  })

  it('cleans up when it is interrupted', async () => {
    await withTemporaryFolder(async (env, left) => {
      const demo = startCommand(['demo'], { env, keepOpen: true })
      await demo.line()
      assert.equal(left().length, 1)
      demo.child.kill('SIGINT')
      assert.equal((await demo.end).code, 0)
      assert.deepEqual(left(), [])
    })
  })

  it('ends its relay and its contact even where it is killed', async function () {
    if (process.platform === 'win32') this.skip()
    await withTemporaryFolder(async (env) => {
      const demo = startCommand(['demo'], { env, keepOpen: true })
      await demo.line()
      const children = childrenOf(demo.pid)
      if (children === undefined) this.skip()
      assert.equal(children.length, 2)
      demo.child.kill('SIGKILL')
      await demo.end
      // mocha's time-out is the guard.
      while (children.some(isRunning)) await new Promise((resolve) => { setTimeout(resolve, 50) })
    })
  })
})

/** Process ids; undefined where this system does not tell. */
function childrenOf (pid: number): number[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  } catch {
    return undefined
  }
}

function isRunning (pid: number): boolean {
  try {
    // Where nobody collects orphans, one that has ended is still listed, as a zombie.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
