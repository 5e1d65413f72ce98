/**
 * Hashes of what this account wrote to a contact, by counter: what a receipt says of contents is held
 * against them (spec 06 §Receipt). Those of the newest are in memory; others follow from the outbox.
 */
import { concat } from '../../protocol/bytes.ts'
import { splitBody } from '../../protocol/body.ts'
import { labels } from '../../protocol/labels.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { Content } from '../../protocol/wire/restante.js'
import type { State } from './state.ts'

/** Bytes of a hash in the chain of contents. */
export const chainBytes = 16
/** A receipt is late by a round trip and its delay: so many contents may be written meanwhile. */
const newestMax = 2048

interface Newest { counters: Float64Array, hashes: Uint8Array }

/** `bytes`: an encoded content, as it was sent. */
export function contentHash (suite: Pick<CryptoSuite, 'sha256'>, bytes: Uint8Array): Uint8Array {
  return suite.sha256(concat(labels.contentChain, bytes)).subarray(0, chainBytes)
}

export class OwnChain {
  readonly #state: State
  readonly #newest = new Map<string, Newest>()

  constructor (state: State) { this.#state = state }

  note (contact: string, counter: number, hash: Uint8Array): void {
    let newest = this.#newest.get(contact)
    if (newest === undefined) {
      newest = { counters: new Float64Array(newestMax), hashes: new Uint8Array(newestMax * chainBytes) }
      this.#newest.set(contact, newest)
    }
    const place = counter % newestMax
    newest.counters[place] = counter
    newest.hashes.set(hash, place * chainBytes)
  }

  /** Numbers were given anew. */
  forget (contact: string): void { this.#newest.delete(contact) }

  /** Undefined: not known any more, or never given. */
  hashAt (contact: string, counter: number): Uint8Array | undefined {
    const conversation = this.#state.conversations.get(contact)
    if (conversation === undefined || counter > conversation.counter) return undefined
    if (counter === conversation.counter) return nonEmpty(conversation.previous)
    const newest = this.#newest.get(contact)
    const place = counter % newestMax
    if (newest?.counters[place] === counter) return newest.hashes.slice(place * chainBytes, (place + 1) * chainBytes)
    for (const { first, last, record } of this.#state.outboundOf(contact)) {
      if (first === 0 || first > counter + 1 || last < counter) continue
      const found = this.#within(record.body, counter)
      if (found !== undefined) return found
    }
    return undefined
  }

  #within (body: Uint8Array, counter: number): Uint8Array | undefined {
    for (const bytes of splitBody(body)) {
      const content = Content.decode(bytes)
      if (content.counter === counter) return contentHash(this.#state.suite, bytes)
      if (content.counter === counter + 1) return nonEmpty(content.previous)
    }
    return undefined
  }
}

function nonEmpty (hash: Uint8Array): Uint8Array | undefined { return hash.length === 0 ? undefined : hash }
