/**
 * The Double Ratchet with encrypted headers (spec 05 §Ratchet): each message key is used once and
 * forgotten, and each change of direction brings a fresh Diffie-Hellman secret.
 *
 * A step takes a state and returns a new one; the given state is never altered, so a caller keeps
 * the old one by doing nothing. Not here: how a session begins (handshake.ts), which sizes messages
 * have (padding.ts), and where the post-quantum secrets come from that are mixed into the root
 * (pq-ratchet.ts).
 */
import { concat, draw, emptyBytes, equal, readU32be, u32be, writeU32be } from './bytes.ts'
import { CryptoError } from './errors.ts'
import { labels } from './labels.ts'
import { receivingChainsMax, skippedPerEnvelopeMax, skippedPerSessionMax } from './limits.ts'
import { padContent, paddingPrefixBytes, unpadContent } from './padding.ts'
import type { Random } from './ports.ts'
import { pq as pqRatchet } from './pq.ts'
import type { PqState } from './pq.ts'
import type { CryptoSuite, X25519Private } from './suite.ts'

declare const purpose: unique symbol
/** 32 bytes with one purpose, so that no key can be passed for another. */
type Key<Purpose extends string> = Uint8Array & { readonly [purpose]?: Purpose }
export type RootKey = Key<'root'>
export type ChainKey = Key<'chain'>
export type HeaderKey = Key<'header'>
export type MessageKey = Key<'message'>
export type PqRoot = Key<'pq'>

/** The key of a message that was overtaken by later ones of its chain. */
export interface SkippedKey { readonly number: number, readonly key: MessageKey }

/** A receiving chain that its sender has left. */
export interface FormerChain {
  readonly headerKey: HeaderKey
  /** Number of the first message for which no key was derived. */
  readonly next: number
  /** Ascending by number, each below `next`. */
  readonly skipped: readonly SkippedKey[]
}

export interface ReceivingChain extends FormerChain { readonly chainKey: ChainKey }

export interface SendingChain {
  readonly headerKey: HeaderKey
  readonly chainKey: ChainKey
  /** Number of the next message. */
  readonly next: number
}

export interface RatchetState {
  readonly root: RootKey
  readonly own: X25519Private
  /** The peer's ratchet key, 32 bytes. */
  readonly peer: Uint8Array
  /** Undefined at the acceptor until it has opened the first message. */
  readonly sending: SendingChain | undefined
  /** Messages of the sending chain before this one: `pn` of the header. */
  readonly previousLength: number
  readonly nextSendingHeaderKey: HeaderKey
  readonly nextReceivingHeaderKey: HeaderKey
  /** Undefined at the initiator until the first answer. */
  readonly receiving: ReceivingChain | undefined
  /** Newest first. */
  readonly former: readonly FormerChain[]
  readonly pq: PqState
}

export interface RatchetKeys {
  root: RootKey
  /** Seals the headers of the initiator's first chain. */
  initiatorHeaderKey: HeaderKey
  /** Seals the headers of the acceptor's first chain. */
  acceptorHeaderKey: HeaderKey
  pqRoot: PqRoot
}

const headerBytes = 48
const nonceBytes = 12
const tagBytes = 16
const sealedHeaderBytes = nonceBytes + headerBytes + tagBytes
/** Bytes of a ratchet message that are not its plaintext. */
export const ratchetOverheadBytes = sealedHeaderBytes + tagBytes

const forMessageKey = Uint8Array.of(1)
const forChainKey = Uint8Array.of(2)

export function startInitiator (
  suite: CryptoSuite, random: Random, keys: RatchetKeys, peerPrekey: Uint8Array
): RatchetState {
  const own = suite.x25519Private(draw(random, 32))
  const step = deriveRoot(suite, keys.root, suite.x25519(own, peerPrekey), emptyBytes, 0)
  return {
    root: step.root,
    own,
    peer: peerPrekey,
    sending: { headerKey: keys.initiatorHeaderKey, chainKey: step.chainKey, next: 0 },
    previousLength: 0,
    nextSendingHeaderKey: step.nextHeaderKey,
    nextReceivingHeaderKey: keys.acceptorHeaderKey,
    receiving: undefined,
    former: [],
    pq: pqRatchet.start(keys.pqRoot, true)
  }
}

/** The state of an acceptor that has opened nothing yet, and so can't send. `peer` is not known before. */
export function startAcceptor (keys: RatchetKeys, prekey: X25519Private): RatchetState {
  return {
    root: keys.root,
    own: prekey,
    peer: emptyBytes,
    sending: undefined,
    previousLength: 0,
    nextSendingHeaderKey: keys.acceptorHeaderKey,
    nextReceivingHeaderKey: keys.initiatorHeaderKey,
    receiving: undefined,
    former: [],
    pq: pqRatchet.start(keys.pqRoot, false)
  }
}

export interface RatchetMessage { state: RatchetState, sealedHeader: Uint8Array, sealedBody: Uint8Array }

/**
 * The message is `sealedHeader` ‖ `sealedBody`, whose plaintext has `paddedBytes`. `association` is
 * authenticated with it and not part of it. Draws 64 bytes where a post-quantum key is begun, then
 * 12. UsageError TEXT_TOO_LARGE where `content` does not fit.
 */
export function ratchetEncrypt (
  suite: CryptoSuite, random: Random, state: RatchetState,
  { content, paddedBytes }: { content: Uint8Array, paddedBytes: number }, association: Uint8Array
): RatchetMessage {
  const plaintext = padContent(content, paddedBytes)
  const free = plaintext.subarray(paddingPrefixBytes + content.length)
  const pq = pqRatchet.compose(suite, random, state.pq, free)
  return sealPlaintext(suite, random, { ...state, pq }, plaintext, association)
}

/** `ratchetEncrypt` of a plaintext that is padded already. Draws 12 bytes. */
export function sealPlaintext (
  suite: CryptoSuite, random: Random, state: RatchetState, plaintext: Uint8Array, association: Uint8Array
): RatchetMessage {
  const chain = state.sending
  // After 2^32 messages one way the counter would repeat a number; a new session starts long before.
  if (chain === undefined || chain.next === 0xffff_ffff) throw new CryptoError('TOO_FAR_AHEAD')

  const header = new Uint8Array(headerBytes)
  header.set(state.own.publicKey, 4)
  writeU32be(header, 36, state.previousLength)
  writeU32be(header, 40, chain.next)
  writeU32be(header, 44, pqRatchet.sendingEpoch(state.pq))

  const nonce = draw(random, nonceBytes)
  const aad = concat(association, nonce, suite.seal(chain.headerKey, nonce, header, association))
  const sealedHeader = aad.subarray(association.length)
  const body = deriveBodyKey(suite, suite.hmac(chain.chainKey, forMessageKey), nonce)
  const sealedBody = suite.seal(body.key, body.nonce, plaintext, aad)

  const chainKey = suite.hmac(chain.chainKey, forChainKey)
  const sending = { headerKey: chain.headerKey, chainKey, next: chain.next + 1 }
  return { state: { ...state, sending }, sealedHeader, sealedBody }
}

/**
 * CryptoError AUTHENTICATION_FAILED: not of this session, or damaged. REPLAYED: opened before.
 * TOO_FAR_AHEAD: it would skip more keys than `skippedPerEnvelopeMax`. Draws 32 bytes where a
 * post-quantum key is complete with it, then 32 where the peer's ratchet key is new. Before a header
 * opens, no key is derived: an attacker who knows no header key costs at most six AEAD opens of 64
 * bytes.
 */
export function ratchetDecrypt (
  suite: CryptoSuite, random: Random, state: RatchetState, message: Uint8Array, association: Uint8Array
): { state: RatchetState, content: Uint8Array } {
  if (message.length < ratchetOverheadBytes) throw new CryptoError('AUTHENTICATION_FAILED')
  const incoming: Incoming = { suite, random, message, association }

  const { receiving } = state
  // Whoever has read our newest chain answers in a new one: most often that saves a trial.
  const expectsTurn = receiving === undefined || (state.sending?.next ?? 0) > 0
  if (expectsTurn) {
    const header = openHeader(incoming, state.nextReceivingHeaderKey)
    if (header !== undefined) return receiveInNewChain(incoming, state, header)
  }
  if (receiving !== undefined) {
    const header = openHeader(incoming, receiving.headerKey)
    if (header !== undefined) return receiveInChain(incoming, state, receiving, header)
  }
  if (!expectsTurn) {
    const header = openHeader(incoming, state.nextReceivingHeaderKey)
    if (header !== undefined) return receiveInNewChain(incoming, state, header)
  }

  for (const [index, chain] of state.former.entries()) {
    const former = openHeader(incoming, chain.headerKey)
    if (former === undefined) continue
    const opened = openSkipped(incoming, chain, former.number)
    const { content, pq } = absorb(incoming, state.pq, opened.plaintext)
    return { state: { ...state, former: state.former.with(index, opened.chain), pq }, content }
  }
  throw new CryptoError('AUTHENTICATION_FAILED')
}

interface Incoming { suite: CryptoSuite, random: Random, message: Uint8Array, association: Uint8Array }

interface Header { ratchetKey: Uint8Array, previousLength: number, number: number, pqEpoch: number }

function receiveInChain (
  incoming: Incoming, state: RatchetState, chain: ReceivingChain, header: Header
): { state: RatchetState, content: Uint8Array } {
  // What one header of a chain says of it, all do.
  if (!equal(header.ratchetKey, state.peer) || header.pqEpoch !== pqRatchet.receivingEpoch(state.pq)) {
    throw new CryptoError('AUTHENTICATION_FAILED')
  }
  if (header.number < chain.next) {
    const opened = openSkipped(incoming, chain, header.number)
    const { content, pq } = absorb(incoming, state.pq, opened.plaintext)
    return { state: { ...state, receiving: opened.chain, pq }, content }
  }
  const advanced = takeKey(incoming.suite, skipTo(incoming.suite, chain, header.number))
  const { content, pq } = absorb(incoming, state.pq, openBody(incoming, advanced.key))
  return { state: withinBounds({ ...state, receiving: advanced.chain, pq }), content }
}

function receiveInNewChain (
  incoming: Incoming, state: RatchetState, header: Header
): { state: RatchetState, content: Uint8Array } {
  const { suite, random } = incoming
  const left = state.receiving
  // Both bounds before the first derivation, whichever is broken.
  assertSkippable(header.number)
  if (left !== undefined) {
    if (header.previousLength < left.next) throw new CryptoError('AUTHENTICATION_FAILED')
    assertSkippable(header.previousLength - left.next)
  }

  const peer = header.ratchetKey
  const theirs = pqRatchet.stepReceiving(state.pq, header.pqEpoch)
  const received = deriveRoot(suite, state.root, agree(suite, state.own, peer), theirs.secret, header.pqEpoch)
  const fresh: ReceivingChain = {
    headerKey: state.nextReceivingHeaderKey, chainKey: received.chainKey, next: 0, skipped: []
  }
  const advanced = takeKey(suite, skipTo(suite, fresh, header.number))
  const { content, pq } = absorb(incoming, theirs.state, openBody(incoming, advanced.key))

  // A ciphertext that came with this very message is mixed in at once.
  const ours = pqRatchet.stepSending(pq)
  const own = suite.x25519Private(draw(random, 32))
  const sent = deriveRoot(
    suite, received.root, agree(suite, own, peer), ours.secret, pqRatchet.sendingEpoch(ours.state))
  const former = left === undefined
    ? state.former
    : [leave(suite, left, header.previousLength), ...state.former]
  return {
    state: withinBounds({
      root: sent.root,
      own,
      peer,
      sending: { headerKey: state.nextSendingHeaderKey, chainKey: sent.chainKey, next: 0 },
      previousLength: state.sending?.next ?? 0,
      nextSendingHeaderKey: sent.nextHeaderKey,
      nextReceivingHeaderKey: received.nextHeaderKey,
      receiving: advanced.chain,
      former: former.slice(0, receivingChainsMax - 1),
      pq: ours.state
    }),
    content
  }
}

/** The content of a plaintext, and what its free bytes were for. */
function absorb (
  { suite, random }: Incoming, state: PqState, plaintext: Uint8Array
): { content: Uint8Array, pq: PqState } {
  const content = unpadContent(plaintext)
  if (content === undefined) throw new CryptoError('AUTHENTICATION_FAILED')
  const following = plaintext.subarray(paddingPrefixBytes + content.length)
  return { content, pq: pqRatchet.absorb(suite, random, state, following) }
}

/** KDF_RK. `pqSecret` is empty where no epoch is mixed in. `pqEpoch` is what the chain's headers say. */
function deriveRoot (
  suite: CryptoSuite, root: RootKey, agreed: Uint8Array, pqSecret: Uint8Array, pqEpoch: number
): { root: RootKey, chainKey: ChainKey, nextHeaderKey: HeaderKey } {
  const ikm = pqSecret.length === 0 ? agreed : concat(agreed, pqSecret)
  const keys = suite.hkdf(root, ikm, concat(labels.ratchetRoot, u32be(pqEpoch)), 96)
  return { root: keys.slice(0, 32), chainKey: keys.slice(32, 64), nextHeaderKey: keys.slice(64, 96) }
}

/**
 * KDF_MK. By the random `headerNonce` a device whose state was set back, or copied, seals its next
 * body under another key, though it comes to the same message key again: there is no two-time pad.
 */
function deriveBodyKey (
  suite: CryptoSuite, key: MessageKey, headerNonce: Uint8Array
): { key: Uint8Array, nonce: Uint8Array } {
  const okm = suite.expand(key, concat(labels.ratchetMessage, headerNonce), 44)
  return { key: okm.subarray(0, 32), nonce: okm.subarray(32, 44) }
}

/** A weak key can only come from the peer itself, and is told from a forgery to nobody. */
function agree (suite: CryptoSuite, own: X25519Private, peer: Uint8Array): Uint8Array {
  try {
    return suite.x25519(own, peer)
  } catch (cause) {
    throw new CryptoError('AUTHENTICATION_FAILED', undefined, { cause })
  }
}

function openHeader ({ suite, message, association }: Incoming, key: HeaderKey): Header | undefined {
  const sealed = message.subarray(nonceBytes, sealedHeaderBytes)
  const header = suite.open(key, message.subarray(0, nonceBytes), sealed, association)
  if (header === undefined) return undefined
  // Flags and reserved bytes that this version does not know change the meaning of the message.
  if (readU32be(header, 0) !== 0) throw new CryptoError('AUTHENTICATION_FAILED')
  return {
    ratchetKey: header.slice(4, 36),
    previousLength: readU32be(header, 36),
    number: readU32be(header, 40),
    pqEpoch: readU32be(header, 44)
  }
}

function openBody ({ suite, message, association }: Incoming, messageKey: MessageKey): Uint8Array {
  const { key, nonce } = deriveBodyKey(suite, messageKey, message.subarray(0, nonceBytes))
  const aad = concat(association, message.subarray(0, sealedHeaderBytes))
  const plaintext = suite.open(key, nonce, message.subarray(sealedHeaderBytes), aad)
  if (plaintext === undefined) throw new CryptoError('AUTHENTICATION_FAILED')
  return plaintext
}

/** Opens a message that was overtaken, and forgets its key. */
function openSkipped<Chain extends FormerChain> (
  incoming: Incoming, chain: Chain, number: number
): { chain: Chain, plaintext: Uint8Array } {
  // Its sender said that the chain ends before it.
  if (number >= chain.next) throw new CryptoError('AUTHENTICATION_FAILED')
  const index = indexOfSkipped(chain.skipped, number)
  const found = chain.skipped[index]
  if (found?.number !== number) throw new CryptoError('REPLAYED')
  const plaintext = openBody(incoming, found.key)
  return { chain: { ...chain, skipped: chain.skipped.toSpliced(index, 1) }, plaintext }
}

/** Where `number` is, or would be. */
function indexOfSkipped (skipped: readonly SkippedKey[], number: number): number {
  let low = 0
  let high = skipped.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (skipped[middle]!.number < number) low = middle + 1
    else high = middle
  }
  return low
}

function assertSkippable (count: number): void {
  if (count > skippedPerEnvelopeMax) throw new CryptoError('TOO_FAR_AHEAD')
}

/** Keeps the keys of all messages before `number`, so that those may still come. */
function skipTo (suite: CryptoSuite, chain: ReceivingChain, number: number): ReceivingChain {
  if (number === chain.next) return chain
  assertSkippable(number - chain.next)
  const skipped = chain.skipped.slice()
  let { chainKey } = chain
  for (let n = chain.next; n < number; n++) {
    skipped.push({ number: n, key: suite.hmac(chainKey, forMessageKey) })
    chainKey = suite.hmac(chainKey, forChainKey)
  }
  return { headerKey: chain.headerKey, chainKey, next: number, skipped }
}

function takeKey (suite: CryptoSuite, chain: ReceivingChain): { key: MessageKey, chain: ReceivingChain } {
  return {
    key: suite.hmac(chain.chainKey, forMessageKey),
    chain: {
      headerKey: chain.headerKey,
      chainKey: suite.hmac(chain.chainKey, forChainKey),
      next: chain.next + 1,
      skipped: chain.skipped
    }
  }
}

function leave (suite: CryptoSuite, chain: ReceivingChain, length: number): FormerChain {
  const { headerKey, next, skipped } = skipTo(suite, chain, length)
  return { headerKey, next, skipped }
}

/** Forgets the oldest skipped keys over `skippedPerSessionMax`: refusing would end the session for good. */
function withinBounds (state: RatchetState): RatchetState {
  let excess = -skippedPerSessionMax + (state.receiving?.skipped.length ?? 0)
  for (const chain of state.former) excess += chain.skipped.length
  if (excess <= 0) return state

  const former = state.former.toReversed().map((chain) => {
    const dropped = Math.min(Math.max(excess, 0), chain.skipped.length)
    excess -= dropped
    return dropped === 0 ? chain : { ...chain, skipped: chain.skipped.slice(dropped) }
  }).toReversed()
  const receiving = state.receiving === undefined || excess <= 0
    ? state.receiving
    : { ...state.receiving, skipped: state.receiving.skipped.slice(excess) }
  return { ...state, former, receiving }
}
