/**
 * Constants of the specification: two implementations must agree on them.
 * Defaults of this implementation live beside the code that uses them.
 */

/** libp2p protocol id of the mailbox protocol's stream. */
export const mailboxProtocol = '/restante/mailbox/1'
/** libp2p protocol id of the relays' Kademlia. */
export const dhtProtocol = '/restante/kad/1.0.0'
/** Version that `hello` negotiates. */
export const protocolVersion = 1

/** Sizes that an envelope may have, in bytes, all overhead included. */
export const envelopeBuckets = [1024, 2048, 4096, 8192, 16384, 32768, 65536] as const
export const envelopeBytesMax = 65536

/** A frame's length prefix is a varint of at most so many bytes: 2^53 is refused unread. */
export const frameLengthBytesMax = 4
/** A frame's body, without its length prefix: a push with a full batch fits. */
export const frameBytesMax = 1 << 20
/** Requests that one side may leave unanswered on a stream. */
export const requestsInFlightMax = 1024
/** Envelope bytes that one push frame carries at most, unless a single envelope is larger. */
export const pushBytesMax = 256 * 1024

export const addressBytes = 32
export const mailboxIdBytes = 32
export const accountIdBytes = 32
export const deviceIdBytes = 16
export const messageIdBytes = 16

/** A sealed prekey bundle as published at a relay, in bytes. */
export const sealedBundleBytesMax = 8192
/** An encoded descriptor record, in bytes. */
export const descriptorBytesMax = 1024
/** Blinded keys whose records one slot holds. */
export const descriptorsPerSlotMax = 4
/** Time that one blinded key serves, in milliseconds. */
export const descriptorPeriodMs = 24 * 3_600_000
/** How far ahead a descriptor may expire. */
export const descriptorLifetimeMsMax = 48 * 3_600_000

/** UTF-8 bytes of a text message: with its metadata it fits the largest envelope. */
export const textBytesMax = 60 * 1024
/** UTF-8 bytes of a reaction: the longest emoji in use have 35. */
export const emojiBytesMax = 64
/** UTF-8 bytes of a person's or contact's name. */
export const nameBytesMax = 256
/** Relays that an account uses at once. */
export const accountRelaysMax = 3
/** Devices of an account. */
export const accountDevicesMax = 8

/** Message keys that one envelope may skip in a chain. */
export const skippedPerEnvelopeMax = 1000
/** Skipped message keys that a session keeps. */
export const skippedPerSessionMax = 2000
/** Receiving chains that a session keeps. */
export const receivingChainsMax = 5

/** Kinds of content. */
export const contentKinds = { text: 1, receipt: 2, contactUpdate: 3, reply: 4, reaction: 5, edit: 6, deletion: 7, typing: 8 } as const
