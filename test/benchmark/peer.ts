/**
 * One person in a process of its own, driven over Node's process channel: the same engine, store and
 * network as the command's. Used by messages.ts.
 */
import { openService } from '../../node/host/service.ts'
import { createOutput } from '../../node/host/output.ts'
import { stderrLog } from '../../node/host/world.ts'
import type { MessengerApi } from '../../node/core/api.ts'

export type Order =
  | { do: 'open', dir: string, name: string, relays: string[], direct?: boolean }
  | { do: 'invite' }
  | { do: 'add', invite: string }
  | { do: 'contact' }
  /** Sends `count` texts of `bytes`, `inFlight` at a time, each until it reaches `state`. */
  | { do: 'send', to: string, count: number, bytes: number, inFlight: number, until: 'delivered' | 'stored' }
  /** Resolves when `count` messages more than before have come. */
  | { do: 'expect', count: number }
  | { do: 'start' }
  | { do: 'stop' }

export interface Sent { elapsedMs: number, latenciesMs: number[], ways: Record<string, number>, cpuMs: number }
export interface Received { elapsedMs: number, inOrder: boolean, cpuMs: number }

let messenger: MessengerApi
let received = 0
let lastNumber = -1
let inOrder = true
let wakeReceiver: (() => void) | undefined
let firstAt = 0
const onState = new Map<string, (state: string, way: string | undefined) => void>()
const early = new Map<string, { state: string, way: string | undefined }>()

async function open (dir: string, name: string, relays: string[], direct = true): Promise<void> {
  const service = await openService({
    profileDir: dir,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    direct,
    passphraseFile: undefined,
    log: stderrLog('error', false),
    output: createOutput({ json: true, quiet: true })
  }, { create: true, mayPrompt: false })
  messenger = service.messenger
  messenger.listen(notification => {
    if (notification.type === 'message.received') {
      if (received++ === 0) firstAt = performance.now()
      const number = Number.parseInt(notification.text, 10)
      if (number !== lastNumber + 1 && number !== 0) inOrder = false
      lastNumber = number
      wakeReceiver?.()
    } else if (notification.type === 'message.state') {
      const listener = onState.get(notification.messageId)
      if (listener === undefined) {
        if (notification.state !== 'queued') early.set(notification.messageId, { state: notification.state, way: notification.way })
      } else {
        listener(notification.state, notification.way)
      }
    }
  })
  if (messenger.account() === undefined) await messenger.createAccount({ name, relays })
}

async function send (order: Extract<Order, { do: 'send' }>): Promise<Sent> {
  const { to, count, bytes, inFlight, until } = order
  const latenciesMs: number[] = []
  const ways: Record<string, number> = {}
  let next = 0
  const cpu = process.cpuUsage()
  const start = performance.now()
  const worker = async (): Promise<void> => {
    while (next < count) {
      const text = `${next++} `.padEnd(bytes, 'x')
      const sentAt = performance.now()
      const { messageId } = await messenger.sendText({ to, text })
      await new Promise<void>(resolve => {
        const done = (state: string, way: string | undefined): void => {
          if (state !== until && state !== 'delivered' && state !== 'read') return
          onState.delete(messageId)
          latenciesMs.push(performance.now() - sentAt)
          ways[way ?? 'none'] = (ways[way ?? 'none'] ?? 0) + 1
          resolve()
        }
        onState.set(messageId, done)
        const before = early.get(messageId)
        early.delete(messageId)
        if (before !== undefined) done(before.state, before.way)
      })
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  const elapsedMs = performance.now() - start
  const used = process.cpuUsage(cpu)
  early.clear()
  return { elapsedMs, latenciesMs, ways, cpuMs: (used.user + used.system) / 1000 }
}

async function expect (count: number): Promise<Received> {
  const cpu = process.cpuUsage()
  const start = received > 0 ? firstAt : performance.now()
  while (received < count) await new Promise<void>(resolve => { wakeReceiver = resolve })
  const elapsedMs = performance.now() - start
  const used = process.cpuUsage(cpu)
  received = 0
  lastNumber = -1
  return { elapsedMs, inOrder, cpuMs: (used.user + used.system) / 1000 }
}

async function obey (order: Order): Promise<unknown> {
  switch (order.do) {
    case 'open': return await open(order.dir, order.name, order.relays, order.direct)
    case 'start': return await messenger.start()
    case 'invite': return (await messenger.createInvite({})).invite
    case 'add': return (await messenger.addContact({ invite: order.invite })).contactId
    case 'contact': return messenger.contacts()[0]
    case 'send': return await send(order)
    case 'expect': return await expect(order.count)
    case 'stop': return await messenger.stop()
  }
}

process.on('message', (message: { id: number, order: Order }) => {
  obey(message.order).then(
    result => { process.send?.({ id: message.id, result }) },
    (error: unknown) => { process.send?.({ id: message.id, error: String(error) }) }
  )
})
process.on('disconnect', () => { process.exit(0) })
