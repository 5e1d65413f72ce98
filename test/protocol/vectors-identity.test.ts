/**
 * The frozen vectors in protocol/vectors/: unchanged, and true of the code that reads.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parseAccountId } from '../../protocol/account-id.ts'
import { fromHex, toHex } from '../../protocol/bytes.ts'
import {
  blindedKey, descriptorSlot, openDescriptor, verifyDescriptorRecord
} from '../../protocol/descriptor.ts'
import { codeOf } from '../../protocol/errors.ts'
import { accountIdOf, commitmentTo, nextAccountKey } from '../../protocol/identity.ts'
import { parseInvite } from '../../protocol/invite.ts'
import { openManifest } from '../../protocol/manifest.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { identityVectors } from '../tools/vectors-identity.ts'

/** One case of a file: `outcome`, `name`, and what that file's cases have. */
type Case = Record<string, unknown> & { name: string, outcome: string }

const file = (name: string): Record<string, unknown> & { cases: Case[] } =>
  JSON.parse(readFileSync(new URL(`../../protocol/vectors/${name}`, import.meta.url), 'utf8'))
const bytes = (hex: unknown): Uint8Array => {
  const parsed = fromHex(hex as string)
  assert.ok(parsed !== undefined)
  return parsed
}

/** Runs a case and compares its outcome; what a reader must find is compared by `read`. */
function check (vector: Case, read: () => Record<string, unknown>): void {
  const { name, outcome } = vector
  let found: Record<string, unknown> = {}
  let code: string = 'ok'
  try {
    found = read()
  } catch (error) {
    code = codeOf(error)
  }
  assert.equal(code, outcome, name)
  for (const [field, value] of Object.entries(found)) {
    assert.deepEqual(value, vector[field], `${name}: ${field}`)
  }
}

const shown = (routes: Array<{ peerKey: Uint8Array }>): unknown =>
  routes.map(route => ({ ...route, peerKey: toHex(route.peerKey) }))

describe('the frozen vectors of identities, invites and descriptors', () => {
  it('are what the code makes today', () => {
    for (const [name, vectors] of Object.entries(identityVectors())) {
      assert.deepEqual(file(name), JSON.parse(JSON.stringify(vectors)), name)
    }
  })

  it('hold for account keys and ids', () => {
    const vectors = file('account.json')
    const inception = suite.ed25519Private(bytes(vectors['inceptionSeed']))
    assert.equal(toHex(inception.publicKey), vectors['inceptionKey'])
    const next = nextAccountKey(suite, bytes(vectors['recoverySecret'])).publicKey
    assert.equal(toHex(next), vectors['nextAccountKey'])
    const commitment = commitmentTo(suite, next)
    assert.equal(toHex(commitment), vectors['nextCommitment'])
    assert.equal(toHex(accountIdOf(suite, inception.publicKey, commitment)), vectors['accountId'])
    for (const vector of vectors.cases) {
      check(vector, () => ({ account: toHex(parseAccountId(vector['text'] as string)) }))
    }
  })

  it('hold for manifests', () => {
    for (const vector of file('manifest.json').cases) {
      check(vector, () => {
        const { sequence, account, hash, accountKey } = openManifest(suite, bytes(vector['signed']))
        return { sequence, account: toHex(account), hash: toHex(hash), accountKey: toHex(accountKey) }
      })
    }
  })

  it('hold for invites', () => {
    for (const vector of file('invite.json').cases) {
      check(vector, () => {
        const { account, secret, routes, expiresAt, reusable } = parseInvite(vector['text'] as string)
        return {
          account: toHex(account),
          secret: toHex(secret),
          routes: shown(routes),
          expiresAt: expiresAt ?? null,
          reusable
        }
      })
    }
  })

  it('hold for descriptors, slots and blinded keys', () => {
    const vectors = file('descriptor.json')
    const account = bytes(vectors['accountId'])
    for (const of of vectors['periods'] as Array<Record<string, unknown>>) {
      const period = of['period'] as number
      assert.equal(toHex(descriptorSlot(suite, account, period)), of['slot'])
      assert.equal(toHex(blindedKey(suite, bytes(vectors['inceptionKey']), period)), of['blindedKey'])
    }
    const now = vectors['now'] as number
    for (const vector of vectors.cases) {
      const record = bytes(vector['record'])
      check(vector, () => ({ sequence: verifyDescriptorRecord(suite, record, now).sequence }))
      const opened = openDescriptor(suite, account, record, now)
      assert.equal(opened !== undefined, vector.outcome === 'ok', vector.name)
      if (opened === undefined) continue
      check(vector, () => ({
        secret: toHex(opened.secret), manifestHash: toHex(opened.manifestHash), routes: shown(opened.routes)
      }))
    }
  })
})
