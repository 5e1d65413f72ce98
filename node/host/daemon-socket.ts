/**
 * The socket by which other commands work while a daemon has the profile open: where it lies, how it
 * is found, and how a stale one is told from a live one.
 *
 * Who may write to it may act as the account. So it has mode 0600, in a folder of mode 0700.
 */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { StoreError } from '../../protocol/errors.ts'
import { replaceFile } from './profile.ts'

/** sockaddr_un holds 104 bytes on some systems, 108 on others, with the final zero. */
const socketPathBytesMax = 100
const connectTimeoutMs = 2000

const recordSchema = v.object({ socket: v.string(), folder: v.optional(v.string()) })
const recordPath = (profileDir: string): string => join(profileDir, 'daemon.json')

export interface DaemonSocket {
  readonly path: string
  close: () => Promise<void>
}

/** Only for the process that has the profile open: whatever lies there is stale, then. */
export async function listenForCommands (
  profileDir: string, onConnection: (socket: Socket) => void
): Promise<DaemonSocket> {
  removeStale(profileDir)
  const { path, folder } = choosePath(profileDir)
  // Half-open: a client that has asked everything still gets its answers.
  const server = createServer({ allowHalfOpen: true }, onConnection)
  await bind(server, path)
  // Written last: who reads it can connect.
  replaceFile(recordPath(profileDir), `${JSON.stringify({ socket: path, folder })}\n`)
  return {
    path,
    async close () {
      rmSync(recordPath(profileDir), { force: true })
      await new Promise<void>((resolve) => { server.close(() => { resolve() }) })
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Undefined: no daemon has this profile open. */
export async function connectToDaemon (profileDir: string): Promise<Socket | undefined> {
  const record = readRecord(profileDir)
  if (record === undefined) return undefined
  return await new Promise((resolve) => {
    const socket = connect({ path: record.socket, allowHalfOpen: true })
    // Refused, or no such file: left behind by a daemon that was killed.
    const giveUp = (): void => {
      socket.destroy()
      resolve(undefined)
    }
    socket.setTimeout(connectTimeoutMs, giveUp)
    socket.once('error', giveUp)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', giveUp)
      resolve(socket)
    })
  })
}

function readRecord (profileDir: string): v.InferOutput<typeof recordSchema> | undefined {
  if (!existsSync(recordPath(profileDir))) return undefined
  try {
    return v.parse(recordSchema, JSON.parse(readFileSync(recordPath(profileDir), 'utf8')))
  } catch {
    // Torn or gone meanwhile: then the lock of the store decides.
    return undefined
  }
}

function removeStale (profileDir: string): void {
  const record = readRecord(profileDir)
  const folder = record?.folder
  // Only a folder of the shape that we make: a record must not let anything else be deleted.
  if (folder !== undefined && dirname(folder) === tmpdir() && folder.startsWith(folderPrefix())) {
    rmSync(folder, { recursive: true, force: true })
  }
  rmSync(recordPath(profileDir), { force: true })
}

const folderPrefix = (): string => join(tmpdir(), 'restante-daemon-')

function choosePath (profileDir: string): { path: string, folder: string | undefined } {
  if (process.platform === 'win32') {
    const name = createHash('sha256').update(profileDir).digest('hex').slice(0, 32)
    return { path: `\\\\.\\pipe\\restante-${name}`, folder: undefined }
  }
  const path = join(profileDir, 'daemon.sock')
  if (new TextEncoder().encode(path).length <= socketPathBytesMax) {
    rmSync(path, { force: true })
    return { path, folder: undefined }
  }
  const folder = mkdtempSync(folderPrefix())
  return { path: join(folder, 'socket'), folder }
}

async function bind (server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new StoreError('STORE_FAILED', 'The socket can\'t be made.', { cause }))
    })
    // The file is made in this very call: at no moment can anybody else connect.
    const umask = process.platform === 'win32' ? undefined : process.umask(0o177)
    server.listen(path, resolve)
    if (umask !== undefined) process.umask(umask)
  })
  if (process.platform !== 'win32') chmodSync(path, 0o600)
}
