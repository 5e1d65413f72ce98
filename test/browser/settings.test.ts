/** What the settings offer: notifications, everything as a file, licences, relays and what they see, straight connections, who is blocked. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { encodeQR } from 'qr'
import { launchChromium } from '../support/chromium.ts'
import {
  assertNoTrouble, bubbles, composer, endBrowser, endEverybody, inviteOf, makeAccount, newContext, openConversation, openTab, prepare,
  reached, sees, twoFriends, webPerson, webRelay, write
} from './people.ts'
import type { WebPerson, WebRelay } from './people.ts'

interface Shown { title: string, body: string, tag: string }

/** Those that the system shows now, the oldest first. */
const shownIn = async (page: Page): Promise<Shown[]> => await page.evaluate(`(async () => {
  const registration = await navigator.serviceWorker.ready
  return (await registration.getNotifications()).sort((a, b) => a.timestamp - b.timestamp).map(({ title, body, tag }) => ({ title, body, tag }))
})()`)

/** In the service worker. It stands for the system's click: one of a script may not prolong itself, nor bring a window to the front. */
const clickLast = `(async () => {
  const notification = (await registration.getNotifications()).sort((a, b) => a.timestamp - b.timestamp).at(-1)
  const event = new NotificationEvent('notificationclick', { notification })
  event.waitUntil = done => { done.catch(() => {}) }
  dispatchEvent(event)
})()`

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
      alice.page.waitForEvent('download'), alice.page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
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
    await page.reload()
    await page.evaluate('navigator.serviceWorker.ready.then(() => {})')
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel('When something arrives while you are not looking').waitFor()

    const leave = await lookAway(alice)
    await write(bob.page, 'not wanted yet')
    await page.locator('.count').waitFor()
    assert.deepEqual(await shownIn(page), [])

    await page.getByLabel('When something arrives while you are not looking').selectOption('That something came')
    await untilWanted(page, 'plain')
    await write(bob.page, 'a secret')
    await untilShown(page, 1)
    assert.deepEqual(await shownIn(page), [{ title: 'Restante', body: 'A new message', tag: 'restante' }])

    await page.getByLabel('When something arrives while you are not looking').selectOption('With name and text')
    await untilWanted(page, 'text')
    await write(bob.page, 'in plain sight')
    await untilShown(page, 2)
    const last = (await shownIn(page)).at(-1)
    assert.deepEqual([last?.title, last?.body], ['Bob', 'in plain sight'])
    const [worker] = context.serviceWorkers()
    await worker!.evaluate(clickLast)
    await composer(page).waitFor()
    await sees(page, 'theirs', 'in plain sight')
    assert.equal((await shownIn(page)).length, 1, 'what was clicked is gone')

    await leave()
    await write(bob.page, 'seen anyway')
    await sees(page, 'theirs', 'seen anyway')
    assert.equal((await shownIn(page)).length, 1)
    assert.ok((await bubbles(page, 'theirs').allTextContents()).includes('not wanted yet'))
  })

  it('say that something came when a push wakes the page that nobody has open, and nothing while somebody looks', async () => {
    const { context } = alice
    const push = async (): Promise<void> => {
      const session = await context.newCDPSession(alice.page)
      const origin = new URL(relay.web).origin
      const registrationId = await new Promise<string>((resolve, reject) => {
        session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [one] }) => { if (one !== undefined) resolve(one.registrationId) })
        session.send('ServiceWorker.enable').catch(reject)
      })
      await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: 'whoever sends this may say anything' })
      await session.detach()
    }
    const before = await shownIn(alice.page)
    await push()
    await alice.page.waitForTimeout(500)
    assert.deepEqual(await shownIn(alice.page), before)
    // A page of another host in front of it.
    await alice.page.goto('about:blank')
    await push()
    await alice.page.goto(relay.web)
    await untilShown(alice.page, 1)
    assert.deepEqual(await shownIn(alice.page), [{ title: 'Restante', body: 'A new message', tag: 'restante' }])
  })

  it('ask the STUN server that a person chose, and none before', async () => {
    const stun = await stunServer()
    try {
      const { page } = alice
      await page.getByRole('button', { name: 'Settings' }).click()
      const straight = page.getByRole('switch', { name: /^Straight connections/ })
      const field = page.getByLabel('STUN server for straight connections')
      assert.equal(await field.count(), 0, 'not where there are no straight connections')
      await straight.click()
      const save = page.locator('.card', { has: field }).getByRole('button', { name: 'Save' })
      for (const none of ['https://no.stun', 'stun:127.0.0.1:99999']) {
        await field.fill(none)
        await save.click()
        const refusal = page.getByText('A STUN server is stun:host')
        await refusal.waitFor()
        await refusal.waitFor({ state: 'detached' })
      }
      assert.equal(stun.requests(), 0)
      await field.fill(`stun:127.0.0.1:${stun.port}`)
      await save.click()
      await page.getByText('Saved', { exact: true }).waitFor()
      await openConversation(page, 'Bob')
      // Nobody is dialled whom nothing is said to.
      await write(page, 'found from outside')
      for (let i = 0; i < 400 && stun.requests() === 0; i++) await page.waitForTimeout(50)
      assert.ok(stun.requests() > 0)
      await page.reload()
      await page.getByRole('button', { name: 'Settings' }).click()
      assert.equal(await field.inputValue(), `stun:127.0.0.1:${stun.port}`)
    } finally {
      await stun.close()
    }
  })
})

/** Answers nothing: who asks at all is what counts. RFC 8489: a binding request begins with 0x0001, the magic cookie is at 4. */
async function stunServer (): Promise<{ port: number, requests: () => number, close: () => Promise<void> }> {
  const socket = createSocket('udp4')
  let requests = 0
  socket.on('message', message => { if (message.readUInt16BE(0) === 1 && message.readUInt32BE(4) === 0x2112A442) requests++ })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    requests: () => requests,
    close: async () => { await new Promise<void>(resolve => { socket.close(() => { resolve() }) }) }
  }
}

describe('a QR code', function () {
  this.timeout(180_000)
  before(prepare)
  afterEach(async () => {
    assertNoTrouble()
    await endEverybody()
  })
  after(endBrowser)

  it('is read from a picture, also where the browser brings nothing for it', async () => {
    const relay = await webRelay()
    const alice = await webPerson('Alice', relay.web)
    const invite = await inviteOf(alice.page)
    const buffer = await alice.page.locator('.qr').screenshot()
    const context = await newContext()
    // Where this browser has one, it is taken away.
    await context.addInitScript('delete globalThis.BarcodeDetector')
    const page = await openTab(context, relay.web)
    await makeAccount(page, 'Bob')
    await page.getByRole('button', { name: 'Add a contact' }).first().click()
    const picture = page.locator('input[type="file"]')
    const nothing = await page.locator('h1').first().screenshot()
    await picture.setInputFiles({ name: 'nothing.png', mimeType: 'image/png', buffer: nothing })
    await page.getByText('There is no QR code to be seen in it.').waitFor()
    await picture.setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })
    await untilFilled(page, invite)
  })

  it('is read by what the browser brings, where it does', async () => {
    const relay = await webRelay()
    const context = await newContext()
    await context.addInitScript(`globalThis.BarcodeDetector = class {
      static async getSupportedFormats () { return ['qr_code'] }
      async detect (bitmap) { return [{ rawValue: \`seen of \${bitmap.width} pixels\` }] }
    }`)
    const page = await openTab(context, relay.web)
    await makeAccount(page, 'Bob')
    await page.getByRole('button', { name: 'Add a contact' }).first().click()
    const buffer = await page.screenshot()
    await page.locator('input[type="file"]').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })
    await untilFilled(page, `seen of ${page.viewportSize()!.width} pixels`)
  })

  it('is read by the camera, which is off afterwards', async () => {
    const relay = await webRelay()
    const alice = await webPerson('Alice', relay.web)
    const invite = await inviteOf(alice.page)
    const folder = await mkdtemp(join(tmpdir(), 'restante-camera-'))
    try {
      const film = join(folder, 'code.y4m')
      await writeFile(film, filmOf(invite))
      const camera = await launchChromium(['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`])
      try {
        const page = await (await camera.newContext({ locale: 'en' })).newPage()
        await page.addInitScript(`{
          const { mediaDevices } = navigator
          const ask = mediaDevices.getUserMedia.bind(mediaDevices)
          mediaDevices.getUserMedia = async wanted => globalThis.stream = await ask(wanted)
        }`)
        await page.goto(relay.web)
        await makeAccount(page, 'Bob')
        await page.getByRole('button', { name: 'Add a contact' }).first().click()
        await page.getByRole('button', { name: 'Scan a QR code' }).click()
        await untilFilled(page, invite)
        assert.equal(await page.getByRole('dialog').count(), 0)
        assert.deepEqual(await page.evaluate('stream.getTracks().map(({ readyState }) => readyState)'), ['ended'])
        await page.getByRole('button', { name: 'Add', exact: true }).click()
        await composer(page).waitFor()
      } finally {
        await camera.close()
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

async function untilFilled (page: Page, text: string): Promise<void> {
  const field = page.getByLabel('Invite that you got')
  for (let i = 0; i < 400 && await field.inputValue() !== text; i++) await page.waitForTimeout(50)
  assert.equal(await field.inputValue(), text)
}

/** What a camera would see of a code on a screen: one picture in YUV4MPEG2, four pixels for each module, some light around. */
function filmOf (text: string): Uint8Array {
  const [width, height] = [640, 480]
  const code = encodeQR(text, 'raw', { ecc: 'low', border: 4 })
  const scale = Math.floor(Math.min(width, height) / code.length)
  const [left, top] = [Math.floor((width - code.length * scale) / 2), Math.floor((height - code.length * scale) / 2)]
  const luma = new Uint8Array(width * height).fill(180)
  for (const [y, row] of code.entries()) {
    for (const [x, isDark] of row.entries()) {
      for (let line = 0; line < scale; line++) {
        const at = (top + y * scale + line) * width + left + x * scale
        luma.fill(isDark ? 30 : 220, at, at + scale)
      }
    }
  }
  const chroma = new Uint8Array(width * height / 2).fill(128)
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`), luma, chroma])
}

/** As if another window was in front. Returns the way back. */
async function lookAway ({ page }: WebPerson): Promise<() => Promise<void>> {
  await page.evaluate('Object.defineProperty(document, "hasFocus", { value: () => false, configurable: true }); dispatchEvent(new Event("blur"))')
  return async () => { await page.evaluate('delete document.hasFocus; dispatchEvent(new Event("focus"))') }
}

async function untilShown (page: Page, count: number): Promise<void> {
  for (let i = 0; i < 400 && (await shownIn(page)).length < count; i++) await page.waitForTimeout(50)
  assert.equal((await shownIn(page)).length, count)
}

/** The browser is asked first, and what comes before its answer is shown as before. */
async function untilWanted (page: Page, kind: string): Promise<void> {
  const wanted = async (): Promise<unknown> => await page.evaluate('localStorage.getItem("restante-notices")')
  for (let i = 0; i < 400 && await wanted() !== kind; i++) await page.waitForTimeout(10)
  assert.equal(await wanted(), kind)
}
