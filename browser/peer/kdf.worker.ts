/**
 * Argon2id away from the page, which would stand still for seconds: one request, one answer.
 */
import { referenceKdf } from '../../node/store/profile.ts'
import type { KdfRequest } from './kdf.ts'

addEventListener('message', ({ data }: MessageEvent<KdfRequest>) => {
  referenceKdf(data.passphrase, data.salt, data.cost).then(
    key => { postMessage(key) },
    (error: unknown) => { setTimeout(() => { throw error }) }
  )
})
