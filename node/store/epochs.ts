/**
 * The keys of the tables that are shredded (docs/decisions/0004): one for each epoch, kept outside
 * the database, so that destroying it makes unreadable what the database still holds of deleted and
 * replaced records.
 *
 *     stored   = epoch u32 ‖ record, as records.ts makes it, under the key of that epoch
 *     contents = version u8 ‖ salt 16 ‖ ChaCha20-Poly1305(HKDF(salt, vault key), 0,
 *                turned at u64 ‖ keys u8 ‖ (epoch u32 ‖ key 32) …)
 *
 * Two keys: a turn is under way. Not here: when to turn, and rewriting records (shredding.ts).
 */
import { ByteReader, concat, draw, readU32be, u32be, u64be } from '../../protocol/bytes.ts'
import { StoreError } from '../../protocol/errors.ts'
import { storeLabels } from '../../protocol/labels.ts'
import type { Clock, Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { createRecords } from './records.ts'
import type { BatchSealer, OpenedRecord, Records } from './records.ts'

/** A few bytes outside the database, on a medium where what is replaced is gone. */
export interface KeyVault {
  /** Undefined: nothing was ever put there. */
  read: () => Promise<Uint8Array | undefined>
  /**
   * Durable, or unchanged; never in part. Once it resolves, the former content can't be read any more, as far
   * as the medium lets anybody see to that.
   */
  replace: (content: Uint8Array) => Promise<void>
}

export interface EpochsOptions {
  vault: KeyVault
  dataKey: Uint8Array
  suite: Pick<CryptoSuite, 'hkdf' | 'expand' | 'seal' | 'open'>
  random: Random
  clock: Pick<Clock, 'now'>
}

export interface Epochs {
  /** Under the newest key. */
  sealBatch: () => BatchSealer
  /** Undefined where the record was altered or moved, or its epoch's key is gone. */
  open: (storedKey: Uint8Array, stored: Uint8Array) => OpenedRecord | undefined
  /** Whether a stored record is sealed under the newest key. */
  isNewest: (stored: Uint8Array) => boolean
  /** A turn began, in this process or a former one, and has not ended. */
  readonly isTurning: boolean
  /** Wall clock, milliseconds. */
  readonly turnedAt: number
  /** Adds a key, durably; everything is sealed under it from then on. Rejects with what the vault says: nothing changed. */
  begin: () => Promise<void>
  /** Leaves the newest key alone in the vault: what is sealed under others is lost. */
  end: () => Promise<void>
}

const contentsVersion = 1
const saltBytes = 16
const keyBytes = 32
/** More than one turn is never under way. */
const keysMax = 2
const epochBytes = 4

interface Epoch { number: number, key: Uint8Array, records: Records }

/** For a database that holds nothing sealed under an epoch. What the vault may hold is replaced. */
export async function createEpochs (options: EpochsOptions): Promise<Epochs> {
  const first = epochOf(options, 1, draw(options.random, keyBytes))
  const turnedAt = options.clock.now()
  await options.vault.replace(sealContents(options, [first], turnedAt))
  return epochsOf(options, [first], turnedAt)
}

/** Rejects with STORE_CORRUPT where the vault has not what was put there under this data key. */
export async function openEpochs (options: EpochsOptions): Promise<Epochs> {
  const contents = await options.vault.read()
  if (contents === undefined) throw new StoreError('STORE_CORRUPT', 'The key of the sessions is missing.')
  const { keys, turnedAt } = openContents(options, contents)
  return epochsOf(options, keys.map(({ number, key }) => epochOf(options, number, key)), turnedAt)
}

function epochsOf (options: EpochsOptions, known: Epoch[], turned: number): Epochs {
  const { vault, random, clock } = options
  let epochs = known
  let turnedAt = turned
  const newest = (): Epoch => epochs[epochs.length - 1]!

  return {
    get isTurning () { return epochs.length > 1 },
    get turnedAt () { return turnedAt },

    sealBatch () {
      const { number, records } = newest()
      return records.sealBatch(u32be(number))
    },

    open (storedKey, stored) {
      if (stored.length < epochBytes) return undefined
      const number = readU32be(stored, 0)
      const epoch = epochs.find(one => one.number === number)
      return epoch?.records.open(storedKey, stored.subarray(epochBytes))
    },

    isNewest: stored => stored.length >= epochBytes && readU32be(stored, 0) === newest().number,

    async begin () {
      if (epochs.length > 1) return
      const next = epochOf(options, newest().number + 1, draw(random, keyBytes))
      await vault.replace(sealContents(options, [...epochs, next], turnedAt))
      epochs = [...epochs, next]
    },

    async end () {
      const kept = newest()
      const now = clock.now()
      await vault.replace(sealContents(options, [kept], now))
      const gone = epochs.filter(epoch => epoch !== kept)
      epochs = [kept]
      turnedAt = now
      for (const { key, records } of gone) {
        key.fill(0)
        records.forget()
      }
    }
  }
}

/** The data key is part of it: whoever has a copy of the vault's key alone opens nothing. */
function epochOf ({ suite, random, dataKey }: EpochsOptions, number: number, key: Uint8Array): Epoch {
  const recordKey = suite.hkdf(dataKey, key, concat(storeLabels.epochKey, u32be(number)), 32)
  return { number, key, records: createRecords(suite, random, recordKey) }
}

function sealContents (options: EpochsOptions, epochs: Epoch[], turnedAt: number): Uint8Array {
  const { suite, random } = options
  const plain = concat(u64be(Math.floor(turnedAt)), Uint8Array.of(epochs.length),
    ...epochs.flatMap(({ number, key }) => [u32be(number), key]))
  const head = Uint8Array.of(contentsVersion)
  const salt = draw(random, saltBytes)
  const sealed = suite.seal(wrappingKey(options, salt), onceNonce, plain, head)
  plain.fill(0)
  return concat(head, salt, sealed)
}

function openContents (options: EpochsOptions, contents: Uint8Array): {
  keys: Array<{ number: number, key: Uint8Array }>, turnedAt: number
} {
  if (contents.length > 0 && contents[0]! > contentsVersion) throw new StoreError('STORE_TOO_NEW')
  const damaged = (): StoreError => new StoreError('STORE_CORRUPT', 'The key of the sessions is damaged, or another profile\'s.')
  const reader = new ByteReader(contents, damaged)
  const head = reader.take(1)
  const salt = reader.take(saltBytes)
  const plain = options.suite.open(wrappingKey(options, salt), onceNonce, contents.subarray(1 + saltBytes), head)
  if (plain === undefined) throw damaged()
  const inside = new ByteReader(plain, damaged)
  const turnedAt = inside.u64()
  const count = inside.u8()
  if (count < 1 || count > keysMax) throw damaged()
  const keys = Array.from({ length: count }, () => ({ number: inside.u32(), key: inside.take(keyBytes) }))
  inside.end()
  return { keys, turnedAt }
}

/** Each salt's key seals one thing. */
const onceNonce = new Uint8Array(12)

function wrappingKey ({ suite, dataKey }: EpochsOptions, salt: Uint8Array): Uint8Array {
  return suite.hkdf(salt, suite.expand(dataKey, storeLabels.vault, 32), storeLabels.vault, 32)
}
