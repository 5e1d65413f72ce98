/**
 * Makes the generated decoders refuse what protons lets through.
 *
 * protons reads a field without a look at its wire type, does not notice a submessage that ends
 * inside its parent's next field, and leaves `maxLength` unenforced. Another implementation would
 * read such bytes otherwise or not at all, so here they are errors, in every message, by the .proto
 * alone. The limit of a field is handed to the reader: protocol/wire/decode.ts enforces it.
 */

/** `js`: the compiled output of protons for `proto`. Throws where it does not look as expected. */
export function tightenDecoders (js: string, proto: string): string {
  const limits = lengthLimits(proto)
  const enforced = new Set<string>()
  let message = ''
  let inDecoder = false
  const lines = js.split('\n')
  const out: string[] = []
  for (const [index, line] of lines.entries()) {
    message = /^\(function \((\w+)\) \{$/.exec(line)?.[1] ?? message
    if (line.includes('(reader, length, opts = {}) => {')) inDecoder = true
    if (!inDecoder) {
      out.push(line)
      continue
    }
    if (/^ +return obj;$/.test(line)) {
      const check = "if (reader.pos !== end) throw new RangeError('a field ends outside its message');"
      out.push(line.replace('return obj;', check))
      inDecoder = false
    }
    const read = /(obj\.(\w+)(?:\.push\(| = )reader\.(?:bytes|string)\()\)/
    out.push(line.replace(read, (whole, head: string, field: string) => {
      const limit = limits.get(`${message}.${field}`)
      if (limit === undefined) return whole
      enforced.add(`${message}.${field}`)
      return `${head}${limit})`
    }))
    // No message has a field 0: it is what zeros after a message look like.
    if (/^ +reader\.skipType\(tag & 7\);$/.test(line)) {
      const check = "if (tag < 8) throw new RangeError('a field 0');"
      out.splice(-1, 0, line.replace('reader.skipType(tag & 7);', check))
    }
    const field = /^( +)case (\d+): \{$/.exec(line)
    if (field !== null) {
      out.push(`${field[1]}    if ((tag & 7) !== ${wireType(lines, index + 1)}) ` +
        `throw new RangeError('the wire type of field ${field[2]}');`)
    }
  }
  const missed = [...limits.keys()].filter(name => !enforced.has(name))
  if (missed.length > 0) throw new Error(`protons' output has changed: no read of ${missed.join(', ')}`)
  return out.join('\n')
}

function wireType (lines: string[], start: number): 0 | 2 {
  for (let i = start; !lines[i]!.includes('break;'); i++) {
    const line = lines[i]!
    if (/reader\.(bytes|string)\(\)|\.codec\(\)\.decode\(reader, reader\.uint32\(\)/.test(line)) return 2
    if (/reader\.(uint32|uint64Number|bool)\(\)/.test(line)) return 0
  }
  throw new Error(`protons' output has changed: no known read after line ${start}`)
}

/** `Message.field` to the `maxLength` that the .proto gives it, in bytes. */
function lengthLimits (proto: string): Map<string, number> {
  const limits = new Map<string, number>()
  let message = ''
  const limited = /^ +(?:repeated )?(?:bytes|string) (\w+) = \d+ .*\(protons\.options\)\.maxLength = (\d+)/
  for (const line of proto.split('\n')) {
    message = /^message (\w+) \{/.exec(line)?.[1] ?? message
    const field = limited.exec(line)
    if (field !== null) limits.set(`${message}.${field[1]}`, Number(field[2]))
  }
  return limits
}
