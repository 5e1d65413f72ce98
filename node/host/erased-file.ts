/**
 * Small files whose former content must be gone once they are replaced: wrapped keys.
 *
 * The old file gets a second name before the new one takes its place, and is overwritten under it
 * and removed. So a crash at any point leaves the old content or the new, whole; and what it leaves
 * beside it is found by its name and overwritten at the next reading or replacing.
 *
 * Overwriting reaches what the file system lets it reach: not the spare blocks of a flash disk, nor
 * snapshots, journals of data or backups.
 */
import {
  closeSync, existsSync, fstatSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, unlinkSync, writeSync
} from 'node:fs'
import { join } from 'node:path'
import type { KeyVault } from '../store/epochs.ts'

const freshName = (path: string): string => `${path}.new`
const formerName = (path: string): string => `${path}.old`

/** Undefined: there is none. */
export function readErased (path: string): Uint8Array | undefined {
  eraseLeftovers(path)
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined
}

/** Durable, or unchanged; afterwards the former content is overwritten. */
export function replaceErased (path: string, content: Uint8Array): void {
  Array.from(replacing(path, content))
}

/** The steps of `replaceErased`, named once each is done: a crash may come after any of them. */
export function * replacing (path: string, content: Uint8Array): Generator<string, void, undefined> {
  eraseLeftovers(path)
  yield 'leftovers erased'
  writeSynced(freshName(path), content)
  yield 'new one written'
  const former = keepFormer(path)
  yield 'former one named'
  renameSync(freshName(path), path)
  yield 'renamed'
  syncFolder(path)
  yield 'rename durable'
  if (former !== undefined) overwrite(former)
  yield 'former one overwritten'
  eraseLeftovers(path)
  yield 'done'
}

export function fileVault (path: string): KeyVault {
  return {
    read: async () => readErased(path),
    replace: async (content) => { replaceErased(path, content) }
  }
}

/** An open file of what `path` holds, by which it can be overwritten once another has its name. */
function keepFormer (path: string): number | undefined {
  if (!existsSync(path)) return undefined
  try {
    linkSync(path, formerName(path))
    return undefined
  } catch {
    // A file system without second names: then a crash right after the renaming is what may leave it.
    return openSync(path, 'r+')
  }
}

function eraseLeftovers (path: string): void {
  for (const name of [freshName(path), formerName(path)]) {
    if (!existsSync(name)) continue
    // Not `path` itself under its second name: a crash came before the renaming.
    if (!isSameFile(name, path)) overwrite(openSync(name, 'r+'))
    unlinkSync(name)
  }
}

function isSameFile (name: string, path: string): boolean {
  if (!existsSync(path)) return false
  const [one, other] = [name, path].map((at) => {
    const file = openSync(at, 'r')
    try {
      return fstatSync(file, { bigint: true })
    } finally {
      closeSync(file)
    }
  })
  return one!.ino === other!.ino && one!.dev === other!.dev
}

/** Closes it. */
function overwrite (file: number): void {
  try {
    writeAll(file, new Uint8Array(fstatSync(file).size))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function writeSynced (path: string, content: Uint8Array): void {
  const file = openSync(path, 'w', 0o600)
  try {
    writeAll(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** From the beginning of the file. */
function writeAll (file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written, written)
  }
}

function syncFolder (path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(join(path, '..'), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
