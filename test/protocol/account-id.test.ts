/**
 * Account ids as text: what a person copies wrongly is noticed. Spec 01 §Account id.
 */
import assert from 'node:assert/strict'
import { bech32, bech32m } from '@scure/base'
import { formatAccountId, parseAccountId } from '../../protocol/account-id.ts'
import { UsageError } from '../../protocol/errors.ts'
import { seededRandom } from '../support/seeded-random.ts'

const account = seededRandom('account-id').bytes(32)
const text = formatAccountId(account)

function refused (altered: string): void {
  assert.throws(() => parseAccountId(altered), (error: unknown) => {
    assert.ok(error instanceof UsageError, String(error))
    assert.equal(error.code, 'INVITE_INVALID')
    assert.ok(altered.length < 9 || !error.message.includes(altered), 'the message repeats what was pasted')
    return true
  }, altered)
}

describe('an account id as text', () => {
  it('comes back as the bytes it was made of', () => {
    assert.match(text, /^restante1[02-9ac-hj-np-z]{58}$/)
    assert.deepEqual(parseAccountId(text), account)
  })

  it('may be in capitals, as a compact QR code has it, and surrounded by white space', () => {
    assert.deepEqual(parseAccountId(` ${text.toUpperCase()}\n`), account)
  })

  it('is refused in mixed case', () => {
    refused(text.slice(0, -1) + text.slice(-1).toUpperCase() + 'Q')
    refused(`R${text.slice(1)}`)
  })

  it('is refused when any one character is another one', () => {
    for (let i = 0; i < text.length; i++) {
      for (const other of 'qpz1b9') {
        if (text[i] !== other) refused(text.slice(0, i) + other + text.slice(i + 1))
      }
    }
  })

  it('is refused when cut off anywhere, extended, or with two neighbours swapped', () => {
    for (let length = 0; length < text.length; length++) refused(text.slice(0, length))
    refused(`${text}q`)
    for (let i = 9; i + 1 < text.length; i++) {
      if (text[i] !== text[i + 1]) refused(text.slice(0, i) + text[i + 1]! + text[i]! + text.slice(i + 2))
    }
  })

  it('is refused with another prefix, another length, or the older checksum', () => {
    refused(bech32m.encode('restant', bech32m.toWords(account)))
    refused(bech32m.encode('restante', bech32m.toWords(account.subarray(1))))
    refused(bech32m.encode('restante', bech32m.toWords(new Uint8Array(33)), false))
    refused(bech32.encode('restante', bech32.toWords(account)))
  })

  it('is not made of anything but 32 bytes', () => {
    assert.throws(() => formatAccountId(new Uint8Array(31)), { code: 'USAGE' })
  })
})
