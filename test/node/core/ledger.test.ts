/** The commit rule: all or nothing, effects after, many events in one batch. */
import assert from 'node:assert/strict'
import { codeOf, StoreError, UsageError } from '../../../protocol/errors.ts'
import { Book, Ledger } from '../../../node/core/ledger.ts'
import type { Store, Write } from '../../../node/core/ports.ts'
import { keptLog } from '../../support/kept-log.ts'

interface Item { id: string, value: number }

function world (fail: (batch: number) => boolean = () => false): {
  ledger: Ledger, book: Book<Item>, batches: Array<{ writes: Write[], durable: boolean }>, release: () => void, failures: unknown[], hold: () => void
} {
  const batches: Array<{ writes: Write[], durable: boolean }> = []
  let gate: Promise<void> | undefined
  let release = (): void => {}
  const store = {
    async batch (writes: Write[], { durable }: { durable: boolean }) {
      batches.push({ writes, durable })
      await gate
      if (fail(batches.length)) throw new StoreError('STORE_FAILED')
    }
  } as unknown as Store
  const failures: unknown[] = []
  const ledger = new Ledger(store, keptLog(), error => { failures.push(error) })
  const utf8 = new TextEncoder()
  const book = new Book<Item>({ table: 'contact', key: item => utf8.encode(item.id), encode: item => Uint8Array.of(item.value) }, ledger)
  return {
    ledger, book, batches, failures,
    hold: () => { gate = new Promise(resolve => { release = resolve }) },
    release: () => {
      gate = undefined
      release()
    }
  }
}

describe('ledger', () => {
  it('writes events that come while a batch is under way together, each record once', async () => {
    const { ledger, book, batches, hold, release } = world()
    hold()
    const first = ledger.step(() => { book.put('a', { id: 'a', value: 1 }) })
    await Promise.resolve()
    await Promise.resolve()
    const others = [2, 3, 4].map(async value => { await ledger.step(() => { book.put('a', { id: 'a', value }) }) })
    release()
    await Promise.all([first, ...others])
    assert.deepEqual(batches.map(batch => batch.writes.map(write => write.value?.[0])), [[1], [4]])
  })

  it('takes back what a failing event changed, and only that', async () => {
    const { ledger, book, batches } = world()
    const undone: string[] = []
    const effects: string[] = []
    const good = ledger.step(() => {
      book.put('a', { id: 'a', value: 1 })
      ledger.effect(() => { effects.push('good') })
    })
    const bad = ledger.step(() => {
      book.put('a', { id: 'a', value: 9 })
      book.put('b', { id: 'b', value: 9 })
      ledger.write('message', Uint8Array.of(1), Uint8Array.of(1))
      ledger.effect(() => { effects.push('bad') })
      ledger.undoable(() => { undone.push('undone') })
      throw new UsageError('USAGE')
    })
    await assert.rejects(bad, (error: unknown) => codeOf(error) === 'USAGE')
    await good
    assert.equal(book.get('a')?.value, 1)
    assert.equal(book.get('b'), undefined)
    assert.deepEqual(effects, ['good'])
    assert.deepEqual(undone, ['undone'])
    const written = batches.flatMap(batch => batch.writes)
    assert.deepEqual(written.find(write => write.key[0] === 'a'.charCodeAt(0))?.value, Uint8Array.of(1))
    assert.equal(written.some(write => write.table === 'message'), false)
  })

  it('makes a bug an INTERNAL error that changes nothing', async () => {
    const { ledger, book } = world()
    await assert.rejects(ledger.step(() => {
      book.put('a', { id: 'a', value: 1 })
      throw new TypeError('a bug')
    }), (error: unknown) => codeOf(error) === 'INTERNAL')
    assert.equal(book.get('a'), undefined)
  })

  it('runs no effect and accepts nothing more after a failed write', async () => {
    const { ledger, book, failures } = world(batch => batch === 1)
    const effects: string[] = []
    const step = ledger.step(() => {
      book.put('a', { id: 'a', value: 1 })
      ledger.effect(() => { effects.push('ran') })
    })
    await assert.rejects(step, (error: unknown) => codeOf(error) === 'STORE_FAILED')
    await assert.rejects(ledger.step(() => {}), (error: unknown) => codeOf(error) === 'STORE_FAILED')
    assert.deepEqual(effects, [])
    assert.equal(failures.length, 1)
  })

  it('asks for durability when one event of the group does', async () => {
    const { ledger, book, batches } = world()
    await ledger.step(() => { book.put('a', { id: 'a', value: 1 }) }, false)
    await Promise.all([
      ledger.step(() => { book.put('a', { id: 'a', value: 2 }) }, false),
      ledger.step(() => { book.put('a', { id: 'a', value: 3 }) })
    ])
    assert.deepEqual(batches.map(batch => batch.durable), [false, true])
  })

  it('refuses a change outside a step', () => {
    const { book } = world()
    assert.throws(() => { book.put('a', { id: 'a', value: 1 }) }, (error: unknown) => codeOf(error) === 'INTERNAL')
  })
})
