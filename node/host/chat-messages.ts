/**
 * The messages that a chat has shown: the number of each, by which a person names it, and how it looked last.
 * Not here: commands and the terminal (chat.ts).
 */
import { UsageError } from '../../protocol/errors.ts'
import { printable, printableText } from './printable.ts'
import type { Message } from './message-text.ts'

export type Seen = Pick<Message, 'messageId' | 'own' | 'text' | 'deleted' | 'editedAt' | 'reactions'>

/** Of a message that is quoted. */
const quotedCharactersMax = 60

export class ChatMessages {
  /** Of the contact, printable already. */
  readonly #name: string
  readonly #numbers = new Map<string, number>()
  readonly #seen = new Map<number, Seen>()
  #next = 1

  constructor (name: string) { this.#name = name }

  /** For a message whose id is not known yet. */
  reserve (): number { return this.#next++ }

  /** Its number: the one that it has, or `reserved`, or the next. */
  show (message: Seen, reserved?: number): number {
    const number = this.#numbers.get(message.messageId) ?? reserved ?? this.reserve()
    this.#numbers.set(message.messageId, number)
    this.#seen.set(number, message)
    return number
  }

  remove (messageId: string): number | undefined {
    const number = this.#numbers.get(messageId)
    if (number === undefined) return undefined
    this.#numbers.delete(messageId)
    this.#seen.delete(number)
    return number
  }

  /** Throws UsageError where nothing was shown under it. */
  at (number: number): Seen { return this.#seen.get(number) ?? wrong(`There is no #${number} here.`) }

  lastOwn (): Seen {
    const own = [...this.#seen].filter(([, { own, deleted }]) => own && !deleted)
    const [, last] = own.sort(([a], [b]) => a - b).at(-1) ?? wrong('You have written nothing here that could be changed.')
    return last
  }

  /** The line above an answer: what it answers. */
  quote (replyTo: string): string {
    const number = this.#numbers.get(replyTo)
    const seen = number === undefined ? undefined : this.#seen.get(number)
    if (seen === undefined) return '  > (a message that is not shown here)'
    const [line = ''] = seen.text.split(/\r\n|\n/)
    const text = line.length > quotedCharactersMax ? `${line.slice(0, quotedCharactersMax).toWellFormed()}…` : line
    return `  > #${number} ${seen.own ? 'you' : this.#name}: ${seen.deleted ? '(deleted)' : printable(text)}`
  }

  /** What is new about a message that was shown; undefined: nothing, or it was not shown. */
  changed (message: Seen): string | undefined {
    const number = this.#numbers.get(message.messageId)
    const before = number === undefined ? undefined : this.#seen.get(number)
    if (number === undefined || before === undefined) return undefined
    this.#seen.set(number, message)
    const news: string[] = []
    if (message.deleted && !before.deleted) news.push('(deleted)')
    else if (message.text !== before.text) news.push(`edited: ${printableText(message.text)}`)
    const [reactions, former] = [this.#reactions(message), this.#reactions(before)]
    if (!message.deleted && reactions !== former) news.push(reactions === '' ? 'no reaction any more' : reactions)
    return news.length === 0 ? undefined : `  #${number} ${news.join('  ')}`
  }

  #reactions ({ reactions }: Seen): string {
    return reactions.map(({ emoji, own }) => `${printable(emoji)} ${own ? 'you' : this.#name}`).join(', ')
  }
}

/** `N rest`, where N may be written #N. Throws UsageError where there is no number. */
export function numberAndRest (text: string): { number: number, rest: string } {
  const [, digits, rest = ''] = /^#?(\d{1,9})(?:\s+(.*))?$/su.exec(text.trim()) ?? wrong('Name the message by its number, as /react 3 👍.')
  return { number: Number(digits), rest: rest.trim() }
}

function wrong (message: string): never { throw new UsageError('USAGE', message) }
