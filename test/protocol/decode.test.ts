/**
 * Strict decoding: bytes that two implementations could read differently are refused. Spec 00 §Wire format.
 */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { concat, utf8 } from '../../protocol/bytes.ts'
import { WireError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { decode, decodeCanonical, expectAtMost, expectLength } from '../../protocol/wire/decode.ts'
import { Answer, Body, Content, Device, Frame, Hello, Receipt, Text } from '../../protocol/wire/restante.js'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

function refused (run: () => unknown, code: ErrorCode, words?: RegExp): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof WireError, `not a WireError: ${String(error)}`)
    assert.equal(error.code, code)
    if (words !== undefined) assert.match(error.message, words)
    return true
  })
}

describe('decoding wire messages', () => {
  it('gives back what was encoded', () => {
    const deposit = { address: new Uint8Array(32).fill(1), envelope: new Uint8Array(1024) }
    assert.deepEqual(decode(Frame, Frame.encode({ number: 7, deposit }), 'frame').deposit, deposit)
    const greeting = { text: 'čau \u{1F44B}' }
    assert.deepEqual(decodeCanonical(Text, Text.encode(greeting), 'text'), greeting)
  })

  it('reads integers up to 2^53 - 1 and refuses the next one', () => {
    const largest = Number.MAX_SAFE_INTEGER
    const encoded = Receipt.encode({ delivered: [], readThrough: largest })
    assert.equal(decode(Receipt, encoded, 'receipt').readThrough, largest)
    // 2^53, then 2^64 - 1.
    for (const value of [[...Array<number>(7).fill(128), 16], [...Array<number>(9).fill(255), 1]]) {
      refused(() => decode(Receipt, bytes(0x10, ...value), 'receipt'), 'MALFORMED', /2\^53/)
    }
  })

  it('refuses 2^53, 2^32 and one byte too many as a length', () => {
    const length = bytes(0x0a, ...Array<number>(7).fill(128), 16)
    refused(() => decode(Text, length, 'text'), 'MALFORMED', /^text: .*2\^53/)
    refused(() => decode(Text, bytes(0x0a, 128, 128, 128, 128, 16), 'text'), 'MALFORMED')
    refused(() => decode(Text, bytes(0x0a, 3, 0x61, 0x62), 'text'), 'MALFORMED', /outside/)
  })

  it('refuses an integer from 2^32 where 32 bits are meant', () => {
    refused(() => decode(Frame, bytes(0x08, 128, 128, 128, 128, 16), 'frame'), 'MALFORMED')
  })

  it('refuses a padded integer, which others would read differently', () => {
    refused(() => decode(Frame, bytes(0x08, 0x81, 0x00), 'frame'), 'MALFORMED', /padded/)
    refused(() => decode(Receipt, bytes(0x10, 0x85, 0x80, 0x00), 'receipt'), 'MALFORMED', /padded/)
  })

  it('refuses a boolean that is neither 0 nor 1', () => {
    refused(() => decode(Answer, bytes(0x18, 2), 'answer'), 'MALFORMED', /boolean/)
  })

  it('refuses text that is not UTF-8: stray, overlong, a surrogate, cut off', () => {
    for (const broken of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
      refused(() => decode(Text, bytes(0x0a, broken.length, ...broken), 'text'), 'MALFORMED')
    }
  })

  it('keeps a byte order mark, so that text comes back as it was sent', () => {
    assert.equal(decodeCanonical(Text, Text.encode({ text: '\ufeffa' }), 'text').text, '\ufeffa')
  })

  it('refuses a field of another wire type', () => {
    refused(() => decode(Text, bytes(0x08, 1), 'text'), 'MALFORMED', /wire type/)
    refused(() => decode(Frame, bytes(0x0a, 1, 5), 'frame'), 'MALFORMED', /wire type/)
    refused(() => decode(Frame, bytes(0x10, 0), 'frame'), 'MALFORMED', /wire type/)
  })

  it('refuses groups, however deep, and unknown wire types', () => {
    refused(() => decode(Text, new Uint8Array(200_000).fill(0x7b), 'text'), 'MALFORMED', /wire type 3/)
    refused(() => decode(Text, bytes(0x7e, 0), 'text'), 'MALFORMED')
    refused(() => decode(Text, bytes(0x7f, 0), 'text'), 'MALFORMED')
  })

  it('refuses a submessage that ends inside a field, or outside its parent', () => {
    // Frame.ack of 3 bytes whose mailbox claims 4: they would be taken from what follows.
    refused(() => decode(Frame, bytes(0x4a, 3, 0x0a, 4, 1, 2, 3, 4), 'frame'), 'MALFORMED', /outside/)
    refused(() => decode(Frame, bytes(0x4a, 9, 0x0a, 1, 1), 'frame'), 'MALFORMED')
    // A Body within which a Content claims more than the Body's parent has.
    refused(() => decode(Body, concat(bytes(0x0a, 4, 0x0a, 16), new Uint8Array(16)), 'body'), 'MALFORMED')
  })

  it('refuses trailing bytes, as zeros or half a field', () => {
    const encoded = Text.encode({ text: 'a' })
    refused(() => decode(Text, concat(encoded, bytes(0)), 'text'), 'MALFORMED')
    refused(() => decode(Text, concat(encoded, bytes(0, 0)), 'text'), 'MALFORMED', /field 0/)
    refused(() => decode(Text, concat(encoded, bytes(0x0a)), 'text'), 'MALFORMED')
  })

  it('refuses fields and lists over their limit', () => {
    const nonce = bytes(0x12, 33, ...new Uint8Array(33))
    refused(() => decode(Hello, nonce, 'hello'), 'FIELD_TOO_LARGE', /33 bytes, at most 32/)
    const parents = Array.from({ length: 4 }, () => new Uint8Array(16))
    const content = Content.encode({
      id: new Uint8Array(16), counter: 1, clockMs: 1, clockLogical: 0, sentAt: 0, parents,
      previous: bytes(), kind: 1, payload: bytes(), conversation: bytes()
    })
    refused(() => decode(Content, content, 'content'), 'FIELD_TOO_LARGE', /parents/)
    refused(() => decode(Device, Device.encode({
      id: new Uint8Array(17), signingKey: bytes(), exchangeKey: bytes(), peerKey: bytes(), addedAt: 0
    }), 'device'), 'FIELD_TOO_LARGE')
  })

  it('skips unknown fields, unless the encoding must be canonical', () => {
    const unknown = bytes(0xf8, 0x07, ...Array<number>(9).fill(255), 1, 0xfa, 0x07, 1, 9)
    const newer = concat(Text.encode({ text: 'a' }), unknown)
    assert.deepEqual(decode(Text, newer, 'text'), { text: 'a' })
    refused(() => decodeCanonical(Text, newer, 'text'), 'NOT_CANONICAL')
  })

  it('refuses duplicates, another order and written defaults where canonical', () => {
    const receipt = Receipt.encode({ delivered: [{ first: 1, last: 2 }], readThrough: 9 })
    decodeCanonical(Receipt, receipt, 'receipt')
    const readThrough = bytes(0x10, 9)
    for (const other of [
      concat(receipt, readThrough),
      concat(readThrough, receipt.subarray(0, -2)),
      concat(receipt.subarray(0, -2), bytes(0x10, 0))
    ]) {
      decode(Receipt, other, 'receipt')
      refused(() => decodeCanonical(Receipt, other, 'receipt'), 'NOT_CANONICAL', /^receipt: /)
    }
  })

  it('fails on random bytes with a WireError or not at all', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), input => {
      for (const message of [Frame, Body, Answer, Receipt]) {
        try {
          decode<unknown>(message, input, 'any')
        } catch (error) {
          assert.ok(error instanceof WireError, String(error))
        }
      }
    }), { numRuns: 500 })
  })

  it('refuses a message cut off anywhere but between two fields', () => {
    const encoded = Frame.encode({ number: 1, lookup: { slot: new Uint8Array(32).fill(3) } })
    for (let length = 3; length < encoded.length; length++) {
      refused(() => decode(Frame, encoded.subarray(0, length), 'frame'), 'MALFORMED')
    }
  })
})

describe('expecting a length', () => {
  it('passes the right one on and names the path of a wrong one', () => {
    const value = utf8('abc')
    assert.equal(expectLength(value, 3, 'a.b'), value)
    assert.equal(expectAtMost(value, 3, 'a.b'), value)
    refused(() => expectLength(value, 4, 'a.b'), 'MALFORMED', /^a\.b: 3 bytes instead of 4$/)
    refused(() => expectAtMost(value, 2, 'a.b'), 'FIELD_TOO_LARGE', /^a\.b: 3 bytes, at most 2$/)
  })
})
