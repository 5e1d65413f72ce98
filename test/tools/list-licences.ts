/** The page of licences that goes with the web messenger. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { InlineConfig, Plugin } from 'vite'
import { root } from '../house/files.ts'

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
    const own = readFileSync(join(root, 'LICENSE'), 'utf8')
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

export function withLicences (config: InlineConfig): InlineConfig {
  return { ...config, plugins: [...config.plugins ?? [], listLicences] }
}
