import assert from 'node:assert/strict'
import { UsageError } from '../../protocol/errors.ts'
import { envelopeBuckets } from '../../protocol/limits.ts'
import { bucketFor, isBucket, padContent, unpadContent } from '../../protocol/padding.ts'

describe('padding', () => {
  it('finds the smallest bucket, and none above the largest', () => {
    assert.equal(bucketFor(0), 1024)
    for (const [index, bucket] of envelopeBuckets.entries()) {
      assert.equal(bucketFor(bucket), bucket)
      assert.equal(bucketFor(bucket + 1), envelopeBuckets[index + 1])
    }
  })

  it('knows a bucket from any other size', () => {
    for (let bytes = 0; bytes <= 65537; bytes++) {
      assert.equal(isBucket(bytes), bytes >= 1024 && bytes <= 65536 && Number.isInteger(Math.log2(bytes)))
    }
  })

  it('gives back contents of every length that fits, and refuses a longer one', () => {
    for (let length = 0; length <= 60; length++) {
      const content = new Uint8Array(length).fill(0xff)
      const padded = padContent(content, 64)
      assert.equal(padded.length, 64)
      assert.deepEqual(unpadContent(padded), content)
    }
    for (const paddedBytes of [64, 3, 0, -5]) {
      assert.throws(() => padContent(new Uint8Array(61), paddedBytes),
        (error) => error instanceof UsageError && error.code === 'TEXT_TOO_LARGE')
    }
  })

  it('refuses a length that points outside', () => {
    const padded = padContent(new Uint8Array(3), 16)
    assert.equal(unpadContent(padded.with(3, 13)), undefined)
    assert.equal(unpadContent(padded.with(0, 0x80)), undefined)
    assert.equal(unpadContent(padded.subarray(0, 3)), undefined)
    assert.equal(unpadContent(padded.with(3, 12))?.length, 12)
  })
})
