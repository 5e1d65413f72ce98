/**
 * The store contract, on the sealed store over memory and over a real disk.
 */
import { MemoryLevel } from 'memory-level'
import { describeStore } from '../../contracts/store.ts'
import { memoryVault } from '../../support/memory-vault.ts'
import { diskLevel, openSealed, temporaryFolder } from './fixtures.ts'

describeStore('sealed, on memory-level', async () => {
  // Closing a memory-level keeps what it holds, as a disk would.
  const level = new MemoryLevel<Uint8Array, Uint8Array>({
    keyEncoding: 'view', valueEncoding: 'view', storeEncoding: 'view'
  })
  const vault = memoryVault()
  return { open: async () => await openSealed(level, { vault }), destroy: async () => { await level.close() } }
})

describeStore('sealed, on classic-level', async () => {
  const folder = await temporaryFolder()
  return { open: async () => await openSealed(diskLevel(folder.path)), destroy: folder.remove }
})
