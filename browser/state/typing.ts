/**
 * Who is writing at this moment. Only where the person wants it, and then both ways: it tells that somebody is here.
 */
import { signal } from '@preact/signals'
import type { PeerEvent } from '../peer/api.ts'
import { keep, readKept } from './kept.ts'
import { call, listen } from './model.ts'

const wantedKey = 'restante-typing'
/** As the engine says: it holds for so long where nothing more is heard. */
const shownMs = 7_000

export const wantsTyping = signal(readKept('localStorage', wantedKey) === 'on')
/** Contact ids. */
export const writers = signal<ReadonlySet<string>>(new Set())

const timers = new Map<string, ReturnType<typeof setTimeout>>()

export function setWantsTyping (isWanted: boolean): void {
  keep('localStorage', wantedKey, isWanted ? 'on' : undefined)
  use(isWanted)
}

function use (isWanted: boolean): void {
  wantsTyping.value = isWanted
  if (!isWanted) for (const contactId of writers.value) note(contactId, false)
}

export function beginTyping (): void {
  // Another tab may have changed it.
  addEventListener('storage', ({ key, newValue }) => { if (key === wantedKey) use(newValue === 'on') })
  listen(event => { take(event) })
}

/** With every key: the engine says it no more often than it has to. */
export function sayTyping (contactId: string, isActive: boolean): void {
  if (wantsTyping.value) call('typing', { to: contactId, active: isActive }).catch(() => { /* Then nobody hears it. */ })
}

function take (event: PeerEvent): void {
  if (event.type === 'contact.typing' && wantsTyping.value) note(event.contactId, event.active)
  else if (event.type === 'message.received') note(event.from, false)
}

function note (contactId: string, isActive: boolean): void {
  clearTimeout(timers.get(contactId))
  timers.delete(contactId)
  if (isActive) timers.set(contactId, setTimeout(() => { note(contactId, false) }, shownMs))
  if (writers.value.has(contactId) === isActive) return
  const next = new Set(writers.value)
  if (isActive) next.add(contactId)
  else next.delete(contactId)
  writers.value = next
}
