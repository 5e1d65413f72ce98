/**
 * Reads standard input as one text, bounded.
 */
import { UsageError } from '../../protocol/errors.ts'

/** Rejects with TEXT_TOO_LARGE beyond `bytesMax`, with USAGE where it is not UTF-8. */
export async function readStandardInput (bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    length += (chunk as Uint8Array).length
    if (length > bytesMax) {
      process.stdin.destroy()
      throw new UsageError('TEXT_TOO_LARGE', `Standard input has more than ${bytesMax} bytes.`)
    }
    chunks.push(chunk as Uint8Array)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (cause) {
    throw new UsageError('USAGE', 'Standard input is not UTF-8.', { cause })
  }
}
