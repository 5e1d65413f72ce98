/**
 * What was sealed into what: from the last bytes of an envelope, wherever it is seen, to the
 * messages in it. The suite is watched while it seals, so that the same works with real cryptography.
 *
 * An envelope is wrapped only when it is about to leave, and never before what is in it was
 * committed: that is why its keys are judged here and not when a body is sealed, which a crash may
 * take back.
 */
import type { CryptoSuite } from '../../../protocol/suite.ts'
import { tailOf } from './disk.ts'
import { textOf } from './image.ts'
import { mentionsIn } from './mentions.ts'

interface Body { keyAndNonce: string, messages: number[] }

/** Shorter plaintexts are headers and records. */
const bodyBytesMin = 200

export class Lineage {
  readonly #bodies = new Map<string, Body>()
  readonly #envelopes = new Map<string, number[]>()
  /** Which body left under a key and nonce. */
  readonly #leftUnder = new Map<string, string>()
  /** Envelopes that were wrapped: each is one attempt of delivery. */
  attempts = 0
  /** Envelopes of each message. */
  readonly attemptsOf = new Map<number, number>()
  /** Envelopes of each content without a message in it, as receipts are, by its last bytes. */
  readonly attemptsWithoutMessage = new Map<string, number>()
  onKeyReuse: ((messages: number[]) => void) | undefined

  watch (suite: CryptoSuite): CryptoSuite {
    return {
      ...suite,
      seal: (key, nonce, plaintext, aad) => {
        const sealed = suite.seal(key, nonce, plaintext, aad)
        if (plaintext.length >= bodyBytesMin) this.#sealed(key, nonce, plaintext, sealed)
        return sealed
      }
    }
  }

  /** The messages in an envelope, by its last bytes. */
  messagesIn (envelope: Uint8Array): number[] { return this.#envelopes.get(tailOf(envelope)) ?? [] }

  #sealed (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, sealed: Uint8Array): void {
    const innerTail = tailOf(plaintext)
    const inner = this.#bodies.get(innerTail)
    if (inner === undefined) {
      this.#bodies.set(tailOf(sealed), { keyAndNonce: textOf(key) + textOf(nonce), messages: mentionsIn(plaintext) })
      return
    }
    this.#envelopes.set(tailOf(sealed), inner.messages)
    this.attempts++
    if (inner.messages.length === 0) this.attemptsWithoutMessage.set(innerTail, (this.attemptsWithoutMessage.get(innerTail) ?? 0) + 1)
    for (const message of inner.messages) this.attemptsOf.set(message, (this.attemptsOf.get(message) ?? 0) + 1)
    const before = this.#leftUnder.get(inner.keyAndNonce)
    if (before === undefined) this.#leftUnder.set(inner.keyAndNonce, innerTail)
    else if (before !== innerTail) this.onKeyReuse?.(inner.messages)
  }
}
