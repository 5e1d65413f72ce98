/**
 * People in real browsers: the built messenger, served by a real relay in a process of its own. What a
 * person can see and press is what these helpers see and press.
 */
import assert from 'node:assert/strict'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { startRelay } from '../support/relay.ts'
import type { RelayProcess } from '../support/relay.ts'
import { buildWeb } from '../support/web-build.ts'

/** Generous: the machine may be busy with anything. */
const waitMsMax = 45_000

let browser: Promise<Browser> | undefined
const contexts = new Set<BrowserContext>()
const relays = new Set<RelayProcess>()

/** For a `before` hook: what is tested is what the source says now. */
export async function prepare (): Promise<void> {
  await buildWeb()
  browser ??= launchChromium()
  await browser
}

/** For an `afterEach` hook. */
export async function endEverybody (): Promise<void> {
  await Promise.all([...contexts].map(async context => { await context.close() }))
  await Promise.all([...relays].map(async relay => { await relay.kill() }))
  contexts.clear()
  relays.clear()
}

/** For an `after` hook. */
export async function endBrowser (): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}

export interface WebRelay extends RelayProcess { readonly web: string }

export async function webRelay (options: { data?: string, listen?: string[], web?: string } = {}): Promise<WebRelay> {
  const { data, web = '127.0.0.1:0' } = options
  const relay = await startRelay({
    ...(data !== undefined && { data }),
    listen: options.listen ?? ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/udp/0/webrtc-direct'],
    args: ['--web', web]
  })
  relays.add(relay)
  const ready = JSON.parse(relay.stdout.slice(0, relay.stdout.indexOf('\n'))) as { web: string }
  return Object.assign(relay, { web: ready.web })
}

/** The same relay in a new process: same folder, same ports, same page. */
export async function restartedRelay (relay: WebRelay): Promise<WebRelay> {
  const listen = relay.addresses.map(address => address.replace(/(\/certhash\/[^/]+)*\/p2p\/[^/]+$/, ''))
  return await webRelay({ data: relay.dataDir, listen, web: new URL(relay.web).host })
}

export interface ContextOptions { locale?: string, viewport?: { width: number, height: number }, colorScheme?: 'light' | 'dark' }

/** A browser profile of its own. */
export async function newContext (options: ContextOptions = {}): Promise<BrowserContext> {
  assert.ok(browser !== undefined, 'prepare() comes first')
  const context = await (await browser).newContext({ locale: 'en', ...options })
  context.setDefaultTimeout(waitMsMax)
  contexts.add(context)
  return context
}

/** What the page's own code threw, or its policy refused, is a failure of the test that sees it. */
const troubles: string[] = []

export async function openTab (context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', error => { troubles.push(error.stack ?? error.message) })
  page.on('console', message => {
    if (message.type() === 'error' && !/WebSocket connection|ERR_|Failed to load resource/.test(message.text())) troubles.push(message.text())
  })
  await page.goto(url)
  return page
}

/** `expected`: what the test has brought about itself. */
export function assertNoTrouble (expected?: RegExp): void {
  assert.deepEqual(troubles.splice(0).filter(words => expected?.test(words) !== true), [])
}

export interface WebPerson { name: string, context: BrowserContext, page: Page }

/** Opens the page and makes an account with the relay that serves it. */
export async function webPerson (name: string, url: string, options: ContextOptions & { passphrase?: string } = {}): Promise<WebPerson> {
  const context = await newContext(options)
  const page = await openTab(context, url)
  await makeAccount(page, name, options.passphrase)
  return { name, context, page }
}

export async function makeAccount (page: Page, name: string, passphrase?: string): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  if (passphrase !== undefined) {
    await page.getByLabel('Protect it with a passphrase').check()
    await page.getByLabel(/^Passphrase/).fill(passphrase)
  }
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.locator('.sidebar .brand', { hasText: name }).waitFor()
}

/** The text of a new invite. */
export async function inviteOf (page: Page): Promise<string> {
  // Another one than that which may still be shown.
  await page.getByRole('button', { name: 'Settings' }).first().click()
  await page.getByRole('button', { name: 'Add a contact' }).first().click()
  await page.getByRole('button', { name: 'Make an invite' }).click()
  const invite = await page.getByRole('textbox', { name: 'Your invite' }).textContent() ?? ''
  assert.ok(invite.startsWith('restante:'), `an invite: ${invite}`)
  return invite
}

export async function addContact (page: Page, invite: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a contact' }).first().click()
  await page.getByLabel('Invite that you got').fill(invite)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await composer(page).waitFor()
}

export const composer = (page: Page) => page.getByRole('textbox', { name: /^Message to/ })
export const bubbles = (page: Page, side: 'own' | 'theirs') => page.locator(`.message.${side} .body`)

export async function write (page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

export async function openConversation (page: Page, name: string): Promise<void> {
  await page.locator('.sidebar .entry', { hasText: name }).click()
  await composer(page).waitFor()
}

/** Waits until this text is there, said by that side. */
export async function sees (page: Page, side: 'own' | 'theirs', text: string): Promise<void> {
  await bubbles(page, side).getByText(text, { exact: true }).first().waitFor()
}

/** Waits until the own message with this text is in one of these states. */
export async function reached (page: Page, text: string, states: string[]): Promise<void> {
  const own = page.locator('.message.own', { hasText: text }).last()
  await own.locator(states.map(state => `.ticks-${state}`).join(', ')).waitFor()
}

/** Two browsers that know each other, with the conversation open in both. */
export async function twoFriends (relay: WebRelay): Promise<[WebPerson, WebPerson]> {
  const [alice, bob] = await Promise.all([webPerson('Alice', relay.web), webPerson('Bob', relay.web)])
  await addContact(alice.page, await inviteOf(bob.page))
  await write(alice.page, 'first')
  await openConversation(bob.page, 'Alice')
  await sees(bob.page, 'theirs', 'first')
  await reached(alice.page, 'first', ['delivered', 'read'])
  return [alice, bob]
}
