/**
 * `restante rpc`: serves JSON-RPC on standard input and output until the input ends. Where a daemon
 * has the profile open, it passes the lines on to it.
 */
import { pipeline } from 'node:stream/promises'
import type { Socket } from 'node:net'
import { connectToDaemon } from '../daemon-socket.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import type { CommonOptions } from '../program.ts'
import { RpcSession } from '../rpc/session.ts'
import { readSettings } from '../settings.ts'
import { listenForStop } from '../stop.ts'

/** For envelopes on their way at the end of the input; what is not done is done at the next start. */
const graceMs = 2000

export async function rpc (options: CommonOptions): Promise<ExitCode> {
  const settings = readSettings(options)
  const stop = listenForStop()
  const running = await connectToDaemon(settings.profileDir)
  if (running !== undefined) return await passOn(running, stop.signal)

  const { openService } = await import('../service.ts')
  const service = await openService(settings, { create: true, mayPrompt: false })
  const { messenger } = service
  let hasFailed = false
  try {
    const { stdin: input, stdout: output } = process
    const session = new RpcSession({ input, output, service, log: settings.log })
    messenger.listen((notification) => {
      if (notification.type !== 'failed') return
      hasFailed = true
      session.end()
    })
    stop.signal.addEventListener('abort', () => { session.end() }, { once: true })
    if (messenger.account() !== undefined) await messenger.start()
    if (!stop.signal.aborted) await session.serve()
  } finally {
    process.stdin.destroy()
    await messenger.stop(graceMs)
    stop.release()
  }
  return hasFailed ? exitCodes.failure : exitCodes.ok
}

async function passOn (socket: Socket, signal: AbortSignal): Promise<ExitCode> {
  try {
    // The end of our input ends only that half: the answers still come.
    const asked = pipeline(process.stdin, socket, { signal }).catch(() => {})
    await pipeline(socket, process.stdout, { end: false, signal })
    process.stdin.destroy()
    await asked
    return exitCodes.ok
  } catch {
    // Stopped by a signal, or the daemon went away in the middle.
    return signal.aborted ? exitCodes.ok : exitCodes.failure
  }
}
