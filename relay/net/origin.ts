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
  const mapped = /^::ffff:(\d+\.\d+\.\d+)\.\d+$/i.exec(host)
  if (mapped?.[1] != null) return mapped[1]
  const [head = '', tail] = host.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const tailGroups = tail === '' ? [] : tail.split(':')
    while (groups.length + tailGroups.length < 8) groups.push('0')
    groups.push(...tailGroups)
  }
  return groups.slice(0, 3).map(group => group.replace(/^0+(?=.)/, '')).join(':')
}
