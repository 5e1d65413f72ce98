/** Where the tests keep mailbox stores: in memory, or in a folder of their own that goes away. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../../protocol/ports.ts'
import type { MailboxLimits, MailboxStore } from '../../../relay/core/ports.ts'
import { levelMailboxStore } from '../../../relay/store/level-mailbox-store.ts'
import { memoryMailboxStore } from '../../../relay/store/memory-mailbox-store.ts'
import type { StorePlace } from '../../contracts/mailbox-store-bed.ts'
import { keptLog } from '../../support/kept-log.ts'
import { native } from '../../support/parties.ts'

export function temporaryFolder (): { directory: string, remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'restante-mailboxes-'))
  return { directory, remove: () => { rmSync(directory, { recursive: true, force: true, maxRetries: 3 }) } }
}

export function storeIn (directory: string, clock: Clock, limits: MailboxLimits): MailboxStore {
  return levelMailboxStore({ directory, clock, suite: native, limits, log: keptLog() })
}

export async function levelPlace (
  clock: Clock, limits: MailboxLimits
): Promise<StorePlace & { directory: string }> {
  const { directory, remove } = temporaryFolder()
  let store: MailboxStore | undefined
  return {
    directory,
    open: async (other = limits) => {
      await store?.close()
      store = storeIn(directory, clock, other)
      await store.open()
      return store
    },
    dispose: async () => {
      await store?.close()
      remove()
    }
  }
}

/** The object is its own place. Other limits than the first are for stores on a disk. */
export async function memoryPlace (clock: Clock, limits: MailboxLimits): Promise<StorePlace> {
  const current = { ...limits }
  const store = memoryMailboxStore({ clock, suite: native, limits: current })
  let isOpen = false
  return {
    open: async (other = limits) => {
      Object.assign(current, other)
      if (isOpen) await store.close()
      await store.open()
      isOpen = true
      return store
    },
    dispose: async () => { await store.close() }
  }
}
