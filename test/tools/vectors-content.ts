/**
 * Frozen vectors of contents, receipts and contact updates, of what a recipient takes of a history, and of what
 * holds of a message, from seeded randomness. Byte strings are hexadecimal.
 */
import { bundleLocation, resetRouteSecret } from '../../protocol/bundle.ts'
import { concat, toHex, utf8 } from '../../protocol/bytes.ts'
import { encodeChange, encodeWords, type Change } from '../../protocol/content.ts'
import { contentKinds } from '../../protocol/limits.ts'
import type { Random } from '../../protocol/ports.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { Content, ContactUpdate, Edit, Reaction, Receipt, Reply, Text, Typing } from '../../protocol/wire/restante.js'
import { emptyAnnotation, looksOf, withChange, type Side } from '../../node/core/annotations.ts'
import { contentHash } from '../../node/core/own-chain.ts'
import { withContent, type SeenRanges } from '../../node/core/seen-ranges.ts'
import { seededRandom } from '../support/seeded-random.ts'

const none = new Uint8Array(0)
const now = 1_800_000_000_000

export function contentVectors (): Record<string, unknown> {
  const random = seededRandom('restante vectors: content')
  return {
    'content.json': { spec: '06', cases: historyCases(random), receipts: receiptCases(random), updates: updateCases(random), messages: messageCases(random), changes: changeCases(random), refused: refusedCases(random), typing: typingCases() }
  }
}

interface Written { bytes: Uint8Array, content: Content, hash: Uint8Array }

function write (random: Random, text: string, o: { counter: number, previous: Uint8Array, again?: boolean, voidFrom?: number }): Written {
  const content: Content = {
    id: random.bytes(16),
    counter: o.counter,
    clockMs: now + o.counter,
    clockLogical: 0,
    sentAt: 0,
    parents: [],
    previous: o.previous,
    kind: contentKinds.text,
    payload: Text.encode({ text }),
    conversation: none,
    again: o.again ?? false,
    voidFrom: o.voidFrom ?? 0
  }
  const bytes = Content.encode(content)
  return { bytes, content, hash: contentHash(suite, bytes) }
}

/** Contents as they come, whether each is taken by its number and hash, and the ranges after it. */
function historyCases (random: Random): unknown[] {
  const one = write(random, 'one', { counter: 1, previous: none })
  const two = write(random, 'two', { counter: 2, previous: one.hash })
  const three = write(random, 'three', { counter: 3, previous: two.hash })
  const twoAnew = write(random, 'two, after a set-back', { counter: 2, previous: one.hash })
  const threeAnew = write(random, 'three, after a set-back', { counter: 3, previous: twoAnew.hash })
  const above = write(random, 'two, after a set-back', { counter: 4, previous: none, again: true, voidFrom: 4 })
  const gaveUp = write(random, 'three, after a set-back', { counter: 6, previous: none, again: true, voidFrom: 4 })
  const next = write(random, 'and on', { counter: 7, previous: gaveUp.hash })
  const history = (name: string, ...contents: Written[]): unknown => {
    let seen: SeenRanges = []
    const steps = contents.map(({ bytes, content, hash }) => {
      const taken = withContent(seen, content, hash)
      seen = taken ?? seen
      return { content: toHex(bytes), chain: toHex(hash), taken: taken !== undefined, ranges: seen.map(shown) }
    })
    return { name, steps }
  }
  return [
    history('in order', one, two, three),
    history('out of order', three, one, two),
    history('one that does not follow the one before', one, two, threeAnew),
    history('one that is not what the one after it follows', one, three, twoAnew),
    history('numbers given anew', one, two, three, above),
    history('numbers given up', one, two, three, gaveUp, next)
  ]
}

function shown ({ first, last, chain, previous }: SeenRanges[number]): unknown {
  return { first, last, chain: toHex(chain), previous: toHex(previous) }
}

/** Payloads of what a person reads. */
function messageCases (random: Random): unknown[] {
  const to = random.bytes(16)
  return [
    { name: 'a text', text: 'at nine', replyTo: undefined }, { name: 'a reply', text: 'at ten', replyTo: to }
  ].map(({ name, ...words }) => {
    const { kind, payload } = encodeWords(words)
    return { name, kind, payload: toHex(payload), text: words.text, replyTo: words.replyTo === undefined ? null : toHex(words.replyTo) }
  })
}

/** Changes of one message, in the order in which they are read, and how it looks after each; `author`: of the message. */
function changeCases (random: Random): unknown[] {
  const to = random.bytes(16)
  const reaction = (emoji: string): Change => ({ type: 'reaction', to, emoji })
  const edit = (text: string): Change => ({ type: 'edit', to, text })
  const deletion: Change = { type: 'deletion', to }
  const history = (name: string, author: Side, ...said: Array<[side: Side, counter: number, clockMs: number, change: Change]>): unknown => {
    let annotation = emptyAnnotation(to)
    const steps = said.map(([by, counter, clockMs, change], i) => {
      const id = Uint8Array.of(...new Uint8Array(15), i + 1)
      const { kind, payload } = encodeChange(change)
      annotation = withChange(annotation, by, change, { id, counter, clockMs, clockLogical: 0, sentAt: 0 })
      const { text, editedAt, deleted, reactions } = looksOf(annotation, author)
      return {
        by, id: toHex(id), counter, clockMs, kind, payload: toHex(payload),
        looks: { text: text ?? null, editedAt: editedAt ?? null, deleted, reactions }
      }
    })
    return { name, author, steps }
  }
  return [
    history('reactions of both', 'own', ['own', 4, now, reaction('👍')], ['theirs', 2, now + 9, reaction('❤️')], ['own', 5, now + 10, reaction('')]),
    history('reactions in another order than that of their clocks', 'theirs', ['theirs', 9, now + 9, reaction('🎉')], ['theirs', 8, now + 8, reaction('👍')]),
    history('reactions of one clock', 'theirs', ['theirs', 8, now, reaction('🎉')], ['theirs', 9, now, reaction('👍')]),
    history('reactions that are no emoji, or two', 'theirs', ['theirs', 1, now, reaction('ok')], ['theirs', 2, now + 1, reaction('👍👍')]),
    history('edits, the later one first', 'theirs', ['theirs', 7, now + 7, edit('three')], ['theirs', 6, now + 8, edit('two')]),
    history('edits and deletions by the other one', 'own', ['theirs', 2, now, edit('forged')], ['theirs', 3, now + 1, deletion]),
    history('an edit to nothing', 'theirs', ['theirs', 2, now, edit('')]),
    history('an edit after a deletion', 'theirs', ['theirs', 2, now, reaction('👍')], ['theirs', 3, now + 1, deletion], ['theirs', 4, now + 2, edit('back')]),
    history('a deletion that comes after a later edit', 'own', ['own', 4, now + 2, edit('back')], ['own', 3, now + 1, deletion])
  ]
}

/** Contents without a number: the sender is writing, or has ended. */
function typingCases (): unknown[] {
  return [false, true].map(ended => ({
    name: ended ? 'no more' : 'is writing', ended, bytes: toHex(Content.encode({ kind: contentKinds.typing, payload: Typing.encode({ ended }) }))
  }))
}

/** Payloads that make an envelope malformed. */
function refusedCases (random: Random): unknown[] {
  const short = random.bytes(15)
  const long = random.bytes(17)
  const of = (name: string, kind: number, payload: Uint8Array, code: string): unknown => ({ name, kind, payload: toHex(payload), code })
  return [
    of('a reply to nothing', contentKinds.reply, Reply.encode({ to: none, text: 'x' }), 'MALFORMED'),
    of('a reply to a short id', contentKinds.reply, Reply.encode({ to: short, text: 'x' }), 'MALFORMED'),
    of('a reaction to a short id', contentKinds.reaction, Reaction.encode({ to: short, emoji: '👍' }), 'MALFORMED'),
    of('a reaction over the limit', contentKinds.reaction, Reaction.encode({ to: random.bytes(16), emoji: 'x'.repeat(65) }), 'FIELD_TOO_LARGE'),
    of('an edit of a long id', contentKinds.edit, Edit.encode({ to: long, text: 'x' }), 'FIELD_TOO_LARGE'),
    of('an edit to what is no UTF-8', contentKinds.edit, concat(Edit.encode({ to: random.bytes(16), text: '' }), Uint8Array.of(0x12, 1, 0xff)), 'MALFORMED'),
    of('a deletion of nothing', contentKinds.deletion, none, 'MALFORMED')
  ]
}

function receiptCases (random: Random): unknown[] {
  const of = (name: string, delivered: Array<{ first: number, last: number }>, readThrough: number): unknown => {
    const chains = delivered.map(() => random.bytes(16))
    return { name, bytes: toHex(Receipt.encode({ delivered, readThrough, chains })), delivered, readThrough, chains: chains.map(toHex) }
  }
  return [
    of('nothing yet', [], 0),
    of('all, and read', [{ first: 1, last: 12 }], 12),
    of('with a gap', [{ first: 1, last: 3 }, { first: 5, last: 5 }], 0)
  ]
}

function updateCases (random: Random): unknown[] {
  const resetSecret = random.bytes(32)
  const peerKey = random.bytes(32)
  const secret = random.bytes(32)
  const name = 'Bob'
  const update = ContactUpdate.encode({
    sequence: 3,
    name,
    manifest: none,
    routes: [{ device: false, peerKey, multiaddrs: ['/ip4/192.0.2.1/tcp/4001'], secret }],
    yourManifest: none,
    resetSecret
  })
  const routeSecret = resetRouteSecret(suite, resetSecret, peerKey)
  return [{
    name: 'a relay, and prekeys for a new session',
    bytes: toHex(update),
    sequence: 3,
    called: toHex(utf8(name)),
    resetSecret: toHex(resetSecret),
    peerKey: toHex(peerKey),
    routeSecret: toHex(routeSecret),
    location: toHex(bundleLocation(suite, routeSecret))
  }]
}
