/**
 * Which of a peer's multiaddrs are dialled, and in which order.
 *
 * The list comes from invites, descriptors and contacts, so it may be long, circular, or point at
 * somebody who is to be harassed: few are taken, each is dialled once, names that expand to
 * further lists (dnsaddr) never, and every connection must prove the peer's key anyway.
 */
import { isLoopback } from '@libp2p/utils'
import { CODE_P2P, CODE_P2P_CIRCUIT } from '@multiformats/multiaddr'
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { parseMultiaddr, parsePeerId } from './peer.ts'

/** Multiaddrs of one peer that one dial tries at most. */
export const candidatesMax = 8
/** Of these, so many at most that need no relay: some room stays for the way through one. */
const directCandidatesMax = 6
/** Multiaddrs of one peer that are looked at at all. */
const multiaddrsReadMax = 64

/** webrtc: only the signalling takes the way through a relay. */
export type CandidateKind = 'direct' | 'webrtc' | 'circuit'

export interface Candidate {
  kind: CandidateKind
  /** Ends with the peer's id. */
  multiaddr: Multiaddr
  /** Undefined where direct. */
  relay: { peerId: PeerId, multiaddr: Multiaddr } | undefined
}

/** Protocols that no direct address may name: lists that expand, files, and paths. */
const refusedProtocols = new Set(['dnsaddr', 'unix', 'http-path', 'memory'])

/**
 * In the order of trying: straight ones, loopback among them last, then webrtc, then circuits.
 * `isSupported`: whether some transport dials it.
 */
export function candidatesOf (
  peerId: PeerId, self: PeerId, texts: string[], isSupported: (multiaddr: Multiaddr) => boolean
): Candidate[] {
  if (peerId.equals(self)) return []
  const found = new Map<string, Candidate>()
  for (const text of texts.slice(0, multiaddrsReadMax)) {
    const candidate = candidateOf(peerId, self, text)
    if (candidate !== undefined && isSupported(candidate.multiaddr)) {
      found.set(candidate.multiaddr.toString(), candidate)
    }
  }
  const sorted = [...found.values()].sort((a, b) => rank(a) - rank(b))
  const direct = sorted.filter(({ relay }) => relay === undefined).slice(0, directCandidatesMax)
  const relayed = sorted.filter(({ relay }) => relay !== undefined)
  return [...direct, ...relayed].slice(0, candidatesMax)
}

function candidateOf (peerId: PeerId, self: PeerId, text: string): Candidate | undefined {
  const parsed = parseMultiaddr(text)
  if (parsed === undefined) return undefined
  const components = parsed.getComponents()
  if (components.some(({ name }) => refusedProtocols.has(name))) return undefined
  const last = components.at(-1)
  if (components.length === (last?.code === CODE_P2P ? 1 : 0)) return undefined
  const complete = last?.code === CODE_P2P ? parsed : parsed.encapsulate(`/p2p/${peerId.toString()}`)
  if (last?.code === CODE_P2P && last.value !== peerId.toString()) return undefined

  const circuits = components.filter(({ code }) => code === CODE_P2P_CIRCUIT).length
  if (circuits === 0) return { kind: 'direct', multiaddr: complete, relay: undefined }
  // A relay behind a relay would let an address make strangers carry for strangers.
  if (circuits > 1) return undefined
  const relayAddress = complete.decapsulateCode(CODE_P2P_CIRCUIT)
  const relayId = relayAddress.getComponents().at(-1)
  if (relayId?.code !== CODE_P2P || relayId.value === undefined) return undefined
  const relay = parsePeerId(relayId.value)
  if (relay === undefined || relay.equals(self) || relay.equals(peerId)) return undefined
  const kind = components.some(({ name }) => name === 'webrtc') ? 'webrtc' : 'circuit'
  return { kind, multiaddr: complete, relay: { peerId: relay, multiaddr: relayAddress } }
}

function rank ({ kind, multiaddr }: Candidate): number {
  if (kind === 'direct') return isLoopback(multiaddr) ? 1 : 0
  return kind === 'webrtc' ? 2 : 3
}
