/** The service worker: keeps the page for when there is no network, and says when a newer version is ready. */
import { signal } from '@preact/signals'

export const isUpdateReady = signal(false)

let waiting: ServiceWorker | undefined

export function beginUpdates (): void {
  const { serviceWorker } = navigator as Partial<Navigator>
  if (serviceWorker === undefined) return
  serviceWorker.register('./service-worker.js').then(registration => {
    const look = (): void => {
      // The first one serves nobody who would notice: there is nothing to ask.
      if (registration.waiting === null || serviceWorker.controller === null) return
      waiting = registration.waiting
      isUpdateReady.value = true
    }
    look()
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', look)
    })
  }, () => { /* Private windows have none: the page works without it. */ })
}

/** Every tab goes on with the newer version. */
export function startUpdate (): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => { location.reload() })
  waiting?.postMessage('start')
}
