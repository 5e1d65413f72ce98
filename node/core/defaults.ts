/** Defaults of this implementation; what two implementations must share is in protocol/limits.ts. */

/** A wall clock that differs from the monotonic one by more within a sweep has jumped, ms; nothing expires for as long after. */
export const clockJumpMs = 3_600_000
export const clockDistrustMs = 24 * 3_600_000
/** How long the outbox tries before a message is `expired`, ms. */
export const outboxLifetimeMs = 30 * 24 * 3_600_000
/** A direct deposit that is not answered in this time goes to the relays as well, ms. */
export const directHedgeMs = 900
/** A dial to a device that has not succeeded in this time lets the relays have the message, ms. */
export const dialHedgeMs = 400
/** Copies at relays that make the first tick. */
export const storedByMin = 2
/** Contents packed together give envelopes of at most this size, unless one content is larger. */
export const packedEnvelopeBytesMax = 16384
/** Deposits under way on one link. */
export const depositsInFlightMax = 128
/** An envelope stored but not delivered is deposited again after so long, ms: the relay may have lost it. */
export const redepositAfterMs = 6 * 3_600_000
/** Missing at the recipient for so long while later ones arrived, an envelope is sealed anew, ms; so many at once. */
export const gapMs = 60_000
export const resealedAtOnceMax = 256
/** After a contact's device connects, what relays hold for it is offered directly after this, ms. */
export const directFlushDelayMs = 3_000
/** Receipts wait this long for company, and as much again at random, ms. */
export const receiptDelayMs = 150
/** From one receipt that a mere copy asks for to the next, doubled each time. */
export const copyReceiptMsMin = 10_000
export const copyReceiptMsMax = 300_000
/** Ranges of counters kept for one conversation. */
export const rangesMax = 512
/** Heads of a conversation kept as parents of what comes next. */
export const headsMax = 8
/** Lifetime of an invite unless told otherwise, ms. */
export const inviteLifetimeMs = 7 * 24 * 3_600_000
/** Prekeys behind the descriptor are renewed after, ms, and the old ones kept for. */
export const prekeyRotationMs = 24 * 3_600_000
export const prekeysKeptMs = 14 * 24 * 3_600_000
/** Unacked envelope bytes that a relay may push. */
export const pushCreditBytes = 4 * 1024 * 1024
/** A first dial, and the greeting on it, may take so long, ms. */
export const dialTimeoutMs = 10_000
export const requestTimeoutMs = 15_000
/** Silence on a link after which it is asked for a sign of life, ms, and how long that may take. */
export const heartbeatMs = 25_000
export const heartbeatTimeoutMs = 10_000
/** The same after this machine slept or changed its network. */
export const wakeTimeoutMs = 2_000
/** Backoff of a reconnect: from, factor, to; each wait is drawn between half of it and all of it. */
export const backoffMsMin = 400
export const backoffFactor = 1.7
export const relayBackoffMsMax = 30_000
export const contactBackoffMsMax = 5 * 60_000
/** From a way through a relay to the first try for a straight one; twice as long after each. */
export const straightenMsMin = 4_000
/** That somebody is writing is said again after so long, and holds for so long where nothing more is said. */
export const typingAgainMs = 4_000
export const typingShownMs = 7_000
/** Envelopes that strangers may leave at the address behind the descriptor. */
export const requestEnvelopesMax = 64
/** Strangers who wait to be accepted, and messages of one of them that are kept: more are refused. */
export const requestsMax = 256
export const requestMessagesMax = 100
/** Sessions of one pair of devices that still receive, beside the one in use. */
export const receivingSessionsMax = 5
/** A session that nobody answered, or in which nothing more came, ends after, ms. */
export const sessionLifetimeMs = 30 * 24 * 3_600_000
/** How exactly it is kept when something last came in a session, ms. */
export const sessionHeardMs = 3_600_000
/** How often it is looked for what ends with time, ms. */
export const upkeepMs = 15 * 60_000
/** A session is begun anew at most so often, ms; twice as long with each that nobody answers. */
export const renewalPauseMsMin = 60_000
export const renewalPauseMsMax = 3_600_000
/** How long a contact is given to show that it has the session in use, ms. */
export const renewalProbeMs = 10_000
/** A person is told at most once within, ms, that a session was begun anew. */
export const resetNoticeMsMin = 3_600_000
/** An invite that no relay knows was perhaps not published yet: it is asked for so long, ms. */
export const inviteUnpublishedMsMax = 10 * 60_000
/** Ids of removed messages that are remembered, and for how long, ms: they might be sent again. */
export const removedIdsMax = 512
export const removedIdsKeptMs = 30 * 24 * 3_600_000
/** Messages of a contact of which something is kept that was said before they came. */
export const awaitedMax = 32
/** Messages that one listing returns unless told otherwise, and at most. */
export const listLimit = 50
export const listLimitMax = 10_000
