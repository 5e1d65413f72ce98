/**
 * Whether messages of a contact are here, by id. The store answers after a while, and a step doesn't
 * wait: it asks here, ends where an answer is missing, and is run again with the answers.
 */
import { toHex as hex } from '../../protocol/bytes.ts'
import { InternalError } from '../../protocol/errors.ts'

/** Ends a step, which changed nothing, and is no failure. */
export class IdsWanted extends InternalError {
  readonly contact: string
  readonly ids: Uint8Array[]

  constructor (contact: string, ids: Uint8Array[]) {
    super('INTERNAL', 'Ids are looked up first.')
    this.contact = contact
    this.ids = ids
  }
}

export class KnownIds {
  readonly #answers: ReadonlyMap<string, boolean>
  readonly #wanted: Uint8Array[] = []

  constructor (answers: ReadonlyMap<string, boolean>) { this.#answers = answers }

  /** True where the answer is missing: `assertComplete` ends the step then. */
  isKnown (id: Uint8Array): boolean {
    const answer = this.#answers.get(hex(id))
    if (answer === undefined) this.#wanted.push(id.slice())
    return answer ?? true
  }

  /** Throws IdsWanted. */
  assertComplete (contact: string): void {
    if (this.#wanted.length > 0) throw new IdsWanted(contact, this.#wanted)
  }
}
