/**
 * What a relay's disk, its log and the wire show of two people: neither a text, nor a name, nor an
 * account id. Each search is shown to find what is there in clear.
 */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { parseAccountId } from '../../protocol/account-id.ts'
import { formatInvite, parseInvite } from '../../protocol/invite.ts'
import { runCommand } from '../support/cli.ts'
import { libp2pClient } from '../support/libp2p-client.ts'
import { testGrant, testOwner } from '../support/mailbox-client.ts'
import { recordingProxy } from '../support/recording-proxy.ts'
import type { RecordingProxy } from '../support/recording-proxy.ts'
import type { RelayProcess } from '../support/relay.ts'
import { accepted, endEverybody, person, relayProcess, seed, sendAll, tcpAddress } from './world.ts'

const canary = `canary-text-${seed}-quicksilver`
const alicesName = `Alice-canary-${seed}`
const bobsName = `Bob-canary-${seed}`
/** A profile protects what is written into it, so its texts are long enough to fill many blocks. */
const texts = Array.from({ length: 50 }, (_, i) => `${i} ${canary} ${'and so on '.repeat(i)}`)

interface Form { what: string, bytes: Buffer }

function portOf (address: string): number { return Number(/\/tcp\/(\d+)/.exec(address)?.[1]) }

function filesOf (folder: string): Buffer[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile()).map(entry => readFileSync(join(entry.parentPath, entry.name)))
}

/** An account id in every form in which it could lie around, a name, and the text. */
function formsOf (accountIds: string[], words: string[]): Form[] {
  return [
    ...words.flatMap(word => [
      { what: `'${word}'`, bytes: Buffer.from(word) },
      { what: `'${word}' in UTF-16`, bytes: Buffer.from(word, 'utf16le') },
      // Whatever two letters more stand before it.
      { what: `'${word}' in base64`, bytes: Buffer.from(Buffer.from(word).toString('base64').slice(0, -4)) }
    ]),
    ...accountIds.flatMap(id => {
      const raw = Buffer.from(parseAccountId(id))
      return [
        { what: 'an account id', bytes: Buffer.from(id) },
        { what: 'an account id without its prefix', bytes: Buffer.from(id.slice('restante1'.length)) },
        { what: 'the bytes of an account id', bytes: raw },
        { what: 'an account id in hex', bytes: Buffer.from(raw.toString('hex')) },
        { what: 'an account id in base64', bytes: Buffer.from(raw.toString('base64').slice(0, -4)) },
        { what: 'an account id in base64url', bytes: Buffer.from(raw.toString('base64url').slice(0, -4)) }
      ]
    })
  ]
}

function found (where: Buffer[], forms: Form[]): string[] {
  return forms.filter(({ bytes }) => where.some(one => one.includes(bytes))).map(({ what }) => what)
}

/** The same search finds what is sent in clear through the same proxy. */
async function checkThatItWouldBeFound (proxy: RecordingProxy, forms: Form[]): Promise<void> {
  const clear = Buffer.concat(forms.map(({ bytes }) => bytes))
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('error', () => { /* The node behind it hears nonsense and hangs up: that is its right. */ })
  socket.write(clear)
  // Not by counting bytes: others talk through the same proxy.
  const until = performance.now() + 10_000
  while (!proxy.recorded().some(one => one.includes(clear)) && performance.now() < until) await new Promise(resolve => { setTimeout(resolve, 20) })
  socket.destroy()
  assert.deepEqual(found(proxy.recorded(), forms), forms.map(({ what }) => what))
}

/** The same search finds what somebody leaves at the relay in clear. */
async function checkThatItWouldBeKept (relay: RelayProcess, forms: Form[]): Promise<void> {
  const client = await libp2pClient()
  try {
    const mailbox = await client.open(tcpAddress(relay))
    const owner = testOwner(new Uint8Array(32).fill(7))
    await mailbox.createMailbox(owner)
    await mailbox.openAddress(owner, testGrant(0))
    const clear = new Uint8Array(16_384)
    clear.set(Buffer.concat(forms.map(({ bytes }) => bytes)))
    await mailbox.deposit(testGrant(0), clear)
    assert.deepEqual(found(filesOf(relay.dataDir), forms), forms.map(({ what }) => what))
  } finally {
    await client.stop()
  }
}

describe('who looks at', function () {
  this.timeout(120_000)
  const proxies: RecordingProxy[] = []
  afterEach(async () => {
    await endEverybody()
    await Promise.all(proxies.splice(0).map(async proxy => { await proxy.stop() }))
  })

  const proxyTo = async (port: number): Promise<RecordingProxy> => {
    const proxy = await recordingProxy(port)
    proxies.push(proxy)
    return proxy
  }

  it('a relay, its log and the wire to it finds no text, no name and no account id', async () => {
    const relay = await relayProcess()
    const proxy = await proxyTo(portOf(tcpAddress(relay)))
    const address = tcpAddress(relay).replace(/\/tcp\/\d+/, `/tcp/${proxy.port}`)
    const [alice, bob] = [person(alicesName), person(bobsName)]
    const ids = await Promise.all([alice.create([address]), bob.create([address])])
    const { invite } = await bob.call('invite.create', {})
    const petName = `pet-name-${seed}`
    await alice.call('contact.add', { invite, name: petName })
    await Promise.all([accepted(alice, petName), accepted(bob, alicesName)])
    // By account id as well: descriptors are published, kept and looked up.
    const carol = person('Carol')
    await carol.create([address])
    await carol.call('contact.add', { invite: ids[1] })
    await bob.waitFor(({ method, params }) =>
      method === 'contact.state' && params.state === 'request', 'a request of Carol')

    await bob.stop()
    const stored = await sendAll(alice, petName, texts)
    await alice.reached(stored, ['stored'])
    const forms = formsOf(ids, [canary, alicesName, bobsName, petName])
    const folder = filesOf(relay.dataDir)
    const folderBytes = folder.reduce((sum, { byteLength }) => sum + byteLength, 0)
    assert.ok(folderBytes > 16_384, 'the envelopes are in the folder')
    assert.deepEqual(found(folder, forms), [], 'while it holds the envelopes')
    bob.start()
    await bob.until(() => bob.received.length >= texts.length, 'all texts')
    assert.deepEqual(bob.received.map(({ text }) => text), texts)
    await alice.reached(stored, ['delivered'])

    assert.deepEqual(found(filesOf(relay.dataDir), forms), [], 'after it gave them out')
    assert.ok(proxy.connections >= 4 && proxy.length > 65_536, 'all went through the proxy')
    assert.deepEqual(found(proxy.recorded(), forms), [])
    const logs = [alice, bob, carol].map(({ stderr }) => Buffer.from(stderr))
    assert.deepEqual(found(logs, forms), [], 'in the log of a person')
    await checkThatItWouldBeFound(proxy, forms)
    await checkThatItWouldBeKept(relay, forms)
    assert.equal(await relay.stop(), 0)
    assert.match(relay.stderr, /stopping/)
    assert.deepEqual(found([Buffer.from(relay.stdout), Buffer.from(relay.stderr)], forms), [])
  })

  it('the wire between two devices finds no text, no name and no account id', async () => {
    const [alice, bob] = [person(alicesName), person(bobsName)]
    const ids = await Promise.all([alice.create([]), bob.create([])])
    // Bob has no relay, so the invite leads to his device; Alice is led there through the proxy.
    const invite = parseInvite((await bob.call('invite.create', {})).invite)
    const [device] = invite.routes
    assert.ok(device?.device === true && device.multiaddrs.length === 1)
    const proxy = await proxyTo(portOf(device.multiaddrs[0]!))
    const led = formatInvite({
      ...invite, routes: [{ ...device, multiaddrs: [`/ip4/127.0.0.1/tcp/${proxy.port}`] }]
    })
    await alice.call('contact.add', { invite: led, name: 'Bob' })
    await Promise.all([accepted(alice, 'Bob'), accepted(bob, alicesName)])
    const sent = await sendAll(alice, 'Bob', texts)
    const answers = await sendAll(bob, alicesName, texts)
    await Promise.all([alice.reached(sent, ['delivered']), bob.reached(answers, ['delivered'])])
    for (const id of sent) assert.equal(alice.states.get(id)?.way, 'direct')

    const connections = (await alice.call('connection.list', {})).connections
    assert.deepEqual(connections.map(({ kind, state, direct }) => ({ kind, state, direct })),
      [{ kind: 'contact', state: 'connected', direct: true }])
    assert.equal(proxy.connections, 1)
    const textBytes = texts.join('').length
    const isWhole = proxy.recorded().every(({ byteLength }) => byteLength > textBytes)
    assert.ok(isWhole, 'the texts went through the proxy, both ways')
    const forms = formsOf(ids, [canary, alicesName, bobsName])
    assert.deepEqual(found(proxy.recorded(), forms), [])
    await checkThatItWouldBeFound(proxy, forms)
  })

  it('a profile under a passphrase finds none of what is in it', async () => {
    const env = { RESTANTE_PASSPHRASE: `a long passphrase ${seed}` }
    const [alice, bob] = [person(alicesName), person(bobsName, { env })]
    const ids = await Promise.all([alice.create([]), bob.create([])])
    const { invite } = await bob.call('invite.create', {})
    await alice.call('contact.add', { invite, name: 'Bob' })
    await Promise.all([accepted(alice, 'Bob'), accepted(bob, alicesName)])
    await alice.reached(await sendAll(alice, 'Bob', texts), ['delivered'])
    await Promise.all([alice.stop(), bob.stop()])
    const forms = formsOf(ids, [canary, alicesName, bobsName, env.RESTANTE_PASSPHRASE])
    assert.ok(filesOf(bob.profile).some(({ byteLength }) => byteLength > texts.join('').length))
    assert.deepEqual(found(filesOf(bob.profile), forms), [])
    // It is there all the same, for whoever has the passphrase.
    const opened = await runCommand(['--profile', bob.profile, '--json', 'history', alicesName], { env })
    assert.deepEqual(found([Buffer.from(opened.stdout)], forms.slice(0, 1)), [`'${canary}'`])
    assert.equal(opened.code, 0)
    await Promise.all([isSaidToBe(bob.profile, true, env), isSaidToBe(alice.profile, false, {})])
  })
})

/** By `account`, `contacts` and `doctor`: in words to people, as a field to programs. */
async function isSaidToBe (profile: string, isProtected: boolean, env: NodeJS.ProcessEnv): Promise<void> {
  for (const command of ['account', 'contacts', 'doctor']) {
    const { stdout } = await runCommand(['--profile', profile, '--json', command], { env })
    const rows = stdout.trim().split('\n').map(line => JSON.parse(line) as { protected?: boolean })
    assert.deepEqual([...new Set(rows.flatMap(row => row.protected ?? []))], [isProtected], command)
  }
  const { stdout, stderr } = await runCommand(['--profile', profile, 'contacts'], { env })
  assert.match(stdout + stderr, isProtected ? /protected by a passphrase/ : /unprotected/)
}
