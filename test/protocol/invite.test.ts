/**
 * Invites as text: round trips, and every way of damaging one. Spec 02 §Invite.
 */
import assert from 'node:assert/strict'
import { base58, base64urlnopad } from '@scure/base'
import encodeQR from 'qr'
import { concat } from '../../protocol/bytes.ts'
import { UsageError } from '../../protocol/errors.ts'
import { formatInvite, formatInviteLink, parseInvite } from '../../protocol/invite.ts'
import type { InviteContents } from '../../protocol/invite.ts'
import { labels } from '../../protocol/labels.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { Invite } from '../../protocol/wire/restante.js'
import { seededRandom } from '../support/seeded-random.ts'

const random = seededRandom('invite')
const certificate = 'uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g'
const relay = (n: number): InviteContents['routes'][number] => ({
  device: false,
  peerKey: random.bytes(32),
  multiaddrs: [
    `/ip4/203.0.113.${n}/tcp/4001`,
    `/ip6/2001:db8::${n}/tcp/4001`,
    `/dns4/relay-${n}.example.org/tcp/443/tls/ws`,
    `/ip4/203.0.113.${n}/udp/4001/webrtc-direct/certhash/${certificate}`
  ]
})
const invite: InviteContents = {
  account: random.bytes(32),
  secret: random.bytes(32),
  routes: [relay(1), relay(2), relay(3)],
  expiresAt: 1_800_000_000_000,
  reusable: false
}
const text = formatInvite(invite)

function refused (altered: string, words = /incomplete or was altered/): void {
  assert.throws(() => parseInvite(altered), (error: unknown) => {
    assert.ok(error instanceof UsageError, String(error))
    assert.equal(error.code, 'INVITE_INVALID')
    assert.match(error.message, words)
    assert.ok(!String(error.stack).includes(base64urlnopad.encode(invite.secret).slice(4, -4)))
    return true
  }, altered)
}

/** An invite of any version and payload, with the right checksum. */
function sealed (version: number, payload: Uint8Array): string {
  const checked = concat(Uint8Array.of(version), payload)
  const checksum = suite.sha256(concat(labels.inviteChecksum, checked)).subarray(0, 4)
  return `restante:${base64urlnopad.encode(concat(checked, checksum))}`
}

const payloadOf = (changes: Partial<Invite>): Uint8Array => Invite.encode({
  account: invite.account, secret: invite.secret, routes: [], expiresAt: 0, reusable: false, ...changes
})

describe('an invite', () => {
  it('comes back from its text and from its link', () => {
    assert.deepEqual(parseInvite(text), invite)
    assert.deepEqual(parseInvite(formatInviteLink(invite)), invite)
    assert.deepEqual(parseInvite(formatInviteLink(invite, 'https://chat.example.net/join?lang=cs')), invite)
  })

  it('comes back with the device\'s own route, without expiry, without any route', () => {
    const device = { device: true, peerKey: random.bytes(32), multiaddrs: ['/ip4/192.0.2.4/tcp/9'] }
    const unlimited = { expiresAt: undefined, reusable: true }
    for (const changes of [{ routes: [device, relay(1)] }, unlimited, { routes: [] }]) {
      assert.deepEqual(parseInvite(formatInvite({ ...invite, ...changes })), { ...invite, ...changes })
    }
  })

  it('is taken with white space around it and with the line breaks of a mail', () => {
    assert.deepEqual(parseInvite(`  ${text}\n`), invite)
    assert.deepEqual(parseInvite(text.replace(/(.{72})/g, '$1\r\n ')), invite)
  })

  it('has its secret part in the fragment of a link, which is not sent', () => {
    const url = new URL(formatInviteLink(invite))
    assert.equal(url.href, `https://restante.example/i#${text.slice('restante:'.length)}`)
    assert.equal(`${url.pathname}${url.search}`, '/i')
  })

  it('stays under 900 characters with three relays of four addresses, and fits a QR code', () => {
    assert.ok(text.length < 900, `${text.length} characters`)
    const rows = encodeQR(text, 'raw', { ecc: 'low' })
    assert.ok(rows.length <= 4 + 17 + 4 * 22, `${rows.length} modules`)
  })

  it('is refused when cut off anywhere', () => {
    for (const whole of [text, formatInviteLink(invite)]) {
      for (let length = 0; length < whole.length; length++) refused(whole.slice(0, length))
    }
  })

  it('is refused when any one character is another one, or missing, or there twice', () => {
    for (let i = 0; i < text.length; i++) {
      for (const other of ['A', 'b', '7', '_', '=', '+', 'é']) {
        if (text[i] !== other) refused(text.slice(0, i) + other + text.slice(i + 1))
      }
      if (text[i] !== text[i + 1]) refused(text.slice(0, i) + text.slice(i + 1))
      refused(text.slice(0, i) + text[i]! + text.slice(i))
    }
  })

  it('is refused when two parts of it are swapped, or something follows', () => {
    refused(`${text}A`)
    refused(`${text}${text}`)
    refused(text.slice(0, 100) + text.slice(160, 220) + text.slice(100, 160) + text.slice(220))
  })

  it('is refused when it is something else', () => {
    const body = text.slice('restante:'.length)
    for (const other of [
      '', 'restante:', 'hello', body, `mailto:${body}`, 'A'.repeat(1_000_000),
      `http://restante.example/i#${body}`, 'https://restante.example/i', 'https://restante.example/i#'
    ]) {
      refused(other)
    }
  })

  it('of a newer version is refused with words that say so', () => {
    refused(sealed(2, random.bytes(40)), /newer version/)
  })

  it('is refused with a right checksum over impossible contents', () => {
    refused(sealed(1, random.bytes(40)))
    refused(sealed(1, new Uint8Array(0)))
    refused(sealed(1, payloadOf({ account: new Uint8Array(31) })))
    refused(sealed(1, payloadOf({ secret: new Uint8Array(0) })))
    refused(sealed(1, concat(payloadOf({}), Uint8Array.of(0x38, 1))))
    const route = { device: false, peerKey: random.bytes(32), multiaddrs: [] }
    refused(sealed(1, payloadOf({ routes: Array.from({ length: 5 }, () => route) })))
    refused(sealed(1, payloadOf({ routes: [{ ...route, multiaddrs: [new Uint8Array(0)] }] })))
    refused(sealed(1, payloadOf({ routes: [{ ...route, peerKey: random.bytes(20) }] })))
  })

  it('is read without the addresses of transports that are not known here', () => {
    const known = Uint8Array.of(4, 192, 0, 2, 1, 6, 0, 80)
    const unknown = Uint8Array.of(0xb0, 0xea, 0x01, 3, 1, 2, 3)
    const route = { device: false, peerKey: random.bytes(32), multiaddrs: [unknown, known] }
    const read = parseInvite(sealed(1, payloadOf({ routes: [route] })))
    assert.deepEqual(read.routes[0]?.multiaddrs, ['/ip4/192.0.2.1/tcp/80'])
  })

  it('leaves out of an address the peer id that the route names anyway, and no other', () => {
    const peerKey = random.bytes(32)
    const peerId = (key: Uint8Array): string =>
      base58.encode(concat(Uint8Array.of(0, 0x24, 8, 1, 0x12, 0x20), key))
    const through = `/ip4/192.0.2.1/tcp/80/p2p/${peerId(random.bytes(32))}/p2p-circuit`
    const multiaddrs = ['/ip4/192.0.2.1/tcp/80', through]
    const route = { device: true, peerKey, multiaddrs: multiaddrs.map(a => `${a}/p2p/${peerId(peerKey)}`) }
    const read = parseInvite(formatInvite({ ...invite, routes: [route] }))
    assert.deepEqual(read.routes, [{ ...route, multiaddrs }])
  })

  it('is not made of impossible contents', () => {
    const route = relay(1)
    for (const changes of [
      { account: new Uint8Array(31) },
      { secret: new Uint8Array(33) },
      { expiresAt: 0 },
      { routes: Array.from({ length: 5 }, () => route) },
      { routes: [{ ...route, peerKey: new Uint8Array(3) }] },
      { routes: [{ ...route, multiaddrs: ['not a multiaddr'] }] },
      { routes: [{ ...route, multiaddrs: [''] }] },
      { routes: [{ ...route, multiaddrs: Array.from({ length: 9 }, () => '/ip4/192.0.2.1') }] },
      { routes: [{ ...route, multiaddrs: [`/dns4/${'a'.repeat(300)}/tcp/1`] }] }
    ]) {
      assert.throws(() => formatInvite({ ...invite, ...changes }), { code: 'USAGE' })
    }
  })
})
