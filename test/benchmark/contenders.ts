/**
 * What crypto.ts measures: two devices that introduce each other and talk, over this project's sessions on
 * a given suite. libsignal.ts gives the same for libsignal.
 *
 * Everything is kept as the product keeps it: on a profile's own store (classic-level, sealed, shredded),
 * sessions in memory, and of each that changed its last state encoded and written, synced, once a commit.
 * Not here: what is measured, and in what order.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openProfile } from '../../node/host/profile.ts'
import { systemClock, systemRandom } from '../../node/host/world.ts'
import type { Table, Write } from '../../node/core/ports.ts'
import { openStore } from '../../node/store/store.ts'
import type { ShreddingStore } from '../../node/store/store.ts'
import { createBundle, encodeBundlePrivates, openBundle } from '../../protocol/bundle.ts'
import type { BundlePrivates } from '../../protocol/bundle.ts'
import { emptyBytes } from '../../protocol/bytes.ts'
import { sealSigned } from '../../protocol/canonical.ts'
import { accountIdOf, createAccountKeys, createDeviceKeys } from '../../protocol/identity.ts'
import type { DeviceKeys } from '../../protocol/identity.ts'
import { labels } from '../../protocol/labels.ts'
import { envelopeBuckets } from '../../protocol/limits.ts'
import { deviceEntry } from '../../protocol/manifest.ts'
import {
  accept, contentCapacity, decrypt, encodeSession, encrypt, initiate
} from '../../protocol/session.ts'
import type { Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { Manifest } from '../../protocol/wire/restante.js'
import { keptLog } from '../support/kept-log.ts'

type MaybePromise<T> = T | Promise<T>

/** One side of a session, at its device. */
export interface End {
  encrypt: (content: Uint8Array) => MaybePromise<Uint8Array>
  decrypt: (message: Uint8Array) => MaybePromise<Uint8Array>
  /** What is kept of it now. */
  record: () => Uint8Array
}

/** Two people who have never met, and their session once the three steps were taken. */
export interface Introduction {
  /** At b: keys for one session, all of them new. The bytes that a would be given. */
  publish: () => MaybePromise<number>
  /** At a: checks what was published, begins a session, and writes the first message in it. */
  initiate: (content: Uint8Array) => MaybePromise<Uint8Array>
  /** At b: opens it, and forgets the keys. */
  accept: (message: Uint8Array) => MaybePromise<Uint8Array>
  readonly a: End
  readonly b: End
  /** Nothing of it stays with the next commit. */
  forget: () => void
}

export interface Contender {
  readonly name: string
  /** Of the operations of a round: a slow one is asked for fewer. */
  readonly share: number
  /** People whom neither device has seen before. Not measured. */
  introduce: (count: number) => MaybePromise<Introduction[]>
  /** Resolves when all that changed at this side is durable. */
  commit: (side: 'a' | 'b') => Promise<void>
  close: () => Promise<void>
}

/** One device's store, and what its next commit will write: of each record its last state. */
export class Shelf {
  readonly #store: ShreddingStore
  readonly #dirty = new Map<object, () => Write>()

  private constructor (store: ShreddingStore) {
    this.#store = store
  }

  static async open (dir: string, suite: CryptoSuite): Promise<Shelf> {
    mkdirSync(dir, { recursive: true })
    const log = keptLog()
    const passphrase = { existing: async () => undefined, fresh: async () => undefined }
    const { level, vault, dataKey } = await openProfile(
      { dir, create: true, listen: [], direct: false, passphrase, suite, random: systemRandom, log })
    return new Shelf(await openStore({ level, vault, dataKey, suite, random: systemRandom, clock: systemClock, log }))
  }

  /** `value` is called at the commit; what it gives undefined for is deleted. */
  changed (what: object, table: Table, key: Uint8Array, value: () => Uint8Array | undefined): void {
    this.#dirty.set(what, () => ({ table, key, value: value() }))
  }

  async commit (): Promise<void> {
    const writes = Array.from(this.#dirty.values(), (write) => write())
    this.#dirty.clear()
    if (writes.length > 0) await this.#store.batch(writes, { durable: true })
  }

  async close (): Promise<void> { await this.#store.close() }
}

/** Each record has a place of its own, as sessions have by account and id. */
export function placeOf (): Uint8Array { return systemRandom.bytes(64) }

const [smallest] = envelopeBuckets
const someTime = 1_800_000_000_000

class OwnEnd implements End {
  session: Session
  readonly #suite: CryptoSuite
  readonly #shelf: Shelf
  readonly #place = placeOf()

  constructor (suite: CryptoSuite, shelf: Shelf, session: Session) {
    this.#suite = suite
    this.#shelf = shelf
    this.session = session
    this.#changed()
  }

  encrypt (content: Uint8Array): Uint8Array {
    const bucket = contentCapacity(this.session, smallest) >= content.length ? smallest : 2 * smallest
    const { session, inner } = encrypt(this.#suite, systemRandom, this.session, content, bucket)
    this.session = session
    this.#changed()
    return inner
  }

  decrypt (message: Uint8Array): Uint8Array {
    const { session, content } = decrypt(this.#suite, systemRandom, this.session, message)
    this.session = session
    this.#changed()
    return content
  }

  record (): Uint8Array { return encodeSession(this.session) }

  forget (): void { this.#shelf.changed(this, 'session', this.#place, () => undefined) }


  #changed (): void { this.#shelf.changed(this, 'session', this.#place, () => this.record()) }
}

interface Person { device: DeviceKeys, manifest: Uint8Array, account: Uint8Array }

/**
 * `createManifest` would check what it makes, and the suites remember keys that were checked: people who
 * have never met have not been.
 */
function createPerson (suite: CryptoSuite): Person {
  const keys = createAccountKeys(suite, systemRandom)
  const device = createDeviceKeys(suite, systemRandom)
  const accountKey = keys.inception.publicKey
  const nextCommitment = keys.inceptionNext
  const account = accountIdOf(suite, accountKey, nextCommitment)
  const manifest = sealSigned(suite, keys.inception, labels.manifestSignature, Manifest.encode({
    version: 1,
    account,
    inceptionKey: accountKey,
    inceptionNext: nextCommitment,
    sequence: 0,
    previous: emptyBytes,
    accountKey,
    nextCommitment,
    devices: [deviceEntry(device, systemRandom.bytes(32), someTime)],
    revoked: [],
    createdAt: someTime
  }))
  return { device, manifest, account }
}

class OwnIntroduction implements Introduction {
  readonly #suite: CryptoSuite
  readonly #shelves: { a: Shelf, b: Shelf }
  readonly #people: { a: Person, b: Person }
  readonly #place = placeOf()
  #privates: BundlePrivates | undefined
  #published = emptyBytes
  #a: OwnEnd | undefined
  #b: OwnEnd | undefined

  constructor (suite: CryptoSuite, shelves: { a: Shelf, b: Shelf }) {
    this.#suite = suite
    this.#shelves = shelves
    this.#people = { a: createPerson(suite), b: createPerson(suite) }
  }

  publish (): number {
    const { device, manifest } = this.#people.b
    this.#privates = createBundle(this.#suite, systemRandom, { device, manifest, name: 'Bob', oneTime: true, expiresAt: 0 })
    this.#published = this.#privates.signed
    this.#keepPrivates()
    return this.#published.length
  }

  initiate (content: Uint8Array): Uint8Array {
    const { device, manifest } = this.#people.a
    const bundle = openBundle(this.#suite, this.#published, { account: this.#people.b.account, now: someTime })
    this.#a = new OwnEnd(this.#suite, this.#shelves.a, initiate(this.#suite, systemRandom, { device, manifest, bundle }))
    return this.#a.encrypt(content)
  }

  accept (message: Uint8Array): Uint8Array {
    const privates = this.#privates!
    const { device } = this.#people.b
    const { session, content } = accept(this.#suite, systemRandom, { device, privates, inner: message })
    this.#b = new OwnEnd(this.#suite, this.#shelves.b, session)
    this.#privates = undefined
    this.#keepPrivates()
    return content
  }

  get a (): End { return this.#a! }
  get b (): End { return this.#b! }

  forget (): void {
    this.#a!.forget()
    this.#b!.forget()
  }

  #keepPrivates (): void {
    this.#shelves.b.changed(this, 'invite', this.#place,
      () => this.#privates === undefined ? undefined : encodeBundlePrivates(this.#privates))
  }
}

/** This project's sessions on `suite`, and its store on the same. */
export async function ownSessions (dir: string, suite: CryptoSuite, share: number): Promise<Contender> {
  const shelves = {
    a: await Shelf.open(join(dir, suite.name, 'a'), suite),
    b: await Shelf.open(join(dir, suite.name, 'b'), suite)
  }
  return {
    name: suite.name,
    share,
    introduce: (count) => Array.from({ length: count }, () => new OwnIntroduction(suite, shelves)),
    commit: async (side) => { await shelves[side].commit() },
    close: async () => { await Promise.all([shelves.a.close(), shelves.b.close()]) }
  }
}
