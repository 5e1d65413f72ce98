/**
 * A suite for large simulations: the sizes of the real one at a fraction of its cost, nothing secret,
 * and strict where the real one can't be. Whatever it is given wrongly it throws at, and keeps what
 * it threw, in case somebody swallows it.
 *
 *     sealed     = plaintext ‖ SHA-256(key ‖ nonce ‖ aad length ‖ aad ‖ plaintext)[0..16)
 *     X25519     public key = SHA-256 of the seed; secret = SHA-256 of both public keys, sorted
 *     Ed25519    public key = SHA-256 of the seed; signature = two hashes; blinded key = SHA-256 of key and factor
 *     ML-KEM     public key = SHA-256 of the seed, repeated; ciphertext = its recipient, coins, a check
 *
 * It protects nothing: every holder of a sealed text reads it, and anybody signs for anybody. So it
 * is a test's alone, and a self-test at the start of the product refuses it.
 */
import { compare, concat, equal, u32be, utf8 } from '../../protocol/bytes.ts'
import { CryptoError, InternalError } from '../../protocol/errors.ts'
import type { Blinding, CryptoSuite, Ed25519Private, KemPrivate, PrivateKey, X25519Private } from '../../protocol/suite.ts'
import { assertX25519Canonical, keyName as textOf, rememberBounded } from '../../protocol/suites/strict-keys.ts'

export interface TransparentOptions {
  /** Hashes and derivations are real. */
  base: CryptoSuite
  /**
   * The simulated world has people in it who alter what they pass on: what they can bring about is then
   * refused as the real suite would, and no misuse. False by default: then it can only be our own doing.
   */
  hasForgers?: boolean
  /** Seals, keys and coins that are remembered each, to find their second use. */
  rememberedMax?: number
}

export interface TransparentSuite extends CryptoSuite {
  /** What was found and thrown, oldest first. */
  readonly misuses: readonly string[]
  /** A crash took back what was sealed and not yet committed: its keys will rightly be used again. */
  forgetSeals: () => void
}

type Kind = 'x25519' | 'ed25519' | 'ml-kem-768'
interface Sealing { key: Uint8Array, nonce: Uint8Array, aad: Uint8Array }

const tagBytes = 16
const kemPublicBytes = 1184
const kemCiphertextBytes = 1088
const rememberedMaxDefault = 100_000
const labelOf = (name: string): Uint8Array => utf8(`transparent/${name}/`)
const [x25519Label, agreeLabel, ed25519Label, blindLabel] = [labelOf('x25519'), labelOf('agree'), labelOf('ed25519'), labelOf('blind')]
const [kemLabel, secretLabel, rejectLabel] = [labelOf('kem'), labelOf('secret'), labelOf('reject')]
const [signLabel, finishLabel] = [labelOf('sign'), labelOf('finish')]

class TransparentPrivate implements PrivateKey {
  readonly kind: Kind
  readonly #seed: Uint8Array
  readonly #derive: (seed: Uint8Array) => Uint8Array
  #publicKey: Uint8Array | undefined

  constructor (kind: Kind, seed: Uint8Array, derive: (seed: Uint8Array) => Uint8Array) {
    this.kind = kind
    this.#seed = seed.slice()
    this.#derive = derive
  }

  get publicKey (): Uint8Array {
    this.#publicKey ??= this.#derive(this.#seed)
    return this.#publicKey
  }

  exportSeed (): Uint8Array { return this.#seed.slice() }
}

/** One for all nodes of a world: then it sees what any two of them do with one key. */
export function transparentSuite (options: TransparentOptions): TransparentSuite {
  const { base, hasForgers = false, rememberedMax = rememberedMaxDefault } = options
  const { sha256 } = base
  const misuses: string[] = []
  const kindOfSeed = new Map<string, Kind>()
  const kindOfPublic = new Map<string, Kind>()
  /** By key and nonce. */
  const tagOf = new Map<string, string>()
  const sealingOf = new Map<string, Sealing>()
  const coinsUsed = new Map<string, true>()

  function misuse (what: string): never {
    misuses.push(what)
    throw new InternalError('INTERNAL', `transparent suite: ${what}`)
  }

  function remember<V> (map: Map<string, V>, name: string, value: V): void {
    rememberBounded(map, name, value, rememberedMax)
  }

  /** Seed or public key: one algorithm each, for ever. */
  function assertKind (kinds: Map<string, Kind>, name: string, kind: Kind, what: string): void {
    const known = kinds.get(name)
    if (known !== undefined && known !== kind) misuse(`${what} of ${known} used for ${kind}`)
  }

  function privateOf (kind: Kind, seed: Uint8Array, seedBytes: number, derive: (seed: Uint8Array) => Uint8Array) {
    if (seed.length !== seedBytes) throw new CryptoError('INVALID_KEY', `A seed of ${seed.length} bytes, not ${seedBytes}.`)
    if (seed.every(byte => byte === 0)) misuse(`a seed of zeros for ${kind}`)
    const name = textOf(seed)
    assertKind(kindOfSeed, name, kind, 'a seed')
    remember(kindOfSeed, name, kind)
    return new TransparentPrivate(kind, seed, own => {
      const publicKey = derive(own)
      remember(kindOfPublic, textOf(publicKey.subarray(0, 32)), kind)
      return publicKey
    })
  }

  /** A handle of this suite, for this algorithm. */
  function assertHandle (key: PrivateKey, kind: Kind): void {
    if (!(key instanceof TransparentPrivate)) misuse(`a private key of another suite used for ${kind}`)
    if (key.kind !== kind) misuse(`a private key of ${key.kind} used for ${kind}`)
  }

  function assertPublic (publicKey: Uint8Array, kind: Kind): void {
    if (hasForgers) return
    assertKind(kindOfPublic, textOf(publicKey.subarray(0, 32)), kind, 'a public key')
  }

  function assertSealing (key: Uint8Array, nonce: Uint8Array): void {
    if (key.length !== 32) misuse(`a key of ${key.length} bytes`)
    if (nonce.length !== 12) misuse(`a nonce of ${nonce.length} bytes`)
    if (key.every(byte => byte === 0)) misuse('a key of zeros')
  }

  function tag (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
    return sha256(concat(key, nonce, u32be(aad.length), aad, plaintext)).subarray(0, tagBytes)
  }

  function seal (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
    assertSealing(key, nonce)
    const made = tag(key, nonce, plaintext, aad)
    const [place, name] = [textOf(key) + textOf(nonce), textOf(made)]
    const before = tagOf.get(place)
    // The same again is a retry, which shows nobody anything new.
    if (before !== undefined && before !== name) misuse('a key and nonce sealed two different things')
    if (before === undefined) {
      remember(tagOf, place, name)
      // Of no use where a wrong nonce is no misuse.
      if (!hasForgers) remember(sealingOf, name, { key: key.slice(), nonce: nonce.slice(), aad: aad.slice() })
    }
    return concat(plaintext, made)
  }

  function open (
    key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array
  ): Uint8Array | undefined {
    assertSealing(key, nonce)
    if (sealed.length < tagBytes) return undefined
    const plaintext = sealed.slice(0, -tagBytes)
    const given = sealed.subarray(-tagBytes)
    if (equal(tag(key, nonce, plaintext, aad), given)) return plaintext
    // Another key may be a trial, as with hidden headers. The right key for what nobody altered is none.
    const made = sealingOf.get(textOf(given))
    if (made !== undefined && equal(made.key, key) && equal(tag(key, made.nonce, plaintext, made.aad), given)) {
      misuse(equal(made.nonce, nonce) ? 'opened with other associated data than sealed' : 'opened with another nonce than sealed')
    }
    return undefined
  }

  function x25519 (privateKey: X25519Private, publicKey: Uint8Array): Uint8Array {
    assertX25519Canonical(publicKey)
    if (publicKey.every(byte => byte === 0)) throw new CryptoError('INVALID_KEY')
    assertHandle(privateKey, 'x25519')
    assertPublic(publicKey, 'x25519')
    const own = privateKey.publicKey
    if (equal(own, publicKey) && !hasForgers) misuse('a key agreed with itself')
    return sha256(concat(agreeLabel, ...[own, publicKey].sort(compare)))
  }

  function signatureOf (publicKey: Uint8Array, message: Uint8Array): Uint8Array {
    const first = sha256(concat(signLabel, publicKey, message))
    return concat(first, sha256(concat(finishLabel, first)))
  }

  function sign (privateKey: Ed25519Private, message: Uint8Array): Uint8Array {
    assertHandle(privateKey, 'ed25519')
    return signatureOf(privateKey.publicKey, message)
  }

  function verify (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    if (publicKey.length !== 32 || signature.length !== 64) return false
    assertPublic(publicKey, 'ed25519')
    return equal(signatureOf(publicKey, message), signature)
  }

  function blindPublic (publicKey: Uint8Array, factor: Uint8Array): Uint8Array {
    if (publicKey.length !== 32) throw new CryptoError('INVALID_KEY')
    assertPublic(publicKey, 'ed25519')
    return sha256(concat(blindLabel, publicKey, factor))
  }

  function signBlinded (privateKey: Ed25519Private, { factor }: Blinding, message: Uint8Array): Uint8Array {
    assertHandle(privateKey, 'ed25519')
    return signatureOf(blindPublic(privateKey.publicKey, factor), message)
  }

  function repeated (bytes: Uint8Array, length: number): Uint8Array {
    const filled = new Uint8Array(length)
    for (let at = 0; at < length; at += bytes.length) filled.set(at + bytes.length > length ? bytes.subarray(0, length - at) : bytes, at)
    return filled
  }

  const secretOf = (recipient: Uint8Array, coins: Uint8Array): Uint8Array =>
    sha256(concat(secretLabel, recipient, coins))

  function ciphertextOf (recipient: Uint8Array, coins: Uint8Array): Uint8Array {
    const check = sha256(concat(kemLabel, recipient, coins))
    return concat(recipient, coins, repeated(check, kemCiphertextBytes - 64))
  }

  function encapsulate (publicKey: Uint8Array, coins: Uint8Array): { ciphertext: Uint8Array, secret: Uint8Array } {
    if (coins.length !== 32) throw new CryptoError('INVALID_KEY')
    const recipient = publicKey.slice(0, 32)
    if (!equal(publicKey, repeated(recipient, kemPublicBytes))) throw new CryptoError('INVALID_KEY')
    assertPublic(publicKey, 'ml-kem-768')
    const name = textOf(coins)
    if (coinsUsed.has(name)) misuse('coins were used for two encapsulations')
    remember(coinsUsed, name, true)
    return { ciphertext: ciphertextOf(recipient, coins), secret: secretOf(recipient, coins) }
  }

  function decapsulate (privateKey: KemPrivate, ciphertext: Uint8Array): Uint8Array {
    if (ciphertext.length !== kemCiphertextBytes) throw new CryptoError('AUTHENTICATION_FAILED')
    assertHandle(privateKey, 'ml-kem-768')
    const [recipient, coins] = [ciphertext.subarray(0, 32), ciphertext.subarray(32, 64)]
    const isWhole = equal(ciphertext, ciphertextOf(recipient, coins))
    const isOurs = equal(recipient, privateKey.publicKey.subarray(0, 32))
    if (isWhole && isOurs) return secretOf(recipient, coins)
    if (isWhole && !hasForgers) misuse('a ciphertext was decapsulated with another key than its own')
    return sha256(concat(rejectLabel, privateKey.exportSeed(), ciphertext))
  }

  return {
    name: 'transparent',
    misuses,
    forgetSeals () {
      tagOf.clear()
      sealingOf.clear()
    },
    sha256,
    hmac: base.hmac,
    hkdf: base.hkdf,
    expand: base.expand,
    seal,
    open,
    x25519Private: seed => privateOf('x25519', seed, 32, own => {
      const publicKey = sha256(concat(x25519Label, own))
      // Canonical, whatever the hash is.
      publicKey[31]! &= 0x3f
      return publicKey
    }),
    x25519,
    ed25519Private: seed => privateOf('ed25519', seed, 32, own => sha256(concat(ed25519Label, own))),
    sign,
    verify,
    blindPublic,
    signBlinded,
    kemPrivate: seed => privateOf('ml-kem-768', seed, 64, own =>
      repeated(sha256(concat(kemLabel, own)), kemPublicBytes)),
    encapsulate,
    decapsulate
  }
}
