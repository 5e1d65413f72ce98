/**
 * `restante safety-number`, `verify` and `accept-identity`: whether a contact is who it seems.
 */
import { CryptoError, UsageError } from '../../../protocol/errors.ts'
import { withClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { printable } from '../printable.ts'
import type { CommonOptions } from '../program.ts'
import { readSettings } from '../settings.ts'
import type { Settings } from '../settings.ts'
import { readStandardInput } from '../standard-input.ts'

/** For a contact to hear of it, and for what was held back to go out. */
const graceMs = 3000
const numberBytesMax = 1024
/** What stands below a code, in rows of a terminal: the number is to be seen with it. */
const numberRows = 3
const noteRows = 3
const questionRows = 4

export async function safetyNumber (contact: string, options: CommonOptions): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  requireContact(contact)
  await withClient(settings, { online: false }, async (client) => {
    const shown = await client.call('contact.safetyNumber', { contactId: contact })
    await showScan(settings, shown.qr, numberRows + noteRows)
    output.result({ contact, ...shown }, inLines(shown.number))
    output.note(shown.verified
      ? `${printable(contact)} is verified.`
      : `${printable(contact)} is not verified. The same number at the other end means that nobody stands between.`)
  })
  return exitCodes.ok
}

/** `number` undefined: the person compares, in a terminal. */
export async function verify (
  contact: string, number: string | undefined, options: CommonOptions
): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  requireContact(contact)
  const isPiped = number === '-'
  const given = isPiped ? await readStandardInput(numberBytesMax) : number
  await withClient(settings, { online: false, mayPrompt: !isPiped }, async (client) => {
    const compared = given ?? await compare(
      settings, contact, await client.call('contact.safetyNumber', { contactId: contact }))
    await client.call('contact.verify', { contactId: contact, number: compared })
    output.result({ contact, verified: true }, `${printable(contact)}: verified`)
  })
  return exitCodes.ok
}

export async function acceptIdentity (
  contact: string, identity: 'known' | 'presented', options: CommonOptions
): Promise<ExitCode> {
  const settings = readSettings(options)
  requireContact(contact)
  await withClient(settings, { online: true, graceMs }, async (client) => {
    await client.call('contact.acceptIdentity', { contactId: contact, identity })
    settings.output.result({ contact, identity }, `${printable(contact)}: the ${identity} identity is the contact's`)
    if (identity === 'presented') settings.output.note('It can not be verified: the number is the same for both. Only a rotation of its key by its owner settles whose it is.')
  })
  return exitCodes.ok
}

async function compare (
  settings: Settings, contact: string, shown: { number: string, qr: string }
): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError('USAGE', 'Give the number, or - to read it from standard input.')
  }
  await showScan(settings, shown.qr, numberRows + questionRows)
  process.stderr.write(`${inLines(shown.number)}\n`)
  const { confirm, isCancel } = await import('@clack/prompts')
  const isSame = await confirm({
    message: `Does ${printable(contact)} see the same number?`, initialValue: false, output: process.stderr
  })
  if (isCancel(isSame)) throw new UsageError('USAGE', 'Nothing was compared, and nothing is changed.')
  if (isSame) return shown.number
  throw new CryptoError('SAFETY_NUMBER_MISMATCH')
}

async function showScan ({ output }: Settings, qr: string, rowsBelow: number): Promise<void> {
  const { showScanCode } = await import('../scan-code.ts')
  showScanCode(output, qr, rowsBelow)
}

/** Three lines of four groups: what people read to each other. */
function inLines (number: string): string {
  const groups = number.split(' ')
  return [0, 4, 8].map((at) => groups.slice(at, at + 4).join(' ')).join('\n')
}

function requireContact (contact: string): void {
  if (contact === '') throw new UsageError('UNKNOWN_CONTACT')
}
