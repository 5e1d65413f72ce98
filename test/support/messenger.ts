/**
 * A messenger in memory for tests of what stands before the engine: JSON-RPC, client, chat.
 *
 * It keeps the facade's promises (codes, order, notifications after the fact) for one account and
 * contacts that never answer by themselves; the test plays their part.
 */
import { isEmoji } from '../../protocol/content.ts'
import { CryptoError, UsageError } from '../../protocol/errors.ts'
import { textBytesMax } from '../../protocol/limits.ts'
import type {
  AccountView, ContactView, DeliveryView, MessageView, MessengerApi, Notification
} from '../../node/core/api.ts'

export interface MemoryMessenger extends MessengerApi {
  readonly calls: string[]
  isStarted: boolean
  isStopped: boolean
  /** What happens to a message after it is queued; default: stored at one of one. */
  fate: (message: MessageView) => DeliveryView[]
  /** Answers of `sendText` wait for it. */
  gate: Promise<void>
  /** Plays a message from a contact. */
  receive: (from: string, text: string, replyTo?: string) => string
  emit: (notification: Notification) => void
}

const queued: DeliveryView = {
  state: 'queued', way: undefined, storedBy: 0, of: 1, until: undefined, reason: undefined
}
export const stored: DeliveryView = { ...queued, state: 'stored', way: 'relay', storedBy: 1, until: 1_900_000_000_000 }
export const delivered: DeliveryView = { ...queued, state: 'delivered', way: 'direct' }

const phrase = Array(24).fill('zoo').join(' ')
export const safetyNumber = Array(12).fill('12345').join(' ')

export function memoryMessenger (): MemoryMessenger {
  const listeners = new Set<(notification: Notification) => void>()
  const contacts = new Map<string, ContactView>()
  const messages: MessageView[] = []
  let account: AccountView | undefined
  let nextId = 1
  const newId = (): string => (nextId++).toString(16).padStart(32, '0')
  const known = (contactId: string): ContactView => {
    const contact = contacts.get(contactId)
    if (contact === undefined) throw new UsageError('UNKNOWN_CONTACT')
    return contact
  }
  const setState = (contactId: string, state: ContactView['state']): void => {
    const contact = known(contactId)
    contact.state = state
    messenger.emit({ type: 'contact.state', contactId, name: contact.name, state })
  }

  const find = (contactId: string, messageId: string): MessageView => {
    known(contactId)
    const message = messages.find((one) => one.with === contactId && one.messageId === messageId)
    if (message === undefined) throw new UsageError('UNKNOWN_MESSAGE')
    return message
  }
  const change = (contactId: string, messageId: string, changes: (message: MessageView) => Partial<MessageView>): void => {
    const message = find(contactId, messageId)
    Object.assign(message, changes(message))
    messenger.emit({ type: 'message.changed', message: { ...message } })
  }

  const messenger: MemoryMessenger = {
    calls: [],
    isStarted: false,
    isStopped: false,
    gate: Promise.resolve(),
    fate: () => [stored],
    emit (notification) { for (const listener of listeners) listener(notification) },
    receive (from, text, replyTo) {
      const messageId = newId()
      const now = 1_800_000_000_000 + nextId
      messages.push({
        messageId, with: from, own: false, text, needsNewerVersion: false, sentAt: now, receivedAt: now,
        replyTo, reactions: [], editedAt: undefined, deleted: false,
        late: false, missingBefore: 0, identityInDoubt: false, delivery: undefined
      })
      messenger.emit({
        type: 'message.received', messageId, from, text, replyTo, sentAt: now, receivedAt: now, identityInDoubt: false
      })
      return messageId
    },

    account: () => account,
    async createAccount ({ name, relays }) {
      messenger.calls.push('createAccount')
      if (account !== undefined) throw new UsageError('ACCOUNT_EXISTS')
      await Promise.resolve()
      account = {
        accountId: 'restante1me', name, deviceId: newId(), relays,
        phraseWrittenDown: false, keyRotated: false, foreignManifestAt: undefined
      }
      return account
    },
    async recoveryPhrase () {
      if (account === undefined) throw new UsageError('NO_ACCOUNT')
      if (account.phraseWrittenDown) throw new UsageError('PHRASE_FORGOTTEN')
      return phrase
    },
    async forgetRecoveryPhrase (given) {
      if (account === undefined) throw new UsageError('NO_ACCOUNT')
      if (given !== phrase) throw new UsageError('PHRASE_WRONG')
      account = { ...account, phraseWrittenDown: true }
    },
    async rotateKey (given) {
      if (account === undefined) throw new UsageError('NO_ACCOUNT')
      if (given !== phrase) throw new UsageError('PHRASE_WRONG')
      account = { ...account, phraseWrittenDown: true, keyRotated: true, foreignManifestAt: undefined }
      return account
    },
    async start () { messenger.isStarted = true },
    wake () { messenger.calls.push('wake') },
    async stop () { messenger.isStopped = true },
    async createInvite ({ expiresInSeconds }) {
      messenger.calls.push('createInvite')
      if (account === undefined) throw new UsageError('NO_ACCOUNT')
      const expiresAt = expiresInSeconds === undefined ? undefined : expiresInSeconds * 1000
      return { invite: 'restante:i/abc', published: false, expiresAt }
    },
    async addContact ({ invite, name = 'Bob' }) {
      if (!invite.startsWith('restante:')) throw new UsageError('INVITE_INVALID')
      const contactId = `restante1${invite.slice(9)}`
      contacts.set(contactId, {
        contactId, name, state: 'invited', verified: false, identity: 'unchanged', weakForwardSecrecy: false, unread: 0, lastMessageAt: undefined
      })
      return { contactId }
    },
    contacts: () => [...contacts.values()],
    async acceptContact (contactId) { setState(contactId, 'accepted') },
    async blockContact (contactId) { setState(contactId, 'blocked') },
    async removeContact (contactId) {
      known(contactId)
      contacts.delete(contactId)
    },
    async safetyNumber (contactId) {
      return { number: safetyNumber, qr: 'restante-safety:x', verified: known(contactId).verified }
    },
    async verifyContact (contactId, number) {
      const contact = known(contactId)
      if (number.replaceAll(' ', '') !== safetyNumber.replaceAll(' ', '')) {
        throw new CryptoError('SAFETY_NUMBER_MISMATCH')
      }
      contact.verified = true
      messenger.emit({ type: 'contact.identity', contactId, name: contact.name, identity: contact.identity, verified: true })
    },
    async acceptIdentity (contactId) { known(contactId).identity = 'unchanged' },
    resolveContact (idOrName) {
      if (contacts.has(idOrName)) return idOrName
      const [only, ...more] = [...contacts.values()].filter(({ name }) => name === idOrName)
      if (more.length > 0) throw new UsageError('AMBIGUOUS_CONTACT')
      if (only === undefined) throw new UsageError('UNKNOWN_CONTACT')
      return only.contactId
    },
    async sendText ({ to, text, replyTo }) {
      messenger.calls.push(`sendText ${text}`)
      known(to)
      if (new TextEncoder().encode(text).length > textBytesMax) throw new UsageError('TEXT_TOO_LARGE')
      const messageId = newId()
      const now = 1_800_000_000_000 + nextId
      const message: MessageView = {
        messageId, with: to, own: true, text, needsNewerVersion: false, sentAt: now, receivedAt: now,
        replyTo, reactions: [], editedAt: undefined, deleted: false,
        late: false, missingBefore: 0, identityInDoubt: false, delivery: queued
      }
      messages.push(message)
      await messenger.gate
      for (const state of messenger.fate(message)) {
        message.delivery = state
        messenger.emit({ type: 'message.state', messageId, to, ...state })
      }
      return { messageId }
    },
    async typing () {},
    async react ({ with: contactId, messageId, emoji }) {
      if (emoji !== undefined && !isEmoji(emoji)) throw new UsageError('USAGE', 'exactly one emoji')
      change(contactId, messageId, ({ reactions }) => ({
        reactions: [...reactions.filter(({ own }) => !own), ...emoji === undefined ? [] : [{ emoji, own: true }]]
      }))
    },
    async edit ({ with: contactId, messageId, text }) {
      change(contactId, messageId, ({ own }) => {
        if (!own) throw new UsageError('NOT_OWN_MESSAGE')
        return { text, editedAt: 1_800_000_000_000 }
      })
    },
    async deleteMessage ({ with: contactId, messageId, forEveryone }) {
      if (forEveryone) {
        change(contactId, messageId, ({ own }) => {
          if (!own) throw new UsageError('NOT_OWN_MESSAGE')
          return { text: '', reactions: [], deleted: true }
        })
        return
      }
      messages.splice(messages.indexOf(find(contactId, messageId)), 1)
      messenger.emit({ type: 'message.removed', messageId, with: contactId })
    },
    async details (messageId) {
      const message = messages.find((one) => one.messageId === messageId)
      if (message === undefined) throw new UsageError('UNKNOWN_MESSAGE')
      const { with: contactId, own, sentAt, receivedAt, editedAt, delivery } = message
      const states = delivery === undefined ? [] : [{ state: delivery.state, at: sentAt, way: delivery.way, reason: delivery.reason }]
      return { messageId, with: contactId, own, sentAt, receivedAt, editedAt, arrivedBy: own ? undefined : 'relay', states, relays: [] }
    },
    async messages ({ with: contactId, limit = 50, before }) {
      const all = messages.filter((message) => message.with === contactId)
      const end = before === undefined ? all.length : all.findIndex(({ messageId }) => messageId === before)
      if (end === -1) throw new UsageError('UNKNOWN_MESSAGE')
      return all.slice(Math.max(0, end - limit), end)
    },
    delivery: async (messageId) => messages.find((message) => message.messageId === messageId)?.delivery,
    async markRead ({ upTo }) { messenger.calls.push(`markRead ${upTo}`) },
    connections: () => [{
      kind: 'relay', peerId: '12D3KooWRelay', state: 'waiting', contactId: undefined, direct: true,
      retryInMs: 500, lastError: 'NO_ROUTE'
    }],
    listen (listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    }
  }
  return messenger
}
