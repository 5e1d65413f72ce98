/**
 * Kinds of content, as spec 06 §Kinds has them: which are messages that a person sees, and which only
 * say something of one. What becomes of them is the engine's (node/core/annotations.ts).
 */
import { contentKinds, emojiBytesMax, messageIdBytes } from './limits.ts'
import { utf8 } from './bytes.ts'
import { decode, expectLength } from './wire/decode.ts'
import { Deletion, Edit, Reaction, Reply, Text } from './wire/restante.js'

/** What a person reads. `replyTo`: id of the message that it answers. */
export interface Words { text: string, replyTo: Uint8Array | undefined }

/** What is said of the message with the id `to`. */
export type Change =
  | { type: 'reaction', to: Uint8Array, emoji: string }
  | { type: 'edit', to: Uint8Array, text: string }
  | { type: 'deletion', to: Uint8Array }

export function isChange (kind: number): boolean {
  return kind === contentKinds.reaction || kind === contentKinds.edit || kind === contentKinds.deletion
}

/** Of a numbered content: it is shown in its place in the conversation, if only as one of a newer version. */
export function isMessage (kind: number): boolean { return kind !== contentKinds.contactUpdate && !isChange(kind) }

/** Undefined: of a kind without words, or of a newer version. Throws WireError. */
export function wordsOf (kind: number, payload: Uint8Array): Words | undefined {
  if (kind === contentKinds.text) return { text: decode(Text, payload, 'text').text, replyTo: undefined }
  if (kind !== contentKinds.reply) return undefined
  const { to, text } = decode(Reply, payload, 'reply')
  return { text, replyTo: expectLength(to, messageIdBytes, 'reply.to') }
}

/** Undefined: `kind` is none of a change. Throws WireError. */
export function changeOf (kind: number, payload: Uint8Array): Change | undefined {
  switch (kind) {
    case contentKinds.reaction: {
      const { to, emoji } = decode(Reaction, payload, 'reaction')
      return { type: 'reaction', to: expectLength(to, messageIdBytes, 'reaction.to'), emoji }
    }
    case contentKinds.edit: {
      const { to, text } = decode(Edit, payload, 'edit')
      return { type: 'edit', to: expectLength(to, messageIdBytes, 'edit.to'), text }
    }
    case contentKinds.deletion: {
      const { to } = decode(Deletion, payload, 'deletion')
      return { type: 'deletion', to: expectLength(to, messageIdBytes, 'deletion.to') }
    }
    default: return undefined
  }
}

/** Kind and payload of a content that says it. */
export function encodeChange (change: Change): { kind: number, payload: Uint8Array } {
  switch (change.type) {
    case 'reaction': return { kind: contentKinds.reaction, payload: Reaction.encode(change) }
    case 'edit': return { kind: contentKinds.edit, payload: Edit.encode(change) }
    case 'deletion': return { kind: contentKinds.deletion, payload: Deletion.encode(change) }
  }
}

/** Kind and payload of a text, or of one that answers the message `replyTo`. */
export function encodeWords ({ text, replyTo }: Words): { kind: number, payload: Uint8Array } {
  return replyTo === undefined
    ? { kind: contentKinds.text, payload: Text.encode({ text }) }
    : { kind: contentKinds.reply, payload: Reply.encode({ to: replyTo, text }) }
}

/**
 * Element, flag or keycap of UTS #51, with what may follow it. By this grammar and not by a list of emoji, which
 * grows every year: both ends would judge a new one differently.
 */
const element = '(?:\\p{Extended_Pictographic}(?:\\p{Emoji_Modifier}|\\ufe0f\\u20e3?|[\\u{e0020}-\\u{e007e}]+\\u{e007f})?' +
  '|\\p{Regional_Indicator}{2}|[0-9#*]\\ufe0f?\\u20e3)'
const emojiPattern = new RegExp(`^${element}(?:\\u200d${element})*$`, 'u')

/** Whether a reaction may consist of it: exactly one emoji. Any other text could be a message that counts as none. */
export function isEmoji (text: string): boolean {
  return text.length <= emojiBytesMax && utf8(text).length <= emojiBytesMax && emojiPattern.test(text)
}

/** Throws WireError where the payload is none of its kind. Of an unknown kind nothing is said. */
export function checkPayload (kind: number, payload: Uint8Array): void {
  if (isChange(kind)) changeOf(kind, payload)
  else wordsOf(kind, payload)
}
