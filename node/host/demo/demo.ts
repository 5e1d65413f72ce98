/**
 * The demonstration: a relay and an echo contact as processes of their own, and a chat with the echo
 * contact in this one, and in a browser by the address that is shown. Everything on loopback, in a folder
 * that is removed at the end.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { RestanteError, StoreError } from '../../../protocol/errors.ts'
import { isWebBuilt } from '../../../relay/host/web.ts'
import { runChat, summaryWords, waitingWords } from '../chat.ts'
import { Children, diesBefore } from '../children.ts'
import type { Child } from '../children.ts'
import { connectClient } from '../connect.ts'
import { contactNamed } from '../resolve.ts'
import { StreamClient } from '../rpc/client.ts'
import type { Client } from '../rpc/client.ts'
import type { Settings } from '../settings.ts'
import { listenForStop } from '../stop.ts'
import type { StopWish } from '../stop.ts'
import { runEcho } from './echo.ts'

const loopback = '/ip4/127.0.0.1/tcp/0'
/** Browsers come by the second one. */
const relayListens = [loopback, `${loopback}/ws`]
const startMsMax = 30_000
const settleMsMax = 30_000
const meetMsMax = 10_000
const childGraceMs = 5_000

const readySchema = v.object({ event: v.literal('ready'), addresses: v.array(v.string()), web: v.optional(v.string()) })

/** True: everything that was sent arrived. */
export async function runDemo (settings: Settings): Promise<boolean> {
  const { output } = settings
  const folder = makeFolder()
  const children = new Children()
  const clean = (): void => { rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) }
  // Where a second Ctrl-C cuts the orderly end short.
  process.on('exit', clean)
  const stop = listenForStop()
  let own: Client | undefined
  try {
    output.note('Starting a relay …')
    const { addresses, web } = await untilStopped(startRelay(children, join(folder, 'relay')), stop)
    output.note('Starting a contact that echoes …')
    const starting = startEcho(children, join(folder, 'echo'), addresses)
    const { invite, publicInvite, contact } = await untilStopped(starting, stop)
    output.note('Creating your account …')
    own = await connectClient(
      { ...settings, profileDir: join(folder, 'you'), listen: [loopback], passphraseFile: undefined },
      { online: false, create: true, mayPrompt: false })
    await own.call('account.create', { name: 'You', relays: addresses })
    const { contactId } = await own.call('contact.add', { invite, name: 'Echo' })
    output.note('Meeting the contact …')
    await untilStopped(meetDirectly(own, contactId), stop)
    explain(settings, web === undefined ? undefined : `${web}#${publicInvite.slice(publicInvite.indexOf(':') + 1)}`)

    const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !output.json
    const gone = contact.lost.then((error) => { throw error })
    const chatting = runChat({
      client: own,
      contact: contactNamed(await own.call('contact.list', {}), contactId),
      input: process.stdin,
      output: process.stdout,
      isTerminal,
      json: output.json,
      signal: stop.signal,
      isSettled: ({ sent, delivered, failed, received }) =>
        delivered + failed === sent && received >= delivered,
      settleMsMax
    })
    // One of them ends the other; and the contact's end is ours to bring about from there on.
    chatting.catch(() => {})
    gone.catch(() => {})
    const tally = await Promise.race([chatting, gone])
    const waiting = waitingWords(tally)
    output.result({ event: 'end', ...tally }, summaryWords(tally))
    if (waiting !== undefined && !stop.signal.aborted) output.note(waiting)
    return tally.delivered === tally.sent && tally.refused === 0
  } catch (error) {
    if (stop.signal.aborted) return true
    throw error
  } finally {
    process.stdin.destroy()
    await own?.close(0)
    await children.stop(childGraceMs)
    clean()
    process.off('exit', clean)
    stop.release()
  }
}

function makeFolder (): string {
  try {
    return mkdtempSync(join(tmpdir(), 'restante-demo-'))
  } catch (cause) {
    throw new StoreError('STORE_FAILED', `No folder can be made in ${tmpdir()}.`, { cause })
  }
}

/**
 * Until the contact's device is connected: what is written before goes by the relay, and the first
 * thing to be seen here should be the straight way. Where it takes long, the relay is good enough.
 */
async function meetDirectly (client: Client, contactId: string): Promise<void> {
  const endAt = performance.now() + meetMsMax
  while (performance.now() < endAt) {
    const { connections } = await client.call('connection.list', {})
    if (connections.some(one => one.contactId === contactId && one.state === 'connected' && one.direct)) return
    await sleep(50)
  }
}

async function untilStopped<T> (wanted: Promise<T>, stop: StopWish): Promise<T> {
  const stopped = stop.asked.then(() => { throw new RestanteError('STOPPED') })
  // Whichever comes second is nobody's concern.
  stopped.catch(() => {})
  wanted.catch(() => {})
  return await Promise.race([wanted, stopped])
}

/** `link`: to the messenger for browsers, with the contact's invite in it. */
function explain ({ output }: Settings, link: string | undefined): void {
  output.note([
    '',
    'Two people talk here, and a relay stands between them: three processes on this machine.',
    'A message goes straight to the contact while it is online, and to the relay when it is not.',
    'The relay can read nothing of it, and knows nobody\'s name or account.',
    '✓ means stored at the relay, ✓✓ that it is on the contact\'s device; each tick says which way it took.',
    'Write a line; what you write comes back. /help shows more, /quit or Ctrl-D ends it.',
    '',
    link === undefined ? 'In a browser, too, once it is built: npm run build' : `In a browser, with the same contact: ${link}`,
    ''
  ].join('\n'))
}

/** Resolves when it is ready, with its addresses and that of the page that it serves. */
async function startRelay (children: Children, dir: string): Promise<v.InferOutput<typeof readySchema>> {
  const web = isWebBuilt() ? ['--web', '127.0.0.1:0'] : []
  const listen = relayListens.flatMap(address => ['--listen', address])
  const relay = children.start(['relay', '--json', '--data', dir, ...listen, ...web])
  relay.stdin.end()
  const line = await soon(relay, 'The relay', firstLine(relay))
  const ready = v.parse(readySchema, JSON.parse(line))
  if (ready.addresses.length === 0) throw new RestanteError('INTERNAL', 'The relay listens nowhere.')
  return ready
}

/** `publicInvite`: for whoever opens the page, as often as they like. */
async function startEcho (
  children: Children, dir: string, relays: string[]
): Promise<{ invite: string, publicInvite: string, contact: StreamClient }> {
  const child = children.start(['rpc', '--profile', dir, '--listen', loopback], { RESTANTE_PASSPHRASE: '' })
  const contact = new StreamClient(child.stdout, child.stdin)
  runEcho(contact, (error) => {
    process.stderr.write(`echo: ${error instanceof Error ? error.message : 'failed'}\n`)
  })
  const invited = contact.call('account.create', { name: 'Echo', relays }).then(async () => ({
    ...await contact.call('invite.create', {}), public: await contact.call('invite.create', { reusable: true })
  }))
  const { invite, public: { invite: publicInvite } } = await soon(child, 'The contact', invited)
  return { invite, publicInvite, contact }
}

async function firstLine (child: Child): Promise<string> {
  const lines = createInterface({ input: child.stdout })
  return await new Promise((resolve) => {
    // It stays open: a pipe that nobody reads would stop the child one day.
    lines.once('line', resolve)
  })
}

/** `wanted`, unless the child ends or the time does before it comes. */
async function soon<T> (child: Child, name: string, wanted: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new RestanteError('TIMED_OUT', `${name} does not start.`))
    }, startMsMax)
  })
  const died = diesBefore(child, name)
  // What ends it later is told by the stream.
  died.catch(() => {})
  try {
    return await Promise.race([wanted, died, late])
  } finally {
    clearTimeout(timer)
  }
}
