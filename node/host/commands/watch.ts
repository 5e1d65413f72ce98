/**
 * `restante watch`: prints what happens until stopped. What came while it did not run is told too,
 * as soon as the relays hand it over.
 */
import { RestanteError } from '../../../protocol/errors.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import { connectClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { messageText } from '../message-text.ts'
import { printable, printableText } from '../printable.ts'
import type { CommonOptions } from '../program.ts'
import type { RpcNotification } from '../rpc/methods.ts'
import { readSettings } from '../settings.ts'
import { listenForStop } from '../stop.ts'
import {
  contactWords, deliveryWords, doubtWords, foreignManifestWords, identityWords, resetWords, timeWords
} from '../words.ts'

export async function watch (options: CommonOptions): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  const stop = listenForStop()
  const client = await connectClient(settings, { online: true })
  let failure: RestanteError | undefined
  const names = new Map<string, string>()
  try {
    const broken = new Promise<void>((resolve) => {
      client.listen((notification) => {
        const { method, params } = notification
        if (method === 'contact.state') names.set(params.contactId, contactWords(params))
        output.result({ event: method, ...params }, describe(notification, (id) => names.get(id) ?? id), { isForeign: true })
        if (method !== 'failed') return
        failure = new RestanteError(params.code as ErrorCode, params.message)
        resolve()
      })
    })
    for (const contact of (await client.call('contact.list', {})).contacts) {
      names.set(contact.contactId, contactWords(contact))
    }
    if (output.json) output.result({ event: 'ready' })
    output.note('Watching; Ctrl-C ends it.')
    await Promise.race([stop.asked, broken, client.lost.then((error) => { failure = error })])
    if (failure !== undefined) throw failure
    return exitCodes.ok
  } finally {
    await client.close()
    stop.release()
  }
}

function describe ({ method, params }: RpcNotification, nameOf: (contactId: string) => string): string {
  switch (method) {
    case 'message.received':
      return `${timeWords(params.sentAt, Date.now())} ${nameOf(params.from)}${doubtWords(params)}: ${printableText(params.text)}`
    case 'message.changed':
      return `  ${nameOf(params.with)}, changed: ${messageText(params, nameOf(params.with), Date.now())}`
    case 'message.removed':
      return `  a message with ${nameOf(params.with)} was deleted here (${params.messageId.slice(0, 8)})`
    case 'message.state':
      return `  to ${nameOf(params.to)}: ${deliveryWords(params)} (${params.messageId.slice(0, 8)})`
    case 'contact.state':
      return `  ${contactWords(params)} is ${params.state}`
    case 'contact.typing':
      return `  ${nameOf(params.contactId)} ${params.active ? 'is writing' : 'has stopped writing'}`
    case 'contact.identity':
      return `  ${identityWords(params)}`
    case 'session.reset':
      return `  ${resetWords(params)}`
    case 'account.foreignManifest':
      return `  ! ${foreignManifestWords}`
    case 'connection.state': {
      const { kind, contactId, peerId, state, lastError } = params
      const who = contactId === null ? peerId : nameOf(contactId)
      return `  ${kind} ${who}: ${state}${lastError === null ? '' : ` (${lastError})`}`
    }
    case 'failed':
      return `  ! ${printable(params.message)} (${params.code})`
  }
}
