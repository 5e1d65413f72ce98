/**
 * Where a profile's passphrase comes from: a file, the environment, or a prompt in a terminal. Never
 * from an argument: every process of the machine can read those.
 */
import { readFileSync } from 'node:fs'
import { argon2 } from 'node:crypto'
import { UsageError } from '../../protocol/errors.ts'
import type { PassphraseKdf } from '../store/profile.ts'

const passphraseBytesMax = 4096

export interface PassphraseSource {
  /** The passphrase of an existing profile, or undefined where there is none to be had. */
  existing: () => Promise<Uint8Array | undefined>
  /** One for a new profile, or undefined: unprotected. */
  fresh: () => Promise<Uint8Array | undefined>
}

/** `mayPrompt`: false where standard input belongs to something else. */
export function passphraseSource (file: string | undefined, mayPrompt: boolean): PassphraseSource {
  const given = (): Uint8Array | undefined => {
    if (file !== undefined) return fromFile(file)
    const value = process.env['RESTANTE_PASSPHRASE']
    // Not passed on to what this process starts.
    delete process.env['RESTANTE_PASSPHRASE']
    return value === undefined || value === '' ? undefined : utf8.encode(value)
  }
  const canPrompt = mayPrompt && process.stdin.isTTY && process.stderr.isTTY
  return {
    async existing () {
      return given() ?? (canPrompt ? await prompt('Passphrase of this profile') : undefined)
    },
    async fresh () {
      const known = given()
      if (known !== undefined || !canPrompt) return known
      const first = await prompt('Passphrase for the new profile (empty: it stays unprotected)')
      if (first === undefined) return undefined
      const second = await prompt('Once more')
      if (second === undefined || !sameBytes(first, second)) {
        throw new UsageError('USAGE', 'The two passphrases differ.')
      }
      return first
    }
  }
}

const utf8 = new TextEncoder()

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
  return answer === undefined || answer === '' ? undefined : utf8.encode(answer)
}

function sameBytes (a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** Argon2id off the main thread, where this Node has it; undefined: the store brings its own. */
export const nativeKdf: PassphraseKdf | undefined = typeof argon2 !== 'function'
  ? undefined
  : async (passphrase, salt, { memoryKiB, passes, lanes }) => await new Promise((resolve, reject) => {
    argon2('argon2id', {
      message: passphrase, nonce: salt, memory: memoryKiB, passes, parallelism: lanes, tagLength: 32
    }, (error, key) => {
      if (error === null) resolve(new Uint8Array(key))
      else reject(error)
    })
  })
