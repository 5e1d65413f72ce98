/**
 * Small sealed values beside the store: drafts. Their names are hidden as those of records are, so that
 * the browser's data shows neither whom somebody writes to nor what.
 */
import { toHex, utf8 } from '../../protocol/bytes.ts'
import { storeLabels } from '../../protocol/labels.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import type { Database } from './database.ts'
import { browserRandom } from './world.ts'

const nonceBytes = 12

export interface Notes {
  /** Empty: there is none. */
  read: (name: string) => Promise<string>
  write: (name: string, text: string) => Promise<void>
}

/** `dataKey`: 32 bytes. */
export function createNotes (database: Database, dataKey: Uint8Array): Notes {
  const nameKey = nobleSuite.expand(dataKey, storeLabels.noteName, 32)
  const sealingKey = nobleSuite.expand(dataKey, storeLabels.noteKey, 32)
  const hidden = (name: string): string => `note-${toHex(nobleSuite.hmac(nameKey, utf8(name)).subarray(0, 16))}`

  /** A nonce is drawn for each: so many drafts that two meet are never written. */
  function seal (name: string, text: string): Uint8Array {
    const nonce = browserRandom.bytes(nonceBytes)
    const sealed = nobleSuite.seal(sealingKey, nonce, utf8(text), utf8(name))
    return Uint8Array.from([...nonce, ...sealed])
  }

  return {
    async read (name) {
      const stored = await database.value(hidden(name))
      if (!(stored instanceof Uint8Array)) return ''
      const nonce = stored.subarray(0, nonceBytes)
      const text = nobleSuite.open(sealingKey, nonce, stored.subarray(nonceBytes), utf8(name))
      // A draft that does not open is lost; the profile is not.
      return text === undefined ? '' : new TextDecoder().decode(text)
    },
    async write (name, text) {
      await database.setValue(hidden(name), text === '' ? undefined : seal(name, text))
    }
  }
}
