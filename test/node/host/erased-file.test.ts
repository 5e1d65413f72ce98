/**
 * Files of keys are replaced whole, and what they held before is overwritten: after a crash at any
 * step too, once the profile is opened again.
 */
import assert from 'node:assert/strict'
import {
  closeSync, linkSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readErased, replaceErased, replacing } from '../../../node/host/erased-file.ts'
import { utf8 } from '../../../protocol/bytes.ts'

const [first, second, third] = ['first content', 'second one', 'the third'].map(utf8) as [Uint8Array, Uint8Array, Uint8Array]

describe('a file whose former content is erased', () => {
  let folder = ''
  let path = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'restante-test-'))
    path = join(folder, 'epoch.key')
  })
  afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

  /** What the disk still has under an inode, whatever its names are by now. */
  function watched (name: string): { content: () => string, close: () => void } {
    const file = openSync(name, 'r')
    return {
      content: () => {
        const bytes = Buffer.alloc(100)
        return bytes.subarray(0, readSync(file, bytes, 0, 100, 0)).toString('latin1')
      },
      close: () => { closeSync(file) }
    }
  }

  it('is made and replaced, for its owner alone, and leaves nothing beside it', async () => {
    assert.equal(await readErased(path), undefined)
    for (const content of [first, second, third]) {
      await replaceErased(path, content)
      assert.deepEqual(await readErased(path), content)
      assert.deepEqual(readdirSync(folder), ['epoch.key'])
      if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600)
    }
  })

  it('overwrites the former content in its place', async () => {
    await replaceErased(path, first)
    const old = watched(path)
    assert.equal(old.content(), 'first content')
    await replaceErased(path, second)
    assert.equal(old.content(), '\0'.repeat(first.length))
    old.close()
  })

  it('holds the old content or the new after a crash at any step, and the next use erases what is left', async () => {
    const names: string[] = []
    for await (const step of replacing(path, first)) names.push(step)
    assert.equal(names.length, 7)
    for (const crashAfter of names) {
      for (const next of ['read', 'replace'] as const) {
        rmSync(folder, { recursive: true })
        folder = mkdtempSync(join(tmpdir(), 'restante-test-'))
        path = join(folder, 'epoch.key')
        await replaceErased(path, first)
        const old = watched(path)
        for await (const step of replacing(path, second)) if (step === crashAfter) break
        const fresh = readdirSync(folder).includes('epoch.key.new') ? watched(`${path}.new`) : undefined
        const isNew = names.indexOf(crashAfter) >= names.indexOf('renamed')
        assert.equal(readFileSync(path, 'utf8'), isNew ? 'second one' : 'first content', crashAfter)
        if (next === 'read') assert.deepEqual(await readErased(path), isNew ? second : first, crashAfter)
        else await replaceErased(path, third)
        const isOldGone = isNew || next === 'replace'
        assert.equal(old.content(), isOldGone ? '\0'.repeat(first.length) : 'first content', `${next} after ${crashAfter}`)
        if (fresh !== undefined) assert.equal(fresh.content(), '\0'.repeat(second.length), `${next} after ${crashAfter}`)
        assert.deepEqual(readdirSync(folder), ['epoch.key'], `${next} after ${crashAfter}`)
        old.close()
        fresh?.close()
      }
    }
  })

  it('never overwrites the file itself under the second name that a crash left', async () => {
    await replaceErased(path, first)
    linkSync(path, `${path}.old`)
    assert.deepEqual(await readErased(path), first)
    assert.deepEqual(readdirSync(folder), ['epoch.key'])
  })

  it('leaves the file as it is where the new one cannot be written', async () => {
    await replaceErased(path, first)
    const old = readFileSync(path)
    mkdirSync(`${path}.new`)
    await assert.rejects(replaceErased(path, second))
    assert.deepEqual(readFileSync(path), old)
  })
})
