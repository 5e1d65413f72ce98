/**
 * Asks relays whether they answer, as a stranger: with a peer identity of its own, so that it works
 * while another process is online as the account, and tells the relay nothing about it.
 */
import { codeOf, errorTable, UnreachableError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { Channel } from '../../protocol/channel.ts'
import { protocolVersion } from '../../protocol/limits.ts'
import type { Log } from '../../protocol/ports.ts'
import { parsePeerAddress } from '../../protocol/peer-address.ts'
import { createNetwork } from '../net/network.ts'
import { loadTransports } from './service.ts'
import { systemClock, systemRandom } from './world.ts'

export type RelayProbe =
  | { relay: string, isReachable: true, dialMs: number, helloMs: number, retentionMs: number }
  | { relay: string, isReachable: false, code: ErrorCode, words: string }

const dialTimeoutMs = 10_000
const helloTimeoutMs = 5_000

/** `relays`: multiaddrs ending in /p2p/…. Never rejects for what a relay does. */
export async function probeRelays (relays: string[], log: Log): Promise<RelayProbe[]> {
  const network = await createNetwork({
    peerSeed: systemRandom.bytes(32),
    listen: [],
    transports: await loadTransports(),
    clock: systemClock,
    random: systemRandom,
    log
  })
  const probe = async (relay: string): Promise<RelayProbe> => {
    try {
      const startedAt = performance.now()
      const link = await network.dial(parsePeerAddress(relay), dialTimeoutMs)
      const dialledAt = performance.now()
      const channel = new Channel(link.stream, { clock: systemClock, log, onRequest: () => undefined })
      const greeting = { versions: [protocolVersion], nonce: systemRandom.bytes(32) }
      const { hello } = await channel.request({ hello: greeting }, helloTimeoutMs)
      const answeredAt = performance.now()
      channel.close()
      if (hello?.relay !== true) return unreachable(relay, 'UNSUPPORTED')
      return {
        relay,
        isReachable: true,
        dialMs: Math.round(dialledAt - startedAt),
        helloMs: Math.round(answeredAt - dialledAt),
        retentionMs: hello.retentionMs
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

function unreachable (relay: string, code: ErrorCode, words: string = errorTable[code].meaning): RelayProbe {
  return { relay, isReachable: false, code, words }
}
