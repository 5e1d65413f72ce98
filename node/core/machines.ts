/** The transition tables of the engine; what is done on a transition is in the file named beside each. */
import { defineMachine } from './machine.ts'

/** A connection to another node: links.ts. */
export const linkMachine = defineMachine('link', 'idle', {
  idle: { wanted: 'connecting', postponed: 'waiting', accepted: 'connected' },
  connecting: { greeted: 'connected', failed: 'waiting', accepted: 'connected', unwanted: 'idle' },
  connected: { lost: 'waiting', closed: 'idle', unwanted: 'connected' },
  waiting: { due: 'connecting', accepted: 'connected', unwanted: 'idle' }
})
export type LinkState = keyof typeof linkMachine.transitions

/** The mailbox at one of the account's own relays, on one connection: mailboxes.ts. */
export const mailboxMachine = defineMachine('mailbox', 'offline', {
  offline: { linked: 'creating' },
  creating: { created: 'opening', unlinked: 'offline', refused: 'refused' },
  opening: { opened: 'subscribed', unlinked: 'offline', refused: 'refused' },
  subscribed: { unlinked: 'offline', refused: 'refused' },
  refused: { due: 'creating', unlinked: 'offline' }
})
export type MailboxState = keyof typeof mailboxMachine.transitions

/** What a sender knows of a message: outbox.ts. `read` is said by the reader, so a late `delivered` changes nothing. */
export const deliveryMachine = defineMachine('delivery', 'queued', {
  queued: { storedByEnough: 'stored', recipientHasIt: 'delivered', gaveUp: 'expired', refusedForGood: 'failed' },
  stored: { storedByEnough: 'stored', recipientHasIt: 'delivered', gaveUp: 'expired', refusedForGood: 'failed' },
  delivered: { recipientReadIt: 'read' },
  read: {},
  expired: { recipientHasIt: 'delivered' },
  failed: { recipientHasIt: 'delivered' }
})

/** A contact: contacts.ts. */
export const contactMachine = defineMachine('contact', 'unknown', {
  unknown: { addedByUser: 'invited', knockedByOneTimeInvite: 'accepted', knocked: 'request' },
  invited: { addedByUser: 'invited', answered: 'accepted', knockedByOneTimeInvite: 'accepted', knocked: 'accepted', blockedByUser: 'blocked', acceptedByUser: 'invited', removedByUser: 'unknown' },
  request: { acceptedByUser: 'accepted', addedByUser: 'accepted', knocked: 'request', knockedByOneTimeInvite: 'accepted', blockedByUser: 'blocked', removedByUser: 'unknown' },
  accepted: { answered: 'accepted', knocked: 'accepted', knockedByOneTimeInvite: 'accepted', addedByUser: 'accepted', acceptedByUser: 'accepted', blockedByUser: 'blocked', removedByUser: 'unknown' },
  blocked: { acceptedByUser: 'accepted', blockedByUser: 'blocked', addedByUser: 'accepted', removedByUser: 'unknown' }
})

/** What is known of a contact's identity: verification.ts. While it is forked, nothing is sent. */
export const identityMachine = defineMachine('identity', 'unchanged', {
  unchanged: { rotatedByOwner: 'rotated', contradicted: 'forked' },
  rotated: { rotatedByOwner: 'rotated', contradicted: 'forked', decidedByUser: 'unchanged' },
  forked: { rotatedByOwner: 'rotated', contradicted: 'forked', decidedByUser: 'unchanged' }
})

export const machines = [linkMachine, mailboxMachine, deliveryMachine, contactMachine, identityMachine]
