/**
 * Asks relays whether they answer and keep messages, as a stranger: with a peer identity of its own, so
 * that it works while another process is online as the account, and tells the relay nothing about it.
 *
 * A test message goes into a mailbox that is made for it and deleted after it: that shows that the relay's
 * disk takes messages, and when it came by the relay's clock, which nothing else in the protocol tells.
 */
import { codeOf, errorTable, UnreachableError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { emptyBytes } from '../../protocol/bytes.ts'
import { Channel } from '../../protocol/channel.ts'
import type { FrameBody } from '../../protocol/channel.ts'
import { deriveGrant } from '../../protocol/envelope.ts'
import { envelopeBuckets, envelopeBytesMax, protocolVersion } from '../../protocol/limits.ts'
import { mailboxIdOf, ownershipMessage } from '../../protocol/ownership.ts'
import type { OwnershipContext } from '../../protocol/ownership.ts'
import type { Log } from '../../protocol/ports.ts'
import { parsePeerAddress } from '../../protocol/peer-address.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { Answer } from '../../protocol/wire/restante.js'
import { createNetwork } from '../net/network.ts'
import { nativeSuite } from './native-suite.ts'
import { loadTransports } from './service.ts'
import { systemClock, systemRandom } from './world.ts'

export type RelayProbe =
  | {
    relay: string
    isReachable: true
    dialMs: number
    helloMs: number
    retentionMs: number
    /** What the relay said to the test message; undefined: it keeps messages. */
    refusal: ErrorCode | undefined
    /** How far the relay's clock is ahead of this machine's, give or take half an answer's time. */
    skewMs: number | undefined
  }
  | { relay: string, isReachable: false, code: ErrorCode, words: string }

const dialTimeoutMs = 10_000
const helloTimeoutMs = 5_000
const testMessageTimeoutMs = 5_000

/** `relays`: multiaddrs ending in /p2p/…. Never rejects for what a relay does. */
export async function probeRelays (relays: string[], log: Log): Promise<RelayProbe[]> {
  const suite = nativeSuite(log)
  const network = await createNetwork({
    peerSeed: systemRandom.bytes(32),
    listen: [],
    transports: await loadTransports(log),
    clock: systemClock,
    random: systemRandom,
    log
  })
  const probe = async (relay: string): Promise<RelayProbe> => {
    try {
      const startedAt = performance.now()
      const link = await network.dial(parsePeerAddress(relay), dialTimeoutMs)
      const dialledAt = performance.now()
      const arrival = Promise.withResolvers<number>()
      const channel = new Channel(link.stream, {
        clock: systemClock,
        log,
        onRequest: () => undefined,
        onPush: ({ envelopes: [first] }) => { if (first !== undefined) arrival.resolve(first.receivedAt) },
        onClose: (error) => { arrival.reject(error ?? new UnreachableError('DISCONNECTED')) }
      })
      // It may never be waited for.
      arrival.promise.catch(() => {})
      const greeting = { versions: [protocolVersion], nonce: systemRandom.bytes(32) }
      const { hello } = await channel.request({ hello: greeting }, helloTimeoutMs)
      const answeredAt = performance.now()
      if (hello?.relay !== true) {
        channel.close()
        return unreachable(relay, 'UNSUPPORTED')
      }
      const context = {
        relayKey: link.peerKey, clientKey: network.peerKey, relayNonce: hello.nonce, clientNonce: greeting.nonce
      }
      const kept = await leaveTestMessage(suite, channel, context, arrival.promise)
        .catch((error: unknown) => ({ refusal: codeOf(error), skewMs: undefined }))
      channel.close()
      return {
        relay,
        isReachable: true,
        dialMs: Math.round(dialledAt - startedAt),
        helloMs: Math.round(answeredAt - dialledAt),
        retentionMs: hello.retentionMs,
        ...kept
      }
    } catch (error) {
      return unreachable(relay, codeOf(error), error instanceof UnreachableError ? error.message : undefined)
    }
  }
  try {
    return await Promise.all(relays.map(probe))
  } finally {
    await network.stop()
  }
}

/** Rejects with what the relay refused. `arrival`: the time at which the first message came, by its clock. */
async function leaveTestMessage (
  suite: CryptoSuite, channel: Channel, context: OwnershipContext, arrival: Promise<number>
): Promise<{ refusal: undefined, skewMs: number }> {
  const key = suite.ed25519Private(systemRandom.bytes(32))
  const mailbox = mailboxIdOf(suite, key.publicKey)
  const proof = { owner: key.publicKey, signature: suite.sign(key, ownershipMessage(context, key.publicKey)) }
  const { address, addressHash } = deriveGrant(suite, systemRandom.bytes(32))
  const ask = async (body: FrameBody): Promise<Answer> => await channel.request(body, testMessageTimeoutMs)
  await ask({ createMailbox: { proof, work: emptyBytes } })
  try {
    // Without an end: by a clock that is far ahead, any that is named here would be past.
    await ask({ openAddress: { mailbox, addressHash, envelopesMax: 1, expiresAt: 0 } })
    await ask({ subscribe: { proof, after: emptyBytes, credit: envelopeBytesMax } })
    const sentAt = systemClock.now()
    await ask({ deposit: { address, envelope: systemRandom.bytes(envelopeBuckets[0]) } })
    const answeredAt = systemClock.now()
    return { refusal: undefined, skewMs: Math.round(await soon(arrival) - (sentAt + answeredAt) / 2) }
  } finally {
    await ask({ deleteMailbox: { mailbox } }).catch(() => {
      // The connection is gone, or the relay has none: what went before says so.
    })
  }
}

async function soon<T> (wanted: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = systemClock.setTimer(testMessageTimeoutMs, () => { late.reject(new UnreachableError('TIMED_OUT')) })
  try {
    return await Promise.race([wanted, late.promise])
  } finally {
    timer.cancel()
  }
}

function unreachable (relay: string, code: ErrorCode, words: string = errorTable[code].meaning): RelayProbe {
  return { relay, isReachable: false, code, words }
}
