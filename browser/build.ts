/** How the web messenger is built: `npm run build` writes it to dist/browser/. */
import type { InlineConfig, Plugin } from 'vite'

/**
 * abstract-level brings Node's Buffer along for encodings that nothing here uses: records are views on bytes.
 * It takes ten thousand bytes of what every visitor fetches.
 */
export const withoutBuffer: Plugin = {
  name: 'without-buffer',
  enforce: 'pre',
  resolveId: id => id === 'buffer' ? '\0without-buffer' : null,
  load: id => id === '\0without-buffer' ? 'export const Buffer = { isBuffer: () => false }' : null
}

export const buildConfig: InlineConfig = {
  configFile: false,
  root: import.meta.dirname,
  // Any folder of any host may serve it.
  base: './',
  publicDir: 'public',
  plugins: [withoutBuffer],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/browser',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The network is most of the program, and comes when it is wanted; test/browser has the budget.
    chunkSizeWarningLimit: 1_000,
    // It would put script elements of its own into the page.
    modulePreload: { polyfill: false }
  },
  worker: { format: 'es' },
  clearScreen: false,
  logLevel: 'warn'
}
