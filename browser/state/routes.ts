/**
 * Which screen is shown. It is in the history of the tab, so that the back button of a telephone does what
 * it should, and not in the address: that would tell the browser's history who talks with whom.
 */
import { signal } from '@preact/signals'
import { keep, readKept } from './kept.ts'

export type Route =
  | { name: 'home' }
  | { name: 'conversation', contactId: string }
  | { name: 'contact', contactId: string }
  | { name: 'requests' }
  | { name: 'add' }
  | { name: 'settings' }

const home: Route = { name: 'home' }
export const route = signal<Route>(home)
/** An invite from the link that opened this page, without its `restante:`. */
export const openedInvite = signal<string | undefined>(undefined)

const inviteKey = 'restante-invite'

export function go (to: Route): void {
  if (JSON.stringify(to) === JSON.stringify(route.value)) return
  const isDeeper = route.value.name === 'home'
  if (isDeeper) history.pushState(to, '')
  else history.replaceState(to, '')
  route.value = to
}

/** To where it came from. */
export function goBack (): void {
  const { value } = route
  if (value.name === 'contact') go({ name: 'conversation', contactId: value.contactId })
  else if (value.name !== 'home') history.back()
}

export function beginRoutes (): void {
  const kept = history.state as Route | null
  if (kept !== null && typeof kept.name === 'string') route.value = kept
  addEventListener('popstate', ({ state }) => { route.value = (state as Route | null) ?? home })
  addEventListener('hashchange', takeInvite)
  openedInvite.value = readKept('sessionStorage', inviteKey)
  takeInvite()
}

/** The fragment is a secret: out of the address line, and of the history, with it. */
function takeInvite (): void {
  const body = location.hash.slice(1)
  if (body === '') return
  history.replaceState(history.state, '', location.pathname + location.search)
  openedInvite.value = body
  // A reload before it is used must not lose it.
  keep('sessionStorage', inviteKey, body)
}

export function forgetInvite (): void {
  openedInvite.value = undefined
  keep('sessionStorage', inviteKey, undefined)
}
