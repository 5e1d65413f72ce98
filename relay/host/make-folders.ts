/** Folders that are made where they are missing, or why they can't be. The relay's, and a profile's. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../../protocol/errors.ts'

const reasons: Record<string, string> = {
  EEXIST: 'a file is in the way',
  ENOTDIR: 'a file is in the way',
  ENOENT: 'there can be none in that place',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'what it is in is read-only'
}

/** For their owner alone, with all that they are in. `what` follows the name in the words of StoreError STORE_FAILED. */
export function makeFolders (folders: string[], what = ''): void {
  for (const folder of folders) {
    try {
      makeFolder(folder)
    } catch (cause) {
      const { code = 'unknown' } = cause as NodeJS.ErrnoException
      throw new StoreError('STORE_FAILED', `The folder ${folder}${what} can't be made: ${reasons[code] ?? code}.`, { cause })
    }
  }
}

/**
 * As mkdirSync with `recursive`, which never returns where a folder answers ENOENT to whoever wants
 * another one in it, as those below /proc do.
 */
function makeFolder (dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 })
  } catch (error) {
    const isParentMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync(dirname(dir))
    if (isParentMissing) {
      makeFolder(dirname(dir))
      makeFolder(dir)
    } else if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw error
    }
  }
}
