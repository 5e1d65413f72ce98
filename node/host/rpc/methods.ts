/**
 * The one table of JSON-RPC methods and notifications. Dispatch, the types of a client and
 * docs/rpc.md all come from it.
 */
import type * as v from 'valibot'
import { UsageError } from '../../../protocol/errors.ts'
import type {
  AccountView, ConnectionView, ContactView, DeliveryView, MessageDetails, MessageView, MessengerApi, Notification
} from '../../core/api.ts'
import { notificationParams, params, results } from './schemas.ts'

/** What the methods work on: an open profile. */
export interface Service {
  readonly messenger: MessengerApi
  /** False: the profile has no passphrase. */
  readonly isProtected: boolean
}

type ObjectSchema = v.BaseSchema<unknown, object, v.BaseIssue<unknown>>

interface Method<P extends ObjectSchema, R extends ObjectSchema> {
  description: string
  params: P
  result: R
  /** Later requests of the same client wait until it has ended. */
  exclusive?: boolean
  run: (service: Service, params: v.InferOutput<P>) => Promise<v.InferOutput<R>> | v.InferOutput<R>
}

const method = <P extends ObjectSchema, R extends ObjectSchema>(row: Method<P, R>): Method<P, R> => row

export const methods = {
  'account.create': method({
    description: 'Makes the account of this profile. Returns when it is durable, before any relay answered.',
    params: params.accountCreate,
    result: results.account,
    exclusive: true,
    async run (service, { name, relays }) {
      const account = await service.messenger.createAccount({ name, relays })
      await service.messenger.start()
      return accountRow(service, account)
    }
  }),
  'account.show': method({
    description: 'The account of this profile, or NO_ACCOUNT.',
    params: params.none,
    result: results.account,
    run (service) {
      const account = service.messenger.account()
      if (account === undefined) throw new UsageError('NO_ACCOUNT')
      return accountRow(service, account)
    }
  }),
  'account.recoveryPhrase': method({
    description: 'The 24 words that take the account back after its key was stolen. Show them to the owner only, once, to be written down. PHRASE_FORGOTTEN after account.forgetRecoveryPhrase.',
    params: params.none,
    result: results.phrase,
    run: async ({ messenger }) => ({ phrase: await messenger.recoveryPhrase() })
  }),
  'account.forgetRecoveryPhrase': method({
    description: 'The owner has written the phrase down, and proves it by giving it back: the profile keeps it no longer, so that who takes the device can\'t take the account for good. PHRASE_INVALID, PHRASE_WRONG.',
    params: params.phrase,
    result: results.done,
    exclusive: true,
    async run ({ messenger }, { phrase }) {
      await messenger.forgetRecoveryPhrase(phrase)
      return {}
    }
  }),
  'account.rotateKey': method({
    description: 'Replaces the account key by the one of the phrase, once in the life of an account, and tells the contacts: to them it is a notice, and whoever stole the former key signs in vain. PHRASE_INVALID, PHRASE_WRONG, KEY_ROTATED.',
    params: params.phrase,
    result: results.account,
    exclusive: true,
    run: async (service, { phrase }) => accountRow(service, await service.messenger.rotateKey(phrase))
  }),
  'invite.create': method({
    description: 'A link by which somebody can add this account, while it is away as well if it has a relay.',
    params: params.inviteCreate,
    result: results.invite,
    async run ({ messenger }, options) {
      const { invite, published, expiresAt } = await messenger.createInvite(options)
      const byDevice = messenger.account()?.relays.length === 0
      return {
        invite,
        published: published && !byDevice,
        handedOutBy: byDevice ? 'device' as const : 'relay' as const,
        expiresAt: expiresAt ?? null
      }
    }
  }),
  'contact.add': method({
    description: 'Adds a contact. Returns when that is durable; messages can be sent to it at once.',
    params: params.contactAdd,
    result: results.contactId,
    exclusive: true,
    run: async ({ messenger }, options) => await messenger.addContact(options)
  }),
  'contact.list': method({
    description: 'All contacts.',
    params: params.none,
    result: results.contacts,
    run: ({ messenger, isProtected }) => ({
      contacts: messenger.contacts().map(contactRow),
      protected: isProtected
    })
  }),
  'contact.accept': method({
    description: 'Accepts somebody who wrote first, or who was blocked.',
    params: params.contact,
    result: results.done,
    exclusive: true,
    async run ({ messenger }, { contactId }) {
      await messenger.acceptContact(messenger.resolveContact(contactId))
      return {}
    }
  }),
  'contact.block': method({
    description: 'Takes nothing more from a contact.',
    params: params.contact,
    result: results.done,
    exclusive: true,
    async run ({ messenger }, { contactId }) {
      await messenger.blockContact(messenger.resolveContact(contactId))
      return {}
    }
  }),
  'contact.remove': method({
    description: 'Removes a contact and the conversation.',
    params: params.contact,
    result: results.done,
    exclusive: true,
    async run ({ messenger }, { contactId }) {
      await messenger.removeContact(messenger.resolveContact(contactId))
      return {}
    }
  }),
  'contact.safetyNumber': method({
    description: 'What to compare with the contact, by voice or by scanning, to know that nobody stands between. IDENTITY_UNKNOWN while the contact\'s keys are not here.',
    params: params.contact,
    result: results.safetyNumber,
    run: async ({ messenger }, { contactId }) =>
      await messenger.safetyNumber(messenger.resolveContact(contactId))
  }),
  'contact.verify': method({
    description: 'Marks a contact as verified, if the number is right: SAFETY_NUMBER_MISMATCH otherwise, and nothing changes.',
    params: params.contactVerify,
    result: results.done,
    exclusive: true,
    async run ({ messenger }, { contactId, number }) {
      await messenger.verifyContact(messenger.resolveContact(contactId), number)
      return {}
    }
  }),
  'contact.acceptIdentity': method({
    description: 'Decides about a contact whose identity is forked (until then message.send refuses with IDENTITY_CHANGED), or takes note of one that is rotated.',
    params: params.contactAcceptIdentity,
    result: results.done,
    exclusive: true,
    async run ({ messenger }, { contactId, identity }) {
      await messenger.acceptIdentity(messenger.resolveContact(contactId), identity)
      return {}
    }
  }),
  'message.send': method({
    description: 'Sends a text. Returns when it is durable in the outbox; message.state tells the rest.',
    params: params.messageSend,
    result: results.messageId,
    run: async ({ messenger }, { to, text, replyTo }) =>
      await messenger.sendText({ to: messenger.resolveContact(to), text, replyTo })
  }),
  'message.typing': method({
    description: 'Tells a contact whose device is connected straight that a person is writing, or has ended; may be called with each key. Where it can\'t be said now, it is not said. For people who want it: it tells that somebody is here.',
    params: params.messageTyping,
    result: results.done,
    async run ({ messenger }, { to, active }) {
      await messenger.typing({ to: messenger.resolveContact(to), active })
      return {}
    }
  }),
  'message.react': method({
    description: 'Reacts to a message, in place of the reaction before. Returns when it is durable in the outbox. MESSAGE_DELETED, and USAGE where it is not exactly one emoji.',
    params: params.messageReact,
    result: results.done,
    async run ({ messenger }, { messageId, emoji, ...options }) {
      await messenger.react({ with: messenger.resolveContact(options.with), messageId, emoji: emoji ?? undefined })
      return {}
    }
  }),
  'message.edit': method({
    description: 'Gives an own message another text; the contact sees that it was edited. NOT_OWN_MESSAGE, MESSAGE_DELETED.',
    params: params.messageEdit,
    result: results.done,
    async run ({ messenger }, { messageId, text, ...options }) {
      await messenger.edit({ with: messenger.resolveContact(options.with), messageId, text })
      return {}
    }
  }),
  'message.delete': method({
    description: 'Deletes a message: an own one for everyone, or any on this device only. What the contact has read, copied or backed up is not undone. NOT_OWN_MESSAGE.',
    params: params.messageDelete,
    result: results.done,
    async run ({ messenger }, { messageId, forEveryone, ...options }) {
      await messenger.deleteMessage({ with: messenger.resolveContact(options.with), messageId, forEveryone })
      return {}
    }
  }),
  'message.details': method({
    description: 'Where a message has been: every state with its time and way, and the relays that have it.',
    params: params.messageDetails,
    result: results.messageDetails,
    run: async ({ messenger }, { messageId }) => detailsRow(await messenger.details(messageId))
  }),
  'message.list': method({
    description: 'The last messages of a conversation.',
    params: params.messageList,
    result: results.messages,
    async run ({ messenger }, options) {
      const messages = await messenger.messages({ ...options, with: messenger.resolveContact(options.with) })
      return { messages: messages.map(messageRow) }
    }
  }),
  'message.markRead': method({
    description: 'Marks messages of a contact as read, and tells the contact.',
    params: params.messageMarkRead,
    result: results.done,
    async run ({ messenger }, options) {
      await messenger.markRead({ with: messenger.resolveContact(options.with), upTo: options.upTo })
      return {}
    }
  }),
  'connection.list': method({
    description: 'Relays and contacts that this node is or wants to be connected to.',
    params: params.none,
    result: results.connections,
    run: ({ messenger }) => ({ connections: messenger.connections().map(connectionRow) })
  })
} as const

export type MethodName = keyof typeof methods
/** What a caller gives. */
export type CallParams<M extends MethodName> = v.InferInput<typeof methods[M]['params']>
export type CallResult<M extends MethodName> = v.InferOutput<typeof methods[M]['result']>

export const notifications = {
  'message.received': {
    description: 'A message came and is durable here. Comes once for each.',
    params: notificationParams.messageReceived
  },
  'message.changed': {
    description: 'A message was edited or deleted by its author, or somebody reacted to it: it looks so from now on.',
    params: notificationParams.messageChanged
  },
  'message.removed': {
    description: 'A message was deleted on this device, and leaves nothing.',
    params: notificationParams.messageRemoved
  },
  'message.state': {
    description: 'The delivery state of an own message changed. May come before the answer of message.send.',
    params: notificationParams.messageState
  },
  'contact.state': {
    description: 'A contact is new or changed.',
    params: notificationParams.contactState
  },
  'contact.typing': {
    description: 'A contact who is connected is writing, or has ended. It holds for 7 s where nothing more is heard, or until a message comes.',
    params: notificationParams.contactTyping
  },
  'contact.identity': {
    description: 'A contact was verified, rotated its key (a notice), or somebody contradicts what was known of it (forked: nothing is sent until contact.acceptIdentity).',
    params: notificationParams.contactIdentity
  },
  'session.reset': {
    description: 'The two no longer shared their keys, as after a restored backup, and have agreed on new ones by themselves. Nothing need be done; comes once for each time.',
    params: notificationParams.sessionReset
  },
  'account.foreignManifest': {
    description: 'A contact proved that somebody else signs with this account\'s key: rotate it with the recovery phrase.',
    params: notificationParams.accountForeignManifest
  },
  'connection.state': {
    description: 'A connection was made, lost, or is tried.',
    params: notificationParams.connectionState
  },
  failed: {
    description: 'The store failed: the process ends. What was acknowledged is on disk.',
    params: notificationParams.failed
  }
} as const

export type NotificationName = keyof typeof notifications
/** A notification as it is sent, apart from the frame of JSON-RPC. */
export type RpcNotification = {
  [N in NotificationName]: { method: N, params: v.InferOutput<typeof notifications[N]['params']> }
}[NotificationName]

export function toRpcNotification (notification: Notification): RpcNotification {
  switch (notification.type) {
    case 'message.received': {
      const { type, messageId, from, text, replyTo, sentAt, receivedAt, identityInDoubt } = notification
      return { method: type, params: { messageId, from, text, replyTo: replyTo ?? null, sentAt, receivedAt, identityInDoubt } }
    }
    case 'message.changed':
      return { method: notification.type, params: messageRow(notification.message) }
    case 'message.removed': {
      const { type, messageId } = notification
      return { method: type, params: { messageId, with: notification.with } }
    }
    case 'message.state': {
      const { type, messageId, to } = notification
      return { method: type, params: { messageId, to, ...deliveryRow(notification) } }
    }
    case 'contact.state': {
      const { type, contactId, name, state } = notification
      return { method: type, params: { contactId, name, state } }
    }
    case 'contact.typing':
      return { method: notification.type, params: { contactId: notification.contactId, active: notification.active } }
    case 'contact.identity': {
      const { type, contactId, name, identity, verified } = notification
      return { method: type, params: { contactId, name, identity, verified } }
    }
    case 'session.reset': {
      const { type, contactId, name, at } = notification
      return { method: type, params: { contactId, name, at } }
    }
    case 'account.foreignManifest':
      return { method: notification.type, params: { at: notification.at } }
    case 'connection.state':
      return { method: notification.type, params: connectionRow(notification) }
    case 'failed':
      return { method: notification.type, params: { code: notification.code, message: notification.message } }
  }
}

function accountRow ({ isProtected }: Service, account: AccountView) {
  return { ...account, foreignManifestAt: account.foreignManifestAt ?? null, protected: isProtected }
}

function contactRow (contact: ContactView) {
  return { ...contact, lastMessageAt: contact.lastMessageAt ?? null }
}

function deliveryRow ({ state, way, storedBy, of, until, reason }: DeliveryView) {
  return { state, way: way ?? null, storedBy, of, until: until ?? null, reason: reason ?? null }
}

function messageRow (message: MessageView) {
  return { ...message, replyTo: message.replyTo ?? null, editedAt: message.editedAt ?? null, delivery: message.delivery === undefined ? null : deliveryRow(message.delivery) }
}

function detailsRow ({ editedAt, arrivedBy, states, relays, ...message }: MessageDetails) {
  return {
    ...message,
    editedAt: editedAt ?? null,
    arrivedBy: arrivedBy ?? null,
    states: states.map(({ state, at, way, reason }) => ({ state, at: at ?? null, way: way ?? null, reason: reason ?? null })),
    relays: relays.map(({ peerId, storedAt, until }) => ({ peerId, storedAt: storedAt ?? null, until: until ?? null }))
  }
}

function connectionRow ({ kind, peerId, state, contactId, direct, retryInMs, lastError }: ConnectionView) {
  return {
    kind, peerId, state, direct,
    contactId: contactId ?? null,
    retryInMs: retryInMs ?? null,
    lastError: lastError ?? null
  }
}
