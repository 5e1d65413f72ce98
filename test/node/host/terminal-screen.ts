/**
 * What a terminal of so many columns shows of what was written to it, as far as readline and we use one:
 * text, line feeds, moves of the cursor, and clearing.
 */
export class TerminalScreen {
  readonly #columns: number
  #rows: string[][] = [[]]
  #row = 0
  #column = 0

  constructor (columns: number) {
    this.#columns = columns
  }

  write (text: string): void {
    // A carriage return comes with each line feed, as the terminal's driver adds it.
    const [plain = '', ...rest] = text.split('\u001b')
    this.#print(plain)
    for (const part of rest) {
      const sequence = /^\[[0-9;]*[A-Za-z]/.exec(part)?.[0] ?? ''
      this.#control(sequence)
      this.#print(part.slice(sequence.length))
    }
  }

  /** Without the empty rows at the end. */
  get lines (): string[] {
    return this.#rows.map(row => Array.from(row, cell => cell ?? ' ').join('').trimEnd()).join('\n').trimEnd().split('\n')
  }

  #print (text: string): void {
    for (const character of text) {
      if (character === '\r') this.#column = 0
      else if (character === '\n') this.#feed()
      else this.#put(character)
    }
  }

  #put (character: string): void {
    // A full row is left only when something more comes.
    if (this.#column >= this.#columns) this.#feed()
    this.#rows[this.#row]![this.#column++] = character
  }

  #feed (): void {
    this.#column = 0
    this.#row++
    this.#rows[this.#row] ??= []
  }

  #control (sequence: string): void {
    const count = Number(/\d+/.exec(sequence)?.[0] ?? (/[JK]$/.test(sequence) ? 0 : 1))
    switch (sequence.at(-1)) {
      case 'A': this.#row = Math.max(0, this.#row - count); break
      case 'B': this.#row += count; break
      case 'C': this.#column += count; break
      case 'D': this.#column = Math.max(0, this.#column - count); break
      case 'G': this.#column = count - 1; break
      case 'J':
        this.#rows[this.#row]!.length = Math.min(this.#rows[this.#row]!.length, this.#column)
        this.#rows.length = this.#row + 1
        break
      case 'K': this.#rows[this.#row]!.length = count === 2 ? 0 : Math.min(this.#rows[this.#row]!.length, this.#column); break
      case 'm': break
      default: throw new Error(`not known: ${JSON.stringify(sequence)}`)
    }
  }
}
