/**
 * Who has a dump of everything that one side of a session holds, and tries each run of 32 bytes in it
 * as every kind of key there is.
 *
 * It doesn't know how a session is laid out, so that a key which was meant to be forgotten is found
 * wherever it was left. Written from spec 05 with the primitives alone.
 */
import { concat } from '../../protocol/bytes.ts'
import { labels } from '../../protocol/labels.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'

const headerBytes = 76
/** How far it winds each run of bytes forward, as if it were a chain key. */
const stepsMax = 3

/** What `inner`, of kind 2, says, or undefined where nothing in `dump` leads to its key. */
export function readWithDump (
  suite: CryptoSuite, dump: Uint8Array, sessionId: Uint8Array, inner: Uint8Array
): Uint8Array | undefined {
  const message = inner.subarray(1)
  const association = suite.sha256(concat(labels.sessionAssociation, sessionId))
  const aad = concat(association, message.subarray(0, headerBytes))
  const body = message.subarray(headerBytes)
  const info = concat(labels.ratchetMessage, message.subarray(0, 12))
  const openWith = (messageKey: Uint8Array): Uint8Array | undefined => {
    const okm = suite.expand(messageKey, info, 44)
    return suite.open(okm.subarray(0, 32), okm.subarray(32), body, aad)
  }
  for (let at = 0; at + 32 <= dump.length; at++) {
    let key: Uint8Array = dump.slice(at, at + 32)
    const opened = openWith(key)
    if (opened !== undefined) return opened
    for (let step = 0; step < stepsMax; step++) {
      const wound = openWith(suite.hmac(key, Uint8Array.of(1)))
      if (wound !== undefined) return wound
      key = suite.hmac(key, Uint8Array.of(2))
    }
  }
  return undefined
}
