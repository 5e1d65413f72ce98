/**
 * The key file of a profile: the 32-byte key of its store, wrapped under a passphrase or in clear.
 *
 * Bytes in, bytes out; writing the file so that no crash tears it is the host's part, and so is
 * asking for the passphrase. docs/decisions/0004 says what this protects against. A new passphrase
 * wraps the same key anew: the store is not rewritten, and a copy of the old file still opens it.
 */
import { base64urlnopad } from '@scure/base'
import * as v from 'valibot'
import { StoreError, UsageError } from '../../protocol/errors.ts'
import { utf8 } from '../../protocol/bytes.ts'
import type { Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { PassphraseCost, PassphraseKdf } from './kdf.ts'

type KeyFileSuite = Pick<CryptoSuite, 'sha256' | 'seal' | 'open'>

const keyFileFormat = 'restante profile key'
const keyFileVersion = 1
const keyFileBytesMax = 4096

/** About half a second natively, two in the browser; RFC 9106's second recommendation, with one lane. */
const costOfNewFile: PassphraseCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 }
/** Whoever can write the file must not make a guess cheaper than this … */
const costMin: PassphraseCost = { memoryKiB: 19 * 1024, passes: 2, lanes: 1 }
/** … nor make opening it take gigabytes or minutes. */
const costMax: PassphraseCost = { memoryKiB: 256 * 1024, passes: 16, lanes: 4 }

const saltBytes = 16
const dataKeyBytes = 32
/** Each wrapping draws a salt, so a wrapping key seals one thing only. */
const wrapNonce = new Uint8Array(12)

const bytesOf = (length: number) => v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]*$/),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      const bytes = base64urlnopad.decode(dataset.value)
      if (bytes.length === length) return bytes
    } catch {
      // Not base64url: the same issue as a wrong length.
    }
    addIssue({ message: `not ${length} bytes` })
    return NEVER
  })
)
const between = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))

const kdfSchema = v.strictObject({
  name: v.literal('argon2id'),
  memoryKiB: between(costMin.memoryKiB, costMax.memoryKiB),
  passes: between(costMin.passes, costMax.passes),
  lanes: between(costMin.lanes, costMax.lanes),
  salt: bytesOf(saltBytes)
})
const envelopeSchema = v.object({ format: v.literal(keyFileFormat), version: between(1, 2 ** 31) })
const common = {
  format: v.literal(keyFileFormat), version: v.literal(keyFileVersion), checksum: bytesOf(8)
}
const keyFileSchema = v.variant('protected', [
  v.strictObject({ ...common, protected: v.literal(true), kdf: kdfSchema, wrappedKey: bytesOf(dataKeyBytes + 16) }),
  v.strictObject({ ...common, protected: v.literal(false), dataKey: bytesOf(dataKeyBytes) })
])
type KeyFile = v.InferOutput<typeof keyFileSchema>

/** Draws a new data key. `passphrase` undefined: the key lies in the file in clear. */
export async function createKeyFile (
  suite: KeyFileSuite, random: Random, passphrase: Uint8Array | undefined, kdf: PassphraseKdf
): Promise<{ file: Uint8Array, dataKey: Uint8Array }> {
  const dataKey = random.bytes(dataKeyBytes)
  return { file: await wrap(suite, random, dataKey, passphrase, kdf), dataKey }
}

/**
 * `passphrase` is not looked at where the file is unprotected. Rejects with StoreError:
 * PASSPHRASE_NEEDED, PASSPHRASE_WRONG, STORE_TOO_NEW, STORE_CORRUPT.
 */
export async function openKeyFile (
  suite: KeyFileSuite, file: Uint8Array, passphrase: Uint8Array | undefined, kdf: PassphraseKdf
): Promise<{ dataKey: Uint8Array }> {
  const parsed = parse(suite, file)
  if (!parsed.protected) return { dataKey: parsed.dataKey }
  if (passphrase === undefined) throw new StoreError('PASSPHRASE_NEEDED')
  const { salt, memoryKiB, passes, lanes } = parsed.kdf
  const wrappingKey = await kdf(passphrase, salt, { memoryKiB, passes, lanes })
  const dataKey = suite.open(wrappingKey, wrapNonce, parsed.wrappedKey, utf8(headerOf({ memoryKiB, passes, lanes }, salt)))
  wrappingKey.fill(0)
  if (dataKey === undefined) throw new StoreError('PASSPHRASE_WRONG')
  return { dataKey }
}

/** Whether a passphrase protects this profile. Throws StoreError STORE_TOO_NEW or STORE_CORRUPT. */
export function isProtected (suite: KeyFileSuite, file: Uint8Array): boolean {
  return parse(suite, file).protected
}

/**
 * The file for the same data key under another passphrase, or under none. `to` is asked once `from` has
 * opened the file. Rejects as openKeyFile does.
 */
export async function changePassphrase (
  suite: KeyFileSuite, random: Random, file: Uint8Array, from: Uint8Array | undefined,
  to: () => Promise<Uint8Array | undefined>, kdf: PassphraseKdf
): Promise<{ file: Uint8Array }> {
  const { dataKey } = await openKeyFile(suite, file, from, kdf)
  try {
    return { file: await wrap(suite, random, dataKey, await to(), kdf) }
  } finally {
    dataKey.fill(0)
  }
}

async function wrap (
  suite: KeyFileSuite, random: Random, dataKey: Uint8Array, passphrase: Uint8Array | undefined, kdf: PassphraseKdf
): Promise<Uint8Array> {
  const start = { format: keyFileFormat, version: keyFileVersion }
  if (passphrase === undefined) {
    return encode(suite, { ...start, protected: false, dataKey: base64urlnopad.encode(dataKey) })
  }
  if (passphrase.length === 0) throw new UsageError('USAGE', 'The passphrase is empty.')
  const salt = random.bytes(saltBytes)
  const wrappingKey = await kdf(passphrase, salt, costOfNewFile)
  const header = headerOf(costOfNewFile, salt)
  const wrappedKey = suite.seal(wrappingKey, wrapNonce, dataKey, utf8(header))
  wrappingKey.fill(0)
  return encode(suite, { ...JSON.parse(header) as object, wrappedKey: base64urlnopad.encode(wrappedKey) })
}

/** All that stands beside the wrapped key, authenticated with it; written again from what was parsed. */
function headerOf ({ memoryKiB, passes, lanes }: PassphraseCost, salt: Uint8Array): string {
  return JSON.stringify({
    format: keyFileFormat,
    version: keyFileVersion,
    protected: true,
    kdf: { name: 'argon2id', memoryKiB, passes, lanes, salt: base64urlnopad.encode(salt) }
  })
}

/** Tells a damaged file from a wrong passphrase. It keeps nobody from altering the file. */
function checksumOf (suite: KeyFileSuite, fields: object): string {
  return base64urlnopad.encode(suite.sha256(utf8(JSON.stringify(fields))).subarray(0, 8))
}

function encode (suite: KeyFileSuite, fields: object): Uint8Array {
  return utf8(JSON.stringify({ ...fields, checksum: checksumOf(suite, fields) }, undefined, 2) + '\n')
}

function parse (suite: KeyFileSuite, file: Uint8Array): KeyFile {
  if (file.length > keyFileBytesMax) throw new StoreError('STORE_CORRUPT', 'The key file is too long to be one.')
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file))
  } catch {
    // The parser's message quotes the file, and the file may hold the key: it goes no further.
    throw new StoreError('STORE_CORRUPT', 'The key file is damaged: it is no JSON.')
  }
  const envelope = v.safeParse(envelopeSchema, json)
  if (!envelope.success) throw new StoreError('STORE_CORRUPT', 'The key file is damaged, or is none.')
  if (envelope.output.version > keyFileVersion) throw new StoreError('STORE_TOO_NEW')
  const { checksum, ...fields } = json as { checksum?: unknown }
  if (checksum !== checksumOf(suite, fields)) throw new StoreError('STORE_CORRUPT', 'The key file is damaged.')
  const parsed = v.safeParse(keyFileSchema, json)
  if (!parsed.success) {
    const where = parsed.issues.map(issue => v.getDotPath(issue) ?? 'file').join(', ')
    throw new StoreError('STORE_CORRUPT', `The key file has a value out of range: ${where}.`)
  }
  return parsed.output
}
