/** Safety numbers: Signal's construction, symmetric, bound to both accounts. Spec 01 §Safety number. */
import assert from 'node:assert/strict'
import { base64urlnopad } from '@scure/base'
import { concat, unhex, utf8 } from '../../protocol/bytes.ts'
import {
  fingerprintOf, formatSafetyScan, groupedDigits, iteratedFingerprint, matchesSafetyNumber, readSafetyNumber,
  safetyDigits
} from '../../protocol/safety-number.ts'
import { seededRandom } from '../support/seeded-random.ts'

const random = seededRandom('safety number')
const atOnce = async (): Promise<void> => {}
const identity = () => ({ account: random.bytes(32), inceptionKey: random.bytes(32) })

describe('the safety number', () => {
  // The pair that Signal publishes for its fingerprint version 0 of 5,200 iterations.
  const signal = {
    aliceKey: unhex('0506863bc66d02b40d27b8d49ca7c09e9239236f9d7d25d6fcca5ce13c7064d868'),
    bobKey: unhex('05f781b6fb32fed9ba1cf2de978d4d5da28dc34046ae814402b5c0dbd96fda907b'),
    number: '300354477692869396892869876765458257569162576843440918079131',
    aliceFingerprint: unhex('1e301a0353dce3dbe7684cb8336e85136cdc0ee96219494ada305d62a7bd61df'),
    bobFingerprint: unhex('d62cbf73a11592015b6b9f1682ac306fea3aaf3885b84d12bca631e9d4fb3a4d')
  }

  it('is Signal\'s, given Signal\'s version, keys and ids', async () => {
    const alice = await iteratedFingerprint(0, signal.aliceKey, utf8('+14152222222'), atOnce)
    const bob = await iteratedFingerprint(0, signal.bobKey, utf8('+14153333333'), atOnce)
    assert.deepEqual([alice, bob], [signal.aliceFingerprint, signal.bobFingerprint])
    assert.equal(safetyDigits(alice, bob), signal.number)
    assert.equal(safetyDigits(bob, alice), signal.number)
    const otherVersion = await iteratedFingerprint(1, signal.aliceKey, utf8('+14152222222'), atOnce)
    assert.notDeepEqual(otherVersion, alice)
  })

  it('has twelve groups of five digits, leading zeros as well', () => {
    const digits = safetyDigits(new Uint8Array(32), new Uint8Array(32).fill(255))
    assert.match(digits, /^0{30}[0-9]{30}$/)
    assert.match(groupedDigits(digits), /^[0-9]{5}(?: [0-9]{5}){11}$/)
    // 2^40 - 1 = 1,099,511,627,775
    assert.ok(digits.endsWith('27775'.repeat(6)))
  })

  it('changes with the account id and with the inception key of either side', async () => {
    const [a, b] = [identity(), identity()]
    const fingerprints = await Promise.all([
      a, b, { ...a, account: b.account }, { ...a, inceptionKey: b.inceptionKey }
    ].map(one => fingerprintOf(one, atOnce)))
    const numbers = fingerprints.map(one => safetyDigits(fingerprints[1]!, one))
    assert.equal(new Set(numbers).size, 4)
  })

  it('is computed in slices, between which others have their turn', async () => {
    let pauses = 0
    const [one, inOneGo] = [identity(), atOnce]
    const sliced = await fingerprintOf(one, async () => {
      pauses++
      await new Promise<void>(resolve => { setImmediate(resolve) })
    })
    assert.ok(pauses > 50, `${pauses} pauses`)
    assert.deepEqual(sliced, await fingerprintOf(one, inOneGo))
  })

  describe('that was read', () => {
    const [own, theirs, stranger] = [random.bytes(32), random.bytes(32), random.bytes(32)]
    const matches = (text: string): boolean => matchesSafetyNumber(readSafetyNumber(text), own, theirs)

    it('matches as digits, with or without spaces and lines', () => {
      const digits = safetyDigits(theirs, own)
      for (const text of [digits, groupedDigits(digits), ` ${digits.slice(0, 30)}\n${digits.slice(30)}\n`]) {
        assert.ok(matches(text), text)
      }
    })

    it('does not match with any one digit wrong, or another contact\'s', () => {
      const digits = safetyDigits(own, theirs)
      for (let at = 0; at < digits.length; at++) {
        const wrong = digits.slice(0, at) + String((Number(digits[at]) + 1) % 10) + digits.slice(at + 1)
        assert.ok(!matches(wrong), wrong)
      }
      assert.ok(!matches(safetyDigits(own, stranger)))
    })

    it('matches as scanned from the other\'s screen, and not from the own, in a mirror', () => {
      assert.ok(matches(formatSafetyScan(theirs, own)))
      assert.ok(!matches(formatSafetyScan(own, theirs)))
      assert.ok(!matches(formatSafetyScan(theirs, stranger)))
      assert.ok(!matches(formatSafetyScan(stranger, own)))
      assert.ok(!matches(formatSafetyScan(own, own)))
    })

    it('compares all 32 bytes where it was scanned', () => {
      const alike = theirs.slice()
      alike[31]! ^= 1
      assert.equal(safetyDigits(own, alike), safetyDigits(own, theirs))
      assert.ok(!matches(formatSafetyScan(alike, own)))
    })

    it('is refused where it is neither, whatever was typed', () => {
      const scan = formatSafetyScan(theirs, own)
      const digits = safetyDigits(own, theirs)
      for (const text of [
        '', '12345', digits.slice(1), `${digits}0`, `${digits.slice(1)}x`, digits.replace(/\d/, '٣'),
        scan.slice(0, -4), `${scan}AAAA`, scan.replace(':', ';'), `${scan}!`, 'restante-safety:', 'restante:i/abc'
      ]) {
        assert.throws(() => readSafetyNumber(text), { code: 'USAGE' }, text)
      }
      const newer = `restante-safety:${base64urlnopad.encode(concat(Uint8Array.of(2), theirs, own))}`
      assert.throws(() => readSafetyNumber(newer), { code: 'USAGE' })
    })
  })
})
