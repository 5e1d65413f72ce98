/**
 * How the owner of a mailbox proves itself on one stream. Spec 03 §Ownership.
 *
 * The proof names both ends and both greetings' nonces: it is worth nothing on another stream,
 * so that neither a relay nor someone who records it can pass it on.
 */
import { concat } from './bytes.ts'
import { labels } from './labels.ts'
import type { CryptoSuite } from './suite.ts'

/** The two ends of a stream and what they said in their greetings, 32 bytes each. */
export interface OwnershipContext {
  relayKey: Uint8Array
  clientKey: Uint8Array
  relayNonce: Uint8Array
  clientNonce: Uint8Array
}

/** The id of the mailbox that belongs to `owner`, an Ed25519 public key. 32 bytes. */
export function mailboxIdOf (suite: Pick<CryptoSuite, 'sha256'>, owner: Uint8Array): Uint8Array {
  return suite.sha256(concat(labels.mailboxId, owner))
}

/** What the owner signs. */
export function ownershipMessage (context: OwnershipContext, owner: Uint8Array): Uint8Array {
  const { relayKey, clientKey, relayNonce, clientNonce } = context
  return concat(labels.mailboxOwn, relayKey, clientKey, relayNonce, clientNonce, owner)
}
