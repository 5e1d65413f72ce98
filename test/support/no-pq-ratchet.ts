/**
 * No post-quantum ratchet: the classical Double Ratchet alone, in the place of the one that sessions
 * have. Only tests put it there (protocol/pq-swapped.test.ts), to hold that the place is one.
 */
import { emptyBytes } from '../../protocol/bytes.ts'
import { CryptoError } from '../../protocol/errors.ts'
import type { PqRatchet } from '../../protocol/pq-ratchet.ts'

/** It has nothing to remember. */
export interface PqState { readonly isAbsent: true }

const state: PqState = { isAbsent: true }

/** How often it was asked to compose: whoever swapped it in wants to know that it was used. */
export const asked = { compose: 0 }

export const pqRatchet: PqRatchet<PqState> = {
  start: () => state,
  compose: () => {
    asked.compose++
    return state
  },
  absorb: (_suite, _random, _state, bytes) => {
    if (bytes.some(byte => byte !== 0)) throw new CryptoError('AUTHENTICATION_FAILED')
    return state
  },
  stepSending: () => ({ state, secret: emptyBytes }),
  stepReceiving: (_state, epoch) => {
    if (epoch !== 0) throw new CryptoError('AUTHENTICATION_FAILED')
    return { state, secret: emptyBytes }
  },
  sendingEpoch: () => 0,
  receivingEpoch: () => 0,
  encode: () => emptyBytes,
  decode: (_suite, bytes, _isInitiator, corrupt) => {
    if (bytes.length > 0) throw corrupt()
    return state
  }
}
