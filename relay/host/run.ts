/**
 * `restante relay`: opens the folder, starts the node, says where it can be reached, and ends in
 * order when it is told to. docs/relay.md.
 */
import { join } from 'node:path'
import envPaths from 'env-paths'
import { RestanteError, StoreError, UsageError } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import { mailboxLimitsDefault, relayLimitsDefault } from '../core/limits.ts'
import type { MailboxLimits, MailboxStore } from '../core/ports.ts'
import { Relay } from '../core/relay.ts'
import { createRelayNode } from '../net/relay-node.ts'
import type { RelayNode } from '../net/relay-node.ts'
import { levelMailboxStore } from '../store/level-mailbox-store.ts'
import { checkFolder, createFolder, mailboxesIn, openFolder } from './folder.ts'
import { nativeSuite } from './native-suite.ts'
import type { RelaySuite } from './native-suite.ts'
import { parseWebAddress, startWebServer, webAddressDefault } from './web.ts'
import type { WebServer } from './web.ts'
import { stderrLog, systemClock, systemRandom } from './world.ts'

export interface RunRelayOptions {
  /** Default: the relay's folder in the user's data folder. */
  dataDir?: string | undefined
  listen?: string[] | undefined
  announce?: string[] | undefined
  peers?: string[] | undefined
  json?: boolean | undefined
  quiet?: boolean | undefined
  retentionDays?: number | undefined
  mailboxBytes?: number | undefined
  /** Serve the web messenger: at this port or HOST:PORT, or, if true, at the default. */
  web?: string | true | undefined
}

const listenDefault = [
  '/ip4/0.0.0.0/tcp/4001',
  '/ip4/0.0.0.0/tcp/4002/ws',
  '/ip4/0.0.0.0/udp/4003/webrtc-direct'
]
/** Together under the 10 s in which a relay ends. */
const drainMsMax = 4_000
const nodeStopMsMax = 2_500
const storeCloseMsMax = 2_500
const statisticsIntervalMs = 10 * 60_000

const exit = { ok: 0, failure: 1, usage: 2, inUse: 5 } as const

/** Runs until a signal comes or the disk fails. Resolves with the exit code; never rejects. */
export async function runRelay (options: RunRelayOptions = {}): Promise<number> {
  const json = options.json === true
  const log = stderrLog(json ? 'info' : 'warn', json)
  try {
    return await run(options, log)
  } catch (error) {
    return sayFailure(error, json)
  }
}

async function run (options: RunRelayOptions, log: Log): Promise<number> {
  const dataDir = options.dataDir ?? join(envPaths('restante', { suffix: '' }).data, 'relay')
  const limits = limitsOf(options)
  checkFolder(dataDir)
  createFolder(dataDir)
  const suite = nativeSuite(log)
  const store = levelMailboxStore({
    directory: mailboxesIn(dataDir), clock: systemClock, suite, limits, log
  })
  await openStore(store, dataDir)
  // Listened for before the first address is told: whoever reads it may send a signal at once.
  const end = endOfRun(log)
  const running: Running = { store }
  try {
    const folder = openFolder(dataDir, systemClock.now())
    const node = await createNode(options, folder, { store, suite, log })
    const relay = new Relay({
      store,
      discovery: node.discovery,
      clock: systemClock,
      random: systemRandom,
      log,
      suite,
      peerKey: node.peerKey
    }, { limits: { drainMsMax }, mailboxLimits: limits, onFailure: end.fail })
    Object.assign(running, { node, relay })
    node.onLink((link) => { relay.accept(link) })
    await listen(node.start())
    if (options.web !== undefined) running.web = await serveWeb(options.web, node)
    sayReady(node, dataDir, limits, options, running.web?.url)
    running.statistics = setInterval(() => { void logStatistics(relay, store, log) }, statisticsIntervalMs)
    await end.reason
    log.info('stopping', { links: relay.links })
  } finally {
    end.release()
    await stop(running)
  }
  if (options.quiet !== true && options.json !== true) process.stdout.write('Stopped.\n')
  return exit.ok
}

/** With the folder's name, where the store's own words have none. */
async function openStore (store: MailboxStore, dataDir: string): Promise<void> {
  try {
    await store.open()
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_FAILED') throw error
    throw new StoreError('STORE_FAILED', `The folder ${mailboxesIn(dataDir)} can't be read or written.`, { cause: error })
  }
}

interface Running {
  store: MailboxStore
  node?: RelayNode
  relay?: Relay
  web?: WebServer
  statistics?: NodeJS.Timeout
}

/** Resolves with a signal, rejects when the disk failed. */
function endOfRun (log: Log): { reason: Promise<void>, fail: (error: Error) => void, release: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  // It may be rejected before anyone waits.
  promise.catch(() => {})
  let isAsked = false
  const onSignal = (): void => {
    // Asked twice: whoever asks does not want to wait. What was acknowledged is on disk already.
    if (isAsked) process.exit(exit.failure)
    isAsked = true
    resolve(undefined)
  }
  // Thrown by a socket or a library where nobody listens, perhaps because a stranger made it so: one
  // connection is broken, not the relay. What we keep on disk has its own guard (office.ts). Only its
  // kind is told, for its words may name an address.
  const onStray = (event: string) => (error: unknown): void => {
    const { name, code } = error instanceof Error ? error as NodeJS.ErrnoException : { name: typeof error }
    log.error(event, { name, code })
  }
  const onUncaught = onStray('exceptionUncaught')
  const onUnhandled = onStray('rejectionUnhandled')
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', onUnhandled)
  return {
    reason: promise,
    fail: reject,
    release () {
      // Signals are still taken (see above), so that a second one ends what hangs.
      process.off('uncaughtException', onUncaught)
      process.off('unhandledRejection', onUnhandled)
    }
  }
}

async function createNode (
  options: RunRelayOptions, folder: ReturnType<typeof openFolder>,
  ports: { store: MailboxStore, suite: RelaySuite, log: Log }
): Promise<RelayNode> {
  try {
    return await createRelayNode({
      ...folder,
      listen: options.listen ?? listenDefault,
      announce: options.announce ?? [],
      peers: options.peers ?? [],
      connectionsMax: relayLimitsDefault.linksMax,
      clock: systemClock,
      ...ports
    })
  } catch (error) {
    throw new UsageError('USAGE', `An address given is none: ${wordsOf(error)}`, { cause: error })
  }
}

async function serveWeb (address: string | true, node: RelayNode): Promise<WebServer> {
  const where = address === true ? webAddressDefault : parseWebAddress(address)
  const relay = (): { peerId: string, addresses: string[] } => ({ peerId: node.peerId, addresses: node.addresses() })
  return await listen(startWebServer({ ...where, relay }))
}

async function listen<T> (opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    if (error instanceof UsageError) throw error
    const words = allWordsOf(error)
    const isInUse = words.includes('EADDRINUSE')
    const message = isInUse ? 'A port to listen on is in use by another program.' : words
    throw new ListenError(message, { cause: error })
  }
}

class ListenError extends Error {}

/** Each step has its time: a stuck stream or socket does not keep the relay from ending. */
async function stop ({ store, node, relay, web, statistics }: Running): Promise<void> {
  clearInterval(statistics)
  await web?.stop()
  await relay?.drain()
  if (node != null) await atMost(nodeStopMsMax, node.stop())
  await atMost(storeCloseMsMax, store.close())
}

async function atMost (timeoutMs: number, task: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeIsOver = new Promise<void>((resolve) => { timer = setTimeout(resolve, timeoutMs) })
  // Ending is what matters now: what could not be closed ends with the process.
  await Promise.race([task.catch(() => {}), timeIsOver])
  clearTimeout(timer)
}

async function logStatistics (relay: Relay, store: MailboxStore, log: Log): Promise<void> {
  try {
    log.info('statistics', { links: relay.links, deposits: relay.deposits, ...await store.stats() })
  } catch {
    // The store failed, which has been told already.
  }
}

function sayReady (node: RelayNode, dataDir: string, limits: MailboxLimits, options: RunRelayOptions, web: string | undefined): void {
  const addresses = node.addresses()
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ event: 'ready', peerId: node.peerId, addresses, web })}\n`)
    return
  }
  const days = limits.retentionMs / 86_400_000
  const shown = addresses.some(isReachable) ? addresses.filter(isReachable) : addresses
  const lines = options.quiet === true
    ? addresses
    : [
        'The relay is ready. Its addresses:', '', ...shown.map(address => `  ${address}`), '',
        'Give one of them to the people who may use it:', '',
        `  restante init --name NAME --relay ${shown[0] ?? 'ADDRESS'}`, '',
        ...web === undefined ? [] : ['The messenger for browsers:', '', `  ${web}`, ''],
        `It keeps sealed messages for up to ${Number(days.toFixed(2))} days and can read none of them.`,
        `Its folder is ${dataDir}: back up the file 'identity', which makes the addresses its own.`,
        'Ctrl+C ends it in order.', ''
      ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Not this machine itself, and not one that only this network reaches over IPv6's link. */
function isReachable (address: string): boolean {
  return !/^\/ip4\/127\.|^\/ip6\/(::1|fe80:)/.test(address)
}

function sayFailure (error: unknown, json: boolean): number {
  const isOurs = error instanceof RestanteError
  const code = isOurs ? error.code : 'FAILED'
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(json
    ? `${JSON.stringify({ level: 'error', event: 'failed', code, message })}\n`
    : `restante: ${message}${isOurs ? ` (${code})` : ''}\n`)
  if (error instanceof StoreError && code === 'STORE_LOCKED') return exit.inUse
  return isOurs && error.family === 'usage' ? exit.usage : exit.failure
}

function wordsOf (error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Of an error and of everything it was made of. */
function allWordsOf (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error instanceof AggregateError ? error.errors : [error.cause].filter(cause => cause != null)
  const own = `${error.message} ${(error as NodeJS.ErrnoException).code ?? ''}`.trim()
  return [own, ...inner.map(allWordsOf)].join('; ')
}

function limitsOf ({ retentionDays, mailboxBytes }: RunRelayOptions): MailboxLimits {
  return {
    ...mailboxLimitsDefault,
    ...(retentionDays != null && { retentionMs: Math.round(retentionDays * 86_400_000) }),
    ...(mailboxBytes != null && { mailboxBytesMax: mailboxBytes })
  }
}
