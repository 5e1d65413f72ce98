/**
 * What the relay's core needs beside protocol/ports.ts. Contract suites: test/contracts/.
 */
import type { ByteStream, Clock, Log, Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'

/** 32 bytes: hash of the owner's key. */
export type MailboxId = Uint8Array

export interface DepositRequest {
  /** Hash of the address, 32 bytes. The address itself is never stored. */
  addressHash: Uint8Array
  envelope: Uint8Array
}

export type DepositResult =
  /** Durable now. `until`: kept until, ms since the epoch. `mailbox`: whom to wake. */
  | { status: 'stored' | 'duplicate', until: number, mailbox: MailboxId }
  | { status: 'refused', code: 'UNKNOWN_ADDRESS' | 'QUOTA' | 'FULL' | 'BUSY' | 'EXPIRED' }

export interface StoredEnvelope {
  /** Opaque, of one mailbox; later envelopes compare greater, bytewise. Shows nothing of other mailboxes' traffic. */
  cursor: Uint8Array
  addressHash: Uint8Array
  envelope: Uint8Array
  /** Ms since the epoch. */
  receivedAt: number
}

export interface Page {
  envelopes: StoredEnvelope[]
  /** Nothing was stored after the last of these. */
  drained: boolean
  /** Senders were refused for quota since the mailbox was last drained. */
  refusedSome: boolean
}

export interface MailboxLimits {
  /** How long an envelope is kept, ms. */
  retentionMs: number
  mailboxEnvelopesMax: number
  mailboxBytesMax: number
  addressesPerMailboxMax: number
  bundlesPerMailboxMax: number
  mailboxesMax: number
  /** Of all envelopes together. */
  totalBytesMax: number
}

/**
 * Everything a relay keeps on disk. Semantics that every implementation must have:
 * `stored` survives a power cut · a later page from an earlier cursor never misses an acknowledged
 * deposit · what has expired is never returned, even before it is swept · the same envelope at the
 * same address of the same mailbox is `duplicate` until it expires, even after it was acked, but not
 * once that mailbox was dropped · a refusal leaves no trace · quota counts what is not acked · order
 * is that of commits.
 * Any failure of the disk is a StoreError, after which the store refuses everything until reopened.
 */
export interface MailboxStore {
  open: () => Promise<void>
  close: () => Promise<void>

  createMailbox: (owner: Uint8Array, mailbox: MailboxId) => Promise<'created' | 'existed' | 'FULL'>
  hasMailbox: (mailbox: MailboxId) => Promise<boolean>
  dropMailbox: (mailbox: MailboxId) => Promise<void>
  /** Idempotent; the last limits count; `expiresAt` Infinity: until closed. An address that another mailbox opened: BAD_REQUEST. */
  openAddress: (mailbox: MailboxId, addressHash: Uint8Array, limits: { envelopesMax: number, expiresAt: number }) => Promise<'opened' | 'UNKNOWN_MAILBOX' | 'QUOTA' | 'BAD_REQUEST'>
  closeAddress: (mailbox: MailboxId, addressHash: Uint8Array) => Promise<void>

  /** Durable before it resolves; calls that come together share one commit. */
  deposit: (request: DepositRequest) => Promise<DepositResult>
  page: (mailbox: MailboxId, options: { after: Uint8Array | undefined, envelopesMax: number, bytesMax: number }) => Promise<Page>
  /** Idempotent delete, lazily durable: losing it only delivers again. Returns how many. */
  ackThrough: (mailbox: MailboxId, cursor: Uint8Array) => Promise<number>
  usage: (mailbox: MailboxId) => Promise<{ envelopes: number, bytes: number, addresses: number }>
  /** Deletes what has expired (envelopes, addresses, bundles, descriptors), at most `max` entries a call. */
  expire: (max: number) => Promise<{ removed: number, done: boolean }>

  publishBundle: (mailbox: MailboxId, bundle: { location: Uint8Array, sealed: Uint8Array, oneTime: boolean, expiresAt: number }) => Promise<'published' | 'UNKNOWN_MAILBOX' | 'QUOTA' | 'BAD_REQUEST'>
  withdrawBundle: (mailbox: MailboxId, location: Uint8Array) => Promise<void>
  /** A one-time bundle is deleted, durably, before it is returned. */
  takeBundle: (location: Uint8Array) => Promise<Uint8Array | undefined>

  /**
   * A slot keeps one record for each of at most `descriptorsPerSlotMax` blinded keys, first come:
   * one more is FULL. STALE: this key's record there has a higher sequence, or the same and other bytes.
   */
  putDescriptor: (slot: Uint8Array, record: { bytes: Uint8Array, blindedKey: Uint8Array, sequence: number, expiresAt: number }) => Promise<'stored' | 'STALE' | 'FULL'>
  /** All that are in the slot and not expired. */
  getDescriptors: (slot: Uint8Array) => Promise<Uint8Array[]>

  stats: () => Promise<{ mailboxes: number, envelopes: number, bytes: number, commits: number, depositsPerCommit: number }>
}

/** Records of other relays. The implementation is the relays' own Kademlia (relay/net), or a simulated one. */
export interface Discovery {
  /** Best effort: resolves when it was offered to others. */
  put: (slot: Uint8Array, record: Uint8Array) => Promise<void>
  /** Every record found in the slot, to be verified by the caller; empty where there is none. */
  get: (slot: Uint8Array, timeoutMs: number) => Promise<Uint8Array[]>
}

/** A stream that a client opened. */
export interface ClientLink {
  /** 32-byte Ed25519 key of the client's peer id, authenticated. */
  readonly peerKey: Uint8Array
  /** Groups connections for rate limits: an IP prefix, never logged or stored. */
  readonly origin: string
  readonly stream: ByteStream
}

export interface RelayPorts {
  store: MailboxStore
  discovery: Discovery | undefined
  clock: Clock
  random: Random
  log: Log
  suite: Pick<CryptoSuite, 'sha256' | 'verify'>
  /** The relay's own 32-byte Ed25519 peer key. */
  peerKey: Uint8Array
}
