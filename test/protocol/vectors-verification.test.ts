/** The frozen vectors of safety numbers, recovery phrases and successors: unchanged, and true of what reads. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { toHex, unhex } from '../../protocol/bytes.ts'
import { codeOf } from '../../protocol/errors.ts'
import { accountKeyAfterNext, nextAccountKey } from '../../protocol/identity.ts'
import { acceptsSuccessor, openManifest } from '../../protocol/manifest.ts'
import { parseRecoveryPhrase } from '../../protocol/recovery.ts'
import { fingerprintOf, matchesSafetyNumber, readSafetyNumber } from '../../protocol/safety-number.ts'
import { bothSuites } from '../support/parties.ts'
import { verificationVectors } from '../tools/vectors-verification.ts'

type Case = Record<string, string> & { name: string, outcome: string }
const cases = (name: string): Case[] =>
  (JSON.parse(readFileSync(new URL(`../../protocol/vectors/${name}`, import.meta.url), 'utf8')) as { cases: Case[] }).cases
const atOnce = async (): Promise<void> => {}

describe('the frozen vectors of verification', () => {
  it('are what the code makes today', async () => {
    for (const [name, vectors] of Object.entries(await verificationVectors())) {
      assert.deepEqual(cases(name), (JSON.parse(JSON.stringify(vectors)) as { cases: Case[] }).cases, name)
    }
  })

  it('hold for safety numbers', async () => {
    const known = new Map<string, Uint8Array>()
    for (const one of cases('safety-number.json')) {
      const print = async (account: string, inceptionKey: string): Promise<Uint8Array> => {
        const made = known.get(account) ??
          await fingerprintOf({ account: unhex(account), inceptionKey: unhex(inceptionKey) }, atOnce)
        known.set(account, made)
        return made
      }
      const own = await print(one['account']!, one['inceptionKey']!)
      const theirs = await print(one['otherAccount']!, one['otherInceptionKey']!)
      assert.deepEqual([toHex(own), toHex(theirs)], [one['fingerprint'], one['otherFingerprint']], one.name)
      let outcome: string
      try {
        outcome = matchesSafetyNumber(readSafetyNumber(one['text']!), own, theirs) ? 'ok' : 'SAFETY_NUMBER_MISMATCH'
      } catch (error) {
        outcome = codeOf(error)
      }
      assert.equal(outcome, one.outcome, one.name)
    }
  })

  it('hold for recovery phrases, and the keys that they give', () => {
    for (const one of cases('recovery.json')) {
      if (one.outcome !== 'ok') {
        assert.throws(() => parseRecoveryPhrase(one['text']!), { code: one.outcome }, one.name)
        continue
      }
      const secret = parseRecoveryPhrase(one['text']!)
      assert.equal(toHex(secret), one['recoverySecret'])
      if (one['nextAccountKey'] === undefined) continue
      for (const suite of bothSuites) {
        assert.equal(toHex(nextAccountKey(suite, secret).publicKey), one['nextAccountKey'], suite.name)
        assert.equal(toHex(accountKeyAfterNext(suite, secret).publicKey), one['accountKeyAfterNext'], suite.name)
      }
    }
  })

  it('hold for what may follow a manifest', () => {
    for (const suite of bothSuites) {
      for (const one of cases('successor.json')) {
        const [current, next] = [openManifest(suite, unhex(one['current']!)), openManifest(suite, unhex(one['next']!))]
        assert.equal(acceptsSuccessor(suite, current, next), one.outcome, `${suite.name}: ${one.name}`)
      }
    }
  })
})
