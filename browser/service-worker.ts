/**
 * Keeps the files of the build, so that the messenger opens without a network, and always as one whole: a new
 * version takes the place of the old one when the person agrees, never in the middle.
 *
 * Keeps nothing else: no message, no answer of a relay. The list below is filled in by build.ts.
 *
 * It is also where a push would wake it, and where a notification is clicked once its tab is gone. It has no keys: of a
 * push it can say no more than that something came, and opens the page, which fetches what it is.
 */
interface ExtendableEvent extends Event { waitUntil: (done: Promise<unknown>) => void }
interface FetchEvent extends Event { readonly request: Request, respondWith: (response: Promise<Response>) => void }
interface WindowClient { readonly url: string, readonly visibilityState: string, focus: () => Promise<WindowClient>, postMessage: (data: unknown) => void }
interface NotificationEvent extends ExtendableEvent { readonly notification: Notification }
interface WorkerScope {
  skipWaiting: () => Promise<void>
  clients: {
    claim: () => Promise<void>
    matchAll: (options: object) => Promise<WindowClient[]>
    openWindow: (url: string) => Promise<WindowClient | null>
  }
  registration: ServiceWorkerRegistration
  addEventListener:
    & ((type: 'install' | 'activate' | 'push', listener: (event: ExtendableEvent) => void) => void)
    & ((type: 'notificationclick', listener: (event: NotificationEvent) => void) => void)
    & ((type: 'fetch', listener: (event: FetchEvent) => void) => void)
    & ((type: 'message', listener: (event: MessageEvent<unknown>) => void) => void)
}

const scope = self as unknown as WorkerScope
const files = '__FILES__' as unknown as string[]
const cacheName = 'restante-__VERSION__'
const kept = new Set(files.map(file => new URL(file, location.href).href))
const page = new URL('./', location.href).href

scope.addEventListener('install', event => {
  event.waitUntil((async () => {
    const cache = await caches.open(cacheName)
    // Past the browser's own cache, which may hold a file of another version under the same name.
    await cache.addAll(files.map(file => new Request(file, { cache: 'reload' })))
  })())
})

scope.addEventListener('activate', event => {
  event.waitUntil((async () => {
    const others = (await caches.keys()).filter(name => name.startsWith('restante-') && name !== cacheName)
    await Promise.all(others.map(async name => await caches.delete(name)))
    await scope.clients.claim()
  })())
})

scope.addEventListener('message', ({ data }) => {
  if (data === 'start') void scope.skipWaiting()
})

scope.addEventListener('fetch', event => {
  const { request } = event
  const url = request.url.replace(/[?#].*$/, '')
  const wanted = url === `${page}index.html` ? page : url
  if (request.method !== 'GET' || !kept.has(wanted)) return
  event.respondWith((async () => {
    const cache = await caches.open(cacheName)
    return await cache.match(wanted) ?? await fetch(request)
  })())
})

/** Those that another version serves as well, and no other page of the same host: it may be somebody else's. */
async function pages (): Promise<WindowClient[]> {
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  return windows.filter(({ url }) => [page, `${page}index.html`].includes(url.replace(/[?#].*$/, '')))
}

scope.addEventListener('push', event => {
  event.waitUntil((async () => {
    // Who sends pushes is nobody that was authenticated: nothing of what came along is shown.
    if ((await pages()).some(({ visibilityState }) => visibilityState === 'visible')) return
    const kept = await (await caches.open('words')).match('./words')
    const { title, body } = await (kept ?? Response.json({ title: 'Restante', body: 'A new message' })).json() as { title: string, body: string }
    await scope.registration.showNotification(title, { body, tag: 'restante' })
  })())
})

scope.addEventListener('notificationclick', event => {
  const { notification } = event
  notification.close()
  event.waitUntil((async () => {
    const [open] = await pages()
    const client = open ?? await scope.clients.openWindow('./')
    if (typeof notification.data === 'string') client?.postMessage(notification.data)
    await open?.focus()
  })())
})
