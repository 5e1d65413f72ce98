/**
 * The relay that serves this page, as it says itself (`relay.json` beside the page), and which of its
 * addresses go into an account: those that this page can dial, and one of each other kind for the people
 * who write from elsewhere.
 */
const addressesMax = 6
const askMsMax = 5_000

/** Multiaddrs ending in /p2p/…, those to be tried first in front. Empty: nothing of the kind serves this page. */
export async function relayOfThisPage (): Promise<string[]> {
  try {
    const response = await fetch('./relay.json', { signal: AbortSignal.timeout(askMsMax), cache: 'no-store' })
    if (!response.ok) return []
    const { addresses } = await response.json() as { addresses?: unknown }
    if (!Array.isArray(addresses)) return []
    return chosenAddresses(addresses.filter(address => typeof address === 'string'), location)
  } catch {
    // A plain web server has no such file: the person names a relay.
    return []
  }
}

type Kind = 'wss' | 'ws' | 'webrtc-direct' | 'tcp'
const order: Kind[] = ['wss', 'ws', 'webrtc-direct', 'tcp']

function chosenAddresses (addresses: string[], page: { hostname: string, protocol: string }): string[] {
  const isHere = /^(localhost|127\.|\[::1\])/.test(page.hostname)
  const chosen = order.flatMap(kind => {
    const ofKind = addresses.filter(address => kindOf(address) === kind)
    const elsewhere = ofKind.filter(address => !isLoopback(address))
    const loopback = ofKind.filter(isLoopback)
    // From an https page a browser lets nobody dial ws:// but this machine.
    if (kind === 'ws' && page.protocol === 'https:' && !isHere) return []
    const [first] = elsewhere
    return [...isHere ? loopback.slice(0, 1) : [], ...first === undefined ? [] : [first]]
  })
  return chosen.slice(0, addressesMax)
}

function kindOf (address: string): Kind | undefined {
  if (address.includes('/p2p-circuit')) return undefined
  if (/\/(wss|tls\/ws)(\/|$)/.test(address)) return 'wss'
  if (/\/ws(\/|$)/.test(address)) return 'ws'
  if (address.includes('/webrtc-direct/')) return 'webrtc-direct'
  return /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+\/p2p\//.test(address) ? 'tcp' : undefined
}

function isLoopback (address: string): boolean {
  return /^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns[46]?\/localhost\//.test(address)
}
