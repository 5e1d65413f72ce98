/**
 * `restante invite`, `add`, `contacts`, `accept`, `block` and `remove`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { counted } from '../output.ts'
import { printable } from '../printable.ts'
import type { CommonOptions } from '../program.ts'
import type { Client } from '../rpc/client.ts'
import { contactMet } from '../resolve.ts'
import { readSettings } from '../settings.ts'
import { readStandardInput } from '../standard-input.ts'
import { contactWords, protectionWords, timeWords, trustWords } from '../words.ts'

/** For what a relay has to be told or asked: the bundle of an invite, a receipt. */
const graceMs = 3000
const linkBytesMax = 16_384
const nameMsMax = 5000
const namePollMs = 50

export async function invite (
  options: CommonOptions & { reusable?: true, expires?: number }
): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  await withClient(settings, { online: true, graceMs }, async (client) => {
    const created = await client.call('invite.create', {
      reusable: options.reusable === true,
      ...options.expires === undefined ? {} : { expiresInSeconds: options.expires }
    })
    output.result(created, created.invite)
    output.note(options.reusable === true
      ? 'Whoever has this link can add you.'
      : 'Whoever has this link first can add you; it works once.')
    if (created.handedOutBy === 'device') {
      output.note('This profile has no relay: the link works only while it is online itself (restante daemon).')
    } else if (!created.published) {
      output.note('No relay has it yet: it works as soon as this profile reaches one, or is online itself.')
    }
    const { showScanCode } = await import('../scan-code.ts')
    // Last: what came after it would push it off the screen.
    showScanCode(output, created.invite)
  })
  return exitCodes.ok
}

export async function add (link: string, options: CommonOptions & { name?: string }): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  const isPiped = link === '-'
  const text = isPiped ? (await readStandardInput(linkBytesMax)).trim() : link
  await withClient(settings, { online: true, graceMs, mayPrompt: !isPiped }, async (client) => {
    const { contactId } = await client.call('contact.add', {
      invite: text,
      ...options.name === undefined ? {} : { name: options.name }
    })
    const name = options.name ?? await nameOf(client, contactId)
    output.result({ contactId, name }, contactId)
    output.note(name === undefined
      ? 'Added. Its name and keys are fetched as soon as one of its relays is reached.'
      : `Added: ${printable(name)}`)
  })
  return exitCodes.ok
}

/** The name comes with the keys; a little patience saves the next command from not knowing it. */
async function nameOf (client: Client, contactId: string): Promise<string | undefined> {
  const endAt = performance.now() + nameMsMax
  for (;;) {
    const { contacts: listed } = await client.call('contact.list', {})
    const name = listed.find((contact) => contact.contactId === contactId)?.name
    if (name !== undefined && name !== '') return name
    if (performance.now() >= endAt) return undefined
    await sleep(namePollMs)
  }
}

export async function contacts (options: CommonOptions): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  await withClient(settings, { online: false }, async (client) => {
    const listed = await client.call('contact.list', {})
    for (const contact of listed.contacts) {
      const { state, unread, lastMessageAt, contactId } = contact
      const last = lastMessageAt === null ? '' : `, last ${timeWords(lastMessageAt, Date.now())}`
      const news = unread === 0 ? '' : `, ${unread} unread`
      output.result({ ...contact, protected: listed.protected },
        `${output.style('bold', contactWords(contact))} (${state}${trustWords(contact)}${news}${last})\n  ${contactId}`)
    }
    const count = counted(listed.contacts.length, 'contact')
    output.note(`${count}. This profile is ${protectionWords(listed.protected)}.`)
  })
  return exitCodes.ok
}

const done = { accept: 'accepted', block: 'blocked', remove: 'removed' } as const

export async function decide (
  decision: keyof typeof done, contact: string, options: CommonOptions
): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  await withClient(settings, { online: true, graceMs }, async (client) => {
    const { contactId } = await contactMet(client, contact)
    await client.call(`contact.${decision}`, { contactId })
    output.result({ contact, done: done[decision] }, `${printable(contact)}: ${done[decision]}`)
  })
  return exitCodes.ok
}
