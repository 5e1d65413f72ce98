/**
 * `restante init` and `restante account`.
 */
import { connectClient, withClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { printable } from '../printable.ts'
import type { CommonOptions } from '../program.ts'
import type { CallResult } from '../rpc/methods.ts'
import { readSettings } from '../settings.ts'
import type { Settings } from '../settings.ts'
import { protectionWords } from '../words.ts'

/** Creating needs no network: the mailboxes are made when the account first goes online. */
export async function init (options: CommonOptions & { name: string, relay?: string[] }): Promise<ExitCode> {
  const settings = readSettings(options)
  const client = await connectClient(settings, { online: false, create: true })
  try {
    const account = await client.call('account.create', { name: options.name, relays: options.relay ?? [] })
    settings.output.result({ ...account, profile: settings.profileDir }, accountText(account, settings))
    if (account.relays.length === 0) {
      settings.output.note('No relay: messages arrive only while both of you are online.')
    }
  } finally {
    await client.close(0)
  }
  return exitCodes.ok
}

export async function account (options: CommonOptions): Promise<ExitCode> {
  const settings = readSettings(options)
  await withClient(settings, { online: false }, async (client) => {
    const shown = await client.call('account.show', {})
    settings.output.result({ ...shown, profile: settings.profileDir }, accountText(shown, settings))
  })
  return exitCodes.ok
}

function accountText (account: CallResult<'account.show'>, settings: Settings): string {
  const relays = account.relays.length === 0 ? ['none'] : account.relays
  return [
    `name     ${printable(account.name)}`,
    `account  ${account.accountId}`,
    ...relays.map((relay, i) => `${i === 0 ? 'relays' : '      '}   ${printable(relay)}`),
    `profile  ${printable(settings.profileDir)}`,
    `         ${protectionWords(account.protected)}`
  ].join('\n')
}
