/**
 * The certificate of the webrtc-direct listener. Its hash is part of the address that people are
 * given, so it is made once and kept: a new one would make every address that was given away void.
 *
 * Nobody checks its names or dates: a dialler compares the hash, and Noise proves the peer id.
 */
import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

export interface RelayCertificate {
  /** PEM, PKCS #8. */
  privateKey: string
  /** PEM. */
  pem: string
  /** Multibase (base64url) of the multihash of the certificate, as in multiaddrs. */
  certhash: string
}

const pemPattern = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/

/** A new self-signed certificate on P-256, the one curve that every browser takes. `now`: epoch, ms. */
export function createCertificate (now: number): RelayCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    name,
    sequence(time(now - 86_400_000), time(now + 30 * 365 * 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' })
  )
  const certificate = sequence(body, ecdsaWithSha256, bits(signDer(body, privateKey)))
  return withHash(
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    `-----BEGIN CERTIFICATE-----\n${wrap(certificate.toString('base64'))}\n-----END CERTIFICATE-----\n`
  )
}

/** What `formatCertificate` made; undefined where it is damaged. */
export function parseCertificate (text: string): RelayCertificate | undefined {
  const pem = pemPattern.exec(text)?.[0]
  const privateKey = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/.exec(text)?.[0]
  if (pem == null || privateKey == null) return undefined
  try {
    createPrivateKey(privateKey)
  } catch {
    // Damaged: the caller says so, and nothing is lost but an address.
    return undefined
  }
  return withHash(`${privateKey}\n`, `${pem}\n`)
}

export function formatCertificate ({ privateKey, pem }: RelayCertificate): string {
  return privateKey + pem
}

function withHash (privateKey: string, pem: string): RelayCertificate {
  const der = Buffer.from(pemPattern.exec(pem)?.[1] ?? '', 'base64')
  const digest = createHash('sha256').update(der).digest()
  const multihash = Buffer.concat([Buffer.from([0x12, digest.length]), digest])
  return { privateKey, pem, certhash: `u${multihash.toString('base64url')}` }
}

function signDer (body: Buffer, key: KeyObject): Buffer {
  return sign('sha256', body, key)
}

// DER, as far as one certificate needs it.

function tagged (tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), content])
}

function sequence (...contents: Uint8Array[]): Buffer {
  return tagged(0x30, ...contents)
}

function integer (value: number): Buffer {
  return tagged(0x02, Buffer.from([value]))
}

function bits (content: Uint8Array): Buffer {
  return tagged(0x03, Buffer.from([0]), content)
}

function time (now: number): Buffer {
  const digits = new Date(now).toISOString().replace(/[-:T]|\..*$/g, '')
  // X.509 wants two digits of the year before 2050 and four from then on.
  const isLate = digits >= '2050'
  return tagged(isLate ? 0x18 : 0x17, Buffer.from(`${isLate ? digits : digits.slice(2)}Z`))
}

function wrap (base64: string): string {
  return base64.replace(/(.{64})(?=.)/g, '$1\n')
}

const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
const commonName = sequence(Buffer.from('0603550403', 'hex'), tagged(0x0c, Buffer.from('restante')))
const name = sequence(tagged(0x31, commonName))
