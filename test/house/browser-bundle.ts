/**
 * Bundles modules as a browser would load them, in memory, to show that nothing in them needs Node.
 */
import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { root } from './files.ts'

export interface BrowserBundle {
  /** Specifiers that nothing on the disk answers in a browser, sorted. */
  externals: string[]
  /** Bundled modules of this repository, relative to the root. */
  modules: string[]
  bytes: number
  gzippedBytes: number
}

const entry = '\0entry'

/** `modules`: paths relative to the root, all of whose exports are kept. `source`: more entry code. */
export async function bundleForBrowser (modules: string[], source = ''): Promise<BrowserBundle> {
  const imports = modules.map((path, index) =>
    `export * as m${index} from ${JSON.stringify(join(root, path))}`)
  const externals = new Set<string>()
  const bundle = await rolldown({
    input: 'entry',
    cwd: root,
    platform: 'browser',
    logLevel: 'silent',
    plugins: [{
      name: 'entry',
      resolveId: {
        order: 'pre',
        async handler (specifier, importer, options) {
          if (specifier === 'entry' && importer === undefined) return entry
          const from = importer === entry ? join(root, 'package.json') : importer
          const resolved = await this.resolve(specifier, from, { ...options, skipSelf: true })
          // A package of the same name as a built-in ('events') is on the disk, and serves the browser.
          const isMissing = resolved === null || resolved.external !== false || isBuiltin(resolved.id)
          if (!isMissing) return resolved
          externals.add(specifier)
          return { id: specifier, external: true }
        }
      },
      load: id => id === entry ? [...imports, source].join('\n') : null
    }]
  })
  try {
    const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false })
    const bundled = new Set<string>()
    for (const item of output) {
      if (item.type !== 'chunk') continue
      for (const id of item.moduleIds) bundled.add(relative(root, id).replaceAll('\\', '/'))
    }
    const code = output.map(item => item.type === 'chunk' ? item.code : '').join('')
    return {
      externals: [...externals].sort(),
      modules: [...bundled],
      bytes: Buffer.byteLength(code),
      gzippedBytes: gzipSync(code).length
    }
  } finally {
    await bundle.close()
  }
}
