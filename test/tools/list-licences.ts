/**
 * The page of licences that goes with the web messenger. Most packages have the words of their licence in common
 * with others: these are there once, after the packages and copyright lines of all whose they are.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { InlineConfig, Plugin } from 'vite'
import { root } from '../house/files.ts'

interface Licence { title: string, copyright: string, words: string }

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
    const own = licenceOf('Restante', readFileSync(join(root, 'LICENSE'), 'utf8'))
    const all = [own, ...[...folders].sort().flatMap(licencesOf)]
    const groups = Map.groupBy(all, ({ words }) => words.replaceAll(/\W+/g, ' ').toLowerCase().trim())
    const source = [...groups.values()].map(group => {
      // One package may lie in many folders.
      const whose = new Set(group.map(({ title, copyright }) => copyright === '' ? title : `${title}\n${copyright}`))
      return `${[...whose].join('\n')}\n\n${group[0]!.words}\n`
    }).join(`\n${'-'.repeat(40)}\n\n`)
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source })
  }
}

function licencesOf (folder: string): Licence[] {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) throw new Error(`${folder} is bundled and is no package`)
  const { name, version, license } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  if (typeof license !== 'string') throw new Error(`${String(name)} is bundled and names no licence`)
  const title = `${String(name)} ${String(version)}: ${license}`
  const texts = readdirSync(folder).filter(one => /^(licen[cs]e|notice|copying)/i.test(one)).sort()
    .map(one => readFileSync(join(folder, one), 'utf8'))
  return (texts.length > 0 ? texts : ['']).map(text => licenceOf(title, text))
}

/** The lines that say whose it is stand by themselves in all of these texts. */
function licenceOf (title: string, text: string): Licence {
  // After its terms Apache's tells how to apply it to other works.
  const lines = text.split(/^\s*APPENDIX: How to apply/m)[0]!.split(/\r?\n/).map(line => line.trim())
  const isCopyright = (line: string): boolean => /^(?:\*\*)?copyright\b(?! (?:notice|license|owner|holder))/i.test(line)
  return {
    title,
    copyright: lines.filter(isCopyright).join('\n'),
    // A paragraph is a line: a screen breaks it where it has room.
    words: lines.filter(line => !isCopyright(line) && !/^[#* ]*(?:the )?mit license(?: \(mit\))?$/i.test(line)).join('\n').replaceAll(/(\S)\n(?=\S)/g, '$1 ').replaceAll(/\n+/g, '\n').trim()
  }
}

export function withLicences (config: InlineConfig): InlineConfig {
  return { ...config, plugins: [...config.plugins ?? [], listLicences] }
}
