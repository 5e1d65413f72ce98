/**
 * Argon2id away from the page, which would stand still for seconds: one request, one answer.
 */
import { argon2id } from '@noble/hashes/argon2.js'
import type { KdfRequest } from './kdf.ts'

addEventListener('message', ({ data: { passphrase, salt, cost } }: MessageEvent<KdfRequest>) => {
  // As referenceKdf of node/store/profile.ts, without what it brings along.
  postMessage(argon2id(passphrase, salt, { m: cost.memoryKiB, t: cost.passes, p: cost.lanes, dkLen: 32 }))
})
