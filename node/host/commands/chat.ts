/**
 * `restante chat`.
 */
import { runChat, summaryWords, waitingWords } from '../chat.ts'
import { connectClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import type { CommonOptions } from '../program.ts'
import { contactMet } from '../resolve.ts'
import { readSettings } from '../settings.ts'
import { listenForStop } from '../stop.ts'

const graceMs = 500

export async function chat (name: string, options: CommonOptions & { timeout: number }): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !output.json
  const stop = listenForStop()
  const client = await connectClient(settings, { online: true, mayPrompt: isTerminal })
  try {
    const contact = await contactMet(client, name)
    const tally = await runChat({
      client,
      contact,
      input: process.stdin,
      output: process.stdout,
      isTerminal,
      json: output.json,
      signal: stop.signal,
      isSettled: ({ sent, stored, failed }) => stored + failed === sent,
      settleMsMax: options.timeout * 1000
    })
    const waiting = waitingWords(tally)
    if (output.json) output.result({ event: 'end', ...tally })
    else if (!isTerminal) output.note(summaryWords(tally))
    if (waiting !== undefined) output.note(waiting)
    if (isTerminal) return exitCodes.ok
    if (tally.failed + tally.refused > 0) return exitCodes.failure
    return tally.stored === tally.sent ? exitCodes.ok : exitCodes.notInTime
  } finally {
    process.stdin.destroy()
    await client.close(graceMs)
    stop.release()
  }
}
