/**
 * By relays only: who uses --no-direct listens nowhere, dials no contact's device, and tells no contact
 * where its own is. In real processes; what a contact was told is read from the contact's own store.
 */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { ContactRecord } from '../../node/core/records.js'
import { nativeSuite } from '../../node/host/native-suite.ts'
import { passphraseSource } from '../../node/host/passphrase.ts'
import { openProfile, readConfig } from '../../node/host/profile.ts'
import { systemClock, systemRandom } from '../../node/host/world.ts'
import { openStore } from '../../node/store/store.ts'
import { runCommand, startCommand } from '../support/cli.ts'
import { keptLog } from '../support/kept-log.ts'
import type { Person } from '../support/person.ts'
import {
  accepted, connectedDirectly, endEverybody, numbered, person, relayProcess, sendAll, tcpAddress
} from './world.ts'

async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise<void>(resolve => { server.close(() => { resolve() }) })
  return port
}

async function isOpen (port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => { resolve(false) })
  })
}

/** Multiaddrs of contacts' devices that the profile of somebody who has ended holds, by the contact's name. */
async function devicesKnownTo ({ profile }: Person): Promise<Record<string, string[]>> {
  const log = keptLog()
  const suite = nativeSuite(log)
  const opened = await openProfile({
    dir: profile, create: false, listen: undefined, direct: true, passphrase: passphraseSource(undefined, false), suite, random: systemRandom, log
  })
  const store = await openStore({ ...opened, suite, random: systemRandom, clock: systemClock, log })
  try {
    const contacts = (await store.scan('contact')).map(({ value }) => ContactRecord.decode(value))
    return Object.fromEntries(contacts.map(({ theirName, routes }) =>
      [theirName, routes.filter(({ device }) => device).flatMap(({ multiaddrs }) => multiaddrs)]))
  } finally {
    await store.close()
  }
}

function hasMetDevice (one: Person): boolean {
  return one.heard.some(({ method, params }) =>
    method === 'connection.state' && params.kind === 'contact' && params.state === 'connected')
}

describe('a profile that goes by relays only', function () {
  this.timeout(180_000)
  afterEach(endEverybody)

  it('is one that was made before, without an account, once init says so', async () => {
    const alice = person('Alice')
    await assert.rejects(alice.call('account.show', {}), { code: 'NO_ACCOUNT' })
    await alice.stop()
    const init = ['init', '--name', 'Alice', '--no-direct', '--profile', alice.profile]
    const daemon = startCommand(['daemon', '--json', '--profile', alice.profile])
    try {
      await daemon.line()
      const beside = await runCommand(init)
      assert.equal(beside.code, 2, beside.stderr)
      assert.match(beside.stderr, /daemon/)
    } finally {
      daemon.child.kill('SIGTERM')
      await daemon.end
    }
    assert.equal(readConfig(alice.profile)?.direct, true)
    const made = await runCommand(init)
    assert.equal(made.code, 0, made.stderr)
    assert.equal(readConfig(alice.profile)?.direct, false)
  })

  it('talks with a contact who is online without a straight way, and tells nobody where its device is', async () => {
    const [relay, ports] = await Promise.all([relayProcess(), Promise.all([freePort(), freePort(), freePort(), freePort()])])
    const [alice, carol, bob, dave] = (['Alice', 'Carol', 'Bob', 'Dave'] as const).map((name, i) => person(name, {
      listen: `/ip4/127.0.0.1/tcp/${ports[i]!}`,
      // Carol by her environment, Alice by what her profile was made with.
      env: name === 'Carol' ? { RESTANTE_DIRECT: 'no' } : {}
    })) as [Person, Person, Person, Person]
    await alice.stop()
    rmSync(alice.profile, { recursive: true })
    const made = await runCommand(['init', '--name', 'Alice', '--relay', tcpAddress(relay), '--no-direct', '--profile', alice.profile])
    assert.equal(made.code, 0, made.stderr)
    alice.start()
    await Promise.all([carol, bob, dave].map(async one => await one.create([tcpAddress(relay)])))

    // Bob comes to know Alice by her invite, Carol and Dave by his own.
    const { invite } = await alice.call('invite.create', {})
    await bob.call('contact.add', { invite })
    for (const one of [carol, dave]) {
      const { invite: his } = await bob.call('invite.create', {})
      await one.call('contact.add', { invite: his })
    }
    await Promise.all([alice, carol, dave].flatMap(one => [accepted(one, 'Bob'), accepted(bob, one.name)]))

    for (const one of [alice, carol]) {
      const there = await sendAll(one, 'Bob', numbered(5))
      const back = await sendAll(bob, one.name, numbered(5, 'answer'))
      await Promise.all([one.reached(there, ['delivered']), bob.reached(back, ['delivered'])])
      for (const id of there) assert.equal(one.states.get(id)?.way, 'relay')
      for (const id of back) assert.equal(bob.states.get(id)?.way, 'relay')
    }
    // Bob himself is reached straight by whoever does not refuse it.
    await connectedDirectly(dave)
    const straight = await sendAll(dave, 'Bob', ['hello'])
    await dave.reached(straight, ['delivered'])
    assert.equal(dave.states.get(straight[0]!)?.way, 'direct')

    assert.deepEqual(await Promise.all(ports.map(isOpen)), [false, false, true, true])
    assert.deepEqual([alice, carol, dave].map(hasMetDevice), [false, false, true])
    await Promise.all([alice, carol, bob].map(async one => await one.stop()))
    // Neither an address nor a circuit of a relay.
    const known = await devicesKnownTo(bob)
    assert.deepEqual([known['Alice'], known['Carol']], [[], []])
    assert.ok(known['Dave']?.includes(`/ip4/127.0.0.1/tcp/${ports[3]}`), String(known['Dave']))
    // What he told them they know: it is theirs not to use it.
    for (const one of [alice, carol]) {
      const { Bob: bobs = [] } = await devicesKnownTo(one)
      assert.ok(bobs.includes(`/ip4/127.0.0.1/tcp/${ports[2]}`), String(bobs))
    }
  })
})
