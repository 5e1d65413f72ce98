/**
 * Trusted Types: under the page's policy no text becomes a script or HTML. The one exception is the address
 * of a worker, and that only where this page's own build lies.
 */
interface TrustedTypes {
  createPolicy: (name: string, rules: { createScriptURL: (address: string) => string }) => unknown
}

export function guardScriptAddresses (): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  trustedTypes?.createPolicy('default', {
    createScriptURL (address) {
      const url = new URL(address, location.href)
      const here = new URL('./', location.href)
      const isOurs = url.origin === here.origin &&
        (url.pathname.startsWith(`${here.pathname}assets/`) || url.pathname === `${here.pathname}service-worker.js`)
      if (!isOurs) throw new TypeError('No script is taken from there.')
      return address
    }
  })
}
