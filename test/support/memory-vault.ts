/** A key vault in memory, whose content a test may look at, keep a copy of, and put back. */
import type { KeyVault } from '../../node/store/epochs.ts'

export interface MemoryVault extends KeyVault { content: Uint8Array | undefined }

export function memoryVault (content?: Uint8Array): MemoryVault {
  const vault: MemoryVault = {
    content,
    read: async () => vault.content?.slice(),
    replace: async fresh => { vault.content = fresh.slice() }
  }
  return vault
}
