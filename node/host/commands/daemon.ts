/**
 * `restante daemon`: keeps the profile open and online, and serves JSON-RPC to the other commands.
 */
import type { Socket } from 'node:net'
import { StoreError } from '../../../protocol/errors.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import { listenForCommands } from '../daemon-socket.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { printable } from '../printable.ts'
import type { CommonOptions } from '../program.ts'
import { RpcSession } from '../rpc/session.ts'
import { openService } from '../service.ts'
import { readSettings } from '../settings.ts'
import { listenForStop } from '../stop.ts'
import { protectionWords } from '../words.ts'

const graceMs = 2000
/** Of the clients that have not gone by themselves when the daemon stops. */
const clientGraceMs = 1000

export async function daemon (options: CommonOptions): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output, log, profileDir } = settings
  const stop = listenForStop()
  const service = await openService(settings, { create: true, mayPrompt: true })
  const { messenger, isProtected } = service
  const sessions = new Map<RpcSession, Promise<void>>()
  /** Those that were served may still be open at the client's side. */
  const sockets = new Set<Socket>()
  try {
    let failure: StoreError | undefined
    const broken = new Promise<void>((resolve) => {
      messenger.listen((notification) => {
        if (notification.type !== 'failed') return
        failure = new StoreError(notification.code as ErrorCode, notification.message)
        resolve()
      })
    })
    if (messenger.account() !== undefined) await messenger.start()
    const commands = await listenForCommands(profileDir, (socket) => {
      const session = new RpcSession({ input: socket, output: socket, service, log })
      // A client that goes away in the middle is no failure of ours.
      socket.on('error', () => { socket.destroy() })
      sockets.add(socket)
      socket.on('close', () => { sockets.delete(socket) })
      const served = session.serve().finally(() => {
        sessions.delete(session)
        socket.end()
      })
      sessions.set(session, served)
    })
    try {
      const accountId = messenger.account()?.accountId
      output.result({ event: 'ready', socket: commands.path, accountId, protected: isProtected },
        `Ready: other commands on this profile use ${printable(commands.path)}`)
      output.note(`The profile is ${protectionWords(isProtected)}. Ctrl-C ends the daemon.`)
      await Promise.race([stop.asked, broken])
    } finally {
      const closed = commands.close()
      await endSessions()
      await closed
    }
    if (failure !== undefined) throw failure
    return exitCodes.ok
  } finally {
    await messenger.stop(graceMs)
    stop.release()
  }

  /** Each client's requests under way are finished and answered; then nobody may hold us up. */
  async function endSessions (): Promise<void> {
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, clientGraceMs)
    for (const session of sessions.keys()) session.end()
    await Promise.all(sessions.values())
    for (const socket of sockets) socket.destroySoon()
    // One that reads nothing is not waited for.
    await Promise.all([...sockets].map(async socket => { await new Promise(resolve => { socket.once('close', resolve) }) }))
    clearTimeout(timer)
  }
}
