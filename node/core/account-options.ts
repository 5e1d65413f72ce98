/** What a person says when an account or a contact is made, checked. */
import { toHex as hex, utf8 } from '../../protocol/bytes.ts'
import { UsageError } from '../../protocol/errors.ts'
import { accountRelaysMax, nameBytesMax } from '../../protocol/limits.ts'
import { parsePeerAddress } from '../../protocol/peer-address.ts'

/** UsageError USAGE; `path` names what it is. */
export function checkName (name: string, path: string): string {
  const trimmed = name.toWellFormed().trim()
  if (trimmed === '' || utf8(trimmed).length > nameBytesMax) throw new UsageError('USAGE', `${path}: 1 to ${nameBytesMax} bytes`)
  return trimmed
}

/** Multiaddrs that end in /p2p/…, by relay. UsageError USAGE. */
export function parseRelays (texts: string[]): Array<{ peerKey: Uint8Array, multiaddrs: string[] }> {
  const relays = new Map<string, { peerKey: Uint8Array, multiaddrs: string[] }>()
  for (const text of texts) {
    const { peerKey, multiaddrs } = parsePeerAddress(text)
    const known = relays.get(hex(peerKey))
    if (known === undefined) relays.set(hex(peerKey), { peerKey, multiaddrs })
    else known.multiaddrs.push(...multiaddrs)
  }
  if (relays.size > accountRelaysMax) throw new UsageError('USAGE', `relays: at most ${accountRelaysMax}`)
  return [...relays.values()]
}
