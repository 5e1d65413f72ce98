/**
 * An invite as text: what a person hands to another so that the first message needs no lookup.
 *
 * Whoever holds it can write once (or, if reusable, for as long as it is valid), so the secret part
 * of the https form is in the fragment, which browsers do not send. Not here: what follows from the
 * secret (bundle.ts), and which invites are still open (the engine). Spec 02 §Invite.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import { concat, equal } from './bytes.ts'
import { RestanteError, UsageError } from './errors.ts'
import { decodeRoute, encodeRoute } from './invite-route.ts'
import type { InviteRoute } from './invite-route.ts'
import { labels } from './labels.ts'
import { accountIdBytes } from './limits.ts'
import { decodeCanonical, expectLength } from './wire/decode.ts'
import { Invite } from './wire/restante.js'

const scheme = 'restante:'
const inviteVersion = 1
const checksumBytes = 4
const routesMax = 4
/** Four routes with eight of the longest multiaddrs each stay below it. */
const inviteCharactersMax = 16_384

export interface InviteContents {
  /** Account id, 32 bytes. */
  account: Uint8Array
  /** 32 bytes: gives the bundle's location and key, and an address at each route. */
  secret: Uint8Array
  /** At most four. Their order counts: the address at a route follows from its place. */
  routes: InviteRoute[]
  /** Ms since the epoch; undefined: valid until withdrawn. */
  expiresAt: number | undefined
  reusable: boolean
}

/** `restante:` and base64url of version, payload and checksum. UsageError USAGE for impossible contents. */
export function formatInvite (invite: InviteContents): string {
  return `${scheme}${formatBody(invite)}`
}

/** The same as a web link that explains itself to whoever has no Restante yet. */
export function formatInviteLink (invite: InviteContents, base = 'https://restante.example/i'): string {
  return `${base}#${formatBody(invite)}`
}

/**
 * Reads both forms; white space around and line breaks within are ignored, as mail adds them.
 * UsageError INVITE_INVALID for anything truncated or altered, and for a newer version (it says
 * so). Does not look at `expiresAt`.
 */
export function parseInvite (text: string): InviteContents {
  const bytes = readBody(text)
  const checked = bytes.subarray(0, -checksumBytes)
  const checksum = bytes.subarray(-checksumBytes)
  if (checked.length === 0 || !equal(checksumOf(checked), checksum)) throw damaged()
  if (checked[0] !== inviteVersion) {
    throw new UsageError('INVITE_INVALID', 'This invite is of a newer version: update the program to use it.')
  }
  try {
    const invite = decodeCanonical(Invite, checked.subarray(1), 'invite')
    return {
      account: expectLength(invite.account, accountIdBytes, 'invite.account').slice(),
      secret: expectLength(invite.secret, 32, 'invite.secret').slice(),
      routes: invite.routes.map((route, index) => decodeRoute(route, `invite.routes[${index}]`)),
      expiresAt: invite.expiresAt === 0 ? undefined : invite.expiresAt,
      reusable: invite.reusable
    }
  } catch (cause) {
    // With a right checksum it was made so. No cause: its text might quote parts of a secret.
    if (cause instanceof RestanteError) throw damaged()
    throw cause
  }
}

function formatBody (invite: InviteContents): string {
  const { account, secret, routes, expiresAt, reusable } = invite
  const isPossible = account.length === accountIdBytes && secret.length === 32 &&
    routes.length <= routesMax && expiresAt !== 0
  if (!isPossible) {
    throw new UsageError('USAGE', 'An invite has an account, a secret, at most four routes, no expiry of 0.')
  }
  const payload = Invite.encode({
    account, secret, routes: routes.map(encodeRoute), expiresAt: expiresAt ?? 0, reusable
  })
  const checked = concat(Uint8Array.of(inviteVersion), payload)
  return base64urlnopad.encode(concat(checked, checksumOf(checked)))
}

function readBody (text: string): Uint8Array {
  const compact = text.length > inviteCharactersMax ? '' : text.replace(/\s+/g, '')
  const body = compact.startsWith(scheme)
    ? compact.slice(scheme.length)
    : /^https:\/\/[^#]+#(.*)$/.exec(compact)?.[1]
  if (body === undefined || body === '') throw damaged()
  try {
    return base64urlnopad.decode(body)
  } catch {
    // Characters that are none of base64url's: told as any other damage.
    throw damaged()
  }
}

// Against slips of hand and cut-off links. Not against forgers: there is nobody's word to forge.
function checksumOf (checked: Uint8Array): Uint8Array {
  return sha256(concat(labels.inviteChecksum, checked)).subarray(0, checksumBytes)
}

function damaged (): UsageError {
  return new UsageError('INVITE_INVALID', 'This invite is incomplete or was altered: ask for it again.')
}
