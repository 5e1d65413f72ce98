/** How the web messenger is built: `npm run build` writes it to dist/browser/, with the licences (test/tools/list-licences.ts). */
import type { InlineConfig, Plugin } from 'vite'

/**
 * What dependencies bring along and nothing here can use; every visitor would fetch it.
 *
 * - buffer: for encodings of abstract-level; records are views on bytes.
 * - secp256k1: for peers with such keys. Everybody here has Ed25519, and a handshake with anybody else fails.
 * - dns: asks servers of strangers about /dnsaddr addresses, which the page's policy forbids anyway.
 */
const leftOut: Record<string, string> = {
  buffer: 'export const Buffer = { isBuffer: () => false }',
  '@noble/curves/secp256k1.js': 'export const secp256k1 = {}',
  '@multiformats/dns': `
    export const RecordType = { TXT: 16 }
    export const dns = () => ({ query: async () => { throw new Error('no dnsaddr in a browser') } })`
}

export const withoutUnused: Plugin = {
  name: 'without-unused',
  enforce: 'pre',
  resolveId: id => Object.hasOwn(leftOut, id) ? `\0without-${id}` : null,
  load: id => leftOut[id.replace('\0without-', '')] ?? null
}

/** In public/, beside what the bundler makes. Icons of pixels are fetched when somebody installs it. */
const publicFiles = ['manifest.webmanifest', 'icon.svg']

/** Tells the service worker which files belong together, and by what name. */
const listFiles: Plugin = {
  name: 'list-files',
  enforce: 'post',
  async generateBundle (_options, bundle) {
    const worker = bundle['service-worker.js']
    if (worker?.type !== 'chunk') return
    const files = ['./', ...publicFiles.map(name => `./${name}`), ...Object.keys(bundle)
      .filter(name => name.startsWith('assets/')).map(name => `./${name}`).sort()]
    // The page itself has no hash in its name.
    const page = bundle['index.html']
    const whole = JSON.stringify([files, page?.type === 'asset' ? String(page.source) : ''])
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(whole)))
    const version = Array.from(digest.subarray(0, 8), byte => byte.toString(16).padStart(2, '0')).join('')
    worker.code = worker.code.replace(/["'`]__FILES__["'`]/, JSON.stringify(files)).replace('__VERSION__', version)
  }
}

export const buildConfig: InlineConfig = {
  configFile: false,
  root: import.meta.dirname,
  // Any folder of any host may serve it.
  base: './',
  publicDir: 'public',
  plugins: [withoutUnused, listFiles],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/browser',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The network is most of the program, and comes when it is wanted; test/browser has the budget.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      input: { index: `${import.meta.dirname}/index.html`, 'service-worker': `${import.meta.dirname}/service-worker.ts` },
      output: { entryFileNames: ({ name }) => name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js' }
    },
    // It would put script elements of its own into the page.
    modulePreload: { polyfill: false }
  },
  worker: { format: 'es' },
  clearScreen: false,
  logLevel: 'warn'
}
