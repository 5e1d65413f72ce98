/**
 * Gives a command its client: through the daemon that has the profile open, or by opening it here.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../../protocol/errors.ts'
import { connectToDaemon } from './daemon-socket.ts'
import { localClient, StreamClient } from './rpc/client.ts'
import type { Client } from './rpc/client.ts'
import type { Settings } from './settings.ts'

export interface ConnectOptions {
  /** Take part in the network; reading needs none. A daemon does in any case. */
  online: boolean
  create?: boolean
  mayPrompt?: boolean
}

/** A daemon that starts has the lock before it has its socket. */
const daemonStartMsMax = 1500
const daemonRetryMs = 150

/** Rejects with STORE_LOCKED where another process has the profile open and is no daemon. */
export async function connectClient (settings: Settings, options: ConnectOptions): Promise<Client> {
  const running = await connectToDaemon(settings.profileDir)
  if (running !== undefined) return new StreamClient(running, running)
  // Not loaded where a daemon runs: the commands then start in no time.
  const { openService } = await import('./service.ts')
  const open = { create: options.create ?? false, mayPrompt: options.mayPrompt ?? true }
  try {
    const service = await openService(settings, open)
    try {
      if (options.online && service.messenger.account() !== undefined) await service.messenger.start()
      return localClient(service)
    } catch (error) {
      await service.messenger.stop(0)
      throw error
    }
  } catch (error) {
    if (codeOf(error) !== 'STORE_LOCKED') throw error
    for (let waitedMs = 0; waitedMs < daemonStartMsMax; waitedMs += daemonRetryMs) {
      await sleep(daemonRetryMs)
      const started = await connectToDaemon(settings.profileDir)
      if (started !== undefined) return new StreamClient(started, started)
    }
    throw error
  }
}

/** Runs `run` with a client, and closes it whatever happens. `graceMs`: for what is under way then. */
export async function withClient<T> (
  settings: Settings, options: ConnectOptions & { graceMs?: number }, run: (client: Client) => Promise<T>
): Promise<T> {
  const client = await connectClient(settings, options)
  try {
    return await run(client)
  } finally {
    await client.close(options.graceMs)
  }
}
