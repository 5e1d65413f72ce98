/** Everything that was said, as a file in clear that the person saves. No key is in it: it can't be opened as a profile. */
import type { MessageView } from '../../node/core/api.ts'
import { call } from './model.ts'

const pageSize = 500

async function exportEverything (): Promise<Blob> {
  const [account, contacts] = await Promise.all([call('account'), call('contacts')])
  const parts: string[] = [`{"format":"restante-history","version":1,"exportedAt":${Date.now()},` +
    `"account":${JSON.stringify(account)},"contacts":${JSON.stringify(contacts)},"conversations":{`]
  for (const [at, { contactId }] of contacts.entries()) {
    const messages = await allMessages(contactId)
    parts.push(`${at === 0 ? '' : ','}${JSON.stringify(contactId)}:${JSON.stringify(messages)}`)
  }
  return new Blob([...parts, '}}\n'], { type: 'application/json' })
}

async function allMessages (contactId: string): Promise<MessageView[]> {
  const pages: MessageView[][] = []
  for (;;) {
    const before = pages[0]?.[0]?.messageId
    const page = await call('messages', { with: contactId, limit: pageSize, ...(before !== undefined && { before }) })
    pages.unshift(page)
    if (page.length < pageSize) return pages.flat()
  }
}

export async function saveEverything (): Promise<void> {
  const address = URL.createObjectURL(await exportEverything())
  const link = document.createElement('a')
  link.href = address
  link.download = `restante-${new Date().toISOString().slice(0, 10)}.json`
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => { URL.revokeObjectURL(address) }, 60_000)
}
