/**
 * What a screen, a bot or a command line sees of the messenger: plain values, no engine state.
 * docs/rpc.md describes the same in JSON and is checked against the schemas of node/host/rpc.
 */

/** Delivery state of a message that this account sent. */
export type DeliveryState = 'queued' | 'stored' | 'delivered' | 'read' | 'expired' | 'failed'
export type Way = 'direct' | 'relay'
/**
 * invited: added by invite, nothing received yet · request: a stranger wrote, waits for `accept` ·
 * accepted · blocked.
 */
export type ContactState = 'invited' | 'request' | 'accepted' | 'blocked'

export interface AccountView {
  /** bech32m, `restante1…` */
  accountId: string
  name: string
  deviceId: string
  /** Multiaddrs with peer id. */
  relays: string[]
  /** The recovery phrase is not in the profile any more. */
  phraseWrittenDown: boolean
  keyRotated: boolean
  /**
   * Ms since the epoch: a contact proved that somebody else signs with this account's key, which is
   * answered by rotating it. Undefined: nothing of the kind is known.
   */
  foreignManifestAt: number | undefined
}

/**
 * What is known of a contact's identity. rotated: its owner replaced the key by the one committed to,
 * and no decision is needed · forked: somebody contradicts what was known, and nothing is sent until
 * `acceptIdentity`.
 */
export type IdentityState = 'unchanged' | 'rotated' | 'forked'

export interface SafetyNumberView {
  /** Twelve groups of five digits, the same at both ends. */
  number: string
  /** For a QR code, to be scanned by the contact. */
  qr: string
  verified: boolean
}

export interface ContactView {
  /** The contact's account id, bech32m. */
  contactId: string
  name: string
  state: ContactState
  /** The safety number was compared, and nothing contradicts what was known then. */
  verified: boolean
  identity: IdentityState
  /** The session was begun without a one-time prekey, and no answer has made up for that yet. */
  weakForwardSecrecy: boolean
  unread: number
  /** Milliseconds since the epoch; undefined: nothing yet. */
  lastMessageAt: number | undefined
}

export interface MessageView {
  /** 32 hexadecimal digits. */
  messageId: string
  /** Contact id of the conversation. */
  with: string
  /** True: this account sent it. */
  own: boolean
  /** Of an edited message the newest; of a deleted one empty. */
  text: string
  /** True: a kind of content that this version does not know; `text` is empty. */
  needsNewerVersion: boolean
  /** Id of the message that it answers, which may not be here. */
  replyTo: string | undefined
  /** One of each person at most. */
  reactions: ReactionView[]
  /** When its author last changed the text, by the author's clock. Undefined: never. */
  editedAt: number | undefined
  /** True: its author deleted it for everyone. Its place remains, without text and reactions. */
  deleted: boolean
  sentAt: number
  /** Own messages: as `sentAt`. */
  receivedAt: number
  /** It came after messages that follow it in the conversation. */
  late: boolean
  /** Messages of this sender before it that have not arrived. */
  missingBefore: number
  /** It came while the contact's identity was forked: it may be somebody else's. */
  identityInDoubt: boolean
  /** Own messages only. */
  delivery: DeliveryView | undefined
}

/** `own`: of this account's person. */
export interface ReactionView { emoji: string, own: boolean }

/** Where a message has been, as far as it is known here. */
export interface MessageDetails {
  messageId: string
  with: string
  own: boolean
  sentAt: number
  receivedAt: number
  editedAt: number | undefined
  /** Messages of the contact: which way it came. Undefined: not known. */
  arrivedBy: Way | undefined
  /** Own messages: what it was, oldest first; the last one is what it is. */
  states: StateView[]
  /** Own messages: the contact's relays that have it, or had it until it was delivered, and those that do not have it yet. */
  relays: RelayCopyView[]
}

export interface StateView {
  state: DeliveryState
  /** Ms since the epoch. Undefined: not known. */
  at: number | undefined
  way: Way | undefined
  /** Error code where failed or expired. */
  reason: string | undefined
}

export interface RelayCopyView {
  peerId: string
  /** When it said that it has it, ms since the epoch. Undefined: it has not. */
  storedAt: number | undefined
  /** It keeps it at least until, ms since the epoch. */
  until: number | undefined
}

export interface DeliveryView {
  state: DeliveryState
  way: Way | undefined
  /** Relays that have it fsynced. */
  storedBy: number
  /** Relays that the recipient has. */
  of: number
  /** Kept there at least until, ms since the epoch. */
  until: number | undefined
  /** Error code where failed. */
  reason: string | undefined
}

export interface ConnectionView {
  /** relay: own relay, with a mailbox · contact: a contact's device · foreign-relay: a contact's relay. */
  kind: 'relay' | 'contact' | 'foreign-relay'
  peerId: string
  state: 'idle' | 'connecting' | 'connected' | 'waiting'
  /** contact: whose. */
  contactId: string | undefined
  /** Not through a circuit. */
  direct: boolean
  /** Milliseconds until the next try, where waiting. */
  retryInMs: number | undefined
  /** Error code of the last failure since it was connected. */
  lastError: string | undefined
}

export type Notification =
  | { type: 'message.received', messageId: string, from: string, text: string, replyTo: string | undefined, sentAt: number, receivedAt: number, identityInDoubt: boolean }
  /** It was edited or deleted, or somebody reacted to it: it looks so from now on. */
  | { type: 'message.changed', message: MessageView }
  /** It was deleted on this device, and leaves nothing. */
  | { type: 'message.removed', messageId: string, with: string }
  | { type: 'message.state', messageId: string, to: string } & DeliveryView
  /** This contact, who is connected, is writing to this account, or has ended. It holds for 7 s where nothing more is heard. */
  | { type: 'contact.typing', contactId: string, active: boolean }
  | { type: 'contact.state', contactId: string, name: string, state: ContactState }
  /** The two did not share their keys any more, as after a restored backup, and have agreed on new ones. */
  | { type: 'session.reset', contactId: string, name: string, at: number }
  | { type: 'contact.identity', contactId: string, name: string, identity: IdentityState, verified: boolean }
  /** Somebody else signs with this account's key. */
  | { type: 'account.foreignManifest', at: number }
  | { type: 'connection.state' } & ConnectionView
  /** The store failed: nothing more is accepted, what was acknowledged is on disk. */
  | { type: 'failed', code: string, message: string }

/** The facade. Every method rejects with a RestanteError. */
export interface MessengerApi {
  account: () => AccountView | undefined
  /** `relays`: zero to three multiaddrs ending in /p2p/…; resolves when durable, before any relay answered. */
  createAccount: (options: { name: string, relays: string[] }) => Promise<AccountView>
  /** 24 words. Rejects with PHRASE_FORGOTTEN after `forgetRecoveryPhrase`. */
  recoveryPhrase: () => Promise<string>
  /** The owner has the phrase elsewhere and proves it: the profile forgets it. */
  forgetRecoveryPhrase: (phrase: string) => Promise<void>
  /** Puts the key of the phrase in force, in place of one that may be stolen, and tells the contacts. */
  rotateKey: (phrase: string) => Promise<AccountView>
  /** Connects, subscribes, delivers what waits. Before it, reading works and sends wait in the outbox. */
  start: () => Promise<void>
  /** This device slept, or its network changed: dials what waits now, and drops links that do not answer soon. */
  wake: () => void
  /** Lets what is under way finish within `graceMs`, then closes everything, the store as well. */
  stop: (graceMs?: number) => Promise<void>

  /** A `restante:` link. Resolves when its bundle is published at one relay at least, or at once where there are none reachable (it is published as soon as possible; `published` tells). */
  createInvite: (options: { reusable?: boolean, expiresInSeconds?: number }) => Promise<{ invite: string, published: boolean, expiresAt: number | undefined }>
  /** `invite`: a link, its https form, or an account id (looked up). Resolves when the contact is durable; fetching the bundle goes on behind. */
  addContact: (options: { invite: string, name?: string }) => Promise<{ contactId: string }>
  contacts: () => ContactView[]
  acceptContact: (contactId: string) => Promise<void>
  blockContact: (contactId: string) => Promise<void>
  removeContact: (contactId: string) => Promise<void>
  /** Rejects with IDENTITY_UNKNOWN before the contact's keys are here. Takes up to a second, in slices. */
  safetyNumber: (contactId: string) => Promise<SafetyNumberView>
  /** `number`: digits, or what was scanned from the contact's screen. Rejects with SAFETY_NUMBER_MISMATCH, and nothing changed. */
  verifyContact: (contactId: string, number: string) => Promise<void>
  /**
   * Decides about a forked identity, or takes note of a rotated one. known: what was known stays, and
   * what contradicts it is refused from now on · presented: what contradicted it is the contact from
   * now on, not verified.
   */
  acceptIdentity: (contactId: string, identity: 'known' | 'presented') => Promise<void>
  /** Finds by contact id, or by exact name where only one has it. Throws UNKNOWN_CONTACT, AMBIGUOUS_CONTACT. */
  resolveContact: (idOrName: string) => string

  /**
   * Resolves when the message is durable in the outbox. `replyTo`: a message of this conversation that it
   * answers. Rejects with TEXT_TOO_LARGE, UNKNOWN_MESSAGE, CONTACT_BLOCKED, IDENTITY_CHANGED, INVITE_EXPIRED.
   */
  sendText: (options: { to: string, text: string, replyTo?: string | undefined }) => Promise<{ messageId: string }>
  /**
   * Tells a contact whose device is connected straight that this person is writing, or has ended; may be called with each key.
   * For those who want it: it says that somebody is here. Where it can't be said now, it is not said.
   */
  typing: (options: { to: string, active: boolean }) => Promise<void>
  /**
   * This person's only reaction to a message, in place of the one before; undefined: none any more. `emoji`: exactly
   * one, at most 64 bytes of UTF-8. Rejects as sendText does, and with USAGE, MESSAGE_DELETED.
   */
  react: (options: { with: string, messageId: string, emoji: string | undefined }) => Promise<void>
  /** Gives an own message another text, however old it is. Rejects as sendText does, and with NOT_OWN_MESSAGE, MESSAGE_DELETED. */
  edit: (options: { with: string, messageId: string, text: string }) => Promise<void>
  /**
   * forEveryone: an own message, whose place remains at both ends; its text goes from the stores of both. Otherwise any
   * message, on this device only, without a trace. Rejects with UNKNOWN_MESSAGE, NOT_OWN_MESSAGE, and, for everyone, as sendText does.
   */
  deleteMessage: (options: { with: string, messageId: string, forEveryone: boolean }) => Promise<void>
  /** Rejects with UNKNOWN_MESSAGE. */
  details: (messageId: string) => Promise<MessageDetails>
  /** Oldest first; the last `limit` (default 50) before message `before`. */
  messages: (options: { with: string, limit?: number, before?: string }) => Promise<MessageView[]>
  delivery: (messageId: string) => Promise<DeliveryView | undefined>
  markRead: (options: { with: string, upTo: string }) => Promise<void>
  connections: () => ConnectionView[]

  /** Calls `listener` for everything that happens, after it is durable. Returns the way to stop it. */
  listen: (listener: (notification: Notification) => void) => () => void
}
