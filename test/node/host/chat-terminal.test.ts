/** A chat at a terminal: what is on the screen when messages come while a line is typed. */
import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { runChat } from '../../../node/host/chat.ts'
import { localClient } from '../../../node/host/rpc/client.ts'
import { memoryMessenger } from '../../support/messenger.ts'
import type { MemoryMessenger } from '../../support/messenger.ts'
import { TerminalScreen } from './terminal-screen.ts'

interface Terminal {
  messenger: MemoryMessenger
  type: (text: string) => void
  lines: () => string[]
  leave: () => Promise<void>
}

async function terminal (columns: number): Promise<Terminal> {
  const messenger = memoryMessenger()
  await messenger.addContact({ invite: 'restante:bob', name: 'Bob' })
  const client = localClient({ messenger, isProtected: false })
  const input = new PassThrough()
  const output = Object.assign(new PassThrough(), { columns, rows: 24, isTTY: true })
  const screen = new TerminalScreen(columns)
  output.setEncoding('utf8').on('data', (text: string) => { screen.write(text) })
  const [contact] = (await client.call('contact.list', {})).contacts
  assert.ok(contact)
  const end = runChat({
    client, contact, input, output, isTerminal: true, json: false, signal: new AbortController().signal,
    isSettled: () => true, settleMsMax: 1000
  })
  const opened: Terminal = {
    messenger,
    type: text => { input.write(text) },
    lines: () => screen.lines,
    leave: async () => {
      input.write('\u0015/quit\r')
      await end
    }
  }
  await until(() => opened.lines().at(-1)?.startsWith('>') === true)
  return opened
}

function rowsOf (line: string, columns: number): string[] {
  return Array.from({ length: Math.ceil(line.length / columns) }, (_, row) => line.slice(row * columns, (row + 1) * columns).trimEnd())
}

/** Until `condition` is true; mocha's time-out is the guard. */
async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 2) })
}

describe('a chat at a terminal', () => {
  const typed = 'half a line that is longer than the terminal is wide, by far'

  it('shows what comes above the line that is typed, however many rows that takes', async () => {
    for (const columns of [80, 40, 20]) {
      const { messenger, type, lines, leave } = await terminal(columns)
      const before = lines().slice(0, -1)
      type(typed)
      await until(() => lines().join('').endsWith('far'))
      assert.deepEqual(lines().slice(before.length), rowsOf(`> ${typed}`, columns))
      messenger.receive('restante1bob', 'one')
      messenger.receive('restante1bob', 'two')
      await until(() => lines().join('').includes('Bob: two'))
      type(' and')
      await until(() => lines().join('').endsWith('far and'))
      const after = lines()
      assert.deepEqual(after.slice(0, before.length), before)
      const prompt = after.findIndex((line) => line.startsWith('>'))
      assert.match(after.slice(before.length, prompt).join('').replaceAll(' ', ''), /^#1[\d:-]+Bob:one#2[\d:-]+Bob:two$/)
      assert.deepEqual(after.slice(prompt), rowsOf(`> ${typed} and`, columns))
      await leave()
    }
  })

  it('lets no message fill a row so that the next one looks like a line of somebody else', async () => {
    const { messenger, lines, leave } = await terminal(40)
    messenger.receive('restante1bob', `hello${' '.repeat(60)}08:00 you: I owe Bob a lot`)
    await until(() => lines().join('').includes('a lot'))
    assert.deepEqual(lines().filter((line) => line.includes('08:00 you')), ['    08:00 you: I owe Bob a lot'])
    await leave()
  })

  it('keeps its place in the line that is typed while the one before is sent', async () => {
    const { messenger, type, lines, leave } = await terminal(80)
    type('one\rtw')
    await until(() => lines().join('\n').includes('#1'))
    type('o\r')
    await until(() => messenger.calls.length >= 2)
    assert.deepEqual(messenger.calls, ['sendText one', 'sendText two'])
    await leave()
  })
})
