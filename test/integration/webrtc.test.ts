/** Two people whom nobody can dial by TCP, in real processes: a relay tells them of each other, and no more. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../support/cli.ts'
import type { Person } from '../support/person.ts'
import {
  befriended, connectedDirectly, endEverybody, numbered, person, relayProcess, sendAll, tcpAddress
} from './world.ts'

/** Kept for documentation: no machine has it, and nothing can listen there. */
const nowhere = '/ip4/192.0.2.1/tcp/4001'

describe('people behind a relay', function () {
  this.timeout(180_000)
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'restante-webrtc-')) })
  afterEach(async () => {
    await endEverybody()
    rmSync(folder, { recursive: true, force: true })
  })

  /** An environment whose process says at its end which native libraries it has loaded. */
  function watched (name: string): { env: NodeJS.ProcessEnv, hasWebRtc: () => boolean } {
    const [script, file] = [join(folder, `${name}.cjs`), join(folder, `${name}.json`)]
    // Without names of hosts, for which it would wait half a minute.
    writeFileSync(script, `process.report.excludeNetwork = true; process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(file)},
      JSON.stringify(process.report.getReport().sharedObjects)))`)
    return {
      env: { NODE_OPTIONS: `--require=${script}` },
      hasWebRtc: () => {
        const loaded = readFileSync(file, 'utf8')
        assert.ok(loaded.includes('classic-level'), 'the libraries are told')
        return loaded.includes('datachannel')
      }
    }
  }

  /**
   * Writes until something was delivered straight, which is by WebRTC, for nobody can be dialled otherwise. What is
   * slow, while the way is looked for or the machine is busy, goes by the relay. Resolves with what was written.
   */
  async function saidStraight (from: Person, to: string): Promise<string[]> {
    const said: string[] = []
    for (;;) {
      said.push(`${from.name} ${said.length}`)
      const sent = await sendAll(from, to, said.slice(-1))
      await from.reached(sent, ['delivered'])
      if (from.states.get(sent[0]!)?.way === 'direct') break
    }
    const more = numbered(20, from.name)
    await from.reached(await sendAll(from, to, more), ['delivered'])
    return [...said, ...more]
  }

  it('talk straight by WebRTC, end in order, and do so again after one was killed', async () => {
    const relay = await relayProcess()
    const libraries = watched('alice')
    const alice = person('Alice', { listen: nowhere, env: libraries.env })
    const bob = person('Bob', { listen: nowhere })
    await befriended(alice, bob, [tcpAddress(relay)])
    const there = await saidStraight(alice, 'Bob')
    await bob.kill()
    bob.start()
    const back = await saidStraight(bob, 'Alice')
    assert.deepEqual(alice.received.map(({ text }) => text), back)
    assert.deepEqual((await bob.history('Alice')).map(({ text }) => text), [...there, ...back])
    const ends = await Promise.all([alice.stop(), bob.stop()])
    assert.deepEqual(ends.map(({ code }) => code), [0, 0])
    assert.equal(libraries.hasWebRtc(), true)
  })

  it('and others do not load WebRTC where nobody needs it', async () => {
    const relay = await relayProcess()
    const [alices, bobs] = [watched('alice'), watched('bob')]
    const [alice, bob] = [person('Alice', { env: alices.env }), person('Bob', { env: bobs.env })]
    await befriended(alice, bob, [tcpAddress(relay)])
    await connectedDirectly(alice)
    await alice.stop()
    const sending = watched('send')
    const sent = await runCommand(['send', 'Bob', 'hello', '--wait', 'delivered', '--profile', alice.profile,
      '--listen', '/ip4/127.0.0.1/tcp/0'], { env: sending.env })
    assert.equal(sent.code, 0, sent.stderr)
    await bob.stop()
    assert.deepEqual([alices, bobs, sending].map(({ hasWebRtc }) => hasWebRtc()), [false, false, false])
  })
})
