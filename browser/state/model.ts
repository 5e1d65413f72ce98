/**
 * What the screens show, as signals, kept up to date by what the peer tells; and what they ask of it.
 * Of one conversation: conversation.ts.
 */
import { computed, signal } from '@preact/signals'
import { codeOf } from '../../protocol/errors.ts'
import type { AccountView, ConnectionView, ContactView, DeliveryView, MessageView } from '../../node/core/api.ts'
import type { MethodName, PeerEvent, PeerMethods, PeerStatus } from '../peer/api.ts'
import { Peer } from '../peer/peer.ts'
import { nameText, plain } from '../texts/shown.ts'
import { t } from '../texts/catalogue.ts'
import type { TextKey } from '../texts/catalogue.ts'

const profile = 'main'
/** Events come in bursts: what they change is read once for all of them. */
const gatherMs = 30
/** A link that is lost and made again within this time is no trouble that anybody should hear of. */
const alarmMs = 4_000

const peer = new Peer(profile)

export const status = signal<PeerStatus>(peer.status)
/** There is something to show. */
const isOpen = (): boolean => status.value.phase === 'running' || status.value.phase === 'full'
export const account = signal<AccountView | undefined>(undefined)
const contacts = signal<ContactView[]>([])
export const connections = signal<ConnectionView[]>([])
/** The last message of each contact. */
export const previews = signal<ReadonlyMap<string, MessageView>>(new Map())
export const drafts = signal<ReadonlyMap<string, string>>(new Map())
const isOnline = signal(true)
/** For the screen reader: what has just arrived. */
export const announcement = signal('')
/** A message that stays a moment. */
export const toast = signal('')

/** Those who are in the list of conversations, the latest first. */
export const conversations = computed(() => contacts.value
  .filter(({ state }) => state === 'accepted' || state === 'invited')
  .sort((a, b) => (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0) || a.name.localeCompare(b.name)))
export const requests = computed(() => contacts.value.filter(({ state }) => state === 'request'))
export const blocked = computed(() => contacts.value.filter(({ state }) => state === 'blocked'))
export const unreadTotal = computed(() => conversations.value.reduce((sum, { unread }) => sum + unread, 0))

/** Undefined: all is well, or has not been bad for long enough to say so. */
export const trouble = signal<'full' | 'offline' | 'connecting' | 'unreachable' | undefined>(undefined)

export function contactOf (contactId: string): ContactView | undefined {
  return contacts.value.find(one => one.contactId === contactId)
}

export async function call<M extends MethodName> (
  method: M, ...args: Parameters<PeerMethods[M]>
): Promise<Awaited<ReturnType<PeerMethods[M]>>> {
  return await peer.call(method, ...args)
}

export function listen (listener: (event: PeerEvent) => void): () => void { return peer.listen(listener) }

/** What went wrong, for a person. */
export function wordsOf (error: unknown): string {
  const known: Record<string, TextKey> = {
    PASSPHRASE_WRONG: 'errorPassphraseWrong',
    INVITE_INVALID: 'errorInviteInvalid',
    INVITE_EXPIRED: 'errorInviteExpired',
    INVITE_OWN: 'errorInviteOwn',
    TEXT_TOO_LARGE: 'tooLong',
    SAFETY_NUMBER_MISMATCH: 'mismatch',
    STOPPED: 'errorStopped'
  }
  const isFull = status.value.phase === 'full' && codeOf(error) === 'STORE_FAILED'
  const key = isFull ? 'errorFull' : known[codeOf(error)]
  if (key !== undefined) return t(key)
  return t('error', { message: error instanceof Error ? error.message : 'unknown' })
}

export function say (words: string): void {
  toast.value = words
  setTimeout(() => { if (toast.value === words) toast.value = '' }, 4_000)
}

export async function copy (text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
  say(t('copied'))
}

/** Nothing is shown before; called once. */
export function begin (): void {
  isOnline.value = navigator.onLine
  addEventListener('online', () => { isOnline.value = true; look() })
  addEventListener('offline', () => { isOnline.value = false; look() })
  peer.listen(take)
  peer.begin()
}

/** Whose last message is another one now: read once, however many came. */
const stale = new Set<string>()
let gathering: ReturnType<typeof setTimeout> | undefined
function gather (): void {
  gathering ??= setTimeout(() => {
    gathering = undefined
    refresh().catch((error: unknown) => { if (isOpen()) say(wordsOf(error)) })
  }, gatherMs)
}

async function refresh (): Promise<void> {
  if (!isOpen()) return
  account.value = await call('account')
  const [known, links] = await Promise.all([call('contacts'), call('connections')])
  contacts.value = known
  connections.value = links
  look()
  const shown = known.filter(one => stale.has(one.contactId) || isPreviewOld(one))
  stale.clear()
  await Promise.all(shown.map(async ({ contactId }) => { await preview(contactId) }))
}

function isPreviewOld ({ contactId, lastMessageAt }: ContactView): boolean {
  const shown = previews.value.get(contactId)
  if (lastMessageAt === undefined) return false
  return shown === undefined || (shown.own ? shown.sentAt : shown.receivedAt) < lastMessageAt
}

async function preview (contactId: string): Promise<void> {
  const [[last], draft] = await Promise.all([call('messages', { with: contactId, limit: 1 }), call('draft', contactId)])
  const all = new Map(previews.value)
  if (last !== undefined) previews.value = all.set(contactId, last)
  else if (all.delete(contactId)) previews.value = all
  noteDraft(contactId, draft)
}

export function noteDraft (contactId: string, text: string): void {
  if ((drafts.value.get(contactId) ?? '') !== text) drafts.value = new Map(drafts.value).set(contactId, text)
}

function take (event: PeerEvent): void {
  if (event.type === 'status') {
    status.value = event.status
    look()
    gather()
  } else if (event.type === 'message.received') {
    // Another message may have the same text: the name makes a reader say it again.
    const from = contactOf(event.from)
    // Strangers make no noise.
    if (from?.state === 'accepted') announcement.value = t('announceMessage', { name: nameText(from.name), text: plain(event.text.slice(0, 300)) })
    stale.add(event.from)
    gather()
  } else if (event.type === 'message.state') {
    const shown = previews.value.get(event.to)
    if (shown?.messageId === event.messageId) previews.value = new Map(previews.value).set(event.to, { ...shown, delivery: deliveryIn(event) })
    else if (event.state === 'queued') stale.add(event.to)
    gather()
  } else if (event.type === 'message.changed' || event.type === 'message.removed') {
    stale.add(event.type === 'message.changed' ? event.message.with : event.with)
    gather()
  } else if (event.type !== 'contact.typing') {
    gather()
  }
}

export function deliveryIn ({ state, way, storedBy, of, until, reason }: DeliveryView): DeliveryView {
  return { state, way, storedBy, of, until, reason }
}

let alarm: ReturnType<typeof setTimeout> | undefined

/** Trouble is told once it has lasted; that it is over, at once. */
function look (): void {
  const found = troubleNow()
  if (found === undefined || found === 'offline' || found === 'full' || trouble.value !== undefined) {
    clearTimeout(alarm)
    alarm = undefined
    trouble.value = found
  } else {
    alarm ??= setTimeout(() => {
      alarm = undefined
      trouble.value = troubleNow()
    }, alarmMs)
  }
}

function troubleNow (): typeof trouble.value {
  if (status.value.phase === 'full') return 'full'
  if (account.value === undefined || account.value.relays.length === 0) return undefined
  const relays = connections.value.filter(({ kind }) => kind === 'relay')
  if (relays.some(({ state }) => state === 'connected')) return undefined
  if (!isOnline.value) return 'offline'
  return relays.some(({ lastError }) => lastError !== undefined) ? 'unreachable' : 'connecting'
}
