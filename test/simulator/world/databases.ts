/**
 * The two databases of the product on a simulated disk: a profile's level (node/store) and a relay's
 * tree (relay/store), each as far as the product uses it. What a program that has ended asked for
 * is never answered.
 */
import type { ByteLevel } from '../../../node/store/commits.ts'
import type { KeyVault } from '../../../node/store/epochs.ts'
import type { Database } from '../../../relay/store/tree.ts'
import type { Disk } from './disk.ts'
import { bytesOf, textOf, type Image, type Operation, type Range } from './image.ts'
import type { Life } from './timeline.ts'

interface ByteRange { gte?: Uint8Array, gt?: Uint8Array, lte?: Uint8Array, lt?: Uint8Array, reverse?: boolean, limit?: number }
type ByteOperation = { type: 'put', key: Uint8Array, value: Uint8Array } | { type: 'del', key: Uint8Array }
type Entries = Array<[Uint8Array, Uint8Array]>

/** Copies, as a database does: what the program changes after the call is its own affair. */
function operationOf (operation: ByteOperation): Operation {
  const key = textOf(operation.key)
  return operation.type === 'put' ? { type: 'put', key, value: operation.value.slice() } : { type: 'del', key }
}

function rangeOf ({ gte, gt, lte, lt, reverse, limit }: ByteRange): Range {
  const range: Range = {}
  if (gte !== undefined) range.gte = textOf(gte)
  if (gt !== undefined) range.gt = textOf(gt)
  if (lte !== undefined) range.lte = textOf(lte)
  if (lt !== undefined) range.lt = textOf(lt)
  if (reverse !== undefined) range.reverse = reverse
  if (limit !== undefined) range.limit = limit
  return range
}

const entriesOf = (image: Image, range: Range): Entries =>
  image.entries(range).map(([key, value]) => [bytesOf(key), value.slice()])

export function profileLevel (disk: Disk, life: Life): ByteLevel {
  return {
    open: async () => { disk.opened() },
    close: async () => {},
    get: async key => await disk.read(life, () => disk.image.get(textOf(key))?.slice()),
    getMany: async keys => await disk.read(life, () => keys.map(key => disk.image.get(textOf(key))?.slice())),
    batch: async (operations, { sync }) => { await disk.write(life, operations.map(operationOf), sync) },
    iterator: options => ({
      all: async () => await disk.read(life, () => entriesOf(disk.image, rangeOf(options)))
    })
  }
}

export function profileVault (disk: Disk, life: Life): KeyVault {
  return {
    read: async () => await disk.read(life, () => disk.vault?.slice()),
    replace: async content => { await disk.replaceVault(life, content) }
  }
}

interface Snapshot extends AsyncDisposable { readonly image: Image }
interface Reading { snapshot?: Snapshot }

/** What the relay's store does with its tree; the type that it names has much more. */
export function relayTree (disk: Disk, life: Life): Database {
  const imageOf = (options: Reading | undefined): Image => options?.snapshot?.image ?? disk.image
  const tree = {
    open: async () => { disk.opened() },
    close: async () => {},
    get: async (key: Uint8Array, options?: Reading) =>
      await disk.read(life, () => imageOf(options).get(textOf(key))?.slice()),
    getMany: async (keys: Uint8Array[], options?: Reading) =>
      await disk.read(life, () => keys.map(key => imageOf(options).get(textOf(key))?.slice())),
    has: async (key: Uint8Array) => await disk.read(life, () => disk.image.has(textOf(key))),
    hasMany: async (keys: Uint8Array[]) => await disk.read(life, () => keys.map(key => disk.image.has(textOf(key)))),
    put: async (key: Uint8Array, value: Uint8Array, options?: { sync?: boolean }) => {
      await disk.write(life, [operationOf({ type: 'put', key, value })], options?.sync === true)
    },
    batch: () => chainedBatch(disk, life),
    snapshot: (): Snapshot => {
      const { image, close } = disk.image.view()
      return { image, [Symbol.asyncDispose]: async () => { close() } }
    },
    keys: (options: ByteRange) => ({
      all: async () => await disk.read(life, () => disk.image.keys(rangeOf(options)).map(bytesOf))
    }),
    iterator: (options: ByteRange & Reading) => {
      // As it is when it is opened, whatever is written while it is read.
      const found = entriesOf(imageOf(options), rangeOf(options))
      return {
        all: async () => await disk.read(life, () => found.splice(0)),
        nextv: async (size: number) => await disk.read(life, () => found.splice(0, size)),
        close: async () => {}
      }
    },
    compactRange: async () => {}
  }
  return tree as unknown as Database
}

interface ChainedBatch {
  readonly length: number
  put: (key: Uint8Array, value: Uint8Array) => ChainedBatch
  del: (key: Uint8Array) => ChainedBatch
  write: (options?: { sync?: boolean }) => Promise<void>
  close: () => Promise<void>
}

function chainedBatch (disk: Disk, life: Life): ChainedBatch {
  const operations: Operation[] = []
  const batch: ChainedBatch = {
    get length () { return operations.length },
    put (key, value) {
      operations.push(operationOf({ type: 'put', key, value }))
      return batch
    },
    del (key) {
      operations.push(operationOf({ type: 'del', key }))
      return batch
    },
    write: async options => { await disk.write(life, operations, options?.sync === true) },
    close: async () => {}
  }
  return batch
}
