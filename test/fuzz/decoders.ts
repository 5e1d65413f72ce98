/**
 * Every reader of bytes or text that comes from others, or from a disk: what to feed it, and what it
 * may throw. A reader that accepts must give what encodes to something that it reads the same.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as records from '../../node/core/records.js'
import { nativeSuite } from '../../node/host/native-suite.ts'
import { createKeyFile, isProtected } from '../../node/store/profile.ts'
import type { PassphraseKdf } from '../../node/store/kdf.ts'
import { formatAccountId, parseAccountId } from '../../protocol/account-id.ts'
import { joinContents, splitBody } from '../../protocol/body.ts'
import { decodeBundlePrivates, encodeBundlePrivates, openBundle } from '../../protocol/bundle.ts'
import { equal, fromHex } from '../../protocol/bytes.ts'
import { changeOf, checkPayload, encodeChange, encodeWords, wordsOf } from '../../protocol/content.ts'
import { openDescriptor, verifyDescriptorRecord } from '../../protocol/descriptor.ts'
import { FrameSplitter } from '../../protocol/frames.ts'
import { handshakeTag, readPrekeyId } from '../../protocol/handshake.ts'
import { formatInvite, parseInvite } from '../../protocol/invite.ts'
import { openManifest } from '../../protocol/manifest.ts'
import { parsePeerAddress } from '../../protocol/peer-address.ts'
import { readRecords } from '../../protocol/pq-parts.ts'
import { accept, decodeSession, decrypt, encodeSession, encrypt, initiate } from '../../protocol/session.ts'
import { decode, decodeCanonical } from '../../protocol/wire/decode.ts'
import type { CanonicalMessage } from '../../protocol/wire/decode.ts'
import * as wire from '../../protocol/wire/restante.js'
import { root } from '../house/files.ts'
import { record as descriptorRecord } from '../support/descriptors.ts'
import { keptLog } from '../support/kept-log.ts'
import { connect, createParty, publish, someTime } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { Chance } from './mutate.ts'
import { messageOf, readSchema } from './schema.ts'

export interface Decoder {
  name: string
  seeds: Uint8Array[]
  /** Undefined: read, and a failure is a failure; else the bytes that what was read encodes to. */
  read: (bytes: Uint8Array) => Uint8Array | undefined
  /** Whether its seeds are texts in UTF-8, to be mutated as such. */
  isText?: boolean
}

const suite = nativeSuite(keptLog())
const cheapKdf: PassphraseKdf = async (passphrase) => suite.sha256(passphrase)
const keyFiles = (await Promise.all([undefined, new Uint8Array(8)].map(async (passphrase) =>
  await createKeyFile(suite, seededRandom('key files'), passphrase, cheapKdf)))).map(({ file }) => new TextDecoder().decode(file))
const corpusFolder = join(root, 'test/fuzz/corpus')

/** Inputs that were found, or thought of, before; tried by every decoder of bytes. One in hexadecimal a line. */
export function corpus (): Uint8Array[] {
  return readdirSync(corpusFolder).filter((file) => file.endsWith('.hex')).sort().flatMap((file) =>
    readFileSync(join(corpusFolder, file), 'utf8').split('\n').map((line) => line.replace(/#.*/, '').replaceAll(' ', ''))
      .filter((line) => line !== '').map((line) => fromHex(line)!))
}

function messages (source: string, exported: object): Decoder[] {
  const schema = readSchema(source)
  return [...schema.keys()].flatMap((name) => {
    const message = (exported as Record<string, CanonicalMessage<object>>)[name]!
    const chance = new Chance(name.length)
    const seeds = Array.from({ length: 12 }, () => messageOf(schema, name, chance))
    return [{
      name,
      seeds,
      read: (bytes: Uint8Array) => message.encode(decode(message, bytes, name))
    }]
  })
}

function textDecoder (name: string, texts: string[], read: (text: string) => string | undefined): Decoder {
  const [encoder, reader] = [new TextEncoder(), new TextDecoder()]
  return {
    name,
    isText: true,
    seeds: texts.map((text) => encoder.encode(text)),
    read: (bytes) => {
      const again = read(reader.decode(bytes))
      return again === undefined ? undefined : encoder.encode(again)
    }
  }
}

const hidden = (read: (bytes: Uint8Array) => unknown) => (bytes: Uint8Array): undefined => { read(bytes) }

export function decoders (): Decoder[] {
  const random = seededRandom('fuzz')
  const { a, b, aSession, bSession, privates } = connect(suite, suite, random)
  const answer = encrypt(suite, random, bSession, new Uint8Array(9), 1024)
  const answered = decrypt(suite, random, aSession, answer.inner).session
  const sent = encrypt(suite, random, answered, new Uint8Array(100), 2048)
  const c = createParty(suite, random)
  const { bundle, privates: other } = publish(c, false)
  const first = encrypt(suite, random, initiate(suite, random, { ...a, bundle }), new Uint8Array(5), 2048)
  const route = { device: false, peerKey: b.device.signing.publicKey, multiaddrs: ['/dns4/a.example/tcp/443/tls/ws'] }
  const invite = { account: b.accountId, secret: random.bytes(32), routes: [route], expiresAt: 9e12, reusable: true }
  const record = descriptorRecord(someTime, 1)
  const frames = messages('protocol/wire/restante.proto', wire).find(({ name }) => name === 'Frame')!.seeds
  return [
    ...messages('protocol/wire/restante.proto', wire),
    ...messages('node/core/records.proto', records),
    {
      name: 'canonical Signed',
      seeds: [a.manifest, bundle.signed],
      read: (bytes) => wire.Signed.encode(decodeCanonical(wire.Signed, bytes, 'signed'))
    },
    { name: 'manifest', seeds: [a.manifest, b.manifest], read: (bytes) => openManifest(suite, bytes).signed },
    {
      name: 'prekey bundle',
      seeds: [bundle.signed, privates.signed],
      read: (bytes) => openBundle(suite, bytes, { account: b.accountId, now: someTime }).signed
    },
    { name: 'descriptor record', seeds: [record], read: hidden((bytes) => verifyDescriptorRecord(suite, bytes, someTime)) },
    { name: 'descriptor', seeds: [record], read: hidden((bytes) => openDescriptor(suite, b.accountId, bytes, someTime)) },
    { name: 'frames', seeds: frames.map((frame) => Uint8Array.of(frame.length & 127, ...frame)), read: hidden(splitAll) },
    { name: 'body', seeds: [joinContents([frames[0]!, frames[1]!])], read: (bytes) => joinContents(splitBody(bytes)) },
    ...contentPayloads(random.bytes(16)),
    { name: 'post-quantum records', seeds: [Uint8Array.of(1, 0, 0, 0, 1, 0, 1, ...new Uint8Array(32)), new Uint8Array(9)], read: hidden(readRecords) },
    { name: 'handshake', seeds: [first.inner], read: hidden((bytes) => [readPrekeyId(bytes), handshakeTag(bytes)]) },
    {
      name: 'first message',
      seeds: [first.inner],
      read: hidden((inner) => accept(suite, random, { device: c.device, privates: other, inner }))
    },
    { name: 'message', seeds: [sent.inner, answer.inner], read: hidden((inner) => decrypt(suite, random, answer.session, inner)) },
    {
      name: 'session',
      seeds: [aSession, bSession, answered, answer.session].map(encodeSession),
      read: (bytes) => encodeSession(decodeSession(suite, bytes))
    },
    {
      name: 'bundle privates',
      seeds: [privates, other].map(encodeBundlePrivates),
      read: (bytes) => encodeBundlePrivates(decodeBundlePrivates(bytes))
    },
    textDecoder('key file', keyFiles, (text) => {
      isProtected(suite, new TextEncoder().encode(text))
      return undefined
    }),
    textDecoder('invite', [formatInvite(invite)], (text) => formatInvite(parseInvite(text))),
    textDecoder('account id', [formatAccountId(b.accountId)], (text) => formatAccountId(parseAccountId(text))),
    textDecoder('peer address', ['/dns4/a.example/tcp/1/p2p/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq',
      '/ip4/203.0.113.7/udp/4001/webrtc-direct/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g'], (text) => {
      parsePeerAddress(text)
      return undefined
    })
  ]
}

/** Payloads by their kind, as arrivals read them, and again as they would be sent. */
function contentPayloads (to: Uint8Array): Decoder[] {
  const words = [{ text: 'hello', replyTo: undefined }, { text: 'hello', replyTo: to }].map(encodeWords)
  const changes = ([
    { type: 'reaction', to, emoji: '👩🏻‍❤️‍💋‍👩🏼' }, { type: 'edit', to, text: 'hello' }, { type: 'deletion', to }
  ] as const).map(encodeChange)
  return [...words, ...changes].map(({ kind, payload }) => ({
    name: `payload of kind ${kind}`,
    seeds: [payload],
    read: (bytes) => {
      checkPayload(kind, bytes)
      const change = changeOf(kind, bytes)
      return (change === undefined ? encodeWords(wordsOf(kind, bytes)!) : encodeChange(change)).payload
    }
  }))
}

function splitAll (bytes: Uint8Array): void {
  const splitter = new FrameSplitter()
  splitter.push(bytes)
  while (splitter.next() !== undefined) { /* Each is decoded by another. */ }
}

/** Whether what `decoder` made of `bytes` encodes to something that it reads the same. */
export function isStable (decoder: Decoder, again: Uint8Array): boolean {
  try {
    const twice = decoder.read(again)
    return twice !== undefined && equal(twice, again)
  } catch {
    // What was accepted can't be read back: whatever the words, it is the same breach.
    return false
  }
}
