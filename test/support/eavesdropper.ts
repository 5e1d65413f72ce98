/**
 * Who has stolen the state of one side once, and from then on hears every message of both sides, in
 * the order in which they were sent, and is told each Diffie-Hellman output: an attacker with a
 * quantum computer, who can break X25519 and not ML-KEM.
 *
 * Written from spec 05 alone, with the primitives: what it can read does not depend on the code
 * that it attacks, but for the state that it steals.
 */
import { concat, emptyBytes, readU32be, toHex, u32be } from '../../protocol/bytes.ts'
import { labels } from '../../protocol/labels.ts'
import { stateOf } from '../../protocol/session-state.ts'
import type { Session } from '../../protocol/session.ts'
import type { CryptoSuite, PrivateKey } from '../../protocol/suite.ts'

export type Speaker = 'victim' | 'peer'

/** A suite that remembers every private key, by the public one. */
export interface Broken {
  suite: CryptoSuite
  /** The secret of two public keys, one of which was made by `suite`. */
  agreed: (one: Uint8Array, other: Uint8Array) => Uint8Array
  /** 64 bytes; undefined for a key that was not made by `suite`. */
  kemSeed: (publicKey: Uint8Array) => Uint8Array | undefined
}

export function breakSuite (suite: CryptoSuite): Broken {
  const curve = new Map<string, PrivateKey>()
  const kem = new Map<string, PrivateKey>()
  const remembering = <Key extends PrivateKey>(
    keys: Map<string, PrivateKey>, make: (seed: Uint8Array) => Key
  ) => (seed: Uint8Array): Key => {
    const key = make(seed)
    keys.set(toHex(key.publicKey), key)
    return key
  }
  return {
    suite: {
      ...suite,
      x25519Private: remembering(curve, suite.x25519Private),
      kemPrivate: remembering(kem, suite.kemPrivate)
    },
    agreed: (one, other) => suite.x25519(curve.get(toHex(one))!, other),
    kemSeed: (publicKey) => kem.get(toHex(publicKey))?.exportSeed()
  }
}

interface Direction extends Lane {
  publicKey: Uint8Array
  chain: { headerKey: Uint8Array, chainKey: Uint8Array, next: number } | undefined
  nextHeaderKey: Uint8Array
}

interface Lane {
  /** Of this side's own keys. */
  epoch: number
  pqRoot: Uint8Array
  secrets: Map<number, Uint8Array>
  /** By epoch, 32 bytes a unit. */
  key: Map<number, Uint8Array[]>
  ciphertext: Map<number, Uint8Array[]>
}

const unitsOfKey = 37
const unitsOfCiphertext = 34
const noUnits: readonly Uint8Array[] = []

export class Eavesdropper {
  readonly #suite: CryptoSuite
  readonly #agreed: Broken['agreed']
  readonly #kemSeed: (publicKey: Uint8Array) => Uint8Array | undefined
  readonly #association: Uint8Array
  readonly #sides: Record<Speaker, Direction>
  #root: Uint8Array

  /** `stolen`: confirmed. `isKemBroken`: it is told the seeds of all KEM keys too, as a control. */
  constructor (broken: Broken, suite: CryptoSuite, stolen: Session, isKemBroken = false) {
    const { association, ratchet } = stateOf(stolen)
    const { own, peer, sending, receiving, pq: { offer, answer } } = ratchet
    this.#suite = suite
    this.#agreed = broken.agreed
    this.#association = association
    this.#root = ratchet.root
    const lane = (epoch: number, pqRoot: Uint8Array, secret: Uint8Array | undefined): Lane => ({
      epoch: Math.max(0, epoch - 2),
      pqRoot,
      secrets: new Map(secret === undefined ? [] : [[epoch, secret]]),
      key: new Map(),
      ciphertext: new Map()
    })
    this.#sides = {
      victim: {
        publicKey: own.publicKey,
        chain: sending,
        nextHeaderKey: ratchet.nextSendingHeaderKey,
        ...lane(offer.epoch, offer.root, offer.state === 'agreed' ? offer.secret : undefined)
      },
      peer: {
        publicKey: peer,
        chain: receiving,
        nextHeaderKey: ratchet.nextReceivingHeaderKey,
        ...lane(answer.epoch, answer.root, 'secret' in answer ? answer.secret : undefined)
      }
    }
    const stolenKey = 'key' in offer ? offer.key : undefined
    const stolenUnits = 'ciphertext' in offer ? offer.ciphertext : []
    if (stolenKey !== undefined) {
      this.#sides.victim.key.set(offer.epoch, cut(stolenKey.publicKey))
      this.#sides.peer.ciphertext.set(offer.epoch, Array.from(stolenUnits, (unit) => unit!))
    }
    if ('key' in answer) this.#sides.peer.key.set(answer.epoch, Array.from(answer.key, (unit) => unit!))
    this.#kemSeed = (publicKey) => {
      if (isKemBroken) return broken.kemSeed(publicKey)
      return stolenKey !== undefined && toHex(stolenKey.publicKey) === toHex(publicKey)
        ? stolenKey.exportSeed()
        : undefined
    }
  }

  /** The content of an inner of kind 2, or undefined where the attacker can't read it. */
  read (from: Speaker, inner: Uint8Array): Uint8Array | undefined {
    const message = inner.subarray(1)
    const side = this.#sides[from]
    const other = this.#sides[from === 'victim' ? 'peer' : 'victim']
    let header = side.chain === undefined ? undefined : this.#openHeader(message, side.chain.headerKey)
    if (header === undefined) {
      header = this.#openHeader(message, side.nextHeaderKey)
      if (header === undefined) return undefined
      const epoch = readU32be(header, 44)
      const secret = epoch === side.epoch ? emptyBytes : this.#secretOf(side, other, epoch)
      if (secret === undefined) return undefined
      const publicKey = header.slice(4, 36)
      const okm = this.#suite.hkdf(this.#root, concat(this.#agreed(publicKey, other.publicKey), secret),
        concat(labels.ratchetRoot, u32be(epoch)), 96)
      this.#root = okm.slice(0, 32)
      side.chain = { headerKey: side.nextHeaderKey, chainKey: okm.slice(32, 64), next: 0 }
      side.nextHeaderKey = okm.slice(64, 96)
      side.publicKey = publicKey
      side.epoch = epoch
    }
    const chain = { ...side.chain! }
    for (const number = readU32be(header, 40); chain.next < number; chain.next++) {
      chain.chainKey = this.#suite.hmac(chain.chainKey, Uint8Array.of(2))
    }
    const messageKey = this.#suite.hmac(chain.chainKey, Uint8Array.of(1))
    const okm = this.#suite.expand(messageKey, concat(labels.ratchetMessage, message.subarray(0, 12)), 44)
    const plaintext = this.#suite.open(okm.slice(0, 32), okm.slice(32), message.subarray(76),
      concat(this.#association, message.subarray(0, 76)))
    if (plaintext === undefined) return undefined
    side.chain = chain
    const end = 4 + readU32be(plaintext, 0)
    this.#keepUnits(side, plaintext.subarray(end))
    return plaintext.slice(4, end)
  }

  #openHeader (message: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    return this.#suite.open(key, message.subarray(0, 12), message.subarray(12, 76), this.#association)
  }

  #keepUnits (side: Direction, records: Uint8Array): void {
    let at = 0
    while (at < records.length && records[at] !== 0) {
      const kind = records[at]!
      if (kind > 2) {
        at += 6
        continue
      }
      const epoch = readU32be(records, at + 1)
      const [first, count] = [records[at + 5]!, records[at + 6]!]
      const units = kind === 1 ? side.key : side.ciphertext
      const held = units.get(epoch) ?? []
      for (let n = 0; n < count; n++) held[first + n] ??= records.slice(at + 7 + 32 * n, at + 39 + 32 * n)
      units.set(epoch, held)
      at += 7 + 32 * count
    }
  }

  /** Of an epoch that `side` offered and `other` answered. */
  #secretOf (side: Direction, other: Direction, epoch: number): Uint8Array | undefined {
    const known = side.secrets.get(epoch)
    if (known !== undefined) return known
    const key = whole(side.key.get(epoch), unitsOfKey)
    const ciphertext = whole(other.ciphertext.get(epoch), unitsOfCiphertext)
    if (key === undefined || ciphertext === undefined) return undefined
    const seed = this.#kemSeed(key)
    if (seed === undefined) return undefined
    const shared = this.#suite.decapsulate(this.#suite.kemPrivate(seed), ciphertext)
    const hashes = [key, ciphertext].map(this.#suite.sha256)
    const info = concat(labels.ratchetPq, u32be(epoch), ...hashes)
    const okm = this.#suite.hkdf(side.pqRoot, shared, info, 64)
    side.pqRoot = okm.slice(0, 32)
    return okm.slice(32)
  }
}

function cut (bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / 32 }, (_, unit) => bytes.slice(32 * unit, 32 * unit + 32))
}

function whole (held: readonly Uint8Array[] = noUnits, units: number): Uint8Array | undefined {
  return Array.from({ length: units }, (_, unit) => held[unit]).every((unit) => unit !== undefined)
    ? concat(...held)
    : undefined
}
