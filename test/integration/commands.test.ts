/** The first command of a newcomer, and the last of an operator, in real processes. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import {
  befriended, connectedDirectly, endEverybody, person, relayProcess, restarted, sendAll, tcpAddress
} from './world.ts'

const root = join(import.meta.dirname, '../..')

describe('npm start', function () {
  this.timeout(120_000)

  it('sends piped lines to the echo contact, prints a summary and exits 0', async () => {
    // `npm start` runs the script of package.json in a shell of its own, by the Node of the test run.
    const child = spawn('npm', ['start', '--silent'], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', PATH: `${join(process.execPath, '..')}:${process.env.PATH}` }
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { said += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text })
    child.stdin.end('first line\nsecond line\nthird line\n')
    const code = await new Promise<number | null>(resolve => { child.once('close', resolve) })
    assert.equal(code, 0, said)
    for (const which of ['first', 'second', 'third']) assert.ok(said.includes(`echo: ${which} line`), said)
    assert.match(said, /3 sent, 3 delivered/)
    assert.match(said, /3 direct/)
  })
})

describe('a relay that is told to stop', function () {
  this.timeout(60_000)
  afterEach(endEverybody)

  it('exits 0 within 10 s while clients are connected and messages are under way', async () => {
    const relay = await relayProcess()
    const [alice, bob] = [person('Alice'), person('Bob')]
    await befriended(alice, bob, [tcpAddress(relay)])
    await sendAll(alice, 'Bob', ['hello'])
    await connectedDirectly(alice)
    await bob.kill()
    const texts = Array.from({ length: 200 }, (_, i) => `${i} ${'x'.repeat(4000)}`)
    const sent = await sendAll(alice, 'Bob', texts)
    const startedAt = performance.now()
    assert.equal(await relay.stop(), 0)
    assert.ok(performance.now() - startedAt < 10_000)
    await alice.kill()
    // What it said that it has, it has; the rest waited for it.
    await restarted(relay)
    alice.start()
    bob.start()
    await bob.until(() => bob.received.length >= texts.length, 'all messages')
    assert.deepEqual((await bob.history('Alice')).slice(1).map(({ messageId }) => messageId), sent)
    await alice.reached(sent, ['delivered'])
  })
})
