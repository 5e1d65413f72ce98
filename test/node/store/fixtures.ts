/**
 * Sealed stores on a real disk, for the tests of this folder.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'
import { nobleSuite } from '../../../protocol/suites/noble.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { fileVault } from '../../../node/host/erased-file.ts'
import { systemClock } from '../../../node/host/world.ts'
import type { KeyVault } from '../../../node/store/epochs.ts'
import { openStore } from '../../../node/store/store.ts'
import type { ShreddingStore, StoreOptions } from '../../../node/store/store.ts'
import type { Log } from '../../../protocol/ports.ts'

const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export const seed = process.env.RESTANTE_SEED ?? 'restante'
export const testRandom = seededRandom(`store ${seed}`)
export const dataKey = seededRandom('data key').bytes(32)

/** A folder under the system's one for temporary files. */
export async function temporaryFolder (): Promise<{ path: string, remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'restante-test-'))
  return { path, remove: async () => { await rm(path, { recursive: true, force: true, maxRetries: 5 }) } }
}

export function diskLevel (path: string): Level<Uint8Array, Uint8Array> {
  return new Level(path, { keyEncoding: 'view', valueEncoding: 'view' })
}

interface OpenSealedOptions { key?: Uint8Array, vault?: KeyVault, clock?: StoreOptions['clock'], log?: Log }

/** `vault`: by default the file that a profile would have, in the same folder; so of a level on a disk only. */
export async function openSealed (
  level: StoreOptions['level'], { key = dataKey, vault, clock = systemClock, log = silentLog }: OpenSealedOptions = {}
): Promise<ShreddingStore> {
  const place = vault ?? fileVault(join((level as Level<Uint8Array, Uint8Array>).location, 'epoch.key'))
  return await openStore({ level, vault: place, dataKey: key, suite: nobleSuite, random: testRandom, clock, log })
}
