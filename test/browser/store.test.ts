/**
 * The profile's database in a real browser: the store contract on IndexedDB, what is asked of it for
 * durability, and the fence that keeps a former owner out.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import type { InlineConfig } from 'vite'
import { withoutUnused } from '../../browser/build.ts'
import type { ByteLevel } from '../../node/store/commits.ts'
import { describeStore } from '../contracts/store.ts'
import { root } from '../house/files.ts'
import { openSealed } from '../node/store/fixtures.ts'
import { memoryVault } from '../support/memory-vault.ts'
import { endBrowser, endEverybody, newContext, prepare } from './people.ts'

const origin = 'http://127.0.0.1:9'
const entry = '\0bed'

/** Runs in the page. Bytes go in and out as strings with a character for each. */
const bedSource = `
import { deleteDatabase, openDatabase } from ${JSON.stringify(join(root, 'browser/peer/database.ts'))}
const encoding = { keyEncoding: 'view', valueEncoding: 'view' }
const bytes = text => text === undefined ? undefined : Uint8Array.from(text, one => one.charCodeAt(0))
const text = bytes => bytes === undefined ? undefined : Array.from(bytes, one => String.fromCharCode(one)).join('')
const codeOf = error => error.code ?? error.cause?.code ?? error.name
const databases = new Map()
const levelOf = name => databases.get(name).level
let last = 0
globalThis.asked = []
const transaction = IDBDatabase.prototype.transaction
IDBDatabase.prototype.transaction = function (names, mode, options) {
  if (mode === 'readwrite') asked.push(options?.durability)
  return transaction.call(this, names, mode, options)
}
globalThis.bed = {
  async own (profile) {
    const name = String(++last)
    databases.set(name, await openDatabase(profile, () => {}))
    return name
  },
  forget: deleteDatabase,
  leave: name => { databases.get(name).close() },
  open: async name => { await levelOf(name).open() },
  close: async name => { await levelOf(name).close() },
  get: async (name, key) => text(await levelOf(name).get(bytes(key), encoding)),
  getMany: async (name, keys) => (await levelOf(name).getMany(keys.map(bytes), encoding)).map(text),
  batch: async (name, operations, sync) => {
    const made = operations.map(one => ({ ...one, key: bytes(one.key), ...('value' in one && { value: bytes(one.value) }) }))
    await levelOf(name).batch(made, { ...encoding, sync })
  },
  all: async (name, { gte, lt, ...rest }) => {
    const bounds = { ...(gte !== undefined && { gte: bytes(gte) }), ...(lt !== undefined && { lt: bytes(lt) }) }
    return (await levelOf(name).iterator({ ...encoding, ...bounds, ...rest }).all()).map(([key, value]) => [text(key), text(value)])
  },
  value: async (name, key) => await databases.get(name).value(key),
  setValue: async (name, key, value) => { await databases.get(name).setValue(key, value) },
  outcome: async (method, ...args) => {
    try {
      await bed[method](...args)
      return 'done'
    } catch (error) {
      return codeOf(error)
    }
  }
}`

const bundled: InlineConfig = {
  configFile: false,
  root,
  logLevel: 'silent',
  plugins: [withoutUnused, {
    name: 'bed',
    resolveId: id => id.endsWith('bed') ? entry : null,
    load: id => id === entry ? bedSource : null
  }],
  build: { write: false, target: 'es2022', minify: false, rolldownOptions: { input: 'bed', output: { format: 'iife' } } }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
const found = (text: string | undefined): Uint8Array | undefined => text === undefined ? undefined : bytesOf(text)

let page: Page

async function inPage<T> (method: string, ...args: unknown[]): Promise<T> {
  return await page.evaluate(`bed[${JSON.stringify(method)}](...${JSON.stringify(args)})`)
}

/** The page's level, with the node's store in front of it. */
function levelIn (name: string): ByteLevel {
  return {
    open: async () => { await inPage('open', name) },
    close: async () => { await inPage('close', name) },
    get: async key => found(await inPage('get', name, textOf(key))),
    getMany: async keys => (await inPage<Array<string | undefined>>('getMany', name, keys.map(textOf))).map(found),
    async batch (operations, { sync }) {
      const sent = operations.map(one => one.type === 'del'
        ? { type: one.type, key: textOf(one.key) }
        : { type: one.type, key: textOf(one.key), value: textOf(one.value) })
      await inPage('batch', name, sent, sync)
    },
    iterator: ({ gte, lt, reverse, limit }) => ({
      async all () {
        const range = { gte: gte && textOf(gte), lt: lt && textOf(lt), reverse, limit }
        const entries = await inPage<Array<[string, string]>>('all', name, range)
        return entries.map(([key, value]) => [bytesOf(key), bytesOf(value)])
      }
    })
  }
}

let profiles = 0
const newProfile = (): string => `bed-${++profiles}`
const put = (key: string, value: string): { type: 'put', key: string, value: string } => ({ type: 'put', key, value })

describe('the database of a profile in a browser', function () {
  this.timeout(120_000)

  before(async () => {
    await prepare()
    const [output] = [await build(bundled)].flat()
    assert.ok(output !== undefined && 'output' in output)
    const { code } = output.output[0]
    const context = await newContext()
    page = await context.newPage()
    await page.route('**/*', async route => { await route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bed</title>' }) })
    await page.goto(origin)
    await page.addScriptTag({ content: code })
  })
  after(async () => {
    await endEverybody()
    await endBrowser()
  })

  describeStore('sealed, on IndexedDB', async () => {
    const profile = newProfile()
    const name = await inPage<string>('own', profile)
    const vault = memoryVault()
    return {
      open: async () => await openSealed(levelIn(name), { vault }),
      destroy: async () => {
        await inPage('leave', name)
        await inPage('forget', profile)
      }
    }
  })

  it('asks for strict durability where the engine waits for the medium, and for keys', async () => {
    const name = await inPage<string>('own', newProfile())
    await page.evaluate('asked.length = 0')
    await inPage('batch', name, [put('a', '1')], true)
    await inPage('batch', name, [put('b', '2')], false)
    await inPage('setValue', name, 'key', 'x')
    assert.deepEqual(await page.evaluate('asked'), ['strict', 'relaxed', 'strict'])
    await inPage('close', name)
    await inPage('open', name)
    await page.evaluate('asked.length = 0')
    await inPage('batch', name, [put('c', '3')], true)
    assert.deepEqual(await page.evaluate('asked'), ['strict'], 'opened again, it is the same')
  })

  it('lets nothing of a former owner through, not one operation and not many, once another has taken over', async () => {
    const profile = newProfile()
    const former = await inPage<string>('own', profile)
    await inPage('batch', former, [put('a', 'former')], true)
    await inPage('setValue', former, 'key', 'former')
    const latest = await inPage<string>('own', profile)
    assert.notEqual(await inPage('outcome', 'batch', former, [put('b', 'late')], true), 'done')
    assert.notEqual(await inPage('outcome', 'batch', former, [put('a', 'late'), put('c', 'late'), { type: 'del', key: 'a' }], false), 'done')
    assert.equal(await inPage('outcome', 'setValue', former, 'key', 'late'), 'STORE_LOCKED')
    await inPage('close', former)
    await inPage('open', former)
    assert.notEqual(await inPage('outcome', 'batch', former, [put('d', 'late')], true), 'done', 'opened again, it stays out')
    assert.deepEqual(await inPage('all', latest, {}), [['a', 'former']])
    assert.equal(await inPage('value', latest, 'key'), 'former')
    assert.equal(await inPage('outcome', 'batch', latest, [put('a', 'latest')], true), 'done')
  })
})
