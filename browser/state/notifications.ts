/**
 * Notifications of the system for what arrives while nobody looks at this page. Only where the person wants them, and
 * with what was written only where they want that too: it is shown on locked screens, and kept by some systems.
 */
import { effect, signal } from '@preact/signals'
import type { PeerEvent } from '../peer/api.ts'
import { t } from '../texts/catalogue.ts'
import { nameText, plain } from '../texts/shown.ts'
import { keep, readKept } from './kept.ts'
import { contactOf, listen } from './model.ts'
import { go } from './routes.ts'

export const noticeKinds = ['off', 'plain', 'text'] as const
export type NoticeKind = typeof noticeKinds[number]

const kindKey = 'restante-notices'
const seenLock = 'restante-seen'
/** The service worker knows it by this name. */
const wordsCache = 'words'
const textCharactersMax = 200

export const noticeKind = signal<NoticeKind>('off')
export const canNotify = (): boolean => 'Notification' in globalThis

/** Asks the browser, which asks the person. False: it is not allowed, and stays off. */
export async function setNoticeKind (wanted: NoticeKind): Promise<boolean> {
  const isAllowed = wanted === 'off' || await Notification.requestPermission() === 'granted'
  noticeKind.value = isAllowed ? wanted : 'off'
  keep('localStorage', kindKey, noticeKind.value)
  return isAllowed
}

export function beginNotifications (): void {
  if (!canNotify()) return
  const kept = readKept('localStorage', kindKey)
  if (Notification.permission === 'granted') noticeKind.value = noticeKinds.find(one => one === kept) ?? 'off'
  for (const type of ['focus', 'blur', 'pageshow', 'pagehide']) addEventListener(type, holdSeen)
  document.addEventListener('visibilitychange', holdSeen)
  holdSeen()
  const { serviceWorker } = navigator as Partial<Navigator>
  serviceWorker?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') go({ name: 'conversation', contactId: data })
  })
  effect(() => {
    // The words are those of the language that is chosen at the time: asking for them is what makes this run again.
    if (noticeKind.value !== 'off') leaveWords().catch(() => { /* Then it has words of its own. */ })
  })
  listen(event => { notify(event).catch(() => { /* The list shows it. */ }) })
}

const isSeen = (): boolean => document.visibilityState === 'visible' && document.hasFocus()
let release: (() => void) | undefined

/** A tab that is looked at says so to the others by a lock that all such tabs share. */
function holdSeen (): void {
  if (!isSeen()) {
    release?.()
    release = undefined
  } else if (release === undefined) {
    const held = new Promise<void>(resolve => { release = resolve })
    navigator.locks.request(seenLock, { mode: 'shared' }, async () => { await held }).catch(() => { /* Then none is. */ })
  }
}

async function notify (event: PeerEvent): Promise<void> {
  if (event.type !== 'message.received' || noticeKind.value === 'off' || isSeen()) return
  const contact = contactOf(event.from)
  // Strangers make no noise.
  if (contact?.state !== 'accepted') return
  const { held = [] } = await navigator.locks.query()
  if (held.some(({ name }) => name === seenLock)) return
  const isText = noticeKind.value === 'text'
  const title = isText ? nameText(contact.name) : t('appName')
  const options = {
    body: isText ? plain(event.text.slice(0, textCharactersMax)) : t('noticePlain'),
    // One for each conversation, whichever tab shows it.
    tag: isText ? event.from : 'restante',
    // The browser keeps it in clear: of whom it is, only where the person wants that shown anyway.
    ...(isText && { data: event.from })
  }
  const registration = await (navigator as Partial<Navigator>).serviceWorker?.getRegistration()
  // Telephones have no other way, and what it shows can be clicked when this tab is gone.
  if (registration?.active) return await registration.showNotification(title, options)
  const notice = new Notification(title, options)
  notice.addEventListener('click', () => {
    window.focus()
    go({ name: 'conversation', contactId: event.from })
    notice.close()
  })
}

/** For the service worker, which shows something when it is woken by a push and no page is open. */
async function leaveWords (): Promise<void> {
  const words = Response.json({ title: t('appName'), body: t('noticePlain') })
  const cache = await caches.open(wordsCache)
  await cache.put('./words', words)
}
