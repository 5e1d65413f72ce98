/**
 * The nodes of a real world: a relay is `restante relay`, a person `restante daemon` on a profile, asked
 * through its socket. What is done to a node is done in order, and windows overlap: it runs again when the
 * last of those that keep it down has ended.
 */
import { join } from 'node:path'
import { codeOf, RestanteError, StoreError, UnreachableError } from '../../../protocol/errors.ts'
import { connectToDaemon } from '../../../node/host/daemon-socket.ts'
import { StreamClient } from '../../../node/host/rpc/client.ts'
import type { CallParams, CallResult, MethodName, RpcNotification } from '../../../node/host/rpc/methods.ts'
import type { PlannedNode } from '../scenario/plan.ts'
import { mentionOf } from '../world/mentions.ts'
import type { Ground } from './ground.ts'
import type { Processes, RealProcess } from './processes.ts'
import type { RealWitness } from './real-witness.ts'

export interface NodePorts { processes: Processes, ground: Ground, witness: RealWitness }

/** Failed or unasked ends of one program that are no accident. */
const unaskedEndsMax = 3
const listMax = 1_000
const markBytes = mentionOf(0).length

abstract class RealNode {
  readonly node: PlannedNode
  protected readonly ports: NodePorts
  /** Never comes back. */
  isAbandoned = false
  #process: RealProcess | undefined
  #life = 0
  #down = 0
  #paused = 0
  #unaskedEnds = 0
  #work: Promise<void> = Promise.resolve()

  constructor (node: PlannedNode, ports: NodePorts) {
    this.node = node
    this.ports = ports
  }

  get name (): string { return this.node.name }
  get folder (): string { return join(this.ports.processes.folder, this.name) }
  abstract get serves (): boolean
  protected abstract argv (): string[]
  protected abstract served (ready: Record<string, unknown>): Promise<void>
  protected abstract lost (): void

  /** Resolves when it serves; rejects where it does not begin. */
  async start (): Promise<void> { await this.#then(async () => { await this.#boot() }) }

  takeDown (how: 'killed' | 'stopped', isForever: boolean): void {
    this.#down++
    this.isAbandoned ||= isForever
    this.#do(async () => { await this.#end(how) })
  }

  bringUp (): void {
    this.#down--
    this.#do(async () => { if (this.#down === 0) await this.#boot() })
  }

  pause (): void {
    this.#paused++
    this.#do(async () => { if (this.#paused > 0) this.#process?.signal('SIGSTOP') })
  }

  goOn (): void {
    this.#paused--
    this.#do(async () => { if (this.#paused === 0) this.#process?.signal('SIGCONT') })
  }

  /** Whatever pauses it is over: nobody waits for an answer of a program that stands still. */
  release (): void { this.#process?.signal('SIGCONT') }

  /** Everything that was asked for is done. */
  async idle (): Promise<void> { await this.#work }

  /** The end of the play: in order, and told where the program does not end as it should. */
  async finish (): Promise<void> {
    await this.#work
    const process = this.#process
    if (process === undefined || process.hasEnded) return
    this.#process = undefined
    process.signal('SIGCONT')
    const { code, signal } = await process.stop()
    this.ports.witness.life(this.name, this.#life, 'ended', 'the end')
    if (code !== 0) this.ports.witness.alarm(this.name, 'I12', `${this.name} ended with ${signal ?? code} when it was asked to`)
    this.ports.witness.outside(`the log of ${this.name}`, Buffer.from(process.stderr))
  }

  async #boot (): Promise<void> {
    if (this.#down > 0 || this.#process !== undefined) return
    const { processes, ground, witness } = this.ports
    const process = processes.restante(this.argv(), ground.prefix(this.name))
    this.#process = process
    this.#life++
    ground.started(this.name, process.pid)
    witness.life(this.name, this.#life, 'started', '')
    void process.end.then(({ code, signal }) => { this.#ended(process, `${signal ?? code}`) })
    await this.served(await process.ready())
    witness.life(this.name, this.#life, 'serves', '')
    if (this.#paused > 0) process.signal('SIGSTOP')
  }

  async #end (how: 'killed' | 'stopped'): Promise<void> {
    const process = this.#process
    if (process === undefined) return
    this.#process = undefined
    if (how === 'killed') await process.kill()
    else {
      process.signal('SIGCONT')
      await process.stop()
    }
    this.ports.ground.ended(this.name)
    this.ports.witness.life(this.name, this.#life, 'ended', `${how} by a fault`)
    this.lost()
  }

  /** Nobody asked it to. */
  #ended (process: RealProcess, how: string): void {
    if (this.#process !== process) return
    this.#process = undefined
    const { ground, witness } = this.ports
    ground.ended(this.name)
    witness.life(this.name, this.#life, 'ended', how)
    witness.alarm(this.name, 'I12', `${this.name} ended by itself with ${how}: ${process.stderr.trim().split('\n').at(-1) ?? ''}`)
    this.lost()
    this.#unaskedEnds++
    if (this.#unaskedEnds <= unaskedEndsMax) this.#do(async () => { await this.#boot() })
  }

  #do (work: () => Promise<void>): void {
    this.#then(work).catch((error: unknown) => {
      this.ports.witness.alarm(this.name, 'I11', `${this.name} does not start: ${error instanceof Error ? error.message : 'unknown'}`)
    })
  }

  async #then (work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work)
    this.#work = done.catch(() => {})
    await done
  }
}

export class RealRelay extends RealNode {
  /** With its peer id; once it has begun. */
  address = ''
  #serves = false

  get serves (): boolean { return this.#serves }

  protected argv (): string[] { return ['relay', '--json', '--data', this.folder, ...this.ports.ground.listening(this.node)] }

  protected async served (ready: Record<string, unknown>): Promise<void> {
    this.address = this.ports.ground.addressOf(this.name, ready as { peerId: string, addresses: string[] })
    this.#serves = true
  }

  protected lost (): void { this.#serves = false }
}

interface Wish { to: string, bytes: number, isProbe: boolean }

export class RealClient extends RealNode {
  /** Of all people, by name. */
  accounts: ReadonlyMap<string, string> = new Map()
  /** Who is asked again for what was missed, after each start. */
  contacts: readonly string[] = []
  onReceived: ((messageId: string, from: string, message: number) => void) | undefined
  onAccepted: (() => void) | undefined
  /** Names of contacts who have accepted, or were answered. */
  readonly accepted = new Set<string>()
  #client: StreamClient | undefined
  #isHeard = false
  #isStopped = false
  readonly #waiting: Wish[] = []
  readonly #asked = new Set<number>()

  get serves (): boolean { return this.#client !== undefined }

  async call<M extends MethodName> (method: M, params: CallParams<M>): Promise<CallResult<M>> {
    if (this.#client === undefined) throw new UnreachableError('DISCONNECTED', `${this.name} does not run.`)
    return await this.#client.call(method, params)
  }

  /** From here on its messages count. */
  hear (): void { this.#isHeard = true }

  override pause (): void {
    this.#isStopped = true
    super.pause()
  }

  override goOn (): void {
    super.goOn()
    void this.idle().then(() => {
      this.#isStopped = false
      this.#wake()
    })
  }

  /** Now, or once the program serves; not at all once it never comes back. */
  write (wish: Wish): void {
    if (this.#client === undefined || this.#isStopped) {
      if (!this.isAbandoned) this.#waiting.push(wish)
      return
    }
    const { witness } = this.ports
    const message = witness.invoked(this.name, wish.to, wish.isProbe)
    this.#asked.add(message)
    const text = `${mentionOf(message)}${'x'.repeat(Math.max(0, wish.bytes - markBytes))}`
    this.#client.call('message.send', { to: this.accounts.get(wish.to) ?? '', text }).then(
      ({ messageId }) => { if (this.#asked.delete(message)) witness.acknowledged(message, messageId) },
      (error: unknown) => {
        if (!this.#asked.delete(message)) return
        // It may be there all the same: the next start will show.
        if (error instanceof StoreError || error instanceof UnreachableError || !(error instanceof RestanteError)) witness.unknown(message)
        else witness.refused(message, codeOf(error))
      }
    )
  }

  /** The whole conversation, oldest first. */
  async conversation (other: string): Promise<CallResult<'message.list'>['messages']> {
    const pages: Array<CallResult<'message.list'>['messages']> = []
    for (;;) {
      const before = pages[0]?.[0]?.messageId
      const { messages } = await this.call('message.list', { with: this.accounts.get(other) ?? '', limit: listMax, ...before !== undefined && { before } })
      pages.unshift(messages)
      if (messages.length < listMax) return pages.flat()
    }
  }

  protected argv (): string[] { return ['daemon', '--json', '--profile', this.folder, ...this.ports.ground.listening(this.node)] }

  protected async served (): Promise<void> {
    const socket = await connectToDaemon(this.folder)
    if (socket === undefined) throw new Error('its socket takes no connection')
    const client = new StreamClient(socket, socket)
    // Half open otherwise, and then a daemon that is to end waits for us.
    void client.lost.then(() => { socket.destroy() })
    client.listen(notification => { this.#heard(notification) })
    this.#client = client
    if (!this.#isHeard) return
    for (const other of this.contacts) this.ports.witness.found(this.name, await this.conversation(other))
    this.#wake()
  }

  protected lost (): void {
    this.#client = undefined
    // A program that was killed never answers: that is neither yes nor no.
    for (const message of this.#asked) this.ports.witness.unknown(message)
    this.#asked.clear()
  }

  #wake (): void { for (const wish of this.#waiting.splice(0)) this.write(wish) }

  #heard ({ method, params }: RpcNotification): void {
    if (method === 'contact.state' && params.state === 'accepted') {
      this.accepted.add(params.contactId)
      this.onAccepted?.()
    }
    if (!this.#isHeard) return
    const { witness } = this.ports
    if (method === 'message.state') witness.ticked(this.name, params)
    if (method === 'message.received') {
      const message = witness.received(this.name, params)
      if (message !== undefined) this.onReceived?.(params.messageId, params.from, message)
    }
    if (method === 'failed') witness.alarm(this.name, 'I12', `${this.name} failed with ${params.code}`)
  }
}
