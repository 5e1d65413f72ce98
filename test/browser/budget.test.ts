/** How much a browser has to fetch: until something is seen, and in all. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../house/files.ts'
import { buildWeb, webFolder } from '../support/web-build.ts'

const firstPaintBytesMax = 60_000
const allBytesMax = 330_000

const gzipped = (name: string): number => gzipSync(readFileSync(join(webFolder, name))).length

describe('the bundle of the web messenger', function () {
  this.timeout(120_000)
  before(buildWeb)

  it('shows something after less than 60 KB, gzipped', () => {
    const page = readFileSync(join(webFolder, 'index.html'), 'utf8')
    const needed = new Set(['index.html'])
    const add = (name: string): void => {
      if (needed.has(name)) return
      needed.add(name)
      if (!name.endsWith('.js')) return
      // What a module imports statically comes with it, however small the page's own part is.
      const source = readFileSync(join(webFolder, name), 'utf8')
      for (const [, path = ''] of source.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) add(`assets/${path}`)
    }
    for (const [, path = ''] of page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)) add(path)
    assert.ok([...needed].some(name => name.endsWith('.css')) && [...needed].some(name => name.endsWith('.js')))
    const bytes = [...needed].reduce((sum, name) => sum + gzipped(name), 0)
    console.log(`        first paint: ${bytes} bytes of ${needed.size} files`)
    assert.ok(bytes < firstPaintBytesMax, [...needed].map(name => `${name} ${gzipped(name)}`).join('\n'))
  })

  it('has the policy that a relay sends with it, for hosts that send none', () => {
    const page = readFileSync(join(webFolder, 'index.html'), 'utf8')
    const own = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.split('; ')
    const sent = [...readFileSync(join(root, 'relay/host/web.ts'), 'utf8').split('const policy = [')[1]!.split(']')[0]!.matchAll(/"([^"]+)"|'(trusted-types [a-z]+)'/g)]
      .map(([, one, other]) => one ?? other)
    assert.ok(sent.length >= 10)
    // What a page may not say of itself.
    assert.deepEqual(own, sent.filter(directive => directive !== "frame-ancestors 'none'"))
  })

  it('comes with the licences of what is in it', () => {
    const text = readFileSync(join(webFolder, 'licences.txt'), 'utf8')
    const groups = text.split(/^-{40}$/m).map(words => [...words.matchAll(/^(\S+ \d+\.\d+\.\d\S*): [(A-Za-z]/gm)].map(([, title]) => title!))
    const names = groups.flat().map(title => title.split(' ')[0])
    for (const name of ['preact', 'libp2p', '@noble/curves', '@tanstack/virtual-core', 'marked', 'qr', 'level']) assert.ok(names.includes(name), name)
    for (const group of groups) assert.equal(new Set(group).size, group.length, 'each once with the same words')
    assert.match(text, /Permission is hereby granted, free of charge/)
  })

  it('is less than 330 KB in all, gzipped', () => {
    const names = readdirSync(webFolder, { recursive: true, withFileTypes: true }).filter(one => one.isFile())
      .map(one => join(one.parentPath, one.name).slice(webFolder.length + 1))
      // Fetched by nobody but who installs it.
      .filter(name => !name.endsWith('.png'))
    const bytes = names.reduce((sum, name) => sum + gzipped(name), 0)
    console.log(`        in all: ${bytes} bytes of ${names.length} files`)
    assert.ok(bytes < allBytesMax, names.map(name => `${name} ${gzipped(name)}`).join('\n'))
  })
})
