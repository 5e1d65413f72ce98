/**
 * What the engine needs beside protocol/ports.ts. Each port has a contract suite in test/contracts/.
 */
import type { ByteStream, Clock, Log, Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'

/**
 * The tables of a profile. A key starts with a scope, which a store may hide (so that a disk shows
 * neither contacts nor message ids), and goes on with an order, which it keeps sorted bytewise.
 * 'whole': the key is all scope. `id` is written to disk: never reuse one. `refersTo`: values are keys
 * of another table, and are read by `follow` only. `shredded`: holds keys of messages, or what they sealed,
 * so that what was deleted or replaced must soon be unreadable for whoever has the disk and the passphrase.
 */
export const tables = {
  meta: { id: 1, scopeBytes: 'whole' },
  contact: { id: 2, scopeBytes: 'whole' },
  session: { id: 3, scopeBytes: 'whole', shredded: true },
  conversation: { id: 4, scopeBytes: 'whole' },
  message: { id: 5, scopeBytes: 32 },
  messageIndex: { id: 6, scopeBytes: 'whole', refersTo: 'message' },
  outbox: { id: 7, scopeBytes: 32, shredded: true },
  delivery: { id: 8, scopeBytes: 32 },
  invite: { id: 9, scopeBytes: 'whole', shredded: true },
  mailbox: { id: 10, scopeBytes: 'whole' },
  handshake: { id: 11, scopeBytes: 'whole' },
  taken: { id: 12, scopeBytes: 32 },
  annotation: { id: 13, scopeBytes: 'whole' },
  readMark: { id: 14, scopeBytes: 32 }
} as const satisfies Record<string, {
  id: number, scopeBytes: number | 'whole', refersTo?: string, shredded?: true
}>

export type Table = keyof typeof tables
export type ReferringTable = { [T in Table]: typeof tables[T] extends { refersTo: string } ? T : never }[Table]

/** `value` undefined: delete. */
export interface Write { table: Table, key: Uint8Array, value: Uint8Array | undefined }
export interface Entry { key: Uint8Array, value: Uint8Array }

export interface Scan {
  /** The scope that all keys share; required where the table has a scope of fixed length and `gte` or `lt` is given. */
  scope?: Uint8Array
  /** Bounds on the whole key (scope and order). */
  gte?: Uint8Array
  lt?: Uint8Array
  reverse?: boolean
  limit?: number
}

/** A profile on disk. Any failure is a StoreError, after which the store refuses writes until reopened. */
export interface Store {
  get: (table: Table, key: Uint8Array) => Promise<Uint8Array | undefined>
  getMany: (table: Table, keys: Uint8Array[]) => Promise<Array<Uint8Array | undefined>>
  /** What the entries of a table that refers to another point to; undefined where there is none. */
  follow: (table: ReferringTable, keys: Uint8Array[]) => Promise<Array<Entry | undefined>>
  /** In order of the keys within one scope; without a scope, every entry of the table in any order. */
  scan: (table: Table, scan?: Scan) => Promise<Entry[]>
  /**
   * All of it or none of it, in order. `durable`: resolves only after it survives a power cut;
   * otherwise it survives at least the end of this process, and is never reordered with other batches.
   */
  batch: (writes: Write[], options: { durable: boolean }) => Promise<void>
  close: () => Promise<void>
}

/** A peer and where it may be dialled. `peerKey`: the 32-byte Ed25519 key of its libp2p peer id. */
export interface PeerAddress { peerKey: Uint8Array, multiaddrs: string[] }

/** One open stream of the mailbox protocol to an authenticated peer. */
export interface Link {
  readonly peerKey: Uint8Array
  /** False where the bytes pass through a circuit relay. */
  readonly direct: boolean
  readonly stream: ByteStream
}

/** The libp2p binding (node/net), or a simulated network. */
export interface Network {
  readonly peerKey: Uint8Array
  /** Multiaddrs under which others may dial this node, without loopback unless there is nothing else. */
  addresses: () => string[]
  /**
   * Opens a stream of the mailbox protocol, on a connection that exists or on a new one. 'straight': through no
   * relay's circuit, however long that takes within the time. Rejects with UnreachableError.
   */
  dial: (peer: PeerAddress, timeoutMs: number, ways?: 'straight') => Promise<Link>
  /** Streams that others opened. */
  onLink: (listener: (link: Link) => void) => void
  onAddressesChanged: (listener: () => void) => void
  /** Relays through whose circuit this node wants to be reachable. Replaces the former set. */
  listenThrough: (relays: PeerAddress[]) => void
  stop: () => Promise<void>
}

export interface Ports {
  store: Store
  /** Called once the account exists; `peerSeed` is the 32-byte seed of the device's libp2p identity. */
  network: (peerSeed: Uint8Array) => Promise<Network>
  clock: Clock
  random: Random
  log: Log
  suite: CryptoSuite
}
