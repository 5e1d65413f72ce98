/**
 * The calling side: the methods of the table, either in this process or over a stream of lines.
 *
 * Commands are written against `Client`, and so do not know whether they opened the profile
 * themselves or a daemon did.
 */
import type { Readable, Writable } from 'node:stream'
import * as v from 'valibot'
import { errorTable, RestanteError, UnreachableError, UsageError } from '../../../protocol/errors.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import { LineSplitter, LineWriter, tooLong } from './lines.ts'
import { methods, notifications, toRpcNotification } from './methods.ts'
import type { CallParams, CallResult, MethodName, RpcNotification, Service } from './methods.ts'

export interface Client {
  /** Rejects with a RestanteError. */
  call: <M extends MethodName>(method: M, params: CallParams<M>) => Promise<CallResult<M>>
  /** Returns the way to stop it. */
  listen: (listener: (notification: RpcNotification) => void) => () => void
  /** Lets what is under way finish within `graceMs`, where the profile is this process's own. */
  close: (graceMs?: number) => Promise<void>
  /** Resolves when the other side is gone, with the reason; never for a profile of this process. */
  readonly lost: Promise<RestanteError>
  readonly isDaemon: boolean
}

/** Calls the methods on a profile that this process has open. */
export function localClient (service: Service): Client {
  return {
    isDaemon: false,
    lost: new Promise(() => {}),
    async call (method, params) {
      const row = methods[method]
      const parsed = v.safeParse(row.params, params)
      if (!parsed.success) {
        const path = v.getDotPath(parsed.issues[0]) ?? 'arguments'
        throw new UsageError('USAGE', `${path}: ${parsed.issues[0].message}`)
      }
      // The params were parsed by this very row's schema; the union of rows loses that.
      const run = row.run as (service: Service, params: object) => unknown
      return await run(service, parsed.output) as CallResult<typeof method>
    },
    listen: (listener) => service.messenger.listen((notification) => {
      listener(toRpcNotification(notification))
    }),
    close: async (graceMs) => { await service.messenger.stop(graceMs) }
  }
}

const answerSchema = v.object({
  id: v.nullable(v.number()),
  result: v.optional(v.unknown()),
  error: v.optional(v.object({
    message: v.string(),
    data: v.optional(v.object({ code: v.string() }))
  }))
})
const notificationSchema = v.object({ method: v.string(), params: v.unknown() })

interface Pending {
  method: MethodName
  resolve: (result: never) => void
  reject: (error: RestanteError) => void
}

/** Calls the methods through a stream: the socket of a daemon, or the pipes of `restante rpc`. */
export class StreamClient implements Client {
  readonly isDaemon = true
  readonly lost: Promise<RestanteError>

  private readonly input: Readable
  private readonly output: Writable
  private readonly writer: LineWriter
  private readonly pending = new Map<number, Pending>()
  private readonly listeners = new Set<(notification: RpcNotification) => void>()
  private nextId = 1
  private end: RestanteError | undefined

  constructor (input: Readable, output: Writable) {
    this.input = input
    this.output = output
    this.writer = new LineWriter(output)
    // Its end is told by the input as well; without a listener it would end this process.
    output.on('error', () => { input.destroy() })
    this.lost = this.read()
  }

  async call<M extends MethodName> (method: M, params: CallParams<M>): Promise<CallResult<M>> {
    if (this.end !== undefined) throw this.end
    const id = this.nextId++
    return await new Promise<CallResult<M>>((resolve, reject) => {
      this.pending.set(id, { method, resolve, reject })
      this.writer.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
  }

  listen (listener: (notification: RpcNotification) => void): () => void {
    this.listeners.add(listener)
    return () => { this.listeners.delete(listener) }
  }

  async close (): Promise<void> {
    await this.writer.finished()
    this.output.end()
    await this.lost
  }

  /** Resolves, never rejects, when the stream has ended. */
  private async read (): Promise<RestanteError> {
    let reason = new UnreachableError('DISCONNECTED', 'The process that has the profile open is gone.')
    try {
      const splitter = new LineSplitter()
      for await (const chunk of this.input) {
        for (const line of splitter.push(chunk as Uint8Array)) this.take(line)
      }
    } catch (error) {
      reason = new UnreachableError('DISCONNECTED', undefined, { cause: error })
    }
    this.end = reason
    for (const { reject } of this.pending.values()) reject(reason)
    this.pending.clear()
    return reason
  }

  private take (line: Uint8Array | typeof tooLong): void {
    if (line === tooLong) throw new RestanteError('FRAME_TOO_LARGE')
    const value: unknown = JSON.parse(utf8.decode(line))
    const notification = v.safeParse(notificationSchema, value)
    if (notification.success) {
      this.notify(notification.output.method, notification.output.params)
      return
    }
    const { id, result, error } = v.parse(answerSchema, value)
    const pending = id === null ? undefined : this.pending.get(id)
    if (id === null || pending === undefined) return
    this.pending.delete(id)
    if (error !== undefined) {
      pending.reject(errorOf(error.data?.code, error.message))
      return
    }
    const parsed = v.safeParse(methods[pending.method].result, result)
    if (parsed.success) pending.resolve(parsed.output as never)
    else pending.reject(new RestanteError('INTERNAL', 'An answer of an unknown shape.'))
  }

  private notify (method: string, params: unknown): void {
    // A newer process may tell of more than this version knows.
    if (!Object.hasOwn(notifications, method)) return
    const name = method as RpcNotification['method']
    const parsed = v.safeParse(notifications[name].params, params)
    if (!parsed.success) return
    const notification = { method: name, params: parsed.output } as RpcNotification
    for (const listener of this.listeners) listener(notification)
  }
}

const utf8 = new TextDecoder()

function errorOf (code: string | undefined, message: string): RestanteError {
  const known = code !== undefined && Object.hasOwn(errorTable, code) ? code as ErrorCode : 'FAILED'
  return new RestanteError(known, message)
}
