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
import { link, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { KeyVault } from '../store/epochs.ts'

const freshName = (path: string): string => `${path}.new`
const formerName = (path: string): string => `${path}.old`

/** Undefined: there is none. */
export async function readErased (path: string): Promise<Uint8Array | undefined> {
  await eraseLeftovers(path)
  const content = await orMissing(readFile(path))
  return content === undefined ? undefined : new Uint8Array(content)
}

/** Durable, or unchanged; afterwards the former content is overwritten. */
export async function replaceErased (path: string, content: Uint8Array): Promise<void> {
  for await (const _step of replacing(path, content)) void _step
}

/** The steps of `replaceErased`, named once each is done: a crash may come after any of them. */
export async function * replacing (path: string, content: Uint8Array): AsyncGenerator<string, void, undefined> {
  await eraseLeftovers(path)
  yield 'leftovers erased'
  await writeSynced(freshName(path), content)
  yield 'new one written'
  const former = await keepFormer(path)
  yield 'former one named'
  await rename(freshName(path), path)
  yield 'renamed'
  await syncFolder(dirname(path))
  yield 'rename durable'
  if (former !== undefined) await overwrite(former)
  yield 'former one overwritten'
  await eraseLeftovers(path)
  yield 'done'
}

export function fileVault (path: string): KeyVault {
  return {
    read: async () => await readErased(path),
    replace: async (content) => { await replaceErased(path, content) }
  }
}

/** An open file of what `path` holds, where a second name can't be given: to overwrite it by. */
async function keepFormer (path: string): Promise<FileHandle | undefined> {
  if (await orMissing(stat(path)) === undefined) return undefined
  try {
    await link(path, formerName(path))
    return undefined
  } catch {
    // A file system without second names: then a crash right after the renaming is what may leave it.
    return await open(path, 'r+')
  }
}

async function eraseLeftovers (path: string): Promise<void> {
  for (const name of [freshName(path), formerName(path)]) {
    const found = await orMissing(stat(name, { bigint: true }))
    if (found === undefined) continue
    const current = await orMissing(stat(path, { bigint: true }))
    // Not `path` itself under its second name: a crash came before the renaming.
    const isCurrent = current !== undefined && current.ino === found.ino && current.dev === found.dev
    if (!isCurrent) await overwrite(await open(name, 'r+'))
    await unlink(name)
  }
}

/** Closes it. */
async function overwrite (file: FileHandle): Promise<void> {
  try {
    await writeAll(file, new Uint8Array((await file.stat()).size))
    await file.sync()
  } finally {
    await file.close()
  }
}

async function writeSynced (path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await writeAll(file, content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** From the beginning of the file. */
async function writeAll (file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, written)
    written += bytesWritten
  }
}

async function syncFolder (path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function orMissing<T> (found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
