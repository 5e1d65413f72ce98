/**
 * `restante connections`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import type { CommonOptions } from '../program.ts'
import type { Client } from '../rpc/client.ts'
import { isBeingTried } from '../resolve.ts'
import type { CallResult } from '../rpc/methods.ts'
import { readSettings } from '../settings.ts'
import { contactWords } from '../words.ts'

type Connection = CallResult<'connection.list'>['connections'][number]
const pollMs = 100

export async function connections (options: CommonOptions & { timeout: number }): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  return await withClient(settings, { online: true, graceMs: 0 }, async (client) => {
    const listed = await settled(client, options.timeout * 1000)
    const { contacts } = await client.call('contact.list', {})
    const names = new Map(contacts.map((contact) => [contact.contactId, contactWords(contact)]))
    for (const connection of listed) {
      output.result(connection, describe(connection, names.get(connection.contactId ?? '')))
    }
    if (listed.length === 0) output.note('This profile has no relay and no contact to connect to.')
    const isAlone = listed.length > 0 && listed.every(({ state }) => state !== 'connected')
    return isAlone ? exitCodes.noNetwork : exitCodes.ok
  })
}

/** As soon as nothing is being tried any more, or after `waitMs`. */
async function settled (client: Client, waitMs: number): Promise<Connection[]> {
  const endAt = performance.now() + waitMs
  for (;;) {
    const { connections: listed } = await client.call('connection.list', {})
    if (!listed.some(isBeingTried) || performance.now() >= endAt) return listed
    await sleep(pollMs)
  }
}

function describe (connection: Connection, name: string | undefined): string {
  const { kind, peerId, state, direct, retryInMs, lastError } = connection
  const who = kind === 'relay' ? 'relay' : `${kind === 'contact' ? 'contact' : 'relay of'} ${name ?? '?'}`
  const how = state === 'connected' ? (direct ? ', direct' : ', through a relay') : ''
  const again = retryInMs === null ? '' : `, next try in ${Math.ceil(retryInMs / 1000)} s`
  return `${state}${how}  ${who}  ${peerId}${again}${lastError === null ? '' : `  (${lastError})`}`
}
