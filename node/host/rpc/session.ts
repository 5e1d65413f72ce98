/**
 * The serving side of JSON-RPC 2.0 for one client: one object a line, in and out.
 *
 * Requests begin in the order in which they came; answers are sent as they are ready and are matched
 * by id. Who may connect is decided by whoever hands over the streams (a pipe, a socket of mode 0600).
 */
import type { Readable, Writable } from 'node:stream'
import * as v from 'valibot'
import type { Log } from '../../../protocol/ports.ts'
import { describeError, toJson } from '../output.ts'
import { LineSplitter, LineWriter, lineBytesMax, tooLong } from './lines.ts'
import { methods, toRpcNotification } from './methods.ts'
import type { MethodName, Service } from './methods.ts'

/** Codes of the JSON-RPC specification; our own errors are -32000 with `data.code`. */
export const rpcCodes = {
  parse: -32700, invalidRequest: -32600, unknownMethod: -32601, invalidParams: -32602, ours: -32000
} as const

/** Requests of one client under way at once; beyond, its lines wait unread. */
const requestsMax = 1024

type Id = string | number | null
type Answer = { jsonrpc: '2.0', id: Id } & ({ result: unknown } | { error: RpcError })
interface RpcError { code: number, message: string, data?: { code: string, family: string } }

export interface RpcSessionOptions {
  input: Readable
  output: Writable
  service: Service
  log: Log
}

export class RpcSession {
  private readonly service: Service
  private readonly log: Log
  private readonly input: Readable
  private readonly writer: LineWriter
  private readonly underWay = new Set<Promise<void>>()
  private readonly ended: Promise<undefined>
  private tellEnd = (): void => {}
  /** Calls that wait for an exclusive one, in order. */
  private readonly held: Array<() => void> = []
  private isHeld = false

  constructor ({ input, output, service, log }: RpcSessionOptions) {
    this.service = service
    this.log = log
    this.input = input
    this.writer = new LineWriter(output)
    this.ended = new Promise((resolve) => { this.tellEnd = () => { resolve(undefined) } })
  }

  /** Serves until the input ends, and resolves when all that was asked is done and answered. */
  async serve (): Promise<void> {
    const stopListening = this.service.messenger.listen((notification) => {
      this.write({ jsonrpc: '2.0', ...toRpcNotification(notification) })
    })
    try {
      const splitter = new LineSplitter()
      // Not destroyed at the end: a socket's other half still has to carry the answers.
      const chunks = this.input.iterator({ destroyOnReturn: false })
      for (;;) {
        const next = chunks.next()
        // Where `end` came first, nobody waits for it any more.
        next.catch(() => {})
        const chunk = await Promise.race([next, this.ended])
        if (chunk === undefined || chunk.done === true) break
        for (const line of splitter.push(chunk.value as Uint8Array)) await this.take(line)
        await this.writer.drained()
      }
      for (const line of splitter.end()) await this.take(line)
    } catch (error) {
      // The client went away in the middle, or reads too slowly. What it asked for is still finished.
      this.log.debug('rpc.inputEnded', { reason: error instanceof Error ? error.name : 'unknown' })
    } finally {
      await Promise.all(this.underWay)
      stopListening()
      await this.writer.finished()
    }
  }

  /** Takes no further requests: `serve` then finishes what is under way. */
  end (): void {
    this.tellEnd()
  }

  private async take (line: Uint8Array | typeof tooLong): Promise<void> {
    while (this.underWay.size >= requestsMax) await Promise.race(this.underWay)
    const work = this.answerLine(line).then((answer) => {
      if (answer !== undefined) this.write(answer)
    })
    this.underWay.add(work)
    void work.finally(() => { this.underWay.delete(work) })
  }

  private write (value: unknown): void {
    // A client that lets 64 MiB wait does not read: what it misses it finds again by message.list.
    if (!this.writer.write(toJson(value))) this.tellEnd()
  }

  private async answerLine (line: Uint8Array | typeof tooLong): Promise<Answer | Answer[] | undefined> {
    if (line === tooLong) {
      return failure(null, rpcCodes.invalidRequest, `a line over ${lineBytesMax} bytes`,
        { code: 'FRAME_TOO_LARGE', family: 'wire' })
    }
    let value: unknown
    try {
      value = JSON.parse(utf8.decode(line))
    } catch {
      // Which byte is wrong helps nobody, and the parser's message would repeat what was sent.
      return failure(null, rpcCodes.parse, 'not a line of JSON in UTF-8')
    }
    if (!Array.isArray(value)) return await this.answer(value)
    if (value.length === 0) return failure(null, rpcCodes.invalidRequest, 'an empty batch')
    const answers = await Promise.all(value.map((request) => this.answer(request)))
    const wanted = answers.filter((answer) => answer !== undefined)
    return wanted.length === 0 ? undefined : wanted
  }

  /** Runs until the method was called without waiting, so that order of calls is order of arrival. */
  private async answer (request: unknown): Promise<Answer | undefined> {
    const parsed = v.safeParse(requestSchema, request)
    if (!parsed.success) return failure(idOf(request), rpcCodes.invalidRequest, 'no request of JSON-RPC 2.0')
    const { id, method, params } = parsed.output
    const answer = await this.call(id ?? null, method, params ?? {})
    return id === undefined ? undefined : answer
  }

  private async call (id: Id, name: string, given: unknown): Promise<Answer> {
    if (!Object.hasOwn(methods, name)) return failure(id, rpcCodes.unknownMethod, 'no such method')
    const row = methods[name as MethodName]
    const params = v.safeParse(row.params, given)
    if (!params.success) return failure(id, rpcCodes.invalidParams, describeIssues(params.issues))
    try {
      return { jsonrpc: '2.0', id, result: await this.inTurn(row, params.output) }
    } catch (error) {
      const { code, family, message } = describeError(error)
      if (family === 'internal') {
        const kind = error instanceof Error ? error.name : 'unknown'
        this.log.error('rpc.methodFailed', { method: name, kind })
      }
      return failure(id, rpcCodes.ours, message, { code, family })
    }
  }

  private inTurn (row: typeof methods[MethodName], params: object): Promise<unknown> {
    // The params were parsed by this very row's schema; the union of rows loses that.
    const run = row.run as (service: Service, params: object) => unknown
    const isExclusive = row.exclusive === true
    return new Promise((resolve, reject) => {
      const start = (): void => {
        this.isHeld = isExclusive
        const running = (async () => await run(this.service, params))()
        void running.then(resolve, reject)
        if (isExclusive) void running.then(() => {}, () => {}).then(() => { this.release() })
      }
      if (this.isHeld) this.held.push(start)
      else start()
    })
  }

  /** In one go, so that nothing that comes meanwhile gets in between. */
  private release (): void {
    this.isHeld = false
    while (!this.isHeld) {
      const start = this.held.shift()
      if (start === undefined) return
      start()
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

const idSchema = v.union([v.string(), v.pipe(v.number(), v.finite()), v.null()])
const requestSchema = v.object({
  jsonrpc: v.literal('2.0'),
  method: v.string(),
  params: v.optional(v.union([v.record(v.string(), v.unknown()), v.array(v.unknown())])),
  id: v.optional(idSchema)
})

function idOf (request: unknown): Id {
  const parsed = v.safeParse(v.object({ id: idSchema }), request)
  return parsed.success ? parsed.output.id : null
}

/** Names the fields and what is wrong, and never repeats a value: it may be a secret. */
function describeIssues (issues: Array<v.BaseIssue<unknown>>): string {
  const told = issues.slice(0, 5).map((issue) => {
    const path = v.getDotPath(issue) ?? 'params'
    if (issue.type === 'strict_object') return `${path}: ${issue.expected === 'never' ? 'unknown' : 'missing'}`
    if (issue.type === 'check' || issue.type === 'regex') return `${path}: ${issue.message}`
    return issue.expected === null ? `${path}: invalid` : `${path}: ${issue.expected} expected`
  })
  return told.join('; ')
}

function failure (id: Id, code: number, message: string, data?: RpcError['data']): Answer {
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } }
}
