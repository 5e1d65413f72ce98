/** Bad input gets its documented code and harms nobody, in real processes. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stream } from '@libp2p/interface'
import { Level } from 'level'
import { concat, toHex } from '../../protocol/bytes.ts'
import { parseInvite } from '../../protocol/invite.ts'
import { frameBytesMax, protocolVersion } from '../../protocol/limits.ts'
import { formatPeerAddress } from '../../protocol/peer-address.ts'
import { Frame } from '../../protocol/wire/restante.js'
import { runCommand } from '../support/cli.ts'
import { libp2pClient } from '../support/libp2p-client.ts'
import type { Libp2pClient } from '../support/libp2p-client.ts'
import { Refusal } from '../support/person.ts'
import type { Person } from '../support/person.ts'
import { runRelayToEnd } from '../support/relay.ts'
import {
  accepted, befriended, endEverybody, numbered, person, relayProcess, restarted, sendAll, tcpAddress
} from './world.ts'

/** Lengths of frames that nobody may claim: each ends the stream before anything of the frame is read. */
const badStarts = [
  // 2^53, the first number that JavaScript can't tell from the next.
  Uint8Array.of(128, 128, 128, 128, 128, 128, 128, 16),
  varint(frameBytesMax + 1),
  // The largest that four bytes hold.
  Uint8Array.of(255, 255, 255, 127)
]

function varint (value: number): Uint8Array {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Uint8Array.of(...bytes, left)
    bytes.push((left % 128) | 128)
  }
}

async function refused (call: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error))
    assert.equal(error.code, code)
    return true
  })
}

/** A hash of every file's bytes, by path. */
function contentOf (folder: string): Map<string, string> {
  return new Map(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
    .filter(path => statSync(join(folder, path)).isFile())
    .map(path => [path, createHash('sha256').update(readFileSync(join(folder, path))).digest('hex')]))
}

function errorCodeIn (json: string): string | undefined {
  for (const line of json.trim().split('\n')) {
    const { event, code } = JSON.parse(line) as { event?: string, code?: string }
    if (event === 'error') return code
  }
  return undefined
}

async function closed (stream: Stream): Promise<void> {
  if (stream.status !== 'open') return
  await new Promise<void>(resolve => { stream.addEventListener('close', () => { resolve() }) })
}

describe('bad input', function () {
  this.timeout(120_000)
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'restante-bad-')) })
  afterEach(async () => {
    await endEverybody()
    rmSync(folder, { recursive: true, force: true })
  })

  it('that is an invite, truncated or altered, is INVITE_INVALID and adds nobody', async () => {
    const [alice, bob] = [person('Alice'), person('Bob')]
    const [accountId] = await Promise.all([bob.create([]), alice.create([])])
    const { invite } = await bob.call('invite.create', {})
    const swapped = (text: string, at: number, [one, other] = ['A', 'B']): string =>
      text.slice(0, at) + (text[at] === one ? other : one) + text.slice(at + 1)
    const bad = [
      invite.slice(0, -1), invite.slice(0, invite.length / 2), 'restante:', `${invite}A`,
      swapped(invite, 20), swapped(invite, invite.length - 3),
      swapped(accountId, 30, ['a', 'c']), accountId.slice(0, -1)
    ]
    for (const text of bad) await refused(alice.call('contact.add', { invite: text }), 'INVITE_INVALID')
    await refused(alice.call('contact.add', { invite: '' }), '-32602')
    await refused(bob.call('contact.add', { invite }), 'INVITE_OWN')
    await refused(alice.call('message.send', { to: 'Bob', text: 'hello' }), 'UNKNOWN_CONTACT')
    await refused(alice.call('message.list', { with: accountId }), 'UNKNOWN_CONTACT')
    assert.deepEqual((await alice.call('contact.list', {})).contacts, [])
    await alice.stop()
    const added = await runCommand(['--profile', alice.profile, '--json', 'add', bad[4]!])
    assert.equal(added.code, 2, added.stderr)
    assert.equal(errorCodeIn(added.stdout), 'INVITE_INVALID')
    assert.ok(!(added.stdout + added.stderr).includes(bad[4]!.slice(40, 80)), 'it is not repeated')
    const unknown = await runCommand(['--profile', alice.profile, '--json', 'send', 'Nobody', 'hello'])
    assert.equal(unknown.code, 2)
    assert.equal(errorCodeIn(unknown.stdout), 'UNKNOWN_CONTACT')
    // The good one still works after all of these.
    alice.start()
    await alice.call('contact.add', { invite, name: 'Bob' })
    await accepted(alice, 'Bob')
  })

  it('that is a frame over the limit ends its stream, at relay and device, and harms nobody', async () => {
    const relay = await relayProcess()
    const [alice, bob] = [person('Alice'), person('Bob')]
    await alice.create([])
    await bob.create([])
    const { invite } = await bob.call('invite.create', {})
    const [device] = parseInvite(invite).routes
    await alice.call('contact.add', { invite, name: 'Bob' })
    await accepted(alice, 'Bob')
    await alice.reached(await sendAll(alice, 'Bob', ['before']), ['delivered'])
    const heard = alice.heard.length
    const stranger = await libp2pClient()
    try {
      const deviceAddress = formatPeerAddress(device!.peerKey, device!.multiaddrs[0]!)
      for (const address of [tcpAddress(relay), deviceAddress]) {
        for (const bytes of badStarts) await checkRefused(stranger, address, bytes)
        const other = await libp2pClient()
        const greeted = await other.open(address)
        await greeted.channel.request({ ping: {} })
        await other.stop()
      }
      const sent = await sendAll(alice, 'Bob', numbered(20))
      await alice.reached(sent, ['delivered'])
      assert.deepEqual(bob.received.map(({ text }) => text), ['before', ...numbered(20)])
      const connections = alice.heard.slice(heard).filter(({ method }) => method === 'connection.state')
      assert.deepEqual(connections, [], 'Alice was never cut off')
      assert.equal(await relay.stop(), 0)
    } finally {
      await stranger.stop()
    }
  })

  it('is no relay that vanishes amid deposits: they wait, and go on when it is back', async () => {
    const relay = await relayProcess()
    const [alice, bob] = [person('Alice'), person('Bob')]
    await befriended(alice, bob, [tcpAddress(relay)])
    await bob.stop()
    const first = await sendAll(alice, 'Bob', numbered(50, 'first'))
    await alice.reached(first, ['stored'])
    // Frozen, it takes what is sent into its sockets and answers nothing; then it is gone.
    process.kill(relay.pid, 'SIGSTOP')
    const inFlight = await sendAll(alice, 'Bob', numbered(50, 'in flight'))
    await relay.kill()
    await alice.waitFor(({ method, params }) => method === 'connection.state' &&
      params.kind === 'relay' && params.state === 'waiting', 'the relay is gone')
    const after = await sendAll(alice, 'Bob', numbered(50, 'after'))
    for (const id of [...inFlight, ...after]) assert.equal(alice.states.get(id)?.state, 'queued')
    assert.deepEqual((await alice.history('Bob')).map(({ delivery }) => delivery?.state),
      [...Array<string>(50).fill('stored'), ...Array<string>(100).fill('queued')])
    await restarted(relay)
    await alice.reached([...inFlight, ...after], ['stored'])
    bob.start()
    await bob.until(() => bob.received.length >= 150, '150 messages')
    assert.deepEqual(bob.received.map(({ messageId }) => messageId), [...first, ...inFlight, ...after])
  })

  it('is no mailbox that is full: what does not fit waits, and comes when there is room', async () => {
    const relay = await relayProcess({ args: ['--mailbox-bytes', '65536'] })
    const [alice, bob] = [person('Alice'), person('Bob')]
    await befriended(alice, bob, [tcpAddress(relay)])
    await bob.stop()
    const texts = numbered(12).map(text => `${text} ${'x'.repeat(12_000)}`)
    const ids = await sendAll(alice, 'Bob', texts)
    await alice.reached(ids.slice(0, 1), ['stored'])
    await saidOnStderr(alice, /"?code"?[=:]"?QUOTA/)
    const states = (await alice.history('Bob')).map(({ delivery }) => delivery?.state)
    assert.equal(states[0], 'stored')
    assert.ok(states.includes('queued'), states.join())
    assert.ok(!states.some(state => state === 'failed' || state === 'expired'), states.join())
    bob.start()
    await bob.until(() => bob.received.length >= 12, '12 messages')
    assert.deepEqual((await bob.history('Alice')).map(({ messageId }) => messageId), ids)
    await alice.reached(ids, ['delivered'])
    assert.equal(bob.received.length, 12)
  })

  it('is a second process on a profile: it ends with 5 and STORE_LOCKED, and the first goes on', async () => {
    const alice = person('Alice')
    await alice.create([])
    await Promise.all(['rpc', 'contacts', 'daemon'].map(async command => {
      const { code, stdout } = await runCommand(['--profile', alice.profile, '--json', command])
      assert.equal(code, 5, command)
      assert.equal(errorCodeIn(stdout), 'STORE_LOCKED', command)
    }))
    await alice.call('account.show', {})
    const relay = await relayProcess()
    const second = await runRelayToEnd({ data: relay.dataDir })
    assert.equal(second.code, 5)
    assert.match(second.stderr, /STORE_LOCKED/)
    assert.equal(await relay.stop(), 0)
  })

  it('is a wrong passphrase: it ends with 1 and PASSPHRASE_WRONG, and the right one opens', async () => {
    const profile = join(folder, 'profile')
    const right = { RESTANTE_PASSPHRASE: 'correct horse battery staple' }
    const made = await runCommand(['--profile', profile, 'init', '--name', 'Alice'], { env: right })
    assert.equal(made.code, 0)
    const key = readFileSync(join(profile, 'key.json'))
    const tries: Array<[NodeJS.ProcessEnv, string]> = [
      [{ RESTANTE_PASSPHRASE: 'correct horse battery stapler' }, 'PASSPHRASE_WRONG'],
      [{}, 'PASSPHRASE_NEEDED']
    ]
    for (const [env, wanted] of tries) {
      const { code, stdout, stderr } = await runCommand(['--profile', profile, '--json', 'account'], { env })
      assert.equal(code, 1)
      assert.equal(errorCodeIn(stdout), wanted)
      assert.ok(!(stdout + stderr).includes('horse'))
    }
    assert.deepEqual(readFileSync(join(profile, 'key.json')), key)
    assert.equal((await runCommand(['--profile', profile, 'account'], { env: right })).code, 0)
  })

  it('is a folder of a newer version: it is STORE_TOO_NEW, and left as it is', async () => {
    const profile = join(folder, 'profile')
    assert.equal((await runCommand(['--profile', profile, 'init', '--name', 'Alice'])).code, 0)
    for (const file of ['config.json', 'key.json']) {
      const path = join(profile, file)
      const before = readFileSync(path, 'utf8')
      const newer = before.replace(/"version":(\s*)1\b/, '"version":$1' + '2')
      assert.notEqual(newer, before, file)
      writeFileSync(path, newer)
      const content = contentOf(profile)
      const { code, stdout } = await runCommand(['--profile', profile, '--json', 'account'])
      assert.equal(code, 1, file)
      assert.equal(errorCodeIn(stdout), 'STORE_TOO_NEW', file)
      assert.deepEqual(contentOf(profile), content, file)
      writeFileSync(path, before)
    }
    // The store's own version stands inside it, so LevelDB opens and closes its files: the records stay.
    const all = async (change?: [Uint8Array, Uint8Array]): Promise<Array<[string, string]>> => {
      const level = new Level<Uint8Array, Uint8Array>(join(profile, 'level'), {
        keyEncoding: 'view', valueEncoding: 'view'
      })
      if (change !== undefined) await level.put(...change)
      const records = await level.iterator().all()
      await level.close()
      return records.map(([key, value]) => [toHex(key), toHex(value)])
    }
    const [, format] = (await all()).find(([key]) => key === '0000')!
    const newer = Buffer.from(format, 'hex').toString().replace(/"version":\d+/, '"version":99')
    const records = await all([Uint8Array.of(0, 0), Buffer.from(newer)])
    const { code, stdout } = await runCommand(['--profile', profile, '--json', 'account'])
    assert.equal(code, 1)
    assert.equal(errorCodeIn(stdout), 'STORE_TOO_NEW')
    assert.deepEqual(await all(), records)

    const relay = await relayProcess()
    await relay.stop()
    writeFileSync(join(relay.dataDir, 'format'), '2\n')
    const before = contentOf(relay.dataDir)
    const end = await runRelayToEnd({ data: relay.dataDir })
    assert.equal(end.code, 1)
    assert.match(end.stderr, /STORE_TOO_NEW/)
    assert.deepEqual(contentOf(relay.dataDir), before)
  })
})

/** On a stream that is new, and on one that was greeted. */
async function checkRefused (stranger: Libp2pClient, address: string, bytes: Uint8Array): Promise<void> {
  const fresh = await stranger.openRaw(address)
  fresh.send(bytes)
  await closed(fresh)
  const greeted = await stranger.openRaw(address)
  const answered = new Promise<void>(resolve => {
    greeted.addEventListener('message', () => { resolve() }, { once: true })
  })
  const nonce = new Uint8Array(32).fill(1)
  const hello = Frame.encode({ number: 1, hello: { versions: [protocolVersion], nonce } })
  greeted.send(concat(varint(hello.length), hello))
  await answered
  greeted.send(bytes)
  await closed(greeted)
}

async function saidOnStderr (one: Person, words: RegExp): Promise<void> {
  while (!words.test(one.stderr)) {
    if (!one.isRunning) throw new Error(`${one.name} ended: ${one.stderr}`)
    await new Promise(resolve => { setTimeout(resolve, 20) })
  }
}
