/**
 * The primitives of a handshake and of a ping-pong message alone: the same calls of a suite, in the same order and
 * with inputs of the same sizes, and nothing around them. What is left of the difference to the whole is ours to
 * mend; what these cost is not, on a given suite.
 *
 * Not here: the whole (contenders.ts).
 */
import { systemRandom } from '../../node/host/world.ts'
import type { CryptoSuite, Ed25519Private, X25519Private } from '../../protocol/suite.ts'

const manifestBytes = 330
const bundleBytes = 1680
const bodyBytes = 907
const headerBytes = 48
/** Of the messages of a ping-pong, those with which an ML-KEM epoch ends. */
const messagesPerEpoch = 6

interface Party {
  readonly account: Ed25519Private
  readonly signing: Ed25519Private
  readonly exchange: X25519Private
  readonly manifest: Uint8Array
  readonly signature: Uint8Array
}

/** Somebody who has never been seen: suites remember keys. */
function createParty (suite: CryptoSuite): Party {
  const account = suite.ed25519Private(systemRandom.bytes(32))
  const signing = suite.ed25519Private(systemRandom.bytes(32))
  const exchange = suite.x25519Private(systemRandom.bytes(32))
  const manifest = systemRandom.bytes(manifestBytes)
  const made = [account.publicKey, signing.publicKey, exchange.publicKey]
  if (made.some(({ length }) => length !== 32)) throw new Error('a key of another length')
  return { account, signing, exchange, manifest, signature: suite.sign(account, manifest) }
}

export interface PrimitivesAlone {
  /** As many times as `people` were made for it. */
  handshakes: () => void
  pingPong: (messages: number) => void
}

export function primitivesAlone (suite: CryptoSuite, handshakes: number): PrimitivesAlone {
  const people = Array.from({ length: handshakes }, () => [createParty(suite), createParty(suite)] as const)
  let [own, peer] = [suite.x25519Private(systemRandom.bytes(32)), suite.x25519Private(systemRandom.bytes(32))]
  return {
    handshakes: () => { for (const [a, b] of people) handshake(suite, a, b) },
    pingPong: (messages) => {
      for (let message = 0; message < messages; message++) {
        [own, peer] = [peer, step(suite, own, peer)]
        sealAndOpen(suite)
        if (message % messagesPerEpoch === 0) epoch(suite)
      }
    }
  }
}

function handshake (suite: CryptoSuite, a: Party, b: Party): void {
  // The bundle is made.
  systemRandom.bytes(8)
  const [prekeySeed, kemSeed, oneTimeSeed] = [systemRandom.bytes(32), systemRandom.bytes(64), systemRandom.bytes(32)]
  const [prekey, oneTime] = [suite.x25519Private(prekeySeed).publicKey, suite.x25519Private(oneTimeSeed).publicKey]
  const kemPublic = suite.kemPrivate(kemSeed).publicKey
  const bundle = new Uint8Array(bundleBytes)
  bundle.set(kemPublic)
  const signature = suite.sign(b.signing, bundle)
  // Checked, and a session begun.
  check(suite.verify(b.account.publicKey, b.manifest, b.signature))
  check(suite.verify(b.signing.publicKey, bundle, signature))
  const ephemeral = suite.x25519Private(systemRandom.bytes(32))
  const { ciphertext } = suite.encapsulate(kemPublic, systemRandom.bytes(32))
  const transcript = suite.sha256(bundle)
  suite.x25519(ephemeral, prekey)
  suite.x25519(ephemeral, oneTime)
  const { key, nonce } = sealKey(suite, transcript)
  const certificate = suite.seal(key, nonce, a.manifest, transcript)
  suite.x25519(a.exchange, prekey)
  suite.x25519(ephemeral, b.exchange.publicKey)
  suite.hkdf(transcript, bundle.subarray(0, 192), transcript, 128)
  const ratchet = suite.x25519Private(systemRandom.bytes(32))
  suite.x25519(ratchet, prekey)
  suite.hkdf(transcript, key, transcript, 96)
  // Accepted, and the first message opened.
  const [restored, restoredOneTime] = [suite.x25519Private(prekeySeed), suite.x25519Private(oneTimeSeed)]
  suite.sha256(bundle)
  suite.x25519(restored, ephemeral.publicKey)
  suite.x25519(restoredOneTime, ephemeral.publicKey)
  suite.decapsulate(suite.kemPrivate(kemSeed), ciphertext)
  const again = sealKey(suite, transcript)
  check(suite.open(again.key, again.nonce, certificate, transcript) !== undefined)
  check(suite.verify(a.account.publicKey, a.manifest, a.signature))
  suite.x25519(restored, a.exchange.publicKey)
  suite.x25519(b.exchange, ephemeral.publicKey)
  suite.hkdf(transcript, bundle.subarray(0, 192), transcript, 128)
  sealAndOpen(suite)
  step(suite, restored, ratchet)
}

function sealKey (suite: CryptoSuite, transcript: Uint8Array): { key: Uint8Array, nonce: Uint8Array } {
  const okm = suite.hkdf(transcript, transcript, transcript, 44)
  return { key: okm.subarray(0, 32), nonce: okm.subarray(32) }
}

/** Of the reader of a new chain, whose own next key is returned: both agreements, and both roots. */
function step (suite: CryptoSuite, own: X25519Private, peer: X25519Private): X25519Private {
  const root = suite.hkdf(peer.publicKey, suite.x25519(own, peer.publicKey), peer.publicKey.subarray(0, 24), 96)
  const next = suite.x25519Private(systemRandom.bytes(32))
  suite.hkdf(root.subarray(0, 32), suite.x25519(next, peer.publicKey), root.subarray(0, 24), 96)
  return next
}

/** One message, from chain key to chain key at both ends. */
function sealAndOpen (suite: CryptoSuite): void {
  const nonce = systemRandom.bytes(12)
  const chainKey = new Uint8Array(32)
  const [header, body] = [new Uint8Array(headerBytes), new Uint8Array(bodyBytes)]
  const sealed = [suite.seal(chainKey, nonce, header, chainKey), suite.seal(bodyKey(suite, chainKey), nonce, body, chainKey)]
  check(suite.open(chainKey, nonce, sealed[0]!, chainKey) !== undefined)
  check(suite.open(bodyKey(suite, chainKey), nonce, sealed[1]!, chainKey) !== undefined)
}

function bodyKey (suite: CryptoSuite, chainKey: Uint8Array): Uint8Array {
  const messageKey = suite.hmac(chainKey, Uint8Array.of(1))
  suite.hmac(chainKey, Uint8Array.of(2))
  return suite.expand(messageKey, chainKey, 44).subarray(0, 32)
}

function epoch (suite: CryptoSuite): void {
  const key = suite.kemPrivate(systemRandom.bytes(64))
  const { ciphertext } = suite.encapsulate(key.publicKey, systemRandom.bytes(32))
  check(suite.decapsulate(key, ciphertext).length === 32)
}

function check (isRight: boolean): void {
  if (!isRight) throw new Error('a primitive gave something else than it must')
}
