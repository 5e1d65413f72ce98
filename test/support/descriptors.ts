/** Descriptor records of one account that a seed gives. */
import { createDescriptor, descriptorPeriod, descriptorSlot } from '../../protocol/descriptor.ts'
import { accountIdOf, commitmentTo, createAccountKeys, nextAccountKey } from '../../protocol/identity.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { seededRandom } from './seeded-random.ts'

const random = seededRandom('descriptor')
const account = createAccountKeys(nobleSuite, random)
const next = commitmentTo(nobleSuite, nextAccountKey(nobleSuite, account.recoverySecret).publicKey)
const accountId = accountIdOf(nobleSuite, account.inception.publicKey, next)

/** `now`: ms since the epoch; valid for `lifetimeMs` from then. */
export function record (now: number, sequence: number, lifetimeMs = 3_600_000): Uint8Array {
  return createDescriptor(nobleSuite, random, {
    account,
    accountId,
    contents: { secret: new Uint8Array(32).fill(3), manifestHash: new Uint8Array(32).fill(4), routes: [] },
    period: descriptorPeriod(now),
    sequence,
    expiresAt: now + lifetimeMs
  })
}

/** Where these records are kept at `now`. */
export function slot (now: number): Uint8Array {
  return descriptorSlot(nobleSuite, accountId, descriptorPeriod(now))
}
