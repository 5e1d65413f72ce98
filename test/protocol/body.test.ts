/** A body is joined and split as the message Body of restante.proto, and survives newer versions. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { framedContentBytes, joinContents, splitBody } from '../../protocol/body.ts'
import { Body, Content } from '../../protocol/wire/restante.js'

const content = fc.record({
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  counter: fc.integer({ min: 1, max: 2 ** 40 }),
  kind: fc.integer({ min: 1, max: 300 }),
  payload: fc.uint8Array({ maxLength: 300 })
}).map(fields => Content.encode(fields))
const malformed = { code: 'MALFORMED' }

describe('a body', () => {
  it('has the bytes of the message Body', () => {
    fc.assert(fc.property(fc.array(content, { maxLength: 8 }), contents => {
      const body = joinContents(contents)
      assert.deepEqual(body, Uint8Array.from(Body.encode({ contents: contents.map(one => Content.decode(one)) })))
      assert.equal(body.length, contents.reduce((sum, one) => sum + framedContentBytes(one), 0))
      assert.deepEqual(splitBody(body).map(one => Uint8Array.from(one)), contents.map(one => Uint8Array.from(one)))
    }))
  })

  it('is read past fields of newer versions', () => {
    const one = Content.encode({ counter: 7 })
    const unknown = [[0x10, 0xff, 0x01], [0x19, 1, 2, 3, 4, 5, 6, 7, 8], [0x22, 2, 9, 9], [0x2d, 1, 2, 3, 4]]
    for (const field of unknown) {
      const body = Uint8Array.of(...field, ...joinContents([one]), ...field)
      assert.deepEqual(splitBody(body).map(bytes => Content.decode(bytes).counter), [7])
    }
  })

  it('is refused with a typed error wherever it is cut or damaged', () => {
    const body = joinContents([Content.encode({ counter: 1, payload: new Uint8Array(200) })])
    for (let end = 1; end < body.length; end++) assert.throws(() => splitBody(body.subarray(0, end)), malformed)
    assert.throws(() => splitBody(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)), malformed)
    assert.throws(() => splitBody(Uint8Array.of(0x0b)), malformed)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
      try {
        splitBody(bytes)
      } catch (error) {
        assert.ok(error instanceof Error && 'code' in error && ['MALFORMED', 'FIELD_TOO_LARGE'].includes(String(error.code)))
      }
    }), { numRuns: 2000 })
  })

  it('has at most 4,096 contents', () => {
    const one = new Uint8Array(0)
    assert.equal(splitBody(joinContents(Array.from({ length: 4096 }, () => one))).length, 4096)
    assert.throws(() => splitBody(joinContents(Array.from({ length: 4097 }, () => one))), { code: 'FIELD_TOO_LARGE' })
  })
})
