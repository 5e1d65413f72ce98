/**
 * How the key of the profile's store lies in the browser: under a passphrase, by the key file that the
 * command has too (node/store/profile.ts), or under an AES key that the browser keeps and gives to nobody,
 * not even to this page, as bytes.
 *
 * The second one keeps out who copies single files of the browser's data, or backs them up. It keeps out
 * nobody who can run the browser as its owner: that is what the passphrase is for.
 */
import { StoreError } from '../../protocol/errors.ts'
import { utf8 } from '../../protocol/bytes.ts'
import { storeLabels } from '../../protocol/labels.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { changePassphrase, createKeyFile, openKeyFile } from '../../node/store/profile.ts'
import type { KeyVault } from '../../node/store/epochs.ts'
import type { Database } from './database.ts'
import { workerKdf } from './kdf.ts'
import { browserRandom } from './world.ts'

const keyName = 'key'
const epochsName = 'epochs'
const nonceBytes = 12

/** `file`: a key file without a passphrase, sealed by AES-256-GCM. */
interface KeptByBrowser { kind: 'browser', key: CryptoKey, nonce: Uint8Array<ArrayBuffer>, sealed: Uint8Array<ArrayBuffer> }
interface KeptByPassphrase { kind: 'passphrase', file: Uint8Array }
type Kept = KeptByBrowser | KeptByPassphrase

export type Protection = Kept['kind']

/** Undefined: there is no profile yet. */
export async function readProtection (database: Database): Promise<Protection | undefined> {
  return (await readKept(database))?.kind
}

/** Makes the key of a new profile. Rejects with STORE_FAILED. */
export async function createDataKey (database: Database, passphrase: string | undefined): Promise<Uint8Array> {
  const { file, dataKey } = await createKeyFile(nobleSuite, browserRandom, bytesOf(passphrase), workerKdf)
  await write(database, passphrase === undefined ? await keepInBrowser(file) : { kind: 'passphrase', file })
  return dataKey
}

/** `passphrase` is not looked at where there is none. Rejects with PASSPHRASE_NEEDED, PASSPHRASE_WRONG, STORE_CORRUPT. */
export async function openDataKey (database: Database, passphrase: string | undefined): Promise<Uint8Array> {
  const kept = await readKept(database)
  if (kept === undefined) throw new StoreError('STORE_CORRUPT', 'The key of this profile is missing.')
  const { dataKey } = await openKeyFile(nobleSuite, await fileOf(kept), bytesOf(passphrase), workerKdf)
  return dataKey
}

/**
 * From one passphrase, or none, to another, or none. The store is not rewritten, and what the browser has
 * not yet erased of its old files still opens as it did. Rejects with PASSPHRASE_NEEDED, PASSPHRASE_WRONG.
 */
export async function changeProtection (
  database: Database, from: string | undefined, to: string | undefined
): Promise<Protection> {
  const kept = await readKept(database)
  if (kept === undefined) throw new StoreError('STORE_CORRUPT', 'The key of this profile is missing.')
  const { file } = await changePassphrase(nobleSuite, browserRandom, await fileOf(kept), bytesOf(from),
    () => Promise.resolve(bytesOf(to)), workerKdf)
  const next: Kept = to === undefined ? await keepInBrowser(file) : { kind: 'passphrase', file }
  await write(database, next)
  return next.kind
}

/** The keys of the shredded tables. A browser erases what is replaced when it tidies its files up, not at once. */
export function databaseVault (database: Database): KeyVault {
  return {
    async read () {
      const content = await database.value(epochsName)
      return content instanceof Uint8Array ? content : undefined
    },
    async replace (content) { await database.setValue(epochsName, content) }
  }
}

async function readKept (database: Database): Promise<Kept | undefined> {
  return await database.value(keyName) as Kept | undefined
}

async function write (database: Database, kept: Kept): Promise<void> {
  await database.setValue(keyName, kept)
}

async function keepInBrowser (file: Uint8Array): Promise<KeptByBrowser> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const nonce = Uint8Array.from(browserRandom.bytes(nonceBytes))
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: Uint8Array.from(storeLabels.keptKey) }
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, Uint8Array.from(file)))
  return { kind: 'browser', key, nonce, sealed }
}

async function fileOf (kept: Kept): Promise<Uint8Array> {
  if (kept.kind === 'passphrase') return kept.file
  const algorithm = { name: 'AES-GCM', iv: kept.nonce, additionalData: Uint8Array.from(storeLabels.keptKey) }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, kept.key, kept.sealed))
  } catch (cause) {
    throw new StoreError('STORE_CORRUPT', 'The key of this profile is damaged.', { cause })
  }
}

function bytesOf (passphrase: string | undefined): Uint8Array | undefined {
  // One passphrase, however the keyboard composes it.
  return passphrase === undefined ? undefined : utf8(passphrase.normalize('NFC'))
}
