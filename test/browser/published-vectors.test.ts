/** The one primitive that is the browser's own: AES-GCM, which seals the key of a profile without a passphrase. */
import assert from 'node:assert/strict'
import { itAgreesWithWycheproof, type WycheproofCase } from '../support/published-vectors.ts'
import { endBrowser, endEverybody, newContext, openTab, prepare, webRelay } from './people.ts'

/** Runs in the page: the numbers of those that it does not treat as they say. */
const trySource = `async cases => {
  const bytes = hex => Uint8Array.from(hex.match(/../g) ?? [], one => parseInt(one, 16))
  const hex = buffer => Array.from(new Uint8Array(buffer), byte => byte.toString(16).padStart(2, '0')).join('')
  const wrong = []
  for (const { tcId, key, iv, aad, msg, ct, tag, result } of cases) {
    const imported = await crypto.subtle.importKey('raw', bytes(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
    const algorithm = { name: 'AES-GCM', iv: bytes(iv), additionalData: bytes(aad) }
    const opened = await crypto.subtle.decrypt(algorithm, imported, bytes(ct + tag)).then(hex, () => 'refused')
    const sealed = await crypto.subtle.encrypt(algorithm, imported, bytes(msg)).then(hex)
    const isRight = result === 'valid' ? opened === msg && sealed === ct + tag : opened === 'refused' && sealed !== ct + tag
    if (!isRight) wrong.push(tcId)
  }
  return wrong
}`

describe('the browser', function () {
  this.timeout(120_000)
  before(prepare)
  afterEach(endEverybody)
  after(endBrowser)

  itAgreesWithWycheproof('aes_gcm_test.json', 'seals and opens AES-GCM with keys and nonces as they are used here', async (groups) => {
    const cases: WycheproofCase[] = groups.filter(group => group['keySize'] === 256 && group['ivSize'] === 96).flatMap(({ tests }) => tests)
    assert.ok(cases.length >= 60 && cases.some(({ result }) => result === 'invalid'))
    const relay = await webRelay()
    const page = await openTab(await newContext(), relay.web)
    assert.deepEqual(await page.evaluate(`(${trySource})(${JSON.stringify(cases)})`), [])
  })
})
