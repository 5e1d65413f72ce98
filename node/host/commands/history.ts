/**
 * `restante history`.
 */
import { withClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import type { CommonOptions } from '../program.ts'
import type { Client } from '../rpc/client.ts'
import { readSettings } from '../settings.ts'
import { contactNamed } from '../resolve.ts'
import { messageText } from '../message-text.ts'
import type { Message } from '../message-text.ts'
import { contactWords } from '../words.ts'

/** What one call may ask for (rpc/schemas.ts). */
const pageMax = 1000

export async function history (
  contact: string, options: CommonOptions & { limit: number, before?: string }
): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  await withClient(settings, { online: false }, async (client) => {
    const found = contactNamed(await client.call('contact.list', {}), contact)
    for (const message of await lastMessages(client, found.contactId, options)) {
      output.result(message, messageText(message, contactWords(found), Date.now()), { isForeign: true })
    }
  })
  return exitCodes.ok
}

async function lastMessages (
  client: Client, contactId: string, { limit, before }: { limit: number, before?: string }
): Promise<Message[]> {
  const pages: Message[][] = []
  let left = limit
  let edge = before
  while (left > 0) {
    const wanted = Math.min(left, pageMax)
    const { messages } = await client.call('message.list', {
      with: contactId, limit: wanted, ...edge === undefined ? {} : { before: edge }
    })
    pages.unshift(messages)
    edge = messages[0]?.messageId
    left -= wanted
    if (messages.length < wanted) break
  }
  return pages.flat()
}
