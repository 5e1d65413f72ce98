/**
 * docs/errors.md, made of the table of protocol/errors.ts. write-documents.ts writes it.
 */
import { errorTable } from '../../protocol/errors.ts'
import type { ErrorFamily } from '../../protocol/errors.ts'

const families: Record<ErrorFamily, [className: string, title: string, words: string]> = {
  wire: ['WireError', 'A peer\'s bytes are malformed or over a limit',
    'The stream is closed and counted, and nothing is tried again. The text names the path: ' +
    '`deposit.envelope: 70000 bytes, at most 65536`.'],
  crypto: ['CryptoError', 'Sealed bytes do not open, or come twice',
    'The envelope is dropped, and the state stays what it was.'],
  remote: ['RemoteError', 'A relay or a device refuses',
    'A documented refusal; what happens next is policy. `BUSY` and `RATE_LIMITED` say when to try again.'],
  unreachable: ['UnreachableError', 'No way to the other side',
    'It is tried again, later and later, with jitter.'],
  store: ['StoreError', 'The disk failed, or does not open',
    'The program stops and says so. What was acknowledged is on the disk.'],
  usage: ['UsageError', 'The caller broke the contract', 'Thrown at once; nothing was changed.'],
  internal: ['InternalError', 'A bug of this program', 'The step is not committed.']
}

export function errorsDocument (): string {
  const sections = Object.entries(families).map(([family, [className, title, words]]) => {
    const rows = Object.entries(errorTable).filter(([, row]) => row.family === family)
      .map(([code, { meaning, action }]) => `| \`${code}\` | ${meaning} | ${action} |`)
    return [`## ${title}`, '', `Family \`${family}\`, class \`${className}\`. ${words}`, '',
      '| code | meaning | what happens |', '|---|---|---|', ...rows, ''].join('\n')
  })
  return [
    '# Errors',
    '',
    'Every error of Restante has one of these codes. They are stable: match on the code, never on the text,',
    'which is for the person who reads it. Neither carries a secret.',
    '',
    'This page is printed from the table in [protocol/errors.ts](../protocol/errors.ts) by `npm run docs`.',
    '',
    ...sections
  ].join('\n')
}
