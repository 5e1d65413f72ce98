/**
 * The shapes of JSON-RPC: parameters, results and notifications, each field with its meaning.
 *
 * They validate what a client sends, give the types of both ends, and print docs/rpc.md. Not on the
 * hot path of delivery: a message is checked here once, when a client hands it in.
 */
import * as v from 'valibot'
import { accountRelaysMax, emojiBytesMax, nameBytesMax, textBytesMax } from '../../../protocol/limits.ts'

const utf8 = new TextEncoder()
// A lone surrogate has no UTF-8 form: it would arrive as another text than was sent.
const wellFormed = v.check<string, string>((text) => text.isWellFormed(), 'no well-formed Unicode')
const utf8Max = (bytes: number) =>
  v.check<string, string>((text) => utf8.encode(text).length <= bytes, `over ${bytes} bytes of UTF-8`)

const described = (meaning: string) => v.description<string, string>(meaning)
const linkCharactersMax = 8192

const text = (meaning: string) => v.pipe(v.string(), described(meaning))
const name = (meaning: string) => v.pipe(v.string(), v.minLength(1), wellFormed, utf8Max(nameBytesMax),
  described(meaning))
const contact = (meaning: string) => v.pipe(v.string(), v.minLength(1), v.maxLength(1024), described(meaning))
const messageId = (meaning: string) =>
  v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'not 32 hexadecimal digits'), described(meaning))
const flag = (meaning: string) => v.pipe(v.boolean(), v.description(meaning))
const count = (meaning: string) => v.pipe(v.number(), v.description(meaning))
const time = (meaning: string) =>
  v.pipe(v.number(), v.description(`${meaning}; milliseconds since the epoch`))
const orNull = <T extends v.GenericSchema>(schema: T) => v.nullable(schema)

const multiaddr = v.pipe(v.string(), v.minLength(1), v.maxLength(1024))

const contactStates = v.picklist(['invited', 'request', 'accepted', 'blocked'])
const deliveryStates = v.picklist(['queued', 'stored', 'delivered', 'read', 'expired', 'failed'])
const ways = v.picklist(['direct', 'relay'])

const accountFields = {
  accountId: text('bech32m, `restante1…`'),
  name: text('the name that invited people see'),
  deviceId: text('this device'),
  relays: v.pipe(v.array(v.string()), v.description('multiaddrs with peer id')),
  phraseWrittenDown: flag('the recovery phrase is not in the profile any more'),
  keyRotated: flag('the account key was replaced by that of the phrase'),
  foreignManifestAt: orNull(time('since then it is known that somebody else signs with the account key: rotate it')),
  protected: flag('false: the profile has no passphrase')
}

const contactFields = {
  contactId: text('the contact\'s account id'),
  name: text('what the contact is called here; exact, so escape it before showing it in a terminal'),
  state: v.pipe(contactStates, v.description('`request`: wrote first, waits for contact.accept'))
}

const identityFields = {
  identity: v.pipe(v.picklist(['unchanged', 'rotated', 'forked']),
    v.description('`rotated`: its owner replaced the key; `forked`: contradicted, and nothing is sent')),
  verified: flag('the safety number was compared, and nothing contradicts what was known then')
}

const deliveryFields = {
  state: v.pipe(deliveryStates, v.description('`delivered`: durable on the recipient\'s device')),
  way: orNull(v.pipe(ways, v.description('which way it went'))),
  storedBy: count('relays that have it fsynced'),
  of: count('relays that the recipient has'),
  until: orNull(time('kept there at least until')),
  reason: orNull(text('error code, where expired or failed'))
}

const messageFields = {
  messageId: text('32 hexadecimal digits'),
  with: text('contact id of the conversation'),
  own: flag('true: this account sent it'),
  text: text('exact: escape it before showing it in a terminal; of an edited message the newest, of a deleted one empty'),
  needsNewerVersion: flag('true: content that this version does not know; `text` is empty'),
  replyTo: orNull(text('the message that it answers, which may not be here')),
  reactions: v.pipe(v.array(v.object({
    emoji: text('one emoji'),
    own: flag('true: of this account')
  })), v.description('one of each person at most')),
  editedAt: orNull(time('its author last changed the text')),
  deleted: flag('its author deleted it for everyone: `text` and `reactions` are empty'),
  sentAt: time('by the sender\'s clock'),
  receivedAt: time('by ours; own messages: as sentAt'),
  late: flag('it came after messages that follow it'),
  missingBefore: count('messages of this sender before it that have not arrived'),
  identityInDoubt: flag('it came while the contact\'s identity was forked: it may be somebody else\'s'),
  delivery: orNull(v.pipe(v.object(deliveryFields), v.description('own messages only')))
}

const connectionFields = {
  kind: v.pipe(v.picklist(['relay', 'contact', 'foreign-relay']),
    v.description('own relay, a contact\'s device, or a contact\'s relay')),
  peerId: text('libp2p peer id'),
  state: v.picklist(['idle', 'connecting', 'connected', 'waiting']),
  contactId: orNull(text('kind contact: whose')),
  direct: flag('not through a circuit'),
  retryInMs: orNull(count('milliseconds to the next try, where waiting')),
  lastError: orNull(text('error code of the last failure since it was connected'))
}

export const params = {
  none: v.strictObject({}),
  accountCreate: v.strictObject({
    name: name(`your name, 1 to ${nameBytesMax} bytes of UTF-8`),
    relays: v.optional(v.pipe(v.array(multiaddr), v.maxLength(accountRelaysMax),
      v.description(`up to ${accountRelaysMax} multiaddrs ending in /p2p/…; default none`)), [])
  }),
  inviteCreate: v.strictObject({
    reusable: v.optional(flag('default false: it works once')),
    expiresInSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(366 * 86_400),
      v.description('at most a year; default: the program\'s own')))
  }),
  contactAdd: v.strictObject({
    invite: v.pipe(v.string(), v.minLength(1), v.maxLength(linkCharactersMax),
      described('a `restante:` link, its https form, or an account id')),
    name: v.optional(name('what to call the contact; default: the name in its bundle'))
  }),
  contact: v.strictObject({ contactId: contact('contact id, or a name that only one contact has') }),
  phrase: v.strictObject({
    phrase: v.pipe(v.string(), v.minLength(1), v.maxLength(1024), described('24 words; a secret'))
  }),
  contactVerify: v.strictObject({
    contactId: contact('contact id, or a name that only one contact has'),
    number: v.pipe(v.string(), v.minLength(1), v.maxLength(1024),
      described('60 digits, with or without spaces, or what was scanned from the contact\'s screen'))
  }),
  contactAcceptIdentity: v.strictObject({
    contactId: contact('contact id, or a name that only one contact has'),
    identity: v.pipe(v.picklist(['known', 'presented']), v.description(
      '`known`: what was known stays, and what contradicts it is refused; `presented`: what contradicts it is the contact from now on, not verified'))
  }),
  messageSend: v.strictObject({
    to: contact('contact id, or a name that only one contact has'),
    // Its length is the engine's to judge: TEXT_TOO_LARGE.
    text: v.pipe(v.string(), v.minLength(1), wellFormed, described(`1 to ${textBytesMax} bytes of UTF-8`)),
    replyTo: v.optional(messageId('a message of this conversation that it answers'))
  }),
  messageTyping: v.strictObject({
    to: contact('contact id, or a name that only one contact has'),
    active: flag('false: no more')
  }),
  messageReact: v.strictObject({
    with: contact('contact id, or a name that only one contact has'),
    messageId: messageId('a message of either, in this conversation'),
    emoji: orNull(v.pipe(v.string(), v.minLength(1), wellFormed, utf8Max(emojiBytesMax),
      described(`exactly one emoji, at most ${emojiBytesMax} bytes of UTF-8; null: no reaction any more`)))
  }),
  messageEdit: v.strictObject({
    with: contact('contact id, or a name that only one contact has'),
    messageId: messageId('an own message'),
    text: v.pipe(v.string(), v.minLength(1), wellFormed, described(`1 to ${textBytesMax} bytes of UTF-8`))
  }),
  messageDelete: v.strictObject({
    with: contact('contact id, or a name that only one contact has'),
    messageId: messageId('for everyone: an own message'),
    forEveryone: flag('true: its place remains at both ends, without text; false: it goes from this device only')
  }),
  messageDetails: v.strictObject({ messageId: messageId('of any conversation') }),
  messageList: v.strictObject({
    with: contact('contact id, or a name that only one contact has'),
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000),
      v.description('at most so many; default 50, most 1000'))),
    before: v.optional(messageId('only messages before this one'))
  }),
  messageMarkRead: v.strictObject({
    with: contact('contact id, or a name that only one contact has'),
    upTo: messageId('this message and all before it')
  })
}

export const results = {
  account: v.object(accountFields),
  invite: v.object({
    invite: text('the link; it holds a secret, so show it only to whom it is for'),
    published: flag('a relay has it; false: it will as soon as one is reached, where `handedOutBy` is `relay`'),
    handedOutBy: v.pipe(v.picklist(['relay', 'device']),
      v.description('`device`: the account has no relay, and the link works only while this profile is online')),
    expiresAt: orNull(time('works until'))
  }),
  contactId: v.object({ contactId: text('the contact\'s account id') }),
  phrase: v.object({ phrase: text('24 words; a secret') }),
  safetyNumber: v.object({
    number: text('60 digits in twelve groups of five, the same at both ends'),
    qr: text('for a QR code, to be scanned by the contact'),
    verified: flag('it was compared before')
  }),
  contacts: v.object({
    contacts: v.array(v.object({
      ...contactFields,
      ...identityFields,
      weakForwardSecrecy: flag('the session was begun with prekeys that others use as well, and no answer has made up for that yet'),
      unread: count('messages not marked read'),
      lastMessageAt: orNull(time('of the newest message'))
    })),
    protected: flag('false: the profile has no passphrase')
  }),
  done: v.object({}),
  messageId: v.object({ messageId: text('32 hexadecimal digits') }),
  messages: v.object({ messages: v.pipe(v.array(v.object(messageFields)), v.description('oldest first')) }),
  messageDetails: v.object({
    messageId: messageFields.messageId,
    with: messageFields.with,
    own: messageFields.own,
    sentAt: messageFields.sentAt,
    receivedAt: messageFields.receivedAt,
    editedAt: messageFields.editedAt,
    arrivedBy: orNull(v.pipe(ways, v.description('messages of the contact: which way it came, where that is known'))),
    states: v.pipe(v.array(v.object({
      state: deliveryStates,
      at: orNull(time('since when')),
      way: deliveryFields.way,
      reason: deliveryFields.reason
    })), v.description('own messages: what it was, oldest first; the last one is what it is')),
    relays: v.pipe(v.array(v.object({
      peerId: text('libp2p peer id'),
      storedAt: orNull(time('when it said that it has it')),
      until: orNull(time('it keeps it at least until'))
    })), v.description('own messages: relays of the contact that have it, or had it until it was delivered, and those that do not have it yet'))
  }),
  connections: v.object({ connections: v.array(v.object(connectionFields)) })
}

export const notificationParams = {
  messageReceived: v.object({
    messageId: text('32 hexadecimal digits'),
    from: text('contact id'),
    text: text('exact: escape it before showing it in a terminal'),
    replyTo: orNull(text('the message that it answers, which may not be here')),
    sentAt: time('by the sender\'s clock'),
    receivedAt: time('by ours'),
    identityInDoubt: flag('the contact\'s identity is forked: it may be somebody else\'s')
  }),
  messageChanged: v.object(messageFields),
  messageRemoved: v.object({
    messageId: text('32 hexadecimal digits'),
    with: text('contact id of the conversation')
  }),
  messageState: v.object({
    messageId: text('32 hexadecimal digits'),
    to: text('contact id'),
    ...deliveryFields
  }),
  contactState: v.object(contactFields),
  contactTyping: v.object({ contactId: contactFields.contactId, active: flag('false: no more') }),
  contactIdentity: v.object({
    contactId: contactFields.contactId, name: contactFields.name, ...identityFields
  }),
  sessionReset: v.object({ contactId: contactFields.contactId, name: contactFields.name, at: time('when it was agreed on') }),
  accountForeignManifest: v.object({ at: time('when it was found') }),
  connectionState: v.object(connectionFields),
  failed: v.object({ code: text('error code'), message: text('for the person') })
}
