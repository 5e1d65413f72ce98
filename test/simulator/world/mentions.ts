/**
 * Marks in the texts of messages by which the world finds them again in any bytes: a number that
 * no other message of the schedule has. In sealed bytes none may be found.
 */
const digits = 6
const opening = '<@m'
const closing = '@>'
const bytesMax = opening.length + digits + closing.length

export function mentionOf (message: number): string {
  return `${opening}${String(message).padStart(digits, '0')}${closing}`
}

/** The message that a text is of. */
export function messageOf (text: string): number | undefined {
  if (!text.startsWith(opening) || text.length < bytesMax) return undefined
  return Number(text.slice(opening.length, opening.length + digits))
}

/** Numbers of the messages whose marks are in these bytes. */
export function mentionsIn (bytes: Uint8Array): number[] {
  const found: number[] = []
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, at + 1)) {
    const mark = text.toString('latin1', at, at + bytesMax)
    if (/^<@m\d{6}@>$/.test(mark)) found.push(Number(mark.slice(opening.length, opening.length + digits)))
  }
  return found
}
