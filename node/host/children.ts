/**
 * Processes of this very program that a command starts for itself. Whatever way this process ends,
 * they end too.
 */
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { RestanteError } from '../../protocol/errors.ts'

export type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** The entry beside node/, or beside dist/ in a published package. */
const isSource = import.meta.filename.endsWith('.ts')
const entry = join(import.meta.dirname, isSource ? '../..' : '../../..', 'bin/restante.js')
const errorTailCharacters = 2000

export class Children {
  private readonly running = new Set<Child>()
  private readonly killAll = (): void => { for (const child of this.running) child.kill('SIGKILL') }

  constructor () {
    process.on('exit', this.killAll)
  }

  /** Runs this program with `argv`, on the Node that runs us. */
  start (argv: string[], environment: NodeJS.ProcessEnv = {}): Child {
    const child = spawn(process.execPath, [entry, ...argv], {
      // The channel ends with us even where we are killed, and the child with it (bin/restante.js).
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C in the terminal is for us, and we end the children in order.
      detached: process.platform !== 'win32',
      env: { ...process.env, ...environment, RESTANTE_STARTED_BY_ITSELF: '1' }
    }) as Child
    this.running.add(child)
    child.once('exit', () => { this.running.delete(child) })
    // A child that is gone is told by its exit, not by a write to it.
    child.stdin.on('error', () => {})
    return child
  }

  /** Ends all, kindly first; resolves when none is left. */
  async stop (graceMs: number): Promise<void> {
    const gone = [...this.running].map(async (child) => {
      await new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve()
        else child.once('exit', () => { resolve() })
      })
    })
    for (const child of this.running) child.kill('SIGTERM')
    const timer = setTimeout(this.killAll, graceMs)
    await Promise.all(gone)
    clearTimeout(timer)
    process.off('exit', this.killAll)
  }
}

/** Rejects, with the end of what it said on standard error, when the child ends or can't be started. */
export async function diesBefore (child: Child, name: string): Promise<never> {
  let said = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => { said = (said + text).slice(-errorTailCharacters) })
  return await new Promise<never>((_resolve, reject) => {
    child.once('error', (cause) => {
      reject(new RestanteError('INTERNAL', `${name} can't be started`, { cause }))
    })
    child.once('close', (code, signal) => {
      reject(new RestanteError('INTERNAL', `${name} ended (${signal ?? code}): ${said.trim()}`))
    })
  })
}
