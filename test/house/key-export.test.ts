/**
 * No source of the product generates keys by Node, exports one as JWK, or checks a signature beside
 * the one predicate; and the rule that says so finds planted breaches.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isGenerated, root, sourceFiles } from './files.ts'
import { keyBreachesOf } from './key-export.ts'

describe('native keys', () => {
  it('are made of seeds, never exported as JWK, and signatures are checked by one predicate', () => {
    const files = sourceFiles().filter(path => !path.startsWith('test/') && !isGenerated(path))
    assert.ok(files.includes('node/host/native-suite.ts') && files.includes('relay/host/native-suite.ts'))
    assert.deepEqual(files.flatMap(path => keyBreachesOf(path, readFileSync(join(root, path), 'utf8'))), [])
  })

  for (const [what, path, source] of [
    ['a generated pair', 'node/host/x.ts', "generateKeyPairSync('x25519')"],
    ['a generated pair of a namespace', 'node/host/x.ts', "await crypto.generateKeyPair('ed25519', done)"],
    ['a generated key of the web', 'browser/x.ts', "crypto.subtle.generateKey('Ed25519', true, ['sign'])"],
    ['an export as JWK', 'node/host/x.ts', "const { x } = createPublicKey(key).export({ format: 'jwk' })"],
    ['an export as JWK by quoted names', 'node/host/x.ts', "key.export({ 'format': \"jwk\" })"],
    ['options for an export', 'node/host/x.ts', "const options = { format: 'jwk' }"],
    ['an encoding of a pair', 'node/host/x.ts', "make('x25519', { publicKeyEncoding: { format: 'jwk' } })"],
    ['an export of the web', 'browser/x.ts', "await crypto.subtle.exportKey('jwk', key)"],
    ['a check without the predicate', 'node/host/x.ts', "import { verify } from 'node:crypto'; verify(null, a, b, c)"],
    ['a check beside the predicate', 'node/host/native-suite.ts', "import { verify } from 'crypto'; verify(null, a, b, c)"],
    ['a check by the library', 'protocol/x.ts', 'ed25519.verify(a, b, c)'],
    ['a streamed check', 'node/host/x.ts', "createVerify('x')"]
  ] as Array<[string, string, string]>) {
    it(`would not be taken with ${what}`, () => {
      const breaches = keyBreachesOf(path, `// one\n${source}\n`)
      assert.equal(breaches.length, 1, JSON.stringify(breaches))
      assert.match(breaches[0]!, new RegExp(`^${path}:2: `))
    })
  }

  it('may be imported as JWK, exported as DER, and checked behind the predicate', () => {
    const innocent = `
      import { createPrivateKey, createPublicKey, verify } from 'node:crypto'
      const a = createPrivateKey({ key: jwk, format: 'jwk' })
      const b = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' })
      // key.export({ format: 'jwk' })
      const text = "format: 'jwk'"
      const check = strictVerify((key, message, signature) => verify(null, message, key, signature))`
    assert.deepEqual(keyBreachesOf('node/host/native-suite.ts', innocent), [])
    assert.deepEqual(keyBreachesOf('node/core/x.ts', 'suite.verify(a, b, c)\nwords({ format: "der" })'), [])
  })
})
