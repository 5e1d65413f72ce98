/**
 * How states and times are told to a person. Every state is a word beside its tick: colour and shape
 * alone say nothing to many.
 */
import { printable } from './printable.ts'
import type { CallResult } from './rpc/methods.ts'

type Message = CallResult<'message.list'>['messages'][number]
type Delivery = NonNullable<Message['delivery']>

export function deliveryWords ({ state, way, storedBy, of, reason }: Delivery): string {
  switch (state) {
    case 'queued': return '· queued'
    case 'stored': return `✓ stored ${storedBy} of ${of}`
    case 'delivered': return way === null ? '✓✓ delivered' : `✓✓ delivered, ${wayWords(way)}`
    case 'read': return way === null ? '✓✓ read' : `✓✓ read, ${wayWords(way)}`
    case 'expired': return '! expired'
    case 'failed': return `! failed${reason === null ? '' : `: ${reason}`}`
  }
}

function wayWords (way: 'direct' | 'relay'): string {
  return way === 'direct' ? 'direct' : 'by relay'
}

/** What to call a contact in a terminal: until its own name is known, by its id. */
export function contactWords ({ name, contactId }: { name: string, contactId: string }): string {
  return name === '' ? contactId : printable(name)
}

/** Of a message beside whom it came from. */
export function doubtWords ({ identityInDoubt }: { identityInDoubt: boolean }): string {
  return identityInDoubt ? ' (identity in doubt)' : ''
}

/** In a list of contacts. */
export function trustWords (
  contact: { identity: 'unchanged' | 'rotated' | 'forked', verified: boolean, weakForwardSecrecy: boolean }
): string {
  const verified = `${contact.verified ? ', verified' : ''}${contact.weakForwardSecrecy ? ', weak forward secrecy until an answer' : ''}`
  switch (contact.identity) {
    case 'unchanged': return verified
    case 'rotated': return `${verified}, key rotated`
    case 'forked': return ', identity contradicted: nothing is sent'
  }
}

export function identityWords (
  contact: Parameters<typeof contactWords>[0] & {
    identity: 'unchanged' | 'rotated' | 'forked', verified: boolean
  }
): string {
  const name = contactWords(contact)
  switch (contact.identity) {
    case 'unchanged': return `${name} is ${contact.verified ? '' : 'not '}verified`
    case 'rotated': return `${name} has rotated the account key, as was committed to before`
    case 'forked': return `! Somebody contradicts what is known of ${name}: nothing is sent until you decide. ` +
      `Ask in another way, then: restante accept-identity ${contact.contactId} known (or presented)`
  }
}

export function resetWords (contact: Parameters<typeof contactWords>[0]): string {
  return `The keys with ${contactWords(contact)} were lost or set back on one side, and are new now`
}

export const foreignManifestWords = 'Somebody else signs with the key of this account. ' +
  'Replace it with your 24 words: restante account rotate-key'

/** Local time, to the minute; with the date where it is not today. */
export function timeWords (ms: number, nowMs: number): string {
  const time = new Date(ms)
  if (Number.isNaN(time.getTime())) return '?'
  const pad = (value: number): string => String(value).padStart(2, '0')
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`
  if (time.toDateString() === new Date(nowMs).toDateString()) return clock
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`
}

export function protectionWords (isProtected: boolean): string {
  return isProtected
    ? 'protected by a passphrase'
    : 'unprotected: anyone who can read its files can read everything'
}
