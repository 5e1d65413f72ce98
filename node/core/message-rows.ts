/**
 * Rows of messages and of what was said of them: every write goes through here, and look-ups that steps need.
 *
 * The store answers after a while, and a step doesn't wait: what it needs is read before it, and what is written
 * between the reading and the step is known to it as well. A step that asks for an id that wasn't looked up
 * ends, has changed nothing, and is run again.
 */
import { concat, equal, toHex as hex } from '../../protocol/bytes.ts'
import { InternalError, StoreError } from '../../protocol/errors.ts'
import type { Ledger } from './ledger.ts'
import type { Entry, Store } from './ports.ts'
import { AnnotationRecord, MessageRecord } from './records.js'

export interface MessageRow { key: Uint8Array, record: MessageRecord }

/** What is kept under one id in one conversation. Both wrote one of this id only where the contact chose it so. */
export interface Found {
  own: MessageRow | undefined
  theirs: MessageRow | undefined
  annotation: AnnotationRecord | undefined
}

type Part = keyof Found
/** `written`: parts that were written since the store was asked, whose answer is old. */
interface Answer { found: Found, written: ReadonlySet<Part> }

const unanswered: Answer = { found: { own: undefined, theirs: undefined, annotation: undefined }, written: new Set() }

interface Wanted { account: Uint8Array, id: Uint8Array }

/** Ends a step, which changed nothing, and is no failure. */
class IdsWanted extends InternalError {
  readonly wanted: Wanted[]

  constructor (wanted: Wanted[]) {
    super('INTERNAL', 'Ids are looked up first.')
    this.wanted = wanted
  }
}

/** Answers for one envelope, or one call. */
export class Lookup {
  readonly answers = new Map<string, Answer>()
  #wanted: Wanted[] = []

  /** Undefined: not looked up, and `assertComplete` ends the step. `account`: the other of the conversation. */
  found (account: Uint8Array, id: Uint8Array): Found | undefined {
    const answer = this.answers.get(nameOf(account, id))
    if (answer === undefined) this.#wanted.push({ account, id: id.slice() })
    return answer?.found
  }

  /** Ends the step where answers are missing. */
  assertComplete (): void {
    const wanted = this.#wanted
    this.#wanted = []
    if (wanted.length > 0) throw new IdsWanted(wanted)
  }
}

export class MessageRows {
  readonly #ledger: Ledger
  readonly #store: Store
  readonly #lookups = new Set<Lookup>()

  constructor (ledger: Ledger, store: Store) {
    this.#ledger = ledger
    this.#store = store
  }

  // -- inside steps

  put (account: Uint8Array, row: MessageRow): void {
    const { key, record } = row
    this.#ledger.write('message', key, MessageRecord.encode(record))
    this.#ledger.write('messageIndex', indexKey(account, record), key)
    this.#note(account, record.id, record.own ? 'own' : 'theirs', row)
  }

  /** It is put at another place: the index follows by itself. */
  drop (key: Uint8Array): void { this.#ledger.write('message', key, undefined) }

  putAnnotation (account: Uint8Array, annotation: AnnotationRecord): void {
    this.#ledger.write('annotation', annotationKey(account, annotation.id), AnnotationRecord.encode(annotation))
    this.#note(account, annotation.id, 'annotation', annotation)
  }

  dropAnnotation (account: Uint8Array, id: Uint8Array): void {
    this.#ledger.write('annotation', annotationKey(account, id), undefined)
    this.#note(account, id, 'annotation', undefined)
  }

  #note<P extends Part> (account: Uint8Array, id: Uint8Array, part: P, value: Found[P]): void {
    if (this.#lookups.size === 0) return
    const name = nameOf(account, id)
    for (const { answers } of this.#lookups) {
      const answer = answers.get(name)
      if (answer === undefined) continue
      answers.set(name, { found: { ...answer.found, [part]: value }, written: new Set(answer.written).add(part) })
      this.#ledger.undoable(() => { answers.set(name, answer) })
    }
  }

  // -- around steps

  /** Runs `step` with what is kept under the ids that it asks for, and once more for each that was not known before. */
  async with<R> (step: (lookup: Lookup) => R): Promise<R> {
    const lookup = new Lookup()
    try {
      for (;;) {
        try {
          return await this.#ledger.step(() => {
            const result = step(lookup)
            lookup.assertComplete()
            return result
          })
        } catch (error) {
          if (!(error instanceof IdsWanted)) throw error
          await this.#fill(lookup, error.wanted)
        }
      }
    } finally {
      this.#lookups.delete(lookup)
    }
  }

  async annotations (account: Uint8Array, ids: readonly Uint8Array[]): Promise<Array<AnnotationRecord | undefined>> {
    const values = await this.#store.getMany('annotation', ids.map(id => annotationKey(account, id)))
    return values.map(value => value === undefined ? undefined : AnnotationRecord.decode(value))
  }

  async #fill (lookup: Lookup, wanted: Wanted[]): Promise<void> {
    const { answers } = lookup
    for (const { account, id } of wanted) answers.set(nameOf(account, id), unanswered)
    this.#lookups.add(lookup)
    // What was written before this moment is in the store after it; what is written from now on is noted.
    await this.#ledger.step(() => {}, false)
    const rows = await this.#store.follow('messageIndex', wanted.flatMap(({ account, id }) =>
      [indexKey(account, { id, own: true }), indexKey(account, { id, own: false })]))
    const annotations = await this.#store.getMany('annotation', wanted.map(({ account, id }) => annotationKey(account, id)))
    for (const [index, { account, id }] of wanted.entries()) {
      const name = nameOf(account, id)
      const { found, written } = answers.get(name)!
      const [own, theirs] = rows.slice(2 * index, 2 * index + 2)
      const annotation = annotations[index]
      const read: Found = {
        own: rowOf(account, id, own),
        theirs: rowOf(account, id, theirs),
        annotation: annotation === undefined ? undefined : AnnotationRecord.decode(annotation)
      }
      answers.set(name, { found: { ...read, ...Object.fromEntries([...written].map(part => [part, found[part]])) }, written })
    }
  }
}

/** Undefined: not of this conversation. */
function rowOf (account: Uint8Array, id: Uint8Array, entry: Entry | undefined): MessageRow | undefined {
  if (entry === undefined || !equal(entry.key.subarray(0, account.length), account)) return undefined
  const record = MessageRecord.decode(entry.value)
  if (!equal(record.id, id)) throw new StoreError('STORE_CORRUPT', 'An index entry points to another message.')
  return { key: entry.key, record }
}

function nameOf (account: Uint8Array, id: Uint8Array): string { return `${hex(account)}:${hex(id)}` }

/**
 * Where the index keeps a message. Of `account`'s messages the ids are its own choice: one that repeats
 * the id of a message of this account, or of somebody else, must not take its place.
 */
export function indexKey (account: Uint8Array | undefined, { id, own }: Pick<MessageRecord, 'id' | 'own'>): Uint8Array {
  return own || account === undefined ? id : concat(account, id)
}

export function annotationKey (account: Uint8Array, id: Uint8Array): Uint8Array { return concat(account, id) }
