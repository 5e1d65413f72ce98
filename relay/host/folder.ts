/**
 * The relay's data folder: its identity, its certificate, and the mailboxes' store in a folder of
 * its own. docs/relay.md says what is in it and what to back up.
 */
import {
  closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync
} from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { StoreError } from '../../protocol/errors.ts'
import { createCertificate, formatCertificate, parseCertificate } from './certificate.ts'
import type { RelayCertificate } from './certificate.ts'
import { makeFolders } from './make-folders.ts'

/** Of the folder; the store inside has its own. */
const folderVersion = 1

export interface RelayFolder {
  /** 32 bytes. */
  identitySeed: Uint8Array
  certificate: RelayCertificate
}

export function mailboxesIn (dataDir: string): string {
  return join(dataDir, 'mailboxes')
}

/** Throws StoreError STORE_TOO_NEW, having touched nothing. Call it before anything else. */
export function checkFolder (dataDir: string): void {
  const text = readIfThere(join(dataDir, 'format'))
  if (text == null) return
  const version = /^(\d+)\n?$/.exec(text)?.[1]
  if (version == null) throw new StoreError('STORE_CORRUPT', `${join(dataDir, 'format')} is damaged.`)
  if (Number(version) > folderVersion) throw new StoreError('STORE_TOO_NEW')
}

/** Reads identity and certificate, or makes them. The store must be open: it locks the folder. */
export function openFolder (dataDir: string, now: number): RelayFolder {
  if (readIfThere(join(dataDir, 'format')) == null) write(dataDir, 'format', `${folderVersion}\n`)
  return { identitySeed: readIdentity(dataDir), certificate: readCertificate(dataDir, now) }
}

/** With the store's in it, which would make its own otherwise. Throws StoreError STORE_FAILED. */
export function createFolder (dataDir: string): void { makeFolders([dataDir, mailboxesIn(dataDir)]) }

function readIdentity (dataDir: string): Uint8Array {
  const text = readIfThere(join(dataDir, 'identity'))
  if (text == null) {
    const seed = randomBytes(32)
    write(dataDir, 'identity', `${seed.toString('hex')}\n`)
    return new Uint8Array(seed)
  }
  if (!/^[0-9a-f]{64}\n?$/.test(text)) {
    // Never replaced by a new one: people were given addresses with the old one in them.
    const path = join(dataDir, 'identity')
    throw new StoreError('STORE_CORRUPT', `${path} is damaged: restore it from a backup.`)
  }
  return new Uint8Array(Buffer.from(text.trim(), 'hex'))
}

function readCertificate (dataDir: string, now: number): RelayCertificate {
  const text = readIfThere(join(dataDir, 'certificate.pem'))
  if (text == null) {
    const certificate = createCertificate(now)
    write(dataDir, 'certificate.pem', formatCertificate(certificate))
    return certificate
  }
  const certificate = parseCertificate(text)
  if (certificate == null) {
    const path = join(dataDir, 'certificate.pem')
    throw new StoreError('STORE_CORRUPT', `${path} is damaged: restore or delete it.`)
  }
  return certificate
}

function readIfThere (path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // A file where the folder should be is told when the folder is made.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw new StoreError('STORE_FAILED', `${path} can't be read.`, { cause: error })
  }
}

/** Whole or not at all, whenever the power fails. */
function write (dataDir: string, name: string, text: string): void {
  const path = join(dataDir, name)
  try {
    const file = openSync(`${path}.new`, 'w', 0o600)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(`${path}.new`, path)
    syncFolder(dataDir)
  } catch (error) {
    throw new StoreError('STORE_FAILED', `${path} can't be written.`, { cause: error })
  }
}

function syncFolder (dataDir: string): void {
  // Windows has no handle of a folder, and syncs names by itself.
  if (process.platform === 'win32') return
  const folder = openSync(dataDir, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
