import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { createInterface } from 'node:readline'
import { lineBytesMax } from '../../../node/host/rpc/lines.ts'
import { RpcSession } from '../../../node/host/rpc/session.ts'
import { memoryMessenger, safetyNumber } from '../../support/messenger.ts'
import type { MemoryMessenger } from '../../support/messenger.ts'

interface Line {
  id?: unknown
  method?: string
  params?: unknown
  /** Of one method or another: what a test looks at. */
  result?: {
    messageId?: string, contactId?: string, messages?: Array<{ messageId: string, text: string }>
    connections?: Array<{ lastError: string }>
  }
  error?: { code: number, message: string, data?: { code: string, family: string } }
}

const log = { debug () {}, info () {}, warn () {}, error () {} }

function serve (messenger: MemoryMessenger = memoryMessenger()) {
  const input = new PassThrough()
  const output = new PassThrough()
  const lines: Line[] = []
  createInterface({ input: output }).on('line', (line) => { lines.push(JSON.parse(line) as Line) })
  const session = new RpcSession({ input, output, service: { messenger, isProtected: false }, log })
  const served = session.serve()
  /** Sends lines, ends the input, and gives everything that came back. */
  const finish = async (...requests: unknown[]): Promise<Line[]> => {
    for (const line of requests) input.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
    input.end()
    await served
    output.end()
    await new Promise((resolve) => { setImmediate(resolve) })
    return lines
  }
  return { input, output, lines, session, served, messenger, finish }
}

const request = (id: unknown, method: string, params?: unknown) => ({ jsonrpc: '2.0', id, method, params })
const answers = (lines: Line[]): Line[] => lines.filter(({ method }) => method === undefined)
const notices = (lines: Line[]): Line[] => lines.filter(({ method }) => method !== undefined)

describe('JSON-RPC for one client', () => {
  it('creates an account, adds a contact and sends, and tells the states', async () => {
    const { finish, messenger } = serve()
    const lines = await finish(
      request(1, 'account.create', { name: 'Alice', relays: ['/ip4/127.0.0.1/tcp/1/p2p/x'] }),
      request('two', 'contact.add', { invite: 'restante:bob', name: 'Bob' }),
      request(3, 'message.send', { to: 'Bob', text: 'hello' }),
      request(4, 'message.list', { with: 'restante1bob' }))
    assert.ok(messenger.isStarted)
    const [created, added, sent, listed] = [1, 'two', 3, 4].map((id) => lines.find((line) => line.id === id))
    assert.deepEqual(created?.result, {
      accountId: 'restante1me', name: 'Alice', deviceId: '0'.repeat(31) + '1',
      relays: ['/ip4/127.0.0.1/tcp/1/p2p/x'], phraseWrittenDown: false, keyRotated: false, foreignManifestAt: null,
      protected: false
    })
    assert.deepEqual(added, { jsonrpc: '2.0', id: 'two', result: { contactId: 'restante1bob' } })
    const messageId = sent?.result?.messageId
    const [only] = listed?.result?.messages ?? []
    assert.deepEqual([only?.messageId, only?.text], [messageId, 'hello'])
    assert.deepEqual(notices(lines), [{
      jsonrpc: '2.0',
      method: 'message.state',
      params: {
        messageId, to: 'restante1bob', state: 'stored', way: 'relay', storedBy: 1, of: 1,
        until: 1_900_000_000_000, reason: null
      }
    }])
  })

  it('answers, reacts, edits, deletes, and tells how it looks after each', async () => {
    const { finish, messenger, input } = serve()
    await messenger.addContact({ invite: 'restante:bob' })
    const theirs = messenger.receive('restante1bob', 'lunch?')
    const { messageId: own } = await messenger.sendText({ to: 'restante1bob', text: 'yes' })
    const calls: Array<[string, object]> = [
      ['message.send', { to: 'restante1bob', text: 'no', replyTo: theirs }],
      ['message.react', { with: 'restante1bob', messageId: theirs, emoji: '👍' }],
      ['message.react', { with: 'restante1bob', messageId: theirs, emoji: null }],
      ['message.edit', { with: 'restante1bob', messageId: own, text: 'yes!' }],
      ['message.edit', { with: 'restante1bob', messageId: theirs, text: 'x' }],
      ['message.details', { messageId: own }],
      ['message.delete', { with: 'restante1bob', messageId: own, forEveryone: true }],
      ['message.delete', { with: 'restante1bob', messageId: theirs, forEveryone: false }],
      ['message.react', { with: 'restante1bob', messageId: theirs }]
    ]
    calls.forEach(([method, params], id) => { input.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`) })
    const lines = await finish()
    const answers = calls.map((_call, id) => lines.find((line) => line.id === id))
    assert.deepEqual(answers.map((answer) => answer?.error?.data?.code ?? answer?.error?.code ?? 'done'),
      ['done', 'done', 'done', 'done', 'NOT_OWN_MESSAGE', 'done', 'done', 'done', -32602])
    assert.deepEqual(answers[5]?.result, {
      messageId: own, with: 'restante1bob', own: true, sentAt: 1_800_000_000_003, receivedAt: 1_800_000_000_003, editedAt: 1_800_000_000_000,
      arrivedBy: null, states: [{ state: 'stored', at: 1_800_000_000_003, way: 'relay', reason: null }], relays: []
    })
    const changes = lines.flatMap(({ method, params }) => method === 'message.changed' ? [params] : []) as Array<Record<string, unknown>>
    assert.deepEqual(changes.map(({ text, reactions, editedAt, deleted }) => [text, reactions, editedAt !== null, deleted]), [
      ['lunch?', [{ emoji: '👍', own: true }], false, false], ['lunch?', [], false, false],
      ['yes!', [], true, false], ['', [], true, true]
    ])
    assert.deepEqual(lines.filter(({ method }) => method === 'message.removed').map(({ params }) => params), [{ messageId: theirs, with: 'restante1bob' }])
  })

  it('tells of messages that come in, exactly as they were written', async () => {
    const { finish, messenger } = serve()
    const messageId = messenger.receive('restante1bob', '\u001b[31m\u202e"\n')
    const [notice] = await finish()
    assert.deepEqual(notice, {
      jsonrpc: '2.0',
      method: 'message.received',
      params: {
        messageId, from: 'restante1bob', text: '\u001b[31m\u202e"\n',
        sentAt: 1_800_000_000_002, replyTo: null, receivedAt: 1_800_000_000_002, identityInDoubt: false
      }
    })
  })

  it('compares safety numbers, and takes the recovery phrase back, with the codes of what is wrong', async () => {
    const wrong = 'zzyzx '.repeat(24)
    const lines = await serve().finish(
      request(1, 'account.create', { name: 'Alice' }),
      request(2, 'contact.add', { invite: 'restante:bob', name: 'Bob' }),
      request(3, 'contact.safetyNumber', { contactId: 'Bob' }),
      request(4, 'contact.verify', { contactId: 'Bob', number: '1'.repeat(60) }),
      request(5, 'contact.verify', { contactId: 'Bob', number: safetyNumber }),
      request(6, 'contact.acceptIdentity', { contactId: 'Bob', identity: 'both' }),
      request(7, 'contact.acceptIdentity', { contactId: 'Bob', identity: 'known' }),
      request(8, 'account.forgetRecoveryPhrase', { phrase: wrong }),
      request(9, 'account.recoveryPhrase'))
    const outcome = (id: number) => {
      const line = lines.find((one) => one.id === id)
      return line?.error === undefined ? line?.result : line.error.data?.code ?? line.error.code
    }
    assert.deepEqual(outcome(3), { number: safetyNumber, qr: 'restante-safety:x', verified: false })
    assert.deepEqual([4, 5, 6, 7, 8].map(outcome), ['SAFETY_NUMBER_MISMATCH', {}, -32602, {}, 'PHRASE_WRONG'])
    assert.equal(lines.find(({ method }) => method === 'contact.identity')?.method, 'contact.identity')
    assert.ok(!JSON.stringify(lines).includes('zzyzx'))
  })

  it('begins requests in the order in which they came, each account or contact before what needs it', async () => {
    const { finish, messenger } = serve()
    let open = (): void => {}
    messenger.gate = new Promise((resolve) => { open = resolve })
    setTimeout(open, 20)
    const lines = await finish(
      request(1, 'account.create', { name: 'Alice' }),
      request(2, 'invite.create'),
      request(3, 'contact.add', { invite: 'restante:bob' }),
      ...Array.from({ length: 100 }, (_, i) => request(10 + i, 'message.send', { to: 'restante1bob', text: `${i}` })))
    const sends = Array.from({ length: 100 }, (_, i) => `sendText ${i}`)
    assert.deepEqual(messenger.calls, ['createAccount', 'createInvite', ...sends])
    assert.equal(answers(lines).filter(({ result }) => result !== undefined).length, 103)
  })

  it('answers a later request before an earlier one that takes longer', async () => {
    const { finish, messenger, lines } = serve()
    await messenger.addContact({ invite: 'restante:bob' })
    let open = (): void => {}
    messenger.gate = new Promise((resolve) => { open = resolve })
    const done = finish(request(1, 'message.send', { to: 'Bob', text: 'x' }), request(2, 'contact.list'))
    while (lines.length === 0) await new Promise((resolve) => { setImmediate(resolve) })
    assert.equal(lines[0]?.id, 2)
    open()
    assert.deepEqual(answers(await done).map(({ id }) => id), [2, 1])
  })

  it('finishes and answers what is under way when the input ends', async () => {
    const { finish, messenger } = serve()
    await messenger.addContact({ invite: 'restante:bob' })
    messenger.gate = new Promise((resolve) => { setTimeout(resolve, 30) })
    const lines = await finish(request(1, 'message.send', { to: 'Bob', text: 'last words' }))
    assert.equal(answers(lines)[0]?.result?.messageId?.length, 32)
  })

  it('stops reading at `end`, and still answers what came before', async () => {
    const { input, messenger, session, served, lines } = serve()
    await messenger.addContact({ invite: 'restante:bob' })
    messenger.gate = new Promise((resolve) => { setTimeout(resolve, 30) })
    input.write(`${JSON.stringify(request(1, 'message.send', { to: 'Bob', text: 'x' }))}\n`)
    while (!messenger.calls.includes('sendText x')) await new Promise((resolve) => { setImmediate(resolve) })
    session.end()
    input.write(`${JSON.stringify(request(2, 'contact.list'))}\n`)
    await served
    await new Promise((resolve) => { setImmediate(resolve) })
    assert.deepEqual(answers(lines).map(({ id }) => id), [1])
  })

  it('gives our errors as -32000 with their code and family', async () => {
    const { finish } = serve()
    const lines = await finish(
      request(1, 'account.show'),
      request(2, 'message.send', { to: 'nobody', text: 'x' }),
      request(3, 'contact.add', { invite: 'ftp:x' }))
    assert.deepEqual(answers(lines).map(({ error }) => [error?.code, error?.data?.code, error?.data?.family]), [
      [-32000, 'NO_ACCOUNT', 'usage'], [-32000, 'UNKNOWN_CONTACT', 'usage'], [-32000, 'INVITE_INVALID', 'usage']
    ])
  })

  it('tells of a bug by its code alone, never by its message', async () => {
    const { finish, messenger } = serve()
    messenger.contacts = () => { throw new TypeError('secret 1234') }
    const [line] = await finish(request(1, 'contact.list'))
    assert.equal(line?.error?.data?.code, 'INTERNAL')
    assert.ok(!JSON.stringify(line).includes('1234'))
  })

  for (const [what, line, code, id] of [
    ['what is not JSON', '{"jsonrpc"', -32700, null],
    ['a line that is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), -32700, null],
    ['a number', '7', -32600, null],
    ['an empty batch', '[]', -32600, null],
    ['a request of another version', '{"jsonrpc":"1.0","id":5,"method":"contact.list"}', -32600, 5],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"contact.list"}', -32600, null],
    ['parameters that are a string', '{"jsonrpc":"2.0","id":6,"method":"contact.list","params":"x"}', -32600, 6],
    ['an unknown method', '{"jsonrpc":"2.0","id":7,"method":"account.steal"}', -32601, 7],
    ['a method of every object', '{"jsonrpc":"2.0","id":7,"method":"constructor"}', -32601, 7],
    ['a missing parameter', '{"jsonrpc":"2.0","id":8,"method":"message.send","params":{"to":"x"}}', -32602, 8],
    ['an unknown parameter', '{"jsonrpc":"2.0","id":8,"method":"contact.list","params":{"a":1}}', -32602, 8],
    ['parameters by place', '{"jsonrpc":"2.0","id":8,"method":"contact.list","params":[1]}', -32602, 8],
    ['a limit of 0', '{"jsonrpc":"2.0","id":9,"method":"message.list","params":{"with":"x","limit":0}}', -32602, 9],
    ['half a surrogate pair',
      '{"jsonrpc":"2.0","id":9,"method":"message.send","params":{"to":"x","text":"\\ud800"}}', -32602, 9],
    ['four relays',
      '{"jsonrpc":"2.0","id":9,"method":"account.create","params":{"name":"x","relays":["a","a","a","a"]}}', -32602, 9],
    ['a line over the limit', `"${'x'.repeat(lineBytesMax)}"`, -32600, null]
  ] as const) {
    it(`refuses ${what} with ${code}, and goes on`, async () => {
      const { input, finish } = serve()
      input.write(line)
      input.write('\n')
      const [refused, next] = await finish(request(99, 'connection.list'))
      assert.equal(refused?.error?.code, code)
      assert.equal(refused?.id, id)
      assert.equal(next?.id, 99)
      assert.equal(next?.result?.connections?.[0]?.lastError, 'NO_ROUTE')
    })
  }

  it('never repeats a parameter\'s value in a refusal', async () => {
    const { finish } = serve()
    const lines = await finish(
      request(1, 'contact.add', { invite: ['restante:topsecret'] }),
      request(2, 'message.markRead', { with: 'x', upTo: 'topsecret' }),
      '{"topsecret": nothing}')
    assert.equal(lines.length, 3)
    assert.ok(!JSON.stringify(lines).includes('topsecret'))
    assert.match(lines.find(({ id }) => id === 2)?.error?.message ?? '', /^upTo: /)
  })

  it('answers a batch with a batch, notifications left out', async () => {
    const { finish, messenger } = serve()
    await messenger.addContact({ invite: 'restante:bob' })
    const [batch] = answers(await finish([
      request(1, 'contact.list'),
      { jsonrpc: '2.0', method: 'message.send', params: { to: 'Bob', text: 'x' } },
      3,
      request(2, 'nothing')
    ])) as unknown as Line[][]
    assert.deepEqual(batch?.map(({ id, error }) => [id, error?.code]), [[1, undefined], [null, -32600], [2, -32601]])
    assert.deepEqual(messenger.calls, ['sendText x'])
  })

  it('never answers a notification, or a batch of them, not even with an error', async () => {
    const { finish } = serve()
    const bare = { jsonrpc: '2.0', method: 'nothing' }
    assert.deepEqual(answers(await finish(bare, [bare, bare])), [])
  })

  it('keeps nothing of a line that never ends', async () => {
    const { input, lines, finish } = serve()
    for (let i = 0; i < 64; i++) {
      if (!input.write(Buffer.alloc(lineBytesMax, 120))) await new Promise((resolve) => input.once('drain', resolve))
    }
    while (lines.length === 0) await new Promise((resolve) => { setImmediate(resolve) })
    assert.equal(lines[0]?.error?.data?.code, 'FRAME_TOO_LARGE')
    assert.equal((await finish('', request(1, 'contact.list'))).length, 2)
  })

  it('takes lines that come in pieces, several at once, and with either newline', async () => {
    const { input, finish } = serve()
    const text = [1, 2, 3].map((id) => JSON.stringify(request(id, 'contact.list'))).join('\r\n')
    for (const character of text) {
      input.write(character)
      await Promise.resolve()
    }
    assert.deepEqual(answers(await finish()).map(({ id }) => id), [1, 2, 3])
  })

  it('serves several clients of one profile, each with its own ids and all notifications', async () => {
    const messenger = memoryMessenger()
    await messenger.addContact({ invite: 'restante:bob' })
    const [one, two] = [serve(messenger), serve(messenger)]
    await one.finish(request(1, 'message.send', { to: 'Bob', text: 'x' }))
    await two.finish(request(1, 'contact.list'))
    assert.deepEqual(answers(one.lines).map(({ id }) => id), [1])
    assert.deepEqual(answers(two.lines).map(({ id }) => id), [1])
    assert.deepEqual([one, two].map(({ lines }) => notices(lines).length), [1, 1])
  })
})
