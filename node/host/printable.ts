/**
 * Shows names and texts that others wrote, in a terminal, as what they are.
 *
 * A contact's name or message may hold escape sequences that move the cursor, retitle the window or
 * paste into the shell, and bidirectional overrides or invisible characters that make one name look
 * like another. They are shown as escapes; what is stored and what --json prints stays exact.
 */

/**
 * Control characters (C0, DEL, C1), line and paragraph separators, bidirectional marks, embeddings,
 * overrides and isolates, invisible format characters, interlinear annotations, tags, noncharacters.
 * Zero-width joiner and non-joiner stay: Persian, Indic scripts and emoji are written with them.
 */
const hostile = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u17b4\\u17b5' +
  '\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff' +
  '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]|\\p{Surrogate}', 'gu')

function escape (character: string): string {
  const point = character.codePointAt(0) ?? 0
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`
  if (point <= 0xffff) return `\\u${point.toString(16).padStart(4, '0')}`
  return `\\u{${point.toString(16)}}`
}

/** On one line: for names, codes and anything that stands in a line of ours. */
export function printable (text: string): string {
  return text.replaceAll(hostile, escape)
}

/**
 * A message's text, which may have lines: each one after the first starts with `indent`, so that a
 * text can't put a line on the screen that looks like somebody else's.
 */
export function printableText (text: string, indent = '  | '): string {
  return text.split(/\r\n|\n/).map(printable).join(`\n${indent}`)
}
