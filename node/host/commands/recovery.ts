/**
 * `restante account phrase` and `restante account rotate-key`. The phrase comes by a prompt or a file,
 * never as an argument: every process of the machine can read those.
 */
import { readFileSync } from 'node:fs'
import { UsageError } from '../../../protocol/errors.ts'
import { withClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import type { CommonOptions } from '../program.ts'
import type { Client } from '../rpc/client.ts'
import { readSettings } from '../settings.ts'
import { readStandardInput } from '../standard-input.ts'

/** For the contacts to hear of it. */
const graceMs = 3000
const phraseBytesMax = 1024

export interface PhraseOptions extends CommonOptions { phraseFile?: string }

/** Shows the phrase; with `writtenDown` takes it back instead, and the profile forgets it. */
export async function phrase (options: PhraseOptions & { writtenDown?: true }): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  if (options.phraseFile !== undefined && options.writtenDown !== true) {
    throw new UsageError('USAGE', '--phrase-file goes with --written-down.')
  }
  const given = options.writtenDown === true ? await readPhrase(options.phraseFile) : undefined
  await withClient(settings, { online: false, mayPrompt: options.phraseFile !== '-' }, async (client) => {
    if (given !== undefined) {
      await forget(client, given)
      output.result({ phraseWrittenDown: true }, 'The profile has forgotten the phrase.')
      return
    }
    const shown = await client.call('account.recoveryPhrase', {})
    output.note('Write these 24 words on paper. Whoever has them can take this account; who loses them\n' +
      'can\'t take it back once its key is stolen. Show them to nobody.\n')
    output.result(shown, output.json || output.quiet ? shown.phrase : numbered(shown.phrase))
    if (!canAsk() || output.json || output.quiet) {
      output.note('Once they are written down: restante account phrase --written-down')
      return
    }
    const { confirm, isCancel } = await import('@clack/prompts')
    const isWritten = await confirm({
      message: 'Are they written down? Then this profile forgets them, so that its thief can\'t find them.',
      initialValue: false,
      output: process.stderr
    })
    if (isCancel(isWritten) || !isWritten) return
    await forget(client, shown.phrase)
    output.note('The profile has forgotten the phrase.')
  })
  return exitCodes.ok
}

export async function rotateKey (options: PhraseOptions): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  const given = await readPhrase(options.phraseFile)
  const online = { online: true, graceMs, mayPrompt: options.phraseFile !== '-' }
  await withClient(settings, online, async (client) => {
    const account = await client.call('account.rotateKey', { phrase: given })
    output.result(account, 'The account key is rotated.')
    output.note('Your contacts hear of it as a notice, and go on. Keep the words: they stay those of this account.')
  })
  return exitCodes.ok
}

async function forget (client: Client, phrase: string): Promise<void> {
  await client.call('account.forgetRecoveryPhrase', { phrase })
}

/** A paper with numbers on it is checked more easily. */
function numbered (phrase: string): string {
  const words = phrase.split(' ').map((word, i) => `${String(i + 1).padStart(2)} ${word.padEnd(9)}`)
  return [0, 6, 12, 18].map((at) => words.slice(at, at + 6).join(' ').trimEnd()).join('\n')
}

async function readPhrase (file: string | undefined): Promise<string> {
  if (file === '-') return withoutNumbers(await readStandardInput(phraseBytesMax))
  if (file !== undefined) {
    try {
      return withoutNumbers(readFileSync(file, 'utf8'))
    } catch (cause) {
      throw new UsageError('USAGE', `The file with the phrase can't be read: ${file}`, { cause })
    }
  }
  if (!canAsk()) throw new UsageError('USAGE', 'Give the phrase by --phrase-file FILE, or - for standard input.')
  const { isCancel, password } = await import('@clack/prompts')
  const answer = await password({ message: 'The 24 words', output: process.stderr })
  if (isCancel(answer) || answer === undefined) throw new UsageError('USAGE', 'No phrase given.')
  return answer
}

/** What was printed is read as well, with the numbers of the words. */
function withoutNumbers (phrase: string): string { return phrase.replaceAll(/(?<=^|\s)\d{1,2}(?=\s)/g, ' ') }

function canAsk (): boolean { return process.stdin.isTTY && process.stderr.isTTY }
