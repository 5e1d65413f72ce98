/** A short run of the soak of native keys; `npm run soak` is the long one. */
import { soakNativeKeys } from './native-keys.ts'

describe('the soak of native keys', () => {
  it('neither parks the process nor computes anything else than the reference', async function () {
    this.timeout(180_000)
    await soakNativeKeys(4000)
  })
})
