/**
 * One message of a conversation as lines in a terminal.
 */
import { counted } from './output.ts'
import { printable, printableText } from './printable.ts'
import type { CallResult } from './rpc/methods.ts'
import { deliveryWords, timeWords } from './words.ts'

export type Message = CallResult<'message.list'>['messages'][number]

/** `name`: of the contact, printable already. `number`: by which a chat names it; `quote`: the line of what it answers. */
export function messageText (message: Message, name: string, nowMs: number, { number, quote }: { number?: number, quote?: string | undefined } = {}): string {
  const { own, text, needsNewerVersion, deleted, editedAt, reactions, sentAt, missingBefore, delivery } = message
  const lines: string[] = []
  // A gap is shown as a gap: what is missing may change the meaning of what follows.
  if (missingBefore > 0) lines.push(`  … ${counted(missingBefore, 'message')} before this not here yet`)
  const body = deleted
    ? '(deleted)'
    : needsNewerVersion ? '(needs a newer version of restante)' : printableText(text)
  const marks = [
    ...message.replyTo === null || quote !== undefined ? [] : ['an answer'],
    ...editedAt === null || deleted ? [] : ['edited'],
    ...reactions.map(reaction => `${printable(reaction.emoji)} ${reaction.own ? 'you' : name}`),
    ...message.late ? ['late'] : [],
    ...message.identityInDoubt ? ['identity in doubt'] : [],
    ...delivery === null ? [] : [deliveryWords(delivery)]
  ]
  const ending = marks.length === 0 ? '' : `  (${marks.join(', ')})`
  if (quote !== undefined && !deleted) lines.push(quote)
  lines.push(`${number === undefined ? '' : `#${number} `}${timeWords(sentAt, nowMs)} ${own ? 'you' : name}: ${body}${ending}`)
  return lines.join('\n')
}
