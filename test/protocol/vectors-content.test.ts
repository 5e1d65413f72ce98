/** The frozen vectors of contents: unchanged, and true of what reads. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { bundleLocation, resetRouteSecret } from '../../protocol/bundle.ts'
import { toHex, unhex, utf8 } from '../../protocol/bytes.ts'
import { changeOf, checkPayload, wordsOf } from '../../protocol/content.ts'
import { decode } from '../../protocol/wire/decode.ts'
import { Content, ContactUpdate, Receipt, Typing } from '../../protocol/wire/restante.js'
import { emptyAnnotation, looksOf, withChange, type Side } from '../../node/core/annotations.ts'
import { contentHash } from '../../node/core/own-chain.ts'
import type { AnnotationRecord } from '../../node/core/records.js'
import { withContent, type SeenRanges } from '../../node/core/seen-ranges.ts'
import { bothSuites } from '../support/parties.ts'
import { contentVectors } from '../tools/vectors-content.ts'

interface Shown { first: number, last: number, chain: string, previous: string }
interface Step {
  by: Side, id: string, counter: number, clockMs: number, kind: number, payload: string
  looks: { text: string | null, editedAt: number | null, deleted: boolean, reactions: Array<{ emoji: string, own: boolean }> }
}
interface Vectors {
  messages: Array<{ name: string, kind: number, payload: string, text: string, replyTo: string | null }>
  changes: Array<{ name: string, author: Side, steps: Step[] }>
  refused: Array<{ name: string, kind: number, payload: string, code: string }>
  cases: Array<{ name: string, steps: Array<{ content: string, chain: string, taken: boolean, ranges: Shown[] }> }>
  receipts: Array<{ name: string, bytes: string, delivered: Array<{ first: number, last: number }>, readThrough: number, chains: string[] }>
  typing: Array<{ name: string, ended: boolean, bytes: string }>
  updates: Array<Record<'name' | 'bytes' | 'called' | 'resetSecret' | 'peerKey' | 'routeSecret' | 'location', string> & { sequence: number }>
}

const vectors = JSON.parse(readFileSync(new URL('../../protocol/vectors/content.json', import.meta.url), 'utf8')) as Vectors

describe('the frozen vectors of contents', () => {
  it('are what the code makes today', () => {
    assert.deepEqual(vectors, JSON.parse(JSON.stringify(contentVectors()['content.json'])))
  })

  it('hold for who is writing', () => {
    assert.equal(vectors.typing.length, 2)
    for (const { name, ended, bytes } of vectors.typing) {
      const { counter, kind, payload } = decode(Content, unhex(bytes), 'content')
      assert.deepEqual([counter, kind, decode(Typing, payload, 'typing').ended], [0, 8, ended], name)
    }
  })

  for (const suite of bothSuites) {
    it(`hold for histories: what is taken, and which ranges then are there (${suite.name})`, () => {
      for (const { name, steps } of vectors.cases) {
        let seen: SeenRanges = []
        for (const { content, chain, taken, ranges } of steps) {
          const bytes = unhex(content)
          const hash = contentHash(suite, bytes)
          assert.equal(toHex(hash), chain, name)
          const next = withContent(seen, decode(Content, bytes, 'content'), hash)
          assert.equal(next !== undefined, taken, name)
          seen = next ?? seen
          assert.deepEqual(seen.map(one => ({ ...one, chain: toHex(one.chain), previous: toHex(one.previous) })), ranges, name)
        }
      }
    })

    it(`hold for where the prekeys of a contact update are (${suite.name})`, () => {
      for (const one of vectors.updates) {
        const update = decode(ContactUpdate, unhex(one.bytes), 'contactUpdate')
        assert.deepEqual([update.sequence, toHex(utf8(update.name)), toHex(update.resetSecret)], [one.sequence, one.called, one.resetSecret])
        const secret = resetRouteSecret(suite, update.resetSecret, update.routes[0]!.peerKey)
        assert.equal(toHex(secret), one.routeSecret)
        assert.equal(toHex(bundleLocation(suite, secret)), one.location)
      }
    })
  }

  it('hold for what a person reads', () => {
    for (const { name, kind, payload, text, replyTo } of vectors.messages) {
      const words = wordsOf(kind, unhex(payload))
      assert.deepEqual([words?.text, words?.replyTo && toHex(words.replyTo)], [text, replyTo ?? undefined], name)
    }
  })

  it('hold for reactions, edits and deletions, in the order given and in any other', () => {
    for (const { name, author, steps } of vectors.changes) {
      const apply = (annotation: AnnotationRecord, { by, id, counter, clockMs, kind, payload }: Step): AnnotationRecord =>
        withChange(annotation, by, changeOf(kind, unhex(payload))!, { id: unhex(id), counter, clockMs, clockLogical: 0, sentAt: 0 })
      const shown = (annotation: AnnotationRecord): Step['looks'] => {
        const { text, editedAt, deleted, reactions } = looksOf(annotation, author)
        return { text: text ?? null, editedAt: editedAt ?? null, deleted, reactions }
      }
      const empty = emptyAnnotation(changeOf(steps[0]!.kind, unhex(steps[0]!.payload))!.to)
      let annotation = empty
      for (const step of steps) {
        annotation = apply(annotation, step)
        assert.deepEqual(shown(annotation), step.looks, name)
      }
      assert.deepEqual(shown(steps.toReversed().reduce(apply, empty)), steps.at(-1)!.looks, `${name}, backwards`)
    }
  })

  it('hold for payloads that are refused', () => {
    for (const { name, kind, payload, code } of vectors.refused) {
      assert.throws(() => { checkPayload(kind, unhex(payload)) }, { code }, name)
    }
  })

  it('hold for receipts', () => {
    for (const { bytes, delivered, readThrough, chains, name } of vectors.receipts) {
      const receipt = decode(Receipt, unhex(bytes), 'receipt')
      assert.deepEqual({ ...receipt, chains: receipt.chains.map(toHex) }, { delivered, readThrough, chains }, name)
    }
  })
})
