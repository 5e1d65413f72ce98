import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { labels } from '../../protocol/labels.ts'

describe('labels', () => {
  const texts = Object.values(labels).map((bytes) => new TextDecoder().decode(bytes))

  it('all belong to this protocol and its version', () => {
    for (const text of texts) assert.match(text, /^restante\/1\/[a-z0-9]+(?:[/-][a-z0-9]+)*$/)
  })

  it('serve one purpose each', () => {
    assert.deepEqual(texts.toSorted(), [...new Set(texts)].toSorted())
  })

  it('are no prefix of one another, so that label ‖ bytes can be read in one way only', () => {
    for (const text of texts) {
      assert.deepEqual(texts.filter((other) => other !== text && other.startsWith(text)), [])
    }
  })
  it('stand, all and only they, in the table of spec 00', () => {
    const path = new URL('../../protocol/spec/00-notation-and-primitives.md', import.meta.url)
    const table = readFileSync(path, 'utf8').split('## Labels')[1]!.split('\n## ')[0]!
    const listed = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => `restante/1/${path}`)
    assert.deepEqual(listed.toSorted(), texts.toSorted())
  })
})
