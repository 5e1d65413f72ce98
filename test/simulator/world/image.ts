/**
 * What lies on a disk: keys in order with their values. A copy is cheap, and shares everything until
 * one of the two is written to.
 */
export interface Put { type: 'put', key: string, value: Uint8Array }
export interface Del { type: 'del', key: string }
export type Operation = Put | Del

export interface Range {
  gte?: string
  gt?: string
  lte?: string
  lt?: string
  reverse?: boolean
  /** -1: no limit. */
  limit?: number
}

/** Bytes as text of one character each, which compares as the bytes do. */
export function textOf (bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}

export function bytesOf (text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

export class Image {
  #values: Map<string, Uint8Array>
  #keys: string[]
  #isShared = false
  /** Views that somebody still reads. */
  #views = 0

  constructor (values = new Map<string, Uint8Array>(), keys: string[] = []) {
    this.#values = values
    this.#keys = keys
  }

  get size (): number { return this.#keys.length }

  copy (): Image {
    const copy = new Image(this.#values, this.#keys)
    this.#isShared = true
    copy.#isShared = true
    return copy
  }

  /** As it is now, as long as it is not closed: what is not written to meanwhile costs nothing. */
  view (): { image: Image, close: () => void } {
    const image = new Image(this.#values, this.#keys)
    image.#isShared = true
    const values = this.#values
    this.#views++
    return {
      image,
      close: () => { if (this.#values === values) this.#views-- }
    }
  }

  get (key: string): Uint8Array | undefined { return this.#values.get(key) }
  has (key: string): boolean { return this.#values.has(key) }

  apply (operations: readonly Operation[]): void {
    if (this.#isShared || this.#views > 0) {
      this.#values = new Map(this.#values)
      this.#keys = this.#keys.slice()
      this.#isShared = false
      this.#views = 0
    }
    for (const operation of operations) {
      const { key } = operation
      const isKnown = this.#values.has(key)
      if (operation.type === 'put') {
        if (!isKnown) this.#keys.splice(this.#place(key), 0, key)
        this.#values.set(key, operation.value)
      } else if (isKnown) {
        this.#keys.splice(this.#place(key), 1)
        this.#values.delete(key)
      }
    }
  }

  keys (range: Range = {}): string[] {
    const from = Math.max(range.gte === undefined ? 0 : this.#place(range.gte), range.gt === undefined ? 0 : this.#placeAfter(range.gt))
    const to = Math.min(
      range.lt === undefined ? Infinity : this.#place(range.lt), range.lte === undefined ? Infinity : this.#placeAfter(range.lte))
    const limit = range.limit === undefined || range.limit < 0 ? Infinity : range.limit
    const end = Math.min(to, this.#keys.length)
    if (range.reverse === true) return this.#keys.slice(Math.max(from, end - limit), end).reverse()
    return this.#keys.slice(from, Math.min(end, from + limit))
  }

  entries (range: Range = {}): Array<[string, Uint8Array]> {
    return this.keys(range).map(key => [key, this.#values.get(key)!])
  }

  /** Where `key` is, or would be. */
  #place (key: string): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }

  #placeAfter (key: string): number {
    const place = this.#place(key)
    return this.#keys[place] === key ? place + 1 : place
  }
}
