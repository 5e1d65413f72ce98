/**
 * `restante init` and `restante account`.
 */
import { UsageError } from '../../../protocol/errors.ts'
import { parsePeerAddress } from '../../../protocol/peer-address.ts'
import { connectClient, withClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { printable } from '../printable.ts'
import type { CommonOptions } from '../program.ts'
import type { Client } from '../rpc/client.ts'
import type { CallResult } from '../rpc/methods.ts'
import { readSettings } from '../settings.ts'
import type { Settings } from '../settings.ts'
import { protectionWords } from '../words.ts'

/** Creating needs no network: the mailboxes are made when the account first goes online. */
export async function init (options: CommonOptions & { name: string, relay?: string[] }): Promise<ExitCode> {
  const settings = readSettings(options)
  // Before anything is made: a profile without an account would be left, protected or not.
  for (const relay of options.relay ?? []) parsePeerAddress(relay)
  if (options.name.trim() === '') throw new UsageError('USAGE', 'The name is empty.')
  // Opening a protected profile takes it out of the environment.
  const isGiven = settings.passphraseFile !== undefined || (process.env['RESTANTE_PASSPHRASE'] ?? '') !== ''
  const client = await connectClient(settings, { online: false, create: true })
  try {
    // The account would lie there in clear, against the wish of who gave the passphrase.
    if (isGiven && !client.isDaemon && !(await client.call('contact.list', {})).protected) {
      throw new UsageError('USAGE',
        'A passphrase was given, and this profile was made without one: choose another folder.')
    }
    if (!settings.direct) await keepIndirect(client, settings)
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

/** A profile may be there without an account, made by a command that went straight. */
async function keepIndirect (client: Client, { profileDir }: Settings): Promise<void> {
  const { forbidDirect, readConfig } = await import('../profile.ts')
  if (readConfig(profileDir)?.direct !== true) return
  if (client.isDaemon) {
    throw new UsageError('USAGE', 'The daemon that has this profile open was started without --no-direct: end it first.')
  }
  forbidDirect(profileDir)
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
