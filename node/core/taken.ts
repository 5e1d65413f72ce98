/**
 * Which inners were taken in, by a piece of the random nonce that each begins with. What is offered
 * again is told by it from what never came here: "opened before" alone is no proof that its contents
 * are here, for a sender whose state was set back seals others under the same numbers. And old bytes
 * that a relay hands out again are evidence of nothing.
 *
 * Kept in pages: the newest in the conversation's record, which is written with each commit anyway, full
 * ones in a table, of which the oldest is replaced.
 */
import { concat, toHex as hex } from '../../protocol/bytes.ts'
import { headerNonce } from '../../protocol/session.ts'
import type { Ledger } from './ledger.ts'
import { encodeCounter } from './position.ts'
import { TakenRecord, type ConversationRecord } from './records.js'
import type { State } from './state.ts'

/** Of each nonce: 47 bits are one in 10^10 that another of 16,384 has the same. The last bit says whether it was numbered. */
const pieceBytes = 6
const piecesPerPage = 64
const pagesMax = 256

interface Known { pieces: Set<number>, pages: Map<number, Uint8Array> }

export class Taken {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #known = new Map<string, Known>()

  constructor (state: State, ledger: Ledger) {
    this.#state = state
    this.#ledger = ledger
  }

  /** At start. */
  load (): void {
    for (const [contact, { taken }] of this.#state.conversationEntries()) remember(this.#of(contact).pieces, taken)
    for (const { account, record: { page, nonces } } of this.#state.takenPages) {
      const known = this.#of(hex(account))
      known.pages.set(page, nonces)
      remember(known.pieces, nonces)
    }
    this.#state.takenPages = []
  }

  has (contact: string, inner: Uint8Array): boolean {
    return this.#hasAs(contact, inner, true) || this.#hasAs(contact, inner, false)
  }

  /** Whether it was taken in and held contents with numbers, which are acknowledged. */
  wasNumbered (contact: string, inner: Uint8Array): boolean { return this.#hasAs(contact, inner, true) }

  /** Whether so many were taken in that some are not known any more. */
  isForgetful (contact: string): boolean {
    return (this.#state.conversations.get(contact)?.takenPages ?? 0) > pagesMax
  }

  /** Inside a step. `conversation` is to be kept by the caller, as it is returned. */
  with (contact: string, conversation: ConversationRecord, inner: Uint8Array, isNumbered: boolean): ConversationRecord {
    const piece = pieceOf(inner, isNumbered)
    if (piece === undefined) return conversation
    const known = this.#of(contact)
    const number = numberAt(piece, 0)
    if (!known.pieces.has(number)) {
      known.pieces.add(number)
      this.#ledger.undoable(() => { known.pieces.delete(number) })
    }
    const taken = concat(conversation.taken, piece)
    if (taken.length < piecesPerPage * pieceBytes) return { ...conversation, taken }
    this.#turn(conversation, taken, known)
    return { ...conversation, taken: new Uint8Array(0), takenPages: conversation.takenPages + 1 }
  }

  /** The page is full: it takes the place of the oldest, whose pieces are forgotten once that is durable. */
  #turn ({ account, takenPages: page }: ConversationRecord, nonces: Uint8Array, known: Known): void {
    this.#ledger.write('taken', concat(account, encodeCounter(page % pagesMax)), TakenRecord.encode({ page, nonces }))
    this.#ledger.effect(() => {
      known.pages.set(page, nonces)
      const oldest = known.pages.get(page - pagesMax)
      if (oldest === undefined) return
      known.pages.delete(page - pagesMax)
      for (let at = 0; at < oldest.length; at += pieceBytes) known.pieces.delete(numberAt(oldest, at))
    })
  }

  #hasAs (contact: string, inner: Uint8Array, isNumbered: boolean): boolean {
    const piece = pieceOf(inner, isNumbered)
    return piece !== undefined && this.#known.get(contact)?.pieces.has(numberAt(piece, 0)) === true
  }

  #of (contact: string): Known {
    let known = this.#known.get(contact)
    if (known === undefined) {
      known = { pieces: new Set(), pages: new Map() }
      this.#known.set(contact, known)
    }
    return known
  }
}

function remember (pieces: Set<number>, nonces: Uint8Array): void {
  for (let at = 0; at + pieceBytes <= nonces.length; at += pieceBytes) pieces.add(numberAt(nonces, at))
}

function pieceOf (inner: Uint8Array, isNumbered: boolean): Uint8Array | undefined {
  const piece = headerNonce(inner)?.slice(0, pieceBytes)
  if (piece !== undefined) piece[pieceBytes - 1] = (piece[pieceBytes - 1]! & 0xfe) | (isNumbered ? 1 : 0)
  return piece
}

function numberAt (bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return view.getUint16(at) * 0x1_0000_0000 + view.getUint32(at + 2)
}
