/**
 * What of handshake and ratchet does not depend on the machine: messages until a theft is healed, bytes
 * on the wire, and sizes.
 */
import { nativeSuite } from '../../node/host/native-suite.ts'
import { deriveGrant, wrapEnvelope, wrapOverheadBytes } from '../../protocol/envelope.ts'
import { envelopeBuckets } from '../../protocol/limits.ts'
import { bucketFor, paddingPrefixBytes } from '../../protocol/padding.ts'
import { pqRatchet } from '../../protocol/pq-ratchet.ts'
import { ratchetOverheadBytes } from '../../protocol/ratchet.ts'
import { contentCapacity } from '../../protocol/session.ts'
import type { Session } from '../../protocol/session.ts'
import { stateOf } from '../../protocol/session-state.ts'
import { keptLog } from '../support/kept-log.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { converse } from '../support/sides.ts'
import { stealAll } from '../support/thefts.ts'
import type { Row } from './messages.ts'

/** Contents beside which there is ample room, little, and none. */
const contentSizes = [60, 256, 600, 860, 899, 3000]
/** Of each header's 48 bytes, those that name the epoch; a classical header would not have them. */
const epochBytes = 4

/**
 * Bytes of envelopes that the post-quantum ratchet adds, over `messages` turn by turn: what was sent, less
 * what a double ratchet without it would have sent, its header shorter by the epoch.
 */
export function extraBytes (messages: number): { sent: number, extra: number, epochs: number } {
  const suite = nativeSuite(keptLog())
  const random = seededRandom('extra bytes')
  const grant = deriveGrant(suite, random.bytes(32))
  const { a, b } = converse(random)
  let [sent, classical] = [0, 0]
  for (let message = 0; message < messages; message++) {
    const [from, to] = message % 2 === 0 ? [b, a] : [a, b]
    const bytes = contentSizes[Math.floor(message / 2) % contentSizes.length]!
    const bucket = envelopeBuckets.find((one) => contentCapacity(from.session, one) >= bytes)!
    const inner = from.send('x'.repeat(bytes), bucket)
    to.receive(inner)
    sent += wrapEnvelope(suite, grant, inner).length
    // The byte that says what an inner is, and no epoch.
    classical += bucketFor(wrapOverheadBytes + 1 + ratchetOverheadBytes - epochBytes + paddingPrefixBytes + bytes)!
  }
  return { sent, extra: sent - classical, epochs: epochOf(a.session) + epochOf(b.session) }
}

function epochOf (session: Session): number {
  return Math.floor((pqRatchet.sendingEpoch(stateOf(session).ratchet.pq) + 1) / 2)
}

/** Whole periods of the post-quantum ratchet, and long enough for the last theft to be healed. */
const conversations = [[60, 1, 42], [256, 1, 42], [600, 1, 150], [256, 2, 84], [256, 5, 210]] as const

export function figures (say: (text: string) => void, scale: number): Row[] {
  const rows: Row[] = []
  const suite = nativeSuite(keptLog())
  for (const [contentBytes, burst, messages] of conversations) {
    say(`healing, contents of ${contentBytes} bytes, ${burst} a turn`)
    const { readBeforeHealing, unhealed } = stealAll(suite, { burst, contentBytes, messages })
    const mean = readBeforeHealing.reduce((sum, n) => sum + n, 0) / readBeforeHealing.length
    rows.push({
      name: `healing, ${contentBytes} bytes, ${burst} a turn`,
      ratio: unhealed === 0 ? '' : `${unhealed} not healed`,
      value: `${mean.toFixed(1)} messages on average, ${Math.max(...readBeforeHealing)} at most`
    })
  }
  const { sent, extra, epochs } = extraBytes(Math.max(60, Math.round(600 * scale)))
  rows.push({
    name: 'bytes beyond the classical ratchet',
    ratio: String(extra),
    value: `of ${sent.toLocaleString('en')} sent, in which ${epochs} ML-KEM epochs were mixed in`
  })
  return rows
}
