/** How the web messenger is built: `npm run build` writes it to dist/browser/, with the licences (test/tools/list-licences.ts). */
import type { InlineConfig, Plugin } from 'vite'

/**
 * What dependencies bring along and nothing here can use; every visitor would fetch it.
 *
 * - buffer: for encodings of abstract-level; records are views on bytes.
 * - secp256k1: for peers with such keys. Everybody here has Ed25519, and a handshake with anybody else fails.
 * - dns: asks servers of strangers about /dnsaddr addresses, which the page's policy forbids anyway.
 * - weald: writes libp2p's own log to the console; what matters is in ours.
 * - netmask, twice: which addresses are private, for who listens on addresses; a tab listens on none, and dials what it is told.
 */
const leftOut: Record<string, string> = {
  buffer: 'export const Buffer = { isBuffer: () => false }',
  '@noble/curves/secp256k1.js': 'export const secp256k1 = {}',
  '@multiformats/dns': `
    export const RecordType = { TXT: 16 }
    export const dns = () => ({ query: async () => { throw new Error('no dnsaddr in a browser') } })`,
  netmask: 'export class Netmask { contains () { return false } }',
  '@chainsafe/netmask': 'export class IpNet { contains () { return false } }; export const cidrContains = () => false',
  weald: `
    const none = Object.assign(() => {}, { enabled: false, extend: () => none })
    export default Object.assign(() => none, { formatters: {}, enabled: () => false, enable () {}, disable () {} })`
}

/**
 * Likewise single files of packages, by the ends of their paths.
 *
 * - keys of kinds that nobody here has, as above
 * - encodings of bytes that nobody writes
 * - the search for relays among strangers: the person chose some, and circuits.ts reserves there
 * - the connection monitor, which network.ts turns off
 */
const filesLeftOut: Record<string, string> = {
  ...Object.fromEntries(['2', '8', '10', '256emoji'].map(name => [`multiformats/dist/src/bases/base${name}.js`, 'export {}'])),
  '@libp2p/circuit-relay-v2/dist/src/transport/discovery.js': `
    export class RelayDiscovery { addEventListener () {} start () {} stop () {} startDiscovery () {} stopDiscovery () {} }`,
  'libp2p/dist/src/random-walk.js': 'export class RandomWalk { start () {} stop () {} }',
  'libp2p/dist/src/connection-monitor.js': 'export class ConnectionMonitor {}',
  '@libp2p/crypto/dist/src/keys/rsa/utils.js': keysOf('pkcs1ToRSAPrivateKey', 'pkixToRSAPublicKey',
    'generateRSAKeyPair', 'pkcs1MessageToRSAPrivateKey', 'pkixMessageToRSAPublicKey', 'jwkToRSAPrivateKey'),
  '@libp2p/crypto/dist/src/keys/ecdsa/utils.js': keysOf('generateECDSAKeyPair', 'pkiMessageToECDSAPrivateKey',
    'pkiMessageToECDSAPublicKey', 'unmarshalECDSAPrivateKey', 'unmarshalECDSAPublicKey', 'privateKeyToPKIMessage',
    'publicKeyToPKIMessage')
}

/** Functions that refuse. A name that is missing ends the build. */
function keysOf (...names: string[]): string {
  return `function refuse () { throw new Error('only Ed25519 keys in a browser') }
    export { ${names.map(name => `refuse as ${name}`).join(', ')} }`
}

export const withoutUnused: Plugin = {
  name: 'without-unused',
  enforce: 'pre',
  resolveId: id => Object.hasOwn(leftOut, id) ? `\0without-${id}` : null,
  load: id => leftOut[id.replace('\0without-', '')] ??
    filesLeftOut[Object.keys(filesLeftOut).find(path => id.replaceAll('\\', '/').endsWith(`/${path}`)) ?? ''] ?? null
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
