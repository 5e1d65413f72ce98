/** Argon2id in a worker of its own (kdf.worker.ts), which ends with its answer and takes its memory along. */
import { StoreError } from '../../protocol/errors.ts'
import type { PassphraseCost, PassphraseKdf } from '../../node/store/kdf.ts'

export interface KdfRequest { passphrase: Uint8Array, salt: Uint8Array, cost: PassphraseCost }

export const workerKdf: PassphraseKdf = async (passphrase, salt, cost) => {
  const worker = new Worker(new URL('./kdf.worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => { resolve(data) }
      worker.onerror = () => { reject(new StoreError('STORE_FAILED', 'The passphrase can\'t be checked in this browser.')) }
      worker.postMessage({ passphrase, salt, cost } satisfies KdfRequest)
    })
  } finally {
    worker.terminate()
  }
}
