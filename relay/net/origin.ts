/**
 * Where a connection comes from, coarse enough that one machine is one origin: a /24 of IPv4, a
 * /48 of IPv6. Never logged or stored.
 */
import { getNetConfig, isLoopback } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Empty for this machine itself, and for what has no IP address. */
export function originOf (address: Multiaddr): string {
  if (address.toString().includes('/p2p-circuit')) return 'circuit'
  try {
    if (isLoopback(address)) return ''
    const { type, host } = getNetConfig(address)
    if (type === 'ip4') return host.split('.').slice(0, 3).join('.')
    return type === 'ip6' ? prefix48(host) : ''
  } catch {
    // Not an IP address (a test's memory transport): nothing to group it by.
    return ''
  }
}

function prefix48 (host: string): string {
  const [head = '', tail] = host.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const tailGroups = tail === '' ? [] : tail.split(':')
    while (groups.length + tailGroups.length < 8) groups.push('0')
    groups.push(...tailGroups)
  }
  const numbers = groups.map(group => Number.parseInt(group, 16))
  // An IPv4 address as a socket of both kinds shows it: its neighbours are those of IPv4.
  if (numbers[5] === 0xffff && numbers.slice(0, 5).every(number => number === 0)) {
    const [high = 0, low = 0] = numbers.slice(6)
    return `${high >> 8}.${high & 255}.${low >> 8}`
  }
  return numbers.slice(0, 3).map(number => number.toString(16)).join(':')
}
