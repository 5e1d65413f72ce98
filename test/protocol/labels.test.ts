import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { labels, storeLabels } from '../../protocol/labels.ts'

describe('labels', () => {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
  const texts = Object.values(labels).map(text)
  const ofStores = Object.values(storeLabels).map(text)

  it('all belong to this protocol and its version', () => {
    for (const text of texts) assert.match(text, /^restante\/1\/[a-z0-9]+(?:[/-][a-z0-9]+)*$/)
  })

  it('serve one purpose each', () => {
    const all = [...texts, ...ofStores]
    assert.equal(new Set(all).size, all.length)
  })

  it('are spelt in one file, those of stores as well', () => {
    const root = new URL('../../', import.meta.url)
    for (const room of ['protocol', 'node', 'relay', 'browser']) {
      for (const file of globSync(`${room}/**/*.{ts,tsx}`, { cwd: root })) {
        if (file === 'protocol/labels.ts') continue
        assert.doesNotMatch(readFileSync(new URL(file, root), 'utf8'), /utf8\('restante\//, file)
      }
    }
  })

  it('are no prefix of one another, so that label ‖ bytes can be read in one way only', () => {
    const all = [...texts, ...ofStores]
    for (const text of [...texts, new TextDecoder().decode(storeLabels.epochKey)]) {
      assert.deepEqual(all.filter((other) => other !== text && other.startsWith(text)), [])
    }
  })
  it('stand, all and only they, in the table of spec 00', () => {
    const path = new URL('../../protocol/spec/00-notation-and-primitives.md', import.meta.url)
    const table = readFileSync(path, 'utf8').split('## Labels')[1]!.split('\n## ')[0]!
    const listed = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => `restante/1/${path}`)
    assert.deepEqual(listed.toSorted(), texts.toSorted())
  })
})
