/**
 * The rules of docs/architecture.md, held against every source file; and each rule against planted
 * breaches, so that a scanner gone blind is noticed.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleForBrowser } from './house/browser-bundle.ts'
import { isGenerated, root, sourceFiles } from './house/files.ts'
import { breachesOf, hasHeader, isPure, nameBreachOf, roomOf } from './house/rules.ts'

const linesMax = 500
/** Of a file of tests: a list of cases is read one by one. */
const testLinesMax = 800
const files = sourceFiles()
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('the architecture', () => {
  it('sees the source of every room', () => {
    for (const room of ['protocol', 'node/core', 'relay/core', 'test']) {
      assert.ok(files.some(path => roomOf(path) === room), `no file of ${room} was found`)
    }
    assert.ok(files.includes('protocol/wire/restante.js'), 'generated JavaScript counts as source')
  })

  it('has no import against the direction, and no ambient time, chance or I/O where it is pure', () => {
    assert.deepEqual(files.flatMap(path => breachesOf(path, read(path))), [])
  })

  it('gives every file a header, a telling name and a length that can be read', () => {
    const ours = files.filter(path => !isGenerated(path))
    // A test file is called after what it tests, and its suites say the rest.
    const headed = ours.filter(path => !path.endsWith('.test.ts'))
    assert.deepEqual(headed.filter(path => !hasHeader(read(path))), [], 'without a header comment')
    assert.deepEqual(files.map(nameBreachOf).filter(breach => breach !== undefined), [])
    const long = ours.filter(path =>
      read(path).split('\n').length > (roomOf(path) === 'test' ? testLinesMax : linesMax))
    assert.deepEqual(long, [], 'too long')
  })

  it('exports by name, so that a thing is called the same everywhere', () => {
    // A mocha reporter is found by its default export.
    const ours = files.filter(path => !isGenerated(path) && path !== 'test/reporter.ts')
    assert.deepEqual(ours.filter(path => /^export default\b/m.test(read(path))), [])
  })

  it('bundles engine, network and store of a node for a browser, without any built-in of Node', async function () {
    this.timeout(60_000)
    const rooms = ['node/core', 'node/net', 'node/store']
    const modules = files.filter(path => rooms.includes(roomOf(path)))
    const { externals, modules: bundled, bytes, gzippedBytes } = await bundleForBrowser(modules)
    assert.deepEqual(externals, [], 'left unresolved')
    for (const path of modules) assert.ok(bundled.includes(path), `${path} is not in the bundle`)
    const kib = (count: number): string => `${Math.round(count / 1024)} KiB`
    console.log(`        in a browser: ${kib(bytes)}, ${kib(gzippedBytes)} gzipped`)
  })
})

describe('the scanner of the architecture', () => {
  const planted: Array<[title: string, path: string, source: string]> = [
    ['an import of another room', 'protocol/x.ts', "import { a } from '../node/core/ports.ts'"],
    ['a type import', 'protocol/x.ts', "import type { A } from '../relay/core/ports.ts'"],
    ['an inline type import', 'protocol/x.ts', "import { type A } from '../relay/core/ports.ts'"],
    ['a re-export', 'node/core/x.ts', "export { a } from '../store/store.ts'"],
    ['a re-export of all', 'node/core/x.ts', "export * from '../net/network.ts'"],
    ['a dynamic import', 'relay/core/x.ts', "const a = await import('../../node/core/ports.ts')"],
    ['a dynamic import by template', 'relay/core/x.ts', 'const a = await import(`../../node/core/ports.ts`)'],
    ['a computed import', 'node/core/x.ts', 'const a = await import(name)'],
    ['an import in a type', 'node/core/x.ts', "type A = import('../net/network.ts').Network"],
    ['a typeof import', 'node/core/x.ts', "type A = typeof import('../net/network.ts')"],
    ['a side-effect import', 'node/store/x.ts', "import '../net/network.ts'"],
    ['JavaScript', 'protocol/wire/x.js', "export * from '../../node/core/api.ts'"],
    ['the relay on the node', 'relay/host/x.ts', "import { a } from '../../node/host/paths.ts'"],
    ['the net on the host', 'node/net/x.ts', "import { a } from '../host/paths.ts'"],
    ['the browser on the host', 'browser/x.tsx', "import { a } from '../node/host/paths.ts'"],
    ['a product on a test', 'node/host/x.ts', "import { a } from '../../test/house/files.ts'"],
    ['a host past the laboratory\'s door', 'node/host/x.ts', "import { a } from '../../test/simulator/world/world.ts'"],
    ['a relay on the laboratory', 'relay/host/x.ts', "import { a } from '../../test/simulator/command/main.ts'"],
    ['a file without its ending', 'protocol/x.ts', "import { a } from './errors'"],
    ['a package in a core', 'node/core/x.ts', "import { createLibp2p } from 'libp2p'"],
    ['a built-in in the protocol', 'protocol/x.ts', "import { hash } from 'node:crypto'"],
    ['a built-in without prefix', 'protocol/x.ts', "import { hash } from 'crypto'"],
    ['a built-in in a store', 'relay/store/x.ts', "import { readFileSync } from 'node:fs'"],
    ['require', 'node/net/x.ts', "const fs = require('fs')"],
    ['an augmented module', 'node/core/x.ts', "declare module '../net/network.ts' { interface A {} }"],
    ['the wall clock', 'protocol/x.ts', 'const now = Date.now()'],
    ['the wall clock by new', 'node/core/x.ts', 'const now = new Date()'],
    ['the wall clock in a template', 'node/core/x.ts', 'const now = `${Date.now()}`'],
    ['randomness', 'node/core/x.ts', 'const dice = Math.random()'],
    ['randomness in brackets', 'node/core/x.ts', "const dice = Math['random']()"],
    ['a timer', 'relay/core/x.ts', 'setTimeout(() => {}, 1)'],
    ['a timer through globalThis', 'relay/core/x.ts', 'globalThis.setTimeout(() => {}, 1)'],
    ['a time-out signal', 'relay/core/x.ts', 'const signal = AbortSignal.timeout(5)'],
    ['a Buffer', 'protocol/x.ts', 'const bytes = Buffer.from([])'],
    ['a Buffer as a type', 'protocol/x.ts', 'let bytes: Buffer'],
    ['the process', 'node/core/x.ts', 'const { pid } = process'],
    ['the console', 'node/core/x.ts', "console.log('x')"],
    ['ambient cryptography', 'protocol/x.ts', 'crypto.getRandomValues(new Uint8Array(1))'],
    ['a shorthand property', 'protocol/x.ts', 'export const world = { crypto }'],
    ['a default value', 'protocol/x.ts', 'export function f (now = performance.now()) {}'],
    ['this file', 'protocol/x.ts', 'const here = import.meta.dirname'],
    ['randomness of a package', 'protocol/x.ts', "import { randomBytes } from '@noble/hashes/utils.js'"],
    ['renamed randomness', 'protocol/x.ts', "import { randomBytes as r } from '@noble/hashes/utils.js'"],
    ['a random key of a package', 'protocol/x.ts', 'const key = x25519.utils.randomSecretKey()'],
    ['a key from nowhere', 'protocol/x.ts', 'const pair = ml_kem768.keygen()'],
    ['a Buffer in the net', 'node/net/x.ts', 'const bytes = Buffer.alloc(1)']
  ]
  for (const [title, path, source] of planted) {
    it(`finds ${title} in ${roomOf(path)}`, () => {
      const breaches = breachesOf(path, `// one\n${source}\n`)
      assert.equal(breaches.length, 1, `found ${JSON.stringify(breaches)}`)
      assert.match(breaches[0] ?? '', new RegExp(`^${path.replaceAll('.', '\\.')}:2: `))
    })
  }

  it('lets comments, strings, properties and what is allowed pass', () => {
    const innocent = `
      // Date.now() and setTimeout are named here only.
      import { x } from './errors.ts'
      import type { Frame } from './wire/restante.js'
      const text = 'Math.random() process.exit() Buffer import("node:fs")'
      const clock = { now: () => 1, setTimeout: 2, process: { pid: 3 } }
      class Timer { performance = 1; crypto (): void {} }
      interface World { console: string, Date (): number }
      clock.setTimeout = clock.process.pid
      Math.max(1, 2)
      await Promise.resolve(new TextEncoder().encode(text))
      queueMicrotask(() => {})
      type T = World['console']
      const pair = ml_kem768.keygen(seed)
      const signal: AbortSignal = AbortSignal.any([])`
    assert.deepEqual(breachesOf('protocol/x.ts', innocent), [])
  })

  it('lets each room import what it may', () => {
    const allowed: Array<[path: string, specifier: string]> = [
      ['protocol/suites/x.ts', '../errors.ts'], ['protocol/x.ts', '@noble/hashes/sha2.js'],
      ['node/core/x.ts', '../../protocol/errors.ts'], ['node/net/x.ts', '../core/ports.ts'],
      ['node/store/x.ts', '../../protocol/suite.ts'], ['node/net/x.ts', 'libp2p'],
      ['node/host/x.ts', '../store/x.ts'], ['node/host/x.ts', 'node:fs'],
      ['node/host/x.ts', '../../relay/host/run.ts'], ['relay/host/x.ts', '../core/relay.ts'],
      ['browser/x.tsx', '../node/core/api.ts'], ['test/x.test.ts', '../node/host/x.ts'],
      ['node/host/commands/x.ts', '../../../test/simulator/command/main.ts'], ['test/simulator/world/x.ts', '../../../node/core/api.ts'],
      ['test/x.test.ts', './simulator/world/world.ts']
    ]
    for (const [path, specifier] of allowed) {
      assert.deepEqual(breachesOf(path, `import { a } from '${specifier}'`), [])
    }
  })

  it('knows names that say nothing, and files without a header', () => {
    for (const path of ['node/core/utils.ts', 'relay/helper.ts', 'node/core/session-manager.ts',
      'protocol/data/x.ts', 'node/core/peer-info.ts', 'node/core/someName.ts']) {
      assert.notEqual(nameBreachOf(path), undefined, path)
    }
    for (const path of ['node/core/outbox.ts', 'test/protocol/account-id.test.ts', 'protocol/metadata.ts']) {
      assert.equal(nameBreachOf(path), undefined)
    }
    assert.ok(hasHeader('/**\n * The outbox.\n */\nexport const a = 1'))
    assert.ok(hasHeader('#!/usr/bin/env node\n/* What is sent. */\n'))
    assert.ok(!hasHeader("import a from 'a'\n/** The outbox. */\n"))
    assert.ok(!hasHeader('/** */\n'))
  })

  it('finds a Node built-in and an unknown package that a bundle would leave behind', async function () {
    this.timeout(60_000)
    const specifiers = ['node:fs', 'os', 'no-such-package']
    const source = specifiers.map((specifier, index) => `export * as x${index} from '${specifier}'`).join('\n')
    const { externals } = await bundleForBrowser([], source)
    assert.deepEqual(externals, ['no-such-package', 'node:fs', 'os'])
  })

  it('knows which rooms are pure', () => {
    assert.deepEqual(['protocol', 'node/core', 'relay/core', 'node/net', 'node/host'].map(isPure),
      [true, true, true, false, false])
  })
})
