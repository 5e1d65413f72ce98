/**
 * Takes the decoders by events out of what protons generates: nobody here uses them, they read bytes that the others
 * refuse (tighten-wire.ts), and they would be a third of the generated code that every visitor of the page fetches.
 */

/** `js`: the compiled output of protons. Throws where it does not look as expected. */
export function dropStreams (js: string): string {
  const kept = js
    .replace(/, function\* \(reader, length, prefix, opts = \{\}\) \{\n(?: {16,}.*\n)* {12}\}\);$/gm, ');')
    .replace(/^ {4}function stream\(buf, opts\) \{\n.*\n {4}\}\n {4}\w+\.stream = stream;\n/gm, '')
    .replace(/^(import \{.*), streamMessage/m, '$1')
  if (/stream/i.test(kept)) throw new Error('protons\' output has changed: a stream is left')
  return kept
}

/** The same of the declarations. */
export function dropStreamTypes (dts: string): string {
  const kept = dts
    .replace(/^ {4}interface \w+FieldEvent \{\n(?: {8}.*\n)* {4}\}\n/gm, '')
    .replace(/^ {4}function stream\(.*\n/gm, '')
  if (/FieldEvent|stream/.test(kept)) throw new Error('protons\' output has changed: a type of streams is left')
  return kept
}
