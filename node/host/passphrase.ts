/**
 * Where a profile's passphrase comes from: a file, the environment, or a prompt in a terminal. Never
 * from an argument: every process of the machine can read those.
 */
import { readFileSync } from 'node:fs'
import nodeCrypto from 'node:crypto'
import { UsageError } from '../../protocol/errors.ts'
import { equal, toHex, utf8 } from '../../protocol/bytes.ts'
import type { Log } from '../../protocol/ports.ts'
import { referenceKdf } from '../store/kdf.ts'
import type { PassphraseKdf } from '../store/kdf.ts'

const passphraseBytesMax = 4096

export interface PassphraseSource {
  /** The passphrase of an existing profile, or undefined where there is none to be had. */
  existing: () => Promise<Uint8Array | undefined>
  /** One for a new profile, or undefined: unprotected. */
  fresh: () => Promise<Uint8Array | undefined>
}

/** `mayPrompt`: false where standard input belongs to something else. */
export function passphraseSource (file: string | undefined, mayPrompt: boolean): PassphraseSource {
  const given = (): Uint8Array | undefined => givenBy(file, 'RESTANTE_PASSPHRASE')
  const canPrompt = mayPrompt && isTerminal()
  return {
    async existing () {
      return given() ?? (canPrompt ? await prompt('Passphrase of this profile') : undefined)
    },
    async fresh () {
      const known = given()
      if (known !== undefined || !canPrompt) return known
      return await promptTwice('Passphrase for the new profile (empty: it stays unprotected)')
    }
  }
}

/** The passphrase that takes the place of another. UsageError where there is none to be had. */
export async function newPassphrase (file: string | undefined): Promise<Uint8Array> {
  const given = givenBy(file, 'RESTANTE_NEW_PASSPHRASE') ??
    (isTerminal() ? await promptTwice('New passphrase of this profile') : undefined)
  if (given === undefined) {
    throw new UsageError('USAGE', 'No new passphrase: --new-file, RESTANTE_NEW_PASSPHRASE, or a terminal to ask in.')
  }
  return given
}

const isTerminal = (): boolean => process.stdin.isTTY && process.stderr.isTTY

function givenBy (file: string | undefined, variable: string): Uint8Array | undefined {
  if (file !== undefined) return fromFile(file)
  const value = process.env[variable]
  // Not passed on to what this process starts.
  delete process.env[variable]
  return value === undefined || value === '' ? undefined : utf8(value)
}

async function promptTwice (message: string): Promise<Uint8Array | undefined> {
  const first = await prompt(message)
  if (first === undefined) return undefined
  const second = await prompt('Once more')
  if (second === undefined || !equal(first, second)) throw new UsageError('USAGE', 'The two passphrases differ.')
  return first
}

function fromFile (file: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw new UsageError('USAGE', `The passphrase file can't be read: ${file}`, { cause })
  }
  // Editors end a file with a newline that nobody means.
  let length = bytes.length
  if (bytes[length - 1] === 10) length -= bytes[length - 2] === 13 ? 2 : 1
  if (length === 0 || length > passphraseBytesMax) {
    throw new UsageError('USAGE', `The passphrase file has ${length} bytes, not 1 to ${passphraseBytesMax}.`)
  }
  return bytes.subarray(0, length)
}

async function prompt (message: string): Promise<Uint8Array | undefined> {
  const { isCancel, password } = await import('@clack/prompts')
  // On standard error: standard output is for results.
  const answer = await password({ message, output: process.stderr })
  if (isCancel(answer)) throw new UsageError('USAGE', 'No passphrase given.')
  return answer === undefined || answer === '' ? undefined : utf8(answer)
}

/** Argon2id off the main thread; undefined: this Node has none, and could not import it by name. */
export const nativeKdf: PassphraseKdf | undefined = typeof nodeCrypto.argon2 !== 'function'
  ? undefined
  : async (passphrase, salt, { memoryKiB, passes, lanes }) => await new Promise((resolve, reject) => {
    nodeCrypto.argon2('argon2id', {
      message: passphrase, nonce: salt, memory: memoryKiB, passes, parallelism: lanes, tagLength: 32
    }, (error, key) => {
      if (error === null) resolve(new Uint8Array(key))
      else reject(error)
    })
  })

/**
 * The native function, or the reference where there is none or where it computes anything else. Tried once,
 * when a passphrase is first used: most commands need none.
 */
export function passphraseKdf (log: Log, candidate = nativeKdf): PassphraseKdf {
  if (candidate === undefined) {
    log.info('kdfLacks', { what: 'Argon2id', instead: 'noble' })
    return referenceKdf
  }
  let chosen: Promise<PassphraseKdf> | undefined
  return async (passphrase, salt, cost) => {
    chosen ??= passesSelfTest(candidate).then((passes) => {
      if (!passes) log.error('kdfSelfTestFailed', { instead: 'noble' })
      return passes ? candidate : referenceKdf
    })
    return await (await chosen)(passphrase, salt, cost)
  }
}

const knownAnswer = '64fe97f2c99ea9a32a8115949092800d195b484e423c1a631e7c763e42aa46b1'

async function passesSelfTest (candidate: PassphraseKdf): Promise<boolean> {
  const cost = { memoryKiB: 64, passes: 2, lanes: 1 }
  try {
    return toHex(await candidate(utf8('passphrase'), new Uint8Array(16).fill(7), cost)) === knownAnswer
  } catch {
    // What throws for these inputs is as good as missing.
    return false
  }
}
