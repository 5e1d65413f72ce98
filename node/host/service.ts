/**
 * Opens a profile in this process: folder, store, engine and network put together.
 */
import type { Log } from '../../protocol/ports.ts'
import { openMessenger } from '../core/messenger.ts'
import { openStore } from '../store/store.ts'
import { nativeSuite } from './native-suite.ts'
import { passphraseSource } from './passphrase.ts'
import { usableListeners, openProfile } from './profile.ts'
import type { Service } from './rpc/methods.ts'
import type { Settings } from './settings.ts'
import { systemClock, systemRandom } from './world.ts'

export interface OpenServiceOptions {
  /** Make a profile where there is none. */
  create: boolean
  /** False where standard input belongs to something else. */
  mayPrompt: boolean
}

/** Nothing is dialled before `messenger.start`; `messenger.stop` closes everything. */
export async function openService (settings: Settings, options: OpenServiceOptions): Promise<Service> {
  const { log, profileDir, listen, direct } = settings
  const suite = nativeSuite(log, { drawsOwnCoins: true })
  const profile = await openProfile({
    dir: profileDir,
    create: options.create,
    listen,
    direct,
    passphrase: passphraseSource(settings.passphraseFile, options.mayPrompt),
    suite,
    random: systemRandom,
    log
  })
  const { level, vault, dataKey, config, isProtected } = profile
  // Closes the level itself where it fails.
  const store = await openStore({ level, vault, dataKey, suite, random: systemRandom, clock: systemClock, log })
  try {
    const isDirect = direct && config.direct
    const messenger = await openMessenger({
      store,
      suite,
      log,
      clock: systemClock,
      random: systemRandom,
      network: async (peerSeed) => await (await loadNetwork())({
        peerSeed,
        listen: isDirect ? [...await usableListeners(config, listen), '/webrtc'] : [],
        transports: await loadTransports(log),
        clock: systemClock,
        random: systemRandom,
        log
      })
    }, { isDirect })
    return { messenger, isProtected }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function loadNetwork () {
  const { createNetwork } = await import('../net/network.ts')
  return createNetwork
}

/** Loaded with the network only: reading a conversation needs none of it. */
export async function loadTransports (log: Log) {
  const [{ tcp }, { webSockets }, { circuitRelayTransport }, { lateWebRtc }] = await Promise.all([
    import('@libp2p/tcp'),
    import('@libp2p/websockets'),
    import('@libp2p/circuit-relay-v2'),
    import('./late-webrtc.ts')
  ])
  return [tcp(), webSockets(), circuitRelayTransport(), lateWebRtc(log)]
}
