/**
 * The LevelDB tree beneath the mailbox store: its settings, its folder's version, compaction.
 * Not here: what is in it (layout.ts).
 */
import { Level } from 'level'
import { u32be } from '../../protocol/bytes.ts'
import { StoreError } from '../../protocol/errors.ts'
import { damaged } from './damage.ts'
import { decodeFormat, formatKey, layoutVersion } from './layout.ts'

export type Database = Level<Uint8Array, Uint8Array>

/** Envelopes are ciphertext: nothing to compress. Large buffers and files: few of them overlap. */
const treeOptions = {
  keyEncoding: 'view',
  valueEncoding: 'view',
  compression: false,
  writeBufferSize: 64 * 1024 * 1024,
  maxFileSize: 32 * 1024 * 1024,
  cacheSize: 32 * 1024 * 1024,
  maxOpenFiles: 4096
} as const
/** Not open yet. */
export function createTree (directory: string): Database {
  return new Level<Uint8Array, Uint8Array>(directory, treeOptions)
}

/** What the tree offers on a disk, and `level` does not declare. */
interface Compactable { compactRange: (from: Uint8Array, through: Uint8Array) => Promise<void> }

/** Writes what is in memory to a file, and rewrites the files of this range without what was deleted. */
export async function compact (db: Database, from: Uint8Array, through: Uint8Array): Promise<void> {
  await (db as Database & Compactable).compactRange(from, through)
}

/** Marks a new folder; refuses one of a newer version before a record of it is read or written. */
export async function checkFormat (db: Database): Promise<void> {
  const format: Uint8Array | undefined = await db.get(formatKey)
  if (format === undefined) {
    const [first] = await db.keys({ limit: 1 }).all()
    if (first !== undefined) {
      throw new StoreError('STORE_CORRUPT', 'the folder holds records of no known version')
    }
    await db.put(formatKey, u32be(layoutVersion), { sync: true } as object)
  } else if (decodeFormat(format) > layoutVersion) {
    throw new StoreError('STORE_TOO_NEW')
  }
}

/** For a store without totals: counted from nothing, numbers that records have already would be given anew. */
export async function checkEmpty (db: Database): Promise<void> {
  const [second] = await db.keys({ gt: formatKey, limit: 1 }).all()
  const [first] = await db.keys({ lt: formatKey, limit: 1 }).all()
  if (first !== undefined || second !== undefined) throw damaged('totals', 'is missing')
}
