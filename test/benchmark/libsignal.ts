/**
 * The same work by libsignal's own binding for Node, where somebody has installed it (peers/README.md).
 *
 * Its records are kept as ours are: in memory, as its binding gives them, and of each that changed the last
 * state is serialised once a commit, into a store of the same kind. It is loaded by its path, so that
 * nothing else needs it, not even its types.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nativeSuite } from '../../node/host/native-suite.ts'
import { keptLog } from '../support/kept-log.ts'
import { placeOf, Shelf } from './contenders.ts'
import type { Contender, End, Introduction } from './contenders.ts'

type Bytes = Uint8Array

interface Serializable { serialize: () => Bytes }
interface PublicKey extends Serializable { readonly isPublic?: true }
interface PrivateKey { getPublicKey: () => PublicKey, sign: (message: Bytes) => Bytes }
interface KemKeys { getPublicKey: () => PublicKey }
interface Address { name: () => string }
interface Prekey extends Serializable { publicKey: () => PublicKey }
interface SignedPrekey extends Prekey { signature: () => Bytes }
type Store = object

/** What is used of it here. */
interface Libsignal {
  PrivateKey: { generate: () => PrivateKey }
  KEMKeyPair: { generate: () => KemKeys }
  ProtocolAddress: { new: (name: string, deviceId: number) => Address }
  PreKeyRecord: { new: (id: number, publicKey: PublicKey, privateKey: PrivateKey) => Prekey }
  SignedPreKeyRecord: {
    new: (id: number, at: number, publicKey: PublicKey, privateKey: PrivateKey, signature: Bytes) => SignedPrekey
  }
  KyberPreKeyRecord: { new: (id: number, at: number, keys: KemKeys, signature: Bytes) => SignedPrekey }
  PreKeyBundle: {
    new: (registrationId: number, deviceId: number, prekeyId: number, prekey: PublicKey, signedPrekeyId: number,
      signedPrekey: PublicKey, signature: Bytes, identity: PublicKey, kyberId: number, kyber: PublicKey,
      kyberSignature: Bytes) => object
  }
  SignalMessage: { deserialize: (bytes: Bytes) => object }
  PreKeySignalMessage: { deserialize: (bytes: Bytes) => object }
  SessionStore: new () => Store
  IdentityKeyStore: new () => Store
  PreKeyStore: new () => Store
  SignedPreKeyStore: new () => Store
  KyberPreKeyStore: new () => Store
  processPreKeyBundle: (bundle: object, peer: Address, own: Address, sessions: Store, identities: Store) => Promise<void>
  signalEncrypt: (content: Bytes, peer: Address, own: Address, sessions: Store, identities: Store) => Promise<Serializable>
  signalDecrypt: (message: object, peer: Address, own: Address, sessions: Store, identities: Store) => Promise<Bytes>
  signalDecryptPreKey: (message: object, peer: Address, own: Address, sessions: Store, identities: Store,
    prekeys: Store, signedPrekeys: Store, kyberPrekeys: Store) => Promise<Bytes>
}

const entry = join(import.meta.dirname, 'peers/node_modules/@signalapp/libsignal-client/dist/index.js')

/** Undefined where it is not installed. */
export async function libsignalSessions (dir: string): Promise<Contender | undefined> {
  let lib: Libsignal
  try {
    lib = await import(pathToFileURL(entry).href) as Libsignal
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
  const suite = nativeSuite(keptLog())
  const shelves = {
    a: await Shelf.open(join(dir, 'libsignal', 'a'), suite),
    b: await Shelf.open(join(dir, 'libsignal', 'b'), suite)
  }
  const Sides = sidesOf(lib)
  return {
    name: 'libsignal',
    share: 1,
    introduce: (count) => Array.from({ length: count }, (_, n) => introduction(lib, n, new Sides(shelves.a), new Sides(shelves.b))),
    commit: async (side) => { await shelves[side].commit() },
    close: async () => { await Promise.all([shelves.a.close(), shelves.b.close()]) }
  }
}

interface Side {
  readonly own: Address
  readonly identity: PrivateKey
  readonly sessions: Store
  readonly identities: Store
  readonly prekeys: Record<'ec' | 'signed' | 'kyber', Store>
  current: () => Serializable
  forget: () => void
  keep: (prekeys: Record<'ec' | 'signed' | 'kyber', Serializable>) => void
}

/** The stores of one person with one contact, on a shelf. Its base classes come with the library. */
function sidesOf (lib: Libsignal): new (shelf: Shelf) => Side {
  let names = 0

  class Sessions extends lib.SessionStore {
    record: Serializable | undefined
    readonly #shelf: Shelf
    readonly #place = placeOf()

    constructor (shelf: Shelf) {
      super()
      this.#shelf = shelf
    }

    async saveSession (_peer: Address, record: Serializable): Promise<void> {
      this.record = record
      this.#shelf.changed(this, 'session', this.#place, () => this.record!.serialize())
    }

    forget (): void { this.#shelf.changed(this, 'session', this.#place, () => undefined) }

    async getSession (): Promise<Serializable | null> { return this.record ?? null }
    async getExistingSessions (): Promise<Serializable[]> { return [this.record!] }
  }

  class Identities extends lib.IdentityKeyStore {
    readonly #identity: PrivateKey
    #theirs: PublicKey | null = null

    constructor (identity: PrivateKey) {
      super()
      this.#identity = identity
    }

    async getIdentityKey (): Promise<PrivateKey> { return this.#identity }
    async getLocalRegistrationId (): Promise<number> { return 1 }
    async isTrustedIdentity (): Promise<boolean> { return true }
    async getIdentity (): Promise<PublicKey | null> { return this.#theirs }
    async saveIdentity (_peer: Address, key: PublicKey): Promise<number> {
      this.#theirs = key
      return 0
    }
  }

  /** Prekeys that serve one session: they go with it, the signed one too. */
  class Prekeys {
    ec: Serializable | undefined
    signed: Serializable | undefined
    kyber: Serializable | undefined
    readonly #shelf: Shelf
    readonly #places = { ec: placeOf(), signed: placeOf(), kyber: placeOf() }

    constructor (shelf: Shelf) {
      this.#shelf = shelf
    }

    keep (prekeys: Record<'ec' | 'signed' | 'kyber', Serializable | undefined>): void {
      Object.assign(this, prekeys)
      for (const kind of ['ec', 'signed', 'kyber'] as const) {
        this.#shelf.changed(this.#places[kind], 'invite', this.#places[kind], () => this[kind]?.serialize())
      }
    }

    used (): void { this.keep({ ec: undefined, signed: undefined, kyber: undefined }) }
  }

  class EcPrekeys extends lib.PreKeyStore {
    readonly #kept: Prekeys

    constructor (kept: Prekeys) {
      super()
      this.#kept = kept
    }

    async getPreKey (): Promise<Serializable> { return this.#kept.ec! }
    async removePreKey (): Promise<void> { this.#kept.used() }
  }

  class SignedPrekeys extends lib.SignedPreKeyStore {
    readonly #kept: Prekeys

    constructor (kept: Prekeys) {
      super()
      this.#kept = kept
    }

    async getSignedPreKey (): Promise<Serializable> { return this.#kept.signed! }
  }

  class KyberPrekeys extends lib.KyberPreKeyStore {
    readonly #kept: Prekeys

    constructor (kept: Prekeys) {
      super()
      this.#kept = kept
    }

    async getKyberPreKey (): Promise<Serializable> { return this.#kept.kyber! }
    async markKyberPreKeyUsed (): Promise<void> { /* It goes with the other two. */ }
  }

  return class implements Side {
    readonly own = lib.ProtocolAddress.new(`person ${names++}`, 1)
    readonly identity = lib.PrivateKey.generate()
    readonly identities = new Identities(this.identity)
    readonly sessions: Sessions
    readonly prekeys: Side['prekeys']
    readonly #kept: Prekeys

    constructor (shelf: Shelf) {
      this.#kept = new Prekeys(shelf)
      this.sessions = new Sessions(shelf)
      this.prekeys = {
        ec: new EcPrekeys(this.#kept), signed: new SignedPrekeys(this.#kept), kyber: new KyberPrekeys(this.#kept)
      }
    }

    current (): Serializable { return this.sessions.record! }
    forget (): void { this.sessions.forget() }
    keep (prekeys: Record<'ec' | 'signed' | 'kyber', Serializable>): void { this.#kept.keep(prekeys) }
  }
}

function introduction (lib: Libsignal, id: number, a: Side, b: Side): Introduction {
  let bundle: object
  const end = (own: Side, peer: Side): End => ({
    encrypt: async (content) =>
      (await lib.signalEncrypt(content, peer.own, own.own, own.sessions, own.identities)).serialize(),
    decrypt: async (message) =>
      await lib.signalDecrypt(lib.SignalMessage.deserialize(message), peer.own, own.own, own.sessions, own.identities),
    record: () => own.current().serialize()
  })
  const ends = { a: end(a, b), b: end(b, a) }
  return {
    ...ends,
    publish () {
      const [ec, signed, kem] = [lib.PrivateKey.generate(), lib.PrivateKey.generate(), lib.KEMKeyPair.generate()]
      const sign = (key: PublicKey): Bytes => b.identity.sign(key.serialize())
      const prekeys = {
        ec: lib.PreKeyRecord.new(id, ec.getPublicKey(), ec),
        signed: lib.SignedPreKeyRecord.new(id, Date.now(), signed.getPublicKey(), signed, sign(signed.getPublicKey())),
        kyber: lib.KyberPreKeyRecord.new(id, Date.now(), kem, sign(kem.getPublicKey()))
      }
      b.keep(prekeys)
      bundle = lib.PreKeyBundle.new(1, 1, id, prekeys.ec.publicKey(), id, prekeys.signed.publicKey(),
        prekeys.signed.signature(), b.identity.getPublicKey(), id, prekeys.kyber.publicKey(), prekeys.kyber.signature())
      return [prekeys.ec.publicKey(), prekeys.signed.publicKey(), b.identity.getPublicKey(), prekeys.kyber.publicKey()]
        .reduce((sum, key) => sum + key.serialize().length, 2 * 64)
    },
    async initiate (content) {
      await lib.processPreKeyBundle(bundle, b.own, a.own, a.sessions, a.identities)
      return await ends.a.encrypt(content)
    },
    async accept (message) {
      const { ec, signed, kyber } = b.prekeys
      return await lib.signalDecryptPreKey(lib.PreKeySignalMessage.deserialize(message), a.own, b.own, b.sessions,
        b.identities, ec, signed, kyber)
    },
    forget () {
      a.forget()
      b.forget()
    }
  }
}
