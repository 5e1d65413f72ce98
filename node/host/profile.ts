/**
 * The folder of a profile:
 *
 *   key.json      the key of the store, wrapped under the passphrase (node/store/profile.ts)
 *   config.json   where to take connections
 *   epoch.key     the key of the store's shredded tables, wrapped under that one (node/store/epochs.ts)
 *   level/        the store; its LOCK makes sure that one process has the profile open
 *   daemon.json   where a running daemon listens (daemon-socket.ts)
 *
 * Files are replaced as a whole, so that a crash leaves the old one or the new one.
 */
import {
  closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Level } from 'level'
import * as v from 'valibot'
import { StoreError, UsageError } from '../../protocol/errors.ts'
import { makeFolders } from '../../relay/host/make-folders.ts'
import type { Log, Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { ByteLevel } from '../store/commits.ts'
import { changePassphrase, createKeyFile, isProtected, openKeyFile } from '../store/profile.ts'
import type { KeyVault } from '../store/epochs.ts'
import { fileVault, readErased, replaceErased } from './erased-file.ts'
import { isListenAddress, listenRule } from './listeners.ts'
import { passphraseKdf } from './passphrase.ts'
import type { PassphraseSource } from './passphrase.ts'

/** What is written is sealed: compressing it costs time and saves nothing. */
const levelOptions = { keyEncoding: 'view', valueEncoding: 'view', compression: false, writeBufferSize: 16 * 1024 * 1024 } as const

const configVersion = 1
const versionSchema = v.object({ version: v.pipe(v.number(), v.integer(), v.minValue(1)) })
const configSchema = v.object({
  ...versionSchema.entries,
  listen: v.optional(v.array(v.pipe(v.string(), v.check(isListenAddress, listenRule))), []),
  /** False: by relays only, nothing listens here. */
  direct: v.optional(v.boolean(), true),
  /** TCP port of the default listener. */
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)))
})
export type ProfileConfig = v.InferOutput<typeof configSchema>

export interface OpenProfile {
  level: ByteLevel
  vault: KeyVault
  dataKey: Uint8Array
  isProtected: boolean
  config: ProfileConfig
}

export interface OpenProfileOptions {
  dir: string
  /** Create it where there is none; otherwise that is NO_ACCOUNT. */
  create: boolean
  /** Kept in a profile that is created now. */
  listen: string[] | undefined
  /** The same. */
  direct: boolean
  passphrase: PassphraseSource
  suite: CryptoSuite
  random: Random
  log: Log
}

/**
 * Rejects with STORE_LOCKED, NO_ACCOUNT, PASSPHRASE_NEEDED, PASSPHRASE_WRONG, STORE_TOO_NEW,
 * STORE_CORRUPT.
 */
export async function openProfile (options: OpenProfileOptions): Promise<OpenProfile> {
  const { dir, create, suite } = options
  const keyPath = join(dir, 'key.json')
  if (!existsSync(keyPath)) {
    if (existsSync(join(dir, 'level', 'CURRENT'))) {
      throw new StoreError('STORE_CORRUPT', 'The profile has a store, but no key.json to open it with.')
    }
    if (!create) throw noAccount()
  }
  // The store's as well, which would make its own otherwise.
  makeFolders([dir, join(dir, 'level')], ' of the profile')
  // Opening the store changes its files, and those of a newer version are left as they are.
  readProtection(dir, suite)
  const config = readConfig(dir)
  // The lock comes first: nothing is asked for, created or changed beside another process.
  const level = await openLevel(join(dir, 'level'))
  try {
    const keyed = existsSync(keyPath) ? openKey(keyPath, options) : createKey(keyPath, options)
    const { dataKey, file } = await keyed
    return {
      level,
      vault: fileVault(join(dir, 'epoch.key')),
      dataKey,
      isProtected: isProtected(suite, file),
      config: config ?? await createConfig(options)
    }
  } catch (error) {
    await level.close()
    throw error
  }
}

export interface ChangeProtectionOptions extends Pick<OpenProfileOptions, 'dir' | 'suite' | 'random' | 'log'> {
  /** The passphrase so far; asked for only where there is one. */
  existing: () => Promise<Uint8Array | undefined>
  /** The one from now on, undefined for none; asked for once the other was right. */
  next: () => Promise<Uint8Array | undefined>
}

/**
 * Wraps the key anew and overwrites the old key file. The store isn't rewritten. Rejects as `openProfile`
 * does; the profile is then as it was.
 */
export async function changeProtection (options: ChangeProtectionOptions): Promise<{ isProtected: boolean }> {
  const { dir, suite, random, log, existing, next } = options
  const keyPath = join(dir, 'key.json')
  if (!existsSync(keyPath)) throw noAccount()
  readProtection(dir, suite)
  // Beside a process that has the profile open, two of these could each wrap what the other has just replaced.
  const level = await openLevel(join(dir, 'level'))
  try {
    const file = (await readErased(keyPath))!
    const from = isProtected(suite, file) ? await existing() : undefined
    const changed = await changePassphrase(suite, random, file, from, next, passphraseKdf(log))
    await replaceErased(keyPath, changed.file)
    return { isProtected: isProtected(suite, changed.file) }
  } finally {
    await level.close()
  }
}

const noAccount = (): UsageError =>
  new UsageError('NO_ACCOUNT', 'There is no account in this profile: restante init makes one.')

/** Undefined: there is no profile. Works while another process has it open. */
export function readProtection (dir: string, suite: CryptoSuite): boolean | undefined {
  const keyPath = join(dir, 'key.json')
  return existsSync(keyPath) ? isProtected(suite, readFileSync(keyPath)) : undefined
}

/** What to listen on: as asked for, as configured, or the profile's own port on every interface. */
export function configuredListeners (config: ProfileConfig, wanted: string[] | undefined): string[] {
  if (wanted !== undefined) return wanted
  return config.listen.length > 0 ? config.listen : [onEveryInterface(config.port ?? 0)]
}

/** The same, at this moment: another program may have taken the profile's port meanwhile. */
export async function usableListeners (
  config: ProfileConfig, wanted: string[] | undefined
): Promise<string[]> {
  const isOwnPort = wanted === undefined && config.listen.length === 0 && config.port !== undefined
  // Any other port serves until the next start: contacts are told.
  if (isOwnPort && !await isFree(config.port ?? 0)) return [onEveryInterface(0)]
  return configuredListeners(config, wanted)
}

const onEveryInterface = (port: number): string => `/ip4/0.0.0.0/tcp/${port}`

/** Durable, or unchanged. */
export function replaceFile (path: string, content: Uint8Array | string): void {
  const fresh = `${path}.new`
  const file = openSync(fresh, 'w', 0o600)
  try {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
  if (process.platform === 'win32') return
  const folder = openSync(join(path, '..'), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

async function openLevel (location: string): Promise<ByteLevel> {
  const level = new Level<Uint8Array, Uint8Array>(location, levelOptions)
  try {
    await level.open()
    return level
  } catch (cause) {
    const isLocked = cause instanceof Error && cause.cause instanceof Error &&
      'code' in cause.cause && cause.cause.code === 'LEVEL_LOCKED'
    if (isLocked) throw new StoreError('STORE_LOCKED', undefined, { cause })
    throw new StoreError('STORE_FAILED', `The folder ${location} can't be read or written.`, { cause })
  }
}

async function openKey (path: string, { passphrase, suite, log }: OpenProfileOptions) {
  const file = (await readErased(path))!
  const known = isProtected(suite, file) ? await passphrase.existing() : undefined
  return { file, ...await openKeyFile(suite, file, known, passphraseKdf(log)) }
}

async function createKey (path: string, { passphrase, suite, random, log }: OpenProfileOptions) {
  const created = await createKeyFile(suite, random, await passphrase.fresh(), passphraseKdf(log))
  replaceFile(path, created.file)
  return created
}

/** Undefined: there is none yet. Throws STORE_CORRUPT, STORE_TOO_NEW. */
export function readConfig (dir: string): ProfileConfig | undefined {
  const path = join(dir, 'config.json')
  if (!existsSync(path)) return undefined
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new StoreError('STORE_CORRUPT', 'config.json is not JSON.', { cause })
  }
  // Before the rest, which a newer version may keep in another way.
  if (v.is(versionSchema, json) && json.version > configVersion) throw new StoreError('STORE_TOO_NEW')
  const parsed = v.safeParse(configSchema, json)
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]) ?? 'the whole'
    throw new StoreError('STORE_CORRUPT', `config.json has a value that is not allowed: ${field}.`)
  }
  return parsed.output
}

/** From the next start on this profile goes by relays only. For whoever has it open. */
export function forbidDirect (dir: string): void {
  const config = readConfig(dir)
  if (config !== undefined) writeConfig(dir, { ...config, direct: false })
}

async function createConfig ({ dir, listen = [], direct }: OpenProfileOptions): Promise<ProfileConfig> {
  const config: ProfileConfig = { version: configVersion, listen, direct, port: await freePort() }
  writeConfig(dir, config)
  return config
}

function writeConfig (dir: string, config: ProfileConfig): void {
  replaceFile(join(dir, 'config.json'), `${JSON.stringify(config, undefined, 2)}\n`)
}

async function freePort (): Promise<number | undefined> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => { resolve(undefined) })
    server.listen(0, '0.0.0.0', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : undefined
      server.close(() => { resolve(port) })
    })
  })
}

async function isFree (port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => { resolve(false) })
    server.listen(port, '0.0.0.0', () => { server.close(() => { resolve(true) }) })
  })
}
