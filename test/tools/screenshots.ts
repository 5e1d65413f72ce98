/**
 * `npm run screenshots`: pictures of the main screens (light, dark, on a telephone, from right to left), taken
 * of real people in real browsers who talk through a real relay. Those that documents show go to docs/pictures/,
 * the others to dist/pictures/.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import {
  addContact, composer, endBrowser, endEverybody, inviteOf, newContext, openConversation, openTab, prepare, reached, sees, webPerson, webRelay, write
} from '../browser/people.ts'
import { root } from '../house/files.ts'

const shown = new Set(['conversation', 'conversation-dark', 'conversation-phone', 'right-to-left'])
const folderOf = (name: string): string => shown.has(name) ? 'docs/pictures' : 'dist/pictures'
const desktop = { width: 1100, height: 720 }
const telephone = { width: 390, height: 800 }

async function picture (page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  await page.waitForTimeout(300)
  const path = `${folderOf(name)}/${name}.png`
  await page.screenshot({ path: join(root, path) })
  process.stdout.write(`${path}\n`)
}

await prepare()
for (const folder of ['docs/pictures', 'dist/pictures']) mkdirSync(join(root, folder), { recursive: true })
try {
  const relay = await webRelay()
  const welcome = await openTab(await newContext({ viewport: desktop, colorScheme: 'light' }), relay.web)
  await welcome.getByText('The relay that serves this page').waitFor()
  await picture(welcome, 'welcome')

  const mira = await webPerson('Mira', relay.web, { viewport: desktop, colorScheme: 'light' })
  const others = await Promise.all(['Jonas', 'Leyla', 'Tomás'].map(async name => await webPerson(name, relay.web)))
  for (const { name, page } of others) {
    await addContact(page, await inviteOf(mira.page))
    await write(page, { Jonas: 'See you on Sunday?', Leyla: 'I have sent you the recipe', Tomás: 'It is me, Tomás. Is this how it works?' }[name] ?? 'Hello')
    await mira.page.locator('.sidebar .entry', { hasText: name }).waitFor()
  }
  const [, , tomas] = others
  await openConversation(mira.page, 'Tomás')
  if (tomas === undefined) throw new Error('Tomás is missing')
  const talk: Array<[Page, string]> = [
    [mira.page, 'It is! And nobody stands between us.'],
    [tomas.page, 'Where are the messages kept, then?'],
    [mira.page, 'Nowhere, while we are **both here**. If you are away, a relay keeps them, sealed:\n\n- it can’t read them\n- it doesn’t know who you are'],
    [tomas.page, 'And if I close the tab?']
  ]
  for (const [page, text] of talk) {
    await write(page, text)
    await reached(page, text.slice(0, 12), ['delivered', 'read'])
  }
  await withMessage(mira.page, 'And if I close', 'Reply')
  await write(mira.page, 'Then they wait for you. Try it.')
  await reached(mira.page, 'Then they wait', ['delivered', 'read'])
  await withMessage(tomas.page, 'Nowhere, while', 'Details')
  await tomas.page.getByRole('button', { name: 'React with ❤️' }).click()
  await mira.page.locator('.reaction').waitFor()
  await tomas.page.close()
  await write(mira.page, 'Are you back?')
  await reached(mira.page, 'Are you back?', ['stored'])
  await picture(mira.page, 'conversation')
  await withMessage(mira.page, 'Are you back?', 'Details')
  await mira.page.locator('.facts').getByText('Written').waitFor()
  await picture(mira.page, 'message-details')
  await mira.page.keyboard.press('Escape')
  await composer(mira.page).focus()

  await mira.page.emulateMedia({ colorScheme: 'dark' })
  await picture(mira.page, 'conversation-dark')
  await mira.page.emulateMedia({ colorScheme: 'light' })
  await mira.page.setViewportSize(telephone)
  await picture(mira.page, 'conversation-phone')
  await mira.page.getByRole('button', { name: 'Back' }).click()
  await picture(mira.page, 'conversations-phone')
  await mira.page.setViewportSize(desktop)
  await inviteOf(mira.page)
  await picture(mira.page, 'invite')
  await openConversation(mira.page, 'Leyla')
  await sees(mira.page, 'theirs', 'I have sent you the recipe')
  await composer(mira.page).fill('Thank you')
  await mira.page.getByRole('button', { name: 'About Leyla' }).click()
  await mira.page.locator('.safety-number').waitFor()
  await picture(mira.page, 'contact')
  await mira.page.getByRole('button', { name: 'Settings' }).click()
  await picture(mira.page, 'settings')
  await mira.page.getByLabel('Language').selectOption('ar')
  await openArabic(mira.page)
  await picture(mira.page, 'right-to-left')
} finally {
  await endEverybody()
  await endBrowser()
}

async function withMessage (page: Page, text: string, action: string): Promise<void> {
  const message = page.locator('.message', { hasText: text }).last()
  await message.hover()
  await message.getByRole('button', { name: action }).click()
}

async function openArabic (page: Page): Promise<void> {
  await page.locator('.sidebar .entry', { hasText: 'Tomás' }).click()
  await page.getByRole('textbox', { name: /رسالة إلى/ }).waitFor()
}
