/**
 * Records of one table held in memory while they are used: a bounded cache that the commits write
 * through. A cell that is pinned is the only copy of its record; so what a commit has changed and
 * not yet written is never read from disk again, old.
 * Not here: when anything is written (commits.ts).
 */
import { nameOf } from './rooms.ts'

export interface Codec<T> {
  encode: (value: T) => Uint8Array
  decode: (bytes: Uint8Array) => T
}

export class Cell<T> {
  readonly key: Uint8Array
  readonly id: Uint8Array
  readonly name: string
  /** Undefined: there is no such record. */
  value: T | undefined
  pins = 0
  /** In the batch that is being made. */
  isDirty = false
  readonly table: CellTable<T>

  constructor (table: CellTable<T>, id: Uint8Array, name: string, value: T | undefined) {
    this.table = table
    this.id = id
    this.name = name
    this.key = table.keyOf(id)
    this.value = value
  }

  /** The record as it is to be written now; undefined: to be deleted. */
  encode (): Uint8Array | undefined {
    return this.value === undefined ? undefined : this.table.encode(this.value)
  }

  unpin (): void {
    this.pins--
    if (this.pins === 0) this.table.release(this)
  }
}

export class CellTable<T> {
  readonly #prefix: number
  readonly #codec: Codec<T>
  readonly #cellsMax: number
  readonly #cells = new Map<string, Cell<T>>()

  constructor (prefix: number, codec: Codec<T>, cellsMax: number) {
    this.#prefix = prefix
    this.#codec = codec
    this.#cellsMax = cellsMax
  }

  keyOf (id: Uint8Array): Uint8Array {
    const key = new Uint8Array(1 + id.length)
    key[0] = this.#prefix
    key.set(id, 1)
    return key
  }

  encode (value: T): Uint8Array {
    return this.#codec.encode(value)
  }

  /** What is in memory of it, if anything. Not pinned. */
  peek (id: Uint8Array): Cell<T> | undefined {
    return this.#cells.get(nameOf(id))
  }

  /** The cell in memory, pinned; undefined: read the record, then `admit` it. */
  pin (name: string): Cell<T> | undefined {
    const cell = this.#cells.get(name)
    if (cell === undefined) return undefined
    if (cell.pins++ === 0) {
      // To the young end, so that looking for one to drop does not walk over pinned ones.
      this.#cells.delete(name)
      this.#cells.set(name, cell)
    }
    return cell
  }

  /** Pins the cell of a record just read; one that somebody else has admitted meanwhile goes before it. */
  admit (id: Uint8Array, name: string, bytes: Uint8Array | undefined): Cell<T> {
    const known = this.pin(name)
    if (known !== undefined) return known
    const cell = new Cell(
      this, id.slice(), name, bytes === undefined ? undefined : this.#codec.decode(bytes)
    )
    cell.pins = 1
    this.#cells.set(name, cell)
    return cell
  }

  /** The last pin is gone: the cell becomes the youngest of those that may go. */
  release (cell: Cell<T>): void {
    this.#cells.delete(cell.name)
    // What does not exist is not kept, lest a flood of invented addresses drives out the real ones.
    if (cell.value === undefined) return
    this.#cells.set(cell.name, cell)
    if (this.#cells.size <= this.#cellsMax) return
    for (const [name, oldest] of this.#cells) {
      if (oldest.pins > 0) continue
      this.#cells.delete(name)
      if (this.#cells.size <= this.#cellsMax) return
    }
  }
}
