/** Kinds of content: what is one emoji, and payloads that are refused (protocol/content.ts). */
import assert from 'node:assert/strict'
import { changeOf, checkPayload, encodeChange, encodeWords, isChange, isEmoji, isMessage, wordsOf } from '../../protocol/content.ts'
import { contentKinds } from '../../protocol/limits.ts'
import { Deletion, Edit, Reaction, Reply } from '../../protocol/wire/restante.js'

const id = Uint8Array.from({ length: 16 }, (_, i) => i)

describe('contents', () => {
  it('take exactly one emoji as a reaction, however it is composed', () => {
    const one = ['👍', '❤️', '❤', '👍🏽', '☝🏿', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', '#⃣', '👩‍👩‍👧‍👦', '👩🏻‍❤️‍💋‍👩🏼', '🏳️‍🌈', '🏴‍☠️', '🕵🏻‍♂️', '🙂‍↔️', '🧑🏻‍🦰', '\u{1faea}']
    for (const emoji of one) assert.ok(isEmoji(emoji), emoji)
    const none = ['', ' ', 'a', '1', '#', '👍👍', '👍 ', '👍a', '🇩', '🇩🇪🇫🇷', '\u200d', '👍\u200d', '\u200d👍', '️', '\u202e👍', '👍\n', 'é', 'https://a.example',
      '🏴' + '\u{e0067}'.repeat(20) + '\u{e007f}', Array(10).fill('👩').join('\u200d')]
    for (const text of none) assert.ok(!isEmoji(text), JSON.stringify(text))
  })

  it('read what they write', () => {
    for (const change of [
      { type: 'reaction', to: id, emoji: '👍' } as const, { type: 'edit', to: id, text: 'so' } as const, { type: 'deletion', to: id } as const
    ]) {
      const { kind, payload } = encodeChange(change)
      assert.deepEqual(changeOf(kind, payload), change)
      assert.ok(isChange(kind) && !isMessage(kind))
      assert.equal(wordsOf(kind, payload), undefined)
    }
    for (const words of [{ text: 'hello', replyTo: undefined }, { text: 'hello', replyTo: id }]) {
      const { kind, payload } = encodeWords(words)
      assert.deepEqual(wordsOf(kind, payload), words)
      assert.ok(isMessage(kind) && !isChange(kind))
      assert.equal(changeOf(kind, payload), undefined)
    }
  })

  it('refuse ids that are none, and reactions over the limit', () => {
    for (const to of [new Uint8Array(0), new Uint8Array(15)]) {
      assert.throws(() => { checkPayload(contentKinds.reply, Reply.encode({ to, text: 'x' })) }, { code: 'MALFORMED' })
      assert.throws(() => { checkPayload(contentKinds.reaction, Reaction.encode({ to, emoji: '👍' })) }, { code: 'MALFORMED' })
      assert.throws(() => { checkPayload(contentKinds.edit, Edit.encode({ to, text: 'x' })) }, { code: 'MALFORMED' })
      assert.throws(() => { checkPayload(contentKinds.deletion, Deletion.encode({ to })) }, { code: 'MALFORMED' })
    }
    assert.throws(() => { checkPayload(contentKinds.deletion, Deletion.encode({ to: new Uint8Array(17) })) }, { code: 'FIELD_TOO_LARGE' })
    assert.throws(() => { checkPayload(contentKinds.reaction, Reaction.encode({ to: id, emoji: 'x'.repeat(65) })) }, { code: 'FIELD_TOO_LARGE' })
    checkPayload(contentKinds.reaction, Reaction.encode({ to: id, emoji: 'x'.repeat(64) }))
  })

  it('say nothing of a kind that they do not know', () => {
    checkPayload(99, Uint8Array.of(255, 255))
    assert.equal(wordsOf(99, Uint8Array.of(255)), undefined)
    assert.ok(isMessage(99) && !isChange(99), 'it is shown as one that needs a newer version')
  })
})
