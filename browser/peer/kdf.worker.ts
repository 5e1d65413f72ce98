/**
 * Argon2id away from the page, which would stand still for seconds: one request, one answer.
 */
import { referenceKdf } from '../../node/store/kdf.ts'
import type { KdfRequest } from './kdf.ts'

addEventListener('message', ({ data: { passphrase, salt, cost } }: MessageEvent<KdfRequest>) => {
  referenceKdf(passphrase, salt, cost).then(postMessage, reportError)
})
