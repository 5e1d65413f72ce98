/** What the engine knows, as api.ts shows it: plain values, and no policy. */
import { equal, toHex as hex } from '../../protocol/bytes.ts'
import { formatPeerAddress, formatPeerId } from '../../protocol/peer-address.ts'
import type { AccountView, ConnectionView, ContactView } from './api.ts'
import { shownName } from './contact-record.ts'
import type { PeerView } from './links.ts'
import type { ContactRecord } from './records.js'
import { contactStates, identityStates, type Account, type State } from './state.ts'
import { isVerified } from './verification.ts'

export function accountView ({ accountId, record }: Account): AccountView {
  return {
    accountId,
    name: record.name,
    deviceId: hex(record.deviceId),
    relays: record.relays.flatMap(relay => relay.multiaddrs.map(address => formatPeerAddress(relay.peerKey, address))),
    phraseWrittenDown: record.recoverySecret.length === 0,
    keyRotated: record.rotatedSeed.length > 0,
    foreignManifestAt: record.foreignManifestAt === 0 ? undefined : record.foreignManifestAt
  }
}

export function contactView (state: State, record: ContactRecord): ContactView {
  const contact = hex(record.account)
  const conversation = state.conversations.get(contact)
  const lastMessageAt = conversation?.lastMessageAt ?? 0
  return {
    contactId: state.bech32Of(contact),
    name: shownName(record),
    state: contactStates[record.state]!,
    verified: isVerified(record),
    identity: identityStates[record.identity]!,
    weakForwardSecrecy: record.sessionDevices.some(entry => entry.weak && equal(entry.session, record.activeSession)),
    unread: conversation?.unread ?? 0,
    lastMessageAt: lastMessageAt === 0 ? undefined : lastMessageAt
  }
}

/** `now`: monotonic, ms. Undefined: a contact's device, and whose is not known any more. */
export function connectionView (state: State, view: PeerView, now: number): ConnectionView | undefined {
  const contact = state.contactOfPeer(view.peerKey)
  if (view.kind === 'contact' && contact === undefined) return undefined
  return {
    kind: view.kind,
    peerId: formatPeerId(view.peerKey),
    state: view.state,
    contactId: contact === undefined ? undefined : state.bech32Of(contact),
    direct: view.direct,
    retryInMs: view.retryAt === undefined ? undefined : Math.max(0, Math.round(view.retryAt - now)),
    lastError: view.lastError
  }
}
