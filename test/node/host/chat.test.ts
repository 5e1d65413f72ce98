import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { runChat, summaryWords, waitingWords } from '../../../node/host/chat.ts'
import type { ChatTally } from '../../../node/host/chat.ts'
import { localClient } from '../../../node/host/rpc/client.ts'
import type { Client } from '../../../node/host/rpc/client.ts'
import { delivered, memoryMessenger, stored } from '../../support/messenger.ts'
import type { MemoryMessenger } from '../../support/messenger.ts'

interface TalkOptions {
  json?: boolean
  settleMsMax?: number
  prepare?: (messenger: MemoryMessenger) => void
  client?: (messenger: MemoryMessenger) => Client
}
interface Talk {
  messenger: MemoryMessenger
  input: PassThrough
  shown: () => string
  end: Promise<ChatTally>
  stop: AbortController
}

async function talk (options: TalkOptions = {}): Promise<Talk> {
  const messenger = memoryMessenger()
  const client = options.client?.(messenger) ?? localClient({ messenger, isProtected: false })
  await messenger.addContact({ invite: 'restante:bob', name: 'Bob\u001b[2J' })
  options.prepare?.(messenger)
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  output.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
  const stop = new AbortController()
  const [contact] = (await client.call('contact.list', {})).contacts
  assert.ok(contact)
  const end = runChat({
    client, contact, input, output, isTerminal: false, json: options.json ?? false, signal: stop.signal,
    isSettled: (tally) => tally.delivered + tally.failed === tally.sent, settleMsMax: options.settleMsMax ?? 10_000
  })
  end.catch(() => {})
  return { messenger, input, shown: () => text, end, stop }
}

/** Until `condition` is true; mocha's time-out is the guard. */
async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 2) })
}

describe('a chat', () => {
  it('sends each line, tells each state once, and sums up', async () => {
    const { messenger, input, shown, end } = await talk({
      prepare: (messenger) => { messenger.fate = () => [stored, delivered] }
    })
    input.end('one\n\n  \ntwo')
    const tally = await end
    assert.deepEqual(messenger.calls, ['sendText one', 'sendText two'])
    // What changed before the id was known is told as it is by then.
    assert.deepEqual(shown().split('\n').filter((line) => line.startsWith('  #')).sort(), [
      '  #1 ✓✓ delivered, direct', '  #2 ✓✓ delivered, direct'])
    assert.equal(summaryWords(tally), '2 sent, 2 delivered, 2 direct, 0 by relay')
    assert.equal(waitingWords(tally), undefined)
  })

  it('tells every later change once', async () => {
    const { messenger, input, shown, end } = await talk()
    input.write('one\n')
    await until(() => shown().includes('#1 ✓ stored 1 of 1'))
    const state = { type: 'message.state', messageId: '1'.padStart(32, '0'), to: 'restante1bob' } as const
    const read = { ...delivered, state: 'read' as const }
    for (const change of [stored, { ...stored, storedBy: 2, of: 2 }, delivered, delivered, read]) {
      messenger.emit({ ...state, ...change })
    }
    input.end()
    assert.equal((await end).delivered, 1)
    assert.deepEqual(shown().split('\n').filter((line) => line.startsWith('  #')), ['  #1 ✓ stored 1 of 1',
      '  #1 ✓ stored 2 of 2', '  #1 ✓✓ delivered, direct', '  #1 ✓✓ read, direct'])
  })

  it('shows what comes, escaped, and marks it read', async () => {
    const { messenger, input, shown, end } = await talk()
    await until(() => shown().includes('Talking'))
    const messageId = messenger.receive('restante1bob', 'hi\u0007\nyou: I owe you')
    await until(() => messenger.calls.includes(`markRead ${messageId}`))
    messenger.receive('restante1eve', 'not of this conversation')
    input.end()
    assert.equal((await end).received, 1)
    assert.match(shown(), /Bob\\x1b\[2J: hi\\x07\n {2}\| you: I owe you\n/)
    assert.ok(!shown().includes('not of this conversation'))
    assert.ok(!shown().includes('\u001b'))
  })

  it('shows the conversation so far once, and marks it read', async () => {
    const { messenger, input, shown, end } = await talk({
      prepare (messenger) {
        messenger.receive('restante1bob', 'earlier')
        messenger.receive('restante1bob', 'latest')
      }
    })
    input.end()
    await end
    assert.equal(shown().split('earlier').length, 2)
    assert.deepEqual(messenger.calls, [`markRead ${'2'.padStart(32, '0')}`])
  })

  it('knows its commands, and sends a text that starts with a slash by two', async () => {
    const { messenger, input, shown, end } = await talk({
      prepare: (messenger) => { messenger.fate = () => [delivered] }
    })
    input.end('/help\n/nonsense\n//shrug\n/quit\nnever sent\n')
    await end
    assert.match(shown(), /\/quit +end/)
    assert.match(shown(), /There is no \/nonsense/)
    assert.deepEqual(messenger.calls, ['sendText /shrug'])
  })

  it('answers, reacts, edits and deletes by the numbers that it shows', async () => {
    const { messenger, input, shown, end } = await talk({
      prepare (messenger) {
        messenger.fate = () => [delivered]
        messenger.receive('restante1bob', 'lunch?\nor not')
      }
    })
    await until(() => shown().includes('#1 '))
    input.write('/reply 1 yes\n/react #1 👍\n/edit yes, at one\nand\n/delete 2\n/react 1\n/hide 1\n')
    await until(() => shown().includes('deleted on this device'))
    input.write('/react 1 👍\n/react none\n/react 3 nothing\n/edit\n/edit end\n/constructor\n/delete 9\n')
    input.end()
    await end
    const said = shown().split('\n')
    assert.match(said.find((line) => line.startsWith('#1 ')) ?? '', /^#1 .*Bob\\x1b\[2J: lunch\?$/)
    assert.deepEqual(said.filter((line) => /^ {2}(#|!)/.test(line) && !line.includes('✓✓')).map((line) => line.replace('Bob\\x1b[2J', 'Bob')), [
      '  #1 👍 you', '  #2 edited: yes, at one', '  #2 (deleted)', '  #1 no reaction any more', '  #1 (deleted on this device)',
      '  ! not done: There is no #1 here. (USAGE)', '  ! not done: Name the message by its number, as /react 3 👍. (USAGE)',
      '  ! not done: exactly one emoji (USAGE)', '  ! not done: text: Invalid length: Expected >=1 but received 0 (USAGE)',
      '  #3 edited: end', '  ! not done: There is no #9 here. (USAGE)'
    ])
    assert.match(shown(), /There is no \/constructor/)
    const [answer] = await messenger.messages({ with: 'restante1bob' })
    assert.deepEqual([answer?.replyTo, answer?.deleted], ['1'.padStart(32, '0'), true])
  })

  it('quotes what an answer answers, and says where that is not shown', async () => {
    const { messenger, input, shown, end } = await talk({ prepare: (messenger) => { messenger.fate = () => [delivered] } })
    input.write('shall we?\n')
    await until(() => shown().includes('#1 '))
    const answered = '1'.padStart(32, '0')
    messenger.receive('restante1bob', 'we shall', answered)
    messenger.receive('restante1bob', 'what?', 'f'.repeat(32))
    input.end()
    await end
    const said = shown().split('\n').map((line) => line.replace(/\d\d:\d\d |\d{4}-\d\d-\d\d \d\d:\d\d /, ''))
    const quotes = said.flatMap((line, i) => line.startsWith('  > ') ? [[line, said[i + 1]]] : [])
    assert.deepEqual(quotes, [
      ['  > #1 you: shall we?', '#2 Bob\\x1b[2J: we shall'],
      ['  > (a message that is not shown here)', '#3 Bob\\x1b[2J: what?']
    ])
  })

  it('says what was not sent and why, and goes on', async () => {
    const { input, shown, end } = await talk({ prepare: (messenger) => { messenger.fate = () => [delivered] } })
    input.end(`${'x'.repeat(70_000)}\nshort\n`)
    const tally = await end
    assert.deepEqual([tally.sent, tally.refused], [1, 1])
    assert.match(shown(), /#1 ! not sent: .* \(TEXT_TOO_LARGE\)/)
  })

  it('waits no longer than it may, and says what is not delivered', async () => {
    const { input, end } = await talk({ settleMsMax: 30 })
    input.end('x\n')
    const tally = await end
    assert.equal(summaryWords(tally), '1 sent, 0 delivered, 0 direct, 0 by relay')
    assert.match(waitingWords(tally) ?? '', /^1 message not delivered yet/)
  })

  it('ends at once when it is told to stop', async () => {
    const { shown, end, stop } = await talk({ settleMsMax: 1_000_000 })
    await until(() => shown().includes('Talking'))
    stop.abort()
    assert.equal((await end).sent, 0)
  })

  it('fails where the store fails', async () => {
    const { messenger, shown, end } = await talk()
    await until(() => shown().includes('Talking'))
    messenger.emit({ type: 'failed', code: 'STORE_FAILED', message: 'disk' })
    await assert.rejects(end, { code: 'STORE_FAILED' })
  })

  it('fails where the process that has the profile open is gone', async () => {
    let lose = (_error: Error): void => {}
    const { shown, end } = await talk({
      client: (messenger) => ({
        ...localClient({ messenger, isProtected: false }),
        lost: new Promise((resolve) => { lose = resolve as typeof lose })
      })
    })
    await until(() => shown().includes('Talking'))
    lose(Object.assign(new Error('gone'), { code: 'DISCONNECTED' }))
    await assert.rejects(end, { code: 'DISCONNECTED' })
  })

  it('prints one object a line with json, texts exact', async () => {
    const { messenger, input, shown, end } = await talk({ json: true })
    await new Promise((resolve) => { setTimeout(resolve, 20) })
    messenger.receive('restante1bob', '\u001b[1m')
    messenger.fate = () => [delivered]
    input.end('x\n')
    await end
    const events = shown().trim().split('\n').map((line) => JSON.parse(line) as { event: string, text?: string })
    assert.deepEqual(events.map(({ event }) => event), ['message.received', 'message.state'])
    assert.equal(events[0]?.text, '\u001b[1m')
  })
})
