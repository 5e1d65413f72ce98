/**
 * The error families, by who is at fault, and the one table of stable codes.
 *
 * `docs/errors.md` is asserted equal to the table. Match on `code`; `message` is for the person
 * who reads it and never carries a secret.
 */

/** Where a code comes from: `remote` may be the answer to a request, the others are ours. */
export type ErrorFamily = 'wire' | 'crypto' | 'remote' | 'unreachable' | 'store' | 'usage' | 'internal'

interface ErrorRow { family: ErrorFamily, meaning: string, action: string }

export const errorTable = {
  // A peer's bytes are malformed or over a limit: close that stream, count it, never retry.
  MALFORMED: { family: 'wire', meaning: 'Bytes that are no valid message.', action: 'The stream is closed.' },
  FRAME_TOO_LARGE: { family: 'wire', meaning: 'A frame over the limit, refused before it is read.', action: 'The stream is closed.' },
  FIELD_TOO_LARGE: { family: 'wire', meaning: 'A field or list over its limit.', action: 'The stream is closed.' },
  NOT_CANONICAL: { family: 'wire', meaning: 'A signed message that is not encoded the one allowed way.', action: 'It is refused.' },
  UNEXPECTED_FRAME: { family: 'wire', meaning: 'A frame that is not allowed in this state.', action: 'The stream is closed.' },

  // Authentication failed, replay, too far ahead: drop the envelope, state unchanged.
  AUTHENTICATION_FAILED: { family: 'crypto', meaning: 'Sealed bytes that do not open: damaged, forged, or for someone else.', action: 'They are dropped; nothing changes.' },
  REPLAYED: { family: 'crypto', meaning: 'An envelope that was already opened.', action: 'It is dropped; the message was shown before.' },
  TOO_FAR_AHEAD: { family: 'crypto', meaning: 'More messages were skipped than are kept track of.', action: 'The envelope is dropped; the sender sends again.' },
  INVALID_KEY: { family: 'crypto', meaning: 'A public key that is malformed, weak or not canonical.', action: 'It is refused.' },
  INVALID_SIGNATURE: { family: 'crypto', meaning: 'A signature that does not match.', action: 'What it signed is refused.' },
  PREKEY_UNKNOWN: { family: 'crypto', meaning: 'A handshake with a prekey that is used up, expired or never was ours.', action: 'It is dropped.' },
  SAFETY_NUMBER_MISMATCH: { family: 'crypto', meaning: 'This safety number is not that of the two accounts: somebody may stand between them, or it is of another contact.', action: 'Nothing changes; compare once more, and add each other anew if it stays so.' },
  CRYPTO_BROKEN: { family: 'crypto', meaning: 'This machine, or this browser, computes cryptography wrong.', action: 'Nothing is opened or sent; use another one, or a newer version.' },
  RANDOMNESS_FAILED: { family: 'crypto', meaning: 'The source of randomness gave less than was asked for.', action: 'The step is abandoned.' },

  // A documented refusal by a relay or a device.
  UNSUPPORTED: { family: 'remote', meaning: 'The other side does not offer this, or not in this version.', action: 'Another way is taken, or an update is needed.' },
  UNKNOWN_ADDRESS: { family: 'remote', meaning: 'No mailbox takes deposits at this address.', action: 'Other routes are used.' },
  UNKNOWN_MAILBOX: { family: 'remote', meaning: 'This relay has no such mailbox.', action: 'Its owner creates it anew.' },
  NOT_OWNER: { family: 'remote', meaning: 'The stream has not proved that it owns this mailbox.', action: 'The owner proves itself and asks again.' },
  QUOTA: { family: 'remote', meaning: 'The mailbox or address is full.', action: 'The message waits in the outbox.' },
  FULL: { family: 'remote', meaning: 'The relay has no room left.', action: 'The message waits in the outbox.' },
  TOO_LARGE: { family: 'remote', meaning: 'The envelope or record is larger than is taken here.', action: 'It is not sent again in this form.' },
  BUSY: { family: 'remote', meaning: 'Too much at once; the answer says when to try again.', action: 'It is tried again later.' },
  RATE_LIMITED: { family: 'remote', meaning: 'This peer asks too often; the answer says when to try again.', action: 'It is tried again later.' },
  EXPIRED: { family: 'remote', meaning: 'It was valid once and is no longer.', action: 'It is not tried again.' },
  STALE: { family: 'remote', meaning: 'A newer record is already known.', action: 'The newer one stands.' },
  NOT_FOUND: { family: 'remote', meaning: 'Nothing is kept under this name.', action: 'Other sources are asked.' },
  BAD_REQUEST: { family: 'remote', meaning: 'A well-formed request that makes no sense.', action: 'It is not tried again.' },
  REJECTED: { family: 'remote', meaning: 'The device could not open the envelope.', action: 'It is sealed anew.' },
  BLOCKED: { family: 'remote', meaning: 'The recipient does not take messages from here.', action: 'It is not tried again.' },
  FAILED: { family: 'remote', meaning: 'The other side failed, through no fault of the request.', action: 'It is tried again later.' },

  // No route, time-out, aborted: retry with backoff and jitter.
  NO_ROUTE: { family: 'unreachable', meaning: 'No address of the other side could be dialled.', action: 'It is tried again with backoff.' },
  TIMED_OUT: { family: 'unreachable', meaning: 'No answer in time.', action: 'It is tried again with backoff.' },
  DISCONNECTED: { family: 'unreachable', meaning: 'The connection ended before the answer.', action: 'It is tried again with backoff.' },
  STOPPED: { family: 'unreachable', meaning: 'This node is shutting down.', action: 'It is done at the next start.' },

  // The disk failed: stop, say so, lose nothing.
  STORE_FAILED: { family: 'store', meaning: 'The disk refused a write or a read.', action: 'The program stops; what was acknowledged is on disk.' },
  STORE_LOCKED: { family: 'store', meaning: 'Another process has this profile or data folder open.', action: 'Use that process, or end it first.' },
  STORE_TOO_NEW: { family: 'store', meaning: 'The folder was written by a newer version.', action: 'It is left untouched; update the program.' },
  STORE_CORRUPT: { family: 'store', meaning: 'A record on disk does not open or does not parse.', action: 'The program stops and names the record.' },
  PASSPHRASE_WRONG: { family: 'store', meaning: 'The passphrase does not open this profile.', action: 'Nothing is changed; try again.' },
  PASSPHRASE_NEEDED: { family: 'store', meaning: 'This profile is protected by a passphrase, and none was given.', action: 'Give it by prompt, file or environment.' },

  // The caller broke the contract.
  USAGE: { family: 'usage', meaning: 'An argument is missing, unknown or out of range.', action: 'Correct the call.' },
  NO_ACCOUNT: { family: 'usage', meaning: 'The profile has no account yet.', action: 'Create one first.' },
  ACCOUNT_EXISTS: { family: 'usage', meaning: 'The profile has an account already.', action: 'Use another profile.' },
  INVITE_INVALID: { family: 'usage', meaning: 'An invite that is truncated, altered, or from another program.', action: 'Ask for a new one.' },
  INVITE_EXPIRED: { family: 'usage', meaning: 'An invite that is no longer valid or was used.', action: 'Ask for a new one.' },
  INVITE_OWN: { family: 'usage', meaning: 'An invite of this very account.', action: 'Give it to somebody else.' },
  UNKNOWN_CONTACT: { family: 'usage', meaning: 'No contact has this name or id.', action: 'See the list of contacts.' },
  AMBIGUOUS_CONTACT: { family: 'usage', meaning: 'Several contacts have this name.', action: 'Use the id.' },
  UNKNOWN_MESSAGE: { family: 'usage', meaning: 'No message has this id.', action: 'See the history.' },
  NOT_OWN_MESSAGE: { family: 'usage', meaning: 'Only the author of a message may change it, or delete it for everyone.', action: 'Delete it on this device only.' },
  MESSAGE_DELETED: { family: 'usage', meaning: 'The message was deleted by its author.', action: 'Nothing is changed.' },
  CONTACT_BLOCKED: { family: 'usage', meaning: 'The contact is blocked.', action: 'Accept the contact first.' },
  IDENTITY_UNKNOWN: { family: 'usage', meaning: 'The keys of this contact are not here yet.', action: 'Wait until one of its relays, or the contact, was reached.' },
  IDENTITY_CHANGED: { family: 'usage', meaning: 'Somebody signs in this contact\'s name what contradicts what was known: its key was stolen, or it was set up anew from an old copy.', action: 'Nothing is sent until you decide, with contact.acceptIdentity. Ask the contact, in another way.' },
  PHRASE_INVALID: { family: 'usage', meaning: 'These are not the 24 words of a recovery phrase: one is missing or misspelt.', action: 'Compare with what was written down.' },
  PHRASE_WRONG: { family: 'usage', meaning: 'A recovery phrase, but that of another account.', action: 'Use the one of this account.' },
  PHRASE_FORGOTTEN: { family: 'usage', meaning: 'The recovery phrase was written down, and is not in this profile any more.', action: 'Look where it was written down.' },
  KEY_ROTATED: { family: 'usage', meaning: 'The account key was rotated before, and this version can do so once.', action: 'Make a new account if the new key was stolen too.' },
  TEXT_TOO_LARGE: { family: 'usage', meaning: 'The text is longer than fits in one envelope.', action: 'Split it.' },
  TOO_OLD_RUNTIME: { family: 'usage', meaning: 'The Node that runs this is too old.', action: 'Use the one that npm brings, or a newer one.' },

  INTERNAL: { family: 'internal', meaning: 'A bug of this program.', action: 'The step is not committed; please report it.' }
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable

/** Base of all errors of this program. `code` is stable. */
export class RestanteError extends Error {
  readonly code: ErrorCode
  readonly family: ErrorFamily

  constructor (code: ErrorCode, message?: string, options?: ErrorOptions) {
    super(message ?? errorTable[code].meaning, options)
    this.name = new.target.name
    this.code = code
    this.family = errorTable[code].family
  }
}

/** A peer's bytes are malformed or over a limit. The message names the path: `deposit.envelope: 70000 bytes, at most 65536`. */
export class WireError extends RestanteError {}
/** Authentication failed, replay, or too far ahead. State is unchanged. */
export class CryptoError extends RestanteError {}
/** A documented refusal by the other side. */
export class RemoteError extends RestanteError {
  readonly retryAfterMs: number | undefined

  constructor (code: ErrorCode, message?: string, retryAfterMs?: number) {
    super(code, message)
    this.retryAfterMs = retryAfterMs
  }
}
/** No route, time-out, aborted. */
export class UnreachableError extends RestanteError {}
/** The disk failed. */
export class StoreError extends RestanteError {}
/** The caller broke the contract. */
export class UsageError extends RestanteError {}
/** Our bug. */
export class InternalError extends RestanteError {}

/** Whether `code`, as it came over the wire, is a refusal that a remote may give. */
export function isRemoteCode (code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code) && errorTable[code as ErrorCode].family === 'remote'
}

/** The stable code of anything thrown. */
export function codeOf (error: unknown): ErrorCode {
  return error instanceof RestanteError ? error.code : 'INTERNAL'
}
