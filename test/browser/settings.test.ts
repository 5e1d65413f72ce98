/** What the settings offer: notifications, everything as a file, licences, relays and what they see, straight connections, who is blocked. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import {
  assertNoTrouble, bubbles, composer, endBrowser, endEverybody, inviteOf, makeAccount, newContext, openConversation, openTab, prepare,
  reached, sees, twoFriends, webPerson, webRelay, write
} from './people.ts'
import type { WebPerson, WebRelay } from './people.ts'

interface Shown { title: string, body: string, tag: string }

/** Real notifications; what was asked of the browser can be seen besides. */
const watchNotifications = `{
  globalThis.shown = []
  globalThis.Notification = class extends Notification {
    constructor (...all) { super(...all); shown.push(this) }
  }
}`

const shownIn = async (page: Page): Promise<Shown[]> => await page.evaluate('shown.map(({ title, body, tag }) => ({ title, body, tag }))')

describe('the settings', function () {
  this.timeout(180_000)
  let relay: WebRelay
  let alice: WebPerson
  let bob: WebPerson

  before(async () => {
    await prepare()
    relay = await webRelay();
    [alice, bob] = await twoFriends(relay)
  })
  afterEach(() => { assertNoTrouble() })
  after(async () => {
    await endEverybody()
    await endBrowser()
  })

  it('save all that was said as a file, after a warning', async () => {
    await write(alice.page, 'for the file')
    await reached(alice.page, 'for the file', ['delivered', 'read'])
    await alice.page.getByRole('button', { name: 'Settings' }).click()
    await alice.page.getByRole('button', { name: 'Save everything as a file' }).click()
    await alice.page.getByText('whoever has the file can read it').waitFor()
    const [download] = await Promise.all([
      alice.page.waitForEvent('download'), alice.page.getByRole('button', { name: 'Save', exact: true }).click()
    ])
    assert.match(download.suggestedFilename(), /^restante-\d{4}-\d\d-\d\d\.json$/)
    const saved = JSON.parse(await readFile(await download.path(), 'utf8')) as {
      format: string, account: { name: string }, contacts: Array<{ contactId: string, name: string }>, conversations: Record<string, Array<{ text: string, own: boolean }>>
    }
    assert.equal(saved.format, 'restante-history')
    assert.equal(saved.account.name, 'Alice')
    const [contact] = saved.contacts
    assert.equal(contact?.name, 'Bob')
    assert.deepEqual(saved.conversations[contact.contactId]?.map(({ text, own }) => [text, own]), [['first', true], ['for the file', true]])
  })

  it('show who is blocked, and take messages of them again', async () => {
    await openConversation(alice.page, 'Bob')
    await alice.page.getByRole('button', { name: 'About Bob' }).click()
    await alice.page.getByRole('button', { name: 'Block', exact: true }).click()
    await alice.page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
    await alice.page.getByRole('button', { name: 'Settings' }).click()
    const entry = alice.page.locator('.page-body .entry', { hasText: 'Bob' })
    await entry.click()
    await alice.page.getByRole('button', { name: 'Take messages again' }).click()
    await composer(alice.page).waitFor()
    await write(alice.page, 'unblocked')
    await sees(bob.page, 'theirs', 'unblocked')
  })

  it('show each relay, how it is, and what it can see, and turn straight connections off', async () => {
    await alice.page.getByRole('button', { name: 'Settings' }).click()
    const relays = alice.page.locator('.relays li')
    await relays.locator('.lamp-connected').waitFor()
    assert.match(await relays.innerText(), new RegExp(relay.peerId))
    await alice.page.getByText('What a relay can see').click()
    await alice.page.getByText('Your IP address and when you are connected').waitFor()
    await alice.page.getByRole('switch', { name: /^Straight connections/ }).click()
    // At once: while it begins anew, what is asked waits for it.
    await openConversation(alice.page, 'Bob')
    await write(alice.page, 'by relay only')
    await sees(alice.page, 'own', 'by relay only')
    await sees(bob.page, 'theirs', 'by relay only')
    await reached(alice.page, 'by relay only', ['delivered', 'read'])
    const own = alice.page.locator('.message.own', { hasText: 'by relay only' })
    await own.hover()
    await own.getByRole('button', { name: 'Details' }).click()
    assert.doesNotMatch(await alice.page.locator('.facts').innerText(), /straight/)
    await alice.page.keyboard.press('Escape')
  })

  it('lead to the licences of what the page is made of', async () => {
    await alice.page.getByRole('button', { name: 'Settings' }).click()
    const [licences] = await Promise.all([alice.context.waitForEvent('page'), alice.page.getByRole('link', { name: 'Licences of what is in it' }).click()])
    await licences.getByText('Apache License').first().waitFor()
    await licences.close()
  })

  it('tell of a message that nobody looks at once that is wanted, its text only if that is wanted too, and a click opens it', async () => {
    const { page, context } = alice
    await context.grantPermissions(['notifications'], { origin: new URL(relay.web).origin })
    await page.addInitScript(watchNotifications)
    await page.reload()
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel('When something arrives while you are not looking').waitFor()

    const leave = await lookAway(alice)
    await write(bob.page, 'not wanted yet')
    await page.locator('.count').waitFor()
    assert.deepEqual(await shownIn(page), [])

    await page.getByLabel('When something arrives while you are not looking').selectOption('That something came')
    await write(bob.page, 'a secret')
    await untilShown(page, 1)
    assert.deepEqual(await shownIn(page), [{ title: 'Restante', body: 'A new message', tag: 'restante' }])

    await page.getByLabel('When something arrives while you are not looking').selectOption('With name and text')
    await write(bob.page, 'in plain sight')
    await untilShown(page, 2)
    const last = (await shownIn(page)).at(-1)
    assert.deepEqual([last?.title, last?.body], ['Bob', 'in plain sight'])
    await page.evaluate('shown.at(-1).dispatchEvent(new Event("click"))')
    await composer(page).waitFor()
    await sees(page, 'theirs', 'in plain sight')

    await leave()
    await write(bob.page, 'seen anyway')
    await sees(page, 'theirs', 'seen anyway')
    assert.equal((await shownIn(page)).length, 2)
    assert.ok((await bubbles(page, 'theirs').allTextContents()).includes('not wanted yet'))
  })
})

/** Stands for the decoder that this Chromium may lack: what it is given is decoded, pixel by pixel, elsewhere. */
const decoder = `
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats () { return ['qr_code'] }
    async detect (bitmap) {
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
      const context = canvas.getContext('2d')
      context.drawImage(bitmap, 0, 0)
      const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height)
      const rawValue = await decodeQr([...data], width, height)
      return rawValue === '' ? [] : [{ rawValue }]
    }
  }`

describe('a QR code', function () {
  this.timeout(180_000)
  before(prepare)
  afterEach(endEverybody)
  after(endBrowser)

  it('is read from a picture where the browser can, and where it can\'t, the page says what to do', async () => {
    const relay = await webRelay()
    const alice = await webPerson('Alice', relay.web)
    const invite = await inviteOf(alice.page)
    const buffer = await alice.page.locator('.qr').screenshot()
    const context = await newContext()
    const plain = await openTab(context, relay.web)
    await makeAccount(plain, 'Bob')
    await plain.getByRole('button', { name: 'Add a contact' }).first().click()
    if (await plain.evaluate('!("BarcodeDetector" in globalThis)')) await plain.getByText('This browser can’t read QR codes').waitFor()

    await plain.close()
    await context.exposeFunction('decodeQr', (data: number[], width: number, height: number) => {
      try {
        return decodeQR({ data: Uint8Array.from(data), width, height })
      } catch {
        return ''
      }
    })
    await context.addInitScript(decoder)
    const page = await openTab(context, relay.web)
    await page.getByRole('button', { name: 'Add a contact' }).first().click()
    const picture = page.locator('input[type="file"]')
    const nothing = await page.locator('h1').first().screenshot()
    await picture.setInputFiles({ name: 'nothing.png', mimeType: 'image/png', buffer: nothing })
    await page.getByText('There is no QR code to be seen in it.').waitFor()
    await picture.setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })
    const field = page.getByLabel('Invite that you got')
    for (let i = 0; i < 200 && await field.inputValue() !== invite; i++) await page.waitForTimeout(50)
    assert.equal(await field.inputValue(), invite)
    assertNoTrouble()
  })
})

/** As if another window was in front. Returns the way back. */
async function lookAway ({ page }: WebPerson): Promise<() => Promise<void>> {
  await page.evaluate('Object.defineProperty(document, "hasFocus", { value: () => false, configurable: true }); dispatchEvent(new Event("blur"))')
  return async () => { await page.evaluate('delete document.hasFocus; dispatchEvent(new Event("focus"))') }
}

async function untilShown (page: Page, count: number): Promise<void> {
  for (let i = 0; i < 400 && (await shownIn(page)).length < count; i++) await page.waitForTimeout(50)
  assert.equal((await shownIn(page)).length, count)
}
