/**
 * A client of the mailbox protocol, as plain as it can be: what tests say to a relay, over a
 * stream in memory or a real one.
 */
import { Channel } from '../../protocol/channel.ts'
import { deriveGrant } from '../../protocol/envelope.ts'
import type { Grant } from '../../protocol/envelope.ts'
import type { RestanteError } from '../../protocol/errors.ts'
import { mailboxIdOf, ownershipMessage } from '../../protocol/ownership.ts'
import type { ByteStream, Clock } from '../../protocol/ports.ts'
import type { Ed25519Private } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import type { Answer, HelloAnswer, OwnerProof, Push } from '../../protocol/wire/restante.js'
import { keptLog } from './kept-log.ts'

export interface TestOwner { key: Ed25519Private, mailbox: Uint8Array }

export function testOwner (seed: Uint8Array): TestOwner {
  const key = nobleSuite.ed25519Private(seed)
  return { key, mailbox: mailboxIdOf(nobleSuite, key.publicKey) }
}

/** The address number `index` of this test. */
export function testGrant (index: number): Grant {
  return deriveGrant(nobleSuite, new Uint8Array(32).fill(index + 1))
}

/** Bytes that no other envelope of this test has. */
export function testEnvelope (index: number, length = 1024): Uint8Array {
  const envelope = new Uint8Array(length)
  new DataView(envelope.buffer).setUint32(length - 4, index)
  envelope[0] = 1
  return envelope
}

export function envelopeIndex (envelope: Uint8Array): number {
  return new DataView(envelope.buffer, envelope.byteOffset).getUint32(envelope.byteLength - 4)
}

export interface MailboxClientOptions {
  stream: ByteStream
  clock: Clock
  clientKey: Uint8Array
  relayKey: Uint8Array
}

export class MailboxClient {
  readonly channel: Channel
  readonly pushes: Push[] = []
  readonly nonce = nobleSuite.sha256(new TextEncoder().encode(`client ${nonces++}`))
  relayNonce: Uint8Array | undefined
  closedWith: RestanteError | undefined
  isClosed = false
  readonly #options: MailboxClientOptions
  #waiters: Array<() => void> = []

  constructor (options: MailboxClientOptions) {
    this.#options = options
    this.channel = new Channel(options.stream, {
      clock: options.clock,
      log: keptLog(),
      onRequest: () => undefined,
      onPush: (push) => {
        this.pushes.push(push)
        this.#wake()
      },
      onClose: (error) => {
        this.isClosed = true
        this.closedWith = error
        this.#wake()
      }
    })
  }

  async hello (): Promise<HelloAnswer> {
    const { hello } = await this.channel.request({ hello: { versions: [1], nonce: this.nonce } })
    if (hello == null) throw new Error('no hello in the answer')
    this.relayNonce = hello.nonce
    return hello
  }

  proof (owner: TestOwner): OwnerProof {
    const { relayKey, clientKey } = this.#options
    const context = { relayKey, clientKey, relayNonce: this.relayNonce ?? new Uint8Array(32), clientNonce: this.nonce }
    const message = ownershipMessage(context, owner.key.publicKey)
    return { owner: owner.key.publicKey, signature: nobleSuite.sign(owner.key, message) }
  }

  async createMailbox (owner: TestOwner): Promise<Answer> {
    return await this.channel.request({ createMailbox: { proof: this.proof(owner), work: new Uint8Array(0) } })
  }

  async openAddress (owner: TestOwner, grant: Grant, envelopesMax = 0, expiresAt = 0): Promise<Answer> {
    const { mailbox } = owner
    return await this.channel.request({
      openAddress: { mailbox, addressHash: grant.addressHash, envelopesMax, expiresAt }
    })
  }

  async subscribe (owner: TestOwner, after: Uint8Array = new Uint8Array(0), credit = 1024 * 1024): Promise<Answer> {
    return await this.channel.request({ subscribe: { proof: this.proof(owner), after, credit } })
  }

  async deposit (grant: Pick<Grant, 'address'>, envelope: Uint8Array): Promise<Answer> {
    return await this.channel.request({ deposit: { address: grant.address, envelope } })
  }

  async ack (owner: TestOwner, through: Uint8Array): Promise<Answer> {
    return await this.channel.request({ ack: { mailbox: owner.mailbox, through } })
  }

  /** Envelopes pushed so far, in order. */
  get received (): Push['envelopes'] {
    return this.pushes.flatMap(({ envelopes }) => envelopes)
  }

  /** Resolves when `test` holds, which is looked at after each push, or when the stream ends. */
  async until (test: () => boolean): Promise<void> {
    while (!test() && !this.isClosed) await new Promise<void>((resolve) => { this.#waiters.push(resolve) })
  }

  #wake (): void {
    for (const resolve of this.#waiters.splice(0)) resolve()
  }
}

let nonces = 0
