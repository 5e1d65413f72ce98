/** The two ends of a session, each keeping what it holds. */
import assert from 'node:assert/strict'
import { utf8 } from '../../protocol/bytes.ts'
import { CryptoError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { Random } from '../../protocol/ports.ts'
import { decodeSession, decrypt, encodeSession, encrypt } from '../../protocol/session.ts'
import type { Session } from '../../protocol/session.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { connect, native } from './parties.ts'

export function refuses (code: ErrorCode, run: () => unknown): void {
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code, code)
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** One side of a conversation that keeps what it holds. */
export class Side {
  session: Session
  readonly suite: CryptoSuite
  readonly #random: Random

  constructor (suite: CryptoSuite, random: Random, session: Session) {
    this.suite = suite
    this.#random = random
    this.session = session
  }

  send (content: string, bucketBytes = 1024): Uint8Array {
    const { session, inner } = encrypt(this.suite, this.#random, this.session, utf8(content), bucketBytes)
    this.session = session
    return inner
  }

  receive (inner: Uint8Array): string {
    const { session, content } = decrypt(this.suite, this.#random, this.session, inner)
    this.session = session
    return text(content)
  }

  /** An attacker's copy of everything this side holds. */
  clone (): Side {
    return new Side(this.suite, this.#random, decodeSession(this.suite, encodeSession(this.session)))
  }
}

/** Both sides confirmed. */
export function converse (random: Random, aSuite = native, bSuite = native): { a: Side, b: Side } {
  const { aSession, bSession } = connect(aSuite, bSuite, random)
  const a = new Side(aSuite, random, aSession)
  const b = new Side(bSuite, random, bSession)
  a.receive(b.send('answer'))
  return { a, b }
}
