/** Both ways of a message, in real processes: straight while both are online, by relays otherwise. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import {
  befriended, connectedDirectly, endEverybody, numbered, person, relayProcess, sendAll, tcpAddress
} from './world.ts'

describe('two people and their relays', function () {
  this.timeout(120_000)
  afterEach(endEverybody)

  it('talk straight while both are online, and go on when every relay is stopped', async () => {
    const relays = await Promise.all([relayProcess(), relayProcess()])
    const [alice, bob] = [person('Alice'), person('Bob')]
    await befriended(alice, bob, relays.map(tcpAddress))
    await sendAll(alice, 'Bob', ['hello'])
    await connectedDirectly(alice)
    const before = await sendAll(alice, 'Bob', numbered(20, 'before'))
    await alice.reached(before, ['delivered'])
    for (const id of before) assert.equal(alice.states.get(id)?.way, 'direct')

    for (const relay of relays) assert.equal(await relay.stop(), 0)
    const lost = (): number => alice.heard.filter(({ method, params }) =>
      method === 'connection.state' && params.kind === 'relay' && params.state === 'waiting').length
    await alice.until(() => lost() >= 2, 'the relays are gone')
    const after = await sendAll(alice, 'Bob', numbered(20, 'after'))
    const answers = await sendAll(bob, 'Alice', numbered(20, 'answer'))
    await Promise.all([alice.reached(after, ['delivered']), bob.reached(answers, ['delivered'])])
    for (const id of after) assert.equal(alice.states.get(id)?.way, 'direct')
    for (const id of answers) assert.equal(bob.states.get(id)?.way, 'direct')

    const texts = bob.received.map(({ text }) => text)
    assert.deepEqual(texts, ['hello', ...numbered(20, 'before'), ...numbered(20, 'after')])
    assert.deepEqual(alice.received.map(({ text }) => text), numbered(20, 'answer'))
  })

  it('lose nothing where one of three relays dies for good, with its folder, while one is away', async () => {
    const relays = await Promise.all([relayProcess(), relayProcess(), relayProcess()])
    const [alice, bob] = [person('Alice'), person('Bob')]
    await befriended(alice, bob, relays.map(tcpAddress))
    await bob.stop()

    const before = await sendAll(alice, 'Bob', numbered(100, 'before'))
    await alice.reached(before, ['stored'])
    for (const id of before) {
      const { storedBy = 0, of, way, until } = alice.states.get(id) ?? {}
      assert.ok(storedBy >= 2 && of === 3 && way === 'relay' && (until ?? 0) > Date.now())
    }
    await relays[0].kill()
    rmSync(relays[0].dataDir, { recursive: true })
    const after = await sendAll(alice, 'Bob', numbered(100, 'after'))
    await alice.reached(after, ['stored'])
    assert.equal((await alice.stop()).code, 0)

    bob.start()
    await bob.until(() => bob.received.length >= 200, '200 messages')
    const wanted = [...numbered(100, 'before'), ...numbered(100, 'after')]
    assert.deepEqual(bob.received.map(({ text }) => text), wanted)
    assert.deepEqual((await bob.history('Alice')).map(({ text }) => text), wanted)
    alice.start()
    await alice.reached([...before, ...after], ['delivered'])
  })
})
