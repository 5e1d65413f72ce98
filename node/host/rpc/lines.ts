/**
 * Lines of bytes in and out of a stream: the framing of our JSON-RPC.
 *
 * A line over the limit is skipped without being kept, so that nobody makes us hold more than one.
 */
import type { Writable } from 'node:stream'

/** Bytes of one line, without its end. */
export const lineBytesMax = 1 << 20
/** Bytes that a reader who does not read may leave waiting, before we give it up. */
const backlogBytesMax = 64 << 20

export const tooLong = Symbol('a line over the limit')

/** Cuts chunks into lines. Empty lines are left out. */
export class LineSplitter {
  private parts: Uint8Array[] = []
  private length = 0
  private isSkipping = false

  /** The lines that `chunk` completes, in order; `tooLong` where one went over the limit. */
  push (chunk: Uint8Array): Array<Uint8Array | typeof tooLong> {
    const lines: Array<Uint8Array | typeof tooLong> = []
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.add(chunk.subarray(start, end), lines)
      this.finish(lines)
      start = end + 1
    }
    this.add(chunk.subarray(start), lines)
    return lines
  }

  /** The last line, where it has no end. */
  end (): Array<Uint8Array | typeof tooLong> {
    const lines: Array<Uint8Array | typeof tooLong> = []
    this.finish(lines)
    return lines
  }

  private add (part: Uint8Array, lines: Array<Uint8Array | typeof tooLong>): void {
    if (this.isSkipping || part.length === 0) return
    if (this.length + part.length > lineBytesMax) {
      this.parts = []
      this.length = 0
      this.isSkipping = true
      // Told at once, not when its end comes: it may never come.
      lines.push(tooLong)
      return
    }
    this.parts.push(part)
    this.length += part.length
  }

  private finish (lines: Array<Uint8Array | typeof tooLong>): void {
    const parts = this.parts
    const only = parts.length === 1 ? parts[0] : undefined
    const line = only ?? new Uint8Array(this.length)
    if (only === undefined) {
      let offset = 0
      for (const part of parts) {
        line.set(part, offset)
        offset += part.length
      }
    }
    this.isSkipping = false
    this.parts = []
    this.length = 0
    if (line.some((byte) => byte !== 32 && byte !== 9 && byte !== 13)) lines.push(line)
  }
}

/** Writes lines; those of one turn of the loop leave in one write. */
export class LineWriter {
  private readonly output: Writable
  private waiting: string[] = []
  private whenDrained: Promise<void> | undefined
  private hasFailed = false

  constructor (output: Writable) {
    this.output = output
  }

  /** False: the other side reads too slowly or is gone, and this line and all later ones are lost. */
  write (line: string): boolean {
    if (this.hasFailed || !this.output.writable) return false
    if (this.output.writableLength > backlogBytesMax) {
      this.hasFailed = true
      return false
    }
    this.waiting.push(line)
    if (this.waiting.length === 1) queueMicrotask(() => { this.flush() })
    return true
  }

  /** Resolves when the other side has taken enough, or is gone. */
  async drained (): Promise<void> {
    this.flush()
    if (!this.output.writableNeedDrain || this.output.destroyed) return
    this.whenDrained ??= new Promise((resolve) => {
      const done = (): void => {
        this.output.off('drain', done).off('close', done).off('error', done)
        this.whenDrained = undefined
        resolve()
      }
      this.output.on('drain', done).on('close', done).on('error', done)
    })
    await this.whenDrained
  }

  /** Resolves when everything written is out of our hands. */
  async finished (): Promise<void> {
    this.flush()
    if (this.output.destroyed || !this.output.writable) return
    await new Promise<void>((resolve) => {
      // Where the other side is gone, the callback may never come.
      this.output.once('close', resolve)
      this.output.write('', () => {
        this.output.off('close', resolve)
        resolve()
      })
    })
  }

  private flush (): void {
    if (this.waiting.length === 0) return
    const text = `${this.waiting.join('\n')}\n`
    this.waiting = []
    if (this.output.writable) this.output.write(text)
  }
}
