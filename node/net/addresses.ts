/**
 * The multiaddrs that this node tells others, and when they changed.
 *
 * Only what listeners and reservations report: what strangers claim to have observed is not told.
 */
import { isLoopback } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock, Timer } from '../../protocol/ports.ts'
import { multiaddrCharactersMax } from '../../protocol/peer-address.ts'

/** They travel in records of bounded size. */
const addressesMax = 12
/** Several changes in a row, as when a network comes up, are told once. */
const debounceMs = 500
/** A changed network interface raises no event: look now and then. */
const checkIntervalMs = 30_000

export interface AddressBookOptions {
  self: PeerId
  /** What the listeners report. */
  own: () => Multiaddr[]
  /** Ending with /p2p-circuit. */
  circuits: () => string[]
  listensByWebRtc: boolean
  clock: Clock
}

export interface AddressBook {
  /** Without this node's own peer id at the end. */
  addresses: () => string[]
  onChanged: (listener: () => void) => void
  /** Something may have changed. */
  check: () => void
  stop: () => void
}

export function createAddressBook ({ self, own, circuits, listensByWebRtc, clock }: AddressBookOptions): AddressBook {
  const listeners: Array<() => void> = []
  const suffix = `/p2p/${self.toString()}`
  let told = addresses().join()
  let debounce: Timer | undefined
  let isStopped = false
  let interval = scheduleCheck()

  function addresses (): string[] {
    const direct = own().map(address => address.toString())
      .map(text => text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)
      .filter(text => !text.includes('/p2p-circuit'))
    // Circuits first: where there is no room for all, each relay's own is worth more than a second use of it.
    const through = [...circuits(), ...listensByWebRtc ? circuits().map(text => `${text}/webrtc`) : []]
    const all = [...new Set([...direct, ...through])].filter(text => text.length <= multiaddrCharactersMax)
    const elsewhere = all.filter(text => !isLoopback(multiaddr(text)))
    return (elsewhere.length > 0 ? elsewhere : all).slice(0, addressesMax)
  }

  function scheduleCheck (): Timer {
    return clock.setTimer(checkIntervalMs, () => {
      if (isStopped) return
      check()
      interval = scheduleCheck()
    })
  }

  function check (): void {
    if (isStopped || addresses().join() === told) return
    debounce ??= clock.setTimer(debounceMs, () => {
      debounce = undefined
      const now = addresses().join()
      if (isStopped || now === told) return
      told = now
      for (const listener of listeners) listener()
    })
  }

  return {
    addresses,
    onChanged (listener) { listeners.push(listener) },
    check,
    stop () {
      isStopped = true
      debounce?.cancel()
      interval.cancel()
    }
  }
}
