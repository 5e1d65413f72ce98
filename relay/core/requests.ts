/**
 * Every request of the mailbox protocol, each a function from request to answer. Spec 03 §Requests.
 *
 * Which requests are allowed when is session.ts's; what is kept is the store's. A refusal is an
 * answer; bytes that are no valid request throw a WireError, which ends the stream.
 */
import { equal } from '../../protocol/bytes.ts'
import { refusal, success } from '../../protocol/channel.ts'
import type { FrameBody, RequestName } from '../../protocol/channel.ts'
import { verifyDescriptorRecord } from '../../protocol/descriptor.ts'
import type { RecordHead } from '../../protocol/descriptor.ts'
import { hashAddress } from '../../protocol/envelope.ts'
import { isRemoteCode, RestanteError, WireError } from '../../protocol/errors.ts'
import * as protocol from '../../protocol/limits.ts'
import { mailboxIdOf, ownershipMessage } from '../../protocol/ownership.ts'
import { isBucket } from '../../protocol/padding.ts'
import { expectAtMost, expectLength } from '../../protocol/wire/decode.ts'
import type { Answer, OwnerProof } from '../../protocol/wire/restante.js'
import type { AllowanceName } from './limits.ts'
import { mapKey } from './map-key.ts'
import type { MailboxId } from './ports.ts'
import type { Session } from './session.ts'
import { Subscription } from './subscription.ts'

type Request<Name extends RequestName> = NonNullable<FrameBody[Name]>
type Handlers = {
  [Name in Exclude<RequestName, 'hello'>]-?:
  (session: Session, request: Request<Name>) => Answer | Promise<Answer>
}

export const handlers: Handlers = {
  async createMailbox (session, { proof }) {
    const refused = prove(session, proof)
    if (refused != null) return refused
    const { store } = session.office.ports
    const owner = (proof as OwnerProof).owner
    const mailbox = mailboxIdOf(session.office.ports.suite, owner)
    if (await store.hasMailbox(mailbox)) return success({ duplicate: true })
    const limited = takeAllowance(session, 'createMailbox')
    if (limited != null) return limited
    const result = await store.createMailbox(owner.slice(), mailbox)
    return result === 'FULL' ? refusal('FULL') : success({ duplicate: result === 'existed' })
  },

  async openAddress (session, { mailbox, addressHash, envelopesMax, expiresAt }) {
    expectLength(addressHash, 32, 'openAddress.addressHash')
    if (!session.owns(expectMailbox(mailbox, 'openAddress'))) return refusal('NOT_OWNER')
    if (expiresAt !== 0 && expiresAt <= session.office.ports.clock.now()) return refusal('EXPIRED')
    const limited = takeAllowance(session, 'publish')
    if (limited != null) return limited
    const { store } = session.office.ports
    const result = await store.openAddress(mailbox.slice(), addressHash.slice(), {
      envelopesMax: envelopesMax === 0 ? session.office.mailboxLimits.mailboxEnvelopesMax : envelopesMax,
      expiresAt: expiresAt === 0 ? Infinity : expiresAt
    })
    return result === 'opened' ? success() : refusal(result)
  },

  async closeAddress (session, { mailbox, addressHash }) {
    expectLength(addressHash, 32, 'closeAddress.addressHash')
    if (!session.owns(expectMailbox(mailbox, 'closeAddress'))) return refusal('NOT_OWNER')
    await session.office.ports.store.closeAddress(mailbox.slice(), addressHash.slice())
    return success()
  },

  async subscribe (session, { proof, after, credit }) {
    expectAtMost(after, 32, 'subscribe.after')
    const refused = prove(session, proof)
    if (refused != null) return refused
    const { office } = session
    const mailbox = mailboxIdOf(office.ports.suite, (proof as OwnerProof).owner)
    if (!await office.ports.store.hasMailbox(mailbox)) return refusal('UNKNOWN_MAILBOX')
    session.subscribe(mailbox, new Subscription({
      mailbox,
      channel: session.channel,
      store: office.ports.store,
      after: after.byteLength === 0 ? undefined : after.slice(),
      creditBytes: Math.min(credit, office.limits.creditBytesMax),
      onFailure: (error) => { session.pushFailed(error) }
    }))
    return success()
  },

  async ack (session, { mailbox, through }) {
    expectAtMost(through, 32, 'ack.through')
    if (!session.owns(expectMailbox(mailbox, 'ack'))) return refusal('NOT_OWNER')
    const subscription = session.subscriptionOf(mailbox)
    // What was not pushed here can't have been stored by who acks here.
    if (subscription?.covers(through) !== true) return refusal('BAD_REQUEST')
    await session.office.ports.store.ackThrough(mailbox.slice(), through.slice())
    subscription.acked(through)
    return success()
  },

  deposit (session, { address, envelope }) {
    expectLength(address, protocol.addressBytes, 'deposit.address')
    if (envelope.byteLength > protocol.envelopeBytesMax) return refusal('TOO_LARGE')
    if (!isBucket(envelope.byteLength)) return refusal('BAD_REQUEST')
    const waitMs = session.guessWaitMs()
    if (waitMs > 0) return refusal('RATE_LIMITED', waitMs)
    const { office } = session
    const { pendingDepositBytesMax, pendingDepositBytesPerLinkMax } = office.limits
    if (office.pendingDepositBytes + envelope.byteLength > pendingDepositBytesMax ||
      session.pendingDepositBytes + envelope.byteLength > pendingDepositBytesPerLinkMax) {
      return refusal('BUSY', office.retryAfterMs())
    }
    return commitDeposit(session, hashAddress(office.ports.suite, address), envelope)
  },

  async usage (session, { mailbox }) {
    if (!session.owns(expectMailbox(mailbox, 'usage'))) return refusal('NOT_OWNER')
    const { envelopes, bytes, addresses } = await session.office.ports.store.usage(mailbox)
    const { mailboxEnvelopesMax, mailboxBytesMax } = session.office.mailboxLimits
    return success({
      usage: { envelopes, bytes, addresses, envelopesMax: mailboxEnvelopesMax, bytesMax: mailboxBytesMax }
    })
  },

  async publishBundle (session, { mailbox, location, sealed, oneTime, expiresAt }) {
    expectLength(location, 32, 'publishBundle.location')
    if (!session.owns(expectMailbox(mailbox, 'publishBundle'))) return refusal('NOT_OWNER')
    const { clock, store } = session.office.ports
    if (sealed.byteLength === 0) {
      await store.withdrawBundle(mailbox.slice(), location.slice())
      return success()
    }
    if (sealed.byteLength > protocol.sealedBundleBytesMax) return refusal('TOO_LARGE')
    const now = clock.now()
    if (expiresAt !== 0 && expiresAt <= now) return refusal('EXPIRED')
    const limited = takeAllowance(session, 'publish')
    if (limited != null) return limited
    const latest = now + session.office.limits.bundleLifetimeMsMax
    const result = await store.publishBundle(mailbox.slice(), {
      location: location.slice(),
      sealed: sealed.slice(),
      oneTime,
      expiresAt: expiresAt === 0 ? latest : Math.min(expiresAt, latest)
    })
    return result === 'published' ? success() : refusal(result)
  },

  async takePrekey (session, { location }) {
    expectLength(location, 32, 'takePrekey.location')
    const limited = takeAllowance(session, 'takePrekey')
    if (limited != null) return limited
    const value = await session.office.ports.store.takeBundle(location.slice())
    return value == null ? refusal('NOT_FOUND') : success({ value })
  },

  async publishDescriptor (session, { record }) {
    if (record.byteLength > protocol.descriptorBytesMax) return refusal('TOO_LARGE')
    const limited = takeAllowance(session, 'publish')
    if (limited != null) return limited
    const { office } = session
    const bytes = record.slice()
    const head = readRecord(session, bytes)
    if ('code' in head) return head
    const { slot, blindedKey, sequence, expiresAt } = head
    const result = await office.ports.store.putDescriptor(slot, { bytes, blindedKey, sequence, expiresAt })
    if (result !== 'stored') return refusal(result)
    // Best effort: the answer promises that it is kept here, not that others have it.
    office.ports.discovery?.put(slot, bytes).catch((error: unknown) => {
      office.ports.log.debug('descriptorNotSpread', { code: codeOfAnything(error) })
    })
    return success()
  },

  async lookup (session, { slot }) {
    expectLength(slot, 32, 'lookup.slot')
    const limited = takeAllowance(session, 'lookup')
    if (limited != null) return limited
    const own = slot.slice()
    const kept = await session.office.ports.store.getDescriptors(own)
    const { lookupMsMax, lookupExtraMsMax } = session.office.limits
    const found = await askOthers(session, own, kept.length > 0 ? lookupExtraMsMax : lookupMsMax)
    const values = newestOf(session, own, [...kept, ...found])
    return values.length === 0 ? refusal('NOT_FOUND') : success({ values })
  },

  ping () {
    return success()
  },

  async deleteMailbox (session, { mailbox }) {
    if (!session.owns(expectMailbox(mailbox, 'deleteMailbox'))) return refusal('NOT_OWNER')
    session.unsubscribe(mailbox)
    await session.office.ports.store.dropMailbox(mailbox.slice())
    return success()
  }
}

async function commitDeposit (
  session: Session, addressHash: Uint8Array, envelope: Uint8Array
): Promise<Answer> {
  const { office } = session
  office.pendingDepositBytes += envelope.byteLength
  session.pendingDepositBytes += envelope.byteLength
  try {
    const result = await office.ports.store.deposit({ addressHash, envelope })
    if (result.status === 'refused') {
      if (result.code === 'UNKNOWN_ADDRESS') session.noteGuess()
      return refusal(result.code, result.code === 'BUSY' ? office.retryAfterMs() : 0)
    }
    office.deposits++
    if (result.status === 'stored') office.listeners.wake(result.mailbox)
    return success({ until: result.until, duplicate: result.status === 'duplicate' })
  } finally {
    office.pendingDepositBytes -= envelope.byteLength
    session.pendingDepositBytes -= envelope.byteLength
  }
}

/** Undefined where the stream owns the mailbox from now on, else the refusal. */
function prove (session: Session, proof: OwnerProof | undefined): Answer | undefined {
  if (proof == null) throw new WireError('MALFORMED', 'proof: missing')
  const { owner, signature } = proof
  expectLength(owner, 32, 'proof.owner')
  expectLength(signature, 64, 'proof.signature')
  const { suite } = session.office.ports
  const mailbox = mailboxIdOf(suite, owner)
  if (session.owns(mailbox)) return undefined
  if (session.ownsMany) return refusal('QUOTA')
  const limited = takeAllowance(session, 'proof')
  if (limited != null) return limited
  if (!suite.verify(owner, ownershipMessage(session.ownershipContext(), owner), signature)) {
    return refusal('NOT_OWNER')
  }
  session.ownFromNow(mailbox)
  return undefined
}

function takeAllowance (session: Session, name: AllowanceName): Answer | undefined {
  const waitMs = session.office.allowances.take(name, session.peer, session.origin)
  return waitMs > 0 ? refusal('RATE_LIMITED', waitMs) : undefined
}

function expectMailbox (mailbox: Uint8Array, request: RequestName): MailboxId {
  return expectLength(mailbox, protocol.mailboxIdBytes, `${request}.mailbox`)
}

/** The head of a valid record, else the refusal: a record is not ours, so it ends no stream. */
function readRecord (session: Session, record: Uint8Array): RecordHead | Answer {
  const { suite, clock } = session.office.ports
  try {
    return verifyDescriptorRecord(suite, record, clock.now())
  } catch (error) {
    if (!(error instanceof RestanteError)) throw error
    return refusal(isRemoteCode(error.code) ? error.code : 'BAD_REQUEST')
  }
}

async function askOthers (session: Session, slot: Uint8Array, timeoutMs: number): Promise<Uint8Array[]> {
  const { office } = session
  const { discovery, log } = office.ports
  if (discovery == null || office.lookupsInFlight >= office.limits.lookupsInFlightMax) return []
  office.lookupsInFlight++
  try {
    return await discovery.get(slot, timeoutMs)
  } catch (error) {
    // What is kept here is still an answer.
    log.debug('lookupFailed', { code: codeOfAnything(error) })
    return []
  } finally {
    office.lookupsInFlight--
  }
}

/** The valid ones, of each blinded key the newest, at most as many as a slot holds; own ones first. */
function newestOf (session: Session, slot: Uint8Array, records: Uint8Array[]): Uint8Array[] {
  const newest = new Map<string, { sequence: number, record: Uint8Array }>()
  // Others may answer with any number of records, each of which costs a verification.
  for (const record of records.slice(0, 8 * protocol.descriptorsPerSlotMax)) {
    const head = readRecord(session, record)
    if ('code' in head || !equal(head.slot, slot)) continue
    const key = mapKey(head.blindedKey)
    const known = newest.get(key)
    if (known == null || head.sequence > known.sequence) newest.set(key, { sequence: head.sequence, record })
  }
  return Array.from(newest.values(), ({ record }) => record).slice(0, protocol.descriptorsPerSlotMax)
}

function codeOfAnything (error: unknown): string {
  return error instanceof RestanteError ? error.code : 'FAILED'
}
