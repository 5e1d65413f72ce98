/**
 * Whether this device's clock is far from that of who serves the page. Messages do not depend on it; times that are
 * shown, and the end of invites, do. An answer in clear could be anybody's, so nothing but words follows from it.
 */
import { signal } from '@preact/signals'

/** More than time zones that are set wrongly by hand and slow lines make: nobody is told for less. */
const offMsMax = 10 * 60_000
const askMsMax = 5_000

/** Ms that this clock is ahead; undefined: not known to be far off. */
export const clockAheadMs = signal<number | undefined>(undefined)

export async function lookAtClock (): Promise<void> {
  try {
    const response = await fetch('./relay.json', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(askMsMax) })
    const aheadMs = Date.now() - Date.parse(response.headers.get('date') ?? '')
    clockAheadMs.value = Math.abs(aheadMs) > offMsMax ? aheadMs : undefined
  } catch {
    // Offline: nobody to compare with.
  }
}
