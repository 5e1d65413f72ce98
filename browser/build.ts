/** How the web messenger is built: `npm run build` writes it to dist/browser/. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

/** The licences of everything that was bundled, as the packages have them: licences.txt, beside the page. */
const listLicences: Plugin = {
  name: 'list-licences',
  generateBundle (_options, bundle) {
    const folders = new Set<string>()
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue
      for (const id of Object.keys(chunk.modules)) {
        const folder = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/@]+)\//.exec(id)?.[1]
        if (folder !== undefined) folders.add(folder)
      }
    }
    // One package may lie in many folders.
    const parts = [...new Set([...folders].map(partOf))].sort()
    const own = readFileSync(join(dirname(import.meta.dirname), 'LICENSE'), 'utf8')
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: [`Restante\n\n${own}`, ...parts].join(`\n${'-'.repeat(80)}\n\n`) })
  }
}

function partOf (folder: string): string {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) throw new Error(`${folder} is bundled and is no package`)
  const { name, version, license } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  if (typeof license !== 'string') throw new Error(`${String(name)} is bundled and names no licence`)
  const texts = readdirSync(folder).filter(one => /^(licen[cs]e|notice|copying)/i.test(one)).sort()
    .map(one => readFileSync(join(folder, one), 'utf8').trim())
  return [`${String(name)} ${String(version)}: ${license}`, ...texts].join('\n\n') + '\n'
}

export const buildConfig: InlineConfig = {
  configFile: false,
  root: import.meta.dirname,
  // Any folder of any host may serve it.
  base: './',
  publicDir: 'public',
  plugins: [withoutUnused, listLicences, listFiles],
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
