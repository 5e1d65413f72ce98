/**
 * Real processes of a played scenario: started, killed, stopped in order, paused. Whatever way this process
 * ends, they end too, and their folder goes with them.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Beside test/ in the sources, and beside dist/ in a published package. */
const entry = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../../..' : '../../../..', 'bin/restante.js')
const stderrTail = 2_000
/** Where much else runs, a start takes long. */
const readyMsMax = 60_000
const stopMsMax = 15_000

/** A command that runs another one where it shall run: in a namespace, say. Empty: here. */
export type Prefix = readonly string[]

export interface ProcessEnd { code: number | null, signal: NodeJS.Signals | null }

export class RealProcess {
  readonly pid: number
  readonly end: Promise<ProcessEnd>
  hasEnded = false
  stderr = ''
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  #onLine: ((line: string) => void) | undefined

  constructor (child: ChildProcess) {
    if (child.pid === undefined || child.stdout === null || child.stderr === null) throw new Error('A process could not be started.')
    this.#child = child
    this.pid = child.pid
    this.end = once(child, 'close').then(([code, signal]) => {
      this.hasEnded = true
      return { code, signal }
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { this.stderr = (this.stderr + text).slice(-stderrTail) })
    createInterface({ input: child.stdout }).on('line', line => {
      if (this.#onLine === undefined) this.#lines.push(line)
      else this.#onLine(line)
    })
  }

  /** Its first line of standard output, as JSON. Rejects where it ends before, or says nothing for long. */
  async ready (): Promise<Record<string, unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const timer = setTimeout(() => { reject(new Error(`A process did not begin: ${this.stderr}`)) }, readyMsMax)
    void this.end.then(({ code, signal }) => { reject(new Error(`A process ended with ${signal ?? code} instead of beginning: ${this.stderr}`)) })
    this.#onLine = resolve
    const [first] = this.#lines
    if (first !== undefined) resolve(first)
    try {
      return JSON.parse(await promise) as Record<string, unknown>
    } finally {
      clearTimeout(timer)
      this.#onLine = () => {}
    }
  }

  /** To a program that listens to its parent. */
  send (message: object): void { if (!this.hasEnded) this.#child.send(message, () => { /* That it is gone shows elsewhere. */ }) }
  onMessage (listener: (message: object) => void): void { this.#child.on('message', listener) }

  signal (signal: NodeJS.Signals): void { if (!this.hasEnded) this.#child.kill(signal) }

  async kill (): Promise<void> {
    this.signal('SIGKILL')
    await this.end
  }

  /** In order, or by force where it takes too long. */
  async stop (): Promise<ProcessEnd> {
    this.signal('SIGTERM')
    const timer = setTimeout(() => { this.signal('SIGKILL') }, stopMsMax)
    const end = await this.end
    clearTimeout(timer)
    return end
  }
}

export class Processes {
  /** Temporary; gone when all is over. */
  readonly folder = mkdtempSync(join(tmpdir(), 'restante-real-'))
  readonly #running = new Set<RealProcess>()
  readonly #onExit = (): void => {
    for (const one of this.#running) one.signal('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  constructor () { process.on('exit', this.#onExit) }

  /** The program itself, with these arguments. */
  restante (argv: readonly string[], prefix: Prefix = []): RealProcess {
    return this.run([...prefix, process.execPath, entry, ...argv])
  }

  run (command: readonly string[]): RealProcess {
    const [program = '', ...rest] = command
    const foreign = Object.entries(process.env).filter(([name]) => !/^(RESTANTE_|FORCE_COLOR)/.test(name))
    const child = spawn(program, rest, {
      // The channel ends with us even where we are killed, and the program with it (bin/restante.js).
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C in the terminal is for us, and we end the others in order.
      detached: true,
      env: { ...Object.fromEntries(foreign), NO_COLOR: '1', RESTANTE_STARTED_BY_ITSELF: '1' }
    })
    // Without a listener an error would end us; that nothing was started shows in what comes next.
    child.on('error', () => {})
    child.stdin?.on('error', () => {})
    const one = new RealProcess(child)
    this.#running.add(one)
    void one.end.then(() => { this.#running.delete(one) })
    return one
  }

  /** Of all that run now. */
  get pids (): number[] { return [...this.#running].map(({ pid }) => pid) }

  /** Ends all that still run. */
  async close (): Promise<void> {
    await Promise.all([...this.#running].map(async one => { await one.kill() }))
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
    process.off('exit', this.#onExit)
  }
}
