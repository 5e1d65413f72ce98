import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { localClient, StreamClient } from '../../../node/host/rpc/client.ts'
import type { Client } from '../../../node/host/rpc/client.ts'
import type { RpcNotification } from '../../../node/host/rpc/methods.ts'
import { RpcSession } from '../../../node/host/rpc/session.ts'
import { memoryMessenger } from '../../support/messenger.ts'
import type { MemoryMessenger } from '../../support/messenger.ts'

const log = { debug () {}, info () {}, warn () {}, error () {} }

interface Pair { client: Client, messenger: MemoryMessenger, there: PassThrough, back: PassThrough }

function streamed (): Pair {
  const messenger = memoryMessenger()
  const there = new PassThrough()
  const back = new PassThrough()
  const session = new RpcSession({ input: there, output: back, service: { messenger, isProtected: true }, log })
  void session.serve().then(() => { back.end() })
  return { client: new StreamClient(back, there), messenger, there, back }
}

function local (): Pair {
  const messenger = memoryMessenger()
  const nothing = new PassThrough()
  return { client: localClient({ messenger, isProtected: true }), messenger, there: nothing, back: nothing }
}

for (const [name, create] of [['in this process', local], ['over a stream', streamed]] as const) {
  describe(`a client of the methods, ${name}`, () => {
    it('gets results of the documented shape, null for what has no value', async () => {
      const { client } = create()
      const account = await client.call('account.create', { name: 'Alice' })
      assert.equal(account.protected, true)
      await client.call('contact.add', { invite: 'restante:bob' })
      assert.deepEqual(await client.call('contact.list', {}), {
        contacts: [{ contactId: 'restante1bob', name: 'Bob', state: 'invited', verified: false, identity: 'unchanged', weakForwardSecrecy: false, unread: 0, lastMessageAt: null }],
        protected: true
      })
      assert.equal((await client.call('invite.create', { expiresInSeconds: 60 })).expiresAt, 60_000)
      assert.equal((await client.call('invite.create', {})).expiresAt, null)
      await client.close()
    })

    it('gets errors with their code', async () => {
      const { client } = create()
      await assert.rejects(client.call('account.show', {}), { code: 'NO_ACCOUNT', family: 'usage' })
      await assert.rejects(client.call('message.send', { to: 'x', text: 'x' }), { code: 'UNKNOWN_CONTACT' })
      await client.close()
    })

    it('sends in the order of its calls', async () => {
      const { client, messenger } = create()
      await client.call('contact.add', { invite: 'restante:bob' })
      await Promise.all(Array.from({ length: 50 }, async (_, i) => {
        await client.call('message.send', { to: 'Bob', text: `${i}` })
      }))
      assert.deepEqual(messenger.calls, Array.from({ length: 50 }, (_, i) => `sendText ${i}`))
      await client.close()
    })

    it('hears notifications until it stops listening', async () => {
      const { client, messenger } = create()
      const heard: RpcNotification[] = []
      const stop = client.listen((notification) => { heard.push(notification) })
      messenger.receive('restante1bob', 'one')
      await client.call('contact.list', {})
      stop()
      messenger.receive('restante1bob', 'two')
      await client.call('contact.list', {})
      assert.deepEqual(heard.map(({ params }) => 'text' in params && params.text), ['one'])
      await client.close()
    })
  })
}

describe('a client over a stream', () => {
  it('rejects what is under way and all that comes when the other side is gone', async () => {
    const { client, messenger, back } = streamed()
    await client.call('contact.add', { invite: 'restante:bob' })
    messenger.gate = new Promise(() => {})
    const sending = client.call('message.send', { to: 'Bob', text: 'x' })
    back.destroy()
    await assert.rejects(sending, { code: 'DISCONNECTED' })
    await assert.rejects(client.call('contact.list', {}), { code: 'DISCONNECTED' })
    assert.equal((await client.lost).code, 'DISCONNECTED')
  })

  it('leaves out what a newer version tells', async () => {
    const back = new PassThrough()
    const client = new StreamClient(back, new PassThrough())
    const heard: unknown[] = []
    client.listen((notification) => heard.push(notification))
    back.write('{"jsonrpc":"2.0","method":"message.evaporated","params":{}}\n')
    back.write('{"jsonrpc":"2.0","method":"failed","params":{"code":"STORE_FAILED","message":"x","more":1}}\n')
    back.end()
    await client.lost
    assert.deepEqual(heard, [{ method: 'failed', params: { code: 'STORE_FAILED', message: 'x' } }])
  })

  it('ends where the other side speaks something else', async () => {
    const back = new PassThrough()
    const client = new StreamClient(back, new PassThrough())
    back.write('HTTP/1.1 400 Bad Request\r\n\r\n')
    assert.equal((await client.lost).code, 'DISCONNECTED')
  })
})
