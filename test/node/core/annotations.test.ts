/** What is said of a message, whatever the order in which it comes (node/core/annotations.ts). */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Change } from '../../../protocol/content.ts'
import { emptyAnnotation, looksOf, wasTaken, withChange, withTaken, type Carrier, type Side } from '../../../node/core/annotations.ts'

const id = new Uint8Array(16).fill(7)

interface Said { side: Side, change: Change, carrier: Carrier }

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom('👍', '🎉', '').map((emoji): Change => ({ type: 'reaction', to: id, emoji })),
  fc.constantFrom('one', 'two', 'three').map((text): Change => ({ type: 'edit', to: id, text })),
  fc.constant<Change>({ type: 'deletion', to: id })
)

/** Counters and clocks of each side grow, as a device gives them; but clocks of what was written by two devices may be equal. */
const histories: fc.Arbitrary<Said[]> = fc.array(fc.record({
  side: fc.constantFrom<Side>('own', 'theirs'), change: changes, step: fc.nat(1), id: fc.uint8Array({ minLength: 16, maxLength: 16 })
}), { maxLength: 12 }).map((steps) => {
  let ms = 1000
  return steps.map(({ side, change, step, id: carrierId }, i) => {
    ms += step
    return { side, change, carrier: { id: carrierId, counter: i + 1, clockMs: ms, clockLogical: 0, sentAt: 0 } }
  })
})

function all (said: Said[]): ReturnType<typeof emptyAnnotation> {
  return said.reduce((annotation, { side, change, carrier }) => withChange(annotation, side, change, carrier), emptyAnnotation(id))
}

function carrier (counter: number, changed: Partial<Carrier> = {}): Carrier {
  return { id: new Uint8Array(16).fill(counter), counter, clockMs: 1000 + counter, clockLogical: 0, sentAt: 0, ...changed }
}

/** Edits and deletions of the author's, and reactions of both, as a plain reading of the rules has them. */
function model (said: Said[], author: Side): { text: string | undefined, deleted: boolean, reactions: string[] } {
  const his = said.filter(({ side }) => side === author)
  const deleted = his.some(({ change }) => change.type === 'deletion')
  const edits = his.filter(({ change }) => change.type === 'edit')
  const newest = edits.at(-1)?.change
  const reactions = (['theirs', 'own'] as const).flatMap((side) => {
    const reacted = said.filter((one) => one.side === side && one.change.type === 'reaction')
    const [last] = reacted.sort((a, b) => b.carrier.clockMs - a.carrier.clockMs || Buffer.compare(b.carrier.id, a.carrier.id))
    return last?.change.type === 'reaction' && last.change.emoji !== '' ? [`${side} ${last.change.emoji}`] : []
  })
  return {
    text: deleted || newest?.type !== 'edit' ? undefined : newest.text,
    deleted,
    reactions: deleted ? [] : reactions
  }
}

describe('what is said of a message', () => {
  it('comes to the same in any order, and twice as once', () => {
    fc.assert(fc.property(histories, fc.constantFrom<Side>('own', 'theirs'), fc.infiniteStream(fc.nat()), (said, author, picks) => {
      const order = [...said, ...said].map((one) => ({ one, at: picks.next().value! })).sort((a, b) => a.at - b.at).map(({ one }) => one)
      const { text, deleted, reactions } = looksOf(all(order), author)
      assert.deepEqual(
        { text, deleted, reactions: reactions.map(({ own, emoji }) => `${own ? 'own' : 'theirs'} ${emoji}`) },
        model(said, author)
      )
      assert.deepEqual(all(order), all(said))
    }))
  })

  it('of the same clock goes by the id', () => {
    const [low, high] = [1, 2].map((byte) => carrier(byte, { clockMs: 5, id: new Uint8Array(16).fill(byte) })) as [Carrier, Carrier]
    for (const order of [[low, high], [high, low]]) {
      const annotation = order.reduce((before, one) =>
        withChange(before, 'own', { type: 'reaction', to: id, emoji: one === low ? '👍' : '🎉' }, one), emptyAnnotation(id))
      assert.deepEqual(looksOf(annotation, 'theirs').reactions, [{ emoji: '🎉', own: true }])
    }
  })

  it('keeps no text of what was deleted, whichever came first', () => {
    const edit: Change = { type: 'edit', to: id, text: 'secret' }
    const deletion: Change = { type: 'deletion', to: id }
    for (const order of [[edit, deletion], [deletion, edit]]) {
      const annotation = order.reduce((before, change, i) => withChange(before, 'theirs', change, carrier(i + 1)), emptyAnnotation(id))
      assert.ok(!JSON.stringify(annotation).includes('secret'))
      assert.ok(looksOf(annotation, 'theirs').deleted)
    }
  })

  it('changes nothing where it is no emoji, or an edit to nothing', () => {
    for (const emoji of ['👍👍', 'ok', '<b>', ' ', '‮']) {
      const annotation = emptyAnnotation(id)
      assert.equal(withChange(annotation, 'theirs', { type: 'reaction', to: id, emoji }, carrier(1)), annotation, emoji)
    }
    const annotation = emptyAnnotation(id)
    assert.equal(withChange(annotation, 'theirs', { type: 'edit', to: id, text: '' }, carrier(1)), annotation)
  })

  it('knows the newest 32 of a contact again by their ids', () => {
    const ids = Array.from({ length: 40 }, (_, i) => new Uint8Array(16).fill(i + 1))
    const annotation = ids.reduce(withTaken, emptyAnnotation(id))
    assert.deepEqual(ids.map((one) => wasTaken(annotation, one)), [...Array<boolean>(8).fill(false), ...Array<boolean>(32).fill(true)])
    assert.equal(annotation.taken.length, 32 * 8)
  })
})
