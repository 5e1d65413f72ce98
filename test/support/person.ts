/**
 * A person: a real `restante rpc` process on a profile of its own, which may end, be killed and
 * start again. Speaks JSON-RPC by itself, as a stranger's program would. Keeps what it heard in each
 * of its lives apart. Whatever a test leaves running or on disk ends with the test process.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallParams, CallResult, MethodName, RpcNotification } from '../../node/host/rpc/methods.ts'
import { startCommand } from './cli.ts'
import type { CommandEnd, RunningCommand } from './cli.ts'

export type MessageState = Extract<RpcNotification, { method: 'message.state' }>['params']
export type MessageReceived = Extract<RpcNotification, { method: 'message.received' }>['params']
export type Message = CallResult<'message.list'>['messages'][number]

export interface PersonOptions {
  name: string
  /** Default: a new folder. */
  profile?: string
  /** Default: tcp on loopback, any port. */
  listen?: string
  env?: NodeJS.ProcessEnv
}

/** What `restante rpc` refused. `code`: of docs/errors.md, or the number of JSON-RPC. */
export class Refusal extends Error {
  readonly code: string

  constructor (code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** The process ended before it answered. */
export class Ended extends Error {}

interface Life {
  readonly command: RunningCommand
  readonly calls: Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>
  /** Resolves when every line that it wrote is here. */
  readonly heardAll: Promise<void>
}

interface Line {
  id?: number
  result?: unknown
  error?: { code: number, message: string, data?: { code: string } }
  method?: string
  params?: unknown
}

const waitMsMax = 60_000
const stderrTail = 3000
const pageMax = 1000
const running = new Set<RunningCommand>()
const folders = new Set<string>()

process.on('exit', () => {
  for (const { child } of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export class Person {
  readonly name: string
  readonly profile: string
  /** One list of notifications for each life, in the order in which they came. */
  readonly lives: RpcNotification[][] = []
  /** The newest state of each own message that a notification told, over all lives. */
  readonly states = new Map<string, MessageState>()
  readonly #options: PersonOptions
  #life: Life | undefined
  #nextId = 1
  #stderr = ''
  #watchers = new Set<() => void>()

  constructor (options: PersonOptions) {
    this.name = options.name
    this.#options = options
    this.profile = options.profile ?? mkdtempSync(join(tmpdir(), `restante-${options.name.toLowerCase()}-`))
    folders.add(this.profile)
  }

  get isRunning (): boolean { return this.#life !== undefined }
  /** What this life has heard. */
  get heard (): RpcNotification[] { return this.lives.at(-1) ?? [] }
  /** Of all lives. */
  get stderr (): string { return this.#stderr }

  get received (): MessageReceived[] {
    return this.heard.flatMap(({ method, params }) => method === 'message.received' ? [params] : [])
  }

  /** Starts the process; it may be asked at once. */
  start (): this {
    if (this.#life !== undefined) throw new Error(`${this.name} is running`)
    const command = startCommand([
      'rpc', '--profile', this.profile, '--listen', this.#options.listen ?? '/ip4/127.0.0.1/tcp/0'
    ], { keepOpen: true, env: { RESTANTE_LOG: 'info', ...this.#options.env } })
    running.add(command)
    const heard: RpcNotification[] = []
    this.lives.push(heard)
    const calls: Life['calls'] = new Map()
    const life: Life = { command, calls, heardAll: this.#listen(command, calls, heard) }
    this.#life = life
    return this
  }

  async call<M extends MethodName> (method: M, params: CallParams<M>): Promise<CallResult<M>> {
    const life = this.#life
    if (life === undefined) throw new Ended(`${this.name} is not running`)
    const id = this.#nextId++
    return await new Promise<CallResult<M>>((resolve, reject) => {
      life.calls.set(id, { resolve: result => { resolve(result as CallResult<M>) }, reject })
      life.command.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    })
  }

  /** Makes the account; resolves with its id. */
  async create (relays: string[]): Promise<string> {
    return (await this.call('account.create', { name: this.name, relays })).accountId
  }

  /** The whole conversation, oldest first. */
  async history (contact: string): Promise<Message[]> {
    const pages: Message[][] = []
    for (;;) {
      const before = pages[0]?.[0]?.messageId
      const { messages } = await this.call('message.list', {
        with: contact, limit: pageMax, ...(before !== undefined && { before })
      })
      pages.unshift(messages)
      if (messages.length < pageMax) return pages.flat()
    }
  }

  /** The first notification that fits, of those that came in this life or will come. */
  async waitFor (fits: (notification: RpcNotification) => boolean, what: string): Promise<RpcNotification> {
    await this.until(() => this.heard.some(fits), what)
    return this.heard.find(fits)!
  }

  /** Waits until `isTrue`, which is looked at after each notification. */
  async until (isTrue: () => boolean, what: string): Promise<void> {
    if (isTrue()) return
    await new Promise<void>((resolve, reject) => {
      const end = (error?: Error): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        if (error === undefined) resolve()
        else reject(error)
      }
      const look = (): void => {
        if (isTrue()) end()
        else if (!this.isRunning) end(new Error(`${this.name} ended before ${what}: ${this.#tail()}`))
      }
      const timer = setTimeout(() => {
        end(new Error(`${this.name}, not in time: ${what}: ${this.#tail()}`))
      }, waitMsMax)
      this.#watchers.add(look)
    })
  }

  /** Every one of these messages has reached one of these states. */
  async reached (messageIds: string[], states: Array<MessageState['state']>): Promise<void> {
    const left = new Set(messageIds)
    await this.until(() => {
      for (const id of left) {
        const known = this.states.get(id)
        if (known !== undefined && states.includes(known.state)) left.delete(id)
      }
      return left.size === 0
    }, `${messageIds.length} messages ${states.join(' or ')}`)
      .catch((cause: unknown) => { throw new Error(`${left.size} of them are not`, { cause }) })
  }

  /** Ends the input, which ends the process in order. */
  async stop (): Promise<CommandEnd> {
    const life = this.#alive()
    life.command.child.stdin.end()
    const end = await life.command.end
    await life.heardAll
    return end
  }

  /** kill -9; resolves when it is gone and what it wrote is here. */
  async kill (): Promise<void> {
    const life = this.#alive()
    process.kill(life.command.pid, 'SIGKILL')
    await life.command.end
    await life.heardAll
  }

  /** Ends it, whatever state it is in, and removes the profile. */
  async remove (): Promise<void> {
    if (this.#life !== undefined) await this.kill()
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 3 })
    folders.delete(this.profile)
  }

  #alive (): Life {
    if (this.#life === undefined) throw new Error(`${this.name} is not running`)
    return this.#life
  }

  #tail (): string { return this.#stderr.slice(-stderrTail) }

  async #listen (command: RunningCommand, calls: Life['calls'], heard: RpcNotification[]): Promise<void> {
    command.child.stderr.on('data', (text: string) => { this.#stderr += text })
    for (;;) {
      let text: string
      try {
        text = await command.line()
      } catch {
        break // The process has ended, and so have its lines.
      }
      const line = parsed(text)
      // A kill may cut the last line off.
      if (line !== undefined) this.#take(line, calls, heard)
    }
    running.delete(command)
    this.#life = undefined
    for (const { reject } of calls.values()) reject(new Ended(`${this.name} ended: ${this.#tail()}`))
    this.#look()
  }

  #take (line: Line, calls: Life['calls'], heard: RpcNotification[]): void {
    if (line.method !== undefined) {
      const notification = line as unknown as RpcNotification
      heard.push(notification)
      const { method, params } = notification
      if (method === 'message.state') this.states.set(params.messageId, params)
      this.#look()
      return
    }
    const call = calls.get(line.id ?? 0)
    calls.delete(line.id ?? 0)
    if (line.error === undefined) call?.resolve(line.result)
    else call?.reject(new Refusal(line.error.data?.code ?? String(line.error.code), line.error.message))
  }

  #look (): void {
    for (const look of this.#watchers) look()
  }
}

function parsed (text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}
