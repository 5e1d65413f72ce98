/**
 * A relay as a process of its own, started as people start it: bin/restante.js relay --json.
 * Whatever a test leaves running or on disk ends with the test process.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RelayProcess {
  readonly addresses: string[]
  readonly peerId: string
  readonly pid: number
  readonly dataDir: string
  /** Everything written so far. */
  readonly stdout: string
  readonly stderr: string
  /** SIGTERM; resolves with the exit code. */
  stop: () => Promise<number | null>
  /** SIGKILL; resolves when it is gone. */
  kill: () => Promise<void>
}

export interface StartRelayOptions {
  /** Default: a new temporary folder. */
  data?: string
  /** Default: tcp and ws on loopback, any port. */
  listen?: string[]
  /** Further arguments. */
  args?: string[]
}

export interface RelayExit { code: number | null, stdout: string, stderr: string }

const root = join(import.meta.dirname, '../..')
const listenDefault = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws']
/** Generous: where much else runs, the start of a process takes long, and says nothing about it. */
const readyMsMax = 60_000
const running = new Set<ChildProcess>()
const folders = new Set<string>()

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A new folder, gone when the test process ends. */
export function temporaryFolder (): string {
  const folder = mkdtempSync(join(tmpdir(), 'restante-relay-'))
  folders.add(folder)
  return folder
}

/** Resolves when it is ready; rejects with what it said when it ends before. */
export async function startRelay (options: StartRelayOptions = {}): Promise<RelayProcess> {
  const dataDir = options.data ?? temporaryFolder()
  const { child, output } = spawnRelay(dataDir, options)
  const ended = once(child, 'exit')
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error(`relay not ready in time: ${output.stderr}`)) }, readyMsMax)
    child.stdout?.on('data', () => {
      if (!output.stdout.includes('\n')) return
      clearTimeout(timer)
      resolve()
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`relay ended with ${code}: ${output.stderr}`))
    })
  })
  const ready = JSON.parse(output.stdout.slice(0, output.stdout.indexOf('\n'))) as {
    event: string, peerId: string, addresses: string[]
  }
  return {
    addresses: ready.addresses,
    peerId: ready.peerId,
    pid: child.pid as number,
    dataDir,
    get stdout () { return output.stdout },
    get stderr () { return output.stderr },
    async stop () {
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
    async kill () {
      child.kill('SIGKILL')
      await ended
    }
  }
}

/** A relay that is expected to end by itself. */
export async function runRelayToEnd (options: StartRelayOptions & { data: string }): Promise<RelayExit> {
  const { child, output } = spawnRelay(options.data, options)
  const timer = setTimeout(() => { child.kill('SIGKILL') }, readyMsMax)
  await once(child, 'close')
  clearTimeout(timer)
  return { code: child.exitCode, ...output }
}

function spawnRelay (dataDir: string, { listen, args }: StartRelayOptions): {
  child: ChildProcess, output: { stdout: string, stderr: string }
} {
  const child = spawn(process.execPath, [
    join(root, 'bin/restante.js'), 'relay', '--json', '--data', dataDir,
    ...(listen ?? listenDefault).flatMap(address => ['--listen', address]), ...args ?? []
  ], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.once('exit', () => { running.delete(child) })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => { output.stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { output.stderr += text })
  return { child, output }
}
