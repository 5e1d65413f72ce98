/**
 * The plaintext of an envelope as a list of encoded contents. Spec 06 §Body.
 *
 * The same bytes as the message Body of restante.proto, joined and split without encoding or decoding
 * what is in them: the hash that chains contents covers their bytes as sent, which a reader of an
 * older version could not make again.
 */
import { WireError } from './errors.ts'

/** Field 1, length-delimited. */
const contentTag = 0x0a
const contentsMax = 4096
const varintShiftMax = 21

/** Bytes that one encoded content takes in a body. */
export function framedContentBytes (content: Uint8Array): number {
  const { length } = content
  return 1 + (length < 0x80 ? 1 : length < 0x4000 ? 2 : 3) + length
}

export function joinContents (contents: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const content of contents) length += framedContentBytes(content)
  const body = new Uint8Array(length)
  let at = 0
  for (const content of contents) {
    body[at++] = contentTag
    let rest = content.length
    while (rest >= 0x80) {
      body[at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    body[at++] = rest
    body.set(content, at)
    at += content.length
  }
  return body
}

/** Views of the contents, in order; fields of newer versions are skipped. WireError MALFORMED, FIELD_TOO_LARGE. */
export function splitBody (body: Uint8Array): Uint8Array[] {
  const contents: Uint8Array[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift <= varintShiftMax; shift += 7) {
      const byte = body[at++]
      if (byte === undefined) break
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    // Four bytes reach beyond the largest envelope.
    throw new WireError('MALFORMED', 'body: a number that is cut short or too long')
  }
  const take = (length: number): Uint8Array => {
    if (length > body.length - at) throw new WireError('MALFORMED', 'body: cut short')
    const part = body.subarray(at, at + length)
    at += length
    return part
  }
  while (at < body.length) {
    const tag = varint()
    if (tag === contentTag) {
      if (contents.length === contentsMax) throw new WireError('FIELD_TOO_LARGE', `body.contents: at most ${contentsMax}`)
      contents.push(take(varint()))
    } else {
      skip(tag)
    }
  }
  return contents

  function skip (tag: number): void {
    switch (tag & 7) {
      case 0: while (take(1)[0]! >= 0x80); return
      case 1: take(8); return
      case 2: take(varint()); return
      case 5: take(4); return
      default: throw new WireError('MALFORMED', 'body: a field of no known type')
    }
  }
}
