/**
 * A conversation line by line: what is typed (or piped in) is sent, what comes is shown and marked
 * read, and every change of a delivery state is told.
 *
 * It knows nothing of where the profile is open, nor of the terminal beyond two streams.
 */
import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { RestanteError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { ChatMessages, numberAndRest } from './chat-messages.ts'
import { messageText } from './message-text.ts'
import { counted, describeError, foreignText, toJson } from './output.ts'
import { printable, printableText } from './printable.ts'
import type { Contact } from './resolve.ts'
import type { Client } from './rpc/client.ts'
import type { RpcNotification } from './rpc/methods.ts'
import { contactWords, deliveryWords, doubtWords, identityWords, resetWords, timeWords } from './words.ts'

type MessageState = Extract<RpcNotification, { method: 'message.state' }>['params']
type Received = Extract<RpcNotification, { method: 'message.received' }>['params']

/** Messages handed in and not yet durable; beyond, the next line waits. */
const sendsMax = 256
const historyLines = 20

export interface ChatOptions {
  client: Client
  contact: Contact
  input: Readable
  output: Writable
  /** Both streams are a terminal: there is a prompt. */
  isTerminal: boolean
  json: boolean
  /** Ends the chat, as /quit does. */
  signal: AbortSignal
  /** After the end of the input, wait until this is true … */
  isSettled: (tally: ChatTally) => boolean
  /** … but no longer. */
  settleMsMax: number
}

export interface ChatTally {
  sent: number
  /** Refused when they were handed in. */
  refused: number
  /** At a relay, or delivered. */
  stored: number
  delivered: number
  direct: number
  byRelay: number
  /** Failed or expired. */
  failed: number
  received: number
}

interface Sent { number: number, state: MessageState | undefined }
type Changed = Extract<RpcNotification, { method: 'message.changed' }>['params']

/** Resolves at the end of the input, at /quit or at `signal`. Rejects where the profile is lost. */
export async function runChat (options: ChatOptions): Promise<ChatTally> {
  const { client, contact, input, output, isTerminal, json, signal } = options
  const name = contactWords(contact)
  const sent = new Map<string, Sent>()
  const early = new Map<string, MessageState>()
  const shown = new Set<string>()
  const held: Array<() => void> = []
  let isShowing = false
  const messages = new ChatMessages(name)
  let refused = 0
  let received = 0
  let lastShown: string | undefined
  let failure: RestanteError | undefined
  let hasQuit = false
  let wake = (): void => {}

  const lines = createInterface({ input, ...isTerminal ? { output, terminal: true } : {} })
  lines.setPrompt('> ')
  let isOpen = true
  lines.once('close', () => { isOpen = false })
  const quit = (): void => {
    hasQuit = true
    lines.close()
  }
  // Ctrl-C at the prompt comes as this, not as a signal.
  lines.once('SIGINT', quit)
  signal.addEventListener('abort', quit, { once: true })
  const print = (text: string): void => {
    if (!isTerminal) {
      output.write(`${text}\n`)
      return
    }
    // What is being typed may take several rows: all of them give way.
    moveCursor(output, 0, -lines.getCursorPos().rows)
    cursorTo(output, 0)
    clearScreenDown(output)
    output.write(`${foreignText(text, output)}\n`)
    if (!isOpen) return
    // Drawn anew here. By itself readline would first go up as many rows as the line took when it was last
    // drawn, and cover what has just been shown; it declares no other way to say that these are gone.
    Object.assign(lines, { prevRows: 0 })
    lines.prompt(true)
  }
  const tell = (event: object, text: string): void => { print(json ? toJson(event) : text) }
  const hint = (text: string): void => { if (!json) print(text) }

  /** Marking as read goes on while lines are typed; at the end it is waited for. */
  let marking: Promise<void> = Promise.resolve()
  const markRead = async (upTo: string): Promise<void> => {
    try {
      await client.call('message.markRead', { with: contact.contactId, upTo })
    } catch (error) {
      // Not told as read now; the next message that is shown tells it.
      hint(`  (not marked read: ${describeError(error).code})`)
    }
  }
  const showReceived = (message: Received): void => {
    if (shown.has(message.messageId)) return
    shown.add(message.messageId)
    lastShown = message.messageId
    received++
    const number = messages.show({ ...message, own: false, deleted: false, editedAt: null, reactions: [] })
    if (message.replyTo !== null) hint(messages.quote(message.replyTo))
    tell({ event: 'message.received', ...message },
      `#${number} ${timeWords(message.sentAt, Date.now())} ${name}${doubtWords(message)}: ${printableText(message.text)}`)
    const upTo = message.messageId
    // One after the other, and of those that wait only the last: it covers what came before it.
    marking = marking.then(async () => { if (lastShown === upTo) await markRead(upTo) })
  }
  const showChanged = (message: Changed): void => {
    const text = messages.changed(message)
    if (json) tell({ event: 'message.changed', ...message }, '')
    else if (text !== undefined) print(text)
  }
  const showState = (state: MessageState): void => {
    const own = sent.get(state.messageId)
    if (own === undefined) {
      early.set(state.messageId, state)
      return
    }
    const before = own.state === undefined ? '' : deliveryWords(own.state)
    own.state = state
    if (deliveryWords(state) !== before) {
      tell({ event: 'message.state', ...state }, `  #${own.number} ${deliveryWords(state)}`)
    }
  }
  const stopListening = client.listen((notification) => {
    if (notification.method === 'failed') {
      failure = new RestanteError(notification.params.code as ErrorCode, notification.params.message)
      lines.close()
    } else if (notification.method === 'message.received') {
      const { params } = notification
      if (params.from !== contact.contactId) return
      if (isShowing) showReceived(params)
      else held.push(() => { showReceived(params) })
    } else if (notification.method === 'message.state') {
      showState(notification.params)
    } else if (notification.method === 'message.changed') {
      const { params } = notification
      if (params.with !== contact.contactId) return
      if (isShowing) showChanged(params)
      else held.push(() => { showChanged(params) })
    } else if (notification.method === 'message.removed') {
      const { method, params } = notification
      const number = messages.remove(params.messageId)
      if (params.with === contact.contactId) tell({ event: method, ...params }, `  #${number ?? '?'} (deleted on this device)`)
    } else if (notification.method === 'contact.identity') {
      const { method, params } = notification
      if (params.contactId === contact.contactId) tell({ event: method, ...params }, `  ${identityWords(params)}`)
    } else if (notification.method === 'session.reset') {
      const { method, params } = notification
      if (params.contactId === contact.contactId) tell({ event: method, ...params }, `  ${resetWords(params)}`)
    }
    wake()
  })
  void client.lost.then((error) => {
    failure ??= error
    lines.close()
    wake()
  })

  const send = async (text: string, replyTo?: string): Promise<void> => {
    const own: Sent = { number: messages.reserve(), state: undefined }
    try {
      const { messageId } = await client.call('message.send', { to: contact.contactId, text, ...replyTo === undefined ? {} : { replyTo } })
      messages.show({ messageId, own: true, text, deleted: false, editedAt: null, reactions: [] }, own.number)
      sent.set(messageId, own)
      const state = early.get(messageId)
      early.delete(messageId)
      if (state === undefined) tell({ event: 'message.sent', messageId }, `  #${own.number} · queued`)
      else showState(state)
    } catch (error) {
      refused++
      tellError(error, `#${own.number} ! not sent`)
    }
    wake()
  }
  const tellError = (error: unknown, what: string): void => {
    const { code, family, message } = describeError(error)
    tell({ event: 'error', code, family, message }, `  ${what}: ${printable(message)} (${code})`)
  }

  /** False: it is no command that does something to a message. */
  const act = async (command: string): Promise<boolean> => {
    const [, name, given = ''] = /^\/([a-z]+)(?:\s+(.*))?$/su.exec(command) ?? []
    if (name === undefined || !Object.hasOwn(actions, name)) return false
    try {
      await actions[name as keyof typeof actions](given)
    } catch (error) {
      tellError(error, '! not done')
    }
    return true
  }
  const at = { with: contact.contactId }
  const actions = {
    async reply (given: string) {
      const { number, rest } = numberAndRest(given)
      await send(rest, messages.at(number).messageId)
    },
    async react (given: string) {
      const { number, rest } = numberAndRest(given)
      await client.call('message.react', { ...at, messageId: messages.at(number).messageId, emoji: rest === '' ? null : rest })
    },
    async edit (given: string) {
      await client.call('message.edit', { ...at, messageId: messages.lastOwn().messageId, text: given })
    },
    async delete (given: string) {
      await client.call('message.delete', { ...at, messageId: messages.at(numberAndRest(given).number).messageId, forEveryone: true })
    },
    async hide (given: string) {
      await client.call('message.delete', { ...at, messageId: messages.at(numberAndRest(given).number).messageId, forEveryone: false })
    }
  }

  const showHistory = async (limit: number): Promise<void> => {
    const listed = await client.call('message.list', { with: contact.contactId, limit })
    for (const message of listed.messages) {
      const number = messages.show(message)
      const quote = message.replyTo === null ? undefined : messages.quote(message.replyTo)
      tell({ event: 'message.history', ...message }, messageText(message, name, Date.now(), { number, quote }))
      if (message.own) continue
      shown.add(message.messageId)
      lastShown = message.messageId
    }
    if (lastShown !== undefined) await markRead(lastShown)
  }

  const tally = (): ChatTally => {
    const states = [...sent.values()].flatMap(({ state }) => state === undefined ? [] : [state])
    const arrived = states.filter(({ state }) => state === 'delivered' || state === 'read')
    return {
      sent: sent.size,
      refused,
      stored: arrived.length + states.filter(({ state }) => state === 'stored').length,
      delivered: arrived.length,
      direct: arrived.filter(({ way }) => way === 'direct').length,
      byRelay: arrived.filter(({ way }) => way === 'relay').length,
      failed: states.filter(({ state }) => state === 'failed' || state === 'expired').length,
      received
    }
  }

  const settle = async (): Promise<void> => {
    const endAt = performance.now() + options.settleMsMax
    while (!options.isSettled(tally()) && failure === undefined && !signal.aborted) {
      const leftMs = endAt - performance.now()
      if (leftMs <= 0) return
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        wake = resolve
        signal.addEventListener('abort', () => { resolve() }, { once: true })
        timer = setTimeout(resolve, leftMs)
      })
      clearTimeout(timer)
    }
  }

  try {
    // Before the first await: lines that nobody listens for are lost.
    const typed = lines[Symbol.asyncIterator]()
    if (signal.aborted) quit()
    hint(`Talking with ${name}. /help shows what else there is.`)
    if (contact.state === 'request') hint(`${name} wrote to you first: restante accept makes it a contact.`)
    await showHistory(historyLines)
    isShowing = true
    for (const show of held.splice(0)) show()
    // What was typed meanwhile keeps its place.
    if (isTerminal && isOpen) lines.prompt(true)

    const underWay = new Set<Promise<void>>()
    for await (const line of typed) {
      const command = line.trim()
      if (command === '/quit') {
        quit()
        break
      }
      if (command === '/help') hint(help)
      else if (command === '/history') await showHistory(historyLines)
      else if (command === '/read') { if (lastShown !== undefined) await markRead(lastShown) }
      else if (/^\/[a-z]/.test(command)) {
        // What it is said of may be on its way.
        await Promise.all(underWay)
        if (!await act(command)) hint(`There is no ${printable(command)}. /help shows what there is.`)
      } else if (command !== '') {
        const sending = send(line.startsWith('//') ? line.slice(1) : line)
        underWay.add(sending)
        void sending.finally(() => { underWay.delete(sending) })
        if (underWay.size >= sendsMax) await Promise.race(underWay)
      }
      if (isTerminal && isOpen) lines.prompt(true)
    }
    await Promise.all(underWay)
    if (!hasQuit) await settle()
    await marking
    if (failure !== undefined) throw failure
    return tally()
  } finally {
    signal.removeEventListener('abort', quit)
    stopListening()
    lines.close()
  }
}

const help = [
  '/reply N text   answer the message #N',
  '/react N 👍     react to it; without an emoji, take that back',
  '/edit text      change the last message that you wrote',
  '/delete N       delete your message #N, for both of you',
  '/hide N         delete a message on this device only',
  '/history        the last messages once more',
  '/read           mark everything shown as read',
  '/quit           end (so does the end of the input)',
  '//text          send a text that starts with /',
  '· queued  ✓ stored at relays  ✓✓ delivered on the contact\'s device, then read'
].join('\n')

/** `3 sent, 3 delivered, 2 direct, 1 by relay` */
export function summaryWords ({ sent, delivered, direct, byRelay }: ChatTally): string {
  return `${sent} sent, ${delivered} delivered, ${direct} direct, ${byRelay} by relay`
}

/** What did not arrive; undefined: everything did. */
export function waitingWords ({ sent, delivered, failed }: ChatTally): string | undefined {
  const waiting = sent - delivered - failed
  if (waiting === 0) return undefined
  return `${counted(waiting, 'message')} not delivered yet: kept, and sent again by itself.`
}
